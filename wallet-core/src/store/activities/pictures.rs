//! Pictures by their addresses: wanted, here, or refused. One that did not come is seen in the future: not before then is it asked for.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::{activity::Activity, store::millis};

/// What a picture is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// A list, which is kept whole for when there is no network.
    Card,
    /// The page of one activity, which somebody opened.
    Page,
}

/// A picture that was fetched, or is none. The large one is of a page that was opened.
#[derive(Debug, Clone)]
pub(crate) enum Fetched {
    Here {
        thumbnail: Vec<u8>,
        large: Option<Vec<u8>>,
    },
    Refused,
    /// It did not come, and is not asked for again before so long.
    Later(SignedDuration),
}

/// No picture waits longer, whatever a clock said when it was asked for.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Notes that a picture is wanted.
pub(super) fn want(c: &Connection, url: &str, now: Timestamp) -> Result<(), StoreError> {
    c.prepare_cached("INSERT OR IGNORE INTO activity_pictures (url, state, seen_at) VALUES (?1, 'wanted', ?2)")?
        .execute(params![url, millis(now)])?;
    Ok(())
}

/// Pictures of a city's cards that are wanted, of what comes first in the list first.
pub(crate) fn wanted_pictures(c: &Connection, city: &str, now: Timestamp, limit: u32) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT p.url FROM activity_pictures p JOIN activities a ON a.picture = p.url
        WHERE p.state = 'wanted' AND (p.seen_at <= ?2 OR p.seen_at > ?4) AND a.city = ?1 AND a.shown = 1 AND (a.ends_at IS NULL OR a.ends_at >= ?2)
        GROUP BY p.url ORDER BY min(a.starts_at IS NULL OR a.starts_at < ?2), min(a.starts_at), max(a.key) DESC LIMIT ?3";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map(params![city, millis(now), limit, latest(now)], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a picture still has to be fetched.
pub(crate) fn is_wanted(c: &Connection, url: &str, size: Size, now: Timestamp) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT (state = 'wanted' OR (?2 AND state = 'here' AND large IS NULL)) AND (seen_at <= ?3 OR seen_at > ?4)
        FROM activity_pictures WHERE url = ?1";
    let mut statement = c.prepare_cached(SQL)?;
    let values = params![url, size == Size::Page, millis(now), latest(now)];
    Ok(statement.query_row(values, |r| r.get(0)).optional()?.unwrap_or(true))
}

/// The latest moment for which a picture that is asked for now may have to wait.
fn latest(now: Timestamp) -> i64 {
    millis(now).saturating_add(i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX))
}

/// Keeps a picture, or that it is none, or that it has to wait. What is here already stays.
pub(crate) fn picture_arrived(c: &Connection, url: &str, picture: &Fetched, now: Timestamp) -> Result<(), StoreError> {
    let (state, thumbnail, large, seen_at) = match picture {
        Fetched::Here { thumbnail, large } => ("here", Some(thumbnail), Some(large), now),
        Fetched::Refused => ("refused", None, None, now),
        Fetched::Later(wait) => ("wanted", None, None, now.checked_add(*wait).unwrap_or(now)),
    };
    const SQL: &str = "INSERT INTO activity_pictures (url, state, thumbnail, large, seen_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (url) DO UPDATE SET state = iif(state = 'here', state, excluded.state), seen_at = excluded.seen_at,
        thumbnail = coalesce(excluded.thumbnail, thumbnail), large = coalesce(excluded.large, large)";
    c.prepare_cached(SQL)?.execute(params![url, state, thumbnail, large, millis(seen_at)])?;
    Ok(())
}

/// A small picture.
pub(crate) fn thumbnail(c: &Connection, url: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = c.prepare_cached("SELECT thumbnail FROM activity_pictures WHERE url = ?1")?;
    Ok(statement.query_row([url], |r| r.get(0)).optional()?.flatten())
}

/// The largest that is here.
pub(crate) fn large_picture(c: &Connection, url: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = c.prepare_cached("SELECT coalesce(large, thumbnail) FROM activity_pictures WHERE url = ?1")?;
    Ok(statement.query_row([url], |r| r.get(0)).optional()?.flatten())
}

/// Forgets the pictures that no activity names any more: its own, its badges' and its organiser's.
pub(super) fn forget_unused(c: &Connection) -> Result<(), StoreError> {
    let mut unused: HashSet<String> = {
        let mut statement = c.prepare_cached("SELECT url FROM activity_pictures")?;
        statement.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?
    };
    let mut statement = c.prepare_cached("SELECT data FROM activity_texts")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let activity: Activity = serde_json::from_str(&row.get::<_, String>(0)?)?;
        let badges = activity.badges.iter().filter_map(|badge| badge.picture.as_ref());
        let organiser = activity.organiser.as_ref().and_then(|organiser| organiser.picture.as_ref());
        for url in [activity.picture.as_ref(), activity.cover.as_ref(), organiser].into_iter().flatten().chain(badges) {
            unused.remove(url.as_str());
        }
    }
    let mut forget = c.prepare_cached("DELETE FROM activity_pictures WHERE url = ?1")?;
    unused.iter().try_for_each(|url| forget.execute([url]).map(|_| ()))?;
    Ok(())
}
