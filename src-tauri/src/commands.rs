//! What the window can ask: one expression each, over the facade. The names are one set with `build.rs`,
//! `capabilities/default.json`, `serve` and `ui/src/backend`.

use tauri::State;
use wallet_core::{Result, view::*};

use crate::device::DeviceWallet;

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn app_state(wallet: State<'_, DeviceWallet>) -> Result<AppState> {
    wallet.get().await?.state().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn begin(wallet: State<'_, DeviceWallet>, passphrase: Option<String>) -> Result<AppState> {
    wallet.get().await?.begin(passphrase).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn unlock(wallet: State<'_, DeviceWallet>, passphrase: Option<String>) -> Result<AppState> {
    wallet.get().await?.unlock(passphrase).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn lock(wallet: State<'_, DeviceWallet>) -> Result<AppState> {
    wallet.get().await?.lock().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn set_passphrase(wallet: State<'_, DeviceWallet>, old: Option<String>, new: String) -> Result<AppState> {
    wallet.get().await?.set_passphrase(old, new).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn erase(wallet: State<'_, DeviceWallet>) -> Result<AppState> {
    wallet.get().await?.erase().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn enter_demo(wallet: State<'_, DeviceWallet>) -> Result<AppState> {
    wallet.get().await?.enter_demo().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn leave_demo(wallet: State<'_, DeviceWallet>) -> Result<AppState> {
    wallet.get().await?.leave_demo().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn inspect(wallet: State<'_, DeviceWallet>, input: Input, origin: Origin) -> Result<Incoming> {
    wallet.get().await?.inspect(input, origin).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn continue_incoming(wallet: State<'_, DeviceWallet>, id: String) -> Result<Incoming> {
    wallet.get().await?.continue_incoming(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn claim(wallet: State<'_, DeviceWallet>, id: String, index: u32, address: String) -> Result<BadgePreview> {
    wallet.get().await?.claim(id, index, address).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn save(wallet: State<'_, DeviceWallet>, id: String, chosen: Vec<u32>) -> Result<Saved> {
    wallet.get().await?.save(id, chosen).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn dismiss(wallet: State<'_, DeviceWallet>, id: String) -> Result<()> {
    wallet.get().await?.dismiss(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn badges(wallet: State<'_, DeviceWallet>, filter: BadgeFilter) -> Result<BadgePage> {
    wallet.get().await?.badges(filter).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn badge(wallet: State<'_, DeviceWallet>, id: String) -> Result<BadgeDetail> {
    wallet.get().await?.badge(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn remove_badge(wallet: State<'_, DeviceWallet>, id: String) -> Result<()> {
    wallet.get().await?.remove_badge(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn restore_badge(wallet: State<'_, DeviceWallet>, id: String) -> Result<()> {
    wallet.get().await?.restore_badge(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn export_badge(wallet: State<'_, DeviceWallet>, id: String, format: ExportFormat) -> Result<NamedFile> {
    wallet.get().await?.export_badge(id, format).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn export_all(wallet: State<'_, DeviceWallet>) -> Result<NamedFile> {
    wallet.get().await?.export_all().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn verify(wallet: State<'_, DeviceWallet>, id: String, freshness: Freshness) -> Result<Verification> {
    wallet.get().await?.verify(id, freshness).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn present(wallet: State<'_, DeviceWallet>, ids: Vec<String>) -> Result<Presentation> {
    wallet.get().await?.present(ids).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn check(wallet: State<'_, DeviceWallet>, input: Input) -> Result<Incoming> {
    wallet.get().await?.check(input).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn scan_frame(
    wallet: State<'_, DeviceWallet>,
    session: String,
    width: u32,
    height: u32,
    luma: String,
) -> Result<Option<Incoming>> {
    wallet.get().await?.scan_frame(session, width, height, luma).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn scan_text(wallet: State<'_, DeviceWallet>, session: String, text: String) -> Result<Incoming> {
    wallet.get().await?.scan_text(session, text).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn identities(wallet: State<'_, DeviceWallet>) -> Result<Vec<Identity>> {
    wallet.get().await?.identities().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn add_identity(wallet: State<'_, DeviceWallet>, address: String) -> Result<()> {
    wallet.get().await?.add_identity(address).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn remove_identity(wallet: State<'_, DeviceWallet>, address: String) -> Result<()> {
    wallet.get().await?.remove_identity(address).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn issuers(wallet: State<'_, DeviceWallet>) -> Result<Vec<TrustedIssuer>> {
    wallet.get().await?.issuers().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn add_issuer(wallet: State<'_, DeviceWallet>, id: String, name: Option<String>) -> Result<()> {
    wallet.get().await?.add_issuer(id, name).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn remove_issuer(wallet: State<'_, DeviceWallet>, id: String) -> Result<()> {
    wallet.get().await?.remove_issuer(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn history(wallet: State<'_, DeviceWallet>, offset: u32, limit: u32) -> Result<Vec<HistoryEntry>> {
    wallet.get().await?.history(offset, limit).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn settings(wallet: State<'_, DeviceWallet>) -> Result<Settings> {
    wallet.get().await?.settings().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn update_settings(wallet: State<'_, DeviceWallet>, settings: Settings) -> Result<Settings> {
    wallet.get().await?.update_settings(settings).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn take_opened(wallet: State<'_, DeviceWallet>) -> Result<Option<Incoming>> {
    wallet.get().await?.take_opened().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn retry_checks(wallet: State<'_, DeviceWallet>) -> Result<()> {
    wallet.get().await?.retry_checks().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn share_draft(wallet: State<'_, DeviceWallet>, share: NewShare) -> Result<ShareDraft> {
    wallet.get().await?.share_draft(share).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn keep_share_draft(wallet: State<'_, DeviceWallet>, share: NewShare) -> Result<ShareView> {
    wallet.get().await?.keep_share_draft(share).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn share_paper(wallet: State<'_, DeviceWallet>, id: String) -> Result<NamedFile> {
    wallet.get().await?.share_paper(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn share(wallet: State<'_, DeviceWallet>, share: NewShare) -> Result<ShareView> {
    wallet.get().await?.share(share).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn shares(wallet: State<'_, DeviceWallet>) -> Result<Vec<ShareView>> {
    wallet.get().await?.shares().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn refresh_shares(wallet: State<'_, DeviceWallet>) -> Result<Vec<ShareView>> {
    wallet.get().await?.refresh_shares().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn change_share(wallet: State<'_, DeviceWallet>, id: String, share: NewShare) -> Result<ShareView> {
    wallet.get().await?.change_share(id, share).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn extend_share(wallet: State<'_, DeviceWallet>, id: String, ends: ShareEnd) -> Result<ShareView> {
    wallet.get().await?.extend_share(id, ends).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn stop_share(wallet: State<'_, DeviceWallet>, id: String) -> Result<ShareView> {
    wallet.get().await?.stop_share(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn reopen_share(wallet: State<'_, DeviceWallet>, id: String) -> Result<ShareView> {
    wallet.get().await?.reopen_share(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn forget_share(wallet: State<'_, DeviceWallet>, id: String) -> Result<()> {
    wallet.get().await?.forget_share(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn open_share(wallet: State<'_, DeviceWallet>, id: String, passcode: String) -> Result<Incoming> {
    wallet.get().await?.open_share(id, passcode).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn cities(wallet: State<'_, DeviceWallet>) -> Result<Cities> {
    wallet.get().await?.cities().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn add_city(wallet: State<'_, DeviceWallet>, address: String) -> Result<CityView> {
    wallet.get().await?.add_city(address).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn remove_city(wallet: State<'_, DeviceWallet>, id: String) -> Result<()> {
    wallet.get().await?.remove_city(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn refresh_city(wallet: State<'_, DeviceWallet>, id: String) -> Result<CityView> {
    wallet.get().await?.refresh_city(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn activities(wallet: State<'_, DeviceWallet>, query: ActivityQuery) -> Result<ActivityPage> {
    wallet.get().await?.activities(query).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn activity_map(wallet: State<'_, DeviceWallet>, query: ActivityQuery) -> Result<ActivityMap> {
    wallet.get().await?.activity_map(query).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn map_tile(wallet: State<'_, DeviceWallet>, z: u32, x: u32, y: u32) -> Result<Option<String>> {
    wallet.get().await?.map_tile(z, x, y).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn activity(wallet: State<'_, DeviceWallet>, id: String, freshness: Freshness) -> Result<ActivityDetail> {
    wallet.get().await?.activity(id, freshness).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn plan_activity(wallet: State<'_, DeviceWallet>, id: String, planned: bool) -> Result<()> {
    wallet.get().await?.plan_activity(id, planned).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn tick_part(wallet: State<'_, DeviceWallet>, id: String, part: String, done: Option<bool>) -> Result<()> {
    wallet.get().await?.tick_part(id, part, done).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn activity_calendar(wallet: State<'_, DeviceWallet>, id: String) -> Result<NamedFile> {
    wallet.get().await?.activity_calendar(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn suggestions(wallet: State<'_, DeviceWallet>) -> Result<Vec<Suggestion>> {
    wallet.get().await?.suggestions().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn claim_code(wallet: State<'_, DeviceWallet>, city: String, code: String) -> Result<ClaimView> {
    wallet.get().await?.claim_code(city, code).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn claims(wallet: State<'_, DeviceWallet>) -> Result<Vec<ClaimView>> {
    wallet.get().await?.claims().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn retry_claims(wallet: State<'_, DeviceWallet>) -> Result<Vec<ClaimView>> {
    wallet.get().await?.retry_claims().await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn forget_claim(wallet: State<'_, DeviceWallet>, id: String) -> Result<()> {
    wallet.get().await?.forget_claim(id).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn sign_in(wallet: State<'_, DeviceWallet>, city: String, email: String, password: String) -> Result<CityView> {
    wallet.get().await?.sign_in(city, email, password).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn sign_out(wallet: State<'_, DeviceWallet>, city: String) -> Result<CityView> {
    wallet.get().await?.sign_out(city).await
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn platform_badges(wallet: State<'_, DeviceWallet>, city: String) -> Result<Vec<PlatformBadge>> {
    wallet.get().await?.platform_badges(city).await
}
