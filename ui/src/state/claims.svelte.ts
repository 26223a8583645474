import { told, unfinished } from '../app/claims';
import { errorText } from '../app/errors';
import { asWalletError, call, type ClaimView, type WalletError } from '../backend';
import { announcer } from './announcer.svelte';

/** Claim codes that were used, or wait. */
class Claims {
  list = $state.raw<ClaimView[] | undefined>();
  error = $state.raw<WalletError | undefined>();
  busy = $state(false);
  /** The one whose page was opened in the browser. */
  opened: string | undefined;
  #turn = 0;

  /** How many wait for the network, or for the learner. */
  get waiting(): number {
    return this.list?.filter((claim) => claim.state === 'queued' || claim.state === 'browser').length ?? 0;
  }

  /** How many wait or ask for something still. */
  get unfinished(): number {
    return this.list?.filter(unfinished).length ?? 0;
  }

  one(id: string): ClaimView | undefined {
    return this.list?.find((claim) => claim.id === id);
  }

  /** Only the newest answer counts. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const list = await call('claims', {});
      if (turn === this.#turn) this.#take(list);
    } catch (error) {
      if (turn === this.#turn) this.error = asWalletError(error);
    }
  }

  /** What waited and got its answer is told, wherever the person is. */
  #take(list: ClaimView[]): void {
    const answered = answeredIn(list, this.list);
    this.list = list;
    this.error = undefined;
    if (answered) announcer.show(`${answered.code}: ${told(answered).line}`);
  }

  /** Gives a code to one city. Throws what the core says. */
  async use(city: string, code: string): Promise<ClaimView> {
    const claim = await call('claim_code', { city, code });
    this.list = [claim, ...(this.list ?? []).filter((one) => one.id !== claim.id)];
    // A list that was asked for before knows nothing of it.
    void this.load();
    return claim;
  }

  /** Tries what waits. Why it waits on is said where no answer is. */
  async retry(): Promise<void> {
    const before = this.list;
    this.busy = true;
    try {
      const list = await call('retry_claims', {});
      await this.load();
      const waits = list.find((claim) => claim.state === 'queued');
      if (this.list && waits && !answeredIn(list, before)) announcer.show(errorText(waits.problem ?? 'offline'));
    } catch (error) {
      announcer.show(errorText(asWalletError(error).code));
    } finally {
      this.busy = false;
    }
  }

  async forget(id: string): Promise<void> {
    await call('forget_claim', { id });
    this.list = this.list?.filter((claim) => claim.id !== id);
  }

  /** Another wallet, or locked: nothing of the old list stays in memory. */
  forgetAll(): void {
    this.#turn += 1;
    this.list = undefined;
    this.error = undefined;
    this.opened = undefined;
  }
}

/** One that waited before and has an answer in this list. */
function answeredIn(list: ClaimView[], before: ClaimView[] = []): ClaimView | undefined {
  const waited = new Set(before.filter((claim) => claim.state === 'queued').map((claim) => claim.id));
  return list.find((claim) => waited.has(claim.id) && claim.state !== 'queued');
}

export const claims = new Claims();
