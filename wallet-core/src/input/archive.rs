//! ZIPs of badges: ours from *export everything*, a teacher's, a platform's. Read in memory, nothing is written anywhere.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use super::{MAX_INPUT, Opened, open_file};
use crate::{Error, ErrorCode};

/// The most entries: more badges than anyone keeps, so that what this wallet exports it also takes back.
pub(super) const MAX_ENTRIES: usize = 20_000;
/// The most bytes of all entries together: 256 MiB. Entries are inflated one by one, and only badges are held on to.
pub(super) const MAX_TOTAL: usize = MAX_INPUT;
/// The most bytes of one entry: 20 MiB, the cap of a baked picture. Other badges have their own, smaller one.
const MAX_ENTRY: u64 = 20 * 1024 * 1024;
/// The signature of an entry in the central directory.
const ENTRY: [u8; 4] = *b"PK\x01\x02";

/// Whether bytes are a ZIP.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Opens each entry on its own.
pub(super) fn open(bytes: &[u8]) -> Result<Opened, Error> {
    // Counted before the directory is read, because reading it takes memory for each.
    if bytes.windows(4).filter(|window| **window == ENTRY).count() > MAX_ENTRIES {
        return Err(ErrorCode::TooLarge.into());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| Error::new(ErrorCode::Damaged, error))?;
    if archive.len() > MAX_ENTRIES {
        return Err(ErrorCode::TooLarge.into());
    }
    let mut opened = Opened::default();
    let mut total = 0;
    for index in 0..archive.len() {
        let listed =
            archive.name_for_index(index).and_then(Result::ok).map_or_else(|| format!("{}", index + 1), |name| name.into_owned());
        if skipped(&listed) {
            continue;
        }
        let name = base_name(&listed);
        let answer = safe_path(&listed).and_then(|()| read(&mut archive, index)).and_then(|content| {
            total += content.len();
            if total > MAX_TOTAL {
                return Err(ErrorCode::TooLarge.into());
            }
            if is_zip(&content) {
                return Err(ErrorCode::NotABadge.into());
            }
            open_file(&name, &content, &mut opened)
        });
        if total > MAX_TOTAL {
            return Err(ErrorCode::TooLarge.into());
        }
        if let Err(error) = answer {
            opened.rejected.push((name, error.code));
        }
    }
    match (opened.items.is_empty(), opened.rejected.first()) {
        (true, None) => Err(ErrorCode::NotABadge.into()),
        // One reason for everything is the reason for the whole.
        (true, Some((_, code))) if opened.rejected.iter().all(|(_, other)| other == code) => Err((*code).into()),
        _ => Ok(opened),
    }
}

fn read(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize) -> Result<Vec<u8>, Error> {
    let entry = archive.by_index(index).map_err(|error| {
        let code = match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ErrorCode::PasswordProtected,
            _ => ErrorCode::Damaged,
        };
        Error::new(code, error)
    })?;
    if entry.is_symlink() {
        return Err(ErrorCode::Hostile.into());
    }
    // What the entry announces is believed only to refuse; the reading is bounded by itself.
    if entry.size() > MAX_ENTRY {
        return Err(ErrorCode::TooLarge.into());
    }
    let mut content = Vec::new();
    entry.take(MAX_ENTRY + 1).read_to_end(&mut content).map_err(|error| Error::new(ErrorCode::Damaged, error))?;
    if content.len() as u64 > MAX_ENTRY { Err(ErrorCode::TooLarge.into()) } else { Ok(content) }
}

/// Folders, what file managers leave behind, and the index of our own export.
fn skipped(path: &str) -> bool {
    let name = base_name(path);
    path.ends_with('/')
        || path.starts_with("__MACOSX/")
        || name.starts_with("._")
        || matches!(name.as_str(), ".DS_Store" | "Thumbs.db" | "desktop.ini")
        || matches!(path, "index.html" | "badges.json")
}

/// Nothing is written by these names, but a path that leaves its archive is no honest one.
fn safe_path(path: &str) -> Result<(), Error> {
    let leaves = path.starts_with(['/', '\\'])
        || path.split(['/', '\\']).any(|part| part == "..")
        || path.contains('\0')
        || path.get(1..2) == Some(":");
    if leaves { Err(ErrorCode::Hostile.into()) } else { Ok(()) }
}

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect()
}
