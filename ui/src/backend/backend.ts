import type {
  ActivityDetail, ActivityMap, ActivityPage, ActivityQuery, Cities, CityView, ClaimView, PlatformBadge, Suggestion,
  AppState, BadgeDetail, BadgeFilter, BadgePage, BadgePreview, ErrorCode, ExportFormat, Freshness, HistoryEntry,
  Identity, Incoming, Input, NamedFile, NewShare, Origin, Presentation, Saved, Settings, ShareDraft, ShareEnd, ShareView, TrustedIssuer, Verification, WalletEvent,
} from './types.gen';

/** Every command of the facade: its arguments and its answer. The names are one set with the shell's and `serve`'s. */
export interface Commands {
  app_state: { args: Record<never, never>; answer: AppState };
  begin: { args: { passphrase: string | null }; answer: AppState };
  unlock: { args: { passphrase: string | null }; answer: AppState };
  lock: { args: Record<never, never>; answer: AppState };
  set_passphrase: { args: { old: string | null; new: string }; answer: null };
  erase: { args: Record<never, never>; answer: null };
  enter_demo: { args: Record<never, never>; answer: AppState };
  leave_demo: { args: Record<never, never>; answer: AppState };
  inspect: { args: { input: Input; origin: Origin }; answer: Incoming };
  continue_incoming: { args: { id: string }; answer: Incoming };
  claim: { args: { id: string; index: number; address: string }; answer: BadgePreview };
  save: { args: { id: string; chosen: number[] }; answer: Saved };
  dismiss: { args: { id: string }; answer: null };
  badges: { args: { filter: BadgeFilter }; answer: BadgePage };
  badge: { args: { id: string }; answer: BadgeDetail };
  remove_badge: { args: { id: string }; answer: null };
  restore_badge: { args: { id: string }; answer: null };
  export_badge: { args: { id: string; format: ExportFormat }; answer: NamedFile };
  export_all: { args: Record<never, never>; answer: NamedFile };
  verify: { args: { id: string; freshness: Freshness }; answer: Verification };
  present: { args: { ids: string[] }; answer: Presentation };
  check: { args: { input: Input }; answer: Incoming };
  scan_frame: { args: { session: string; width: number; height: number; luma: string }; answer: Incoming | null };
  scan_text: { args: { session: string; text: string }; answer: Incoming };
  identities: { args: Record<never, never>; answer: Identity[] };
  add_identity: { args: { address: string }; answer: null };
  remove_identity: { args: { address: string }; answer: null };
  issuers: { args: Record<never, never>; answer: TrustedIssuer[] };
  add_issuer: { args: { id: string; name: string | null }; answer: null };
  remove_issuer: { args: { id: string }; answer: null };
  history: { args: { offset: number; limit: number }; answer: HistoryEntry[] };
  settings: { args: Record<never, never>; answer: Settings };
  update_settings: { args: { settings: Settings }; answer: Settings };
  take_opened: { args: Record<never, never>; answer: Incoming | null };
  share_draft: { args: { share: NewShare }; answer: ShareDraft };
  keep_share_draft: { args: { share: NewShare }; answer: ShareView };
  share_paper: { args: { id: string }; answer: NamedFile };
  share: { args: { share: NewShare }; answer: ShareView };
  shares: { args: Record<never, never>; answer: ShareView[] };
  refresh_shares: { args: Record<never, never>; answer: ShareView[] };
  change_share: { args: { id: string; share: NewShare }; answer: ShareView };
  extend_share: { args: { id: string; ends: ShareEnd }; answer: ShareView };
  stop_share: { args: { id: string }; answer: ShareView };
  reopen_share: { args: { id: string }; answer: ShareView };
  forget_share: { args: { id: string }; answer: null };
  open_share: { args: { id: string; passcode: string }; answer: Incoming };
  retry_checks: { args: Record<never, never>; answer: null };
  cities: { args: Record<never, never>; answer: Cities };
  add_city: { args: { address: string }; answer: CityView };
  remove_city: { args: { id: string }; answer: null };
  refresh_city: { args: { id: string }; answer: CityView };
  activities: { args: { query: ActivityQuery }; answer: ActivityPage };
  activity_map: { args: { query: ActivityQuery }; answer: ActivityMap };
  map_tile: { args: { z: number; x: number; y: number }; answer: string | null };
  activity: { args: { id: string; freshness: Freshness }; answer: ActivityDetail };
  plan_activity: { args: { id: string; planned: boolean }; answer: null };
  tick_part: { args: { id: string; part: string; done: boolean | null }; answer: null };
  activity_calendar: { args: { id: string }; answer: NamedFile };
  suggestions: { args: Record<never, never>; answer: Suggestion[] };
  claim_code: { args: { city: string; code: string }; answer: ClaimView };
  claims: { args: Record<never, never>; answer: ClaimView[] };
  retry_claims: { args: Record<never, never>; answer: ClaimView[] };
  forget_claim: { args: { id: string }; answer: null };
  sign_in: { args: { city: string; email: string; password: string }; answer: CityView };
  sign_out: { args: { city: string }; answer: CityView };
  platform_badges: { args: { city: string }; answer: PlatformBadge[] };
}

export type Command = keyof Commands;

/** One way to reach the core. There are two, `tauri` and `http`, and no third one that pretends. */
export interface Backend {
  /** Runs a command. Rejects with a `WalletError` and nothing else. */
  call<C extends Command>(command: C, args: Commands[C]['args']): Promise<Commands[C]['answer']>;
  /** Listens to what changes by itself. The answer stops listening. */
  listen(heard: (event: WalletEvent) => void): () => void;
  /** Opens an https address outside the app, after the person said yes. */
  open(url: string): Promise<void>;
}

/** The core's answer when something did not work: a closed code, never a text. */
export class WalletError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.name = 'WalletError';
    this.code = code;
  }
}

/** What came over the wire as an error, read without trusting its shape. */
export function asWalletError(answer: unknown): WalletError {
  if (answer instanceof WalletError) return answer;
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : undefined;
  return new WalletError(typeof code === 'string' ? (code as ErrorCode) : 'internal');
}
