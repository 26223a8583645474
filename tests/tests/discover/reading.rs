//! Reading: only what changed, never losing what is here, with a network or without one.

use super::*;

#[tokio::test]
async fn what_was_read_is_there_without_a_network_and_says_how_old_it_is() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let id = at(&city, 31_001);
    let whole = detail(&wallet, &id).await;
    home.net.cut_after(0);
    let wallet = home.later(wallet, 30).await;
    let page = wallet.activities(ActivityQuery::default()).await.expect("a page");
    assert!(page.all > 70, "{}", page.all);
    assert_eq!(page.refreshed_at.as_deref(), Some("2026-11-23T12:00:00Z"));
    assert!(wallet.activity_map(ActivityQuery::default()).await.expect("a map").marks.len() > 50);
    let without = wallet.activity(id.clone(), Freshness::Stored).await.expect("an activity");
    assert_eq!(without.description_html, whole.description_html);
    assert_eq!((without.whole, without.seen_at.as_str()), (true, "2026-11-23T12:00:00Z"));
    let asked = wallet.activity(id, Freshness::Now).await.expect("an activity");
    assert_eq!(asked.problem, Some(ErrorCode::Offline));
    assert_eq!((asked.card, asked.badges), (without.card, without.badges));
    let city = refresh(&wallet, &city).await;
    assert_eq!((city.problem, city.refreshed_at.as_deref()), (Some(ErrorCode::Offline), Some("2026-11-23T12:00:00Z")));
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, page.all);
}

#[tokio::test]
async fn a_network_that_goes_in_the_middle_loses_nothing_and_the_next_refresh_completes_it() {
    let city = city([]).await;
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    // The city's document and the first two pages.
    home.net.cut_after(3);
    let part = add(&wallet, &city).await;
    assert_eq!((part.problem, part.refreshed_at), (Some(ErrorCode::Offline), None));
    assert!((30..60).contains(&(part.activities + part.playlists)), "what came is there: {}", part.activities);
    home.net.comes_back();
    let whole = refresh(&wallet, &city).await;
    assert_eq!((whole.activities, whole.playlists, whole.problem), (70, 8, None));
}

#[tokio::test]
async fn a_network_that_goes_during_a_refresh_leaves_a_problem_until_one_succeeds() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let wallet = home.later(wallet, 8 * 24).await;
    let before = wallet.activities(ActivityQuery::default()).await.expect("a page").all;
    home.net.cut_after(1);
    let cut = refresh(&wallet, &city).await;
    assert_eq!((cut.problem, cut.activities + cut.playlists), (Some(ErrorCode::Offline), before));
    // Also after a restart.
    let wallet = home.later(wallet, 0).await;
    assert_eq!(chosen(&wallet, &city.url).await.problem, Some(ErrorCode::Offline));
    home.net.comes_back();
    let back = refresh(&wallet, &city).await;
    assert_eq!((back.problem, back.activities + back.playlists), (None, before));
}

#[tokio::test]
async fn a_second_refresh_asks_for_one_page() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    for _ in 0..2 {
        refresh(&wallet, &city).await;
        assert_eq!(home.net.operations(), ["ColList"]);
    }
    let wallet = home.later(wallet, 5 * 24).await;
    home.net.asked();
    let read = refresh(&wallet, &city).await;
    assert_eq!(home.net.operations(), ["ColList"]);
    assert_eq!(read.refreshed_at.as_deref(), Some("2026-11-28T12:00:00Z"));
}

const FORM: &str = "title=Stoelendans+voor+buren&organiser=7002&start=2026-12-01T10%3A00&street=Kanaalstraat+1&district=Lombok\
                    &text=Dansen.&badge=Danser&meaning=Danst&tasks=Dans+mee";

/// Sends a form of the organiser's page.
async fn organise(home: &Home, city: &City, path: &str, body: &str) {
    let url = format!("{}{path}", city.url).parse().expect("an address");
    // It answers with another page, which is not followed.
    _ = home.net.real.post(Post::new(url, body.as_bytes().to_vec(), 1_000_000, true)).await;
}

#[tokio::test]
async fn what_is_new_on_a_later_page_is_found_after_a_network_that_went_between_the_two() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    // More than a page of new things.
    for id in 39_001..39_031 {
        organise(&home, &city, "/organiser/activities", FORM).await;
        organise(&home, &city, &format!("/organiser/activities/{id}/publish"), "").await;
    }
    home.net.cut_after(1);
    let cut = refresh(&wallet, &city).await;
    assert_eq!(cut.problem, Some(ErrorCode::Offline));
    assert!(cut.activities < 100, "only the first page came: {}", cut.activities);
    home.net.comes_back();
    assert_eq!(refresh(&wallet, &city).await.activities, 100);
}

#[tokio::test]
async fn what_an_organiser_makes_appears_at_the_next_refresh() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    let send = async |path: &str, body: &str| organise(&home, &city, path, body).await;
    send("/organiser/activities", FORM).await;
    refresh(&wallet, &city).await;
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 78, "nobody sees a draft");
    send("/organiser/activities/39001/publish", "").await;
    let read = refresh(&wallet, &city).await;
    assert_eq!(read.activities, 71);
    let made = card(&wallet, &at(&city, 39_001)).await;
    assert_eq!((made.title.as_str(), made.badge.as_deref()), ("Stoelendans voor buren", Some("Danser")));
    assert_eq!(made.start.as_deref(), Some("2026-12-01T09:00:00Z"));
    let found = all(&wallet, ActivityQuery { search: Some("stoelen".to_owned()), ..ActivityQuery::default() }).await;
    assert_eq!(ids(&found), [made.id]);
}

#[tokio::test]
async fn what_a_city_no_longer_tells_of_goes_with_the_next_whole_reading_unless_it_is_planned() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let (gone, planned) = (at(&city, 31_105), at(&city, 31_258));
    wallet.plan_activity(planned.clone(), true).await.expect("planned");
    home.net.takes_away("31105");
    home.net.takes_away("31258");
    let wallet = home.later(wallet, 24).await;
    refresh(&wallet, &city).await;
    card(&wallet, &gone).await;
    let wallet = home.later(wallet, 7 * 24).await;
    home.net.asked();
    refresh(&wallet, &city).await;
    assert_eq!(home.net.operations().len(), 4, "all of it");
    assert_eq!(code(wallet.activity(gone, Freshness::Stored).await), ErrorCode::NotFound);
    assert!(card(&wallet, &planned).await.planned);
    // Once it is not planned any more, the next whole reading takes it.
    wallet.plan_activity(planned.clone(), false).await.expect("not planned");
    let wallet = home.later(wallet, 8 * 24).await;
    refresh(&wallet, &city).await;
    assert_eq!(code(wallet.activity(planned, Freshness::Stored).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn pictures_that_are_here_stay_when_all_of_a_city_is_read_again() {
    let city = city([]).await;
    let home = Home::new(&[]);
    home.net.shows_pictures();
    let wallet = home.begun().await;
    add(&wallet, &city).await;
    let id = at(&city, 31_001);
    detail(&wallet, &id).await;
    let organiser = |detail: &ActivityDetail| detail.organiser.as_ref().and_then(|o| o.picture.clone());
    let seen = in_time(&wallet, &id, |d| d.cover.is_some() && d.card.picture.is_some() && organiser(d).is_some()).await;
    let mut home = home;
    let wallet = home.later(wallet, 8 * 24).await;
    *held(&home.net.pictures) = false;
    assert_eq!(refresh(&wallet, &city).await.problem, None);
    let after = wallet.activity(id, Freshness::Stored).await.expect("an activity");
    assert_eq!(after.cover, seen.cover, "the cover");
    assert_eq!((after.card.picture.clone(), organiser(&after)), (seen.card.picture.clone(), organiser(&seen)));
}

#[tokio::test]
async fn a_list_that_is_hours_old_is_read_again_where_somebody_looks() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let wallet = home.later(wallet, 7).await;
    wallet.activities(ActivityQuery::default()).await.expect("a page");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(home.net.operations().len(), 0, "nobody listens");
    let _events = wallet.events();
    for _ in 0..3 {
        wallet.activities(ActivityQuery::default()).await.expect("a page");
    }
    for _ in 0..500 {
        if chosen(&wallet, &city.url).await.refreshed_at.as_deref() == Some("2026-11-23T19:00:00Z") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    wallet.activities(ActivityQuery::default()).await.expect("a page");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(home.net.operations(), ["ColList"], "once, however often somebody looks");
}

#[tokio::test]
async fn two_who_ask_at_once_read_a_city_once() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    let (one, two) = tokio::join!(refresh(&wallet, &city), refresh(&wallet, &city));
    assert_eq!(one, two);
    assert_eq!(home.net.operations(), ["ColList"]);
}

#[tokio::test]
async fn whoever_chose_to_be_offline_asks_no_city() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    let settings = wallet.settings().await.expect("settings");
    wallet.update_settings(Settings { offline: true, ..settings }).await.expect("settings");
    assert_eq!(refresh(&wallet, &city).await.problem, Some(ErrorCode::Offline));
    assert_eq!(code(wallet.add_city("https://elders.example".to_owned()).await), ErrorCode::Offline);
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 78);
    assert_eq!(home.net.asked().len(), 0);
}

#[tokio::test]
async fn how_old_a_page_is_is_told_by_the_cities_that_were_asked_for_and_ever_read() {
    let (one, two) = (city([]).await, city([]).await);
    let (mut home, wallet) = with(&[&one]).await;
    let wallet = home.later(wallet, 24).await;
    let age = async |wallet: &Wallet, of: Option<&City>| {
        let query = ActivityQuery { city: of.map(|city| city.url.clone()), ..ActivityQuery::default() };
        wallet.activities(query).await.expect("a page").refreshed_at
    };
    // Its document comes, and nothing else.
    home.net.cut_after(1);
    assert_eq!(add(&wallet, &two).await.refreshed_at, None);
    let (first, later) = (Some("2026-11-23T12:00:00Z".to_owned()), Some("2026-11-24T12:00:00Z".to_owned()));
    assert_eq!((age(&wallet, None).await, age(&wallet, Some(&two)).await), (first.clone(), None));
    home.net.comes_back();
    refresh(&wallet, &two).await;
    assert_eq!((age(&wallet, None).await, age(&wallet, Some(&one)).await), (first.clone(), first));
    assert_eq!(age(&wallet, Some(&two)).await, later);
}

#[tokio::test]
async fn a_city_that_goes_round_in_circles_is_odd_beside_what_it_told() {
    let city = city([Mode::Loop]).await;
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let read = add(&wallet, &city).await;
    assert_eq!((read.problem, read.refreshed_at.is_some()), (Some(ErrorCode::CityOdd), true));
    assert!(read.activities > 0);
    city.set_mode([]);
    assert_eq!(refresh(&wallet, &city).await.problem, None);
}

#[tokio::test]
async fn a_city_that_has_no_field_for_a_date_does_not_say_that_all_of_it_is_for_any_time() {
    let city = city([Mode::Drift]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let (dated, any) = (at(&city, 31_101), at(&city, 31_208));
    let when = |card: ActivityCard| (card.start.is_some(), card.when_unknown);
    let list = all(&wallet, ActivityQuery::default()).await;
    assert!(list.iter().all(|card| card.start.is_none() && card.when_unknown));
    assert_eq!(when(detail(&wallet, &dated).await.card), (false, true));
    let marks = async |wallet: &Wallet| wallet.activity_map(ActivityQuery::default()).await.expect("a map").marks;
    assert!(marks(&wallet).await.iter().all(|mark| mark.when_unknown));
    // It learned.
    city.set_mode([]);
    let wallet = home.later(wallet, 8 * 24).await;
    refresh(&wallet, &city).await;
    assert!(marks(&wallet).await.iter().all(|mark| !mark.when_unknown));
    let both = async |wallet: &Wallet| (when(card(wallet, &dated).await), when(card(wallet, &any).await));
    assert_eq!(both(&wallet).await, ((true, false), (false, false)));
    // And forgot: a date that was told is not taken away, by its page neither.
    city.set_mode([Mode::Drift]);
    let wallet = home.later(wallet, 8 * 24).await;
    refresh(&wallet, &city).await;
    assert_eq!(both(&wallet).await, ((true, false), (false, true)));
    assert_eq!(when(detail(&wallet, &dated).await.card), (true, false));
}

/// How often these were asked for since the last look.
fn pictures_asked(home: &Home) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for sent in std::mem::take(&mut *held(&home.net.asked)).into_iter().filter(|sent| sent.why == "Picture") {
        *found.entry(sent.url).or_default() += 1;
    }
    found
}

#[tokio::test]
async fn a_picture_that_did_not_come_is_asked_for_again_days_later_and_one_that_is_broken_never() {
    let mut home = Home::new(&[]);
    home.net.shows_pictures();
    let feed = cities::feed_city(&home.net);
    let of = |number: u32| format!("{feed}/storage/project/b2c0d3e4-2222-4b4b-8c8c-0000000{number}.png");
    // Not there, an apology with the name of a picture, and one that does not decode.
    home.net.invents(&of(31_002), "image/png", "<!doctype html><h1>Even geduld</h1>");
    home.net.invents(&of(31_003), "image/png", png()[..40].to_vec());
    let wallet = home.begun().await;
    wallet.add_city(feed.to_owned()).await.expect("a city");
    settled(&wallet, feed).await;
    let mut asked = BTreeMap::new();
    for _ in 0..200 {
        asked.append(&mut pictures_asked(&home));
        if [31_001, 31_002, 31_003].iter().all(|number| asked.contains_key(&of(*number))) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    for number in [31_001, 31_002, 31_003] {
        assert!(asked.contains_key(&of(number)), "{number} in {asked:?}");
        home.net.invents(&of(number), "image/png", png());
    }
    let open = async |wallet: &Wallet, expected: [bool; 3]| {
        for number in [31_001, 31_002, 31_003] {
            detail(wallet, &format!("{number}@demostad-utrecht.example")).await;
        }
        let shown = async |number| card(wallet, &format!("{number}@demostad-utrecht.example")).await.picture.is_some();
        let mut all = [false; 3];
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            all = [shown(31_001).await, shown(31_002).await, shown(31_003).await];
            if all == expected {
                break;
            }
        }
        assert_eq!(all, expected);
    };
    pictures_asked(&home);
    let wallet = home.later(wallet, 1).await;
    open(&wallet, [false; 3]).await;
    assert_eq!(pictures_asked(&home).get(&of(31_001)), None, "not so soon");
    let wallet = home.later(wallet, 50).await;
    open(&wallet, [true, true, false]).await;
    assert_eq!(pictures_asked(&home).get(&of(31_003)), None, "never again");
}

#[tokio::test]
async fn however_many_look_while_a_city_is_read_its_pictures_are_asked_for_once() {
    let city = city([]).await;
    let (mut home, wallet) = with(&[&city]).await;
    // Silence a day ago is forgotten.
    let wallet = home.later(wallet, 24).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    pictures_asked(&home);
    *held(&home.net.delay) = Duration::from_millis(300);
    let _events = wallet.events();
    for _ in 0..20 {
        wallet.activities(ActivityQuery::default()).await.expect("a page");
    }
    for _ in 0..500 {
        if chosen(&wallet, &city.url).await.refreshed_at.as_deref() == Some("2026-11-24T12:00:00Z") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for _ in 0..400 {
        if held(&home.net.asked).iter().any(|sent| sent.why == "Picture") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    // And as many more as would come.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let asked = pictures_asked(&home);
    assert!(!asked.is_empty() && asked.values().all(|times| *times == 1), "{asked:?}");
}
