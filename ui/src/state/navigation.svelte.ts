import { tick } from 'svelte';
import { Router, type Arrival } from '../app/router';
import type { Route, RouteName } from '../app/routes';
import { focusedOpener, focusHeading, focusOpener } from '../app/focus';
import { calm } from './motion';

/** The screen that is shown. */
class Navigation {
  route = $state.raw<Route>({ name: 'badges' });
  canGoBack = $state(false);
  /** A screen sets this to ask before it is left; it answers whether leaving is fine. */
  guard: (() => boolean) | undefined;
  #router: Router;
  #started = false;

  constructor() {
    this.#router = new Router({
      history: window.history,
      arrive: (arrival) => void this.#arrive(arrival),
      leaving: () => ({ opener: focusedOpener(), scroll: window.scrollY }),
      mayLeave: () => this.guard?.() ?? true,
    });
    this.route = this.#router.route;
    // A screen that takes the place of another would be scrolled as that one was.
    window.history.scrollRestoration = 'manual';
    window.addEventListener('popstate', (event) => this.#router.popped(event.state));
  }

  /** Once, when the first screen may be drawn. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#router.start();
  }

  /** Answers later whether the screen of now is still the one that is shown: an answer that comes late moves nobody. */
  stay(): () => boolean {
    const { route } = this;
    return () => this.route === route;
  }

  push = (route: Route): void => this.#router.push(route);
  replace = (route: Route): void => this.#router.replace(route);
  finish = (route: Route, steps: number): void => this.#router.finish(route, steps);
  back = (): void => this.#router.back();
  backTo = (name: RouteName): boolean => this.#router.backTo(name);
  reset = (route: Route): void => this.#router.reset(route);

  async #arrive(arrival: Arrival): Promise<void> {
    const draw = async (): Promise<void> => {
      this.guard = undefined;
      this.route = arrival.route;
      this.canGoBack = this.#router.canGoBack;
      await tick();
      window.scrollTo(0, arrival.how === 'back' ? arrival.scroll : 0);
    };
    if (arrival.how !== 'start' && 'startViewTransition' in document && !calm()) {
      await document.startViewTransition(draw).updateCallbackDone;
    } else {
      await draw();
    }
    if (arrival.how === 'back') focusOpener(arrival.opener, arrival.scroll);
    else focusHeading();
  }
}

export const navigation = new Navigation();
