import { call, type ActivityDetail, type ErrorCode } from '../backend';
import { Load } from './load.svelte';
import { wallet } from './wallet.svelte';

const day = 86_400_000;

/** One activity. What is here is shown at once; its city is asked only for what was never read, or a day ago. */
export class Reading {
  readonly stored: Load<ActivityDetail>;
  /** The city is asked. */
  asking = $state(false);
  /** Why the city gave no answer, until it gives one. */
  problem = $state<ErrorCode | null>(null);
  #id: string;
  #asked = false;
  #now = false;
  #changedMeanwhile = false;

  constructor(id: string) {
    this.#id = id;
    this.stored = new Load(() => call('activity', { id, freshness: this.#now ? 'now' : 'stored' }));
  }

  /** Looks at what is here. */
  async look(): Promise<void> {
    if (this.asking) {
      this.#changedMeanwhile = true;
      return;
    }
    await this.stored.run();
    const here = this.stored.value;
    if (this.#asked || !here || wallet.offline || (here.whole && Date.now() - Date.parse(here.seen_at) < day)) return;
    await this.ask();
  }

  /** Asks the city. What went wrong stays said, also when what is here is looked at anew. */
  async ask(): Promise<void> {
    if (this.asking) return;
    [this.#asked, this.asking, this.#now] = [true, true, true];
    await this.stored.run();
    [this.asking, this.#now] = [false, false];
    const { error, value } = this.stored;
    this.problem = error ? error.code : (value?.problem ?? null);
    if (!this.#changedMeanwhile) return;
    // The pictures may have come since.
    this.#changedMeanwhile = false;
    await this.stored.run();
  }

  /** Something was done here: it is seen, also while the city takes its time. */
  changed(): void {
    if (!this.asking) return void this.look();
    void call('activity', { id: this.#id, freshness: 'stored' }).then((here) => (this.stored.value = here), () => undefined);
  }
}
