#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod answers;
mod config;
mod connections;
mod limits;
mod links;
mod metrics;
mod page;
mod relay;
mod store;
mod witness;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use safe_fetch::{Guarded, GuardedConfig, LocalOrigin, Network, Replay};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use self::{
    answers::Refusal, connections::Connections, limits::Limits, metrics::Metrics, page::Page, relay::Relay, store::Store,
    witness::Witness,
};

pub use self::config::{Config, ConfigError};
pub use self::limits::Rates;
pub use self::store::Quota;

/// A capsule as base64 in JSON, and room around it.
const MAX_BODY: usize = capsule::MAX_CAPSULE / 3 * 4 + 8 * 1024;
/// The longest that one request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(40);
/// How often what has ended is deleted.
const SWEEP: Duration = Duration::from_secs(60);

/// What every handler shares.
struct Shared {
    /// The origin that links name, and that management calls are signed for.
    origin: String,
    store: Arc<Store>,
    limits: Limits,
    connections: Connections,
    relay: Relay,
    witness: Witness,
    page: Page,
    metrics: Metrics,
    behind_proxy: bool,
}

type App = Arc<Shared>;

/// A running share host.
#[derive(Debug)]
pub struct Host {
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Host {
    /// Opens the data, binds the port and serves.
    ///
    /// # Errors
    /// A folder that cannot be used, a port that is not free, a database of a newer version.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let listener = TcpListener::bind(config.listen).await.map_err(|error| StartError::Port(config.listen, error))?;
        let address = listener.local_addr()?;
        let origin = match config.origin {
            Some(origin) => capsule::host_origin(&origin).ok_or(StartError::Origin(origin))?,
            None if address.ip().is_loopback() => format!("http://{address}"),
            None => return Err(StartError::NoOrigin),
        };
        let data = config.data.clone();
        let quota = config.quota;
        let (store, witness) = blocking(move || {
            store::private_folder(&data)?;
            Ok::<_, StartError>((Store::open(&data.join("links.db"), quota)?, Witness::open(&data.join("witness.json"), now())?))
        })
        .await?;
        let local_origins = config.local_origins.iter().filter_map(|origin| LocalOrigin::parse(origin)).collect();
        let user_agent = format!("BadgeShareHost/{}", env!("CARGO_PKG_VERSION"));
        let guarded: Arc<dyn Network> = Arc::new(Guarded::new(GuardedConfig { local_origins, user_agent }));
        let network = match config.web {
            Some(folder) => Arc::new(Replay::new(folder).before(guarded)),
            None => guarded,
        };
        let shared: App = Arc::new(Shared {
            relay: Relay::new(network, origin.clone()),
            origin,
            store: Arc::new(store),
            limits: Limits::new(config.rates),
            connections: Connections::default(),
            witness: witness.revoking(&config.revoked_keys),
            page: Page::read(config.page.as_deref())?,
            metrics: Metrics::default(),
            behind_proxy: config.behind_proxy,
        });
        let (stop, stopping) = watch::channel(false);
        let mut tasks = vec![
            tokio::spawn(serve(listener, router(Arc::clone(&shared)), Arc::clone(&shared), stopping.clone())),
            tokio::spawn(sweep(Arc::clone(&shared), stopping.clone())),
        ];
        let metrics = match config.metrics {
            Some(wanted) => {
                let listener = TcpListener::bind(wanted).await.map_err(|error| StartError::Port(wanted, error))?;
                let bound = listener.local_addr()?;
                let router = Router::new().route("/metrics", get(metrics::page)).with_state(Arc::clone(&shared));
                tasks.push(tokio::spawn(serve(listener, router, shared, stopping)));
                Some(bound)
            }
            None => None,
        };
        Ok(Self { address, metrics, stop, tasks })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its metrics are.
    #[must_use]
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Takes no more requests, and ends when those that run are answered.
    pub async fn shutdown(self) {
        // Nobody listening means that it ended already.
        _ = self.stop.send(true);
        for task in self.tasks {
            if tokio::time::timeout(Duration::from_secs(10), task).await.is_err() {
                log::warn!("a request did not end in time");
            }
        }
    }
}

impl From<store::StoreError> for StartError {
    fn from(error: store::StoreError) -> Self {
        Self::Data(error.to_string())
    }
}

/// Why a host does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port.
    #[error("cannot listen on {0}: {1}")]
    Port(SocketAddr, #[source] io::Error),
    /// The origin.
    #[error("{0} is no origin of a share host: it is https://host, or http on loopback")]
    Origin(String),
    /// No origin, and it cannot be guessed.
    #[error("--origin is needed: the address under which people reach this host, as https://share.example.org")]
    NoOrigin,
    /// The data.
    #[error("the data cannot be used: {0}")]
    Data(String),
    /// A file.
    #[error("a file cannot be used: {0}")]
    Io(#[from] io::Error),
    /// The page.
    #[error("the page cannot be used: {0}")]
    Page(String),
}

fn router(shared: App) -> Router {
    let api = Router::new()
        .route("/v1/open", post(links::open).layer(DefaultBodyLimit::max(links::MAX_OPEN)))
        .route("/v1/manage", post(links::manage))
        .route("/v1/relay", post(relay::relay).layer(DefaultBodyLimit::max(relay::MAX_REQUEST)))
        .route("/v1/elsewhere", post(relay::elsewhere).layer(DefaultBodyLimit::max(links::MAX_OPEN)))
        .route("/v1/witness", post(relay::witness).layer(DefaultBodyLimit::max(relay::MAX_REQUEST)))
        .route("/v1/keys", get(witness::keys));
    Router::new()
        .merge(api)
        .route("/v", get(page::index))
        .route("/v/{*file}", get(page::file))
        .route("/healthz", get(health))
        .fallback(async || Refusal::NotHere)
        .method_not_allowed_fallback(async || Refusal::NotHere)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), around))
        .with_state(shared)
}

/// What holds for every request: its time is bounded, its answer is not stored or guessed at, and what is logged and counted names
/// nobody: the route as it is written here, the status, the time it took.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let response = if announced.is_some_and(|length| length > MAX_BODY as u64) {
        // Answered before it is read.
        Refusal::TooLarge.into_response()
    } else {
        tokio::time::timeout(PATIENCE, next.run(request)).await.unwrap_or_else(|_| Refusal::TooSlow.into_response())
    };
    let response = answers::guarded(response);
    let status = response.status().as_u16();
    app.metrics.count(&route, status);
    log::info!("route={route} status={status} ms={}", started.elapsed().as_millis());
    response
}

async fn health(State(app): State<App>) -> Response {
    let store = Arc::clone(&app.store);
    match blocking(move || store.count()).await {
        Ok(_) => "ok\n".into_response(),
        Err(_) => Refusal::Broken.into_response(),
    }
}

/// Takes connections until the host stops, and then waits for those that run.
async fn serve(listener: TcpListener, router: Router, shared: App, mut stopping: watch::Receiver<bool>) {
    let mut running = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = running.join_next() => continue,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, from)) => {
                // Behind a proxy all come from one address, and the proxy has limits of its own.
                let place = shared.connections.place(from.ip());
                if place.is_none() && !shared.behind_proxy {
                    continue;
                }
                // Without it a short answer may wait for the client to confirm the one before.
                drop(stream.set_nodelay(true));
                let (router, stopping) = (router.clone(), stopping.clone());
                running.spawn(async move {
                    connections::serve(stream, from, router, stopping).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Mostly too many open files: those that end give theirs back.
                log::warn!("a connection was not taken: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    while running.join_next().await.is_some() {}
}

async fn sweep(app: App, mut stopping: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopping.wait_for(|stop| *stop) => break,
        }
        let store = Arc::clone(&app.store);
        if let Err(error) = blocking(move || store.sweep(now())).await {
            log::error!("what has ended was not deleted: {error}");
        }
    }
}

/// The client behind a request: its own address, or the last one that our own proxy added.
fn client(app: &Shared, request: &ConnectInfo<SocketAddr>, forwarded: Option<&str>) -> std::net::IpAddr {
    let told = forwarded.filter(|_| app.behind_proxy).and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    told.unwrap_or(request.0.ip())
}

/// The one place that asks the clock: seconds since 1970 UTC.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs()).unwrap_or_default()
}

/// Work that blocks, off the async runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // Only a panic or the end of the runtime: both end this task as well.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
