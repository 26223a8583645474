use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::corpus;

#[test]
fn every_context_is_the_pinned_one() {
    for context in &BUNDLE {
        let hash = ring::digest::digest(&ring::digest::SHA256, context.text.as_bytes());
        assert_eq!(hex::encode(hash), context.sha256, "{:?}", context.addresses);
    }
}

#[test]
fn an_address_names_one_context() {
    let mut seen = BTreeSet::new();
    for address in BUNDLE.iter().flat_map(|context| context.addresses) {
        assert!(seen.insert(address), "{address} twice");
    }
}

#[test]
fn old_and_new_addresses_lead_to_the_same_context() {
    let sha = |address| find(address).map(|context| context.sha256);
    assert_eq!(sha("http://www.w3.org/2018/credentials/v1"), sha("https://www.w3.org/2018/credentials/v1"));
    assert_eq!(
        sha("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
        sha("https://standards.1edtech.org/spec/ob/v3p0/context-3.0.3.json"),
    );
    assert!(sha("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json").is_some());
    assert!(sha("https://www.w3.org/ns/credentials/v2#").is_none());
    assert!(sha("ftp://www.w3.org/ns/credentials/v2").is_none());
}

#[test]
fn contexts_are_what_is_published() {
    let Some(corpus) = corpus::root() else { return };
    let index: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(corpus.join("contexts/bundle/index.json")).unwrap()).unwrap();
    // For these no licensed package was found; citizenship, driving licences and BBS have no part in Open Badges 3.0.
    let left_out = ["citizenship", "vdl", "clr", "bbs", "jwk", "openbadges/v2", "openbadgespec.org", "examples/v1"];
    for (address, file) in index {
        let published: Value = serde_json::from_slice(&std::fs::read(corpus.join("contexts/bundle").join(file)).unwrap()).unwrap();
        match find(&address) {
            Some(ours) => assert!(*ours.json() == published, "{address} differs"),
            None => assert!(left_out.iter().any(|part| address.contains(part)), "{address} is not bundled"),
        }
    }
}

/// What `rdf.rs` relies on: no bundled context hides a value, and none needs another that is not bundled.
#[test]
fn no_context_drops_a_term() {
    fn look(value: &Value, path: &str) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let path = format!("{path}/{key}");
                    assert!(!value.is_null() || path.ends_with("verifiableCredential/@context"), "null at {path}");
                    assert!(!matches!(key.as_str(), "@import" | "@nest" | "@index" | "@included" | "@base"), "{path}");
                    look(value, &path);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| look(value, path)),
            Value::String(text) if path.ends_with("/@context") => assert!(find(text).is_some(), "{path} names {text}"),
            _ => {}
        }
    }
    for context in &BUNDLE {
        look(context.json(), context.addresses[0]);
    }
}

/// Otherwise a signed end date or status could be moved under another key, where nobody reads it.
#[test]
fn what_decides_has_one_name() {
    fn look(value: &Value, decisive: &str) {
        if let Value::Object(map) = value {
            for (key, value) in map {
                let iri = value.as_str().or_else(|| value.get("@id").and_then(Value::as_str)).unwrap_or_default();
                let name = iri.strip_prefix("https://www.w3.org/2018/credentials#").or_else(|| iri.strip_prefix("cred:"));
                assert!(name != Some(decisive) || key == decisive || key == "@id", "{key} also means {iri}");
                look(value, decisive);
            }
        }
    }
    for context in &BUNDLE {
        for decisive in crate::rdf::DECISIVE {
            look(context.json(), decisive);
        }
    }
}

#[test]
fn every_context_is_json() {
    for context in &BUNDLE {
        assert!(context.json().get("@context").is_some(), "{:?}", context.addresses);
    }
}
