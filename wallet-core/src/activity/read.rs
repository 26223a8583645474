//! What is taken out of a source's JSON: every value bounded, cleaned and of its own kind, or absent. Nothing here fails: a field that
//! cannot be read is a field that is not there.

use std::collections::HashSet;

use jiff::{Timestamp, civil, tz::TimeZone};
use open_badges::{clean_name, clean_text};
use serde_json::Value;
use url::{Host, Url};

use super::{Link, Named, Part, Point, limits};
use crate::{Error, ErrorCode, Result};

/// The longest address, in bytes.
const MAX_URL: usize = 2_048;
/// The longest duration: a year, in seconds.
const YEAR: u64 = 366 * 24 * 3600;
/// Dates before 2000 or after 2200 are a broken form's.
const FIRST: i64 = 946_684_800;
const LAST: i64 = 7_289_654_400;
/// Below this a number counts seconds: as milliseconds it would be in 1973 at the latest.
const SECONDS: i64 = 100_000_000_000;
/// The longest date without a time.
const MAX_DATE: usize = 10;
/// The longest BCP 47 tag.
const MAX_TAG: usize = 35;

/// The JSON of an answer: bounded in bytes by whoever fetched it, and in depth by the parser. A list of a city has more keys than any
/// badge. Error: [`ErrorCode::CityOdd`].
pub(super) fn json(bytes: &[u8]) -> Result<Value> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let read = serde_json::from_slice(bytes).or_else(|error| match paired(bytes) {
        Some(bytes) => serde_json::from_slice(&bytes),
        None => Err(error),
    });
    read.map_err(|error| Error::new(ErrorCode::CityOdd, error))
}

/// JSON in which half characters are whole ones: a server that counts in UTF-16 may cut a text in the middle of one, and no more is
/// wrong with its answer. `None` where there are none.
fn paired(json: &[u8]) -> Option<Vec<u8>> {
    const LENGTH: usize = 6; // of \u0000
    let (mut mended, mut at) = (None, 0);
    while let Some(found) = json.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += found;
        match (code_unit(json, at), code_unit(json, at + LENGTH)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 2 * LENGTH,
            (Some(0xD800..=0xDFFF), _) => {
                mended.get_or_insert_with(|| json.to_vec())[at..at + LENGTH].copy_from_slice(b"\\uFFFD");
                at += LENGTH;
            }
            (Some(_), _) => at += LENGTH,
            // Another escape: what stands behind its sign begins none.
            (None, _) => at += 2,
        }
    }
    mended
}

/// The number in `\u0000` and its like at a place, if that stands there.
fn code_unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..)?.strip_prefix(b"\\u")?.get(..4)?;
    let hex = digits.iter().all(u8::is_ascii_hexdigit);
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok().filter(|_| hex)
}

/// What is in a list, without its holes.
pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter(|item| !item.is_null())
}

/// A value that may stand alone where a list was expected.
pub(super) fn one_or_many(value: &Value) -> impl Iterator<Item = &Value> {
    let many = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    many.iter().filter(|item| !item.is_null())
}

/// An id: a string, or a whole number.
pub(super) fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_u64() || number.is_i64() => number.to_string(),
        _ => return None,
    };
    let sound = !id.is_empty() && id.len() <= limits::ID && !id.contains(char::is_whitespace) && clean_name(&id) == id;
    sound.then_some(id)
}

/// A name or another single line.
pub(super) fn name(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => clean_name(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then(|| cut(text, limits::NAME))
}

/// A longer text; Markdown stays Markdown.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = clean_text(value.as_str()?);
    (!text.is_empty()).then(|| cut(text, limits::TEXT))
}

/// A word of a source's own vocabulary: an enum value, the name of a contact.
pub(super) fn word(value: &Value) -> Option<String> {
    let word = value.as_str()?;
    let sound = (1..=60).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    sound.then(|| word.to_owned())
}

pub(super) fn cut(text: String, limit: usize) -> String {
    match text.char_indices().nth(limit.saturating_sub(1)) {
        Some((end, last)) if end + last.len_utf8() < text.len() => format!("{}…", text[..end].trim_end()),
        _ => text,
    }
}

/// Yes or no, as JSON or as forms have it.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A count.
pub(super) fn count(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)).and_then(|n| u32::try_from(n).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Seconds, at most a year.
pub(super) fn seconds(value: &Value) -> Option<u32> {
    let seconds = match value {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?))?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    u32::try_from(seconds).ok().filter(|seconds| (1..=YEAR).contains(&u64::from(*seconds)))
}

fn whole(number: f64) -> Option<u64> {
    // Beyond 2^53 a float names no single number.
    (0.0..9e15).contains(&number).then_some(number as u64)
}

fn degrees(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A point on Earth.
pub(super) fn point(lat: &Value, lng: &Value) -> Option<Point> {
    Point::new(degrees(lat)?, degrees(lng)?)
}

/// `#rrggbb`.
pub(super) fn colour(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let digits = text.strip_prefix('#')?;
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

/// An absolute http or https address, as seen from `base`.
pub(super) fn url(value: &Value, base: &Url) -> Option<Url> {
    let text = value.as_str()?.trim();
    if text.is_empty() || text.len() > MAX_URL || text.contains(char::is_control) {
        return None;
    }
    // As people write it; no path starts so.
    let bare = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let url = if bare { Url::parse(&format!("https://{text}")) } else { base.join(text) }.ok()?;
    let web = matches!(url.scheme(), "https" | "http") && url.host_str().is_some_and(|host| !host.is_empty());
    let plain = url.username().is_empty() && url.password().is_none() && url.as_str().len() <= MAX_URL;
    (web && plain).then_some(url)
}

/// Whether nobody on the way reads along: https, or http to this device.
pub(super) fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || is_local(url)
}

/// http to this device itself: a practice city.
pub(super) fn is_local(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && loopback
}

/// The origin of an address, as an address.
pub(super) fn origin(url: &Url) -> Option<Url> {
    Url::parse(&url.origin().ascii_serialization()).ok()
}

/// The origin where something lives when that is not `here`. A practice city may name another one on this device; a city out there
/// may not.
pub(super) fn home(value: &Value, here: &Url) -> Option<Url> {
    let home = url(value, here)?;
    let fit = home.scheme() == "https" || (is_local(&home) && is_local(here));
    origin(&home).filter(|home| fit && home.origin() != here.origin())
}

/// `segments` below an origin, each one segment whatever is in it.
pub(super) fn below(origin: &Url, segments: &[&str]) -> Option<Url> {
    let mut url = origin.clone();
    // `.` and `..` would be taken for steps.
    if segments.iter().any(|segment| matches!(*segment, "." | ".." | "")) {
        return None;
    }
    url.path_segments_mut().ok()?.clear().extend(segments);
    Some(url)
}

/// A label and an address that a person may follow: the web, mail, telephone.
pub(super) fn link(label: &str, value: &Value, base: &Url) -> Option<Link> {
    let text = value.as_str()?.trim();
    let label = cut(clean_name(label), limits::NAME);
    let url = match text.split_once(':') {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto") => mail(address)?,
        Some((scheme, number)) if scheme.eq_ignore_ascii_case("tel") => telephone(number)?,
        _ => url(value, base)?.into(),
    };
    Some(Link { label, url })
}

/// How somebody is reached: the kind decides what the value is. A name on a platform without its address is nobody's link.
pub(super) fn contact(kind: &str, value: &Value, base: &Url) -> Option<Link> {
    let text = value.as_str()?.trim();
    let named = |url: String| Link { label: cut(clean_name(kind), limits::NAME), url };
    match kind {
        "email" if !text.contains(':') => mail(text).map(named),
        "phone" if !text.contains(':') => telephone(text).map(named),
        _ if text.contains(':') => link(kind, value, base),
        _ => None,
    }
}

/// `mailto:` one address, without headers that fill in a letter.
fn mail(address: &str) -> Option<String> {
    let (user, host) = address.split_once('@')?;
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_+'".contains(c));
    (address.len() <= 254 && plain(user) && plain(host)).then(|| format!("mailto:{address}"))
}

fn telephone(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/')).collect();
    let bare = digits.strip_prefix('+').unwrap_or(&digits);
    ((3..=20).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())).then(|| format!("tel:{digits}"))
}

/// A language as BCP 47 has it: sources write `pt_BR`, and `gl_ES` for Galician.
pub(super) fn language(value: &Value) -> Option<String> {
    let tag = value.as_str()?.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let sound = tag.len() <= MAX_TAG
        && parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    sound.then(|| if tag == "gl-ES" { "gl".to_owned() } else { tag })
}

/// The name of a time zone.
pub(super) fn time_zone(value: &Value) -> Option<String> {
    let name = value.as_str()?.trim();
    let sound = (1..=60).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+'))
        && name.bytes().any(|b| b.is_ascii_alphabetic());
    sound.then(|| name.to_owned())
}

/// From when until when. A mere date is all of its day, and an end before its start is no end.
pub(super) fn span(start: &Value, end: &Value, zone: Option<&str>) -> (Option<Timestamp>, Option<Timestamp>) {
    let from = moment(start, zone);
    let until = end_of_day(end, zone).or_else(|| moment(end, zone)).or_else(|| end_of_day(start, zone));
    (from, until.filter(|until| from.is_none_or(|from| *until >= from)))
}

/// The last second of a day that is named without a time.
fn end_of_day(value: &Value, zone: Option<&str>) -> Option<Timestamp> {
    let day: civil::Date = value.as_str().map(str::trim).filter(|text| text.len() <= MAX_DATE)?.parse().ok()?;
    let zone = zone.and_then(rules).unwrap_or(TimeZone::UTC);
    zone.to_timestamp(day.at(23, 59, 59, 0)).ok().filter(in_range)
}

fn in_range(moment: &Timestamp) -> bool {
    (FIRST..LAST).contains(&moment.as_second())
}

/// Whether a date was named of which no moment came.
pub(super) fn is_unread(value: &Value, moment: Option<Timestamp>) -> bool {
    let said = !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty());
    said && moment.is_none()
}

/// A moment: ISO 8601 with an offset; without one, in `zone` (UTC when unknown); or milliseconds or seconds since 1970.
pub(super) fn moment(value: &Value, zone: Option<&str>) -> Option<Timestamp> {
    let moment = match value {
        Value::Number(number) => {
            let count = number.as_i64().or_else(|| whole(number.as_f64()?).and_then(|n| i64::try_from(n).ok()))?;
            counted(count)?
        }
        Value::String(text) => written(text.trim(), zone)?,
        _ => return None,
    };
    in_range(&moment).then_some(moment)
}

fn counted(count: i64) -> Option<Timestamp> {
    if count.abs() < SECONDS { Timestamp::from_second(count) } else { Timestamp::from_millisecond(count) }.ok()
}

fn written(text: &str, zone: Option<&str>) -> Option<Timestamp> {
    if text.len() > 40 {
        return None;
    }
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return counted(text.parse().ok()?);
    }
    text.parse::<Timestamp>().ok().or_else(|| {
        let zone = zone.and_then(rules).unwrap_or(TimeZone::UTC);
        let local = text.parse::<civil::DateTime>().ok()?;
        zone.to_timestamp(local).ok()
    })
}

/// The rules of the zones where the network is. No data of time zones is on board, and the front end has its own for showing; this is
/// only for times that a source wrote without an offset.
fn rules(zone: &str) -> Option<TimeZone> {
    let (_, city) = zone.rsplit_once('/')?;
    let rule = match city {
        "Amsterdam" | "Brussels" | "Luxembourg" | "Berlin" | "Paris" | "Rome" | "Madrid" | "Vienna" | "Warsaw" | "Prague"
        | "Budapest" | "Bratislava" | "Ljubljana" | "Zagreb" | "Belgrade" | "Skopje" | "Sarajevo" | "Copenhagen" | "Oslo"
        | "Stockholm" | "Zurich" | "Malta" | "Tirane" => "CET-1CEST,M3.5.0,M10.5.0/3",
        "Vilnius" | "Riga" | "Tallinn" | "Helsinki" | "Athens" | "Sofia" | "Bucharest" | "Kyiv" | "Kiev" => {
            "EET-2EEST,M3.5.0/3,M10.5.0/4"
        }
        "Lisbon" | "Madeira" | "London" | "Canary" => "WET0WEST,M3.5.0/1,M10.5.0",
        "Tbilisi" => "<+04>-4",
        "Yerevan" => "<+04>-4",
        "Curacao" | "Aruba" => "AST4",
        _ => return None,
    };
    TimeZone::posix(rule).ok()
}

/// A thing with an id and a name.
pub(super) fn named(value: &Value) -> Option<Named> {
    Some(Named { id: id(&value["id"])?, name: name(&value["name"])? })
}

/// Parts of a playlist: each once, and nothing is a part of itself.
pub(super) fn parts(parts: impl Iterator<Item = Part>, playlist: &str) -> Vec<Part> {
    let mut seen = HashSet::new();
    parts.filter(|part| part.id != playlist && seen.insert(part.id.clone())).take(limits::LIST).collect()
}

/// At most [`limits::LIST`] of what is in a list.
pub(super) fn list<'a, T: 'a>(value: &'a Value, read: impl Fn(&Value) -> Option<T> + 'a) -> Vec<T> {
    items(value).filter_map(read).take(limits::LIST).collect()
}
