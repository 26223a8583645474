//! Reading JSON-LD-shaped values: one or many, plain or as value objects, with dates of every generation.

use jiff::{Timestamp, civil};
use serde_json::Value;

use crate::text::{clean_name, clean_text};

/// The longest address that is taken over.
const MAX_URL: usize = 2048;

/// JSON-LD writes one item bare and several as an array; `null` and absence are none.
pub(crate) fn many(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The first of one or many.
pub(crate) fn first(value: Option<&Value>) -> Option<&Value> {
    many(value).first()
}

/// A member as text without change: for identifiers, never for display.
pub(crate) fn raw<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// Whether `type` (or `@type`) names `wanted`.
pub(crate) fn has_type(value: &Value, wanted: &str) -> bool {
    ["type", "@type"].iter().any(|name| many(value.get(name)).iter().any(|item| item.as_str() == Some(wanted)))
}

/// The text in a plain string, a value object (`@value`), or the best of several languages: Dutch, English, the first.
fn chosen(value: Option<&Value>) -> Option<(&str, Option<&str>)> {
    let texts: Vec<(&str, Option<&str>)> = many(value)
        .iter()
        .filter_map(|item| match item {
            Value::String(text) => Some((text.as_str(), None)),
            Value::Object(_) => raw(item, "@value").map(|text| (text, raw(item, "@language"))),
            _ => None,
        })
        .collect();
    let in_language = |wanted: &str| {
        let matches = |tag: &str| tag.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(wanted));
        texts.iter().find(|(_, language)| language.is_some_and(matches)).copied()
    };
    in_language("nl").or_else(|| in_language("en")).or_else(|| texts.first().copied())
}

/// A cleaned single line.
pub(crate) fn name(value: Option<&Value>) -> Option<String> {
    chosen(value).map(|(text, _)| clean_name(text)).filter(|text| !text.is_empty())
}

/// A cleaned longer text.
pub(crate) fn text(value: Option<&Value>) -> Option<String> {
    chosen(value).map(|(text, _)| clean_text(text)).filter(|text| !text.is_empty())
}

/// The language that [`name`] and [`text`] chose.
pub(crate) fn language(value: Option<&Value>) -> Option<String> {
    chosen(value).and_then(|(_, language)| language).map(clean_name).filter(|tag| !tag.is_empty())
}

/// A scalar as a cleaned single line; several scalars joined by commas.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) if !items.is_empty() => {
            let parts: Option<Vec<String>> =
                items.iter().take(20).map(|item| if item.is_array() { None } else { scalar(item) }).collect();
            parts.map(|parts| clean_name(&parts.join(", ")))
        }
        _ => name(Some(value)),
    }
}

/// A web address, when it is one.
pub(crate) fn web_address(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let url = url::Url::parse(trimmed).ok().filter(|_| trimmed.len() <= MAX_URL)?;
    (matches!(url.scheme(), "https" | "http") && url.host().is_some()).then(|| url.into())
}

/// Whether `text` is an absolute IRI, as ids must be.
pub(crate) fn is_absolute(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`'))
        && url::Url::parse(text).is_ok()
}

/// A picture: a `data:image/` URI or a web address, from a string or an `Image` object, with its caption.
pub(crate) fn picture(value: Option<&Value>) -> (Option<String>, Option<String>) {
    let (address, caption) = match first(value) {
        Some(Value::String(address)) => (Some(address.as_str()), None),
        Some(image @ Value::Object(_)) => (raw(image, "id").or_else(|| raw(image, "@id")), name(image.get("caption"))),
        _ => (None, None),
    };
    let kept = address.and_then(|address| {
        let inline = address.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("data:image/"));
        if inline { Some(address.to_owned()) } else { web_address(address) }
    });
    (kept, caption)
}

/// `xsd:dateTimeStamp`: a date and time **with** a zone. Nothing else.
pub(crate) fn stamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let zone = if bytes.last() == Some(&b'Z') { bytes.len() - 1 } else { bytes.len().checked_sub(6)? };
    let (local, zone) = bytes.split_at_checked(zone)?;
    let offset = zone == b"Z" || (matches!(zone.first(), Some(b'+' | b'-')) && is_shape(&zone[1..], b"00:00"));
    (is_local(local) && offset).then(|| text.parse().ok()).flatten()
}

/// `xsd:dateTime` without a zone, taken as UTC: VCDM 1.1 and Open Badges 2.0 allow it.
pub(crate) fn stamp_or_utc(text: &str) -> Option<Timestamp> {
    stamp(text).or_else(|| is_local(text.as_bytes()).then(|| format!("{text}Z").parse().ok()).flatten())
}

fn is_local(bytes: &[u8]) -> bool {
    let Some((start, fraction)) = bytes.split_at_checked(19) else { return false };
    let fraction_ok =
        fraction.is_empty() || (fraction.len() > 1 && fraction[0] == b'.' && fraction[1..].iter().all(u8::is_ascii_digit));
    is_shape(start, b"0000-00-00T00:00:00") && fraction_ok
}

/// `0` stands for any digit.
fn is_shape(bytes: &[u8], shape: &[u8]) -> bool {
    bytes.len() == shape.len()
        && bytes.iter().zip(shape).all(|(byte, wanted)| if *wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted })
}

/// Which moment of a day a bare date means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Day {
    /// Something began on it.
    Start,
    /// Something lasts until it has passed.
    End,
}

/// A date of any generation: with or without a zone, a bare date, seconds since 1970. UTC where nothing is said.
pub(crate) fn lenient(value: Option<&Value>, day: Day) -> Option<Timestamp> {
    match value? {
        Value::Number(seconds) => Timestamp::from_second(seconds.as_i64()?).ok(),
        Value::String(text) => {
            let text = text.trim();
            if let Some(stamp) = stamp_or_utc(text).or_else(|| text.parse().ok()) {
                return Some(stamp);
            }
            if let Ok(seconds) = text.parse::<i64>()
                && text.len() >= 9
            {
                return Timestamp::from_second(seconds).ok();
            }
            let date: civil::Date = text.parse().ok()?;
            let time = if day == Day::End { "23:59:59" } else { "00:00:00" };
            format!("{date}T{time}Z").parse().ok()
        }
        object @ Value::Object(_) => lenient(object.get("@value").filter(|value| !value.is_object()), day),
        Value::Array(items) => lenient(items.first().filter(|value| !value.is_array()), day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_date_counts_only_with_a_zone() {
        for good in ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456+01:00", "2026-01-31T12:00:00-05:30"] {
            assert!(stamp(good).is_some(), "{good}");
        }
        for bad in [
            "2026-01-31T12:00:00",
            "2026-01-31",
            "2026-01-31 12:00:00Z",
            "2026-02-30T12:00:00Z",
            "2026-01-31T12:00:00+1",
            "2026-01-31T12:00:00Z[Europe/Amsterdam]",
            "",
            "Z",
            "é-01-31T12:00:00Z",
        ] {
            assert!(stamp(bad).is_none(), "{bad}");
        }
        assert!(stamp_or_utc("2026-01-31T12:00:00.5").is_some());
    }

    #[test]
    fn old_dates_are_read_for_display() {
        let read = |value: Value, day| lenient(Some(&value), day).map(|stamp| stamp.to_string());
        assert_eq!(read(json!(1_396_000_000), Day::Start).unwrap(), "2014-03-28T09:46:40Z");
        assert_eq!(read(json!("1396000000"), Day::Start).unwrap(), "2014-03-28T09:46:40Z");
        assert_eq!(read(json!("2015-04-30"), Day::Start).unwrap(), "2015-04-30T00:00:00Z");
        assert_eq!(read(json!("2015-04-30"), Day::End).unwrap(), "2015-04-30T23:59:59Z");
        assert_eq!(read(json!("2015-04-31"), Day::Start), None);
        assert_eq!(read(json!({"@value": "2015-04-30T01:02:03"}), Day::Start).unwrap(), "2015-04-30T01:02:03Z");
    }

    #[test]
    fn of_several_languages_dutch_comes_first() {
        let value = json!([{"@value": "Clean", "@language": "en-GB"}, {"@value": "Schoon", "@language": "nl"}]);
        assert_eq!(name(Some(&value)).unwrap(), "Schoon");
        assert_eq!(language(Some(&value)).unwrap(), "nl");
        assert_eq!(name(Some(&json!({"@value": "x"}))).unwrap(), "x");
        assert_eq!(name(Some(&json!(["a", "b"]))).unwrap(), "a");
        assert_eq!(name(Some(&json!(" \u{200b}"))), None);
    }
}
