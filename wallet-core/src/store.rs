//! The encrypted database: open, key, migrate, transaction. Under this module is the only SQL.

pub(crate) mod achievements;
pub(crate) mod activities;
pub(crate) mod cities;
pub(crate) mod claims;
pub(crate) mod credentials;
pub(crate) mod documents;
pub(crate) mod history;
pub(crate) mod identities;
pub(crate) mod issuers;
pub(crate) mod pictures;
pub(crate) mod settings;
pub(crate) mod shares;

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
pub(crate) use rusqlite::{Connection, Transaction};
use rusqlite::{OptionalExtension, TransactionBehavior};
use zeroize::Zeroizing;

use crate::{ErrorCode, keys::Secret};

/// Numbered, forward only, never destructive.
const MIGRATIONS: &[Migration] = &[
    Migration { min_reader: 1, sql: include_str!("store/migrations/001_initial.sql") },
    Migration { min_reader: 1, sql: include_str!("store/migrations/002_shares.sql") },
    Migration { min_reader: 1, sql: include_str!("store/migrations/003_discover.sql") },
    Migration { min_reader: 1, sql: include_str!("store/migrations/004_discover_indexes.sql") },
];

struct Migration {
    /// The oldest `user_version` whose app can still use a database that has this migration.
    min_reader: u32,
    sql: &'static str,
}

/// What this app writes.
const USER_VERSION: u32 = MIGRATIONS.len() as u32;

/// Why the database could not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the database")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a file of the wallet")]
    Io(#[from] io::Error),
    #[error("the database is of a newer version")]
    TooNew,
    #[error("the database is damaged: {0}")]
    Damaged(&'static str),
    #[error("no such row")]
    NotFound,
}

impl From<StoreError> for crate::Error {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Sqlite(e) => sqlite_code(e),
            StoreError::Io(e) => io_code(e),
            StoreError::TooNew => ErrorCode::TooNew,
            StoreError::Damaged(_) => ErrorCode::WalletDamaged,
            StoreError::NotFound => ErrorCode::NotFound,
        };
        Self::new(code, error)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(_: serde_json::Error) -> Self {
        // The message could quote what was stored.
        Self::Damaged("JSON in a column")
    }
}

fn sqlite_code(error: &rusqlite::Error) -> ErrorCode {
    use rusqlite::ErrorCode as S;
    match error.sqlite_error_code() {
        Some(S::DiskFull | S::ReadOnly | S::CannotOpen | S::SystemIoFailure | S::PermissionDenied) => ErrorCode::DiskFull,
        Some(S::NotADatabase | S::DatabaseCorrupt) => ErrorCode::WalletDamaged,
        Some(S::DatabaseBusy | S::DatabaseLocked) => ErrorCode::Busy,
        Some(S::TooBig) => ErrorCode::TooLarge,
        _ => ErrorCode::Internal,
    }
}

/// What a file system's refusal means to a person.
pub(crate) fn io_code(error: &io::Error) -> ErrorCode {
    use io::ErrorKind as K;
    match error.kind() {
        K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem | K::PermissionDenied | K::FileTooLarge => ErrorCode::DiskFull,
        _ => ErrorCode::Internal,
    }
}

/// One open database. One connection behind a lock, which is never held over an await.
pub(crate) struct Store {
    connection: Mutex<Connection>,
    /// What the filters of activities offered last.
    offers: Mutex<Option<activities::Offers>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store(..)")
    }
}

impl Store {
    /// Opens the database with its raw key and brings it up to date. Makes the file only when `create` is said.
    pub(crate) fn open(path: &Path, key: &Secret, create: bool) -> Result<Self, StoreError> {
        if create {
            // Made by us first, so that SQLite's companion files inherit the mode.
            private(OpenOptions::new().create(true).append(true)).open(path)?;
        }
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        unlock(&connection, key)?;
        migrate(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection), offers: Mutex::default() })
    }

    /// Reads.
    pub(crate) fn read<T>(&self, f: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        f(&self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes, all or nothing.
    pub(crate) fn write<T>(&self, f: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = f(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// Gives SQLCipher the raw key (no key derivation inside) and sets what every connection needs.
fn unlock(connection: &Connection, key: &Secret) -> Result<(), StoreError> {
    let hex = Zeroizing::new(hex::encode(key.expose()));
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", *hex));
    // SQLCipher would write to standard error of its own accord.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&pragma)?;
    // Settings that answer a row are harmless in a batch. FULL: what was said to be kept survives a power cut. Pages stay decrypted in
    // 8 MiB: decryption is most of what a query costs.
    connection.execute_batch(
        "PRAGMA cipher_memory_security = ON;
         PRAGMA cache_size = -8192;
         PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let at = user_version(connection)?;
    if at > USER_VERSION {
        let min: Option<u32> = connection.query_row("SELECT min_reader FROM meta", [], |r| r.get(0)).optional()?;
        return if min.is_some_and(|min| min <= USER_VERSION) { Ok(()) } else { Err(StoreError::TooNew) };
    }
    for (version, migration) in (1..).zip(MIGRATIONS).skip(at as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration.sql)?;
        transaction.execute("UPDATE meta SET min_reader = ?1", [migration.min_reader])?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

fn user_version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |r| r.get(0))?)
}

/// Writes a file whole or not at all, readable by its owner only: a temporary one, flushed, renamed, and the folder flushed.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let mut file = private(OpenOptions::new().create(true).truncate(true).write(true)).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&temporary, path)?;
    match path.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

/// Makes a rename or a new file in this folder survive a power cut, where the system can.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// New files are their owner's only.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Every word by prefix, all of them wanted. Quoted, so that nothing in it is an operator.
fn fts_query(text: &str) -> String {
    let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).take(16);
    words.map(|w| format!("\"{}\"*", w.replace('"', ""))).collect::<Vec<_>>().join(" ")
}

/// A time as it is stored.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored time.
pub(crate) fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
