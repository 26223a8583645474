use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Format, Securing};

fn jws(payload: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.AAAA", part(&json!({"alg": "ES256", "kid": "did:example:school#1"})), part(payload))
}

fn credential(kinds: &[&str]) -> Value {
    json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": kinds, "id": "https://school.example/1"})
}

fn open_badge() -> Value {
    credential(&["VerifiableCredential", "OpenBadgeCredential"])
}

fn one(bytes: &[u8]) -> (Format, Securing, Container) {
    let mut found = extract(bytes).unwrap();
    assert_eq!(found.len(), 1);
    let Extracted { payload: Payload::Credential(credential), container } = found.remove(0) else { panic!("an address") };
    (credential.format, credential.securing, container)
}

#[test]
fn json_and_jws_are_told_apart_by_their_bytes() {
    assert_eq!(one(open_badge().to_string().as_bytes()), (Format::OpenBadgeV3, Securing::Embedded, Container::Json));
    let bare = jws(&open_badge());
    let wrapped = jws(&json!({"iss": "did:example:school", "vc": open_badge()}));
    for text in [bare.clone(), wrapped, format!("\u{FEFF} {bare}\n"), format!("\"{bare}\"")] {
        assert_eq!(one(text.as_bytes()), (Format::OpenBadgeV3, Securing::Jws, Container::Jwt), "{text}");
    }
}

#[test]
fn the_credential_of_a_wrapped_jws_is_its_claim() {
    let credential = Credential::parse(jws(&json!({"vc": open_badge()})).as_bytes()).unwrap();
    assert_eq!(credential.json, open_badge());
}

#[test]
fn white_space_around_makes_no_other_badge() {
    let plain = Credential::parse(open_badge().to_string().as_bytes()).unwrap();
    let spaced = Credential::parse(format!("\u{FEFF}\n {} \r\n", open_badge()).as_bytes()).unwrap();
    assert_eq!(plain.id(), spaced.id());
    assert_eq!(Credential::parse(&spaced.bytes).unwrap().bytes, plain.bytes);
}

#[test]
fn families_are_recognised() {
    let of = |value: Value| one(value.to_string().as_bytes()).0;
    assert_eq!(of(credential(&["VerifiableCredential", "AchievementCredential"])), Format::OpenBadgeV3);
    assert_eq!(of(credential(&["VerifiableCredential", "ClrCredential"])), Format::ClrV2);
    assert_eq!(of(credential(&["VerifiableCredential", "EuropeanDigitalCredential"])), Format::OtherCredential);
    let forgotten = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type": ["VerifiableCredential"], "credentialSubject": {"achievement": {}},
    });
    assert_eq!(of(forgotten), Format::OpenBadgeV3);
}

#[test]
fn open_badges_2_and_older_are_recognised() {
    let v2 = json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://school.example/a", "badge": "https://school.example/b", "verification": {"type": "HostedBadge"}});
    let v1 = json!({"uid": "1", "recipient": {"identity": "x"}, "badge": "https://school.example/b", "verify": {"type": "hosted", "url": "https://school.example/a"}});
    let v05 = json!({"recipient": "noor@school.example", "badge": {"name": "x", "issuer": {"origin": "https://school.example"}}});
    for value in [v2.clone(), v1, v05] {
        assert_eq!(one(value.to_string().as_bytes()), (Format::OpenBadgeV2, Securing::Hosted, Container::Json));
    }
    assert_eq!(one(jws(&v2).as_bytes()), (Format::OpenBadgeV2, Securing::Jws, Container::Jwt));
    let mut unsigned = v2;
    unsigned["verification"]["type"] = json!("SignedBadge");
    assert_eq!(one(unsigned.to_string().as_bytes()).1, Securing::Embedded);
}

#[test]
fn what_is_no_badge_is_not_taken_for_one() {
    let class = json!({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://school.example/b", "issuer": "https://school.example"});
    let old_class = json!({"name": "x", "criteria": "https://school.example/c", "issuer": "https://school.example"});
    let profile = json!({"@context": "https://w3id.org/openbadges/v2", "type": "Issuer", "name": "x"});
    for text in [class.to_string(), old_class.to_string(), profile.to_string(), "{}".to_owned(), "[]".to_owned(), "[1]".to_owned()]
    {
        assert_eq!(extract(text.as_bytes()).unwrap_err(), ExtractError::NotABadge, "{text}");
    }
    for text in [
        "",
        "hallo",
        "https://school.example/a",
        "www.school.example",
        "a.b.c",
        "..",
        "\"x\"",
        "<html></html>",
        "%PDF-1.7",
        "PK\u{3}\u{4}",
        "eyJhbGciOiJub25lIn0.e30",
    ] {
        assert_eq!(extract(text.as_bytes()).unwrap_err(), ExtractError::NotABadge, "{text}");
    }
    assert_eq!(extract(b"\xFF\xD8\xFF\xE0photo").unwrap_err(), ExtractError::PictureWithoutBadge);
    assert_eq!(extract(b"RIFF\0\0\0\0WEBPVP8 ").unwrap_err(), ExtractError::PictureWithoutBadge);
}

#[test]
fn damage_limits_and_tricks_are_told_apart() {
    assert!(matches!(extract(b"{\"a\":"), Err(ExtractError::Damaged(_))));
    assert!(matches!(extract(b"\xFF\xFE{\0}\0"), Err(ExtractError::Damaged(_))));
    assert!(matches!(extract(b"{\"a\":1,\"a\":2}"), Err(ExtractError::Hostile(_))));
    assert!(matches!(extract(&vec![b' '; 6 * 1024 * 1024]), Err(ExtractError::TooLarge(_))));
    let header = URL_SAFE_NO_PAD.encode("{\"alg\":\"ES256\"}");
    assert!(matches!(extract(format!("{header}.e30x.AA").as_bytes()), Err(ExtractError::Damaged(_))));
}

#[test]
fn a_presentation_or_an_array_gives_each_credential() {
    let enveloped =
        json!({"type": "EnvelopedVerifiableCredential", "id": format!("data:application/vc+jwt,{}", jws(&open_badge()))});
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "verifiableCredential": [open_badge(), jws(&open_badge()), enveloped, {"type": "Something"}],
    });
    let found = extract(presentation.to_string().as_bytes()).unwrap();
    assert_eq!(found.iter().map(|found| found.container).collect::<Vec<_>>(), [Container::Json, Container::Jwt, Container::Jwt]);
    assert_eq!(extract(jws(&presentation).as_bytes()).unwrap().len(), 3);
    assert_eq!(extract(jws(&json!({"vp": presentation})).as_bytes()).unwrap().len(), 3);
    assert_eq!(extract(json!([open_badge(), open_badge()]).to_string().as_bytes()).unwrap().len(), 2);
    assert_eq!(
        extract(json!(vec![open_badge(); 101]).to_string().as_bytes()).unwrap_err(),
        ExtractError::TooLarge("credentials in one file")
    );
    assert_eq!(extract(json!({"type": "VerifiablePresentation"}).to_string().as_bytes()).unwrap_err(), ExtractError::NotABadge);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(start in prop::sample::select(vec![&b""[..], b"{", b"\x89PNG\r\n\x1a\n", b"<svg ", b"eyJ", b"[{", b"RIFF", b"BM"]), bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        let _ = extract(&[start, &bytes].concat());
    }
}
