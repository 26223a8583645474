//! The capsule itself. All integers are big-endian:
//!
//! ```text
//! magic "BWCP" 4 · suite 1 · flags 1 · salt 32 · id 16 · seq 8 · end 8 · manage public key 32 · commitment 32    the header
//! signature 64, Ed25519 over "badge-wallet/capsule-sig/v1" ‖ header ‖ SHA-256(ciphertext)
//! ciphertext, AES-256-GCM with the header as associated data, of: u32 length ‖ body ‖ zeros up to a bucket
//! ```
//!
//! HKDF-Extract(salt, key ‖ passcode key or zeros), expanded under "badge-wallet/capsule/v1" ‖ flags to key 32 ‖ nonce 12 ‖
//! commitment 32. The parameters are fixed by the suite and never read from outside.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest::{SHA256, digest},
    signature::{ED25519, UnparsedPublicKey},
};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    address::{LinkId, LinkKey},
    keys::{KeyError, ManageKey, Passcode, derive, random},
};

/// The length of a header.
pub const HEADER: usize = 134;
/// The largest capsule.
pub const MAX_CAPSULE: usize = 2 * 1024 * 1024;

const MAGIC: &[u8; 4] = b"BWCP";
const SUITE: u8 = 1;
const WITH_PASSCODE: u8 = 1;
const SIGNATURE: usize = 64;
const TAG: usize = 16;
const SMALLEST: usize = 4 * 1024;

/// What everybody may read of a capsule, its host included. Signed by the manage key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Whether a passcode is needed.
    pub passcode: bool,
    /// Which link.
    pub id: LinkId,
    /// Grows with every replacement.
    pub seq: u64,
    /// When the link ends, in seconds since 1970 UTC; `None` for one that is open until it is stopped.
    pub end: Option<u64>,
    /// The key that may manage it.
    pub manage_public: [u8; 32],
    salt: [u8; 32],
    commitment: [u8; 32],
}

impl Header {
    /// Reads the header of a capsule: its form, that the id is its manage key's, and that this key signed what follows.
    ///
    /// # Errors
    /// `TooLarge`, `UnknownVersion`, and `Damaged` for everything else.
    pub fn read(capsule: &[u8]) -> Result<Self, OpenError> {
        if capsule.len() > MAX_CAPSULE {
            return Err(OpenError::TooLarge);
        }
        let (header, rest) = capsule.split_first_chunk::<HEADER>().ok_or(OpenError::Damaged)?;
        let (signature, ciphertext) = rest.split_first_chunk::<SIGNATURE>().ok_or(OpenError::Damaged)?;
        let read = Self::parse(header)?;
        if LinkId::of(&read.manage_public) != read.id || ciphertext.len() < SMALLEST + TAG {
            return Err(OpenError::Damaged);
        }
        UnparsedPublicKey::new(&ED25519, read.manage_public)
            .verify(&signed(header, ciphertext), signature)
            .map_err(|_| OpenError::Damaged)?;
        Ok(read)
    }

    fn parse(header: &[u8; HEADER]) -> Result<Self, OpenError> {
        let mut at = Reader(header);
        if at.take::<4>()? != *MAGIC {
            return Err(OpenError::Damaged);
        }
        let ([suite], [flags]) = (at.take::<1>()?, at.take::<1>()?);
        if suite != SUITE || flags & !WITH_PASSCODE != 0 {
            return Err(OpenError::UnknownVersion);
        }
        let salt = at.take()?;
        let id = LinkId::from_bytes(at.take()?);
        let seq = u64::from_be_bytes(at.take()?);
        let end = Some(u64::from_be_bytes(at.take()?)).filter(|end| *end != 0);
        Ok(Self { passcode: flags == WITH_PASSCODE, id, seq, end, manage_public: at.take()?, salt, commitment: at.take()? })
    }

    fn bytes(&self) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        let parts: [&[u8]; 9] = [
            MAGIC,
            &[SUITE],
            &[u8::from(self.passcode)],
            &self.salt,
            self.id.as_bytes(),
            &self.seq.to_be_bytes(),
            &self.end.unwrap_or(0).to_be_bytes(),
            &self.manage_public,
            &self.commitment,
        ];
        let mut at = 0;
        for part in parts {
            header[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        header
    }
}

/// A strict reader of fixed fields.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], OpenError> {
        let (field, rest) = self.0.split_first_chunk::<N>().ok_or(OpenError::Damaged)?;
        self.0 = rest;
        Ok(*field)
    }
}

pub(crate) fn signed(header: &[u8; HEADER], ciphertext: &[u8]) -> Vec<u8> {
    [b"badge-wallet/capsule-sig/v1".as_slice(), header, digest(&SHA256, ciphertext).as_ref()].concat()
}

/// The three secrets of one capsule.
pub(crate) struct Secrets {
    pub(crate) key: Zeroizing<[u8; 32]>,
    pub(crate) nonce: [u8; 12],
    commitment: [u8; 32],
}

pub(crate) fn secrets(salt: &[u8; 32], key: &LinkKey, passcode: Option<&Passcode>) -> Result<Secrets, KeyError> {
    let mut both = Zeroizing::new([0; 64]);
    both[..32].copy_from_slice(&key.0);
    if let Some(passcode) = passcode {
        both[32..].copy_from_slice(&passcode.key);
    }
    let flags = [u8::from(passcode.is_some())];
    let out: Zeroizing<[u8; 76]> = derive(salt, both.as_slice(), &[b"badge-wallet/capsule/v1", &flags])?;
    let mut secrets = Secrets { key: Zeroizing::new([0; 32]), nonce: [0; 12], commitment: [0; 32] };
    secrets.key.copy_from_slice(&out[..32]);
    secrets.nonce.copy_from_slice(&out[32..44]);
    secrets.commitment.copy_from_slice(&out[44..]);
    Ok(secrets)
}

pub(crate) fn cipher(secrets: &Secrets) -> Result<(LessSafeKey, Nonce), KeyError> {
    let key = UnboundKey::new(&AES_256_GCM, secrets.key.as_slice()).map_err(|_| KeyError)?;
    Ok((LessSafeKey::new(key), Nonce::assume_unique_for_key(secrets.nonce)))
}

/// Everything that one sealing needs.
#[derive(Debug, Clone, Copy)]
pub struct Seal<'a> {
    /// The link's key.
    pub key: &'a LinkKey,
    /// The passcode, when one is set.
    pub passcode: Option<&'a Passcode>,
    /// The key that manages the link.
    pub manage: &'a ManageKey,
    /// 1 for a new link, one more for every replacement.
    pub seq: u64,
    /// When the link ends, in seconds since 1970 UTC; `None` for one that is open until it is stopped.
    pub end: Option<u64>,
}

impl Seal<'_> {
    /// Seals a body (an encoded [`crate::Portfolio`]). Every call draws a fresh salt.
    ///
    /// # Errors
    /// `TooLarge`, and `Key` when no key could be made.
    pub fn seal(&self, body: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal_with(body, random()?)
    }

    pub(crate) fn seal_with(&self, body: &[u8], salt: [u8; 32]) -> Result<Vec<u8>, SealError> {
        let secrets = secrets(&salt, self.key, self.passcode)?;
        let manage_public = self.manage.public()?;
        let header = Header {
            passcode: self.passcode.is_some(),
            id: LinkId::of(&manage_public),
            seq: self.seq,
            end: self.end,
            manage_public,
            salt,
            commitment: secrets.commitment,
        }
        .bytes();
        let room =
            bucket(body.len() + 4).filter(|room| HEADER + SIGNATURE + room + TAG <= MAX_CAPSULE).ok_or(SealError::TooLarge)?;
        let length = u32::try_from(body.len()).map_err(|_| SealError::TooLarge)?;
        let mut text = Vec::with_capacity(room + TAG);
        text.extend_from_slice(&length.to_be_bytes());
        text.extend_from_slice(body);
        text.resize(room, 0);
        let (cipher, nonce) = cipher(&secrets)?;
        cipher.seal_in_place_append_tag(nonce, Aad::from(header), &mut text).map_err(|_| KeyError)?;
        let signature = self.manage.sign(&signed(&header, &text))?;
        Ok([header.as_slice(), &signature, &text].concat())
    }
}

/// The size that hides how much there is: 4, 6, 8, 12, 16, 24 … KiB.
fn bucket(length: usize) -> Option<usize> {
    let mut size = SMALLEST;
    while size <= MAX_CAPSULE {
        for room in [size, size + size / 2] {
            if length <= room {
                return Some(room);
            }
        }
        size *= 2;
    }
    None
}

/// An opened capsule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its header.
    pub header: Header,
    /// What was sealed.
    pub body: Vec<u8>,
}

/// Opens the capsule that the link `id` with `key` leads to, at `now` (seconds since 1970 UTC).
///
/// # Errors
/// Every way in which it is not what the link promised: see [`OpenError`].
pub fn open(capsule: &[u8], id: &LinkId, key: &LinkKey, passcode: Option<&Passcode>, now: u64) -> Result<Opened, OpenError> {
    let header = Header::read(capsule)?;
    if header.id != *id {
        return Err(OpenError::OtherLink);
    }
    let passcode = match (header.passcode, passcode) {
        (true, None) => return Err(OpenError::PasscodeNeeded),
        (true, given) => given,
        (false, _) => None,
    };
    let secrets = secrets(&header.salt, key, passcode)?;
    if !bool::from(secrets.commitment.ct_eq(&header.commitment)) {
        return Err(if header.passcode { OpenError::WrongPasscode } else { OpenError::WrongKey });
    }
    if header.end.is_some_and(|end| now >= end) {
        return Err(OpenError::Ended);
    }
    let mut text = Zeroizing::new(capsule[HEADER + SIGNATURE..].to_vec());
    let (cipher, nonce) = cipher(&secrets)?;
    let plain = cipher.open_in_place(nonce, Aad::from(header.bytes()), &mut text).map_err(|_| OpenError::Damaged)?;
    let (length, rest) = plain.split_first_chunk::<4>().ok_or(OpenError::Damaged)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| OpenError::Damaged)?;
    let (body, zeros) = rest.split_at_checked(length).ok_or(OpenError::Damaged)?;
    if zeros.iter().any(|byte| *byte != 0) || bucket(length + 4) != Some(rest.len() + 4) {
        return Err(OpenError::Damaged);
    }
    let body = body.to_vec();
    plain.zeroize();
    Ok(Opened { header, body })
}

/// Why nothing was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// More than a capsule holds.
    #[error("more than a capsule holds")]
    TooLarge,
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Why a capsule does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not a capsule, or changed by somebody.
    #[error("the capsule is damaged")]
    Damaged,
    /// Larger than any capsule.
    #[error("the capsule is too large")]
    TooLarge,
    /// Of a suite or with a flag that this version does not know.
    #[error("the capsule is of a newer version")]
    UnknownVersion,
    /// Another link's capsule.
    #[error("the capsule belongs to another link")]
    OtherLink,
    /// The link's key is not its key.
    #[error("the key does not fit")]
    WrongKey,
    /// It has a passcode, and none was given.
    #[error("a passcode is needed")]
    PasscodeNeeded,
    /// The passcode, or the link's key, does not fit.
    #[error("the passcode does not fit")]
    WrongPasscode,
    /// The link has ended.
    #[error("the link has ended")]
    Ended,
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] KeyError),
}
