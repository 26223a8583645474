//! The one door to signature arithmetic, which is ring's.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use ssi_jwk::{Base64urlUInt, ECParams, JWK, Params};

/// The signature algorithms that this version believes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// Ed25519.
    Ed25519,
    /// ECDSA on P-256 with SHA-256, `r ‖ s`.
    P256,
    /// ECDSA on P-384 with SHA-384, `r ‖ s`.
    P384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
}

/// The elliptic curve of a key, when it is one of ours.
pub(super) fn curve(key: &JWK) -> Option<Algorithm> {
    match &key.params {
        Params::OKP(params) if params.curve == "Ed25519" => Some(Algorithm::Ed25519),
        Params::EC(params) => match params.curve.as_deref() {
            Some("P-256") => Some(Algorithm::P256),
            Some("P-384") => Some(Algorithm::P384),
            _ => None,
        },
        _ => None,
    }
}

/// The size of an RSA key in bits.
pub(super) fn rsa_bits(key: &JWK) -> Option<usize> {
    let Params::RSA(params) = &key.params else { return None };
    let modulus = &params.modulus.as_ref()?.0;
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let significant = &modulus[first..];
    Some(significant.len() * 8 - significant.first()?.leading_zeros() as usize)
}

/// Whether `signature` is `key`'s over `data`. A key of another kind, DER-encoded or all-zero signatures and RSA keys below
/// 2048 bits are simply no.
pub(super) fn verify(algorithm: Algorithm, key: &JWK, data: &[u8], signature: &[u8]) -> bool {
    match (algorithm, &key.params) {
        (Algorithm::Ed25519, Params::OKP(params)) if params.curve == "Ed25519" => {
            verify_with(&ED25519, &params.public_key.0, data, signature)
        }
        (Algorithm::P256, Params::EC(params)) if params.curve.as_deref() == Some("P-256") => {
            point(params, 32).is_some_and(|point| verify_with(&ECDSA_P256_SHA256_FIXED, &point, data, signature))
        }
        (Algorithm::P384, Params::EC(params)) if params.curve.as_deref() == Some("P-384") => {
            point(params, 48).is_some_and(|point| verify_with(&ECDSA_P384_SHA384_FIXED, &point, data, signature))
        }
        (Algorithm::Rs256 | Algorithm::Ps256, Params::RSA(params)) => {
            let (Some(n), Some(e)) = (&params.modulus, &params.exponent) else { return false };
            let parameters = if algorithm == Algorithm::Rs256 { &RSA_PKCS1_2048_8192_SHA256 } else { &RSA_PSS_2048_8192_SHA256 };
            // JWK forbids leading zeros and ring refuses them, yet some key sets have one.
            let components = RsaPublicKeyComponents { n: trimmed(n), e: trimmed(e) };
            components.verify(parameters, data, signature).is_ok()
        }
        _ => false,
    }
}

fn verify_with(algorithm: &'static dyn VerificationAlgorithm, key: &[u8], data: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(algorithm, key).verify(data, signature).is_ok()
}

fn trimmed(number: &Base64urlUInt) -> &[u8] {
    let first = number.0.iter().position(|byte| *byte != 0).unwrap_or(number.0.len());
    &number.0[first..]
}

/// The uncompressed point of an EC key; ring checks that it is on the curve.
fn point(params: &ECParams, size: usize) -> Option<Vec<u8>> {
    let (x, y) = (&params.x_coordinate.as_ref()?.0, &params.y_coordinate.as_ref()?.0);
    if x.len() != size || y.len() != size {
        return None;
    }
    Some([&[4], x.as_slice(), y.as_slice()].concat())
}
