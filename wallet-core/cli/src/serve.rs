//! `serve`: the app in a browser tab, on IPv4 loopback only (`security.md`, "Leftovers").
//!
//! The address that is printed holds a single-use token. Opening it swaps the token for a cookie that scripts cannot read, and
//! removes it from the address bar. Everything else needs that cookie, our own host name, and for a command our own origin.

mod api;
mod guard;

use std::convert::Infallible;
use std::io::{IsTerminal, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::stream::{self, Stream};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use wallet_core::{ErrorCode, Wallet};

use self::guard::Guard;
use crate::failure::{Failure, Outcome};
use crate::home::Home;
use crate::input;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The largest input as base64 in JSON, and room around it.
const MAX_BODY: usize = wallet_core::MAX_INPUT / 3 * 4 + 1024 * 1024;
/// Open event streams would keep the server waiting for ever.
const PATIENCE: Duration = Duration::from_secs(1);

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct App {
    wallet: Wallet,
    guard: Arc<Guard>,
}

/// Serves until Ctrl-C. What is to be opened is only kept until the page asks for it.
pub(crate) async fn serve(home: &Home, port: u16, demo: bool, open: Option<&str>) -> Outcome {
    if ASSETS.is_empty() {
        let text = home
            .screen
            .pick("De schermen zijn niet meegebouwd. Doe eerst: make ui", "The interface was not built in. First run: make ui");
        return Err(Failure::saying(ErrorCode::Usage, text));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
        let text = home.screen.pick("Deze poort is niet vrij", "This port is not free");
        Failure::saying(ErrorCode::Busy, format!("{text}: {port} ({error})"))
    })?;
    let port = listener.local_addr().map_err(|error| wallet_core::Error::new(ErrorCode::Internal, error))?.port();
    let wallet = home.wallet_to_serve().await?;
    if demo {
        wallet.enter_demo().await?;
    }
    if let Some(open) = open {
        wallet.open_with(input::read(home.screen, open)?).await;
    }
    let guard = Arc::new(Guard::new(port)?);
    announce(home, &guard)?;
    let app = router(App { wallet, guard });
    let serving = axum::serve(listener, app).with_graceful_shutdown(asked_to_stop());
    tokio::select! {
        done = serving => done.map_err(|error| wallet_core::Error::new(ErrorCode::Internal, error))?,
        () = async { asked_to_stop().await; tokio::time::sleep(PATIENCE).await } => {}
    }
    Ok(0)
}

/// Prints the address to open. On a terminal, Enter gives a new one, for the token in it works once and for a minute.
fn announce(home: &Home, guard: &Arc<Guard>) -> Outcome<()> {
    let url = guard.invite()?;
    home.screen.answer(&json!({ "url": url }), || url)?;
    if !home.screen.json && std::io::stdin().is_terminal() {
        let hint = home.screen.pick("Enter geeft een nieuw adres, Ctrl-C stopt.", "Enter gives a new address, Ctrl-C stops.");
        drop(writeln!(std::io::stderr(), "{hint}"));
        let guard = Arc::clone(guard);
        std::thread::spawn(move || {
            let mut line = String::new();
            while std::io::stdin().read_line(&mut line).is_ok_and(|read| read > 0) {
                if let Ok(url) = guard.invite() {
                    drop(writeln!(std::io::stdout(), "{url}"));
                }
            }
        });
    }
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

fn router(app: App) -> Router {
    Router::new()
        .route("/api/events", get(events))
        .route("/api/{command}", post(command))
        .fallback(get(asset))
        .layer(middleware::from_fn_with_state(Arc::clone(&app.guard), guard::check))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(app)
}

/// One command: a JSON object of its arguments in, its answer or `{ "code": … }` out.
async fn command(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let json = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if json.split(';').next().map(str::trim) != Some("application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    match api::call(&app.wallet, &name, &body).await {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(error) => {
            log::debug!("{name}: {error}");
            (api::status(error.code), axum::Json(error)).into_response()
        }
    }
}

/// What changes without being asked for, as server-sent events.
async fn events(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = stream::unfold(app.wallet.events(), |mut events| async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    let event = Event::default().json_data(event).unwrap_or_default();
                    return Some((Ok(event), events));
                }
                // A slow reader missed some; what follows still counts.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// A file of the interface. Its routes are paths without a dot, and all of them are the one page.
async fn asset(uri: Uri) -> Response {
    let path = uri.path();
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let wanted = if is_file { path } else { "/index.html" };
    match ASSETS.iter().find(|(name, ..)| *name == wanted) {
        Some((_, media_type, bytes)) => ([(header::CONTENT_TYPE, *media_type)], Body::from(*bytes)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests;
