//! A bad day on the network: what the modes do to an answer, whatever it would have been.

use std::{io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State as Shared},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};

use super::{modes::Mode, pages, state::State};

/// How long a slow city takes.
const SLOW: Duration = Duration::from_secs(3);

/// The paths that machines ask; pages and pictures keep working.
fn concerns(path: &str) -> bool {
    ["/api/", "/feed/", "/.well-known/", "/ob2/", "/ob3/"].iter().any(|start| path.starts_with(start))
}

/// Answers in the way that the city is set up to.
pub(super) async fn trouble(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map_or_else(String::new, |path| path.as_str().to_owned());
    if !concerns(&path) {
        return next.run(request).await;
    }
    let modes = state.setup().modes.clone();
    if modes.has(&Mode::Slow) {
        tokio::time::sleep(SLOW).await;
    }
    if modes.has(&Mode::Silent) {
        return std::future::pending().await;
    }
    if modes.has(&Mode::TooMany) {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "30")], "Too many requests").into_response();
    }
    if modes.has(&Mode::Broken) {
        return broken();
    }
    if modes.has(&Mode::Html) {
        return pages::html(StatusCode::OK, "Even geduld", "<h1>Even geduld</h1><p>We werken aan de site.</p>");
    }
    if let Some(elsewhere) = modes.redirect() {
        return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("{elsewhere}{path}"))]).into_response();
    }
    if modes.has(&Mode::Huge) {
        return huge();
    }
    let answer = next.run(request).await;
    if modes.has(&Mode::Cut) { cut(answer).await } else { answer }
}

/// What Badgecraft's proxy says when the platform behind it is away.
fn broken() -> Response {
    let text = "Something went wrong. And we are reporting a custom error message.";
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/plain")], text).into_response()
}

/// 100 MB of JSON, a megabyte at a time.
fn huge() -> Response {
    let chunk = Bytes::from(vec![b' '; 1024 * 1024]);
    let chunks = stream::iter((0..100).map(move |_| Ok::<_, io::Error>(chunk.clone())));
    let whole =
        stream::iter([Ok(Bytes::from_static(b"{\"data\":"))]).chain(chunks).chain(stream::iter([Ok(Bytes::from_static(b"null}"))]));
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(whole)).into_response()
}

/// The first half of an answer, and then nothing: the connection is gone.
async fn cut(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(2)));
    let half = whole.slice(..whole.len() / 2);
    let halves = stream::iter([Ok(half)]).chain(stream::once(async {
        // The first half is on its way before the connection goes.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::other("cut"))
    }));
    Response::from_parts(parts, Body::from_stream(halves))
}
