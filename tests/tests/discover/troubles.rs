//! Cities that answer nonsense, less than they did, or nothing: what is here stays.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn what_is_here_survives_every_kind_of_nonsense() {
    let city = city([]).await;
    let (mut home, mut wallet) = with(&[&city]).await;
    let troubles = [
        (Mode::Html, Some(ErrorCode::CityOdd)),
        (Mode::Broken, Some(ErrorCode::CityOdd)),
        (Mode::TooMany, Some(ErrorCode::CityBusy)),
        (Mode::Huge, Some(ErrorCode::CityOdd)),
        (Mode::Cut, Some(ErrorCode::Unreachable)),
        (Mode::Redirect("https://elders.example".to_owned()), Some(ErrorCode::Unreachable)),
        (Mode::Nulls, None),
        (Mode::Errors, None),
        (Mode::Infinite, None),
        (Mode::Loop, Some(ErrorCode::CityOdd)),
    ];
    for (mode, problem) in troubles {
        // Each is met by a reading of everything, which could throw away most.
        wallet = home.later(wallet, 8 * 24).await;
        let before = titles(&all(&wallet, ActivityQuery::default()).await).join("\n");
        city.set_mode([mode.clone()]);
        let read = refresh(&wallet, &city).await;
        assert_eq!(read.problem, problem, "{mode}");
        let after = titles(&all(&wallet, ActivityQuery::default()).await).join("\n");
        assert_eq!(after, before, "{mode}");
        city.set_mode([]);
        assert_eq!(refresh(&wallet, &city).await.problem, None, "after {mode}");
    }
}

#[tokio::test]
async fn errors_beside_data_cost_no_more_than_what_they_are_about() {
    let city = city([Mode::Errors]).await;
    let (_home, wallet) = with(&[&city]).await;
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!(list.len(), 78);
    let without = list.iter().filter(|card| card.organiser.is_none()).count();
    assert!((1..=4).contains(&without), "one of each page: {without}");
}

#[tokio::test]
async fn a_city_that_tells_the_same_page_for_ever_is_asked_a_few_times_and_loses_nothing() {
    let city = city([Mode::Loop]).await;
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let read = add(&wallet, &city).await;
    assert!((1..=24).contains(&(read.activities + read.playlists)), "one page of it: {}", read.activities);
    assert!(home.net.operations().len() < 6);
}

#[tokio::test]
async fn drifted_schemas_keep_titles_and_places_and_lose_what_is_gone() {
    for (mode, dated) in [(Mode::Drift, false), (Mode::Drift2, true)] {
        let city = city([mode.clone()]).await;
        let home = Home::new(&[]);
        let wallet = home.begun().await;
        let read = add(&wallet, &city).await;
        assert_eq!((read.problem, read.activities, read.playlists), (None, 70, 8), "{mode}");
        let first = home.net.operations().iter().filter(|name| *name == "ColList").count();
        assert!(first > 4, "{mode}: something was refused first: {first}");
        let barista = card(&wallet, &at(&city, 31_101)).await;
        assert_eq!(barista.title, "Barista worden in zes lessen");
        assert!(barista.place.is_some() && barista.address.is_some() && barista.organiser.is_some(), "{mode}");
        assert_eq!(barista.start.is_some(), dated, "{mode}");
        let whole = detail(&wallet, &barista.id).await;
        assert!(whole.description_html.is_some() && !whole.skills.is_empty(), "{mode}");
        home.net.asked();
        // What it lacks is remembered.
        refresh(&wallet, &city).await;
        assert_eq!(home.net.operations(), ["ColList"], "{mode}");
        detail(&wallet, &at(&city, 31_001)).await;
        assert_eq!(home.net.operations(), ["ColDetail"], "{mode}");
    }
}

#[tokio::test]
async fn a_server_that_learned_is_asked_for_everything_again_after_a_week() {
    let city = city([Mode::Drift]).await;
    let (mut home, wallet) = with(&[&city]).await;
    let id = at(&city, 31_238);
    assert_eq!(card(&wallet, &id).await.start, None);
    city.set_mode([]);
    let wallet = home.later(wallet, 24).await;
    refresh(&wallet, &city).await;
    assert_eq!(card(&wallet, &id).await.start, None, "not every day");
    let wallet = home.later(wallet, 7 * 24).await;
    refresh(&wallet, &city).await;
    assert!(card(&wallet, &id).await.start.is_some());
}

#[tokio::test]
async fn a_city_that_says_nothing_is_given_up_within_the_limits_of_time() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    city.set_mode([Mode::Silent]);
    let start = Instant::now();
    let (added, read) = tokio::join!(wallet.add_city(city.url.clone()), refresh(&wallet, &city));
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert_eq!((code(added), read.problem, read.activities), (ErrorCode::Unreachable, Some(ErrorCode::Unreachable), 70));
}
