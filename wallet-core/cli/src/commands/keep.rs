//! `identities`, `issuers`, `history`, and the wallet's own life: `lock`, `unlock`, `passphrase`, `erase`.

use std::path::Path;

use serde_json::json;
use wallet_core::ErrorCode;
use wallet_core::view::{AppState, HistoryEntry, WalletState};

use crate::args::{IdentityChange, IssuerChange};
use crate::failure::Outcome;
use crate::home::Home;
use crate::screen::table;

/// Lists or changes the addresses that are mine.
pub(crate) async fn identities(home: &Home, change: Option<IdentityChange>) -> Outcome {
    let wallet = home.ready_or_new().await?;
    match change {
        None => {}
        Some(IdentityChange::Add { address }) => wallet.add_identity(address).await?,
        Some(IdentityChange::Remove { address }) => wallet.remove_identity(address).await?,
    }
    let identities = wallet.identities().await?;
    home.screen.answer(&json!({ "identities": identities }), || {
        if identities.is_empty() {
            return home.screen.pick("Er staan nog geen adressen van jou.", "There are no addresses of yours yet.").to_owned();
        }
        let row = |identity: &wallet_core::view::Identity| vec![identity.address.clone(), identity.badges.to_string()];
        table(&identities.iter().map(row).collect::<Vec<_>>())
    })
}

/// Lists or changes the issuers that I trust.
pub(crate) async fn issuers(home: &Home, change: Option<IssuerChange>) -> Outcome {
    let wallet = home.ready_or_new().await?;
    match change {
        None => {}
        Some(IssuerChange::Add { id, name }) => wallet.add_issuer(id, name).await?,
        Some(IssuerChange::Remove { id }) => wallet.remove_issuer(id).await?,
    }
    let issuers = wallet.issuers().await?;
    home.screen.answer(&json!({ "issuers": issuers }), || {
        if issuers.is_empty() {
            return home.screen.pick("Je vertrouwt zelf nog geen gevers.", "You trust no issuers yourself yet.").to_owned();
        }
        let row = |issuer: &wallet_core::view::TrustedIssuer| vec![issuer.id.clone(), issuer.name.clone().unwrap_or_default()];
        table(&issuers.iter().map(row).collect::<Vec<_>>())
    })
}

/// What happened, newest first.
pub(crate) async fn history(home: &Home, limit: u32) -> Outcome {
    let wallet = home.ready().await?;
    let history = wallet.history(0, limit).await?;
    home.screen.answer(&json!({ "history": history }), || {
        if history.is_empty() {
            return home.screen.pick("Er is nog niets gebeurd.", "Nothing has happened yet.").to_owned();
        }
        let row = |entry: &HistoryEntry| {
            let action = match entry.action.as_str() {
                "added" => home.screen.pick("bewaard", "kept"),
                "shown" => home.screen.pick("laten zien", "shown"),
                "removed" => home.screen.pick("verwijderd", "removed"),
                "restored" => home.screen.pick("teruggezet", "restored"),
                "exported" => home.screen.pick("als bestand bewaard", "exported"),
                "checked" => home.screen.pick("gecontroleerd", "checked"),
                other => other,
            };
            vec![home.screen.date(&entry.at), action.to_owned(), entry.name.clone()]
        };
        table(&history.iter().map(row).collect::<Vec<_>>())
    })
}

/// Takes the key out of the device's key store. Needs a passphrase first, or nobody could open the wallet again.
pub(crate) async fn lock(home: &Home) -> Outcome {
    let wallet = home.wallet().await?;
    if wallet.state().await?.wallet == WalletState::New {
        return Err(ErrorCode::NoWallet.into());
    }
    said(home, &wallet.lock().await?)
}

/// Puts the key back into the device's key store.
pub(crate) async fn unlock(home: &Home) -> Outcome {
    // Not by `--passphrase-file` alone, which leaves the key store as it is.
    let wallet = home.locked_or_open().await?;
    let state = wallet.state().await?;
    if state.wallet == WalletState::New {
        return Err(ErrorCode::NoWallet.into());
    }
    let passphrase = if state.passphrase { Some(home.passphrase()?) } else { None };
    let state = wallet.unlock(passphrase).await?;
    match state.wallet {
        WalletState::Ready => said(home, &state),
        _ => Err(state.problem.unwrap_or(ErrorCode::Locked).into()),
    }
}

/// Sets a passphrase, or another one.
pub(crate) async fn passphrase(home: &Home, new: Option<&Path>) -> Outcome {
    let wallet = home.wallet().await?;
    let state = wallet.state().await?;
    if state.wallet == WalletState::New {
        return Err(ErrorCode::NoWallet.into());
    }
    let old = if state.passphrase { Some(home.passphrase()?) } else { None };
    if state.wallet == WalletState::Locked {
        wallet.unlock(old.clone()).await?;
    }
    let new = match new {
        Some(file) => home.secret(file)?,
        None => home.ask_twice()?,
    };
    wallet.set_passphrase(old, new).await?;
    said(home, &wallet.state().await?)
}

/// Erases the wallet and its keys.
pub(crate) async fn erase(home: &Home, yes: bool) -> Outcome {
    // No passphrase is needed to throw away: a wallet whose passphrase is lost must not stay for ever.
    let wallet = home.locked_or_open().await?;
    if wallet.state().await?.wallet == WalletState::New {
        return Err(ErrorCode::NoWallet.into());
    }
    home.confirm(
        home.screen.pick("Alles wissen? Je krijgt je badges niet terug.", "Erase everything? You will not get your badges back."),
        yes,
    )?;
    wallet.erase().await?;
    said(home, &wallet.state().await?)
}

fn said(home: &Home, state: &AppState) -> Outcome {
    let document = json!({ "wallet": state.wallet, "passphrase": state.passphrase, "key_store": state.key_store });
    home.screen.answer(&document, || {
        let said = match state.wallet {
            WalletState::New => home.screen.pick("Alles is gewist.", "Everything is erased."),
            WalletState::Locked => home.screen.pick("Op slot.", "Locked."),
            WalletState::Ready => home.screen.pick("Open.", "Open."),
            WalletState::TooNew => home.screen.pick("Werk de app bij.", "Update the app."),
        };
        said.to_owned()
    })
}
