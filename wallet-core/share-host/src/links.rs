//! Opening links, and managing them. The host sees ids, ends and sealed bytes, and judges nothing but whose link it is.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::RequestExt;
use axum::body::{Bytes, HttpBody};
use axum::extract::{ConnectInfo, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{Action, Header, LinkId, Manage};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::{App, answers::Refusal, blocking, client, now, store::Sealed};

/// A request to open needs no more.
pub(crate) const MAX_OPEN: usize = 1024;

/// The client's address, as our own proxy tells it.
pub(crate) fn forwarded(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-forwarded-for").and_then(|value| value.to_str().ok())
}

/// The body of a request whose client may ask. Of another's nothing is kept, but it is read: who is cut off while he sends does not
/// hear why.
pub(crate) async fn body(request: Request, may: Result<(), Refusal>) -> Result<Bytes, Refusal> {
    if let Err(refusal) = may {
        let mut body = request.with_limited_body().into_body();
        while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {}
        return Err(refusal);
    }
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        _ => Refusal::BadRequest,
    })
}

/// JSON of exactly this shape.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::BadRequest)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    id: LinkId,
    #[serde(default)]
    auth: Option<String>,
}

/// `POST /v1/open`: the capsule, as bytes.
pub(crate) async fn open(State(app): State<App>, from: ConnectInfo<SocketAddr>, request: Request) -> Result<Response, Refusal> {
    let may = app.limits.open(client(&app, &from, forwarded(request.headers())));
    let Open { id, auth } = parse(&body(request, may).await?)?;
    let auth = auth.as_deref().map(fixed::<32>).transpose()?;
    let store = Arc::clone(&app.store);
    let read = move || store.read(*id.as_bytes(), auth, now());
    // Some microseconds, mostly from memory, and never behind a writer: handing it to another thread costs more than twice as much.
    // A passcode is a write.
    let capsule = if auth.is_none() { read()? } else { blocking(read).await? };
    Ok(capsule_answer(capsule))
}

/// A capsule, as bytes.
pub(crate) fn capsule_answer(capsule: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], capsule).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    action: Action,
    id: LinkId,
    seq: u64,
    end: u64,
    #[serde(default)]
    auth_hash: Option<String>,
    #[serde(default)]
    capsule: Option<String>,
    #[serde(default)]
    public_key: Option<String>,
    signature: String,
}

/// `POST /v1/manage`: one signed step with a link.
pub(crate) async fn manage(State(app): State<App>, from: ConnectInfo<SocketAddr>, request: Request) -> Result<Response, Refusal> {
    let may = app.limits.manage(client(&app, &from, forwarded(request.headers())));
    let body = body(request, may).await?;
    let work = Arc::clone(&app);
    let standing = blocking(move || take(&work, &body)).await?;
    Ok(axum::Json(standing).into_response())
}

fn take(app: &App, body: &[u8]) -> Result<serde_json::Value, Refusal> {
    let step: Step = parse(body)?;
    let capsule = match step.capsule.as_deref() {
        // The length is looked at before the bytes are.
        Some(text) if text.len() > capsule::MAX_CAPSULE.div_ceil(3) * 4 => return Err(Refusal::TooLarge),
        Some(text) => STANDARD.decode(text).map_err(|_| Refusal::BadRequest)?,
        None => Vec::new(),
    };
    let auth_hash = step.auth_hash.as_deref().map(fixed::<32>).transpose()?;
    let signature = fixed::<64>(&step.signature)?;
    let (id, now) = (*step.id.as_bytes(), now());
    let before = app.store.standing(id, now);
    let public = match (step.action, &step.public_key, &before) {
        (Action::Create, Some(key), _) => fixed::<32>(key)?,
        (Action::Create, None, _) => return Err(Refusal::BadRequest),
        (_, _, Ok(standing)) => standing.manage_public,
        _ => return Err(before.err().map_or(Refusal::Broken, Refusal::from)),
    };
    let end = (step.end != 0).then_some(step.end);
    let manage = Manage { action: step.action, id: step.id, seq: step.seq, end, auth_hash, capsule: &capsule };
    if !manage.is_signed_by(&public, &app.origin, &signature) {
        return Err(Refusal::BadSignature);
    }
    match step.action {
        Action::Create | Action::Replace => {
            let new = step.action == Action::Create;
            if new && step.seq != 1 {
                return Err(Refusal::BadRequest);
            }
            if end.is_some_and(|end| end <= now) {
                return Err(Refusal::EndPast);
            }
            agrees(&manage, &public)?;
            let sealed = Sealed { id, manage_public: public, seq: step.seq, end, auth_hash, capsule: &capsule };
            if new { app.store.create(&sealed, now)? } else { app.store.replace(&sealed, now)? }
        }
        Action::Stop => {
            app.store.stop(id, step.seq, now)?;
            return Ok(json!({ "seq": step.seq, "end": step.end, "state": "ended", "locked": false, "wrong_tries": 0 }));
        }
        Action::Reopen => app.store.reopen(id, step.seq, now)?,
        Action::Status => {}
    }
    let standing = app.store.standing(id, now)?;
    Ok(json!({
        "seq": standing.seq,
        "end": standing.end.unwrap_or(0),
        "state": "open",
        "locked": standing.tries >= crate::store::MAX_TRIES,
        "wrong_tries": standing.tries,
    }))
}

/// The capsule says of itself what the step says of it, and is whole.
fn agrees(step: &Manage<'_>, public: &[u8; 32]) -> Result<(), Refusal> {
    let header = Header::read(step.capsule).map_err(|error| match error {
        capsule::OpenError::TooLarge => Refusal::TooLarge,
        _ => Refusal::BadRequest,
    })?;
    let same = header.id == step.id
        && header.seq == step.seq
        && header.end == step.end
        && header.manage_public == *public
        && header.passcode == step.auth_hash.is_some();
    if same { Ok(()) } else { Err(Refusal::BadRequest) }
}

/// Exactly `N` bytes of base64url.
fn fixed<const N: usize>(text: &str) -> Result<[u8; N], Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::BadRequest)?;
    bytes.try_into().map_err(|_| Refusal::BadRequest)
}
