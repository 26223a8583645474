//! The cities that the learner chose, and what they said of themselves.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{StoreError, millis, time};
use crate::{ErrorCode, activity::City};

/// A city as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) id: String,
    pub(crate) city: City,
    pub(crate) refreshed_at: Option<Timestamp>,
    /// When all of it was last read.
    pub(crate) swept_at: Option<Timestamp>,
    pub(crate) problem: Option<ErrorCode>,
    pub(crate) signed_in: Option<String>,
}

const COLUMNS: &str = "id, city, refreshed_at, swept_at, problem, signed_in";

fn read(row: &Row<'_>) -> Result<Stored, StoreError> {
    let problem: Option<String> = row.get(4)?;
    Ok(Stored {
        id: row.get(0)?,
        city: serde_json::from_str(&row.get::<_, String>(1)?)?,
        refreshed_at: row.get::<_, Option<i64>>(2)?.map(time),
        swept_at: row.get::<_, Option<i64>>(3)?.map(time),
        // A code that a newer app wrote says no more than that there was one.
        problem: problem.map(|code| serde_json::from_value(serde_json::Value::String(code)).unwrap_or(ErrorCode::CityOdd)),
        signed_in: row.get(5)?,
    })
}

/// All of them, in the order in which they were chosen.
pub(crate) fn all(c: &Connection) -> Result<Vec<Stored>, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM cities ORDER BY position, id"))?;
    let rows = statement.query_map([], |row| Ok(read(row)))?;
    rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect()
}

/// One of them.
pub(crate) fn by_id(c: &Connection, id: &str) -> Result<Stored, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM cities WHERE id = ?1"))?;
    statement.query_row([id], |row| Ok(read(row))).optional()?.ok_or(StoreError::NotFound)?
}

/// Adds a city; one that is here is known better now.
pub(crate) fn put(c: &Connection, id: &str, city: &City, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO cities (id, position, city, added_at)
        VALUES (?1, (SELECT COALESCE(max(position), 0) + 1 FROM cities), ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET city = excluded.city";
    c.prepare_cached(SQL)?.execute(params![id, serde_json::to_string(city)?, millis(now)])?;
    Ok(())
}

/// What was learned of a city while it was read. One that was removed meanwhile stays so.
pub(crate) fn learned(c: &Connection, id: &str, city: &City) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE cities SET city = ?2 WHERE id = ?1")?.execute([id, &serde_json::to_string(city)?])?;
    Ok(())
}

/// A round brought something new, and is not over: until it is, only all of the city tells what else there is.
pub(crate) fn begun(c: &Connection, id: &str) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE cities SET swept_at = NULL WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// It answered to the end of a round; `swept_at` is when all of it was last read.
pub(crate) fn refreshed(c: &Connection, id: &str, swept_at: Option<Timestamp>, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE cities SET refreshed_at = ?2, swept_at = ?3, problem = NULL WHERE id = ?1";
    c.prepare_cached(SQL)?.execute(params![id, millis(now), swept_at.map(millis)])?;
    Ok(())
}

/// It could not be read.
pub(crate) fn failed(c: &Connection, id: &str, problem: ErrorCode) -> Result<(), StoreError> {
    let code = badge_view::sentences::name_of(&problem);
    c.prepare_cached("UPDATE cities SET problem = ?2 WHERE id = ?1")?.execute([id, &code])?;
    Ok(())
}

/// Who is signed in there.
pub(crate) fn signed_in(c: &Connection, id: &str, name: Option<&str>) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE cities SET signed_in = ?2 WHERE id = ?1")?.execute(params![id, name])?;
    Ok(())
}

/// Takes it off the list.
pub(crate) fn remove(c: &Connection, id: &str) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM cities WHERE id = ?1")?.execute([id])?;
    Ok(())
}
