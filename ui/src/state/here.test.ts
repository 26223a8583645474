import { beforeEach, expect, it, vi } from 'vitest';

// Without the compiler a rune is what it holds.
vi.stubGlobal('$state', <T>(value: T): T => value);

type Found = (position: { coords: { latitude: number; longitude: number } }) => void;
let asked: { found: Found; none: () => void }[];
beforeEach(() => {
  asked = [];
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (found: Found, none: () => void) => asked.push({ found, none }) } });
});
const dom = { coords: { latitude: 52.1, longitude: 5.1 } };

it('asks the device once, however often it is tapped', async () => {
  const here = new (await import('./here.svelte')).Here();
  const told: unknown[] = [];
  for (const _ of [1, 2]) here.ask((place) => told.push(place));
  expect([asked.length, here.asking]).toEqual([1, true]);
  asked[0]?.found(dom);
  expect([told, here.asking]).toEqual([[{ lat: 52.1, lng: 5.1 }], false]);
});

it('says nothing of an answer that is no longer wanted, and tells where there is none', async () => {
  const here = new (await import('./here.svelte')).Here();
  const told: unknown[] = [];
  here.ask((place) => told.push(place));
  here.drop();
  asked[0]?.found(dom);
  expect([told, here.asking]).toEqual([[], false]);
  here.ask((place) => told.push(place));
  asked[1]?.none();
  expect(told).toEqual([undefined]);
});
