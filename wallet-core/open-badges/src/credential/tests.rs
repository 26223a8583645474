use serde_json::json;

use super::*;

fn badge(id: &Value, issuer: &Value, issued: &str) -> Credential {
    let mut json = json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "OpenBadgeCredential"], "id": id, "issuer": issuer, "validFrom": issued});
    if json["id"].is_null() {
        json.as_object_mut().unwrap().remove("id");
    }
    Credential::parse(json.to_string().as_bytes()).unwrap()
}

#[test]
fn the_same_issuer_and_id_are_one_badge_in_two_versions() {
    let old = badge(&json!("https://school.example/a b"), &json!("did:example:school"), "2026-01-01T00:00:00Z");
    let new = badge(&json!(" https://school.example/a%20b"), &json!({"id": "did:example%3Aschool"}), "2026-02-01T00:00:00Z");
    assert!(old.same_as(&new));
    assert!(new.issued() > old.issued());
    assert!(!old.same_as(&badge(&json!("https://school.example/a b"), &json!("did:example:other"), "2026-01-01T00:00:00Z")));
    assert!(!old.same_as(&badge(&json!("https://school.example/c"), &json!("did:example:school"), "2026-01-01T00:00:00Z")));
}

#[test]
fn without_a_telling_id_the_bytes_decide() {
    for id in [
        json!(null),
        json!("urn:uuid:5d6a29b8-0c2f-4d27-a9a7-b5e3a1f0c001"),
        json!("URN:UUID:5d6a29b8-0c2f-4d27-a9a7-b5e3a1f0c001"),
        json!(""),
    ] {
        let one = badge(&id, &json!("did:example:school"), "2026-01-01T00:00:00Z");
        assert!(one.same_as(&one.clone()));
        assert!(!one.same_as(&badge(&id, &json!("did:example:school"), "2026-02-01T00:00:00Z")));
    }
}

#[test]
fn a_hosted_assertion_is_known_by_its_address() {
    let at = |url: &str, issued: i64| {
        let json =
            json!({"uid": "1", "badge": "https://school.example/b", "issuedOn": issued, "verify": {"type": "hosted", "url": url}});
        Credential::parse(json.to_string().as_bytes()).unwrap()
    };
    assert!(at("https://school.example/a", 1_400_000_000).same_as(&at("https://school.example/a", 1_500_000_000)));
    assert!(!at("https://school.example/a", 1_400_000_000).same_as(&at("https://school.example/x", 1_400_000_000)));
}

#[test]
fn the_id_is_the_sha_256_of_the_bytes() {
    let one = badge(&json!("https://school.example/a"), &json!("did:example:school"), "2026-01-01T00:00:00Z");
    assert_eq!(one.id().0, hex::encode(ring::digest::digest(&ring::digest::SHA256, &one.bytes)));
}

#[test]
fn a_linked_badge_whose_documents_are_not_here_is_named_by_its_host() {
    let json = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://school.example/a/1",
        "recipient": {"type": "email", "identity": "noor@voorbeeld.example", "hashed": false},
        "badge": "https://school.example/b/1", "verification": {"type": "HostedBadge"}, "issuedOn": "2026-01-01T00:00:00Z",
    });
    let badge = Credential::parse(json.to_string().as_bytes()).unwrap();
    assert_eq!(badge.content(&Evidence::default()).name, "school.example");
}
