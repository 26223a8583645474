//! Journeys of *Ontdek* over the facade, against demo cities that really answer and a network that writes down what is asked.

mod calendar;
mod cities;
mod claims;
mod federated;
mod filters;
mod handed_over;
mod hostile;
mod next_steps;
mod pages;
mod progress;
mod reading;
mod sign_in;
mod troubles;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::signature::{Ed25519KeyPair, KeyPair};
use safe_fetch::{FetchError, Guarded, GuardedConfig, LocalOrigin, Network, Post, Posted, Purpose, Request, Response};
use serde_json::json;
use wallet_core::{Clock, ErrorCode, MemoryDevice, Wallet, WalletConfig, view::*};
use wallet_tests::{
    city::{City, Mode, Options},
    home,
    judging::now,
};

// ---- a city and a network -------------------------------------------------------------------------------------------------------

/// A demo city whose days are counted from the tests' present.
async fn city(modes: impl IntoIterator<Item = Mode>) -> City {
    let options = Options { now: Some(now()), modes: modes.into_iter().collect(), ..Options::default() };
    City::start(options).await.expect("a city")
}

/// `127.0.0.1:40123` of a city.
fn host(city: &City) -> &str {
    city.url.strip_prefix("http://").expect("http")
}

/// The wallet's id for what a city has under this number.
fn at(city: &City, number: u32) -> String {
    format!("{number}@{}", host(city))
}

/// One request that left the wallet.
#[derive(Debug, Clone)]
struct Sent {
    /// Why: a purpose, or `Post`.
    why: String,
    url: String,
    /// The body and the headers of its own.
    rest: String,
}

impl Sent {
    /// The name of a GraphQL operation.
    fn operation(&self) -> Option<&str> {
        self.rest.split("\"operationName\":\"").nth(1)?.split('"').next()
    }

    /// Everything of it.
    fn all(&self) -> String {
        format!("{} {}", self.url, self.rest)
    }
}

/// What a host that does not exist answers, by address: the media type and the body.
type Invented = BTreeMap<String, (&'static str, Vec<u8>)>;

/// Cities on this machine for real, invented hosts from a table, and nobody else. Writes down everything that is asked.
#[derive(Debug)]
struct Net {
    real: Guarded,
    invented: Mutex<Invented>,
    asked: Mutex<Vec<Sent>>,
    /// After so many more answers it is gone; never when `None`.
    left: Mutex<Option<usize>>,
    /// What every answer is instead, when set.
    instead: Mutex<Option<FetchError>>,
    /// Whether pictures come; otherwise they are as silent as a slow host.
    pictures: Mutex<bool>,
    /// How long each post takes.
    delay: Mutex<Duration>,
    /// Ids that every list holds null for: what a city took away.
    taken: Mutex<Vec<String>>,
    /// Whether cities are asked for the items of other cities too, as older servers answer them.
    unfiltered: Mutex<bool>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Net {
    fn new(local: &[&City]) -> Arc<Self> {
        let local_origins = local.iter().filter_map(|city| LocalOrigin::parse(&city.url)).collect();
        let real = Guarded::new(GuardedConfig { local_origins, user_agent: "BadgeWallet/test".to_owned() });
        Arc::new(Self {
            real,
            invented: Mutex::default(),
            asked: Mutex::default(),
            left: Mutex::default(),
            instead: Mutex::default(),
            pictures: Mutex::default(),
            delay: Mutex::default(),
            taken: Mutex::default(),
            unfiltered: Mutex::default(),
        })
    }

    fn invents(&self, url: &str, media_type: &'static str, body: impl Into<Vec<u8>>) {
        held(&self.invented).insert(url.to_owned(), (media_type, body.into()));
    }

    /// Airplane mode, from now on or after `left` more answers.
    fn cut_after(&self, left: usize) {
        *held(&self.left) = Some(left);
    }

    fn comes_back(&self) {
        *held(&self.left) = None;
        *held(&self.instead) = None;
    }

    /// From now on every answer is this.
    fn fails(&self, error: FetchError) {
        *held(&self.instead) = Some(error);
    }

    fn shows_pictures(&self) {
        *held(&self.pictures) = true;
    }

    /// What was asked since the last look, but for pictures.
    fn asked(&self) -> Vec<Sent> {
        let all = std::mem::take(&mut *held(&self.asked));
        all.into_iter().filter(|sent| sent.why != "Picture").collect()
    }

    /// The names of the GraphQL operations since the last look.
    fn operations(&self) -> Vec<String> {
        self.asked().iter().filter_map(|sent| sent.operation().map(str::to_owned)).collect()
    }

    /// A city took this away: its lists count it still, and hold null in its place.
    fn takes_away(&self, id: &str) {
        held(&self.taken).push(id.to_owned());
    }

    fn without_what_was_taken(&self, body: Vec<u8>) -> Vec<u8> {
        let taken = held(&self.taken).clone();
        let Ok(mut json) = serde_json::from_slice::<serde_json::Value>(&body) else { return body };
        let Some(list) = json.pointer_mut("/data/projects/list").and_then(serde_json::Value::as_array_mut) else { return body };
        for item in list.iter_mut().filter(|item| taken.iter().any(|id| item["id"] == **id)) {
            *item = serde_json::Value::Null;
        }
        json.to_string().into_bytes()
    }

    fn went(&self) -> Result<(), FetchError> {
        if let Some(error) = held(&self.instead).clone() {
            return Err(error);
        }
        match &mut *held(&self.left) {
            Some(0) => Err(FetchError::Offline),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

#[async_trait::async_trait]
impl Network for Net {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        let why = format!("{:?}", request.purpose);
        held(&self.asked).push(Sent { why, url: request.url.to_string(), rest: String::new() });
        if request.purpose == Purpose::Picture && !*held(&self.pictures) {
            return Err(FetchError::Unreachable);
        }
        self.went()?;
        if request.url.scheme() == "http" {
            return self.real.fetch(request).await;
        }
        let found = held(&self.invented).get(request.url.as_str()).cloned();
        let (status, (content_type, body)) = found.map_or((404, ("", Vec::new())), |found| (200, found));
        if status == 200 && !request.purpose.accepts(content_type) {
            return Err(FetchError::ContentType);
        }
        Ok(Response { final_url: request.url, status, content_type: content_type.to_owned(), body })
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        let rest = format!("{:?} {}", post.headers, String::from_utf8_lossy(&post.body));
        held(&self.asked).push(Sent { why: "Post".to_owned(), url: post.url.to_string(), rest });
        let delay = *held(&self.delay);
        tokio::time::sleep(delay).await;
        self.went()?;
        if post.url.scheme() == "http" {
            let mut post = post;
            if *held(&self.unfiltered) {
                let body = String::from_utf8_lossy(&post.body).replace("siteFilter: true", "siteFilter: false");
                post.body = body.into_bytes();
            }
            let answer = self.real.post(post).await?;
            return Ok(Posted { body: self.without_what_was_taken(answer.body), ..answer });
        }
        let found = held(&self.invented).get(post.url.as_str()).cloned();
        let (status, (content_type, body)) = found.map_or((404, ("text/html", Vec::new())), |found| (200, found));
        Ok(Posted { status, content_type: content_type.to_owned(), body })
    }
}

// ---- a wallet -------------------------------------------------------------------------------------------------------------------

/// A folder, a key store, a network and a time.
struct Home {
    folder: tempfile::TempDir,
    device: Arc<MemoryDevice>,
    net: Arc<Net>,
    now: Timestamp,
}

impl Home {
    /// Cities of `local` may be asked without having been chosen, as the demo city of `make run` may.
    fn new(local: &[&City]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, device: Arc::default(), net: Net::new(local), now: now() }
    }

    async fn open(&self) -> Wallet {
        home::opened(|| WalletConfig {
            directory: self.folder.path().join("wallet"),
            device: self.device.clone(),
            network: self.net.clone(),
            clock: Clock::Fixed(self.now),
            language: Some(Language::Nl),
            share_host: None,
            city: None,
        })
        .await
    }

    async fn begun(&self) -> Wallet {
        home::begun(self.open().await).await
    }

    /// The same wallet, `hours` later.
    async fn later(&mut self, wallet: Wallet, hours: i64) -> Wallet {
        drop(wallet);
        self.now += SignedDuration::from_hours(hours);
        self.open().await
    }
}

/// A wallet with these cities, each read whole.
async fn with(cities: &[&City]) -> (Home, Wallet) {
    let home = Home::new(cities);
    let wallet = home.begun().await;
    for city in cities {
        let read = add(&wallet, city).await;
        assert_eq!(read.problem, None, "{}", city.url);
    }
    home.net.asked();
    (home, wallet)
}

/// Adds a city and waits until it was read.
async fn add(wallet: &Wallet, city: &City) -> CityView {
    let added = wallet.add_city(city.url.clone()).await.expect("a city");
    settled(wallet, &added.id).await
}

/// A city once it was read, or not.
async fn settled(wallet: &Wallet, id: &str) -> CityView {
    for _ in 0..3_000 {
        let city = chosen(wallet, id).await;
        if city.refreshed_at.is_some() || city.problem.is_some() {
            // Its reading ends a moment after what it wrote.
            tokio::time::sleep(Duration::from_millis(50)).await;
            return city;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{id} was not read");
}

/// One of the learner's cities.
async fn chosen(wallet: &Wallet, id: &str) -> CityView {
    let all = wallet.cities().await.expect("cities").chosen;
    all.into_iter().find(|city| city.id == id).expect("a chosen city")
}

async fn refresh(wallet: &Wallet, city: &City) -> CityView {
    wallet.refresh_city(city.url.clone()).await.expect("a refresh")
}

/// Everything that fits a query, page by page.
async fn all(wallet: &Wallet, query: ActivityQuery) -> Vec<ActivityCard> {
    let mut found: Vec<ActivityCard> = Vec::new();
    loop {
        let offset = u32::try_from(found.len()).expect("few");
        let page = wallet.activities(ActivityQuery { offset, ..query.clone() }).await.expect("a page");
        let (total, more) = (page.total, !page.activities.is_empty());
        found.extend(page.activities);
        if !more || found.len() >= total as usize {
            assert_eq!(found.len(), total as usize, "as many as were promised");
            return found;
        }
    }
}

fn ids(cards: &[ActivityCard]) -> Vec<&str> {
    cards.iter().map(|card| card.id.as_str()).collect()
}

fn titles(cards: &[ActivityCard]) -> Vec<&str> {
    cards.iter().map(|card| card.title.as_str()).collect()
}

async fn card(wallet: &Wallet, id: &str) -> ActivityCard {
    wallet.activity(id.to_owned(), Freshness::Stored).await.expect("an activity").card
}

async fn detail(wallet: &Wallet, id: &str) -> ActivityDetail {
    let detail = wallet.activity(id.to_owned(), Freshness::Now).await.expect("an activity");
    assert_eq!(detail.problem, None, "{id}");
    detail
}

/// An activity once it is as it should be: pictures come in the background.
async fn in_time(wallet: &Wallet, id: &str, is: impl Fn(&ActivityDetail) -> bool) -> ActivityDetail {
    for _ in 0..400 {
        let detail = wallet.activity(id.to_owned(), Freshness::Stored).await.expect("an activity");
        if is(&detail) {
            return detail;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{id} did not become as it should be")
}

/// A small picture.
fn png() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 64, image::Rgb([20, 120, 90])).write_to(&mut png, image::ImageFormat::Png).expect("a PNG");
    png.into_inner()
}

fn code<T: std::fmt::Debug>(result: wallet_core::Result<T>) -> ErrorCode {
    result.expect_err("an error").code
}

// ---- badges ---------------------------------------------------------------------------------------------------------------------

/// A badge that is really signed, by a key that nobody knows.
struct Signed<'a> {
    /// The credential's own; one is made of the rest when there is none.
    id: Option<&'a str>,
    name: &'a str,
    issuer: &'a str,
    class: &'a str,
    skills: &'a [&'a str],
    /// Whether somebody changed it afterwards.
    broken: bool,
}

impl Default for Signed<'_> {
    fn default() -> Self {
        Self {
            id: None,
            name: "Barista",
            issuer: "Koffieschool Domstad (fictief)",
            class: "urn:uuid:5f4b5a36-7a52-4b42-9b54-0d6f8f9b0a02",
            skills: &[],
            broken: false,
        }
    }
}

impl Signed<'_> {
    fn jwt(&self) -> String {
        let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key");
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.public_key())}).to_string();
        let did = format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk));
        let alignment =
            |skill: &&str| json!({"type": ["Alignment"], "targetName": skill, "targetUrl": "http://data.europa.eu/esco/skill/1"});
        let own = || format!("urn:test:{}:{}:{}", self.name, self.issuer, self.class).replace(' ', "-");
        let payload = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id": self.id.map_or_else(own, str::to_owned),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": self.name,
            "issuer": {"id": did, "type": ["Profile"], "name": self.issuer},
            "validFrom": "2026-03-03T10:00:00Z",
            "credentialSubject": {"id": "did:example:noor", "type": ["AchievementSubject"], "achievement": {
                "id": self.class, "type": ["Achievement"], "name": self.name, "description": "Zet koffie voor gasten.",
                "criteria": {"narrative": "Zette zelfstandig koffie."}, "alignment": self.skills.iter().map(alignment).collect::<Vec<_>>(),
            }},
            "iss": did, "sub": "did:example:noor",
        });
        let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": format!("{did}#0")});
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&payload));
        let mut signature = key.sign(signed.as_bytes()).as_ref().to_vec();
        if self.broken {
            signature[0] ^= 1;
        }
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn previewed(incoming: Incoming) -> (String, BadgePreview) {
    match incoming {
        Incoming::Badges { id, mut badges, rejected, .. } => {
            assert_eq!((rejected, badges.len()), (Vec::new(), 1));
            (id, badges.remove(0))
        }
        other => panic!("no preview: {other:?}"),
    }
}

async fn inspect(wallet: &Wallet, text: &str) -> Incoming {
    wallet.inspect(Input::Text(text.to_owned()), Origin::Person).await.expect("something")
}

/// Keeps a badge and answers its id.
async fn keep(wallet: &Wallet, text: &str) -> String {
    let (id, _) = previewed(inspect(wallet, text).await);
    wallet.save(id, vec![0]).await.expect("kept").ids.remove(0)
}

/// Somebody comes to the city with a browser, signs in, and takes a badge by its code. Answers the badge's id there.
async fn earned(city: &City, (email, password): (&str, &str), claim: &str) -> String {
    let browser = Net::new(&[city]);
    let ask = async |headers: Vec<(&'static str, String)>, query: &str| -> serde_json::Value {
        let url = format!("{}/api/graphql", city.url).parse().expect("an address");
        let mut post = Post::new(url, json!({"query": query}).to_string().into_bytes(), 1_000_000, true);
        post.headers = headers;
        serde_json::from_slice(&browser.post(post).await.expect("an answer").body).expect("JSON")
    };
    let query = format!("mutation {{ passwordAuthorize(email: \"{email}\", password: \"{password}\") {{ success token }} }}");
    let said = ask(Vec::new(), &query).await;
    let token = said["data"]["passwordAuthorize"]["token"].as_str().expect("a token").to_owned();
    let query = format!("mutation {{ resolveCode(code: \"{claim}\") {{ ... on ResolveCodeBadgeGained {{ badge {{ id }} }} }} }}");
    let said = ask(vec![("Auth-Token", token)], &query).await;
    said["data"]["resolveCode"]["badge"]["id"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
}
