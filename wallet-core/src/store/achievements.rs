//! What each badge in the wallet is one of: an index for progress and next steps, made from the badges themselves.

use open_badges::{Judgement, Verdict, verdict_of};
use rusqlite::{Connection, params};

use super::StoreError;

/// What a badge is one of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Achievement {
    /// The address of its BadgeClass or achievement.
    pub(crate) class: Option<String>,
    /// The badge's name as it is written.
    pub(crate) title: String,
    /// Its name and its issuer's, as names are compared.
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) skills: Vec<String>,
}

/// Badges that are here, as yet without an entry, or with one of other bytes: their ids.
pub(crate) fn missing(c: &Connection) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT b.id FROM credentials b LEFT JOIN achievements a ON a.credential = b.key
        WHERE b.removed_at IS NULL AND a.content_id IS NOT b.content_id";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes an entry.
pub(crate) fn put(c: &Connection, key: i64, content_id: &str, achievement: &Achievement) -> Result<(), StoreError> {
    const SQL: &str = "INSERT OR REPLACE INTO achievements (credential, content_id, class, title, name, issuer, skills)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Achievement { class, title, name, issuer, skills } = achievement;
    c.prepare_cached(SQL)?.execute(params![key, content_id, class, title, name, issuer, serde_json::to_string(skills)?])?;
    Ok(())
}

/// Every badge that is here and does not fail its checks: its id and what it is one of.
pub(crate) fn all(c: &Connection) -> Result<Vec<(String, Achievement)>, StoreError> {
    const SQL: &str =
        "SELECT b.id, a.class, a.title, a.name, a.issuer, a.skills, CASE WHEN instr(b.judgement, 'failed') > 0 THEN b.judgement END
        FROM achievements a JOIN credentials b ON b.key = a.credential
        WHERE b.removed_at IS NULL ORDER BY b.key";
    let mut statement = c.prepare_cached(SQL)?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let failed: Option<Judgement> = row.get::<_, Option<String>>(6)?.map(|text| serde_json::from_str(&text)).transpose()?;
        if failed.is_some_and(|judgement| verdict_of(&judgement.checks) == Verdict::Invalid) {
            continue;
        }
        let skills = serde_json::from_str(&row.get::<_, String>(5)?)?;
        let (class, title, name, issuer) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        all.push((row.get(0)?, Achievement { class, title, name, issuer, skills }));
    }
    Ok(all)
}
