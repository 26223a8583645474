//! The device's key store: 32 bytes by name, and the four ways in which it cannot give them.

use zeroize::Zeroizing;

use crate::{ErrorCode, keys::Secret};

/// The service name under which entries are filed in the device's key store.
const SERVICE: &str = "eu.badgewallet.app";

/// Why the key store gave no key. Four different answers, and none of them ever leads to a new key over old data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum KeyStoreError {
    /// It works and has no entry of this name.
    #[error("the key store has no such entry")]
    Empty,
    /// It is itself locked.
    #[error("the key store is locked")]
    Locked,
    /// It refused.
    #[error("the key store refused")]
    Denied,
    /// There is none on this device, or nothing answers.
    #[error("there is no key store")]
    Absent,
}

impl From<KeyStoreError> for ErrorCode {
    fn from(error: KeyStoreError) -> Self {
        match error {
            KeyStoreError::Empty => Self::KeyStoreEmpty,
            KeyStoreError::Locked => Self::KeyStoreLocked,
            KeyStoreError::Denied => Self::KeyStoreDenied,
            KeyStoreError::Absent => Self::KeyStoreAbsent,
        }
    }
}

impl From<KeyStoreError> for crate::Error {
    fn from(error: KeyStoreError) -> Self {
        Self::new(error.into(), error)
    }
}

/// What the wallet asks of the device it runs on. Calls may block (a key store may ask the person): never on the async runtime.
pub trait Device: Send + Sync + std::fmt::Debug {
    /// The key of this name.
    fn get(&self, name: &str) -> Result<Secret, KeyStoreError>;

    /// Keeps a key under this name, on this device only.
    fn set(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError>;

    /// Forgets the key of this name. One that is not there is no error.
    fn delete(&self, name: &str) -> Result<(), KeyStoreError>;

    /// The text of this name: the token of a city where the learner is signed in.
    fn token(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError>;

    /// Keeps a text under this name, on this device only. [`Device::delete`] forgets it.
    fn set_token(&self, name: &str, token: &str) -> Result<(), KeyStoreError>;

    /// Whether the key store works now: it answers that a name which never exists is not there.
    fn probe(&self) -> Result<(), KeyStoreError> {
        match self.get("probe") {
            Ok(_) | Err(KeyStoreError::Empty) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Whether codes are scanned by a native camera view (phones).
    fn native_scanner(&self) -> bool {
        cfg!(any(target_os = "android", target_os = "ios"))
    }
}

/// The key store of this system: Secret Service, Keychain or Credential Manager on desktops; on phones the default store of
/// `keyring-core`, which the shell sets at start.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemDevice;

impl SystemDevice {
    fn entry(name: &str) -> Result<keyring_core::Entry, KeyStoreError> {
        #[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
        if keyring::Entry::store_status().is_err() {
            return Err(KeyStoreError::Absent);
        }
        keyring_core::Entry::new(SERVICE, name).map_err(|e| from_keyring(&e))
    }
}

impl Device for SystemDevice {
    fn get(&self, name: &str) -> Result<Secret, KeyStoreError> {
        let bytes = Zeroizing::new(Self::entry(name)?.get_secret().map_err(|e| from_keyring(&e))?);
        // An entry of another length was not written by us: there is no key in it.
        Secret::from_slice(&bytes).ok_or(KeyStoreError::Denied)
    }

    fn set(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError> {
        Self::entry(name)?.set_secret(key.expose()).map_err(|e| from_keyring(&e))
    }

    fn token(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError> {
        let bytes = Self::entry(name)?.get_secret().map_err(|e| from_keyring(&e))?;
        String::from_utf8(bytes).map(Zeroizing::new).map_err(|_| KeyStoreError::Denied)
    }

    fn set_token(&self, name: &str, token: &str) -> Result<(), KeyStoreError> {
        Self::entry(name)?.set_secret(token.as_bytes()).map_err(|e| from_keyring(&e))
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        match Self::entry(name)?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(from_keyring(&error)),
        }
    }
}

/// Some of these errors hold the secret's bytes, so they are never kept as a source.
fn from_keyring(error: &keyring_core::Error) -> KeyStoreError {
    use keyring_core::Error as E;
    match error {
        E::NoEntry => KeyStoreError::Empty,
        E::NoDefaultStore | E::NotSupportedByStore(_) => KeyStoreError::Absent,
        E::NoStorageAccess(cause) => {
            let text = cause.to_string().to_lowercase();
            if text.contains("denied") || text.contains("not allowed") || text.contains("cancel") {
                KeyStoreError::Denied
            } else {
                // "object locked", "prompt dismissed": it is as locked after the prompt as before.
                KeyStoreError::Locked
            }
        }
        E::PlatformFailure(cause) => {
            let text = cause.to_string().to_lowercase();
            if text.contains("no secret service") || text.contains("serviceunknown") || text.contains("i/o error") {
                KeyStoreError::Absent
            } else {
                KeyStoreError::Denied
            }
        }
        _ => KeyStoreError::Denied,
    }
}

#[cfg(any(test, feature = "testing"))]
pub use memory::MemoryDevice;

#[cfg(any(test, feature = "testing"))]
mod memory {
    use std::{collections::BTreeMap, sync::Mutex};

    use super::{Device, KeyStoreError, Secret, Zeroizing};

    /// A key store in memory that can be told to fail. For tests only: it is in no release.
    #[derive(Debug, Default)]
    pub struct MemoryDevice {
        entries: Mutex<BTreeMap<String, Secret>>,
        tokens: Mutex<BTreeMap<String, String>>,
        fault: Mutex<Option<KeyStoreError>>,
    }

    impl MemoryDevice {
        /// A key store that answers every call with this.
        #[must_use]
        pub fn failing(fault: KeyStoreError) -> Self {
            let device = Self::default();
            device.fail(Some(fault));
            device
        }

        /// From now on every call fails so, or none does.
        pub fn fail(&self, fault: Option<KeyStoreError>) {
            *self.fault.lock().expect("no panic under the lock") = fault;
        }

        /// Loses every entry, as a reinstalled system does.
        pub fn forget(&self) {
            self.entries.lock().expect("no panic under the lock").clear();
            self.tokens.lock().expect("no panic under the lock").clear();
        }

        /// How many entries there are.
        #[must_use]
        pub fn entries(&self) -> usize {
            self.entries.lock().expect("no panic under the lock").len()
        }

        fn check(&self) -> Result<(), KeyStoreError> {
            (*self.fault.lock().expect("no panic under the lock")).map_or(Ok(()), Err)
        }
    }

    impl Device for MemoryDevice {
        fn get(&self, name: &str) -> Result<Secret, KeyStoreError> {
            self.check()?;
            self.entries.lock().expect("no panic under the lock").get(name).cloned().ok_or(KeyStoreError::Empty)
        }

        fn set(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError> {
            self.check()?;
            self.entries.lock().expect("no panic under the lock").insert(name.to_owned(), key.clone());
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
            self.check()?;
            self.entries.lock().expect("no panic under the lock").remove(name);
            self.tokens.lock().expect("no panic under the lock").remove(name);
            Ok(())
        }

        fn token(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError> {
            self.check()?;
            let found = self.tokens.lock().expect("no panic under the lock").get(name).cloned();
            found.map(Zeroizing::new).ok_or(KeyStoreError::Empty)
        }

        fn set_token(&self, name: &str, token: &str) -> Result<(), KeyStoreError> {
            self.check()?;
            self.tokens.lock().expect("no panic under the lock").insert(name.to_owned(), token.to_owned());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_of_a_key_store_has_a_code_of_its_own() {
        let codes =
            [KeyStoreError::Empty, KeyStoreError::Locked, KeyStoreError::Denied, KeyStoreError::Absent].map(ErrorCode::from);
        assert_eq!(
            codes,
            [ErrorCode::KeyStoreEmpty, ErrorCode::KeyStoreLocked, ErrorCode::KeyStoreDenied, ErrorCode::KeyStoreAbsent]
        );
    }

    #[test]
    fn what_keyring_says_becomes_one_of_the_four() {
        let cases: [(keyring_core::Error, KeyStoreError); 6] = [
            (keyring_core::Error::NoEntry, KeyStoreError::Empty),
            (keyring_core::Error::NoDefaultStore, KeyStoreError::Absent),
            (keyring_core::Error::NoStorageAccess("SS Error: object locked".into()), KeyStoreError::Locked),
            (keyring_core::Error::NoStorageAccess("SS error: prompt dismissed".into()), KeyStoreError::Locked),
            (keyring_core::Error::NoStorageAccess("access denied".into()), KeyStoreError::Denied),
            (
                keyring_core::Error::PlatformFailure("no secret service provider or dbus session found".into()),
                KeyStoreError::Absent,
            ),
        ];
        for (error, expected) in cases {
            assert_eq!(from_keyring(&error), expected, "{error}");
        }
    }
}
