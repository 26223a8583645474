use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Evidence, corpus, did};

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn read(path: &Path) -> Value {
    crate::json::parse_strict(&fs::read(path).unwrap()).unwrap()
}

fn proofs(document: &Value) -> Vec<Value> {
    match &document["proof"] {
        Value::Array(list) => list.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// The vectors name a did:key that is not always their issuer: only the proof is asked about.
fn own_key(proof: &Value) -> JWK {
    let method = proof["verificationMethod"].as_str().unwrap();
    let did = method.split('#').next().unwrap();
    did::jwk_from_multibase(did.strip_prefix("did:key:").unwrap_or_else(|| method.rsplit('#').next().unwrap())).unwrap()
}

fn outcomes(document: &Value) -> Vec<ProofOutcome> {
    proofs(document).iter().map(|proof| check(document, proof, &own_key(proof), now())).collect()
}

const VECTORS: [&str; 9] = [
    "w3c-vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json",
    "w3c-vc-di-eddsa/Ed25519Signature2020/signedEdSig.json",
    "w3c-vc-di-eddsa/proof-set-chain/signedProofSet1.json",
    "w3c-vc-di-eddsa/proof-set-chain/signedProofSet2.json",
    "w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json",
    "w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json",
    "w3c-vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json",
    "w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ/signedECDSAP256.json",
    "w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p384/employ/signedECDSAP384.json",
];

fn vector(file: &str) -> Option<Value> {
    corpus::root().map(|corpus| read(&corpus.join(file)))
}

#[test]
fn every_published_vector_is_good() {
    for file in VECTORS {
        let Some(document) = vector(file) else { return };
        for outcome in outcomes(&document) {
            assert_eq!(outcome, ProofOutcome::Good, "{file}");
        }
    }
}

#[test]
fn hashes_are_the_published_ones() {
    let Some(corpus) = corpus::root() else { return };
    for (folder, name, hash) in [
        ("w3c-vc-di-eddsa/eddsa-rdfc-2022", "DataInt", Hash::Sha256),
        ("w3c-vc-di-eddsa/Ed25519Signature2020", "EdSig", Hash::Sha256),
        ("w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p256", "ECDSAP256", Hash::Sha256),
        ("w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p384", "ECDSAP384", Hash::Sha384),
    ] {
        let document = read(&corpus.join(folder).join(format!("signed{name}.json")));
        let data = signed_bytes(document.as_object().unwrap(), document["proof"].as_object().unwrap(), hash).unwrap();
        let published = fs::read_to_string(corpus.join(folder).join(format!("combinedHash{name}.txt"))).unwrap();
        assert_eq!(hex::encode(data), published.trim(), "{folder}");
    }
}

#[test]
fn badges_of_others_are_good() {
    let Some(corpus) = corpus::root() else { return };
    let rows: Vec<Value> = serde_json::from_slice(&fs::read(corpus.join("manifest.json")).unwrap()).unwrap();
    let mut seen = 0;
    for row in rows.iter().filter(|row| row["kind"] == "badge, signed") {
        let (file, why) = (row["file"].as_str().unwrap(), row["why"].as_str().unwrap());
        if !file.to_lowercase().contains("/didkey/") || why.contains("empty file") {
            continue;
        }
        let document = read(&corpus.join(file));
        let issuer = document["issuer"].as_str().or_else(|| document["issuer"]["id"].as_str()).unwrap();
        let expected = if why.contains("peer proof: no") { ProofOutcome::Bad(Reason::Tampered) } else { ProofOutcome::Good };
        for proof in proofs(&document) {
            let key = did::key_of(proof["verificationMethod"].as_str(), issuer, &Evidence::default(), now());
            let did::KeyOutcome::Key(key) = key else { panic!("{file}: {key:?}") };
            assert_eq!(check(&document, &proof, &key, now()), expected, "{file}");
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_changed_document_is_tampered_with() {
    let Some(document) = vector(VECTORS[0]) else { return };
    for (pointer, value) in [
        ("/credentialSubject/alumniOf", json!("Another school")),
        ("/validFrom", json!("2024-01-01T00:00:00Z")),
        ("/proof/created", json!("2024-01-01T00:00:00Z")),
        ("/proof/verificationMethod", json!("did:key:z6MkOther#z6MkOther")),
    ] {
        let mut changed = document.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        let outcome = check(&changed, &changed["proof"], &own_key(&document["proof"]), now());
        assert_eq!(outcome, ProofOutcome::Bad(Reason::Tampered), "{pointer}");
    }
}

#[test]
fn another_key_is_tampering() {
    let Some(document) = vector(VECTORS[0]) else { return };
    for key in [JWK::generate_ed25519().unwrap(), JWK::generate_p256(), JWK::generate_p384()] {
        assert_eq!(check(&document, &document["proof"], &key, now()), ProofOutcome::Bad(Reason::Tampered));
    }
}

#[test]
fn a_proof_for_another_purpose_proves_nothing() {
    let Some(mut document) = vector(VECTORS[0]) else { return };
    document["proof"]["proofPurpose"] = json!("authentication");
    assert_eq!(outcomes(&document), [ProofOutcome::Bad(Reason::Tampered)]);
    document["proof"].as_object_mut().unwrap().remove("proofPurpose");
    assert_eq!(outcomes(&document), [ProofOutcome::Bad(Reason::Tampered)]);
}

#[test]
fn the_proofs_context_is_the_documents() {
    let Some(mut document) = vector(VECTORS[0]) else { return };
    document["proof"]["@context"] = document["@context"].clone();
    assert_eq!(outcomes(&document), [ProofOutcome::Good]);
    document["proof"]["@context"] = json!(["https://w3id.org/security/v2"]);
    assert_eq!(outcomes(&document), [ProofOutcome::Bad(Reason::Tampered)]);
}

#[test]
fn a_proof_value_has_one_form() {
    let Some(document) = vector(VECTORS[0]) else { return };
    let value = document["proof"]["proofValue"].as_str().unwrap();
    for wrong in
        [json!(&value[1..]), json!(format!("{value}1")), json!(format!("m{value}")), json!("z"), json!(""), json!(7), Value::Null]
    {
        let mut changed = document.clone();
        changed["proof"]["proofValue"] = wrong;
        assert_eq!(outcomes(&changed), [ProofOutcome::Bad(Reason::Tampered)]);
    }
    let zeros = format!("z{}", "1".repeat(64));
    let mut changed = vector(VECTORS[4]).unwrap();
    changed["proof"]["proofValue"] = json!(zeros);
    assert_eq!(outcomes(&changed), [ProofOutcome::Bad(Reason::Tampered)], "an all-zero ECDSA signature");
}

#[test]
fn suites_that_are_not_known_are_named() {
    let Some(mut document) = vector(VECTORS[0]) else { return };
    let key = own_key(&document["proof"]);
    let unsure = |name: &str| ProofOutcome::Unsure(Reason::UnsupportedSuite, Some(name.to_owned()));
    for (proof, name) in [
        (json!({"type": "JsonWebSignature2020"}), "JsonWebSignature2020"),
        (json!({"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"}), "bbs-2023"),
        (json!({"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023"}), "ecdsa-sd-2023"),
        (json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}), "eddsa-jcs-2022"),
    ] {
        assert!(!is_supported(&proof));
        assert_eq!(check(&document, &proof, &key, now()), unsure(name));
    }
    for proof in [json!({}), json!("x"), json!({"type": "DataIntegrityProof"}), json!({"type": "eddsa-rdfc-2022"})] {
        assert!(!is_supported(&proof), "{proof}");
    }
    document["proof"]["previousProof"] = json!("urn:uuid:2");
    assert!(!is_supported(&document["proof"]));
    assert_eq!(outcomes(&document), [unsure("previousProof")]);
}

#[test]
fn a_proof_chain_is_not_judged() {
    let Some(document) = vector("w3c-vc-di-eddsa/proof-set-chain/signedProofChain1.json") else { return };
    let last = proofs(&document).into_iter().find(|proof| proof.get("previousProof").is_some()).unwrap();
    assert!(!is_supported(&last));
}

#[test]
fn an_undefined_term_is_no_forgery() {
    let Some(mut document) = vector(VECTORS[4]) else { return };
    document["@context"] = json!(["https://www.w3.org/ns/credentials/v2"]);
    let outcome = &outcomes(&document)[0];
    assert!(matches!(outcome, ProofOutcome::Unsure(Reason::UndefinedTerm, Some(_))), "{outcome:?}");
    document["@context"] = json!(["https://www.w3.org/ns/credentials/v2", "https://example.org/mine"]);
    assert_eq!(outcomes(&document), [ProofOutcome::Unsure(Reason::UnknownContext, Some("https://example.org/mine".to_owned()))]);
}

#[test]
fn an_expired_proof_is_bad_only_when_its_signature_holds() {
    let pair = ring::signature::Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let key = ssi_jwk::ed25519_parse(ring::signature::KeyPair::public_key(&pair).as_ref()).unwrap();
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:learner"},
        "proof": {
            "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
            "verificationMethod": "did:example:issuer#key", "expires": "2026-01-01T00:00:00Z",
        },
    });
    let data = signed_bytes(document.as_object().unwrap(), document["proof"].as_object().unwrap(), Hash::Sha256).unwrap();
    document["proof"]["proofValue"] = json!(multibase::encode(multibase::Base::Base58Btc, pair.sign(&data)));
    let at = |time: &str| check(&document, &document["proof"], &key, time.parse().unwrap());
    assert_eq!(at("2025-12-31T00:00:00Z"), ProofOutcome::Good);
    assert_eq!(at("2026-02-01T00:00:00Z"), ProofOutcome::Bad(Reason::ProofExpired));
    document["proof"]["expires"] = json!("2026-01-02T00:00:00Z");
    assert_eq!(check(&document, &document["proof"], &key, now()), ProofOutcome::Bad(Reason::Tampered));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_mutation_of_a_vector_is_good(file in 0..VECTORS.len(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        if let Some(corpus) = corpus::root() {
            let mut text = fs::read(corpus.join(VECTORS[file])).unwrap();
            let at = at.index(text.len());
            text[at] = byte;
            let original = read(&corpus.join(VECTORS[file]));
            if let Ok(document) = crate::json::parse_strict(&text) {
                let keys: Vec<JWK> = proofs(&original).iter().map(own_key).collect();
                for (proof, key) in proofs(&document).iter().zip(&keys) {
                    let outcome = check(&document, proof, key, now());
                    // In a set, a change to one proof leaves the other good.
                    prop_assert!(outcome != ProofOutcome::Good || document == original || keys.len() > 1);
                }
            }
        }
    }
}

/// Not a measurement to compare machines by; `cargo test -p open-badges --release -- --ignored speed --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speed_of_a_check() {
    let Some(document) = vector(
        "dcc-vc-test-fixtures/verifiableCredentials/v2/dataIntegrityProof/didKey/legacyRegistry-noStatus-noExpiry-alignments.json",
    ) else {
        return;
    };
    let key = own_key(&document["proof"]);
    let start = std::time::Instant::now();
    let rounds = 50;
    for _ in 0..rounds {
        assert_eq!(check(&document, &document["proof"], &key, now()), ProofOutcome::Good);
    }
    println!("{:?} a check", start.elapsed() / rounds);
}
