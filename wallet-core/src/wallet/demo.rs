//! The demo: a wallet of its own, in a folder of its own, under a key of its own, over a network that is a bundled replay.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use safe_fetch::{Network, Replay};

use super::{
    Wallet, blocking, held,
    life::{self, Vault},
    pending::Pending,
};
use crate::{
    ErrorCode, Result, demo,
    device::Device,
    sentences::sentence,
    store::{Store, cities, credentials, issuers},
    view::{
        AppState, BadgeFilter, Incoming, Input, NamedFile, NewShare, Origin, ShareChoice, ShareEnd, ShareShow, WalletEvent,
        WalletState,
    },
};

/// The open demo wallet.
pub(super) struct Demo {
    store: Arc<Store>,
    /// Its life, where the device has a key store; otherwise its key is in memory only.
    vault: Option<Vault>,
    network: Arc<dyn Network>,
}

impl Demo {
    pub(super) fn store(&self) -> Arc<Store> {
        self.store.clone()
    }

    pub(super) fn network(&self) -> Arc<dyn Network> {
        self.network.clone()
    }

    fn open(folder: &Path, device: Arc<dyn Device>, now: Timestamp) -> Result<Self> {
        let network: Arc<dyn Network> = Arc::new(Replay::from_files(demo::web(now)));
        if device.probe().is_err() {
            return Ok(Self { store: life::ephemeral(folder)?, vault: None, network });
        }
        let vault = Vault::open(folder, device)?;
        match vault.standing().state {
            WalletState::Ready => {}
            WalletState::New => vault.begin(None)?,
            // An old demo that does not open any more is no loss.
            WalletState::Locked | WalletState::TooNew => {
                vault.erase()?;
                vault.begin(None)?;
            }
        }
        let store = vault.store().ok_or(crate::Error::from(ErrorCode::Internal))?;
        Ok(Self { store, vault: Some(vault), network })
    }
}

impl Wallet {
    /// Shows the demo wallet from now on, and fills it the first time. Works before the learner's own wallet is made.
    pub async fn enter_demo(&self) -> Result<AppState> {
        if held(&self.inner.demo).is_none() {
            let language = self.language().await;
            let (folder, device, now) = (self.demo_folder(), self.inner.config.device.clone(), self.now());
            let opened = blocking(move || Demo::open(&folder, device, now)).await?;
            *held(&self.inner.pending) = Pending::default();
            *held(&self.inner.demo) = Some(opened);
            // The demo speaks as the wallet around it does.
            held(&self.inner.language).get_or_insert(language);
            if let Err(error) = self.fill().await {
                self.leave_demo().await?;
                return Err(error);
            }
            self.tell(WalletEvent::BadgesChanged);
        }
        self.state().await
    }

    /// Shows the learner's own wallet again.
    pub async fn leave_demo(&self) -> Result<AppState> {
        self.close_demo(false).await?;
        self.tell(WalletEvent::BadgesChanged);
        self.state().await
    }

    pub(super) async fn erase_demo(&self) -> Result<AppState> {
        self.close_demo(true).await?;
        self.tell(WalletEvent::BadgesChanged);
        self.state().await
    }

    pub(super) fn demo_folder(&self) -> PathBuf {
        self.inner.config.directory.join("demo")
    }

    async fn close_demo(&self, erase: bool) -> Result<()> {
        let closed = held(&self.inner.demo).take();
        *held(&self.inner.pending) = Pending::default();
        let (Some(Demo { store, vault, network: _ }), folder) = (closed, self.demo_folder()) else { return Ok(()) };
        blocking(move || {
            drop(store);
            match vault {
                Some(vault) if erase => vault.erase(),
                Some(_) => Ok(()),
                None => life::wipe(&folder),
            }
        })
        .await
    }

    async fn fill(&self) -> Result<()> {
        if self.read(cities::all).await?.is_empty() {
            self.add_city(demo::CITY_ADDRESS.to_owned()).await?;
        }
        if self.read(credentials::count).await? > 0 {
            return Ok(());
        }
        let now = self.now();
        self.write(move |t| demo::known_issuers().iter().try_for_each(|i| issuers::add(t, &i.id, Some(&i.name), now))).await?;
        // The last one kept is the first one seen.
        for (name, bytes) in demo::badges().into_iter().rev() {
            let file = NamedFile { name: name.to_owned(), bytes: bytes.to_vec(), media_type: None };
            let incoming = self.inspect(Input::File(file), Origin::Person).await?;
            if let Incoming::Badges { id, badges, .. } = incoming {
                self.save(id, badges.iter().map(|b| b.index).collect()).await?;
            }
        }
        self.portfolio().await
    }

    /// A portfolio that is ready to be made: what a person can do, in badges and a few words. Only a tap sends it.
    async fn portfolio(&self) -> Result<()> {
        let language = self.language().await;
        let all = self.badges(BadgeFilter::default()).await?;
        let chosen = demo::PORTFOLIO.iter().filter_map(|name| all.badges.iter().find(|card| card.name == *name));
        let badges = chosen.map(|card| ShareChoice { id: card.id.clone(), show: ShareShow::Front, address: None }).collect();
        self.keep_share_draft(NewShare {
            badges,
            title: sentence(language, "demo_portfolio_title", &[]),
            words: sentence(language, "demo_portfolio_words", &[]),
            ends: ShareEnd::Month,
            passcode: None,
            label: sentence(language, "demo_portfolio_label", &[]),
            witness: false,
            host: None,
        })
        .await
        .map(drop)
    }
}
