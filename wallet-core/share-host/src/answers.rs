//! Answers: a closed set of refusals, each a status and a code, and the headers of every answer.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::store::StoreError;

/// Why a request was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No such address, or another method.
    NotHere,
    /// The request is not what this address takes.
    BadRequest,
    /// No such link.
    Unknown,
    /// The link was stopped or is past its end.
    Ended,
    /// The link has a passcode.
    PasscodeNeeded,
    /// The passcode does not fit; so many tries are left.
    WrongPasscode(u32),
    /// Ten wrong passcodes.
    Locked,
    /// Not signed by who manages the link.
    BadSignature,
    /// An end that is past already.
    EndPast,
    /// Out of turn: the step that counts is this one.
    Conflict(u64),
    /// Larger than a capsule.
    TooLarge,
    /// Too many requests: again after so many seconds.
    TooMany(u32),
    /// No room.
    Full,
    /// An address that is not asked.
    AddressRefused,
    /// An address that did not answer, or not with what the purpose takes.
    Unreachable,
    /// It took too long.
    TooSlow,
    /// A fault of ours.
    Broken,
}

impl Refusal {
    fn parts(self) -> (StatusCode, Value) {
        let (status, code) = match self {
            Self::NotHere => (StatusCode::NOT_FOUND, "not_here"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::Unknown => (StatusCode::NOT_FOUND, "unknown"),
            Self::Ended => (StatusCode::GONE, "ended"),
            Self::PasscodeNeeded => (StatusCode::UNAUTHORIZED, "passcode_needed"),
            Self::WrongPasscode(left) => return (StatusCode::FORBIDDEN, json!({ "error": "wrong_passcode", "left": left })),
            Self::Locked => (StatusCode::LOCKED, "locked"),
            Self::BadSignature => (StatusCode::FORBIDDEN, "bad_signature"),
            Self::EndPast => (StatusCode::BAD_REQUEST, "end_past"),
            Self::Conflict(seq) => return (StatusCode::CONFLICT, json!({ "error": "conflict", "seq": seq })),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many"),
            Self::Full => (StatusCode::INSUFFICIENT_STORAGE, "full"),
            Self::AddressRefused => (StatusCode::FORBIDDEN, "address_refused"),
            Self::Unreachable => (StatusCode::BAD_GATEWAY, "unreachable"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow"),
            Self::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "broken"),
        };
        (status, json!({ "error": code }))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, body) = self.parts();
        let mut response = (status, Json(body)).into_response();
        if let Self::TooMany(seconds) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => refusal,
            StoreError::Full => Self::Full,
            error => {
                log::error!("{error}");
                Self::Broken
            }
        }
    }
}

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];
/// Of everything but the page: nothing may run in it.
const SANDBOX: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// An answer with the headers of every answer, where it has none of its own.
pub(crate) fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(SANDBOX));
    response
}
