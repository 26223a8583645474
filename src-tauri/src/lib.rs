//! The shell around wallet-core: one window, commands of one expression each, and the doors of the operating system.

mod commands;
mod device;
#[cfg(desktop)]
mod downloads;
mod events;

use tauri::{App, Manager, WebviewWindowBuilder};

use crate::device::DeviceWallet;

/// Starts the app and stays until its window is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    #[cfg(target_os = "linux")]
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none_or(|value| value.is_empty())) {
        eprintln!("There is no display here. `badge-wallet serve` opens the wallet in a browser instead.");
        std::process::exit(69);
    }
    let app = builder()
        .invoke_handler(tauri::generate_handler![
            commands::app_state,
            commands::begin,
            commands::unlock,
            commands::lock,
            commands::set_passphrase,
            commands::erase,
            commands::enter_demo,
            commands::leave_demo,
            commands::inspect,
            commands::continue_incoming,
            commands::claim,
            commands::save,
            commands::dismiss,
            commands::badges,
            commands::badge,
            commands::remove_badge,
            commands::restore_badge,
            commands::export_badge,
            commands::export_all,
            commands::verify,
            commands::present,
            commands::check,
            commands::scan_frame,
            commands::scan_text,
            commands::identities,
            commands::add_identity,
            commands::remove_identity,
            commands::issuers,
            commands::add_issuer,
            commands::remove_issuer,
            commands::history,
            commands::settings,
            commands::update_settings,
            commands::take_opened,
            commands::retry_checks,
            commands::share_draft,
            commands::keep_share_draft,
            commands::share_paper,
            commands::share,
            commands::shares,
            commands::refresh_shares,
            commands::change_share,
            commands::extend_share,
            commands::stop_share,
            commands::reopen_share,
            commands::forget_share,
            commands::open_share,
            commands::cities,
            commands::add_city,
            commands::remove_city,
            commands::refresh_city,
            commands::activities,
            commands::activity_map,
            commands::map_tile,
            commands::activity,
            commands::plan_activity,
            commands::tick_part,
            commands::activity_calendar,
            commands::suggestions,
            commands::claim_code,
            commands::claims,
            commands::retry_claims,
            commands::forget_claim,
            commands::sign_in,
            commands::sign_out,
            commands::platform_badges
        ])
        .setup(|app| Ok(start(app)?))
        .build(tauri::generate_context!());
    match app {
        Ok(app) => app.run(|app, event| match event {
            // Give the name up before the rest ends, so that a start right after this one is a start.
            #[cfg(desktop)]
            tauri::RunEvent::ExitRequested { .. } => tauri_plugin_single_instance::destroy(app),
            tauri::RunEvent::Exit => app.state::<DeviceWallet>().close(),
            // The deep-link plugin brings our own scheme; this brings files.
            #[cfg(any(target_os = "macos", target_os = "ios", target_os = "android"))]
            tauri::RunEvent::Opened { urls } => {
                events::open_urls(app, urls.into_iter().filter(|url| url.scheme() == "file").collect())
            }
            _ => {}
        }),
        Err(error) => stop(&error),
    }
}

/// Why there is no window. When the running app ended just as this one greeted it, starts over.
fn stop(error: &tauri::Error) -> ! {
    #[cfg(target_os = "linux")]
    if let tauri::Error::PluginInitialization(plugin, _) = error
        && plugin == "single-instance"
    {
        start_over();
    }
    eprintln!("Badge Wallet could not start: {error}");
    std::process::exit(70);
}

/// Replaces this process by a fresh start of the same, a few times at most; returns when that did not work.
#[cfg(target_os = "linux")]
fn start_over() {
    use std::os::unix::process::CommandExt;
    const TRIES: &str = "BADGE_WALLET_TRIES";
    let tries = std::env::var(TRIES).ok().and_then(|tries| tries.parse::<u32>().ok()).unwrap_or(0);
    if tries < 10
        && let Ok(program) = std::env::current_exe()
    {
        std::thread::sleep(std::time::Duration::from_millis(200));
        let error =
            std::process::Command::new(program).args(std::env::args_os().skip(1)).env(TRIES, (tries + 1).to_string()).exec();
        eprintln!("Badge Wallet could not start again: {error}");
    }
}

fn builder() -> tauri::Builder<tauri::Wry> {
    let builder = tauri::Builder::default();
    // First, so that a second start ends before it does anything.
    #[cfg(desktop)]
    let builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
        events::focus(app);
        events::open_arguments(app, &arguments, std::path::Path::new(&folder));
    }));
    #[cfg(mobile)]
    let builder = builder.plugin(tauri_plugin_barcode_scanner::init());
    builder.plugin(logging()).plugin(tauri_plugin_deep_link::init()).plugin(tauri_plugin_opener::init())
}

/// Our own warnings, to the terminal or the phone's log. Other crates might log addresses, and no file is kept.
fn logging() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    use tauri_plugin_log::{Builder, Target, TargetKind};
    let ours = ["badge_wallet_app", "wallet_core", "safe_fetch", "open_badges"];
    ours.into_iter()
        .fold(Builder::new().level(log::LevelFilter::Off), |builder, name| builder.level_for(name, log::LevelFilter::Warn))
        .clear_targets()
        .target(Target::new(TargetKind::Stderr))
        .build()
}

fn start(app: &App) -> tauri::Result<()> {
    app.manage(DeviceWallet::new(app)?);
    open_window(app)?;
    open_what_started_us(app);
    Ok(())
}

/// The one window. It never leaves the app: every other address is refused, and goes to the system's browser by the opener.
fn open_window(app: &App) -> tauri::Result<()> {
    let config = app.config().app.windows.first().ok_or(tauri::Error::WindowNotFound)?;
    let window = WebviewWindowBuilder::from_config(app, config)?.on_navigation(ours);
    // WebKitGTK without compositing ends the whole app at the first view transition; the screens do without where there is none.
    #[cfg(target_os = "linux")]
    let window = if std::env::var_os("WEBKIT_DISABLE_COMPOSITING_MODE").is_some() {
        window.initialization_script("delete Document.prototype.startViewTransition")
    } else {
        window
    };
    #[cfg(desktop)]
    let window = window.on_download(|view, event| {
        if let tauri::webview::DownloadEvent::Requested { destination, .. } = event {
            downloads::place(view.app_handle(), destination);
        }
        true
    });
    window.build().map(drop)
}

/// The app's own pages, and files that they made (an export is handed over as a `blob:` of our own).
fn ours(url: &tauri::Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "blob" => tauri::Url::parse(url.path()).is_ok_and(|inner| inner.scheme() != "blob" && ours(&inner)),
        _ => url.host_str() == Some("tauri.localhost"),
    }
}

/// A link or a file that this start was for.
fn open_what_started_us(app: &App) {
    #[cfg(desktop)]
    events::open_arguments(app.handle(), &std::env::args().collect::<Vec<_>>(), &std::env::current_dir().unwrap_or_default());
    // Windows and Linux bring links as arguments; the others by an event, which a cold start may have missed.
    #[cfg(not(any(windows, target_os = "linux")))]
    {
        use tauri_plugin_deep_link::DeepLinkExt;
        if let Ok(Some(urls)) = app.deep_link().get_current() {
            events::open_urls(app.handle(), urls);
        }
        let handle = app.handle().clone();
        app.deep_link().on_open_url(move |event| {
            events::focus(&handle);
            events::open_urls(&handle, event.urls());
        });
    }
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn the_window_never_leaves_the_app() {
        let stays = |url: &str| ours(&tauri::Url::parse(url).unwrap());
        for url in
            ["tauri://localhost/", "http://tauri.localhost/badges", "blob:tauri://localhost/1-2", "blob:http://tauri.localhost/1-2"]
        {
            assert!(stays(url), "{url}");
        }
        for url in [
            "https://uitgever.example/",
            "http://tauri.localhost.uitgever.example/",
            "blob:https://uitgever.example/1",
            "data:text/html,x",
            "file:///etc/passwd",
            "about:blank",
        ] {
            assert!(!stays(url), "{url}");
        }
    }
}
