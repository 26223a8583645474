//! How the owner of a link, and nobody else, makes, changes and ends it. Signed for one host, one link and one step of it.

use ring::{
    digest::{Context, SHA256},
    signature::{ED25519, UnparsedPublicKey},
};
use serde::{Deserialize, Serialize};

use crate::{
    address::LinkId,
    keys::{KeyError, ManageKey},
};

/// What is done with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A new link, with `seq` 1.
    Create = 1,
    /// Other content, another end, or both.
    Replace = 2,
    /// The end, for good.
    Stop = 3,
    /// After ten wrong passcodes: may be tried again.
    Reopen = 4,
    /// How it stands; changes nothing.
    Status = 5,
}

/// One step of managing a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manage<'a> {
    /// What is done.
    pub action: Action,
    /// Which link.
    pub id: LinkId,
    /// Greater than the host's: that is what makes a step count once.
    pub seq: u64,
    /// When the link ends, in seconds since 1970 UTC; `None` for one that is open until it is stopped.
    pub end: Option<u64>,
    /// What the host compares a passcode with, when one is set.
    pub auth_hash: Option<[u8; 32]>,
    /// The capsule; empty where the step brings none.
    pub capsule: &'a [u8],
}

impl Manage<'_> {
    /// What is signed: "badge-wallet/manage/v1" ‖ 0 ‖ u16 length of the origin ‖ origin ‖ action ‖ id ‖ seq ‖ end ‖
    /// SHA-256(1 ‖ auth hash, or 0, ‖ capsule).
    #[must_use]
    pub fn message(&self, origin: &str) -> Vec<u8> {
        let mut body = Context::new(&SHA256);
        body.update(&[u8::from(self.auth_hash.is_some())]);
        body.update(self.auth_hash.as_ref().map_or(&[], <[u8; 32]>::as_slice));
        body.update(self.capsule);
        let length = u16::try_from(origin.len()).unwrap_or(u16::MAX);
        [
            b"badge-wallet/manage/v1\0".as_slice(),
            &length.to_be_bytes(),
            origin.as_bytes(),
            &[self.action as u8],
            self.id.as_bytes(),
            &self.seq.to_be_bytes(),
            &self.end.unwrap_or(0).to_be_bytes(),
            body.finish().as_ref(),
        ]
        .concat()
    }

    /// Signs the step for the host at `origin`.
    ///
    /// # Errors
    /// Never for a key that could be made.
    pub fn sign(&self, key: &ManageKey, origin: &str) -> Result<[u8; 64], KeyError> {
        key.sign(&self.message(origin))
    }

    /// Whether the owner of this link signed this step for this host.
    #[must_use]
    pub fn is_signed_by(&self, public: &[u8; 32], origin: &str, signature: &[u8]) -> bool {
        LinkId::of(public) == self.id && UnparsedPublicKey::new(&ED25519, public).verify(&self.message(origin), signature).is_ok()
    }
}
