//! What a running city is: how it is set up, who came by, and what it was asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Instant,
};

use async_graphql::dynamic::Schema;
use jiff::{SignedDuration, Timestamp};
use ring::{rand::SystemRandom, signature::Ed25519KeyPair};
use serde::Serialize;

use super::{
    catalogue::Catalogue,
    modes::{Mode, Modes},
    organiser,
    people::People,
    schema::Types,
};

/// The schema and the data under one set of modes.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) modes: Modes,
    pub(super) catalogue: Catalogue,
    pub(super) types: Types,
    pub(super) schema: Schema,
}

/// A request that the city was sent: everything by which it could know who asks.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: String,
    /// The path and query.
    pub path: String,
    /// Every header, by its lower-case name.
    pub headers: BTreeMap<String, String>,
    /// Whether it carries a session: `Auth-Token`, a bearer or a cookie.
    pub authorised: bool,
    /// The GraphQL operation that runs, where it has a name.
    pub operation: Option<String>,
    /// The text of the GraphQL query.
    pub query: Option<String>,
    /// Its variables.
    pub variables: Option<serde_json::Value>,
}

/// A running city.
#[derive(Debug)]
pub(super) struct State {
    /// `http://127.0.0.1:8788`, without a slash at the end.
    pub(super) origin: String,
    /// The id of the first activity that an organiser makes.
    pub(super) first: u32,
    keys: Mutex<BTreeMap<String, Arc<Ed25519KeyPair>>>,
    setup: RwLock<Arc<Setup>>,
    people: Mutex<People>,
    asked: Mutex<Vec<Request>>,
    start: (Timestamp, Instant),
}

/// More than this many requests are not remembered.
const REMEMBERED: usize = 10_000;

impl State {
    pub(super) fn new(origin: String, fixed: Option<Timestamp>, modes: Vec<Mode>) -> Self {
        let now = fixed.unwrap_or_else(Timestamp::now);
        Self {
            origin,
            first: fixed.map_or_else(|| organiser::first(now), |_| organiser::FIRST),
            keys: Mutex::default(),
            setup: RwLock::new(Arc::new(Setup::new(Modes(modes), now, &People::new(now)))),
            people: Mutex::new(People::new(now)),
            asked: Mutex::default(),
            start: (now, Instant::now()),
        }
    }

    /// The city's clock: it started at the moment that it was told, and runs.
    pub(super) fn now(&self) -> Timestamp {
        let (start, since) = &self.start;
        SignedDuration::try_from(since.elapsed()).ok().and_then(|passed| start.checked_add(passed).ok()).unwrap_or(*start)
    }

    /// The key that an organisation signs with until the city ends.
    pub(super) fn key(&self, organisation: &str) -> Arc<Ed25519KeyPair> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.entry(organisation.to_owned()).or_insert_with(|| Arc::new(fresh_key())).clone()
    }

    pub(super) fn setup(&self) -> Arc<Setup> {
        self.setup.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets the city up anew, with what organisers made.
    pub(super) fn set_up(&self, modes: Option<Vec<Mode>>) {
        let modes = modes.map_or_else(|| self.setup().modes.clone(), Modes);
        let fresh = Setup::new(modes, self.start.0, &self.people());
        *self.setup.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
    }

    pub(super) fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, request: Request) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() < REMEMBERED {
            asked.push(request);
        }
    }

    pub(super) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn forget(&self) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn fresh_key() -> Ed25519KeyPair {
    let seed = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("randomness");
    Ed25519KeyPair::from_pkcs8(seed.as_ref()).expect("a key just made")
}

impl Setup {
    fn new(modes: Modes, now: Timestamp, people: &People) -> Self {
        let published: Vec<_> = people.made.iter().filter(|made| made.published).map(|made| made.row.clone()).collect();
        let types = Types::read(&modes);
        Self {
            catalogue: Catalogue::build(&modes, now, &published),
            schema: types.schema(&modes).expect("the reconstructed schema can be built"),
            types,
            modes,
        }
    }
}
