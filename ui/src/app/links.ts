import type { ShareView } from '../backend/types.gen';
import * as m from '../paraglide/messages';
import { inWords, momentInWords } from './dates';

/** Until when a link works. Never said of a badge. */
export function linkEnds(link: ShareView): string {
  if (!link.ends_at) return m.link_ends_open();
  return link.for_now ? m.link_ends_at({ date: momentInWords(link.ends_at) }) : m.link_ends_at({ date: inWords(link.ends_at) });
}

/** How a link is, in one sentence. It is called closed only when the host has said so. */
export function linkState(link: ShareView): string {
  switch (link.state) {
    case 'draft': return m.link_state_draft();
    case 'sending': return m.link_state_sending();
    case 'open': return linkEnds(link);
    case 'stopping': return m.link_state_stopping();
    case 'stopped': return m.link_state_stopped();
    case 'ended': return m.link_state_ended();
    case 'altered': return m.link_state_altered();
  }
}
