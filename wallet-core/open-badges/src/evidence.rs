//! What a judgement may believe besides the badge's own bytes, and what it still misses.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a document is wanted; it decides limits, content types and how long the answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A hosted assertion (OB 2.0): decides like a status, for at most 24 h.
    Assertion,
    /// A BadgeClass (OB 2.0).
    BadgeClass,
    /// An issuer Profile or controller document at the issuer's https id.
    Issuer,
    /// A CryptographicKey document (OB 2.0 signed).
    Key,
    /// A `did:web` document.
    DidDocument,
    /// `/.well-known/jwks.json` on the issuer's authority.
    KeySet,
    /// A status list credential, a 1EdTech revocation list or an OB 2.0 revocation list.
    StatusList,
}

/// One document that a judgement wants: exactly this address, for this purpose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Need {
    /// Why.
    pub purpose: Purpose,
    /// The https address, as derived from the signed bytes.
    pub url: String,
}

/// What came of fetching a [`Need`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The answer.
    pub answer: Answer,
    /// When it was fetched. Limits of age are counted from here.
    pub fetched_at: Timestamp,
}

/// The answer to a [`Need`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// 200: the body and the address it finally came from (after redirects within the limits).
    Document {
        /// The address after redirects.
        final_url: String,
        /// The bytes.
        #[serde(with = "crate::evidence::base64_bytes")]
        body: Vec<u8>,
    },
    /// 410.
    Gone,
    /// 404.
    NotFound,
    /// No answer, a refused address, another status, too large, the wrong content type.
    Unreachable,
    /// The network was not asked: offline, or the person has not agreed yet.
    NotAsked,
}

/// Everything a judgement may look at besides the badge: fetched documents and the checker's own lists.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Documents by need.
    pub documents: BTreeMap<Need, Fetched>,
    /// Issuers (DID or https id) that the checker trusts, and how it came to know them.
    pub known_issuers: BTreeMap<String, KnownIssuer>,
    /// Demo issuers, whose badges are practice badges outside a demo wallet.
    pub practice_issuers: BTreeSet<String>,
    /// The learner's own addresses (e-mail addresses); empty on a checker's device.
    pub my_addresses: Vec<String>,
}

/// An issuer on the checker's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownIssuer {
    /// How it is known.
    pub known: Known,
    /// The name on the list, when the list has one. It, not the name in the badge, is what "Komt van" may say.
    pub name: Option<String>,
}

/// How well an issuer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// On a quality label's list.
    QualityLabel,
    /// On a registry.
    Registry,
    /// Added by the checker himself.
    SelfAdded,
    /// A web domain that proves its key or hosts its badge.
    Domain,
    /// A demo issuer.
    Practice,
    /// None of these.
    Unknown,
}

pub(crate) mod base64_bytes {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(serde::de::Error::custom)
    }
}
