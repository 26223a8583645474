//! `badge-share-host`: one process, one folder.

use std::io::Write;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use log::{LevelFilter, Log, Metadata, Record};
use share_host::{Config, Host};

/// Lines for a log collector, on standard error. Nothing in them names a link, a client or a badge.
struct Lines;

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        // Other crates say more than a log of ours may hold.
        if !record.target().starts_with("share_host") {
            return;
        }
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs()).unwrap_or_default();
        // In one piece: standard error is not buffered.
        let line = format!("at={at} level={} {}\n", record.level().as_str().to_ascii_lowercase(), record.args());
        drop(std::io::stderr().write_all(line.as_bytes()));
    }

    fn flush(&self) {}
}

#[tokio::main]
async fn main() -> ExitCode {
    if log::set_logger(&Lines).is_ok() {
        log::set_max_level(LevelFilter::Info);
    }
    let started = match Config::from_args() {
        Ok(config) => Host::start(config).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let host = match started {
        Ok(host) => host,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "badge-share-host: {error}"));
            return ExitCode::from(64);
        }
    };
    drop(writeln!(std::io::stdout(), "listening on http://{}", host.address()));
    drop(std::io::stdout().flush());
    asked_to_stop().await;
    host.shutdown().await;
    ExitCode::SUCCESS
}

async fn asked_to_stop() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
