use std::sync::atomic::{AtomicUsize, Ordering};

use safe_fetch::{FetchError, Replay, Request, Response};

use super::*;
use crate::{
    demo as bundled,
    device::{KeyStoreError, MemoryDevice},
    view::*,
};

/// The demo's hosts, which can be cut off, with a count of what was asked.
#[derive(Debug)]
struct Web {
    replay: Replay,
    down: std::sync::atomic::AtomicBool,
    asked: AtomicUsize,
}

impl Web {
    fn new() -> Arc<Self> {
        Arc::new(Self { replay: Replay::from_files(bundled::web(Timestamp::now())), down: false.into(), asked: 0.into() })
    }

    fn cut(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl Network for Web {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) { Err(FetchError::Offline) } else { self.replay.fetch(request).await }
    }
}

struct Home {
    dir: tempfile::TempDir,
    device: Arc<MemoryDevice>,
    web: Arc<Web>,
    now: Timestamp,
}

impl Home {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), device: Arc::default(), web: Web::new(), now: Timestamp::now() }
    }

    fn config(&self) -> WalletConfig {
        WalletConfig {
            directory: self.dir.path().join("wallet"),
            device: self.device.clone(),
            network: self.web.clone(),
            clock: Clock::Fixed(self.now),
            language: None,
            share_host: None,
            city: None,
        }
    }

    async fn open(&self) -> Wallet {
        loop {
            match Wallet::open(self.config()).await {
                // A wallet that was dropped a moment ago still fetches a picture.
                Err(error) if error.code == ErrorCode::Busy => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
                opened => return opened.unwrap(),
            }
        }
    }

    async fn begun(&self) -> Wallet {
        let wallet = self.open().await;
        wallet.begin(None).await.unwrap();
        wallet
    }
}

fn file(name: &str) -> Input {
    let (name, bytes) = bundled::badges().into_iter().find(|(n, _)| *n == name).unwrap();
    Input::File(NamedFile { name: name.to_owned(), bytes: bytes.to_vec(), media_type: None })
}

async fn preview(wallet: &Wallet, input: Input, origin: Origin) -> (String, Vec<BadgePreview>) {
    match wallet.inspect(input, origin).await.unwrap() {
        Incoming::Badges { id, badges, rejected, .. } => {
            assert_eq!(rejected, []);
            (id, badges)
        }
        other => panic!("{other:?}"),
    }
}

async fn add(wallet: &Wallet, name: &str) -> String {
    let (id, badges) = preview(wallet, file(name), Origin::Person).await;
    assert_eq!(badges.len(), 1);
    wallet.save(id, vec![0]).await.unwrap().ids.remove(0)
}

async fn names(wallet: &Wallet, search: &str) -> Vec<String> {
    let filter = BadgeFilter { search: Some(search.to_owned()), ..BadgeFilter::default() };
    wallet.badges(filter).await.unwrap().badges.into_iter().map(|b| b.name).collect()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> ErrorCode {
    result.unwrap_err().code
}

#[tokio::test]
async fn a_badge_goes_in_is_kept_encrypted_and_is_there_after_a_restart() {
    let home = Home::new();
    let wallet = home.open().await;
    assert_eq!(wallet.state().await.unwrap().wallet, WalletState::New);
    assert_eq!(code(wallet.badges(BadgeFilter::default()).await), ErrorCode::NoWallet);
    assert_eq!(wallet.begin(None).await.unwrap().wallet, WalletState::Ready);
    let id = add(&wallet, "barista.json").await;
    let before = wallet.badge(id.clone()).await.unwrap();
    assert!(before.badge.name.contains("Barista"), "{}", before.badge.name);
    drop(wallet);

    let plain = before.badge.name.as_bytes();
    for entry in std::fs::read_dir(home.config().directory).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(plain.len()).any(|w| w == plain));
    }
    let wallet = home.open().await;
    assert_eq!(wallet.badge(id).await.unwrap(), before);
    let history = wallet.history(0, 10).await.unwrap();
    assert_eq!(history.iter().map(|h| h.action.as_str()).collect::<Vec<_>>(), ["added"]);
}

#[tokio::test]
async fn what_another_app_opened_makes_no_request() {
    let home = Home::new();
    let wallet = home.begun().await;
    for (name, _) in bundled::badges() {
        wallet.inspect(file(name), Origin::Opened).await.unwrap();
    }
    let link = Input::Text("https://buurtkeuken-zuilen.example/assertions/buurtkok.json".to_owned());
    let Incoming::NeedsNetwork { id, hosts } = wallet.inspect(link, Origin::Opened).await.unwrap() else { panic!() };
    assert_eq!(hosts, ["buurtkeuken-zuilen.example"]);
    assert_eq!(home.web.asked(), 0);
    let Incoming::Badges { badges, .. } = wallet.continue_incoming(id.clone()).await.unwrap() else { panic!() };
    assert_eq!(badges.len(), 1);
    assert!(home.web.asked() > 0);
    assert_eq!(code(wallet.continue_incoming(id).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_was_opened_waits_until_it_is_asked_for() {
    let home = Home::new();
    let wallet = home.begun().await;
    let mut events = wallet.events();
    assert_eq!(wallet.take_opened().await.unwrap(), None);
    wallet.open_with(file("barista.json")).await;
    assert_eq!(events.recv().await.unwrap(), WalletEvent::Opened);
    assert!(matches!(wallet.take_opened().await.unwrap(), Some(Incoming::Badges { .. })));
    assert_eq!(wallet.take_opened().await.unwrap(), None);
}

#[tokio::test]
async fn an_offline_preview_is_judged_after_the_tap() {
    let home = Home::new();
    let wallet = home.begun().await;
    let (id, badges) = preview(&wallet, file("meubelmaker.png"), Origin::Opened).await;
    assert_eq!(badges[0].verification.verdict, Verdict::CannotTell);
    assert!(badges[0].verification.retry);
    let Incoming::Badges { badges, .. } = wallet.continue_incoming(id.clone()).await.unwrap() else { panic!() };
    assert_ne!(badges[0].verification.verdict, Verdict::CannotTell);
    assert_eq!(wallet.save(id, vec![0]).await.unwrap().ids.len(), 1);
}

#[tokio::test]
async fn a_duplicate_is_said_and_not_stored_twice() {
    let home = Home::new();
    let wallet = home.begun().await;
    let first = add(&wallet, "fietsmaker.png").await;
    let (id, badges) = preview(&wallet, file("fietsmaker.png"), Origin::Person).await;
    assert_eq!(badges[0].known, KnownBadge::Duplicate { id: first.clone() });
    assert_eq!(wallet.save(id.clone(), vec![0]).await.unwrap().ids, [first]);
    assert_eq!(wallet.badges(BadgeFilter::default()).await.unwrap().all, 1);
    assert_eq!(code(wallet.save(id, vec![0]).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_dismissed_preview_cannot_be_saved() {
    let home = Home::new();
    let wallet = home.begun().await;
    let (id, _) = preview(&wallet, file("barista.json"), Origin::Person).await;
    assert_eq!(code(wallet.save(id.clone(), vec![7]).await), ErrorCode::NotFound);
    wallet.dismiss(id.clone()).await.unwrap();
    assert_eq!(code(wallet.save(id, vec![0]).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_removed_badge_is_gone_comes_back_and_is_buried_at_the_next_start() {
    let home = Home::new();
    let wallet = home.begun().await;
    let id = add(&wallet, "barista.json").await;
    assert_eq!(names(&wallet, "barist").await.len(), 1);
    wallet.remove_badge(id.clone()).await.unwrap();
    assert!(names(&wallet, "barist").await.is_empty());
    assert_eq!(code(wallet.badge(id.clone()).await), ErrorCode::NotFound);
    wallet.restore_badge(id.clone()).await.unwrap();
    assert_eq!(names(&wallet, "barist").await.len(), 1);
    wallet.remove_badge(id.clone()).await.unwrap();
    drop(wallet);
    let wallet = home.open().await;
    assert_eq!(code(wallet.restore_badge(id).await), ErrorCode::NotFound);
    let actions: Vec<_> = wallet.history(0, 10).await.unwrap().into_iter().map(|h| h.action).collect();
    assert_eq!(actions, ["removed", "restored", "removed", "added"]);
}

#[tokio::test]
async fn everything_goes_out_and_comes_back() {
    let home = Home::new();
    let wallet = home.begun().await;
    for (name, _) in bundled::badges() {
        add(&wallet, name).await;
    }
    let zip = wallet.export_all().await.unwrap();
    let other = Home::new();
    let second = other.begun().await;
    let (id, badges) = preview(&second, Input::File(zip.clone()), Origin::Person).await;
    assert_eq!(badges.len(), bundled::badges().len());
    second.save(id, badges.iter().map(|b| b.index).collect()).await.unwrap();
    let (_, again) = preview(&wallet, Input::File(zip), Origin::Person).await;
    assert!(again.iter().all(|b| matches!(b.known, KnownBadge::Duplicate { .. })));
    for badge in second.badges(BadgeFilter::default()).await.unwrap().badges {
        let out = second.export_badge(badge.id, ExportFormat::Original).await.unwrap();
        assert!(bundled::badges().iter().any(|(_, bytes)| **bytes == *out.bytes), "{} changed on the way", out.name);
    }
}

#[tokio::test]
async fn each_form_of_export_reads_back_as_the_same_badge() {
    let home = Home::new();
    let wallet = home.begun().await;
    // Each container and each way of securing once.
    for name in ["barista.json", "buurtkok.json", "taalmaatje.png", "moestuinier.svg", "zonnepanelen.jwt"] {
        let id = add(&wallet, name).await;
        for form in wallet.badge(id.clone()).await.unwrap().exports {
            let out = wallet.export_badge(id.clone(), form).await.unwrap();
            let (_, badges) = preview(&wallet, Input::File(out), Origin::Person).await;
            assert_eq!(badges[0].known, KnownBadge::Duplicate { id: id.clone() }, "{name} as {form:?}");
        }
    }
    let id = add(&wallet, "zonnepanelen.jwt").await;
    assert_eq!(code(wallet.export_badge(id, ExportFormat::Json).await), ErrorCode::CannotExportSo);
}

#[tokio::test]
async fn shown_badges_are_checked_and_never_offered_to_be_kept() {
    let home = Home::new();
    let wallet = home.begun().await;
    let id = add(&wallet, "barista.json").await;
    let presentation = wallet.present(vec![id]).await.unwrap();
    let text = Input::Text(presentation.text);
    let other = Home::new().open().await;
    let Incoming::Shown { badges, .. } = other.inspect(text.clone(), Origin::Person).await.unwrap() else { panic!() };
    assert!(badges[0].badge.name.contains("Barista"));
    assert!(!badges[0].holder_line.is_empty());
    assert_eq!(judged(other.check(text).await.unwrap()).len(), 1);
    assert_eq!(wallet.history(0, 1).await.unwrap()[0].action, "shown");
}

#[tokio::test]
async fn a_checker_without_a_network_believes_what_this_device_fetched_within_its_age() {
    let mut home = Home::new();
    let wallet = home.begun().await;
    let id = add(&wallet, "meubelmaker.png").await;
    let known = wallet.badge(id.clone()).await.unwrap().verification.verdict;
    assert_ne!(known, Verdict::CannotTell);
    home.web.cut(true);
    let shown = Input::Text(wallet.present(vec![id.clone()]).await.unwrap().text);
    assert_eq!(judged(wallet.check(shown.clone()).await.unwrap())[0].verification.verdict, known);
    assert_eq!(wallet.verify(id.clone(), Freshness::Now).await.unwrap().verdict, known);
    drop(wallet);
    home.now += jiff::SignedDuration::from_hours(24 * 30);
    let wallet = home.open().await;
    assert_eq!(wallet.verify(id.clone(), Freshness::Stored).await.unwrap().verdict, known);
    assert_eq!(judged(wallet.check(shown).await.unwrap())[0].verification.verdict, Verdict::CannotTell);
    assert_eq!(wallet.verify(id.clone(), Freshness::Now).await.unwrap().verdict, Verdict::CannotTell);
    home.web.cut(false);
    wallet.retry_checks().await.unwrap();
    assert_ne!(wallet.verify(id, Freshness::Stored).await.unwrap().verdict, Verdict::CannotTell);
}

#[tokio::test]
async fn a_check_that_could_not_finish_is_taken_up_later() {
    let home = Home::new();
    home.web.cut(true);
    let wallet = home.begun().await;
    let id = add(&wallet, "meubelmaker.png").await;
    assert_eq!(wallet.verify(id.clone(), Freshness::Stored).await.unwrap().verdict, Verdict::CannotTell);
    home.web.cut(false);
    let mut events = wallet.events();
    loop {
        if events.recv().await.unwrap() == (WalletEvent::Rechecked { id: id.clone() }) {
            break;
        }
    }
    assert_ne!(wallet.verify(id, Freshness::Stored).await.unwrap().verdict, Verdict::CannotTell);
}

#[tokio::test]
async fn offline_by_choice_asks_nobody() {
    let home = Home::new();
    let wallet = home.begun().await;
    let settings = Settings {
        language: Language::En,
        theme: Theme::Dark,
        offline: true,
        share_host: None,
        tile_server: None,
        city_sign_in: false,
    };
    assert_eq!(wallet.update_settings(settings.clone()).await.unwrap(), settings);
    add(&wallet, "meubelmaker.png").await;
    let link = Input::Text("https://buurtkeuken-zuilen.example/assertions/buurtkok.json".to_owned());
    assert_eq!(code(wallet.inspect(link, Origin::Person).await), ErrorCode::Offline);
    assert_eq!(home.web.asked(), 0);
    let state = wallet.state().await.unwrap();
    assert_eq!((state.language, state.theme), (Some(Language::En), Some(Theme::Dark)));
}

#[tokio::test]
async fn the_demo_is_a_wallet_of_its_own_that_covers_every_verdict() {
    let home = Home::new();
    let wallet = home.open().await;
    let state = wallet.enter_demo().await.unwrap();
    assert!(state.demo && state.wallet == WalletState::Ready);
    let page = wallet.badges(BadgeFilter::default()).await.unwrap();
    assert_eq!(page.all as usize, bundled::badges().len());
    for verdict in [Verdict::Valid, Verdict::Attention, Verdict::CannotTell, Verdict::Invalid] {
        assert!(page.badges.iter().any(|b| b.verdict == verdict), "{verdict:?}");
    }
    assert_eq!(home.web.asked(), 0, "the demo has its own network");
    assert_eq!(code(wallet.begin(None).await), ErrorCode::NotAllowed);
    let state = wallet.leave_demo().await.unwrap();
    assert!(!state.demo && state.wallet == WalletState::New);
    wallet.begin(None).await.unwrap();
    assert_eq!(wallet.badges(BadgeFilter::default()).await.unwrap().all, 0);
    wallet.enter_demo().await.unwrap();
    assert_eq!(wallet.badges(BadgeFilter::default()).await.unwrap().all, page.all);
    wallet.erase().await.unwrap();
    assert_eq!(wallet.state().await.unwrap().wallet, WalletState::Ready);
}

#[tokio::test]
async fn without_a_key_store_a_demo_leaves_nothing_behind() {
    let home = Home::new();
    home.device.fail(Some(KeyStoreError::Absent));
    let wallet = home.open().await;
    wallet.enter_demo().await.unwrap();
    assert!(wallet.badges(BadgeFilter::default()).await.unwrap().all > 0);
    wallet.leave_demo().await.unwrap();
    assert!(!home.config().directory.join("demo").exists());
}

#[tokio::test]
async fn demo_badges_elsewhere_are_practice_badges() {
    let home = Home::new();
    let wallet = home.begun().await;
    let (_, badges) = preview(&wallet, file("barista.json"), Origin::Person).await;
    assert_eq!(badges[0].verification.verdict, Verdict::Attention);
    assert!(badges[0].verification.checks.iter().any(|c| c.reason.as_deref() == Some("practice_badge")));
}

#[tokio::test]
async fn a_list_of_issuers_changes_stored_verdicts_at_once_and_not_their_dates() {
    let home = Home::new();
    let wallet = home.open().await;
    wallet.enter_demo().await.unwrap();
    let page = wallet.badges(BadgeFilter { search: Some("barista".to_owned()), ..BadgeFilter::default() }).await.unwrap();
    let id = page.badges[0].id.clone();
    let detail = wallet.badge(id.clone()).await.unwrap();
    let listed = wallet.issuers().await.unwrap();
    if let Some(issuer) = listed.iter().find(|i| i.id == detail.issuer.id) {
        wallet.remove_issuer(issuer.id.clone()).await.unwrap();
        let without = wallet.badge(id.clone()).await.unwrap();
        assert_ne!(without.verification.known, detail.verification.known);
        wallet.add_issuer(issuer.id.clone(), issuer.name.clone()).await.unwrap();
        assert_eq!(wallet.badge(id).await.unwrap().verification, detail.verification);
    } else {
        wallet.add_issuer(detail.issuer.id.clone(), None).await.unwrap();
        assert_eq!(wallet.badge(id).await.unwrap().verification.known, crate::view::KnownIssuer::SelfAdded);
    }
    for bad in ["", "koffieschool", "http://x.example/", "did:web:a b"] {
        assert_eq!(code(wallet.add_issuer(bad.to_owned(), None).await), ErrorCode::Usage);
    }
}

#[tokio::test]
async fn an_address_matches_badges_that_were_given_to_it() {
    let home = Home::new();
    let wallet = home.begun().await;
    let mut claimed = None;
    for (name, _) in bundled::badges() {
        let (id, badges) = preview(&wallet, file(name), Origin::Person).await;
        let recipient = &badges[0].recipient;
        assert_eq!(recipient.matched, RecipientMatch::Unknown);
        if let Some(address) = recipient.address.clone() {
            let preview = wallet.claim(id.clone(), 0, address.clone()).await.unwrap();
            assert_eq!(preview.recipient.matched, RecipientMatch::Mine, "{name}");
            let other = wallet.claim(id.clone(), 0, "iemand@anders.example".to_owned()).await.unwrap();
            assert_eq!(other.recipient.matched, RecipientMatch::NotMine);
            wallet.claim(id.clone(), 0, address.clone()).await.unwrap();
            wallet.save(id, vec![0]).await.unwrap();
            claimed = Some(address);
            break;
        }
    }
    if let Some(address) = claimed {
        let mine = wallet.identities().await.unwrap();
        assert_eq!((mine.len(), mine[0].address.as_str(), mine[0].badges), (1, address.as_str(), 1));
        wallet.remove_identity(address.clone()).await.unwrap();
        wallet.add_identity(address).await.unwrap();
        assert_eq!(wallet.identities().await.unwrap()[0].badges, 1);
    }
}

#[tokio::test]
async fn locking_closes_the_wallet_until_the_passphrase_is_given() {
    const GOOD: &str = "correct horse battery staple";
    let home = Home::new();
    let wallet = home.begun().await;
    assert_eq!(code(wallet.lock().await), ErrorCode::PassphraseNeeded);
    assert!(wallet.set_passphrase(None, GOOD.to_owned()).await.unwrap().passphrase);
    let mut events = wallet.events();
    assert_eq!(wallet.lock().await.unwrap().wallet, WalletState::Locked);
    assert_eq!(events.recv().await.unwrap(), WalletEvent::Locked);
    assert_eq!(code(wallet.badges(BadgeFilter::default()).await), ErrorCode::Locked);
    assert_eq!(code(wallet.unlock(Some("no".to_owned())).await), ErrorCode::WrongPassphrase);
    assert_eq!(wallet.unlock(Some(GOOD.to_owned())).await.unwrap().wallet, WalletState::Ready);
    assert_eq!(wallet.erase().await.unwrap().wallet, WalletState::New);
    assert_eq!(home.device.entries(), 0);
}

#[tokio::test]
async fn an_address_without_a_badge_is_an_ordinary_page() {
    let home = Home::new();
    let wallet = home.begun().await;
    let link = Input::Text("https://buurtkeuken-zuilen.example/nothing".to_owned());
    let Incoming::Page { host, .. } = wallet.inspect(link, Origin::Person).await.unwrap() else { panic!() };
    assert_eq!(host, "buurtkeuken-zuilen.example");
    assert_eq!(code(wallet.inspect(Input::Text("hallo".to_owned()), Origin::Person).await), ErrorCode::NotABadge);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_while_badges_are_being_kept_loses_none_that_was_said_to_be_kept() {
    for _ in 0..5 {
        let home = Home::new();
        let wallet = home.begun().await;
        let saving: Vec<_> = bundled::badges()
            .into_iter()
            .map(|(name, bytes)| {
                let (wallet, file) = (wallet.clone(), NamedFile { name: name.to_owned(), bytes: bytes.to_vec(), media_type: None });
                tokio::spawn(async move {
                    let Incoming::Badges { id, .. } = wallet.inspect(Input::File(file), Origin::Person).await? else {
                        unreachable!()
                    };
                    wallet.save(id, vec![0]).await
                })
            })
            .collect();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        wallet.close().await;
        assert!(wallet.store().is_err());
        let mut kept = Vec::new();
        for saved in saving {
            match saved.await.unwrap() {
                Ok(saved) => kept.extend(saved.ids),
                Err(error) => assert!(matches!(error.code, ErrorCode::Locked | ErrorCode::NotFound), "{error:?}"),
            }
        }
        drop(wallet);
        let again = home.open().await;
        for id in kept {
            again.badge(id).await.unwrap();
        }
    }
}

fn judged(incoming: Incoming) -> Vec<crate::view::CheckedBadge> {
    if let Incoming::Shown { badges, shared: None } = incoming { badges } else { panic!("{incoming:?}") }
}
