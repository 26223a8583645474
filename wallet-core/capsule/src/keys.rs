//! The secrets of a link besides its key: the manage key, and the passcode.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use icu_normalizer::ComposingNormalizerBorrowed;
use ring::{
    digest, hkdf,
    rand::{SecureRandom, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::address::{LinkId, LinkKey};

/// A key could not be made: the system gives no random bytes, or no memory for the derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no key could be made")]
pub struct KeyError;

pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| KeyError)?;
    Ok(bytes)
}

/// So many bytes out of HKDF-SHA256.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-SHA256, extract and expand. The parts of `info` are joined.
pub(crate) fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> Result<Zeroizing<[u8; N]>, KeyError> {
    let mut out = Zeroizing::new([0; N]);
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    key.expand(info, Length(N)).and_then(|okm| okm.fill(out.as_mut_slice())).map_err(|_| KeyError)?;
    Ok(out)
}

/// An Ed25519 key from its seed. Every owner has a type of its own, so that no key is used for another's purpose.
macro_rules! signing_key {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; 32]);

        impl $name {
            /// A fresh key.
            ///
            /// # Errors
            /// When the system gives no random bytes.
            pub fn random() -> Result<Self, KeyError> {
                random().map(Self)
            }

            /// A key from its seed.
            #[must_use]
            pub fn from_seed(seed: [u8; 32]) -> Self {
                Self(seed)
            }

            /// Its seed, for its owner's own store.
            #[must_use]
            pub fn seed(&self) -> &[u8; 32] {
                &self.0
            }

            /// The public key.
            ///
            /// # Errors
            /// Never for 32 bytes, which are always a seed.
            pub fn public(&self) -> Result<[u8; 32], KeyError> {
                self.pair()?.public_key().as_ref().try_into().map_err(|_| KeyError)
            }

            pub(crate) fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
                self.pair()?.sign(message).as_ref().try_into().map_err(|_| KeyError)
            }

            fn pair(&self) -> Result<Ed25519KeyPair, KeyError> {
                Ed25519KeyPair::from_seed_unchecked(&self.0).map_err(|_| KeyError)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

signing_key! {
    /// The key by which the owner manages a link, fresh for every link. Zeroised and redacted.
    ManageKey
}

signing_key! {
    /// The key by which a host says what it fetched. Zeroised and redacted.
    HostKey
}

impl ManageKey {
    /// A fresh key for a new link. The id begins as no option does: on a command line it is an argument.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn for_link() -> Result<Self, KeyError> {
        loop {
            let key = Self::random()?;
            if !key.id()?.to_string().starts_with('-') {
                return Ok(key);
            }
        }
    }

    /// The id of the link that it manages.
    ///
    /// # Errors
    /// As for [`ManageKey::public`].
    pub fn id(&self) -> Result<LinkId, KeyError> {
        self.public().map(|public| LinkId::of(&public))
    }
}

/// What a passcode becomes: one half shows the host that it was right, the other goes into the capsule's key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Passcode {
    auth: [u8; 32],
    pub(crate) key: [u8; 32],
}

impl Passcode {
    /// Argon2id over the passcode in NFC: 19 MiB, two passes, one lane. Its salt needs the link's key, so that the host, which
    /// never sees that, cannot guess.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn derive(passcode: &str, key: &LinkKey) -> Result<Self, KeyError> {
        let salt = derive::<32>(&[], &key.0, &[b"pass-salt/v1"])?;
        let text = Zeroizing::new(ComposingNormalizerBorrowed::new_nfc().normalize(passcode.trim()).into_owned());
        let mut stretched = Zeroizing::new([0; 32]);
        let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|_| KeyError)?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(text.as_bytes(), salt.as_slice(), stretched.as_mut_slice())
            .map_err(|_| KeyError)?;
        Ok(Self {
            auth: *derive(&[], stretched.as_slice(), &[b"pass-auth/v1"])?,
            key: *derive(&[], stretched.as_slice(), &[b"pass-key/v1"])?,
        })
    }

    /// What is shown to the host.
    #[must_use]
    pub fn auth(&self) -> &[u8; 32] {
        &self.auth
    }

    /// What the host keeps: SHA-256 of [`Passcode::auth`].
    #[must_use]
    pub fn auth_hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.auth).as_ref());
        hash
    }
}

impl fmt::Debug for Passcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passcode(..)")
    }
}
