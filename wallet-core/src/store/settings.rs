//! What the learner set, as small JSON values by name.

use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// A setting; `None` when it was never set, or set to something that a newer version knows.
pub(crate) fn get<T: DeserializeOwned>(c: &Connection, name: &str) -> Result<Option<T>, StoreError> {
    let mut statement = c.prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
    let value: Option<String> = statement.query_row([name], |r| r.get(0)).optional()?;
    Ok(value.and_then(|v| serde_json::from_str(&v).ok()))
}

/// Sets it.
pub(crate) fn put<T: Serialize>(c: &Connection, name: &str, value: &T) -> Result<(), StoreError> {
    let value = serde_json::to_string(value)?;
    c.prepare_cached("INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)")?.execute([name, &value])?;
    Ok(())
}
