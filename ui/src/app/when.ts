import type { ActivityKind } from '../backend/types.gen';
import { getLocale } from '../paraglide/runtime';
import * as m from '../paraglide/messages';

/** When something is, and in which time zone that is meant. */
export interface Moment {
  start: string | null;
  end?: string | null;
  time_zone: string | null;
  /** Its city does not tell this app when. */
  when_unknown?: boolean;
}

/** A moment as a clock on the wall tells it. */
interface Wall {
  weekday: string;
  day: string;
  month: string;
  year: string;
  /** The hour of day and the minute: "14.00" in Dutch, "14:00" in English. */
  time: string;
  /** "2026-11-28", to compare days. */
  date: string;
  midnight: boolean;
}

/** A zone that this device knows; its own otherwise. */
function known(zone: string | null | undefined): string | undefined {
  if (!zone) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function wall(time: number, zone: string | undefined, short: boolean): Wall {
  const locale = getLocale() === 'en' ? 'en-GB' : getLocale();
  const width = short ? 'short' : 'long';
  const words = new Intl.DateTimeFormat(locale, { weekday: width, day: 'numeric', month: width, timeZone: zone }).formatToParts(time);
  const digits = new Intl.DateTimeFormat('en', { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).formatToParts(time);
  const word = (type: string): string => words.find((part) => part.type === type)?.value.replace('.', '') ?? '';
  const digit = (type: string): string => digits.find((part) => part.type === type)?.value ?? '';
  const [hour, minute] = [digit('hour'), digit('minute')];
  return {
    weekday: word('weekday'), day: word('day'), month: word('month'), year: digit('year'),
    time: getLocale() === 'nl' ? `${hour}.${minute}` : `${hour}:${minute}`,
    date: `${digit('year')}-${digit('month')}-${digit('day')}`,
    midnight: hour === '00' && minute === '00',
  };
}

/** A number and its word stay on one line. */
const kept = (text: string): string => text.replaceAll(' ', '\u00a0');
const hour = (time: string): string => kept(m.activity_time({ time }));
const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

/** The day: "vandaag", "morgen", "zaterdag 28 november", with the year when it is another one. */
function dayInWords(at: Wall, today: Wall): string {
  const ahead = dayOf(at.date) - dayOf(today.date);
  if (ahead === 0) return m.activity_today();
  if (ahead === 1) return m.activity_tomorrow();
  return `${at.weekday} ${at.day} ${at.month}${at.year === today.year ? '' : ` ${at.year}`}`;
}

/** Without a beginning it goes on until its end; without both it is for any time, unless its city does not tell. */
function withoutStart(end: string | null, time_zone: string | null, when_unknown: boolean, now: number): string {
  const until = end === null ? NaN : Date.parse(end);
  if (Number.isNaN(until)) return when_unknown ? m.activity_when_unknown() : m.activity_any_time();
  const zone = known(time_zone);
  const last = wall(until, zone, false).midnight ? wall(until - 60_000, zone, false) : wall(until, zone, false);
  const date = dayInWords(last, wall(now, zone, false));
  // Where the city keeps the beginning to itself, it may all be on that day.
  return when_unknown ? m.activity_ends({ date }) : m.activity_until({ date });
}

/** When something is, on a card: "Za 28 nov · 14.00 uur". Without a date it is for any time. */
export function whenBriefly({ start, end = null, time_zone, when_unknown = false }: Moment, now = Date.now()): string {
  const from = start === null ? NaN : Date.parse(start);
  if (Number.isNaN(from)) return withoutStart(end, time_zone, when_unknown, now);
  const zone = known(time_zone);
  const [first, today] = [wall(from, zone, true), wall(now, zone, true)];
  const until = end === null ? NaN : Date.parse(end);
  if (from <= now && until > now) {
    // What ends at midnight ends the day before.
    const midnight = wall(until, zone, true).midnight;
    const last = wall(midnight ? until - 60_000 : until, zone, true);
    return last.date === today.date && !midnight ? m.activity_until_time({ time: hour(last.time) }) : m.activity_until({ date: dayInWords(last, today) });
  }
  const day = capital(dayInWords(first, today));
  return first.midnight ? day : `${day} · ${hour(first.time)}`;
}

/** As above, in a list: what is over is said to be, and what is no activity and has no date says nothing. */
export function whenInList({ kind, past, ...moment }: Moment & { kind?: ActivityKind; past: boolean }, now = Date.now()): string | undefined {
  if (kind !== 'activity' && !moment.start && !moment.end) return undefined;
  const when = whenBriefly(moment, now);
  return past ? `${when} · ${m.activity_past()}` : when;
}

/** When something is, whole: "Zaterdag 28 november, 14.00 tot 16.00 uur". */
export function whenInWords({ start, end = null, time_zone, when_unknown = false }: Moment, now = Date.now()): string {
  const from = start === null ? NaN : Date.parse(start);
  if (Number.isNaN(from)) return withoutStart(end, time_zone, when_unknown, now);
  const zone = known(time_zone);
  const [first, today] = [wall(from, zone, false), wall(now, zone, false)];
  const until = end === null ? NaN : Date.parse(end);
  const whole = (at: Wall): string => `${at.weekday} ${at.day} ${at.month}${at.year === today.year ? '' : ` ${at.year}`}`;
  const day = capital(whole(first));
  if (Number.isNaN(until) || until <= from) return first.midnight ? day : m.activity_at({ date: day, time: hour(first.time) });
  const last = wall(until, zone, false);
  // What begins and ends at midnight is told in whole days; the last one is the day that ends then.
  if (first.midnight && last.midnight) {
    const ends = wall(until - 60_000, zone, false);
    return ends.date === first.date ? day : m.activity_days({ first: day, last: whole(ends) });
  }
  if (last.date === first.date) return m.activity_from_to({ date: day, from: first.time, to: hour(last.time) });
  return m.activity_span({
    first: m.activity_at({ date: day, time: hour(first.time) }),
    last: m.activity_at({ date: whole(last), time: hour(last.time) }),
  });
}

/** "zaterdag 14.00 uur" for the coming days, "28 november" for later: when the next part is. */
export function nextInWords({ start, time_zone }: Moment, now = Date.now()): string | undefined {
  const from = start === null ? NaN : Date.parse(start);
  if (Number.isNaN(from)) return undefined;
  const zone = known(time_zone);
  const [first, today] = [wall(from, zone, false), wall(now, zone, false)];
  const ahead = dayOf(first.date) - dayOf(today.date);
  const day = ahead < 2 ? dayInWords(first, today) : ahead < 7 ? first.weekday : `${first.day} ${first.month}`;
  return first.midnight || ahead >= 7 ? day : `${day} ${hour(first.time)}`;
}

/** The place of the clock that is meant, when it tells another time than this device's does: "tijd in Amsterdam". */
export function zoneNote({ start, time_zone }: Moment, own?: string): string | undefined {
  const zone = known(time_zone);
  const from = start === null ? NaN : Date.parse(start);
  if (!zone || Number.isNaN(from)) return undefined;
  const [there, here] = [wall(from, zone, false), wall(from, own, false)];
  if (there.date === here.date && there.time === here.time) return undefined;
  return m.activity_zone({ place: (time_zone ?? zone).split('/').at(-1)?.replaceAll('_', ' ') ?? zone });
}

/** How long something takes: "45 minuten", "1 uur", "1 uur en 30 minuten". */
export function lengthInWords(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const long = hours === 0 ? '' : hours === 1 ? m.activity_hour() : m.activity_hours({ count: hours });
  const short = rest === 0 ? '' : m.activity_minutes({ count: rest });
  return long && short ? m.activity_hours_minutes({ hours: kept(long), minutes: kept(short) }) : kept(long || short);
}

/** How far: "300 m", "1,2 km". */
export function farInWords(km: number): string {
  if (km < 0.95) return kept(`${Math.max(50, Math.round(km * 20) * 50)} m`);
  return kept(`${new Intl.NumberFormat(getLocale() === 'en' ? 'en-GB' : getLocale(), { maximumFractionDigits: km < 10 ? 1 : 0 }).format(km)} km`);
}
