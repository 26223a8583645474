//! Days that are counted from when the city started, so that it is always alive.

use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};

/// Amsterdam's clock by its rule, which needs no database of time zones.
pub(super) fn amsterdam() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a rule of POSIX")
}

/// The moment at `time` on the day that is `days` after `now`, by Amsterdam's clock.
pub(super) fn moment(now: Timestamp, days: i64, time: Time) -> Timestamp {
    let today = amsterdam().to_datetime(now).date();
    let date = today.checked_add(jiff::Span::new().days(days)).expect("a day near now");
    amsterdam().to_timestamp(date.to_datetime(time)).expect("a moment of that day")
}

/// `2026-09-19T11:00:00.000Z`, as JavaScript writes it.
pub(super) fn iso(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// `hours` later.
pub(super) fn later(moment: Timestamp, hours: f64) -> Timestamp {
    moment.checked_add(SignedDuration::from_secs_f64(hours * 3600.0)).expect("a moment near now")
}

const MONTHS: [&str; 12] =
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
const DAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];

/// `zaterdag 28 november, 13:30 uur`.
pub(super) fn spoken(moment: Timestamp) -> String {
    let there = amsterdam().to_datetime(moment);
    let day = DAYS[usize::try_from(there.weekday().to_monday_zero_offset()).unwrap_or(0)];
    let month = MONTHS[usize::try_from(there.month() - 1).unwrap_or(0)];
    format!("{day} {} {month}, {:02}:{:02} uur", there.day(), there.hour(), there.minute())
}
