import { asWalletError, call, type ActivityCard, type ActivityQuery, type Cities, type ErrorCode, type Facet, type Near, type Suggestion, type WalletError } from '../backend';
import { filtersSet, noWish, queryOf, type Wish } from '../app/query';
import * as m from '../paraglide/messages';

const pageSize = 60;

/** Pages one after the other. While a city fills, what a page had may move to the next: it stays one card. */
function joined(cards: ActivityCard[], page: ActivityCard[]): ActivityCard[] {
  const here = new Set(cards.map((card) => card.id));
  return [...cards, ...page.filter((card) => !here.has(card.id))];
}

/** *Ontdek*: the cities, what the learner asks for, and what fits. */
class Discover {
  cities = $state.raw<Cities | undefined>();
  wish = $state<Wish>(noWish());
  /** "Voor jou": the suggestions instead of the list. */
  forYou = $state(false);
  /** The city (its id) or the place (its name) that the distance is counted from; otherwise it is the learner's own place. */
  nearWhat = $state<string | undefined>();
  cards = $state.raw<ActivityCard[]>([]);
  suggestions = $state.raw<Suggestion[] | undefined>();
  /** Playlists that were begun. */
  begun = $state.raw<ActivityCard[]>([]);
  total = $state(0);
  all = $state(0);
  categories = $state.raw<Facet[]>([]);
  skills = $state.raw<Facet[]>([]);
  /** When the city that was read longest ago was. */
  refreshedAt = $state.raw<string | undefined>();
  /** Whether an answer was ever there: before that the list shows placeholders. */
  known = $state(false);
  error = $state.raw<WalletError | undefined>();
  suggestionsError = $state.raw<WalletError | undefined>();
  /** Grows with every change from outside, so that an open activity looks again. */
  version = $state(0);
  /** Another wallet or another language: everything has to be loaded anew. */
  epoch = $state(0);
  /** What was asked for last has no answer yet. */
  asking = $state(false);
  /** Cities are asked again. */
  retrying = $state(false);
  #turn = 0;
  /** The turn of which a page is on its way. */
  #paging: number | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** What the list and the map ask the core. */
  get query(): ActivityQuery {
    return queryOf(this.wish);
  }

  /** How many filters are set. */
  get filters(): number {
    return filtersSet(this.wish);
  }

  /** How many were found, in words. */
  get found(): string {
    return this.total === 1 ? m.discover_found_one() : m.discover_found({ count: this.total });
  }

  /** The card of an activity, when a list has it: the detail starts from it. */
  peek(id: string): ActivityCard | undefined {
    const all = [...this.cards, ...this.begun, ...(this.suggestions ?? []).map((suggestion) => suggestion.activity)];
    return all.find((card) => card.id === id);
  }

  /** The cities, then as much of the list as was there. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    const suggested = this.forYou ? this.#suggest() : undefined;
    const begun = this.#begin();
    try {
      const query = this.query;
      const wanted = Math.min(this.cards.length, 600);
      const [cities, page] = await Promise.all([call('cities', {}), call('activities', { query })]);
      let [cards, seen] = [page.activities, page.activities.length];
      while (seen < wanted && seen < page.total) {
        const next = await call('activities', { query: { ...query, offset: seen } });
        if (next.activities.length === 0) break;
        cards = joined(cards, next.activities);
        seen += next.activities.length;
      }
      if (turn !== this.#turn) return;
      this.cities = cities;
      this.cards = cards;
      this.total = page.total;
      this.all = page.all;
      this.categories = page.categories;
      this.skills = page.skills;
      this.refreshedAt = page.refreshed_at ?? undefined;
      this.known = true;
      this.asking = false;
      this.error = undefined;
    } catch (error) {
      if (turn === this.#turn) this.error = asWalletError(error);
    }
    await Promise.all([suggested, begun]);
  }

  /** The next page. */
  async more(): Promise<void> {
    const turn = this.#turn;
    if (this.#paging === turn || this.cards.length >= this.total) return;
    this.#paging = turn;
    try {
      const page = await call('activities', { query: { ...this.query, offset: this.cards.length, limit: pageSize } });
      if (turn !== this.#turn) return;
      this.cards = joined(this.cards, page.activities);
      this.total = page.activities.length === 0 ? this.cards.length : page.total;
    } catch (error) {
      if (turn === this.#turn) this.error = asWalletError(error);
    } finally {
      if (this.#paging === turn) this.#paging = undefined;
    }
  }

  /** Asks for something else. */
  ask(change: Partial<Wish>): void {
    Object.assign(this.wish, change);
    this.asking = true;
    this.forYou = false;
    this.cards = this.cards.slice(0, pageSize);
    void this.load();
  }

  near(near: Near | null, what?: string): void {
    this.nearWhat = what;
    this.ask({ near });
  }

  /** Everything again. */
  clear(): void {
    this.nearWhat = undefined;
    this.ask(noWish());
  }

  /** Without the filters of their screen; what else was asked for stays. */
  clearFilters(): void {
    const { search, playlists, planned } = this.wish;
    this.nearWhat = undefined;
    this.ask({ ...noWish(), search, playlists, planned });
  }

  suggest(forYou: boolean): void {
    this.forYou = forYou;
    void this.load();
  }

  /** Asks the cities again that gave no answer. Answers what is still wrong. */
  async retry(): Promise<ErrorCode | undefined> {
    this.retrying = true;
    try {
      const troubled = this.cities?.chosen.filter((city) => city.problem !== null) ?? [];
      const now = await Promise.all(troubled.map((city) => call('refresh_city', { id: city.id })));
      return now.find((city) => city.problem !== null)?.problem ?? undefined;
    } catch (error) {
      return asWalletError(error).code;
    } finally {
      this.retrying = false;
      await this.load();
    }
  }

  /** Adds a city. Its activities come by themselves. Throws what the core says. */
  async add(address: string): Promise<void> {
    await call('add_city', { address });
    await this.load();
  }

  /** A city went: no filter speaks of it any more. */
  removed(id: string): void {
    if (this.nearWhat === id) this.near(null);
  }

  async #suggest(): Promise<void> {
    const epoch = this.epoch;
    try {
      const suggestions = await call('suggestions', {});
      if (epoch !== this.epoch) return;
      this.suggestions = suggestions;
      this.suggestionsError = undefined;
    } catch (error) {
      if (epoch === this.epoch) this.suggestionsError = asWalletError(error);
    }
  }

  async #begin(): Promise<void> {
    const epoch = this.epoch;
    try {
      const query = queryOf({ ...noWish(), playlists: true });
      let [seen, total, begun] = [0, 1, [] as ActivityCard[]];
      while (seen < total && seen < 300) {
        const page = await call('activities', { query: { ...query, offset: seen } });
        // One whose next part nobody knows waits in the list: on top it would ask for nothing.
        begun = joined(begun, page.activities.filter((card) => card.progress?.next && !card.progress.complete && card.progress.done < card.progress.total));
        seen += page.activities.length;
        total = page.activities.length === 0 ? 0 : page.total;
      }
      // What is nearest to its end stands first.
      const far = ({ progress }: ActivityCard): number => (progress ? progress.done / Math.max(1, progress.total) : 0);
      if (epoch === this.epoch) this.begun = begun.sort((one, other) => far(other) - far(one));
    } catch {
      // The list says what is wrong.
    }
  }

  /** Something changed in the core. */
  changed(): void {
    // While a city fills, this is heard often.
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.version += 1;
      if (this.known) void this.load();
    }, 300);
  }

  /** Another wallet, another language, or locked: nothing of the old list stays in memory. */
  forget(): void {
    this.#turn += 1;
    this.epoch += 1;
    this.cities = undefined;
    this.wish = noWish();
    this.forYou = false;
    this.nearWhat = undefined;
    this.cards = [];
    this.suggestions = undefined;
    this.begun = [];
    this.total = 0;
    this.all = 0;
    this.categories = [];
    this.skills = [];
    this.refreshedAt = undefined;
    this.known = false;
    this.asking = false;
    this.error = undefined;
    this.suggestionsError = undefined;
  }
}

export const discover = new Discover();
