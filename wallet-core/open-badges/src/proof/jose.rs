//! Compact JWS: VC-JWT, `vc+jwt` and signed OB 2.0 badges. An allow-list of algorithms, and nothing from the header is
//! believed but the algorithm.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use ssi_jwk::JWK;

use super::{
    ProofOutcome,
    signature::{Algorithm, rsa_bits, verify},
};
use crate::{ExtractError, Reason, json};

/// A compact JWS, taken apart and not yet believed.
#[derive(Debug, Clone)]
pub(crate) struct Jws {
    /// The protected header.
    pub(crate) header: Map<String, Value>,
    /// The payload, which is JSON in every JWS that concerns us.
    pub(crate) payload: Value,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
}

impl Jws {
    /// Takes a compact JWS apart: three parts of base64url without padding, strict JSON in the first two.
    ///
    /// # Errors
    /// `Damaged` when it is not that, `Hostile` for a private key in the header or an unencoded payload, and what
    /// [`json::parse_strict`] refuses.
    pub(crate) fn parse(text: &str) -> Result<Self, ExtractError> {
        let (signing_input, signature) = text.rsplit_once('.').ok_or(ExtractError::Damaged("not a compact JWS"))?;
        let (header, payload) = signing_input.split_once('.').ok_or(ExtractError::Damaged("not a compact JWS"))?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| ExtractError::Damaged("broken base64url"));
        let Value::Object(protected) = json::parse_strict(&decode(header)?)? else {
            return Err(ExtractError::Damaged("the JWS header is not an object"));
        };
        if protected.get("b64").is_some_and(|b64| b64 != &Value::Bool(true)) {
            return Err(ExtractError::Hostile("an unencoded JWS payload"));
        }
        if protected.get("jwk").is_some_and(is_secret) {
            return Err(ExtractError::Hostile("a private key in the JWS header"));
        }
        Ok(Self {
            payload: json::parse_strict(&decode(payload)?)?,
            signature: decode(signature)?,
            signing_input: signing_input.as_bytes().to_vec(),
            header: protected,
        })
    }

    /// The header's `alg`.
    pub(crate) fn algorithm(&self) -> Option<&str> {
        self.header.get("alg")?.as_str()
    }

    /// Checks the signature with the issuer's `key`.
    ///
    /// No algorithm, `none` and keyed hashes are forgeries; an unknown algorithm, a critical header or an RSA key below 2048
    /// bits cannot be judged.
    pub(crate) fn check(&self, key: &JWK) -> ProofOutcome {
        let unsure = |what: &str| ProofOutcome::Unsure(Reason::UnsupportedSuite, Some(what.chars().take(80).collect()));
        let algorithm = match self.algorithm() {
            Some("EdDSA" | "Ed25519") => Algorithm::Ed25519,
            Some("ES256") => Algorithm::P256,
            Some("ES384") => Algorithm::P384,
            Some("RS256") => Algorithm::Rs256,
            Some("PS256") => Algorithm::Ps256,
            None => return ProofOutcome::Bad(Reason::Tampered),
            Some(name) if name.eq_ignore_ascii_case("none") || name.starts_with("HS") => {
                return ProofOutcome::Bad(Reason::Tampered);
            }
            Some(other) => return unsure(other),
        };
        if self.header.contains_key("crit") {
            return unsure("crit");
        }
        if matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256) && rsa_bits(key).is_some_and(|bits| bits < 2048) {
            return unsure("RSA < 2048");
        }
        if verify(algorithm, key, &self.signing_input, &self.signature) {
            ProofOutcome::Good
        } else {
            ProofOutcome::Bad(Reason::Tampered)
        }
    }
}

/// Whether a JWK holds a private or shared key.
pub(crate) fn is_secret(jwk: &Value) -> bool {
    ["d", "k", "p", "q"].iter().any(|part| jwk.get(part).is_some())
}

#[cfg(test)]
mod tests;
