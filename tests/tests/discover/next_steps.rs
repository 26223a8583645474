//! What fits the learner, worked out on this device; and that nothing about the learner leaves it.

use super::*;

fn because<'a>(steps: &'a [Suggestion], why: &str) -> Vec<&'a str> {
    steps.iter().filter(|step| step.because == why).map(|step| step.activity.title.as_str()).collect()
}

#[tokio::test]
async fn without_badges_nothing_is_suggested() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    assert_eq!(wallet.suggestions().await.expect("next steps"), []);
    assert_eq!(home.net.asked().len(), 0);
}

#[tokio::test]
async fn every_kind_of_next_step_has_its_reason() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    keep(&wallet, &Signed { skills: &["Koffie bereiden"], ..Signed::default() }.jwt()).await;
    let steps = wallet.suggestions().await.expect("next steps");
    assert_eq!(because(&steps, "begun"), ["Aan het werk in de horeca"]);
    assert_eq!(because(&steps, "prerequisites"), ["Latte art voor beginners"]);
    assert!(because(&steps, "shared_skill").contains(&"Koffie proeven uit vier landen"), "{steps:?}");
    let each: std::collections::BTreeSet<&str> = steps.iter().map(|step| step.activity.id.as_str()).collect();
    assert_eq!(each.len(), steps.len(), "each once");
    for step in &steps {
        assert!(!step.reason.is_empty() && !step.reason.contains('{') && !step.reason.contains("because_"), "{}", step.reason);
        assert_ne!(step.activity.title, "Barista worden in zes lessen", "what is had is no next step");
    }
    let first = &steps[0];
    assert!(first.reason.contains('1') && first.reason.contains('4'), "{}", first.reason);
    let shared = steps.iter().find(|step| step.activity.title == "Koffie proeven uit vier landen").expect("a step");
    assert!(shared.reason.contains("Barista") && shared.reason.to_lowercase().contains("koffie bereiden"), "{}", shared.reason);
}

#[tokio::test]
async fn a_skill_that_often_goes_with_one_of_the_learners_is_near() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    // Two that have the learner's skill ask for guests to be received too, and so does the barista.
    keep(&wallet, &Signed { name: "Buur", skills: &["Omgaan  met verschillen"], ..Signed::default() }.jwt()).await;
    let steps = wallet.suggestions().await.expect("next steps");
    assert!(because(&steps, "shared_skill").contains(&"Wandel met een nieuwe buur"), "{steps:?}");
    let near = because(&steps, "related_skill");
    assert!(near.contains(&"Barista worden in zes lessen"), "{near:?}");
    let step = steps.iter().find(|step| step.because == "related_skill").expect("a step");
    assert!(
        step.reason.contains("gasten ontvangen") && step.reason.to_lowercase().contains("omgaan met verschillen"),
        "{}",
        step.reason
    );
}

#[tokio::test]
async fn a_badge_that_names_no_skills_has_those_of_what_gives_it() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    // As the platform gives them: skills are the activity's.
    keep(&wallet, &Signed { class: &format!("{}/ob2/badges/81101", city.url), ..Signed::default() }.jwt()).await;
    let steps = wallet.suggestions().await.expect("next steps");
    assert!(because(&steps, "shared_skill").contains(&"Koffie proeven uit vier landen"), "{steps:?}");
    let shared = steps.iter().find(|step| step.activity.title == "Koffie proeven uit vier landen").expect("a step");
    assert!(shared.reason.contains("Barista") && shared.reason.contains("koffie bereiden"), "{}", shared.reason);
    assert!(!steps.iter().any(|step| step.activity.title == "Barista worden in zes lessen"), "it is had");
    // What gave it may be over.
    let (_home, wallet) = with(&[&city]).await;
    keep(&wallet, &Signed { name: "Schetsboek", issuer: "Bibliotheek Oog in Al (fictief)", ..Signed::default() }.jwt()).await;
    let steps = wallet.suggestions().await.expect("next steps");
    assert!(because(&steps, "shared_skill").contains(&"Muurschildering op de Kanaalstraat"), "{steps:?}");
}

#[tokio::test]
async fn a_badge_that_asks_for_two_is_a_next_step_when_both_are_there() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let class = |number: u32| format!("{}/ob2/badges/{number}", city.url);
    let table = "Een tafel met verbindingen";
    keep(&wallet, &Signed { name: "Krukje", class: &class(81_110), ..Signed::default() }.jwt()).await;
    let steps = wallet.suggestions().await.expect("next steps");
    assert!(!because(&steps, "prerequisites").contains(&table), "one of two");
    keep(&wallet, &Signed { name: "Zaag", class: &class(81_222), ..Signed::default() }.jwt()).await;
    let steps = wallet.suggestions().await.expect("next steps");
    assert!(because(&steps, "prerequisites").contains(&table));
}

#[tokio::test]
async fn what_is_over_is_no_next_step() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    keep(&wallet, &Signed { name: "Tekenaar", skills: &["tekenen"], ..Signed::default() }.jwt()).await;
    let steps = wallet.suggestions().await.expect("next steps");
    let found = because(&steps, "shared_skill");
    assert!(found.contains(&"Muurschildering op de Kanaalstraat") && !found.contains(&"Tekenen in het park"), "{found:?}");
    let wallet = home.later(wallet, 24 * 60).await;
    let steps = wallet.suggestions().await.expect("next steps");
    assert!(!because(&steps, "shared_skill").contains(&"Muurschildering op de Kanaalstraat"));
}

#[tokio::test]
async fn nothing_about_the_learner_leaves_the_device() {
    let city = city([]).await;
    let other = city_two().await;
    let home = Home::new(&[]);
    home.net.shows_pictures();
    let wallet = home.begun().await;
    let badge =
        Signed { name: "Geheimschrijver", issuer: "Werkplaats Verborgen", skills: &["koffie bereiden"], ..Signed::default() };
    keep(&wallet, &badge.jwt()).await;
    keep(&wallet, &Signed { class: &format!("{}/ob2/badges/81101", city.url), ..Signed::default() }.jwt()).await;
    wallet.add_identity("noor.geheim@voorbeeld.example".to_owned()).await.expect("an address");
    home.net.asked();
    add(&wallet, &city).await;
    add(&wallet, &other).await;
    let _events = wallet.events();
    let query = ActivityQuery {
        search: Some("zoekwoord".to_owned()),
        near: Some(Near { lat: 52.123_456, lng: 5.654_321, km: 7.0 }),
        categories: vec!["crafts and making".to_owned()],
        ..ActivityQuery::default()
    };
    wallet.activities(query.clone()).await.expect("a page");
    wallet.activity_map(query).await.expect("a map");
    wallet.suggestions().await.expect("next steps");
    wallet.plan_activity(at(&city, 31_001), true).await.expect("planned");
    wallet.tick_part(at(&city, 31_011), "31101".to_owned(), Some(true)).await.expect("ticked");
    for number in [31_001, 31_011, 31_101] {
        detail(&wallet, &at(&city, number)).await;
        wallet.activity_calendar(at(&city, number)).await.ok();
    }
    refresh(&wallet, &city).await;
    // What the wallet handed to the network, and what the cities saw.
    let sent = std::mem::take(&mut *held(&home.net.asked));
    let seen: Vec<wallet_tests::city::Request> = city.asked().into_iter().chain(other.asked()).collect();
    assert!(sent.len() > 10 && seen.len() > 10);
    let about_me = [
        "geheim",
        "verborgen",
        "noor",
        "voorbeeld.example",
        "zoekwoord",
        "52.12",
        "5.65",
        "crafts",
        "barista",
        "81101",
        "31244",
        "badgewallet/0",
        "did:",
        "cookie",
    ];
    let told = sent.iter().map(Sent::all).chain(seen.iter().map(|request| serde_json::to_string(request).expect("JSON")));
    for told in told {
        // The number of the badge's class is in the address of its picture, which is everybody's.
        let told = told.replace("4a4a-9b9b-000000081101", "").to_lowercase();
        for word in about_me {
            assert!(!told.contains(word), "{word} in {told}");
        }
    }
    let headers =
        |request: &wallet_tests::city::Request| request.headers.keys().cloned().collect::<std::collections::BTreeSet<_>>();
    let all: std::collections::BTreeSet<String> = seen.iter().flat_map(headers).collect();
    let known = ["accept", "accept-encoding", "content-length", "content-type", "host", "user-agent", "x-lang"];
    assert!(all.iter().all(|name| known.contains(&name.as_str())), "{all:?}");
    assert!(seen.iter().all(|request| !request.authorised));
    // Two learners ask the same: the order of pages aside, nothing differs.
    let asks = |requests: &[wallet_tests::city::Request]| {
        requests.iter().filter_map(|r| r.query.clone()).collect::<std::collections::BTreeSet<String>>()
    };
    let somebody = city_two().await;
    let (_home, _wallet) = with(&[&somebody]).await;
    assert!(asks(&somebody.asked()).is_subset(&asks(&other.asked())));
}

async fn city_two() -> City {
    city([]).await
}
