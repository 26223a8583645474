//! Proofs over a credential: Data Integrity (embedded) and JOSE (around it).
//!
//! A proof is checked with a key that [`crate::did`] has already tied to the issuer; whose key it is, is not asked here.

pub(crate) mod data_integrity;
pub(crate) mod jose;
mod signature;

use crate::Reason;

/// What can be said of one proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProofOutcome {
    /// The key signed exactly this.
    Good,
    /// It proves that something is wrong.
    Bad(Reason),
    /// It could not be judged, and the named thing that is in the way: a term, a context, a suite.
    Unsure(Reason, Option<String>),
}
