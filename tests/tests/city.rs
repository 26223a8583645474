//! The demo city, asked over HTTP as a wallet and a person with a browser ask it.

use std::{collections::BTreeSet, time::Duration};

use open_badges::{Payload, RecipientMatch, match_recipient};
use serde_json::{Value, json};
use wallet_tests::{
    city::{City, Mode, Options},
    fixtures::only_credential,
    home,
};

#[path = "city/asking.rs"]
mod asking;
use asking::{Answer, Client};

const OPERATIONS: &str = include_str!("../city/operations.graphql");

async fn city(modes: &[&str]) -> (City, Client) {
    let modes = modes.iter().map(|mode| mode.parse().expect("a mode")).collect();
    let now = Some("2026-11-26T09:00:00Z".parse().expect("a timestamp"));
    let city = City::start(Options { now, modes, ..Options::default() }).await.expect("a free port");
    let client = Client::new(&city.url);
    (city, client)
}

fn turn(city: &City, mode: &str) {
    city.set_mode([mode.parse::<Mode>().expect("a mode")]);
}

/// What `operation` of the operations of the design answers.
async fn run(client: &Client, operation: &str, variables: Value) -> Value {
    client.post("/api/graphql", &json!({"query": OPERATIONS, "operationName": operation, "variables": variables})).await.json()
}

async fn ask(client: &Client, query: &str) -> Answer {
    client.post("/api/graphql", &json!({"query": query})).await
}

async fn signed_in(url: &str, email: &str, password: &str) -> Client {
    let answer = run(&Client::new(url), "ColSignIn", json!({"email": email, "password": password})).await;
    let token = answer["data"]["passwordAuthorize"]["token"].as_str().expect("a token").to_owned();
    Client::new(url).with("Auth-Token", &token)
}

fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} in {value}"))
}

// ---- reading ----------------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_of_the_design_executes() {
    let (city, client) = city(&[]).await;
    for (operation, variables, told) in [
        ("ColSite", json!({"lang": "nl"}), "/data/site/categories/11/projects/total"),
        ("ColMap", json!({}), "/data/site/mapMarks/0/location/lat"),
        ("ColList", json!({"limit": 5, "lang": "nl"}), "/data/projects/skillFacet/0/count"),
        ("ColDetail", json!({"id": "31010"}), "/data/maybeProject/project/playlistActivities/1/project/name"),
        ("ColBadgeClassQ", json!({"id": "81010"}), "/data/maybeBadgeClass/badgeClass/depsExplicit/0/name"),
        ("ColOrganiser", json!({"id": "7001"}), "/data/maybeOrganisation/organisation/contacts/0/value"),
        ("ColMyBadge", json!({"id": "60001"}), "/data/badge/issuer/name"),
    ] {
        let answer = run(&client, operation, variables).await;
        assert!(answer.get("errors").is_none(), "{operation}: {answer}");
        assert!(!at(&answer, told).is_null(), "{operation}: {answer}");
    }
    assert_eq!(run(&client, "ColMyBadges", json!({})).await, json!({"data": {"me": null}}));
    let noor = signed_in(&city.url, "noor@voorbeeld.example", "domtoren").await;
    assert_eq!(run(&noor, "ColMyBadges", json!({})).await["data"]["me"]["badges"]["total"], 3);
    let joined = run(&noor, "ColJoin", json!({"id": "31001"})).await;
    assert_eq!(at(&joined, "/data/joinProject/project/perms/join/reason"), &json!(["already-user"]));
    let refused = run(&client, "ColSignIn", json!({"email": "noor@voorbeeld.example", "password": "fout"})).await;
    assert_eq!(refused["data"]["passwordAuthorize"], json!({"success": false, "token": null}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_city_is_large_enough_and_invented() {
    let (_city, client) = city(&[]).await;
    let query = "{ projects(limit: 100, siteFilter: true) { total list { id type contexts name organisation { name } eventStart eventEnd
      location { lat } category { name } completeBadgeClass { id name criteria { checkType } } picture } } site { categories { name } } }";
    let answer = ask(&client, query).await.json();
    let items: Vec<&Value> =
        at(&answer, "/data/projects/list").as_array().expect("a list").iter().filter(|item| !item.is_null()).collect();
    let (playlists, activities): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| item["contexts"][1] == "playlist");
    assert!(activities.len() >= 60 && playlists.len() >= 8, "{} and {}", activities.len(), playlists.len());
    let classes: BTreeSet<&str> = items.iter().filter_map(|item| item["completeBadgeClass"]["name"].as_str()).collect();
    assert!(classes.len() >= 50, "{}", classes.len());
    assert!(items.iter().all(|item| item["organisation"]["name"].as_str().is_some_and(|name| name.ends_with("(fictief)"))));
    assert_eq!(at(&answer, "/data/site/categories/11/name"), "Environment end ecology");
    let forms: BTreeSet<&str> = activities.iter().filter_map(|item| item["type"].as_str()).collect();
    assert_eq!(forms.len(), 8, "{forms:?}");
    assert!(activities.iter().any(|item| item["eventStart"].is_u64()), "one start in milliseconds");
    assert!(activities.iter().any(|item| item["eventStart"].is_null() && item["eventEnd"].is_string()), "one with only an end");
    assert!(activities.iter().any(|item| item["eventStart"].is_null() && item["eventEnd"].is_null()), "one without a date");
    assert!(activities.iter().any(|item| item["eventStart"].as_str().is_some_and(|start| start < "2026-11-26")), "one in the past");
    // The list counts an item that was deleted, and holds null in its place.
    assert_eq!(at(&answer, "/data/projects/total"), items.len() + 1);
    for item in items.iter().step_by(9) {
        let picture = client.get(item["picture"].as_str().expect("a path")).await;
        assert_eq!(picture.header("content-type"), Some("image/png"));
        image::load_from_memory(&picture.body).expect("a picture");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_narrowed_paged_and_sorted() {
    let (_city, client) = city(&[]).await;
    let total = async |arguments: &str| {
        let answer = ask(&client, &format!("{{ projects({arguments}) {{ total list {{ id name }} }} }}")).await.json();
        (at(&answer, "/data/projects/total").as_u64().expect("a number"), at(&answer, "/data/projects/list").clone())
    };
    assert_eq!(total("q: \"FIETS REPAREREN\"").await.1[0]["id"], "31001");
    assert_eq!(total("categories: [\"4\"]").await.0, 2);
    assert_eq!(total("category: \"4\", q: \"turijn\"").await.0, 1);
    assert_eq!(total("skills: [\"517\"]").await.0, 2);
    assert_eq!(total("contexts: [playlist]").await.0, 8);
    assert_eq!(total("siteFilter: false").await.0, total("siteFilter: true").await.0 + 1, "one lives elsewhere");
    let (_, ascending) = total("sort: name, order: asc, limit: 3, contexts: [playlist]").await;
    let (_, descending) = total("sort: name, order: desc, limit: 3, offset: 5, contexts: [playlist]").await;
    assert_eq!((&ascending[0], &ascending[2]), (&descending[2], &descending[0]));
    let facet = ask(&client, "{ projects(facets: [\"skill\"]) { skillFacet(lang: \"en\") { name count } } }").await.json();
    assert!(at(&facet, "/data/projects/skillFacet").as_array().is_some_and(|skills| skills.len() > 30), "{facet}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_skills_change_with_the_language() {
    let (_city, client) = city(&[]).await;
    let query = "{ maybeProject(id: \"31001\") { project { name skills { name } category { name } } } }";
    let dutch = ask(&client.clone().with("X-Lang", "nl"), query).await.json();
    let english = ask(&client, query).await.json();
    assert_eq!(at(&dutch, "/data/maybeProject/project/skills/0/name"), "fietsen repareren");
    assert_eq!(at(&english, "/data/maybeProject/project/skills/0/name"), "repair bicycles");
    let one = "{ nl: skill(id: \"501\", lang: \"nl\") { name } en: skill(id: \"501\", lang: \"en\") { name } header: skill(id: \"501\") { name } none: skill(id: \"1\") { name } }";
    let told = ask(&client.clone().with("X-Lang", "nl"), one).await.json();
    let name = |which: &str| at(&told, which).as_str().unwrap_or_default();
    assert_eq!((name("/data/nl/name"), name("/data/en/name")), ("fietsen repareren", "repair bicycles"));
    assert_eq!(name("/data/header/name"), "fietsen repareren");
    assert_eq!(at(&told, "/data/none"), &Value::Null);
    assert_eq!(at(&ask(&client, one).await.json(), "/data/nl/name"), "fietsen repareren");
    for same in ["/data/maybeProject/project/name", "/data/maybeProject/project/category/name"] {
        assert_eq!(at(&dutch, same), at(&english, same));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_or_absent_says_so() {
    let (_city, client) = city(&[]).await;
    for (query, error) in [
        ("maybeProject(id: \"31998\") { error project { id } }", "authorisationRequired"),
        ("maybeProject(id: \"31997\") { error project { id } }", "authorizationRequired"),
        ("maybeProject(id: \"1\") { error project { id } }", "notFound"),
        ("maybeBadgeClass(id: \"1\") { error badgeClass { id } }", "notFound"),
        ("maybeOrganisation(id: \"1\") { error organisation { id } }", "notFound"),
    ] {
        let answer = ask(&client, &format!("{{ it: {query} }}")).await.json();
        let it = at(&answer, "/data/it").as_object().expect("an object");
        assert_eq!(it["error"], error, "{query}");
        assert!(it.values().any(Value::is_null), "{query}");
    }
    let page = client.get("/nergens").await;
    assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
    // Nor is there anything behind another method.
    for (method, path) in [("GET", "/api/graphql"), ("POST", "/"), ("PUT", "/activities/1"), ("GET", "/api/v1/storage/evidence")] {
        let page = client.send(method, path, "text/plain", b"").await;
        assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")), "{method} {path}");
        assert!(page.text().contains("Niet gevonden"), "{method} {path}");
    }
    // A bearer that means nothing is as no bearer at all.
    let answer = ask(&client.with("Authorization", "Bearer undefined"), "{ me { id } site { id } }").await.json();
    assert_eq!(answer, json!({"data": {"me": null, "site": {"id": "900"}}}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_leads_to_every_item_and_to_its_pictures() {
    let (_city, client) = city(&[]).await;
    let known = client.get("/.well-known/cities-of-learning").await.json();
    assert_eq!((&known["fictitious"], &known["claim"]["url"]), (&json!(true), &json!("/claim?code={code}")));
    assert!(known["districts"].as_array().is_some_and(|districts| districts.len() >= 10));
    let mut next = Some("/feed/activities.json".to_owned());
    let mut items = Vec::new();
    while let Some(path) = next {
        let page = client.get(&path).await.json();
        items.extend(page["items"].as_array().expect("items").clone());
        next = page["next"].as_str().map(str::to_owned);
    }
    let kinds = items.iter().filter(|item| item["kind"] == "playlist").count();
    assert_eq!((kinds, items.len() > 75), (8, true), "{}", items.len());
    let after = client.get("/feed/activities.json?page=18446744073709551615").await.json();
    assert_eq!((after["items"].as_array().map(Vec::len), &after["next"]), (Some(0), &Value::Null));
    let hour = |moment: &Value| {
        let moment: jiff::Timestamp = moment.as_str()?.parse().ok()?;
        Some(jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").ok()?.to_datetime(moment).hour())
    };
    for item in items.iter().filter(|item| item["start"].is_string()) {
        let (start, end) = (hour(&item["start"]).expect("an hour"), hour(&item["end"]).expect("an hour"));
        assert!((start..=23).contains(&end), "{} is from {start} to {end}", item["title"]);
    }
    for item in &items {
        for key in ["id", "title", "description", "organiser", "page", "badge"] {
            assert!(!item[key].is_null(), "{key} of {item}");
        }
        let start = &item["start"];
        assert!(start.is_null() || start.as_str().is_some_and(|start| start.parse::<jiff::Timestamp>().is_ok()), "{start}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    wallet_tests::city::export(folder.path(), "2026-11-26T09:00:00Z".parse().expect("a timestamp"), 24).expect("a feed");
    let feed: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("feed/activities.json")).expect("a feed")).expect("JSON");
    let items = feed["items"].as_array().expect("items");
    assert_eq!(items.len(), 24);
    for path in
        items.iter().flat_map(|item| [&item["picture"], &item["cover"], &item["badge"]["picture"], &item["organiser"]["picture"]])
    {
        let Some(path) = path.as_str() else { continue };
        let png = std::fs::read(folder.path().join(path.trim_start_matches('/'))).unwrap_or_else(|_| panic!("{path} is not there"));
        assert!(png.len() < 12_000, "{path}: {}", png.len());
        image::load_from_memory(&png).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    for part in items.iter().flat_map(|item| item["parts"].as_array().into_iter().flatten()).filter(|part| part["home"].is_null()) {
        assert!(items.iter().any(|item| item["id"] == part["id"]), "{part} is not in the feed");
    }
}

// ---- claiming ---------------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn codes_have_four_outcomes_and_none() {
    let (city, client) = city(&[]).await;
    let answer = run(&client, "ColClaim", json!({"code": "welkom"})).await;
    assert_eq!((&answer["data"]["resolveCode"], &answer["errors"][0]["message"]), (&Value::Null, &json!("Not authorised")));
    assert_eq!(answer["errors"][0]["path"], json!(["resolveCode"]));
    let noor = signed_in(&city.url, "noor@voorbeeld.example", "domtoren").await;
    let sam = signed_in(&city.url, "sam@voorbeeld.example", "oudegracht").await;
    let claim = async |who: &Client, code: &str| run(who, "ColClaim", json!({"code": code})).await["data"]["resolveCode"].clone();
    let first = claim(&noor, "welkom").await;
    assert_eq!((&first["__typename"], &first["gained"]), (&json!("ResolveCodeBadgeGained"), &json!(true)));
    let again = claim(&noor, "welkom").await;
    assert_eq!((&again["gained"], &again["badge"]["id"]), (&json!(false), &first["badge"]["id"]));
    assert_eq!(claim(&noor, "taal02").await["__typename"], "ResolveCodeBadgeClassView");
    assert_eq!(claim(&noor, "tafel2").await["error"], "depsNotMet");
    assert_eq!(claim(&noor, "w1jk10").await["__typename"], "ResolveCodeProjectJoin");
    let organisation = claim(&noor, "3f2504e0-4f89-41d3-9a0c-0305e82c3301").await;
    assert_eq!((&organisation["__typename"], &organisation["joined"]), (&json!("ResolveCodeOrganisationJoin"), &json!(true)));
    assert_eq!(claim(&noor, "onzin").await, Value::Null);
    assert_eq!(claim(&noor, "repair").await["gained"], true);
    assert_eq!(claim(&sam, "repair").await, Value::Null, "a code for one person, used by another");
    assert_eq!(claim(&noor, "repair").await["gained"], false);
    // A playlist's own badge comes by itself when its parts are done.
    claim(&noor, "b4nd1a").await;
    let mine = run(&noor, "ColMyBadges", json!({})).await;
    let names = at(&mine, "/data/me/badges/list").as_array().expect("badges").clone();
    assert!(names.iter().any(|badge| badge["name"] == "Wijkvernieuwer Utrecht"), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_walks_from_a_code_to_a_badge_for_the_wallet() {
    let (city, client) = city(&[]).await;
    let door = client.get("/claim?code=welkom").await;
    assert_eq!((door.status, door.header("location")), (303, Some("/dashboard/auth?back=%2Fclaim%3Fcode%3Dwelkom")));
    let page = client.get("/dashboard/auth?back=%2Fclaim%3Fcode%3Dwelkom").await;
    assert!(page.text().contains("Ga verder als Noor (verzonnen)"));
    // Who tries the wallet's own form for signing in finds here what to type.
    assert!(page.text().contains("noor@voorbeeld.example") && page.text().contains("domtoren"), "{}", page.text());
    let away = client.form("/dashboard/auth", &[("person", "noor"), ("back", "//elders.example")]).await;
    assert_eq!(away.header("location"), Some("/dashboard/me/badges"), "nobody is sent to another site");
    let entered = client.form("/dashboard/auth", &[("person", "noor"), ("back", "/claim?code=welkom")]).await;
    let cookie = entered.header("set-cookie").expect("a cookie").split(';').next().expect("a pair").to_owned();
    let noor = client.clone().with("Cookie", &cookie);
    let gained = noor.get(entered.header("location").expect("a way back")).await;
    let badge = gained.header("location").expect("the badge's page").to_owned();
    let page = noor.get(&badge).await.text();
    let id = badge.trim_start_matches("/badges/").split('?').next().expect("an id").to_owned();
    let address = format!("{}/ob2/assertions/{id}/image", city.url);
    let link = format!("badgewallet:add?url={}", url::form_urlencoded::byte_serialize(address.as_bytes()).collect::<String>());
    assert!(page.contains(&format!("href=\"{link}\"")), "{page}");
    assert_eq!(page.matches("property=\"og:").count(), 5);
    assert!(page.contains("window.App={\"oauthClientId\":"));
    // What the link names is the badge itself, in its picture.
    let file = noor.get(address.strip_prefix(&city.url).expect("ours")).await;
    assert_eq!(only_credential(&file.body).json["badge"]["name"], "Mijn eerste badge");
    let wrong = noor.get("/claim?code=onzin").await;
    assert!(wrong.status == 404 && wrong.text().contains("Deze code werkt niet"));
    assert_eq!(noor.get("/claim/qr/welkom.svg").await.header("content-type"), Some("image/svg+xml"));
    assert_eq!(noor.get("/claim/qr/onzin.svg").await.status, 404);
    // What a poster says to go to, and what a phone makes of a code.
    for path in ["/claim", "/nl/claim?code=%20"] {
        let form = client.get(path).await;
        assert!(form.status == 200 && form.text().contains("<form class=\"row\" action=\"/claim\">"), "{path}");
    }
    // Every page of a code is one of the platform's: what it gives, asks, joins, and that it is wrong.
    for (code, words) in [
        ("", "Neem de code over"),
        ("taal02", "lever je eerst iets in"),
        ("tafel2", "eerst andere badges"),
        ("w1jk10", "Je doet mee"),
        ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", "Je hoort erbij"),
        ("onzin", "Deze code werkt niet"),
    ] {
        let page = noor.get(&format!("/claim?code={code}")).await.text();
        assert!(page.contains(words) && page.contains("window.App={\"oauthClientId\":"), "{code}: {page}");
        assert_eq!(page.matches("property=\"og:").count(), 5, "{code}");
        assert!(page.contains(&format!("property=\"og:url\" content=\"{}/claim\"", city.url)), "{code}: {page}");
    }
    assert_eq!(noor.get("/claim?code=Welkom").await.header("location"), Some(format!("/badges/{id}").as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_codes_on_its_pages_are_read_by_the_one_door_of_the_wallet() {
    use safe_fetch::{Guarded, GuardedConfig, LocalOrigin};
    use wallet_core::{
        Clock, MemoryDevice, WalletConfig,
        view::{Incoming, Input, NamedFile, Origin},
    };
    let (city, client) = city(&[]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let network =
        GuardedConfig { local_origins: LocalOrigin::parse(&city.url).into_iter().collect(), user_agent: "test".to_owned() };
    let config = WalletConfig {
        directory: folder.path().join("wallet"),
        device: std::sync::Arc::new(MemoryDevice::default()),
        network: std::sync::Arc::new(Guarded::new(network)),
        clock: Clock::Fixed("2026-11-26T09:00:00Z".parse().expect("a timestamp")),
        language: None,
        share_host: None,
        city: None,
    };
    let wallet = home::begun(home::opened(|| config.clone()).await).await;
    let seen = async |page: &str, picture: &str| {
        let page = client.get(page).await.text();
        assert!(page.contains(&format!("class=\"qr\" src=\"{picture}\"")), "{page}");
        let bytes = drawn(&client.get(picture).await.text());
        let file = NamedFile { name: "code.png".to_owned(), media_type: None, bytes };
        wallet.inspect(Input::File(file), Origin::Person).await.expect("a code")
    };
    // The first badge begins at the home page.
    match seen("/", "/claim/qr/welkom.svg").await {
        Incoming::Claim { code, city: named, .. } => {
            assert_eq!((code.as_str(), named.as_deref()), ("welkom", Some(city.url.as_str())));
        }
        other => panic!("no claim: {other:?}"),
    }
    match seen("/badges/60001", "/badges/60001.svg").await {
        Incoming::Badges { badges, rejected, .. } => {
            let kept = only_credential(&client.get("/ob2/assertions/60001").await.body);
            let names: Vec<&str> = badges.iter().map(|badge| badge.badge.name.as_str()).collect();
            assert_eq!((json!(names), rejected.len()), (json!([kept.json["badge"]["name"]]), 0));
        }
        other => panic!("no badge: {other:?}"),
    }
}

/// A picture of what a page draws, as a screen shows it.
fn drawn(svg: &str) -> Vec<u8> {
    use resvg::{
        tiny_skia::{Color, Pixmap, Transform},
        usvg::{Options, Tree},
    };
    let tree = Tree::from_str(svg, &Options::default()).expect("an SVG");
    let mut pixels = Pixmap::new(tree.size().width() as u32 * 2, tree.size().height() as u32 * 2).expect("a size");
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    let image = image::RgbaImage::from_raw(pixels.width(), pixels.height(), pixels.take_demultiplied()).expect("a picture");
    let mut png = std::io::Cursor::new(Vec::new());
    image.write_to(&mut png, image::ImageFormat::Png).expect("a PNG");
    png.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_run_of_the_city_gave_is_nothing_else_in_the_next() {
    let mut told = BTreeSet::new();
    for _ in 0..2 {
        let city = City::start(Options::default()).await.expect("a free port");
        let noor = signed_in(&city.url, "noor@voorbeeld.example", "domtoren").await;
        let gained = run(&noor, "ColClaim", json!({"code": "welkom"})).await;
        told.insert(at(&gained, "/data/resolveCode/badge/id").as_str().expect("an id").to_owned());
    }
    assert_eq!(told.len(), 2, "{told:?}");
    let made = [("title", "Een"), ("text", "Een."), ("badge", "Een"), ("tasks", "Een")];
    let page = async |city: &City| {
        let answer = Client::new(&city.url).form("/organiser/activities", &made).await;
        answer.header("location").and_then(|path| path.rsplit('/').next()?.parse::<u32>().ok()).expect("an id")
    };
    let (fixed, _) = city(&[]).await;
    assert_eq!((page(&fixed).await, page(&fixed).await), (39_001, 39_002));
    let running = City::start(Options::default()).await.expect("a free port");
    let id = page(&running).await;
    assert!(id > 1_000_000 && (id + 50_000).checked_mul(10).is_some(), "{id}");
}

#[test]
fn a_city_that_no_phone_can_open_does_not_start() {
    for (arguments, why) in [
        (["--listen", "0.0.0.0:0", "--items", "1"], "--origin https://stad.voorbeeld.example\nA wallet on another device"),
        (["--listen", "127.0.0.1:0", "--origin", "192.168.1.10:9"], "an address like https://stad.voorbeeld.example"),
    ] {
        let mut city = std::process::Command::new(env!("CARGO_BIN_EXE_demo-city"));
        let mut city = city.args(arguments).stderr(std::process::Stdio::piped()).spawn().expect("the program");
        let over = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            city.try_wait().expect("a process").is_some()
        });
        if !over {
            city.kill().expect("killed");
        }
        let said = city.wait_with_output().expect("its words");
        let words = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(over && !said.status.success() && words.contains(why), "{words}");
    }
}

#[test]
fn a_city_says_the_address_that_people_open_and_whether_a_wallet_asks_it() {
    use std::io::{BufRead, Read};
    for (arguments, opened, asked) in [
        (
            ["--listen", "0.0.0.0:0", "--origin", "https://stad.voorbeeld.example/"].as_slice(),
            "https://stad.voorbeeld.example",
            true,
        ),
        (&["--listen", "127.0.0.1:0"], "http://127.0.0.1:", true),
        (&["--listen", "127.0.0.1:0", "--origin", "http://localhost:8788"], "http://localhost:8788", true),
        (&["--listen", "0.0.0.0:0", "--origin", "http://192.168.1.10:18797/"], "http://192.168.1.10:18797", false),
        (
            &["--listen", "0.0.0.0:0", "--origin", "https://stad.voorbeeld.example:8443"],
            "https://stad.voorbeeld.example:8443",
            false,
        ),
        (&["--listen", "0.0.0.0:0", "--origin", "http://stad.voorbeeld.example"], "http://stad.voorbeeld.example", false),
        (&["--listen", "0.0.0.0:0", "--origin", "https://192.168.1.10"], "https://192.168.1.10", false),
    ] {
        let mut city = std::process::Command::new(env!("CARGO_BIN_EXE_demo-city"));
        city.args(arguments).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
        let mut city = city.spawn().expect("the program");
        let mut said = std::io::BufReader::new(city.stderr.take().expect("its words"));
        let mut words = String::new();
        // It says this once it listens, or ends.
        said.read_line(&mut words).expect("a line");
        assert!(words.contains(&format!("open {opened}")) && !words.contains("0.0.0.0"), "{words}");
        if !asked {
            words.clear();
            said.read_line(&mut words).expect("a line");
        }
        city.kill().expect("killed");
        city.wait().expect("gone");
        let mut rest = String::new();
        said.read_to_string(&mut rest).expect("nothing more");
        assert_eq!((words.contains("No wallet asks"), rest.as_str()), (!asked, ""), "{arguments:?}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_walks_from_an_idea_to_who_came() {
    let (city, client) = city(&[]).await;
    let incomplete = client.form("/organiser/activities", &[("title", "Half")]).await;
    assert_eq!(incomplete.status, 422);
    let fields = [
        ("title", "Sokken <stoppen>"),
        ("organiser", "7013"),
        ("start", "2026-12-05T14:00"),
        ("street", "Adelaarstraat 90"),
        ("district", "Tuinwijk"),
        ("text", "We stoppen sokken."),
        ("badge", "Sokkenstopper"),
        ("meaning", "Stopt een sok."),
        ("tasks", "Stop een sok.\nEn nog een."),
    ];
    let made = client.form("/organiser/activities", &fields).await;
    let page = made.header("location").expect("its page").to_owned();
    let list = "{ projects(q: \"sokken\") { total list { name eventStart organisation { name } completeBadgeClass { criteria { description } } } } }";
    assert_eq!(at(&ask(&client, list).await.json(), "/data/projects/total"), 0, "nobody sees a draft");
    client.form(&format!("{page}/publish"), &[]).await;
    let seen = ask(&client, list).await.json();
    let seen = at(&seen, "/data/projects/list/0");
    assert_eq!((&seen["name"], &seen["eventStart"]), (&json!("Sokken <stoppen>"), &json!("2026-12-05T13:00:00.000Z")));
    assert_eq!(
        (&seen["organisation"]["name"], &seen["completeBadgeClass"]["criteria"][1]["description"]),
        (&json!("Moestuin De Wiek (fictief)"), &json!("En nog een."))
    );
    let poster = client.get(&page).await.text();
    assert!(poster.contains("Sokken &lt;stoppen&gt;") && poster.contains("Nog niemand"));
    let code = poster.split("/claim/qr/").nth(1).and_then(|rest| rest.split(".svg").next()).expect("a code").to_owned();
    let noor = signed_in(&city.url, "noor@voorbeeld.example", "domtoren").await;
    let gained = run(&noor, "ColClaim", json!({"code": code})).await;
    assert_eq!(at(&gained, "/data/resolveCode/badge/name"), "Sokkenstopper");
    assert!(client.get(&page).await.text().contains("Noor (verzonnen), "));
    // A whole group comes by.
    let door = client.get("/dashboard/auth").await.text();
    let people: Vec<&str> = door.split("name=\"person\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!((people.len(), door.matches("(verzonnen)</button>").count(), &people[..2]), (14, 14, ["noor", "sam"].as_slice()));
    for person in people {
        let entered = client.form("/dashboard/auth", &[("person", person)]).await;
        let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
        client.clone().with("Cookie", &cookie).get(&format!("/claim?code={code}")).await;
    }
    assert_eq!(client.get(&page).await.text().matches("(verzonnen), ").count(), 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_organiser_saves_is_shown_and_is_what_was_meant() {
    let (_city, client) = city(&[]).await;
    let form = client.get("/organiser").await.text();
    for hint in ["start-hint", "street-hint", "tasks-hint"] {
        assert!(form.contains(&format!("id=\"{hint}\"")) && form.contains(&format!("aria-describedby=\"{hint}\"")), "{hint}");
    }
    // Lines as a browser sends them.
    let fields = [
        ("title", "Lussen <leggen>"),
        ("organiser", "7013"),
        ("start", "2026-12-05T14:00"),
        ("street", "Adelaarstraat 90"),
        ("district", "Tuinwijk"),
        ("text", "We leggen lussen.\r\nIn een kring.\r\n\r\n- touw\r\n- schaar"),
        ("badge", "Lusser"),
        ("meaning", "Legt een lus."),
        ("tasks", "Leg een lus.\r\n\r\nLeg er nog een."),
    ];
    let made = client.form("/organiser/activities", &fields).await;
    let page = made.header("location").expect("its page").to_owned();
    let saved = client.get(&page).await.text();
    for words in [
        "Lussen &lt;leggen&gt;",
        "zaterdag 5 december, 14:00 uur",
        "Adelaarstraat 90, Tuinwijk",
        "Moestuin De Wiek (fictief)",
        "<p>We leggen lussen.<br>In een kring.</p><ul><li>touw</li><li>schaar</li></ul>",
        "Lusser",
        "Legt een lus.",
        "<li>Leg een lus.</li><li>Leg er nog een.</li>",
        "<a href=\"/organiser\">",
    ] {
        assert!(saved.contains(words), "{words}: {saved}");
    }
    client.form(&format!("{page}/publish"), &[]).await;
    let seen = ask(&client, "{ projects(q: \"lussen\") { list { description eventEnd duration { seconds } } } }").await.json();
    let seen = at(&seen, "/data/projects/list/0");
    assert!(seen["description"].as_str().is_some_and(|text| !text.contains('\r')), "{seen}");
    assert_eq!((&seen["eventEnd"], &seen["duration"]), (&Value::Null, &Value::Null), "nobody said how long");
    for path in ["/organiser/activities/abc", "/organiser/activities/1"] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
        assert_eq!(client.form(&format!("{path}/publish"), &[]).await.status, 404, "{path}");
    }
    let class = client.get("/classes/81001").await.text();
    assert_eq!((class.matches("<h1>").count(), class.matches("<h2>").count()), (1, 0));
}

// ---- badges -----------------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn badges_are_open_badges_2_in_three_ways_of_naming_the_learner() {
    let (city, client) = city(&[]).await;
    for (id, hashed, salted) in [("60001", false, false), ("60002", true, true), ("60003", true, false)] {
        let answer = client.get(&format!("/ob2/assertions/{id}")).await;
        assert_eq!(answer.header("content-type"), Some("application/ld+json"));
        let recipient = &answer.json()["recipient"];
        assert_eq!((recipient["hashed"] == true, recipient["salt"].is_string()), (hashed, salted), "{id}");
        let json = only_credential(&answer.body);
        let addresses = ["noor@voorbeeld.example".to_owned()];
        assert_eq!(match_recipient(&json, &addresses), RecipientMatch::Mine(addresses[0].clone()), "{id}");
        assert_eq!(match_recipient(&json, &["sam@voorbeeld.example".to_owned()]), RecipientMatch::NotMine, "{id}");
        for file in ["image", "image.svg"] {
            let baked = only_credential(&client.get(&format!("/ob2/assertions/{id}/{file}")).await.body);
            assert_eq!(baked.json, json.json, "{id} in {file}");
        }
        let badge = &answer.json()["badge"];
        for document in
            [badge["id"].clone(), badge["issuer"]["id"].clone(), badge["issuer"]["revocationList"].clone(), badge["image"].clone()]
        {
            let path = document.as_str().and_then(|id| id.strip_prefix(city.url.as_str())).expect("under the city's origin");
            assert_eq!(client.get(path).await.status, 200, "{path}");
        }
    }
    let legacy = client.get("/ob2/assertions/60001/image?baked=url").await.body;
    let address = format!("tEXtopenbadges\0{}/ob2/assertions/60001", city.url);
    assert!(legacy.windows(address.len()).any(|part| part == address.as_bytes()));
    image::load_from_memory(&legacy).expect("still a picture");
    let revoked = client.get("/ob2/revocations/7003").await.json();
    assert_eq!(at(&revoked, "/revokedAssertions/0/id"), &json!(format!("{}/ob2/assertions/60004", city.url)));
    assert_eq!(client.get("/ob2/assertions/60004").await.json()["revoked"], true);
    assert_eq!(client.get("/ob2/assertions/1").await.status, 404);
    let handed_in = client.get("/ob2/assertions/60003").await.json();
    assert!(at(&handed_in, "/evidence/0/narrative").as_str().is_some_and(|narrative| narrative.contains("foto")));
    assert!(client.get("/ob2/assertions/60001").await.json().get("evidence").is_none(), "that badge asks for none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_that_was_taken_back_is_not_handed_out() {
    let (city, client) = city(&[]).await;
    assert_eq!(client.get("/ob3/credentials/60004").await.status, 410);
    assert_eq!(client.get("/badges/60004.svg").await.status, 404);
    let page = client.get("/badges/60004").await.text();
    assert!(page.contains("Deze badge is teruggenomen") && !page.contains("badgewallet:"), "{page}");
    let sam = signed_in(&city.url, "sam@voorbeeld.example", "oudegracht").await;
    assert!(!sam.get("/dashboard/me/badges").await.text().contains("/badges/60004"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_organisation_signs_with_a_key_of_its_own() {
    let (_city, client) = city(&[]).await;
    let mut keys = std::collections::BTreeMap::new();
    for id in ["60001", "60002", "60003", "60001"] {
        let credential = only_credential(&client.get(&format!("/ob3/credentials/{id}")).await.body).json;
        let (name, key) = (credential["issuer"]["name"].to_string(), credential["issuer"]["id"].to_string());
        assert_eq!(*keys.entry(name).or_insert_with(|| key.clone()), key);
    }
    let different: BTreeSet<&String> = keys.values().collect();
    assert!(keys.len() > 1 && different.len() == keys.len(), "{keys:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hosted_badges_pass_the_judge_and_an_old_baked_one_leads_to_them() {
    use open_badges::Verdict;
    use wallet_tests::judging::{judge, trusting, verdict};
    let origin = "https://demostad.example";
    let now: jiff::Timestamp = "2026-11-26T09:00:00Z".parse().expect("a timestamp");
    let options = Options { now: Some(now), origin: Some(origin.to_owned()), ..Options::default() };
    let city = City::start(options).await.expect("a free port");
    let client = Client::new(&city.url);
    let web = asking::Elsewhere { client: client.clone(), origin };
    for (id, expected) in
        [("60001", Verdict::Valid), ("60002", Verdict::Valid), ("60003", Verdict::Valid), ("60004", Verdict::Invalid)]
    {
        let credential = only_credential(&client.get(&format!("/ob2/assertions/{id}")).await.body);
        let issuers: Vec<String> = (7001..7016).map(|issuer| format!("{origin}/ob2/issuers/{issuer}")).collect();
        let judgement = judge(&credential, trusting(issuers.iter().map(String::as_str)), &web, now);
        assert_eq!(verdict(&judgement), expected, "{id}: {:#?}", judgement.checks);
    }
    let found = open_badges::extract(&client.get("/ob2/assertions/60001/image?baked=url").await.body).expect("an address");
    assert!(matches!(&found[0].payload, Payload::Address(address) if *address == format!("{origin}/ob2/assertions/60001")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wallet_finds_the_badge_of_tomorrow_genuine() {
    use safe_fetch::Offline;
    use wallet_core::{
        Checker, Clock,
        view::{Input, Language, NamedFile, Verdict},
    };
    let (_city, client) = city(&[]).await;
    let answer = client.get("/ob3/credentials/60001").await;
    assert_eq!(answer.header("content-type"), Some("application/vc+jwt"));
    let issuer = only_credential(&answer.body).json["issuer"]["id"].as_str().expect("an issuer").to_owned();
    assert!(issuer.starts_with("did:key:z6Mk"), "{issuer}");
    let clock = Clock::Fixed("2026-11-26T09:00:00Z".parse().expect("a timestamp"));
    let checker = Checker::new(std::sync::Arc::new(Offline), clock, Language::Nl).trusting([issuer]);
    let file = |bytes: Vec<u8>| Input::File(NamedFile { name: "badge.jwt".to_owned(), media_type: None, bytes });
    let genuine = checker.check(file(answer.body.clone())).await.expect("a badge");
    assert_eq!(genuine[0].verification.verdict, Verdict::Valid, "{:#?}", genuine[0].verification);
    let mut forged = wallet_tests::builders::JwsBuilder::on(&answer.body);
    forged.payload["name"] = json!("Burgemeester");
    let forged = checker.check(file(forged.text().into_bytes())).await.expect("a badge");
    assert_eq!(forged[0].verification.verdict, Verdict::Invalid);
}

// ---- bad days ---------------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn wrong_queries_are_refused_in_the_words_of_graphql_js() {
    let (city, client) = city(&["drift"]).await;
    let said = async |query: &str| {
        let answer = ask(&client, query).await;
        assert_eq!(answer.status, 400, "{query}");
        let json = answer.json();
        assert!(json.get("data").is_none(), "{json}");
        json["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| error["message"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(said("{ projects { list { material } } }").await, ["Cannot query field \"material\" on type \"Project\"."]);
    assert_eq!(
        said("{ projects { list { eventStart } } }").await,
        ["Cannot query field \"eventStart\" on type \"Project\". Did you mean \"eventEnd\"?"]
    );
    let drifted = run(&client, "ColDetail", json!({"id": "31001"})).await;
    let fields: Vec<String> = drifted["errors"].as_array().expect("errors").iter().map(Value::to_string).collect();
    for field in ["duration", "material", "coHosts", "coverMeta", "eventStart"] {
        assert!(fields.iter().any(|error| error.contains(&format!("\\\"{field}\\\""))), "{field}: {fields:?}");
    }
    let moved = ask(&client, "{ maybeProject(id: \"31001\") { project { startsAt } } }").await.json();
    assert_eq!(at(&moved, "/data/maybeProject/project/startsAt"), "2026-12-05T12:00:00.000Z");
    turn(&city, "drift2");
    assert_eq!(
        said("{ projects { list { skills(lang: \"nl\") { id } } } }").await,
        ["Unknown argument \"lang\" on field \"Project.skills\"."]
    );
    assert_eq!(
        said("{ projects { list { perms { view { value } } } } }").await,
        ["Cannot query field \"perms\" on type \"Project\". Did you mean \"users\"?"]
    );
    assert_eq!(
        said("query A($a: Jaar) { site { ttle } }").await,
        [
            "Variable \"$a\" is never used in operation \"A\".",
            "Unknown type \"Jaar\".",
            "Cannot query field \"ttle\" on type \"Site\". Did you mean \"title\"?"
        ]
    );
    assert_eq!(
        said("{ site { categories } }").await,
        ["Field \"categories\" of type \"[Category!]\" must have a selection of subfields. Did you mean \"categories { ... }\"?"]
    );
    assert_eq!(said("{ site { id").await, ["Syntax Error: Unexpected <EOF>."]);
    assert!(ask(&client, "{ __schema { types { name } } }").await.json()["data"]["__schema"]["types"].is_array());
    turn(&city, "no-filter");
    assert_eq!(
        said("{ projects(siteFilter: true) { total } }").await,
        ["Unknown argument \"siteFilter\" on field \"Query.projects\"."]
    );
    turn(&city, "no-introspection");
    assert_eq!(
        said("{ __schema { types { name } } }").await,
        ["GraphQL introspection has been disabled, but the requested query contained the field \"__schema\"."]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_fragments_and_literals_are_refused_in_those_words_too() {
    let (_city, client) = city(&[]).await;
    for (query, words) in [
        ("query A($l: String) { site { id } }", "Variable \"$l\" is never used in operation \"A\"."),
        ("query ($l: String) { site { id } }", "Variable \"$l\" is never used."),
        ("query A($id: ID!) { maybeProject(id: $id) { id } }", "Variable \"$id\" of required type \"ID!\" was not provided."),
        ("{ site { ...F } }", "Unknown fragment \"F\"."),
        ("{ projects(sort: nonsense) { total } }", "Value \"nonsense\" does not exist in \"ProjectSort\" enum."),
        (
            "{ projects(sort: nam) { total } }",
            "Value \"nam\" does not exist in \"ProjectSort\" enum. Did you mean the enum value \"name\"?",
        ),
        ("{ projects(contexts: [event, zzz]) { total } }", "Value \"zzz\" does not exist in \"ProjectContext\" enum."),
        ("{ maybeProject { id } }", "Field \"maybeProject\" argument \"id\" of type \"ID!\" is required, but it was not provided."),
        ("{ projects(limit: \"x\") { total } }", "Int cannot represent non-integer value: \"x\""),
        ("{ projects(siteFilter: 1) { total } }", "Boolean cannot represent a non boolean value: 1"),
        ("{ projects(limit: 3000000000) { total } }", "Int cannot represent non 32-bit signed integer value: 3000000000"),
        (
            "{ projects(sort: \"name\") { total } }",
            "Enum \"ProjectSort\" cannot represent non-enum value: \"name\". Did you mean the enum value \"name\"?",
        ),
        ("query ($l: Int = \"x\") { projects(limit: $l) { total } }", "Int cannot represent non-integer value: \"x\""),
        ("{ maybeProject(id: null) { id } }", "Expected value of type \"ID!\", found null."),
        ("query A { maybeProject(id: $x) { id } }", "Variable \"$x\" is not defined by operation \"A\"."),
        ("{ projects(contexts: [$x]) { total } }", "Variable \"$x\" is not defined."),
        (
            "query ($l: String) { projects(limit: $l) { total } }",
            "Variable \"$l\" of type \"String\" used in position expecting type \"Int\".",
        ),
        (
            "query ($id: ID) { maybeProject(id: $id) { id } }",
            "Variable \"$id\" of type \"ID\" used in position expecting type \"ID!\".",
        ),
        ("{ site { id } } fragment F on Site { id }", "Fragment \"F\" is never used."),
        ("query A { site { id } } query B { site { id } }", "Must provide operation name if query contains multiple operations."),
    ] {
        let answer = ask(&client, query).await;
        let faults = answer.json()["errors"].as_array().expect("errors").clone();
        assert_eq!((answer.status, faults.len(), &faults[0]["message"]), (400, 1, &json!(words)), "{query}");
    }
    let null = json!({"query": "query ($id: ID!) { maybeProject(id: $id) { id } }", "variables": {"id": null}});
    let faults = client.post("/api/graphql", &null).await.json();
    assert_eq!(faults["errors"][0]["message"], "Variable \"$id\" of non-null type \"ID!\" must not be null.");
    for (query, variables, words) in [
        (
            "($l: Int) { projects(limit: $l)",
            json!({"l": "x"}),
            "\"$l\" got invalid value \"x\"; Int cannot represent non-integer value: \"x\"",
        ),
        (
            "($s: ProjectSort) { projects(sort: $s)",
            json!({"s": "nam"}),
            "\"$s\" got invalid value \"nam\"; Value \"nam\" does not exist in \"ProjectSort\" enum. Did you mean the enum value \"name\"?",
        ),
        (
            "($s: ProjectSort) { projects(sort: $s)",
            json!({"s": 5}),
            "\"$s\" got invalid value 5; Enum \"ProjectSort\" cannot represent non-string value: 5.",
        ),
        (
            "($c: [ID!]) { projects(categories: $c)",
            json!({"c": ["1", true]}),
            "\"$c\" got invalid value true at \"c[1]\"; ID cannot represent value: true",
        ),
    ] {
        let sent = json!({"query": format!("query {query} {{ total }} }}"), "variables": variables});
        let answer = client.post("/api/graphql", &sent).await;
        assert_eq!(
            (answer.status, answer.json()["errors"][0]["message"].clone()),
            (400, json!(format!("Variable {words}"))),
            "{sent}"
        );
    }
    // Only the operation that runs is asked what it needs.
    let two = "query A($id: ID!) { maybeProject(id: $id) { id } } query B { site { id } }";
    for (name, words) in
        [("A", "Variable \"$id\" of required type \"ID!\" was not provided."), ("C", "Unknown operation named \"C\".")]
    {
        let faults = client.post("/api/graphql", &json!({"query": two, "operationName": name})).await.json();
        let told = faults["errors"].as_array().expect("errors");
        assert_eq!((told.len(), &told[0]["message"]), (1, &json!(words)), "{name}");
    }
    assert_eq!(client.post("/api/graphql", &json!({"query": two, "operationName": "B"})).await.status, 200);
    // A variable may be used by a directive, or by a fragment alone.
    let fine = "query A($x: Boolean = true, $l: String) { projects { list { ...F } } } fragment F on Project { id @include(if: $x) skills(lang: $l) { id } }";
    assert_eq!(ask(&client, fine).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_without_anything_in_it_is_not_null() {
    let (_city, client) = city(&[]).await;
    let answer = ask(&client, "{ projects(limit: 100) { list { playlistActivitiesOrdered joinUUID } } }").await.json();
    let list = at(&answer, "/data/projects/list").as_array().expect("a list");
    assert_eq!(list.iter().filter(|item| item.is_null()).count(), 1, "the one that was deleted");
    let answer = ask(&client, "{ projects(limit: 100) { list { joinUUID } } }").await.json();
    let list = at(&answer, "/data/projects/list").as_array().expect("a list");
    assert_eq!(list.iter().filter(|item| **item == json!({"joinUUID": null})).count(), list.len() - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_day_is_as_bad_as_it_says() {
    let (city, client) = city(&["429"]).await;
    let query = "{ site { id } projects(offset: 30, limit: 4) { total list { id organisation { id } skills { id } } } }";
    let answer = ask(&client, query).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("30")));
    turn(&city, "500");
    let answer = ask(&client, query).await;
    assert_eq!((answer.status, answer.header("content-type")), (500, Some("text/plain")));
    assert_eq!(answer.text(), "Something went wrong. And we are reporting a custom error message.");
    turn(&city, "html");
    let answer = client.get("/feed/activities.json").await;
    assert!(answer.status == 200 && answer.text().starts_with("<!doctype html>"));
    turn(&city, "nulls");
    let list = at(&ask(&client, query).await.json(), "/data/projects/list").clone();
    assert!(list[1].is_null() && list[0]["skills"][1].is_null() && !list[2].is_null(), "{list}");
    assert_eq!(list.as_array().map(Vec::len), Some(4), "no more than was asked for");
    turn(&city, "errors");
    let answer = ask(&client, query).await;
    let json = answer.json();
    assert_eq!((answer.status, &json["data"]["projects"]["list"][0]["organisation"]), (200, &Value::Null));
    assert_eq!(json["errors"][0]["path"], json!(["projects", "list", 0, "organisation"]));
    turn(&city, "no-well-known");
    assert_eq!(client.get("/.well-known/cities-of-learning").await.status, 404);
    turn(&city, "no-tenant");
    assert!(ask(&client, query).await.json()["data"]["site"].is_null());
    turn(&city, "loop");
    let json = ask(&client, query).await.json();
    assert_eq!(
        (&json["data"]["projects"]["total"], &json["data"]["projects"]["list"][0]["id"]),
        (&json!(1_000_000), &json!("31001"))
    );
    turn(&city, "redirect");
    let answer = ask(&client, query).await;
    assert_eq!((answer.status, answer.header("location")), (307, Some("https://elders.example/api/graphql")));
    turn(&city, "infinite");
    assert!(ask(&client, "{ site { mapMarks { location { lat } } } }").await.text().contains("\"lat\":1e999"));
    turn(&city, "big=5000");
    assert_eq!(ask(&client, query).await.json()["data"]["projects"]["total"], 5000);
    turn(&city, "federate=http://127.0.0.1:9");
    let json =
        ask(&client, "{ maybeProject(id: \"31001\") { project { id site(excludeCurrent: true) { siteUrl } } } }").await.json();
    assert_eq!(at(&json, "/data/maybeProject/project/site/siteUrl"), "http://127.0.0.1:9");
    turn(&city, "jsonld");
    assert!(client.get("/activities/31001").await.text().contains("\"@context\":\"https://schema.org\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_itself_has_bad_days() {
    let (city, client) = city(&["slow"]).await;
    let body = json!({"query": "{ site { id } }"});
    let before = std::time::Instant::now();
    assert_eq!(client.post("/api/graphql", &body).await.status, 200);
    assert!(before.elapsed() >= Duration::from_secs(3));
    turn(&city, "silent");
    assert!(tokio::time::timeout(Duration::from_secs(2), client.post("/api/graphql", &body)).await.is_err());
    turn(&city, "cut");
    let answer = client.post("/api/graphql", &body).await;
    let promised: usize = answer.header("content-length").expect("a length").parse().expect("a number");
    assert!(answer.body.len() < promised && !answer.body.is_empty(), "{} of {promised}", answer.body.len());
    turn(&city, "huge");
    assert!(client.post("/api/graphql", &body).await.body.len() > 100 * 1024 * 1024);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_city_is_hostile_and_still_answers() {
    let (_city, client) = city(&["hostile"]).await;
    let query = "{ projects(limit: 100) { list { id type name picture website location { lat } eventStart } } }";
    let text = ask(&client, query).await.text();
    for bad in
        ["<script>", "\u{202e}", "\"NaN\"", "gisteren", "javascript:", "../../claim?code=b4nd1a", "toverij", "169.254.169.254"]
    {
        assert!(text.contains(bad), "{bad}");
    }
    let known = client.get("/.well-known/cities-of-learning").await.json();
    assert_eq!(known["claim"]["url"], "https://elders.example/claim?code={code}");
    let picture = async |number: u32| client.get(&format!("/storage/project/deadbeef-0000-4000-8000-{number:012}.png")).await;
    let bomb = picture(1).await.body;
    assert_eq!(bomb[16..24], [50_000_u32.to_be_bytes(), 50_000_u32.to_be_bytes()].concat());
    assert!(picture(2).await.body.len() >= 30 * 1024 * 1024);
    let page = picture(3).await;
    assert!(page.header("content-type") == Some("image/png") && page.text().contains("<script>"));
    assert_eq!(picture(404).await.status, 404);
    // Its own pages stay what they are: nothing of it is run.
    let page = client.get("/activities/31101").await;
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'")));
}

// ---- for tests --------------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_is_remembered() {
    let (city, client) = city(&[]).await;
    run(&client.clone().with("X-Lang", "nl").with("Auth-Token", "geheim"), "ColSite", json!({"lang": "nl"})).await;
    let download = client.get("/storage/badge/a1b0c2d3-1111-4a4a-9b9b-000000081101.png?download=1").await;
    assert!(download.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    let asked = city.asked();
    assert_eq!((asked[0].operation.as_deref(), asked[0].authorised, asked[1].authorised), (Some("ColSite"), true, false));
    assert_eq!((asked[0].headers["x-lang"].as_str(), &asked[0].variables), ("nl", &Some(json!({"lang": "nl"}))));
    let told = client.get("/test/asked").await.json();
    assert_eq!(told.as_array().map(Vec::len), Some(2));
    let set = client.post("/test/mode", &json!({"modes": ["500"]})).await.json();
    assert_eq!((set, client.get("/feed/activities.json").await.status), (json!({"modes": ["500"]}), 500));
    assert_eq!(client.post("/test/mode", &json!({"modes": ["mooi"]})).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_taken_in_and_a_self_checked_task_gives_the_badge() {
    let (city, client) = city(&[]).await;
    assert_eq!(client.send("PUT", "/api/v1/storage/evidence", "text/plain", b"hoi").await.status, 422);
    let body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nbeeld\r\n--x--\r\n";
    let taken = client.send("PUT", "/api/v1/storage/evidence", "multipart/form-data; boundary=x", body).await;
    assert_eq!(taken.status, 201);
    let path = taken.json()["publicPath"].as_str().expect("a path").to_owned();
    assert!(path.starts_with("/storage/evidence/"), "{path}");
    let stands = client.get(&path).await;
    assert_eq!((stands.status, stands.header("content-type")), (200, Some("image/jpeg")));
    image::load_from_memory(&stands.body).expect("a picture");
    assert_eq!(client.get("/storage/evidence/3f2504e0-4f89-41d3-9a0c-0305e82c3301.jpg").await.status, 404, "nobody sent it");
    assert_eq!(client.get("/health/check").await.json(), json!({"version": "1.13.29-test"}));
    let noor = signed_in(&city.url, "noor@voorbeeld.example", "domtoren").await;
    let task = async |query: &str| ask(&noor, query).await.json();
    let early = task("mutation { requestTaskCheck(id: \"810030\") { submitted error badgeGained { id } task { status } } }").await;
    let refused = json!({"submitted": false, "error": "required", "badgeGained": null, "task": {"status": "waitForEvidence"}});
    assert_eq!(at(&early, "/data/requestTaskCheck"), &refused);
    task(&format!("mutation {{ submitTaskEvidence(id: \"810030\", files: [\"{path}\"]) {{ added }} }}")).await;
    let told = task(
        "{ maybeBadgeClass(id: \"81003\") { badgeClass { criteria { task { evidences { __typename ... on FileEvidence { uri file { publicPath extension } } } } } } } }",
    )
    .await;
    assert_eq!(
        at(&told, "/data/maybeBadgeClass/badgeClass/criteria/0/task/evidences/0"),
        &json!({"__typename": "FileEvidence", "uri": path, "file": {"publicPath": path, "extension": "jpg"}})
    );
    let quest = "mutation { submitTaskEvidence(id: \"810030\", comment: \"Nepmail\") { added } requestTaskCheck(id: \"810030\") { submitted badgeGained { id name } task { status } } }";
    let done = ask(&noor, quest).await.json();
    assert_eq!(at(&done, "/data/requestTaskCheck/badgeGained/name"), "Digitaal op weg", "{done}");
    let id = at(&done, "/data/requestTaskCheck/badgeGained/id").as_str().expect("an id");
    let evidence = client.get(&format!("/ob2/assertions/{id}")).await.json()["evidence"].clone();
    assert_eq!(evidence, json!([{"narrative": "Een ingeleverd bestand."}, {"narrative": "Nepmail"}]));
    // A task that others check waits, also for who looks later, until it is taken back.
    let status = "{ maybeBadgeClass(id: \"81001\") { badgeClass { criteria { task { status } } } } }";
    for (change, said) in [
        ("requestTaskCheck(id: \"810010\") { task { status } }", "waitForApprove"),
        ("cancelTaskCheck(id: \"810010\") { status }", "waitForEvidence"),
    ] {
        let told = task(&format!("mutation {{ it: {change} }}")).await;
        assert_eq!(told.pointer("/data/it/task/status").or(told.pointer("/data/it/status")), Some(&json!(said)), "{told}");
        assert_eq!(at(&task(status).await, "/data/maybeBadgeClass/badgeClass/criteria/0/task/status"), said);
    }
    // As large as is said, and no larger.
    for (size, status) in [(3 * 1024 * 1024, 201), (4 * 1024 * 1024, 413)] {
        let large = [body.as_slice(), &vec![b'x'; size]].concat();
        let answer = client.send("PUT", "/api/v1/storage/evidence", "multipart/form-data; boundary=x", &large).await;
        assert_eq!(answer.status, status, "{size}");
    }
}

#[test]
fn the_demo_wallets_city_is_what_this_one_exports() {
    let folder = tempfile::tempdir().expect("a folder");
    let day = "2026-11-23T12:00:00Z".parse().expect("a timestamp");
    wallet_tests::city::export(folder.path(), day, 24).expect("an export");
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../wallet-core/demo/city");
    let (made, kept) = (files(folder.path()), files(&kept));
    assert!(made.len() > 50);
    let say = "run `demo-city --export-feed wallet-core/demo/city --now 2026-11-23T12:00:00Z`, and name new files in wallet-core/src/demo.rs";
    assert_eq!(made.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>(), "{say}");
    for (name, bytes) in &made {
        assert!(kept[name] == *bytes, "{name} differs: {say}");
    }
}

/// Every file under a folder, by its name there.
fn files(root: &std::path::Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (std::collections::BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}
