import type { ClaimOutcome, ClaimView, ErrorCode } from '../backend/types.gen';
import { errorText } from './errors';
import * as m from '../paraglide/messages';

/** How a claim is told: `look` chooses the mark, `line` says it in a list. */
export interface Told {
  look: 'wait' | 'go' | 'good' | 'more' | 'unknown' | 'failed';
  line: string;
  title: string;
  text: string;
  /** Of the badge, the activity or the organisation, as the city calls it. */
  name?: string;
  /** A page to open in the browser before anything else. */
  open?: string;
  /** Where the badge can be fetched. */
  fetch?: string;
  /** A page on the city's site. */
  page?: string;
  /** Why it did not work. */
  problem?: ErrorCode;
}

/** What came of a claim, in words and in what can be done next. */
export function told(claim: ClaimView): Told {
  if (claim.state === 'queued') {
    const waits = ofOutcome({ kind: 'queued' }, claim.host);
    return claim.problem && claim.problem !== 'offline' ? { ...waits, line: m.earn_queued_city_line(), text: errorText(claim.problem) } : waits;
  }
  if (claim.problem === 'not_allowed') return { look: 'unknown', line: m.earn_failed_line(), title: m.earn_title(), text: m.earn_no_codes_text() };
  if (claim.state === 'failed' || !claim.outcome) {
    return { look: 'failed', line: m.earn_failed_line(), title: m.earn_title(), text: '', problem: claim.problem ?? 'internal' };
  }
  return ofOutcome(claim.outcome, claim.host);
}

/** Whether a code asks for something still: an answer, a badge to bring in, a look at what the city said. */
export function unfinished({ state, outcome }: ClaimView): boolean {
  if (state !== 'done') return true;
  return outcome?.kind === 'gained' ? !outcome.kept : outcome?.kind === 'more' || outcome?.kind === 'unknown';
}

function ofOutcome(outcome: ClaimOutcome, host: string): Told {
  switch (outcome.kind) {
    case 'queued':
      return { look: 'wait', line: m.earn_queued_line(), title: m.earn_queued_title(), text: m.earn_queued_text() };
    case 'browser':
      return { look: 'go', line: m.earn_browser_line(), title: m.earn_browser_title(), text: m.earn_browser_text({ host }), open: outcome.url };
    case 'gained': {
      const { name, now, url, kept } = outcome;
      const what = { look: 'good', line: kept ? m.earn_gained_line() : m.earn_gained_new_line(), ...(name && { name }), ...(url && { page: url }) } as const;
      const title = now === false ? m.earn_had_title() : m.earn_gained_title();
      if (kept) return { ...what, title, text: m.earn_kept_text() };
      if (!url) return { ...what, title: m.earn_some_title(), text: m.earn_some_text({ host }) };
      return { ...what, title, text: now === false ? m.earn_had_text() : m.earn_gained_text(), fetch: url };
    }
    case 'more':
      return { look: 'more', line: m.earn_more_line(), title: m.earn_more_title(), text: m.earn_more_text(), name: outcome.name, ...(outcome.url ? { page: outcome.url } : {}) };
    case 'joined_activity': {
      const text = outcome.now === false ? m.earn_joined_activity_before_text() : m.earn_joined_activity_text();
      return { ...joined(outcome), text, ...(outcome.url ? { page: outcome.url } : {}) };
    }
    case 'joined_organisation':
      return { ...joined(outcome), text: outcome.now === false ? m.earn_joined_organisation_before_text() : m.earn_joined_organisation_text() };
    case 'unknown':
      return { look: 'unknown', line: m.earn_unknown_code_line(), title: m.earn_unknown_code_title(), text: m.earn_unknown_code_text() };
  }
}

/** What an activity and an organisation have in common: who had joined before is not told that it is new. */
function joined({ name, now }: { name: string; now: boolean | null }) {
  const title = now === false ? m.earn_joined_before_title() : m.earn_joined_title();
  return { look: 'good', line: title, title, name } as const;
}
