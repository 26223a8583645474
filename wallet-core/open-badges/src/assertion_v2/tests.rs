use serde_json::json;

use super::*;
use crate::Fetched;

fn assertion() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://badges.school.example/a/1",
        "recipient": {"type": "email", "hashed": true, "salt": "x", "identity": format!("sha256${}", "b".repeat(64))},
        "badge": "https://badges.school.example/b/1", "verification": {"type": "HostedBadge"},
        "issuedOn": "2019-05-01T10:00:00+00:00", "expires": "2029-05-01", "narrative": "Drie werkstukken",
        "evidence": ["https://werk.school.example/1", {"id": "https://werk.school.example/2", "narrative": "Een brug"}],
    })
}

fn class() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://badges.school.example/b/1",
        "name": "Bruggen bouwen (fictief)", "description": "Van hout", "image": "https://badges.school.example/b/1/image",
        "criteria": {"narrative": "Bouw er drie"}, "tags": ["hout"], "issuer": "https://badges.school.example/i/1",
        "alignment": [{"targetName": "Level 4", "targetUrl": "https://frameworks.example/4", "targetFramework": "EQF"}],
        "extensions:ECTSExtension": {"@context": "https://school.example/ects", "type": ["Extension"], "ECTS": 2.5},
    })
}

fn issuer() -> Value {
    json!({"@context": "https://w3id.org/openbadges/v2", "type": "Issuer", "id": "https://badges.school.example/i/1", "name": "Fictieve School", "url": "https://school.example", "email": "info@school.example"})
}

fn evidence(documents: &[(Purpose, &str, Value)]) -> Evidence {
    let mut evidence = Evidence::default();
    for (purpose, url, document) in documents {
        let answer = Answer::Document { final_url: (*url).to_owned(), body: document.to_string().into_bytes() };
        evidence
            .documents
            .insert(Need { purpose: *purpose, url: (*url).to_owned() }, Fetched { answer, fetched_at: Timestamp::UNIX_EPOCH });
    }
    evidence
}

fn parsed(json: &Value) -> Credential {
    Credential::parse(json.to_string().as_bytes()).unwrap()
}

#[test]
fn linked_documents_are_read_from_the_evidence() {
    let evidence = evidence(&[
        (Purpose::BadgeClass, "https://badges.school.example/b/1", class()),
        (Purpose::Issuer, "https://badges.school.example/i/1", issuer()),
    ]);
    insta::assert_json_snapshot!(parsed(&assertion()).content(&evidence));
}

#[test]
fn without_evidence_only_what_is_there_is_read() {
    let content = parsed(&assertion()).content(&Evidence::default());
    assert_eq!(
        (content.name.as_str(), content.achievement_id.as_deref()),
        ("badges.school.example", Some("https://badges.school.example/b/1"))
    );
    let mut embedded = assertion();
    embedded["badge"] = class();
    embedded["badge"]["issuer"] = issuer();
    let content = parsed(&embedded).content(&Evidence::default());
    assert_eq!((content.name.as_str(), content.issuer.name.as_deref()), ("Bruggen bouwen (fictief)", Some("Fictieve School")));
    assert!(content.recipient.hashed && content.recipient.plain.is_empty());
}

#[test]
fn older_badges_are_read() {
    let v1 = json!({
        "uid": "abc", "recipient": {"type": "email", "identity": "noor@school.example", "hashed": "false"}, "issuedOn": 1_400_000_000,
        "badge": {"name": "Oud", "criteria": "https://school.example/c", "alignment": [{"name": "Lezen", "url": "https://frameworks.example/lezen"}]},
        "verify": {"type": "hosted", "url": "https://school.example/a"},
    });
    let content = parsed(&v1).content(&Evidence::default());
    assert_eq!(content.issued.unwrap().to_string(), "2014-05-13T16:53:20Z");
    assert_eq!((content.criteria_url.as_deref(), content.alignments[0].name.as_str()), (Some("https://school.example/c"), "Lezen"));
    assert_eq!(content.recipient.plain, ["noor@school.example"]);
    assert_eq!(content.credential_id.as_deref(), Some("https://school.example/a"));
    let v05 = json!({
        "recipient": "noor@school.example", "issued_on": "2011-12-31",
        "badge": {"version": "0.5.0", "name": "Oudst", "criteria": "https://school.example/c", "issuer": {"origin": "https://school.example", "name": "Fictief", "contact": "x@school.example"}},
    });
    let content = parsed(&v05).content(&Evidence::default());
    assert_eq!((content.issuer.id.as_str(), content.issuer.email.as_deref()), ("https://school.example", Some("x@school.example")));
    assert_eq!(content.recipient.plain, ["noor@school.example"]);
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(conformance(&parsed(&assertion())), Vec::<String>::new());
    let mut bad = assertion();
    bad["issuedOn"] = json!("2019-04-31");
    bad["expires"] = json!("soon");
    bad.as_object_mut().unwrap().remove("recipient");
    assert_eq!(conformance(&parsed(&bad)), ["recipient", "issuedOn", "expires"]);
    assert_eq!(period(&parsed(&bad)), Err("issuedOn".to_owned()));
}

#[test]
fn instances_of_others_are_read() {
    let Some(root) = crate::corpus::root() else { return };
    let files = std::fs::read_dir(root.join("badgr-server/backpack/tests/testfiles")).unwrap();
    let mut seen = Vec::new();
    for path in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|extension| extension == "json"))
    {
        let read = Credential::parse(&std::fs::read(&path).unwrap()).map(|credential| conformance(&credential).join(", "));
        seen.push(format!(
            "{}: {}",
            path.file_name().unwrap().to_string_lossy(),
            read.map_or_else(|fault| fault.to_string(), |lacking| format!("lacks {lacking}"))
        ));
    }
    seen.sort();
    insta::assert_snapshot!(seen.join("\n"));
}
