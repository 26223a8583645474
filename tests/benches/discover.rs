//! *Ontdek* with 20,000 activities on this device: the first page, search as you type, what is near, the map and next steps; beside the
//! same rows in a plain, unencrypted SQLite file. Then reading a city of 5,000, beside asking for the same pages and throwing them away.
//! The ratios are printed at the end.

use std::{
    hint::black_box,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use criterion::Criterion;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use safe_fetch::{FetchError, Guarded, GuardedConfig, Network, Post, Posted, Purpose, Request, Response};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wallet_core::{
    Clock, MemoryDevice, Wallet, WalletConfig,
    view::{ActivityCard, ActivityQuery, CityView, Near},
};
use wallet_tests::city::{City, Mode, Options};

/// Activities on the device.
const MANY: usize = 20_000;
/// Activities of the city that is read.
const READ: usize = 5_000;
/// What somebody types who looks for something about bicycles.
const TYPED: [&str; 4] = ["f", "fi", "fie", "fiets"];
/// The middle of Utrecht.
const DOM: (f64, f64) = (52.0907, 5.1214);
const KM: f64 = 2.0;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a moment")
}

/// The network without pictures, which would be drawn and decoded while something else is measured.
#[derive(Debug)]
struct Plain {
    real: Guarded,
    posted: Mutex<Vec<Post>>,
}

#[async_trait::async_trait]
impl Network for Plain {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        if request.purpose == Purpose::Picture { Err(FetchError::Unreachable) } else { self.real.fetch(request).await }
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        self.posted.lock().unwrap_or_else(PoisonError::into_inner).push(post.clone());
        self.real.post(post).await
    }
}

/// A wallet that read a demo city.
struct World {
    _folder: TempDir,
    runtime: Runtime,
    network: Arc<Plain>,
    city: City,
    wallet: Wallet,
}

impl World {
    fn with(activities: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let real = Guarded::new(GuardedConfig { local_origins: Vec::new(), user_agent: "BadgeWallet/bench".to_owned() });
        let network = Arc::new(Plain { real, posted: Mutex::default() });
        let (city, wallet) = runtime.block_on(async {
            let options = Options { now: Some(now()), modes: vec![Mode::Big(activities)], ..Options::default() };
            let city = City::start(options).await.expect("a city");
            let config = WalletConfig {
                directory: folder.path().join("wallet"),
                device: Arc::new(MemoryDevice::default()),
                network: network.clone(),
                clock: Clock::Fixed(now()),
                language: None,
                share_host: None,
                city: None,
            };
            let wallet = Wallet::open(config).await.expect("a wallet");
            wallet.begin(None).await.expect("a new wallet");
            (city, wallet)
        });
        Self { _folder: folder, runtime, network, city, wallet }
    }

    /// Adds the city, and answers it once all of it was read, and how long that took.
    fn read(&self) -> (CityView, Duration) {
        let start = Instant::now();
        self.runtime.block_on(async {
            let added = self.wallet.add_city(self.city.url.clone()).await.expect("a city");
            loop {
                let city = self.wallet.cities().await.expect("cities").chosen.remove(0);
                assert_eq!(city.problem, None);
                if city.refreshed_at.is_some() {
                    return (city, start.elapsed());
                }
                assert_eq!(city.id, added.id);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    }

    fn page(&self, query: &ActivityQuery) -> Vec<ActivityCard> {
        self.runtime.block_on(self.wallet.activities(query.clone())).expect("a page").activities
    }

    /// The same cards without encryption, in the tables that anybody would make for this list.
    fn plain(&self, path: &Path) -> Connection {
        let mut c = Connection::open(path).expect("a file");
        c.execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE activities (key INTEGER PRIMARY KEY, starts_at TEXT, lat REAL, lng REAL, card TEXT NOT NULL);
             CREATE INDEX soonest ON activities (starts_at, key);
             CREATE INDEX place ON activities (lat, lng);
             CREATE VIRTUAL TABLE search USING fts5 (title, organiser, badge, text, content = '', prefix = '2 3',
               tokenize = 'unicode61 remove_diacritics 2');",
        )
        .expect("tables");
        let t = c.transaction().expect("a transaction");
        let mut offset = 0;
        loop {
            let page = self.page(&ActivityQuery { offset, ..ActivityQuery::default() });
            if page.is_empty() {
                break;
            }
            for card in &page {
                let (lat, lng) = (card.place.map(|place| place.lat), card.place.map(|place| place.lng));
                let json = serde_json::to_string(card).expect("JSON");
                let row = "INSERT INTO activities (starts_at, lat, lng, card) VALUES (?1, ?2, ?3, ?4)";
                t.execute(row, params![card.start, lat, lng, json]).expect("a row");
                let words = "INSERT INTO search (rowid, title, organiser, badge, text) VALUES (?1, ?2, ?3, ?4, ?5)";
                t.execute(words, params![t.last_insert_rowid(), card.title, card.organiser, card.badge, card.address])
                    .expect("a row");
            }
            offset += u32::try_from(page.len()).expect("a page");
        }
        t.commit().expect("committed");
        c
    }
}

/// One page as anybody would ask for it: how many fit, and sixty cards.
fn plain_page(c: &Connection, search: Option<&str>) -> usize {
    let text = search.map(|word| format!("\"{word}\"*"));
    let filter = if text.is_some() { "WHERE +key IN (SELECT rowid FROM search WHERE search MATCH ?1)" } else { "" };
    let values: Vec<&dyn rusqlite::ToSql> = text.iter().map(|text| text as &dyn rusqlite::ToSql).collect();
    let count = format!("SELECT count(*) FROM activities {filter}");
    let count: u32 = c.prepare_cached(&count).expect("SQL").query_row(values.as_slice(), |row| row.get(0)).expect("a count");
    black_box(count);
    let sql = format!("SELECT card FROM activities {filter} ORDER BY starts_at IS NULL, starts_at, key LIMIT 60");
    cards(c, &sql, &values)
}

/// Sixty cards within a box, the nearest first as far as the earth is flat.
fn plain_near(c: &Connection) -> usize {
    let half = (KM / 111.0, KM / (111.0 * DOM.0.to_radians().cos()));
    let sql = "SELECT card FROM activities WHERE lat BETWEEN ?1 AND ?2 AND lng BETWEEN ?3 AND ?4
        ORDER BY (lat - ?5) * (lat - ?5) + (lng - ?6) * (lng - ?6) * 0.38 LIMIT 60";
    let values = [DOM.0 - half.0, DOM.0 + half.0, DOM.1 - half.1, DOM.1 + half.1, DOM.0, DOM.1];
    cards(c, sql, &values.each_ref().map(|value| value as &dyn rusqlite::ToSql))
}

fn cards(c: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> usize {
    let mut statement = c.prepare_cached(sql).expect("SQL");
    let rows = statement.query_map(values, |row| row.get::<_, String>(0)).expect("rows");
    let cards: Vec<ActivityCard> = rows.map(|card| serde_json::from_str(&card.expect("a row")).expect("JSON")).collect();
    black_box(cards).len()
}

fn query(search: Option<&str>) -> ActivityQuery {
    ActivityQuery { search: search.map(str::to_owned), ..ActivityQuery::default() }
}

fn lists(criterion: &mut Criterion, ratios: &mut Vec<String>) {
    let world = World::with(MANY);
    let (city, took) = world.read();
    assert!(city.activities as usize > MANY * 9 / 10, "{}", city.activities);
    println!("{MANY} activities read in {took:.1?}; {} are not over", city.activities);
    let folder = tempfile::tempdir().expect("a folder");
    let plain = world.plain(&folder.path().join("plain.db"));
    let near = ActivityQuery { near: Some(Near { lat: DOM.0, lng: DOM.1, km: KM }), ..ActivityQuery::default() };
    let mut group = criterion.benchmark_group(format!("discover-{MANY}"));
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    group.bench_function("first-page", |bencher| bencher.iter(|| world.page(&query(None)).len()));
    let later = ActivityQuery { offset: 600, ..ActivityQuery::default() };
    group.bench_function("eleventh-page", |bencher| bencher.iter(|| world.page(&later).len()));
    group.bench_function("search-as-you-type", |bencher| bencher.iter(|| TYPED.map(|text| world.page(&query(Some(text))).len())));
    group.bench_function("near", |bencher| bencher.iter(|| world.page(&near).len()));
    group.bench_function("map", |bencher| {
        bencher.iter(|| world.runtime.block_on(world.wallet.activity_map(query(None))).expect("a map").marks.len());
    });
    group.finish();
    // Taken in turns, so that a busy machine slows both.
    ratios.push(ratio("first page", || world.page(&query(None)).len(), || plain_page(&plain, None)));
    for text in TYPED {
        let ours = || world.page(&query(Some(text))).len();
        ratios.push(ratio(&format!("search {text:?}"), ours, || plain_page(&plain, Some(text))));
    }
    ratios.push(ratio(&format!("within {KM} km"), || world.page(&near).len(), || plain_near(&plain)));
}

/// A city of thousands, read for the first time and once more.
fn reading(ratios: &mut Vec<String>) {
    let world = World::with(READ);
    let (city, first) = world.read();
    let posts: Vec<Post> = std::mem::take(&mut *world.network.posted.lock().unwrap_or_else(PoisonError::into_inner));
    let bare = world.runtime.block_on(async {
        let start = Instant::now();
        for post in &posts {
            black_box(world.network.real.post(post.clone()).await.expect("an answer"));
        }
        start.elapsed()
    });
    let again = world.runtime.block_on(async {
        let start = Instant::now();
        world.wallet.refresh_city(city.id.clone()).await.expect("a refresh");
        start.elapsed()
    });
    let (ours, theirs) = (first.as_secs_f64() * 1e3, bare.as_secs_f64() * 1e3);
    ratios.push(format!(
        "{:<32} {ours:>9.0} ms {theirs:>9.0} ms {:>6.1}x",
        format!("read {READ} ({} pages)", posts.len()),
        ours / theirs
    ));
    println!("a second refresh of {READ}: {:.1} ms", again.as_secs_f64() * 1e3);
}

/// Both medians and how many times the plain one ours is.
fn ratio(name: &str, ours: impl Fn() -> usize, plain: impl Fn() -> usize) -> String {
    assert_eq!(ours(), plain(), "{name}: as many rows");
    let timed = |run: &dyn Fn() -> usize| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    let (mut a, mut b): (Vec<_>, Vec<_>) = (0..51).map(|_| (timed(&ours), timed(&plain))).unzip();
    a.sort();
    b.sort();
    let (ours, plain) = (a[25].as_secs_f64() * 1e3, b[25].as_secs_f64() * 1e3);
    format!("{name:<32} {ours:>9.3} ms {plain:>9.3} ms {:>6.1}x", ours / plain)
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut ratios = Vec::new();
    lists(&mut criterion, &mut ratios);
    reading(&mut ratios);
    criterion.final_summary();
    println!("\n{MANY} activities                    wallet        plain   ratio");
    for line in ratios {
        println!("{line}");
    }
}
