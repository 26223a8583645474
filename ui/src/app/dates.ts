import { getLocale } from '../paraglide/runtime';
import * as m from '../paraglide/messages';

const day = 86_400_000;

/** English as the core writes its dates: "3 March 2027". */
const locale = (): string => (getLocale() === 'en' ? 'en-GB' : getLocale());

/** A date in words: "3 maart 2027". The text as it is, when it is no date. */
export function inWords(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(time);
}

/** A date and a time in words. */
export function momentInWords(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeStyle: 'short' }).format(time);
}

/** How many calendar days ago. */
export function daysAgo(date: string, now: number): number {
  const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(Date.parse(date))) / day);
}

/** When something was checked: relative under 7 days, the date after. */
export function checkedWhen(date: string, now = Date.now()): string {
  const days = daysAgo(date, now);
  if (Number.isNaN(days)) return '';
  if (days <= 0) return m.checked_today();
  if (days === 1) return m.checked_yesterday();
  if (days < 7) return m.checked_days_ago({ count: days });
  return m.checked_on({ date: inWords(date) });
}

/** When a city last told what there is: relative under 7 days, the date after. */
export function updatedWhen(date: string, now = Date.now()): string {
  const days = daysAgo(date, now);
  if (Number.isNaN(days)) return '';
  if (days <= 0) return m.discover_updated_today();
  if (days === 1) return m.discover_updated_yesterday();
  if (days < 7) return m.discover_updated_days_ago({ count: days });
  return m.discover_updated_on({ date: inWords(date) });
}
