//! The learner's share links, with their keys.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use zeroize::Zeroizing;

use super::{StoreError, millis, time};
use crate::view::{ShareShow, ShareState};

/// One link.
#[derive(Clone)]
pub(crate) struct Share {
    pub(crate) id: String,
    /// The host's origin.
    pub(crate) host: String,
    pub(crate) link_key: Zeroizing<[u8; 32]>,
    pub(crate) manage_key: Zeroizing<[u8; 32]>,
    pub(crate) passcode: Option<Zeroizing<String>>,
    pub(crate) label: String,
    pub(crate) title: String,
    pub(crate) words: String,
    pub(crate) witness: bool,
    pub(crate) for_now: bool,
    pub(crate) badges: Vec<SharedBadge>,
    /// What is sealed.
    pub(crate) body: Vec<u8>,
    pub(crate) created_at: Timestamp,
    pub(crate) ends_at: Option<Timestamp>,
    /// What the host confirmed; 0 before it did.
    pub(crate) seq: u64,
    /// What it was last sent: more than `seq` while it is not known whether that arrived.
    pub(crate) sent: u64,
    pub(crate) state: ShareState,
    pub(crate) locked: bool,
}

impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Share").field("state", &self.state).finish_non_exhaustive()
    }
}

/// A badge in a link, as the list of links shows it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct SharedBadge {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) show: ShareShow,
    pub(crate) address: Option<String>,
}

const COLUMNS: &str = "id, host, link_key, manage_key, passcode, label, title, words, witness, for_now, badges, body, created_at,
     ends_at, seq, sent, state, locked";

/// Writes a link, new or changed.
pub(crate) fn put(c: &Connection, share: &Share) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT OR REPLACE INTO shares ({COLUMNS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
    );
    c.prepare_cached(&sql)?.execute(params![
        share.id,
        share.host,
        share.link_key.as_slice(),
        share.manage_key.as_slice(),
        share.passcode.as_ref().map(|passcode| passcode.as_str()),
        share.label,
        share.title,
        share.words,
        share.witness,
        share.for_now,
        serde_json::to_string(&share.badges)?,
        share.body,
        millis(share.created_at),
        share.ends_at.map(millis),
        i64::try_from(share.seq).unwrap_or(i64::MAX),
        i64::try_from(share.sent).unwrap_or(i64::MAX),
        state_name(share.state),
        share.locked,
    ])?;
    Ok(())
}

/// One link.
pub(crate) fn by_id(c: &Connection, id: &str) -> Result<Share, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM shares WHERE id = ?1"))?;
    statement.query_row([id], |row| Ok(read(row))).optional()?.ok_or(StoreError::NotFound)?
}

/// All links, newest first.
pub(crate) fn all(c: &Connection) -> Result<Vec<Share>, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM shares ORDER BY created_at DESC, id"))?;
    let rows = statement.query_map([], |row| Ok(read(row)))?;
    rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect()
}

/// Takes a link off the list.
pub(crate) fn remove(c: &Connection, id: &str) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM shares WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Share, StoreError> {
    let key = |name: &str| -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let bytes = Zeroizing::new(row.get::<_, Vec<u8>>(name)?);
        <[u8; 32]>::try_from(bytes.as_slice()).map(Zeroizing::new).map_err(|_| StoreError::Damaged("a key of a link"))
    };
    let number = |name: &str| -> Result<u64, StoreError> { Ok(u64::try_from(row.get::<_, i64>(name)?).unwrap_or_default()) };
    Ok(Share {
        id: row.get("id")?,
        host: row.get("host")?,
        link_key: key("link_key")?,
        manage_key: key("manage_key")?,
        passcode: row.get::<_, Option<String>>("passcode")?.map(Zeroizing::new),
        label: row.get("label")?,
        title: row.get("title")?,
        words: row.get("words")?,
        witness: row.get("witness")?,
        for_now: row.get("for_now")?,
        badges: serde_json::from_str(&row.get::<_, String>("badges")?)?,
        body: row.get("body")?,
        created_at: time(row.get("created_at")?),
        ends_at: row.get::<_, Option<i64>>("ends_at")?.map(time),
        seq: number("seq")?,
        sent: number("sent")?,
        state: serde_json::from_value(serde_json::Value::String(row.get("state")?))?,
        locked: row.get("locked")?,
    })
}

fn state_name(state: ShareState) -> String {
    badge_view::sentences::name_of(&state)
}
