import { asWalletError, call, type NewShare, type ShareDraft, type ShareView, type WalletError } from '../backend';
import * as m from '../paraglide/messages';
import { announcer } from './announcer.svelte';
import { navigation } from './navigation.svelte';
import { showing } from './showing.svelte';

/** A share without badges and words. */
const blank = (): NewShare => ({ badges: [], title: '', words: '', ends: 'month', passcode: null, label: '', witness: false, host: null });

/** What is being shared: the choices, what the other will see, and the links that there are. */
class Sharing {
  choice = $state<NewShare>(blank());
  /** The link whose content is being changed; a new one without. */
  editing = $state<string | undefined>();
  /** The prepared share that is gone on with. */
  resumed = $state<string | undefined>();
  draft = $state.raw<ShareDraft | undefined>();
  links = $state.raw<ShareView[] | undefined>();
  error = $state.raw<WalletError | undefined>();
  busy = $state(false);
  /** Open links of a badge that was just removed. */
  closing = $state.raw<ShareView[]>([]);
  #turn = 0;

  /** Begins a portfolio with these badges. */
  begin(ids: string[]): void {
    this.choice = { ...blank(), badges: ids.map((id) => ({ id, show: 'whole', address: null })) };
    this.editing = undefined;
    this.resumed = undefined;
    this.draft = undefined;
    this.error = undefined;
    const route = { name: 'share' } as const;
    if (navigation.route.name === 'choose') navigation.replace(route);
    else navigation.push(route);
  }

  /** Changes what is behind a link. Its address stays. */
  change(link: ShareView): void {
    this.#take(link);
    this.editing = link.id;
  }

  /** Goes on with a share that was kept for later. */
  resume(link: ShareView): void {
    this.#take(link);
    this.resumed = link.id;
  }

  #take(link: ShareView): void {
    const badges = link.badges.flatMap(({ id, show, address }) => (id ? [{ id, show, address }] : []));
    this.choice = { ...blank(), badges, title: link.title, words: link.words, label: link.label, witness: link.witness };
    this.editing = undefined;
    this.resumed = undefined;
    this.draft = undefined;
    this.error = undefined;
    navigation.push({ name: 'share' });
  }

  /** Moves a badge one place. */
  move(place: number, by: 1 | -1): void {
    const badges = [...this.choice.badges];
    const [moved] = badges.splice(place, 1);
    if (!moved) return;
    badges.splice(place + by, 0, moved);
    this.choice.badges = badges;
  }

  /** Asks the core what the other will see. Nothing is sent. */
  async look(): Promise<void> {
    const turn = ++this.#turn;
    this.draft = undefined;
    this.error = undefined;
    try {
      const draft = await call('share_draft', { share: $state.snapshot(this.choice) });
      if (turn === this.#turn) this.draft = draft;
    } catch (error) {
      if (turn === this.#turn) this.error = asWalletError(error);
    }
  }

  /** Makes the link, or changes what is behind it, and goes to it. */
  async send(): Promise<void> {
    this.busy = true;
    this.error = undefined;
    try {
      const share = $state.snapshot(this.choice);
      const link = this.editing ? await call('change_share', { id: this.editing, share }) : await call('share', { share });
      this.#put(link);
      await this.#done();
      // The choices and the preview are over; a change began at the link itself.
      navigation.finish({ name: 'link', id: link.id }, this.editing ? 3 : 2);
    } catch (error) {
      this.error = asWalletError(error);
    } finally {
      this.busy = false;
    }
  }

  /** Keeps what was chosen, to be made later. */
  async later(): Promise<void> {
    try {
      this.#put(await call('keep_share_draft', { share: $state.snapshot(this.choice) }));
      await this.#done();
      announcer.show(m.share_kept());
      navigation.reset({ name: 'badges' });
    } catch (error) {
      this.error = asWalletError(error);
    }
  }

  /** What was chosen is in the list of links now; the draft that it came from is not needed any more. */
  async #done(): Promise<void> {
    const draft = this.resumed;
    this.resumed = undefined;
    this.choice = blank();
    this.draft = undefined;
    // The link is there: a draft that stays in the list is no reason to say otherwise.
    if (draft) await this.forget(draft).catch(() => undefined);
  }

  /** A link for now: a quarter of an hour, for who stands here. Answers it, or nothing when it could not be made. */
  async forNow(ids: string[]): Promise<ShareView | undefined> {
    this.busy = true;
    this.error = undefined;
    try {
      const badges = ids.map((id) => ({ id, show: 'whole' as const, address: null }));
      const link = await call('share', { share: { ...blank(), badges, ends: 'now' } });
      this.#put(link);
      return link;
    } catch (error) {
      this.error = asWalletError(error);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** The list as it is here, and then as the hosts say it is. */
  async load(ask = true): Promise<void> {
    try {
      this.links = await call('shares', {});
      this.error = undefined;
      if (ask && this.links.some((link) => !['draft', 'stopped', 'ended'].includes(link.state))) this.links = await call('refresh_shares', {});
    } catch (error) {
      this.error = asWalletError(error);
    }
  }

  /** Does something with one link and puts its new state in the list. Throws what the core says. */
  async act(step: Promise<ShareView>): Promise<ShareView> {
    const link = await step;
    this.#put(link);
    return link;
  }

  /** Without a link: a code that carries the badges themselves. */
  async instead(): Promise<void> {
    await showing.start(this.choice.badges.map((badge) => badge.id));
  }

  async forget(id: string): Promise<void> {
    await call('forget_share', { id });
    this.links = this.links?.filter((link) => link.id !== id);
  }

  /** The open links that a badge is in. Asked before it is removed: after that a link knows only its name. */
  async openWith(badge: string): Promise<ShareView[]> {
    const links = await call('shares', {}).catch(() => []);
    return links.filter((link) => ['open', 'sending', 'altered'].includes(link.state) && link.badges.some((one) => one.id === badge));
  }

  /** Stops them. What the host has not confirmed yet says so in the list. */
  async close(links: ShareView[]): Promise<void> {
    for (const link of links) {
      try {
        await this.act(call('stop_share', { id: link.id }));
      } catch (error) {
        this.error = asWalletError(error);
      }
    }
  }

  #put(link: ShareView): void {
    const others = (this.links ?? []).filter((one) => one.id !== link.id);
    this.links = this.links?.some((one) => one.id === link.id) ? this.links.map((one) => (one.id === link.id ? link : one)) : [link, ...others];
  }
}

export const sharing = new Sharing();
