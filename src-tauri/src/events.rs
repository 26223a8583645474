//! What happens without being asked for: the wallet's events, and what other apps, links and files open.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use tauri::{AppHandle, Emitter, Manager};
use wallet_core::{
    Wallet,
    view::{Input, NamedFile},
};

use crate::device::DeviceWallet;

/// The largest file that is read at all: the core's own limit for a ZIP lies below it, and gives the answer.
const READ_AT_MOST: u64 = 64 * 1024 * 1024;

/// Passes the wallet's events on to the window, as the Tauri event `wallet`.
pub(crate) fn forward(app: &AppHandle, wallet: &Wallet) {
    let app = app.clone();
    let mut events = wallet.events();
    tauri::async_runtime::spawn(async move {
        use tokio::sync::broadcast::error::RecvError;
        loop {
            match events.recv().await {
                Ok(event) => drop(app.emit("wallet", event)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
    });
}

/// What the command line names (a link, files) goes to the wallet. Options are for the web view, not for us.
#[cfg(desktop)]
pub(crate) fn open_arguments(app: &AppHandle, arguments: &[String], folder: &Path) {
    for argument in arguments.iter().skip(1).filter(|argument| !argument.starts_with('-')) {
        let path = folder.join(argument);
        if path.is_file() {
            open_file(app, path);
        } else {
            open_text(app, argument.clone());
        }
    }
}

/// Addresses that the system opens with the app: `badgewallet:` links and, from a file manager, `file:` ones. Windows and Linux
/// bring both as arguments.
#[cfg(not(any(windows, target_os = "linux")))]
pub(crate) fn open_urls(app: &AppHandle, urls: Vec<tauri::Url>) {
    for url in urls {
        match url.to_file_path() {
            Ok(path) if url.scheme() == "file" => open_file(app, path),
            _ => open_text(app, url.into()),
        }
    }
}

/// Brings the window to the front.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        // A window manager may refuse each of these; the window is there all the same.
        #[cfg(desktop)]
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

fn open_text(app: &AppHandle, text: String) {
    open(app, async move { Some(Input::Text(text)) });
}

fn open_file(app: &AppHandle, path: PathBuf) {
    open(app, async move {
        let read = tauri::async_runtime::spawn_blocking(move || read_file(&path)).await;
        match read {
            Ok(Ok(file)) => Some(Input::File(file)),
            Ok(Err(error)) => {
                log::warn!("an opened file could not be read: {}", error.kind());
                None
            }
            Err(_) => None,
        }
    });
}

/// Hands what was opened to the wallet, which keeps it until the window asks with `take_opened`. Nothing acts by itself.
fn open(app: &AppHandle, input: impl Future<Output = Option<Input>> + Send + 'static) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let Some(input) = input.await else { return };
        match app.state::<DeviceWallet>().get().await {
            Ok(wallet) => wallet.open_with(input).await,
            Err(error) => log::warn!("something was opened, and the wallet is not: {error}"),
        }
    });
}

fn read_file(path: &Path) -> std::io::Result<NamedFile> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(READ_AT_MOST).read_to_end(&mut bytes)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(NamedFile { name, bytes, media_type: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opened_file_keeps_its_name_and_bytes() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("icons/32x32.png");
        let file = read_file(&path).unwrap();
        assert_eq!(file.name, "32x32.png");
        assert!(file.bytes.starts_with(b"\x89PNG"));
        assert!(read_file(Path::new("/no/such/badge.png")).is_err());
    }
}
