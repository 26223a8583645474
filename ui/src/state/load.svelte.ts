import { asWalletError, type WalletError } from '../backend';

/** Something that is fetched from the core: loading, an error, or there. Loading again keeps what is shown. */
export class Load<T> {
  value = $state.raw<T | undefined>();
  error = $state.raw<WalletError | undefined>();
  loading = $state(false);
  #fetch: () => Promise<T>;
  #turn = 0;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  /** Fetches; only the newest answer counts. */
  async run(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const value = await this.#fetch();
      if (turn !== this.#turn) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (turn === this.#turn) this.error = asWalletError(error);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
