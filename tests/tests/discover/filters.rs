//! Searching and filtering, over a whole demo city.

use super::*;

async fn utrecht() -> (City, Home, Wallet) {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    (city, home, wallet)
}

fn query() -> ActivityQuery {
    ActivityQuery::default()
}

async fn found(wallet: &Wallet, query: ActivityQuery) -> Vec<String> {
    all(wallet, query).await.into_iter().map(|card| card.title).collect()
}

#[tokio::test]
async fn words_are_searched_by_their_beginning_without_case_or_accents() {
    let (_city, home, wallet) = utrecht().await;
    let search = async |text: &str| found(&wallet, ActivityQuery { search: Some(text.to_owned()), ..query() }).await;
    assert!(search("bari").await.contains(&"Barista worden in zes lessen".to_owned()));
    assert_eq!(search("BARISTA zes").await, ["Barista worden in zes lessen"]);
    let cafe = search("taalcafe").await;
    assert_eq!((cafe.len(), cafe[0].as_str()), (1, "Taalcafé: praten met thee erbij"));
    assert_eq!(search("taalcafé").await, cafe);
    assert!(search("hygien").await.contains(&"Sociale hygiëne in de keuken".to_owned()));
    assert!(search("koffieschool").await.len() >= 3, "by organiser");
    assert!(search("zaagbewijs").await.contains(&"Veilig werken met de zaag".to_owned()), "by badge");
    assert!(search("reanimeren").await.len() >= 2, "by skill");
    assert!(search("kanaalstraat").await.contains(&"Muurschildering op de Kanaalstraat".to_owned()));
    assert_eq!(search("xyzzy").await.len(), 0);
    for all in ["", "  ", "\"", "*", "- ^"] {
        assert_eq!(search(all).await.len(), 78, "{all:?}");
    }
    for odd in ["bar\"", "title:bar", "NOT", "a AND", "(bar", "b*r", "NEAR(a b)", "' OR 1=1 --", "\u{0}", "🦀"] {
        search(odd).await;
    }
    assert_eq!(home.net.asked().len(), 0, "what is searched stays here");
}

#[tokio::test]
async fn what_comes_is_by_date_and_what_is_for_any_time_follows() {
    let (_city, _home, wallet) = utrecht().await;
    let list = all(&wallet, query()).await;
    let dated: Vec<&str> = list.iter().map_while(|card| card.start.as_deref().or(card.end.as_deref())).collect();
    assert!(dated.len() > 55 && dated.is_sorted(), "{dated:?}");
    assert!(list[..dated.len()].iter().any(|card| card.start.is_none()), "what only ends is among them");
    assert!(list[dated.len()..].iter().all(|card| card.start.is_none() && card.end.is_none()));
    assert_eq!(list[0].title, "Mijn eerste badge", "today");
    assert!(!titles(&list).contains(&"Opruimdag langs het Merwedekanaal"), "it is over");
}

#[tokio::test]
async fn pages_have_no_gaps_and_nothing_twice() {
    let (city, _home, wallet) = utrecht().await;
    for near in [None, Some(Near { lat: 52.0907, lng: 5.1214, km: 100.0 })] {
        let whole = all(&wallet, ActivityQuery { near, ..query() }).await;
        let mut seen = Vec::new();
        for offset in (0..).step_by(7) {
            let page = wallet.activities(ActivityQuery { near, offset, limit: Some(7), ..query() }).await.expect("a page");
            assert_eq!(page.total as usize, whole.len());
            if page.activities.is_empty() {
                break;
            }
            seen.extend(page.activities);
        }
        assert_eq!(ids(&seen), ids(&whole));
        let each: std::collections::BTreeSet<_> = ids(&seen).into_iter().collect();
        assert_eq!(each.len(), seen.len());
    }
    let more = wallet.activities(ActivityQuery { limit: Some(10_000), ..query() }).await.expect("a page");
    assert_eq!(more.activities.len(), 60, "no page is longer");
    let of_city = all(&wallet, ActivityQuery { city: Some(city.url.clone()), ..query() }).await;
    assert_eq!(of_city.len(), 78);
    assert_eq!(all(&wallet, ActivityQuery { city: Some("https://elders.example".to_owned()), ..query() }).await.len(), 0);
}

#[tokio::test]
async fn a_range_of_dates_holds_what_happens_in_it() {
    let (_city, _home, wallet) = utrecht().await;
    let between = async |from: Option<&str>, to: Option<&str>| {
        let text = |text: Option<&str>| text.map(str::to_owned);
        all(&wallet, ActivityQuery { from: text(from), to: text(to), ..query() }).await
    };
    // The 25th in Amsterdam.
    let day = between(Some("2026-11-24T23:00:00Z"), Some("2026-11-25T23:00:00Z")).await;
    let starts: Vec<&str> = day.iter().filter_map(|card| card.start.as_deref()).collect();
    assert_eq!(starts.len(), day.len(), "without a date nothing is on a day");
    assert!(titles(&day).contains(&"Repair Café op de Neude"), "{:?}", titles(&day));
    for card in &day {
        let (start, end) = (card.start.clone().expect("a start"), card.end.clone().expect("an end"));
        assert!(start.as_str() < "2026-11-25T23:00:00Z" && end.as_str() >= "2026-11-24T23:00:00Z", "{start} {end}");
    }
    let with_offset = between(Some("2026-11-25T00:00:00+01:00"), Some("2026-11-26T00:00:00+01:00")).await;
    assert_eq!(ids(&with_offset), ids(&day));
    let past = between(Some("2020-01-01T00:00:00Z"), None).await;
    assert_eq!(past.len(), 78, "what is over stays out");
    assert_eq!(
        between(Some("2026-11-26T00:00:00Z"), Some("2026-11-25T00:00:00Z"))
            .await
            .iter()
            .filter(|card| card.start.as_deref() >= Some("2026-11-25T00:00:00Z"))
            .count(),
        0
    );
    for wrong in ["morgen", "2026-13-01T00:00:00Z", "2026-11-25"] {
        assert_eq!(
            code(wallet.activities(ActivityQuery { from: Some(wrong.to_owned()), ..query() }).await),
            ErrorCode::Usage,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn categories_and_skills_filter_by_what_the_page_offers_and_count_right() {
    let (_city, _home, wallet) = utrecht().await;
    let page = wallet.activities(query()).await.expect("a page");
    assert_eq!(page.categories.len(), 12);
    assert!(page.skills.len() <= 40 && page.skills.is_sorted_by_key(|skill| std::cmp::Reverse(skill.count)));
    for category in &page.categories {
        let list = all(&wallet, ActivityQuery { categories: vec![category.id.clone()], ..query() }).await;
        assert_eq!(list.len(), category.count as usize, "{}", category.name);
    }
    let names: Vec<&str> = page.categories.iter().map(|category| category.name.as_str()).collect();
    for name in ["Ambacht en maken", "Natuur en milieu"] {
        assert!(names.contains(&name), "the app has Dutch words for them: {names:?}");
    }
    for skill in page.skills.iter().take(6) {
        let list = all(&wallet, ActivityQuery { skills: vec![skill.id.clone()], ..query() }).await;
        assert_eq!(list.len(), skill.count as usize, "{}", skill.name);
        assert!(list.iter().all(|card| !card.title.is_empty()));
    }
    let two = |facets: &[Facet]| facets[..2].iter().map(|facet| facet.id.clone()).collect::<Vec<_>>();
    let either = all(&wallet, ActivityQuery { categories: two(&page.categories), ..query() }).await;
    assert_eq!(either.len() as u32, page.categories[0].count + page.categories[1].count, "one of these");
    let both = ActivityQuery { categories: two(&page.categories), skills: two(&page.skills), ..query() };
    assert!(all(&wallet, both).await.len() < either.len(), "all of it together");
    let next = wallet.activities(ActivityQuery { offset: 60, ..query() }).await.expect("a page");
    assert_eq!((next.categories.len(), next.skills.len()), (0, 0), "only the first page offers them");
}

/// Kilometres over a sphere by the spherical law of cosines: another formula than the wallet's.
fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let [a_lat, a_lng, b_lat, b_lng] = [a.0, a.1, b.0, b.1].map(f64::to_radians);
    (a_lat.sin() * b_lat.sin() + a_lat.cos() * b_lat.cos() * (b_lng - a_lng).cos()).acos() * 6371.0
}

#[tokio::test]
async fn what_is_near_is_by_distance_and_the_distances_are_right() {
    let (_city, _home, wallet) = utrecht().await;
    let dom = (52.0907, 5.1214);
    let near = async |km: f64| all(&wallet, ActivityQuery { near: Some(Near { lat: dom.0, lng: dom.1, km }), ..query() }).await;
    let everything = all(&wallet, query()).await;
    for limit in [1.0, 2.5, 5.0, 50.0] {
        let list = near(limit).await;
        let right = |card: &&ActivityCard| card.place.is_some_and(|place| km(dom, (place.lat, place.lng)) <= limit);
        assert_eq!(list.len(), everything.iter().filter(right).count(), "{limit} km");
        assert!(list.is_sorted_by(|a, b| a.km <= b.km));
        for card in &list {
            let (place, told) = (card.place.expect("a place"), card.km.expect("a distance"));
            let true_km = km(dom, (place.lat, place.lng));
            assert!((told - true_km).abs() <= true_km * 0.01 + 0.001, "{}: {told} and {true_km}", card.title);
        }
    }
    let wrong = [f64::NAN, f64::INFINITY, 0.0, -1.0];
    for km in wrong {
        let near = Some(Near { lat: 52.0, lng: 5.0, km });
        assert_eq!(code(wallet.activities(ActivityQuery { near, ..query() }).await), ErrorCode::Usage, "{km}");
    }
    let near = Some(Near { lat: f64::NAN, lng: 5.0, km: 5.0 });
    assert_eq!(code(wallet.activities(ActivityQuery { near, ..query() }).await), ErrorCode::Usage);
}

#[tokio::test]
async fn online_playlists_and_plans_are_filters_too() {
    let (city, home, mut wallet) = utrecht().await;
    let online = all(&wallet, ActivityQuery { online: true, ..query() }).await;
    assert!(online.iter().all(|card| card.online) && online.len() == 4, "{:?}", titles(&online));
    let kind = Some(ActivityKind::Playlist);
    let playlists = all(&wallet, ActivityQuery { kind, ..query() }).await;
    assert_eq!(playlists.len(), 8);
    assert!(playlists.iter().all(|card| card.kind == ActivityKind::Playlist));
    assert_eq!(all(&wallet, ActivityQuery { kind: Some(ActivityKind::Activity), ..query() }).await.len(), 70);
    assert_eq!(all(&wallet, ActivityQuery { planned: true, ..query() }).await.len(), 0);
    let id = at(&city, 31_203);
    wallet.plan_activity(id.clone(), true).await.expect("planned");
    wallet.plan_activity(id.clone(), true).await.expect("planned twice");
    let mut home = home;
    wallet = home.later(wallet, 0).await;
    let planned = all(&wallet, ActivityQuery { planned: true, ..query() }).await;
    assert_eq!((ids(&planned), planned[0].planned), (vec![id.as_str()], true));
    wallet.plan_activity(id, false).await.expect("not planned");
    assert_eq!(all(&wallet, ActivityQuery { planned: true, ..query() }).await.len(), 0);
    assert_eq!(code(wallet.plan_activity("1@nergens.example".to_owned(), true).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_was_planned_is_last_and_still_there_when_it_is_over() {
    let (city, mut home, mut wallet) = utrecht().await;
    // The second and the fifteenth of December, and for any time.
    let [soon, late, any] = [31_001, 31_253, 31_208].map(|number| at(&city, number));
    for id in [&soon, &late, &any] {
        wallet.plan_activity(id.clone(), true).await.expect("planned");
    }
    let near = Some(Near { lat: 52.0907, lng: 5.1214, km: 50.0 });
    let plans = |near| ActivityQuery { planned: true, near, ..query() };
    let told = |list: &[ActivityCard]| list.iter().map(|card| (card.id.clone(), card.past)).collect::<Vec<_>>();
    for (hours, order) in [
        (0, [(&soon, false), (&late, false), (&any, false)]),
        (12 * 24, [(&late, false), (&any, false), (&soon, true)]),
        (48 * 24, [(&any, false), (&late, true), (&soon, true)]),
    ] {
        wallet = home.later(wallet, hours).await;
        let order = order.map(|(id, past)| (id.clone(), past));
        let list = all(&wallet, plans(None)).await;
        assert_eq!(told(&list), order);
        let mut one_by_one = Vec::new();
        for offset in 0..3 {
            let page = wallet.activities(ActivityQuery { offset, limit: Some(1), ..plans(None) }).await.expect("a page");
            assert_eq!(page.total, 3);
            one_by_one.extend(page.activities);
        }
        assert_eq!(one_by_one, list);
        let nearest = all(&wallet, plans(near)).await;
        assert!(nearest.is_sorted_by_key(|card| card.past) && nearest.iter().any(|card| card.past) == (hours > 0));
        let marks = wallet.activity_map(plans(None)).await.expect("a map").marks;
        for mark in marks {
            assert_eq!(order.iter().find(|(id, _)| *id == mark.id).map(|(_, past)| *past), Some(mark.past));
        }
        let rest = all(&wallet, query()).await;
        assert!(rest.iter().all(|card| !card.past), "among everything nothing is over");
    }
    let from = ActivityQuery { from: Some("2026-12-10T00:00:00Z".to_owned()), ..plans(None) };
    assert_eq!(ids(&all(&wallet, from).await), [any.as_str(), late.as_str()], "since a day that was");
}

#[tokio::test]
async fn the_map_shows_what_the_list_does_as_far_as_it_has_a_place() {
    let (_city, _home, wallet) = utrecht().await;
    let near = |km| ActivityQuery { near: Some(Near { lat: 52.0907, lng: 5.1214, km }), ..query() };
    let search = ActivityQuery { search: Some("koffie".to_owned()), ..query() };
    for query in [query(), search, near(1.0), near(1.5), near(2.0), near(3.0), near(4.0)] {
        let (list, map) = (all(&wallet, query.clone()).await, wallet.activity_map(query).await.expect("a map"));
        let placed = list.iter().filter(|card| card.place.is_some()).count();
        assert_eq!((map.marks.len(), map.left_out, map.without_place as usize), (placed, 0, list.len() - placed));
        for mark in map.marks {
            let card = list.iter().find(|card| card.id == mark.id).expect("its card");
            let same = (&card.start, &card.end, &card.language, card.past, card.kind);
            assert_eq!((&mark.start, &mark.end, &mark.language, mark.past, mark.kind), same);
        }
        assert!(!map.tiles);
    }
    let map = wallet.activity_map(query()).await.expect("a map");
    assert_eq!(map.districts.len(), 12);
    let centre = map.centre.expect("a centre");
    assert!((centre.lat - 52.0907).abs() < 0.001);
}
