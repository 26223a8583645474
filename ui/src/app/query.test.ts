import { describe, expect, it } from 'vitest';
import { bounds, filtersSet, noWish, oneOfName, queryOf, type Stretch } from './query';

// On this device's clock, whatever zone it is in.
const at = (year: number, month: number, day: number, hour = 0): Date => new Date(year, month - 1, day, hour);
const days = (stretch: Stretch, now: Date, first = '', last = ''): (string | null)[] => {
  const { from, to } = bounds({ stretch, first, last }, now);
  const local = (text: string | null): string | null => {
    if (text === null) return null;
    const date = new Date(text);
    expect([date.getHours(), date.getMinutes()]).toEqual([0, 0]);
    return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
  };
  return [local(from), local(to)];
};

describe('a stretch of days', () => {
  it('is today until midnight', () => expect(days('today', at(2026, 11, 25, 14))).toEqual([null, '2026-11-26']));
  it('is a week that ends on Sunday', () => {
    expect(days('week', at(2026, 11, 25, 14))).toEqual([null, '2026-11-30']);
    expect(days('week', at(2026, 11, 29, 23))).toEqual([null, '2026-11-30']);
    expect(days('week', at(2026, 11, 30))).toEqual([null, '2026-12-7']);
  });
  it('is a weekend to come, or the one that is on', () => {
    expect(days('weekend', at(2026, 11, 25, 14))).toEqual(['2026-11-28', '2026-11-30']);
    expect(days('weekend', at(2026, 11, 28, 9))).toEqual([null, '2026-11-30']);
    expect(days('weekend', at(2026, 11, 29, 9))).toEqual([null, '2026-11-30']);
  });
  it('is a month until its end', () => {
    expect(days('month', at(2026, 12, 31, 9))).toEqual([null, '2027-1-1']);
    expect(days('month', at(2027, 2, 1))).toEqual([null, '2027-3-1']);
  });
  it('is own days with the last one in it, and never what is over', () => {
    expect(days('own', at(2026, 11, 25, 9), '2026-12-01', '2026-12-05')).toEqual(['2026-12-1', '2026-12-6']);
    expect(days('own', at(2026, 11, 25, 9), '2026-11-01', '')).toEqual([null, null]);
    expect(days('own', at(2026, 11, 25, 9), '', '2026-12-31')).toEqual([null, '2027-1-1']);
    expect(days('own', at(2026, 11, 25, 9), 'gisteren', 'x')).toEqual([null, null]);
  });
  it('crosses the change of the clock', () => expect(days('week', at(2026, 10, 21, 9))).toEqual([null, '2026-10-26']));
});

describe('categories', () => {
  it('are one row where two keys have one name', () => {
    const facet = (id: string, name: string) => ({ id, name, count: 1 });
    expect(oneOfName([facet('arts', 'Kunst'), facet('sport', 'Sport'), facet('art', 'Kunst')])).toEqual([{ name: 'Kunst', ids: ['arts', 'art'] }, { name: 'Sport', ids: ['sport'] }]);
  });
});

describe('a wish', () => {
  it('asks for everything at first', () => {
    expect(queryOf(noWish())).toEqual({ search: null, kind: null, city: null, from: null, to: null, categories: [], skills: [], near: null, online: false, planned: false, offset: 0, limit: null });
    expect(filtersSet(noWish())).toBe(0);
  });
  it('asks for all of it together', () => {
    const near = { lat: 52.1, lng: 5.1, km: 3 };
    const wish = { ...noWish(), search: '  fiets ', stretch: 'today' as const, categories: ['sport'], skills: ['s'], near, online: true, playlists: true, planned: true };
    expect(queryOf(wish, at(2026, 11, 25))).toMatchObject({ search: 'fiets', kind: 'playlist', categories: ['sport'], skills: ['s'], near, online: true, planned: true });
    expect(filtersSet(wish)).toBe(5);
  });
  it('counts own days only when one is there', () => {
    expect(filtersSet({ ...noWish(), stretch: 'own' })).toBe(0);
    expect(filtersSet({ ...noWish(), stretch: 'own', last: '2026-12-01' })).toBe(1);
  });
});
