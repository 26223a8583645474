//! The link: which host, which capsule, and the key that never reaches the host.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::keys::{KeyError, random};

/// No honest link is longer.
const MAX_ADDRESS: usize = 2048;

/// Which capsule: the first 16 bytes of SHA-256("link-id/v1" ‖ manage public key). As text: base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub(crate) [u8; 16]);

impl LinkId {
    /// The id that belongs to a manage key. Nobody can claim another's.
    #[must_use]
    pub fn of(manage_public: &[u8; 32]) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(b"link-id/v1");
        hash.update(manage_public);
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finish().as_ref()[..16]);
        Self(id)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// An id from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for LinkId {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        decode(text).map(Self)
    }
}

impl Serialize for LinkId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LinkId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The link's key, 32 random bytes. In the address only; zeroised, and redacted where it could be printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct LinkKey(pub(crate) [u8; 32]);

impl LinkKey {
    /// A fresh key.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// A key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, for the wallet's own encrypted store.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(..)")
    }
}

impl FromStr for LinkKey {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        decode(text).map(Self)
    }
}

/// A whole link: `{host}/v#1.{id}.{key}`.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkAddress {
    /// The host's origin: `https://host` or `https://host:port`; `http` on loopback only.
    pub host: String,
    /// Which capsule.
    pub id: LinkId,
    /// Its key.
    pub key: LinkKey,
}

impl LinkAddress {
    /// Reads a link.
    ///
    /// # Errors
    /// [`AddressError`] says what a person could do about it.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.len() > MAX_ADDRESS {
            return Err(AddressError::NotALink);
        }
        let url = Url::parse(text).map_err(|_| AddressError::NotALink)?;
        let host = origin(&url).filter(|_| url.path() == "/v" && url.query().is_none()).ok_or(AddressError::NotALink)?;
        let (id, key) = Self::read_fragment(url.fragment().unwrap_or_default())?;
        Ok(Self { host, id, key })
    }

    /// Reads what stands after the `#`: `1.{id}.{key}`.
    ///
    /// # Errors
    /// As for [`LinkAddress::parse`].
    pub fn read_fragment(fragment: &str) -> Result<(LinkId, LinkKey), AddressError> {
        let (version, rest) = fragment.split_once('.').ok_or(AddressError::Truncated)?;
        if version != "1" {
            let later = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
            return Err(if later { AddressError::UnknownVersion } else { AddressError::NotALink });
        }
        match rest.split_once('.') {
            Some(("", _)) => Err(AddressError::NoId),
            Some((id, key)) => Ok((id.parse()?, key.parse()?)),
            None => Err(AddressError::Truncated),
        }
    }
}

impl fmt::Display for LinkAddress {
    /// The link itself, with its secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/v#1.{}.{}", self.host, self.id, URL_SAFE_NO_PAD.encode(self.key.0))
    }
}

impl fmt::Debug for LinkAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkAddress").field("host", &self.host).finish_non_exhaustive()
    }
}

/// The origin of a host that may keep links, as a person types it: `https://host[:port]`, or `http` on loopback. `None` for anything
/// else.
#[must_use]
pub fn host_origin(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok().filter(|_| text.len() <= MAX_ADDRESS)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    origin(&url).filter(|_| bare)
}

/// The origin of a host that may keep links.
fn origin(url: &Url) -> Option<String> {
    let loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let plain = url.username().is_empty() && url.password().is_none();
    let secure = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    (plain && secure).then(|| url.origin().ascii_serialization())
}

/// Exactly `N` bytes of base64url; fewer are a cut-off link.
fn decode<const N: usize>(text: &str) -> Result<[u8; N], AddressError> {
    let whole = (N * 4).div_ceil(3);
    if text.len() < whole {
        return Err(AddressError::Truncated);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| AddressError::Edited)?;
    bytes.try_into().map_err(|_| AddressError::Edited)
}

/// Why a text is no link that can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a share link at all.
    #[error("not a share link")]
    NotALink,
    /// The end is missing, as when a mail program cut it off.
    #[error("the link is cut off")]
    Truncated,
    /// A key without the id of a capsule.
    #[error("the link names no capsule")]
    NoId,
    /// Something in it was changed.
    #[error("the link was changed")]
    Edited,
    /// Made by a newer version.
    #[error("the link is of a newer version")]
    UnknownVersion,
}
