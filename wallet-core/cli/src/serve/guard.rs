//! Who may talk to `serve`: the browser tab that opened the printed address, and nobody else.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use wallet_core::{Error, ErrorCode};

/// How long the address works.
const TOKEN_LIFE: Duration = Duration::from_secs(60);

/// The page may show its own files and pictures that it made, and talk to us. Nothing else. The app's own policy
/// (`tauri.conf.json`) differs in `connect-src` alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
    media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// The token that is waiting to be swapped, and the cookie it is swapped for.
pub(crate) struct Guard {
    port: u16,
    /// Cookies know no ports: the name keeps two servers on one machine apart.
    cookie_name: String,
    cookie: String,
    token: Mutex<Option<(String, Instant)>>,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Guard {
    pub(crate) fn new(port: u16) -> Result<Self, Error> {
        let cookie_name = format!("badge_wallet_{port}");
        Ok(Self { port, cookie_name, cookie: secret()?, token: Mutex::default() })
    }

    /// A new address to open. The one before it works no more.
    pub(crate) fn invite(&self) -> Result<String, Error> {
        let token = secret()?;
        let url = format!("http://127.0.0.1:{}/?token={token}", self.port);
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some((token, Instant::now()));
        Ok(url)
    }

    /// Whether this is the token, still in time. It works once.
    fn swap(&self, offered: &str) -> bool {
        let mut waiting = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let good = waiting.as_ref().is_some_and(|(token, made)| same(token, offered) && made.elapsed() < TOKEN_LIFE);
        if good {
            *waiting = None;
        }
        good
    }

    fn host<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let host = text(headers, header::HOST)?;
        let ours = ["127.0.0.1", "localhost"].iter().any(|name| host == format!("{name}:{}", self.port));
        ours.then_some(host)
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| name == self.cookie_name && same(value, &self.cookie))
    }

    /// Answers instead of the app, or lets the request through.
    pub(super) fn judge(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        // A name that was made to lead to this machine (DNS rebinding) is not ours.
        let Some(host) = self.host(headers) else {
            return Some(refused(StatusCode::MISDIRECTED_REQUEST, "This is not its address."));
        };
        let origin = text(headers, header::ORIGIN);
        let own_origin = origin.is_some_and(|origin| origin == format!("http://{host}"));
        if (origin.is_some() || request.method() != Method::GET) && !own_origin {
            return Some(refused(StatusCode::FORBIDDEN, "This request came from another page."));
        }
        let token = request.uri().query().and_then(|query| query.strip_prefix("token="));
        if let Some(token) = token.filter(|_| request.method() == Method::GET && request.uri().path() == "/") {
            if self.swap(token) {
                return Some(self.welcome());
            }
            // Opened twice in the tab that is in already.
            if self.has_cookie(headers) {
                return Some(home());
            }
        }
        if self.has_cookie(headers) {
            return None;
        }
        Some(refused(StatusCode::FORBIDDEN, "Open the address that badge-wallet serve printed. It works once, for a minute."))
    }

    fn welcome(&self) -> Response {
        let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie_name, self.cookie);
        let mut response = home();
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// The check before every answer, and the headers on every answer.
pub(crate) async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.judge(&request) {
        Some(answer) => answer,
        None => next.run(request).await,
    };
    let fixed: [(HeaderName, &'static str); 8] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=(self)"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn home() -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/")]).into_response()
}

fn refused(status: StatusCode, why: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], why).into_response()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// 256 random bits as text.
fn secret() -> Result<String, Error> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::from(ErrorCode::Internal))?;
    Ok(hex::encode(bytes))
}

/// Compares hashes, so that the time it takes tells nothing of the secret.
fn same(a: &str, b: &str) -> bool {
    digest(&SHA256, a.as_bytes()).as_ref() == digest(&SHA256, b.as_bytes()).as_ref()
}
