//! `keys.json`: the wallet's data key, wrapped in slots. See "Key hierarchy" in the security design.
//!
//! A (key store) and B (passphrase) make a KEK, the KEK wraps the data key (DEK), and everything else is derived from the DEK.
//! Envelopes describe themselves and the whole description is authenticated; parameters outside a compiled floor and ceiling are
//! refused, so that an edited file can neither weaken a wallet nor make opening it take forever.

use std::{io, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{aead, hkdf, rand::SecureRandom};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The version of `keys.json` that this app writes and the newest that it reads.
const VERSION: u32 = 1;
/// The only algorithm of an envelope.
const ALGORITHM: &str = "aes-256-gcm";
/// A `keys.json` longer than this is none of ours.
const MAX_FILE: u64 = 64 * 1024;

/// 32 secret bytes. Zeroised on drop, redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 32]);

impl Secret {
    /// The 32 bytes, if there are exactly 32.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for a key store. They go nowhere else.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn random() -> Result<Self, KeysError> {
        let mut bytes = [0; 32];
        fill(&mut bytes)?;
        Ok(Self(bytes))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What a person typed. Zeroised on drop, redacted in `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Passphrase(String);

impl Passphrase {
    /// Whether it is strong enough to be set (zxcvbn score 3 or more).
    pub(crate) fn is_strong(&self) -> bool {
        // zxcvbn's time grows with length; past 100 characters nothing is decided by the rest.
        let head: Zeroizing<String> = Zeroizing::new(self.0.chars().take(100).collect());
        zxcvbn::zxcvbn(&head, &["badge", "wallet", "badgewallet"]).score() >= zxcvbn::Score::Three
    }
}

impl From<String> for Passphrase {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// Why keys could not be read, written or used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    #[error("keys.json cannot be read or written")]
    Io(#[from] io::Error),
    #[error("keys.json is damaged: {0}")]
    Damaged(&'static str),
    #[error("keys.json is of a newer version")]
    TooNew,
    #[error("the envelope does not open with this key")]
    WrongKey,
    #[error("no randomness, or the key derivation failed")]
    Crypto,
}

impl From<KeysError> for crate::Error {
    fn from(error: KeysError) -> Self {
        use crate::ErrorCode as C;
        let code = match &error {
            KeysError::Io(io) => crate::store::io_code(io),
            KeysError::Damaged(_) => C::WalletDamaged,
            KeysError::TooNew => C::TooNew,
            KeysError::WrongKey => C::WrongPassphrase,
            KeysError::Crypto => C::Internal,
        };
        Self::new(code, error)
    }
}

/// Which secret opens a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// A: the device's key store.
    KeyStore,
    /// B: the passphrase.
    Passphrase,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::KeyStore => "key_store",
            Self::Passphrase => "passphrase",
        }
    }
}

/// Argon2id's parameters, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Argon {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// What a new slot gets.
#[cfg(not(test))]
const ARGON: Argon = Argon { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
/// Unit tests open hundreds of wallets.
#[cfg(test)]
const ARGON: Argon = Argon { memory_kib: 64, passes: 1, lanes: 1 };
/// Less is refused: an edited file may not make guessing cheap.
const FLOOR: Argon = ARGON;
/// More is refused: an edited file may not stop the app.
const CEILING: Argon = Argon { memory_kib: 1024 * 1024, passes: 16, lanes: 4 };

impl Argon {
    fn is_allowed(self) -> bool {
        (FLOOR.memory_kib..=CEILING.memory_kib).contains(&self.memory_kib)
            && (FLOOR.passes..=CEILING.passes).contains(&self.passes)
            && (FLOOR.lanes..=CEILING.lanes).contains(&self.lanes)
    }
}

/// The part of an envelope that is not secret. All of it is associated data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: u32,
    mode: Mode,
    algorithm: String,
    wallet: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    argon2id: Option<Argon>,
    /// 16 random bytes, base64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    salt: Option<String>,
}

/// The data key under one KEK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    header: Header,
    nonce: String,
    sealed: String,
}

/// `keys.json`, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    version: u32,
    /// 16 random bytes in hex: the salt of every KEK, and the name of the key-store entry.
    wallet: String,
    /// False from the making of the keys until the database exists: only then may a missing database be made.
    pub(crate) complete: bool,
    slots: Vec<Envelope>,
}

impl Keys {
    /// Keys for a new wallet, without a slot yet.
    pub(crate) fn new() -> Result<Self, KeysError> {
        let mut id = [0; 16];
        fill(&mut id)?;
        Ok(Self { version: VERSION, wallet: hex::encode(id), complete: false, slots: Vec::new() })
    }

    /// Reads `keys.json`; `None` where there is none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, KeysError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        match std::fs::metadata(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.into()),
            Ok(meta) if meta.len() > MAX_FILE => return Err(KeysError::Damaged("too large")),
            Ok(_) => {}
        }
        let bytes = std::fs::read(path)?;
        let Version { version } = serde_json::from_slice(&bytes).map_err(|_| KeysError::Damaged("no version"))?;
        if version > VERSION {
            return Err(KeysError::TooNew);
        }
        let keys: Self = serde_json::from_slice(&bytes).map_err(|_| KeysError::Damaged("not as written"))?;
        if keys.wallet.len() != 32 || keys.slots.is_empty() || keys.slots.iter().any(|s| s.header.wallet != keys.wallet) {
            return Err(KeysError::Damaged("slots"));
        }
        Ok(Some(keys))
    }

    /// Writes `keys.json` whole or not at all: a temporary file, flushed, renamed, and the folder flushed.
    pub(crate) fn write(&self, path: &Path) -> Result<(), KeysError> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|_| KeysError::Crypto)?;
        Ok(crate::store::write_atomically(path, &bytes)?)
    }

    /// The name of this wallet's entry in the device's key store.
    pub(crate) fn entry_name(&self) -> String {
        format!("wallet {}", self.wallet)
    }

    /// Whether there is a slot of this mode.
    pub(crate) fn has(&self, mode: Mode) -> bool {
        self.slots.iter().any(|s| s.header.mode == mode)
    }

    /// Takes the slot of this mode away.
    pub(crate) fn remove(&mut self, mode: Mode) {
        self.slots.retain(|s| s.header.mode != mode);
    }

    /// Wraps the data key with a key from the device's key store.
    pub(crate) fn seal_with_key(&mut self, key: &Secret, data_key: &Secret) -> Result<(), KeysError> {
        let header = self.header(Mode::KeyStore);
        self.seal(header, Some(key), None, data_key)
    }

    /// Wraps the data key with a passphrase.
    pub(crate) fn seal_with_passphrase(&mut self, passphrase: &Passphrase, data_key: &Secret) -> Result<(), KeysError> {
        let mut salt = [0; 16];
        fill(&mut salt)?;
        let header = Header { argon2id: Some(ARGON), salt: Some(STANDARD.encode(salt)), ..self.header(Mode::Passphrase) };
        let stretched = stretch(passphrase, &header)?;
        self.seal(header, None, Some(&stretched), data_key)
    }

    /// Unwraps the data key with the key from the device's key store.
    pub(crate) fn open_with_key(&self, key: &Secret) -> Result<Secret, KeysError> {
        // A key that does not fit is a damaged wallet here: nobody mistyped it.
        self.open(Mode::KeyStore, |_| Ok((Some(key.clone()), None))).map_err(|e| match e {
            KeysError::WrongKey => KeysError::Damaged("the key store's key does not fit"),
            other => other,
        })
    }

    /// Unwraps the data key with a passphrase.
    pub(crate) fn open_with_passphrase(&self, passphrase: &Passphrase) -> Result<Secret, KeysError> {
        self.open(Mode::Passphrase, |header| Ok((None, Some(stretch(passphrase, header)?))))
    }

    fn header(&self, mode: Mode) -> Header {
        Header { version: VERSION, mode, algorithm: ALGORITHM.to_owned(), wallet: self.wallet.clone(), argon2id: None, salt: None }
    }

    fn seal(&mut self, header: Header, a: Option<&Secret>, b: Option<&Secret>, data_key: &Secret) -> Result<(), KeysError> {
        let kek = kek(&header, a, b)?;
        let mut nonce = [0; 12];
        fill(&mut nonce)?;
        let mut sealed = Zeroizing::new(data_key.expose().to_vec());
        kek.seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), associated(&header)?, &mut *sealed)
            .map_err(|_| KeysError::Crypto)?;
        self.remove(header.mode);
        self.slots.push(Envelope { header, nonce: STANDARD.encode(nonce), sealed: STANDARD.encode(&*sealed) });
        Ok(())
    }

    fn open(
        &self,
        mode: Mode,
        secrets: impl FnOnce(&Header) -> Result<(Option<Secret>, Option<Secret>), KeysError>,
    ) -> Result<Secret, KeysError> {
        let slot = self.slots.iter().find(|s| s.header.mode == mode).ok_or(KeysError::WrongKey)?;
        let header = &slot.header;
        if header.version > VERSION {
            return Err(KeysError::TooNew);
        }
        if header.algorithm != ALGORITHM {
            return Err(KeysError::Damaged("algorithm"));
        }
        let nonce =
            STANDARD.decode(&slot.nonce).ok().and_then(|n| <[u8; 12]>::try_from(n).ok()).ok_or(KeysError::Damaged("nonce"))?;
        let mut sealed = Zeroizing::new(STANDARD.decode(&slot.sealed).map_err(|_| KeysError::Damaged("sealed"))?);
        let (a, b) = secrets(header)?;
        let opened = kek(header, a.as_ref(), b.as_ref())?
            .open_in_place(aead::Nonce::assume_unique_for_key(nonce), associated(header)?, &mut sealed)
            .map_err(|_| KeysError::WrongKey)?;
        Secret::from_slice(opened).ok_or(KeysError::Damaged("length"))
    }
}

/// The raw key of the database.
pub(crate) fn database_key(data_key: &Secret) -> Result<Secret, KeysError> {
    derive(&[], data_key.expose(), &[b"sqlcipher/v1"])
}

fn kek(header: &Header, a: Option<&Secret>, b: Option<&Secret>) -> Result<aead::LessSafeKey, KeysError> {
    let salt = hex::decode(&header.wallet).map_err(|_| KeysError::Damaged("wallet id"))?;
    let mut ikm = Zeroizing::new([0; 64]);
    if let Some(a) = a {
        ikm[..32].copy_from_slice(a.expose());
    }
    if let Some(b) = b {
        ikm[32..].copy_from_slice(b.expose());
    }
    let key = derive(&salt, &*ikm, &[b"kek/v1/", header.mode.name().as_bytes()])?;
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key.expose()).map_err(|_| KeysError::Crypto)?;
    Ok(aead::LessSafeKey::new(key))
}

fn derive(salt: &[u8], ikm: &[u8], info: &[&[u8]]) -> Result<Secret, KeysError> {
    let mut out = Secret([0; 32]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(ikm)
        .expand(info, hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut out.0))
        .map_err(|_| KeysError::Crypto)?;
    Ok(out)
}

fn stretch(passphrase: &Passphrase, header: &Header) -> Result<Secret, KeysError> {
    let params = header.argon2id.filter(|p| p.is_allowed()).ok_or(KeysError::Damaged("argon2id parameters"))?;
    let salt =
        header.salt.as_ref().and_then(|s| STANDARD.decode(s).ok()).filter(|s| s.len() == 16).ok_or(KeysError::Damaged("salt"))?;
    let params = argon2::Params::new(params.memory_kib, params.passes, params.lanes, Some(32)).map_err(|_| KeysError::Crypto)?;
    let mut out = Secret([0; 32]);
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(passphrase.0.as_bytes(), &salt, &mut out.0)
        .map_err(|_| KeysError::Crypto)?;
    Ok(out)
}

/// The header's own JSON, fields in the order of the type: the same bytes at sealing and at opening.
fn associated(header: &Header) -> Result<aead::Aad<Vec<u8>>, KeysError> {
    serde_json::to_vec(header).map(aead::Aad::from).map_err(|_| KeysError::Crypto)
}

fn fill(bytes: &mut [u8]) -> Result<(), KeysError> {
    ring::rand::SystemRandom::new().fill(bytes).map_err(|_| KeysError::Crypto)
}

#[cfg(test)]
mod tests;
