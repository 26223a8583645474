//! What is in a capsule: the signed badges as they are, and the learner's own words. JSON, deflated.

use std::io::{Read, Write};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

use crate::{
    witness::Statement,
    words::{clean_title, clean_words},
};

/// The most badges in one share.
pub const MAX_BADGES: usize = 200;
/// The largest signed badge in one.
pub const MAX_CREDENTIAL: usize = 1024 * 1024;
/// A badge rests on no more documents than this.
const MAX_WITNESSED: usize = 6 * MAX_BADGES;
/// The most that a body may inflate to.
const MAX_BODY: u64 = 8 * 1024 * 1024;
const VERSION: u8 = 1;

/// What one link shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portfolio {
    /// The version of this form: 1.
    pub v: u8,
    /// The language that the learner's app spoke, `nl` or `en`.
    pub language: String,
    /// The learner's title. Never a claim about a badge.
    pub title: String,
    /// The learner's words.
    pub words: String,
    /// The badges, in the learner's order.
    pub badges: Vec<SharedBadge>,
    /// What the host witnessed for them. It counts on that host's own page, within its age, and nowhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnessed: Vec<Witnessed>,
}

/// A statement and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witnessed {
    /// What the host said.
    pub statement: Statement,
    /// The document as text, unchanged.
    pub body: String,
}

/// One badge in a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedBadge {
    /// The signed bytes as text, unchanged. JSON and compact JWS are always text.
    pub credential: String,
    /// How much is seen at first.
    pub show: Show,
    /// For a recipient that is a hash: the address that the learner says it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// How much of a badge is seen at first. It hides nothing: the whole badge is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Name, picture, verdict.
    Front,
    /// All of it.
    Whole,
}

impl Portfolio {
    /// A share without badges.
    #[must_use]
    pub fn new(language: &str, title: &str, words: &str) -> Self {
        Self {
            v: VERSION,
            language: language.to_owned(),
            title: clean_title(title),
            words: clean_words(words),
            badges: Vec::new(),
            witnessed: Vec::new(),
        }
    }

    /// The body of a capsule.
    ///
    /// # Errors
    /// `TooLarge`, `NoBadges`.
    pub fn encode(&self) -> Result<Vec<u8>, PortfolioError> {
        self.checked()?;
        let clean = Self { title: clean_title(&self.title), words: clean_words(&self.words), ..self.clone() };
        let json = serde_json::to_vec(&clean).map_err(|_| PortfolioError::Damaged)?;
        if json.len() as u64 > MAX_BODY {
            return Err(PortfolioError::TooLarge);
        }
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
        deflated.write_all(&json).and_then(|()| deflated.finish()).map_err(|_| PortfolioError::Damaged)
    }

    /// Reads a body. The owner of a capsule may have written anything into it: words are cleaned here too.
    ///
    /// # Errors
    /// `Damaged`, `TooLarge`, `NoBadges`, `UnknownVersion`.
    pub fn decode(body: &[u8]) -> Result<Self, PortfolioError> {
        let mut json = Vec::new();
        let mut inflated = DeflateDecoder::new(body).take(MAX_BODY + 1);
        inflated.read_to_end(&mut json).map_err(|_| PortfolioError::Damaged)?;
        if json.len() as u64 > MAX_BODY {
            return Err(PortfolioError::TooLarge);
        }
        #[derive(Deserialize)]
        struct Versioned {
            v: u8,
        }
        let Versioned { v } = serde_json::from_slice(&json).map_err(|_| PortfolioError::Damaged)?;
        if v != VERSION {
            return Err(PortfolioError::UnknownVersion);
        }
        let read: Self = serde_json::from_slice(&json).map_err(|_| PortfolioError::Damaged)?;
        read.checked()?;
        let language = if read.language == "en" { "en" } else { "nl" }.to_owned();
        Ok(Self { title: clean_title(&read.title), words: clean_words(&read.words), language, ..read })
    }

    fn checked(&self) -> Result<(), PortfolioError> {
        if self.badges.is_empty() {
            return Err(PortfolioError::NoBadges);
        }
        let large =
            |badge: &SharedBadge| badge.credential.len() > MAX_CREDENTIAL || badge.address.as_ref().is_some_and(|a| a.len() > 320);
        if self.witnessed.len() > MAX_WITNESSED || self.badges.len() > MAX_BADGES || self.badges.iter().any(large) {
            return Err(PortfolioError::TooLarge);
        }
        Ok(())
    }
}

/// Why a body is no portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PortfolioError {
    /// Not what a wallet writes.
    #[error("the shared content is damaged")]
    Damaged,
    /// More than 200 badges, or more bytes than allowed.
    #[error("the shared content is too large")]
    TooLarge,
    /// Nothing is shared.
    #[error("there is no badge in it")]
    NoBadges,
    /// Written by a newer version.
    #[error("the shared content is of a newer version")]
    UnknownVersion,
}
