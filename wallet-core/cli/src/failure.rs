//! How a command ends when it does not end well: one code, one sentence, one exit code.

use wallet_core::view::Language;
use wallet_core::{Error, ErrorCode, sentences};

use crate::args::Lang;

/// A failure on its way to the person. The sentence is the code's own, unless the command knows a better one.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: ErrorCode,
    text: Option<String>,
}

/// The result of a command: its exit code.
pub(crate) type Outcome<T = u8> = Result<T, Failure>;

impl Failure {
    /// A failure with a sentence of its own.
    pub(crate) fn saying(code: ErrorCode, text: impl Into<String>) -> Self {
        Self { code, text: Some(text.into()) }
    }

    /// A wrong request.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::saying(ErrorCode::Usage, text)
    }

    /// The sentence.
    pub(crate) fn text(&self, language: Language) -> String {
        self.text.clone().unwrap_or_else(|| sentences::error(language, self.code))
    }

    /// The exit code of `cli.md`.
    pub(crate) fn exit_code(&self) -> u8 {
        exit_code(self.code)
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self { code, text: None }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        log::debug!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string));
        error.code.into()
    }
}

/// Exit codes follow sysexits where there is one.
pub(crate) fn exit_code(code: ErrorCode) -> u8 {
    use ErrorCode as E;
    match code {
        E::Usage | E::NotFound | E::NoWallet | E::NoShareHost => 64,
        E::NotABadge
        | E::PictureWithoutBadge
        | E::Damaged
        | E::TooLarge
        | E::Hostile
        | E::PasswordProtected
        | E::NoBadgeThere
        | E::TooLargeForCodes
        | E::CannotExportSo
        | E::LinkDamaged
        | E::LinkTooNew
        | E::ShareUnknown
        | E::ShareEnded
        | E::ShareTooLarge
        | E::NotACity
        | E::NotAClaimCode => 65,
        E::Offline | E::Unreachable | E::HostOdd | E::HostFull | E::CityOdd => 69,
        E::Locked
        | E::WrongPassphrase
        | E::KeyStoreEmpty
        | E::KeyStoreLocked
        | E::KeyStoreDenied
        | E::KeyStoreAbsent
        | E::Busy
        | E::TooNew
        | E::DiskFull
        | E::HostBusy
        | E::CityBusy
        | E::ClockWrong
        | E::ShareLocked
        | E::PasscodeNeeded
        | E::WrongPasscode => 75,
        E::AddressRefused | E::WeakPasscode | E::NotAllowed | E::WeakPassphrase | E::PassphraseNeeded | E::SignInNeeded => 77,
        // WalletDamaged, Internal, and codes that a later core may add.
        _ => 70,
    }
}

/// The language of sentences: as asked, else the system's, else English.
pub(crate) fn language(asked: Option<Lang>) -> Language {
    let system = || {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default()
    };
    match asked {
        Some(lang) => lang.into(),
        None if system().starts_with("nl") => Language::Nl,
        None => Language::En,
    }
}
