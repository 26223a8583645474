import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { WalletError } from '../backend/backend';
import type { ActivityDetail, ErrorCode, Freshness } from '../backend/types.gen';
import type * as State from './reading.svelte';

// Without the compiler a rune is what it holds.
vi.stubGlobal('$state', Object.assign(<T>(value: T): T => value, { raw: <T>(value?: T): T | undefined => value }));
vi.mock('./wallet.svelte', () => ({ wallet: { offline: false } }));
const asked = vi.hoisted(() => ({ call: (_args: { freshness: Freshness }): unknown => undefined }));
vi.mock('../backend', async () => ({ ...(await import('../backend/backend')), call: async (_command: string, args: { freshness: Freshness }) => asked.call(args) }));

let { Reading }: Partial<typeof State> = {};
let answer: () => unknown;
let tries: number;
const half = (problem: ErrorCode | null): ActivityDetail => ({ whole: false, seen_at: '', problem }) as ActivityDetail;
function reading(): State.Reading {
  if (!Reading) throw new Error('not loaded');
  return new Reading('1@stad.example');
}

beforeAll(async () => ({ Reading } = await import('./reading.svelte')));
beforeEach(() => {
  tries = 0;
  asked.call = ({ freshness }) => {
    if (freshness === 'stored') return half(null);
    tries += 1;
    return answer();
  };
});

it('says what went wrong until the city answers, whatever changes meanwhile', async () => {
  const one = reading();
  answer = () => half('city_busy');
  await one.look();
  expect(one).toMatchObject({ problem: 'city_busy', asking: false });
  await one.look();
  expect(one.problem).toBe('city_busy');
  expect(tries, 'a change asks nothing more').toBe(1);
  answer = () => { throw new WalletError('internal'); };
  await one.ask();
  expect(one.problem).toBe('internal');
  answer = () => half(null);
  await one.ask();
  expect(one.problem).toBeNull();
});

it('looks again at what changed while the city was asked', async () => {
  const one = reading();
  let late: (answer: unknown) => void = () => undefined;
  answer = () => new Promise((done) => (late = done));
  const looking = one.look();
  await vi.waitFor(() => expect(one.asking).toBe(true));
  await Promise.all([one.look(), one.ask()]);
  expect(tries).toBe(1);
  late(half('offline'));
  await looking;
  expect(one.problem).toBe('offline');
  expect(one.stored.value?.problem, 'as it is stored').toBeNull();
});
