//! The life of one wallet folder: begin, open, lock, unlock, change the passphrase, erase. All of it blocks.
//!
//! A key is created only where neither a database nor an envelope exists. The key store's four refusals are four answers, and
//! none of them leads to a new key over old data.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    Error, ErrorCode, Result,
    device::{Device, KeyStoreError},
    keys::{self, Keys, KeysError, Mode, Passphrase, Secret},
    store::{self, Store, StoreError},
    view::WalletState,
};

const KEYS: &str = "keys.json";
const DATABASE: &str = "wallet.db";
const LOCK: &str = "wallet.lock";
/// While it exists, the wallet is being erased; the next start finishes that.
const ERASING: &str = "erasing";

/// One wallet folder.
pub(crate) struct Vault {
    folder: PathBuf,
    device: Arc<dyn Device>,
    /// False when a passphrase file was given: the key store is then left alone.
    use_key_store: bool,
    life: Mutex<Life>,
    /// Apart from `life`, which can be held while a key store asks the person something.
    store: Mutex<Option<Arc<Store>>>,
}

/// What is known of the folder.
#[derive(Default)]
struct Life {
    lock: Option<File>,
    keys: Option<Keys>,
    data_key: Option<Secret>,
    /// Read by a newer version only.
    too_new: bool,
    /// Why it is not open, when it is not for want of a passphrase.
    problem: Option<ErrorCode>,
    /// What the key store said at the last look.
    key_store: Option<Result<(), KeyStoreError>>,
}

/// What a front end asks of the folder's life.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing {
    pub(crate) state: WalletState,
    pub(crate) key_store: bool,
    pub(crate) passphrase: bool,
    pub(crate) problem: Option<ErrorCode>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// Looks at the folder and opens what the device's key store opens. Creates nothing where there is no wallet.
    pub(crate) fn open(folder: &Path, device: Arc<dyn Device>) -> Result<Self> {
        let vault = Self::new(folder, device, true);
        vault.start()?;
        Ok(vault)
    }

    /// Opens with a passphrase and leaves the key store alone. A folder without a wallet stays [`WalletState::New`].
    pub(crate) fn open_with_passphrase(folder: &Path, device: Arc<dyn Device>, passphrase: &Passphrase) -> Result<Self> {
        let vault = Self::new(folder, device, false);
        vault.start()?;
        if vault.standing().state == WalletState::Locked {
            vault.unlock(Some(passphrase))?;
        }
        Ok(vault)
    }

    fn new(folder: &Path, device: Arc<dyn Device>, use_key_store: bool) -> Self {
        Self { folder: folder.to_owned(), device, use_key_store, life: Mutex::default(), store: Mutex::default() }
    }

    /// The open database.
    pub(crate) fn store(&self) -> Option<Arc<Store>> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where the folder stands.
    pub(crate) fn standing(&self) -> Standing {
        let mut life = self.life();
        let state = match (&life.keys, self.store()) {
            (_, Some(_)) => WalletState::Ready,
            _ if life.too_new => WalletState::TooNew,
            (None, None) if life.problem.is_none() => WalletState::New,
            _ => WalletState::Locked,
        };
        Standing {
            state,
            key_store: self.probe(&mut life).is_ok(),
            passphrase: life.keys.as_ref().is_some_and(|k| k.has(Mode::Passphrase)),
            problem: life.problem,
        }
    }

    /// Makes a wallet: with the device's key store when it works, with the passphrase when one is given, or with both.
    pub(crate) fn begin(&self, passphrase: Option<&Passphrase>) -> Result<()> {
        if self.standing().state != WalletState::New {
            return Err(ErrorCode::NotAllowed.into());
        }
        if passphrase.is_some_and(|p| !p.is_strong()) {
            return Err(ErrorCode::WeakPassphrase.into());
        }
        let mut life = self.life();
        life.key_store = None;
        let key_store = self.probe(&mut life);
        if let (Err(error), None) = (key_store, passphrase) {
            return Err(Error::new(ErrorCode::PassphraseNeeded, error));
        }
        make_folder(&self.folder)?;
        life.lock = Some(self.take_lock()?);
        if self.holds_wallet() {
            // Another process began between our start and now.
            drop(life);
            return self.start().and(Err(ErrorCode::NotAllowed.into()));
        }
        let mut keys = Keys::new()?;
        let made = self.make(&mut keys, key_store.is_ok(), passphrase);
        if made.is_err() {
            // Nothing was ever kept under these keys: take back what was made of them.
            _ = self.device_delete(&keys);
            self.delete_files();
            life.lock = None;
        }
        let (data_key, store) = made?;
        life.keys = Some(keys);
        life.data_key = Some(data_key);
        life.problem = None;
        self.set_store(Some(store));
        Ok(())
    }

    fn make(&self, keys: &mut Keys, key_store: bool, passphrase: Option<&Passphrase>) -> Result<(Secret, Arc<Store>)> {
        let data_key = Secret::random()?;
        if key_store && let Err(error) = self.seal_with_device(keys, &data_key) {
            // A passphrase alone is enough; without one this is the end.
            match passphrase {
                Some(_) => log::warn!("the key store took no key: {error}"),
                None => return Err(error),
            }
        }
        if let Some(passphrase) = passphrase {
            keys.seal_with_passphrase(passphrase, &data_key)?;
        }
        keys.write(&self.path(KEYS))?;
        let store = self.finish(keys, &data_key)?;
        Ok((data_key, store))
    }

    /// Makes or opens the database of keys that are not complete yet, and then says that they are.
    fn finish(&self, keys: &mut Keys, data_key: &Secret) -> Result<Arc<Store>> {
        let store = Store::open(&self.path(DATABASE), &keys::database_key(data_key)?, !keys.complete)?;
        if !keys.complete {
            store::sync_folder(&self.folder).map_err(StoreError::from)?;
            keys.complete = true;
            keys.write(&self.path(KEYS))?;
        }
        Ok(Arc::new(store))
    }

    /// A fresh key into the device's key store, read back before anything relies on it.
    fn seal_with_device(&self, keys: &mut Keys, data_key: &Secret) -> Result<()> {
        let (name, key) = (keys.entry_name(), Secret::random()?);
        self.device.set(&name, &key)?;
        if self.device.get(&name)? != key {
            return Err(ErrorCode::KeyStoreDenied.into());
        }
        Ok(keys.seal_with_key(&key, data_key)?)
    }

    /// Opens a locked wallet: with the passphrase, which also puts the key store's slot back; without one, by asking the key
    /// store again.
    pub(crate) fn unlock(&self, passphrase: Option<&Passphrase>) -> Result<()> {
        match self.standing().state {
            WalletState::Ready => return Ok(()),
            WalletState::New => return Err(ErrorCode::NoWallet.into()),
            WalletState::TooNew => return Err(ErrorCode::TooNew.into()),
            WalletState::Locked => {}
        }
        let mut life = self.life();
        life.key_store = None;
        let Some(mut keys) = life.keys.clone() else {
            return Err(life.problem.unwrap_or(ErrorCode::WalletDamaged).into());
        };
        self.check_database(&keys)?;
        let data_key = match passphrase {
            Some(passphrase) if keys.has(Mode::Passphrase) => keys.open_with_passphrase(passphrase)?,
            // There is none that could be right.
            Some(_) => return Err(ErrorCode::WrongPassphrase.into()),
            None if keys.has(Mode::KeyStore) && self.use_key_store => match self.open_with_device(&keys) {
                Ok(data_key) => data_key,
                Err(error) => {
                    life.problem = Some(error.code);
                    return Err(error);
                }
            },
            None => return Err(ErrorCode::Locked.into()),
        };
        let store = match self.finish(&mut keys, &data_key) {
            Err(error) => {
                life.too_new = error.code == ErrorCode::TooNew;
                life.problem = Some(error.code);
                return Err(error);
            }
            Ok(store) => store,
        };
        if passphrase.is_some() && self.use_key_store && self.needs_device_slot(&keys, &mut life) {
            let mut with_slot = keys.clone();
            // The wallet is open either way; without the slot the passphrase is asked again next time.
            match self.seal_with_device(&mut with_slot, &data_key).and_then(|()| Ok(with_slot.write(&self.path(KEYS))?)) {
                Ok(()) => keys = with_slot,
                Err(error) => log::warn!("the key store's slot was not put back: {error}"),
            }
        }
        life.keys = Some(keys);
        life.data_key = Some(data_key);
        life.problem = None;
        self.set_store(Some(store));
        Ok(())
    }

    /// Whether the key store works and does not hold the key of its slot.
    fn needs_device_slot(&self, keys: &Keys, life: &mut Life) -> bool {
        let holds = keys.has(Mode::KeyStore) && self.open_with_device(keys).is_ok();
        !holds && self.probe(life).is_ok()
    }

    /// Takes the key store's slot away and closes. Needs a passphrase slot, or nothing would open the wallet again.
    pub(crate) fn lock(&self) -> Result<()> {
        match self.standing().state {
            WalletState::New => return Err(ErrorCode::NoWallet.into()),
            WalletState::TooNew => return Err(ErrorCode::TooNew.into()),
            WalletState::Ready | WalletState::Locked => {}
        }
        let mut life = self.life();
        let Some(mut keys) = life.keys.clone() else { return Err(ErrorCode::WalletDamaged.into()) };
        if !keys.has(Mode::Passphrase) {
            return Err(ErrorCode::PassphraseNeeded.into());
        }
        if keys.has(Mode::KeyStore) {
            keys.remove(Mode::KeyStore);
            keys.write(&self.path(KEYS))?;
            if let Err(error) = self.device_delete(&keys) {
                log::warn!("the key store kept an entry that opens nothing any more: {error}");
            }
        }
        life.keys = Some(keys);
        life.data_key = None;
        life.problem = None;
        self.set_store(None);
        Ok(())
    }

    /// Lets go of the database and the key, whatever the key store is doing. Answers the database, which others may still be in.
    pub(crate) fn close(&self) -> Option<Arc<Store>> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Ok(mut life) = self.life.try_lock() {
            life.data_key = None;
        }
        store
    }

    /// Sets or changes the passphrase: wraps the data key anew.
    pub(crate) fn set_passphrase(&self, old: Option<&Passphrase>, new: &Passphrase) -> Result<()> {
        let mut life = self.life();
        let (Some(mut keys), Some(data_key)) = (life.keys.clone(), life.data_key.clone()) else {
            return Err(if life.keys.is_some() { ErrorCode::Locked } else { ErrorCode::NoWallet }.into());
        };
        if keys.has(Mode::Passphrase) {
            let old = old.ok_or(Error::from(ErrorCode::WrongPassphrase))?;
            keys.open_with_passphrase(old)?;
        }
        if !new.is_strong() {
            return Err(ErrorCode::WeakPassphrase.into());
        }
        keys.seal_with_passphrase(new, &data_key)?;
        keys.write(&self.path(KEYS))?;
        life.keys = Some(keys);
        Ok(())
    }

    /// Deletes the key and every file of the wallet. Works in every state, and a start after a crash in it finishes it.
    pub(crate) fn erase(&self) -> Result<()> {
        let mut life = self.life();
        if !self.folder.exists() {
            return Ok(());
        }
        if life.lock.is_none() {
            life.lock = Some(self.take_lock()?);
        }
        store::write_atomically(&self.path(ERASING), b"").map_err(StoreError::from)?;
        self.set_store(None);
        if let Some(keys) = life.keys.take()
            && let Err(error) = self.device_delete(&keys)
        {
            log::warn!("the key store kept an entry that opens nothing any more: {error}");
        }
        *life = Life { lock: life.lock.take(), ..Life::default() };
        self.delete_files();
        self.finish_erasing()?;
        life.lock = None;
        Ok(())
    }

    fn finish_erasing(&self) -> Result<()> {
        if self.holds_wallet() {
            return Err(ErrorCode::DiskFull.into());
        }
        _ = std::fs::remove_file(self.path(LOCK));
        std::fs::remove_file(self.path(ERASING)).map_err(StoreError::from)?;
        Ok(())
    }

    // ---- parts ----------------------------------------------------------------------------------------------------------

    /// Reads the folder and opens what opens without a passphrase.
    fn start(&self) -> Result<()> {
        let mut life = self.life();
        let erasing = self.path(ERASING).exists();
        if !self.holds_wallet() && !erasing {
            return Ok(());
        }
        if life.lock.is_none() {
            life.lock = Some(self.take_lock()?);
        }
        if erasing {
            if let Ok(Some(keys)) = Keys::read(&self.path(KEYS)) {
                _ = self.device_delete(&keys);
            }
            self.delete_files();
            life.lock = None;
            return self.finish_erasing();
        }
        match Keys::read(&self.path(KEYS)) {
            Ok(Some(keys)) => life.keys = Some(keys),
            Ok(None) => life.problem = Some(ErrorCode::WalletDamaged),
            Err(KeysError::TooNew) => life.too_new = true,
            Err(error) => life.problem = Some(Error::from(error).code),
        }
        let Some(mut keys) = life.keys.clone() else { return Ok(()) };
        if let Err(error) = self.check_database(&keys) {
            life.problem = Some(error.code);
            return Ok(());
        }
        if !keys.has(Mode::KeyStore) || !self.use_key_store {
            return Ok(());
        }
        let opened = self.open_with_device(&keys).and_then(|data_key| Ok((self.finish(&mut keys, &data_key)?, data_key)));
        match opened {
            Ok((store, data_key)) => {
                life.keys = Some(keys);
                life.data_key = Some(data_key);
                self.set_store(Some(store));
            }
            Err(error) => {
                log::warn!("the wallet stays locked: {error}");
                life.too_new = error.code == ErrorCode::TooNew;
                life.problem = Some(error.code);
            }
        }
        Ok(())
    }

    fn open_with_device(&self, keys: &Keys) -> Result<Secret> {
        let key = self.device.get(&keys.entry_name())?;
        Ok(keys.open_with_key(&key)?)
    }

    /// A database that was there and is not any more is a loss to be told, never to be papered over with a new one.
    fn check_database(&self, keys: &Keys) -> Result<()> {
        if keys.complete && !self.path(DATABASE).exists() { Err(ErrorCode::WalletDamaged.into()) } else { Ok(()) }
    }

    fn probe(&self, life: &mut Life) -> Result<(), KeyStoreError> {
        if !self.use_key_store {
            return Err(KeyStoreError::Absent);
        }
        *life.key_store.get_or_insert_with(|| self.device.probe())
    }

    fn device_delete(&self, keys: &Keys) -> Result<(), KeyStoreError> {
        self.device.delete(&keys.entry_name())
    }

    /// One process a folder. The lock goes with the process, however it ends.
    fn take_lock(&self) -> Result<File> {
        let mut options = OpenOptions::new();
        let file = store::private(options.create(true).append(true)).open(self.path(LOCK)).map_err(StoreError::from)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(ErrorCode::Busy.into()),
            Err(TryLockError::Error(error)) => Err(StoreError::from(error).into()),
        }
    }

    fn holds_wallet(&self) -> bool {
        self.path(KEYS).exists() || self.path(DATABASE).exists()
    }

    fn delete_files(&self) {
        // Keys first: without them the rest is noise.
        for name in [KEYS, "keys.new", DATABASE, "wallet.db-wal", "wallet.db-shm", "wallet.db-journal"] {
            _ = std::fs::remove_file(self.path(name));
        }
    }

    fn set_store(&self, store: Option<Arc<Store>>) {
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = store;
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// A demo on a device without a key store: a database under a key that is nowhere but in memory, in a folder that is emptied.
pub(crate) fn ephemeral(folder: &Path) -> Result<Arc<Store>> {
    wipe(folder)?;
    make_folder(folder)?;
    let store = Store::open(&folder.join(DATABASE), &keys::database_key(&Secret::random()?)?, true)?;
    Ok(Arc::new(store))
}

/// Empties a demo's folder. Nothing of the learner's is ever in it.
pub(crate) fn wipe(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::from(error).into()),
        _ => Ok(()),
    }
}

/// Makes the folder, its owner's only.
fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    Ok(builder.create(folder).map_err(StoreError::from)?)
}

#[cfg(test)]
mod tests;
