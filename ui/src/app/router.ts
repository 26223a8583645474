import { home, restoredRoute, type Route, type RouteName } from './routes';

/** The part of `window.history` that the router uses. */
export type HistoryLike = Pick<History, 'state' | 'pushState' | 'replaceState' | 'go'>;

/** What is kept in a history entry. */
interface Entry {
  route: Route;
  /** The screens that are below it in our own back stack: none where the app started. */
  under: RouteName[];
  /** What had the focus when this entry was left. */
  opener?: string;
  /** How far it was scrolled when it was left. */
  scroll?: number;
}

/** How the new screen was reached: it decides where the focus goes. */
export interface Arrival {
  route: Route;
  how: 'start' | 'push' | 'replace' | 'back';
  opener?: string;
  scroll: number;
}

export interface RouterOptions {
  history: HistoryLike;
  /** Draws the screen. */
  arrive: (arrival: Arrival) => void;
  /** The focused opener and the scroll position of the screen that is being left. */
  leaving?: () => { opener?: string; scroll: number };
  /** Asked before leaving: `false` keeps the screen (a step that must be closed with a question). */
  mayLeave?: () => boolean;
}

function isEntry(state: unknown): state is Entry {
  return typeof state === 'object' && state !== null && 'under' in state && Array.isArray(state.under);
}

/** A small typed router: a back stack on the history API, without addresses. */
export class Router {
  #options: RouterOptions;
  #entry: Entry;
  /** Set while we undo a back step that was refused. */
  #undoing = false;

  constructor(options: RouterOptions) {
    this.#options = options;
    const kept: unknown = options.history.state;
    const under = isEntry(kept) ? kept.under : [];
    const route = restoredRoute(typeof kept === 'object' && kept !== null && 'route' in kept ? kept.route : undefined);
    this.#entry = { route, under };
    this.#write();
  }

  get route(): Route {
    return this.#entry.route;
  }

  /** Whether there is a screen of ours to go back to. */
  get canGoBack(): boolean {
    return this.#entry.under.length > 0;
  }

  start(): void {
    this.#options.arrive({ route: this.route, how: 'start', scroll: 0 });
  }

  push(route: Route): void {
    this.#entry = { ...this.#entry, ...this.#options.leaving?.() };
    this.#write();
    this.#entry = { route, under: [...this.#entry.under, this.#entry.route.name] };
    this.#options.history.pushState(this.#entry, '');
    this.#options.arrive({ route, how: 'push', scroll: 0 });
  }

  /** The next step of a flow: back skips the step before. */
  replace(route: Route): void {
    this.#entry = { route, under: this.#entry.under };
    this.#write();
    this.#options.arrive({ route, how: 'replace', scroll: 0 });
  }

  back(): void {
    if (this.canGoBack) this.#options.history.go(-1);
    else this.replace(home);
  }

  /** Back to the screen of this name that waits below. Answers whether there is one. */
  backTo(name: RouteName): boolean {
    const { under } = this.#entry;
    const at = under.lastIndexOf(name);
    if (at >= 0) this.#options.history.go(at - under.length);
    return at >= 0;
  }

  /** Ends a flow: its last `steps` screens go, and the route takes the place of the first of them. */
  finish(route: Route, steps: number): void {
    const by = Math.min(steps - 1, this.#entry.under.length);
    if (by <= 0) {
      this.replace(route);
      return;
    }
    this.#resetTo = route;
    this.#options.history.go(-by);
  }

  /** To a tab: the whole stack collapses to it, so that back never walks through old flows. */
  reset(route: Route): void {
    const depth = this.#entry.under.length;
    if (depth === 0) {
      this.replace(route);
      return;
    }
    this.#resetTo = route;
    this.#options.history.go(-depth);
  }
  #resetTo: Route | undefined;

  /** Give this every `popstate`. */
  popped(state: unknown): void {
    if (this.#undoing) {
      this.#undoing = false;
      return;
    }
    const kept: Entry = isEntry(state) ? state : { route: home, under: [] };
    if (this.#resetTo !== undefined) {
      const route = this.#resetTo;
      this.#resetTo = undefined;
      this.#entry = { route, under: kept.under };
      this.#write();
      this.#options.arrive({ route, how: 'replace', scroll: 0 });
      return;
    }
    if (this.#options.mayLeave?.() === false) {
      this.#undoing = true;
      this.#options.history.go(this.#entry.under.length - kept.under.length);
      return;
    }
    const forward = kept.under.length > this.#entry.under.length;
    const route = forward ? restoredRoute(kept.route) : kept.route;
    this.#entry = { ...kept, route };
    this.#options.arrive(
      forward ? { route, how: 'push', scroll: 0 } : { route, how: 'back', opener: kept.opener, scroll: kept.scroll ?? 0 },
    );
  }

  #write(): void {
    this.#options.history.replaceState(this.#entry, '');
  }
}
