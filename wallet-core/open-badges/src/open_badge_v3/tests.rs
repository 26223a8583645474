use serde_json::json;

use super::*;
use crate::Evidence;

fn achievement() -> Value {
    json!({
        "id": "https://badges.school.example/achievements/veilig", "type": ["Achievement"], "achievementType": "Certificate",
        "name": [{"@value": "Working safely", "@language": "en"}, {"@value": "Veilig werken", "@language": "nl"}],
        "description": "Je kent de **regels**.\r\nEn je past ze toe.",
        "criteria": {"id": "https://badges.school.example/criteria/veilig", "narrative": "# Examen\nVoldoende gemaakt."},
        "image": {"id": "data:image/png;base64,iVBORw0KGgo=", "type": "Image", "caption": "Een helm"},
        "creator": {"id": "did:web:branche.example", "type": ["Profile"], "name": "Fictieve Branche"},
        "alignment": [
            {"type": "Alignment", "targetName": "Veiligheidsregels toepassen", "targetUrl": "http://data.europa.eu/esco/skill/1234", "targetCode": "S1.2"},
            {"type": "Alignment", "targetName": "Niveau 4", "targetUrl": "https://www.nlqf.nl/", "targetFramework": "NLQF"},
        ],
        "tag": ["veiligheid", "bouw"], "creditsAvailable": 2.5, "fieldOfStudy": "Bouw", "humanCode": "VW-1", "version": "2", "inLanguage": "nl",
        "ECTS": 1, "educationProgramIdentifier": [12345, 678],
        "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "V77", "identifierType": "sourcedId"}],
        "resultDescription": [
            {"id": "urn:r:1", "type": ["ResultDescription"], "name": "Eindcijfer", "resultType": "LetterGrade"},
            {"id": "urn:r:2", "type": ["ResultDescription"], "name": "Niveau", "resultType": "RubricCriterionLevel",
             "rubricCriterionLevel": [{"id": "urn:l:3", "type": ["RubricCriterionLevel"], "name": "Gevorderd"}]},
        ],
    })
}

fn full() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "https://badges.school.example/credentials/7",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Veilig werken (fictief)",
        "issuer": {
            "id": "did:web:school.example", "type": ["Profile"], "name": "Fictieve School\u{202E}", "url": "https://school.example",
            "email": "info@school.example", "image": {"id": "https://school.example/logo.png", "type": "Image"},
            "endorsement": [{"issuer": "did:web:keurmerk.example", "credentialSubject": {"id": "did:web:school.example", "endorsementComment": "**Goede** school"}}],
        },
        "validFrom": "2026-03-01T09:00:00+01:00", "validUntil": "2031-03-01T00:00:00Z", "awardedDate": "2026-02-27T00:00:00Z",
        "credentialSubject": {
            "id": "did:key:z6MkExample", "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityType": "emailAddress", "hashed": true, "identityHash": format!("sha256${}", "a".repeat(64)), "salt": "x"},
                {"type": "IdentityObject", "identityType": "emailAddress", "hashed": false, "identityHash": "noor@school.example"},
                {"type": "IdentityObject", "identityType": "name", "hashed": false, "identityHash": "Noor Fictief"},
            ],
            "creditsEarned": 2.50, "role": "Lasser",
            "achievement": achievement(),
            "result": [
                {"type": ["Result"], "resultDescription": "urn:r:1", "value": "8,5"},
                {"type": ["Result"], "resultDescription": "urn:r:2", "achievedLevel": "urn:l:3"},
                {"type": ["Result"], "status": "Completed"},
            ],
        },
        "evidence": [
            {"id": "https://werk.school.example/1", "type": ["Evidence"], "name": "Werkstuk", "narrative": "Een steiger", "genre": "Verslag"},
            {"id": "javascript:alert(1)", "type": ["Evidence"], "description": "Zonder adres"},
        ],
    })
}

fn parsed(json: &Value) -> Credential {
    Credential::parse(json.to_string().as_bytes()).unwrap()
}

#[test]
fn everything_readable_is_read() {
    insta::assert_json_snapshot!(parsed(&full()).content(&Evidence::default()));
}

#[test]
fn a_bare_badge_reads_as_little() {
    let bare = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"], "issuer": "did:example:school", "issuanceDate": "2026-03-01T09:00:00",
        "credentialSubject": {"id": "mailto:noor@school.example", "achievement": {"name": {"@value": "Kaal", "@language": "nl"}, "image": "https://school.example/i.svg"}},
    });
    insta::assert_json_snapshot!(parsed(&bare).content(&Evidence::default()));
}

#[test]
fn a_whole_badge_conforms() {
    assert_eq!(conformance(&parsed(&full())), Vec::<String>::new());
}

#[test]
fn what_is_missing_is_named() {
    let cases: &[(&str, Value, &str)] = &[
        ("/id", json!("not a url"), "id"),
        ("/issuer/id", json!(null), "issuer"),
        ("/validFrom", json!("2026-03-01T09:00:00"), "validFrom"),
        ("/validUntil", json!("2020-03-01T09:00:00Z"), "validUntil"),
        ("/validUntil", json!(5), "validUntil"),
        ("/@context/1", json!("https://other.example/context"), "@context"),
        ("/@context/0", json!("https://other.example/context"), "@context"),
        ("/type/0", json!("Verifiable"), "type"),
        ("/evidence/0/type", json!(null), "evidence"),
        ("/credentialSubject/achievement/criteria", json!("https://school.example"), "achievement.criteria"),
        ("/credentialSubject/achievement/name", json!(""), "achievement.name"),
        ("/credentialSubject/achievement", json!([]), "achievement"),
    ];
    for (place, value, name) in cases {
        let mut json = full();
        *json.pointer_mut(place).unwrap() = value.clone();
        assert!(conformance(&parsed(&json)).contains(&(*name).to_owned()), "{place}: {:?}", conformance(&parsed(&json)));
    }
    let mut anonymous = full();
    let subject = anonymous["credentialSubject"].as_object_mut().unwrap();
    subject.remove("id");
    subject.remove("identifier");
    assert_eq!(conformance(&parsed(&anonymous)), ["credentialSubject.id"]);
}

#[test]
fn the_period_is_strict_only_where_the_model_is() {
    let mut json = full();
    json["validFrom"] = json!("2026-03-01T09:00:00");
    assert_eq!(period(&parsed(&json)), Err("validFrom".to_owned()));
    json["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    json["issuanceDate"] = json!("2026-03-01T09:00:00");
    assert_eq!(period(&parsed(&json)).unwrap().0, "2026-03-01T09:00:00Z".parse().ok());
}

/// Badges of others that their makers' verifier accepts. Those listed really lack what is named; a flag only ever warns.
#[test]
fn genuine_badges_of_others_conform() {
    let Some(root) = crate::corpus::root() else { return };
    let manifest = std::fs::read_to_string(root.join("manifest.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&manifest).unwrap();
    let mut flagged = Vec::new();
    for row in rows.iter().filter(|row| {
        row["kind"] == "badge, signed" && row["expected"].as_str().is_some_and(|expected| expected.starts_with("valid"))
    }) {
        let file = row["file"].as_str().unwrap();
        let credential = Credential::parse(&std::fs::read(root.join(file)).unwrap()).unwrap();
        let lacking = conformance(&credential);
        let _ = credential.content(&Evidence::default());
        if !lacking.is_empty() {
            flagged.push(format!(
                "{} {:?}: {}",
                file.trim_start_matches("dcc-vc-test-fixtures/verifiableCredentials/"),
                credential.format,
                lacking.join(", ")
            ));
        }
    }
    insta::assert_snapshot!(flagged.join("\n"));
}

/// The W3C data model suite: `-ok` reads as conforming; `-fail` names something, save where only JSON-LD processing can tell.
#[test]
fn the_w3c_suite_is_read_as_it_asks() {
    let Some(root) = crate::corpus::root() else { return };
    let folder = std::fs::read_dir(root.join("w3c-vcdm2-suite/input")).unwrap();
    let mut passed_over = Vec::new();
    for file in folder.map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("credential-") {
            continue;
        }
        // The suite's inputs are what an issuer is given to sign: it adds its own name.
        let mut json = crate::json::parse_strict(&std::fs::read(&file).unwrap()).unwrap();
        if !name.contains("no-issuer") {
            let issuer = json.as_object_mut().unwrap().entry("issuer").or_insert_with(|| json!("did:example:issuer"));
            issuer.as_object_mut().map(|issuer| issuer.entry("id").or_insert_with(|| json!("did:example:issuer")));
        }
        for (name, date) in [("validFrom", "PAST DATE"), ("validUntil", "FUTURE DATE")] {
            if json.get(name).is_some_and(|value| value == date) {
                json[name] = json!(if name == "validFrom" { "2020-01-01T00:00:00Z" } else { "2040-01-01T00:00:00Z" });
            }
        }
        match Credential::parse(json.to_string().as_bytes()).map(|credential| conformance(&credential)) {
            Ok(lacking) if name.ends_with("-ok.json") => assert_eq!(lacking, Vec::<String>::new(), "{name}"),
            Ok(lacking) if lacking.is_empty() => passed_over.push(name),
            Ok(_) => {}
            Err(fault) => assert!(!name.ends_with("-ok.json"), "{name}: {fault}"),
        }
    }
    passed_over.sort();
    insta::assert_snapshot!(passed_over.join("\n"));
}
