//! The only way to the network.
//!
//! [`Network`] is what the wallet asks; [`Guarded`] asks the internet within the limits of the design, [`Replay`] answers from
//! files (`--web DIR`), and [`Offline`] answers nothing.

use url::Url;

mod address;
mod guarded;
mod purpose;
mod replay;
mod resolver;

pub use address::LocalOrigin;
pub use guarded::{Guarded, GuardedConfig};
pub use purpose::is_json;
pub use replay::Replay;

/// Why something is fetched. Decides the byte cap, the accepted content types and the `Accept` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A credential or hosted assertion, a BadgeClass: 5 MiB, JSON, JWS, or (for what a person typed) a baked PNG or SVG.
    Credential,
    /// An issuer Profile, controller document or CryptographicKey: 5 MiB, JSON or PEM text.
    Issuer,
    /// A did:web document: 256 KiB, JSON.
    DidDocument,
    /// A JSON Web Key set: 256 KiB, JSON.
    KeySet,
    /// A status or revocation list: 5 MiB on the wire, JSON or JWS.
    StatusList,
    /// A picture: 5 MiB, PNG, JPEG, GIF, WebP or SVG.
    Picture,
    /// What a city says of itself: 64 KiB, JSON.
    City,
    /// A page of a feed or a catalogue of activities: 5 MiB, JSON.
    Feed,
    /// A web page, read for what it says to machines and never shown: 2 MiB, HTML.
    Page,
}

/// One GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Why.
    pub purpose: Purpose,
    /// Where.
    pub url: Url,
    /// Whether the learner's own setting names this origin (a city): then it may be http on loopback. Where a redirect leads to, it is
    /// not named.
    pub chosen: bool,
}

impl Request {
    /// A GET that nobody but a badge, an issuer or a document asked for.
    #[must_use]
    pub fn new(purpose: Purpose, url: Url) -> Self {
        Self { purpose, url, chosen: false }
    }
}

/// The answer to a [`Request`]: 200, 404 or 410; everything else is a [`FetchError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The address after redirects.
    pub final_url: Url,
    /// 200, 404 or 410.
    pub status: u16,
    /// The media type without parameters, lower case; empty when the answer named none.
    pub content_type: String,
    /// The body, within the cap of the purpose; empty unless 200.
    pub body: Vec<u8>,
}

/// One POST of JSON: to the share host that the learner chose, the one that a share link names, or a city.
#[derive(Clone, PartialEq, Eq)]
pub struct Post {
    /// Where. Never redirected.
    pub url: Url,
    /// The JSON.
    pub body: Vec<u8>,
    /// The most bytes that the answer may have.
    pub limit: usize,
    /// Whether the learner's own setting names this origin: then it may be http on loopback.
    pub chosen: bool,
    /// Headers of the protocol that is spoken. May hold a token.
    pub headers: Vec<(&'static str, String)>,
    /// Whether it shares connections with other requests to its host. A post to a share host does not: by that the host could tell which
    /// link it is a witness for.
    pub together: bool,
}

impl Post {
    /// A POST to a share host.
    #[must_use]
    pub fn new(url: Url, body: Vec<u8>, limit: usize, chosen: bool) -> Self {
        Self { url, body, limit, chosen, headers: Vec::new(), together: false }
    }
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// The answer to a [`Post`], whatever its status: a refusal has a body that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The status.
    pub status: u16,
    /// The media type without parameters, lower case.
    pub content_type: String,
    /// The body, within the limit.
    pub body: Vec<u8>,
}

/// Why there is no answer. Never shown as good or bad news about a badge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address may not be asked: not https, a private or loopback address, user-info, a port, a single-label host.
    #[error("this address is not asked: {0}")]
    Refused(&'static str),
    /// No network: offline by choice, or nothing answers at all (name resolution or connection failed).
    #[error("offline")]
    Offline,
    /// The host took too long, closed the connection or spoke no proper HTTP or TLS.
    #[error("the host did not answer")]
    Unreachable,
    /// The host answered with a status other than 200, 404 and 410.
    #[error("the host answered {0}")]
    Status(u16),
    /// More bytes than the purpose allows.
    #[error("the answer is too large")]
    TooLarge,
    /// The wrong kind of content for the purpose.
    #[error("the answer is of another kind")]
    ContentType,
}

/// The seam to the network. One real implementation asks the internet, one replays files.
#[async_trait::async_trait]
pub trait Network: Send + Sync + std::fmt::Debug {
    /// One GET within the limits of its purpose. Follows at most 3 redirects, each checked like the first.
    async fn fetch(&self, request: Request) -> Result<Response, FetchError>;

    /// One POST. What only answers from files has nobody to post to.
    async fn post(&self, _: Post) -> Result<Posted, FetchError> {
        Err(FetchError::Offline)
    }
}

/// Answers nothing: `--offline`, and the learner's own choice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offline;

#[async_trait::async_trait]
impl Network for Offline {
    async fn fetch(&self, _: Request) -> Result<Response, FetchError> {
        Err(FetchError::Offline)
    }
}
