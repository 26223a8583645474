/** Every screen, with what it needs to be drawn. A route lives in the history entry, not in the address: no badge id ends up in one. */
export type Route =
  | { name: 'badges' }
  | { name: 'badge'; id: string; fresh?: boolean }
  | { name: 'scan' }
  | { name: 'paste'; check?: boolean }
  | { name: 'check' }
  | { name: 'incoming' }
  | { name: 'shown' }
  | { name: 'choose'; link?: boolean }
  | { name: 'code' }
  | { name: 'share' }
  | { name: 'share_preview' }
  | { name: 'link'; id: string }
  | { name: 'links' }
  | { name: 'host' }
  | { name: 'open_share' }
  | { name: 'discover' }
  | { name: 'discover_filters' }
  | { name: 'cities' }
  | { name: 'activity'; id: string }
  | { name: 'map' }
  | { name: 'tiles' }
  | { name: 'earn_code'; /** What was typed before. */ code?: string }
  | { name: 'claim_code'; code: string; /** The one city that gets it, where that is known. */ city: string | null; host: string | null }
  | { name: 'claim'; id: string }
  | { name: 'claims' }
  | { name: 'city_found'; address: string; called: string; host: string }
  | { name: 'city_sign_in'; id: string }
  | { name: 'platform'; id: string }
  | { name: 'more' }
  | { name: 'language' }
  | { name: 'theme' }
  | { name: 'addresses' }
  | { name: 'issuers' }
  | { name: 'history' }
  | { name: 'export' }
  | { name: 'lock' }
  | { name: 'about' }
  | { name: 'licences' }
  | { name: 'accessibility' }
  | { name: 'erase' };

export type RouteName = Route['name'];

/** Screens that show something held in memory only. After a reload there is nothing to go back to: they lead home. */
const momentary: ReadonlySet<RouteName> = new Set(['incoming', 'shown', 'code', 'scan', 'paste', 'share', 'share_preview', 'open_share', 'claim_code', 'city_found']);

const names: ReadonlySet<string> = new Set<RouteName>([
  'badges', 'badge', 'scan', 'paste', 'check', 'incoming', 'shown', 'choose', 'code', 'share', 'share_preview', 'link', 'links', 'host', 'open_share', 'discover', 'discover_filters', 'cities', 'activity', 'map', 'tiles', 'earn_code', 'claim_code', 'claim', 'claims', 'city_found', 'city_sign_in', 'platform', 'more', 'language', 'theme', 'addresses', 'issuers',
  'history', 'export', 'lock', 'about', 'licences', 'accessibility', 'erase',
]);

/** Screens of one thing. */
const withId: ReadonlySet<RouteName> = new Set(['badge', 'link', 'activity', 'claim', 'city_sign_in', 'platform']);

export const home: Route = { name: 'badges' };

/** The main tab that a route belongs to; `null` for full-screen steps, which have no tab bar. */
export function tabOf(route: Route): 'badges' | 'discover' | 'more' | null {
  return route.name === 'badges' || route.name === 'discover' || route.name === 'more' ? route.name : null;
}

/** A route from a history entry of an earlier run, or home. */
export function restoredRoute(value: unknown): Route {
  if (typeof value !== 'object' || value === null || !('name' in value)) return home;
  const { name } = value;
  if (typeof name !== 'string' || !names.has(name) || momentary.has(name as RouteName)) return home;
  if (withId.has(name as RouteName) && !('id' in value && typeof value.id === 'string')) return home;
  return value as Route;
}
