//! Reading a DID document or controller document (Controlled Identifiers 1.0).

use jiff::Timestamp;
use serde_json::Value;

use super::{
    KeyOutcome, bounded,
    keys::{self, KeyError},
};

/// The key of `method` in `document`, if the document is `issuer`'s and lists it under `assertionMethod`.
///
/// A bare issuer id, or none, names the only key that is listed.
pub(super) fn assertion_key(document: &Value, issuer: &str, method: Option<&str>, now: Timestamp) -> KeyOutcome {
    let unlisted = || KeyOutcome::NotAnchored(method.map(bounded));
    if document.get("id").and_then(Value::as_str) != Some(issuer) {
        return unlisted();
    }
    let listed = || one_or_many(document.get("assertionMethod"));
    let wanted = match method.filter(|method| *method != issuer) {
        Some(method) => absolute(method, issuer),
        None => {
            let mut ids = listed().filter_map(|entry| id_of(entry, issuer));
            let (Some(only), None) = (ids.next(), ids.next()) else { return unlisted() };
            only
        }
    };
    let Some(entry) = listed().find(|entry| id_of(entry, issuer).as_ref() == Some(&wanted)) else { return unlisted() };
    let method = if entry.is_object() {
        Some(entry)
    } else {
        one_or_many(document.get("verificationMethod")).find(|method| id_of(method, issuer).as_ref() == Some(&wanted))
    };
    // A reference to a method that is its own document: an https issuer may list a did:key.
    let Some(method) = method else {
        return match wanted.strip_prefix("did:key:").and_then(|id| id.split_once('#')) {
            Some((id, fragment)) if id == fragment => found(keys::jwk_from_multibase(id), unlisted),
            _ => unlisted(),
        };
    };
    let controller = method.get("controller").and_then(Value::as_str);
    if controller.is_some_and(|controller| controller != issuer) {
        return KeyOutcome::NotIssuers(Some(bounded(&wanted)));
    }
    let revoked = method.get("revoked").and_then(Value::as_str);
    if revoked.is_some_and(|revoked| revoked.parse::<Timestamp>().is_ok_and(|revoked| revoked <= now)) {
        return KeyOutcome::NotIssuers(Some(bounded(&wanted)));
    }
    found(keys::jwk_from_method(method), unlisted)
}

fn found(key: Result<ssi_jwk::JWK, KeyError>, unlisted: impl FnOnce() -> KeyOutcome) -> KeyOutcome {
    match key {
        Ok(key) => KeyOutcome::Key(Box::new(key)),
        Err(KeyError::Unknown(kind)) => KeyOutcome::Unsupported(kind),
        Err(KeyError::Broken) => unlisted(),
    }
}

fn one_or_many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(list)) => list.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    }
    .iter()
}

/// The id of a reference or of an embedded method; `#fragment` is relative to the document.
fn id_of(entry: &Value, issuer: &str) -> Option<String> {
    let id = entry.as_str().or_else(|| entry.get("id")?.as_str())?;
    Some(absolute(id, issuer))
}

fn absolute(id: &str, issuer: &str) -> String {
    if id.starts_with('#') { format!("{issuer}{id}") } else { id.to_owned() }
}
