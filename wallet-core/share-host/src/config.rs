//! Configuration: flags and the environment, over a file.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Parser;
use serde::Deserialize;

use crate::{limits::Rates, store::Quota};

/// What a host is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens. Port 0 is any free one.
    pub listen: SocketAddr,
    /// The origin under which people reach it; guessed only on loopback.
    pub origin: Option<String>,
    /// The folder of the database and the witness key.
    pub data: PathBuf,
    /// The folder with the page.
    pub page: Option<PathBuf>,
    /// Where Prometheus may read.
    pub metrics: Option<SocketAddr>,
    /// Whether the last address in `X-Forwarded-For` is the client.
    pub behind_proxy: bool,
    /// Exact loopback origins that the relay may ask over http: a demo, a test.
    pub local_origins: Vec<String>,
    /// A folder whose hosts the relay answers from files (`<host>/<path>`) before it asks anybody: a demo, a test.
    pub web: Option<PathBuf>,
    /// Witness keys that were lost, base64url.
    pub revoked_keys: Vec<String>,
    /// How much may be kept.
    pub quota: Quota,
    /// How often one client may ask.
    pub rates: Rates,
}

impl Config {
    /// A host on a free loopback port, with its data in `data`.
    #[must_use]
    pub fn local(data: impl Into<PathBuf>) -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            origin: None,
            data: data.into(),
            page: None,
            metrics: None,
            behind_proxy: false,
            local_origins: Vec::new(),
            web: None,
            revoked_keys: Vec::new(),
            quota: Quota::default(),
            rates: Rates::default(),
        }
    }

    /// From the command line, the environment, and the file that they name.
    ///
    /// # Errors
    /// A file that cannot be read, or with a word in it that is not known.
    pub fn from_args() -> Result<Self, ConfigError> {
        let told = Args::try_parse().unwrap_or_else(|said| {
            drop(said.print());
            std::process::exit(if said.use_stderr() { 64 } else { 0 })
        });
        let file = told.config.as_deref().map(read).transpose()?.unwrap_or_default();
        Ok(merge(told.settings, file))
    }
}

/// Why the file was not taken.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct ConfigError {
    path: String,
    why: String,
}

/// Keeps what share links lead to, without being able to read it.
#[derive(Debug, Parser)]
#[command(name = "badge-share-host", version, about, max_term_width = 100)]
struct Args {
    /// A TOML file with the same settings (`listen`, `data`, `max_bytes` …); what is said here goes before it
    #[arg(long, env = "BADGE_SHARE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

/// Every setting, said or not.
#[derive(Debug, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    /// Where to listen [default: 127.0.0.1:8787]
    #[arg(long, env = "BADGE_SHARE_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The address under which people reach this host, as https://share.example.org
    #[arg(long, env = "BADGE_SHARE_ORIGIN", value_name = "URL")]
    origin: Option<String>,
    /// The folder of the database and the witness key [default: share-host-data]
    #[arg(long, env = "BADGE_SHARE_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The folder with the page that people's browsers open
    #[arg(long, env = "BADGE_SHARE_PAGE", value_name = "DIR")]
    page: Option<PathBuf>,
    /// Where Prometheus may read; nowhere unless said
    #[arg(long, env = "BADGE_SHARE_METRICS", value_name = "ADDRESS:PORT")]
    metrics: Option<SocketAddr>,
    /// Take the last address in X-Forwarded-For for the client: only behind a proxy of your own
    #[arg(long, env = "BADGE_SHARE_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    behind_proxy: Option<bool>,
    /// A loopback origin that may be asked over http: for a demo
    #[arg(long = "local-origin", env = "BADGE_SHARE_LOCAL_ORIGINS", value_delimiter = ',', value_name = "URL")]
    local_origins: Vec<String>,
    /// A folder whose hosts are answered from its files, DIR/<host>/<path>, and not asked: for a demo
    #[arg(long, env = "BADGE_SHARE_WEB", value_name = "DIR")]
    web: Option<PathBuf>,
    /// A witness key that was lost: nothing that it signed counts any more
    #[arg(long = "revoked-key", env = "BADGE_SHARE_REVOKED_KEYS", value_delimiter = ',', value_name = "KEY")]
    revoked_keys: Vec<String>,
    /// The most bytes of capsules in all [default: 4 GiB]
    #[arg(long, env = "BADGE_SHARE_MAX_BYTES", value_name = "N")]
    max_bytes: Option<u64>,
    /// The most links [default: 1000000]
    #[arg(long, env = "BADGE_SHARE_MAX_LINKS", value_name = "N")]
    max_links: Option<u64>,
    /// Links that one client may open in a minute [default: 120]
    #[arg(long, env = "BADGE_SHARE_OPENS", value_name = "N")]
    opens_a_minute: Option<u32>,
    /// Management calls of one client in a minute [default: 60]
    #[arg(long, env = "BADGE_SHARE_CHANGES", value_name = "N")]
    changes_a_minute: Option<u32>,
    /// Relayed requests in a minute, for one client and for one target [default: 240]
    #[arg(long, env = "BADGE_SHARE_RELAYS", value_name = "N")]
    relays_a_minute: Option<u32>,
}

fn read(path: &Path) -> Result<Settings, ConfigError> {
    let error = |why: String| ConfigError { path: path.display().to_string(), why };
    let text = std::fs::read_to_string(path).map_err(|failed| error(failed.to_string()))?;
    toml::from_str(&text).map_err(|failed| error(failed.message().to_owned()))
}

fn merge(told: Settings, file: Settings) -> Config {
    let (quota, rates) = (Quota::default(), Rates::default());
    let list = |told: Vec<String>, file: Vec<String>| if told.is_empty() { file } else { told };
    Config {
        listen: told.listen.or(file.listen).unwrap_or((Ipv4Addr::LOCALHOST, 8787).into()),
        origin: told.origin.or(file.origin),
        data: told.data.or(file.data).unwrap_or_else(|| PathBuf::from("share-host-data")),
        page: told.page.or(file.page),
        metrics: told.metrics.or(file.metrics),
        behind_proxy: told.behind_proxy.or(file.behind_proxy).unwrap_or(false),
        local_origins: list(told.local_origins, file.local_origins),
        web: told.web.or(file.web),
        revoked_keys: list(told.revoked_keys, file.revoked_keys),
        quota: Quota {
            bytes: told.max_bytes.or(file.max_bytes).unwrap_or(quota.bytes),
            links: told.max_links.or(file.max_links).unwrap_or(quota.links),
        },
        rates: Rates {
            open: told.opens_a_minute.or(file.opens_a_minute).unwrap_or(rates.open),
            manage: told.changes_a_minute.or(file.changes_a_minute).unwrap_or(rates.manage),
            relay: told.relays_a_minute.or(file.relays_a_minute).unwrap_or(rates.relay),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_goes_before_the_file() {
        let file: Settings = toml::from_str("listen = \"127.0.0.1:1\"\norigin = \"https://a.example\"\nmax_links = 7").unwrap();
        let told = Args::try_parse_from(["badge-share-host", "--listen", "127.0.0.1:2", "--behind-proxy"]).unwrap();
        let config = merge(told.settings, file);
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.origin.as_deref(), Some("https://a.example"));
        assert!(config.behind_proxy && config.quota.links == 7 && config.quota.bytes == Quota::default().bytes);
    }

    #[test]
    fn a_word_that_is_not_known_is_an_error() {
        assert!(toml::from_str::<Settings>("lissten = \"127.0.0.1:1\"").is_err());
    }
}
