//! GraphQL of Cities of Learning.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cities_of_learning;
use super::*;

const SCHEMA: &str = include_str!("../../../../tests/city/schema.graphql");

/// Answers lists and details of the fixture.
fn utrecht(body: &Value) -> Value {
    match body["operationName"].as_str() {
        Some("ColList") => fixture("list"),
        Some("ColDetail") => fixture("details")[body["variables"]["id"].as_str().unwrap()].clone(),
        other => panic!("{other:?}"),
    }
}

/// The lines of a query, trimmed.
fn lines(body: &Value) -> Vec<String> {
    body["query"].as_str().unwrap().lines().map(|line| line.trim().to_owned()).collect()
}

fn asks_for(body: &Value, field: &str) -> bool {
    lines(body).iter().any(|line| line.split([' ', ':']).next() == Some(field))
}

/// Refuses fields in the words of graphql-js, and answers the rest.
fn without(fields: &'static [(&'static str, &'static str)]) -> Fake {
    Fake::graphql(move |body| {
        let errors: Vec<Value> = fields
            .iter()
            .filter(|(field, _)| asks_for(body, field))
            .map(|(field, on)| json!({"message": format!("Cannot query field \"{field}\" on type \"{on}\". Did you mean \"name\"?"), "locations": [{"line": 1, "column": 1}]}))
            .collect();
        if errors.is_empty() { utrecht(body) } else { json!({ "errors": errors }) }
    })
}

#[tokio::test]
async fn a_page_of_cards() {
    let fake = Fake::graphql(utrecht);
    let page = fake.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap();
    assert_eq!((page.items.len(), page.total, page.dropped, page.next.is_none()), (4, Some(4), 0, true));
    let bike = &page.items[0];
    assert_eq!((bike.platform.as_str(), bike.id.as_str(), bike.kind, bike.whole), ("badgecraft", "31001", Kind::Activity, false));
    assert_eq!((bike.price.as_ref(), bike.audience.as_ref()), (None, None), "unknown, and never free");
    assert_eq!(bike.page, Some(url("https://stad.example/activities/31001")));
    assert_eq!(bike.picture, Some(url("https://stad.example/storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031001.png")));
    assert_eq!((bike.duration, bike.time_zone.as_deref()), (Some(7200), Some("Europe/Amsterdam")));
    assert_eq!(bike.badges[0].name, "Fietsmaker: je eerste band geplakt");
    let [_, buddy, online, route] = page.items.as_slice() else { panic!("four") };
    assert_eq!((buddy.start, buddy.end), (None, Some("2026-12-18T16:00:00Z".parse().unwrap())));
    assert!(online.online && online.place.is_none() && !bike.online);
    assert_eq!(online.skills.len(), 1, "a hole among skills is none");
    assert_eq!((route.kind, route.parts.len(), route.badges[0].requires.len()), (Kind::Playlist, 2, 2));
    assert_eq!((route.parts[0].title.as_str(), route.parts[0].mandatory), ("Fiets repareren in de bieb", true));
    let asked = &fake.queries()[0];
    assert_eq!(asked["variables"], json!({"lang": "nl", "limit": 24, "offset": 0}), "nothing of a search, nothing of the learner");
    let post = &fake.posted.lock().unwrap()[0];
    assert_eq!(post.headers, [("X-Lang", "nl".to_owned())]);
    assert!(post.chosen && post.together);
}

#[tokio::test]
async fn everything_about_one() {
    let fake = Fake::graphql(utrecht);
    let whole = |id: &'static str| {
        let fake = &fake;
        async move { fake.client().whole(&mut speaks_graphql(), id).await.unwrap().unwrap() }
    };
    let bike = whole("31001").await;
    assert!(bike.whole);
    let organiser = bike.organiser.unwrap();
    assert_eq!((organiser.verified, organiser.links.len()), (Some(true), 2));
    assert_eq!(bike.co_hosts, ["Buurtfietsers (fictief)"]);
    assert_eq!(bike.playlists, ["31010"]);
    assert_eq!(bike.links.last().unwrap().url, "https://leerwerkplaats.example/stappenplan.pdf");
    assert_eq!(bike.badges.len(), 1, "the badge of the whole is not told twice");
    let buddy = whole("31002").await;
    let badge = &buddy.badges[0];
    assert_eq!((badge.evidence, badge.tasks_needed, badge.tasks.len()), (Some(true), Some(2), 3));
    assert_eq!(badge.tasks[2].check.as_deref(), Some("self"));
    assert_eq!(badge.issuer.as_deref(), Some("Wijkteam Lombok Leert (fictief)"));
    assert_eq!(buddy.organiser.unwrap().verified, Some(false));
}

#[tokio::test]
async fn what_a_city_does_not_show_is_none() {
    for error in ["authorisationRequired", "authorizationRequired", "permissionDenied", "notFound"] {
        let fake = Fake::graphql(move |_| json!({"data": {"maybeProject": {"id": "1", "error": error, "project": null}}}));
        assert_eq!(fake.client().whole(&mut speaks_graphql(), "1").await.unwrap(), None, "{error}");
    }
    for nothing in [json!(null), json!({"error": null, "project": null})] {
        let answer = |errors: Value| {
            let data = json!({ "maybeProject": nothing });
            Fake::graphql(move |_| json!({"data": data, "errors": errors}))
        };
        let (none, failed) = (answer(json!([])), answer(json!([{"message": "Internal server error", "path": ["maybeProject"]}])));
        let stranger = answer(json!([{"message": "authorizationRequired", "path": ["maybeProject"]}]));
        assert_eq!(none.client().whole(&mut speaks_graphql(), "1").await.unwrap(), None);
        assert_eq!(stranger.client().whole(&mut speaks_graphql(), "1").await.unwrap(), None);
        let error = failed.client().whole(&mut speaks_graphql(), "1").await.unwrap_err();
        assert_eq!(error.code, ErrorCode::CityOdd, "null beside an error is no answer");
    }
    let draft =
        cities_of_learning::project(&json!({"id": 1, "name": "A", "status": "draft"}), &url("https://stad.example/"), false);
    let hidden = cities_of_learning::project(
        &json!({"id": 1, "name": "A", "perms": {"view": {"value": 0}}}),
        &url("https://stad.example/"),
        false,
    );
    assert_eq!((draft, hidden), (None, None));
}

#[test]
fn every_field_and_argument_is_in_the_reconstructed_schema() {
    // Every word under its type, as far as this needs it.
    let (mut known, mut on) = (BTreeSet::new(), "");
    for line in SCHEMA.lines().map(|line| line.split('#').next().unwrap_or_default()) {
        if let Some(name) = line.strip_prefix("type ").and_then(|rest| rest.split(' ').next()) {
            on = name;
        }
        known.extend(line.split(|c: char| !c.is_alphanumeric()).map(|word| format!("{on}.{word}")));
    }
    let asked = cities_of_learning::asked();
    assert!(asked.len() > 100);
    for name in asked.iter().filter(|name| !name.contains("__typename") && !name.starts_with("ResolveCodeResult.")) {
        let parts: Vec<&str> = name.split('.').collect();
        let [on, field, rest @ ..] = parts.as_slice() else { panic!("{name}") };
        for word in [field].into_iter().chain(rest) {
            assert!(known.contains(&format!("{on}.{word}")), "{name}");
        }
    }
}

#[tokio::test]
async fn fields_that_moved_are_left_out_and_remembered() {
    let fake =
        without(&[("duration", "Project"), ("eventStart", "Project"), ("coHosts", "Project"), ("dominantColor", "PictureMeta")]);
    let mut city = speaks_graphql();
    let page = fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!(page.items.len(), 4);
    assert_eq!(city.lacks, ["PictureMeta.dominantColor", "Project.duration", "Project.eventStart"]);
    assert_eq!(fake.queries().len(), 2);
    assert!(!asks_for(&fake.queries()[1], "coverMeta"), "a type without fields is not asked for");
    fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!(fake.queries().len(), 3, "what was learned is not asked again");
    fake.client().whole(&mut city, "31001").await.unwrap().unwrap();
    assert!(city.lacks.contains(&"Project.coHosts".to_owned()));
    assert_eq!(fake.queries().len(), 5);
}

#[tokio::test]
async fn arguments_and_enum_values_that_are_gone_are_left_out() {
    let fake = Fake::graphql(|body| {
        let lines = lines(body);
        let line = |text: &str| lines.iter().position(|line| line.starts_with(text)).map(|at| at + 1);
        if asks_for(body, "lang") {
            json!({"errors": [{"message": "Unknown argument \"lang\" on field \"Project.skills\"."}]})
        } else if let Some(at) = line("sort:") {
            json!({"errors": [{"message": "Value \"updatedAt\" does not exist in \"ProjectSort\" enum.", "locations": [{"line": at, "column": 9}]}]})
        } else if line("contexts: ").is_some() {
            json!({"errors": [{"message": "Argument \"contexts\" has invalid value [event, playlist].\nIn element #1: Expected type \"ProjectContext\", found playlist."}]})
        } else if asks_for(body, "siteFilter") {
            json!({"errors": [{"message": "Unknown argument \"siteFilter\" on field \"projects\" of type \"Query\"."}]})
        } else {
            assert!(!body["query"].as_str().unwrap().contains("$lang"), "a variable that nobody uses is not declared");
            utrecht(body)
        }
    });
    let mut city = speaks_graphql();
    assert_eq!(fake.client().page(&mut city, Cursor::default()).await.unwrap().items.len(), 4);
    assert_eq!(city.lacks, ["Project.skills.lang", "Query.projects.sort", "Query.projects.contexts", "Query.projects.siteFilter"]);
}

#[tokio::test]
async fn a_type_of_another_name_is_told_by_its_place_or_its_field() {
    let fake = Fake::graphql(|body| {
        let at = lines(body).iter().position(|line| line.starts_with("duration")).map(|at| at + 1);
        match at {
            Some(at) => {
                json!({"errors": [{"message": "Cannot query field \"duration\" on type \"Activity\".", "locations": [{"line": at, "column": 5}]}]})
            }
            None if asks_for(body, "completeBadgeClass") => {
                json!({"errors": [{"message": "Field 'completeBadgeClass' doesn't exist on type 'Activity'"}]})
            }
            None => utrecht(body),
        }
    });
    let mut city = speaks_graphql();
    fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert!(
        city.lacks.contains(&"Project.duration".to_owned()) && city.lacks.contains(&"Project.completeBadgeClass".to_owned()),
        "{:?}",
        city.lacks
    );
}

#[tokio::test]
async fn a_key_that_is_gone_takes_what_it_is_the_key_of() {
    let fake = without(&[("lat", "LatLng")]);
    let mut city = speaks_graphql();
    fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!(city.lacks, ["Project.location"]);
    let hopeless = without(&[("list", "ProjectList")]);
    let error = hopeless.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::CityOdd);
    assert_eq!(hopeless.queries().len(), 4, "tier by tier, and then no more");
}

#[tokio::test]
async fn a_refusal_without_a_name_costs_a_tier_that_is_remembered_once_the_rest_works() {
    let fake = Fake::graphql(|body| {
        if asks_for(body, "skills") { json!({"errors": [{"message": "Query is too complex"}]}) } else { utrecht(body) }
    });
    let mut city = speaks_graphql();
    assert_eq!(fake.client().page(&mut city, Cursor::default()).await.unwrap().items.len(), 4);
    assert_eq!(city.lacks, ["ColList extended"]);
    assert_eq!(fake.queries().len(), 4);
    fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!(fake.queries().len(), 5);
    let never = Fake::graphql(|_| json!({"errors": [{"message": "Internal server error"}]}));
    let mut city = speaks_graphql();
    assert_eq!(never.client().page(&mut city, Cursor::default()).await.unwrap_err().code, ErrorCode::CityOdd);
    assert!(city.lacks.is_empty(), "a fault of a day is not remembered");
}

#[tokio::test]
async fn what_a_playlist_says_of_its_parts_goes_before_anything_else() {
    let fake = Fake::graphql(|body| {
        let parts = lines(body).iter().filter(|line| line.starts_with("eventStart")).count();
        if parts > 1 { json!({"errors": [{"message": "Query is too complex"}]}) } else { utrecht(body) }
    });
    let mut city = speaks_graphql();
    let page = fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!((city.lacks.as_slice(), page.partial), (&["ColList parts".to_owned()][..], false));
    assert_eq!(page.items[3].parts.len(), 2);
    assert!(asks_for(fake.queries().last().unwrap(), "perms"));
    fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!(fake.queries().len(), 3);
}

#[test]
fn a_part_says_when_it_is_and_which_badge_it_gives() {
    let project = json!({"id": 31003, "name": "Elders", "tz": "Europe/Amsterdam", "eventStart": "2026-12-05T10:00",
        "site": {"siteUrl": "https://elders.example"}, "organisation": {"name": "De Werkplaats"},
        "completeBadgeClass": {"id": 81003, "name": "Maker"}});
    let playlist = json!({"id": 1, "name": "Route", "playlistActivities": [{"id": 31003, "project": project}, {"id": 31004, "project": null}]});
    let read = cities_of_learning::project(&playlist, &url("https://stad.example/"), false).unwrap();
    let [there, bare] = read.parts.as_slice() else { panic!("two") };
    assert_eq!((there.start, there.time_zone.as_deref()), ("2026-12-05T09:00:00Z".parse().ok(), Some("Europe/Amsterdam")));
    assert_eq!(there.badge, Some(Named { id: "81003".into(), name: "Maker".into() }));
    assert_eq!(there.organiser.as_deref(), Some("De Werkplaats"));
    assert_eq!(*bare, Part { id: "31004".into(), ..Part::default() });
    // As it was stored before.
    let stored = json!({"id": "31004", "title": "", "mandatory": false, "duration": null, "home": null});
    assert_eq!(serde_json::from_value::<Part>(stored.clone()).unwrap(), *bare);
    assert_eq!(serde_json::to_value(bare).unwrap(), stored);
}

#[test]
fn how_many_badges_come_first_is_kept_with_and_without_a_list() {
    let needs = |count: Value, list: Value| {
        let class = json!({"id": 1, "name": "Meester", "depsCount": count, "depsExplicit": list});
        let item = json!({"id": 1, "name": "Iets", "completeBadgeClass": class});
        let badge = cities_of_learning::project(&item, &url("https://stad.example/"), true).unwrap().badges.remove(0);
        (badge.requires.len(), badge.requires_count)
    };
    let two = || json!([{"id": 2, "name": "A"}, {"id": 3, "name": "B"}]);
    assert_eq!(needs(json!(1), two()), (2, Some(1)));
    assert_eq!(needs(json!(2), two()), (2, None), "all of them");
    assert_eq!(needs(json!(3), json!([])), (0, Some(3)), "so many of this activity");
    assert_eq!(needs(json!(3), json!(null)), (0, Some(3)));
    assert_eq!(needs(json!(0), json!([])), (0, None));
    assert_eq!(needs(json!(2), json!([{"id": 2}])), (0, None), "a list that cannot be read is a list");
    let unasked = json!({"id": 1, "name": "Iets", "completeBadgeClass": {"id": 1, "name": "Meester", "depsCount": 2}});
    let read = cities_of_learning::project(&unasked, &url("https://stad.example/"), true).unwrap();
    assert_eq!(read.badges[0].requires_count, None, "nobody knows of which");
}

#[tokio::test]
async fn what_was_refused_without_a_name_is_asked_again_in_the_next_round() {
    // Bad moments, one after the other.
    let turn = std::sync::atomic::AtomicU32::new(0);
    let fake = Fake::graphql(move |body| match turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0..=2 => json!({"errors": [{"message": "Internal server error"}]}),
        _ => utrecht(body),
    });
    let mut city = speaks_graphql();
    city.lacks.push("Project.color".to_owned());
    let page = fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert!(page.partial && city.lacks.contains(&"ColList extended".to_owned()), "{:?}", city.lacks);
    fake.client().begin(&mut city, false);
    assert_eq!(city.lacks, ["Project.color"], "what has a name stays");
    let page = fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert!(!page.partial && asks_for(fake.queries().last().unwrap(), "skills"));
    fake.client().begin(&mut city, true);
    assert!(city.lacks.is_empty());
}

#[tokio::test]
async fn an_answer_of_which_something_failed_is_not_the_whole_of_it() {
    let fake = Fake::graphql(|body| {
        let mut answer = utrecht(body);
        answer["errors"] = json!([{"message": "Timeout", "path": ["maybeProject", "project", "material"]}]);
        if let Some(list) = answer.pointer_mut("/data/projects/list").and_then(Value::as_array_mut) {
            list.pop();
            list[0] = Value::Null;
        }
        answer
    });
    let mut city = speaks_graphql();
    assert!(!fake.client().whole(&mut city, "31001").await.unwrap().unwrap().whole);
    let page = fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!((page.partial, page.items.len(), page.dropped), (true, 3, 1), "a hole may be an item that failed");
    let poor = Fake::graphql(|body| {
        if asks_for(body, "skills") { json!({"errors": [{"message": "Query is too complex"}]}) } else { utrecht(body) }
    });
    assert!(!poor.client().whole(&mut city, "31001").await.unwrap().unwrap().whole);
    // What the server says that it does not have is no failure.
    let drifted = without(&[("material", "Project")]);
    assert!(drifted.client().whole(&mut speaks_graphql(), "31001").await.unwrap().unwrap().whole);
}

#[tokio::test]
async fn a_start_that_cannot_be_read_is_not_for_any_time() {
    let card = |id: u32, start: Value| json!({"id": id, "name": "Iets", "eventStart": start});
    let fake = Fake::graphql(move |body| {
        let failed = |path: Value| json!([{"message": "Timeout", "path": path}, {"message": "Timeout"}]);
        if body["operationName"] == "ColDetail" {
            let found = json!({"maybeProject": {"project": card(2, json!(null))}});
            return json!({"data": found, "errors": failed(json!(["maybeProject", "project", "eventStart"]))});
        }
        let list =
            [card(1, json!(null)), card(2, json!(null)), card(3, json!("volgende week")), card(4, json!("2026-12-01T10:00Z"))];
        let list = json!({"projects": {"total": 4, "limit": 24, "offset": 0, "list": list}});
        json!({"data": list, "errors": failed(json!(["projects", "list", 1, "eventStart"]))})
    });
    let page = fake.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap();
    let when: Vec<_> = page.items.iter().map(|item| (item.start.is_some(), item.when_untold)).collect();
    assert_eq!(when, [(false, false), (false, true), (false, true), (true, false)]);
    let whole = fake.client().whole(&mut speaks_graphql(), "2").await.unwrap().unwrap();
    assert!(whole.when_untold && !whole.whole);
    let feed = json!({"version": 1, "items": [{"id": "1", "title": "Een", "start": "ooit"}, {"id": "2", "title": "Twee"}]});
    let fake = Fake::web(move |_| Some((200, feed.to_string().into())));
    let page = fake.client().page(&mut has_feed(), Cursor::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|item| item.when_untold).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn what_a_server_lacks_its_items_could_not_say() {
    let fake = without(&[("location", "Project"), ("type", "Project"), ("eventStart", "Project")]);
    let page = fake.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap();
    for item in page.items {
        assert_eq!((item.unasked, item.when_untold), (vec!["form", "online", "place", "start"], item.start.is_none()));
    }
}

#[tokio::test]
async fn a_list_is_newest_first_as_long_as_it_takes_the_order() {
    let fake = without(&[]);
    let client = fake.client();
    let mut city = speaks_graphql();
    assert!(client.newest_first(&city));
    for argument in ["sort", "order"] {
        city.lacks = vec![format!("Query.projects.{argument}")];
        assert!(!client.newest_first(&city), "{argument}");
    }
    assert!(!client.newest_first(&has_feed()));
}

#[tokio::test]
async fn a_server_that_tells_one_fault_at_a_time_is_not_asked_for_ever() {
    // Whatever comes first in the query below the list is refused.
    let fake = Fake::graphql(|body| {
        let on: BTreeMap<&str, &str> = [
            "contexts",
            "type",
            "description",
            "eventStart",
            "eventEnd",
            "tz",
            "address",
            "location",
            "coverPicture",
            "coverMeta",
            "color",
            "status",
            "duration",
            "category",
            "skills",
        ]
        .into_iter()
        .map(|field| (field, "Project"))
        .collect();
        let first = lines(body)
            .iter()
            .skip_while(|line| !line.starts_with("list"))
            .find_map(|line| on.get_key_value(line.split([' ', ':']).next()?).map(|(field, _)| (*field).to_owned()));
        match first {
            Some(field) => json!({"errors": [{"message": format!("Cannot query field \"{field}\" on type \"Project\".")}]}),
            None => utrecht(body),
        }
    });
    let mut city = speaks_graphql();
    let first = fake.client().page(&mut city, Cursor::default()).await;
    assert!(fake.queries().len() <= 12);
    let lacks = city.lacks.len();
    assert!(lacks >= 9, "{lacks}");
    if first.is_err() {
        fake.client().page(&mut city, Cursor::default()).await.unwrap();
    }
    assert!(city.lacks.iter().all(|lack| lack.starts_with("Project.")), "{:?}", city.lacks);
}

#[tokio::test]
async fn errors_beside_data_and_statuses_of_refusals_are_tolerated() {
    let fake = Fake::graphql(|body| {
        let mut answer = utrecht(body);
        answer["errors"] = json!([{"message": "permissionDenied", "path": ["projects", "list", 2, "organisation"], "locations": [{"line": 3, "column": 3}]}]);
        answer
    });
    let mut city = speaks_graphql();
    assert_eq!(fake.client().page(&mut city, Cursor::default()).await.unwrap().items.len(), 4);
    assert!(city.lacks.is_empty());
    // Some servers refuse with 400.
    let strict = Fake::new(
        |_| Err(FetchError::Offline),
        |_, body| {
            let refused = asks_for(body, "tz");
            Ok(posted(
                if refused { 400 } else { 200 },
                &if refused {
                    json!({"errors": [{"message": "Cannot query field \"tz\" on type \"Project\"."}]})
                } else {
                    utrecht(body)
                },
            ))
        },
    );
    assert_eq!(strict.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap().items.len(), 4);
}

#[tokio::test]
async fn what_is_no_answer_is_odd() {
    let answers: [(u16, &str, &str, ErrorCode); 8] = [
        (200, "text/html", "<!doctype html>", ErrorCode::CityOdd),
        (500, "text/plain", "Something went wrong. And we are reporting a custom error message.", ErrorCode::CityOdd),
        (200, "application/json", "{\"data\":", ErrorCode::CityOdd),
        (200, "application/json", "[]", ErrorCode::CityOdd),
        (200, "application/json", "{\"data\":null}", ErrorCode::CityOdd),
        (200, "application/json", "{\"data\":{\"projects\":null}}", ErrorCode::CityOdd),
        (200, "application/json", "{\"data\":{\"projects\":{\"list\":\"x\"}}}", ErrorCode::CityOdd),
        (429, "application/json", "{\"errors\":[]}", ErrorCode::CityBusy),
    ];
    for (status, kind, body, code) in answers {
        let fake = Fake::new(
            |_| Err(FetchError::Offline),
            move |_, _| Ok(Posted { status, content_type: kind.into(), body: body.into() }),
        );
        assert_eq!(fake.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap_err().code, code, "{body}");
    }
    let deep = format!("{{\"data\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let fake = Fake::new(
        |_| Err(FetchError::Offline),
        move |_, _| Ok(Posted { status: 200, content_type: "application/json".into(), body: deep.clone().into() }),
    );
    assert_eq!(fake.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap_err().code, ErrorCode::CityOdd);
}

/// `total` cards, `give` at a time whatever was asked.
fn many(total: u64, give: u64, says_limit: bool) -> Fake {
    Fake::graphql(move |body| {
        let offset = body["variables"]["offset"].as_u64().unwrap();
        let list: Vec<Value> = (offset..total.min(offset + give)).map(|id| json!({"id": id, "name": format!("Nr {id}")})).collect();
        json!({"data": {"projects": {"total": total, "limit": if says_limit { json!(give) } else { json!(null) }, "offset": offset, "list": list}}})
    })
}

#[tokio::test]
async fn a_list_is_read_to_its_end_and_not_further() {
    for (give, says_limit, pages) in [(24, true, 3), (10, true, 6), (10, false, 6)] {
        let fake = many(60, give, says_limit);
        let (ids, asked) = read_all(&fake, &mut speaks_graphql()).await;
        assert_eq!(ids, (0..60).map(|id| id.to_string()).collect::<Vec<_>>());
        assert_eq!(asked, pages);
    }
    // The offset is ignored and the total is huge.
    let endless = Fake::graphql(
        |_| json!({"data": {"projects": {"total": 1_000_000_000, "limit": 24, "offset": 0, "list": [{"id": 1, "name": "Een"}]}}}),
    );
    assert_eq!(read_all(&endless, &mut speaks_graphql()).await, (vec!["1".to_owned()], 2));
    // The limit is ignored, one way or the other, and what is said of it is not what was done.
    for (give, pages) in [(300, 1), (10, 6)] {
        let fake = Fake::graphql(move |body| {
            let offset = body["variables"]["offset"].as_u64().unwrap();
            let list: Vec<Value> =
                (offset..60.max(give).min(offset + give)).map(|id| json!({"id": id, "name": format!("Nr {id}")})).collect();
            json!({"data": {"projects": {"total": 60.max(give), "limit": 24, "offset": offset, "list": list}}})
        });
        let (ids, asked) = read_all(&fake, &mut speaks_graphql()).await;
        assert_eq!(ids, (0..60.max(give)).map(|id| id.to_string()).collect::<Vec<_>>());
        assert_eq!(asked, pages);
    }
    // A page of which nothing is shown, before the end; and a total that counts what is for nobody.
    for (total, last) in [(72, 3), (1_000_000, 3 + 8)] {
        let gap = Fake::graphql(move |body| {
            let offset = body["variables"]["offset"].as_u64().unwrap();
            let ids = if offset == 24 { 0..0 } else { offset..72.min(offset + 24) };
            let list: Vec<Value> = ids.map(|id| json!({"id": id, "name": format!("Nr {id}")})).collect();
            json!({"data": {"projects": {"total": total, "limit": 24, "offset": offset, "list": list}}})
        });
        let (ids, asked) = read_all(&gap, &mut speaks_graphql()).await;
        assert_eq!((ids.len(), asked), (48, last), "{total}");
    }
    let holes =
        Fake::graphql(|_| json!({"data": {"projects": {"total": 1_000_000_000, "limit": 24, "offset": 0, "list": [null]}}}));
    let (ids, asked) = read_all(&holes, &mut speaks_graphql()).await;
    assert!(ids.is_empty() && asked <= 1_100);
}

#[tokio::test]
async fn a_list_has_no_more_than_a_city_may_have() {
    let (ids, _) = read_all(&many(1_000_000, 24, true), &mut speaks_graphql()).await;
    assert_eq!(ids.len(), limits::ITEMS);
}

#[test]
fn a_hostile_item_is_harmless_or_gone() {
    let origin = url("https://stad.example/");
    let mut item = fixture("details")["31001"]["data"]["maybeProject"]["project"].clone();
    let hostile = json!({"name": "Gratis \u{202e}egdab\u{202c}", "website": "javascript:alert(1)", "location": {"lat": "NaN", "lng": "5"}, "eventStart": 9e17, "eventEnd": "0000-00-00T99:99:99Z",
        "picture": "file:///etc/passwd", "coverPicture": "http://169.254.169.254/latest", "type": "tove rij", "contexts": ["event", "onbekend"], "tz": "Mars/Olympus Mons",
        "duration": {"seconds": -2147483648_i64}, "site": {"siteUrl": "javascript:alert(1)"}, "category": {"id": "99", "name": "\u{0}\u{7}"}, "color": "red",
        "coverMeta": {"dominantColor": "#fff;}"}, "skills": "geen lijst", "playlistActivities": [{"id": "31001"}, {"id": "0", "project": null}, 7, {"id": "0"}]});
    hostile.as_object().unwrap().iter().for_each(|(key, value)| item[key] = value.clone());
    let read = cities_of_learning::project(&item, &origin, true).unwrap();
    everything::keeps_to_limits(&read);
    assert_eq!(read.title, "Gratis egdab");
    assert_eq!((read.start, read.end, read.place, read.picture.clone(), read.home.clone()), (None, None, None, None, None));
    assert_eq!(
        (read.form.clone(), read.time_zone.clone(), read.duration, read.colour.clone(), read.category.clone()),
        (None, None, None, None, None)
    );
    assert!(read.links.iter().all(|link| !link.url.starts_with("javascript")));
    assert_eq!(read.parts.iter().map(|part| part.id.as_str()).collect::<Vec<_>>(), ["0"], "each part once, and never itself");
}

#[test]
fn an_item_of_another_city_leads_to_its_home() {
    let item = json!({"id": "22155", "name": "Elders", "contexts": ["event"], "description": "een\ntwee\n\ndrie", "site": {"siteUrl": "https://global.example/nl"}});
    let read = cities_of_learning::project(&item, &url("https://stad.example/"), false).unwrap();
    assert_eq!(read.home, Some(url("https://global.example/")));
    assert_eq!(read.page, Some(url("https://global.example/activities/22155")));
    assert_eq!(read.description.as_deref(), Some("een  \ntwee\n\ndrie"), "a single line end is one");
}

#[tokio::test]
async fn each_arm_of_a_claim() {
    let arms = [
        (
            json!({"__typename": "ResolveCodeBadgeGained", "gained": true, "badge": {"id": "61001", "name": "Fietsmaker"}}),
            Resolved::Gained { name: "Fietsmaker".into(), now: Some(true), page: Some(url("https://stad.example/badges/61001")) },
        ),
        (
            json!({"__typename": "ResolveCodeBadgeGained", "gained": false, "badge": {"id": 61001, "name": "Fietsmaker"}}),
            Resolved::Gained { name: "Fietsmaker".into(), now: Some(false), page: Some(url("https://stad.example/badges/61001")) },
        ),
        (
            json!({"__typename": "ResolveCodeBadgeClassView", "error": "evidenceRequired", "badgeClass": {"id": "81002", "name": "Taalmaatje"}}),
            Resolved::More { name: "Taalmaatje".into(), page: Some(url("https://stad.example/classes/81002")) },
        ),
        (
            json!({"__typename": "ResolveCodeBadgeClassView", "error": "evidenceRequired", "badgeClass": {"id": "81002", "projectId": 31002, "name": "Taalmaatje"}}),
            Resolved::More { name: "Taalmaatje".into(), page: Some(url("https://stad.example/classes/81002?project=31002")) },
        ),
        (
            json!({"__typename": "ResolveCodeProjectJoin", "joined": true, "project": {"id": "31010", "name": "Wijkvernieuwer"}}),
            Resolved::JoinedActivity {
                name: "Wijkvernieuwer".into(),
                now: Some(true),
                page: Some(url("https://stad.example/activities/31010")),
            },
        ),
        (
            json!({"__typename": "ResolveCodeOrganisationJoin", "joined": false, "organisation": {"name": "Domstad"}}),
            Resolved::JoinedOrganisation { name: "Domstad".into(), now: Some(false) },
        ),
        (json!(null), Resolved::Unknown),
        (json!({"__typename": "ResolveCodeIets"}), Resolved::Unknown),
    ];
    for (arm, expected) in arms {
        let fake = Fake::graphql(move |_| json!({"data": {"resolveCode": arm}}));
        let client = Client { token: Some("t0k3n"), ..fake.client() };
        assert_eq!(client.resolve_code(&mut speaks_graphql(), "b4nd1a").await.unwrap(), expected);
        let post = fake.posted.lock().unwrap()[0].clone();
        assert!(post.headers.contains(&("Auth-Token", "t0k3n".to_owned())));
        assert!(
            !fake.queries()[0]["query"].as_str().unwrap().contains("b4nd1a"),
            "a code is a variable, and no part of what is logged"
        );
    }
    let visitor = Fake::graphql(|_| json!({"data": {"resolveCode": null}}));
    assert_eq!(visitor.client().resolve_code(&mut speaks_graphql(), "b4nd1a").await.unwrap(), Resolved::SignIn);
    let expired = Fake::graphql(
        |_| json!({"data": {"resolveCode": null}, "errors": [{"message": "authorizationRequired", "path": ["resolveCode"]}]}),
    );
    let refused = Fake::graphql(|_| json!({"errors": [{"message": "Not authorised", "locations": [{"line": 1, "column": 37}]}]}));
    assert_eq!(refused.client().resolve_code(&mut speaks_graphql(), "b4nd1a").await.unwrap(), Resolved::SignIn);
    let client = Client { token: Some("oud"), ..expired.client() };
    assert_eq!(client.resolve_code(&mut speaks_graphql(), "b4nd1a").await.unwrap(), Resolved::SignIn);
    assert_eq!(expired.client().resolve_code(&mut speaks_graphql(), "").await.unwrap_err().code, ErrorCode::NotAClaimCode);
}

#[tokio::test]
async fn a_code_is_sent_once_and_goes_to_the_citys_page_where_this_app_cannot_ask() {
    let claim = async |status: u16, answer: Value| {
        let fake = Fake::new(|_| Err(FetchError::Offline), move |_, _| Ok(posted(status, &answer)));
        let client = Client { token: Some("t0k3n"), ..fake.client() };
        let resolved = client.resolve_code(&mut speaks_graphql(), "b4nd1a").await.map_err(|error| error.code);
        (resolved, fake.queries().len())
    };
    let refused = |message: &str| json!({"errors": [{"message": message}]});
    assert_eq!(claim(200, refused("Internal server error")).await, (Err(ErrorCode::CityOdd), 1));
    assert_eq!(claim(500, refused("Internal server error")).await, (Err(ErrorCode::CityOdd), 1));
    for status in [401, 403] {
        assert_eq!(claim(status, refused("Nee")).await, (Ok(Resolved::SignIn), 1), "{status}");
        let page = Fake::new(
            |_| Err(FetchError::Offline),
            move |_, _| Ok(Posted { status, content_type: "text/html".into(), body: b"<html>".to_vec() }),
        );
        assert_eq!(page.client().resolve_code(&mut speaks_graphql(), "b4nd1a").await.unwrap(), Resolved::SignIn, "{status}");
        assert_eq!(page.client().page(&mut speaks_graphql(), Cursor::default()).await.unwrap_err().code, ErrorCode::CityOdd);
    }
    for message in
        ["Cannot query field \"resolveCode\" on type \"Mutation\".", "Unknown argument \"code\" on field \"Mutation.resolveCode\"."]
    {
        assert_eq!(claim(400, refused(message)).await, (Ok(Resolved::SignIn), 1), "{message}");
    }
    // A field that is gone is left out, which is another text.
    let drifted = Fake::graphql(|body| {
        if asks_for(body, "joined") {
            json!({"errors": [{"message": "Cannot query field \"joined\" on type \"ResolveCodeProjectJoin\"."},
                {"message": "Cannot query field \"joined\" on type \"ResolveCodeOrganisationJoin\"."}]})
        } else {
            json!({"data": {"resolveCode": {"__typename": "ResolveCodeProjectJoin", "project": {"id": "1", "name": "Een"}}}})
        }
    });
    let resolved = drifted.client().resolve_code(&mut speaks_graphql(), "b4nd1a").await.unwrap();
    assert!(matches!(resolved, Resolved::JoinedActivity { now: None, .. }), "{resolved:?}");
    assert_eq!(drifted.queries().len(), 2);
}

#[tokio::test]
async fn what_came_of_a_code_is_told_by_its_type_whatever_of_it_could_be_read() {
    let origin = speaks_graphql();
    let named = |kind: &str, errors: &[String]| {
        let data = json!({"resolveCode": {"__typename": format!("ResolveCode{kind}")}});
        cities_of_learning::decode_claim(&data, errors, true, &origin).unwrap()
    };
    let name = || "Stad".to_owned();
    let some_badge = Resolved::Gained { name: String::new(), now: None, page: None };
    assert_eq!(named("BadgeGained", &[]), some_badge, "no badge is called as its city");
    assert_eq!(named("BadgeGained", &["Internal server error".to_owned()]), some_badge);
    assert_eq!(named("BadgeClassView", &[]), Resolved::More { name: name(), page: None });
    assert_eq!(named("ProjectJoin", &[]), Resolved::JoinedActivity { name: name(), now: None, page: None });
    assert_eq!(named("OrganisationJoin", &[]), Resolved::JoinedOrganisation { name: name(), now: None });
    assert_eq!(named("BadgeGained", &["authorizationRequired".to_owned()]), Resolved::SignIn);
}

#[tokio::test]
async fn null_beside_an_error_is_no_answer() {
    for (message, odd) in [("Internal server error", true), ("authorizationRequired", false)] {
        let fake = Fake::graphql(move |body| {
            let field = match body["operationName"].as_str() {
                Some("ColClaim") => "resolveCode",
                Some("ColSignIn") => "passwordAuthorize",
                _ => "me",
            };
            json!({"data": {field: null}, "errors": [{"message": message, "path": [field]}]})
        });
        let city = &mut speaks_graphql();
        let visitor = fake.client();
        let client = Client { token: Some("t0k3n"), ..fake.client() };
        let claimed = client.resolve_code(city, "b4nd1a").await.map_err(|error| error.code);
        assert_eq!(claimed, if odd { Err(ErrorCode::CityOdd) } else { Ok(Resolved::SignIn) }, "{message}");
        // To a visitor the city's own page is of more use.
        assert_eq!(visitor.resolve_code(city, "b4nd1a").await.unwrap(), Resolved::SignIn, "{message}");
        let token = visitor.sign_in(city, "noor@voorbeeld.example", "domtoren").await.map_err(|error| error.code);
        assert_eq!(token, if odd { Err(ErrorCode::CityOdd) } else { Ok(None) }, "{message}");
        let me = client.my_badges(city).await.unwrap_err().code;
        assert_eq!(me, if odd { ErrorCode::CityOdd } else { ErrorCode::SignInNeeded }, "{message}");
    }
}

#[tokio::test]
async fn a_field_that_is_called_after_signing_in_asks_nobody_to_sign_in() {
    let gone =
        Fake::graphql(|_| json!({"errors": [{"message": "Cannot query field \"passwordAuthorize\" on type \"Mutation\"."}]}));
    let error = gone.client().sign_in(&mut speaks_graphql(), "noor@voorbeeld.example", "domtoren").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::CityOdd, "the password is not wrong");
    assert_eq!(gone.queries().len(), 1);
    let wrong = Fake::new(|_| Err(FetchError::Offline), |_, _| Ok(posted(401, &json!({"errors": [{"message": "Nee"}]}))));
    assert_eq!(wrong.client().sign_in(&mut speaks_graphql(), "noor@voorbeeld.example", "fout").await.unwrap(), None);
}

#[tokio::test]
async fn a_session_goes_only_where_it_is_asked_for() {
    let fake = Fake::graphql(|body| match body["operationName"].as_str() {
        Some("ColSignIn") if body["variables"]["password"] == "domtoren" => {
            json!({"data": {"passwordAuthorize": {"success": true, "token": "1a2b"}}})
        }
        Some("ColSignIn") => json!({"data": {"passwordAuthorize": {"success": false, "token": null}}}),
        _ => utrecht(body),
    });
    let city = &mut speaks_graphql();
    let token = fake.client().sign_in(city, "noor@voorbeeld.example", "domtoren").await.unwrap();
    assert_eq!(token.as_ref().map(|token| token.as_str()), Some("1a2b"));
    assert_eq!(fake.client().sign_in(city, "noor@voorbeeld.example", "fout").await.unwrap(), None);
    let signed_in = Client { token: Some("1a2b"), ..fake.client() };
    signed_in.page(city, Cursor::default()).await.unwrap();
    signed_in.whole(city, "31001").await.unwrap();
    assert!(
        fake.posted.lock().unwrap().iter().all(|post| post.headers.iter().all(|(name, _)| *name != "Auth-Token")),
        "browsing is for visitors"
    );
    let odd = Fake::graphql(|_| json!({"data": {"passwordAuthorize": {"success": true, "token": "a\r\nX-Evil: 1"}}}));
    assert_eq!(odd.client().sign_in(&mut speaks_graphql(), "a@b.nl", "x").await.unwrap(), None);
}

#[tokio::test]
async fn my_badges_are_read_page_by_page() {
    let fake = Fake::graphql(|body| {
        let offset = body["variables"]["offset"].as_u64().unwrap();
        let list: Vec<Value> = (offset..120.min(offset + 50))
            .map(|id| json!({"id": id, "name": format!("Badge {id}"), "picture": "/storage/b.png", "badgeClass": {"id": 81001}}))
            .collect();
        json!({"data": {"me": {"displayName": "Noor", "badges": {"total": 120, "limit": 50, "offset": offset, "list": list}}}})
    });
    let client = Client { token: Some("1a2b"), ..fake.client() };
    let me = client.my_badges(&mut speaks_graphql()).await.unwrap();
    assert_eq!((me.name.as_str(), me.badges.len(), fake.queries().len()), ("Noor", 120, 3));
    assert_eq!((me.badges[0].class.as_deref(), me.badges[0].page.as_str()), (Some("81001"), "https://stad.example/badges/0"));
    // Fewer than the limit that it says, and a page with nothing on it.
    let holes = Fake::graphql(|body| {
        let offset = body["variables"]["offset"].as_u64().unwrap();
        let ids = if offset == 20 { 0..0 } else { offset..90.min(offset + 20) };
        let list: Vec<Value> = ids.map(|id| json!({"id": id, "name": format!("Badge {id}")})).collect();
        json!({"data": {"me": {"name": "Noor", "badges": {"total": 90, "limit": 50, "offset": offset, "list": list}}}})
    });
    let some = Client { token: Some("1a2b"), ..holes.client() };
    assert_eq!(
        some.my_badges(&mut speaks_graphql()).await.unwrap().badges.len(),
        40,
        "0 to 20, and behind the page that was empty"
    );
    assert_eq!(
        fake.client().my_badges(&mut speaks_graphql()).await.unwrap_err().code,
        ErrorCode::SignInNeeded,
        "not asked without a session"
    );
    assert_eq!(fake.queries().len(), 3);
    for answer in [json!({"data": {"me": null}}), json!({"data": null})] {
        let fake = Fake::graphql(move |_| answer.clone());
        let client = Client { token: Some("oud"), ..fake.client() };
        assert_eq!(client.my_badges(&mut speaks_graphql()).await.unwrap_err().code, ErrorCode::SignInNeeded);
    }
}
