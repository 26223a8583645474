//! The demo badges come out as their index says, and between them show every verdict and every format.

use std::collections::BTreeSet;

use open_badges::{Container, Format, RecipientMatch, match_recipient};
use serde_json::Value;
use wallet_tests::{
    fixtures::only_credential,
    judging::{WebFiles, judge, now, reasons, trusting, verdict},
    sources,
};

fn index() -> Value {
    serde_json::from_str(&sources::read("wallet-core/demo/index.json")).expect("JSON")
}

fn bytes(badge: &Value) -> Vec<u8> {
    let file = badge["file"].as_str().expect("a file");
    std::fs::read(sources::root().join("wallet-core/demo/badges").join(file)).expect("a demo badge")
}

fn text<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).expect("JSON").as_str().expect("a name").to_owned()
}

#[test]
fn every_demo_badge_comes_out_as_its_index_says() {
    let index = index();
    let known: Vec<&str> =
        index["known_issuers"].as_array().expect("a list").iter().filter_map(|issuer| issuer["id"].as_str()).collect();
    let web = WebFiles::new(sources::root().join("wallet-core/demo/web"));
    let mut verdicts = BTreeSet::new();
    for badge in index["badges"].as_array().expect("a list") {
        let judgement = judge(&only_credential(&bytes(badge)), trusting(known.iter().copied()), &web, now());
        let found = text(verdict(&judgement));
        assert_eq!(badge["verdict"], found, "{}: {:#?}", badge["name"], judgement.checks);
        let found_reasons: Vec<String> = reasons(&judgement).into_iter().map(text).collect();
        match badge["reason"].as_str() {
            Some(reason) => {
                assert!(found_reasons.iter().any(|found| found == reason), "{}: {:#?}", badge["name"], judgement.checks)
            }
            None => assert!(found_reasons.is_empty(), "{}: {:#?}", badge["name"], judgement.checks),
        }
        verdicts.insert(found);
    }
    assert_eq!(verdicts.len(), 4, "the demo shows every verdict: {verdicts:?}");
}

#[test]
fn outside_a_demo_wallet_no_demo_badge_is_valid() {
    let index = index();
    let web = WebFiles::new(sources::root().join("wallet-core/demo/web"));
    for badge in index["badges"].as_array().expect("a list") {
        let mut evidence = trusting([]);
        let practice = index["practice_issuers"].as_array().expect("a list");
        evidence.practice_issuers = practice.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let judgement = judge(&only_credential(&bytes(badge)), evidence, &web, now());
        assert_ne!(text(verdict(&judgement)), "valid", "{}", badge["name"]);
    }
}

#[test]
fn the_demo_shows_every_format_and_container() {
    let mut containers = BTreeSet::new();
    let mut formats = BTreeSet::new();
    for badge in index()["badges"].as_array().expect("a list") {
        let found = open_badges::extract(&bytes(badge)).expect("a badge").remove(0);
        containers.insert(text(found.container));
        formats.insert(text(only_credential(&bytes(badge)).format));
    }
    let names = [Container::Json, Container::Jwt, Container::Png, Container::Svg].map(text);
    assert_eq!(containers, BTreeSet::from(names));
    assert_eq!(formats, BTreeSet::from([Format::OpenBadgeV2, Format::OpenBadgeV3].map(text)));
}

#[test]
fn every_demo_badge_is_noors() {
    for badge in index()["badges"].as_array().expect("a list") {
        let found = match_recipient(&only_credential(&bytes(badge)), &["noor@voorbeeld.example".to_owned()]);
        assert!(matches!(found, RecipientMatch::Mine(_)), "{}: {found:?}", badge["name"]);
    }
}
