use url::Url;

use super::*;
use crate::{
    activity::{Badge, City, Named, Organiser, Point, Source},
    keys::Secret,
    store::{Store, cities},
};

mod merging;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + hours * 3600).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("wallet.db"), &Secret::from_slice(&[7; 32]).unwrap(), true).unwrap();
    (dir, store)
}

fn origin(host: &str) -> Url {
    Url::parse(&format!("https://{host}")).unwrap()
}

fn city(host: &str) -> City {
    City {
        origin: origin(host),
        name: host.to_owned(),
        source: Source::CitiesOfLearning { url: origin(host).join("/api/graphql").unwrap(), client: None },
        fictitious: true,
        centre: None,
        districts: Vec::new(),
        claim: None,
        lacks: Vec::new(),
    }
}

fn choose(store: &Store, host: &str) -> Url {
    let origin = origin(host);
    let id = origin.origin().ascii_serialization();
    store.write(|t| cities::put(t, &id, &city(host), at(0))).unwrap();
    origin
}

fn named(id: &str, name: &str) -> Named {
    Named { id: id.to_owned(), name: name.to_owned() }
}

fn told(id: &str) -> Activity {
    Activity {
        category: Some(named("8", "Crafts and making")),
        skills: vec![named("501", "fietsen repareren")],
        ..Activity::bare("badgecraft".to_owned(), id.to_owned(), Kind::Activity, format!("Activiteit {id}"))
    }
}

fn told_by(store: &Store, city: &Url, told: &Activity, how: Told, sweep: i64, hours: i64) -> Put {
    store.write(|t| put(t, city, told, how, sweep, at(hours))).unwrap()
}

fn tell(store: &Store, city: &Url, told: &Activity, sweep: i64, hours: i64) -> Put {
    told_by(store, city, told, Told::Fully, sweep, hours)
}

fn shown(store: &Store, filter: &Filter) -> Vec<String> {
    let (rows, total) = store.read(|c| page(c, filter, 0, 60)).unwrap();
    assert_eq!(rows.len() as u32, total);
    rows.into_iter().map(|row| row.id).collect()
}

fn all(store: &Store) -> Vec<String> {
    let mut all = shown(store, &Filter { now: at(0), ..Filter::default() });
    all.sort();
    all
}

#[test]
fn what_is_told_is_new_then_the_same_then_changed() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    assert_eq!(tell(&store, &here, &told("1"), 1, 0), Put::New);
    assert_eq!(tell(&store, &here, &told("1"), 2, 5), Put::Same);
    let row = store.read(|c| by_id(c, "1@utrecht.example")).unwrap();
    assert_eq!((row.seen_at, row.whole_at), (at(5), None), "it was seen again");
    let changed = Activity { title: "Iets anders".to_owned(), ..told("1") };
    assert_eq!(tell(&store, &here, &changed, 3, 6), Put::Changed);
    assert_eq!(store.read(|c| by_id(c, "1@utrecht.example")).unwrap().activity.title, "Iets anders");
    let search = |text: &str| shown(&store, &Filter { search: Some(text.to_owned()), now: at(0), ..Filter::default() });
    assert_eq!((search("anders").len(), search("activiteit").len()), (1, 0), "searched by its new words alone");
}

#[test]
fn a_card_keeps_what_only_the_whole_of_it_told() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let badge = |tasks: Option<u32>| Badge {
        id: "81001".to_owned(),
        class: None,
        name: "Fietsmaker".to_owned(),
        issuer: None,
        description: None,
        picture: None,
        evidence: None,
        tasks: Vec::new(),
        tasks_needed: tasks,
        requires: Vec::new(),
        requires_count: None,
    };
    let organiser = |verified| Organiser {
        id: Some("7001".to_owned()),
        name: "Domstad".to_owned(),
        verified,
        description: None,
        address: None,
        picture: None,
        links: Vec::new(),
    };
    let whole = Activity {
        description: Some("Alles.".to_owned()),
        badges: vec![badge(Some(2))],
        organiser: Some(organiser(Some(true))),
        co_hosts: vec!["Buurt".to_owned()],
        parts: vec![Part { id: "2".to_owned(), title: "Deel".to_owned(), mandatory: true, ..Part::default() }],
        whole: true,
        ..told("1")
    };
    let card =
        Activity { title: "Nieuwe titel".to_owned(), badges: vec![badge(None)], organiser: Some(organiser(None)), ..told("1") };
    tell(&store, &here, &card, 1, 0);
    assert_eq!(store.read(|c| by_id(c, "1@utrecht.example")).unwrap().whole_at, None);
    tell(&store, &here, &whole, 1, 1);
    tell(&store, &here, &card, 2, 2);
    let row = store.read(|c| by_id(c, "1@utrecht.example")).unwrap();
    assert_eq!((row.activity.title.as_str(), row.whole_at), ("Nieuwe titel", Some(at(1))));
    assert_eq!(row.activity.description.as_deref(), Some("Alles."));
    assert_eq!(row.activity.badges[0].tasks_needed, Some(2));
    assert_eq!(row.activity.organiser.unwrap().verified, Some(true));
    assert_eq!((row.activity.co_hosts.len(), row.activity.parts.len()), (1, 1));
    // Another organiser is another one.
    let moved = Activity { organiser: Some(Organiser { name: "Iemand".to_owned(), ..organiser(None) }), ..card };
    tell(&store, &here, &moved, 3, 3);
    assert_eq!(store.read(|c| by_id(c, "1@utrecht.example")).unwrap().activity.organiser.unwrap().verified, None);
}

fn a_badge(id: &str, name: &str) -> Badge {
    Badge {
        id: id.to_owned(),
        class: None,
        name: name.to_owned(),
        issuer: None,
        description: None,
        picture: None,
        evidence: None,
        tasks: Vec::new(),
        tasks_needed: None,
        requires: Vec::new(),
        requires_count: None,
    }
}

#[test]
fn what_is_absent_was_taken_away_only_where_the_answer_was_complete() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let full = Activity {
        start: Some(at(5)),
        end: Some(at(7)),
        time_zone: Some("Europe/Amsterdam".to_owned()),
        online: true,
        address: Some("Neude 1".to_owned()),
        place: Point::new(52.09, 5.12),
        badges: vec![Badge { tasks_needed: Some(2), ..a_badge("1", "Maker") }, a_badge("2", "Helper")],
        whole: true,
        ..told("1")
    };
    tell(&store, &here, &full, 1, 0);
    let row = || store.read(|c| by_id(c, "1@utrecht.example")).unwrap();
    let bare = Activity { category: None, skills: Vec::new(), badges: vec![a_badge("1", "Makers")], ..told("1") };
    assert_eq!(told_by(&store, &here, &bare, Told::Partly, 2, 1), Put::Changed);
    let Stored { activity, ends_at, whole_at, .. } = row();
    assert_eq!((activity.start, activity.end, ends_at, whole_at), (Some(at(5)), Some(at(7)), Some(at(7)), Some(at(0))));
    assert_eq!((&activity.address, activity.place, activity.online), (&full.address, full.place, true));
    assert_eq!((&activity.category, &activity.skills, &activity.time_zone), (&full.category, &full.skills, &full.time_zone));
    let names: Vec<_> = activity.badges.iter().map(|badge| (badge.name.as_str(), badge.tasks_needed)).collect();
    assert_eq!(names, [("Makers", Some(2)), ("Helper", None)], "renamed, with its tasks; the other one is no card's to take");
    // The same words of an answer that was complete take away what they do not say.
    assert_eq!(tell(&store, &here, &bare, 3, 2), Put::Changed);
    let Stored { activity, .. } = row();
    assert_eq!((activity.start, activity.place, activity.category, activity.online), (None, None, None, false));
    assert_eq!(activity.badges.len(), 2);
}

#[test]
fn a_page_changes_nothing_that_an_interface_told() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let title = || store.read(|c| by_id(c, "1@utrecht.example")).unwrap().activity.title;
    let said = |title: &str| Activity { title: title.to_owned(), whole: true, ..told("1") };
    assert_eq!(told_by(&store, &here, &said("Van een pagina"), Told::ByPage, 0, 0), Put::New);
    assert_eq!(told_by(&store, &here, &said("Van een nieuwere"), Told::ByPage, 0, 1), Put::Changed);
    assert!(!store.read(|c| is_of_interface(c, "1@utrecht.example")).unwrap());
    assert_eq!(tell(&store, &here, &told("1"), 1, 2), Put::Changed);
    assert_eq!(told_by(&store, &here, &said("Gekaapt"), Told::ByPage, 1, 3), Put::Same);
    assert_eq!(title(), "Activiteit 1");
    assert!(store.read(|c| is_of_interface(c, "1@utrecht.example")).unwrap());
}

#[test]
fn the_document_of_a_badge_leaves_what_only_the_catalogue_says() {
    let (_dir, store) = store();
    let here = choose(&store, "edubadges.example");
    let organiser = Organiser {
        id: None,
        name: "Hogeschool".to_owned(),
        verified: None,
        description: None,
        address: None,
        picture: None,
        links: Vec::new(),
    };
    let badge = |issuer: Option<&str>| Badge { issuer: issuer.map(str::to_owned), ..a_badge("b", "Onderzoek doen") };
    let bare = || Activity { kind: Kind::Badge, ..told("b") };
    let card =
        Activity { form: Some("regular".to_owned()), organiser: Some(organiser), badges: vec![badge(Some("Faculteit"))], ..bare() };
    let document = Activity { description: Some("Alles.".to_owned()), badges: vec![badge(None)], whole: true, ..bare() };
    tell(&store, &here, &card, 1, 0);
    tell(&store, &here, &document, 1, 1);
    let Stored { activity, whole_at, .. } = store.read(|c| by_id(c, "b@edubadges.example")).unwrap();
    assert_eq!((activity.form.as_deref(), whole_at), (Some("regular"), Some(at(1))));
    assert_eq!(activity.organiser.map(|o| o.name).as_deref(), Some("Hogeschool"));
    assert_eq!((activity.badges[0].issuer.as_deref(), activity.description.as_deref()), (Some("Faculteit"), Some("Alles.")));
}

#[test]
fn a_part_is_what_its_home_or_its_playlists_own_city_tells_of() {
    let (_dir, store) = store();
    let (here, there) = (choose(&store, "utrecht.example"), choose(&store, "breda.example"));
    let part = |home: Option<&Url>| Part {
        id: "2".to_owned(),
        title: "Deel".to_owned(),
        mandatory: true,
        home: home.cloned(),
        ..Part::default()
    };
    tell(&store, &here, &Activity { kind: Kind::Playlist, ..told("1") }, 1, 0);
    tell(&store, &there, &told("2"), 1, 0);
    let playlist = store.read(|c| by_id(c, "1@utrecht.example")).unwrap();
    let found = |part: &Part| store.read(|c| by_native(c, "badgecraft", "2", &playlist.sites_of(part))).unwrap().map(|row| row.id);
    assert_eq!(found(&part(None)), None, "the same number elsewhere is another activity");
    assert_eq!(found(&part(Some(&there))).as_deref(), Some("2@breda.example"));
    assert_eq!(found(&part(Some(&origin("elders.example")))), None);
    tell(&store, &here, &told("2"), 1, 0);
    assert_eq!(found(&part(None)).as_deref(), Some("2@utrecht.example"));
}

#[test]
fn the_end_of_a_round_takes_what_was_not_told_but_keeps_plans_and_other_cities() {
    let (_dir, store) = store();
    let (here, there) = (choose(&store, "utrecht.example"), choose(&store, "breda.example"));
    for id in ["1", "2", "3"] {
        tell(&store, &here, &told(id), 1, 0);
    }
    tell(&store, &there, &told("9"), 1, 0);
    store.write(|t| plan(t, "2@utrecht.example", true, at(0))).unwrap();
    assert_eq!(store.read(|c| next_sweep(c, "https://utrecht.example")).unwrap(), 2);
    tell(&store, &here, &told("1"), 2, 1);
    store.write(|t| end_sweep(t, "https://utrecht.example", 2, None)).unwrap();
    assert_eq!(all(&store), ["1@utrecht.example", "2@utrecht.example", "9@breda.example"]);
    let count = |sql: &str| -> u32 { store.read(|c| Ok(c.query_row(sql, [], |r| r.get(0))?)).unwrap() };
    for table in ["activities", "activity_texts"] {
        assert_eq!(count(&format!("SELECT count(*) FROM {table}")), 3, "{table}");
    }
    assert_eq!(count("SELECT count(DISTINCT activity) FROM activity_skills"), 3);
    assert_eq!(shown(&store, &Filter { search: Some("activiteit".to_owned()), now: at(0), ..Filter::default() }).len(), 3);
}

#[test]
fn after_a_round_in_which_items_could_not_be_read_only_what_was_missed_twice_goes() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    for id in ["1", "2", "3"] {
        tell(&store, &here, &told(id), 1, 0);
    }
    for id in ["1", "2"] {
        tell(&store, &here, &told(id), 2, 24);
    }
    store.write(|t| end_sweep(t, "https://utrecht.example", 2, Some(at(0)))).unwrap();
    assert_eq!(all(&store), ["1@utrecht.example", "2@utrecht.example", "3@utrecht.example"]);
    tell(&store, &here, &told("1"), 3, 48);
    store.write(|t| end_sweep(t, "https://utrecht.example", 3, Some(at(24)))).unwrap();
    assert_eq!(all(&store), ["1@utrecht.example", "2@utrecht.example"]);
}

#[test]
fn pictures_stay_as_long_as_anything_names_them() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let picture = |name: &str| here.join(&format!("/storage/{name}.png")).unwrap();
    let with = |id: &str| {
        let organiser = Organiser {
            id: None,
            name: "Domstad".to_owned(),
            verified: None,
            description: None,
            address: None,
            picture: Some(picture("organisatie")),
            links: Vec::new(),
        };
        let (card, cover) = (picture(&format!("plaatje-{id}")), picture(&format!("omslag-{id}")));
        Activity { picture: Some(card), cover: Some(cover), organiser: Some(organiser), ..told(id) }
    };
    let names = ["plaatje-1", "omslag-1", "plaatje-2", "omslag-2", "organisatie", "oud"];
    for id in ["1", "2"] {
        tell(&store, &here, &with(id), 1, 0);
    }
    for name in names {
        let here = Fetched::Here { thumbnail: b"klein".to_vec(), large: Some(b"groot".to_vec()) };
        store.write(|t| picture_arrived(t, picture(name).as_str(), &here, at(0))).unwrap();
    }
    let kept = || -> Vec<&str> {
        let is = |name: &&&str| store.read(|c| large_picture(c, picture(name).as_str())).unwrap().is_some();
        names.iter().filter(is).copied().collect()
    };
    tell(&store, &here, &with("1"), 2, 1);
    store.write(|t| end_sweep(t, "https://utrecht.example", 2, None)).unwrap();
    assert_eq!(kept(), ["plaatje-1", "omslag-1", "organisatie"]);
    store.write(|t| remove_city(t, "https://utrecht.example")).unwrap();
    assert_eq!(kept(), [""; 0]);
}

#[test]
fn a_large_picture_is_fetched_for_a_page_and_never_lost() {
    let (_dir, store) = store();
    let url = "https://utrecht.example/storage/plaatje.png";
    let wanted = |size| store.read(|c| is_wanted(c, url, size, at(0))).unwrap();
    let large = || store.read(|c| large_picture(c, url)).unwrap();
    let arrives = |picture: &Fetched| store.write(|t| picture_arrived(t, url, picture, at(0))).unwrap();
    let small = Fetched::Here { thumbnail: b"klein".to_vec(), large: None };
    assert!(wanted(Size::Card) && wanted(Size::Page));
    arrives(&small);
    assert!(!wanted(Size::Card) && wanted(Size::Page));
    assert_eq!(large().unwrap(), b"klein");
    arrives(&Fetched::Refused);
    assert_eq!(large().unwrap(), b"klein");
    arrives(&Fetched::Here { thumbnail: b"klein".to_vec(), large: Some(b"groot".to_vec()) });
    arrives(&small);
    assert!(!wanted(Size::Page));
    assert_eq!(large().unwrap(), b"groot");
}

#[test]
fn what_filters_offer_follows_what_is_written_and_what_is_over() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let dated = |id: &str, start: i64| Activity { start: Some(at(start)), end: Some(at(start + 1)), ..told(id) };
    let all = |now: i64| store.read(|c| store.offers(c, at(now))).unwrap().all;
    assert_eq!(all(0), 0);
    tell(&store, &here, &dated("1", 30), 1, 0);
    assert_eq!(all(0), 1);
    tell(&store, &here, &dated("2", 300), 1, 0);
    assert_eq!(all(0), 2);
    // What is over is left out, and counts again where the clock was set back.
    assert_eq!((all(32), all(0)), (1, 2));
}

#[test]
fn a_copy_is_hidden_only_while_its_home_tells_of_it() {
    let (_dir, store) = store();
    let (copier, home) = (choose(&store, "breda.example"), choose(&store, "utrecht.example"));
    let copy = |id: &str| Activity { home: Some(home.clone()), title: "Kopie".to_owned(), ..told(id) };
    tell(&store, &copier, &copy("1"), 1, 0);
    tell(&store, &copier, &copy("2"), 1, 0);
    assert_eq!(all(&store), ["1@breda.example", "2@breda.example"]);
    tell(&store, &home, &told("1"), 1, 0);
    assert_eq!(all(&store), ["1@utrecht.example", "2@breda.example"]);
    assert_eq!(tell(&store, &copier, &Activity { title: "Kopie, nu anders".to_owned(), ..copy("1") }, 2, 1), Put::Changed);
    assert_eq!(all(&store), ["1@utrecht.example", "2@breda.example"], "telling it again does not show it");
    let by_native = |city: &str| store.read(|c| by_native(c, "badgecraft", "1", &[city.to_owned()])).unwrap().unwrap().id;
    assert_eq!(by_native("https://breda.example"), "1@utrecht.example", "where its own copy says that it lives");
    store.write(|t| remove_city(t, "https://utrecht.example")).unwrap();
    assert_eq!(all(&store), ["1@breda.example", "2@breda.example"]);
}

#[test]
fn what_was_planned_and_ticked_of_a_copy_goes_along_to_its_home() {
    let (_dir, store) = store();
    let (copier, home) = (choose(&store, "breda.example"), choose(&store, "utrecht.example"));
    tell(&store, &copier, &Activity { home: Some(home.clone()), ..told("1") }, 1, 0);
    store.write(|t| plan(t, "1@breda.example", true, at(0))).unwrap();
    store.write(|t| tick(t, "1@breda.example", "2", Some(true))).unwrap();
    tell(&store, &home, &told("1"), 1, 1);
    let planned = || shown(&store, &Filter { planned: true, now: at(0), ..Filter::default() });
    assert_eq!(planned(), ["1@utrecht.example"]);
    assert_eq!(store.read(|c| ticks(c, "1@utrecht.example")).unwrap().get("2"), Some(&true));
    store.write(|t| plan(t, "1@utrecht.example", false, at(2))).unwrap();
    tell(&store, &copier, &Activity { home: Some(home.clone()), title: "Anders".to_owned(), ..told("1") }, 2, 3);
    assert_eq!(planned(), [""; 0], "and what is no longer planned stays so");
}

#[test]
fn whoever_says_that_another_citys_activity_is_its_own_changes_nothing_there() {
    let (_dir, store) = store();
    let (honest, thief) = (choose(&store, "utrecht.example"), choose(&store, "dief.example"));
    tell(&store, &honest, &told("1"), 1, 0);
    tell(&store, &thief, &Activity { title: "Gekaapt".to_owned(), ..told("1") }, 1, 0);
    assert_eq!(all(&store), ["1@dief.example", "1@utrecht.example"]);
    assert_eq!(store.read(|c| by_id(c, "1@utrecht.example")).unwrap().activity.title, "Activiteit 1");
    let found = |city: &str| store.read(|c| by_native(c, "badgecraft", "1", &[city.to_owned()])).unwrap().map(|row| row.id);
    assert_eq!(found("https://utrecht.example").as_deref(), Some("1@utrecht.example"), "parts of a playlist are its own city's");
    assert_eq!(found("https://elders.example"), None, "and of no other that has the number");
    // A home that says that it lives elsewhere hides nobody.
    let away = Activity { home: Some(origin("weg.example")), ..told("1") };
    tell(&store, &thief, &away, 2, 1);
    tell(&store, &honest, &Activity { home: Some(thief.clone()), ..told("1") }, 2, 1);
    assert_eq!(all(&store), ["1@dief.example", "1@utrecht.example"]);
}

#[test]
fn what_was_only_looked_at_is_shown_once_its_city_is_chosen_also_when_it_tells_the_same() {
    let (_dir, store) = store();
    let there = origin("breda.example");
    tell(&store, &there, &told("1"), 0, 0);
    assert_eq!(all(&store), [""; 0]);
    choose(&store, "breda.example");
    assert_eq!(tell(&store, &there, &told("1"), 1, 1), Put::Same);
    assert_eq!(all(&store), ["1@breda.example"]);
}

#[test]
fn a_map_with_too_much_on_it_says_how_much_and_near_a_point_shows_the_nearest() {
    let (_dir, store) = store();
    let origin = choose(&store, "a.example");
    for n in 0..6 {
        let place = Point::new(52.0 + f64::from(n) / 100.0, 5.0);
        tell(&store, &origin, &Activity { place: place.filter(|_| n > 0), ..told(&n.to_string()) }, 1, 0);
    }
    let seen = |near: Option<f64>, limit| {
        let near = near.map(|km| (Point::new(52.0, 5.0).unwrap(), km));
        let marks = store.read(|c| marks(c, &Filter { now: at(0), near, ..Filter::default() }, limit)).unwrap();
        let natives: Vec<String> = marks.marked.into_iter().map(|marked| marked.activity.id).collect();
        (natives.join(" "), marks.left_out, marks.without_place)
    };
    assert_eq!(seen(None, 5), ("5 4 3 2 1".to_owned(), 0, 1));
    assert_eq!(seen(None, 2), ("5 4".to_owned(), 3, 1), "the newest");
    assert_eq!(seen(Some(3.5), 5), ("3 2 1".to_owned(), 0, 0));
    assert_eq!(seen(Some(3.5), 2), ("2 1".to_owned(), 1, 0), "the nearest");
}

#[test]
fn what_gives_a_badge_is_found_by_the_badges_name_also_when_it_is_over() {
    let (_dir, store) = store();
    let origin = choose(&store, "a.example");
    let names = ["Café: \"Barista\"", "Barista", "Zagen"];
    for (n, name) in names.into_iter().enumerate() {
        let over = Activity { badges: vec![a_badge("1", name)], end: Some(at(-9)), ..told(&n.to_string()) };
        tell(&store, &origin, &over, 1, 0);
    }
    let found = |names: &[&str]| {
        let rows = store.read(|c| giving(c, names, 2)).unwrap();
        rows.into_iter().map(|row| row.activity.id).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found(&["BARISTA", "iets anders"]), "1 0");
    assert_eq!(found(&["cafe barista"]), "0");
    assert_eq!(found(&names), "2 1", "at most two");
    for odd in ["", "*", "\"", "badge : x", "NOT", "a\" OR \"b", "\u{0}", "a\u{0}b"] {
        assert_eq!(found(&[odd]), "", "{odd:?}");
    }
    let many: Vec<String> = (0..2_000).map(|n| format!("zagen {n}")).collect();
    assert_eq!(found(&many.iter().map(String::as_str).collect::<Vec<_>>()), "");
}

#[test]
fn it_is_over_at_its_end_or_after_its_duration_or_when_its_day_is() {
    let (_dir, store) = store();
    let here = choose(&store, "utrecht.example");
    let start = Some(at(0));
    let rows = [
        ("eind", Activity { start, end: Some(at(3)), ..told("eind") }, 3),
        ("duur", Activity { start, duration: Some(2 * 3600), ..told("duur") }, 2),
        ("dag", Activity { start, ..told("dag") }, 12),
        ("alleen", Activity { end: Some(at(1)), ..told("alleen") }, 1),
    ];
    for (_, row, _) in &rows {
        tell(&store, &here, row, 1, 0);
    }
    tell(&store, &here, &told("altijd"), 1, 0);
    for hours in [0, 1, 2, 3, 12, 13, 10_000] {
        let mut here = shown(&store, &Filter { now: at(hours), ..Filter::default() });
        here.sort();
        let mut open: Vec<String> =
            rows.iter().filter(|(_, _, ends)| *ends >= hours).map(|(id, ..)| format!("{id}@utrecht.example")).collect();
        open.push("altijd@utrecht.example".to_owned());
        open.sort();
        assert_eq!(here, open, "{hours} hours on");
    }
}

#[test]
fn ticks_are_set_changed_and_cleared() {
    let (_dir, store) = store();
    let ticks = || store.read(|c| ticks(c, "1@utrecht.example")).unwrap();
    let tick = |done| store.write(|t| tick(t, "1@utrecht.example", "2", done)).unwrap();
    tick(Some(true));
    assert_eq!(ticks().get("2"), Some(&true));
    tick(Some(false));
    assert_eq!(ticks().get("2"), Some(&false));
    tick(None);
    assert!(ticks().is_empty());
}

fn plan_of(c: &Connection, sql: &str) -> String {
    let mut statement = c.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let rows = statement.query_map([], |r| r.get::<_, String>(3)).unwrap();
    rows.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
}

#[test]
fn the_first_page_comes_straight_off_an_index() {
    let (_dir, store) = store();
    let (sql, _) = list::conditions(&Filter { now: at(0), ..Filter::default() });
    let sql = sql.replace("?1", "0");
    let page = format!("SELECT a.key FROM activities a WHERE {sql} AND a.starts_at >= 0 ORDER BY a.starts_at, a.key LIMIT 60");
    let plan = store.read(|c| Ok(plan_of(c, &page))).unwrap();
    assert!(plan.contains("activities_dated") && !plan.contains("TEMP B-TREE"), "{plan}");
}
