import { asWalletError, call, type ClaimView, type WalletError } from '../backend';

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

  one(id: string): ClaimView | undefined {
    return this.list?.find((claim) => claim.id === id);
  }

  async load(): Promise<void> {
    try {
      this.list = await call('claims', {});
      this.error = undefined;
    } catch (error) {
      this.error = asWalletError(error);
    }
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
      this.list = await call('retry_claims', {});
      this.error = undefined;
    } catch (error) {
      this.error = asWalletError(error);
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
