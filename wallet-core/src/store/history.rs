//! What happened to badges, one line each.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{StoreError, millis, time};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Added,
    Shown,
    Removed,
    Restored,
    Exported,
    Checked,
    Shared,
    Changed,
    Stopped,
}

impl Action {
    fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Shown => "shown",
            Self::Removed => "removed",
            Self::Restored => "restored",
            Self::Exported => "exported",
            Self::Checked => "checked",
            Self::Shared => "shared",
            Self::Changed => "changed",
            Self::Stopped => "stopped",
        }
    }
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) action: String,
    /// The badge, when it is still here.
    pub(crate) badge: Option<String>,
    pub(crate) name: String,
}

/// Writes a line.
pub(crate) fn add(c: &Connection, now: Timestamp, action: Action, badge: &str, name: &str) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO history (at, action, badge, name) VALUES (?1, ?2, ?3, ?4)";
    c.prepare_cached(SQL)?.execute(params![millis(now), action.name(), badge, name])?;
    Ok(())
}

/// Lines, newest first.
pub(crate) fn page(c: &Connection, offset: u32, limit: u32) -> Result<Vec<Line>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT h.at, h.action, b.id, h.name FROM history h
         LEFT JOIN credentials b ON b.id = h.badge AND b.removed_at IS NULL ORDER BY h.key DESC LIMIT ?1 OFFSET ?2",
    )?;
    let rows = statement
        .query_map([limit, offset], |r| Ok(Line { at: time(r.get(0)?), action: r.get(1)?, badge: r.get(2)?, name: r.get(3)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
