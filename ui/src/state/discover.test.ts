import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WalletError } from '../backend/backend';
import type { ActivityCard } from '../backend/types.gen';
import type * as State from './discover.svelte';

// Without the compiler a rune is what it holds.
vi.stubGlobal('$state', Object.assign(<T>(value: T): T => value, { raw: <T>(value?: T): T | undefined => value }));

const asked = vi.hoisted(() => ({ call: (_command: string, _args: Record<string, unknown>): unknown => undefined }));
vi.mock('../backend', async () => ({ ...(await import('../backend/backend')), call: async (command: string, args: Record<string, unknown>) => asked.call(command, args) }));

const card = (place: number): ActivityCard => ({ id: String(place), title: `Activiteit ${place}`, progress: null }) as ActivityCard;
const all = Array.from({ length: 78 }, (_, place) => card(place));
const page = (offset: number) => ({ activities: all.slice(offset, offset + 60), total: all.length, all: all.length, categories: [], skills: [], refreshed_at: null });
const city = (id: string, problem: string | null) => ({ id, problem });

let { discover }: Partial<typeof State> = {};
let answers: Record<string, (args: { query?: { offset: number; kind: string | null }; id?: string }) => unknown>;
const state = (): typeof State.discover => {
  if (!discover) throw new Error('not loaded');
  return discover;
};

beforeAll(async () => ({ discover } = await import('./discover.svelte')));
beforeEach(() => {
  state().forget();
  answers = {
    cities: () => ({ chosen: [city('a', 'unreachable'), city('b', null)], known: [] }),
    activities: ({ query }) => (query?.kind === 'playlist' ? { ...page(0), activities: [], total: 0 } : page(query?.offset ?? 0)),
    suggestions: () => [],
  };
  asked.call = (command, args) => answers[command]?.(args);
});

describe('the list', () => {
  it('goes on to its end when something changed while a page was on its way', async () => {
    await state().load();
    expect(state().cards).toHaveLength(60);
    const { activities } = answers;
    let late: (answer: unknown) => void = () => undefined;
    answers.activities = (args) => (args.query?.offset === 60 ? new Promise((done) => (late = done)) : activities?.(args));
    const dropped = state().more();
    await state().load();
    answers.activities = (args) => activities?.(args);
    await state().more();
    expect(state().cards).toHaveLength(78);
    late(page(60));
    await dropped;
    expect(state().cards).toEqual(all);
  });

  it('has each card once while a city fills and pushes some to the next page', async () => {
    await state().load();
    await state().more();
    answers.activities = ({ query }) => ({ ...page(0), activities: query?.offset === 60 ? all.slice(55) : all.slice(0, 60) });
    await state().load();
    expect(state().cards).toEqual(all);
  });

  it('says how many were found only once it was asked what is wished', async () => {
    await state().load();
    state().ask({ online: true });
    expect(state().asking).toBe(true);
    await vi.waitFor(() => expect(state().asking).toBe(false));
    expect(state().found).toBe('78 gevonden');
  });
});

describe('what was begun', () => {
  it('stands on top only while something is left to do', async () => {
    const begun = (id: string, next: object | null) => ({ ...card(0), id, progress: { done: 1, total: 3, complete: false, next } });
    answers.activities = ({ query }) => (query?.kind === 'playlist' ? { ...page(0), activities: [begun('over', null), begun('on', { title: 'Deel 2' })], total: 2 } : page(0));
    await state().load();
    expect(state().begun.map(({ id }) => id)).toEqual(['on']);
  });
});

describe('what was asked for', () => {
  it('stays when the filters go, as far as it is no filter', () => {
    state().ask({ search: 'fiets', planned: true, playlists: true, online: true, categories: ['sport'] });
    state().clearFilters();
    expect(state().wish).toMatchObject({ search: 'fiets', planned: true, playlists: true, online: false, categories: [] });
    state().clear();
    expect(state().wish).toMatchObject({ search: '', planned: false, playlists: false });
  });
});

describe('what goes wrong', () => {
  it('is said of the suggestions, also when the list is there', async () => {
    answers.suggestions = () => { throw new WalletError('internal'); };
    state().forYou = true;
    await state().load();
    expect(state()).toMatchObject({ known: true, suggestionsError: { code: 'internal' }, suggestions: undefined });
    answers.suggestions = () => [];
    await state().load();
    expect(state()).toMatchObject({ suggestionsError: undefined, suggestions: [] });
  });

  it('is told of the cities that were asked again', async () => {
    await state().load();
    const tried: string[] = [];
    answers.refresh_city = ({ id }) => { tried.push(id ?? ''); return city(id ?? '', 'unreachable'); };
    expect(await state().retry()).toBe('unreachable');
    answers.refresh_city = () => { throw new WalletError('offline'); };
    expect(await state().retry()).toBe('offline');
    answers.refresh_city = ({ id }) => city(id ?? '', null);
    expect(await state().retry()).toBeUndefined();
    expect(tried).toEqual(['a']);
    expect(state().error).toBeUndefined();
  });
});
