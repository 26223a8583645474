//! Share links from end to end: the wallet and the checker against the real host, in this process, over real HTTP.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use capsule::{LinkAddress, MAX_BADGES, PublishedKey};
use jiff::{SignedDuration, Timestamp};
use safe_fetch::{FetchError, Guarded, GuardedConfig, LocalOrigin, Network, Post, Posted, Purpose, Replay, Request, Response};
use serde_json::{Value, json};
use share_host::{Config, Host, Rates};
use url::Url;
use wallet_core::{Checker, Clock, ErrorCode, MemoryDevice, Wallet, WalletConfig, view::*};
use wallet_tests::{builders::BadgeBuilder, fixtures::issued, home};

// ---- a place for links, and those who use it ------------------------------------------------------------------------------------

/// A share host that really runs. Its relay answers for the organisations of the tests.
struct Place {
    host: Option<Host>,
    config: Config,
    origin: String,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::local(folder.path().join("data"));
        config.metrics = Some(([127, 0, 0, 1], 0).into());
        config.web = Some(issued().web_directory());
        config.rates = Rates { open: 1_000_000, manage: 1_000_000, relay: 1_000_000 };
        let host = Host::start(config.clone()).await.expect("a host");
        config.listen = host.address();
        Self { origin: format!("http://{}", host.address()), host: Some(host), config, folder }
    }

    async fn goes_away(&mut self) {
        self.host.take().expect("a host").shutdown().await;
    }

    async fn comes_back(&mut self) {
        self.host = Some(Host::start(self.config.clone()).await.expect("the same place"));
    }

    /// How many links it holds, as it counts them itself.
    async fn links(&self) -> u32 {
        let metrics = self.host.as_ref().and_then(Host::metrics).expect("metrics");
        let page = get(&format!("http://{metrics}/metrics")).await;
        let line = page.lines().find_map(|line| line.strip_prefix("share_host_links ")).expect("a count");
        line.parse().expect("a number")
    }

    /// The keys by which it says what it witnessed.
    async fn keys(&self) -> Vec<PublishedKey> {
        let told: Value = serde_json::from_str(&get(&format!("{}/v1/keys", self.origin)).await).expect("JSON");
        assert_eq!(told["origin"], self.origin);
        serde_json::from_value(told["keys"].clone()).expect("keys")
    }
}

async fn get(address: &str) -> String {
    let url = Url::parse(address).expect("an address");
    let real = guarded(Some(&url.origin().ascii_serialization()));
    let answer = real.fetch(Request::new(Purpose::Credential, url)).await.expect("an answer");
    String::from_utf8(answer.body).expect("text")
}

/// The real network, which asks nobody on this machine but `local`.
fn guarded(local: Option<&str>) -> Guarded {
    let local_origins = local.into_iter().filter_map(LocalOrigin::parse).collect();
    Guarded::new(GuardedConfig { local_origins, user_agent: "BadgeWallet/test".to_owned() })
}

/// What is told instead of the truth.
#[derive(Debug, Clone)]
enum Lie {
    /// This, without asking the host.
    Says(Result<Posted, FetchError>),
    /// The host did it, and its answer is lost.
    Loses,
    /// No answer ever. The host did it, or was never reached.
    Hangs { arrives: bool },
}

/// Organisations from files, share hosts for real. Remembers everything that was asked, and lies where it is told to.
#[derive(Debug)]
struct Net {
    web: Replay,
    real: Guarded,
    asked: Mutex<Vec<String>>,
    /// By the name of what is asked: a step (`create`, `status` …), or `open`, `witness`.
    posted: Mutex<Vec<(String, Value)>>,
    lies: Mutex<Vec<(&'static str, Lie)>>,
}

impl Net {
    /// `local` is a host on this machine that may be asked without having been chosen.
    fn new(web: Replay, local: Option<&str>) -> Arc<Self> {
        let real = guarded(local);
        Arc::new(Self { web, real, asked: Mutex::default(), posted: Mutex::default(), lies: Mutex::default() })
    }

    fn lie(&self, of: &'static str, lie: Lie) {
        held(&self.lies).push((of, lie));
    }

    fn is_honest(&self) {
        held(&self.lies).clear();
    }

    /// Everything that is asked of a share host goes this way.
    fn lie_of_all(&self, lie: &Lie) {
        for of in ["create", "replace", "stop", "reopen", "status", "open", "witness"] {
            self.lie(of, lie.clone());
        }
    }

    /// Addresses since the last look.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *held(&self.asked))
    }

    /// What was posted since the last look.
    fn posted(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut *held(&self.posted))
    }

    fn names(&self) -> Vec<String> {
        self.posted().into_iter().map(|(name, _)| name).collect()
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait::async_trait]
impl Network for Net {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        held(&self.asked).push(request.url.to_string());
        self.web.fetch(request).await
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        let body: Value = serde_json::from_slice(&post.body).expect("what is posted is JSON");
        let path = post.url.path().strip_prefix("/v1/").expect("a path of a host").to_owned();
        let name = body["action"].as_str().map_or(path, str::to_owned);
        held(&self.posted).push((name.clone(), body));
        let lie = held(&self.lies).iter().find(|(of, _)| *of == name).map(|(_, lie)| lie.clone());
        match lie {
            None => self.real.post(post).await,
            Some(Lie::Says(said)) => said,
            Some(Lie::Loses) => self.real.post(post).await.and(Err(FetchError::Unreachable)),
            Some(Lie::Hangs { arrives }) => {
                if arrives {
                    self.real.post(post).await?;
                }
                std::future::pending().await
            }
        }
    }
}

fn says(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Lie {
    Lie::Says(Ok(Posted { status, content_type: content_type.to_owned(), body: body.into() }))
}

fn html(status: u16) -> Lie {
    says(status, "text/html", "<!doctype html><title>Welkom bij uw nieuwe server</title>")
}

fn refuses(status: u16, error: &str) -> Lie {
    says(status, "application/json", json!({"error": error}).to_string())
}

const SILENT: Lie = Lie::Says(Err(FetchError::Unreachable));
const OFFLINE: Lie = Lie::Says(Err(FetchError::Offline));

/// A person with a wallet, for whom links live at `place`.
struct Home {
    folder: tempfile::TempDir,
    device: Arc<MemoryDevice>,
    net: Arc<Net>,
    place: Option<String>,
    now: Timestamp,
}

impl Home {
    fn at(place: &Place) -> Self {
        Self::with(Replay::new(issued().web_directory()), Some(place.origin.clone()))
    }

    fn with(web: Replay, place: Option<String>) -> Self {
        // The host has no clock but the system's.
        let now = Timestamp::now();
        Self { folder: tempfile::tempdir().expect("a folder"), device: Arc::default(), net: Net::new(web, None), place, now }
    }

    async fn open(&self) -> Wallet {
        home::opened(|| WalletConfig {
            directory: self.folder.path().join("wallet"),
            device: self.device.clone(),
            network: self.net.clone(),
            clock: Clock::Fixed(self.now),
            language: Some(Language::Nl),
            share_host: self.place.clone(),
            city: None,
        })
        .await
    }

    async fn begun(&self) -> Wallet {
        home::begun(self.open().await).await
    }

    /// A new wallet with these badges, and their ids.
    async fn holding<const N: usize>(&self, names: [&str; N]) -> (Wallet, [String; N]) {
        let wallet = self.begun().await;
        let mut ids = Vec::new();
        for name in names {
            let form = issued().forms(name)[0];
            ids.push(keep(&wallet, &format!("{name}.{form}"), issued().bytes(name, form)).await);
        }
        self.net.asked();
        (wallet, ids.try_into().expect("as many"))
    }
}

async fn keep(wallet: &Wallet, name: &str, bytes: Vec<u8>) -> String {
    keep_all(wallet, name, bytes).await.remove(0)
}

async fn keep_all(wallet: &Wallet, name: &str, bytes: Vec<u8>) -> Vec<String> {
    let input = Input::File(NamedFile { name: name.to_owned(), bytes, media_type: None });
    match wallet.inspect(input, Origin::Person).await.expect("a preview") {
        Incoming::Badges { id, badges, .. } => {
            let chosen = badges.iter().map(|badge| badge.index).collect();
            wallet.save(id, chosen).await.expect("kept").ids
        }
        other => panic!("no preview: {other:?}"),
    }
}

fn share(ids: &[&String], ends: ShareEnd) -> NewShare {
    let choice = |id: &&String| ShareChoice { id: (*id).clone(), show: ShareShow::Whole, address: None };
    NewShare {
        badges: ids.iter().map(choice).collect(),
        title: "Mijn werk in de horeca".to_owned(),
        words: "Ik sta graag achter de bar.".to_owned(),
        ends,
        passcode: None,
        label: "voor het eetcafe".to_owned(),
        witness: false,
        host: None,
    }
}

fn code<T: std::fmt::Debug>(result: wallet_core::Result<T>) -> ErrorCode {
    result.expect_err("an error").code
}

/// What somebody else's wallet shows of a link.
async fn opened(wallet: &Wallet, address: &str) -> (Vec<CheckedBadge>, SharedBy) {
    shown(wallet.check(Input::Text(address.to_owned())).await.expect("opened"))
}

#[track_caller]
fn shown(incoming: Incoming) -> (Vec<CheckedBadge>, SharedBy) {
    match incoming {
        Incoming::Shown { badges, shared: Some(shared) } => (badges, shared),
        other => panic!("nothing shown: {other:?}"),
    }
}

async fn refused(wallet: &Wallet, address: &str) -> ErrorCode {
    code(wallet.check(Input::Text(address.to_owned())).await)
}

/// Somebody with the command line, who has chosen no host.
fn checker(place: &Place, now: Timestamp) -> (Checker, Arc<Net>) {
    let net = Net::new(Replay::new(issued().web_directory()), Some(&place.origin));
    (Checker::new(net.clone(), Clock::Fixed(now), Language::Nl), net)
}

async fn only(wallet: &Wallet) -> ShareView {
    let mut all = wallet.shares().await.expect("a list");
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn refreshed(wallet: &Wallet) -> ShareView {
    let mut all = wallet.refresh_shares().await.expect("a list");
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn whole_seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).expect("a time").to_string()
}

// ---- before anything is sent ----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_draft_asks_nobody_and_lists_all_that_can_be_read() {
    let home = Home::with(Replay::new(issued().web_directory()), Some("https://delen.example".to_owned()));
    let (wallet, [hashed, plain, evidence]) = home.holding(["web-eddsa", "key-2020", "key-full"]).await;
    let named = BadgeBuilder::new().with("/credentialSubject/name", "Noor de Vries").bytes();
    let named = keep(&wallet, "naam.json", named).await;
    let key_issuer = issued().issuer("key").to_owned();
    wallet.add_issuer(key_issuer, Some("Mijn school".to_owned())).await.expect("trusted");
    home.net.asked();

    let all = [&hashed, &plain, &evidence, &named];
    let draft = wallet.share_draft(share(&all, ShareEnd::Day)).await.expect("a draft");
    let read: Vec<(&str, &str)> = draft.readable.iter().map(|found| (found.kind.as_str(), found.text.as_str())).collect();
    let (address, id) = (("address", "noor@voorbeeld.example"), ("id", "did:example:learner"));
    assert_eq!(read, [("hash", ""), address, id, ("evidence", "Foto"), ("name", "Noor de Vries"), id]);
    let mut of: Vec<&String> = draft.readable.iter().map(|found| &found.badge).collect();
    of.dedup();
    assert_eq!(of, draft.badges.iter().map(|badge| &badge.content_id).collect::<Vec<_>>());
    assert!(draft.readable.iter().all(|found| found.proposal.is_none()), "no address of the learner's is known");
    assert_eq!(
        (draft.host.as_deref(), draft.asks.as_slice()),
        (Some("delen.example"), ["koffieschool.example".to_owned()].as_slice())
    );
    assert!(draft.bytes > 500, "{}", draft.bytes);
    // As the other sees it, whose list is not the learner's.
    let verdicts: Vec<Verdict> = draft.badges.iter().map(|badge| badge.verification.verdict).collect();
    assert_eq!(verdicts[..3], [Verdict::Valid, Verdict::Attention, Verdict::Attention]);

    // An address may be added where it is the one in the hash, and nowhere else.
    wallet.add_identity("noor@voorbeeld.example".to_owned()).await.expect("an address");
    let with = |id: &String, address: &str| {
        let mut new = share(&[id], ShareEnd::Day);
        new.badges[0].address = Some(address.to_owned());
        new.title = "✅ Gecontroleerd \u{202e}x".to_owned();
        new
    };
    let draft = wallet.share_draft(with(&hashed, "noor@voorbeeld.example")).await.expect("a draft");
    assert_eq!(draft.readable[0].proposal.as_deref(), Some("noor@voorbeeld.example"));
    assert_eq!((draft.badges[0].given_to.as_deref(), draft.title.as_str()), (Some("noor@voorbeeld.example"), "Gecontroleerd x"));
    for (id, address) in [(&hashed, "iemand@anders.example"), (&plain, "noor@voorbeeld.example"), (&hashed, "")] {
        assert_eq!(code(wallet.share_draft(with(id, address)).await), ErrorCode::Usage, "{address}");
    }
    assert_eq!(code(wallet.share_draft(share(&[], ShareEnd::Day)).await), ErrorCode::Usage);
    assert_eq!(code(wallet.share_draft(share(&[&"geen".to_owned()], ShareEnd::Day)).await), ErrorCode::NotFound);
    assert_eq!((home.net.asked(), home.net.posted()), (Vec::new(), Vec::new()), "a draft asks nobody");
    assert_eq!(wallet.shares().await.expect("a list"), []);
}

#[tokio::test]
async fn without_a_place_for_links_there_is_a_draft_and_no_link() {
    let home = Home::with(Replay::new(issued().web_directory()), None);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    assert_eq!(wallet.share_draft(share(&[&id], ShareEnd::Day)).await.expect("a draft").host, None);
    assert_eq!(code(wallet.share(share(&[&id], ShareEnd::Day)).await), ErrorCode::NoShareHost);
    for nowhere in ["http://delen.example", "https://delen.example/v", "ftp://127.0.0.1", "delen.example", ""] {
        let elsewhere = || NewShare { host: Some(nowhere.to_owned()), ..share(&[&id], ShareEnd::Day) };
        assert_eq!(code(wallet.share(elsewhere()).await), ErrorCode::AddressRefused, "{nowhere}");
        assert_eq!(code(wallet.share_draft(elsewhere()).await), ErrorCode::AddressRefused, "{nowhere}");
    }
    assert_eq!((home.net.posted(), wallet.shares().await.expect("a list")), (Vec::new(), Vec::new()));
}

// ---- a link's life --------------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_link_is_made_opened_changed_extended_and_stopped() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [first, second]) = home.holding(["web-eddsa", "key-eddsa"]).await;
    let mut new = share(&[&first, &second], ShareEnd::Day);
    new.badges[0] = ShareChoice { id: first.clone(), show: ShareShow::Front, address: Some("noor@voorbeeld.example".to_owned()) };
    let made = wallet.share(new).await.expect("a link");
    assert_eq!(made.state, ShareState::Open);
    assert!(made.address.starts_with(&format!("{}/v#1.{}.", place.origin, made.id)), "{}", made.address);
    assert!(made.code.starts_with("<svg") || made.code.starts_with("<?xml"), "{}", &made.code[..40]);
    assert_eq!(made.ends_at, Some(whole_seconds(home.now + SignedDuration::from_hours(24))));
    assert_eq!((place.links().await, home.net.asked(), home.net.names()), (1, Vec::new(), vec!["create".to_owned()]));

    // Somebody else, with the app or with the command line.
    let other = Home::at(&place);
    let stranger = other.begun().await;
    let (badges, shared) = opened(&stranger, &made.address).await;
    let told = |badges: &[CheckedBadge]| -> Vec<(Verdict, Option<String>)> {
        badges.iter().map(|badge| (badge.verification.verdict, badge.given_to.clone())).collect()
    };
    let to_noor = Some("noor@voorbeeld.example".to_owned());
    assert_eq!(told(&badges), [(Verdict::Valid, to_noor), (Verdict::Attention, None)]);
    assert!(badges.iter().all(|badge| badge.holder_line == "Wie dit laat zien, is niet gecontroleerd."));
    assert_eq!((shared.title.as_str(), shared.words.as_str()), ("Mijn werk in de horeca", "Ik sta graag achter de bar."));
    assert_eq!((&shared.ends_at, &shared.host), (&made.ends_at, &made.host));
    assert_eq!(stranger.badges(BadgeFilter::default()).await.expect("a list").all, 0, "what is shown is not kept");
    let (cli, _) = checker(&place, home.now);
    let link = || vec![Input::Text(made.address.clone())];
    let report = cli.report(link(), None).await.expect("a report");
    assert_eq!(report.badges.iter().map(|badge| badge.verdict).collect::<Vec<_>>(), [Verdict::Valid, Verdict::Attention]);
    assert_eq!(report.shared, Some(shared));

    // Other content under the same address.
    let changed = NewShare { title: "Nieuw".to_owned(), label: "voor Sam".to_owned(), ..share(&[&second], ShareEnd::Year) };
    let changed = wallet.change_share(made.id.clone(), changed).await.expect("changed");
    assert_eq!((&changed.address, &changed.ends_at, changed.state), (&made.address, &made.ends_at, ShareState::Open));
    assert_eq!((changed.title.as_str(), changed.label.as_str(), changed.badges.len()), ("Nieuw", "voor Sam", 1));
    let (badges, shared) = opened(&stranger, &made.address).await;
    assert_eq!((badges.len(), shared.title.as_str()), (1, "Nieuw"));

    let extended = wallet.extend_share(made.id.clone(), ShareEnd::Month).await.expect("extended");
    assert_eq!(extended.ends_at, Some(whole_seconds(home.now + SignedDuration::from_hours(30 * 24))));
    assert_eq!(extended.address, made.address);
    assert_eq!(opened(&stranger, &made.address).await.1.ends_at, extended.ends_at);
    assert_eq!(refreshed(&wallet).await, extended);
    assert_eq!(place.links().await, 1);

    // A link that is open is not forgotten.
    assert_eq!(code(wallet.forget_share(made.id.clone()).await), ErrorCode::NotAllowed);
    let stopped = wallet.stop_share(made.id.clone()).await.expect("stopped");
    assert_eq!((stopped.state, stopped.address.as_str(), stopped.code.as_str()), (ShareState::Stopped, "", ""));
    assert_eq!(place.links().await, 0);
    assert_eq!(refused(&stranger, &made.address).await, ErrorCode::ShareEnded);
    assert_eq!(code(cli.report(link(), None).await), ErrorCode::ShareEnded);
    // Stopped is stopped.
    let id = || made.id.clone();
    assert_eq!(code(wallet.change_share(id(), share(&[&first], ShareEnd::Day)).await), ErrorCode::ShareEnded);
    assert_eq!(code(wallet.extend_share(id(), ShareEnd::Day).await), ErrorCode::ShareEnded);
    assert_eq!(code(wallet.reopen_share(id()).await), ErrorCode::ShareEnded);
    assert_eq!(wallet.stop_share(id()).await.expect("again").state, ShareState::Stopped);
    let history = wallet.history(0, 20).await.expect("a history");
    let lines: Vec<&str> = history.iter().map(|line| line.action.as_str()).filter(|action| *action != "added").collect();
    assert_eq!(lines, ["stopped", "changed", "changed", "shared", "shared"]);
    wallet.forget_share(id()).await.expect("forgotten");
    assert_eq!(wallet.shares().await.expect("a list"), []);
    assert_eq!(code(wallet.stop_share(id()).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_link_to_this_machine_is_opened_by_who_chose_it_and_by_nobody_else() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    let made = wallet.share(share(&[&id], ShareEnd::Day)).await.expect("a link");
    let other = Home::with(Replay::new(issued().web_directory()), None);
    let stranger = other.begun().await;
    assert_eq!(refused(&stranger, &made.address).await, ErrorCode::AddressRefused);
    let unasked = Checker::new(other.net.clone(), Clock::Fixed(other.now), Language::Nl);
    assert_eq!(code(unasked.check(Input::Text(made.address.clone())).await), ErrorCode::AddressRefused);
}

#[tokio::test]
async fn a_link_that_another_app_opened_asks_nobody_until_its_host_is_agreed_to() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["web-eddsa"]).await;
    let made = wallet.share(share(&[&id], ShareEnd::Day)).await.expect("a link");
    let other = Home::at(&place);
    let stranger = other.begun().await;
    let incoming = stranger.inspect(Input::Text(made.address), Origin::Opened).await.expect("a question");
    let Incoming::NeedsNetwork { id, hosts } = incoming else { panic!("{incoming:?}") };
    assert_eq!(hosts, ["127.0.0.1"]);
    assert_eq!((other.net.asked(), other.net.posted()), (Vec::new(), Vec::new()));
    let (badges, _) = shown(stranger.continue_incoming(id).await.expect("gone on"));
    assert_eq!((other.net.asked(), other.net.names()), (Vec::new(), vec!["open".to_owned()]), "the host, and no organisation");
    assert_eq!(badges[0].verification.verdict, Verdict::CannotTell);
}

#[tokio::test]
async fn a_link_past_its_end_is_over_on_both_sides() {
    let place = Place::new().await;
    let mut home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    let made = wallet.share(share(&[&id], ShareEnd::Now)).await.expect("a link");
    assert!(made.for_now);
    assert_eq!(made.ends_at, Some(whole_seconds(home.now + SignedDuration::from_mins(15))));
    wallet.close().await;
    drop(wallet);
    home.now += SignedDuration::from_mins(16);
    home.net.posted();
    let wallet = home.open().await;
    let ended = only(&wallet).await;
    assert_eq!((ended.state, ended.address.as_str(), ended.code.as_str()), (ShareState::Ended, "", ""));
    assert_eq!(code(wallet.extend_share(made.id.clone(), ShareEnd::Day).await), ErrorCode::ShareEnded);
    assert_eq!(refreshed(&wallet).await.state, ShareState::Ended);
    assert_eq!(home.net.posted(), [], "nobody is asked about it");
    wallet.forget_share(made.id).await.expect("forgotten");
}

#[tokio::test]
async fn links_survive_closing_and_opening_the_wallet() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [first, second]) = home.holding(["web-eddsa", "key-eddsa"]).await;
    let locked = NewShare { passcode: Some("zes fietsen".to_owned()), ..share(&[&first], ShareEnd::Month) };
    wallet.share(locked).await.expect("a link");
    wallet.share(share(&[&second], ShareEnd::Open)).await.expect("a link");
    let before = wallet.shares().await.expect("a list");
    wallet.close().await;
    drop(wallet);
    let wallet = home.open().await;
    assert_eq!(wallet.shares().await.expect("a list"), before);
    assert_eq!(wallet.refresh_shares().await.expect("a list"), before, "and the host has what it was sent");
    for link in before {
        wallet.change_share(link.id.clone(), share(&[&first, &second], ShareEnd::Day)).await.expect("changed");
        assert_eq!(wallet.stop_share(link.id).await.expect("stopped").state, ShareState::Stopped);
    }
    assert_eq!(place.links().await, 0);
}

#[tokio::test]
async fn removing_a_badge_keeps_its_links_and_they_can_be_stopped() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    let made = wallet.share(share(&[&id], ShareEnd::Open)).await.expect("a link");
    wallet.remove_badge(id).await.expect("removed");
    let kept = only(&wallet).await;
    assert_eq!((kept.state, kept.badges[0].id.as_ref(), kept.badges[0].name.as_str()), (ShareState::Open, None, "Barista"));
    assert_eq!(refreshed(&wallet).await.state, ShareState::Open);
    let extended = wallet.extend_share(made.id.clone(), ShareEnd::Day).await.expect("it still has what it shares");
    assert_eq!(extended.address, made.address);
    let other = Home::at(&place);
    assert_eq!(opened(&other.begun().await, &made.address).await.0.len(), 1);
    assert_eq!(wallet.stop_share(made.id).await.expect("stopped").state, ShareState::Stopped);
    assert_eq!(place.links().await, 0);
}

// ---- passcodes ------------------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_passcode_opens_a_link_and_ten_wrong_ones_close_it_until_its_owner_opens_it_again() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    let new = NewShare { passcode: Some(" zes fietsen ".to_owned()), ..share(&[&id], ShareEnd::Day) };
    let made = wallet.share(new).await.expect("a link");
    assert!(made.passcode && !made.locked);

    let other = Home::at(&place);
    let stranger = other.begun().await;
    let question = async || match stranger.check(Input::Text(made.address.clone())).await.expect("a question") {
        Incoming::Passcode { id, left } => (id, left),
        other => panic!("no question: {other:?}"),
    };
    let (waiting, left) = question().await;
    assert_eq!(left, None);
    let (badges, shared) = shown(stranger.open_share(waiting, "zes fietsen".to_owned()).await.expect("the right one"));
    assert_eq!((badges.len(), shared.title.as_str()), (1, "Mijn werk in de horeca"));
    let (cli, _) = checker(&place, home.now);
    let report = async |passcode: Option<&str>| {
        cli.report(vec![Input::Text(made.address.clone())], passcode.map(str::to_owned)).await.map(|report| report.badges.len())
    };
    assert_eq!(report(Some("zes fietsen")).await.expect("a report"), 1);
    assert_eq!(code(report(None).await), ErrorCode::PasscodeNeeded);

    // Nine in the app, one on the command line: the host counts all of them.
    let (mut waiting, _) = question().await;
    for tries in (1..10).rev() {
        let again = stranger.open_share(waiting, "zeven fietsen".to_owned()).await.expect("an answer");
        let Incoming::Passcode { id, left } = again else { panic!("{again:?}") };
        assert_eq!(left, Some(tries));
        waiting = id;
    }
    assert_eq!(code(report(Some("acht fietsen")).await), ErrorCode::WrongPasscode);
    for passcode in ["negen fietsen", "zes fietsen"] {
        assert_eq!(code(stranger.open_share(waiting.clone(), passcode.to_owned()).await), ErrorCode::ShareLocked, "{passcode}");
        assert_eq!(code(report(Some(passcode)).await), ErrorCode::ShareLocked, "{passcode}");
    }
    assert_eq!(refused(&stranger, &made.address).await, ErrorCode::ShareLocked);

    assert!(!only(&wallet).await.locked, "nobody told the owner yet");
    let told = refreshed(&wallet).await;
    assert_eq!((told.locked, told.state), (true, ShareState::Open));
    let again = wallet.reopen_share(made.id.clone()).await.expect("open again");
    assert_eq!((again.locked, again.state, &again.address), (false, ShareState::Open, &made.address));
    assert_eq!(report(Some("zes fietsen")).await.expect("a report"), 1);

    // The passcode stays with the link, whatever is behind it.
    wallet.change_share(made.id.clone(), NewShare { passcode: None, ..share(&[&id], ShareEnd::Day) }).await.expect("changed");
    assert_eq!(code(report(None).await), ErrorCode::PasscodeNeeded);
    assert_eq!(report(Some("zes fietsen")).await.expect("a report"), 1);
}

#[tokio::test]
async fn a_reopening_whose_answer_was_lost_is_not_in_the_way_of_the_next_step() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [first, second]) = home.holding(["key-eddsa", "web-eddsa"]).await;
    let new = NewShare { passcode: Some("zes fietsen".to_owned()), ..share(&[&first], ShareEnd::Day) };
    let made = wallet.share(new).await.expect("a link");
    home.net.lie("reopen", Lie::Loses);
    assert_eq!(code(wallet.reopen_share(made.id.clone()).await), ErrorCode::Unreachable);
    home.net.is_honest();
    assert_eq!(refreshed(&wallet).await.state, ShareState::Open, "the host has what it was sent");

    home.net.lie("reopen", Lie::Loses);
    home.net.lie("replace", refuses(507, "full"));
    assert_eq!(code(wallet.reopen_share(made.id.clone()).await), ErrorCode::Unreachable);
    assert_eq!(code(wallet.change_share(made.id.clone(), share(&[&second], ShareEnd::Day)).await), ErrorCode::HostFull);
    home.net.is_honest();
    assert_eq!(refreshed(&wallet).await.state, ShareState::Open, "and still has, whatever was refused on top of it");

    home.net.lie("reopen", Lie::Loses);
    assert_eq!(code(wallet.reopen_share(made.id.clone()).await), ErrorCode::Unreachable);
    home.net.is_honest();
    let changed = NewShare { title: "Nieuw".to_owned(), ..share(&[&first, &second], ShareEnd::Day) };
    assert_eq!(wallet.change_share(made.id.clone(), changed).await.expect("changed").state, ShareState::Open);
    let (cli, _) = checker(&place, home.now);
    let report = cli.report(vec![Input::Text(made.address.clone())], Some("zes fietsen".to_owned())).await.expect("a report");
    assert_eq!((report.badges.len(), report.shared.expect("words").title.as_str()), (2, "Nieuw"), "the change has arrived");
    assert_eq!(refreshed(&wallet).await.state, ShareState::Open);

    home.net.lie("reopen", Lie::Loses);
    assert_eq!(code(wallet.reopen_share(made.id.clone()).await), ErrorCode::Unreachable);
    home.net.is_honest();
    wallet.reopen_share(made.id).await.expect("once more");
}

#[tokio::test]
async fn a_passcode_that_is_guessed_in_no_time_makes_no_link() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    for weak in ["", "12345", "   12345   ", "éé"] {
        let new = NewShare { passcode: Some(weak.to_owned()), ..share(&[&id], ShareEnd::Day) };
        assert_eq!(code(wallet.share(new).await), ErrorCode::WeakPasscode, "{weak:?}");
    }
    assert_eq!((home.net.posted(), wallet.shares().await.expect("a list")), (Vec::new(), Vec::new()));
    let six = NewShare { passcode: Some("123456".to_owned()), ..share(&[&id], ShareEnd::Day) };
    assert!(wallet.share(six).await.expect("a link").passcode);
}

// ---- a host that is gone, or lies -----------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_link_is_stopped_when_its_host_says_so_and_not_before() {
    let mut place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    let made = wallet.share(share(&[&id], ShareEnd::Open)).await.expect("a link");
    place.goes_away().await;
    let stopping = wallet.stop_share(made.id.clone()).await.expect("an answer");
    assert_eq!((stopping.state, &stopping.address), (ShareState::Stopping, &made.address), "it is still open");
    assert_eq!(refreshed(&wallet).await.state, ShareState::Stopping);
    // It is on its way out: nothing else is done with it.
    assert_eq!(code(wallet.change_share(made.id.clone(), share(&[&id], ShareEnd::Day)).await), ErrorCode::ShareEnded);
    assert_eq!(code(wallet.extend_share(made.id.clone(), ShareEnd::Day).await), ErrorCode::ShareEnded);
    assert_eq!(code(wallet.forget_share(made.id.clone()).await), ErrorCode::NotAllowed);
    wallet.close().await;
    drop(wallet);
    place.comes_back().await;
    assert_eq!(place.links().await, 1, "it was open all the time");
    let wallet = home.open().await;
    for lie in [html(200), html(503), refuses(429, "too_many"), refuses(500, "broken"), OFFLINE] {
        home.net.lie("stop", lie.clone());
        assert_eq!(refreshed(&wallet).await.state, ShareState::Stopping, "{lie:?}");
        home.net.is_honest();
    }
    assert_eq!(refreshed(&wallet).await.state, ShareState::Stopped);
    assert_eq!(place.links().await, 0);
}

#[tokio::test]
async fn a_stop_whose_answer_was_lost_is_found_out() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    let made = wallet.share(share(&[&id], ShareEnd::Open)).await.expect("a link");
    home.net.lie("stop", Lie::Loses);
    assert_eq!(wallet.stop_share(made.id).await.expect("an answer").state, ShareState::Stopping);
    home.net.is_honest();
    assert_eq!(refreshed(&wallet).await.state, ShareState::Stopped);
}

#[tokio::test]
async fn what_no_share_host_answers_makes_no_link() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    for (lie, expected) in [
        (html(200), ErrorCode::HostOdd),
        (html(404), ErrorCode::HostOdd),
        (says(200, "application/json", "{}"), ErrorCode::HostOdd),
        (says(200, "application/octet-stream", vec![0; 5_000]), ErrorCode::HostOdd),
        (refuses(404, "not_here"), ErrorCode::HostOdd),
        (refuses(400, "bad_request"), ErrorCode::HostOdd),
        (refuses(403, "bad_signature"), ErrorCode::HostOdd),
        (Lie::Says(Err(FetchError::TooLarge)), ErrorCode::HostOdd),
        (html(502), ErrorCode::Unreachable),
        (SILENT, ErrorCode::Unreachable),
        (OFFLINE, ErrorCode::Offline),
        (refuses(429, "too_many"), ErrorCode::HostBusy),
        (refuses(507, "full"), ErrorCode::HostFull),
        (refuses(413, "too_large"), ErrorCode::ShareTooLarge),
    ] {
        home.net.lie("create", lie.clone());
        assert_eq!(code(wallet.share(share(&[&id], ShareEnd::Day)).await), expected, "{lie:?}");
        assert_eq!(wallet.shares().await.expect("a list"), [], "{lie:?}");
        home.net.is_honest();
    }
    assert_eq!(place.links().await, 0);
    let history = wallet.history(0, 20).await.expect("a history");
    assert!(history.iter().all(|line| line.action == "added"), "{history:?}");
}

#[tokio::test]
async fn a_host_that_gives_something_else_is_found_odd_by_who_opens() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    let made = wallet.share(share(&[&id], ShareEnd::Day)).await.expect("a link");
    let another = wallet.share(share(&[&id], ShareEnd::Day)).await.expect("a link");
    let capsule = capsule_of(&home, &place, &made.address).await;
    let bytes = |bytes: Vec<u8>| says(200, "application/octet-stream", bytes);
    let mut turned = capsule.clone();
    turned[1_000] ^= 1;
    let other = Home::at(&place);
    let stranger = other.begun().await;
    for lie in [
        html(200),
        html(404),
        refuses(403, "not_here"),
        bytes(Vec::new()),
        bytes(capsule[..capsule.len() / 2].to_vec()),
        bytes(turned),
        bytes(vec![7; 6_000]),
        bytes(capsule_of(&home, &place, &another.address).await),
        says(200, "application/json", json!({"badges": []}).to_string()),
    ] {
        other.net.lie("open", lie.clone());
        assert_eq!(refused(&stranger, &made.address).await, ErrorCode::HostOdd, "{lie:?}");
        let (cli, net) = checker(&place, home.now);
        net.lie("open", lie.clone());
        assert_eq!(code(cli.report(vec![Input::Text(made.address.clone())], None).await), ErrorCode::HostOdd, "{lie:?}");
        other.net.is_honest();
    }
    // The key in the address was changed on its way: that is the link's fault and not the host's.
    let mut link = LinkAddress::parse(&made.address).expect("a link");
    link.key = LinkAddress::parse(&another.address).expect("a link").key;
    assert_eq!(refused(&stranger, &link.to_string()).await, ErrorCode::LinkDamaged);
    assert_eq!(opened(&stranger, &made.address).await.0.len(), 1);
}

/// What the host gives for a link, as bytes.
async fn capsule_of(home: &Home, place: &Place, address: &str) -> Vec<u8> {
    let link = LinkAddress::parse(address).expect("a link");
    let url = Url::parse(&format!("{}/v1/open", place.origin)).expect("an address");
    let body = json!({"id": link.id}).to_string().into_bytes();
    let answer = home.net.real.post(Post::new(url, body, capsule::MAX_CAPSULE, true)).await.expect("an answer");
    assert_eq!(answer.status, 200);
    answer.body
}

#[tokio::test]
async fn the_owner_notices_a_host_that_has_something_else_than_it_was_sent() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [first, second]) = home.holding(["key-eddsa", "web-eddsa"]).await;
    let made = wallet.share(share(&[&first], ShareEnd::Day)).await.expect("a link");
    let old = capsule_of(&home, &place, &made.address).await;
    wallet.change_share(made.id.clone(), share(&[&second], ShareEnd::Day)).await.expect("changed");
    let status = |seq: u64| says(200, "application/json", json!({"seq": seq, "locked": false}).to_string());
    for (of, lie) in [
        ("open", says(200, "application/octet-stream", old)),
        ("open", says(200, "application/octet-stream", vec![1; 5_000])),
        ("open", html(200)),
        ("status", status(1)),
        ("status", status(77)),
        ("status", refuses(404, "unknown")),
    ] {
        home.net.lie(of, lie.clone());
        assert_eq!(refreshed(&wallet).await.state, ShareState::Altered, "{of}: {lie:?}");
        home.net.is_honest();
        assert_eq!(refreshed(&wallet).await.state, ShareState::Open, "{of}: and back");
    }
    // Where the host says nothing that a host says, nothing new is known.
    for (of, lie) in [("status", html(200)), ("status", html(404)), ("status", SILENT), ("status", OFFLINE), ("open", SILENT)] {
        home.net.lie(of, lie.clone());
        assert_eq!(refreshed(&wallet).await.state, ShareState::Open, "{of}: {lie:?}");
        home.net.is_honest();
    }
    // A link that was altered is still its owner's to change.
    home.net.lie("status", status(77));
    assert_eq!(refreshed(&wallet).await.state, ShareState::Altered);
    home.net.is_honest();
    let changed = wallet.change_share(made.id.clone(), share(&[&first], ShareEnd::Day)).await.expect("changed");
    assert_eq!((changed.state, refreshed(&wallet).await.state), (ShareState::Open, ShareState::Open));
    assert_eq!(wallet.stop_share(made.id).await.expect("stopped").state, ShareState::Stopped);
}

// ---- answers that are lost ------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_link_whose_answer_was_lost_is_kept_once() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    home.net.lie("create", Lie::Loses);
    let made = wallet.share(share(&[&id], ShareEnd::Day)).await.expect("the host says that it has it");
    assert_eq!(home.net.names(), ["create", "status"]);
    home.net.is_honest();
    assert_eq!((made.state, place.links().await), (ShareState::Open, 1));
    assert_eq!(refreshed(&wallet).await, made);
    assert_eq!(opened(&Home::at(&place).begun().await, &made.address).await.0.len(), 1);
    assert_eq!(wallet.history(0, 20).await.expect("a history").iter().filter(|line| line.action == "shared").count(), 1);
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_made_once() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [first, second]) = home.holding(["key-eddsa", "web-eddsa"]).await;
    let made = wallet.share(share(&[&first], ShareEnd::Day)).await.expect("a link");
    let other = Home::at(&place);
    let stranger = other.begun().await;
    let both = || share(&[&first, &second], ShareEnd::Day);

    // It arrived, and the host can be asked.
    home.net.lie("replace", Lie::Loses);
    assert_eq!(wallet.change_share(made.id.clone(), both()).await.expect("changed").state, ShareState::Open);
    assert_eq!(opened(&stranger, &made.address).await.0.len(), 2);
    home.net.is_honest();

    // It arrived, and nothing more is heard.
    home.net.lie("replace", Lie::Loses);
    home.net.lie("status", SILENT);
    let sending = wallet.change_share(made.id.clone(), share(&[&first], ShareEnd::Day)).await.expect("an answer");
    assert_eq!((sending.state, sending.badges.len()), (ShareState::Sending, 1));
    home.net.is_honest();
    home.net.posted();
    assert_eq!(refreshed(&wallet).await.state, ShareState::Open);
    assert!(!home.net.names().contains(&"replace".to_owned()), "it is not sent again");
    assert_eq!(opened(&stranger, &made.address).await.0.len(), 1);

    // It never arrived.
    home.net.lie("replace", SILENT);
    let sending = wallet.change_share(made.id.clone(), both()).await.expect("an answer");
    assert_eq!((sending.state, sending.badges.len()), (ShareState::Sending, 2));
    assert_eq!(opened(&stranger, &made.address).await.0.len(), 1, "not yet");
    home.net.is_honest();
    assert_eq!(refreshed(&wallet).await.state, ShareState::Open);
    assert_eq!(opened(&stranger, &made.address).await.0.len(), 2);

    // Refused: everything is as it was.
    home.net.lie("replace", refuses(507, "full"));
    assert_eq!(code(wallet.change_share(made.id.clone(), share(&[&second], ShareEnd::Day)).await), ErrorCode::HostFull);
    home.net.is_honest();
    let kept = refreshed(&wallet).await;
    assert_eq!((kept.state, kept.badges.len()), (ShareState::Open, 2));
    assert_eq!((place.links().await, &kept.address), (1, &made.address));
}

#[tokio::test]
async fn a_wallet_that_ends_while_a_link_is_being_made_goes_on_with_it() {
    for arrives in [true, false] {
        let place = Place::new().await;
        let home = Home::at(&place);
        let (wallet, [id]) = home.holding(["key-eddsa"]).await;
        home.net.lie("create", Lie::Hangs { arrives });
        let made = tokio::time::timeout(Duration::from_secs(2), wallet.share(share(&[&id], ShareEnd::Day))).await;
        assert!(made.is_err(), "it ended on its way");
        wallet.close().await;
        drop(wallet);
        home.net.is_honest();
        assert_eq!(place.links().await, u32::from(arrives));

        // While the host is silent, nothing is done on top of what may not be there.
        let wallet = home.open().await;
        let left = only(&wallet).await;
        assert_eq!(left.state, ShareState::Sending, "arrived: {arrives}");
        home.net.lie_of_all(&SILENT);
        let change = wallet.change_share(left.id.clone(), share(&[&id], ShareEnd::Day)).await;
        assert_eq!(code(change), ErrorCode::Unreachable, "arrived: {arrives}");
        home.net.is_honest();
        let found = refreshed(&wallet).await;
        assert_eq!((found.state, &found.address), (ShareState::Open, &left.address), "arrived: {arrives}");
        assert_eq!(place.links().await, 1);
        assert_eq!(opened(&Home::at(&place).begun().await, &found.address).await.0.len(), 1);
        assert_eq!(wallet.stop_share(found.id).await.expect("stopped").state, ShareState::Stopped);
    }
}

#[tokio::test]
async fn a_link_that_was_never_confirmed_is_made_before_it_is_changed() {
    for arrives in [true, false] {
        let place = Place::new().await;
        let home = Home::at(&place);
        let (wallet, [first, second]) = home.holding(["key-eddsa", "web-eddsa"]).await;
        home.net.lie("create", Lie::Hangs { arrives });
        let made = tokio::time::timeout(Duration::from_secs(2), wallet.share(share(&[&first], ShareEnd::Day))).await;
        assert!(made.is_err(), "given up on its way");
        home.net.is_honest();
        let id = only(&wallet).await.id;
        let changed = wallet.change_share(id, share(&[&first, &second], ShareEnd::Day)).await.expect("changed");
        assert_eq!((changed.state, changed.badges.len()), (ShareState::Open, 2), "arrived: {arrives}");
        assert_eq!(opened(&Home::at(&place).begun().await, &changed.address).await.0.len(), 2);
        assert_eq!((refreshed(&wallet).await.state, place.links().await), (ShareState::Open, 1));
    }
}

#[tokio::test]
async fn steps_whose_answers_were_lost_one_after_another_are_all_ours() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [first, second]) = home.holding(["key-eddsa", "web-eddsa"]).await;
    let made = wallet.share(share(&[&first], ShareEnd::Day)).await.expect("a link");
    // One that arrived unheard, and one on top of it that did not arrive.
    home.net.lie("status", SILENT);
    for (lie, badges) in [(Lie::Loses, [&first].as_slice()), (SILENT, [&first, &second].as_slice())] {
        home.net.lie("replace", lie);
        let sending = wallet.change_share(made.id.clone(), share(badges, ShareEnd::Day)).await.expect("an answer");
        assert_eq!(sending.state, ShareState::Sending);
        home.net.is_honest();
        home.net.lie("status", SILENT);
    }
    home.net.is_honest();
    assert_eq!(refreshed(&wallet).await.state, ShareState::Open);
    assert_eq!(opened(&Home::at(&place).begun().await, &made.address).await.0.len(), 2, "what was wanted last");
}

// ---- without a network, and with a wrong clock ----------------------------------------------------------------------------------

#[tokio::test]
async fn without_a_network_there_is_no_link_and_no_empty_one() {
    let mut place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    home.net.lie_of_all(&OFFLINE);
    assert_eq!(code(wallet.share(share(&[&id], ShareEnd::Day)).await), ErrorCode::Offline);
    assert_eq!(wallet.shares().await.expect("a list"), []);
    home.net.is_honest();

    // By the learner's own choice: then nothing is tried.
    let settings = wallet.settings().await.expect("settings");
    wallet.update_settings(Settings { offline: true, ..settings.clone() }).await.expect("set");
    home.net.posted();
    assert_eq!(code(wallet.share(share(&[&id], ShareEnd::Day)).await), ErrorCode::Offline);
    assert_eq!((home.net.posted(), wallet.shares().await.expect("a list")), (Vec::new(), Vec::new()));
    wallet.update_settings(settings).await.expect("set");

    place.goes_away().await;
    assert_eq!(code(wallet.share(share(&[&id], ShareEnd::Day)).await), ErrorCode::Unreachable);
    assert_eq!(wallet.shares().await.expect("a list"), []);
    place.comes_back().await;
    assert_eq!(place.links().await, 0);

    let made = wallet.share(share(&[&id], ShareEnd::Day)).await.expect("a link");
    home.net.lie_of_all(&OFFLINE);
    let before = only(&wallet).await;
    assert_eq!((before.state, &before.address), (ShareState::Open, &made.address), "what is here needs no network");
    assert_eq!(code(wallet.extend_share(made.id.clone(), ShareEnd::Month).await), ErrorCode::Offline);
    assert_eq!(only(&wallet).await, before, "and nothing was changed");
    assert_eq!(wallet.stop_share(made.id).await.expect("an answer").state, ShareState::Stopping);
}

#[tokio::test]
async fn a_clock_that_is_a_day_behind_makes_no_link_that_is_over_already() {
    let place = Place::new().await;
    let mut home = Home::at(&place);
    home.now -= SignedDuration::from_hours(25);
    let (wallet, [id]) = home.holding(["key-eddsa"]).await;
    for ends in [ShareEnd::Now, ShareEnd::Day] {
        assert_eq!(code(wallet.share(share(&[&id], ends)).await), ErrorCode::ClockWrong, "{ends:?}");
    }
    assert_eq!((place.links().await, wallet.shares().await.expect("a list")), (0, Vec::new()));
    // A link that ends later, or never, does not mind.
    let made = wallet.share(share(&[&id], ShareEnd::Month)).await.expect("a link");
    assert_eq!(code(wallet.extend_share(made.id.clone(), ShareEnd::Day).await), ErrorCode::ClockWrong);
    let kept = refreshed(&wallet).await;
    assert_eq!((kept.state, &kept.ends_at), (ShareState::Open, &made.ends_at), "an end that was refused changes nothing");
}

#[tokio::test]
async fn a_checker_with_a_wrong_clock_says_that_a_link_has_ended_or_opens_it() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["web-eddsa"]).await;
    let day = wallet.share(share(&[&id], ShareEnd::Day)).await.expect("a link");
    let open = wallet.share(share(&[&id], ShareEnd::Open)).await.expect("a link");
    let report = async |clock: Timestamp, link: &ShareView| {
        let (cli, _) = checker(&place, clock);
        cli.report(vec![Input::Text(link.address.clone())], None).await.map(|report| report.badges[0].verdict)
    };
    let (ahead, behind) = (home.now + SignedDuration::from_hours(25), home.now - SignedDuration::from_hours(25));
    assert_eq!(code(report(ahead, &day).await), ErrorCode::ShareEnded);
    assert_eq!(report(ahead, &open).await.expect("a report"), Verdict::Valid);
    assert_eq!(report(behind, &day).await.expect("a report"), Verdict::Valid);
    let mut other = Home::at(&place);
    other.now = ahead;
    assert_eq!(refused(&other.begun().await, &day.address).await, ErrorCode::ShareEnded);
}

// ---- many badges ----------------------------------------------------------------------------------------------------------------

/// So many badges in one file, each with a picture of so many bytes that do not pack.
fn many(count: usize, picture: usize) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use std::io::Write;
    let mut noise = 0x2545_f491_4f6c_dd1d_u64;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..count {
        let mut badge = BadgeBuilder::new().with("/id", format!("https://school.example/badges/{number}"));
        if picture > 0 {
            let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
            bytes.resize_with(picture, || {
                // Marsaglia's xorshift: the same in every run, and nothing to deflate.
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                (noise >> 56) as u8
            });
            let uri = format!("data:image/png;base64,{}", STANDARD.encode(bytes));
            badge = badge.with("/credentialSubject/achievement/image", json!({"id": uri, "type": "Image"}));
        }
        zip.start_file(format!("{number}.json"), zip::write::SimpleFileOptions::default()).expect("in memory");
        zip.write_all(&badge.bytes()).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

#[tokio::test]
async fn two_hundred_badges_go_behind_one_link_and_no_more() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let wallet = home.begun().await;
    let ids = keep_all(&wallet, "alles.zip", many(MAX_BADGES + 1, 0)).await;
    assert_eq!(ids.len(), MAX_BADGES + 1);
    let all: Vec<&String> = ids.iter().collect();
    assert_eq!(code(wallet.share_draft(share(&all, ShareEnd::Day)).await), ErrorCode::ShareTooLarge);
    assert_eq!(code(wallet.share(share(&all, ShareEnd::Day)).await), ErrorCode::ShareTooLarge);
    assert_eq!((home.net.posted(), wallet.shares().await.expect("a list")), (Vec::new(), Vec::new()));
    let made = wallet.share(share(&all[..MAX_BADGES], ShareEnd::Day)).await.expect("a link");
    assert_eq!(made.badges.len(), MAX_BADGES);
    let (badges, _) = opened(&Home::at(&place).begun().await, &made.address).await;
    let order = |badges: &[CheckedBadge]| badges.iter().map(|badge| badge.content_id.clone()).collect::<Vec<_>>();
    let draft = wallet.share_draft(share(&all[..MAX_BADGES], ShareEnd::Day)).await.expect("a draft");
    assert_eq!(order(&badges), order(&draft.badges), "all of them, in the learner's order");
    // One too many behind a link that is there changes nothing of it.
    assert_eq!(code(wallet.change_share(made.id.clone(), share(&all, ShareEnd::Day)).await), ErrorCode::ShareTooLarge);
    assert_eq!(refreshed(&wallet).await, made);
}

#[tokio::test]
async fn badges_that_are_too_large_together_leave_nothing_behind() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let wallet = home.begun().await;
    // Three megabytes that do not pack: within a body, and more than a capsule.
    let ids = keep_all(&wallet, "groot.zip", many(6, 512 * 1024)).await;
    let all: Vec<&String> = ids.iter().collect();
    assert_eq!(code(wallet.share(share(&all, ShareEnd::Day)).await), ErrorCode::ShareTooLarge);
    assert_eq!((home.net.names(), wallet.shares().await.expect("a list")), (Vec::new(), Vec::new()));
    let made = wallet.share(share(&all[..1], ShareEnd::Day)).await.expect("one of them fits");
    assert_eq!(code(wallet.change_share(made.id.clone(), share(&all, ShareEnd::Day)).await), ErrorCode::ShareTooLarge);
    let kept = refreshed(&wallet).await;
    assert_eq!((kept.state, kept.badges.len(), place.links().await), (ShareState::Open, 1, 1));
}

// ---- what is left where ---------------------------------------------------------------------------------------------------------

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), std::fs::read(&path).expect("a file")));
        }
    }
    all
}

/// The files that hold any of these.
fn holding(files: &[(String, Vec<u8>)], wanted: &[u8]) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    files.iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name.clone()).collect()
}

#[tokio::test]
async fn neither_the_wallets_files_nor_the_hosts_tell_what_is_shared() {
    let mut place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["web-eddsa"]).await;
    let mut new = share(&[&id], ShareEnd::Open);
    new.badges[0].address = Some("noor@voorbeeld.example".to_owned());
    new.passcode = Some("zes groene fietsen".to_owned());
    new.witness = true;
    let made = wallet.share(new).await.expect("a link");
    let (cli, _) = checker(&place, home.now);
    let wrong = cli.report(vec![Input::Text(made.address.clone())], Some("zeven fietsen".to_owned())).await;
    assert_eq!(code(wrong), ErrorCode::WrongPasscode);

    let link = LinkAddress::parse(&made.address).expect("a link");
    let key_text = made.address.rsplit('.').next().expect("a key").as_bytes();
    let words = ["horeca", "achter de bar", "eetcafe", "Barista", "noor@voorbeeld", "koffieschool", "groene fietsen"];
    let secrets: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).chain([key_text, link.key.expose()]).collect();
    // While it is open, its journal included; and after it.
    let mut found = files(home.folder.path());
    wallet.close().await;
    drop(wallet);
    found.extend(files(home.folder.path()));
    let before = files(place.folder.path());
    place.goes_away().await;
    found.extend(before);
    let at_place = files(place.folder.path());
    found.extend(at_place.iter().cloned());
    for secret in secrets {
        assert_eq!(holding(&found, secret), [""; 0], "{}", String::from_utf8_lossy(secret));
    }
    // The search finds what is there: the host knows the id. The wallet's own file says not even that.
    assert!(!holding(&at_place, link.id.as_bytes()).is_empty());
    let wallets = files(home.folder.path());
    assert!(wallets.iter().any(|(name, bytes)| name.ends_with(".db") && bytes.len() > 10_000), "a database");
    for known in [b"SQLite format 3".as_slice(), link.id.as_bytes(), made.id.as_bytes(), place.origin.as_bytes()] {
        assert_eq!(holding(&wallets, known), [""; 0], "{}", String::from_utf8_lossy(known));
    }
}

#[tokio::test]
async fn a_witness_is_asked_without_any_link_and_believed_by_the_page_of_that_host_alone() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [first, second]) = home.holding(["web-eddsa", "status-good"]).await;
    let new = NewShare { witness: true, ..share(&[&first, &second], ShareEnd::Day) };
    let draft = wallet.share_draft(new.clone()).await.expect("a draft");
    assert_eq!((draft.asks, home.net.posted()), (vec!["koffieschool.example".to_owned()], Vec::new()));
    let made = wallet.share(new).await.expect("a link");
    let posted = home.net.posted();
    let names: Vec<&str> = posted.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["witness", "witness", "create"], "what is witnessed, before there is a link");
    assert_eq!(home.net.asked(), [""; 0], "the wallet itself asks no organisation");
    let wanted: Vec<&Value> = posted[..2].iter().map(|(_, body)| body).collect();
    assert_eq!(
        wanted,
        [
            &json!({"purpose": "did_document", "url": "https://koffieschool.example/.well-known/did.json"}),
            &json!({"purpose": "status_list", "url": "https://koffieschool.example/status/1"}),
        ]
    );

    // The page of that host, while nobody else can be reached.
    let link = LinkAddress::parse(&made.address).expect("a link");
    let parts: Vec<&str> = made.address.split('.').rev().take(2).collect();
    let now = Timestamp::now();
    let millis = now.as_millisecond() as f64;
    let capsule = capsule_of(&home, &place, &made.address).await;
    let page = verifier_wasm::Opened::open(&capsule, parts[1], parts[0], None, millis).expect("opened");
    let keys = json!(place.keys().await).to_string();
    let silent: Vec<Value> =
        wanted.iter().map(|need| json!({"purpose": need["purpose"], "url": need["url"], "answer": null})).collect();
    let silent = Value::from(silent).to_string();
    let verdict = |index: usize, origin: &str| {
        let judged = page.judge(index, &silent, &keys, origin, "nl", millis).expect("a judgement");
        let judged: Value = serde_json::from_str(&judged).expect("JSON");
        judged["badge"]["verification"]["verdict"].as_str().expect("a verdict").to_owned()
    };
    for index in [0, 1] {
        assert_eq!(verdict(index, &link.host), "valid");
        assert_eq!(verdict(index, "https://elders.example"), "cannot_tell");
    }

    // An app or a command line from elsewhere does not know that host, and asks for itself.
    let nobody = Replay::from_files(std::collections::BTreeMap::new());
    let other = Home::with(nobody.clone(), Some(place.origin.clone()));
    let (badges, _) = opened(&other.begun().await, &made.address).await;
    assert!(badges.iter().all(|badge| badge.verification.verdict == Verdict::CannotTell));
    assert!(!other.net.asked().is_empty(), "it asked");
    let cut = Checker::new(Net::new(nobody, Some(&place.origin)), Clock::Fixed(now), Language::Nl);
    let report = cut.report(vec![Input::Text(made.address)], None).await.expect("a report");
    assert!(report.badges.iter().all(|badge| badge.verdict == Verdict::CannotTell));
}

#[tokio::test]
async fn what_a_host_witnesses_wrongly_or_not_at_all_is_left_out() {
    let place = Place::new().await;
    let home = Home::at(&place);
    let (wallet, [id]) = home.holding(["web-eddsa"]).await;
    for lie in [html(200), SILENT, refuses(502, "unreachable"), says(200, "application/json", "{}")] {
        home.net.lie("witness", lie.clone());
        let made = wallet.share(NewShare { witness: true, ..share(&[&id], ShareEnd::Day) }).await.expect("a link all the same");
        home.net.is_honest();
        let (badges, _) = opened(&Home::at(&place).begun().await, &made.address).await;
        assert_eq!(badges[0].verification.verdict, Verdict::Valid, "{lie:?}");
    }
}
