//! A credential as it came from outside, and what a person may read in it.

mod recognise;

pub(crate) use recognise::jws_payload;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Evidence, assertion_v2, clean_name, did, open_badge_v3, value};

/// The content address of a credential: lower-case hex SHA-256 of its extracted bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CredentialId(pub String);

/// Which standard a credential follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Open Badges 3.0 (`OpenBadgeCredential`, `AchievementCredential`).
    OpenBadgeV3,
    /// Open Badges 2.0 and older.
    OpenBadgeV2,
    /// Comprehensive Learner Record 2.0: recognised, judged by a later version.
    ClrV2,
    /// A verifiable credential that is no Open Badge.
    OtherCredential,
}

/// How the bytes are secured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Securing {
    /// JSON with (or without) an embedded `proof`.
    Embedded,
    /// A compact JWS around the credential (VC-JWT, `vc+jwt`, or an OB 2.0 signed badge).
    Jws,
    /// OB 2.0 hosted: the issuer's address is the proof.
    Hosted,
}

/// One credential: the exact bytes, and the JSON in them.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The extracted bytes, unchanged: JSON text or a compact JWS.
    pub bytes: Vec<u8>,
    /// Which standard.
    pub format: Format,
    /// How it is secured.
    pub securing: Securing,
    /// The credential as JSON; for a JWS its payload, or (VCDM 1.1) the content of the payload's `vc` claim.
    pub json: Value,
}

impl Credential {
    /// Reads one credential from JSON text or a compact JWS. White space and a byte order mark around it are left out of
    /// [`bytes`](Self::bytes), so that a badge from a file and the same badge from a picture are the same bytes.
    ///
    /// # Errors
    /// `NotABadge` when it is JSON of another kind, otherwise what [`crate::json::parse_strict`] refuses.
    pub fn parse(bytes: &[u8]) -> Result<Credential, ExtractError> {
        recognise::credential(bytes)
    }

    /// The content address of the bytes.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        CredentialId(hex::encode(ring::digest::digest(&ring::digest::SHA256, &self.bytes)))
    }

    /// What a person may read in it. Linked documents of an Open Badges 2.0 badge come out of the evidence.
    #[must_use]
    pub fn content(&self, evidence: &Evidence) -> BadgeContent {
        let mut content = match self.format {
            Format::OpenBadgeV2 => assertion_v2::content(self, evidence),
            _ => open_badge_v3::content(self),
        };
        // A linked badge whose documents were never fetched has no name to read; where it lives is all that can be said.
        if content.name.is_empty() {
            let host = content.credential_id.as_deref().and_then(did::web_host);
            content.name = host.map(|host| clean_name(&host)).unwrap_or_default();
        }
        content
    }

    /// When it says it was issued, read leniently. Of two that are the [`same`](Self::same_as), the later is the newer version.
    #[must_use]
    pub fn issued(&self) -> Option<Timestamp> {
        match self.format {
            Format::OpenBadgeV2 => assertion_v2::issued(&self.json),
            _ => open_badge_v3::issued(&self.json),
        }
    }

    /// Whether both are one badge, perhaps in two versions: the same issuer and the same id (Open Badges 3.0 §6.2, "equality").
    /// An absent id or a `urn:uuid` says nothing about two files, so then the bytes decide.
    #[must_use]
    pub fn same_as(&self, other: &Credential) -> bool {
        if self.bytes == other.bytes {
            return true;
        }
        let v2 = self.format == Format::OpenBadgeV2;
        if v2 != (other.format == Format::OpenBadgeV2) {
            return false;
        }
        let (Some(mine), Some(theirs)) = (self.stated_id(), other.stated_id()) else { return false };
        if mine.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("urn:uuid:")) || mine != theirs {
            return false;
        }
        match (self.stated_issuer(), other.stated_issuer()) {
            (Some(mine), Some(theirs)) => mine == theirs,
            // A 2.0 assertion may leave its issuer to a linked document; its own address is then the whole name.
            _ => v2,
        }
    }

    fn stated_id(&self) -> Option<String> {
        let id = if self.format == Format::OpenBadgeV2 { assertion_v2::id(&self.json) } else { value::raw(&self.json, "id") };
        id.map(comparable).filter(|id| !id.is_empty())
    }

    fn stated_issuer(&self) -> Option<String> {
        let issuer =
            if self.format == Format::OpenBadgeV2 { assertion_v2::issuer_id(self) } else { open_badge_v3::issuer_id(self) };
        issuer.as_deref().map(comparable).filter(|id| !id.is_empty())
    }
}

/// An id as equality sees it: percent-decoded, then trimmed.
fn comparable(id: &str) -> String {
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let decoded = (*first == b'%').then(|| after.get(..2).and_then(|pair| hex::decode(pair).ok())).flatten();
        match decoded {
            Some(byte) => {
                bytes.extend(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

/// What was found in a file or text.
#[derive(Debug, Clone)]
pub struct Extracted {
    /// A whole credential, or the address of a hosted one.
    pub payload: Payload,
    /// Where in the input it was.
    pub container: Container,
}

/// A whole credential, or an address to fetch it from.
#[derive(Debug, Clone)]
pub enum Payload {
    /// The credential's bytes are here.
    Credential(Box<Credential>),
    /// Only the address of a hosted assertion is here (old baked PNG, SVG `verify="https…"`).
    Address(String),
}

/// Where a credential was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// Bare JSON.
    Json,
    /// A bare compact JWS.
    Jwt,
    /// Baked into a PNG.
    Png,
    /// Baked into an SVG.
    Svg,
}

/// What a person may read in a badge. Every text is cleaned (no control, bidi or zero-width characters) and bounded; Markdown
/// stays Markdown. None of it is proven by being here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BadgeContent {
    /// The badge's name.
    pub name: String,
    /// BCP 47 language of the texts, when stated.
    pub language: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Who gave it, as the badge says.
    pub issuer: Party,
    /// Who made the achievement, when another than the issuer.
    pub creator: Option<Party>,
    /// To whom.
    pub recipient: Recipient,
    /// `validFrom`, `issuanceDate` or `issuedOn`.
    pub issued: Option<Timestamp>,
    /// `awardedDate`.
    pub awarded: Option<Timestamp>,
    /// `validUntil`, `expirationDate` or `expires`.
    pub expires: Option<Timestamp>,
    /// `achievementType` (`Badge`, `Certificate`, `ext:…`).
    pub achievement_type: Option<String>,
    /// What it took to earn it, Markdown.
    pub criteria: Option<String>,
    /// A page about the criteria.
    pub criteria_url: Option<String>,
    /// Proof of work.
    pub evidence: Vec<EvidenceItem>,
    /// Skills and standards.
    pub alignments: Vec<Alignment>,
    /// Free tags.
    pub tags: Vec<String>,
    /// Results, as text pairs (name, value).
    pub results: Vec<(String, String)>,
    /// Credits, field of study and the like, as text pairs (the field's name, value).
    pub extra: Vec<(String, String)>,
    /// The badge's picture: a `data:` URI or an address.
    pub picture: Option<String>,
    /// The picture's caption.
    pub picture_caption: Option<String>,
    /// Embedded endorsements: who, and what they say (Markdown).
    pub endorsements: Vec<(Party, String)>,
    /// The credential's own id, as written.
    pub credential_id: Option<String>,
    /// The achievement's (BadgeClass's) id.
    pub achievement_id: Option<String>,
}

/// A person or organisation as a badge describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Party {
    /// DID or https id.
    pub id: String,
    /// The name it gives itself.
    pub name: Option<String>,
    /// Its site.
    pub url: Option<String>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its logo: a `data:` URI or an address.
    pub image: Option<String>,
    /// What it says of itself.
    pub description: Option<String>,
}

/// To whom a badge was given, as the badge says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recipient {
    /// Plain addresses (`emailAddress`, unhashed) in the badge.
    pub plain: Vec<String>,
    /// Whether there is a hashed address.
    pub hashed: bool,
    /// The subject's id, when it has one.
    pub id: Option<String>,
    /// A plain name.
    pub name: Option<String>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// Its name.
    pub name: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// The story, Markdown.
    pub narrative: Option<String>,
    /// An address outside; opened only by an explicit tap.
    pub url: Option<String>,
    /// Kind of work.
    pub genre: Option<String>,
}

/// One alignment to a skill or standard.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Alignment {
    /// The framework by name, recognised where possible: `ESCO`, `EQF`, `NLQF`, `CompetentNL` …, otherwise as written.
    pub framework: Option<String>,
    /// The code in it.
    pub code: Option<String>,
    /// The skill's name.
    pub name: String,
    /// Its address.
    pub url: Option<String>,
    /// A description.
    pub description: Option<String>,
}

/// Why bytes are not a badge. Closed; each has a sentence of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// Nothing in it looks like a badge.
    #[error("no badge in it")]
    NotABadge,
    /// It is a picture without a badge inside.
    #[error("a picture without a badge in it")]
    PictureWithoutBadge,
    /// Bad CRC, lying length, broken JSON, broken base64.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// Over a cap: bytes, depth, keys, chunks, inflated size.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// Something that no honest badge has: duplicate keys, two different badges under one keyword, a DOCTYPE.
    #[error("refused: {0}")]
    Hostile(&'static str),
}

#[cfg(test)]
mod tests;
