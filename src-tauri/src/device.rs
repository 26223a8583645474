//! This device: where it keeps keys and data, and the wallet in it.

use std::{path::PathBuf, sync::Arc};

use safe_fetch::{Guarded, GuardedConfig, LocalOrigin};
use tauri::{App, AppHandle, Manager};
use tokio::sync::OnceCell;
use wallet_core::{Clock, Result, SystemDevice, Wallet, WalletConfig, view::KnownCity};

use crate::events;

/// The wallet of this device, opened at the first question. When opening fails (another process has it), the window says so, and the
/// next question tries again.
#[derive(Debug)]
pub(crate) struct DeviceWallet {
    config: WalletConfig,
    app: AppHandle,
    wallet: OnceCell<Wallet>,
}

impl DeviceWallet {
    /// Opens nothing yet. `BADGE_WALLET_HOME` names another folder, as on the command line.
    pub(crate) fn new(app: &App) -> tauri::Result<Self> {
        #[cfg(mobile)]
        use_key_store();
        let directory = match std::env::var_os("BADGE_WALLET_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => app.path().app_data_dir()?,
        };
        let user_agent = format!("BadgeWallet/{}", app.package_info().version);
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let (city, share_host) = (set("BADGE_WALLET_CITY"), set("BADGE_WALLET_SHARE_HOST"));
        // As on the command line: servers on this machine that may be http, and nothing but loopback is taken.
        let named = set("BADGE_WALLET_LOCAL_ORIGINS").unwrap_or_default();
        let named = named.split(',').map(str::trim).chain(share_host.as_deref()).chain(city.as_deref());
        let local_origins = named.filter_map(LocalOrigin::parse).collect();
        let network = Guarded::new(GuardedConfig { user_agent, local_origins });
        let config = WalletConfig {
            directory,
            device: Arc::new(SystemDevice),
            network: Arc::new(network),
            clock: Clock::System,
            language: None,
            share_host,
            city: city.map(KnownCity::demo),
        };
        Ok(Self { config, app: app.handle().clone(), wallet: OnceCell::new() })
    }

    /// Closes the wallet before the process ends. Blocks, on the main thread.
    pub(crate) fn close(&self) {
        if let Some(wallet) = self.wallet.get() {
            tauri::async_runtime::block_on(wallet.close());
        }
    }

    /// The open wallet.
    pub(crate) async fn get(&self) -> Result<&Wallet> {
        self.wallet
            .get_or_try_init(|| async {
                let wallet = Wallet::open(self.config.clone()).await?;
                events::forward(&self.app, &wallet);
                Ok(wallet)
            })
            .await
    }
}

/// Names the phone's key store to `keyring-core`, before the wallet opens. Without one the wallet asks for a passphrase instead;
/// desktops have theirs through `keyring`.
#[cfg(mobile)]
fn use_key_store() {
    #[cfg(target_os = "android")]
    let store = android_native_keyring_store::Store::new();
    #[cfg(target_os = "ios")]
    let store = apple_native_keyring_store::protected::Store::new();
    match store {
        Ok(store) => keyring_core::set_default_store(store),
        Err(error) => log::warn!("no key store on this device: {error}"),
    }
}
