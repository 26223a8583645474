//! What was told over what is here.

use super::*;

fn row(store: &Store) -> Stored {
    store.read(|c| by_id(c, "1@utrecht.example")).unwrap()
}

fn dated(start: i64, end: Option<i64>) -> Activity {
    Activity { start: Some(at(start)), end: end.map(at), ..told("1") }
}

#[test]
fn of_a_start_and_an_end_of_two_answers_the_one_that_was_told_now_stands() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    tell(&store, &here, &dated(0, Some(2)), 1, 0);
    // It was moved, and when it ends failed.
    told_by(&store, &here, &dated(700, None), Told::Partly, 2, 1);
    let Stored { activity, ends_at, .. } = row(&store);
    assert_eq!((activity.start, activity.end, ends_at), (Some(at(700)), None, Some(at(712))));
    // An end that fits is kept.
    tell(&store, &here, &dated(700, Some(710)), 3, 2);
    told_by(&store, &here, &dated(701, None), Told::Partly, 4, 3);
    assert_eq!((row(&store).activity.start, row(&store).activity.end), (Some(at(701)), Some(at(710))));
    // And when only the end is told, before the start that was.
    let ends = |hours: i64| Activity { end: Some(at(hours)), when_untold: true, unasked: vec!["start"], ..told("1") };
    tell(&store, &here, &ends(720), 5, 4);
    let Stored { activity, .. } = row(&store);
    assert_eq!((activity.start, activity.end, activity.when_untold), (Some(at(701)), Some(at(720)), false));
    tell(&store, &here, &ends(600), 6, 5);
    let Stored { activity, ends_at, .. } = row(&store);
    assert_eq!((activity.start, activity.end, activity.when_untold, ends_at), (None, Some(at(600)), true, Some(at(600))));
}

#[test]
fn how_many_badges_come_first_is_a_word_of_its_own() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let counting =
        |count: Option<u32>| Activity { badges: vec![Badge { requires_count: count, ..a_badge("1", "Meester") }], ..told("1") };
    for (told, known) in [(Some(2), Some(2)), (None, Some(2)), (Some(3), Some(3))] {
        told_by(&store, &here, &counting(told), Told::Partly, 1, 0);
        assert_eq!(row(&store).activity.badges[0].requires_count, known, "{told:?}");
    }
}

#[test]
fn what_cannot_be_asked_for_any_more_was_not_taken_away_and_the_rest_was() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let picture = origin("utrecht.example").join("/p.png").unwrap();
    let full = Activity {
        form: Some("digitalXp".to_owned()),
        online: true,
        place: Point::new(52.09, 5.12),
        picture: Some(picture.clone()),
        address: Some("Neude 1".to_owned()),
        ..dated(5, Some(7))
    };
    tell(&store, &here, &full, 1, 0);
    let unasked = || vec!["category", "co_hosts", "form", "online", "picture", "place"];
    let less = Activity { skills: Vec::new(), category: None, unasked: unasked(), ..told("1") };
    assert_eq!(tell(&store, &here, &less, 2, 1), Put::Changed);
    let Stored { activity, picture: shown, .. } = row(&store);
    assert_eq!((activity.form.as_deref(), activity.online, activity.place), (Some("digitalXp"), true, full.place));
    assert_eq!((&activity.picture, &activity.category), (&full.picture, &full.category));
    assert_eq!(shown.as_deref(), Some(picture.as_str()));
    assert_eq!((activity.start, activity.address, activity.skills), (None, None, Vec::new()), "asked for, and not there any more");
    let category = Filter { categories: vec!["crafts and making".to_owned()], online: true, now: at(0), ..Filter::default() };
    assert_eq!(super::shown(&store, &category), ["1@utrecht.example"]);
    // What only a page asks for is no news on a card.
    let known = Activity { unasked: unasked().into_iter().filter(|field| *field != "co_hosts").collect(), ..less.clone() };
    assert_eq!(tell(&store, &here, &known, 3, 2), Put::Same);
    // The same words of a server that can be asked say that there is nothing.
    assert_eq!(tell(&store, &here, &Activity { unasked: Vec::new(), ..less }, 4, 3), Put::Changed);
    let Stored { activity, .. } = row(&store);
    assert_eq!((activity.form, activity.online, activity.place, activity.category), (None, false, None, None));
}

#[test]
fn the_whole_of_it_keeps_what_its_server_lacks_by_now() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let whole = || Activity { whole: true, ..told("1") };
    let tasks = Badge { tasks_needed: Some(2), ..a_badge("1", "Maker") };
    let before = Activity {
        description: Some("Alles.".to_owned()),
        co_hosts: vec!["Buurt".to_owned()],
        badges: vec![tasks.clone(), a_badge("2", "Helper")],
        ..whole()
    };
    tell(&store, &here, &before, 1, 0);
    let after = Activity { badges: vec![a_badge("1", "Maker")], unasked: vec!["badge", "co_hosts"], ..whole() };
    tell(&store, &here, &after, 1, 1);
    let Stored { activity, .. } = row(&store);
    assert_eq!((activity.description, activity.co_hosts), (None, before.co_hosts), "a description was asked for");
    assert_eq!(activity.badges, [tasks], "and so was the list of badges");
}

#[test]
fn a_playlist_is_in_order_as_long_as_whoever_tells_its_parts_says_so() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let part = |id: &str| Part { id: id.to_owned(), title: "Deel".to_owned(), mandatory: true, ..Part::default() };
    let route = |parts: &[&str], ordered| Activity {
        kind: Kind::Playlist,
        parts: parts.iter().map(|id| part(id)).collect(),
        ordered,
        ..told("1")
    };
    let mut sweep = 0;
    let mut after = |told: &Activity, how: Told| {
        sweep += 1;
        told_by(&store, &here, told, how, sweep, sweep);
        let Stored { activity, .. } = row(&store);
        (activity.parts.len(), activity.ordered)
    };
    assert_eq!(after(&route(&["2", "3"], true), Told::Fully), (2, true));
    assert_eq!(after(&route(&[], false), Told::Fully), (2, true), "without its parts a card says nothing of their order");
    let lacking = Activity { unasked: vec!["ordered"], ..route(&["2"], false) };
    assert_eq!(after(&lacking, Told::Fully), (1, true));
    assert_eq!(after(&route(&["2", "3"], false), Told::Fully), (2, false), "in any order by now");
}
