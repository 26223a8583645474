//! Whose key is it? A signature counts only when the issuer itself lists the key.
//!
//! `did:key` and `did:jwk` are their own list. `did:web` and an https issuer publish one: a DID or controller document whose
//! `id` is the issuer and whose `assertionMethod` names the key, or for a JWT the key set of the issuer's authority
//! (`standards.md` §2, §15). Documents come out of the [`Evidence`]; nothing is fetched here.

mod document;
mod keys;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use ssi_jwk::JWK;
use url::{Host, Url};

use crate::{Answer, Evidence, Need, Purpose, json};

pub(crate) use keys::{decode_base58, jwk_from_json, jwk_from_multibase};

/// How long an issuer's document counts.
const DAYS: i64 = 7;
/// The longest identifier that is looked at; `did:jwk` of an RSA key has about 600 characters.
const MAX_ID: usize = 4_096;

/// What came of looking for an issuer's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyOutcome {
    /// The issuer's own key.
    Key(Box<JWK>),
    /// The document that would tell is not in the evidence.
    Missing(Need),
    /// The issuer's DID or own document says another key. Names what was claimed.
    NotIssuers(Option<String>),
    /// The issuer lists no such key, or there is nothing that it could be listed in.
    NotAnchored(Option<String>),
    /// A DID method or kind of key that this version does not know.
    Unsupported(String),
    /// The document that would tell was not to be had. Names the host.
    Unreachable(Option<String>),
    /// The document that would tell is older than it may be.
    Stale,
}

/// The key that `method` names, if `issuer` lists it for assertions.
///
/// `method` is a verification method's id, or a JWT's `kid` (possibly a bare DID, a fragment, or any name in a key set), or
/// none for a JWT without `kid`; then the issuer must have exactly one key. `issuer` is a DID or an https id.
pub(crate) fn key_of(method: Option<&str>, issuer: &str, evidence: &Evidence, now: Timestamp) -> KeyOutcome {
    if issuer.len() > MAX_ID || method.is_some_and(|method| method.len() > MAX_ID) {
        return KeyOutcome::NotAnchored(None);
    }
    let mut parts = issuer.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("did"), Some("key"), Some(id)) => self_certified(method, issuer, id, || jwk_from_multibase(id)),
        (Some("did"), Some("jwk"), Some(id)) => self_certified(method, issuer, "0", || keys::jwk_from_did_jwk(id)),
        (Some("did"), Some("web"), Some(id)) => of_did_web(method, issuer, id, evidence, now),
        (Some("did"), Some(other), Some(_)) => KeyOutcome::Unsupported(format!("did:{}", bounded(other))),
        (Some("https"), Some(_), _) => of_web_issuer(method, issuer, evidence, now),
        _ => KeyOutcome::NotAnchored(None),
    }
}

/// The issuer's own entry for the key in a JWT's `jwk` header: exactly this key, in the issuer's key set (or its DID).
pub(crate) fn key_listed(header: &Value, issuer: &str, evidence: &Evidence, now: Timestamp) -> KeyOutcome {
    let Ok(claimed) = jwk_from_json(header) else { return KeyOutcome::Unsupported("jwk".to_owned()) };
    if issuer.starts_with("did:") {
        return match key_of(None, issuer, evidence, now) {
            KeyOutcome::Key(key) if !key.equals_public(&claimed) => KeyOutcome::NotIssuers(Some("jwk".to_owned())),
            other => other,
        };
    }
    let set = match key_set(issuer, evidence, now) {
        Ok(set) => set,
        Err(outcome) => return outcome,
    };
    keys::entries(&set, issuer)
        .filter_map(|entry| jwk_from_json(entry).ok())
        .find(|key| key.equals_public(&claimed))
        .map_or(KeyOutcome::NotAnchored(Some("jwk".to_owned())), |key| KeyOutcome::Key(Box::new(key)))
}

/// Whether an id is a plain http address on this machine: a demo city, whose badges are for practice.
pub(crate) fn is_loopback(id: &str) -> bool {
    let Some(url) = Url::parse(id).ok().filter(|url| url.scheme() == "http") else { return false };
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The web host that an issuer proves by being fetched from it: of a `did:web` or an https id, with a port if it has one.
pub(crate) fn web_host(issuer: &str) -> Option<String> {
    let url = match issuer.strip_prefix("did:web:") {
        Some(id) => did_web_url(id)?,
        None => https(issuer)?,
    };
    authority(&url)
}

fn self_certified(
    method: Option<&str>,
    issuer: &str,
    fragment: &str,
    key: impl FnOnce() -> Result<JWK, keys::KeyError>,
) -> KeyOutcome {
    let named = match method {
        None => true,
        // Some issuers write the bare DID, or only the fragment; there is exactly one key that it can be.
        Some(method) => match method.split_once('#') {
            Some((did, named)) => (did == issuer || did.is_empty()) && named == fragment,
            None => method == issuer || method == fragment,
        },
    };
    if !named {
        return KeyOutcome::NotIssuers(method.map(bounded));
    }
    match key() {
        Ok(key) => KeyOutcome::Key(Box::new(key)),
        Err(keys::KeyError::Unknown(kind)) => KeyOutcome::Unsupported(kind),
        Err(keys::KeyError::Broken) => KeyOutcome::NotAnchored(Some(bounded(issuer))),
    }
}

fn of_did_web(method: Option<&str>, issuer: &str, id: &str, evidence: &Evidence, now: Timestamp) -> KeyOutcome {
    let Some(url) = did_web_url(id) else { return KeyOutcome::NotAnchored(Some(bounded(issuer))) };
    if let Some(method) = method {
        let did = method.split_once('#').map_or(method, |(did, _)| did);
        if method.starts_with("did:") && did != issuer {
            return KeyOutcome::NotIssuers(Some(bounded(method)));
        }
    }
    match fetched(Purpose::DidDocument, &url, evidence, now) {
        Ok(document) => match document::assertion_key(&document, issuer, method, now) {
            // A DID document is the whole truth about its DID.
            KeyOutcome::NotAnchored(detail) if method.is_some_and(|method| method.contains('#')) => KeyOutcome::NotIssuers(detail),
            other => other,
        },
        Err(outcome) => outcome,
    }
}

fn of_web_issuer(method: Option<&str>, issuer: &str, evidence: &Evidence, now: Timestamp) -> KeyOutcome {
    let Some(url) = https(issuer) else { return KeyOutcome::NotAnchored(Some(bounded(issuer))) };
    let claimed = method.map(|method| method.split_once('#').map_or(method, |(base, _)| base));
    let is_issuers = claimed == Some(issuer) && method != Some(issuer);
    let under_issuer = method.is_some_and(|method| method.starts_with("did:"))
        || claimed.and_then(|base| base.strip_prefix(issuer)).is_some_and(|rest| issuer.ends_with('/') || rest.starts_with('/'));
    if !is_issuers && !under_issuer {
        return from_key_set(method, issuer, evidence, now);
    }
    let mut without_fragment = url;
    without_fragment.set_fragment(None);
    let outcome = match fetched(Purpose::Issuer, &without_fragment, evidence, now) {
        Ok(document) => document::assertion_key(&document, issuer, method, now),
        Err(outcome) => outcome,
    };
    match outcome {
        KeyOutcome::NotAnchored(_) | KeyOutcome::Unreachable(_)
            if under_issuer && claimed.is_some_and(|base| base.starts_with("https:")) =>
        {
            from_key_set(method, issuer, evidence, now)
        }
        other => other,
    }
}

/// The key of that name in the key set on the issuer's authority; without a name, its only key.
fn from_key_set(method: Option<&str>, issuer: &str, evidence: &Evidence, now: Timestamp) -> KeyOutcome {
    let set = match key_set(issuer, evidence, now) {
        Ok(set) => set,
        Err(outcome) => return outcome,
    };
    let unlisted = || KeyOutcome::NotAnchored(method.map(bounded));
    let mut entries = keys::entries(&set, issuer)
        .filter(|entry| method.is_none_or(|method| entry.get("kid").and_then(Value::as_str) == Some(method)));
    let (Some(entry), None) = (entries.next(), entries.next()) else { return unlisted() };
    match jwk_from_json(entry) {
        Ok(key) => KeyOutcome::Key(Box::new(key)),
        Err(keys::KeyError::Unknown(kind)) => KeyOutcome::Unsupported(kind),
        Err(keys::KeyError::Broken) => unlisted(),
    }
}

fn key_set(issuer: &str, evidence: &Evidence, now: Timestamp) -> Result<Value, KeyOutcome> {
    let mut url = https(issuer).ok_or(KeyOutcome::NotAnchored(None))?;
    url.set_path("/.well-known/jwks.json");
    url.set_query(None);
    url.set_fragment(None);
    fetched(Purpose::KeySet, &url, evidence, now)
}

/// The JSON document of a need, when it was fetched, lately, and from the host that was asked.
fn fetched(purpose: Purpose, url: &Url, evidence: &Evidence, now: Timestamp) -> Result<Value, KeyOutcome> {
    let need = Need { purpose, url: url.to_string() };
    let unreachable = || KeyOutcome::Unreachable(authority(url));
    let Some(fetched) = evidence.documents.get(&need) else { return Err(KeyOutcome::Missing(need)) };
    let Answer::Document { final_url, body } = &fetched.answer else { return Err(unreachable()) };
    // One from the future is as good as one that is too old: a clock is wrong.
    let age = now.duration_since(fetched.fetched_at);
    if age > SignedDuration::from_hours(24 * DAYS) || age < SignedDuration::from_hours(-1) {
        return Err(KeyOutcome::Stale);
    }
    let same_host = Url::parse(final_url).is_ok_and(|last| last.origin() == url.origin());
    if !same_host {
        return Err(unreachable());
    }
    json::parse_strict(body).map_err(|_| unreachable())
}

/// Where a `did:web` document is: `host[%3Aport][:path…]`, https only.
fn did_web_url(id: &str) -> Option<Url> {
    let mut parts = id.split(':');
    let host = parts.next()?;
    let host = host.replace("%3A", ":").replace("%3a", ":");
    if !host.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | ':')) {
        return None;
    }
    let path: Vec<&str> = parts.collect();
    let plain = |part: &&str| {
        !part.is_empty()
            && !part.chars().all(|char| char == '.')
            && part.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_' | '~' | '%'))
            && !["%2f", "%5c", "%2e"].iter().any(|escaped| part.to_ascii_lowercase().contains(escaped))
    };
    if !path.iter().all(plain) {
        return None;
    }
    let path = if path.is_empty() { ".well-known".to_owned() } else { path.join("/") };
    let url = https(&format!("https://{host}/{path}/did.json"))?;
    // The parser reads an empty host past the slashes, and a number as an address.
    let same = authority(&url).is_some_and(|read| read.eq_ignore_ascii_case(host.strip_suffix(":443").unwrap_or(&host)));
    same.then_some(url)
}

/// A plain https address: with a host, and without a user's name.
fn https(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let plain = url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty() && url.password().is_none();
    plain.then_some(url)
}

fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn bounded(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests;
