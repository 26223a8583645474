//! Public keys as they are written down: multibase, JWK, and the verification methods that hold them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use ssi_jwk::JWK;
use ssi_multicodec::MultiEncoded;

use crate::{json, proof::jose::is_secret};

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyError {
    /// A kind of key or method that this version does not know.
    Unknown(String),
    /// Not a public key at all, or a private one.
    Broken,
}

/// Longer than any key here; base58 takes quadratic time.
const MAX_BASE58: usize = 400;

/// Decodes multibase base58btc (`z…`) of at most `size` bytes.
pub(crate) fn decode_base58(text: &str, size: usize) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('z').filter(|_| text.len() <= MAX_BASE58)?;
    bs58::decode(digits).into_vec().ok().filter(|bytes| bytes.len() <= size)
}

/// A key in a `publicKeyMultibase` or a `did:key`: Ed25519, P-256 or P-384.
pub(crate) fn jwk_from_multibase(text: &str) -> Result<JWK, KeyError> {
    let bytes = decode_base58(text, MAX_BASE58).ok_or(KeyError::Broken)?;
    let encoded = MultiEncoded::new(&bytes).map_err(|_| KeyError::Broken)?;
    match encoded.codec() {
        ssi_multicodec::ED25519_PUB | ssi_multicodec::P256_PUB | ssi_multicodec::P384_PUB => {
            JWK::from_multicodec(encoded).map_err(|_| KeyError::Broken)
        }
        codec => Err(KeyError::Unknown(format!("multicodec {codec:#x}"))),
    }
}

/// The key of a `did:jwk`: no private parts, and not one for encryption.
pub(super) fn jwk_from_did_jwk(id: &str) -> Result<JWK, KeyError> {
    let bytes = URL_SAFE_NO_PAD.decode(id).map_err(|_| KeyError::Broken)?;
    jwk_from_json(&json::parse_strict(&bytes).map_err(|_| KeyError::Broken)?)
}

/// A public JWK for signatures. Only the key itself is read: an odd `alg`, `x5c` or `key_ops` is no reason to refuse it.
pub(crate) fn jwk_from_json(jwk: &Value) -> Result<JWK, KeyError> {
    if is_secret(jwk) || jwk.get("use").is_some_and(|usage| usage != "sig") {
        return Err(KeyError::Broken);
    }
    let known = match (text(jwk, "kty"), text(jwk, "crv")) {
        (Some("OKP"), Some("Ed25519")) | (Some("EC"), Some("P-256" | "P-384")) | (Some("RSA"), _) => true,
        (Some("OKP" | "EC"), Some(_)) => false,
        _ => return Err(KeyError::Broken),
    };
    if !known {
        return Err(KeyError::Unknown(text(jwk, "crv").unwrap_or_default().chars().take(40).collect()));
    }
    let public: Map<String, Value> =
        ["kty", "crv", "x", "y", "n", "e"].into_iter().filter_map(|name| Some((name.to_owned(), jwk.get(name)?.clone()))).collect();
    serde_json::from_value(Value::Object(public)).map_err(|_| KeyError::Broken)
}

/// The key of a verification method: `Multikey`, `JsonWebKey`, `JsonWebKey2020`, `Ed25519VerificationKey2020` or `…2018`.
pub(crate) fn jwk_from_method(method: &Value) -> Result<JWK, KeyError> {
    let kind = text(method, "type").unwrap_or_default();
    let multibase = || jwk_from_multibase(text(method, "publicKeyMultibase").ok_or(KeyError::Broken)?);
    let jwk = || jwk_from_json(method.get("publicKeyJwk").ok_or(KeyError::Broken)?);
    match kind {
        "Multikey" => multibase(),
        "JsonWebKey" | "JsonWebKey2020" => jwk(),
        "Ed25519VerificationKey2020" => multibase().and_then(only_ed25519),
        "Ed25519VerificationKey2018" => match text(method, "publicKeyBase58") {
            Some(key) => {
                let bytes = decode_base58(&format!("z{key}"), 32).ok_or(KeyError::Broken)?;
                ssi_jwk::ed25519_parse(&bytes).map_err(|_| KeyError::Broken)
            }
            None => jwk().and_then(only_ed25519),
        },
        other => Err(KeyError::Unknown(other.chars().take(80).collect())),
    }
}

fn only_ed25519(key: JWK) -> Result<JWK, KeyError> {
    match &key.params {
        ssi_jwk::Params::OKP(params) if params.curve == "Ed25519" => Ok(key),
        _ => Err(KeyError::Broken),
    }
}

/// The signing keys of a key set that are this issuer's: an entry with an `iss` is its issuer's alone.
pub(super) fn entries<'a>(set: &'a Value, issuer: &'a str) -> impl Iterator<Item = &'a Value> {
    let keys = set.get("keys").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    keys.iter().filter(move |entry| {
        entry.get("use").is_none_or(|usage| usage == "sig") && entry.get("iss").is_none_or(|iss| iss == issuer)
    })
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}
