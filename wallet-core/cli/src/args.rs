//! What can be typed. `cli.md` is the reference.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use wallet_core::view::{ExportFormat, Language, ShareEnd, Sort};

/// Keeps, checks and shows your badges.
#[derive(Debug, Parser)]
#[command(name = "badge-wallet", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The wallet's folder
    #[arg(long, global = true, env = "BADGE_WALLET_HOME", value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Unlock with the passphrase in this file instead of the device's key store
    #[arg(long, global = true, env = "BADGE_WALLET_PASSPHRASE_FILE", value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No network at all
    #[arg(long, global = true, conflicts_with = "web")]
    pub(crate) offline: bool,
    /// Answer every request from DIR/<host>/<path> instead of the network
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) web: Option<PathBuf>,
    /// The time to judge by
    #[arg(long, global = true, value_name = "RFC3339")]
    pub(crate) now: Option<Timestamp>,
    /// Treat this issuer (DID or https id) as on your own list
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) trust: Vec<String>,
    /// The language of sentences
    #[arg(long, global = true, value_name = "nl|en")]
    pub(crate) lang: Option<Lang>,
    /// Show every request to a city, and how much of its answer was dropped, on standard error
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    Nl,
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Nl => Self::Nl,
            Lang::En => Self::En,
        }
    }
}

/// INPUT is a file (JSON, JWT, PNG, SVG, ZIP, a picture of a QR code), an https address, text, or `-`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check badges without storing them
    Verify {
        #[arg(required = true, value_name = "INPUT")]
        inputs: Vec<String>,
        /// Exit 2 unless every badge is valid
        #[arg(long)]
        strict: bool,
    },
    /// What is this? Asks no network, unless the input is an address
    Inspect {
        #[arg(value_name = "INPUT")]
        input: String,
    },
    /// Preview and keep badges
    Add {
        #[arg(required = true, value_name = "INPUT")]
        inputs: Vec<String>,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// The badges in the wallet
    List {
        /// Every word, by its beginning, over name, issuer, description and skills
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[arg(long, value_enum, default_value = "newest")]
        sort: Order,
    },
    /// One badge, whole
    Show { id: String },
    /// Remove a badge
    Remove {
        id: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Write a badge, or all of them, to a file
    Export {
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// Everything, as a ZIP
        #[arg(long, value_name = "FILE.zip")]
        all: Option<PathBuf>,
        #[arg(long = "as", value_enum, default_value = "original", value_name = "FORMAT")]
        format: Form,
        /// Where to; otherwise the file's own name in this folder
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Draw a QR code that carries the badges themselves
    Present {
        #[arg(required = true)]
        ids: Vec<String>,
        /// A sequence of codes becomes FILE-1, FILE-2 …
        #[arg(long, value_name = "FILE.svg|FILE.png")]
        offline_qr: PathBuf,
    },
    /// Check what someone shows: a picture of a code, a link, a file
    Check {
        /// Several pictures of one sequence of codes may be given
        #[arg(required = true, value_name = "INPUT")]
        inputs: Vec<String>,
        /// The passcode of a share link, in a file
        #[arg(long, value_name = "FILE")]
        passcode_file: Option<PathBuf>,
    },
    /// Make a share link
    Share {
        #[arg(required = true)]
        ids: Vec<String>,
        /// A title, in your own words
        #[arg(long, default_value = "", value_name = "T")]
        title: String,
        /// A few words of your own
        #[arg(long, default_value = "", value_name = "TEXT")]
        words: String,
        /// How long the link works
        #[arg(long, value_enum, default_value = "30d")]
        until: Until,
        /// Show the short form of each badge first
        #[arg(long)]
        front: bool,
        /// Ask for the passcode in this file
        #[arg(long, value_name = "FILE")]
        passcode_file: Option<PathBuf>,
        /// For whom; only you see it
        #[arg(long, default_value = "", value_name = "TEXT")]
        label: String,
        /// Have the share host witness what the verdicts rest on
        #[arg(long)]
        witness: bool,
        /// Where the link is to live, instead of the place that was set
        #[arg(long, value_name = "URL")]
        host: Option<String>,
        /// Put this behind a link that there is; its address, end and passcode stay
        #[arg(long, value_name = "SHARE", conflicts_with_all = ["host", "passcode_file"])]
        instead_of: Option<String>,
        /// Write the link, its code and the badges to a PDF
        #[arg(long, value_name = "FILE.pdf")]
        pdf: Option<PathBuf>,
    },
    /// The share links, as their hosts say they stand; one of them whole
    Shares {
        share: Option<String>,
        /// Write the link, its code and the badges to a PDF
        #[arg(long, value_name = "FILE.pdf", requires = "share")]
        pdf: Option<PathBuf>,
    },
    /// Give a share link another end, counted from now
    Extend {
        share: String,
        #[arg(long, value_enum)]
        until: Until,
    },
    /// Let a share link be tried again after ten wrong passcodes
    Reopen { share: String },
    /// Stop a share link
    Stop { share: String },
    /// My cities: where activities come from
    Cities {
        #[command(subcommand)]
        change: Option<CityChange>,
    },
    /// What there is to do and to earn, from what was last read
    Activities {
        /// Only of this city
        #[arg(long, value_name = "URL")]
        city: Option<String>,
        /// Every word, by its beginning, over title, organiser, skills, badge and text
        #[arg(long, value_name = "T")]
        search: Option<String>,
        /// Only of this category, by its name or its id in `activities --json`
        #[arg(long, value_name = "C")]
        category: Vec<String>,
        /// Only with this skill, by its id or its name
        #[arg(long, value_name = "S")]
        skill: Vec<String>,
        /// Not over before this day or moment
        #[arg(long, value_name = "DATE", value_parser = moment)]
        from: Option<Timestamp>,
        /// Begins before this day or moment
        #[arg(long, value_name = "DATE", value_parser = moment)]
        to: Option<Timestamp>,
        /// Within so many kilometres of a point, nearest first
        #[arg(long, value_name = "LAT,LNG,KM", value_parser = near, allow_hyphen_values = true)]
        near: Option<wallet_core::view::Near>,
        /// Only what can be done online
        #[arg(long)]
        online: bool,
        /// Only playlists
        #[arg(long)]
        playlists: bool,
        /// Only what I plan
        #[arg(long)]
        planned: bool,
        /// Next steps, computed here from my badges
        #[arg(long, conflicts_with_all = ["city", "search", "category", "skill", "from", "to", "near", "online", "playlists", "planned"])]
        for_me: bool,
        /// At most so many
        #[arg(long, default_value_t = 60, value_name = "N")]
        limit: u32,
    },
    /// One activity or playlist, whole; its city is asked unless --offline
    Activity {
        id: String,
        /// Write it to a calendar file; - is standard output
        #[arg(long, value_name = "FILE.ics")]
        calendar: Option<PathBuf>,
        /// Remember that I plan it
        #[arg(long, conflicts_with = "unplan")]
        plan: bool,
        /// I no longer plan it
        #[arg(long)]
        unplan: bool,
        /// Tick a part of a playlist
        #[arg(long, value_name = "PART")]
        tick: Option<String>,
        /// Untick a part of a playlist
        #[arg(long, value_name = "PART", conflicts_with = "tick")]
        untick: Option<String>,
    },
    /// Use a claim code, or a claim link, at one city; without one: the codes that were used or wait
    Claim {
        #[arg(value_name = "CODE|URL")]
        code: Option<String>,
        /// The city that gets the code; not needed with a link, or when there is one city
        #[arg(long, value_name = "URL", requires = "code")]
        city: Option<String>,
    },
    /// The e-mail addresses that are mine
    Identities {
        #[command(subcommand)]
        change: Option<IdentityChange>,
    },
    /// The issuers that I trust
    Issuers {
        #[command(subcommand)]
        change: Option<IssuerChange>,
    },
    /// What happened in this wallet
    History {
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: u32,
    },
    /// Ask for the passphrase from now on
    Lock,
    /// Let the device's key store open the wallet again
    Unlock,
    /// Set or change the passphrase
    Passphrase {
        /// The new passphrase, in a file
        #[arg(long, value_name = "FILE")]
        new: Option<PathBuf>,
    },
    /// Erase the wallet and its keys
    Erase {
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// The app in a browser tab, on this machine only
    Serve {
        /// The port; any free one otherwise
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// With the demo wallet
        #[arg(long)]
        demo: bool,
        /// Start with this, as if another app had opened it: a file, a link, text, or -
        #[arg(long, value_name = "INPUT")]
        open: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CityChange {
    /// Find out what a server speaks, add it, and read it
    Add { url: String },
    /// Take a city, and what it told, off this device
    Remove { url: String },
    /// Read my cities anew, or one of them
    Refresh { url: Option<String> },
}

/// A day (its first moment, in universal time) or a moment.
fn moment(text: &str) -> Result<Timestamp, String> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.parse().map_err(|_| "a day like 2026-12-01, or a moment like 2026-12-01T09:00:00Z".to_owned())
}

fn near(text: &str) -> Result<wallet_core::view::Near, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some([lat, lng, km]) => Ok(wallet_core::view::Near { lat: *lat, lng: *lng, km: *km }),
        _ => Err("a point and a distance like 52.09,5.12,3".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum IdentityChange {
    /// This address is mine
    Add { address: String },
    /// Not any more
    Remove { address: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum IssuerChange {
    /// Trust this issuer (DID or https id)
    Add {
        id: String,
        /// The name that you know it by
        #[arg(long)]
        name: Option<String>,
    },
    /// Not any more
    Remove { id: String },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Order {
    Newest,
    Name,
    Issuer,
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Newest => Self::Newest,
            Order::Name => Self::Name,
            Order::Issuer => Self::Issuer,
        }
    }
}

/// How long a link works.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Until {
    #[value(name = "15m")]
    Now,
    #[value(name = "1d")]
    Day,
    #[value(name = "30d")]
    Month,
    #[value(name = "1y")]
    Year,
    #[value(name = "stopped")]
    Open,
}

impl From<Until> for ShareEnd {
    fn from(until: Until) -> Self {
        match until {
            Until::Now => Self::Now,
            Until::Day => Self::Day,
            Until::Month => Self::Month,
            Until::Year => Self::Year,
            Until::Open => Self::Open,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    Original,
    Json,
    Jwt,
    Png,
    Svg,
}

impl From<Form> for ExportFormat {
    fn from(form: Form) -> Self {
        match form {
            Form::Original => Self::Original,
            Form::Json => Self::Json,
            Form::Jwt => Self::Jwt,
            Form::Png => Self::Png,
            Form::Svg => Self::Svg,
        }
    }
}
