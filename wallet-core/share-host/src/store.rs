//! What is kept: capsules, how they stand, and the tombstones of those that are over. SQLite in one file.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError as Busy};

use ring::digest::{SHA256, digest};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use subtle::ConstantTimeEq;

use crate::answers::Refusal;

/// Wrong passcodes in all, before a link waits for its owner.
pub(crate) const MAX_TRIES: u32 = 10;
/// So long after its end a link is said to have ended, rather than to be unknown: 90 days, in seconds.
const TOLD: u64 = 90 * 24 * 60 * 60;

const SCHEMA: &str = "
CREATE TABLE links (
  id            BLOB PRIMARY KEY,
  manage_public BLOB NOT NULL,
  seq           INTEGER NOT NULL,
  end           INTEGER,
  -- The latest end that was ever accepted; NULL once it was open-ended.
  latest_end    INTEGER,
  auth_hash     BLOB,
  tries         INTEGER NOT NULL,
  capsule       BLOB NOT NULL
) STRICT;
CREATE INDEX links_end ON links (end) WHERE end IS NOT NULL;
CREATE TABLE tombstones (id BLOB PRIMARY KEY, until INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX tombstones_until ON tombstones (until) WHERE until IS NOT NULL;
PRAGMA user_version = 1;
";

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The database.
    #[error("the database: {0}")]
    Sqlite(rusqlite::Error),
    /// A file.
    #[error("a file: {0}")]
    Io(#[from] io::Error),
    /// Written by a newer version.
    #[error("the database is of a newer version of badge-share-host: start that one")]
    TooNew,
    /// Two would each count for themselves what a quota and a client have left.
    #[error("another badge-share-host uses this folder")]
    InUse,
    /// The quota or the disk.
    #[error("no room")]
    Full,
    /// What the protocol refuses.
    #[error("refused")]
    Refused(Refusal),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

type Result<T> = std::result::Result<T, StoreError>;

/// A link as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) manage_public: [u8; 32],
    pub(crate) seq: u64,
    pub(crate) end: Option<u64>,
    pub(crate) tries: u32,
}

/// What a step puts in place.
#[derive(Debug)]
pub(crate) struct Sealed<'a> {
    pub(crate) id: [u8; 16],
    pub(crate) manage_public: [u8; 32],
    pub(crate) seq: u64,
    pub(crate) end: Option<u64>,
    pub(crate) auth_hash: Option<[u8; 32]>,
    pub(crate) capsule: &'a [u8],
}

/// How much may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Bytes of capsules in all.
    pub bytes: u64,
    /// Links.
    pub links: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { bytes: 4 * 1024 * 1024 * 1024, links: 1_000_000 }
    }
}

/// Where links are kept. Another database is another variant with the same few questions.
#[derive(Debug)]
pub(crate) enum Store {
    Sqlite(Sqlite),
}

/// One file. Readers are never kept waiting by a writer, and seldom by each other.
#[derive(Debug)]
pub(crate) struct Sqlite {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    quota: Quota,
    links: AtomicU64,
    bytes: AtomicU64,
    /// Held for as long as this lives; the system lets go of it whatever ends the process.
    _lock: fs::File,
}

impl Store {
    pub(crate) fn open(path: &Path, quota: Quota) -> Result<Self> {
        Sqlite::open(path, quota).map(Self::Sqlite)
    }

    /// The capsule, for whoever knows the id and, where there is one, the passcode. A wrong passcode is counted before it is answered.
    pub(crate) fn read(&self, id: [u8; 16], auth: Option<[u8; 32]>, now: u64) -> Result<Vec<u8>> {
        let Self::Sqlite(sqlite) = self;
        sqlite.read(id, auth, now)
    }

    /// How a link stands.
    pub(crate) fn standing(&self, id: [u8; 16], now: u64) -> Result<Standing> {
        let Self::Sqlite(sqlite) = self;
        standing(&sqlite.reader(), id, now)
    }

    /// A new link.
    pub(crate) fn create(&self, sealed: &Sealed<'_>, now: u64) -> Result<()> {
        let Self::Sqlite(sqlite) = self;
        sqlite.put(sealed, now, true)
    }

    /// Other content, another end.
    pub(crate) fn replace(&self, sealed: &Sealed<'_>, now: u64) -> Result<()> {
        let Self::Sqlite(sqlite) = self;
        sqlite.put(sealed, now, false)
    }

    /// The end of a link: its bytes are overwritten, and a tombstone stays.
    pub(crate) fn stop(&self, id: [u8; 16], seq: u64, now: u64) -> Result<()> {
        let Self::Sqlite(sqlite) = self;
        sqlite.stop(id, seq, now)
    }

    /// Lets passcodes be tried again.
    pub(crate) fn reopen(&self, id: [u8; 16], seq: u64, now: u64) -> Result<()> {
        let Self::Sqlite(sqlite) = self;
        sqlite.write(|t| {
            in_turn(&standing(t, id, now)?, seq)?;
            t.prepare_cached("UPDATE links SET tries = 0, seq = ?2 WHERE id = ?1")?.execute(params![id, number(seq)])?;
            Ok(())
        })
    }

    /// Deletes what has ended, and tombstones that nothing needs any more.
    pub(crate) fn sweep(&self, now: u64) -> Result<()> {
        let Self::Sqlite(sqlite) = self;
        sqlite.sweep(now)
    }

    /// Links and bytes.
    pub(crate) fn count(&self) -> Result<(u64, u64)> {
        let Self::Sqlite(sqlite) = self;
        sqlite.reader().query_row("SELECT 1", [], |_| Ok(()))?;
        Ok((sqlite.links.load(Ordering::Relaxed), sqlite.bytes.load(Ordering::Relaxed)))
    }
}

impl Sqlite {
    fn open(path: &Path, quota: Quota) -> Result<Self> {
        let lock = private_file(&path.with_extension("lock"))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => StoreError::InUse,
            fs::TryLockError::Error(error) => error.into(),
        })?;
        private_file(path)?;
        let writer = connect(path)?;
        let version: u32 = writer.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match version {
            0 => writer.execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} COMMIT;"))?,
            1 => {}
            _ => return Err(StoreError::TooNew),
        }
        let (links, bytes): (i64, i64) =
            writer.query_row("SELECT count(*), COALESCE(sum(length(capsule)), 0) FROM links", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let (links, bytes) = (AtomicU64::new(links.unsigned_abs()), AtomicU64::new(bytes.unsigned_abs()));
        let readers = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8));
        let readers = (0..readers).map(|_| connect(path).map(Mutex::new)).collect::<Result<_>>()?;
        Ok(Self { writer: Mutex::new(writer), readers, quota, links, bytes, _lock: lock })
    }

    /// A reader that nobody uses, or the first one when it comes free.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        for reader in &self.readers {
            match reader.try_lock() {
                Ok(reader) => return reader,
                Err(Busy::Poisoned(error)) => return error.into_inner(),
                Err(Busy::WouldBlock) => {}
            }
        }
        held(&self.readers[0])
    }

    fn write<T>(&self, step: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        transaction(&mut held(&self.writer), step)
    }

    fn read(&self, id: [u8; 16], auth: Option<[u8; 32]>, now: u64) -> Result<Vec<u8>> {
        let (tries, capsule) = {
            let reader = self.reader();
            let row = reader
                .prepare_cached(
                    "SELECT tries, CASE WHEN auth_hash IS NULL THEN capsule END FROM links
                     WHERE id = ?1 AND (end IS NULL OR end > ?2)",
                )?
                .query_row(params![id, number(now)], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Option<Vec<u8>>>(1)?)))
                .optional()?;
            match row {
                Some(row) => row,
                None => return Err(standing(&reader, id, now).err().unwrap_or_else(|| Refusal::Unknown.into())),
            }
        };
        match (capsule, auth) {
            (Some(capsule), _) => Ok(capsule),
            (None, Some(auth)) => self.try_passcode(id, auth, now),
            (None, None) if tries >= MAX_TRIES => Err(Refusal::Locked.into()),
            (None, None) => Err(Refusal::PasscodeNeeded.into()),
        }
    }

    /// One try. It is counted, on the disk, before it is looked at, and taken back when it was right: neither tries at once nor a
    /// crash nor a full disk give an eleventh.
    fn try_passcode(&self, id: [u8; 16], auth: [u8; 32], now: u64) -> Result<Vec<u8>> {
        // Held over both steps, so that nobody sees the count of a right one.
        let mut connection = held(&self.writer);
        let (tries, hash, capsule) = transaction(&mut connection, |t| {
            let tries = standing(t, id, now)?.tries;
            if tries >= MAX_TRIES {
                return Err(Refusal::Locked.into());
            }
            let row = t
                .prepare_cached("UPDATE links SET tries = tries + 1 WHERE id = ?1 RETURNING auth_hash, capsule")?
                .query_row([id], |row| Ok((tries, row.get::<_, Option<Vec<u8>>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
            Ok(row)
        })?;
        if !hash.is_some_and(|hash| bool::from(digest(&SHA256, &auth).as_ref().ct_eq(&hash))) {
            return Err(Refusal::WrongPasscode(MAX_TRIES - tries - 1).into());
        }
        transaction(&mut connection, |t| {
            t.prepare_cached("UPDATE links SET tries = tries - 1 WHERE id = ?1")?.execute([id])?;
            Ok(())
        })?;
        Ok(capsule)
    }

    fn put(&self, sealed: &Sealed<'_>, now: u64, new: bool) -> Result<()> {
        let size = sealed.capsule.len() as u64;
        let before = self.write(|t| {
            let before = match (standing(t, sealed.id, now), new) {
                (Err(StoreError::Refused(Refusal::Unknown)), true) => None,
                (Ok(standing), true) => return Err(Refusal::Conflict(standing.seq).into()),
                (Ok(standing), false) => {
                    in_turn(&standing, sealed.seq)?;
                    let length: i64 =
                        t.query_row("SELECT length(capsule) FROM links WHERE id = ?1", [sealed.id], |row| row.get(0))?;
                    Some(length.unsigned_abs())
                }
                (Err(error), _) => return Err(error),
            };
            let bytes = self.bytes.load(Ordering::Relaxed) - before.unwrap_or(0).min(self.bytes.load(Ordering::Relaxed)) + size;
            let links = self.links.load(Ordering::Relaxed) + u64::from(before.is_none());
            if bytes > self.quota.bytes || links > self.quota.links {
                return Err(StoreError::Full);
            }
            t.prepare_cached(
                "INSERT INTO links (id, manage_public, seq, end, latest_end, auth_hash, tries, capsule)
                 VALUES (?1, ?2, ?3, ?4, ?4, ?5, 0, ?6)
                 ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, end = excluded.end,
                   latest_end = CASE WHEN latest_end IS NULL OR excluded.end IS NULL THEN NULL ELSE max(latest_end, excluded.end) END,
                   auth_hash = excluded.auth_hash, capsule = excluded.capsule",
            )?
            .execute(params![
                sealed.id,
                sealed.manage_public,
                number(sealed.seq),
                sealed.end.map(number),
                sealed.auth_hash,
                sealed.capsule,
            ])?;
            Ok(before)
        })?;
        self.bytes.fetch_add(size, Ordering::Relaxed);
        match before {
            Some(length) => self.bytes.fetch_sub(length, Ordering::Relaxed),
            None => self.links.fetch_add(1, Ordering::Relaxed),
        };
        Ok(())
    }

    fn stop(&self, id: [u8; 16], seq: u64, now: u64) -> Result<()> {
        let length = self.write(|t| {
            in_turn(&standing(t, id, now)?, seq)?;
            t.execute("INSERT OR REPLACE INTO tombstones (id, until) SELECT id, latest_end FROM links WHERE id = ?1", [id])?;
            let length: i64 = t.query_row("DELETE FROM links WHERE id = ?1 RETURNING length(capsule)", [id], |row| row.get(0))?;
            Ok(length.unsigned_abs())
        })?;
        self.bytes.fetch_sub(length, Ordering::Relaxed);
        self.links.fetch_sub(1, Ordering::Relaxed);
        self.forget_journal();
        Ok(())
    }

    fn sweep(&self, now: u64) -> Result<()> {
        let (links, bytes) = self.write(|t| {
            t.execute(
                "INSERT OR REPLACE INTO tombstones (id, until) SELECT id, latest_end FROM links WHERE end <= ?1",
                [number(now)],
            )?;
            let mut gone = t.prepare("DELETE FROM links WHERE end <= ?1 RETURNING length(capsule)")?;
            let lengths = gone.query_map([number(now)], |row| row.get::<_, i64>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
            t.execute("DELETE FROM tombstones WHERE until <= ?1", [number(now.saturating_sub(TOLD))])?;
            Ok((lengths.len() as u64, lengths.iter().map(|length| length.unsigned_abs()).sum::<u64>()))
        })?;
        self.links.fetch_sub(links, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        if links > 0 {
            self.forget_journal();
        }
        Ok(())
    }

    /// What was deleted is gone from the journal too.
    fn forget_journal(&self) {
        let done = held(&self.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        match done {
            Ok(0) => {}
            Ok(_) => log::debug!("a reader is in the journal; it is shortened later"),
            Err(error) => log::warn!("the journal was not shortened: {error}"),
        }
    }
}

/// All of the step, or nothing of it.
fn transaction<T>(connection: &mut Connection, step: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = step(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

fn held(mutex: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// FULL: what was accepted survives a power cut. `secure_delete`: what was stopped is overwritten.
fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

fn standing(c: &Connection, id: [u8; 16], now: u64) -> Result<Standing> {
    let row = c
        .prepare_cached("SELECT manage_public, seq, end, tries FROM links WHERE id = ?1")?
        .query_row([id], |row| {
            let seq: i64 = row.get(1)?;
            let end: Option<i64> = row.get(2)?;
            Ok(Standing {
                manage_public: row.get(0)?,
                seq: seq.unsigned_abs(),
                end: end.map(i64::unsigned_abs),
                tries: row.get(3)?,
            })
        })
        .optional()?;
    match row {
        Some(standing) if standing.end.is_some_and(|end| end <= now) => Err(Refusal::Ended.into()),
        Some(standing) => Ok(standing),
        None if c.prepare_cached("SELECT 1 FROM tombstones WHERE id = ?1")?.exists([id])? => Err(Refusal::Ended.into()),
        None => Err(Refusal::Unknown.into()),
    }
}

fn in_turn(standing: &Standing, seq: u64) -> Result<()> {
    if seq > standing.seq { Ok(()) } else { Err(Refusal::Conflict(standing.seq).into()) }
}

/// SQLite counts to 2^63; nothing honest comes near.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A folder of its owner's only, made when it is not there.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A file of its owner's only, made when it is not there. SQLite's companions inherit its mode.
pub(crate) fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
