import { afterEach, describe, expect, it } from 'vitest';
import { overwriteGetLocale } from '../paraglide/runtime';
import * as when from './when';

/** Numbers keep their word on the same line; here a space is a space. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const whenInWords = (...all: Parameters<typeof when.whenInWords>): string => plain(when.whenInWords(...all));
const whenBriefly = (...all: Parameters<typeof when.whenBriefly>): string => plain(when.whenBriefly(...all));
const nextInWords = (...all: Parameters<typeof when.nextInWords>): string | undefined => when.nextInWords(...all) && plain(when.nextInWords(...all) ?? '');
const farInWords = (km: number): string => plain(when.farInWords(km));
const { lengthInWords, zoneNote } = when;

const now = Date.parse('2026-11-23T12:00:00Z');
const zone = 'Europe/Amsterdam';
const moment = (start: string | null, end: string | null = null, time_zone: string | null = zone) => ({ start, end, time_zone });
const speak = (locale: 'nl' | 'en'): void => overwriteGetLocale(() => locale);
speak('nl');
afterEach(() => speak('nl'));

describe('when something is, whole', () => {
  it('says the day and both times in the zone of the activity', () => {
    const saturday = moment('2026-11-28T13:00:00Z', '2026-11-28T15:00:00Z');
    expect(whenInWords(saturday, now)).toBe('Zaterdag 28 november, 14.00 tot 16.00 uur');
    speak('en');
    expect(whenInWords(saturday, now)).toBe('Saturday 28 November, 14:00 to 16:00');
    expect(whenInWords({ ...saturday, time_zone: 'Asia/Tokyo' }, now)).toBe('Saturday 28 November, 22:00 until Sunday 29 November, 00:00');
  });
  it('says only the beginning when there is no end', () => expect(whenInWords(moment('2026-11-28T13:00:00Z'), now)).toBe('Zaterdag 28 november, 14.00 uur'));
  it('says the year when it is another one', () => expect(whenInWords(moment('2027-03-03T08:30:00Z'), now)).toBe('Woensdag 3 maart 2027, 09.30 uur'));
  it('says both days', () => {
    expect(whenInWords(moment('2026-11-28T13:00:00Z', '2026-11-29T15:00:00Z'), now)).toBe('Zaterdag 28 november, 14.00 uur tot zondag 29 november, 16.00 uur');
  });
  it('says whole days where it goes from midnight to midnight', () => {
    expect(whenInWords(moment('2026-11-27T23:00:00Z', '2026-11-28T23:00:00Z'), now)).toBe('Zaterdag 28 november');
    expect(whenInWords(moment('2026-11-27T23:00:00Z', '2026-11-29T23:00:00Z'), now)).toBe('Zaterdag 28 november tot en met zondag 29 november');
    expect(whenInWords(moment('2026-11-27T23:00:00Z'), now)).toBe('Zaterdag 28 november');
  });
  it('is for any time without a date, or with one that is none', () => {
    expect(whenInWords(moment(null), now)).toBe('Wanneer je wilt');
    expect(whenInWords(moment('straks'), now)).toBe('Wanneer je wilt');
  });
  it('goes on until its end when only that is known', () => {
    for (const words of [whenInWords, whenBriefly]) expect(words({ start: null, end: '2026-11-28T13:00:00Z', time_zone: 'Europe/Amsterdam' }, now)).toBe('Tot en met zaterdag 28 november');
  });
  it('says in English too that the last day is one of them', () => {
    speak('en');
    expect(whenInWords({ start: null, end: '2026-11-28T13:00:00Z', time_zone: zone }, now)).toBe('Last day: Saturday 28 November');
    expect(whenInWords(moment('2026-11-27T23:00:00Z', '2026-11-29T23:00:00Z'), now)).toBe('Saturday 28 November to Sunday 29 November');
  });
  it('says that it is not known where the city does not tell', () => {
    const untold = { start: null, time_zone: null, when_unknown: true };
    for (const words of [whenInWords, whenBriefly]) {
      expect(words(untold, now)).toBe('Wanneer: kijk op de pagina');
      expect(words({ ...untold, end: '2026-11-28T13:00:00Z' }, now)).toBe('Eindigt zaterdag 28 november');
    }
  });
  it('takes this device’s clock for a zone that nobody knows', () => {
    const own = whenInWords(moment('2026-11-28T13:00:00Z', null, null), now);
    expect(whenInWords(moment('2026-11-28T13:00:00Z', null, 'Mars/Olympus'), now)).toBe(own);
  });
  it('does not end before it begins', () => expect(whenInWords(moment('2026-11-28T13:00:00Z', '2026-11-28T11:00:00Z'), now)).toBe('Zaterdag 28 november, 14.00 uur'));
});

describe('when something is, in a list', () => {
  const whenInList = (...all: Parameters<typeof when.whenInList>): string | undefined => when.whenInList(...all)?.replaceAll('\u00a0', ' ');
  it('says that it is over', () => {
    expect(whenInList({ ...moment('2026-11-20T13:00:00Z'), kind: 'activity', past: true }, now)).toBe('Vr 20 nov · 14.00 uur · Dit is al geweest.');
    expect(whenInList({ ...moment('2026-11-20T13:00:00Z', '2026-12-04T13:00:00Z'), past: false }, now)).toBe('Tot en met vr 4 dec');
  });
  it('says nothing where a date is missing and none is needed', () => {
    expect(whenInList({ ...moment(null), kind: 'activity', past: false }, now)).toBe('Wanneer je wilt');
    for (const kind of ['playlist', 'badge', undefined] as const) expect(whenInList({ ...moment(null), kind, past: false }, now)).toBeUndefined();
    expect(whenInList({ ...moment(null, '2026-12-04T13:00:00Z'), kind: 'playlist', past: false }, now)).toBe('Tot en met vrijdag 4 december');
  });
});

describe('when something is, on a card', () => {
  it('is short, and says today and tomorrow', () => {
    expect(whenBriefly(moment('2026-11-28T13:00:00Z'), now)).toBe('Za 28 nov · 14.00 uur');
    expect(whenBriefly(moment('2026-11-23T17:00:00Z'), now)).toBe('Vandaag · 18.00 uur');
    expect(whenBriefly(moment('2026-11-24T17:00:00Z'), now)).toBe('Morgen · 18.00 uur');
    expect(whenBriefly(moment(null), now)).toBe('Wanneer je wilt');
  });
  it('says until when, once it has begun', () => {
    expect(whenBriefly(moment('2026-11-23T11:00:00Z', '2026-11-23T15:00:00Z'), now)).toBe('Nu bezig, tot 16.00 uur');
    expect(whenBriefly(moment('2026-11-01T11:00:00Z', '2027-02-01T10:00:00Z'), now)).toBe('Tot en met ma 1 feb 2027');
    expect(whenBriefly(moment('2026-11-01T11:00:00Z', '2026-11-23T23:00:00Z'), now)).toBe('Tot en met vandaag');
  });
});

describe('the next part', () => {
  it('is told by its weekday in the days to come', () => {
    expect(nextInWords(moment('2026-11-28T13:00:00Z'), now)).toBe('zaterdag 14.00 uur');
    expect(nextInWords(moment('2026-11-24T13:00:00Z'), now)).toBe('morgen 14.00 uur');
    expect(nextInWords(moment('2026-12-28T13:00:00Z'), now)).toBe('28 december');
    expect(nextInWords(moment(null), now)).toBeUndefined();
  });
});

describe('the zone', () => {
  it('is said when the clock there tells another time', () => {
    expect(zoneNote(moment('2026-11-28T13:00:00Z'), 'America/New_York')).toBe('(tijd in Amsterdam)');
    expect(zoneNote(moment('2026-11-28T13:00:00Z', null, 'America/New_York'), zone)).toBe('(tijd in New York)');
  });
  it('is not said otherwise', () => {
    expect(zoneNote(moment('2026-11-28T13:00:00Z'), 'Europe/Brussels')).toBeUndefined();
    expect(zoneNote(moment('2026-11-28T13:00:00Z', null, 'Mars/Olympus'), zone)).toBeUndefined();
    expect(zoneNote(moment(null), 'Asia/Tokyo')).toBeUndefined();
  });
  it('differs in summer only, where one of both has summer time', () => {
    expect(zoneNote(moment('2026-07-01T12:00:00Z', null, 'Africa/Lagos'), zone)).toBe('(tijd in Lagos)');
    expect(zoneNote(moment('2026-12-01T12:00:00Z', null, 'Africa/Lagos'), zone)).toBeUndefined();
  });
});

it('says how long', () => {
  expect([45, 60, 90, 120, 240].map(lengthInWords)).toEqual(['45 minuten', '1 uur', '1 uur en 30 minuten', '2 uur', '4 uur'].map((text) => text.replaceAll(/(\d) /g, '$1\u00a0')));
});

it('says how far', () => {
  expect([0.01, 0.32, 0.94, 1.24, 3, 12.4].map(farInWords)).toEqual(['50 m', '300 m', '950 m', '1,2 km', '3 km', '12 km']);
  speak('en');
  expect(farInWords(1.24)).toBe('1.2 km');
});
