//! A wallet in a folder of its own, for journeys.

use std::time::Duration;

use wallet_core::{ErrorCode, Wallet, WalletConfig, view::WalletState};

/// Opens a wallet; one that was dropped a moment ago may still hold its folder while it ends what it was at.
pub async fn opened(config: impl Fn() -> WalletConfig) -> Wallet {
    loop {
        match Wallet::open(config()).await {
            Err(error) if error.code == ErrorCode::Busy => tokio::time::sleep(Duration::from_millis(10)).await,
            opened => return opened.expect("a wallet"),
        }
    }
}

/// Makes the wallet, unless its folder has one.
pub async fn begun(wallet: Wallet) -> Wallet {
    if wallet.state().await.expect("a state").wallet == WalletState::New {
        wallet.begin(None).await.expect("a new wallet");
    }
    wallet
}
