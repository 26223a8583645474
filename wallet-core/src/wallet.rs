//! The wallet: one open folder, and every journey over it.

mod badges;
mod claims;
mod consent;
mod demo;
mod discover;
mod keep;
mod life;
mod pending;
mod receive;
mod recheck;
mod report;
mod shares;
mod show;
mod stored;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use open_badges::{Known, KnownIssuer};
use safe_fetch::Network;
use tokio::sync::broadcast;

use self::{demo::Demo, life::Vault, pending::Pending};
use crate::{
    Error, ErrorCode, Result,
    checker::{Checker, Clock, Lists},
    device::Device,
    keys::Passphrase,
    store::{Connection, Store, StoreError, Transaction, identities, issuers, settings},
    view::{AppState, Language, Settings, Theme, WalletEvent, WalletState},
};

/// What a wallet is opened with.
#[derive(Debug, Clone)]
pub struct WalletConfig {
    /// The wallet's folder. Made at [`Wallet::begin`], not before.
    pub directory: PathBuf,
    /// The device it runs on.
    pub device: Arc<dyn Device>,
    /// The way to the network.
    pub network: Arc<dyn Network>,
    /// The time.
    pub clock: Clock,
    /// The language of sentences until the learner sets one in this session; `None` for the one that was set before.
    pub language: Option<Language>,
    /// Where share links live unless the learner chooses another place: an https origin, or http on loopback.
    pub share_host: Option<String>,
    /// A city to offer besides the ones that every app knows: the demo city of `make run`, and of tests.
    pub city: Option<crate::view::KnownCity>,
}

pub(crate) use discover::known_city;

/// How long [`Wallet::close`] waits.
const CLOSING: std::time::Duration = std::time::Duration::from_secs(3);

/// One open wallet. Cheap to clone; every method takes `&self` and needs a tokio runtime around it.
#[derive(Clone)]
pub struct Wallet {
    inner: Arc<Inner>,
}

struct Inner {
    config: WalletConfig,
    own: Arc<Vault>,
    demo: Mutex<Option<Demo>>,
    pending: Mutex<Pending>,
    /// The language that the learner set in this session.
    language: Mutex<Option<Language>>,
    events: broadcast::Sender<WalletEvent>,
    /// One round of checks at a time.
    rechecking: tokio::sync::Mutex<()>,
    /// One step with a share host at a time: each counts on from the one before.
    sharing: tokio::sync::Mutex<()>,
    /// A city is read by one at a time; a slow one holds up no other.
    reading: Mutex<std::collections::HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// When each city was last tried, and how often it was.
    tried: Mutex<std::collections::HashMap<String, (Timestamp, u64)>>,
    /// The rounds of reading cities that could not end yet.
    unfinished: Mutex<std::collections::HashMap<String, discover::Round>>,
    /// The cities that are being read or will be, once for each who does.
    underway: Mutex<Vec<String>>,
    /// A code is brought to its city by one at a time: none is sent twice.
    claiming: Mutex<std::collections::HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Pictures of cities are decoded in turn: one from a hostile city may take hundreds of megabytes.
    decoding: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Wallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wallet").finish_non_exhaustive()
    }
}

/// A lock whose holder panicked still holds whole values: every change under it is one assignment.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Work that blocks (files, the database, the key store, key derivation), off the async runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::new(ErrorCode::Internal, e))?
}

// ---- life ---------------------------------------------------------------------------------------------------------------

impl Wallet {
    /// Opens the wallet in the folder, as far as the device's key store opens it. Creates nothing; a folder without a wallet is
    /// [`WalletState::New`]. Errors: [`ErrorCode::Busy`] when another process has it, [`ErrorCode::DiskFull`].
    pub async fn open(config: WalletConfig) -> Result<Self> {
        let (folder, device) = (config.directory.clone(), config.device.clone());
        let own = blocking(move || Vault::open(&folder, device)).await?;
        Ok(Self::with(config, own).started().await)
    }

    /// Opens the wallet with a passphrase and leaves the device's key store alone (`--passphrase-file`). Errors as for
    /// [`Wallet::open`], and [`ErrorCode::WrongPassphrase`].
    pub async fn open_with_passphrase(config: WalletConfig, passphrase: String) -> Result<Self> {
        let (folder, device) = (config.directory.clone(), config.device.clone());
        let passphrase = Passphrase::from(passphrase);
        let own = blocking(move || Vault::open_with_passphrase(&folder, device, &passphrase)).await?;
        Ok(Self::with(config, own).started().await)
    }

    fn with(config: WalletConfig, own: Vault) -> Self {
        let inner = Inner {
            config,
            own: Arc::new(own),
            demo: Mutex::default(),
            pending: Mutex::default(),
            language: Mutex::default(),
            events: broadcast::Sender::new(64),
            rechecking: tokio::sync::Mutex::default(),
            sharing: tokio::sync::Mutex::default(),
            reading: Mutex::default(),
            tried: Mutex::default(),
            unfinished: Mutex::default(),
            underway: Mutex::default(),
            claiming: Mutex::default(),
            decoding: tokio::sync::Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What an opened wallet does by itself: bury what was removed, and, where somebody listens, go on with what could not finish.
    async fn started(self) -> Self {
        if self.store().is_ok() {
            if let Err(error) = self.purge().await {
                log::warn!("what was removed is still there: {error}");
            }
            self.retry_in_background();
        }
        self
    }

    /// All a front end needs at start.
    pub async fn state(&self) -> Result<AppState> {
        let demo = held(&self.inner.demo).is_some();
        let own = self.inner.own.clone();
        let standing = blocking(move || Ok(own.standing())).await?;
        let chosen = match self.store() {
            Ok(_) => self.read(|c| Ok((settings::get(c, LANGUAGE)?, settings::get(c, THEME)?))).await?,
            Err(_) => (None, None),
        };
        Ok(AppState {
            wallet: if demo { WalletState::Ready } else { standing.state },
            demo,
            key_store: standing.key_store,
            passphrase: standing.passphrase && !demo,
            problem: standing.problem.filter(|_| !demo),
            language: chosen.0,
            theme: chosen.1,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            native_scanner: self.inner.config.device.native_scanner(),
            share_host_default: self.inner.config.share_host.clone(),
        })
    }

    /// What changes without being asked for. Who listens stays for a while: from then on, checks and pictures that could not
    /// finish earlier are taken up again.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<WalletEvent> {
        let events = self.inner.events.subscribe();
        self.retry_in_background();
        events
    }

    /// Makes the wallet: with the device's key store when it works, with a passphrase when one is given. Errors:
    /// [`ErrorCode::PassphraseNeeded`] when there is neither, [`ErrorCode::WeakPassphrase`], [`ErrorCode::NotAllowed`] when there
    /// is a wallet already, [`ErrorCode::Busy`], [`ErrorCode::DiskFull`].
    pub async fn begin(&self, passphrase: Option<String>) -> Result<AppState> {
        self.not_in_demo()?;
        let passphrase = passphrase.map(Passphrase::from);
        self.life(move |own| own.begin(passphrase.as_ref())).await
    }

    /// Opens a locked wallet: with its passphrase, which puts the key store's slot back; without one, by asking the key store
    /// again. Errors: [`ErrorCode::WrongPassphrase`], [`ErrorCode::Locked`] when a passphrase is needed, `key_store_…`,
    /// [`ErrorCode::TooNew`], [`ErrorCode::WalletDamaged`].
    pub async fn unlock(&self, passphrase: Option<String>) -> Result<AppState> {
        self.not_in_demo()?;
        let passphrase = passphrase.map(Passphrase::from);
        let state = self.life(move |own| own.unlock(passphrase.as_ref())).await?;
        self.clone().started().await;
        Ok(state)
    }

    /// Takes the key store's slot away, so that only the passphrase opens the wallet, and closes it. Error:
    /// [`ErrorCode::PassphraseNeeded`] when there is no passphrase yet.
    pub async fn lock(&self) -> Result<AppState> {
        self.not_in_demo()?;
        let state = self.life(Vault::lock).await?;
        *held(&self.inner.pending) = Pending::default();
        self.tell(WalletEvent::Locked);
        Ok(state)
    }

    /// Sets the passphrase, or changes the old one. Errors: [`ErrorCode::WrongPassphrase`], [`ErrorCode::WeakPassphrase`],
    /// [`ErrorCode::Locked`].
    pub async fn set_passphrase(&self, old: Option<String>, new: String) -> Result<AppState> {
        self.not_in_demo()?;
        let (old, new) = (old.map(Passphrase::from), Passphrase::from(new));
        self.life(move |own| own.set_passphrase(old.as_ref(), &new)).await
    }

    /// Deletes the wallet's keys and files; of a demo, only the demo.
    pub async fn erase(&self) -> Result<AppState> {
        if held(&self.inner.demo).is_some() {
            return self.erase_demo().await;
        }
        let demo = self.demo_folder();
        self.forget_tokens().await;
        *held(&self.inner.pending) = Pending::default();
        *held(&self.inner.language) = None;
        self.life(move |own| own.erase().and_then(|()| life::wipe(&demo))).await
    }

    /// Ends the work with the database before the process ends, for no process may end under a thread that is in it: OpenSSL frees
    /// its state on exit. No new work begins ([`ErrorCode::Locked`]); what runs is waited for, but for no more than three seconds,
    /// since a key store can hang. What was said to be kept is kept.
    pub async fn close(&self) {
        *held(&self.inner.pending) = Pending::default();
        let demo = held(&self.inner.demo).take().map(|demo| demo.store());
        let open: Vec<Arc<Store>> = [self.inner.own.close(), demo].into_iter().flatten().collect();
        let waiting = async {
            while open.iter().any(|store| Arc::strong_count(store) > 1) {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(CLOSING, waiting).await.is_err() {
            log::warn!("something is still in the database");
        }
        // Closing writes the journal back, which blocks.
        _ = blocking(move || {
            drop(open);
            Ok(())
        })
        .await;
    }

    async fn life(&self, step: impl FnOnce(&Vault) -> Result<()> + Send + 'static) -> Result<AppState> {
        let own = self.inner.own.clone();
        blocking(move || step(&own)).await?;
        self.state().await
    }
}

// ---- parts that every journey uses ----------------------------------------------------------------------------------------

const LANGUAGE: &str = "language";
const THEME: &str = "theme";
const OFFLINE: &str = "offline";
const SHARE_HOST: &str = "share_host";
const TILE_SERVER: &str = "tile_server";
const CITY_SIGN_IN: &str = "city_sign_in";

impl Wallet {
    fn now(&self) -> Timestamp {
        self.inner.config.clock.now()
    }

    fn tell(&self, event: WalletEvent) {
        // Nobody listening is no error.
        _ = self.inner.events.send(event);
    }

    fn in_demo(&self) -> bool {
        held(&self.inner.demo).is_some()
    }

    fn not_in_demo(&self) -> Result<()> {
        if self.in_demo() { Err(ErrorCode::NotAllowed.into()) } else { Ok(()) }
    }

    /// The database of the wallet that is shown.
    fn store(&self) -> Result<Arc<Store>> {
        if let Some(demo) = &*held(&self.inner.demo) {
            return Ok(demo.store());
        }
        self.inner.own.store().ok_or_else(|| ErrorCode::Locked.into())
    }

    /// The database, or why there is none: [`ErrorCode::NoWallet`], [`ErrorCode::Locked`], [`ErrorCode::TooNew`].
    async fn opened(&self) -> Result<Arc<Store>> {
        if let Ok(store) = self.store() {
            return Ok(store);
        }
        let own = self.inner.own.clone();
        let state = blocking(move || Ok(own.standing().state)).await?;
        Err(match state {
            WalletState::New => ErrorCode::NoWallet,
            WalletState::TooNew => ErrorCode::TooNew,
            WalletState::Locked | WalletState::Ready => ErrorCode::Locked,
        }
        .into())
    }

    async fn read<T: Send + 'static>(&self, f: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static) -> Result<T> {
        let store = self.opened().await?;
        blocking(move || Ok(store.read(f)?)).await
    }

    async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let store = self.opened().await?;
        blocking(move || Ok(store.write(f)?)).await
    }

    /// The language of sentences: set in this session, else said at start, else set before, else Dutch.
    async fn language(&self) -> Language {
        let said = *held(&self.inner.language);
        if let Some(language) = said.or(self.inner.config.language) {
            return language;
        }
        let before = match self.store() {
            Ok(_) => self.read(|c| settings::get(c, LANGUAGE)).await.ok().flatten(),
            Err(_) => None,
        };
        before.unwrap_or(Language::Nl)
    }

    /// What the learner set.
    pub async fn settings(&self) -> Result<Settings> {
        let language = self.language().await;
        self.read(move |c| {
            Ok(Settings {
                language,
                theme: settings::get(c, THEME)?.unwrap_or(Theme::System),
                offline: settings::get(c, OFFLINE)?.unwrap_or(false),
                share_host: settings::get(c, SHARE_HOST)?.flatten(),
                tile_server: settings::get(c, TILE_SERVER)?.flatten(),
                city_sign_in: settings::get(c, CITY_SIGN_IN)?.unwrap_or(false),
            })
        })
        .await
    }

    /// Sets all of it. Where signing in to cities is off, nobody stays signed in. Error: [`ErrorCode::AddressRefused`] for a share host
    /// or a server of map tiles that is not https (http on loopback).
    pub async fn update_settings(&self, settings: Settings) -> Result<Settings> {
        let Settings { language, theme, offline, share_host, tile_server, city_sign_in } = settings;
        let share_host = share_host.map(|host| crate::share::origin(&host)).transpose()?;
        let tile_server = tile_server.map(|template| discover::tile_template(&template)).transpose()?;
        self.write(move |t| {
            settings::put(t, LANGUAGE, &language)?;
            settings::put(t, THEME, &theme)?;
            settings::put(t, OFFLINE, &offline)?;
            settings::put(t, SHARE_HOST, &share_host)?;
            settings::put(t, TILE_SERVER, &tile_server)?;
            settings::put(t, CITY_SIGN_IN, &city_sign_in)
        })
        .await?;
        *held(&self.inner.language) = Some(language);
        if !city_sign_in {
            self.forget_tokens().await;
        }
        if !offline {
            self.retry_in_background();
        }
        self.settings().await
    }

    /// A checker with the learner's lists over the network that may be asked now: the demo's replay, nothing when the learner
    /// chose so, or the real one.
    async fn checker(&self) -> Result<Checker> {
        let replay = held(&self.inner.demo).as_ref().map(Demo::network);
        let (mut lists, offline) = match self.store() {
            Ok(_) => self.read(|c| Ok((lists(c)?, settings::get(c, OFFLINE)?.unwrap_or(false)))).await?,
            Err(_) => (Lists::default(), false),
        };
        if replay.is_none() {
            lists.practice_issuers = crate::demo::practice_issuers().iter().cloned().collect();
        }
        let network: Arc<dyn Network> = match replay {
            Some(replay) => replay,
            None if offline => Arc::new(safe_fetch::Offline),
            None => self.inner.config.network.clone(),
        };
        Ok(Checker { network, clock: self.inner.config.clock, lists: Arc::new(lists), language: self.language().await })
    }
}

/// The lists that the learner made.
fn lists(c: &Connection) -> Result<Lists, StoreError> {
    let known = |i: issuers::Issuer| (i.id, KnownIssuer { known: Known::SelfAdded, name: i.name });
    Ok(Lists {
        known_issuers: issuers::all(c)?.into_iter().map(known).collect(),
        my_addresses: identities::all(c)?.into_iter().map(|i| i.address).collect(),
        ..Lists::default()
    })
}

#[cfg(test)]
mod tests;
