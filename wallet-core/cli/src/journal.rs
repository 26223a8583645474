//! The log: on standard error, only when asked for, and only from our own crates. What dependencies log may hold addresses.

use std::io::Write;

use log::{Level, LevelFilter, Log, Metadata, Record};

/// Names the level (`error` … `trace`).
const LEVEL: &str = "BADGE_WALLET_LOG";
const OURS: [&str; 4] = ["wallet_core", "open_badges", "safe_fetch", "badge_wallet"];
/// What is asked of cities and what of their answers was dropped: no variables, no codes, no tokens. For `--verbose`.
const CITIES: &str = "city";

struct Journal {
    level: LevelFilter,
    cities: bool,
}

impl Log for Journal {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let root = metadata.target().split("::").next().unwrap_or_default();
        (OURS.contains(&root) && metadata.level() <= self.level) || (self.cities && root == CITIES)
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

/// Starts the log, when the environment or `--verbose` asks for one.
pub(crate) fn start(verbose: bool) {
    let level = std::env::var(LEVEL).ok().and_then(|level| level.parse::<LevelFilter>().ok()).unwrap_or(LevelFilter::Off);
    let most = if verbose { level.max(LevelFilter::Info) } else { level };
    if most > LevelFilter::Off && log::set_boxed_logger(Box::new(Journal { level, cities: verbose })).is_ok() {
        log::set_max_level(most);
    }
}
