//! Was it taken back? Bitstring Status List 1.0, its forerunner StatusList2021, and 1EdTech's revocation list.
//!
//! A list that cannot be fetched or is itself wrong is "not checked": neither good nor bad news of the badge.

use std::io::Read;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::read::GzDecoder;
use jiff::Timestamp;
use serde_json::Value;

use super::{Look, STATUS_HOURS, check as outcome_of, check_with, proven};
use crate::{Check, CheckKind, Credential, Outcome, Purpose, Reason, did, open_badge_v3 as v3};

/// The most bytes a list may hold inflated. No cap on the ratio: an empty list is 1000:1.
const MAX_LIST_BYTES: u64 = 16 * 1024 * 1024;
/// The standard's minimum, below which an index would tell who is looked up.
const MIN_LIST_BYTES: usize = 16 * 1024;
const MAX_ENTRIES: usize = 8;

/// Whether the credential names a status at all.
pub(super) fn is_stated(json: &Value) -> bool {
    json.get("credentialStatus").is_some_and(|status| !status.is_null() && status != &Value::Array(Vec::new()))
}

/// The status over all entries: any revocation wins, then anything that could not be looked at.
pub(super) fn check(credential: &Credential, look: &Look<'_>) -> Option<Check> {
    if !is_stated(&credential.json) {
        return None;
    }
    let stated = &credential.json["credentialStatus"];
    let entries: Vec<&Value> = stated.as_array().map_or_else(|| vec![stated], |entries| entries.iter().collect());
    if entries.len() > MAX_ENTRIES {
        return Some(outcome_of(CheckKind::Status, Outcome::NotChecked(Reason::TooComplex)));
    }
    entries
        .into_iter()
        .map(|entry| match look_up(entry, credential, look) {
            Ok(outcome) => outcome_of(CheckKind::Status, outcome),
            Err((reason, detail)) => check_with(CheckKind::Status, Outcome::NotChecked(reason), detail),
        })
        .max_by_key(|found| match found.outcome {
            Outcome::Passed => 0,
            Outcome::Warning(_) => 1,
            Outcome::NotChecked(_) => 2,
            Outcome::Failed(_) => 3,
        })
}

type Unsure = (Reason, Option<String>);

fn unsure(reason: Reason) -> Unsure {
    (reason, None)
}

fn look_up(entry: &Value, credential: &Credential, look: &Look<'_>) -> Result<Outcome, Unsure> {
    let kind = entry.get("type").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "BitstringStatusListEntry" | "StatusList2021Entry" => bitstring(entry, kind, credential, look),
        "1EdTechRevocationList" => revocation_list(entry, credential, look),
        other => Err((Reason::StatusUnsupported, Some(other.to_owned()).filter(|name| !name.is_empty()))),
    }
}

/// A fetch that failed is told as the status's, not as the issuer's.
fn of_status(reason: Reason) -> Unsure {
    unsure(if reason == Reason::Unreachable { Reason::StatusUnreachable } else { reason })
}

// ---- Bitstring Status List 1.0 §3.2, StatusList2021 -------------------------------------------------------------------------

fn bitstring(entry: &Value, kind: &str, credential: &Credential, look: &Look<'_>) -> Result<Outcome, Unsure> {
    let wrong = || unsure(Reason::StatusInvalid);
    let url = entry.get("statusListCredential").and_then(Value::as_str).ok_or_else(wrong)?;
    let index: u64 = match entry.get("statusListIndex") {
        Some(Value::String(text)) => text.parse().map_err(|_| wrong())?,
        // StatusList2021 issuers in the field write a number.
        Some(Value::Number(number)) => number.as_u64().ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    let purpose = entry.get("statusPurpose").and_then(Value::as_str).ok_or_else(wrong)?;

    let document = look.document(Purpose::StatusList, url, STATUS_HOURS).map_err(of_status)?;
    let list = Credential::parse(document.body).map_err(|_| wrong())?;
    let fetched_at = look.answer(Purpose::StatusList, url).map_or(look.now, |fetched| fetched.fetched_at);
    believe_list(&list, url, kind, look, fetched_at)?;
    if !may_speak(&list, url, credential) {
        return Err(wrong());
    }

    let subject = list.json.get("credentialSubject").ok_or_else(wrong)?;
    let purposes = subject.get("statusPurpose");
    let fits = match purposes {
        Some(Value::String(one)) => one == purpose,
        Some(Value::Array(many)) => many.iter().any(|one| one == purpose),
        _ => false,
    };
    let encoded = subject.get("encodedList").and_then(Value::as_str).filter(|_| fits).ok_or_else(wrong)?;
    let size = match entry.get("statusSize") {
        None => 1,
        Some(size) => size.as_u64().filter(|size| (1..=32).contains(size)).ok_or_else(wrong)?,
    };
    let value = read_bits(&inflate(encoded, kind)?, index, size).ok_or_else(wrong)?;
    match (purpose, value) {
        (_, 0) | ("message" | "refresh", _) => Ok(Outcome::Passed),
        ("revocation", _) => Ok(Outcome::Failed(Reason::Revoked)),
        ("suspension", _) => Ok(Outcome::Failed(Reason::Suspended)),
        (other, _) => Err((Reason::StatusUnsupported, Some(other.to_owned()))),
    }
}

/// The list is a credential of its own: proven, of the right type, in its period, and the one that was asked for.
fn believe_list(list: &Credential, url: &str, kind: &str, look: &Look<'_>, fetched_at: Timestamp) -> Result<(), Unsure> {
    let proven = proven::prove(list, look);
    if !proven.holds() {
        // A list whose issuer cannot be reached is not a bad list.
        let reason = match (proven.signature.outcome, proven.issuer.outcome) {
            (Outcome::Failed(_), _) | (_, Outcome::Failed(_)) => Reason::StatusInvalid,
            (_, Outcome::NotChecked(reason)) if reason != Reason::NotReached => reason,
            (Outcome::NotChecked(reason), _) => reason,
            _ => Reason::StatusInvalid,
        };
        return Err(of_status(reason));
    }
    let wanted = if kind == "StatusList2021Entry" { "StatusList2021Credential" } else { "BitstringStatusListCredential" };
    let typed = match list.json.get("type") {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(many)) => many.iter().any(|one| one == wanted),
        _ => false,
    };
    let is_asked_for = list.json.get("id").and_then(Value::as_str).is_none_or(|id| id == url);
    let (from, until) = v3::period(list).map_err(|_| unsure(Reason::StatusInvalid))?;
    let in_period = from.is_none_or(|from| from <= look.now) && until.is_none_or(|until| fetched_at <= until);
    if !(typed && is_asked_for && in_period) {
        return Err(unsure(Reason::StatusInvalid));
    }
    // It was in order when it was fetched, and its issuer has another by now.
    if until.is_some_and(|until| until < look.now) {
        return Err(unsure(Reason::Stale));
    }
    let ttl = list.json.pointer("/credentialSubject/ttl").and_then(Value::as_u64);
    if let Some(ttl) = ttl.and_then(|ms| i64::try_from(ms).ok()) {
        // `ttl` is in milliseconds, and only ever shortens our own limit. A hint of a few seconds would make every look-up
        // stale while it is being made, so five minutes is the least.
        let limit = fetched_at.as_millisecond().saturating_add(ttl.max(300_000));
        if look.now.as_millisecond() > limit {
            return Err(unsure(Reason::Stale));
        }
    }
    Ok(())
}

/// Whether this list's issuer may say it of this badge: the badge's own issuer, or whoever proves the host that the issuer's signature
/// names. Otherwise anyone who stands between could answer with an empty list under a key of his own.
fn may_speak(list: &Credential, url: &str, credential: &Credential) -> bool {
    let Some(speaker) = v3::issuer_id(list) else { return false };
    let host = did::web_host(&speaker);
    v3::issuer_id(credential).as_ref() == Some(&speaker) || (host.is_some() && host == did::web_host(url))
}

fn inflate(encoded: &str, kind: &str) -> Result<Vec<u8>, Unsure> {
    let wrong = || unsure(Reason::StatusInvalid);
    // 1.0 is multibase; StatusList2021 came before and has no prefix, and its issuers pad or not.
    let text = match (encoded.strip_prefix('u'), kind) {
        (Some(text), _) => text,
        (None, "StatusList2021Entry") => encoded,
        (None, _) => return Err(wrong()),
    };
    let packed = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| wrong())?;
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).take(MAX_LIST_BYTES + 1).read_to_end(&mut bytes).map_err(|_| wrong())?;
    if bytes.len() as u64 > MAX_LIST_BYTES {
        return Err(unsure(Reason::TooComplex));
    }
    if bytes.len() < MIN_LIST_BYTES {
        return Err(wrong());
    }
    Ok(bytes)
}

/// The `size` bits at `index`; bit 0 is the left-most. `None` out of range.
fn read_bits(bytes: &[u8], index: u64, size: u64) -> Option<u64> {
    let first = index.checked_mul(size)?;
    let mut value = 0;
    for position in first..first.checked_add(size)? {
        let byte = bytes.get(usize::try_from(position / 8).ok()?)?;
        value = value << 1 | u64::from(byte >> (7 - position % 8) & 1);
    }
    Some(value)
}

// ---- 1EdTechRevocationList (VCRL 1.0) ---------------------------------------------------------------------------------------

/// `{id, issuer, revokedCredential: [{id, revoked?, …}]}`, unsigned: only https and the issuer's name in it speak for it.
fn revocation_list(entry: &Value, credential: &Credential, look: &Look<'_>) -> Result<Outcome, Unsure> {
    let wrong = || unsure(Reason::StatusInvalid);
    let url = entry.get("id").and_then(Value::as_str).ok_or_else(wrong)?;
    let document = look.document(Purpose::StatusList, url, STATUS_HOURS).map_err(of_status)?;
    let list = &document.json;
    let issuer = match list.get("issuer") {
        Some(Value::Object(issuer)) => issuer.get("id").and_then(Value::as_str),
        Some(Value::String(id)) => Some(id.as_str()),
        _ => None,
    };
    if issuer.is_none() || issuer != v3::issuer_id(credential).as_deref() {
        return Err(wrong());
    }
    let id = credential.json.get("id").and_then(Value::as_str).ok_or_else(wrong)?;
    let revoked = match list.get("revokedCredential") {
        None => return Ok(Outcome::Passed),
        Some(Value::Array(many)) => many.iter().any(|one| names(one, id)),
        // JSON-LD compaction writes a single entry without its array.
        Some(one) => names(one, id),
    };
    Ok(if revoked { Outcome::Failed(Reason::Revoked) } else { Outcome::Passed })
}

fn names(entry: &Value, id: &str) -> bool {
    match entry {
        Value::String(one) => one == id,
        // `revoked` left out means true.
        Value::Object(one) => one.get("id").and_then(Value::as_str) == Some(id) && one.get("revoked") != Some(&Value::Bool(false)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_zero_is_the_left_most_and_an_index_outside_is_refused() {
        let list = [0b1000_0001, 0b0110_0000];
        assert_eq!(read_bits(&list, 0, 1), Some(1));
        assert_eq!(read_bits(&list, 1, 1), Some(0));
        assert_eq!(read_bits(&list, 7, 1), Some(1));
        assert_eq!(read_bits(&list, 4, 2), Some(0b01));
        assert_eq!(read_bits(&list, 16, 1), None);
        assert_eq!(read_bits(&list, u64::MAX, 32), None);
    }

    #[test]
    fn a_list_that_inflates_over_the_cap_or_is_too_short_is_refused() {
        use flate2::{Compression, write::GzEncoder};
        use std::io::Write;
        let pack = |size: usize| {
            let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
            gz.write_all(&vec![0; size]).unwrap();
            format!("u{}", URL_SAFE_NO_PAD.encode(gz.finish().unwrap()))
        };
        assert_eq!(inflate(&pack(16 * 1024), "BitstringStatusListEntry").unwrap().len(), 16 * 1024);
        assert_eq!(inflate(&pack(16 * 1024 - 1), "BitstringStatusListEntry"), Err((Reason::StatusInvalid, None)));
        assert_eq!(inflate(&pack(17 * 1024 * 1024), "BitstringStatusListEntry"), Err((Reason::TooComplex, None)));
        let no_prefix = pack(16 * 1024)[1..].to_owned();
        assert!(inflate(&no_prefix, "BitstringStatusListEntry").is_err());
        assert!(inflate(&no_prefix, "StatusList2021Entry").is_ok());
    }
}
