import type { ActivityQuery, Facet, Near } from '../backend/types.gen';

/** A stretch of days. */
export type Stretch = 'today' | 'week' | 'weekend' | 'month' | 'own';

/** What the learner asks for. */
export interface Wish {
  search: string;
  stretch: Stretch | null;
  /** Of `own`: days as a date field has them, or empty. */
  first: string;
  last: string;
  categories: string[];
  skills: string[];
  near: Near | null;
  online: boolean;
  playlists: boolean;
  planned: boolean;
}

export const noWish = (): Wish => ({
  search: '', stretch: null, first: '', last: '', categories: [], skills: [], near: null, online: false, playlists: false, planned: false,
});

/** From and before which moment, on this device's clock. Without a beginning: from now. A week begins on Monday. */
export function bounds({ stretch, first, last }: Pick<Wish, 'stretch' | 'first' | 'last'>, now: Date): { from: string | null; to: string | null } {
  const midnight = (days: number): string => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toISOString();
  const weekday = (now.getDay() + 6) % 7;
  const dayAfter = (date: string, days: number): string | null => {
    const [year, month, day] = date.split('-').map(Number);
    if (year === undefined || month === undefined || day === undefined || [year, month, day].some(Number.isNaN)) return null;
    return new Date(year, month - 1, day + days).toISOString();
  };
  switch (stretch) {
    case null: return { from: null, to: null };
    case 'today': return { from: null, to: midnight(1) };
    case 'week': return { from: null, to: midnight(7 - weekday) };
    case 'weekend': return { from: weekday < 5 ? midnight(5 - weekday) : null, to: midnight(7 - weekday) };
    case 'month': return { from: null, to: new Date(now.getFullYear(), now.getMonth() + 1, 1).toISOString() };
    case 'own': {
      const from = dayAfter(first, 0);
      // What is over is not shown: a first day before today is today.
      return { from: from !== null && Date.parse(from) > now.getTime() ? from : null, to: dayAfter(last, 1) };
    }
  }
}

/** What the core is asked. */
export function queryOf(wish: Wish, now = new Date()): ActivityQuery {
  return {
    search: wish.search.trim() || null,
    kind: wish.playlists ? 'playlist' : null,
    city: null,
    ...bounds(wish, now),
    categories: wish.categories,
    skills: wish.skills,
    near: wish.near,
    online: wish.online,
    planned: wish.planned,
    offset: 0,
    limit: null,
  };
}

/** Keys that two cities write differently have one word in the app's language: one row, that asks for all of them. */
export function oneOfName(facets: Facet[]): { name: string; ids: string[] }[] {
  const rows = new Map<string, string[]>();
  for (const { name, id } of facets) rows.set(name, [...(rows.get(name) ?? []), id]);
  return [...rows].map(([name, ids]) => ({ name, ids }));
}

/** How many filters are set, those that the screen of filters has. */
export function filtersSet(wish: Wish): number {
  const dates = wish.stretch !== null && (wish.stretch !== 'own' || wish.first !== '' || wish.last !== '');
  return [dates, wish.categories.length > 0, wish.skills.length > 0, wish.near !== null, wish.online].filter(Boolean).length;
}
