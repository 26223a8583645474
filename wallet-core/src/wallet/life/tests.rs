use super::*;
use crate::device::MemoryDevice;

const GOOD: &str = "correct horse battery staple";
const OTHER: &str = "groene olifant danst om vier uur";

struct Folder {
    dir: tempfile::TempDir,
    device: Arc<MemoryDevice>,
}

impl Folder {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), device: Arc::default() }
    }

    fn without_key_store() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), device: Arc::new(MemoryDevice::failing(KeyStoreError::Absent)) }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("wallet")
    }

    fn open(&self) -> Vault {
        Vault::open(&self.path(), self.device.clone()).unwrap()
    }

    fn try_open(&self) -> Result<Vault> {
        Vault::open(&self.path(), self.device.clone())
    }

    /// A wallet with something in it, closed again.
    fn begun(passphrase: Option<&str>) -> Self {
        let folder = Self::new();
        let vault = folder.open();
        vault.begin(passphrase.map(pass).as_ref()).unwrap();
        remember(&vault, "kept");
        folder
    }
}

fn pass(text: &str) -> Passphrase {
    Passphrase::from(text.to_owned())
}

fn remember(vault: &Vault, what: &str) {
    let what = what.to_owned();
    vault.store().unwrap().write(|t| crate::store::settings::put(t, "test", &what)).unwrap();
}

fn remembered(vault: &Vault) -> Option<String> {
    vault.store().unwrap().read(|c| crate::store::settings::get(c, "test")).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> ErrorCode {
    result.unwrap_err().code
}

#[test]
fn opening_creates_nothing() {
    let folder = Folder::new();
    let vault = folder.open();
    assert_eq!(vault.standing(), Standing { state: WalletState::New, key_store: true, passphrase: false, problem: None });
    assert!(!folder.path().exists());
    assert_eq!(folder.device.entries(), 0);
}

#[test]
fn a_wallet_opens_again_with_what_was_kept() {
    let folder = Folder::begun(None);
    let vault = folder.open();
    assert_eq!(vault.standing(), Standing { state: WalletState::Ready, key_store: true, passphrase: false, problem: None });
    assert_eq!(remembered(&vault).as_deref(), Some("kept"));
    assert_eq!(folder.device.entries(), 1);
}

#[test]
fn beginning_without_a_key_store_needs_a_strong_passphrase() {
    for fault in [KeyStoreError::Absent, KeyStoreError::Locked, KeyStoreError::Denied] {
        let folder = Folder::new();
        folder.device.fail(Some(fault));
        let vault = folder.open();
        assert!(!vault.standing().key_store);
        assert_eq!(code(vault.begin(None)), ErrorCode::PassphraseNeeded);
        assert_eq!(code(vault.begin(Some(&pass("badge123")))), ErrorCode::WeakPassphrase);
        assert!(!folder.path().exists());
        vault.begin(Some(&pass(GOOD))).unwrap();
        assert_eq!(vault.standing().state, WalletState::Ready);
    }
}

/// The truth table of the key store: empty, locked, denied and absent are four answers, and no data is lost by any.
#[test]
fn no_fault_of_the_key_store_makes_a_new_key_over_old_data() {
    for fault in [KeyStoreError::Empty, KeyStoreError::Locked, KeyStoreError::Denied, KeyStoreError::Absent] {
        let folder = Folder::begun(None);
        let before = std::fs::read(folder.path().join(KEYS)).unwrap();
        folder.device.fail(Some(fault));
        let vault = folder.open();
        let standing = vault.standing();
        assert_eq!(standing.state, WalletState::Locked, "{fault:?}");
        assert_eq!(standing.problem, Some(fault.into()));
        assert_eq!(standing.key_store, fault == KeyStoreError::Empty);
        assert_eq!(code(vault.unlock(None)), fault.into());
        assert_eq!(code(vault.unlock(Some(&pass(GOOD)))), ErrorCode::WrongPassphrase);
        assert_eq!(code(vault.begin(None)), ErrorCode::NotAllowed);
        assert_eq!(code(vault.begin(Some(&pass(GOOD)))), ErrorCode::NotAllowed);
        assert!(vault.store().is_none());
        assert_eq!(std::fs::read(folder.path().join(KEYS)).unwrap(), before);
        folder.device.fail(None);
        vault.unlock(None).unwrap();
        assert_eq!(remembered(&vault).as_deref(), Some("kept"), "{fault:?}");
    }
}

#[test]
fn a_key_store_that_lost_its_entry_gets_a_new_one_only_by_the_passphrase() {
    let folder = Folder::begun(Some(GOOD));
    folder.device.forget();
    let vault = folder.open();
    assert_eq!(vault.standing().problem, Some(ErrorCode::KeyStoreEmpty));
    assert_eq!(folder.device.entries(), 0);
    vault.unlock(Some(&pass(GOOD))).unwrap();
    assert_eq!(folder.device.entries(), 1);
    drop(vault);
    assert_eq!(remembered(&folder.open()).as_deref(), Some("kept"));
}

#[test]
fn locking_takes_the_slot_away_and_unlocking_puts_it_back() {
    let folder = Folder::begun(None);
    let vault = folder.open();
    assert_eq!(code(vault.lock()), ErrorCode::PassphraseNeeded);
    assert_eq!(code(vault.set_passphrase(None, &pass("weak"))), ErrorCode::WeakPassphrase);
    vault.set_passphrase(None, &pass(GOOD)).unwrap();
    vault.lock().unwrap();
    assert_eq!(folder.device.entries(), 0);
    drop(vault);

    let vault = folder.open();
    assert_eq!(vault.standing(), Standing { state: WalletState::Locked, key_store: true, passphrase: true, problem: None });
    assert_eq!(code(vault.unlock(None)), ErrorCode::Locked);
    assert_eq!(code(vault.unlock(Some(&pass(OTHER)))), ErrorCode::WrongPassphrase);
    vault.unlock(Some(&pass(GOOD))).unwrap();
    assert_eq!(folder.device.entries(), 1);
    drop(vault);
    assert_eq!(remembered(&folder.open()).as_deref(), Some("kept"));
}

#[test]
fn the_old_passphrase_is_asked_for_and_then_opens_nothing() {
    let folder = Folder::without_key_store();
    let vault = folder.open();
    vault.begin(Some(&pass(GOOD))).unwrap();
    assert_eq!(code(vault.set_passphrase(None, &pass(OTHER))), ErrorCode::WrongPassphrase);
    assert_eq!(code(vault.set_passphrase(Some(&pass(OTHER)), &pass(OTHER))), ErrorCode::WrongPassphrase);
    vault.set_passphrase(Some(&pass(GOOD)), &pass(OTHER)).unwrap();
    drop(vault);
    let vault = folder.open();
    assert_eq!(code(vault.unlock(Some(&pass(GOOD)))), ErrorCode::WrongPassphrase);
    vault.unlock(Some(&pass(OTHER))).unwrap();
}

#[test]
fn a_passphrase_file_leaves_the_key_store_alone() {
    let folder = Folder::begun(Some(GOOD));
    folder.device.fail(Some(KeyStoreError::Denied));
    let open = |p| Vault::open_with_passphrase(&folder.path(), folder.device.clone(), &pass(p));
    assert_eq!(code(open(OTHER)), ErrorCode::WrongPassphrase);
    let vault = open(GOOD).unwrap();
    assert_eq!(remembered(&vault).as_deref(), Some("kept"));
    assert_eq!(vault.standing().problem, None);
}

#[test]
fn a_second_opening_of_one_folder_is_busy() {
    let folder = Folder::begun(None);
    let first = folder.open();
    assert_eq!(code(folder.try_open()), ErrorCode::Busy);
    drop(first);
    folder.try_open().unwrap();
}

#[test]
fn two_that_begin_at_once_make_one_wallet() {
    let folder = Folder::new();
    let (first, second) = (folder.open(), folder.open());
    first.begin(None).unwrap();
    assert_eq!(code(second.begin(None)), ErrorCode::Busy);
    remember(&first, "kept");
    drop(first);
    assert_eq!(code(second.begin(None)), ErrorCode::NotAllowed);
    assert_eq!(remembered(&second).as_deref(), Some("kept"));
}

#[test]
fn a_crash_between_the_steps_of_beginning_leaves_a_wallet_that_opens() {
    // After the keys and before the database.
    let folder = Folder::begun(None);
    let path = folder.path().join(KEYS);
    let mut keys = Keys::read(&path).unwrap().unwrap();
    keys.complete = false;
    keys.write(&path).unwrap();
    for name in [DATABASE, "wallet.db-wal", "wallet.db-shm"] {
        _ = std::fs::remove_file(folder.path().join(name));
    }
    assert_eq!(folder.open().standing().state, WalletState::Ready);
    assert!(Keys::read(&path).unwrap().unwrap().complete);

    // While the database was made: an empty file.
    keys.write(&path).unwrap();
    std::fs::write(folder.path().join(DATABASE), b"").unwrap();
    assert_eq!(folder.open().standing().state, WalletState::Ready);

    // Before keys.json was renamed: still new.
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path()).unwrap();
    std::fs::write(folder.path().join("keys.new"), b"{ half").unwrap();
    std::fs::write(folder.path().join(LOCK), b"").unwrap();
    let vault = folder.open();
    assert_eq!(vault.standing().state, WalletState::New);
    vault.begin(None).unwrap();
}

#[test]
fn a_database_without_its_keys_or_keys_without_their_database_are_damage() {
    let cases: [(&str, &[&str]); 2] = [(DATABASE, &[DATABASE, "wallet.db-wal", "wallet.db-shm"]), (KEYS, &[KEYS])];
    for (case, lost) in cases {
        let folder = Folder::begun(Some(GOOD));
        for name in lost {
            _ = std::fs::remove_file(folder.path().join(name));
        }
        let vault = folder.open();
        assert_eq!(vault.standing().state, WalletState::Locked, "{case}");
        assert_eq!(vault.standing().problem, Some(ErrorCode::WalletDamaged));
        assert_eq!(code(vault.unlock(Some(&pass(GOOD)))), ErrorCode::WalletDamaged);
        assert_eq!(code(vault.begin(Some(&pass(GOOD)))), ErrorCode::NotAllowed);
        assert!(!lost.iter().any(|name| folder.path().join(name).exists()), "{case}: nothing new in its place");
    }
}

#[test]
fn a_wallet_of_a_newer_version_is_left_alone() {
    let folder = Folder::begun(None);
    folder
        .open()
        .store()
        .unwrap()
        .write(|t| {
            t.execute("UPDATE meta SET min_reader = 99", [])?;
            Ok(t.pragma_update(None, "user_version", 99)?)
        })
        .unwrap();
    let vault = folder.open();
    assert_eq!(vault.standing().state, WalletState::TooNew);
    assert_eq!(code(vault.unlock(None)), ErrorCode::TooNew);
    assert_eq!(code(vault.begin(None)), ErrorCode::NotAllowed);
    drop(vault);

    std::fs::write(folder.path().join(KEYS), br#"{"version":2}"#).unwrap();
    assert_eq!(folder.open().standing().state, WalletState::TooNew);
}

#[test]
fn erasing_leaves_nothing_and_is_finished_after_a_crash() {
    let folder = Folder::begun(None);
    let vault = folder.open();
    vault.erase().unwrap();
    assert_eq!(vault.standing().state, WalletState::New);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(folder.device.entries(), 0);
    vault.begin(None).unwrap();
    assert_eq!(remembered(&vault), None);
    drop(vault);

    std::fs::write(folder.path().join(ERASING), b"").unwrap();
    let vault = folder.open();
    assert_eq!(vault.standing().state, WalletState::New);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(folder.device.entries(), 0);
}

#[test]
fn a_locked_or_damaged_wallet_can_be_erased() {
    let folder = Folder::begun(None);
    folder.device.forget();
    let vault = folder.open();
    assert_eq!(vault.standing().state, WalletState::Locked);
    vault.erase().unwrap();
    vault.begin(None).unwrap();
}

#[test]
fn files_are_unreadable_without_the_key_and_their_owners_only() {
    let folder = Folder::begun(None);
    let vault = folder.open();
    remember(&vault, "Barista in Lombok");
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let bytes = std::fs::read(entry.path()).unwrap();
        for plain in [&b"Barista"[..], b"SQLite format", b"CREATE TABLE"] {
            assert!(!bytes.windows(plain.len()).any(|w| w == plain), "{:?}", entry.file_name());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.file_name());
        }
    }
}

#[test]
fn a_failed_beginning_leaves_nothing() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path()).unwrap();
    // keys.json cannot be renamed over a folder.
    let vault = folder.open();
    std::fs::create_dir(folder.path().join("keys.new")).unwrap();
    assert!(vault.begin(None).is_err());
    assert_eq!(folder.device.entries(), 0);
    assert_eq!(vault.standing().state, WalletState::New);
    std::fs::remove_dir(folder.path().join("keys.new")).unwrap();
    vault.begin(None).unwrap();
}
