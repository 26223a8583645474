//! Badges: what lists, search and duplicates need, and the originals.

use jiff::Timestamp;
use open_badges::{Container, Judgement};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, types::Value};

use super::{StoreError, fts_query, millis, time};
use crate::view::Sort;

/// What is made from the bytes and can be made again.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) content_id: String,
    /// The credential's own id, normalised for the standard's equality; `None` where only bytes compare.
    pub(crate) equality: Option<String>,
    pub(crate) issuer_id: String,
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) language: Option<String>,
    pub(crate) description: String,
    pub(crate) skills: String,
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// The learner's address that it was given to.
    pub(crate) mine: Option<String>,
    /// Whether fetching could still change a "cannot tell".
    pub(crate) retry: bool,
    pub(crate) judgement: Judgement,
}

/// The signed bytes and the file they came in.
#[derive(Debug, Clone)]
pub(crate) struct Original {
    pub(crate) container: Container,
    pub(crate) source_url: Option<String>,
    pub(crate) file_name: String,
    pub(crate) file_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
    /// `None` where the file is the bytes.
    pub(crate) file: Option<Vec<u8>>,
}

impl Original {
    /// The file as it came in.
    pub(crate) fn file(&self) -> &[u8] {
        self.file.as_deref().unwrap_or(&self.bytes)
    }
}

/// A stored badge without its originals.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) key: i64,
    pub(crate) id: String,
    pub(crate) index: Index,
    pub(crate) added_at: Timestamp,
}

/// A row of the list, with its small picture.
#[derive(Debug, Clone)]
pub(crate) struct Tile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) language: Option<String>,
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) judgement: Judgement,
    pub(crate) thumbnail: Option<Vec<u8>>,
}

const COLUMNS: &str = "key, id, content_id, equality, issuer_id, name, issuer, language, description, skills, issued_at, \
                       expires_at, mine, judgement, added_at, retry";

fn stored(row: &Row<'_>) -> Result<Stored, StoreError> {
    let judgement: String = row.get(13)?;
    Ok(Stored {
        key: row.get(0)?,
        id: row.get(1)?,
        index: Index {
            content_id: row.get(2)?,
            equality: row.get(3)?,
            issuer_id: row.get(4)?,
            name: row.get(5)?,
            issuer: row.get(6)?,
            language: row.get(7)?,
            description: row.get(8)?,
            skills: row.get(9)?,
            issued_at: row.get::<_, Option<i64>>(10)?.map(time),
            expires_at: row.get::<_, Option<i64>>(11)?.map(time),
            mine: row.get(12)?,
            retry: row.get(15)?,
            judgement: serde_json::from_str(&judgement)?,
        },
        added_at: time(row.get(14)?),
    })
}

/// Adds a badge and answers its key. A removed one with the same content gives way.
pub(crate) fn insert(c: &Connection, id: &str, index: &Index, original: &Original, now: Timestamp) -> Result<i64, StoreError> {
    c.execute("DELETE FROM credentials WHERE content_id = ?1 AND removed_at IS NOT NULL", [&index.content_id])?;
    const SQL: &str =
        "INSERT INTO credentials (id, content_id, equality, issuer_id, name, name_sort, issuer, issuer_sort, language,
        description, skills, issued_at, expires_at, mine, judgement, retry, added_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    c.prepare_cached(SQL)?.execute(params![
        id,
        index.content_id,
        index.equality,
        index.issuer_id,
        index.name,
        index.name.to_lowercase(),
        index.issuer,
        index.issuer.to_lowercase(),
        index.language,
        index.description,
        index.skills,
        index.issued_at.map(millis),
        index.expires_at.map(millis),
        index.mine,
        serde_json::to_string(&index.judgement)?,
        index.retry,
        millis(now),
    ])?;
    let key = c.last_insert_rowid();
    insert_original(c, key, original)?;
    make_searchable(c, key, index)?;
    Ok(key)
}

/// Puts a newer version in the place of a stored badge, which keeps its id.
pub(crate) fn replace(c: &Connection, key: i64, index: &Index, original: &Original) -> Result<(), StoreError> {
    c.execute("DELETE FROM credentials WHERE content_id = ?1 AND removed_at IS NOT NULL", [&index.content_id])?;
    update_index(c, key, index)?;
    c.execute("DELETE FROM originals WHERE credential = ?1", [key])?;
    c.execute("DELETE FROM pictures WHERE credential = ?1", [key])?;
    c.execute("DELETE FROM credential_documents WHERE credential = ?1", [key])?;
    insert_original(c, key, original)
}

/// Writes what was made anew from the bytes.
pub(crate) fn update_index(c: &Connection, key: i64, index: &Index) -> Result<(), StoreError> {
    const SQL: &str =
        "UPDATE credentials SET content_id = ?2, equality = ?3, issuer_id = ?4, name = ?5, name_sort = ?6, issuer = ?7,
        issuer_sort = ?8, language = ?9, description = ?10, skills = ?11, issued_at = ?12, expires_at = ?13, mine = ?14,
        judgement = ?15, retry = ?16 WHERE key = ?1";
    c.prepare_cached(SQL)?.execute(params![
        key,
        index.content_id,
        index.equality,
        index.issuer_id,
        index.name,
        index.name.to_lowercase(),
        index.issuer,
        index.issuer.to_lowercase(),
        index.language,
        index.description,
        index.skills,
        index.issued_at.map(millis),
        index.expires_at.map(millis),
        index.mine,
        serde_json::to_string(&index.judgement)?,
        index.retry,
    ])?;
    c.execute("DELETE FROM search WHERE rowid = ?1", [key])?;
    let here: bool = c.query_row("SELECT removed_at IS NULL FROM credentials WHERE key = ?1", [key], |r| r.get(0))?;
    if here { make_searchable(c, key, index) } else { Ok(()) }
}

fn insert_original(c: &Connection, key: i64, original: &Original) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO originals (credential, container, source_url, file_name, file_type, bytes, file)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    c.prepare_cached(SQL)?.execute(params![
        key,
        container_name(original.container),
        original.source_url,
        original.file_name,
        original.file_type,
        original.bytes,
        original.file.as_ref().filter(|f| **f != original.bytes),
    ])?;
    Ok(())
}

fn make_searchable(c: &Connection, key: i64, index: &Index) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO search (rowid, name, issuer, description, skills) VALUES (?1, ?2, ?3, ?4, ?5)";
    c.prepare_cached(SQL)?.execute(params![key, index.name, index.issuer, index.description, index.skills])?;
    Ok(())
}

fn container_name(container: Container) -> &'static str {
    match container {
        Container::Json => "json",
        Container::Jwt => "jwt",
        Container::Png => "png",
        Container::Svg => "svg",
    }
}

/// The signed bytes and the file of a badge.
pub(crate) fn original(c: &Connection, key: i64) -> Result<Original, StoreError> {
    const SQL: &str = "SELECT container, source_url, file_name, file_type, bytes, file FROM originals WHERE credential = ?1";
    let mut statement = c.prepare_cached(SQL)?;
    let mut rows = statement.query([key])?;
    let row = rows.next()?.ok_or(StoreError::Damaged("a badge without its bytes"))?;
    let container: String = row.get(0)?;
    Ok(Original {
        container: match container.as_str() {
            "png" => Container::Png,
            "svg" => Container::Svg,
            "jwt" => Container::Jwt,
            _ => Container::Json,
        },
        source_url: row.get(1)?,
        file_name: row.get(2)?,
        file_type: row.get(3)?,
        bytes: row.get(4)?,
        file: row.get(5)?,
    })
}

fn one(c: &Connection, condition: &str, value: &dyn ToSql) -> Result<Option<Stored>, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM credentials WHERE removed_at IS NULL AND {condition}"))?;
    let mut rows = statement.query([value])?;
    rows.next()?.map(stored).transpose()
}

fn many(c: &Connection, condition: &str, value: &[&dyn ToSql]) -> Result<Vec<Stored>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM credentials WHERE removed_at IS NULL AND {condition} ORDER BY key");
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query(value)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(stored(row)?);
    }
    Ok(found)
}

/// The badge of this id.
pub(crate) fn by_id(c: &Connection, id: &str) -> Result<Stored, StoreError> {
    one(c, "id = ?1", &id)?.ok_or(StoreError::NotFound)
}

/// The badge with exactly these bytes.
pub(crate) fn by_content(c: &Connection, content_id: &str) -> Result<Option<Stored>, StoreError> {
    one(c, "content_id = ?1", &content_id)
}

/// Badges whose own id is this one; the standard's equality looks at their issuers next.
pub(crate) fn by_equality(c: &Connection, equality: &str) -> Result<Vec<Stored>, StoreError> {
    many(c, "equality = ?1", &[&equality])
}

/// Badges of this issuer.
pub(crate) fn by_issuer(c: &Connection, issuer_id: &str) -> Result<Vec<Stored>, StoreError> {
    many(c, "issuer_id = ?1", &[&issuer_id])
}

/// Badges whose check could not finish.
pub(crate) fn unfinished(c: &Connection) -> Result<Vec<Stored>, StoreError> {
    many(c, "retry = 1", &[])
}

/// Every badge.
pub(crate) fn all(c: &Connection) -> Result<Vec<Stored>, StoreError> {
    many(c, "1", &[])
}

/// How many badges there are.
pub(crate) fn count(c: &Connection) -> Result<u32, StoreError> {
    Ok(c.query_row("SELECT count(*) FROM credentials WHERE removed_at IS NULL", [], |r| r.get(0))?)
}

/// One page of the list and how many fit.
pub(crate) fn page(
    c: &Connection,
    search: Option<&str>,
    sort: Sort,
    offset: u32,
    limit: u32,
) -> Result<(Vec<Tile>, u32), StoreError> {
    let query = search.map(fts_query).filter(|q| !q.is_empty());
    let order = match sort {
        Sort::Newest => "COALESCE(b.issued_at, b.added_at) DESC, b.key DESC",
        Sort::Name => "b.name_sort, b.key",
        Sort::Issuer => "b.issuer_sort, b.name_sort, b.key",
    };
    // A removed badge is not in `search`. The plus keeps the planner on the index that is in order already.
    let (matches, filter) = match query {
        Some(_) => ("search WHERE search MATCH ?1", "AND +b.key IN (SELECT rowid FROM search WHERE search MATCH ?1)"),
        None => ("credentials WHERE removed_at IS NULL", ""),
    };
    let mut values: Vec<Value> = query.into_iter().map(Value::from).collect();
    let total = c
        .prepare_cached(&format!("SELECT count(*) FROM {matches}"))?
        .query_row(rusqlite::params_from_iter(&values), |r| r.get(0))?;
    values.extend([Value::from(limit), Value::from(offset)]);
    let (n, m) = (values.len() - 1, values.len());
    // The page's keys first: sorting whole rows would read the picture and the verdict of every match.
    let sql = format!(
        "SELECT b.id, b.name, b.issuer, b.language, b.issued_at, b.expires_at, b.judgement, p.thumbnail
         FROM (SELECT b.key FROM credentials b WHERE b.removed_at IS NULL {filter} ORDER BY {order} LIMIT ?{n} OFFSET ?{m}) page
         JOIN credentials b ON b.key = page.key LEFT JOIN pictures p ON p.credential = b.key ORDER BY {order}"
    );
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(&values))?;
    let mut tiles = Vec::new();
    while let Some(row) = rows.next()? {
        let judgement: String = row.get(6)?;
        tiles.push(Tile {
            id: row.get(0)?,
            name: row.get(1)?,
            issuer: row.get(2)?,
            language: row.get(3)?,
            issued_at: row.get::<_, Option<i64>>(4)?.map(time),
            expires_at: row.get::<_, Option<i64>>(5)?.map(time),
            judgement: serde_json::from_str(&judgement)?,
            thumbnail: row.get(7)?,
        });
    }
    Ok((tiles, total))
}

/// Takes a badge out of sight; it can be put back until it is purged.
pub(crate) fn remove(c: &Connection, key: i64, now: Timestamp) -> Result<(), StoreError> {
    c.execute("UPDATE credentials SET removed_at = ?2 WHERE key = ?1", params![key, millis(now)])?;
    c.execute("DELETE FROM search WHERE rowid = ?1", [key])?;
    Ok(())
}

/// Puts a removed badge back and answers it.
pub(crate) fn restore(c: &Connection, id: &str) -> Result<Stored, StoreError> {
    let key: Option<i64> =
        c.query_row("SELECT key FROM credentials WHERE id = ?1 AND removed_at IS NOT NULL", [id], |r| r.get(0)).optional()?;
    c.execute("UPDATE credentials SET removed_at = NULL WHERE key = ?1", [key.ok_or(StoreError::NotFound)?])?;
    let found = by_id(c, id)?;
    make_searchable(c, found.key, &found.index)?;
    Ok(found)
}

/// Really deletes what was removed before `before`, and documents that no badge needs any more.
pub(crate) fn purge(c: &Connection, before: Timestamp) -> Result<(), StoreError> {
    c.execute("DELETE FROM credentials WHERE removed_at <= ?1", [millis(before)])?;
    c.execute("DELETE FROM documents WHERE key NOT IN (SELECT document FROM credential_documents)", [])?;
    Ok(())
}
