//! Which standard a JSON object follows, and how its bytes are secured.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Credential, ExtractError, Format, Securing};
use crate::{
    json::{MAX_BYTES, parse_strict},
    open_badge_v3::contexts,
    value::{has_type, many, raw},
};

/// Reads one credential from JSON text or a compact JWS.
pub(super) fn credential(bytes: &[u8]) -> Result<Credential, ExtractError> {
    if bytes.len() > MAX_BYTES {
        return Err(ExtractError::TooLarge("credential bytes"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    if bytes.first() == Some(&b'{') {
        let json = parse_strict(bytes)?;
        let format = format_of(&json).ok_or(ExtractError::NotABadge)?;
        let securing = if format == Format::OpenBadgeV2 && !says_signed(&json) { Securing::Hosted } else { Securing::Embedded };
        return Ok(Credential { bytes: bytes.to_vec(), format, securing, json });
    }
    let json = credential_in(jws_payload(bytes)?);
    let format = format_of(&json).ok_or(ExtractError::NotABadge)?;
    Ok(Credential { bytes: bytes.to_vec(), format, securing: Securing::Jws, json })
}

/// VCDM 1.1 wraps the credential in a claim; VCDM 2.0 and Open Badges 2.0 sign it bare.
fn credential_in(mut payload: Value) -> Value {
    match payload.get_mut("vc") {
        Some(wrapped @ Value::Object(_)) => wrapped.take(),
        _ => payload,
    }
}

/// The payload of a compact JWS, unproven. `NotABadge` unless it is three base64url parts of which the first is a JSON header.
pub(crate) fn jws_payload(bytes: &[u8]) -> Result<Value, ExtractError> {
    let parts: Vec<&[u8]> = bytes.split(|byte| *byte == b'.').take(4).collect();
    let [header, payload, _] = parts[..] else { return Err(ExtractError::NotABadge) };
    let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if header.is_empty() || payload.is_empty() || !bytes.iter().all(is_base64url) {
        return Err(ExtractError::NotABadge);
    }
    let decode = |part: &[u8]| URL_SAFE_NO_PAD.decode(part).ok();
    let header = decode(header).and_then(|text| parse_strict(&text).ok()).ok_or(ExtractError::NotABadge)?;
    if !header.get("alg").is_some_and(Value::is_string) {
        return Err(ExtractError::NotABadge);
    }
    parse_strict(&decode(payload).ok_or(ExtractError::Damaged("broken base64"))?)
}

fn format_of(json: &Value) -> Option<Format> {
    if !json.is_object() || has_type(json, "VerifiablePresentation") || has_type(json, "EnvelopedVerifiableCredential") {
        return None;
    }
    let contexts = contexts(json);
    let names = |prefix: &str| contexts.iter().any(|context| context.starts_with(prefix));
    let is_credential = has_type(json, "VerifiableCredential")
        || names("https://www.w3.org/2018/credentials/")
        || names("https://www.w3.org/ns/credentials/");
    if has_type(json, "ClrCredential") {
        return Some(Format::ClrV2);
    }
    if has_type(json, "OpenBadgeCredential") || has_type(json, "AchievementCredential") {
        return Some(Format::OpenBadgeV3);
    }
    if is_credential {
        // Some issuers forget the second type, but nobody else writes this.
        let is_badge = names("https://purl.imsglobal.org/spec/ob/v3p0/")
            && many(json.get("credentialSubject")).iter().any(|subject| subject.get("achievement").is_some());
        return Some(if is_badge { Format::OpenBadgeV3 } else { Format::OtherCredential });
    }
    is_assertion(json, names("https://w3id.org/openbadges") || names("http://w3id.org/openbadges")).then_some(Format::OpenBadgeV2)
}

/// Open Badges 2.0 by its type; 1.x by its members; 0.5 by the origin of its issuer. Classes, profiles and keys are no badges.
fn is_assertion(json: &Value, in_context: bool) -> bool {
    let other = ["BadgeClass", "Issuer", "Profile", "CryptographicKey", "RevocationList", "Endorsement"];
    if other.iter().any(|name| has_type(json, name)) {
        return false;
    }
    let typed = has_type(json, "Assertion");
    if typed && in_context {
        return true;
    }
    let verify = ["verify", "verification"].iter().any(|name| json.get(name).is_some_and(Value::is_object));
    let badge = json.get("badge");
    let origin = badge.and_then(|badge| badge.pointer("/issuer/origin")).is_some();
    let located = json.pointer("/verify/url").is_some_and(Value::is_string);
    located || (badge.is_some() && (typed || verify || origin || in_context))
}

/// A 2.0 assertion that says it is signed, but stands here without its signature.
fn says_signed(json: &Value) -> bool {
    let stated = ["verification", "verify"].iter().find_map(|name| json.get(name));
    stated.is_some_and(|verification| {
        ["signed", "SignedBadge"].iter().any(|name| has_type(verification, name))
            || raw(verification, "type").is_some_and(|name| name.eq_ignore_ascii_case("signedbadge"))
    })
}
