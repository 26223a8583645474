//! The verdict: four states over seven checks, and the one function that combines them.

use serde::{Deserialize, Serialize};

/// What a person is told of a badge. Precedence: invalid, cannot tell, attention, valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Genuine, current, and the issuer is known.
    Valid,
    /// Genuine, with something to attend to, which a check names.
    Attention,
    /// Something that decides could not be checked.
    CannotTell,
    /// Broken, forged, contradicted by its issuer, or taken back.
    Invalid,
}

/// What was looked at. `Recipient` and `Endorsement` have lines of their own and never decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// It is a conforming Open Badge.
    Format,
    /// The proof covers exactly these bytes.
    Signature,
    /// The key is the issuer's, and the issuer is known.
    Issuer,
    /// It was given to one of the learner's own addresses.
    Recipient,
    /// It is within its dates.
    ValidityPeriod,
    /// It was not revoked or suspended.
    Status,
    /// Recommendations by others.
    Endorsement,
}

/// The result of one check. `NotChecked` never becomes good and never becomes bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "outcome", content = "reason", rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Genuine, and something to attend to.
    Warning(Reason),
    /// Proven wrong.
    Failed(Reason),
    /// Could not be looked at, and why.
    NotChecked(Reason),
}

/// Why a check did not simply pass: a closed list of stable codes, each with a sentence in `ui/messages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Past `validUntil` / `expires`.
    Expired,
    /// Before `validFrom`.
    NotYetValid,
    /// Genuine, by a self-certifying key that is on no list.
    IssuerUnknown,
    /// A demo issuer's badge, outside a demo wallet.
    PracticeBadge,
    /// A field that the standard requires is missing or malformed.
    NotConforming,
    /// The recipient is none of the learner's addresses.
    RecipientNotMine,
    /// The learner has no address to compare with, or the badge names none.
    RecipientUnknown,
    /// An endorsement could not be believed.
    EndorsementNotValid,
    /// An endorsement is there and was not looked at.
    EndorsementNotChecked,
    /// The proof does not fit the bytes.
    Tampered,
    /// The issuer's own document contradicts the key, or the key is another's.
    KeyNotIssuers,
    /// The hosted badge is not where its issuer keeps badges, or says another id.
    OriginMismatch,
    /// Taken back by the issuer.
    Revoked,
    /// Suspended by the issuer.
    Suspended,
    /// The issuer answered 410: the badge is gone.
    Gone,
    /// `proof.expires` is past.
    ProofExpired,
    /// No proof of any kind.
    Unsigned,
    /// No possible anchor: a `urn:`, a bare https id, a key in a URL fragment.
    KeyNotAnchored,
    /// A vocabulary that is not bundled.
    UnknownContext,
    /// A term that no context defines.
    UndefinedTerm,
    /// A proof type, algorithm or DID method that this version does not know.
    UnsupportedSuite,
    /// More blank nodes, depth or work than the limits allow.
    TooComplex,
    /// What decides could not be fetched.
    Unreachable,
    /// The status list could not be fetched.
    StatusUnreachable,
    /// The status list is itself wrong: bad proof, expired, index out of range.
    StatusInvalid,
    /// A status type that this version does not know.
    StatusUnsupported,
    /// The evidence is older than it may be.
    Stale,
    /// Not allowed yet: the person has not tapped, or works offline.
    NotFetched,
    /// Waits for the signature or the issuer, which could not be judged.
    NotReached,
}

/// One line of a judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub kind: CheckKind,
    /// The result.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The named thing, where there is one: an undefined term, a field, a host, a date. Plain text, bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl CheckKind {
    /// Whether this check decides the verdict. Recipient and endorsement never do.
    #[must_use]
    pub fn decides(self) -> bool {
        match self {
            Self::Format | Self::Signature | Self::Issuer | Self::ValidityPeriod | Self::Status => true,
            Self::Recipient | Self::Endorsement => false,
        }
    }
}

/// The verdict over a badge's checks: the worst of those that decide, in the order invalid, cannot tell, attention, valid.
///
/// Status may be absent (a badge without a status mechanism); any other deciding check that is absent was not looked at, and that
/// is "cannot tell".
#[must_use]
pub fn verdict_of(checks: &[Check]) -> Verdict {
    let complete = [CheckKind::Format, CheckKind::Signature, CheckKind::Issuer, CheckKind::ValidityPeriod]
        .iter()
        .all(|kind| checks.iter().any(|check| check.kind == *kind));
    checks
        .iter()
        .filter(|check| check.kind.decides())
        .map(|check| match check.outcome {
            Outcome::Passed => Verdict::Valid,
            Outcome::Warning(_) => Verdict::Attention,
            Outcome::NotChecked(_) => Verdict::CannotTell,
            Outcome::Failed(_) => Verdict::Invalid,
        })
        .chain((!complete).then_some(Verdict::CannotTell))
        .fold(Verdict::Valid, worse)
}

fn worse(a: Verdict, b: Verdict) -> Verdict {
    use Verdict::{Attention, CannotTell, Invalid, Valid};
    match (a, b) {
        (Invalid, _) | (_, Invalid) => Invalid,
        (CannotTell, _) | (_, CannotTell) => CannotTell,
        (Attention, _) | (_, Attention) => Attention,
        (Valid, Valid) => Valid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [CheckKind; 7] = [
        CheckKind::Format,
        CheckKind::Signature,
        CheckKind::Issuer,
        CheckKind::Recipient,
        CheckKind::ValidityPeriod,
        CheckKind::Status,
        CheckKind::Endorsement,
    ];
    const OUTCOMES: [Outcome; 4] = [
        Outcome::Passed,
        Outcome::Warning(Reason::Expired),
        Outcome::NotChecked(Reason::Unreachable),
        Outcome::Failed(Reason::Tampered),
    ];

    /// Every one of the 4^7 combinations against the rule written the other way round.
    #[test]
    fn the_truth_table_holds_for_every_combination() {
        for code in 0..4_usize.pow(7) {
            let outcomes: Vec<usize> = (0..7).map(|i| code / 4_usize.pow(i) % 4).collect();
            let checks: Vec<Check> = KINDS
                .iter()
                .zip(&outcomes)
                .map(|(kind, outcome)| Check { kind: *kind, outcome: OUTCOMES[*outcome], detail: None })
                .collect();
            let deciding = [0, 1, 2, 4, 5].map(|i: usize| outcomes[i]);
            let expected = if deciding.contains(&3) {
                Verdict::Invalid
            } else if deciding.contains(&2) {
                Verdict::CannotTell
            } else if deciding.contains(&1) {
                Verdict::Attention
            } else {
                Verdict::Valid
            };
            assert_eq!(verdict_of(&checks), expected, "{outcomes:?}");
        }
    }

    #[test]
    fn a_deciding_check_that_is_absent_is_cannot_tell_and_an_absent_status_is_not() {
        let passed: Vec<Check> = KINDS.iter().map(|kind| Check { kind: *kind, outcome: Outcome::Passed, detail: None }).collect();
        for kind in KINDS {
            let without: Vec<Check> = passed.iter().filter(|check| check.kind != kind).cloned().collect();
            let expected = match kind {
                CheckKind::Status | CheckKind::Recipient | CheckKind::Endorsement => Verdict::Valid,
                _ => Verdict::CannotTell,
            };
            assert_eq!(verdict_of(&without), expected, "{kind:?}");
        }
        assert_eq!(verdict_of(&[]), Verdict::CannotTell);
    }
}
