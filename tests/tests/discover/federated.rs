//! Cities that share one space of ids: each activity once, by the word of the one where it lives.

use super::*;

/// Two cities with drifted schemas. The second says that every third activity lives at the first, and tells of those too.
async fn two() -> (City, City) {
    let one = city([Mode::Drift]).await;
    let two = city([Mode::Drift2, Mode::Federate(one.url.clone())]).await;
    (one, two)
}

/// The first and the fourth row of the city: every third lives elsewhere.
const SHARED: u32 = 31_001;
const OWN: u32 = 31_002;

fn of(cards: &[ActivityCard], number: u32) -> Vec<&str> {
    cards.iter().filter(|card| card.id.starts_with(&format!("{number}@"))).map(|card| card.host.as_str()).collect()
}

#[tokio::test]
async fn what_two_cities_tell_of_is_there_once_by_the_word_of_its_home() {
    let (one, two) = two().await;
    let home = Home::new(&[&one, &two]);
    *held(&home.net.unfiltered) = true;
    let wallet = home.begun().await;
    // Before its home is one of the learner's cities, the other one's word has to do.
    let read = add(&wallet, &two).await;
    assert_eq!(read.problem, None);
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!(of(&list, SHARED), [host(&two)]);
    let alone = card(&wallet, &at(&two, SHARED)).await;
    assert!(alone.start.is_some(), "the second city's schema has dates");
    let count = list.len();

    add(&wallet, &one).await;
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!(of(&list, SHARED), [host(&one)], "its home tells of it now");
    assert_eq!(card(&wallet, &at(&one, SHARED)).await.start, None, "and what home does not say is not filled in by another");
    assert_eq!(of(&list, OWN).len(), 2, "ids that nobody says are the same stay apart");
    let marks = wallet.activity_map(ActivityQuery::default()).await.expect("a map").marks;
    assert_eq!(marks.iter().filter(|mark| mark.id.starts_with("31001@")).count(), 1);
    let found = all(&wallet, ActivityQuery { search: Some("fiets repareren bieb".to_owned()), ..ActivityQuery::default() }).await;
    assert_eq!(of(&found, SHARED), [host(&one)]);
    let counts: u32 = wallet.cities().await.expect("cities").chosen.iter().map(|city| city.activities + city.playlists).sum();
    assert_eq!(counts as usize, list.len(), "each counted once over all cities");

    // A refresh of the other one does not bring its copy back.
    refresh(&wallet, &two).await;
    assert_eq!(of(&all(&wallet, ActivityQuery::default()).await, SHARED), [host(&one)]);
    wallet.remove_city(one.url.clone()).await.expect("removed");
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!((of(&list, SHARED), list.len()), (vec![host(&two)], count), "without its home the copy is shown again");
}

#[tokio::test]
async fn a_plan_for_a_copy_stays_a_plan_when_its_home_is_added() {
    let (one, two) = two().await;
    let home = Home::new(&[&one, &two]);
    *held(&home.net.unfiltered) = true;
    let wallet = home.begun().await;
    add(&wallet, &two).await;
    wallet.plan_activity(at(&two, SHARED), true).await.expect("planned");
    add(&wallet, &one).await;
    let planned = all(&wallet, ActivityQuery { planned: true, ..ActivityQuery::default() }).await;
    assert_eq!(planned.len(), 1, "what the learner plans is still among the plans");
}

#[tokio::test]
async fn a_home_that_does_not_tell_of_it_takes_nothing_away() {
    let one = city([Mode::Big(30)]).await;
    let two = city([Mode::Federate(one.url.clone())]).await;
    let home = Home::new(&[&one, &two]);
    *held(&home.net.unfiltered) = true;
    let wallet = home.begun().await;
    add(&wallet, &two).await;
    let before = all(&wallet, ActivityQuery::default()).await.len();
    add(&wallet, &one).await;
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!(of(&list, SHARED), [host(&two)]);
    assert_eq!(list.iter().filter(|card| card.host == host(&two)).count(), before);
}

#[tokio::test]
async fn a_city_that_takes_another_ones_id_stays_apart_and_replaces_nothing() {
    let honest = city([]).await;
    let thief = city([Mode::Hostile]).await;
    let (home, wallet) = with(&[&honest]).await;
    let before = card(&wallet, &at(&honest, 31_101)).await;
    add(&wallet, &thief).await;
    let list = all(&wallet, ActivityQuery::default()).await;
    assert_eq!(of(&list, 31_101).len(), 2, "both, each under its own host");
    assert_eq!(card(&wallet, &at(&honest, 31_101)).await, before);
    let playlist = detail(&wallet, &at(&honest, 31_011)).await;
    let parts: Vec<&str> = playlist.parts.iter().filter_map(|part| part.id.as_deref()).collect();
    assert!(parts.len() == 4 && parts.iter().all(|part| part.ends_with(host(&honest))), "{parts:?}");
    home.net.asked();
    wallet.remove_city(honest.url.clone()).await.expect("removed");
    assert_eq!(of(&all(&wallet, ActivityQuery::default()).await, 31_101), [host(&thief)]);
}

#[tokio::test]
async fn a_part_that_lives_elsewhere_names_its_host() {
    let city = city([]).await;
    let (_home, wallet) = with(&[&city]).await;
    let playlist = detail(&wallet, &at(&city, 31_017)).await;
    let last = playlist.parts.last().expect("parts");
    assert_eq!((last.title.as_str(), last.id.as_deref()), ("Radio maken in de haven", None));
    assert_eq!(last.elsewhere.as_deref(), Some("demostad-rotterdam.example"));
    assert!(last.start.is_some(), "and when it is, though it is not here");
    assert!(playlist.ordered && !last.mandatory);
}
