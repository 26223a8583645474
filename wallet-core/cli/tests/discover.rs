//! *Ontdek* on the command line, over cities that are files: what is read, asked, claimed and told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

#[path = "common/answer.rs"]
mod answer;
#[path = "common/world.rs"]
mod world;
use answer::{answer, error_of};
use world::World;

const NOW: &str = "2026-11-23T12:00:00Z";

impl World {
    /// With the web of two cities.
    fn new() -> Self {
        let world = Self::bare();
        for (host, name) in [("stad.example", "Proefstad (fictief)"), ("dorp.example", "Proefdorp (fictief)")] {
            let document = json!({ "version": 1, "name": name, "fictitious": true, "claim": { "url": "/claim?code={code}" },
                "interfaces": [{ "type": "activity-feed", "url": "/feed.json" }] });
            world.write(&format!("web/{host}/.well-known/cities-of-learning"), document.to_string());
            world.write(&format!("web/{host}/feed.json"), feed().to_string());
        }
        world
    }

    /// With the first city, read.
    fn with_a_city() -> Self {
        let world = Self::new();
        let (code, cities) = world.json(&["cities", "add", "stad.example/nl/activities"]);
        assert_eq!((code, cities["chosen"][0]["activities"].as_u64()), (0, Some(2)), "{cities:#}");
        world
    }

    fn run(&self, network: &[&str], arguments: &[&str]) -> Output {
        self.over("home").args(["--now", NOW]).args(network).args(arguments).output().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        answer(&self.run(&["--json", "--lang", "en", "--web", &self.path("web")], arguments))
    }

    fn offline(&self, arguments: &[&str]) -> (i32, Value) {
        answer(&self.run(&["--json", "--lang", "en", "--offline"], arguments))
    }

    /// What a person reads, in English, without a network.
    fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(&["--lang", "en", "--offline"], arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn feed() -> Value {
    let badge = json!({ "id": "81", "name": "Bandenplakker", "evidence": true, "tasks_needed": 1, "tasks": [
        { "description": "Plak een **band**.", "check": "managers", "count": 1 }, { "description": "Stel een rem af." } ] });
    let dated = json!({ "id": "1", "kind": "activity", "title": "Fiets repareren", "start": "2026-12-02T12:00:00Z",
        "end": "2026-12-02T14:00:00Z", "time_zone": "Europe/Amsterdam", "address": "Neude 11, Utrecht", "form": "workshop",
        "description": "Leer een band plakken & je remmen stellen.\n\n- **Gereedschap** is er\n- Neem je fiets mee",
        "category": { "id": "8", "name": "Crafts and making" }, "skills": [{ "id": "501", "name": "Fietsen Repareren" }],
        "badge": badge, "page": "/activities/1" });
    let long = json!({ "id": "2", "kind": "activity", "title": "Lang ".repeat(39).trim_end(), "duration": 5400,
        "online": true, "page": "/activities/2" });
    let route = json!({ "id": "3", "kind": "playlist", "title": "Fietsmaker van de wijk", "page": "/activities/3", "parts": [
        { "id": "1", "title": "Fiets repareren", "mandatory": true }, { "id": "2", "title": "Lang", "mandatory": false } ] });
    json!({ "version": 1, "items": [dated, long, route] })
}

#[test]
fn the_address_of_what_is_here_needs_no_network() {
    let world = World::with_a_city();
    for address in [
        "https://stad.example/activities/1",
        "https://stad.example/nl/activities/1/?utm=x#top",
        "https://stad.example/nl/activities/3/part/1",
        "https://stad.example/activities/3?part=1",
    ] {
        let (code, detail) = world.offline(&["activity", address]);
        assert_eq!((code, detail["card"]["id"].as_str()), (0, Some("1@stad.example")), "{address}: {detail:#}");
        assert_eq!(detail["problem"].as_str(), Some("offline"));
    }
    let (_, route) = world.offline(&["activity", "https://stad.example/playlists/3", "--tick", "1", "--plan"]);
    assert_eq!((route["card"]["planned"].as_bool(), route["card"]["progress"]["done"].as_u64()), (Some(true), Some(1)));
    assert_eq!(error_of(&world.offline(&["activity", "https://stad.example/activities/99"])), (69, "offline"));
}

#[test]
fn a_link_of_a_new_city_adds_it_and_reads_it() {
    let world = World::new();
    let link = "https://stad.example/nl/claim?code=b4nd1a";
    let output = world.run(&["--lang", "en", "--web", &world.path("web")], &["claim", link]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("open the city's site: https://stad.example/claim?code=b4nd1a"), "{text}");
    assert!(text.ends_with("\nAdded to your cities: Proefstad (fictief) (stad.example)\n"), "{text}");
    assert_eq!(output.status.code(), Some(77));
    let city = &world.offline(&["cities"]).1["chosen"][0];
    assert_eq!((city["activities"].as_u64(), city["playlists"].as_u64()), (Some(2), Some(1)), "{city:#}");
    assert!(city["refreshed_at"].is_string());
    let again = world.run(&["--lang", "en", "--web", &world.path("web")], &["claim", link]);
    assert!(!String::from_utf8_lossy(&again.stdout).contains("Added"));
}

#[test]
fn codes_that_wait_say_so_until_none_does() {
    let world = World::new();
    assert_eq!(error_of(&world.offline(&["claim"])), (64, "no_wallet"), "the list is read, and makes nothing");
    assert!(!Path::new(&world.path("home")).exists());
    let (code, claim) = world.offline(&["claim", "https://stad.example/claim?code=b4nd1a"]);
    assert_eq!((code, claim["state"].as_str()), (69, Some("queued")));
    assert_eq!(world.offline(&["claim"]).0, 69);
    let (code, list) = world.json(&["claim"]);
    assert_eq!((code, list["claims"][0]["state"].as_str()), (0, Some("browser")), "{list:#}");
    assert_eq!(world.offline(&["claim"]).0, 0, "what waits for nothing is done");
    assert_eq!(world.offline(&["cities"]).1["chosen"][0]["activities"].as_u64(), Some(2), "its city was read too");
}

#[test]
fn a_request_for_what_never_was_says_what_is_wrong_with_it() {
    let world = World::new();
    let texts = |answer: &(i32, Value)| answer.1["error"]["text"].as_str().unwrap_or_default().to_owned();
    let none = world.json(&["claim", "b4nd1a"]);
    assert_eq!((error_of(&none), texts(&none).contains("no city yet")), ((64, "usage"), true), "{none:?}");
    world.json(&["cities", "add", "stad.example"]);
    world.json(&["cities", "add", "dorp.example"]);
    let table: [(&[&str], &str); 8] = [
        (&["claim", "b4nd1a"], "Name one with --city."),
        (&["claim", "b4nd1a", "--city", "https://elders.example"], "none of your cities: https://elders.example."),
        (&["claim", "--city", "stad.example"], "<CODE|URL>"),
        (&["activities", "--city", "x"], "none of your cities: x."),
        (&["cities", "remove", "elders.example"], "none of your cities: elders.example."),
        (&["activity", "2@stad.example", "--plan", "--calendar", "/nowhere/a.ics"], "This has no date."),
        (&["activity", "3@stad.example", "--tick", "99", "--plan"], "no part of this number: 99."),
        (&["activity", "1@stad.example", "--untick", "1"], "no part of this number: 1."),
    ];
    for (arguments, text) in table {
        let answer = world.json(arguments);
        assert_eq!(error_of(&answer), (64, "usage"), "{arguments:?}");
        assert!(texts(&answer).contains(text), "{arguments:?}: {}", texts(&answer));
    }
    for id in ["2@stad.example", "3@stad.example"] {
        assert_eq!(world.offline(&["activity", id]).1["card"]["planned"].as_bool(), Some(false), "nothing was done");
    }
    assert_eq!(error_of(&world.json(&["activity", "99@stad.example"])), (64, "not_found"), "this may have been there once");
    let other = ["claim", "https://stad.example/claim?code=b4nd1a", "--city", "dorp.example"];
    assert_eq!(error_of(&world.json(&other)), (77, "not_allowed"));
}

#[test]
fn a_city_is_named_as_it_is_added() {
    let world = World::with_a_city();
    for name in ["stad.example", "https://stad.example", "STAD.example/nl/activities?x=1", " https://stad.example/#x"] {
        assert_eq!(world.offline(&["activities", "--city", name]).1["total"].as_u64(), Some(3), "{name}");
        assert_eq!(world.json(&["cities", "refresh", name]).0, 0, "{name}");
    }
    let claim = ["claim", "https://stad.example/claim?code=b4nd1a", "--city", "stad.example/nl"];
    assert_eq!(world.json(&claim).0, 77, "its site has to be opened");
    assert_eq!(world.json(&["cities", "remove", "stad.example/nl"]).1["chosen"], json!([]));
}

#[test]
fn only_a_claim_code_or_its_link_is_brought_to_a_city() {
    let world = World::with_a_city();
    for text in ["https://stad.example/ob2/assertions/1", "{\"a\":1}", "https://stad.example/activities/1"] {
        assert_eq!(error_of(&world.offline(&["claim", text])), (65, "not_a_claim_code"), "{text}: nobody was asked");
    }
    assert_eq!(world.json(&["claim", "zonder-cijfer"]).0, 77, "a word is a code where it is said to be one");
    let (code, inspection) = world.offline(&["inspect", "b4nd1a"]);
    assert_eq!((code, inspection["kind"].as_str(), inspection["code"].as_str()), (0, Some("claim"), Some("b4nd1a")));
    assert_eq!(error_of(&world.offline(&["inspect", "bestand.json"])), (64, "usage"));
    for command in ["verify", "check", "add"] {
        let link = "https://stad.example/claim?code=b4nd1a";
        assert_eq!(error_of(&world.offline(&[command, link])), (65, "no_badge_there"), "{command}");
        assert_eq!(error_of(&world.offline(&[command, "b4nd1a"])), (64, "usage"), "{command}: a file that is not there");
    }
}

#[test]
fn categories_and_skills_go_by_their_shown_names() {
    let world = World::with_a_city();
    let (_, all) = world.offline(&["activities"]);
    let skill = all["skills"][0]["id"].as_str().unwrap();
    for arguments in [["--category", "crafts AND making"], ["--skill", "fietsen repareren"], ["--skill", skill]] {
        let (_, page) = world.offline(&["activities", arguments[0], arguments[1]]);
        assert_eq!(
            (page["total"].as_u64(), page["activities"][0]["id"].as_str()),
            (Some(1), Some("1@stad.example")),
            "{arguments:?}"
        );
    }
    let dutch = world.run(&["--json", "--lang", "nl", "--offline"], &["activities"]);
    let name = answer(&dutch).1["categories"][0]["name"].as_str().unwrap().to_uppercase();
    let dutch = world.run(&["--json", "--lang", "nl", "--offline"], &["activities", "--category", &name]);
    assert_eq!(answer(&dutch).1["total"].as_u64(), Some(1), "{name}");
}

#[test]
fn a_person_reads_all_that_matters_of_an_activity() {
    let world = World::with_a_city();
    world.offline(&["activity", "3@stad.example", "--tick", "1", "--plan"]);
    insta::assert_snapshot!("activity", world.told(&["activity", "1@stad.example"]));
    insta::assert_snapshot!("playlist", world.told(&["activity", "3@stad.example"]));
    insta::assert_snapshot!("activities", world.told(&["activities"]));
}

#[test]
fn a_list_of_nothing_is_a_sentence() {
    let world = World::new();
    world.offline(&["identities"]);
    for arguments in [
        &["cities"][..],
        &["activities"],
        &["activities", "--for-me"],
        &["claim"],
        &["identities"],
        &["issuers"],
        &["history"],
        &["list"],
        &["shares"],
    ] {
        let text = world.told(arguments);
        assert!(text.lines().next().unwrap_or_default().ends_with('.'), "{arguments:?}: {text}");
    }
}

#[test]
fn a_calendar_goes_to_a_file_or_to_standard_output() {
    let world = World::with_a_city();
    let file = world.path("agenda.ics");
    assert_eq!(world.offline(&["activity", "1@stad.example", "--calendar", &file]).0, 0);
    let output = world.run(&["--json", "--offline"], &["activity", "1@stad.example", "--calendar", "-"]);
    assert!(output.status.success() && output.stdout.starts_with(b"BEGIN:VCALENDAR"));
    assert_eq!(String::from_utf8_lossy(&output.stdout), fs::read_to_string(&file).unwrap());
}

#[test]
fn a_city_that_is_no_file_is_no_city() {
    let world = World::new();
    world.write("web/leeg.example/index", "<!doctype html><p>Hallo");
    for host in ["leeg.example", "elders.example"] {
        assert_eq!(error_of(&world.json(&["cities", "add", host])), (65, "not_a_city"), "{host}");
    }
    assert_eq!(error_of(&world.offline(&["cities", "add", "leeg.example"])), (69, "offline"));
}
