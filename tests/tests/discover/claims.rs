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
    let ClaimOutcome::Gained { name, now, url } = outcome("b4nd1a").await else { panic!("no badge") };
    assert_eq!((name.as_str(), now), ("Fietsmaker: je eerste band geplakt", true));
    let url = url.expect("a page of the badge");
    assert!(url.starts_with(&format!("{}/badges/", city.url)));
    let (_, badge) = previewed(inspect(&wallet, &url).await);
    assert_eq!(badge.badge.name, name, "and from there it comes in");
    let ClaimOutcome::Gained { now, .. } = outcome("b4nd1a").await else { panic!("no badge") };
    assert!(!now, "it was given before");
    let ClaimOutcome::More { name, url } = outcome("taal02").await else { panic!("no evidence") };
    assert_eq!((name.as_str(), url), ("Taalmaatje", Some(format!("{}/classes/81002", city.url))));
    let ClaimOutcome::More { name, .. } = outcome("tafel2").await else { panic!("no badges first") };
    assert_eq!(name, "Meubelmaker, stap 2");
    let ClaimOutcome::JoinedActivity { name, url } = outcome("w1jk10").await else { panic!("not joined") };
    assert_eq!((name.as_str(), url), ("Wijkvernieuwer: leren in je eigen straat", Some(format!("{}/activities/31010", city.url))));
    let joined = outcome("3f2504e0-4f89-41d3-9a0c-0305e82c3301").await;
    assert_eq!(joined, ClaimOutcome::JoinedOrganisation { name: "Leerwerkplaats Domstad (fictief)".to_owned() });
    assert_eq!(outcome("n1etgo3d").await, ClaimOutcome::Unknown);
    assert_eq!(wallet.claims().await.expect("claims").len(), 7);
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
        assert!(matches!(done.outcome, Some(ClaimOutcome::Gained { now: true, .. })), "{done:?}");
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
    let Some(ClaimOutcome::Gained { url: Some(page), .. }) = claim(&wallet, &city, "b4nd1a").await.outcome else {
        panic!("no page")
    };
    keep(&wallet, &page).await;
    let Some(ClaimOutcome::Gained { url, .. }) = only(wallet.claims().await.expect("claims")).outcome else { panic!("no badge") };
    assert_eq!(url, None, "it is here");
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
        tokio::time::sleep(Duration::from_millis(100)).await;
        for id in ids {
            wallet.forget_claim(id).await.expect("forgotten");
        }
    });
    assert_eq!(left.expect("claims"), [], "neither comes back");
    assert_eq!(home.net.operations(), ["ColClaim"], "the second was not sent after it was forgotten");
}
