//! Claim codes: to one city, once, and never lost.

use super::*;

fn only(claims: Vec<ClaimView>) -> ClaimView {
    assert_eq!(claims.len(), 1, "{claims:?}");
    claims.into_iter().next().expect("a claim")
}

async fn claim(wallet: &Wallet, city: &City, code: &str) -> ClaimView {
    wallet.claim_code(city.url.clone(), code.to_owned()).await.expect("a claim")
}

/// A wallet that is signed in at a city.
async fn signed_in(city: &City) -> (Home, Wallet) {
    let (home, wallet) = with(&[city]).await;
    sign_in::switch_on(&wallet).await;
    wallet.sign_in(city.url.clone(), sign_in::NOOR.0.to_owned(), sign_in::NOOR.1.to_owned()).await.expect("signed in");
    home.net.asked();
    (home, wallet)
}

#[tokio::test]
async fn a_claim_link_asks_nobody_until_the_learner_goes_on() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    for (text, named) in [
        (format!("{}/claim?code=b4nd1a", city.url), true),
        (format!("{}/nl/claim?code=b4nd1a", city.url), true),
        ("https://onbekend.example/claim?code=b4nd1a".to_owned(), true),
        ("b4nd1a".to_owned(), false),
    ] {
        let Incoming::Claim { code, city, host } = inspect(&wallet, &text).await else { panic!("{text}") };
        assert_eq!((code.as_str(), city.is_some(), host.is_some()), ("b4nd1a", named, named), "{text}");
    }
    assert_eq!(home.net.asked().len(), 0);
    assert_eq!(wallet.claims().await.expect("claims"), []);
}

#[tokio::test]
async fn a_code_goes_to_one_city_and_to_no_other() {
    let (one, two) = (city([]).await, city([]).await);
    let (home, wallet) = with(&[&one, &two]).await;
    claim(&wallet, &one, "b4nd1a").await;
    let sent = home.net.asked();
    assert!(!sent.is_empty() && sent.iter().all(|sent| sent.url.starts_with(&one.url)), "{sent:?}");
    assert!(one.asked().iter().any(|request| request.operation.as_deref() == Some("ColClaim")));
    let leaked = two.asked().iter().any(|request| serde_json::to_string(request).expect("JSON").contains("b4nd1a"));
    assert!(!leaked);
    assert_eq!(code(wallet.claim_code("https://elders.example".to_owned(), "b4nd1a".to_owned()).await), ErrorCode::NotACity);
    for wrong in ["", "  ", "ab", "geen code", "a/b", &"a".repeat(65), "cöde1", "a\"b1c"] {
        assert_eq!(code(wallet.claim_code(one.url.clone(), wrong.to_owned()).await), ErrorCode::NotAClaimCode, "{wrong:?}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_the_citys_own_page() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let claimed = claim(&wallet, &city, "b4nd1a").await;
    let url = format!("{}/claim?code=b4nd1a", city.url);
    assert_eq!((claimed.state, claimed.outcome), (ClaimState::Browser, Some(ClaimOutcome::Browser { url })));
    assert_eq!((claimed.city.as_str(), claimed.host.as_str()), (wallet_tests::city::NAME, host(&city)));
    assert_eq!(only(wallet.claims().await.expect("claims")).code, "b4nd1a");
    // The same code again is the same line.
    claim(&wallet, &city, " b4nd1a ").await;
    let one = only(wallet.claims().await.expect("claims"));
    wallet.forget_claim(one.id).await.expect("forgotten");
    assert_eq!(wallet.claims().await.expect("claims"), []);
}

#[tokio::test]
async fn each_answer_of_a_city_is_told_apart() {
    let city = city([]).await;
    let (_home, wallet) = signed_in(&city).await;
    let outcome = async |code: &str| {
        let claimed = claim(&wallet, &city, code).await;
        assert_eq!((claimed.state, claimed.problem), (ClaimState::Done, None), "{code}");
        claimed.outcome.expect("an outcome")
    };
    let ClaimOutcome::Gained { name, now, url, kept } = outcome("b4nd1a").await else { panic!("no badge") };
    assert_eq!((name.as_str(), now, kept), ("Fietsmaker: je eerste band geplakt", Some(true), false));
    let url = url.expect("a page of the badge");
    assert!(url.starts_with(&format!("{}/badges/", city.url)));
    let (_, badge) = previewed(inspect(&wallet, &url).await);
    assert_eq!(badge.badge.name, name, "and from there it comes in");
    let ClaimOutcome::Gained { now, .. } = outcome("b4nd1a").await else { panic!("no badge") };
    assert_eq!(now, Some(false), "it was given before");
    let ClaimOutcome::More { name, url } = outcome("taal02").await else { panic!("no evidence") };
    assert_eq!((name.as_str(), url), ("Taalmaatje", Some(format!("{}/classes/81002?project=31002", city.url))));
    let ClaimOutcome::More { name, .. } = outcome("tafel2").await else { panic!("no badges first") };
    assert_eq!(name, "Meubelmaker, stap 2");
    for now in [Some(true), Some(false)] {
        let name = "Wijkvernieuwer: leren in je eigen straat".to_owned();
        let url = Some(format!("{}/activities/31010", city.url));
        assert_eq!(outcome("w1jk10").await, ClaimOutcome::JoinedActivity { name, now, url });
        let joined = ClaimOutcome::JoinedOrganisation { name: "Leerwerkplaats Domstad (fictief)".to_owned(), now };
        assert_eq!(outcome("3f2504e0-4f89-41d3-9a0c-0305e82c3301").await, joined);
    }
    assert_eq!(outcome("n1etgo3d").await, ClaimOutcome::Unknown);
    assert_eq!(wallet.claims().await.expect("claims").len(), 9);
}

#[tokio::test]
async fn a_code_that_somebody_else_used_up_is_unknown() {
    let city = city([]).await;
    let (_home, wallet) = signed_in(&city).await;
    earned(&city, sign_in::SAM, "repair").await;
    assert_eq!(claim(&wallet, &city, "repair").await.outcome, Some(ClaimOutcome::Unknown));
}

#[tokio::test]
async fn without_a_network_a_code_waits_where_it_is_seen_and_is_done_later() {
    let city = city([]).await;
    let (mut home, wallet) = signed_in(&city).await;
    home.net.cut_after(0);
    let waiting = claim(&wallet, &city, "b4nd1a").await;
    assert_eq!((waiting.state, waiting.outcome), (ClaimState::Queued, Some(ClaimOutcome::Queued)));
    let again = claim(&wallet, &city, "b4nd1a").await;
    assert_eq!(again.id, waiting.id, "one line");
    assert_eq!(only(wallet.retry_claims().await.expect("claims")).state, ClaimState::Queued);
    let wallet = home.later(wallet, 5).await;
    let seen = only(wallet.claims().await.expect("claims"));
    assert_eq!((seen.state, seen.at.as_str()), (ClaimState::Queued, "2026-11-23T12:00:00Z"));
    home.net.comes_back();
    home.net.asked();
    *held(&home.net.delay) = Duration::from_millis(80);
    let (one, two) = tokio::join!(wallet.retry_claims(), wallet.retry_claims());
    for claims in [one, two] {
        let done = only(claims.expect("claims"));
        assert!(matches!(done.outcome, Some(ClaimOutcome::Gained { now: Some(true), .. })), "{done:?}");
        assert_eq!(done.id, waiting.id);
    }
    assert_eq!(home.net.operations(), ["ColClaim"], "sent once");
    wallet.retry_claims().await.expect("claims");
    assert_eq!(home.net.operations().len(), 0);
}

#[tokio::test]
async fn a_city_that_could_not_answer_is_tried_again_only_when_the_learner_says_so() {
    let city = city([]).await;
    let (home, wallet) = signed_in(&city).await;
    for (mode, problem) in
        [(Mode::TooMany, ErrorCode::CityBusy), (Mode::Broken, ErrorCode::CityOdd), (Mode::Cut, ErrorCode::Unreachable)]
    {
        city.set_mode([mode.clone()]);
        let failed = claim(&wallet, &city, "b4nd1a").await;
        assert_eq!((failed.state, failed.outcome, failed.problem), (ClaimState::Failed, None, Some(problem)), "{mode}");
    }
    city.set_mode([]);
    home.net.asked();
    wallet.retry_claims().await.expect("claims");
    assert_eq!(home.net.operations().len(), 0, "the code may have been used up: nobody sends it again by themselves");
    let done = claim(&wallet, &city, "b4nd1a").await;
    assert_eq!((done.state, done.problem), (ClaimState::Done, None));
    assert_eq!(wallet.claims().await.expect("claims").len(), 1);
}

#[tokio::test]
async fn a_feed_city_takes_codes_on_its_own_page() {
    let home = Home::new(&[]);
    let feed = cities::feed_city(&home.net);
    let wallet = home.begun().await;
    wallet.add_city(feed.to_owned()).await.expect("a city");
    assert!(settled(&wallet, feed).await.claims);
    home.net.asked();
    let claimed = wallet.claim_code(feed.to_owned(), "b4nd1a".to_owned()).await.expect("a claim");
    assert_eq!(claimed.outcome, Some(ClaimOutcome::Browser { url: format!("{feed}/claim?code=b4nd1a") }));
    assert_eq!(home.net.asked().len(), 0, "the browser brings it there");
}

#[tokio::test]
async fn a_code_of_a_city_that_nobody_knows_yet_waits_for_the_network_too() {
    let city = city([]).await;
    let home = Home::new(&[&city]);
    let wallet = home.begun().await;
    home.net.cut_after(0);
    let waiting = claim(&wallet, &city, "b4nd1a").await;
    assert_eq!((waiting.state, waiting.city.as_str()), (ClaimState::Queued, host(&city)));
    assert_eq!(claim(&wallet, &city, "b4nd1a").await.id, waiting.id, "one line");
    assert_eq!(only(wallet.retry_claims().await.expect("claims")).state, ClaimState::Queued);
    assert_eq!(wallet.cities().await.expect("cities").chosen.len(), 0);
    home.net.comes_back();
    let sent = only(wallet.retry_claims().await.expect("claims"));
    assert_eq!((sent.id, sent.state, sent.city.as_str()), (waiting.id, ClaimState::Browser, wallet_tests::city::NAME));
    assert_eq!(wallet.cities().await.expect("cities").chosen.len(), 1, "the learner said yes to it");
    // What is no city is told, and waits for nothing.
    let nowhere = wallet.claim_code("https://onbekend.example".to_owned(), "b4nd1a".to_owned()).await;
    assert!(nowhere.is_err(), "{nowhere:?}");
}

#[tokio::test]
async fn a_code_waits_for_no_city_that_was_removed() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    home.net.cut_after(0);
    claim(&wallet, &city, "b4nd1a").await;
    wallet.remove_city(city.url.clone()).await.expect("removed");
    home.net.comes_back();
    let failed = only(wallet.retry_claims().await.expect("claims"));
    assert_eq!((failed.state, failed.problem), (ClaimState::Failed, Some(ErrorCode::NotFound)));
    assert_eq!(wallet.cities().await.expect("cities").chosen.len(), 0, "nor does it come back by itself");
}

#[tokio::test]
async fn a_given_badge_that_was_kept_asks_for_nothing_more() {
    let city = city([]).await;
    let (_home, wallet) = signed_in(&city).await;
    let (_, page) = gained(&wallet, &city).await;
    keep(&wallet, &page).await;
    assert_eq!(kept(&wallet).await, [true], "it is here");
}

/// The name and the page of the badge that a code gives.
async fn gained(wallet: &Wallet, city: &City) -> (String, String) {
    match claim(wallet, city, "b4nd1a").await.outcome {
        Some(ClaimOutcome::Gained { name, url: Some(page), .. }) => (name, page),
        other => panic!("{other:?}"),
    }
}

/// Of each badge that a code gave, the newest code first, whether it is here.
async fn kept(wallet: &Wallet) -> Vec<bool> {
    let claims = wallet.claims().await.expect("claims");
    claims.iter().map(|claim| matches!(claim.outcome, Some(ClaimOutcome::Gained { kept: true, .. }))).collect()
}

#[tokio::test]
async fn a_given_badge_that_was_here_already_asks_for_nothing_more_once_it_was_looked_at() {
    let city = city([]).await;
    let (_home, wallet) = signed_in(&city).await;
    let (_, page) = gained(&wallet, &city).await;
    keep(&wallet, &page).await;
    wallet.sign_out(city.url.clone()).await.expect("signed out");
    assert_eq!(claim(&wallet, &city, "welkom").await.state, ClaimState::Browser);
    wallet.sign_in(city.url.clone(), sign_in::NOOR.0.to_owned(), sign_in::NOOR.1.to_owned()).await.expect("signed in");
    let given = claim(&wallet, &city, "b4nd1a").await;
    assert!(matches!(given.outcome, Some(ClaimOutcome::Gained { now: Some(false), kept: false, .. })), "{given:?}");
    let mut events = wallet.events();
    let (_, badge) = previewed(inspect(&wallet, &page).await);
    assert!(matches!(badge.known, KnownBadge::Duplicate { .. }), "{badge:?}");
    assert_eq!(events.try_recv(), Ok(WalletEvent::ClaimsChanged));
    assert_eq!(kept(&wallet).await, [true, false, true]);
    // What was here before is not what the other code is for.
    inspect(&wallet, &page).await;
    assert_eq!(wallet.claims().await.expect("claims")[1].state, ClaimState::Browser);
}

#[tokio::test]
async fn a_badge_that_merely_has_the_name_is_not_the_one_that_was_given() {
    let city = city([]).await;
    let (_home, wallet) = signed_in(&city).await;
    let (name, page) = gained(&wallet, &city).await;
    keep(&wallet, &Signed { name: &name, class: &format!("{}/ob2/badges/81001", city.url), ..Signed::default() }.jwt()).await;
    assert_eq!(kept(&wallet).await, [false]);
    keep(&wallet, &page).await;
    assert_eq!(kept(&wallet).await, [true]);
}

/// A badge that this site hosts, and its address.
fn hosted(home: &Home, site: &str, name: &str) -> String {
    let at = |path: &str| format!("{site}/{path}");
    let recipient = json!({"type": "email", "hashed": false, "identity": "noor@voorbeeld.example"});
    let documents = [
        json!({"type": "Assertion", "id": at("a/1"), "issuedOn": "2026-03-03T10:00:00Z", "recipient": recipient,
            "verification": {"type": "hosted"}, "badge": at("c")}),
        json!({"type": "BadgeClass", "id": at("c"), "name": name, "description": "Doet iets goed.", "image": at("c.png"),
            "criteria": {"narrative": "Deed iets goed."}, "issuer": at("i")}),
        json!({"type": "Profile", "id": at("i"), "name": "Stad", "url": at(""), "email": "stad@stad.example"}),
    ];
    for mut document in documents {
        document["@context"] = json!("https://w3id.org/openbadges/v2");
        home.net.invents(document["id"].as_str().expect("an id"), "application/json", document.to_string());
    }
    at("a/1")
}

#[tokio::test]
async fn a_badge_says_in_vain_that_it_is_of_the_city_and_what_the_city_serves_is() {
    let city = city([]).await;
    let (_home, wallet) = signed_in(&city).await;
    let (name, page) = gained(&wallet, &city).await;
    let number = page.rsplit('/').next().expect("a number");
    let id = format!("{}/ob3/credentials/{number}", city.url);
    keep(&wallet, &Signed { id: Some(&id), name: &name, ..Signed::default() }.jwt()).await;
    assert_eq!(kept(&wallet).await, [false], "anybody can write that id");
    keep(&wallet, &id).await;
    assert_eq!(kept(&wallet).await, [true]);
}

#[tokio::test]
async fn a_given_badge_that_lives_elsewhere_is_known_by_its_name_where_only_one_code_gave_such_a_badge() {
    let city = city([]).await;
    let (home, wallet) = signed_in(&city).await;
    let (name, _) = gained(&wallet, &city).await;
    keep(&wallet, &hosted(&home, "https://anders.example", "Iets anders")).await;
    assert_eq!(kept(&wallet).await, [false], "of another name");
    keep(&wallet, &hosted(&home, "https://badges.example", &name)).await;
    assert_eq!(kept(&wallet).await, [true]);
    let (home, wallet) = signed_in(&city).await;
    for _ in 0..2 {
        gained(&wallet, &city).await;
    }
    keep(&wallet, &hosted(&home, "https://badges.example", &name)).await;
    assert_eq!(kept(&wallet).await, [false, false], "of two, nobody can say which");
}

#[tokio::test]
async fn a_badge_of_one_city_is_not_what_a_code_of_another_gave() {
    let (one, two) = (city([]).await, city([]).await);
    let home = Home::new(&[&one, &two]);
    let wallet = home.begun().await;
    add(&wallet, &one).await;
    add(&wallet, &two).await;
    sign_in::switch_on(&wallet).await;
    wallet.sign_in(one.url.clone(), sign_in::NOOR.0.to_owned(), sign_in::NOOR.1.to_owned()).await.expect("signed in");
    gained(&wallet, &one).await;
    let number = earned(&two, sign_in::NOOR, "b4nd1a").await;
    keep(&wallet, &format!("{}/badges/{number}", two.url)).await;
    assert_eq!(kept(&wallet).await, [false]);
}

#[tokio::test]
async fn a_badge_that_the_city_does_not_name_is_not_told_to_be_here() {
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let given = json!({"__typename": "ResolveCodeBadgeGained", "badge": null});
    let session = json!({"success": true, "token": "t0k3n"});
    // Whatever it is asked.
    let answer = json!({
        "data": {"site": {"id": 1}, "projects": {"total": 0, "list": []}, "passwordAuthorize": session, "resolveCode": given},
        "errors": [{"message": "Internal server error", "path": ["resolveCode", "badge"]}],
    });
    home.net.invents("https://stad.example/api/graphql", "application/json", answer.to_string());
    wallet.add_city("https://stad.example".to_owned()).await.expect("a city");
    sign_in::switch_on(&wallet).await;
    wallet
        .sign_in("https://stad.example".to_owned(), "noor@voorbeeld.example".to_owned(), "x".to_owned())
        .await
        .expect("signed in");
    let claimed = wallet.claim_code("https://stad.example".to_owned(), "b4nd1a".to_owned()).await.expect("a claim");
    let unnamed = ClaimOutcome::Gained { name: String::new(), now: None, url: None, kept: false };
    assert_eq!((claimed.state, claimed.outcome), (ClaimState::Done, Some(unnamed)));
    // The badge of this site that comes in then is the one.
    keep(&wallet, &hosted(&home, "https://stad.example", "Barista")).await;
    let named = ClaimOutcome::Gained { name: "Barista".to_owned(), now: None, url: None, kept: true };
    assert_eq!(only(wallet.claims().await.expect("claims")).outcome, Some(named));
}

#[tokio::test]
async fn a_code_that_was_sent_and_not_heard_of_is_not_sent_again_by_the_app() {
    let city = city([]).await;
    let (mut home, wallet) = signed_in(&city).await;
    home.net.cut_after(0);
    let waiting = claim(&wallet, &city, "b4nd1a").await;
    assert_eq!(waiting.state, ClaimState::Queued);
    home.net.comes_back();
    home.net.asked();
    *held(&home.net.delay) = Duration::from_secs(5);
    // The app is closed on it.
    let underway = tokio::select! {
        answer = claim(&wallet, &city, "b4nd1a") => panic!("{answer:?}"),
        underway = async {
            underway(&home).await;
            only(wallet.claims().await.expect("claims"))
        } => underway,
    };
    assert_eq!((underway.id.as_str(), underway.state), (waiting.id.as_str(), ClaimState::Queued), "on its way it did not fail");
    assert_eq!(home.net.operations(), ["ColClaim"]);
    *held(&home.net.delay) = Duration::ZERO;
    let wallet = home.later(wallet, 1).await;
    let left = only(wallet.retry_claims().await.expect("claims"));
    assert_eq!((left.state, left.outcome, left.problem), (ClaimState::Failed, None, Some(ErrorCode::Unreachable)));
    assert_eq!(home.net.operations().len(), 0);
    assert_eq!(claim(&wallet, &city, "b4nd1a").await.state, ClaimState::Done, "the learner may");
}

#[tokio::test]
async fn a_city_that_takes_no_codes_is_not_added_for_one() {
    let home = Home::new(&[]);
    let document = json!({"version": 1, "name": "Stad", "interfaces": [{"type": "activity-feed", "url": "/feed.json"}]});
    let wallet = home.begun().await;
    home.net.cut_after(0);
    let waiting = wallet.claim_code("https://stad.example".to_owned(), "b4nd1a".to_owned()).await.expect("it waits");
    assert_eq!(waiting.state, ClaimState::Queued);
    home.net.comes_back();
    home.net.invents("https://stad.example/.well-known/cities-of-learning", "application/json", document.to_string());
    let failed = only(wallet.retry_claims().await.expect("claims"));
    assert_eq!((failed.state, failed.outcome, failed.problem), (ClaimState::Failed, None, Some(ErrorCode::NotAllowed)));
    assert_eq!(code(wallet.claim_code("https://stad.example".to_owned(), "b4nd1a".to_owned()).await), ErrorCode::NotAllowed);
    assert_eq!(wallet.cities().await.expect("cities").chosen, []);
}

#[tokio::test]
async fn a_code_that_failed_before_waits_as_any_other() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    home.net.cut_after(0);
    let gone = claim(&wallet, &city, "b4nd1a").await;
    wallet.remove_city(city.url.clone()).await.expect("removed");
    assert_eq!(only(wallet.claims().await.expect("claims")).problem, Some(ErrorCode::NotFound));
    let again = claim(&wallet, &city, "b4nd1a").await;
    assert_eq!((again.id, again.state, again.problem), (gone.id, ClaimState::Queued, None));
    assert_eq!(again.outcome, Some(ClaimOutcome::Queued));
    home.net.comes_back();
    assert_eq!(only(wallet.retry_claims().await.expect("claims")).state, ClaimState::Browser);
}

#[tokio::test]
async fn a_code_of_a_city_that_is_down_says_so_and_holds_up_no_other() {
    let (down, other) = (city([]).await, city([]).await);
    let home = Home::new(&[&down, &other]);
    let wallet = home.begun().await;
    add(&wallet, &other).await;
    home.net.cut_after(0);
    claim(&wallet, &down, "b4nd1a").await;
    home.net.comes_back();
    down.set_mode([Mode::Cut]);
    let mut events = wallet.events();
    for told in [true, false] {
        let waits = only(wallet.retry_claims().await.expect("claims"));
        assert_eq!((waits.state, waits.problem), (ClaimState::Queued, Some(ErrorCode::Unreachable)));
        let mut events = std::iter::from_fn(|| events.try_recv().ok());
        assert_eq!(events.any(|event| event == WalletEvent::ClaimsChanged), told);
    }
    down.set_mode([Mode::Slow]);
    home.net.asked();
    let round = tokio::spawn({
        let wallet = wallet.clone();
        async move { wallet.retry_claims().await }
    });
    asked(&home, |sent| sent.url.starts_with(&down.url)).await;
    assert_eq!(claim(&wallet, &other, "b4nd1a").await.state, ClaimState::Browser);
    assert!(!round.is_finished(), "nobody waited for it");
    round.await.expect("a round").expect("claims");
}

/// Until a code is on its way.
async fn underway(home: &Home) {
    asked(home, |sent| sent.operation() == Some("ColClaim")).await;
}

/// Until something like this was asked.
async fn asked(home: &Home, like: impl Fn(&Sent) -> bool) {
    for _ in 0..1_000 {
        if held(&home.net.asked).iter().any(&like) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody asked");
}

#[tokio::test]
async fn a_code_that_waited_waits_on_through_a_hiccup_and_what_was_forgotten_stays_so() {
    let city = city([]).await;
    let (home, wallet) = signed_in(&city).await;
    home.net.cut_after(0);
    for code in ["b4nd1a", "w1jk10"] {
        claim(&wallet, &city, code).await;
    }
    home.net.comes_back();
    for (mode, problem) in
        [(Mode::TooMany, ErrorCode::CityBusy), (Mode::Broken, ErrorCode::CityOdd), (Mode::Cut, ErrorCode::Unreachable)]
    {
        city.set_mode([mode]);
        for claim in wallet.retry_claims().await.expect("claims") {
            assert_eq!((claim.state, claim.problem), (ClaimState::Queued, Some(problem)), "{}", claim.code);
        }
    }
    city.set_mode([]);
    *held(&home.net.delay) = Duration::from_millis(300);
    home.net.asked();
    let ids: Vec<String> = wallet.claims().await.expect("claims").into_iter().map(|claim| claim.id).collect();
    let (left, ()) = tokio::join!(wallet.retry_claims(), async {
        underway(&home).await;
        for id in ids {
            wallet.forget_claim(id).await.expect("forgotten");
        }
    });
    assert_eq!(left.expect("claims"), [], "neither comes back");
    assert_eq!(home.net.operations(), ["ColClaim"], "the second was not sent after it was forgotten");
}
