//! The demo city: a faithful Cities of Learning server in which everything and everybody is invented, as `design/cities-of-learning.md`
//! describes it (6.4). Nothing it is told outlives it.
//!
//! `cargo run -p wallet-tests --bin demo-city` starts it; [`City::start`] does so in a test.
//!
//! * `POST /api/graphql`: the reconstructed schema, read without signing in; errors in the words of graphql-js, as far as
//!   `wording.rs` says.
//! * `/.well-known/cities-of-learning`, `/feed/activities.json`: the neutral feed.
//! * `/storage/…`: pictures, drawn when they are asked for.
//! * `/`, `/activities/{id}`, `/classes/{id}`, `/organisers/{id}`, `/claim?code=`, `/badges/{id}`: pages.
//! * `/ob2/…`, `/ob3/credentials/{id}`: the badges as Open Badges 2.0 (hosted, baked) and 3.0 (VC-JWT).
//! * `/organiser`: make an activity with a badge, print its code, see who claimed it.
//! * `/test/mode`, `/test/asked`: what goes wrong, and what was asked, for tests.
//!
//! Who can sign in (`passwordAuthorize`, or one tap on the page): `noor@voorbeeld.example` with `domtoren`,
//! `sam@voorbeeld.example` with `oudegracht`, and for a group a dozen more (`people.rs`) with `oefenen`.
//!
//! Codes, in capitals too: `welkom` (a first badge, at once), `b4nd1a` (a badge), `repair` (a badge, once), `taal02` (a badge that
//! asks for evidence), `tafel2` (a badge that asks for other badges), `w1jk10` (joins a playlist), and
//! `3f2504e0-4f89-41d3-9a0c-0305e82c3301` (joins an organisation).

mod badges;
mod catalogue;
mod crowd;
mod dates;
mod entities;
mod feed;
mod hostile;
mod http;
mod lists;
mod modes;
mod mutations;
mod organiser;
mod pages;
mod palette;
mod people;
mod pictures;
mod resolve;
mod schema;
mod state;
mod trouble;
mod wording;

use std::{io, net::SocketAddr, sync::Arc};

use jiff::Timestamp;
use tokio::{net::TcpListener, task::JoinHandle};

pub use feed::export;
pub use modes::Mode;
pub use state::Request;
use state::State;

/// What the city calls itself.
pub const NAME: &str = "Demostad Utrecht (fictief)";

/// How a city is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The origin in its ids and links, where that is not the address it listens at.
    pub origin: Option<String>,
    /// The moment that its days are counted from, with ids for what organisers make that are the same every time; the clock's, when
    /// absent.
    pub now: Option<Timestamp>,
    /// What goes wrong.
    pub modes: Vec<Mode>,
}

impl Default for Options {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 0)), origin: None, now: None, modes: Vec::new() }
    }
}

/// A city that runs until it is dropped.
#[derive(Debug)]
pub struct City {
    /// Its origin, as `http://127.0.0.1:8788`.
    pub url: String,
    state: Arc<State>,
    task: JoinHandle<io::Result<()>>,
}

impl City {
    /// Starts a city.
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let origin = options.origin.unwrap_or_else(|| address.clone()).trim_end_matches('/').to_owned();
        let state = Arc::new(State::new(origin, options.now, options.modes));
        let router = http::router(state.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url: address, state, task })
    }

    /// Runs until the listener fails.
    ///
    /// # Errors
    /// As the listener does.
    pub async fn run(mut self) -> io::Result<()> {
        (&mut self.task).await.map_err(io::Error::other)?
    }

    /// From now on, exactly this goes wrong.
    pub fn set_mode(&self, modes: impl IntoIterator<Item = Mode>) {
        self.state.set_up(Some(modes.into_iter().collect()));
    }

    /// Everything that was asked, in order.
    pub fn asked(&self) -> Vec<Request> {
        self.state.asked()
    }
}

impl Drop for City {
    fn drop(&mut self) {
        self.task.abort();
    }
}
