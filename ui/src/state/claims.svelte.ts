import { told } from '../app/claims';
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

  /** How many wait for the network, or for the learner. */
  get waiting(): number {
    return this.list?.filter((claim) => claim.state === 'queued' || claim.state === 'browser').length ?? 0;
  }

  /** How many got an answer that asks for something still: a badge to bring in, a code to look at. */
  get unfinished(): number {
    return this.list?.filter(({ state, outcome }) => state === 'failed' || outcome?.kind === 'unknown' || (outcome?.kind === 'gained' && outcome.url !== null)).length ?? 0;
  }

  one(id: string): ClaimView | undefined {
    return this.list?.find((claim) => claim.id === id);
  }

  async load(): Promise<void> {
    try {
      this.#take(await call('claims', {}));
    } catch (error) {
      this.error = asWalletError(error);
    }
  }

  /** What waited and got its answer is told, wherever the person is. */
  #take(list: ClaimView[]): void {
    const waited = new Set(this.list?.filter((claim) => claim.state === 'queued').map((claim) => claim.id));
    this.list = list;
    this.error = undefined;
    const answered = list.find((claim) => waited.has(claim.id) && claim.state !== 'queued');
    if (answered) announcer.show(`${answered.code}: ${told(answered).line}`);
  }

  /** Gives a code to one city. Throws what the core says. */
  async use(city: string, code: string): Promise<ClaimView> {
    const claim = await call('claim_code', { city, code });
    this.list = [claim, ...(this.list ?? []).filter((one) => one.id !== claim.id)];
    return claim;
  }

  /** Tries what waits. */
  async retry(): Promise<void> {
    this.busy = true;
    try {
      this.#take(await call('retry_claims', {}));
      const waits = this.list?.find((claim) => claim.state === 'queued');
      if (waits) announcer.show(errorText(waits.problem ?? 'offline'));
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
}

export const claims = new Claims();
