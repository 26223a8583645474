//! Journeys over the facade, with badges signed by others, a web that counts who is asked, and a key store in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use safe_fetch::{FetchError, Network, Replay, Request, Response};
use serde_json::json;
use wallet_core::{Clock, ErrorCode, MemoryDevice, Wallet, WalletConfig, view::*};
use wallet_tests::{builders::BadgeBuilder, fixtures::issued, home, judging::now};

/// A web from files that remembers every address it was asked for, and can be cut off.
#[derive(Debug)]
struct Spy {
    web: Replay,
    down: Mutex<bool>,
    asked: Mutex<Vec<String>>,
}

impl Spy {
    fn cut(&self, down: bool) {
        *self.down.lock().unwrap_or_else(PoisonError::into_inner) = down;
    }

    /// The addresses since the last look.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Their hosts.
    fn hosts(&self) -> BTreeSet<String> {
        self.asked().iter().map(|url| url.split('/').nth(2).unwrap_or_default().to_owned()).collect()
    }
}

#[async_trait::async_trait]
impl Network for Spy {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.url.to_string());
        let down = *self.down.lock().unwrap_or_else(PoisonError::into_inner);
        if down { Err(FetchError::Offline) } else { self.web.fetch(request).await }
    }
}

/// A folder, a key store, a web and a time.
struct Home {
    folder: tempfile::TempDir,
    device: Arc<MemoryDevice>,
    web: Arc<Spy>,
    now: Timestamp,
}

impl Home {
    fn over(web: Replay) -> Self {
        let web = Spy { web, down: Mutex::new(false), asked: Mutex::default() };
        Self { folder: tempfile::tempdir().expect("a folder"), device: Arc::default(), web: Arc::new(web), now: now() }
    }

    fn new() -> Self {
        Self::over(Replay::new(issued().web_directory()))
    }

    async fn open(&self) -> Wallet {
        home::opened(|| WalletConfig {
            directory: self.folder.path().join("wallet"),
            device: self.device.clone(),
            network: self.web.clone(),
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
}

fn file(name: &str, form: &str) -> Input {
    named(&format!("{name}.{form}"), issued().bytes(name, form))
}

fn named(name: &str, bytes: Vec<u8>) -> Input {
    Input::File(NamedFile { name: name.to_owned(), bytes, media_type: None })
}

struct Preview {
    id: String,
    badges: Vec<BadgePreview>,
    hosts: Vec<String>,
}

fn previewed(incoming: Incoming) -> Preview {
    match incoming {
        Incoming::Badges { id, badges, rejected, hosts } => {
            assert_eq!(rejected, []);
            Preview { id, badges, hosts }
        }
        other => panic!("no preview: {other:?}"),
    }
}

async fn inspect(wallet: &Wallet, input: Input, origin: Origin) -> Preview {
    previewed(wallet.inspect(input, origin).await.expect("a preview"))
}

async fn keep(wallet: &Wallet, input: Input) -> String {
    let preview = inspect(wallet, input, Origin::Person).await;
    wallet.save(preview.id, vec![0]).await.expect("kept").ids.remove(0)
}

async fn stored(wallet: &Wallet, id: &str) -> Verdict {
    wallet.verify(id.to_owned(), Freshness::Stored).await.expect("a verdict").verdict
}

fn code<T: std::fmt::Debug>(result: wallet_core::Result<T>) -> ErrorCode {
    result.expect_err("an error").code
}

// ---- nothing is asked that was not agreed to -------------------------------------------------------------------------------

#[tokio::test]
async fn an_opened_badge_asks_nobody_until_the_named_hosts_are_agreed_to() {
    let home = Home::new();
    let wallet = home.begun().await;
    let mut last = None;
    for name in ["web-eddsa", "status-good", "web-jwt-es256", "hosted", "https-jwt"] {
        let form = issued().forms(name)[0];
        wallet.open_with(file(name, form)).await;
        let preview = previewed(wallet.take_opened().await.expect("opened").expect("something"));
        assert_eq!(home.web.asked(), [""; 0], "{name}");
        assert_eq!(preview.badges[0].verification.verdict, Verdict::CannotTell, "{name}");
        assert!(!preview.hosts.is_empty(), "{name} names who decides");
        let after = previewed(wallet.continue_incoming(preview.id.clone()).await.expect("gone on"));
        assert_eq!(home.web.hosts(), preview.hosts.iter().cloned().collect(), "{name}: these and no other");
        assert_eq!(after.badges[0].verification.verdict, Verdict::Valid, "{name}");
        assert_eq!(after.hosts, [""; 0], "{name}: nothing is left");
        last = Some(after.id);
    }
    assert_eq!(wallet.save(last.expect("a preview"), vec![0]).await.expect("kept").ids.len(), 1);
}

#[tokio::test]
async fn what_a_person_brought_names_no_hosts_and_needs_no_second_tap() {
    let home = Home::new();
    let wallet = home.begun().await;
    let preview = inspect(&wallet, file("web-eddsa", "json"), Origin::Person).await;
    assert_eq!((preview.badges[0].verification.verdict, preview.hosts), (Verdict::Valid, Vec::new()));
    let preview = inspect(&wallet, file("key-eddsa", "json"), Origin::Opened).await;
    assert_eq!(preview.hosts, [""; 0], "a key that is in its own name asks nobody");
}

/// An Open Badge whose assertion is on one host and whose class and issuer are on another.
fn two_hosts() -> (Replay, &'static str) {
    let assertion = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://een.example/a/1",
        "recipient": {"type": "email", "hashed": false, "identity": "noor@voorbeeld.example"}, "issuedOn": "2026-03-01T00:00:00Z",
        "verification": {"type": "hosted"}, "badge": "https://twee.example/b/1",
    });
    let class = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://twee.example/b/1", "name": "Barista",
        "description": "Koffie", "image": "https://twee.example/b/1.png", "criteria": {"narrative": "Koffie"},
        "issuer": "https://twee.example/i/1",
    });
    let issuer = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "Profile", "id": "https://twee.example/i/1",
        "name": "Oefenschool (fictief)", "url": "https://twee.example", "email": "info@twee.example",
        "verification": {"type": "HostedBadge", "allowedOrigins": ["een.example", "twee.example"]},
    });
    let web = [("een.example/a/1", assertion), ("twee.example/b/1", class), ("twee.example/i/1", issuer)];
    let files: BTreeMap<String, Vec<u8>> =
        web.into_iter().map(|(path, json)| (path.to_owned(), json.to_string().into_bytes())).collect();
    (Replay::from_files(files), "https://een.example/a/1")
}

#[tokio::test]
async fn a_host_that_only_turns_up_later_is_named_before_it_is_asked() {
    let (web, address) = two_hosts();
    let home = Home::over(web);
    let wallet = home.begun().await;
    let incoming = wallet.inspect(Input::Text(address.to_owned()), Origin::Opened).await.expect("a question");
    let Incoming::NeedsNetwork { id, hosts } = incoming else { panic!("{incoming:?}") };
    assert_eq!((hosts, home.web.asked().len()), (vec!["een.example".to_owned()], 0));
    let preview = previewed(wallet.continue_incoming(id).await.expect("the badge"));
    assert_eq!(home.web.hosts(), BTreeSet::from(["een.example".to_owned()]));
    assert_eq!((preview.badges[0].verification.verdict, preview.hosts), (Verdict::CannotTell, vec!["twee.example".to_owned()]));
    let preview = previewed(wallet.continue_incoming(preview.id).await.expect("the class"));
    assert!(home.web.hosts().contains("twee.example"));
    assert_eq!(preview.hosts, [""; 0]);
    assert_eq!(preview.badges[0].verification.verdict, Verdict::Valid);
    assert_eq!(preview.badges[0].badge.name, "Barista");
}

// ---- whose it is, and whether it is here ------------------------------------------------------------------------------------

#[tokio::test]
async fn a_hashed_address_is_asked_for_compared_and_remembered_with_the_badge() {
    let home = Home::new();
    let wallet = home.begun().await;
    for name in ["web-eddsa", "hosted", "signed"] {
        let preview = inspect(&wallet, file(name, issued().forms(name)[0]), Origin::Person).await;
        let recipient = &preview.badges[0].recipient;
        assert!(
            recipient.hashed && recipient.matched == RecipientMatch::Unknown && recipient.address.is_none(),
            "{name}: {recipient:?}"
        );
        let claim = |address: &str| wallet.claim(preview.id.clone(), 0, address.to_owned());
        assert_eq!(claim("iemand@anders.example").await.expect("an answer").recipient.matched, RecipientMatch::NotMine);
        assert_eq!(wallet.identities().await.expect("addresses"), [], "{name}: nothing is stored by a claim");
        let mine = claim("noor@voorbeeld.example").await.expect("an answer");
        assert_eq!(mine.recipient.matched, RecipientMatch::Mine, "{name}");
        let id = wallet.save(preview.id.clone(), vec![0]).await.expect("kept").ids.remove(0);
        assert_eq!(wallet.badge(id).await.expect("a badge").recipient.matched, RecipientMatch::Mine, "{name}");
        assert_eq!(wallet.identities().await.expect("addresses")[0].address, "noor@voorbeeld.example");
        wallet.remove_identity("noor@voorbeeld.example".to_owned()).await.expect("removed");
    }
}

#[tokio::test]
async fn a_claim_outlives_the_tap_that_checks() {
    let home = Home::new();
    let wallet = home.begun().await;
    let preview = inspect(&wallet, file("web-eddsa", "json"), Origin::Opened).await;
    wallet.claim(preview.id.clone(), 0, "noor@voorbeeld.example".to_owned()).await.expect("an answer");
    let after = previewed(wallet.continue_incoming(preview.id).await.expect("gone on"));
    assert_eq!(after.badges[0].recipient.matched, RecipientMatch::Mine);
}

#[tokio::test]
async fn versions_of_one_badge_are_recognised_and_only_the_newest_stays() {
    let home = Home::new();
    let wallet = home.begun().await;
    let version = |day: &str, name: &str| {
        let badge = BadgeBuilder::new()
            .with("/id", "https://school.example/badges/1")
            .with("/validFrom", format!("2026-03-{day}T10:00:00Z"));
        named("barista.json", badge.with("/name", name).with("/credentialSubject/achievement/name", name).bytes())
    };
    let id = keep(&wallet, version("05", "Barista")).await;
    let known = async |input| inspect(&wallet, input, Origin::Person).await.badges.remove(0).known;
    assert_eq!(known(version("05", "Barista")).await, KnownBadge::Duplicate { id: id.clone() });
    assert_eq!(known(version("04", "Barista")).await, KnownBadge::Older { id: id.clone() });
    assert_eq!(known(version("06", "Barista plus")).await, KnownBadge::Newer { id: id.clone() });
    assert_eq!(keep(&wallet, version("04", "Barista")).await, id, "an older one changes nothing");
    assert_eq!(wallet.badge(id.clone()).await.expect("a badge").badge.name, "Barista");
    assert_eq!(keep(&wallet, version("06", "Barista plus")).await, id, "a newer one takes the place");
    assert_eq!(wallet.badge(id).await.expect("a badge").badge.name, "Barista plus");
    assert_eq!(wallet.badges(BadgeFilter::default()).await.expect("a list").all, 1);
}

// ---- pictures ---------------------------------------------------------------------------------------------------------------

fn png() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 64, image::Rgb([20, 120, 90])).write_to(&mut png, image::ImageFormat::Png).expect("a PNG");
    png.into_inner()
}

/// A PNG of a few bytes that says it is 60,000 pixels wide and high.
fn bomb() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        bytes.extend(u32::try_from(data.len()).expect("short").to_be_bytes());
        bytes.extend(kind);
        bytes.extend(data);
        let mut crc = crc32fast::Hasher::new();
        crc.update(kind);
        crc.update(data);
        bytes.extend(crc.finalize().to_be_bytes());
    };
    let mut header = Vec::new();
    header.extend(60_000_u32.to_be_bytes());
    header.extend(60_000_u32.to_be_bytes());
    header.extend([8, 6, 0, 0, 0]);
    chunk(b"IHDR", &header);
    let mut zeros = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    zeros.write_all(&vec![0; 1 << 20]).expect("in memory");
    chunk(b"IDAT", &zeros.finish().expect("in memory"));
    chunk(b"IEND", b"");
    bytes
}

#[tokio::test]
async fn a_picture_from_elsewhere_is_fetched_once_after_it_is_kept_and_a_hostile_one_never_shown() {
    let files = [("plaatjes.example/goed.png", png()), ("plaatjes.example/bom.png", bomb())];
    let mut home = Home::over(Replay::from_files(files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect()));
    let wallet = home.begun().await;
    let mut kept = Vec::new();
    for (picture, there) in [("goed.png", true), ("bom.png", false)] {
        let url = format!("https://plaatjes.example/{picture}");
        let badge = BadgeBuilder::new()
            .with("/id", format!("https://school.example/{picture}"))
            .with("/credentialSubject/achievement/image", json!({"id": url, "type": "Image"}));
        let preview = inspect(&wallet, named("b.json", badge.bytes()), Origin::Person).await;
        assert_eq!(preview.badges[0].badge.picture, None);
        assert!(!home.web.asked().contains(&url), "{picture}: not before it is kept");
        let id = wallet.save(preview.id, vec![0]).await.expect("kept").ids.remove(0);
        wallet.retry_checks().await.expect("pictures are fetched in turn");
        assert_eq!(home.web.asked().iter().filter(|asked| **asked == url).count(), 1, "{picture}");
        assert_eq!(wallet.badge(id.clone()).await.expect("a badge").badge.picture.is_some(), there, "{picture}");
        kept.push(id);
    }
    drop(wallet);
    home.now += SignedDuration::from_hours(1);
    let wallet = home.open().await;
    wallet.retry_checks().await.expect("a round");
    for id in kept {
        wallet.badge(id).await.expect("a badge");
    }
    assert_eq!(home.web.asked(), [""; 0], "neither is asked for again");
}

// ---- checks that wait, and how long what was fetched counts ---------------------------------------------------------------------

#[tokio::test]
async fn a_check_that_could_not_be_made_is_made_when_the_network_is_back() {
    let home = Home::new();
    home.web.cut(true);
    let wallet = home.begun().await;
    let id = keep(&wallet, file("web-eddsa", "png")).await;
    assert_eq!(stored(&wallet, &id).await, Verdict::CannotTell);
    wallet.retry_checks().await.expect("a round");
    assert_eq!(stored(&wallet, &id).await, Verdict::CannotTell);
    home.web.cut(false);
    let mut events = wallet.events();
    wallet.retry_checks().await.expect("a round");
    assert_eq!(stored(&wallet, &id).await, Verdict::Valid);
    let rechecked = std::iter::from_fn(|| events.try_recv().ok()).any(|event| event == WalletEvent::Rechecked { id: id.clone() });
    assert!(rechecked);
}

#[tokio::test]
async fn without_a_network_a_device_believes_what_it_fetched_itself_for_as_long_as_that_counts() {
    // Who decides, and for how many hours its answer counts.
    for (name, hours) in [("hosted", 24), ("web-eddsa", 7 * 24)] {
        let holder = Home::new();
        let wallet = holder.begun().await;
        let id = keep(&wallet, file(name, "json")).await;
        let text = Input::Text(wallet.present(vec![id.clone()]).await.expect("codes").text);

        let stranger = Home::new();
        stranger.web.cut(true);
        let fresh = stranger.begun().await;
        let verdict = async |wallet: &Wallet| match wallet.check(text.clone()).await.expect("a check") {
            Incoming::Shown { badges, shared: None } => badges[0].verification.verdict,
            other => panic!("{other:?}"),
        };
        assert_eq!(verdict(&fresh).await, Verdict::CannotTell, "{name}: never fetched here");

        drop(wallet);
        let mut holder = holder;
        holder.web.cut(true);
        for (after, expected) in [(hours - 1, Verdict::Valid), (hours + 1, Verdict::CannotTell)] {
            holder.now = now() + SignedDuration::from_hours(after);
            let wallet = holder.open().await;
            assert_eq!(verdict(&wallet).await, expected, "{name} after {after} hours");
        }
    }
}

// ---- shown ------------------------------------------------------------------------------------------------------------------

/// A code as a camera sees it: one byte of brightness a pixel.
fn frame(svg: &str) -> (u32, u32, String) {
    let png = wallet_core::code_png(svg).expect("a picture of the code");
    let luma = image::load_from_memory(&png).expect("a PNG").to_luma8();
    (luma.width(), luma.height(), STANDARD.encode(luma.as_raw()))
}

#[tokio::test]
async fn a_sequence_of_codes_is_scanned_in_any_order_and_shows_badges_that_cannot_be_kept() {
    let home = Home::new();
    let wallet = home.begun().await;
    let mut ids = Vec::new();
    for name in ["web-eddsa", "key-full", "web-jwt-rs256"] {
        ids.push(keep(&wallet, file(name, issued().forms(name)[0])).await);
    }
    let presentation = wallet.present(ids).await.expect("codes");
    assert!(presentation.codes.len() > 1, "three badges are more than one code");

    let other = Home::new().begun().await;
    let mut answer = None;
    let mut last = 0.0;
    for (place, svg) in presentation.codes.iter().enumerate().rev() {
        let (width, height, luma) = frame(svg);
        let session = "camera".to_owned();
        match other.scan_frame(session, width, height, luma).await.expect("a frame") {
            Some(Incoming::Part { progress }) => {
                assert!((last..1.0).contains(&progress), "part {place}: {progress}");
                last = progress;
            }
            whole => {
                answer = whole;
                break;
            }
        }
    }
    let Some(Incoming::Shown { badges, .. }) = answer else { panic!("{answer:?}") };
    assert_eq!(badges.len(), 3);
    assert!(
        badges.iter().all(|badge| badge.holder_line == "Wie dit laat zien, is niet gecontroleerd."),
        "{}",
        badges[0].holder_line
    );
    assert_eq!(other.badges(BadgeFilter::default()).await.expect("a list").all, 0);

    let blank = STANDARD.encode(vec![255; 64 * 64]);
    assert_eq!(other.scan_frame("camera".to_owned(), 64, 64, blank).await.expect("a frame"), None);
    assert_eq!(code(other.scan_frame("camera".to_owned(), 64, 64, "geen base64".to_owned()).await), ErrorCode::Usage);
}

#[tokio::test]
async fn one_code_is_scanned_as_text_and_what_a_link_shows_asks_nobody() {
    let home = Home::new();
    let wallet = home.begun().await;
    let id = keep(&wallet, file("web-eddsa", "json")).await;
    let text = wallet.present(vec![id]).await.expect("codes").text;

    let other_home = Home::new();
    let other = other_home.begun().await;
    let scanned = other.scan_text("camera".to_owned(), text.clone()).await.expect("a scan");
    let Incoming::Shown { badges, .. } = scanned else { panic!("{scanned:?}") };
    assert_eq!(badges[0].verification.verdict, Verdict::Valid);
    other_home.web.asked();
    other.open_with(Input::Text(text)).await;
    let opened = other.take_opened().await.expect("opened");
    let Some(Incoming::Shown { badges, .. }) = opened else { panic!("{opened:?}") };
    assert_eq!(badges[0].verification.verdict, Verdict::CannotTell);
    assert_eq!(other_home.web.asked(), [""; 0]);
}

// ---- everything out, everything in ----------------------------------------------------------------------------------------------

#[tokio::test]
async fn fifteen_hundred_badges_go_out_in_one_file_and_come_back() {
    const MANY: usize = 1500;
    let (home, other) = (Home::new(), Home::new());
    let (wallet, second) = (home.begun().await, other.begun().await);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..MANY {
        let badge = BadgeBuilder::new().with("/id", format!("https://school.example/badges/{number}"));
        zip.start_file(format!("{number}.json"), zip::write::SimpleFileOptions::default()).expect("in memory");
        zip.write_all(&badge.bytes()).expect("in memory");
    }
    let mut file =
        NamedFile { name: "alles.zip".to_owned(), bytes: zip.finish().expect("in memory").into_inner(), media_type: None };
    for wallet in [&wallet, &second] {
        let preview = inspect(wallet, Input::File(file), Origin::Person).await;
        assert_eq!(preview.badges.len(), MANY);
        wallet.save(preview.id, preview.badges.iter().map(|badge| badge.index).collect()).await.expect("kept");
        assert_eq!(wallet.badges(BadgeFilter::default()).await.expect("a list").all as usize, MANY);
        file = wallet.export_all().await.expect("everything");
    }
}
