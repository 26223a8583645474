//! Issuers that the learner trusts.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{StoreError, millis, time};

/// A trusted issuer.
#[derive(Debug, Clone)]
pub(crate) struct Issuer {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) added_at: Timestamp,
}

/// Adds an issuer, or gives one that is there another name.
pub(crate) fn add(c: &Connection, id: &str, name: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO issuers (id, name, added_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET name = COALESCE(excluded.name, name)";
    c.execute(SQL, params![id, name, millis(now)])?;
    Ok(())
}

/// Takes an issuer off the list.
pub(crate) fn remove(c: &Connection, id: &str) -> Result<(), StoreError> {
    match c.execute("DELETE FROM issuers WHERE id = ?1", [id])? {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// The list, oldest first.
pub(crate) fn all(c: &Connection) -> Result<Vec<Issuer>, StoreError> {
    let mut statement = c.prepare_cached("SELECT id, name, added_at FROM issuers ORDER BY added_at, id")?;
    let rows = statement.query_map([], |r| Ok(Issuer { id: r.get(0)?, name: r.get(1)?, added_at: time(r.get(2)?) }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
