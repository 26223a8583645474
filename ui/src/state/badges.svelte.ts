import { asWalletError, call, type BadgeCard, type Sort, type WalletError } from '../backend';

const pageSize = 60;

/** The list of badges: search as you type, an order, and pages that come while scrolling. */
class Badges {
  search = $state('');
  sort = $state<Sort>('newest');
  cards = $state.raw<BadgeCard[]>([]);
  total = $state(0);
  all = $state(0);
  /** Whether an answer was ever there: before that the list shows placeholders. */
  known = $state(false);
  error = $state.raw<WalletError | undefined>();
  /** Grows with every change from outside, so that an open badge looks again. */
  version = $state(0);
  /** Another wallet or another language: the list is empty and has to be loaded anew. */
  epoch = $state(0);
  #turn = 0;
  #paging = false;

  /** The card of a badge, when the list has it: the detail starts from it. */
  peek(id: string): BadgeCard | undefined {
    return this.cards.find((card) => card.id === id);
  }

  /** The first page for the present search and order. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const limit = Math.max(pageSize, Math.min(this.cards.length, 240));
      const page = await call('badges', { filter: { search: this.search.trim() || null, sort: this.sort, offset: 0, limit } });
      if (turn !== this.#turn) return;
      this.cards = page.badges;
      this.total = page.total;
      this.all = page.all;
      this.known = true;
      this.error = undefined;
    } catch (error) {
      if (turn === this.#turn) this.error = asWalletError(error);
    }
  }

  /** The next page. */
  async more(): Promise<void> {
    if (this.#paging || this.cards.length >= this.total) return;
    this.#paging = true;
    const turn = this.#turn;
    try {
      const page = await call('badges', {
        filter: { search: this.search.trim() || null, sort: this.sort, offset: this.cards.length, limit: pageSize },
      });
      if (turn !== this.#turn) return;
      const here = new Set(this.cards.map((card) => card.id));
      this.cards = [...this.cards, ...page.badges.filter((card) => !here.has(card.id))];
      this.total = page.badges.length === 0 ? this.cards.length : page.total;
    } catch (error) {
      if (turn === this.#turn) this.error = asWalletError(error);
    } finally {
      this.#paging = false;
    }
  }

  find(search: string): void {
    this.search = search;
    this.cards = this.cards.slice(0, pageSize);
    void this.load();
  }

  order(sort: Sort): void {
    this.sort = sort;
    this.cards = this.cards.slice(0, pageSize);
    void this.load();
  }

  /** Something changed in the core. */
  changed(_id?: string): void {
    this.version += 1;
    if (this.known) void this.load();
  }

  /** Another wallet, another language, or locked: nothing of the old list stays in memory. */
  forget(): void {
    this.#turn += 1;
    this.epoch += 1;
    this.search = '';
    this.cards = [];
    this.total = 0;
    this.all = 0;
    this.known = false;
    this.error = undefined;
  }
}

export const badges = new Badges();
