//! Open Badges 2.0 hosted: the issuer's address is the proof, and what is fetched there is the badge.

use serde_json::Value;

use super::{Found, Look, STATUS_HOURS, check, check_with, linked};
use crate::{Answer, CheckKind, Credential, Evidence, Format, Need, Outcome, Purpose, Reason, Securing};

pub(super) fn judge(credential: &Credential, look: &Look<'_>) -> Found {
    let mut found = Found { proof: Some("hosted".to_owned()), ..Found::version_2(credential, look) };
    let Some(address) = address(&credential.json) else {
        found.issuer = check(CheckKind::Issuer, Outcome::NotChecked(Reason::KeyNotAnchored));
        return found;
    };
    match look.answer(Purpose::Assertion, address).map(|fetched| &fetched.answer) {
        Some(Answer::Gone) => {
            found.status = Some(check(CheckKind::Status, Outcome::Failed(Reason::Gone)));
            return found;
        }
        Some(Answer::Document { .. }) => {}
        _ => {
            let reason = look.document(Purpose::Assertion, address, STATUS_HOURS).err().unwrap_or(Reason::Unreachable);
            found.signature = check_with(CheckKind::Signature, Outcome::NotChecked(reason), host(address));
            return found;
        }
    }
    match hosted_at(address, look) {
        Err((reason, detail)) => {
            found.signature = check_with(CheckKind::Signature, Outcome::NotChecked(reason), detail);
            return found;
        }
        Ok(live) => {
            if live.json.get("revoked").is_some_and(|revoked| revoked == true || revoked == "true") {
                found.status = Some(check(CheckKind::Status, Outcome::Failed(Reason::Revoked)));
                return found;
            }
            if !tells_the_same(&live.json, &credential.json) {
                // The caller judges `Credential::live` for what a person may read; another copy is not this badge.
                found.signature = check(CheckKind::Signature, Outcome::Failed(Reason::Tampered));
                return found;
            }
            found.anchor(&live, address, look);
        }
    }
    found
}

impl Found {
    /// The fetched assertion against the issuer that its BadgeClass names.
    fn anchor(&mut self, live: &Live, address: &str, look: &Look<'_>) {
        let chain = match linked::follow(live.json.get("badge"), look) {
            Ok(chain) => chain,
            Err((reason, detail)) => {
                self.issuer = check_with(CheckKind::Issuer, Outcome::NotChecked(reason), detail);
                return;
            }
        };
        self.issuer_id = Some(chain.issuer_id.clone());
        let requested = linked::web_address(address);
        let within = |url: &Option<url::Url>| url.as_ref().is_some_and(|url| chain.allows(url));
        if !within(&requested) || !chain.allows_class() {
            self.signature = check(CheckKind::Signature, Outcome::Failed(Reason::OriginMismatch));
        } else if !within(&linked::web_address(&live.final_url)) {
            // Its own host sent us to a place that the issuer does not name: neither proof nor forgery.
            self.signature = check(CheckKind::Signature, Outcome::NotChecked(Reason::OriginMismatch));
        } else {
            self.signature = check(CheckKind::Signature, Outcome::Passed);
            self.status = Some(check(CheckKind::Status, Outcome::Passed));
            self.issuer = check(CheckKind::Issuer, Outcome::Passed);
            self.anchored = true;
        }
    }
}

struct Live {
    json: Value,
    final_url: String,
}

/// The assertion as served: JSON under the id as written.
fn hosted_at(address: &str, look: &Look<'_>) -> Result<Live, linked::Unsure> {
    let document = look.document(Purpose::Assertion, address, STATUS_HOURS).map_err(|reason| (reason, host(address)))?;
    if !is_at(&document.json, address) {
        return Err((Reason::OriginMismatch, host(address)));
    }
    Ok(Live { json: document.json, final_url: document.final_url.to_owned() })
}

fn is_at(json: &Value, address: &str) -> bool {
    match json.get("id") {
        Some(id) => id.as_str() == Some(address),
        // 1.x has a `uid` that is no address; its own `verify.url` must lead back here.
        None => json.pointer("/verify/url").and_then(Value::as_str) == Some(address),
    }
}

/// Where a hosted assertion lives: its id, or `verify.url` in 1.x. Only a plain https address counts.
fn address(json: &Value) -> Option<&str> {
    let id = json.get("id").and_then(Value::as_str).filter(|id| linked::web_address(id).is_some());
    id.or_else(|| json.pointer("/verify/url").and_then(Value::as_str).filter(|url| linked::web_address(url).is_some()))
}

fn host(address: &str) -> Option<String> {
    linked::web_address(address)?.host_str().map(str::to_owned)
}

/// Whether two copies say the same of what makes a badge somebody's: who, what, when, until when.
fn tells_the_same(live: &Value, copy: &Value) -> bool {
    let class = |json: &Value| match json.get("badge") {
        Some(Value::Object(class)) => class.get("id").cloned().or_else(|| class.get("name").cloned()),
        other => other.cloned(),
    };
    ["recipient", "issuedOn", "expires"].iter().all(|name| live.get(name) == copy.get(name)) && class(live) == class(copy)
}

/// See [`Credential::live`].
pub(super) fn live(credential: &Credential, evidence: &Evidence) -> Option<Credential> {
    if credential.format != Format::OpenBadgeV2 || credential.securing == Securing::Jws {
        return None;
    }
    let address = address(&credential.json)?;
    let need = Need { purpose: Purpose::Assertion, url: address.to_owned() };
    let Answer::Document { body, .. } = &evidence.documents.get(&need)?.answer else { return None };
    let live = Credential::parse(body).ok()?;
    // A revoked assertion may hold nothing but its id: then the copy at hand is all there is to read.
    let whole = live.format == Format::OpenBadgeV2 && live.json.get("badge").is_some();
    (whole && is_at(&live.json, address) && live.bytes != credential.bytes).then_some(live)
}
