//! Counters for whoever runs the host, as Prometheus reads them. On an address of their own, and without a word about anyone.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::{App, answers::Refusal, blocking};

/// Answers by route and status.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<BTreeMap<(String, u16), u64>>);

impl Metrics {
    /// Counts one answer. Routes are the few that are written in the router.
    pub(crate) fn count(&self, route: &str, status: u16) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((route.to_owned(), status)).or_default() += 1;
    }
}

/// `GET /metrics`.
pub(crate) async fn page(State(app): State<App>) -> Response {
    let store = app.store.clone();
    let (links, bytes) = match blocking(move || store.count()).await {
        Ok(counted) => counted,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let mut out = String::from("# TYPE share_host_answers_total counter\n");
    for ((route, status), count) in &*app.metrics.0.lock().unwrap_or_else(PoisonError::into_inner) {
        // Writing to a String cannot fail.
        _ = writeln!(out, "share_host_answers_total{{route=\"{route}\",status=\"{status}\"}} {count}");
    }
    _ = writeln!(out, "# TYPE share_host_links gauge\nshare_host_links {links}");
    _ = writeln!(out, "# TYPE share_host_bytes gauge\nshare_host_bytes {bytes}");
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response()
}
