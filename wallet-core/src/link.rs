//! One classifier for everything that comes in as text: pasted, scanned, opened by another app, or read from a small file.
//!
//! Pure and total: it asks nobody and never fails. What it does not know, or what is longer than a link may be, is
//! [`Link::Unknown`]; an unknown parameter of a `badgewallet:` link makes the whole link unknown.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use capsule::{AddressError, LinkAddress};
use url::Url;

use crate::qr;

/// The longest link: 8 KiB. Shown badges, JSON and JWS may be longer.
pub const MAX_LINK: usize = 8 * 1024;
/// The longest text that is looked at at all: 5 MiB, the cap of a credential.
pub const MAX_TEXT: usize = 5 * 1024 * 1024;

/// What a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A web address: a badge may be behind it. Whether it may be asked is for safe-fetch to say.
    Address(Url),
    /// A whole shown badge (`badgewallet:show/…`), for [`qr::read`].
    Shown(String),
    /// One code of a sequence that shows badges, for [`qr::Collector`].
    Part(String),
    /// A share link, with its key.
    Share(LinkAddress),
    /// What was a share link before it was cut off or changed; whether it is of a newer version instead.
    BrokenShare(bool),
    /// A claim code: of a claim link with the address of its city, or alone.
    Claim {
        /// The code.
        code: String,
        /// The origin of the link.
        city: Option<Url>,
    },
    /// JSON text, perhaps a badge.
    Json(String),
    /// A compact JWS, perhaps a badge.
    Jws(String),
    /// Nothing that this app acts on: mail addresses, telephone numbers, other apps' schemes, prose.
    Unknown,
}

impl Link {
    /// Says what `text` is.
    pub fn parse(text: &str) -> Self {
        if text.len() > MAX_TEXT {
            return Self::Unknown;
        }
        let text = text.trim_start_matches('\u{feff}').trim();
        if is_json(text) {
            return Self::Json(text.to_owned());
        }
        if is_jws(text) {
            return Self::Jws(text.to_owned());
        }
        if let Some(link) = one(text) {
            return link;
        }
        within(text).or_else(|| bare_code(text)).unwrap_or(Self::Unknown)
    }
}

/// A text that is one link and nothing else.
fn one(text: &str) -> Option<Link> {
    if let Some(action) = strip_scheme(text, "badgewallet") {
        return Some(app_link(text, action));
    }
    if qr::is_part(text) {
        return Some(Link::Part(text.to_owned()));
    }
    if text.len() > MAX_LINK || text.contains(char::is_whitespace) || text.contains(char::is_control) {
        return None;
    }
    address(text).map(web)
}

/// A claim code as a person types it, cleaned: letters, digits, `-` and `_`, at most 64.
pub(crate) fn claim_code(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    ((3..=64).contains(&text.len()) && text.chars().all(plain)).then(|| text.to_owned())
}

/// A word that is a claim code and no ordinary word: it has a digit in it.
fn bare_code(text: &str) -> Option<Link> {
    let code = claim_code(text).filter(|code| code.len() >= 5 && code.bytes().any(|b| b.is_ascii_digit()))?;
    Some(Link::Claim { code, city: None })
}

/// The code of a claim link: `/claim?code=…`, perhaps behind a language.
fn claim_link(url: &Url) -> Option<Link> {
    let path: Vec<&str> = url.path_segments()?.collect();
    let is_language = |part: &str| (2..=5).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    let claim = match path.as_slice() {
        ["claim"] => true,
        [language, "claim"] => is_language(language),
        _ => false,
    };
    let code = url.query_pairs().find(|(name, _)| name == "code").filter(|_| claim)?.1;
    let city = Url::parse(&secured(url).origin().ascii_serialization()).ok()?;
    Some(Link::Claim { code: claim_code(&code)?, city: Some(city) })
}

/// The id of the activity or playlist that an address of a Cities of Learning site is of: of a part the part's, of a badge class that
/// of the activity where it is earned, where the address names it.
pub fn activity_in(url: &Url) -> Option<String> {
    let mut path: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    if path.len() > 2 && !matches!(path[0], "activities" | "playlists" | "events" | "classes") {
        path.remove(0);
    }
    let named = |key: &str| url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned());
    let id = match path.as_slice() {
        ["classes", _] => named("project")?,
        ["activities", _, "part", id] | ["activities" | "playlists" | "events", id] | ["activities", id, "classes", _] => {
            named("part").unwrap_or_else(|| (*id).to_owned())
        }
        _ => return None,
    };
    (!id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')).then_some(id)
}

/// The same address over https: http is for this machine alone.
pub(crate) fn secured(url: &Url) -> Url {
    let mut secure = url.clone();
    if url.scheme() == "http" && safe_fetch::LocalOrigin::parse(&url.origin().ascii_serialization()).is_none() {
        // From one to the other always works.
        _ = secure.set_scheme("https");
    }
    secure
}

/// Whether a link of a page is one to this app.
pub(crate) fn is_ours(link: &str) -> bool {
    strip_scheme(link.trim(), "badgewallet").is_some()
}

/// The address of the badge that a link to this app (`badgewallet:add?url=…`) offers.
pub(crate) fn offered(link: &str) -> Option<Url> {
    let link = link.trim();
    match app_link(link, strip_scheme(link, "badgewallet")?) {
        Link::Address(url) => Some(url),
        _ => None,
    }
}

/// The parts of a `badgewallet:` link, which some platforms hand over as `badgewallet://`.
fn app_link(text: &str, action: &str) -> Link {
    if strip_prefix_ignore_case(action, "show/").is_some() {
        if text.len() > qr::MAX_TEXT {
            return Link::Unknown;
        }
        // Mail programs wrap long lines; no character of the payload is white space.
        return Link::Shown(text.split_whitespace().collect());
    }
    if text.len() > MAX_LINK {
        return Link::Unknown;
    }
    // A share page offers its own link to the app: the whole address, after the scheme.
    if let Some(link) = strip_prefix_ignore_case(action, "open/?url=").or_else(|| strip_prefix_ignore_case(action, "open?url=")) {
        let decoded = percent_decode(link);
        return match decoded.as_deref().and_then(address).map(web) {
            Some(link @ (Link::Share(_) | Link::BrokenShare(_))) => link,
            _ => Link::Unknown,
        };
    }
    let query = strip_prefix_ignore_case(action, "add/?").or_else(|| strip_prefix_ignore_case(action, "add?"));
    query.and_then(add_query).map_or(Link::Unknown, web)
}

/// A web address: a share link when its path and fragment are one's.
fn web(url: Url) -> Link {
    let versioned =
        url.fragment().is_some_and(|part| part.split_once('.').is_some_and(|(v, _)| v.bytes().all(|b| b.is_ascii_digit())));
    if let Some(claim) = claim_link(&url) {
        return claim;
    }
    match LinkAddress::parse(url.as_str()) {
        Ok(link) => Link::Share(link),
        Err(AddressError::UnknownVersion) => Link::BrokenShare(true),
        // Another site may well have a page at /v; what follows the # tells a share link.
        Err(AddressError::Truncated | AddressError::NoId | AddressError::Edited) if versioned => Link::BrokenShare(false),
        Err(_) => Link::Address(url),
    }
}

/// One percent-encoded value.
fn percent_decode(text: &str) -> Option<String> {
    let (name, value) = url::form_urlencoded::parse(text.as_bytes()).next()?;
    value.is_empty().then(|| name.into_owned())
}

/// `url=<https address>` (http on loopback) and nothing else.
fn add_query(query: &str) -> Option<Url> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (name, value) = pairs.next()?;
    if name != "url" || pairs.next().is_some() {
        return None;
    }
    // http is for this machine alone: whether it may be asked there is for safe-fetch to say.
    address(&value)
        .filter(|url| url.scheme() == "https" || safe_fetch::LocalOrigin::parse(&url.origin().ascii_serialization()).is_some())
}

/// An http or https address with a host. Backslashes and control characters, which browsers repair, are not an address here.
fn address(text: &str) -> Option<Url> {
    let rest = strip_scheme_slashes(text, "https").or_else(|| strip_scheme_slashes(text, "http"))?;
    if rest.is_empty()
        || rest.starts_with('/')
        || text.contains(['\\', '<', '>', '"'])
        || text.contains(|c: char| c.is_control() || c.is_whitespace())
    {
        return None;
    }
    Url::parse(text).ok().filter(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

/// A link inside prose: the one address or shown badge in it. With two different ones nobody can say which is meant.
fn within(text: &str) -> Option<Link> {
    if text.len() > qr::MAX_TEXT {
        return None;
    }
    if let Some(at) = find_ignore_case(text, "badgewallet:show/") {
        return Some(Link::Shown(text[at..].split_whitespace().next().unwrap_or_default().to_owned()));
    }
    if text.len() > MAX_LINK {
        return None;
    }
    let mut found: Option<Link> = None;
    for word in text.split_whitespace() {
        // `URL=` as in the link files of desktops; brackets and closing punctuation as in prose.
        let word = word.strip_prefix("URL=").unwrap_or(word);
        let word = word
            .trim_start_matches(['<', '(', '[', '"', '\''])
            .trim_end_matches(['>', ')', ']', '"', '\'', '.', ',', ';', '!', '?']);
        let Some(link) = address(word).map(web) else { continue };
        match &found {
            Some(other) if *other != link => return None,
            _ => found = Some(link),
        }
    }
    found
}

/// An object, or an array of what badges are made of (`[InternetShortcut]` is neither).
fn is_json(text: &str) -> bool {
    let in_array = |rest: &str| rest.trim_start().starts_with(['{', '[', '"', ']']);
    text.starts_with('{') || text.strip_prefix('[').is_some_and(in_array)
}

/// Three (or, unsigned, two) base64url parts of which the first is a JSON object. Cheap: only the first part is decoded.
fn is_jws(text: &str) -> bool {
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let base64url = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    !payload.is_empty()
        && base64url(payload)
        && base64url(signature)
        && header.len() <= MAX_LINK * 8
        && URL_SAFE_NO_PAD.decode(header).is_ok_and(|json| json.trim_ascii_start().first() == Some(&b'{'))
}

/// What follows `scheme:` or `scheme://`.
fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let rest = strip_prefix_ignore_case(text, scheme)?.strip_prefix(':')?;
    Some(rest.trim_start_matches('/'))
}

/// What follows `scheme://`.
fn strip_scheme_slashes<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    strip_prefix_ignore_case(text, scheme)?.strip_prefix("://")
}

/// `strip_prefix` for an ASCII prefix in any case.
pub(crate) fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Where an ASCII needle is, in any case.
fn find_ignore_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

#[cfg(test)]
mod tests;
