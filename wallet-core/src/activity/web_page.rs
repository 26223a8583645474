//! A web page, read for what it says to machines: schema.org as JSON-LD, else OpenGraph. Nothing of it is run or shown.

use std::collections::HashSet;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use safe_fetch::Purpose;
use serde_json::Value;
use url::Url;

use super::client::{Client, code_of};
use super::{Activity, read};
use crate::{
    Result,
    link::{self, MAX_LINK},
};

mod schema_org;

/// Blocks of JSON-LD that are looked at.
const MAX_BLOCKS: usize = 32;

/// Badges that one page offers.
const MAX_BADGES: usize = 8;

/// What a page says to machines.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Page {
    /// What is to be done.
    pub(crate) activity: Option<Activity>,
    /// Where the badges are that it offers to this app, as links of its own site.
    pub(crate) badges: Vec<Url>,
    /// Where it came from in the end; absent for what no page said.
    pub(crate) from: Option<Url>,
}

/// Reads the page at an address. One that is not there says nothing.
pub(super) async fn fetch(client: &Client<'_>, url: &Url) -> Result<Page> {
    let answer = client.fetch(Purpose::Page, url.clone(), None).await.map_err(|error| code_of(&error))?;
    if answer.status != 200 {
        return Ok(Page::default());
    }
    Ok(decode(&answer.body, &answer.final_url))
}

/// What a page says.
pub(super) fn decode(body: &[u8], page: &Url) -> Page {
    let mut said = Said::read(body);
    let mut badges: Vec<Url> = std::mem::take(&mut said.offers).iter().filter_map(|offer| link::offered(offer)).collect();
    let mut seen = HashSet::new();
    badges.retain(|badge| badge.origin() == page.origin() && seen.insert(badge.clone()));
    let blocks: Vec<Value> = said.json_ld.iter().filter_map(|text| read::json(text.trim_ascii()).ok()).collect();
    let activity = schema_org::activity(&blocks, page).or_else(|| said.activity(page));
    Page { activity, badges, from: Some(page.clone()) }
}

/// What of a page is for machines.
#[derive(Debug, Default)]
struct Said {
    json_ld: Vec<Vec<u8>>,
    /// Other scripts, to be looked through for two values.
    scripts: Vec<u8>,
    title: Option<String>,
    kind: Option<String>,
    description: Option<String>,
    image: Option<String>,
    language: Option<String>,
    /// Links to this app.
    offers: Vec<String>,
}

/// What the text that follows is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    JsonLd,
    Script,
    Other,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let mut emitter = DefaultEmitter::default();
        // Script and style are text; without a tree that is as near as a tokenizer comes.
        emitter.naively_switch_states(true);
        let mut said = Self::default();
        let mut within = Within::Other;
        for token in Tokenizer::new_with_emitter(body, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => within = said.tag(&tag),
                Token::EndTag(_) => within = Within::Other,
                Token::String(text) if within == Within::JsonLd && said.json_ld.len() < MAX_BLOCKS => {
                    said.json_ld.push(text.value.0);
                }
                Token::String(text) if within == Within::Script => said.scripts.extend(text.value.iter().chain(b"\n")),
                _ => {}
            }
        }
        said
    }

    fn tag(&mut self, tag: &StartTag<()>) -> Within {
        let attribute = |name: &[u8]| tag.attributes.get(name).map(|value| String::from_utf8_lossy(&value.value).into_owned());
        match tag.name.as_slice() {
            b"script" => {
                let kind = attribute(b"type").unwrap_or_default();
                let json_ld = kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/ld+json");
                return if json_ld { Within::JsonLd } else { Within::Script };
            }
            b"html" => self.language = self.language.take().or_else(|| attribute(b"lang")),
            b"a" => {
                let offer = attribute(b"href").filter(|href| href.len() <= MAX_LINK && link::is_ours(href));
                self.offers.extend(offer.filter(|_| self.offers.len() < MAX_BADGES));
            }
            b"meta" => {
                let property = attribute(b"property").or_else(|| attribute(b"name")).unwrap_or_default();
                let place = match property.as_str() {
                    "og:title" => &mut self.title,
                    "og:type" => &mut self.kind,
                    "og:description" => &mut self.description,
                    "og:image" => &mut self.image,
                    _ => return Within::Other,
                };
                if place.is_none() {
                    *place = attribute(b"content");
                }
            }
            _ => {}
        }
        Within::Other
    }

    /// OpenGraph says what a page is called and not when it is, and nearly every page has it. So it counts for the paths of these
    /// servers, and elsewhere only where it says that it is of an event; any other page is an ordinary one.
    fn activity(self, page: &Url) -> Option<Activity> {
        let is_event = self.kind.as_deref().is_some_and(|kind| matches!(kind.trim(), "event" | "events.event"));
        let id = link::activity_in(page).or_else(|| is_event.then(|| schema_org::id_of(page)).flatten())?;
        let value = |text: Option<String>| text.map_or(Value::Null, Value::String);
        let title = read::name(&value(self.title))?;
        let mut activity = schema_org::bare(page, id, title)?;
        activity.description = read::text(&value(self.description));
        activity.cover = read::url(&value(self.image), page);
        activity.language = read::language(&value(self.language));
        activity.when_untold = true;
        activity.whole = false;
        Some(activity)
    }
}

/// Where a page of 2020 says that the API is, and which client selects the city: a UUID and an https address out of the state that is
/// embedded in it, found by their pattern. The state is never evaluated.
pub(super) fn embedded(body: &[u8]) -> Option<(Url, String)> {
    let scripts = Said::read(body).scripts;
    let scripts = String::from_utf8_lossy(&scripts);
    let client = value_of(&scripts, "oauthClientId").filter(|id| is_uuid(id))?;
    let base = Url::parse(&value_of(&scripts, "bcWebURL")?).ok()?;
    let bare = base.scheme() == "https"
        && base.host_str().is_some_and(|host| host.contains('.'))
        && base.username().is_empty()
        && base.password().is_none()
        && base.path() == "/"
        && base.query().is_none()
        && base.fragment().is_none();
    base.join("/api/graphql").ok().filter(|_| bare).map(|url| (url, client))
}

/// The string behind `"key":`, with the escapes that serialisers put in.
fn value_of(script: &str, key: &str) -> Option<String> {
    let (_, after) = script.split_once(&format!("\"{key}\""))?;
    let quoted = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let (inner, _) = quoted.split_once('"').filter(|(inner, _)| inner.len() <= 300)?;
    serde_json::from_str(&format!("\"{inner}\"")).ok()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() })
}
