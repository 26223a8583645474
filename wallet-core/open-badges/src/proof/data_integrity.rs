//! Data Integrity proofs over canonical RDF: `eddsa-rdfc-2022` and its draft name `eddsa-2022`, `ecdsa-rdfc-2019` on P-256
//! and P-384, and `Ed25519Signature2020`.
//!
//! What is signed is `hash(canonical proof options) ‖ hash(canonical document)` (VC Data Integrity EdDSA 1.0 §3.2, ECDSA 1.0
//! §3.2). Each proof of a set is checked on the document without any proof. Proof chains (`previousProof`) are not judged.

use jiff::Timestamp;
use ring::digest::{SHA256, SHA384, digest};
use serde_json::{Map, Value};
use ssi_jwk::JWK;

use super::{
    ProofOutcome,
    signature::{Algorithm, curve, verify},
};
use crate::{
    Reason,
    did::decode_base58,
    rdf::{self, Hash},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suite {
    EdDsa,
    EcDsa,
}

impl Suite {
    fn of(proof: &Value) -> Option<Self> {
        match suite_name(proof)?.as_str() {
            "eddsa-rdfc-2022" | "eddsa-2022" | "Ed25519Signature2020" => Some(Self::EdDsa),
            "ecdsa-rdfc-2019" => Some(Self::EcDsa),
            _ => None,
        }
    }
}

/// What the suite of a proof is called: its cryptosuite, or its type for older suites.
pub(crate) fn suite_name(proof: &Value) -> Option<String> {
    let kind = proof.get("type")?.as_str()?;
    if kind == "DataIntegrityProof" {
        // A cryptosuite must not be read out of a type, nor the other way round.
        return proof.get("cryptosuite")?.as_str().filter(|name| !name.ends_with("Signature2020")).map(str::to_owned);
    }
    (!kind.contains('-')).then(|| kind.to_owned())
}

/// Whether [`check`] knows the suite and the form of a proof.
pub(crate) fn is_supported(proof: &Value) -> bool {
    Suite::of(proof).is_some() && proof.get("previousProof").is_none()
}

/// Checks `proof`, one of the proofs of `document`, with the issuer's `key`.
///
/// `document` is the whole secured document with all its proofs. `now` counts for `proof.expires` only, and only after the
/// signature held. Terms come first: with an undefined one nothing can be said of the signature.
pub(crate) fn check(document: &Value, proof: &Value, key: &JWK, now: Timestamp) -> ProofOutcome {
    let Some(suite) = Suite::of(proof) else {
        return ProofOutcome::Unsure(Reason::UnsupportedSuite, suite_name(proof));
    };
    if proof.get("previousProof").is_some() {
        return ProofOutcome::Unsure(Reason::UnsupportedSuite, Some("previousProof".to_owned()));
    }
    let (Value::Object(document), Value::Object(proof)) = (document, proof) else {
        return ProofOutcome::Bad(Reason::Tampered);
    };
    if !fits(document, proof) {
        return ProofOutcome::Bad(Reason::Tampered);
    }
    let algorithm = match (suite, curve(key)) {
        (Suite::EdDsa, Some(Algorithm::Ed25519)) => Algorithm::Ed25519,
        (Suite::EcDsa, Some(algorithm @ (Algorithm::P256 | Algorithm::P384))) => algorithm,
        _ => return ProofOutcome::Bad(Reason::Tampered),
    };
    let size = if algorithm == Algorithm::P384 { 96 } else { 64 };
    let signature = proof.get("proofValue").and_then(Value::as_str).and_then(|text| decode_base58(text, size));
    let data = match signed_bytes(document, proof, if algorithm == Algorithm::P384 { Hash::Sha384 } else { Hash::Sha256 }) {
        Ok(data) => data,
        Err(error) => {
            let (reason, detail) = error.into_reason();
            return ProofOutcome::Unsure(reason, detail);
        }
    };
    match signature {
        Some(signature) if signature.len() == size && verify(algorithm, key, &data, &signature) => expiry(proof, now),
        _ => ProofOutcome::Bad(Reason::Tampered),
    }
}

/// Whether a proof is an assertion in the document's own words.
fn fits(document: &Map<String, Value>, proof: &Map<String, Value>) -> bool {
    fn list(context: &Value) -> &[Value] {
        if let Value::Array(list) = context { list } else { std::slice::from_ref(context) }
    }
    let purpose = proof.get("proofPurpose").and_then(Value::as_str) == Some("assertionMethod");
    let context = match (proof.get("@context"), document.get("@context")) {
        (None, _) => true,
        (Some(proof), Some(document)) => list(document).starts_with(list(proof)),
        (Some(_), None) => false,
    };
    purpose && context
}

/// The hash of the proof options, then the hash of the document without its proofs.
fn signed_bytes(document: &Map<String, Value>, proof: &Map<String, Value>, hash: Hash) -> Result<Vec<u8>, rdf::RdfError> {
    let mut unsecured = document.clone();
    unsecured.remove("proof");
    let mut options = proof.clone();
    options.remove("proofValue");
    if let Some(context) = document.get("@context") {
        options.insert("@context".to_owned(), context.clone());
    }
    let algorithm = if hash == Hash::Sha384 { &SHA384 } else { &SHA256 };
    let unsecured = rdf::canonical(&Value::Object(unsecured), hash)?;
    let options = rdf::canonical(&Value::Object(options), hash)?;
    let (options, unsecured) = (digest(algorithm, options.as_bytes()), digest(algorithm, unsecured.as_bytes()));
    Ok([options.as_ref(), unsecured.as_ref()].concat())
}

fn expiry(proof: &Map<String, Value>, now: Timestamp) -> ProofOutcome {
    match proof.get("expires") {
        None | Some(Value::Null) => ProofOutcome::Good,
        Some(expires) => match expires.as_str().and_then(|text| text.parse::<Timestamp>().ok()) {
            Some(expires) if expires > now => ProofOutcome::Good,
            Some(_) => ProofOutcome::Bad(Reason::ProofExpired),
            None => ProofOutcome::Unsure(Reason::NotConforming, Some("proof.expires".to_owned())),
        },
    }
}

#[cfg(test)]
mod tests;
