use std::fs;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::corpus;

fn with(fields: &Value) -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": "did:web:school.example",
        "credentialSubject": {"type": ["AchievementSubject"], "id": "did:example:learner"},
    });
    for (key, value) in fields.as_object().unwrap() {
        document[key] = value.clone();
    }
    document
}

fn refusal(fields: &Value) -> RdfError {
    canonical(&with(fields), Hash::Sha256).unwrap_err()
}

fn undefined(term: &str) -> RdfError {
    RdfError::UndefinedTerm(term.to_owned())
}

fn malformed(what: &str) -> RdfError {
    RdfError::Malformed(what.to_owned())
}

fn lines(fields: &Value) -> String {
    canonical(&with(fields), Hash::Sha256).unwrap()
}

#[test]
fn canonical_forms_are_byte_equal_with_the_published_ones() {
    let Some(corpus) = corpus::root() else { return };
    let vectors = [
        ("w3c-vc-di-eddsa/eddsa-rdfc-2022", "DataInt", Hash::Sha256),
        ("w3c-vc-di-eddsa/Ed25519Signature2020", "EdSig", Hash::Sha256),
        ("w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p256", "ECDSAP256", Hash::Sha256),
        ("w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p384", "ECDSAP384", Hash::Sha384),
    ];
    for (folder, name, hash) in vectors {
        let read = |file: String| fs::read_to_string(corpus.join(folder).join(file)).unwrap();
        let mut document: Value = serde_json::from_str(&read(format!("signed{name}.json"))).unwrap();
        document.as_object_mut().unwrap().remove("proof");
        assert_eq!(canonical(&document, hash).unwrap(), read(format!("canonDoc{name}.txt")), "{folder}");
        let options: Value = serde_json::from_str(&read(format!("proofConfig{name}.json"))).unwrap();
        assert_eq!(canonical(&options, hash).unwrap(), read(format!("proofCanon{name}.txt")), "{folder}");
    }
}

#[test]
fn contexts_cut_to_a_badges_words_say_the_same() {
    let Some(corpus) = corpus::root() else { return };
    let rows: Vec<Value> = serde_json::from_slice(&fs::read(corpus.join("manifest.json")).unwrap()).unwrap();
    let mut seen = 0;
    for row in rows.iter().filter(|row| row["kind"] == "badge, signed") {
        let Ok(document) = crate::json::parse_strict(&fs::read(corpus.join(row["file"].as_str().unwrap())).unwrap()) else {
            continue;
        };
        let Ok(prepared) = read_rules::prepare(&document) else { continue };
        let lines = |words| parse(&prepared, Arc::new(words)).map(|quads| canonical_lines(quads, Hash::Sha256));
        assert_eq!(lines(Words::of(&document)), lines(Words::all()), "{}", row["file"]);
        seen += 1;
    }
    assert!(seen > 80, "{seen}");
}

#[test]
fn an_undefined_term_is_named() {
    assert_eq!(refusal(&json!({"favouriteColour": "blue"})), undefined("favouriteColour"));
    assert_eq!(refusal(&json!({"my colour": "blue"})), undefined("my colour"));
    assert_eq!(refusal(&json!({"type": ["VerifiableCredential", "Unheard"]})), undefined("Unheard"));
    assert_eq!(
        refusal(&json!({"credentialSubject": {"type": "AchievementSubject", "achievement": {
            "id": "urn:a", "type": "Achievement", "name": "n", "surprise": {"name": "inside"}}}})),
        undefined("surprise")
    );
}

#[test]
fn a_context_that_is_not_bundled_is_named() {
    let context = json!(["https://www.w3.org/ns/credentials/v2", "https://example.org/context"]);
    assert_eq!(refusal(&json!({"@context": context})), RdfError::UnknownContext("https://example.org/context".to_owned()));
    assert_eq!(refusal(&json!({"@context": "context"})), RdfError::UnknownContext("context".to_owned()));
}

#[test]
fn nothing_is_lost_silently() {
    assert_eq!(refusal(&json!({"@colour": "blue"})), malformed("@colour"));
    assert_eq!(refusal(&json!({"@included": []})), malformed("@included"));
    assert_eq!(refusal(&json!({"@graph": []})), malformed("@graph"));
    assert_eq!(refusal(&json!({"id": "@foo"})), undefined("@foo"));
    assert_eq!(refusal(&json!({"type": ["VerifiableCredential", "@foo"]})), undefined("@foo"));
    assert_eq!(refusal(&json!({"id": "relative"})), malformed("relative"));
    assert_eq!(refusal(&json!({"issuer": "relative"})), malformed("relative"));
    assert!(lines(&json!({"name": "@foo"})).contains("\"@foo\""));
}

#[test]
fn an_iri_that_is_none_is_refused() {
    for iri in ["https://example.org/<a>", "https://example.org/a b", "https://exa\nmple", "urn:\"", "1:2"] {
        assert_eq!(refusal(&json!({"id": iri})), malformed(iri));
    }
    assert!(lines(&json!({"id": "https://example.org/é[1]"})).contains("<https://example.org/é[1]>"));
}

#[test]
fn an_end_date_is_where_it_is_read_or_the_badge_is_refused() {
    let end = "2020-01-01T00:00:00Z";
    let typed = json!({"@value": end, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"});
    assert_eq!(
        refusal(&json!({"https://www.w3.org/2018/credentials#validUntil": typed})),
        malformed("https://www.w3.org/2018/credentials#validUntil")
    );
    assert_eq!(refusal(&json!({"validUntil": typed})), malformed("validUntil"));
    assert_eq!(refusal(&json!({"validUntil": [end]})), malformed("validUntil"));
    assert_eq!(refusal(&json!({"credentialStatus": [[{"type": "BitstringStatusListEntry"}]]})), malformed("[["));
    assert_eq!(refusal(&json!({"evidence": {"id": "urn:uuid:1", "type": "Evidence", "validUntil": end}})), malformed("validUntil"));
    assert!(lines(&json!({"validUntil": end})).contains("credentials#validUntil> \"2020-01-01T00:00:00Z\""));
}

#[test]
fn a_context_inside_the_badge_gives_no_name_a_second_meaning() {
    let context = |inline: Value| {
        json!({"@context": ["https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", inline]})
    };
    let mut own = context(json!({"colour": "https://example.org/colour"}));
    own["colour"] = json!("blue");
    assert!(lines(&own).contains("<https://example.org/colour> \"blue\""));
    for (inline, culprit) in [
        (json!({"until": "https://www.w3.org/2018/credentials#validUntil"}), "@context until"),
        (json!({"until": {"@id": "https://www.w3.org/2018/credentials#validUntil"}}), "@context until"),
        (json!({"until": "cred:validUntil"}), "@context until"),
        (json!({"name": "https://example.org/name"}), "@context name"),
        (json!({"colour": {"@reverse": "https://example.org/colour"}}), "@context colour"),
        (json!({"colour": "@type"}), "@context colour"),
        (json!({"@vocab": "https://www.w3.org/2018/credentials#valid"}), "@context @vocab"),
        (json!({"@base": "https://example.org/"}), "@context @base"),
        (json!({"@import": "https://www.w3.org/ns/credentials/v2"}), "@context @import"),
        (json!({"@propagate": false}), "@context @propagate"),
        (Value::Null, "@context"),
    ] {
        assert_eq!(refusal(&context(inline)), malformed(culprit));
    }
    assert_eq!(refusal(&context(json!({"colour": null}))), undefined("colour"));
    let nested = json!({"credentialSubject": {"@context": {"name": "https://example.org/other"}, "type": "AchievementSubject", "name": "x"}});
    assert_eq!(refusal(&nested), malformed("@context name"));
}

#[test]
fn native_values_become_the_literals_that_others_sign() {
    let subject = |value: Value| {
        json!({"credentialSubject": {"type": "AchievementSubject", "creditsEarned": value,
            "identifier": {"type": "IdentityObject", "hashed": true, "identityHash": "sha256$00", "identityType": "emailAddress"}}})
    };
    let float = |text: &str| format!("#creditsEarned> \"{text}\"^^<https://www.w3.org/2001/XMLSchema#float>");
    let text = lines(&subject(json!(1.5)));
    assert!(text.contains("#hashed> \"true\"^^<https://www.w3.org/2001/XMLSchema#boolean>"), "{text}");
    for (number, expected) in [
        (json!(1.5), "1.5E0"),
        (json!(3), "3"),
        (json!(3.0), "3"),
        (json!(-0.0), "0"),
        (json!(0.1), "1.0E-1"),
        (json!(1e21), "1.0E21"),
        (json!(0.300_000_000_000_000_04), "3.0E-1"),
        (json!(123_456_789.125), "1.23456789125E8"),
        (json!(12_345_678_901_234_567_890_u64), "12345678901234567168"),
    ] {
        let text = lines(&subject(number));
        assert!(text.contains(&float(expected)), "{expected} in {text}");
    }
}

#[test]
fn language_tags_are_lower_cased() {
    let text = lines(&json!({"name": {"@value": "Hallo", "@language": "nl-NL", "@direction": "ltr"}}));
    assert!(text.contains("\"Hallo\"@nl-nl"), "{text}");
    assert_eq!(refusal(&json!({"name": {"@value": "Hallo", "@language": "not a tag"}})), malformed("@language not a tag"));
}

#[test]
fn too_many_contexts_are_too_complex() {
    let context = vec!["https://www.w3.org/ns/credentials/v2"; 17];
    assert_eq!(refusal(&json!({"@context": context})), RdfError::TooComplex);
}

fn linked() -> Value {
    let link = json!({"next": {"@id": "https://example.org/next", "@type": "@id"}});
    json!(["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", link])
}

fn nodes(count: usize, next: impl Fn(usize) -> Vec<usize>) -> Value {
    let node = |index: usize| {
        let to: Vec<Value> = next(index).into_iter().map(|to| json!({"id": format!("_:b{to}")})).collect();
        json!({"id": format!("_:b{index}"), "next": to})
    };
    json!({"@context": linked(), "next": (0..count).map(node).collect::<Vec<_>>()})
}

#[test]
fn a_poison_graph_ends() {
    for size in [4, 10, 30, 64] {
        assert_eq!(
            refusal(&nodes(size, |from| (0..size).filter(|to| *to != from).collect())),
            RdfError::TooComplex,
            "clique {size}"
        );
    }
    assert_eq!(refusal(&nodes(300, |from| vec![(from + 1) % 300])), RdfError::TooComplex);
    assert_eq!(refusal(&nodes(2_500, |_| Vec::new())), RdfError::TooComplex);
}

#[test]
fn look_alikes_without_ties_are_no_poison() {
    let same = json!({"type": ["Alignment"], "targetName": "The same", "targetUrl": "https://example.org/same"});
    let achievement = json!({"id": "urn:a", "type": "Achievement", "name": "n", "alignment": vec![same; 400]});
    let text = lines(&json!({"credentialSubject": {"type": "AchievementSubject", "achievement": achievement}}));
    assert!(text.contains("_:c14n400"));
    assert!(canonical(&with(&nodes(30, |from| vec![(from + 1) % 30])), Hash::Sha256).is_ok(), "a short ring");
}

#[test]
fn deep_documents_end() {
    let mut deep = json!({"name": "the deepest"});
    for _ in 0..62 {
        deep = json!({"next": deep});
    }
    assert!(lines(&json!({"@context": linked(), "next": deep})).contains("the deepest"));
    for _ in 0..40 {
        deep = json!({"next": deep});
    }
    assert_eq!(refusal(&json!({"@context": linked(), "next": deep})), RdfError::TooComplex);
}

fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "\\PC{0,8}",
        Just("@id".to_owned()),
        Just("@type".to_owned()),
        Just("@value".to_owned()),
        Just("@list".to_owned()),
        Just("@context".to_owned()),
        Just("@language".to_owned()),
        Just("type".to_owned()),
        Just("id".to_owned()),
        Just("proof".to_owned()),
        Just("evidence".to_owned()),
        Just("@foo".to_owned()),
        Just("_:a".to_owned()),
        Just("https://www.w3.org/ns/credentials/v2".to_owned()),
        Just("Achievement".to_owned()),
        Just("awardedOnCompletionOf".to_owned()),
        Just("https://w3id.org/dcc/v1".to_owned()),
        Just("allowedValue".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..5).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_document_gets_an_answer(evidence in any_json(), subject in any_json(), context in any_json()) {
        let _ = canonical(&with(&json!({"evidence": evidence, "credentialSubject": subject})), Hash::Sha256);
        let _ = canonical(&with(&json!({"@context": context, "evidence": subject})), Hash::Sha384);
    }
}
