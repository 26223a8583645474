//! From what a city told to what a list shows.

use jiff::Timestamp;

use super::{holdings::Holdings, host_of, kind, place};
use crate::{
    activity::{Activity, Kind, Point},
    convert,
    store::{
        Connection, StoreError,
        activities::{self, Stored},
    },
    view::ActivityCard,
};

/// A card in a list; `from` is the point that distances are from.
pub(super) fn card(
    c: &Connection,
    row: &Stored,
    from: Option<Point>,
    holdings: &Holdings,
    now: Timestamp,
) -> Result<ActivityCard, StoreError> {
    let activity = &row.activity;
    let progress = match activity.kind {
        Kind::Playlist => holdings.progress(c, row, now)?.begun(),
        Kind::Activity | Kind::Badge => None,
    };
    let picture = match &row.picture {
        Some(url) => activities::thumbnail(c, url)?,
        None => None,
    };
    Ok(ActivityCard {
        id: row.id.clone(),
        kind: kind(activity.kind),
        title: activity.title.clone(),
        language: activity.language.clone(),
        start: activity.start.map(convert::time),
        end: activity.end.map(convert::time),
        when_unknown: activity.when_untold,
        past: row.ends_at.is_some_and(|end| end < now),
        time_zone: activity.time_zone.clone(),
        minutes: minutes(activity),
        online: activity.online,
        address: activity.address.clone(),
        place: activity.place.map(place),
        km: from.zip(activity.place).map(|(from, to)| from.km_to(to)),
        organiser: activity.organiser.as_ref().map(|o| o.name.clone()),
        badge: activity.badges.first().map(|b| b.name.clone()),
        picture: picture.as_deref().map(convert::png_uri),
        colour: activity.colour.clone(),
        planned: row.planned,
        progress,
        host: url::Url::parse(&row.city).map(|url| host_of(&url)).unwrap_or_default(),
    })
}

/// How long it takes: as told, or from its start to its end on one day. All of a day is when, and not how long.
pub(super) fn minutes(activity: &Activity) -> Option<u32> {
    let told = activity.duration.map(i64::from);
    let between = activity.start.zip(activity.end).map(|(start, end)| end.duration_since(start).as_secs());
    let seconds = told.or(between.filter(|seconds| (1..24 * 3600 - 60).contains(seconds)))?;
    u32::try_from(seconds / 60).ok().filter(|minutes| *minutes > 0)
}
