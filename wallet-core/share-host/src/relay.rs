//! Fetches what a verdict rests on, for pages that may ask nobody but this host; and says so under its own key, as a witness.
//! Nothing of it is stored or logged, and no request names a link.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use capsule::{Header, LinkId, Statement};
use safe_fetch::{FetchError, Network, Post};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use crate::links::{body, capsule_answer, forwarded, parse};
use crate::{App, answers::Refusal, client, now};

pub(crate) const MAX_REQUEST: usize = 10 * 1024;
/// What is kept in memory: answers, and their bytes.
const MOST: usize = 1000;
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Why a document is wanted. The names are those of the verdict's own needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    Assertion,
    BadgeClass,
    Issuer,
    Key,
    DidDocument,
    KeySet,
    StatusList,
}

impl Purpose {
    fn fetched_as(self) -> safe_fetch::Purpose {
        match self {
            Self::Assertion | Self::BadgeClass => safe_fetch::Purpose::Credential,
            Self::Issuer | Self::Key => safe_fetch::Purpose::Issuer,
            Self::DidDocument => safe_fetch::Purpose::DidDocument,
            Self::KeySet => safe_fetch::Purpose::KeySet,
            Self::StatusList => safe_fetch::Purpose::StatusList,
        }
    }

    /// Whether an address may be one of this purpose. The methods fix where these two are.
    fn allows(self, url: &Url) -> bool {
        match self {
            Self::DidDocument => url.path().ends_with("/did.json") && url.query().is_none(),
            Self::KeySet => url.path() == "/.well-known/jwks.json" && url.query().is_none(),
            _ => true,
        }
    }

    /// Whether a body is one of this purpose, so that the relay passes on nothing else.
    fn takes(self, content_type: &str, body: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(body) else { return false };
        let text = text.trim();
        let jws = || text.split('.').count() == 3 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let json: Option<Value> = serde_json::from_str(text).ok();
        let object = json.as_ref().and_then(Value::as_object);
        match self {
            Self::Assertion | Self::BadgeClass | Self::Issuer => object.is_some() && safe_fetch::is_json(content_type),
            Self::Key => object.is_some() || text.starts_with("-----BEGIN "),
            Self::DidDocument => object.is_some_and(|document| document.contains_key("id")),
            Self::KeySet => object.is_some_and(|set| set.get("keys").is_some_and(Value::is_array)),
            Self::StatusList => object.is_some() || jws(),
        }
    }

    /// How long an answer is given again. What can take a badge back, for less.
    fn age(self) -> Duration {
        let minutes = if matches!(self, Self::Assertion | Self::StatusList) { 5 } else { 10 };
        Duration::from_secs(minutes * 60)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    purpose: Purpose,
    url: String,
}

/// What came of one address.
#[derive(Debug)]
struct Answer {
    requested: Url,
    final_url: Url,
    status: u16,
    content_type: String,
    fetched_at: u64,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        json!({
            "requested": self.requested.as_str(),
            "final": self.final_url.as_str(),
            "status": self.status,
            "content_type": self.content_type,
            "fetched_at": self.fetched_at,
            "body": STANDARD.encode(&self.body),
        })
    }
}

type Cache = HashMap<(Purpose, Url), (Instant, Arc<Answer>)>;

/// The relay.
#[derive(Debug)]
pub(crate) struct Relay {
    network: Arc<dyn Network>,
    origin: String,
    cache: Mutex<Cache>,
}

impl Relay {
    pub(crate) fn new(network: Arc<dyn Network>, origin: String) -> Self {
        Self { network, origin, cache: Mutex::default() }
    }

    async fn fetch(&self, app: &App, wanted: &Wanted) -> Result<Arc<Answer>, Refusal> {
        let mut url = Url::parse(&wanted.url).map_err(|_| Refusal::AddressRefused)?;
        url.set_fragment(None);
        // Its own origin has nothing to say about a badge; asking it would be a loop.
        if url.origin().ascii_serialization() == self.origin || !wanted.purpose.allows(&url) {
            return Err(Refusal::AddressRefused);
        }
        let key = (wanted.purpose, url.clone());
        let known = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((since, answer)) = known
            && since.elapsed() < wanted.purpose.age()
        {
            return Ok(answer);
        }
        app.limits.target(url.host_str().unwrap_or_default())?;
        let request = safe_fetch::Request::new(wanted.purpose.fetched_as(), url.clone());
        let response = self.network.fetch(request).await.map_err(|error| match error {
            FetchError::Refused(_) => Refusal::AddressRefused,
            _ => Refusal::Unreachable,
        })?;
        if response.status == 200 && !wanted.purpose.takes(&response.content_type, &response.body) {
            return Err(Refusal::Unreachable);
        }
        if response.final_url.origin().ascii_serialization() == self.origin {
            return Err(Refusal::AddressRefused);
        }
        let answer = Arc::new(Answer {
            requested: url,
            final_url: response.final_url,
            status: response.status,
            content_type: response.content_type,
            fetched_at: now(),
            body: response.body,
        });
        self.keep(key, Arc::clone(&answer));
        Ok(answer)
    }

    fn keep(&self, key: (Purpose, Url), answer: Arc<Answer>) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.retain(|(purpose, _), (since, _)| since.elapsed() < purpose.age());
        let bytes: usize = cache.values().map(|(_, answer)| answer.body.len()).sum();
        if cache.len() < MOST && bytes + answer.body.len() <= MOST_BYTES {
            cache.insert(key, (Instant::now(), answer));
        }
    }
}

/// `POST /v1/relay`.
pub(crate) async fn relay(State(app): State<App>, from: ConnectInfo<SocketAddr>, request: Request) -> Result<Response, Refusal> {
    let (_, answer) = wanted(&app, &from, request).await?;
    Ok(axum::Json(answer.json()).into_response())
}

/// `POST /v1/witness`: the same, and a signed statement of it. A redirect to another origin is no witness.
pub(crate) async fn witness(State(app): State<App>, from: ConnectInfo<SocketAddr>, request: Request) -> Result<Response, Refusal> {
    let (wanted, answer) = wanted(&app, &from, request).await?;
    let mut told = answer.json();
    if answer.requested.origin() == answer.final_url.origin() {
        let purpose = serde_json::to_value(wanted.purpose).ok().and_then(|name| name.as_str().map(str::to_owned));
        let statement = Statement {
            origin: app.origin.clone(),
            purpose: purpose.ok_or(Refusal::Broken)?,
            requested: answer.requested.to_string(),
            final_url: answer.final_url.to_string(),
            status: answer.status,
            content_type: answer.content_type.clone(),
            sha256: String::new(),
            fetched_at: answer.fetched_at,
            key: String::new(),
            signature: String::new(),
        };
        let statement = app.witness.sign(statement, &answer.body)?;
        told["statement"] = serde_json::to_value(statement).map_err(|_| Refusal::Broken)?;
    }
    Ok(axum::Json(told).into_response())
}

/// A link of another share host.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    host: String,
    id: LinkId,
    #[serde(default)]
    auth: Option<String>,
}

/// `POST /v1/elsewhere`: the capsule of a link that another host keeps, so that whoever does not trust that host's page can check it
/// on this one. Only sealed bytes that are that link's, and the refusals of a share host, are passed on.
pub(crate) async fn elsewhere(
    State(app): State<App>,
    from: ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Refusal> {
    let may = app.limits.relay(client(&app, &from, forwarded(request.headers())));
    let Elsewhere { host, id, auth } = parse(&body(request, may).await?)?;
    let origin = capsule::host_origin(&host).filter(|origin| *origin != app.origin).ok_or(Refusal::AddressRefused)?;
    let url = Url::parse(&format!("{origin}/v1/open")).map_err(|_| Refusal::AddressRefused)?;
    app.limits.target(url.host_str().unwrap_or_default())?;
    let asked = json!({ "id": id, "auth": auth }).to_string().into_bytes();
    let post = Post::new(url, asked, capsule::MAX_CAPSULE, false);
    let answer = app.relay.network.post(post).await.map_err(|error| match error {
        FetchError::Refused(_) => Refusal::AddressRefused,
        _ => Refusal::Unreachable,
    })?;
    if answer.status == 200 {
        let header = Header::read(&answer.body).map_err(|_| Refusal::Unreachable)?;
        let theirs = header.id == id;
        return if theirs { Ok(capsule_answer(answer.body)) } else { Err(Refusal::Unreachable) };
    }
    #[derive(Deserialize)]
    struct Why {
        error: String,
        #[serde(default)]
        left: u32,
    }
    let Ok(Why { error, left }) = serde_json::from_slice(&answer.body) else { return Err(Refusal::Unreachable) };
    Err(match (answer.status, error.as_str()) {
        (404, "unknown") => Refusal::Unknown,
        (410, "ended") => Refusal::Ended,
        (401, "passcode_needed") => Refusal::PasscodeNeeded,
        (403, "wrong_passcode") => Refusal::WrongPasscode(left),
        (423, "locked") => Refusal::Locked,
        (429, "too_many") => Refusal::TooMany(60),
        _ => Refusal::Unreachable,
    })
}

async fn wanted(app: &App, from: &ConnectInfo<SocketAddr>, request: Request) -> Result<(Wanted, Arc<Answer>), Refusal> {
    let may = app.limits.relay(client(app, from, forwarded(request.headers())));
    let wanted: Wanted = parse(&body(request, may).await?)?;
    let answer = app.relay.fetch(app, &wanted).await?;
    Ok((wanted, answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_purpose_is_for_passes() {
        let url = |text| Url::parse(text).unwrap();
        assert!(Purpose::DidDocument.allows(&url("https://a.example/.well-known/did.json")));
        assert!(!Purpose::DidDocument.allows(&url("https://a.example/users/1")));
        assert!(!Purpose::KeySet.allows(&url("https://a.example/keys.json")));
        assert!(Purpose::DidDocument.takes("application/json", br#"{"id":"did:web:a.example"}"#));
        assert!(!Purpose::DidDocument.takes("application/json", b"[1]"));
        assert!(!Purpose::Assertion.takes("text/plain", b"{}"));
        assert!(Purpose::StatusList.takes("text/plain", b"aa.bb.cc"));
        assert!(!Purpose::StatusList.takes("text/html", b"<html>"));
        assert!(Purpose::Key.takes("text/plain", b"-----BEGIN PUBLIC KEY-----"));
    }
}
