//! Sentences in the learner's language, from `ui/messages`: the one place where the words live.

mod told;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use open_badges::{Check, CheckKind, Outcome, Reason};
use serde::Serialize;

use crate::view::Language;

pub use told::{Audience, Told, can_be_fetched, label, tell};

type Messages = HashMap<String, String>;

static NL: LazyLock<Messages> = LazyLock::new(|| read(include_str!(concat!(env!("OUT_DIR"), "/nl.json"))));
static EN: LazyLock<Messages> = LazyLock::new(|| read(include_str!(concat!(env!("OUT_DIR"), "/en.json"))));

/// The longest name, detail or address that is put into a sentence, in characters.
const MAX_VALUE: usize = 80;

const MONTHS_NL: [&str; 12] =
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A file of messages. A broken one is a fault of the build, which the tests find; it then has no sentences.
fn read(json: &str) -> Messages {
    serde_json::from_str(json).unwrap_or_default()
}

fn messages(language: Language) -> &'static Messages {
    match language {
        Language::Nl => &NL,
        Language::En => &EN,
    }
}

/// Whether there is a sentence for `key`.
fn has(key: &str) -> bool {
    NL.contains_key(key)
}

/// The sentence for `key` with its `{placeholders}` filled in. Values are cleaned and bounded; an unknown key gives the key.
#[must_use]
pub fn sentence(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    let Some(mut rest) = messages(language).get(key).map(String::as_str) else {
        return key.to_owned();
    };
    // One pass, so that a placeholder inside a value stays what it is: text.
    let mut out = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(&isolated(&clean(value))),
            None => out.push('…'),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A name or detail from outside, fit to stand in a sentence: one line, no invisible characters, bounded.
pub fn clean(value: &str) -> String {
    let shown = |c: &char| !is_invisible(*c);
    let one_line: String =
        value.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(shown).take(4 * MAX_VALUE).collect();
    let words = one_line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if words.chars().count() <= MAX_VALUE {
        return words;
    }
    let cut: String = words.chars().take(MAX_VALUE - 1).collect();
    format!("{}…", cut.trim_end())
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text that runs from right to left is set apart, so that it does not turn the sentence around it.
fn isolated(value: &str) -> Cow<'_, str> {
    let right_to_left = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if value.chars().any(right_to_left) { Cow::Owned(format!("\u{2068}{value}\u{2069}")) } else { Cow::Borrowed(value) }
}

/// A date in words: `3 maart 2026`, `3 March 2026`. Days are counted in UTC, as badges write them.
#[must_use]
pub fn date(language: Language, time: Timestamp) -> String {
    let day = TimeZone::UTC.to_datetime(time).date();
    let months = match language {
        Language::Nl => MONTHS_NL,
        Language::En => MONTHS_EN,
    };
    let month = usize::try_from(day.month()).ok().and_then(|month| months.get(month - 1)).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// One line of the list of checks.
pub fn check(language: Language, check: &Check) -> String {
    match check.outcome {
        Outcome::Passed => sentence(language, &format!("check_{}_passed", name_of(&check.kind)), &[]),
        Outcome::Warning(reason) | Outcome::Failed(reason) | Outcome::NotChecked(reason) => {
            self::reason(language, reason, check.detail.as_deref())
        }
    }
}

/// A reason as a sentence; with the named thing in it where there is one and the sentence has a place for it.
pub fn reason(language: Language, reason: Reason, detail: Option<&str>) -> String {
    let key = format!("reason_{}", name_of(&reason));
    let with_detail = format!("{key}_detail");
    match detail.filter(|detail| !clean(detail).is_empty()) {
        Some(detail) if has(&with_detail) => sentence(language, &with_detail, &[("detail", &dated(language, detail))]),
        _ => sentence(language, &key, &[]),
    }
}

/// A detail that is a time is said in words.
fn dated(language: Language, detail: &str) -> String {
    detail.parse::<Timestamp>().map_or_else(|_| detail.to_owned(), |time| date(language, time))
}

/// The stable name of a code, as it is on the wire.
pub fn name_of<T: Serialize>(code: &T) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The name of a check: `validity_period`.
pub fn kind(kind: CheckKind) -> String {
    name_of(&kind)
}

/// The label of a fact by the standard's field name (`creditsEarned`), or the field's own name where we have none.
pub fn fact(language: Language, field: &str) -> String {
    let key: String = field.chars().fold("fact_".to_owned(), |mut key, c| {
        if c.is_ascii_uppercase() {
            key.push('_');
        }
        key.push(c.to_ascii_lowercase());
        key
    });
    if has(&key) { sentence(language, &key, &[]) } else { clean(field) }
}

#[cfg(test)]
mod tests;
