//! Addresses that are pasted, scanned or opened: an activity, a city, or an ordinary page.

use super::*;

#[tokio::test]
async fn an_activity_of_a_known_city_is_shown() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    for path in [
        "activities/31001",
        "nl/activities/31001",
        "playlists/31001",
        "events/31001?utm=x",
        "activities/31010/part/31001",
        "nl/activities/31010?part=31001",
    ] {
        let Incoming::Activity { id } = inspect(&wallet, &format!("{}/{path}", city.url)).await else { panic!("{path}") };
        assert_eq!(id, at(&city, 31_001), "{path}");
    }
    assert!(detail(&wallet, &at(&city, 31_001)).await.whole);
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 78);
}

#[tokio::test]
async fn the_address_of_a_chosen_city_is_that_city_and_its_other_pages_are_pages() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let Incoming::City { address, .. } = inspect(&wallet, &city.url).await else { panic!("no city") };
    assert_eq!(address, city.url);
    let Incoming::Page { .. } = inspect(&wallet, &format!("{}/organisers/7001", city.url)).await else { panic!("no page") };
}

#[tokio::test]
async fn an_activity_of_an_unknown_city_is_in_no_list_until_it_is_planned() {
    let city = city([]).await;
    let mut home = Home::new(&[&city]);
    let wallet = home.begun().await;
    let Incoming::Activity { id } = inspect(&wallet, &format!("{}/activities/31001", city.url)).await else {
        panic!("no activity")
    };
    assert_eq!(wallet.cities().await.expect("cities").chosen, [], "looking adds no city");
    let all = async |planned| wallet.activities(ActivityQuery { planned, ..ActivityQuery::default() }).await.expect("a page");
    assert_eq!((all(false).await.all, all(false).await.total), (0, 0));
    let shown = wallet.activity(id.clone(), Freshness::Stored).await.expect("an activity");
    assert_eq!(shown.card.title, "Fiets repareren in de bieb");
    wallet.plan_activity(id.clone(), true).await.expect("planned");
    assert_eq!((all(false).await.total, all(true).await.total), (1, 1));
    let again = wallet.activity(id.clone(), Freshness::Now).await.expect("an activity");
    assert_eq!((again.problem, again.card.planned), (None, true));
    // A plan stays; what was only looked at is forgotten after a day.
    let wallet = home.later(wallet, 48).await;
    wallet.activity(id.clone(), Freshness::Stored).await.expect("a plan");
    wallet.plan_activity(id.clone(), false).await.expect("not planned");
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").total, 0);
    let wallet = home.later(wallet, 24).await;
    assert_eq!(code(wallet.activity(id, Freshness::Stored).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_page_that_says_what_it_is_about_is_an_activity() {
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let linked = r#"<!doctype html><html lang="nl"><head><title>x</title><script type="application/ld+json">
        {"@context": "https://schema.org", "@type": "EducationEvent", "name": "Figuurzagen", "startDate": "2026-12-05T13:00:00+01:00",
         "endDate": "2026-12-05T15:00:00+01:00", "location": {"@type": "Place", "name": "De Zaag", "address": "Neude 1, Utrecht",
         "geo": {"@type": "GeoCoordinates", "latitude": 52.09, "longitude": 5.11}},
         "organizer": {"@type": "Organization", "name": "Zaagclub (fictief)", "url": "javascript:alert(1)"}}
        </script></head><body>Hoi</body></html>"#;
    let address = "https://zaagclub.example/agenda/figuurzagen?maand=12";
    home.net.invents(address, "text/html", linked);
    let Incoming::Activity { id } = inspect(&wallet, address).await else { panic!("no activity") };
    let detail = wallet.activity(id.clone(), Freshness::Stored).await.expect("an activity");
    assert_eq!((detail.card.title.as_str(), detail.card.start.as_deref()), ("Figuurzagen", Some("2026-12-05T12:00:00Z")));
    assert_eq!(detail.card.organiser.as_deref(), Some("Zaagclub (fictief)"));
    assert!(detail.card.place.is_some() && detail.organiser.is_some_and(|o| o.links.is_empty()));
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 0);
    wallet.plan_activity(id.clone(), true).await.expect("planned");
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 1);
    let again = wallet.activity(id.clone(), Freshness::Now).await.expect("an activity");
    assert_eq!(again.problem, None);
    home.net.cut_after(0);
    let offline = wallet.activity(id, Freshness::Now).await.expect("an activity");
    assert_eq!((offline.problem, offline.card), (Some(ErrorCode::NotFound).filter(|_| false).or(offline.problem), again.card));
    assert!(offline.problem.is_some());
}

#[tokio::test]
async fn an_activity_page_of_a_city_that_answers_no_questions_is_read_from_its_page() {
    let city = city([Mode::JsonLd, Mode::Broken]).await;
    let home = Home::new(&[&city]);
    let wallet = home.begun().await;
    // Its page is read as any other; only as a local city may it be http.
    let Incoming::Page { .. } = inspect(&wallet, &format!("{}/organisers/7001", city.url)).await else { panic!("no page") };
    let Incoming::Activity { id } = inspect(&wallet, &format!("{}/activities/31001", city.url)).await else {
        panic!("no activity")
    };
    let detail = wallet.activity(id, Freshness::Stored).await.expect("an activity");
    assert_eq!(detail.card.title, "Fiets repareren in de bieb");
    assert!(detail.card.start.is_some(), "JSON-LD has its date");
}

#[tokio::test]
async fn a_city_is_offered_and_an_ordinary_page_stays_one() {
    let city = city([]).await;
    let home = Home::new(&[&city]);
    let wallet = home.begun().await;
    let Incoming::City { address, name, host: shown } = inspect(&wallet, &city.url).await else { panic!("no city") };
    assert_eq!((address.as_str(), name.as_str(), shown.as_str()), (city.url.as_str(), wallet_tests::city::NAME, host(&city)));
    assert_eq!(wallet.cities().await.expect("cities").chosen, [], "offering adds nothing");
    home.net.invents("https://bakker.example/brood", "text/html", "<!doctype html><title>Brood</title><h1>Brood</h1>");
    home.net.invents("https://bakker.example/", "text/html", "<!doctype html><title>Bakker</title>");
    for address in ["https://bakker.example/brood", "https://bakker.example/", "https://bakker.example/activities/1"] {
        let Incoming::Page { .. } = inspect(&wallet, address).await else { panic!("{address}") };
    }
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 0);
}

#[tokio::test]
async fn a_city_that_does_not_know_an_activity_is_asked_once_what_it_speaks() {
    let city = city([]).await;
    let home = Home::new(&[&city]);
    let wallet = home.begun().await;
    let Incoming::City { address, .. } = inspect(&wallet, &format!("{}/activities/99999", city.url)).await else {
        panic!("no city")
    };
    assert_eq!(address, city.url);
    assert_eq!(home.net.asked().iter().filter(|sent| sent.url.contains(".well-known")).count(), 1);
}

#[tokio::test]
async fn what_was_looked_at_before_its_city_was_added_is_in_the_list_after() {
    for planned in [false, true] {
        let home = Home::new(&[]);
        let feed = cities::feed_city(&home.net);
        let wallet = home.begun().await;
        let Incoming::Activity { id } = inspect(&wallet, &format!("{feed}/activities/31001")).await else { panic!("no activity") };
        wallet.plan_activity(id.clone(), planned).await.expect("planned or not");
        wallet.add_city(feed.to_owned()).await.expect("a city");
        let read = settled(&wallet, feed).await;
        let list = all(&wallet, ActivityQuery::default()).await;
        assert!(ids(&list).contains(&id.as_str()), "planned: {planned}");
        assert_eq!(list.len() as u32, read.activities + read.playlists);
    }
}

#[tokio::test]
async fn what_a_link_led_to_is_asked_of_its_own_site_alone() {
    let home = Home::new(&[]);
    home.net.shows_pictures();
    let wallet = home.begun().await;
    home.net.invents("https://zaagclub.example/zaag.png", "image/png", png());
    home.net.invents("https://volger.example/spoor.png", "image/png", png());
    for (path, picture) in [("eigen", "/zaag.png"), ("vreemd", "https://volger.example/spoor.png")] {
        let address = format!("https://zaagclub.example/agenda/{path}");
        let page = format!(
            r#"<script type="application/ld+json">{{"@type": "Event", "name": "Figuurzagen", "image": "{picture}",
            "startDate": "2026-12-05T13:00:00+01:00"}}</script>"#
        );
        home.net.invents(&address, "text/html", page);
        let Incoming::Activity { id } = inspect(&wallet, &address).await else { panic!("no activity") };
        detail(&wallet, &id).await;
        if path == "eigen" {
            in_time(&wallet, &id, |detail| detail.cover.is_some()).await;
        } else {
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert_eq!(wallet.activity(id, Freshness::Stored).await.expect("an activity").cover, None);
        }
    }
    let sent = std::mem::take(&mut *held(&home.net.asked));
    assert!(sent.iter().any(|sent| sent.url.ends_with("/zaag.png")));
    assert!(!sent.iter().any(|sent| sent.url.contains("volger.example")), "nobody said yes to another host");
}

#[tokio::test]
async fn what_a_link_led_to_is_not_read_where_its_city_says_that_it_lives() {
    let city = city([Mode::Federate("https://elders.example".to_owned())]).await;
    let home = Home::new(&[&city]);
    let wallet = home.begun().await;
    let Incoming::Activity { id } = inspect(&wallet, &format!("{}/activities/31001", city.url)).await else {
        panic!("no activity")
    };
    let page = wallet.activity(id.clone(), Freshness::Stored).await.expect("an activity").page;
    assert!(page.is_some_and(|page| page.starts_with("https://elders.example/")));
    home.net.asked();
    detail(&wallet, &id).await;
    let sent = home.net.asked();
    assert!(!sent.is_empty() && sent.iter().all(|sent| sent.url.starts_with(&city.url)), "{sent:?}");
}
