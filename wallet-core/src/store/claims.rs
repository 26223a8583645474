//! Claim codes that were used, or wait for the network.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{StoreError, millis, time};
use crate::{
    ErrorCode,
    view::{ClaimOutcome, ClaimState},
};

/// The most claims that are remembered; the oldest that is done gives way.
const MOST: u32 = 200;

/// One claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claim {
    pub(crate) id: String,
    /// The origin of the one city that the code is for.
    pub(crate) city: String,
    /// Its name then.
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) at: Timestamp,
    pub(crate) state: ClaimState,
    pub(crate) outcome: Option<ClaimOutcome>,
    pub(crate) problem: Option<ErrorCode>,
}

const COLUMNS: &str = "id, city, name, code, at, state, outcome, problem";

fn read(row: &Row<'_>) -> Result<Claim, StoreError> {
    let word = |text: String| serde_json::Value::String(text);
    Ok(Claim {
        id: row.get(0)?,
        city: row.get(1)?,
        name: row.get(2)?,
        code: row.get(3)?,
        at: time(row.get(4)?),
        state: serde_json::from_value(word(row.get(5)?))?,
        outcome: row.get::<_, Option<String>>(6)?.map(|text| serde_json::from_str(&text)).transpose()?,
        problem: row.get::<_, Option<String>>(7)?.and_then(|code| serde_json::from_value(word(code)).ok()),
    })
}

/// Writes a claim, new or changed.
pub(crate) fn put(c: &Connection, claim: &Claim) -> Result<(), StoreError> {
    let name = badge_view::sentences::name_of::<ClaimState>;
    let sql = format!("INSERT OR REPLACE INTO claims ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    c.prepare_cached(&sql)?.execute(params![
        claim.id,
        claim.city,
        claim.name,
        claim.code,
        millis(claim.at),
        name(&claim.state),
        claim.outcome.as_ref().map(serde_json::to_string).transpose()?,
        claim.problem.as_ref().map(badge_view::sentences::name_of),
    ])?;
    const OLD: &str =
        "DELETE FROM claims WHERE state = 'done' AND id NOT IN (SELECT id FROM claims ORDER BY at DESC, id DESC LIMIT ?1)";
    c.prepare_cached(OLD)?.execute([MOST])?;
    Ok(())
}

/// What became of a claim; of one that was taken off the list, nothing is written.
pub(crate) fn update(c: &Connection, claim: &Claim) -> Result<(), StoreError> {
    let here = c.prepare_cached("SELECT 1 FROM claims WHERE id = ?1")?.exists([&claim.id])?;
    if here { put(c, claim) } else { Ok(()) }
}

/// One that waits, by its id.
pub(crate) fn queued(c: &Connection, id: &str) -> Result<Option<Claim>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM claims WHERE id = ?1 AND state = 'queued'");
    c.prepare_cached(&sql)?.query_row([id], |row| Ok(read(row))).optional()?.transpose()
}

/// All of them, newest first.
pub(crate) fn all(c: &Connection) -> Result<Vec<Claim>, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM claims ORDER BY at DESC, id DESC"))?;
    let rows = statement.query_map([], |row| Ok(read(row)))?;
    rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect()
}

/// The claim of this code at this city that is not answered yet.
pub(crate) fn open(c: &Connection, city: &str, code: &str) -> Result<Option<Claim>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM claims WHERE city = ?1 AND code = ?2 AND state <> 'done' ORDER BY at DESC LIMIT 1");
    c.prepare_cached(&sql)?.query_row([city, code], |row| Ok(read(row))).optional()?.transpose()
}

/// A city is no longer the learner's: what waited for it has nobody to go to.
pub(crate) fn city_gone(c: &Connection, city: &str) -> Result<(), StoreError> {
    const SQL: &str =
        "UPDATE claims SET state = 'failed', outcome = NULL, problem = 'not_found' WHERE city = ?1 AND state = 'queued'";
    c.prepare_cached(SQL)?.execute([city])?;
    Ok(())
}

/// Takes one off the list.
pub(crate) fn remove(c: &Connection, id: &str) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM claims WHERE id = ?1")?.execute([id])?;
    Ok(())
}
