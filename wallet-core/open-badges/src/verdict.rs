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
