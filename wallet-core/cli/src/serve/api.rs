//! The commands over HTTP: one expression each, over the facade. The names are one set with the app's `commands.rs`.

use axum::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use wallet_core::{Error, ErrorCode, Result, Wallet};

/// Calls the command `name` with a JSON object of its arguments.
///
/// Errors: [`ErrorCode::Usage`] for another name or other arguments, otherwise those of the facade.
pub(crate) async fn call(wallet: &Wallet, name: &str, body: &[u8]) -> Result<Value> {
    let mut a = Arguments::read(body)?;
    match name {
        "app_state" => answer(wallet.state().await?),
        "begin" => answer(wallet.begin(a.take("passphrase")?).await?),
        "unlock" => answer(wallet.unlock(a.take("passphrase")?).await?),
        "lock" => answer(wallet.lock().await?),
        "set_passphrase" => answer(wallet.set_passphrase(a.take("old")?, a.take("new")?).await?),
        "erase" => answer(wallet.erase().await?),
        "enter_demo" => answer(wallet.enter_demo().await?),
        "leave_demo" => answer(wallet.leave_demo().await?),
        "inspect" => answer(wallet.inspect(a.take("input")?, a.take("origin")?).await?),
        "continue_incoming" => answer(wallet.continue_incoming(a.take("id")?).await?),
        "claim" => answer(wallet.claim(a.take("id")?, a.take("index")?, a.take("address")?).await?),
        "save" => answer(wallet.save(a.take("id")?, a.take("chosen")?).await?),
        "dismiss" => answer(wallet.dismiss(a.take("id")?).await?),
        "badges" => answer(wallet.badges(a.take("filter")?).await?),
        "badge" => answer(wallet.badge(a.take("id")?).await?),
        "remove_badge" => answer(wallet.remove_badge(a.take("id")?).await?),
        "restore_badge" => answer(wallet.restore_badge(a.take("id")?).await?),
        "export_badge" => answer(wallet.export_badge(a.take("id")?, a.take("format")?).await?),
        "export_all" => answer(wallet.export_all().await?),
        "verify" => answer(wallet.verify(a.take("id")?, a.take("freshness")?).await?),
        "present" => answer(wallet.present(a.take("ids")?).await?),
        "check" => answer(wallet.check(a.take("input")?).await?),
        "scan_frame" => answer(wallet.scan_frame(a.take("session")?, a.take("width")?, a.take("height")?, a.take("luma")?).await?),
        "scan_text" => answer(wallet.scan_text(a.take("session")?, a.take("text")?).await?),
        "identities" => answer(wallet.identities().await?),
        "add_identity" => answer(wallet.add_identity(a.take("address")?).await?),
        "remove_identity" => answer(wallet.remove_identity(a.take("address")?).await?),
        "issuers" => answer(wallet.issuers().await?),
        "add_issuer" => answer(wallet.add_issuer(a.take("id")?, a.take("name")?).await?),
        "remove_issuer" => answer(wallet.remove_issuer(a.take("id")?).await?),
        "history" => answer(wallet.history(a.take("offset")?, a.take("limit")?).await?),
        "settings" => answer(wallet.settings().await?),
        "update_settings" => answer(wallet.update_settings(a.take("settings")?).await?),
        "take_opened" => answer(wallet.take_opened().await?),
        "share_draft" => answer(wallet.share_draft(a.take("share")?).await?),
        "keep_share_draft" => answer(wallet.keep_share_draft(a.take("share")?).await?),
        "share_paper" => answer(wallet.share_paper(a.take("id")?).await?),
        "share" => answer(wallet.share(a.take("share")?).await?),
        "shares" => answer(wallet.shares().await?),
        "refresh_shares" => answer(wallet.refresh_shares().await?),
        "change_share" => answer(wallet.change_share(a.take("id")?, a.take("share")?).await?),
        "extend_share" => answer(wallet.extend_share(a.take("id")?, a.take("ends")?).await?),
        "stop_share" => answer(wallet.stop_share(a.take("id")?).await?),
        "reopen_share" => answer(wallet.reopen_share(a.take("id")?).await?),
        "forget_share" => answer(wallet.forget_share(a.take("id")?).await?),
        "open_share" => answer(wallet.open_share(a.take("id")?, a.take("passcode")?).await?),
        "retry_checks" => answer(wallet.retry_checks().await?),
        "cities" => answer(wallet.cities().await?),
        "add_city" => answer(wallet.add_city(a.take("address")?).await?),
        "remove_city" => answer(wallet.remove_city(a.take("id")?).await?),
        "refresh_city" => answer(wallet.refresh_city(a.take("id")?).await?),
        "activities" => answer(wallet.activities(a.take("query")?).await?),
        "activity_map" => answer(wallet.activity_map(a.take("query")?).await?),
        "map_tile" => answer(wallet.map_tile(a.take("z")?, a.take("x")?, a.take("y")?).await?),
        "activity" => answer(wallet.activity(a.take("id")?, a.take("freshness")?).await?),
        "plan_activity" => answer(wallet.plan_activity(a.take("id")?, a.take("planned")?).await?),
        "tick_part" => answer(wallet.tick_part(a.take("id")?, a.take("part")?, a.take("done")?).await?),
        "activity_calendar" => answer(wallet.activity_calendar(a.take("id")?).await?),
        "suggestions" => answer(wallet.suggestions().await?),
        "claim_code" => answer(wallet.claim_code(a.take("city")?, a.take("code")?).await?),
        "claims" => answer(wallet.claims().await?),
        "retry_claims" => answer(wallet.retry_claims().await?),
        "forget_claim" => answer(wallet.forget_claim(a.take("id")?).await?),
        "sign_in" => answer(wallet.sign_in(a.take("city")?, a.take("email")?, a.take("password")?).await?),
        "sign_out" => answer(wallet.sign_out(a.take("city")?).await?),
        "platform_badges" => answer(wallet.platform_badges(a.take("city")?).await?),
        _ => Err(ErrorCode::Usage.into()),
    }
}

/// The HTTP status of an error. The code in the body is what the front end acts on.
pub(crate) fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Locked => StatusCode::LOCKED,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::Internal | ErrorCode::WalletDamaged => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn answer<T: Serialize>(value: T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Error::new(ErrorCode::Internal, error))
}

/// The arguments of one call, by name.
struct Arguments(Map<String, Value>);

impl Arguments {
    fn read(body: &[u8]) -> Result<Self> {
        if body.is_empty() {
            return Ok(Self(Map::new()));
        }
        serde_json::from_slice(body).map(Self).map_err(|_| ErrorCode::Usage.into())
    }

    /// Takes one out. One that is absent is null, which only an optional argument may be.
    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T> {
        let value = self.0.remove(name).unwrap_or(Value::Null);
        serde_json::from_value(value).map_err(|_| ErrorCode::Usage.into())
    }
}
