//! Open Badges 2.0 signed: a JWS by a key that the issuer's Profile links, and the issuer's own revocation list.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use pkcs1::{
    RsaPublicKey,
    der::{Decode, DecodePem},
};
use serde_json::{Value, json};
use spki::{ObjectIdentifier, SubjectPublicKeyInfoOwned};

use super::{Found, ISSUER_HOURS, Look, STATUS_HOURS, check, check_with, linked, not_reached};
use crate::{
    Check, CheckKind, Credential, Outcome, Purpose, Reason,
    proof::{ProofOutcome, jose::Jws},
};

const MAX_KEYS: usize = 8;

// The algorithms and curves of a SubjectPublicKeyInfo (RFC 3279, RFC 5480, RFC 8410).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

pub(super) fn judge(credential: &Credential, look: &Look<'_>) -> Found {
    let mut found = Found::version_2(credential, look);
    let parsed = std::str::from_utf8(&credential.bytes).ok().and_then(|text| Jws::parse(text).ok());
    let Some(jws) = parsed else {
        found.signature = check(CheckKind::Signature, Outcome::Failed(Reason::Tampered));
        return found;
    };
    let algorithm = jws.algorithm().unwrap_or("?");
    found.proof = Some(format!("signed {algorithm}"));
    if algorithm.eq_ignore_ascii_case("none") || algorithm.starts_with("HS") {
        found.signature = check(CheckKind::Signature, Outcome::Failed(Reason::Tampered));
        return found;
    }
    let chain = match linked::follow(credential.json.get("badge"), look) {
        Ok(chain) => chain,
        Err((reason, detail)) => {
            found.issuer = check_with(CheckKind::Issuer, Outcome::NotChecked(reason), detail);
            return found;
        }
    };
    found.issuer_id = Some(chain.issuer_id.clone());
    match keys(credential, &chain, look) {
        Err(unsure) => found.issuer = unsure,
        Ok(keys) => {
            let outcomes: Vec<ProofOutcome> = keys.iter().map(|key| jws.check(key)).collect();
            if outcomes.iter().any(|outcome| matches!(outcome, ProofOutcome::Good)) {
                found.signature = check(CheckKind::Signature, Outcome::Passed);
                found.issuer = check(CheckKind::Issuer, Outcome::Passed);
                found.anchored = true;
                found.status = status(credential, &chain, look);
            } else {
                found.signature = match outcomes.into_iter().next() {
                    Some(ProofOutcome::Unsure(reason, detail)) => {
                        check_with(CheckKind::Signature, Outcome::NotChecked(reason), detail)
                    }
                    _ => check(CheckKind::Signature, Outcome::Failed(Reason::Tampered)),
                };
            }
        }
    }
    if found.status.is_none() && chain.profile.get("revocationList").is_some() {
        found.status = Some(not_reached(CheckKind::Status));
    }
    found
}

/// The keys that the fetched Profile links, and of these the one that the badge names, when it names one.
fn keys(credential: &Credential, chain: &linked::Chain, look: &Look<'_>) -> Result<Vec<ssi_jwk::JWK>, Check> {
    let linked: Vec<&Value> = match chain.profile.get("publicKey") {
        Some(Value::Array(many)) => many.iter().take(MAX_KEYS).collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    };
    let id_of = |key: &Value| key.as_str().or_else(|| key.get("id").and_then(Value::as_str)).map(str::to_owned);
    let not_checked = |reason, detail: Option<String>| check_with(CheckKind::Issuer, Outcome::NotChecked(reason), detail);
    if linked.is_empty() {
        return Err(not_checked(Reason::KeyNotAnchored, None));
    }
    let named = ["/verification/creator", "/verify/url"].iter().find_map(|path| credential.json.pointer(path)?.as_str());
    let chosen: Vec<&Value> = match named {
        Some(name) => linked.into_iter().filter(|key| id_of(key).as_deref() == Some(name)).collect(),
        None => linked,
    };
    if chosen.is_empty() {
        // The issuer's own document does not know the key that the badge claims.
        return Err(check(CheckKind::Issuer, Outcome::Failed(Reason::KeyNotIssuers)));
    }
    let mut keys = Vec::new();
    let mut trouble = not_checked(Reason::KeyNotAnchored, None);
    for key in chosen {
        match read_key(key, &chain.issuer_id, look) {
            Ok(key) => keys.push(key),
            Err((reason, detail)) => trouble = not_checked(reason, detail),
        }
    }
    if keys.is_empty() { Err(trouble) } else { Ok(keys) }
}

/// A CryptographicKey, in the fetched Profile itself or at its address, whose owner is the issuer.
fn read_key(key: &Value, issuer_id: &str, look: &Look<'_>) -> Result<ssi_jwk::JWK, linked::Unsure> {
    let unsupported = || (Reason::UnsupportedSuite, Some("publicKeyPem".to_owned()));
    let fetched;
    let (document, text) = match key {
        Value::Object(_) => (key, key.get("publicKeyPem").and_then(Value::as_str).map(str::to_owned)),
        Value::String(address) => {
            let host = linked::web_address(address).and_then(|url| url.host_str().map(str::to_owned));
            if host.is_none() {
                return Err((Reason::KeyNotAnchored, None));
            }
            let document = look.document(Purpose::Key, address, ISSUER_HOURS).map_err(|reason| (reason, host.clone()))?;
            let moved = linked::web_address(document.final_url).and_then(|url| url.host_str().map(str::to_owned)) != host;
            let named = document.json.get("id").is_none_or(|id| id.as_str() == Some(address));
            if moved || !named {
                return Err((Reason::KeyNotAnchored, host));
            }
            // Open Badges 1.x serves the key as bare PEM.
            let bare = std::str::from_utf8(document.body).ok().filter(|text| text.trim_start().starts_with("-----BEGIN"));
            let pem = document.json.get("publicKeyPem").and_then(Value::as_str).or(bare).map(str::to_owned);
            fetched = document.json;
            (&fetched, pem)
        }
        _ => return Err(unsupported()),
    };
    if document.get("owner").is_some_and(|owner| owner.as_str() != Some(issuer_id)) {
        return Err((Reason::KeyNotAnchored, None));
    }
    public_key(text.as_deref().ok_or_else(unsupported)?).ok_or_else(unsupported)
}

/// A public key in PEM: RSA, P-256, P-384 or Ed25519 as SubjectPublicKeyInfo, or RSA as PKCS #1.
fn public_key(pem: &str) -> Option<ssi_jwk::JWK> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let rsa = |der: &[u8]| {
        let key = RsaPublicKey::from_der(der).ok()?;
        Some(json!({ "kty": "RSA", "n": text(key.modulus.as_bytes()), "e": text(key.public_exponent.as_bytes()) }))
    };
    let jwk = match SubjectPublicKeyInfoOwned::from_pem(pem) {
        Ok(info) => {
            let bytes = info.subject_public_key.as_bytes()?;
            match info.algorithm.oid {
                RSA => rsa(bytes)?,
                ED25519 => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(bytes) }),
                EC => {
                    let (curve, size) = match info.algorithm.parameters?.decode_as::<ObjectIdentifier>().ok()? {
                        P256 => ("P-256", 32),
                        P384 => ("P-384", 48),
                        _ => return None,
                    };
                    // Uncompressed points only, as every issuer writes them; ring checks that the point is on the curve.
                    let (form, point) = bytes.split_first()?;
                    let (x, y) = point.split_at_checked(size).filter(|(_, y)| *form == 4 && y.len() == size)?;
                    json!({ "kty": "EC", "crv": curve, "x": text(x), "y": text(y) })
                }
                _ => return None,
            }
        }
        Err(_) => rsa(pkcs1::der::Document::from_pem(pem).ok().filter(|(label, _)| *label == "RSA PUBLIC KEY")?.1.as_bytes())?,
    };
    serde_json::from_value(jwk).ok()
}

/// The Profile's revocation list, when it names one: `revokedAssertions` holds ids (or 1.x `uid`s), as texts or objects.
fn status(credential: &Credential, chain: &linked::Chain, look: &Look<'_>) -> Option<Check> {
    let kind = CheckKind::Status;
    let url = match chain.profile.get("revocationList")? {
        Value::String(url) => url.as_str(),
        Value::Object(list) => list.get("id").and_then(Value::as_str).unwrap_or_default(),
        _ => return Some(check(kind, Outcome::NotChecked(Reason::StatusInvalid))),
    };
    let document = match look.document(Purpose::StatusList, url, STATUS_HOURS) {
        Ok(document) => document,
        Err(Reason::Unreachable) => return Some(check(kind, Outcome::NotChecked(Reason::StatusUnreachable))),
        Err(reason) => return Some(check(kind, Outcome::NotChecked(reason))),
    };
    let list = &document.json;
    let issuer = list.get("issuer").and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id").and_then(Value::as_str)));
    if !list.is_object() || issuer.is_some_and(|issuer| issuer != chain.issuer_id) {
        return Some(check(kind, Outcome::NotChecked(Reason::StatusInvalid)));
    }
    let mine: Vec<&str> = ["id", "uid"].iter().filter_map(|name| credential.json.get(*name)?.as_str()).collect();
    let names = |entry: &Value| match entry {
        Value::String(id) => mine.contains(&id.as_str()),
        Value::Object(entry) => {
            ["id", "uid"].iter().any(|name| entry.get(*name).and_then(Value::as_str).is_some_and(|id| mine.contains(&id)))
        }
        _ => false,
    };
    let revoked = match list.get("revokedAssertions") {
        Some(Value::Array(many)) => many.iter().any(names),
        // JSON-LD compaction writes a single entry without its array; the official validator misses it.
        Some(one) => names(one),
        None => false,
    };
    Some(check(kind, if revoked { Outcome::Failed(Reason::Revoked) } else { Outcome::Passed }))
}
