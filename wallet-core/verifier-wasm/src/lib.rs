//! Opens a capsule and judges its badges in a browser, with the same code as the app. The page fetches; this only reads.
//!
//! Everything crosses as JSON text. What was sealed besides an issuer's signature is the sharer's word, and makes no verdict better:
//! the only evidence is what the page's own host fetched now, or what that host witnessed, within its age.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use badge_view::{CheckedCredential, Lists, convert, decode_data_uri, view::Language};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{LinkId, LinkKey, OpenError, Passcode, Portfolio, PublishedKey, SharedBadge, Show};
use jiff::Timestamp;
use open_badges::{Answer, Credential, Fetched, Need, Purpose, RecipientMatch};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

/// A picture is shown from the signed bytes alone, and no larger than this.
const MAX_PICTURE: usize = 1024 * 1024;
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"];
/// The issuers of the demo.
const PRACTICE: &str = include_str!(concat!(env!("OUT_DIR"), "/practice_issuers.json"));

/// What the host is shown for a passcode, base64url. The empty text when it cannot be made.
#[wasm_bindgen]
#[must_use]
pub fn passcode_auth(passcode: &str, key: &str) -> String {
    let derived = key.parse::<LinkKey>().ok().and_then(|key| Passcode::derive(passcode, &key).ok());
    derived.map(|passcode| URL_SAFE_NO_PAD.encode(passcode.auth())).unwrap_or_default()
}

/// An opened link.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Opened {
    portfolio: Portfolio,
    ends_at: Option<u64>,
}

#[wasm_bindgen]
impl Opened {
    /// Opens the bytes that the host gave for the link `id` with `key`.
    ///
    /// # Errors
    /// A code: `damaged`, `unknown_version`, `wrong_key`, `passcode_needed`, `wrong_passcode`, `ended`, `other_link`.
    pub fn open(bytes: &[u8], id: &str, key: &str, passcode: Option<String>, now_ms: f64) -> Result<Opened, String> {
        let (id, key): (LinkId, LinkKey) = (id.parse().map_err(|_| "wrong_key")?, key.parse().map_err(|_| "wrong_key")?);
        let passcode = passcode.map(|text| Passcode::derive(&text, &key)).transpose().map_err(|_| "damaged")?;
        let now = time(now_ms).as_second().unsigned_abs();
        let opened = capsule::open(bytes, &id, &key, passcode.as_ref(), now).map_err(|error| match error {
            OpenError::UnknownVersion => "unknown_version",
            OpenError::WrongKey => "wrong_key",
            OpenError::PasscodeNeeded => "passcode_needed",
            OpenError::WrongPasscode => "wrong_passcode",
            OpenError::Ended => "ended",
            OpenError::OtherLink => "other_link",
            OpenError::Damaged | OpenError::TooLarge | OpenError::Key(_) => "damaged",
        })?;
        let portfolio = Portfolio::decode(&opened.body).map_err(|error| match error {
            capsule::PortfolioError::UnknownVersion => "unknown_version",
            _ => "damaged",
        })?;
        Ok(Self { portfolio, ends_at: opened.header.end })
    }

    /// `{title, words, language, count, ends_at}`: the sharer's words, and how many badges there are.
    #[must_use]
    pub fn about(&self) -> String {
        let Portfolio { title, words, language, badges, .. } = &self.portfolio;
        let ends_at = self.ends_at.and_then(|end| Timestamp::from_second(i64::try_from(end).ok()?).ok()).map(convert::time);
        json!({ "title": title, "words": words, "language": language, "count": badges.len(), "ends_at": ends_at }).to_string()
    }

    /// Judges the badge at `index` over `documents` (`[{purpose, url, answer}]`, the answers as the relay gave them, `null` where it
    /// could not) and the keys that the host publishes. Answers [`Judged`] as JSON; its `needs` are to be fetched, and asked again.
    ///
    /// # Errors
    /// `not_a_badge`, `damaged`.
    pub fn judge(
        &self,
        index: usize,
        documents: &str,
        keys: &str,
        origin: &str,
        language: &str,
        now_ms: f64,
    ) -> Result<String, String> {
        let shared = self.portfolio.badges.get(index).ok_or("not_a_badge")?;
        let credential = Credential::parse(shared.credential.as_bytes()).map_err(|_| "not_a_badge")?;
        let documents: Vec<Document> = serde_json::from_str(documents).map_err(|_| "damaged")?;
        let keys: Vec<PublishedKey> = serde_json::from_str(keys).unwrap_or_default();
        let now = time(now_ms);
        let asked: BTreeSet<Need> = documents.iter().map(Document::need).collect();
        let documents = documents.iter().map(|document| {
            let fetched = document.fetched(now).or_else(|| self.witnessed(&document.need(), &keys, origin));
            (document.need(), fetched.unwrap_or(Fetched { answer: Answer::Unreachable, fetched_at: now }))
        });
        let checked = CheckedCredential::judge(credential, documents.collect(), lists(), now);
        let needs = checked.judgement.missing.iter().filter(|need| !asked.contains(need)).collect();
        let language = if language == "nl" { Language::Nl } else { Language::En };
        let judged = Judged::new(&checked, shared, language, needs);
        serde_json::to_string(&judged).map_err(|_| "damaged".to_owned())
    }

    /// `{name, media_type, text}`: the signed badge as it is, to be kept.
    ///
    /// # Errors
    /// `not_a_badge`.
    pub fn original(&self, index: usize) -> Result<String, String> {
        let shared = self.portfolio.badges.get(index).ok_or("not_a_badge")?;
        let json = shared.credential.trim_start().starts_with('{');
        let (end, media_type) = if json { ("json", "application/json") } else { ("jwt", "application/jwt") };
        Ok(json!({ "name": format!("badge-{}.{end}", index + 1), "media_type": media_type, "text": shared.credential }).to_string())
    }
}

impl Opened {
    /// What the page's own host witnessed of a document, when it did and says so itself.
    fn witnessed(&self, need: &Need, keys: &[PublishedKey], origin: &str) -> Option<Fetched> {
        let purpose = badge_view::sentences::name_of(&need.purpose);
        let about = |found: &&capsule::Witnessed| found.statement.requested == need.url && found.statement.purpose == purpose;
        let found = self
            .portfolio
            .witnessed
            .iter()
            .filter(about)
            .filter(|found| found.statement.verify(keys, origin, found.body.as_bytes()).is_ok())
            .max_by_key(|found| found.statement.fetched_at)?;
        let answer = match found.statement.status {
            200 => Answer::Document { final_url: found.statement.final_url.clone(), body: found.body.clone().into_bytes() },
            404 => Answer::NotFound,
            410 => Answer::Gone,
            _ => return None,
        };
        Some(Fetched { answer, fetched_at: seconds(found.statement.fetched_at)? })
    }
}

/// What the page fetched for a need, or tried to.
#[derive(Debug, Deserialize)]
struct Document {
    purpose: Purpose,
    url: String,
    answer: Option<Relayed>,
}

/// The relay's answer.
#[derive(Debug, Deserialize)]
struct Relayed {
    #[serde(rename = "final")]
    final_url: String,
    status: u16,
    fetched_at: u64,
    body: String,
}

impl Document {
    fn need(&self) -> Need {
        Need { purpose: self.purpose, url: self.url.clone() }
    }

    /// `None` where there is no answer, or none that can be read. A host's clock that runs ahead makes nothing younger than now.
    fn fetched(&self, now: Timestamp) -> Option<Fetched> {
        let Relayed { final_url, status, fetched_at, body } = self.answer.as_ref()?;
        let answer = match status {
            200 => Answer::Document { final_url: final_url.clone(), body: STANDARD.decode(body).ok()? },
            404 => Answer::NotFound,
            410 => Answer::Gone,
            _ => return None,
        };
        Some(Fetched { answer, fetched_at: seconds(*fetched_at)?.min(now) })
    }
}

/// One badge, judged.
#[derive(Debug, Serialize)]
struct Judged<'a> {
    badge: badge_view::view::CheckedBadge,
    evidence: Vec<badge_view::view::EvidenceView>,
    endorsements: Vec<badge_view::view::EndorsementView>,
    facts: Vec<badge_view::view::Fact>,
    technical: Vec<badge_view::view::Fact>,
    criteria_url: Option<String>,
    show: Show,
    /// Whether the address that the sharer added is the one that the issuer signed.
    address: Option<bool>,
    /// The document addresses that the verdict rests on; asking again asks these.
    asks: Vec<&'a Need>,
    /// What is still to be fetched.
    needs: Vec<&'a Need>,
}

impl<'a> Judged<'a> {
    fn new(checked: &'a CheckedCredential, shared: &SharedBadge, language: Language, needs: Vec<&'a Need>) -> Self {
        let content = &checked.content;
        let mut badge = convert::checked_badge(language, checked, picture(content.picture.as_deref()));
        let address = shared.address.as_ref().filter(|_| content.recipient.hashed);
        let fits = address.map(|address| {
            matches!(open_badges::match_recipient(&checked.credential, std::slice::from_ref(address)), RecipientMatch::Mine(_))
        });
        if fits == Some(true) {
            badge.given_to = badge.given_to.or_else(|| address.cloned());
        }
        Self {
            badge,
            evidence: convert::evidence(content),
            endorsements: convert::endorsements(checked),
            facts: convert::facts(language, content),
            technical: convert::technical(language, checked),
            criteria_url: content.criteria_url.as_deref().and_then(badge_view::markdown::web_address).map(|(url, _)| url),
            show: shared.show,
            address: fits,
            asks: checked.documents.keys().collect(),
            needs,
        }
    }
}

/// The picture in the signed bytes as a `data:` URI of a kind that a browser shows and does not run. It is not decoded here: the
/// browser does that, away from the page.
fn picture(uri: Option<&str>) -> Option<String> {
    let (media_type, bytes) = decode_data_uri(uri?)?;
    let fine = bytes.len() <= MAX_PICTURE && PICTURES.contains(&media_type.as_str());
    fine.then(|| format!("data:{media_type};base64,{}", STANDARD.encode(bytes)))
}

/// Nobody is known here but the issuers of the demo, whose badges are for practice.
fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| Lists {
        known_issuers: BTreeMap::new(),
        practice_issuers: serde_json::from_str(PRACTICE).unwrap_or_default(),
        my_addresses: Vec::new(),
    })
}

fn time(now_ms: f64) -> Timestamp {
    // A browser's clock is a whole number of milliseconds well within what a time can be.
    Timestamp::from_millisecond(now_ms as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn seconds(time: u64) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time).ok()?).ok()
}
