use proptest::prelude::*;
use serde_json::json;

use super::{keys::jwk_from_method, *};
use crate::Fetched;

const ED: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
const OTHER: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQXJPt4swbTQ2";

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn evidence(documents: &[(Purpose, &str, Value)]) -> Evidence {
    let mut evidence = Evidence::default();
    for (purpose, url, body) in documents {
        let answer = Answer::Document { final_url: (*url).to_owned(), body: body.to_string().into_bytes() };
        evidence.documents.insert(
            Need { purpose: *purpose, url: (*url).to_owned() },
            Fetched { answer, fetched_at: "2026-11-22T12:00:00Z".parse().unwrap() },
        );
    }
    evidence
}

fn alone(method: Option<&str>, issuer: &str) -> KeyOutcome {
    key_of(method, issuer, &Evidence::default(), now())
}

fn is_key(outcome: &KeyOutcome) -> bool {
    matches!(outcome, KeyOutcome::Key(key) if key.equals_public(&jwk_from_multibase(ED).unwrap()))
}

#[test]
fn a_did_key_has_exactly_one_method() {
    let did = format!("did:key:{ED}");
    for method in [None, Some(did.clone()), Some(format!("{did}#{ED}")), Some(format!("#{ED}"))] {
        assert!(is_key(&alone(method.as_deref(), &did)), "{method:?}");
    }
    for method in
        [format!("{did}#{OTHER}"), format!("did:key:{OTHER}#{OTHER}"), format!("{did}#"), "did:web:a.example#k".to_owned()]
    {
        assert_eq!(alone(Some(&method), &did), KeyOutcome::NotIssuers(Some(method.clone())));
    }
}

#[test]
fn a_broken_did_key_is_no_anchor() {
    for id in ["", "z", "zzz0OIl", "m6Mk", "z6Mkü", "%", "z6Mk#", "z 6"] {
        let did = format!("did:key:{id}");
        assert!(matches!(alone(None, &did), KeyOutcome::NotAnchored(_)), "{did}");
    }
    let secp256k1 = "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";
    assert_eq!(alone(None, secp256k1), KeyOutcome::Unsupported("multicodec 0xe7".to_owned()));
}

#[test]
fn a_did_jwk_has_method_zero_and_no_secret() {
    let did = |jwk: &Value| {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string()))
    };
    let mut jwk = serde_json::to_value(jwk_from_multibase(ED).unwrap()).unwrap();
    let good = did(&jwk);
    assert!(is_key(&alone(Some(&format!("{good}#0")), &good)));
    assert!(is_key(&alone(Some("#0"), &good)));
    assert!(matches!(alone(Some(&format!("{good}#1")), &good), KeyOutcome::NotIssuers(_)));
    jwk["use"] = json!("enc");
    assert!(matches!(alone(None, &did(&jwk)), KeyOutcome::NotAnchored(_)));
    jwk["use"] = json!("sig");
    jwk["d"] = json!("AAAA");
    assert!(matches!(alone(None, &did(&jwk)), KeyOutcome::NotAnchored(_)));
    assert_eq!(
        alone(None, &did(&json!({"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"}))),
        KeyOutcome::Unsupported("secp256k1".to_owned())
    );
}

#[test]
fn a_did_web_document_is_asked_for_where_the_did_says() {
    let url = |did: &str| match alone(None, did) {
        KeyOutcome::Missing(Need { purpose: Purpose::DidDocument, url }) => Some(url),
        _ => None,
    };
    assert_eq!(url("did:web:school.example").as_deref(), Some("https://school.example/.well-known/did.json"));
    assert_eq!(url("did:web:school.example%3A8443").as_deref(), Some("https://school.example:8443/.well-known/did.json"));
    assert_eq!(url("did:web:school.example:a:b").as_deref(), Some("https://school.example/a/b/did.json"));
    for did in [
        "did:web:",
        "did:web:a@b",
        "did:web:a.example:..:b",
        "did:web:a.example:%2e%2e",
        "did:web:a.example:",
        "did:web:a.example/x",
        "did:web:a.example?x",
        "did:web:a.example:x%2Fy",
        "did:web:a.example%3A80%3A90",
        "did:web:1",
        "did:web:%3A80",
    ] {
        assert_eq!(url(did), None, "{did}");
    }
    assert_eq!(alone(None, "did:ion:x"), KeyOutcome::Unsupported("did:ion".to_owned()));
}

const WEB: &str = "did:web:school.example";
const WEB_URL: &str = "https://school.example/.well-known/did.json";

fn did_document(assertion: &Value) -> Value {
    json!({"id": WEB, "assertionMethod": assertion,
        "verificationMethod": [{"id": format!("{WEB}#one"), "type": "Multikey", "controller": WEB, "publicKeyMultibase": ED}]})
}

fn of_web(method: Option<&str>, document: Value) -> KeyOutcome {
    key_of(method, WEB, &evidence(&[(Purpose::DidDocument, WEB_URL, document)]), now())
}

#[test]
fn a_did_web_key_must_be_listed_for_assertions() {
    let method = Some("did:web:school.example#one");
    for listed in [json!([format!("{WEB}#one")]), json!("#one"), json!(["#one"])] {
        assert!(is_key(&of_web(method, did_document(&listed))), "{listed}");
    }
    let embedded = json!([{"id": "#one", "type": "Ed25519VerificationKey2020", "controller": WEB, "publicKeyMultibase": ED}]);
    assert!(is_key(&of_web(method, did_document(&embedded))));
    assert!(is_key(&of_web(None, did_document(&embedded))), "the only key needs no name");
    for listed in [Value::Null, json!([]), json!(["#two"])] {
        assert!(matches!(of_web(method, did_document(&listed)), KeyOutcome::NotIssuers(_)), "{listed}");
    }
    assert!(matches!(of_web(None, did_document(&json!(["#one", "#two"]))), KeyOutcome::NotAnchored(_)));
    assert!(matches!(of_web(Some("did:web:other.example#one"), did_document(&json!(["#one"]))), KeyOutcome::NotIssuers(_)));
    assert!(matches!(of_web(Some(&format!("did:key:{ED}#{ED}")), did_document(&json!(["#one"]))), KeyOutcome::NotIssuers(_)));
}

#[test]
fn a_did_document_speaks_for_its_own_did_only() {
    let method = Some("did:web:school.example#one");
    let change = |field: &str, value: Value| {
        let mut document = did_document(&json!(["#one"]));
        *document.pointer_mut(field).unwrap() = value;
        of_web(method, document)
    };
    assert!(matches!(change("/id", json!("did:web:other.example")), KeyOutcome::NotIssuers(_)));
    assert!(matches!(change("/verificationMethod/0/controller", json!("did:web:other.example")), KeyOutcome::NotIssuers(_)));
    assert_eq!(
        change("/verificationMethod/0/type", json!("Bls12381G2Key2020")),
        KeyOutcome::Unsupported("Bls12381G2Key2020".to_owned())
    );
}

#[test]
fn every_kind_of_verification_method_is_read() {
    let jwk = serde_json::to_value(jwk_from_multibase(ED).unwrap()).unwrap();
    let base58 = multibase::encode(multibase::Base::Base58Btc, &decode_base58(ED, 64).unwrap()[2..])[1..].to_owned();
    for method in [
        json!({"type": "Multikey", "publicKeyMultibase": ED}),
        json!({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": ED}),
        json!({"type": "Ed25519VerificationKey2018", "publicKeyBase58": base58}),
        json!({"type": "JsonWebKey2020", "publicKeyJwk": jwk}),
        json!({"type": "JsonWebKey", "publicKeyJwk": jwk}),
    ] {
        assert!(jwk_from_method(&method).unwrap().equals_public(&jwk_from_multibase(ED).unwrap()), "{method}");
    }
}

#[test]
fn a_document_from_elsewhere_or_of_last_month_does_not_count() {
    let mut moved = evidence(&[(Purpose::DidDocument, WEB_URL, did_document(&json!(["#one"])))]);
    for fetched in moved.documents.values_mut() {
        let Answer::Document { final_url, .. } = &mut fetched.answer else { unreachable!() };
        *final_url = "https://elsewhere.example/did.json".to_owned();
    }
    assert_eq!(key_of(None, WEB, &moved, now()), KeyOutcome::Unreachable(Some("school.example".to_owned())));
    let old = evidence(&[(Purpose::DidDocument, WEB_URL, did_document(&json!(["#one"])))]);
    assert_eq!(key_of(None, WEB, &old, "2026-12-01T00:00:00Z".parse().unwrap()), KeyOutcome::Stale);
    for answer in [Answer::Gone, Answer::NotFound, Answer::Unreachable, Answer::NotAsked] {
        let mut none = old.clone();
        none.documents.values_mut().for_each(|fetched| fetched.answer = answer.clone());
        assert!(matches!(key_of(None, WEB, &none, now()), KeyOutcome::Unreachable(_)), "{answer:?}");
    }
}

const ISSUER: &str = "https://school.example/issuers/1";
const SET: &str = "https://school.example/.well-known/jwks.json";

#[test]
fn an_https_issuer_lists_its_methods_in_its_own_document() {
    let method = format!("{ISSUER}#key");
    assert_eq!(alone(Some(&method), ISSUER), KeyOutcome::Missing(Need { purpose: Purpose::Issuer, url: ISSUER.to_owned() }));
    let document = |assertion: Value| json!({"id": ISSUER, "assertionMethod": assertion});
    let listed = json!([{"id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": ED}]);
    let of = |method: &str, document: Value| key_of(Some(method), ISSUER, &evidence(&[(Purpose::Issuer, ISSUER, document)]), now());
    assert!(is_key(&of(&method, document(listed.clone()))));
    // The key in the address proves nothing by being there.
    assert!(matches!(of(&format!("{ISSUER}#{ED}"), document(listed.clone())), KeyOutcome::NotAnchored(_)));
    assert!(matches!(of(&format!("{ISSUER}#{ED}"), json!({"id": ISSUER, "type": "Profile"})), KeyOutcome::NotAnchored(_)));
    assert!(matches!(of(&method, json!({"id": "https://other.example", "assertionMethod": listed})), KeyOutcome::NotAnchored(_)));
    let did_key = format!("did:key:{ED}#{ED}");
    assert!(is_key(&of(&did_key, document(json!([did_key])))));
    assert!(matches!(of(&did_key, document(json!([]))), KeyOutcome::NotAnchored(_)));
}

#[test]
fn a_jwt_of_an_https_issuer_is_signed_by_its_key_set() {
    let mut key = serde_json::to_value(jwk_from_multibase(ED).unwrap()).unwrap();
    assert_eq!(alone(Some("k1"), ISSUER), KeyOutcome::Missing(Need { purpose: Purpose::KeySet, url: SET.to_owned() }));
    key["kid"] = json!("k1");
    let of =
        |kid: Option<&str>, key: &Value| key_of(kid, ISSUER, &evidence(&[(Purpose::KeySet, SET, json!({"keys": [key]}))]), now());
    assert!(is_key(&of(Some("k1"), &key)));
    assert!(is_key(&of(None, &key)));
    assert!(matches!(of(Some("k2"), &key), KeyOutcome::NotAnchored(_)));
    key["iss"] = json!(ISSUER);
    assert!(is_key(&of(Some("k1"), &key)));
    key["iss"] = json!("https://school.example/issuers/2");
    assert!(matches!(of(Some("k1"), &key), KeyOutcome::NotAnchored(_)));
    key.as_object_mut().unwrap().remove("iss");
    key["use"] = json!("enc");
    assert!(matches!(of(Some("k1"), &key), KeyOutcome::NotAnchored(_)));
}

#[test]
fn a_key_in_the_header_counts_when_the_issuer_lists_that_very_key() {
    let key = serde_json::to_value(jwk_from_multibase(ED).unwrap()).unwrap();
    let other = serde_json::to_value(ssi_jwk::JWK::generate_ed25519().unwrap().to_public()).unwrap();
    let set = evidence(&[(Purpose::KeySet, SET, json!({"keys": [key]}))]);
    assert!(is_key(&key_listed(&key, ISSUER, &set, now())));
    assert!(matches!(key_listed(&other, ISSUER, &set, now()), KeyOutcome::NotAnchored(_)));
    let did = format!("did:key:{ED}");
    assert!(is_key(&key_listed(&key, &did, &set, now())));
    assert!(matches!(key_listed(&other, &did, &set, now()), KeyOutcome::NotIssuers(_)));
}

#[test]
fn some_issuers_have_no_anchor() {
    for issuer in
        ["urn:uuid:7b5e", "http://school.example", "school.example", "", "https://", "https://user@school.example", "mailto:a@b"]
    {
        assert!(matches!(alone(Some(&format!("did:key:{ED}#{ED}")), issuer), KeyOutcome::NotAnchored(_)), "{issuer}");
    }
}

#[test]
fn the_web_host_is_what_was_asked() {
    assert_eq!(web_host("did:web:school.example:a").as_deref(), Some("school.example"));
    assert_eq!(web_host("did:web:school.example%3A8443").as_deref(), Some("school.example:8443"));
    assert_eq!(web_host("https://School.example/x#y").as_deref(), Some("school.example"));
    assert_eq!(web_host("did:key:z6Mk"), None);
    assert_eq!(web_host("http://school.example"), None);
}

proptest! {
    #[test]
    fn any_identifier_gets_an_answer(method in "\\PC{0,40}", id in "\\PC{0,40}", kind in 0..5_usize) {
        let issuer = format!("{}{id}", ["did:key:", "did:jwk:", "did:web:", "https://", ""][kind]);
        let _ = alone(Some(&method), &issuer);
        let _ = alone(Some(&format!("{issuer}#{method}")), &issuer);
        let _ = web_host(&issuer);
    }
}
