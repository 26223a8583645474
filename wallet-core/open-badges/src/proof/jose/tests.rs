use proptest::prelude::*;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use serde_json::json;

use super::*;

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn jws(header: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let input = format!("{}.{}", encode(header), encode(&json!({"iss": "did:example:issuer"})));
    let signature = sign(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn ed25519() -> (Ed25519KeyPair, JWK) {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let key = ssi_jwk::ed25519_parse(pair.public_key().as_ref()).unwrap();
    (pair, key)
}

fn outcome(text: &str, key: &JWK) -> ProofOutcome {
    Jws::parse(text).unwrap().check(key)
}

const TAMPERED: ProofOutcome = ProofOutcome::Bad(Reason::Tampered);

#[test]
fn a_good_signature_is_good() {
    let (pair, key) = ed25519();
    let text = jws(&json!({"alg": "EdDSA", "typ": "JWT"}), |data| pair.sign(data).as_ref().to_vec());
    assert_eq!(outcome(&text, &key), ProofOutcome::Good);
    assert_eq!(Jws::parse(&text).unwrap().payload["iss"], "did:example:issuer");
    assert_eq!(outcome(&text, &JWK::generate_ed25519().unwrap()), TAMPERED);
    assert_eq!(outcome(&text, &JWK::generate_p256()), TAMPERED, "the key's kind fits the algorithm");
}

#[test]
fn an_ecdsa_signature_is_not_der() {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let fixed = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
    let der = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap();
    let key = ssi_jwk::p256_parse(fixed.public_key().as_ref()).unwrap();
    let header = json!({"alg": "ES256"});
    assert_eq!(outcome(&jws(&header, |data| fixed.sign(&random, data).unwrap().as_ref().to_vec()), &key), ProofOutcome::Good);
    assert_eq!(outcome(&jws(&header, |data| der.sign(&random, data).unwrap().as_ref().to_vec()), &key), TAMPERED);
    assert_eq!(outcome(&jws(&header, |_| vec![0; 64]), &key), TAMPERED);
    assert_eq!(outcome(&jws(&header, |_| Vec::new()), &key), TAMPERED);
}

#[test]
fn no_algorithm_and_shared_keys_are_forgeries() {
    let (pair, key) = ed25519();
    for header in [json!({}), json!({"alg": "none"}), json!({"alg": "None"}), json!({"alg": "HS256"}), json!({"alg": 5})] {
        assert_eq!(outcome(&jws(&header, |data| pair.sign(data).as_ref().to_vec()), &key), TAMPERED, "{header}");
    }
}

#[test]
fn what_is_not_known_is_named() {
    let (pair, key) = ed25519();
    let unsure = |name: &str| ProofOutcome::Unsure(Reason::UnsupportedSuite, Some(name.to_owned()));
    let text = |header| jws(&header, |data| pair.sign(data).as_ref().to_vec());
    assert_eq!(outcome(&text(json!({"alg": "ES256K"})), &key), unsure("ES256K"));
    assert_eq!(outcome(&text(json!({"alg": "EdDSA", "crit": ["exp"]})), &key), unsure("crit"));
}

/// RFC 7515 A.2: RS256 with a key of 2048 bits, and RFC 8037 A.4: EdDSA.
#[test]
fn published_examples_are_good() {
    let eddsa = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert!(matches!(Jws::parse(eddsa), Err(ExtractError::Damaged(_))), "its payload is no JSON");
    let rs256 = concat!(
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    );
    let key: JWK = serde_json::from_value(json!({"kty": "RSA", "e": "AQAB",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})).unwrap();
    assert_eq!(outcome(rs256, &key), ProofOutcome::Good);
    let short: JWK =
        serde_json::from_value(json!({"kty": "RSA", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode([0xff_u8; 128])})).unwrap();
    assert_eq!(outcome(rs256, &short), ProofOutcome::Unsure(Reason::UnsupportedSuite, Some("RSA < 2048".to_owned())));
}

#[test]
fn the_form_is_strict() {
    let (pair, _) = ed25519();
    let good = jws(&json!({"alg": "EdDSA"}), |data| pair.sign(data).as_ref().to_vec());
    let damaged = |text: &str| assert!(matches!(Jws::parse(text), Err(ExtractError::Damaged(_))), "{text}");
    damaged("");
    damaged("a");
    damaged("a.b");
    damaged(&good[..good.rfind('.').unwrap()]);
    damaged(&format!("{good}="));
    damaged(&format!("{good}.x"));
    damaged(&format!(" {good}"));
    damaged(&good.replacen('.', "+.", 1));
    let parse = |header: &Value| Jws::parse(&jws(header, |_| vec![1; 64])).map(drop);
    assert!(matches!(parse(&json!({"alg": "EdDSA", "b64": false, "crit": ["b64"]})), Err(ExtractError::Hostile(_))));
    assert!(matches!(parse(&json!({"alg": "EdDSA", "jwk": {"kty": "OKP", "d": "x"}})), Err(ExtractError::Hostile(_))));
    let twice = format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","alg":"none"}"#));
    assert!(matches!(Jws::parse(&twice), Err(ExtractError::Hostile(_))));
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "[A-Za-z0-9_.=-]{0,80}", other in "\\PC{0,60}") {
        let (_, key) = ed25519();
        for text in [text, other] {
            if let Ok(jws) = Jws::parse(&text) {
                prop_assert_ne!(jws.check(&key), ProofOutcome::Good);
            }
        }
    }
}
