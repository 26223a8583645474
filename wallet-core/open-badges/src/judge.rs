//! The judgement: one pure function over a credential, the evidence and a time.
//!
//! The order is the standards': is it a badge (format), does the proof hold with a key that is the issuer's (signature, issuer),
//! is it within its dates, was it taken back (status). A proof is judged before the dates, so that an expired badge is known to
//! be genuine; a status is looked at only behind a good proof, because its address comes from the signed bytes.

mod hosted;
mod linked;
mod proven;
mod signed;
mod status;

use std::cell::{Cell, RefCell};

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Answer, Check, CheckKind, Credential, Evidence, Fetched, Format, Known, Need, Outcome, Purpose, Reason, RecipientMatch,
    Securing, assertion_v2 as v2, did, json, match_recipient,
};

/// What can be said of a credential from the evidence at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// One entry per [`CheckKind`] that applies, in its order.
    pub checks: Vec<Check>,
    /// Documents that would let the judgement say more. Fetch them, add them to the evidence, judge again.
    pub missing: Vec<Need>,
    /// How the issuer is known.
    pub known: Known,
    /// The proven web host, when `known` is [`Known::Domain`] or a listed web issuer.
    pub domain: Option<String>,
    /// The proof that was judged: `eddsa-rdfc-2022`, `vc-jwt ES256`, `hosted`, `signed RS256` …
    pub proof: Option<String>,
    /// The oldest fetch that decides, when any does; otherwise `now`.
    pub checked_at: Timestamp,
}

/// Judges `credential` by `evidence` at `now`. Synchronous, total, and without I/O.
///
/// Open Badges 3.0 §8 (verification), 2.0 "Verification"; the order and the words are `architecture.md`'s.
#[must_use]
pub fn judge(credential: &Credential, evidence: &Evidence, now: Timestamp) -> Judgement {
    let look = Look::new(evidence, now);
    let found = match (credential.format, &credential.securing) {
        (Format::OpenBadgeV2, Securing::Jws) => signed::judge(credential, &look),
        (Format::OpenBadgeV2, _) => hosted::judge(credential, &look),
        _ => proven::judge(credential, &look),
    };
    let (known, issuer) = issuer_check(&found, evidence);
    let mut checks = vec![found.format, found.signature, issuer];
    checks.extend(recipient_check(credential, evidence));
    checks.push(found.period);
    checks.extend(found.status);
    if found.endorsed {
        checks.push(check(CheckKind::Endorsement, Outcome::NotChecked(Reason::EndorsementNotChecked)));
    }
    let domain = found.issuer_id.as_deref().filter(|_| found.anchored).and_then(did::web_host);
    let mut missing = look.missing.into_inner();
    missing.sort();
    missing.dedup();
    Judgement { checks, missing, known, domain, proof: found.proof, checked_at: look.oldest.get() }
}

impl Credential {
    /// The hosted assertion as its issuer serves it now, when the evidence has it: for a hosted badge the fetched bytes *are* the
    /// badge, and a local copy proves nothing. `None` for every other badge.
    #[must_use]
    pub fn live(&self, evidence: &Evidence) -> Option<Credential> {
        hosted::live(self, evidence)
    }
}

/// What the three ways of judging hand back to [`judge`].
struct Found {
    format: Check,
    signature: Check,
    /// Only the anchoring; whether the issuer is *known* is decided once, in [`issuer_check`].
    issuer: Check,
    period: Check,
    /// `None` when the badge has no status mechanism.
    status: Option<Check>,
    issuer_id: Option<String>,
    /// The key (or the hosting) was shown to be the issuer's.
    anchored: bool,
    proof: Option<String>,
    endorsed: bool,
}

impl Found {
    /// An Open Badges 2.0 badge of which only the bytes were looked at.
    fn version_2(credential: &Credential, look: &Look<'_>) -> Self {
        Self {
            format: format_check(&v2::conformance(credential)),
            signature: not_reached(CheckKind::Signature),
            issuer: not_reached(CheckKind::Issuer),
            period: period_check(v2::period(credential), look.now),
            status: None,
            issuer_id: None,
            anchored: false,
            proof: None,
            endorsed: false,
        }
    }
}

fn check(kind: CheckKind, outcome: Outcome) -> Check {
    Check { kind, outcome, detail: None }
}

fn check_with(kind: CheckKind, outcome: Outcome, detail: impl Into<Option<String>>) -> Check {
    Check { kind, outcome, detail: detail.into() }
}

fn not_reached(kind: CheckKind) -> Check {
    check(kind, Outcome::NotChecked(Reason::NotReached))
}

/// An anchored issuer is known by a list, by its web domain, or not at all.
fn issuer_check(found: &Found, evidence: &Evidence) -> (Known, Check) {
    let Some(id) = found.issuer_id.as_deref().filter(|_| found.anchored) else {
        return (Known::Unknown, found.issuer.clone());
    };
    let (known, outcome) = if let Some(issuer) = evidence.known_issuers.get(id) {
        (issuer.known, Outcome::Passed)
    } else if evidence.practice_issuers.contains(id) || did::is_loopback(id) {
        (Known::Practice, Outcome::Warning(Reason::PracticeBadge))
    } else if did::web_host(id).is_some() {
        (Known::Domain, Outcome::Passed)
    } else {
        (Known::Unknown, Outcome::Warning(Reason::IssuerUnknown))
    };
    (known, check(CheckKind::Issuer, outcome))
}

/// Only in the learner's own wallet, and only when there is an address to compare with.
fn recipient_check(credential: &Credential, evidence: &Evidence) -> Option<Check> {
    if evidence.my_addresses.is_empty() {
        return None;
    }
    let outcome = match match_recipient(credential, &evidence.my_addresses) {
        RecipientMatch::Mine(_) => Outcome::Passed,
        RecipientMatch::NotMine => Outcome::Warning(Reason::RecipientNotMine),
        RecipientMatch::Unknown => Outcome::NotChecked(Reason::RecipientUnknown),
    };
    Some(check(CheckKind::Recipient, outcome))
}

/// The period by its two ends. `Err` names a field that is no date: then nothing is claimed about it.
fn period_check(period: Result<(Option<Timestamp>, Option<Timestamp>), String>, now: Timestamp) -> Check {
    let kind = CheckKind::ValidityPeriod;
    match period {
        Err(field) => check_with(kind, Outcome::NotChecked(Reason::NotConforming), field),
        Ok((_, Some(until))) if now > until => check_with(kind, Outcome::Warning(Reason::Expired), until.to_string()),
        Ok((Some(from), _)) if now < from => check_with(kind, Outcome::Warning(Reason::NotYetValid), from.to_string()),
        Ok(_) => check(kind, Outcome::Passed),
    }
}

/// The period check of a stored badge, anew at `now`: dates pass while a stored verdict stands.
#[must_use]
pub fn period_at(valid_from: Option<Timestamp>, valid_until: Option<Timestamp>, now: Timestamp) -> Check {
    period_check(Ok((valid_from, valid_until)), now)
}

/// Names the fields that do not conform. Genuine badges in the field lack some, so it warns and never condemns.
fn format_check(lacking: &[String]) -> Check {
    if lacking.is_empty() {
        return check(CheckKind::Format, Outcome::Passed);
    }
    let named = lacking.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    check_with(CheckKind::Format, Outcome::Warning(Reason::NotConforming), named)
}

/// A look into the evidence that remembers what was missing and how old the oldest deciding document is.
struct Look<'a> {
    evidence: &'a Evidence,
    now: Timestamp,
    oldest: Cell<Timestamp>,
    missing: RefCell<Vec<Need>>,
}

/// A document from the evidence, parsed.
struct Document<'a> {
    json: Value,
    body: &'a [u8],
    final_url: &'a str,
}

impl<'a> Look<'a> {
    fn new(evidence: &'a Evidence, now: Timestamp) -> Self {
        Self { evidence, now, oldest: Cell::new(now), missing: RefCell::default() }
    }

    /// The answer to a need, or `None` after noting it as missing.
    fn answer(&self, purpose: Purpose, url: &str) -> Option<&'a Fetched> {
        let need = Need { purpose, url: url.to_owned() };
        let fetched = self.evidence.documents.get(&need);
        if fetched.is_none() {
            self.need(need);
        }
        fetched
    }

    fn need(&self, need: Need) {
        self.missing.borrow_mut().push(need);
    }

    /// Notes that a document fetched then decided something.
    fn used(&self, fetched_at: Timestamp) {
        self.oldest.set(self.oldest.get().min(fetched_at));
    }

    /// Notes the documents by which the key of a web issuer was anchored.
    fn used_issuer(&self, issuer: &str) {
        let Some(host) = did::web_host(issuer) else { return };
        for (need, fetched) in &self.evidence.documents {
            let anchors = matches!(need.purpose, Purpose::Issuer | Purpose::DidDocument | Purpose::KeySet);
            if anchors && matches!(fetched.answer, Answer::Document { .. }) && did::web_host(&need.url).as_ref() == Some(&host) {
                self.used(fetched.fetched_at);
            }
        }
    }

    /// A JSON document within its age. The error is the reason for "not checked"; it never says good or bad of the badge.
    fn document(&self, purpose: Purpose, url: &str, max_age_hours: i64) -> Result<Document<'a>, Reason> {
        let fetched = self.answer(purpose, url).ok_or(Reason::NotFetched)?;
        let Answer::Document { final_url, body } = &fetched.answer else {
            return Err(match fetched.answer {
                Answer::NotAsked => Reason::NotFetched,
                _ => Reason::Unreachable,
            });
        };
        if self.too_old(fetched.fetched_at, max_age_hours) {
            return Err(Reason::Stale);
        }
        self.used(fetched.fetched_at);
        // A key document may be PEM text, so what is not JSON is left to the caller.
        let json = json::parse_strict(body).unwrap_or(Value::Null);
        Ok(Document { json, body, final_url })
    }

    /// Evidence from the future is as good as evidence that is too old: a clock is wrong.
    fn too_old(&self, fetched_at: Timestamp, max_age_hours: i64) -> bool {
        let limit = fetched_at.checked_add(max_age_hours.hours());
        limit.is_err()
            || limit.is_ok_and(|limit| self.now > limit)
            || fetched_at > self.now.saturating_add(1.hour()).unwrap_or(self.now)
    }
}

/// How long an issuer's own document counts from its fetch (`security.md`, Trust).
const ISSUER_HOURS: i64 = 7 * 24;
/// How long a status, a hosted assertion or a revocation list counts from its fetch.
const STATUS_HOURS: i64 = 24;
