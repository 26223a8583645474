//! How far the learner is: by the badges in the wallet, and by the learner's own ticks.

use super::*;

/// *Aan het werk in de horeca*: Barista (mandatory), social hygiene (mandatory), latte art, presenting oneself (mandatory).
const HORECA: u32 = 31_011;

async fn progress(wallet: &Wallet, id: &str) -> Option<(u32, u32, bool)> {
    card(wallet, id).await.progress.map(|progress| (progress.done, progress.total, progress.complete))
}

async fn next(wallet: &Wallet, id: &str) -> String {
    card(wallet, id).await.progress.and_then(|progress| progress.next).expect("a next part").title
}

async fn part(wallet: &Wallet, id: &str, number: &str) -> PartView {
    let detail = wallet.activity(id.to_owned(), Freshness::Stored).await.expect("a playlist");
    detail.parts.into_iter().find(|part| part.part == number).expect("a part")
}

#[tokio::test]
async fn a_badge_of_the_same_class_counts_as_held() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = at(&city, HORECA);
    assert_eq!(progress(&wallet, &id).await, None, "not begun");
    // The class has the number of the city's own badge class, at the city.
    let class = format!("{}/ob2/badges/81101", city.url);
    let badge =
        keep(&wallet, &Signed { name: "Iets anders", issuer: "Iemand anders", class: &class, ..Signed::default() }.jwt()).await;
    assert_eq!(progress(&wallet, &id).await, Some((1, 4, false)));
    assert_eq!(part(&wallet, &id, "31101").await.held, Held::Yes { badge: badge.clone() });
    let barista = detail(&wallet, &at(&city, 31_101)).await;
    assert_eq!(barista.badges[0].held, Held::Yes { badge: badge.clone() });
    let art = detail(&wallet, &at(&city, 31_201)).await;
    assert_eq!(art.badges[0].requires[0].held, Held::Yes { badge }, "and as what comes first");
    assert_eq!(art.badges[0].held, Held::No);
}

#[tokio::test]
async fn a_part_says_when_it_ends_and_that_it_is_over_as_its_card_does() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let wallet = home.later(wallet, 24 * 8).await;
    let mut over = Vec::new();
    for part in detail(&wallet, &at(&city, HORECA)).await.parts {
        let card = card(&wallet, &part.id.expect("it is here")).await;
        assert_eq!((part.start, part.end, part.past, &part.language), (card.start, card.end, card.past, &card.language));
        assert_eq!(part.language.as_deref(), Some("nl"));
        over.push(part.past);
    }
    assert!(over.contains(&true) && over.contains(&false), "{over:?}");
}

#[tokio::test]
async fn a_part_that_is_not_here_has_its_date_and_is_done_by_its_badge() {
    let (city, other) = (city([]).await, city([]).await);
    let home = Home::new(&[&city, &other]);
    let wallet = home.begun().await;
    add(&wallet, &city).await;
    // It lives at a city that is not the learner's.
    let radio = async || part(&wallet, &at(&city, 31_017), "32001").await;
    let before = radio().await;
    assert_eq!((before.id, before.held, before.done), (None, Held::No, false));
    assert_eq!(before.start.as_deref(), Some("2026-12-20T12:00:00Z"));
    assert_eq!(before.time_zone.as_deref(), Some("Europe/Amsterdam"));
    keep(&wallet, &Signed { name: "Radiomaker", issuer: "Een ander", ..Signed::default() }.jwt()).await;
    assert_eq!(progress(&wallet, &at(&city, 31_017)).await, None);
    let class = "https://demostad-rotterdam.example/ob2/badges/82001";
    let badge = keep(&wallet, &Signed { name: "Radio", class, ..Signed::default() }.jwt()).await;
    assert_eq!(radio().await.held, Held::Yes { badge });
    assert_eq!(progress(&wallet, &at(&city, 31_017)).await, Some((1, 4, false)));

    // A playlist that a link led to, in such a city: none of its parts is here.
    let address = format!("{}/activities/{HORECA}", other.url);
    let Incoming::Activity { id } = inspect(&wallet, &address).await else { panic!("no activity") };
    let badge = keep(&wallet, &Signed::default().jwt()).await;
    let barista = part(&wallet, &id, "31101").await;
    assert_eq!((barista.id, barista.held, barista.done), (None, Held::Alike { badge }, true));
    assert!(barista.start.is_some());
    assert_eq!(next(&wallet, &id).await, "Jezelf voorstellen in één minuut", "the soonest");
}

#[tokio::test]
async fn a_class_with_the_same_number_at_another_host_is_another_badge() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    for class in ["https://elders.example/ob2/badges/81101", "urn:81101", "https://elders.example/81101.json"] {
        keep(&wallet, &Signed { name: "Iets anders", issuer: "Iemand anders", class, ..Signed::default() }.jwt()).await;
    }
    assert_eq!(progress(&wallet, &at(&city, HORECA)).await, None);
}

#[tokio::test]
async fn a_badge_of_the_same_name_from_the_same_issuer_is_alike_and_of_another_issuer_is_not() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = at(&city, HORECA);
    keep(&wallet, &Signed { issuer: "Een ander", ..Signed::default() }.jwt()).await;
    assert_eq!(progress(&wallet, &id).await, None);
    let written = Signed { name: "  BARISTA ", issuer: "koffieschool  domstad (FICTIEF)", ..Signed::default() };
    let badge = keep(&wallet, &written.jwt()).await;
    assert_eq!(progress(&wallet, &id).await, Some((1, 4, false)));
    assert_eq!(part(&wallet, &id, "31101").await.held, Held::Alike { badge });
}

#[tokio::test]
async fn a_badge_that_does_not_add_up_counts_for_nothing_and_a_removed_one_no_longer_does() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = at(&city, HORECA);
    let broken = Signed { broken: true, ..Signed::default() }.jwt();
    let (preview, badge) = previewed(inspect(&wallet, &broken).await);
    assert_eq!(badge.verification.verdict, Verdict::Invalid);
    wallet.save(preview, vec![0]).await.expect("kept");
    assert_eq!(progress(&wallet, &id).await, None);
    assert_eq!(wallet.suggestions().await.expect("next steps").len(), 0);
    let class = format!("{}/ob2/badges/81101", city.url);
    let good = keep(&wallet, &Signed { name: "Barista goed", class: &class, ..Signed::default() }.jwt()).await;
    assert_eq!(progress(&wallet, &id).await, Some((1, 4, false)));
    wallet.remove_badge(good).await.expect("removed");
    assert_eq!(progress(&wallet, &id).await, None);
}

#[tokio::test]
async fn ticks_are_the_learners_own_and_go_before_what_the_badges_say() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let id = at(&city, HORECA);
    let tick = async |wallet: &Wallet, part: &str, done| wallet.tick_part(id.clone(), part.to_owned(), done).await;
    tick(&wallet, "31201", Some(true)).await.expect("ticked");
    assert_eq!(progress(&wallet, &id).await, Some((1, 4, false)));
    let ticked = part(&wallet, &id, "31201").await;
    assert_eq!((ticked.done, ticked.held, ticked.ticked), (true, Held::No, Some(true)));
    keep(&wallet, &Signed::default().jwt()).await;
    assert_eq!(progress(&wallet, &id).await, Some((2, 4, false)));
    tick(&wallet, "31101", Some(false)).await.expect("unticked");
    let barista = part(&wallet, &id, "31101").await;
    assert!(!barista.done && matches!(barista.held, Held::Alike { .. }), "{barista:?}");
    // A refresh and a restart change nothing about it.
    let wallet = home.later(wallet, 8 * 24).await;
    refresh(&wallet, &city).await;
    assert_eq!(progress(&wallet, &id).await, Some((1, 4, false)));
    tick(&wallet, "31101", None).await.expect("cleared");
    tick(&wallet, "31201", None).await.expect("cleared");
    assert_eq!(progress(&wallet, &id).await, Some((1, 4, false)));
    assert_eq!(code(tick(&wallet, "31999", Some(true)).await), ErrorCode::NotFound);
    assert_eq!(code(wallet.tick_part("1@nergens.example".to_owned(), "1".to_owned(), None).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_playlist_is_complete_when_every_mandatory_part_is_done() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = at(&city, HORECA);
    for (part, done, complete) in [("31101", 1, false), ("31207", 2, false), ("31201", 3, false), ("31244", 4, true)] {
        wallet.tick_part(id.clone(), part.to_owned(), Some(true)).await.expect("ticked");
        assert_eq!(progress(&wallet, &id).await, Some((done, 4, complete)), "{part}");
    }
    wallet.tick_part(id.clone(), "31201".to_owned(), Some(false)).await.expect("unticked");
    assert_eq!(progress(&wallet, &id).await, Some((3, 4, true)), "without what is not mandatory");
    assert!(
        !wallet.suggestions().await.expect("next steps").iter().any(|step| step.activity.id == id),
        "what is complete is no next step"
    );
}

#[tokio::test]
async fn the_next_part_is_the_soonest_and_in_an_ordered_playlist_the_first_that_is_open() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let tick = async |playlist: u32, part: &str| {
        wallet.tick_part(at(&city, playlist), part.to_owned(), Some(true)).await.expect("ticked");
    };
    // Days: Barista 3, hygiene 18, latte art 5, presenting 3 at 10:00.
    tick(HORECA, "31101").await;
    assert_eq!(next(&wallet, &at(&city, HORECA)).await, "Jezelf voorstellen in één minuut");
    tick(HORECA, "31244").await;
    assert_eq!(next(&wallet, &at(&city, HORECA)).await, "Latte art voor beginners");
    // Ordered: repairing (day 9), winter (day 11), the workshop (day 6).
    tick(31_012, "31001").await;
    assert_eq!(next(&wallet, &at(&city, 31_012)).await, "Je fiets klaar voor de winter");
    // What has no date does not stand in the way: gardening is for any time, compost on day 5.
    tick(31_013, "31232").await;
    assert_eq!(next(&wallet, &at(&city, 31_013)).await, "Compost maken van keukenafval");
    for part in ["31231", "31233", "31257"] {
        tick(31_013, part).await;
    }
    assert_eq!(next(&wallet, &at(&city, 31_013)).await, "Een eigen stukje moestuin");
}

#[tokio::test]
async fn the_demo_wallets_badges_are_not_the_learners_own() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let id = at(&city, HORECA);
    wallet.enter_demo().await.expect("the demo");
    assert!(!wallet.cities().await.expect("cities").chosen.iter().any(|chosen| chosen.id == city.url));
    assert_eq!(code(wallet.activity(id.clone(), Freshness::Stored).await), ErrorCode::NotFound);
    wallet.leave_demo().await.expect("out of it");
    assert_eq!(progress(&wallet, &id).await, None);
}

/// A wallet with the demo city as a feed, of which one playlist is different.
async fn with_playlist(number: &str, change: impl Fn(&mut serde_json::Value)) -> (Home, Wallet, String) {
    let home = Home::new(&[]);
    let feed = cities::feed_city(&home.net);
    let address = format!("{feed}/feed/activities.json");
    let mut told: serde_json::Value = serde_json::from_slice(&held(&home.net.invented)[&address].1).expect("a feed");
    let items = told["items"].as_array_mut().expect("items");
    change(items.iter_mut().find(|item| item["id"] == number).expect("the playlist"));
    home.net.invents(&address, "application/json", told.to_string());
    let wallet = home.begun().await;
    wallet.add_city(feed.to_owned()).await.expect("a city");
    assert_eq!(settled(&wallet, feed).await.problem, None);
    (home, wallet, format!("{number}@demostad-utrecht.example"))
}

async fn is_suggested(wallet: &Wallet, id: &str) -> bool {
    wallet.suggestions().await.expect("next steps").iter().any(|step| step.activity.id == id)
}

#[tokio::test]
async fn a_playlist_without_mandatory_parts_is_complete_when_all_of_it_is_done() {
    let (_home, wallet, id) = with_playlist("31010", |playlist| {
        for part in playlist["parts"].as_array_mut().expect("parts") {
            part["mandatory"] = json!(false);
        }
    })
    .await;
    // It has this skill too, which is no reason to do what is done.
    keep(&wallet, &Signed { name: "Plakker", skills: &["fietsen repareren"], ..Signed::default() }.jwt()).await;
    for (part, done, complete) in [("31001", 1, false), ("31003", 2, true)] {
        wallet.tick_part(id.clone(), part.to_owned(), Some(true)).await.expect("ticked");
        assert_eq!(progress(&wallet, &id).await, Some((done, 2, complete)));
        assert_eq!(is_suggested(&wallet, &id).await, !complete);
    }
}

#[tokio::test]
async fn nobody_goes_on_with_what_is_over() {
    let end = "2026-11-25T12:00:00Z";
    let (mut home, wallet, id) = with_playlist("31012", |playlist| playlist["end"] = json!(end)).await;
    wallet.tick_part(id.clone(), "31102".to_owned(), Some(true)).await.expect("ticked");
    assert!(is_suggested(&wallet, &id).await);
    let wallet = home.later(wallet, 72).await;
    assert!(card(&wallet, &id).await.progress.is_some_and(|progress| progress.next.is_some()), "its parts are to come");
    assert!(!is_suggested(&wallet, &id).await);

    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let id = at(&city, 31_012);
    wallet.tick_part(id.clone(), "31102".to_owned(), Some(true)).await.expect("ticked");
    assert_eq!(next(&wallet, &id).await, "Fiets repareren in de bieb");
    let wallet = home.later(wallet, 10 * 24).await;
    assert_eq!(next(&wallet, &id).await, "Je fiets klaar voor de winter", "what is over is not next");
    let wallet = home.later(wallet, 20 * 24).await;
    assert_eq!(card(&wallet, &id).await.progress.map(|progress| progress.next), Some(None));
    assert!(!is_suggested(&wallet, &id).await, "and all that is left is over");
}
