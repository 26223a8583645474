//! The command line from outside: its JSON and its exit codes, which are a public interface.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

#[path = "common/answer.rs"]
mod answer;
#[path = "common/world.rs"]
mod world;
use answer::{answer, error_of};
use world::World;

const NOW: &str = "2026-11-23T12:00:00Z";
const ASSERTION: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://school.example/a/1",
  "recipient":{"type":"email","hashed":false,"identity":"noor@post.example"},"issuedOn":"2026-03-01T00:00:00Z",
  "verification":{"type":"hosted"},"badge":"https://school.example/b/1"}"#;
const CLASS: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass","id":"https://school.example/b/1",
  "name":"Barista","description":"Koffie","image":"https://school.example/b/1.png","criteria":{"narrative":"Maak koffie"},
  "issuer":"https://school.example/i/1"}"#;
const ISSUER: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Profile","id":"https://school.example/i/1",
  "name":"Oefenschool","url":"https://school.example","email":"info@school.example"}"#;

impl World {
    /// With the school's web and a badge of it.
    fn new() -> Self {
        let world = Self::bare();
        for (path, body) in [("a/1", ASSERTION), ("b/1", CLASS), ("i/1", ISSUER), ("page", "<!doctype html><p>Welkom")] {
            world.write(&format!("web/school.example/{path}"), body);
        }
        world.write("badge.json", ASSERTION);
        world
    }

    /// In JSON and English, over the school's web.
    fn told(&self, mut program: Command) -> Command {
        program.args(["--json", "--lang", "en", "--now", NOW, "--web", &self.path("web")]);
        program
    }

    /// Runs without a wallet.
    fn run(&self, arguments: &[&str]) -> (i32, Value) {
        answer(&self.told(self.program()).args(arguments).output().unwrap())
    }

    /// Runs over the wallet.
    fn wallet(&self, arguments: &[&str]) -> (i32, Value) {
        answer(&self.told(self.over("home")).args(arguments).output().unwrap())
    }
}

#[test]
fn verify_gives_the_documented_shape() {
    let world = World::new();
    let (code, json) = world.run(&["verify", &world.path("badge.json")]);
    assert_eq!(code, 0, "{json:#}");
    insta::assert_json_snapshot!(json);
}

#[test]
fn verify_tells_its_outcome_by_exit_code() {
    let world = World::new();
    let badge = world.path("badge.json");
    assert_eq!(world.run(&["verify", "https://school.example/a/1"]).0, 0);
    let offline = world.program().args(["--json", "--offline", "verify", &badge]).output().unwrap();
    assert_eq!(answer(&offline).0, 2, "what cannot be told is neither good nor bad");
    world.write("web/school.example/a/1.410", "");
    assert_eq!(world.run(&["verify", &badge]).0, 1, "a badge that is gone is invalid");
    let (code, json) = world.run(&["verify", &badge, "https://school.example/page"]);
    assert_eq!((code, json["rejected"][0]["code"].as_str()), (1, Some("no_badge_there")));
}

#[test]
fn what_is_no_badge_has_its_own_answer() {
    let world = World::new();
    world.write("deep.json", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)));
    world.write("twice.json", r#"{"type":"Assertion","type":"Assertion"}"#);
    world.write("half.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    world.write("empty", b"");
    let table = [
        (vec!["verify", "{\"hello\":\"world\"}"], 65, "not_a_badge"),
        (vec!["verify", "https://school.example/page"], 65, "no_badge_there"),
        (vec!["verify", "https://127.0.0.1/a"], 77, "address_refused"),
        (vec!["verify", "https://192.168.0.1/a"], 77, "address_refused"),
        (vec!["verify", "no-such-file.json"], 64, "usage"),
        (vec!["verify"], 64, "usage"),
        (vec!["nonsense"], 64, "usage"),
        (vec!["--offline", "verify", "x"], 64, "usage"),
    ];
    for (arguments, code, name) in table {
        assert_eq!(error_of(&world.run(&arguments)), (code, name), "{arguments:?}");
    }
    for file in ["deep.json", "twice.json", "half.png", "empty"] {
        let answer = world.run(&["verify", &world.path(file)]);
        assert_eq!(answer.0, 65, "{file}: {}", answer.1);
    }
}

#[test]
fn inspect_asks_nothing_for_a_badge_at_hand() {
    let world = World::new();
    let (code, json) = world.run(&["inspect", &world.path("badge.json")]);
    assert_eq!((code, json["kind"].as_str(), json["badges"][0]["verdict"].as_str()), (0, Some("badges"), Some("cannot_tell")));
    let (code, json) = world.run(&["inspect", "https://school.example/page"]);
    assert_eq!((code, json["kind"].as_str(), json["host"].as_str()), (0, Some("page"), Some("school.example")));
}

#[test]
fn standard_input_is_an_input() {
    let world = World::new();
    let mut program = world.told(world.program());
    let mut child =
        program.args(["check", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(ASSERTION.as_bytes()).unwrap();
    let (code, json) = answer(&child.wait_with_output().unwrap());
    assert_eq!((code, json["badges"][0]["name"].as_str()), (0, Some("Barista")));
}

#[test]
fn a_badge_goes_in_and_comes_out_unchanged() {
    let world = World::new();
    let badge = world.path("badge.json");
    assert_eq!(error_of(&world.wallet(&["list"])), (64, "no_wallet"));
    let (code, json) = world.wallet(&["add", &badge]);
    assert_eq!((code, json["badges"][0]["verdict"].as_str()), (0, Some("valid")), "{json:#}");
    let (code, json) = world.wallet(&["add", &badge]);
    assert_eq!((code, json["duplicates"][0].as_str()), (0, Some("Barista")));
    let (_, json) = world.wallet(&["list", "--search", "bari"]);
    let id = json["badges"][0]["id"].as_str().unwrap().to_owned();
    let out = world.path("out.json");
    assert_eq!(world.wallet(&["export", &id, "-o", &out]).0, 0);
    assert_eq!(std::fs::read(&out).unwrap(), ASSERTION.as_bytes());
    assert_eq!(world.wallet(&["show", &id]).1["badge"]["name"].as_str(), Some("Barista"));
    assert_eq!(error_of(&world.wallet(&["remove", &id])), (77, "not_allowed"), "without a terminal it needs --yes");
    assert_eq!(world.wallet(&["remove", &id, "--yes"]).0, 0);
    assert_eq!(error_of(&world.wallet(&["show", &id])), (64, "not_found"));
    let actions: Vec<_> = world.wallet(&["history"]).1["history"].as_array().unwrap().iter().map(|e| e["action"].clone()).collect();
    assert!(actions.contains(&"added".into()) && actions.contains(&"removed".into()), "{actions:?}");
}

#[test]
fn a_shown_code_is_checked_from_its_picture() {
    let world = World::new();
    world.wallet(&["add", &world.path("badge.json")]);
    let (_, json) = world.wallet(&["list"]);
    let id = json["badges"][0]["id"].as_str().unwrap().to_owned();
    let code = world.path("code.png");
    let (exit, json) = world.wallet(&["present", &id, "--offline-qr", &code]);
    assert_eq!(exit, 0, "{json:#}");
    let files: Vec<&str> = json["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    let (exit, json) = world.run(&[&["check"], files.as_slice()].concat());
    assert_eq!((exit, json["badges"][0]["name"].as_str()), (0, Some("Barista")), "{json:#}");
    assert!(Path::new(files[0]).exists());
    let (exit, json) = world.run(&["inspect", files[0]]);
    assert_eq!((exit, json["kind"].as_str()), (0, Some("shown")));
    assert_eq!(error_of(&world.wallet(&["add", files[0]])), (77, "not_allowed"), "what is shown is never kept");
}

#[test]
fn more_codes_of_a_sequence_than_are_needed_do_no_harm() {
    let world = World::new();
    let large = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/badges/barista.json");
    let (_, json) = world.wallet(&["add", large]);
    assert_eq!(json["badges"][0]["name"].as_str(), Some("Barista"), "{json:#}");
    let (_, json) = world.wallet(&["list"]);
    let id = json["badges"][0]["id"].as_str().unwrap().to_owned();
    let (_, json) = world.wallet(&["present", &id, "--offline-qr", &world.path("code.png")]);
    let files: Vec<&str> = json["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    assert!(files.len() > 2, "{json:#}");
    let (exit, json) = world.run(&[&["check"], files.as_slice()].concat());
    assert_eq!((exit, json["badges"].as_array().map(Vec::len), json.get("rejected")), (2, Some(1), None), "{json:#}");
    let (exit, json) = world.run(&["check", files[0]]);
    assert_eq!(error_of(&(exit, json)), (65, "damaged"), "one code of many is not enough");
}

#[test]
fn lists_of_addresses_and_issuers_are_kept() {
    let world = World::new();
    let (code, json) = world.wallet(&["identities", "add", "noor@post.example"]);
    assert_eq!((code, json["identities"][0]["address"].as_str()), (0, Some("noor@post.example")));
    assert_eq!(world.wallet(&["identities", "remove", "noor@post.example"]).1["identities"].as_array().unwrap().len(), 0);
    let (code, json) = world.wallet(&["issuers", "add", "https://school.example/i/1", "--name", "Oefenschool"]);
    assert_eq!((code, json["issuers"][0]["name"].as_str()), (0, Some("Oefenschool")));
    assert_eq!(world.wallet(&["issuers"]).1["issuers"].as_array().unwrap().len(), 1);
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let world = World::new();
    world.wallet(&["identities"]);
    world.write("secret", "een heel andere wachtzin dan eerst\n");
    assert_eq!(error_of(&world.wallet(&["list"])), (75, "wrong_passphrase"));
    assert_eq!(world.wallet(&["erase", "--yes"]).0, 0, "who forgot the passphrase can still throw it all away");
}
