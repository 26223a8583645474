//! The judgement: one pure function over a credential, the evidence and a time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Check, Credential, Evidence, Known, Need};

/// What can be said of a credential from the evidence at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// One entry per [`crate::CheckKind`] that applies, in its order.
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
pub fn judge(credential: &Credential, evidence: &Evidence, now: Timestamp) -> Judgement {
    let _ = (credential, evidence);
    Judgement { checks: Vec::new(), missing: Vec::new(), known: Known::Unknown, domain: None, proof: None, checked_at: now }
}

/// The period check of a stored badge, anew at `now`: dates pass while a stored verdict stands.
#[must_use]
pub fn period_at(valid_from: Option<Timestamp>, valid_until: Option<Timestamp>, now: Timestamp) -> Check {
    let _ = (valid_from, valid_until, now);
    Check { kind: crate::CheckKind::ValidityPeriod, outcome: crate::Outcome::Passed, detail: None }
}

impl Credential {
    /// The hosted assertion as its issuer serves it now, when the evidence has it: for a hosted badge the fetched bytes *are* the
    /// badge, and a local copy proves nothing. `None` for every other badge.
    #[must_use]
    pub fn live(&self, evidence: &Evidence) -> Option<Credential> {
        let _ = evidence;
        None
    }
}
