import * as m from '../paraglide/messages';
import type { ErrorCode } from '../backend/types.gen';

const sentences: Record<ErrorCode, () => string> = {
  not_a_badge: m.error_not_a_badge,
  picture_without_badge: m.error_picture_without_badge,
  password_protected: m.error_password_protected,
  damaged: m.error_damaged,
  too_large: m.error_too_large,
  hostile: m.error_hostile,
  no_badge_there: m.error_no_badge_there,
  offline: m.error_offline,
  unreachable: m.error_unreachable,
  address_refused: m.error_address_refused,
  no_wallet: m.error_no_wallet,
  locked: m.error_locked,
  wrong_passphrase: m.error_wrong_passphrase,
  weak_passphrase: m.error_weak_passphrase,
  passphrase_needed: m.error_passphrase_needed,
  key_store_empty: m.error_key_store_empty,
  key_store_locked: m.error_key_store_locked,
  key_store_denied: m.error_key_store_denied,
  key_store_absent: m.error_key_store_absent,
  busy: m.error_busy,
  too_new: m.error_too_new,
  disk_full: m.error_disk_full,
  wallet_damaged: m.error_wallet_damaged,
  not_found: m.error_not_found,
  not_allowed: m.error_not_allowed,
  too_large_for_codes: m.error_too_large_for_codes,
  cannot_export_so: m.error_cannot_export_so,
  link_damaged: m.error_link_damaged,
  link_too_new: m.error_link_too_new,
  no_share_host: m.error_no_share_host,
  share_unknown: m.error_share_unknown,
  share_ended: m.error_share_ended,
  share_locked: m.error_share_locked,
  passcode_needed: m.error_passcode_needed,
  wrong_passcode: m.error_wrong_passcode,
  weak_passcode: m.error_weak_passcode,
  share_too_large: m.error_share_too_large,
  host_full: m.error_host_full,
  host_busy: m.error_host_busy,
  host_odd: m.error_host_odd,
  clock_wrong: m.error_clock_wrong,
  not_a_city: m.error_not_a_city,
  city_odd: m.error_city_odd,
  city_busy: m.error_city_busy,
  sign_in_needed: m.error_sign_in_needed,
  not_a_claim_code: m.error_not_a_claim_code,
  usage: m.error_usage,
  internal: m.error_internal,
};

let chosen = false;

/** Whether the learner works without internet: then nobody is sent to look at the wifi. */
export function offlineIsChosen(now: boolean): void {
  chosen = now;
}

/** The sentence of an error code. A code of a newer core is told as a fault of ours. */
export function errorText(code: ErrorCode): string {
  if (code === 'offline' && chosen) return m.badges_offline_chosen();
  return (sentences[code] ?? m.error_internal)();
}

/** Codes that say "this is no badge" rather than "something went wrong". */
export function meansNoBadge(code: ErrorCode): boolean {
  return code === 'not_a_badge' || code === 'picture_without_badge' || code === 'no_badge_there';
}
