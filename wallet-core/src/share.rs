//! The share host's client: where links are made, changed, stopped and opened. What is sent is sealed, and what comes back is not
//! believed: a capsule is opened and its badges are judged like any others.

use std::sync::Arc;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{
    Action, LinkAddress, LinkId, MAX_CAPSULE, Manage, ManageKey, OpenError, Passcode, Portfolio, PortfolioError, Statement,
    Witnessed,
};
use jiff::Timestamp;
use open_badges::Need;
use safe_fetch::{FetchError, Network, Post};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::view::SharedBy;
use crate::{Error, ErrorCode, Result};

/// Answers other than a capsule are small; a witnessed document is not.
const MAX_ANSWER: usize = 16 * 1024;
const MAX_WITNESSED: usize = 8 * 1024 * 1024;
/// Fewer characters are guessed.
const SHORTEST_PASSCODE: usize = 6;

/// The origin of a share host as a person types it. Error: [`ErrorCode::AddressRefused`].
pub(crate) fn origin(text: &str) -> Result<String> {
    capsule::host_origin(text).ok_or_else(|| ErrorCode::AddressRefused.into())
}

/// A new passcode, cleaned. Error: [`ErrorCode::WeakPasscode`].
pub(crate) fn clean_passcode(text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() < SHORTEST_PASSCODE { Err(ErrorCode::WeakPasscode.into()) } else { Ok(text.to_owned()) }
}

/// What a passcode becomes; a tenth of a second of work.
pub(crate) async fn derive(passcode: String, key: capsule::LinkKey) -> Result<Passcode> {
    let derived = tokio::task::spawn_blocking(move || Passcode::derive(&passcode, &key)).await;
    derived.map_err(|error| Error::new(ErrorCode::Internal, error))?.map_err(|error| Error::new(ErrorCode::Internal, error))
}

/// One share host.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) network: Arc<dyn Network>,
    /// Its origin.
    pub(crate) origin: String,
    /// Whether it is the one that the learner, or this app, chose: then it may be on loopback.
    pub(crate) chosen: bool,
}

/// Why a host did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    /// After a wrong passcode: the tries that are left.
    pub(crate) left: Option<u32>,
    /// After a step out of turn: the host's own `seq`.
    pub(crate) seq: Option<u64>,
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self { code, left: None, seq: None }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.code.into()
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        error.code.into()
    }
}

/// How a link stands at its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Standing {
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) locked: bool,
}

impl Host {
    /// Takes one step with a link. A new link brings its public key; later steps are judged by the one that the host has.
    pub(crate) async fn manage(&self, step: &Manage<'_>, key: &ManageKey) -> Result<Standing, Refusal> {
        let internal = |_| ErrorCode::Internal;
        let signature = step.sign(key, &self.origin).map_err(internal)?;
        let mut body = json!({
            "action": step.action,
            "id": step.id,
            "seq": step.seq,
            "end": step.end.unwrap_or(0),
            "auth_hash": step.auth_hash.map(|hash| URL_SAFE_NO_PAD.encode(hash)),
            "capsule": if step.capsule.is_empty() { Value::Null } else { STANDARD.encode(step.capsule).into() },
            "signature": URL_SAFE_NO_PAD.encode(signature),
        });
        if step.action == Action::Create {
            body["public_key"] = URL_SAFE_NO_PAD.encode(key.public().map_err(internal)?).into();
        }
        let answer = self.post("/v1/manage", &body, MAX_ANSWER).await?;
        serde_json::from_slice(&answer).map_err(|_| ErrorCode::HostOdd.into())
    }

    /// The capsule of a link, as the host has it.
    pub(crate) async fn capsule(&self, id: &LinkId, passcode: Option<&Passcode>) -> Result<Vec<u8>, Refusal> {
        let auth = passcode.map(|passcode| URL_SAFE_NO_PAD.encode(passcode.auth()));
        self.post("/v1/open", &json!({ "id": id, "auth": auth }), MAX_CAPSULE).await
    }

    /// Has the host fetch a document, and say that it did. What it says is checked by whoever believes it.
    pub(crate) async fn witness(&self, need: &Need) -> Result<Witnessed, Refusal> {
        #[derive(Deserialize)]
        struct Answer {
            statement: Statement,
            body: String,
        }
        let answer = self.post("/v1/witness", &json!({ "purpose": need.purpose, "url": need.url }), MAX_WITNESSED).await?;
        let Answer { statement, body } = serde_json::from_slice(&answer).map_err(|_| ErrorCode::HostOdd)?;
        let body = STANDARD.decode(body).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(ErrorCode::HostOdd)?;
        if statement.requested != need.url || statement.origin != self.origin {
            return Err(ErrorCode::HostOdd.into());
        }
        Ok(Witnessed { statement, body })
    }

    async fn post(&self, path: &str, body: &Value, limit: usize) -> Result<Vec<u8>, Refusal> {
        let url = Url::parse(&format!("{}{path}", self.origin)).map_err(|_| ErrorCode::AddressRefused)?;
        let post = Post::new(url, body.to_string().into_bytes(), limit, self.chosen);
        let answer = self.network.post(post).await.map_err(|error| match error {
            FetchError::Refused(_) => ErrorCode::AddressRefused,
            FetchError::Offline => ErrorCode::Offline,
            FetchError::Unreachable => ErrorCode::Unreachable,
            FetchError::Status(_) | FetchError::TooLarge | FetchError::ContentType => ErrorCode::HostOdd,
        })?;
        let proper = matches!(answer.content_type.as_str(), "application/json" | "application/octet-stream");
        match answer.status {
            200 if proper => Ok(answer.body),
            status => Err(refusal(status, &answer.body)),
        }
    }
}

/// A host's refusal: the status and its reason must agree, for an ordinary web server answers 404 too.
fn refusal(status: u16, body: &[u8]) -> Refusal {
    #[derive(Deserialize)]
    struct Why {
        error: String,
        #[serde(default)]
        left: Option<u32>,
        #[serde(default)]
        seq: Option<u64>,
    }
    let Ok(Why { error, left, seq }) = serde_json::from_slice(body) else {
        // A proxy before the host says so in its own words.
        return if matches!(status, 502..=504) { ErrorCode::Unreachable } else { ErrorCode::HostOdd }.into();
    };
    let code = match (status, error.as_str()) {
        (404, "unknown") => ErrorCode::ShareUnknown,
        (410, "ended") => ErrorCode::ShareEnded,
        (401, "passcode_needed") => ErrorCode::PasscodeNeeded,
        (403, "wrong_passcode") => ErrorCode::WrongPasscode,
        (423, "locked") => ErrorCode::ShareLocked,
        (413, _) => ErrorCode::ShareTooLarge,
        (429, _) => ErrorCode::HostBusy,
        (507, _) => ErrorCode::HostFull,
        (400, "end_past") => ErrorCode::ClockWrong,
        _ => ErrorCode::HostOdd,
    };
    Refusal { code, left, seq: seq.filter(|_| status == 409) }
}

/// What a share link led to.
#[derive(Debug)]
pub(crate) struct OpenedLink {
    /// What was sealed.
    pub(crate) portfolio: Portfolio,
    /// What is not the issuers' but the sharer's.
    pub(crate) shared: SharedBy,
}

/// Opens a link, with its passcode where it has one.
///
/// Errors: `passcode_needed`, `wrong_passcode`, `share_…`, `host_…`, `link_damaged`, `damaged`, and those of the network.
pub(crate) async fn open(host: &Host, link: &LinkAddress, passcode: Option<String>, now: Timestamp) -> Result<OpenedLink, Refusal> {
    let passcode = match passcode {
        Some(passcode) => Some(derive(passcode, link.key.clone()).await?),
        None => None,
    };
    let bytes = host.capsule(&link.id, passcode.as_ref()).await?;
    let opened = capsule::open(&bytes, &link.id, &link.key, passcode.as_ref(), seconds(now)).map_err(code_of)?;
    let portfolio = Portfolio::decode(&opened.body).map_err(|error| match error {
        PortfolioError::UnknownVersion => ErrorCode::LinkTooNew,
        PortfolioError::TooLarge => ErrorCode::ShareTooLarge,
        _ => ErrorCode::Damaged,
    })?;
    let ends_at = opened.header.end.and_then(|end| Timestamp::from_second(i64::try_from(end).ok()?).ok());
    let shared = SharedBy {
        title: portfolio.title.clone(),
        words: portfolio.words.clone(),
        host: name_of(&host.origin),
        ends_at: ends_at.map(crate::convert::time),
    };
    Ok(OpenedLink { portfolio, shared })
}

fn code_of(error: OpenError) -> ErrorCode {
    match error {
        OpenError::UnknownVersion => ErrorCode::LinkTooNew,
        // The host's id and ours agree, so it is the key in the address that was changed.
        OpenError::WrongKey => ErrorCode::LinkDamaged,
        OpenError::PasscodeNeeded => ErrorCode::PasscodeNeeded,
        OpenError::WrongPasscode => ErrorCode::WrongPasscode,
        OpenError::Ended => ErrorCode::ShareEnded,
        OpenError::OtherLink | OpenError::Damaged | OpenError::TooLarge => ErrorCode::HostOdd,
        OpenError::Key(_) => ErrorCode::Internal,
    }
}

/// A time as capsules have it.
pub(crate) fn seconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_second()).unwrap_or_default()
}

/// A host as it is told to a person: without its scheme.
pub(crate) fn name_of(origin: &str) -> String {
    origin.split_once("://").map_or(origin, |(_, host)| host).to_owned()
}
