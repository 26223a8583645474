//! An activity for the learner's own calendar (RFC 5545).

use badge_view::markdown;
use icalendar::{Calendar, Component, Event, EventLike};
use jiff::Timestamp;

use super::cards::minutes;
use crate::{ErrorCode, Result, store::activities, view::NamedFile, wallet::Wallet};

/// The words of a description that a calendar gets.
const WORDS: usize = 2_000;

impl Wallet {
    /// An activity as a calendar file. Error: `not_found`, also for what has no date.
    pub async fn activity_calendar(&self, id: String) -> Result<NamedFile> {
        let (name, now) = (id.clone(), self.now());
        let row = self.read(move |c| activities::by_id(c, &name)).await?;
        let activity = &row.activity;
        let length =
            minutes(activity).map_or(jiff::SignedDuration::from_hours(1), |m| jiff::SignedDuration::from_mins(i64::from(m)));
        // What only ends lasts until then.
        let start = activity.start.or_else(|| activity.end?.checked_sub(length).ok()).ok_or(ErrorCode::NotFound)?;
        let end = activity.end.filter(|end| *end > start).or_else(|| start.checked_add(length).ok()).unwrap_or(start);
        let mut event = Event::new();
        event.uid(&id).summary(&activity.title);
        event.append_property(("DTSTAMP", utc(now).as_str()));
        event.append_property(("DTSTART", utc(start).as_str()));
        event.append_property(("DTEND", utc(end).as_str()));
        if let Some(text) = &activity.description {
            event.description(&markdown::to_text(text).chars().take(WORDS).collect::<String>());
        }
        if let Some(address) = &activity.address {
            event.location(address);
        }
        if let Some(page) = &activity.page {
            event.url(page.as_str());
        }
        let mut calendar = Calendar::new();
        calendar.push(event.done());
        let bytes = calendar.done().to_string().into_bytes();
        Ok(NamedFile { name: format!("{}.ics", file_name(&activity.title)), bytes, media_type: Some("text/calendar".to_owned()) })
    }
}

/// A moment in universal time, as calendars write it.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A title as the name of a file.
fn file_name(title: &str) -> String {
    let plain: String = title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
    let name = plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    if name.is_empty() { "activiteit".to_owned() } else { name }
}
