//! The learner's own addresses.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{StoreError, millis, time};

/// An address, when it was added, and how many badges were given to it.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) address: String,
    pub(crate) added_at: Timestamp,
    pub(crate) badges: u32,
}

/// Adds an address. One that is there stays as it is.
pub(crate) fn add(c: &Connection, address: &str, now: Timestamp) -> Result<bool, StoreError> {
    let added = c.execute("INSERT OR IGNORE INTO identities (address, added_at) VALUES (?1, ?2)", params![address, millis(now)])?;
    Ok(added > 0)
}

/// Takes an address away.
pub(crate) fn remove(c: &Connection, address: &str) -> Result<(), StoreError> {
    match c.execute("DELETE FROM identities WHERE address = ?1", [address])? {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// All addresses, oldest first.
pub(crate) fn all(c: &Connection) -> Result<Vec<Identity>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT i.address, i.added_at, (SELECT count(*) FROM credentials b WHERE b.mine = i.address AND b.removed_at IS NULL)
         FROM identities i ORDER BY i.added_at, i.address",
    )?;
    let rows = statement.query_map([], |r| Ok(Identity { address: r.get(0)?, added_at: time(r.get(1)?), badges: r.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
