import { describe, expect, it } from 'vitest';
import type { ClaimOutcome, ClaimView } from '../backend/types.gen';
import { told, unfinished } from './claims';
import { errorText } from './errors';

const claim = (over: Partial<ClaimView>): ClaimView => ({ id: '1', code: 'b4nd1a', city: 'Utrecht leert', host: 'utrecht.example', at: '2026-11-23T12:00:00Z', state: 'done', outcome: null, problem: null, ...over });
const done = (outcome: ClaimOutcome) => told(claim({ outcome }));
const url = 'https://utrecht.example/badges/1';

describe('what came of a claim code', () => {
  it('waits for the network', () => {
    expect(told(claim({ state: 'queued', outcome: { kind: 'queued' } })).look).toBe('wait');
    expect(told(claim({ state: 'queued' })).look).toBe('wait');
    expect(told(claim({ state: 'queued', problem: 'offline' })).text).toBe(told(claim({ state: 'queued' })).text);
    const busy = told(claim({ state: 'queued', problem: 'city_busy' }));
    expect(busy).toMatchObject({ look: 'wait', text: errorText('city_busy') });
    expect(busy.line, 'there is internet').not.toBe(told(claim({ state: 'queued' })).line);
  });

  it('opens the page of the city, with its host in the words', () => {
    const what = told(claim({ state: 'browser', outcome: { kind: 'browser', url } }));
    expect(what).toMatchObject({ look: 'go', open: url });
    expect(what.text).toContain('utrecht.example');
    expect(what.fetch).toBeUndefined();
  });

  it('fetches a badge that was given, now or before', () => {
    const gained = { kind: 'gained', name: 'Fietsmaker', now: true, url, kept: false } as const;
    const [now, before, unsaid] = [done(gained), done({ ...gained, now: false }), done({ ...gained, now: null })];
    for (const what of [now, before, unsaid]) expect(what).toMatchObject({ look: 'good', name: 'Fietsmaker', fetch: url, page: url });
    expect(now.title).not.toBe(before.title);
    expect(unsaid.title).toBe(now.title);
    const kept = done({ ...gained, kept: true });
    expect(kept).toMatchObject({ look: 'good', page: url });
    expect(kept.fetch).toBeUndefined();
    expect(kept.text).not.toBe(now.text);
    expect(kept.line).not.toBe(now.line);
  });

  it('sends to the site for a badge that the city does not name', () => {
    const what = done({ kind: 'gained', name: '', now: null, url: null, kept: false });
    const kept = done({ kind: 'gained', name: '', now: null, url: null, kept: true });
    expect(what.name).toBeUndefined();
    expect(what.fetch).toBeUndefined();
    expect(what.text).toContain('utrecht.example');
    expect([what.title, what.text]).not.toEqual([kept.title, kept.text]);
  });

  it('tells the other outcomes apart, and offers a page where there is one', () => {
    expect(done({ kind: 'more', name: 'Taalmaatje', url })).toMatchObject({ look: 'more', name: 'Taalmaatje', page: url });
    expect(done({ kind: 'joined_activity', name: 'Taalmaatje', now: true, url: null })).toMatchObject({ look: 'good', name: 'Taalmaatje' });
    expect(done({ kind: 'joined_organisation', name: 'Wijkteam', now: true })).toMatchObject({ look: 'good', name: 'Wijkteam' });
    expect(done({ kind: 'unknown' }).look).toBe('unknown');
    const lines = [done({ kind: 'more', name: '', url: null }), done({ kind: 'unknown' }), done({ kind: 'joined_organisation', name: '', now: true }), done({ kind: 'gained', name: '', now: true, url: null, kept: false })].map((what) => what.line);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('tells who had joined before that it is not new', () => {
    for (const one of [{ kind: 'joined_activity', name: 'Taalmaatje', url: null }, { kind: 'joined_organisation', name: 'Wijkteam' }] as const) {
      const [now, before, unsaid] = [true, false, null].map((now) => done({ ...one, now }));
      expect([before?.title, before?.text]).not.toEqual([now?.title, now?.text]);
      expect(before?.text).toMatch(/\bal\b/);
      expect(unsaid).toEqual(now);
    }
  });

  it('is finished only when nothing is asked any more', () => {
    const gained = { kind: 'gained', name: 'Fietsmaker', now: true, url, kept: false } as const;
    for (const state of ['queued', 'browser', 'failed'] as const) expect(unfinished(claim({ state })), state).toBe(true);
    for (const outcome of [gained, { ...gained, url: null }, { kind: 'more', name: '', url: null }, { kind: 'unknown' }] as const) {
      expect(unfinished(claim({ outcome })), outcome.kind).toBe(true);
    }
    for (const outcome of [{ ...gained, kept: true }, { kind: 'joined_activity', name: '', now: true, url: null }, { kind: 'joined_organisation', name: '', now: true }] as const) {
      expect(unfinished(claim({ outcome })), outcome.kind).toBe(false);
    }
  });

  it('says why it did not work', () => {
    expect(told(claim({ state: 'failed', problem: 'city_odd' }))).toMatchObject({ look: 'failed', problem: 'city_odd' });
    expect(told(claim({ state: 'failed' }))).toMatchObject({ look: 'failed', problem: 'internal' });
    const none = told(claim({ state: 'failed', problem: 'not_allowed' }));
    expect(none).toMatchObject({ look: 'unknown' });
    expect(none.problem).toBeUndefined();
  });
});
