//! The client that asks the internet, within the limits of `security.md` ("SafeFetch").

use std::error::Error as StdError;
use std::io::ErrorKind;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
#[cfg(not(target_os = "android"))]
use rustls_platform_verifier::BuilderVerifierExt;
use url::Url;

use crate::address::{self, LocalOrigin, Ports};
use crate::purpose::media_type;
use crate::resolver::{FilteringResolver, ResolveError};
use crate::{FetchError, Network, Post, Posted, Request, Response};

const MAX_REDIRECTS: usize = 3;

/// What a [`Guarded`] client is told at start.
#[derive(Debug, Clone, Default)]
pub struct GuardedConfig {
    /// Exact loopback origins that may be http. Empty but for `make run`, the demo and tests.
    pub local_origins: Vec<LocalOrigin>,
    /// `BadgeWallet/<version>`; nothing about the person or the device.
    pub user_agent: String,
}

/// Asks the internet: https and port 443 only, public addresses only, bounded in bytes, redirects and time; no proxy, no
/// cookies, no referrer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Guarded {
    config: Arc<GuardedConfig>,
    times: Times,
    /// Built at first use: reading the platform's certificates is no work for the start of the app.
    fetching: Arc<OnceLock<Option<reqwest::Client>>>,
    posting: Arc<OnceLock<Option<reqwest::Client>>>,
}

/// Whether requests to one host share connections. Posts do not: by one a host could tell which link it is a witness for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connections {
    Shared,
    OneEach,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    connect: Duration,
    total: Duration,
}

impl Guarded {
    /// A client that has not asked anything yet.
    pub fn new(config: GuardedConfig) -> Self {
        let times = Times { connect: Duration::from_secs(10), total: Duration::from_secs(20) };
        Self { config: Arc::new(config), times, fetching: Arc::default(), posting: Arc::default() }
    }

    fn client(&self, connections: Connections) -> Result<&reqwest::Client, FetchError> {
        let slot = match connections {
            Connections::Shared => &self.fetching,
            Connections::OneEach => &self.posting,
        };
        let built = slot.get_or_init(|| match build(&self.config.user_agent, self.times, connections) {
            Ok(client) => Some(client),
            Err(error) => {
                log::error!("no network client: {error}");
                None
            }
        });
        built.as_ref().ok_or(FetchError::Unreachable)
    }

    async fn follow(&self, request: Request) -> Result<Response, FetchError> {
        let Request { purpose, mut url, chosen } = request;
        let mut local = self.local(&url, chosen);
        for _ in 0..=MAX_REDIRECTS {
            url.set_fragment(None);
            address::check(&url, &local, Ports::Standard)?;
            let answer = self
                .client(Connections::Shared)?
                .get(url.clone())
                .header(ACCEPT, purpose.accept())
                .header(ACCEPT_ENCODING, "identity")
                .send()
                .await
                .map_err(|error| kind_of(&error))?;
            let status = answer.status().as_u16();
            match status {
                200 => return read(answer, purpose, url).await,
                404 | 410 => {
                    return Ok(Response { final_url: url, status, content_type: String::new(), body: Vec::new() });
                }
                301 | 302 | 303 | 307 | 308 => {
                    let from = url.origin();
                    url = next(&url, &answer)?;
                    if url.origin() != from {
                        local.clone_from(&self.config.local_origins);
                    }
                }
                _ => return Err(FetchError::Status(status)),
            }
        }
        // A host that sends us round and round did not answer.
        Err(FetchError::Unreachable)
    }

    async fn send(&self, post: Post) -> Result<Posted, FetchError> {
        address::check(&post.url, &self.local(&post.url, post.chosen), Ports::Standard)?;
        let mut request = self
            .client(if post.together { Connections::Shared } else { Connections::OneEach })?
            .post(post.url)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, application/octet-stream")
            .header(ACCEPT_ENCODING, "identity");
        for (name, value) in post.headers {
            request = request.header(name, value);
        }
        let answer = request.body(post.body).send().await.map_err(|error| kind_of(&error))?;
        // What was meant for one host is not carried on to another.
        if answer.status().is_redirection() {
            return Err(FetchError::Unreachable);
        }
        let (status, content_type) = (answer.status().as_u16(), content_type(&answer));
        Ok(Posted { status, content_type, body: bounded(answer, post.limit).await? })
    }

    /// The loopback origins that may be http: those of the configuration, and that of an address that the learner named.
    fn local(&self, url: &Url, chosen: bool) -> Vec<LocalOrigin> {
        let chosen = chosen.then(|| LocalOrigin::parse(&url.origin().ascii_serialization())).flatten();
        self.config.local_origins.iter().cloned().chain(chosen).collect()
    }
}

#[async_trait::async_trait]
impl Network for Guarded {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        let purpose = request.purpose;
        let answer = match tokio::time::timeout(self.times.total, self.follow(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::Unreachable),
        };
        // No address here: the log names no badge and no issuer.
        log::debug!("fetched {purpose:?}: {}", answer.as_ref().map_or_else(ToString::to_string, |r| r.status.to_string()));
        answer
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        let answer = match tokio::time::timeout(self.times.total, self.send(post)).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::Unreachable),
        };
        log::debug!("posted: {}", answer.as_ref().map_or_else(ToString::to_string, |posted| posted.status.to_string()));
        answer
    }
}

fn build(user_agent: &str, times: Times, connections: Connections) -> Result<reqwest::Client, Box<dyn StdError>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    #[cfg(not(target_os = "android"))]
    let tls = tls.with_platform_verifier()?;
    // Android's own verifier is reached through Java, which a library cannot start. Like the system's default for apps, Mozilla's roots
    // leave out what was added by hand.
    #[cfg(target_os = "android")]
    let tls = {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        tls.with_root_certificates(roots)
    };
    let mut tls = tls.with_no_client_auth();
    let mut builder = reqwest::Client::builder();
    if connections == Connections::OneEach {
        // A session that goes on tells the same.
        tls.resumption = rustls::client::Resumption::disabled();
        builder = builder.pool_max_idle_per_host(0);
    }
    let client = builder
        .tls_backend_preconfigured(tls)
        .dns_resolver(FilteringResolver::default())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .user_agent(user_agent)
        .connect_timeout(times.connect)
        .pool_idle_timeout(Duration::from_secs(15))
        .build()?;
    Ok(client)
}

/// Where a redirect leads. The checks of the next hop are those of the first; from https only to https.
fn next(from: &Url, answer: &reqwest::Response) -> Result<Url, FetchError> {
    let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or(FetchError::Unreachable)?;
    let to = from.join(location).map_err(|_| FetchError::Unreachable)?;
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(FetchError::Refused("a redirect away from https"));
    }
    Ok(to)
}

async fn read(answer: reqwest::Response, purpose: crate::Purpose, final_url: Url) -> Result<Response, FetchError> {
    let content_type = content_type(&answer);
    purpose.demand(&content_type)?;
    let body = bounded(answer, purpose.limit()).await?;
    Ok(Response { final_url, status: 200, content_type, body })
}

fn content_type(answer: &reqwest::Response) -> String {
    media_type(answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

async fn bounded(mut answer: reqwest::Response, limit: usize) -> Result<Vec<u8>, FetchError> {
    // Compression was not asked for, and an inflating answer would slip past the cap.
    let encoding = answer.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !matches!(encoding, "" | "identity") {
        return Err(FetchError::ContentType);
    }
    if answer.content_length().is_some_and(|length| length > limit as u64) {
        return Err(FetchError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| kind_of(&error))? {
        if body.len() + chunk.len() > limit {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Tells "no network at all" from "this host did not answer" by what lies under reqwest's error.
fn kind_of(error: &reqwest::Error) -> FetchError {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(resolve) = current.downcast_ref::<ResolveError>() {
            return match resolve {
                ResolveError::Private => FetchError::Refused("the name leads to a private address"),
                ResolveError::NoSuchName => FetchError::Unreachable,
                ResolveError::NoAnswer => FetchError::Offline,
            };
        }
        if let Some(io) = current.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown | ErrorKind::HostUnreachable)
        {
            return FetchError::Offline;
        }
        cause = current.source();
    }
    FetchError::Unreachable
}

#[cfg(test)]
mod tests;
