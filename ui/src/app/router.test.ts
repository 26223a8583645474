import { describe, expect, it } from 'vitest';
import { restoredRoute, tabOf, type Route } from './routes';
import { Router, type Arrival, type HistoryLike } from './router';

/** A history as a browser keeps it, without a browser. */
class Entries implements HistoryLike {
  entries: unknown[];
  at = 0;
  popped: (state: unknown) => void = () => undefined;
  constructor(first: unknown = null) {
    this.entries = [first];
  }
  get state(): unknown {
    return this.entries[this.at];
  }
  pushState(state: unknown): void {
    this.entries = [...this.entries.slice(0, this.at + 1), structuredClone(state)];
    this.at += 1;
  }
  replaceState(state: unknown): void {
    this.entries[this.at] = structuredClone(state);
  }
  go(by = 0): void {
    const to = this.at + by;
    if (to < 0 || to >= this.entries.length) return;
    this.at = to;
    this.popped(this.state);
  }
}

function start(first?: unknown, extra: { mayLeave?: () => boolean; leaving?: () => { opener?: string; scroll: number } } = {}) {
  const history = new Entries(first);
  const arrivals: Arrival[] = [];
  const router = new Router({ history, arrive: (arrival) => arrivals.push(arrival), ...extra });
  history.popped = (state) => router.popped(state);
  router.start();
  return { history, arrivals, router, last: () => arrivals.at(-1) };
}

describe('the router', () => {
  it('starts at home and has nowhere to go back to', () => {
    const { router, last } = start();
    expect(last()).toMatchObject({ route: { name: 'badges' }, how: 'start' });
    expect(router.canGoBack).toBe(false);
  });

  it('gives the opener and the scroll position back', () => {
    const { router, last } = start(undefined, { leaving: () => ({ opener: 'badge-7', scroll: 420 }) });
    router.push({ name: 'badge', id: '7' });
    expect(router.canGoBack).toBe(true);
    router.back();
    expect(last()).toEqual({ route: { name: 'badges' }, how: 'back', opener: 'badge-7', scroll: 420 });
  });

  it('skips a replaced step on the way back', () => {
    const { router } = start();
    router.push({ name: 'paste' });
    router.replace({ name: 'incoming' });
    router.back();
    expect(router.route).toEqual({ name: 'badges' });
  });

  it('collapses the stack when a tab is chosen', () => {
    const { router, history, last } = start();
    router.push({ name: 'more' });
    router.push({ name: 'about' });
    router.reset({ name: 'badges' });
    expect(history.at).toBe(0);
    expect(router.canGoBack).toBe(false);
    expect(last()).toMatchObject({ route: { name: 'badges' }, how: 'replace' });
  });

  it('ends a flow where it began', () => {
    const { router, history, last } = start();
    router.push({ name: 'share' });
    router.push({ name: 'share_preview' });
    router.finish({ name: 'link', id: 'a' }, 2);
    expect(last()).toMatchObject({ route: { name: 'link', id: 'a' }, how: 'replace' });
    expect(history.at).toBe(1);
    router.back();
    expect(router.route).toEqual({ name: 'badges' });
  });

  it('goes back to a screen that waits below, over what came after it', () => {
    const { router, history, last } = start();
    const code: Route = { name: 'claim_code', code: 'b4nd1a', city: null, host: null };
    router.push(code);
    router.push({ name: 'cities' });
    router.push({ name: 'scan' });
    router.replace({ name: 'city_found', address: 'https://stad.example', called: 'Stad', host: 'stad.example' });
    expect(router.backTo('claim_code')).toBe(true);
    expect(last()).toMatchObject({ route: code, how: 'back' });
    expect(history.at).toBe(1);
    expect(router.backTo('claim_code'), 'it is the one that is shown').toBe(false);
    router.reset({ name: 'discover' });
    router.push({ name: 'cities' });
    expect(router.backTo('claim_code')).toBe(false);
  });

  it('keeps a step that may not be left', () => {
    let may = false;
    const { router, history } = start(undefined, { mayLeave: () => may });
    router.push({ name: 'incoming' });
    router.back();
    expect(router.route).toEqual({ name: 'incoming' });
    expect(history.at).toBe(1);
    may = true;
    router.back();
    expect(router.route).toEqual({ name: 'badges' });
  });

  it('never brings a step back whose contents are gone', () => {
    const { router, history } = start();
    router.push({ name: 'incoming' });
    router.back();
    history.go(1);
    expect(router.route).toEqual({ name: 'badges' });
  });

  it('goes home from a screen that a reload left without a stack', () => {
    const { router } = start({ route: { name: 'about' }, under: [] });
    expect(router.route).toEqual({ name: 'about' });
    router.back();
    expect(router.route).toEqual({ name: 'badges' });
  });
});

describe('a restored route', () => {
  it.each([null, 7, {}, { name: 'nowhere' }, { name: 'badge' }, { name: 'incoming' }, { name: 'code' }])('%j leads home', (kept) => {
    expect(restoredRoute(kept)).toEqual({ name: 'badges' });
  });
  it.each<Route>([{ name: 'badge', id: 'x' }, { name: 'history' }])('%j is kept', (kept) => {
    expect(restoredRoute(kept)).toEqual(kept);
  });
  it('has a tab bar only on the tabs', () => {
    expect(tabOf({ name: 'more' })).toBe('more');
    expect(tabOf({ name: 'badge', id: '1' })).toBeNull();
  });
});
