//! Signing in to a city: an experiment, off until the learner switches it on.

use std::sync::OnceLock;

use wallet_core::{Device, KeyStoreError};

use super::*;

pub(super) const NOOR: (&str, &str) = ("noor@voorbeeld.example", "domtoren");
pub(super) const SAM: (&str, &str) = ("sam@voorbeeld.example", "oudegracht");

pub(super) async fn switch_on(wallet: &Wallet) {
    let settings = wallet.settings().await.expect("settings");
    wallet.update_settings(Settings { city_sign_in: true, ..settings }).await.expect("settings");
}

async fn sign_in(wallet: &Wallet, city: &City, (email, password): (&str, &str)) -> wallet_core::Result<CityView> {
    wallet.sign_in(city.url.clone(), email.to_owned(), password.to_owned()).await
}

fn token(home: &Home, city: &City) -> Result<String, KeyStoreError> {
    home.device.token(&format!("city {}", city.url)).map(|token| token.to_string())
}

/// Everything that is logged, at every level.
struct Logged;

static LINES: OnceLock<Mutex<String>> = OnceLock::new();

impl log::Log for Logged {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut lines = held(LINES.get_or_init(Mutex::default));
        lines.push_str(&format!("{} {}\n", record.target(), record.args()));
    }

    fn flush(&self) {}
}

#[tokio::test]
async fn it_is_off_until_it_is_switched_on_and_then_needs_the_right_password() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    assert!(!wallet.settings().await.expect("settings").city_sign_in);
    assert_eq!(code(sign_in(&wallet, &city, NOOR).await), ErrorCode::NotAllowed);
    assert_eq!(home.net.asked().len(), 0, "no password leaves");
    assert_eq!(code(wallet.platform_badges(city.url.clone()).await), ErrorCode::SignInNeeded);
    switch_on(&wallet).await;
    assert_eq!(code(sign_in(&wallet, &city, (NOOR.0, "fout")).await), ErrorCode::SignInNeeded);
    assert_eq!(token(&home, &city), Err(KeyStoreError::Empty));
    assert_eq!(chosen(&wallet, &city.url).await.signed_in, None);
    let signed = sign_in(&wallet, &city, NOOR).await.expect("signed in");
    assert_eq!(signed.signed_in.as_deref(), Some("Noor (verzonnen)"));
    assert_eq!(code(wallet.sign_in("https://elders.example".to_owned(), String::new(), String::new()).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn the_token_is_in_the_key_store_alone_and_the_password_nowhere() {
    log::set_logger(&Logged).expect("the first logger");
    log::set_max_level(log::LevelFilter::Trace);
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    switch_on(&wallet).await;
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    wallet.platform_badges(city.url.clone()).await.expect("badges");
    refresh(&wallet, &city).await;
    let token = token(&home, &city).expect("a token");
    assert!(token.len() > 30);
    // Behind the encryption too: everything that a view tells of it.
    let told = format!("{:?} {:?}", wallet.cities().await.expect("cities"), wallet.settings().await.expect("settings"));
    let logged = held(LINES.get_or_init(Mutex::default)).clone();
    assert!(logged.contains("ColSignIn") && logged.contains("ColList"), "the log works: {logged}");
    let debug = format!("{:?}", held(&home.net.asked).iter().map(|sent| &sent.url).collect::<Vec<_>>());
    drop(wallet);
    let mut files = Vec::new();
    let mut folders = vec![home.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                files.extend(std::fs::read(entry.path()).expect("a file"));
            }
        }
    }
    for secret in [token.as_str(), NOOR.1, NOOR.0] {
        let on_disk = files.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!on_disk && !told.contains(secret) && !logged.contains(secret) && !debug.contains(secret), "{secret}");
    }
    // The token goes along only where it is what is asked for.
    let with_token: Vec<String> = held(&home.net.asked)
        .iter()
        .filter(|sent| sent.rest.contains(&token))
        .filter_map(|sent| sent.operation().map(str::to_owned))
        .collect();
    assert!(!with_token.is_empty() && with_token.iter().all(|name| name == "ColMyBadges"), "{with_token:?}");
    let passwords = held(&home.net.asked).iter().filter(|sent| sent.rest.contains(NOOR.1)).count();
    assert_eq!(passwords, 1);
}

#[tokio::test]
async fn badges_on_the_platform_are_listed_with_what_is_here() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    switch_on(&wallet).await;
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    let badges = wallet.platform_badges(city.url.clone()).await.expect("badges");
    assert_eq!(badges.len(), 3);
    assert!(badges.iter().all(|badge| badge.held == Held::No && badge.page.starts_with(&city.url)));
    let kept = keep(&wallet, &format!("{}/ob2/assertions/60002", city.url)).await;
    let badges = wallet.platform_badges(city.url.clone()).await.expect("badges");
    let here: Vec<&PlatformBadge> = badges.iter().filter(|badge| badge.held != Held::No).collect();
    assert_eq!((here.len(), &here[0].held), (1, &Held::Yes { badge: kept }));
    assert_eq!(badges.last().map(|badge| badge.id.as_str()), Some("60002"), "those that are not here come first");
    // Where a city keeps its badges is not known: by its name and its issuer's another one is like it.
    let named = Signed { name: "Kledinghersteller", issuer: "Leerwerkplaats Domstad (fictief)", ..Signed::default() };
    let alike = keep(&wallet, &named.jwt()).await;
    let badges = wallet.platform_badges(city.url.clone()).await.expect("badges");
    let held = badges.iter().find(|badge| badge.id == "60001").map(|badge| &badge.held);
    assert_eq!(held, Some(&Held::Alike { badge: alike }));
    home.net.cut_after(0);
    assert_eq!(code(wallet.platform_badges(city.url.clone()).await), ErrorCode::Offline);
}

#[tokio::test]
async fn signing_out_or_switching_off_forgets() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    switch_on(&wallet).await;
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    let out = wallet.sign_out(city.url.clone()).await.expect("signed out");
    assert_eq!((out.signed_in, token(&home, &city)), (None, Err(KeyStoreError::Empty)));
    assert_eq!(code(wallet.platform_badges(city.url.clone()).await), ErrorCode::SignInNeeded);
    wallet.sign_out(city.url.clone()).await.expect("signed out twice");
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    wallet.remove_city(city.url.clone()).await.expect("removed");
    assert_eq!(token(&home, &city), Err(KeyStoreError::Empty), "a removed city leaves no token");
    add(&wallet, &city).await;
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    let settings = wallet.settings().await.expect("settings");
    wallet.update_settings(Settings { city_sign_in: false, ..settings }).await.expect("settings");
    assert_eq!(token(&home, &city), Err(KeyStoreError::Empty), "nothing stays behind");
    assert_eq!(chosen(&wallet, &city.url).await.signed_in, None);
    assert_eq!(code(wallet.platform_badges(city.url.clone()).await), ErrorCode::SignInNeeded, "off is off");
    switch_on(&wallet).await;
    assert_eq!(code(wallet.platform_badges(city.url.clone()).await), ErrorCode::SignInNeeded, "and on again is not signed in");
}

#[tokio::test]
async fn a_key_store_that_keeps_nothing_stops_the_password_from_leaving() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    switch_on(&wallet).await;
    for (fault, error) in [
        (KeyStoreError::Locked, ErrorCode::KeyStoreLocked),
        (KeyStoreError::Denied, ErrorCode::KeyStoreDenied),
        (KeyStoreError::Absent, ErrorCode::KeyStoreAbsent),
    ] {
        home.device.fail(Some(fault));
        assert_eq!(code(sign_in(&wallet, &city, NOOR).await), error);
    }
    assert_eq!(home.net.asked().len(), 0);
    home.device.fail(None);
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    // A key store that loses the token: nobody is signed in, and reading goes on.
    home.device.delete(&format!("city {}", city.url)).expect("gone");
    assert_eq!(code(wallet.platform_badges(city.url.clone()).await), ErrorCode::SignInNeeded);
    assert_eq!(refresh(&wallet, &city).await.problem, None);
}

#[tokio::test]
async fn a_session_that_the_city_ended_asks_to_sign_in_again() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    switch_on(&wallet).await;
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    let expires = || home.device.set_token(&format!("city {}", city.url), "verlopen").expect("a token");
    // Nobody is shown as signed in who is not.
    let is_out = async || {
        assert_eq!((token(&home, &city), chosen(&wallet, &city.url).await.signed_in), (Err(KeyStoreError::Empty), None));
    };
    expires();
    let mut events = wallet.events();
    assert_eq!(code(wallet.platform_badges(city.url.clone()).await), ErrorCode::SignInNeeded);
    assert_eq!(events.try_recv(), Ok(WalletEvent::ActivitiesChanged));
    is_out().await;
    sign_in(&wallet, &city, NOOR).await.expect("signed in again");
    expires();
    let claimed = wallet.claim_code(city.url.clone(), "b4nd1a".to_owned()).await.expect("a claim");
    assert_eq!(claimed.state, ClaimState::Browser, "its page knows what to do: {claimed:?}");
    is_out().await;
}

#[tokio::test]
async fn a_city_that_cannot_answer_ends_no_session() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    switch_on(&wallet).await;
    sign_in(&wallet, &city, NOOR).await.expect("signed in");
    for mode in [Mode::TooMany, Mode::Broken, Mode::Cut] {
        city.set_mode([mode]);
        wallet.platform_badges(city.url.clone()).await.expect_err("no answer");
        wallet.claim_code(city.url.clone(), "b4nd1a".to_owned()).await.expect("a claim");
    }
    assert!(token(&home, &city).is_ok() && chosen(&wallet, &city.url).await.signed_in.is_some());
}
