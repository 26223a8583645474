//! A wallet with 100 and with 10 000 badges: opening it, the first page, search as you type, and one more badge; beside the same
//! rows in a plain, unencrypted SQLite file. The ratios are printed at the end.

use std::{
    collections::HashMap,
    hint::black_box,
    io::{Cursor, Write},
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use criterion::{BatchSize, Criterion};
use image::{ImageFormat, RgbImage};
use ring::signature::{Ed25519KeyPair, KeyPair};
use rusqlite::{Connection, params};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wallet_core::{
    Clock, Device, KeyStoreError, Secret, Wallet, WalletConfig,
    view::{BadgeFilter, Incoming, Input, NamedFile, Origin},
};
use zeroize::Zeroizing;

const NOUNS: [&str; 12] = [
    "Barista",
    "Fietsmaker",
    "Taalmaatje",
    "Moestuinier",
    "Podcastmaker",
    "Buurtkok",
    "Meubelmaker",
    "Zonnepanelen leggen",
    "Website bouwen",
    "EHBO in de wijk",
    "Digitaal op weg",
    "Gastheer",
];
const PLACES: [&str; 8] =
    ["Koffieschool", "De Spaak", "Taalhuis", "Moestuin", "Codeclub", "Buurtkeuken", "Werkplaats", "Zonnewerk"];
/// As many issuers as somebody with thousands of badges may have.
const ISSUERS: usize = 50;
/// So many in one ZIP.
const AT_ONCE: usize = 1000;
/// What somebody types who looks for their coffee badges.
const TYPED: [&str; 4] = ["k", "ko", "kof", "koffie"];

/// A key store in memory, so that opening measures the wallet and not this desktop's.
#[derive(Debug, Default)]
struct Keys(Mutex<HashMap<String, Secret>>);

impl Device for Keys {
    fn get(&self, name: &str) -> Result<Secret, KeyStoreError> {
        self.0.lock().expect("the keys").get(name).cloned().ok_or(KeyStoreError::Empty)
    }

    fn set(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError> {
        self.0.lock().expect("the keys").insert(name.to_owned(), key.clone());
        Ok(())
    }

    fn token(&self, _: &str) -> Result<Zeroizing<String>, KeyStoreError> {
        Err(KeyStoreError::Empty)
    }

    fn set_token(&self, _: &str, _: &str) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Absent)
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.0.lock().expect("the keys").remove(name);
        Ok(())
    }
}

/// Badges that are really signed: VC-JWTs by did:jwk, because they are the quickest to make.
struct Issuing {
    keys: Vec<(String, Ed25519KeyPair)>,
    picture: String,
}

impl Issuing {
    fn new() -> Self {
        let keys = (0..ISSUERS).map(|i| {
            let key = Ed25519KeyPair::from_seed_unchecked(&[u8::try_from(i).expect("few"); 32]).expect("a key");
            let x = URL_SAFE_NO_PAD.encode(key.public_key());
            let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x}).to_string();
            (format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk)), key)
        });
        let pixels = RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8 * 4, y as u8 * 4, (x * y) as u8]));
        let mut png = Cursor::new(Vec::new());
        pixels.write_to(&mut png, ImageFormat::Png).expect("a picture");
        let picture = format!("data:image/png;base64,{}", STANDARD.encode(png.into_inner()));
        Self { keys: keys.collect(), picture }
    }

    fn badge(&self, number: usize) -> String {
        let (did, key) = &self.keys[number % ISSUERS];
        let (name, issuer, description, skill) = words(number);
        let day = format!("202{}-{:02}-{:02}T10:00:00Z", number % 6, number % 12 + 1, number % 28 + 1);
        let payload = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id": format!("urn:uuid:00000000-0000-4000-8000-{number:012}"),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": name,
            "issuer": {"id": did, "type": ["Profile"], "name": issuer},
            "validFrom": day,
            "credentialSubject": {"id": "did:example:noor", "type": ["AchievementSubject"], "achievement": {
                "id": format!("urn:uuid:00000000-0000-4000-8001-{number:012}"),
                "type": ["Achievement"],
                "name": name,
                "description": description,
                "criteria": {"narrative": "Je deed het drie keer, en je legde uit hoe."},
                "image": {"id": self.picture, "type": "Image"},
                "alignment": [{"type": ["Alignment"], "targetName": skill, "targetUrl": "http://data.europa.eu/esco/isco/C5132"}],
            }},
            "iss": did,
            "sub": "did:example:noor",
        });
        let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": format!("{did}#0")});
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&payload));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

/// Name, issuer, description and skill of a badge.
fn words(number: usize) -> (String, String, String, &'static str) {
    let noun = NOUNS[number % NOUNS.len()];
    let place = PLACES[number % PLACES.len()];
    let issuer = format!("{place} {} (fictief)", number % ISSUERS);
    (
        format!("{noun} {number}"),
        issuer,
        format!("Wie deze badge heeft, kan {noun} bij {place}, ronde {number}."),
        "Baristavaardigheden",
    )
}

/// A wallet in a folder of its own.
struct World {
    folder: TempDir,
    device: Arc<Keys>,
    runtime: Runtime,
    issuing: Issuing,
    wallet: Option<Wallet>,
}

impl World {
    fn with(badges: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let mut world = Self { folder, device: Arc::default(), runtime, issuing: Issuing::new(), wallet: None };
        world.open();
        world.runtime.block_on(world.wallet().begin(None)).expect("a new wallet");
        for first in (0..badges).step_by(AT_ONCE) {
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for number in first..badges.min(first + AT_ONCE) {
                zip.start_file(format!("{number}.jwt"), zip::write::SimpleFileOptions::default()).expect("an entry");
                zip.write_all(world.issuing.badge(number).as_bytes()).expect("an entry");
            }
            world.import("badges.zip", zip.finish().expect("a ZIP").into_inner());
        }
        let page = world.runtime.block_on(world.wallet().badges(BadgeFilter::default())).expect("a page");
        assert_eq!(page.all as usize, badges);
        world
    }

    fn config(&self) -> WalletConfig {
        WalletConfig {
            directory: self.folder.path().join("wallet"),
            device: self.device.clone(),
            network: Arc::new(safe_fetch::Offline),
            clock: Clock::System,
            language: None,
            share_host: None,
            city: None,
        }
    }

    fn open(&mut self) -> Duration {
        self.wallet = None;
        let config = self.config();
        let start = Instant::now();
        let wallet = self.runtime.block_on(Wallet::open(config)).expect("the wallet");
        let took = start.elapsed();
        self.wallet = Some(wallet);
        took
    }

    fn wallet(&self) -> &Wallet {
        self.wallet.as_ref().expect("an open wallet")
    }

    fn import(&self, name: &str, bytes: Vec<u8>) {
        let input = Input::File(NamedFile { name: name.to_owned(), bytes, media_type: None });
        self.runtime.block_on(async {
            let Incoming::Badges { id, badges, .. } = self.wallet().inspect(input, Origin::Person).await.expect("badges") else {
                panic!("no badges in {name}");
            };
            let chosen = badges.iter().map(|badge| badge.index).collect();
            self.wallet().save(id, chosen).await.expect("kept");
        });
    }

    fn page(&self, search: Option<&str>) -> usize {
        let filter = BadgeFilter { search: search.map(str::to_owned), ..BadgeFilter::default() };
        self.runtime.block_on(self.wallet().badges(filter)).expect("a page").badges.len()
    }

    /// The same rows without encryption, in the tables that anybody would make for this list.
    fn plain(&self, path: &Path) -> Connection {
        let mut c = Connection::open(path).expect("a file");
        c.execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE badges (key INTEGER PRIMARY KEY, id TEXT, name TEXT, issuer TEXT, issued_at TEXT, judgement TEXT);
             CREATE INDEX newest ON badges (issued_at DESC, key DESC);
             CREATE TABLE pictures (badge INTEGER PRIMARY KEY, thumbnail BLOB);
             CREATE VIRTUAL TABLE search USING fts5 (name, issuer, description, skills, content = '', prefix = '2 3',
               tokenize = 'unicode61 remove_diacritics 2');",
        )
        .expect("tables");
        let t = c.transaction().expect("a transaction");
        let mut offset = 0;
        let mut judgement = None;
        loop {
            let filter = BadgeFilter { offset, ..BadgeFilter::default() };
            let page = self.runtime.block_on(self.wallet().badges(filter)).expect("a page");
            for badge in &page.badges {
                let judgement = judgement.get_or_insert_with(|| {
                    let detail = self.runtime.block_on(self.wallet().badge(badge.id.clone())).expect("a badge");
                    serde_json::to_string(&detail.verification.checks).expect("JSON")
                });
                let number = badge.name.rsplit(' ').next().and_then(|number| number.parse().ok()).expect("a number");
                let (name, issuer, description, skills) = words(number);
                let picture = badge.picture.as_deref().and_then(|uri| uri.split(',').nth(1)).expect("a picture");
                let thumbnail = STANDARD.decode(picture).expect("base64");
                t.execute(
                    "INSERT INTO badges (id, name, issuer, issued_at, judgement) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![badge.id, name, issuer, badge.issued, &*judgement],
                )
                .expect("a row");
                let key = t.last_insert_rowid();
                t.execute("INSERT INTO pictures VALUES (?1, ?2)", params![key, thumbnail]).expect("a row");
                t.execute(
                    "INSERT INTO search (rowid, name, issuer, description, skills) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![key, name, issuer, description, skills],
                )
                .expect("a row");
            }
            offset += u32::try_from(page.badges.len()).expect("a page");
            if offset >= page.total {
                break;
            }
        }
        t.commit().expect("committed");
        c
    }
}

/// One page as the wallet shows it: how many there are, how many fit, and sixty rows with their pictures.
fn plain_page(c: &Connection, search: Option<&str>) -> usize {
    let text = search.map(|word| format!("\"{word}\"*"));
    let (matches, filter) = match text {
        Some(_) => ("search WHERE search MATCH ?1", "WHERE +b.key IN (SELECT rowid FROM search WHERE search MATCH ?1)"),
        None => ("badges", ""),
    };
    let values: Vec<&dyn rusqlite::ToSql> = text.iter().map(|text| text as &dyn rusqlite::ToSql).collect();
    let count = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> u32 {
        c.prepare_cached(sql).expect("SQL").query_row(values, |row| row.get(0)).expect("a count")
    };
    black_box(count(&format!("SELECT count(*) FROM {matches}"), &values));
    black_box(count("SELECT count(*) FROM badges", &[]));
    // Each in its quickest form: the first page straight off the index, a search by its keys first.
    let page = match text {
        Some(_) => format!(
            "(SELECT b.key FROM badges b {filter} ORDER BY b.issued_at DESC, b.key DESC LIMIT 60) page JOIN badges b USING (key)"
        ),
        None => "badges b".to_owned(),
    };
    let sql = format!(
        "SELECT b.id, b.name, b.issuer, b.issued_at, b.judgement, p.thumbnail
         FROM {page} LEFT JOIN pictures p ON p.badge = b.key ORDER BY b.issued_at DESC, b.key DESC LIMIT 60"
    );
    let mut statement = c.prepare_cached(&sql).expect("SQL");
    let mut rows = statement.query(values.as_slice()).expect("rows");
    let mut found = Vec::new();
    while let Some(row) = rows.next().expect("a row") {
        let text = |at: usize| row.get::<_, String>(at).expect("text");
        found.push(([0, 1, 2, 3, 4].map(text), row.get::<_, Vec<u8>>(5).expect("a picture")));
    }
    black_box(found).len()
}

fn measure(criterion: &mut Criterion, badges: usize, ratios: &mut Vec<String>) {
    let mut world = World::with(badges);
    let plain_file = tempfile::tempdir().expect("a folder");
    let plain = world.plain(&plain_file.path().join("plain.db"));
    let mut group = criterion.benchmark_group(format!("wallet-{badges}"));
    group.sample_size(30).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    group.bench_function("open", |bencher| bencher.iter_custom(|times| (0..times).map(|_| world.open()).sum()));
    group.bench_function("first-page", |bencher| bencher.iter(|| world.page(None)));
    group.bench_function("first-page-plain-sqlite", |bencher| bencher.iter(|| plain_page(&plain, None)));
    group.bench_function("search-as-you-type", |bencher| bencher.iter(|| TYPED.map(|text| world.page(Some(text)))));
    group.bench_function("search-as-you-type-plain-sqlite", |bencher| {
        bencher.iter(|| TYPED.map(|text| plain_page(&plain, Some(text))))
    });
    // Taken in turns, so that a busy machine slows both.
    ratios.push(ratio(&format!("first page, {badges} badges"), || world.page(None), || plain_page(&plain, None)));
    for text in TYPED {
        ratios.push(ratio(
            &format!("search {text:?}, {badges} badges"),
            || world.page(Some(text)),
            || plain_page(&plain, Some(text)),
        ));
    }
    let mut next = badges;
    group.bench_function("import-one", |bencher| {
        let fresh = || {
            next += 1;
            world.issuing.badge(next).into_bytes()
        };
        bencher.iter_batched(fresh, |bytes| world.import("badge.jwt", bytes), BatchSize::PerIteration);
    });
    group.finish();
}

/// Both medians and how many times the plain one ours is.
fn ratio(name: &str, ours: impl Fn() -> usize, plain: impl Fn() -> usize) -> String {
    assert_eq!(ours(), plain(), "{name}: the same rows");
    let timed = |run: &dyn Fn() -> usize| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    let (mut a, mut b): (Vec<_>, Vec<_>) = (0..101).map(|_| (timed(&ours), timed(&plain))).unzip();
    a.sort();
    b.sort();
    let (ours, plain) = (a[50].as_secs_f64() * 1e3, b[50].as_secs_f64() * 1e3);
    format!("{name:<32} {ours:>9.3} ms {plain:>9.3} ms {:>6.1}x", ours / plain)
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut ratios = Vec::new();
    for badges in [100, 10_000] {
        measure(&mut criterion, badges, &mut ratios);
    }
    criterion.final_summary();
    println!("\none page of 60                      encrypted        plain   ratio");
    for line in ratios {
        println!("{line}");
    }
}
