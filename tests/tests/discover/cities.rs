//! Which servers are cities, and what becomes of one that is removed.

use wallet_tests::city;

use super::*;

/// The feed of the demo city, as files on a host that does not exist.
pub(super) fn feed_city(net: &Net) -> &'static str {
    let folder = tempfile::tempdir().expect("a folder");
    city::export(folder.path(), now(), 40).expect("a feed");
    for path in ["/.well-known/cities-of-learning", "/feed/activities.json"] {
        let bytes = std::fs::read(folder.path().join(path.trim_start_matches('/'))).expect("a file");
        net.invents(&format!("{FEED}{path}"), "application/json", bytes);
    }
    FEED
}

const FEED: &str = "https://demostad-utrecht.example";

#[tokio::test]
async fn a_city_is_found_by_its_document_listed_and_read_whole() {
    let city = city([]).await;
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    assert_eq!(wallet.cities().await.expect("cities").chosen, []);
    let added = wallet.add_city(format!("  {}/activities/31001?x=geheim#daar ", city.url)).await.expect("a city");
    assert_eq!((added.id.as_str(), added.host.as_str()), (city.url.as_str(), host(&city)));
    assert_eq!((added.name.as_str(), added.source, added.fictitious), (city::NAME, CitySource::CitiesOfLearning, true));
    assert!(added.claims && added.signed_in.is_none() && added.centre.is_some());
    let read = settled(&wallet, &added.id).await;
    assert_eq!((read.activities, read.playlists, read.problem), (70, 8, None));
    assert_eq!(read.refreshed_at.as_deref(), Some("2026-11-23T12:00:00Z"));
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!(list.len(), 78, "each once, the past ones and what is for nobody left out");
    assert!(list.iter().all(|card| card.host == host(&city) && !card.title.is_empty()));
    let sent: Vec<String> = home.net.asked().iter().map(Sent::all).collect();
    assert!(sent.iter().all(|sent| !sent.contains("geheim") && !sent.contains("daar")), "only the origin is asked");
}

#[tokio::test]
async fn a_city_without_a_document_is_found_by_what_it_answers() {
    let city = city([Mode::NoWellKnown]).await;
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let read = add(&wallet, &city).await;
    assert_eq!((read.name.as_str(), read.source), (city::NAME, CitySource::CitiesOfLearning));
    assert_eq!((read.activities, read.playlists, read.claims), (70, 8, true));
    assert!(read.centre.is_some(), "where it is, its interface says");
}

#[tokio::test]
async fn a_feed_is_a_city_too_and_needs_nothing_but_its_host_typed() {
    let home = Home::new(&[]);
    feed_city(&home.net);
    let wallet = home.begun().await;
    let added = wallet.add_city("demostad-utrecht.example".to_owned()).await.expect("a city");
    assert_eq!((added.id.as_str(), added.source), (FEED, CitySource::Feed));
    let read = settled(&wallet, FEED).await;
    assert_eq!(read.problem, None);
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!(list.len() as u32, read.activities + read.playlists);
    assert!(list.len() > 30, "{}", list.len());
    let barista = list.iter().find(|card| card.title == "Barista worden in zes lessen").expect("an activity");
    let whole = wallet.activity(barista.id.clone(), Freshness::Stored).await.expect("an activity");
    assert!(whole.whole, "a feed tells all at once");
    assert_eq!(whole.badges[0].name, "Barista");
    let free = list.iter().find(|card| card.id.starts_with("31001@")).expect("an activity");
    let free = wallet.activity(free.id.clone(), Freshness::Stored).await.expect("an activity");
    assert_eq!(free.price.as_deref(), Some("gratis"), "because the feed says so");
}

#[tokio::test]
async fn a_city_that_is_here_already_is_only_looked_at_anew() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let again = wallet.add_city(city.url.clone()).await.expect("the city");
    assert_eq!((again.activities, again.refreshed_at.is_some()), (70, true));
    assert_eq!(wallet.cities().await.expect("cities").chosen.len(), 1);
}

#[tokio::test]
async fn what_is_no_city_is_said_to_be_none() {
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    home.net.invents("https://bakker.example/", "text/html", "<!doctype html><title>Bakker</title><h1>Brood</h1>");
    let page: &[u8] = b"<!doctype html><h1>Niet gevonden</h1>";
    home.net.invents("https://elders.example/.well-known/cities-of-learning", "text/html", page);
    for address in ["bakker.example", "https://elders.example", "", "   ", "niet een adres", "ftp://stad.example"] {
        assert_eq!(code(wallet.add_city(address.to_owned()).await), ErrorCode::NotACity, "{address:?}");
    }
    for address in ["http://noor:geheim@stad.example", "https://noor:geheim@stad.example", "mailto:a@b.example"] {
        assert_eq!(code(wallet.add_city(address.to_owned()).await), ErrorCode::AddressRefused, "{address}");
    }
    home.net.asked();
    for address in ["http://stad.example", "http://192.168.1.1"] {
        assert_eq!(code(wallet.add_city(address.to_owned()).await), ErrorCode::NotACity, "{address}");
    }
    assert!(home.net.asked().iter().all(|sent| sent.url.starts_with("https://")), "http is for this machine alone");
    let nameless = city([Mode::NoWellKnown, Mode::NoTenant]).await;
    assert_eq!(code(wallet.add_city(nameless.url.clone()).await), ErrorCode::NotACity);
    assert_eq!(wallet.cities().await.expect("cities").chosen, []);
}

#[tokio::test]
async fn a_city_with_a_bad_day_is_not_said_to_be_no_city() {
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let busy = city([Mode::TooMany]).await;
    assert_eq!(code(wallet.add_city(busy.url.clone()).await), ErrorCode::CityBusy);
    home.net.fails(FetchError::Offline);
    assert_eq!(code(wallet.add_city(busy.url.clone()).await), ErrorCode::Offline);
    home.net.fails(FetchError::Unreachable);
    assert_eq!(code(wallet.add_city(busy.url.clone()).await), ErrorCode::Unreachable);
    assert_eq!(wallet.cities().await.expect("cities").chosen, []);
}

#[tokio::test]
async fn a_city_that_is_broken_when_it_is_added_is_odd_and_not_said_to_be_none() {
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let broken = city([Mode::Broken]).await;
    assert_eq!(code(wallet.add_city(broken.url.clone()).await), ErrorCode::CityOdd);
}

#[tokio::test]
async fn the_apps_own_cities_are_offered_until_they_are_chosen() {
    let city = city([]).await;
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let known = wallet.cities().await.expect("cities").known;
    assert_eq!(known[0].address, "https://dutch.cityoflearning.eu");
    assert!(known.iter().all(|city| !city.fictitious && !city.name.contains("Utrecht")), "nothing is claimed of Utrecht");
    assert_eq!(home.net.asked().len(), 0, "offering asks nobody");
    add(&wallet, &city).await;
    assert_eq!(wallet.cities().await.expect("cities").known, known);
}

#[tokio::test]
async fn a_removed_city_takes_its_activities_and_pictures_along_and_plans_are_remembered() {
    let city = city([]).await;
    let home = Home::new(&[]);
    home.net.shows_pictures();
    let wallet = home.begun().await;
    add(&wallet, &city).await;
    let id = at(&city, 31_101);
    wallet.plan_activity(id.clone(), true).await.expect("planned");
    detail(&wallet, &id).await;
    in_time(&wallet, &id, |detail| detail.card.picture.is_some()).await;
    wallet.remove_city(city.url.clone()).await.expect("removed");
    assert_eq!(wallet.cities().await.expect("cities").chosen, []);
    let page = wallet.activities(ActivityQuery::default()).await.expect("a page");
    assert_eq!((page.total, page.all, page.categories.len(), page.skills.len()), (0, 0, 0, 0));
    assert_eq!(wallet.activity_map(ActivityQuery::default()).await.expect("a map").marks, []);
    assert_eq!(code(wallet.activity(id.clone(), Freshness::Stored).await), ErrorCode::NotFound);
    assert_eq!(code(wallet.refresh_city(city.url.clone()).await), ErrorCode::NotFound);
    assert_eq!(code(wallet.remove_city(city.url.clone()).await), ErrorCode::NotFound);
    *held(&home.net.pictures) = false;
    add(&wallet, &city).await;
    let back = card(&wallet, &id).await;
    assert!(back.planned, "what was planned is remembered");
    assert_eq!(back.picture, None, "no picture was kept");
}

#[tokio::test]
async fn an_erased_wallet_knows_no_city_and_no_token() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    sign_in::switch_on(&wallet).await;
    wallet.sign_in(city.url.clone(), sign_in::NOOR.0.to_owned(), sign_in::NOOR.1.to_owned()).await.expect("signed in");
    let name = format!("city {}", city.url);
    use wallet_core::Device;
    home.device.token(&name).expect("a token in the key store");
    wallet.erase().await.expect("erased");
    assert_eq!(home.device.token(&name).err(), Some(wallet_core::KeyStoreError::Empty));
    wallet.begin(None).await.expect("a new wallet");
    assert_eq!(wallet.cities().await.expect("cities").chosen, []);
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 0);
}

#[tokio::test]
async fn a_city_that_is_removed_while_it_is_read_stays_removed() {
    let city = city([]).await;
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    *held(&home.net.delay) = Duration::from_millis(60);
    wallet.add_city(city.url.clone()).await.expect("a city");
    wallet.remove_city(city.url.clone()).await.expect("removed");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(wallet.cities().await.expect("cities").chosen, []);
    assert_eq!(wallet.activities(ActivityQuery::default()).await.expect("a page").all, 0);
}
