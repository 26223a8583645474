//! A credential with what can be said of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use open_badges::{BadgeContent, Credential, Evidence, Fetched, Judgement, KnownIssuer, Need};

/// Whom the checker knows.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Issuers (DID or https id) that the checker trusts.
    pub known_issuers: BTreeMap<String, KnownIssuer>,
    /// Demo issuers, whose badges are practice badges.
    pub practice_issuers: BTreeSet<String>,
    /// The learner's own addresses; empty on a checker's device.
    pub my_addresses: Vec<String>,
}

/// A credential with what can be said of it, and what that rests on.
#[derive(Debug, Clone)]
pub struct CheckedCredential {
    /// The credential, as it came in.
    pub credential: Credential,
    /// What can be said of it.
    pub judgement: Judgement,
    /// What a person may read in it; of a hosted badge, as its issuer serves it.
    pub content: BadgeContent,
    /// What was fetched, now and before. The wallet keeps it.
    pub documents: BTreeMap<Need, Fetched>,
    /// The name on the checker's list, when the issuer is on it.
    pub listed_name: Option<String>,
}

impl CheckedCredential {
    /// Judges `credential` over what was fetched, as of `now`. `judgement.missing` names what fetching could still add.
    #[must_use]
    pub fn judge(credential: Credential, documents: BTreeMap<Need, Fetched>, lists: &Lists, now: Timestamp) -> Self {
        let Lists { known_issuers, practice_issuers, my_addresses } = lists.clone();
        let evidence = Evidence { documents, known_issuers, practice_issuers, my_addresses };
        let judgement = open_badges::judge(&credential, &evidence, now);
        // A hosted badge is what its issuer serves, not the copy that someone hands over.
        let content = credential.live(&evidence).unwrap_or_else(|| credential.clone()).content(&evidence);
        let listed_name = lists.known_issuers.get(&content.issuer.id).and_then(|issuer| issuer.name.clone());
        Self { credential, judgement, content, documents: evidence.documents, listed_name }
    }
}
