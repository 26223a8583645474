//! The wallet of a command: its folder, its network, its passphrase.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use safe_fetch::{Guarded, GuardedConfig, LocalOrigin, Network, Offline, Replay};
use wallet_core::view::{AppState, KnownCity, Language, WalletState};
use wallet_core::{Checker, Clock, ErrorCode, SystemDevice, Wallet, WalletConfig};

use crate::args::Global;
use crate::failure::{Failure, Outcome};
use crate::screen::Screen;

/// The app's identifier, which names its folder; the same as the app's own.
const IDENTIFIER: &str = "eu.badgewallet.app";

/// Everything the global options say.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) screen: Screen,
    global: Global,
    network: Arc<dyn Network>,
}

impl Home {
    pub(crate) fn new(global: Global, screen: Screen) -> Self {
        let network: Arc<dyn Network> = match &global.web {
            _ if global.offline => Arc::new(Offline),
            Some(folder) => Arc::new(Replay::new(folder).with_this_machine(internet())),
            None => internet(),
        };
        Self { screen, global, network }
    }

    fn clock(&self) -> Clock {
        self.global.now.map_or(Clock::System, Clock::Fixed)
    }

    /// A checker that needs no wallet.
    pub(crate) fn checker(&self) -> Checker {
        let checker = Checker::new(Arc::clone(&self.network), self.clock(), self.screen.language);
        checker.trusting(self.global.trust.iter().cloned())
    }

    fn config(&self, language: Option<Language>) -> Outcome<WalletConfig> {
        let directory = match &self.global.home {
            Some(folder) => folder.clone(),
            None => default_folder(self.screen)?,
        };
        Ok(WalletConfig {
            directory,
            device: Arc::new(SystemDevice),
            network: Arc::clone(&self.network),
            clock: self.clock(),
            language,
            share_host: share_host(),
            city: demo_city().map(KnownCity::demo),
        })
    }

    /// The wallet as it stands: opened by the passphrase file or the device's key store, perhaps new, perhaps still locked.
    pub(crate) async fn wallet(&self) -> Outcome<Wallet> {
        let config = self.config(Some(self.screen.language))?;
        match self.passphrase_file()? {
            Some(passphrase) => Ok(Wallet::open_with_passphrase(config, passphrase).await?),
            None => Ok(Wallet::open(config).await?),
        }
    }

    /// The wallet as the device opens it; the passphrase is left alone.
    pub(crate) async fn locked_or_open(&self) -> Outcome<Wallet> {
        Ok(Wallet::open(self.config(Some(self.screen.language))?).await?)
    }

    /// The wallet for `serve`: in the language that the learner set, unless one was asked for.
    pub(crate) async fn wallet_to_serve(&self) -> Outcome<Wallet> {
        let config = self.config(self.global.lang.map(Language::from))?;
        match self.passphrase_file()? {
            Some(passphrase) => Ok(Wallet::open_with_passphrase(config, passphrase).await?),
            None => Ok(Wallet::open(config).await?),
        }
    }

    /// The open wallet; on a terminal the passphrase is asked for.
    pub(crate) async fn ready(&self) -> Outcome<Wallet> {
        let wallet = self.wallet().await?;
        self.make_ready(&wallet, false).await?;
        Ok(wallet)
    }

    /// The open wallet, which is made when there is none yet.
    pub(crate) async fn ready_or_new(&self) -> Outcome<Wallet> {
        let wallet = self.wallet().await?;
        self.make_ready(&wallet, true).await?;
        Ok(wallet)
    }

    async fn make_ready(&self, wallet: &Wallet, create: bool) -> Outcome<()> {
        let state = wallet.state().await?;
        match state.wallet {
            WalletState::Ready => Ok(()),
            WalletState::TooNew => Err(ErrorCode::TooNew.into()),
            WalletState::New if create => {
                let passphrase = match self.passphrase_file()? {
                    Some(passphrase) => Some(passphrase),
                    None if state.key_store => None,
                    None => Some(self.ask_twice()?),
                };
                wallet.begin(passphrase).await?;
                Ok(())
            }
            WalletState::New => Err(ErrorCode::NoWallet.into()),
            WalletState::Locked if state.passphrase && can_ask() => {
                let passphrase = self.ask(self.screen.pick("Wachtzin", "Passphrase"))?;
                match wallet.unlock(Some(passphrase)).await? {
                    AppState { wallet: WalletState::Ready, .. } => Ok(()),
                    state => Err(state.problem.unwrap_or(ErrorCode::Locked).into()),
                }
            }
            WalletState::Locked => Err(state.problem.unwrap_or(ErrorCode::Locked).into()),
        }
    }

    /// The passphrase of `--passphrase-file`.
    pub(crate) fn passphrase_file(&self) -> Outcome<Option<String>> {
        self.global.passphrase_file.as_deref().map(|file| self.secret(file)).transpose()
    }

    /// A passphrase in a file: its first line.
    pub(crate) fn secret(&self, file: &Path) -> Outcome<String> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let text = self.screen.pick("De wachtzin kan niet worden gelezen", "The passphrase cannot be read");
            Failure::usage(format!("{text}: {} ({error})", file.display()))
        })?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }

    /// The passphrase of now: from the file, or asked for.
    pub(crate) fn passphrase(&self) -> Outcome<String> {
        match self.passphrase_file()? {
            Some(passphrase) => Ok(passphrase),
            None => self.ask(self.screen.pick("Wachtzin", "Passphrase")),
        }
    }

    /// A new passphrase, typed twice.
    pub(crate) fn ask_twice(&self) -> Outcome<String> {
        let first = self.ask(self.screen.pick("Nieuwe wachtzin", "New passphrase"))?;
        if self.ask(self.screen.pick("Nog een keer", "Once more"))? != first {
            return Err(Failure::usage(self.screen.pick("De twee zijn niet gelijk.", "The two are not the same.")));
        }
        Ok(first)
    }

    fn ask(&self, question: &str) -> Outcome<String> {
        if !can_ask() {
            return Err(ErrorCode::Locked.into());
        }
        rpassword::prompt_password(format!("{question}: ")).map_err(|_| ErrorCode::NotAllowed.into())
    }

    /// Whether there is a person at a terminal to ask.
    pub(crate) fn asks(&self) -> bool {
        can_ask()
    }

    /// Whether somebody at a terminal is told how far long work is. The lines of `--verbose` tell more.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.screen.json && !self.global.verbose && std::io::stderr().is_terminal()
    }

    /// One line about long work, for such a person.
    pub(crate) fn progress(&self, text: &str) {
        if self.shows_progress() {
            self.screen.progress(text);
        }
    }

    /// Asks for a yes on a terminal; elsewhere `--yes` is needed.
    pub(crate) fn confirm(&self, question: &str, yes: bool) -> Outcome<()> {
        if yes {
            return Ok(());
        }
        if !can_ask() {
            return Err(Failure::saying(
                ErrorCode::NotAllowed,
                self.screen.pick("Zonder scherm is --yes nodig.", "Without a terminal this needs --yes."),
            ));
        }
        let mut answer = String::new();
        let asked = write!(std::io::stderr(), "{} {} ", self.screen.harmless(question), self.screen.pick("[j/N]", "[y/N]"));
        let read = asked.and_then(|()| std::io::stdin().read_line(&mut answer));
        match (read, answer.trim().to_lowercase().as_str()) {
            (Ok(_), "j" | "ja" | "y" | "yes") => Ok(()),
            _ => Err(ErrorCode::NotAllowed.into()),
        }
    }
}

/// The internet, as far as the guard lets anybody.
fn internet() -> Arc<dyn Network> {
    Arc::new(Guarded::new(GuardedConfig {
        user_agent: format!("BadgeWallet/{}", env!("CARGO_PKG_VERSION")),
        local_origins: local_origins(),
    }))
}

fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Loopback servers that may be http, for tests alone: comma-separated, and nothing but loopback is taken.
fn local_origins() -> Vec<LocalOrigin> {
    let named = std::env::var("BADGE_WALLET_LOCAL_ORIGINS").unwrap_or_default();
    let named = named.split(',').map(|origin| origin.trim().to_owned());
    named.chain(share_host()).chain(demo_city()).filter_map(|origin| LocalOrigin::parse(&origin)).collect()
}

/// Where share links live unless the learner chooses another place.
fn share_host() -> Option<String> {
    std::env::var("BADGE_WALLET_SHARE_HOST").ok().filter(|host| !host.is_empty())
}

/// The demo city of `make run`.
fn demo_city() -> Option<String> {
    std::env::var("BADGE_WALLET_CITY").ok().filter(|city| !city.is_empty())
}

/// Where this platform keeps an app's data; the app itself uses the same folder.
fn default_folder(screen: Screen) -> Outcome<PathBuf> {
    let folder = dirs::data_dir().map(|folder| folder.join(IDENTIFIER));
    folder.ok_or_else(|| Failure::usage(screen.pick("Geef met --home een map op.", "Name a folder with --home.")))
}
