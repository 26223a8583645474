//! Pictures of badges: decoded, bounded and encoded anew before they come here.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// What is known of a badge's picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Picture {
    /// The badge has none.
    None,
    /// It is at an address and was not fetched yet.
    Wanted(String),
    /// It is here, small and large, as PNG.
    Here { thumbnail: Vec<u8>, large: Vec<u8> },
    /// It could not be had or was refused; drawn art takes its place.
    Refused,
}

/// Keeps what is known of a badge's picture.
pub(crate) fn put(c: &Connection, credential: i64, picture: &Picture) -> Result<(), StoreError> {
    let (state, url, thumbnail, large) = match picture {
        Picture::None => ("none", None, None, None),
        Picture::Wanted(url) => ("wanted", Some(url), None, None),
        Picture::Here { thumbnail, large } => ("here", None, Some(thumbnail), Some(large)),
        Picture::Refused => ("refused", None, None, None),
    };
    const SQL: &str = "INSERT OR REPLACE INTO pictures (credential, state, url, thumbnail, large) VALUES (?1, ?2, ?3, ?4, ?5)";
    c.prepare_cached(SQL)?.execute(params![credential, state, url, thumbnail, large])?;
    Ok(())
}

/// A badge's large picture.
pub(crate) fn large(c: &Connection, credential: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = c.prepare_cached("SELECT large FROM pictures WHERE credential = ?1")?;
    Ok(statement.query_row([credential], |r| r.get(0)).optional()?.flatten())
}

/// A badge's small picture.
pub(crate) fn small(c: &Connection, credential: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = c.prepare_cached("SELECT thumbnail FROM pictures WHERE credential = ?1")?;
    Ok(statement.query_row([credential], |r| r.get(0)).optional()?.flatten())
}

/// Badges whose picture is still to be fetched: key and address.
pub(crate) fn wanted(c: &Connection) -> Result<Vec<(i64, String)>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT p.credential, p.url FROM pictures p JOIN credentials b ON b.key = p.credential
         WHERE p.state = 'wanted' AND p.url IS NOT NULL AND b.removed_at IS NULL ORDER BY p.credential",
    )?;
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts a fetched picture in place, if it is still wanted from there.
pub(crate) fn arrived(c: &Connection, credential: i64, url: &str, picture: &Picture) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT 1 FROM pictures WHERE credential = ?1 AND state = 'wanted' AND url = ?2";
    let wanted = c.prepare_cached(SQL)?.exists(params![credential, url])?;
    if wanted {
        put(c, credential, picture)?;
    }
    Ok(wanted)
}
