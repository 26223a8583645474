//! Everything fetched that decides about a badge: address, time, hash and body.

use open_badges::{Answer, Fetched, Need, Purpose};
use ring::digest;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{StoreError, millis, time};

/// A stored document: the latest answer, and the last one that had a body.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) need: Need,
    pub(crate) latest: Fetched,
    pub(crate) last_body: Option<Fetched>,
}

fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Assertion => "assertion",
        Purpose::BadgeClass => "badge_class",
        Purpose::Issuer => "issuer",
        Purpose::Key => "key",
        Purpose::DidDocument => "did_document",
        Purpose::KeySet => "key_set",
        Purpose::StatusList => "status_list",
    }
}

fn purpose(name: &str) -> Result<Purpose, StoreError> {
    Ok(match name {
        "assertion" => Purpose::Assertion,
        "badge_class" => Purpose::BadgeClass,
        "issuer" => Purpose::Issuer,
        "key" => Purpose::Key,
        "did_document" => Purpose::DidDocument,
        "key_set" => Purpose::KeySet,
        "status_list" => Purpose::StatusList,
        _ => return Err(StoreError::Damaged("a document's purpose")),
    })
}

/// Keeps an answer and ties it to a badge. Silence (offline, unreachable) is no answer and replaces nothing.
pub(crate) fn put(c: &Connection, credential: i64, need: &Need, fetched: &Fetched) -> Result<(), StoreError> {
    let (answer, final_url, body) = match &fetched.answer {
        Answer::Document { final_url, body } => ("document", Some(final_url), Some(body)),
        Answer::Gone => ("gone", None, None),
        Answer::NotFound => ("not_found", None, None),
        Answer::Unreachable | Answer::NotAsked => return Ok(()),
    };
    let sha256 = body.map(|b| hex::encode(digest::digest(&digest::SHA256, b)));
    let at = millis(fetched.fetched_at);
    const SQL: &str = "INSERT INTO documents (purpose, url, answer, fetched_at, final_url, sha256, body, body_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (purpose, url) DO UPDATE SET answer = excluded.answer, fetched_at = excluded.fetched_at,
          final_url = COALESCE(excluded.final_url, final_url), sha256 = COALESCE(excluded.sha256, sha256),
          body = COALESCE(excluded.body, body), body_at = COALESCE(excluded.body_at, body_at)
        WHERE excluded.fetched_at >= fetched_at";
    c.prepare_cached(SQL)?.execute(params![
        purpose_name(need.purpose),
        need.url,
        answer,
        at,
        final_url,
        sha256,
        body,
        body.is_some().then_some(at)
    ])?;
    const TIE: &str = "INSERT OR IGNORE INTO credential_documents (credential, document)
        SELECT ?1, key FROM documents WHERE purpose = ?2 AND url = ?3";
    c.prepare_cached(TIE)?.execute(params![credential, purpose_name(need.purpose), need.url])?;
    Ok(())
}

const COLUMNS: &str = "d.purpose, d.url, d.answer, d.fetched_at, d.final_url, d.body, d.body_at";

fn document(row: &Row<'_>) -> Result<Document, StoreError> {
    let (name, answer): (String, String) = (row.get(0)?, row.get(2)?);
    let last_body = match (row.get::<_, Option<String>>(4)?, row.get::<_, Option<Vec<u8>>>(5)?, row.get::<_, Option<i64>>(6)?) {
        (Some(final_url), Some(body), Some(at)) => {
            Some(Fetched { answer: Answer::Document { final_url, body }, fetched_at: time(at) })
        }
        _ => None,
    };
    let fetched_at = time(row.get(3)?);
    let latest = match (answer.as_str(), &last_body) {
        ("document", Some(body)) => body.clone(),
        ("gone", _) => Fetched { answer: Answer::Gone, fetched_at },
        ("not_found", _) => Fetched { answer: Answer::NotFound, fetched_at },
        _ => return Err(StoreError::Damaged("a document's answer")),
    };
    Ok(Document { need: Need { purpose: purpose(&name)?, url: row.get(1)? }, latest, last_body })
}

/// What was fetched for a badge.
pub(crate) fn of(c: &Connection, credential: i64) -> Result<Vec<Document>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM documents d JOIN credential_documents t ON t.document = d.key WHERE t.credential = ?1");
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query([credential])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(document(row)?);
    }
    Ok(found)
}

/// The stored answer to a need, whichever badge it was fetched for.
pub(crate) fn find(c: &Connection, need: &Need) -> Result<Option<Document>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM documents d WHERE d.purpose = ?1 AND d.url = ?2");
    let mut statement = c.prepare_cached(&sql)?;
    let found = statement.query_row(params![purpose_name(need.purpose), need.url], |row| Ok(document(row))).optional()?;
    found.transpose()
}
