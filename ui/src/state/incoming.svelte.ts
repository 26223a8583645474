import { asWalletError, call, type BadgePreview, type CheckedBadge, type ErrorCode, type Incoming, type Input, type Rejected, type SharedBy } from '../backend';
import { errorText } from '../app/errors';
import { readFile } from '../app/files';
import { navigation } from './navigation.svelte';

/** A badge that may be kept: its preview, and the delivery it belongs to. */
export interface Candidate {
  delivery: string;
  preview: BadgePreview;
  chosen: boolean;
}

/** What leads to a screen of its own: a claim code, an activity, a city. */
export type Lead = Extract<Incoming, { kind: 'claim' | 'activity' | 'city' }>;

/** Nobody waits for these answers any more; the core forgets what it holds of them. */
function drop(answers: Incoming[]): void {
  for (const answer of answers) {
    if (answer.kind === 'badges' || answer.kind === 'needs_network' || answer.kind === 'passcode') void call('dismiss', { id: answer.id }).catch(() => undefined);
  }
}

/** What came in and waits for an answer. In memory only; the core forgets it too when it is dismissed. */
class IncomingState {
  candidates = $state<Candidate[]>([]);
  rejected = $state.raw<Rejected[]>([]);
  /** Deliveries for which hosts have to be asked first. */
  asks = $state.raw<{ id: string; hosts: string[] }[]>([]);
  /** Deliveries that another app or a link opened: the hosts that can still be asked whether they are real. */
  unasked = $state.raw<{ id: string; hosts: string[] }[]>([]);
  /** Ordinary pages that were behind an address. */
  pages = $state.raw<{ host: string; url: string }[]>([]);
  /** Pictures that hold only a part of a sequence. */
  parts = $state(0);
  shown = $state.raw<CheckedBadge[]>([]);
  /** Of a share link: its own words and its end. */
  shared = $state.raw<SharedBy | undefined>();
  /** A share link that waits for its passcode. */
  passcode = $state.raw<{ id: string; left: number | null } | undefined>();
  /** What leads elsewhere and waits among other things. */
  leads = $state.raw<Lead[]>([]);
  busy = $state(false);
  /** The badge that was just kept, for its short celebration. */
  fresh = $state<string | undefined>();

  /** Reads files, each with its own answer: for the screen of now, or for wherever the person is by then. */
  async files(files: Iterable<File>, { check = false, anywhere = false } = {}): Promise<void> {
    const list = [...files];
    if (list.length === 0 || this.busy) return;
    const still = navigation.stay();
    this.busy = true;
    const answers: Incoming[] = [];
    const rejected: Rejected[] = [];
    try {
      for (const file of list) {
        try {
          answers.push(await this.#ask({ file: await readFile(file) }, check));
        } catch (error) {
          const { code } = asWalletError(error);
          rejected.push({ name: file.name, code, text: errorText(code) });
        }
      }
    } finally {
      this.busy = false;
    }
    if (anywhere || still()) this.take(answers, rejected);
    else drop(answers);
  }

  /** Reads a pasted text or link, for the screen of now. Rejects when it is nothing, so that the field can say so. */
  async text(text: string, check = false): Promise<void> {
    const still = navigation.stay();
    this.busy = true;
    try {
      const answer = await this.#ask({ text }, check);
      if (still()) this.take([answer]);
      else drop([answer]);
    } finally {
      this.busy = false;
    }
  }

  async #ask(input: Input, check: boolean): Promise<Incoming> {
    return check ? call('check', { input }) : call('inspect', { input, origin: 'person' });
  }

  /** Puts answers of the core before the person. */
  take(answers: Incoming[], rejected: Rejected[] = []): void {
    this.dismiss();
    this.rejected = rejected;
    this.#add(answers);
    const step = ['scan', 'paste', 'check', 'incoming', 'shown', 'open_share', 'earn_code', 'claim_code', 'city_found'].includes(navigation.route.name);
    if (this.#led(step ? 'replace' : 'push')) return;
    const onlyShown = this.shown.length > 0 && this.candidates.length === 0 && this.asks.length === 0;
    const route = { name: this.passcode ? 'open_share' : onlyShown ? 'shown' : 'incoming' } as const;
    if (step) navigation.replace(route);
    else navigation.push(route);
  }

  #add(answers: Incoming[]): void {
    for (const answer of answers) {
      if (answer.kind === 'badges') {
        this.candidates.push(
          ...answer.badges.map((preview) => ({ delivery: answer.id, preview, chosen: preview.known.kind === 'new' || preview.known.kind === 'newer' })),
        );
        this.rejected = [...this.rejected, ...answer.rejected];
        if (answer.hosts.length > 0) this.unasked = [...this.unasked, { id: answer.id, hosts: answer.hosts }];
      } else if (answer.kind === 'shown') {
        this.shown = [...this.shown, ...answer.badges];
        this.shared = answer.shared ?? this.shared;
      } else if (answer.kind === 'passcode') this.passcode = { id: answer.id, left: answer.left };
      else if (answer.kind === 'needs_network') this.asks = [...this.asks, { id: answer.id, hosts: answer.hosts }];
      else if (answer.kind === 'page') this.pages = [...this.pages, { host: answer.host, url: answer.url }];
      else if (answer.kind === 'claim' || answer.kind === 'activity' || answer.kind === 'city') this.leads = [...this.leads, answer];
      else this.parts += 1;
    }
  }

  /** One lead and nothing else is followed at once. */
  #led(how: 'push' | 'replace'): boolean {
    const [lead, ...others] = this.leads;
    const more = [this.candidates, this.rejected, this.asks, this.pages, this.shown, others].some((list) => list.length > 0);
    if (!lead || more || this.passcode || this.parts > 0) return false;
    this.follow(lead, how);
    return true;
  }

  /** Goes where it leads. */
  follow(lead: Lead, how: 'push' | 'replace'): void {
    if (lead.kind === 'activity') navigation[how]({ name: 'activity', id: lead.id });
    else if (lead.kind === 'claim') navigation[how]({ name: 'claim_code', code: lead.code, city: lead.city, host: lead.host });
    else navigation[how]({ name: 'city_found', address: lead.address, called: lead.name, host: lead.host });
  }

  /** The person said yes to the hosts. */
  async proceed(): Promise<void> {
    const still = navigation.stay();
    this.busy = true;
    const asks = this.asks;
    this.asks = [];
    try {
      for (const ask of asks) {
        try {
          const answer = await call('continue_incoming', { id: ask.id });
          if (!still()) return drop([answer]);
          this.#add([answer]);
        } catch (error) {
          if (!still()) return;
          const { code } = asWalletError(error);
          this.rejected = [...this.rejected, { name: ask.hosts.join(', '), code, text: errorText(code) }];
        }
      }
    } finally {
      this.busy = false;
    }
    this.#onward();
  }

  /** A share link leads to its passcode, or to what is shown. */
  #onward(): void {
    if (this.#led('replace')) return;
    if (this.passcode) navigation.replace({ name: 'open_share' });
    else if (this.shown.length > 0 && this.candidates.length === 0) navigation.replace({ name: 'shown' });
  }

  /** The passcode of a share link. A wrong one leaves it waiting, with the tries that are left. */
  async unlockShare(passcode: string): Promise<void> {
    const waiting = this.passcode;
    if (!waiting) return;
    const still = navigation.stay();
    this.busy = true;
    try {
      const answer = await call('open_share', { id: waiting.id, passcode });
      if (!still()) return drop([answer]);
      this.passcode = undefined;
      this.#add([answer]);
      if (!this.passcode) this.#onward();
    } finally {
      this.busy = false;
    }
  }

  /** The person said yes to the hosts that say whether what is here is real. */
  async check(): Promise<void> {
    const still = navigation.stay();
    this.busy = true;
    const unasked = this.unasked;
    this.unasked = [];
    try {
      for (const { id, hosts } of unasked) {
        const before = this.candidates.filter((one) => one.delivery === id);
        try {
          const answer = await call('continue_incoming', { id });
          if (!still()) return drop([answer]);
          this.candidates = this.candidates.filter((one) => one.delivery !== id);
          this.#add([answer]);
          for (const { preview, chosen } of before) {
            const same = this.candidates.find((one) => one.delivery === id && one.preview.index === preview.index);
            if (same) same.chosen = chosen;
          }
        } catch (error) {
          if (!still()) return;
          const { code } = asWalletError(error);
          this.rejected = [...this.rejected, { name: hosts.join(', '), code, text: errorText(code) }];
        }
      }
    } finally {
      this.busy = false;
    }
  }

  /** "Is deze van jou?" */
  async claim(candidate: Candidate, address: string): Promise<boolean> {
    const preview = await call('claim', { id: candidate.delivery, index: candidate.preview.index, address });
    candidate.preview = preview;
    return preview.recipient.matched === 'mine';
  }

  /** Keeps what was chosen. Answers the ids. */
  async save(): Promise<string[]> {
    this.busy = true;
    try {
      const ids: string[] = [];
      for (const delivery of new Set(this.candidates.map((candidate) => candidate.delivery))) {
        const chosen = this.candidates.filter((one) => one.delivery === delivery && one.chosen).map((one) => one.preview.index);
        if (chosen.length > 0) ids.push(...(await call('save', { id: delivery, chosen })).ids);
        else void call('dismiss', { id: delivery }).catch(() => undefined);
        // What is kept must not be dismissed when a later delivery fails.
        this.candidates = this.candidates.filter((one) => one.delivery !== delivery);
      }
      this.forget();
      return ids;
    } finally {
      this.busy = false;
    }
  }

  /** Nothing is kept; the core forgets it. */
  dismiss(): void {
    const ids = new Set([...this.candidates.map((candidate) => candidate.delivery), ...this.asks.map((ask) => ask.id)]);
    for (const id of ids) void call('dismiss', { id }).catch(() => undefined);
    this.forget();
  }

  forget(): void {
    this.candidates = [];
    this.rejected = [];
    this.asks = [];
    this.unasked = [];
    this.pages = [];
    this.parts = 0;
    this.shown = [];
    this.shared = undefined;
    this.passcode = undefined;
    this.leads = [];
  }

  /** The one code that everything was refused with, when nothing else came. */
  get failure(): ErrorCode | undefined {
    const nothing = this.candidates.length === 0 && this.asks.length === 0 && this.shown.length === 0;
    return nothing && this.rejected.length === 1 ? this.rejected[0]?.code : undefined;
  }
}

export const incoming = new IncomingState();
