//! One error at the facade: a closed code that a front end acts on, and a source for the log.

use serde::{Deserialize, Serialize};

/// What a front end can act on. Each has a sentence `error_<code>` in `ui/messages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The input holds no badge and nothing else that we know.
    NotABadge,
    /// A picture without a badge and without a readable code.
    PictureWithoutBadge,
    /// Damaged or cut off.
    Damaged,
    /// Over a size limit.
    TooLarge,
    /// Refused because no honest badge looks like this.
    Hostile,
    /// A ZIP, or a part of one, with a password of its own.
    PasswordProtected,
    /// An ordinary web page or an address that answered no badge.
    NoBadgeThere,
    /// There is no network, or the person chose to be offline.
    Offline,
    /// The host does not answer, or not with what was asked.
    Unreachable,
    /// The address is one that is never asked (not https, a private address).
    AddressRefused,
    /// There is no wallet in this folder yet.
    NoWallet,
    /// The wallet is locked: a passphrase is needed.
    Locked,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The passphrase is too easy to guess.
    WeakPassphrase,
    /// A passphrase is needed first (before `lock`).
    PassphraseNeeded,
    /// The device's key store has no entry for this wallet.
    KeyStoreEmpty,
    /// The device's key store is itself locked.
    KeyStoreLocked,
    /// The device's key store refused.
    KeyStoreDenied,
    /// The device has no key store.
    KeyStoreAbsent,
    /// Another process has this wallet open.
    Busy,
    /// The wallet was written by a newer version of the app.
    TooNew,
    /// The disk is full or cannot be written.
    DiskFull,
    /// The wallet's files are damaged.
    WalletDamaged,
    /// No such badge, preview or issuer.
    NotFound,
    /// The person declined, or it is not allowed.
    NotAllowed,
    /// It does not fit in codes; send the file.
    TooLargeForCodes,
    /// This badge has no picture to bake into, or not in that form.
    CannotExportSo,
    /// A share link that was cut off or changed on its way.
    LinkDamaged,
    /// A share link of a newer version of the app.
    LinkTooNew,
    /// No share host was chosen, and this app has none of its own.
    NoShareHost,
    /// The share host knows no such link.
    ShareUnknown,
    /// The link was stopped or is past its end.
    ShareEnded,
    /// Ten wrong passcodes: the link waits for its owner.
    ShareLocked,
    /// The link has a passcode.
    PasscodeNeeded,
    /// The passcode does not fit.
    WrongPasscode,
    /// A passcode of fewer than six characters.
    WeakPasscode,
    /// More than one link holds.
    ShareTooLarge,
    /// The share host has no room.
    HostFull,
    /// The share host says: later.
    HostBusy,
    /// The share host answered something that no share host answers.
    HostOdd,
    /// An end that is still to come here is past at the share host: one of the two clocks is wrong.
    ClockWrong,
    /// What answers at this address is no city that this app can read.
    NotACity,
    /// A city answered something that cannot be read.
    CityOdd,
    /// A city says: later.
    CityBusy,
    /// The city wants a sign-in first, or refused the one that was tried.
    SignInNeeded,
    /// No claim code looks like this.
    NotAClaimCode,
    /// The request itself is wrong.
    Usage,
    /// A fault of ours.
    Internal,
}

/// The facade's one error. Serialises as `{ "code": "offline" }`; the source goes to the log only.
#[derive(Debug, thiserror::Error)]
#[error("{code:?}")]
pub struct Error {
    /// What a front end acts on.
    pub code: ErrorCode,
    /// Why, for the log. Never holds badge contents, names, links, addresses or tokens.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// A result at the facade.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error whose chain goes to the log.
    pub fn new(code: ErrorCode, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { code, source: Some(source.into()) }
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self { code, source: None }
    }
}

impl Serialize for Error {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut s = serializer.serialize_struct("Error", 1)?;
        s.serialize_field("code", &self.code)?;
        s.end()
    }
}
