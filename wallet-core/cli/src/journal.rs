//! The log: on standard error, only when asked for, and only from our own crates. What dependencies log may hold addresses.

use std::io::Write;

use log::{Level, LevelFilter, Log, Metadata, Record};

/// Names the level (`error` … `trace`).
const LEVEL: &str = "BADGE_WALLET_LOG";
const OURS: [&str; 4] = ["wallet_core", "open_badges", "safe_fetch", "badge_wallet"];

struct Journal;

impl Log for Journal {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let root = metadata.target().split("::").next().unwrap_or_default();
        OURS.contains(&root)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = match record.level() {
                Level::Error => "error",
                Level::Warn => "warn",
                Level::Info => "info",
                Level::Debug => "debug",
                Level::Trace => "trace",
            };
            drop(writeln!(std::io::stderr(), "{level} {}: {}", record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

/// Starts the log, when the environment asks for one.
pub(crate) fn start() {
    let level = std::env::var(LEVEL).ok().and_then(|level| level.parse::<LevelFilter>().ok());
    if let Some(level) = level
        && log::set_logger(&Journal).is_ok()
    {
        log::set_max_level(level);
    }
}
