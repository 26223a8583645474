//! What may go wrong at a city, by name: each is something that a wallet has to live with.

use std::{fmt, str::FromStr};

/// One way in which the city behaves worse than on a good day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// A schema of another year: fields are gone and one has another name.
    Drift,
    /// A schema of yet another year, for a second city.
    Drift2,
    /// Every answer takes three seconds.
    Slow,
    /// Connections are taken and never answered.
    Silent,
    /// 429 with `Retry-After: 30`.
    TooMany,
    /// 500 with the plain text of Badgecraft's proxy.
    Broken,
    /// A page where JSON is asked.
    Html,
    /// Null items in every list that may hold them.
    Nulls,
    /// `errors` beside `data`, and what failed is null.
    Errors,
    /// Introspection is refused.
    NoIntrospection,
    /// There is no `/.well-known/cities-of-learning`.
    NoWellKnown,
    /// Lists tell of what lives at other cities too: nobody can ask to leave that out.
    NoFilter,
    /// `site` is null: an endpoint that serves many cities and was not told which.
    NoTenant,
    /// Pages that never end: the offset is ignored and the total is huge.
    Loop,
    /// An answer of 100 MB.
    Huge,
    /// The connection is cut in the middle of an answer.
    Cut,
    /// 307 to another origin.
    Redirect(String),
    /// Everything that a malicious city may put in its texts, dates, places and pictures.
    Hostile,
    /// A number that JSON can write and a computer cannot hold, as a coordinate.
    Infinite,
    /// Pages of activities carry schema.org JSON-LD too.
    JsonLd,
    /// So many activities instead of the usual ones.
    Big(usize),
    /// Some items live at another city, which serves the same ids.
    Federate(String),
}

/// The name of each mode that takes no value.
const PLAIN: [(&str, Mode); 19] = [
    ("drift", Mode::Drift),
    ("drift2", Mode::Drift2),
    ("slow", Mode::Slow),
    ("silent", Mode::Silent),
    ("429", Mode::TooMany),
    ("500", Mode::Broken),
    ("html", Mode::Html),
    ("nulls", Mode::Nulls),
    ("errors", Mode::Errors),
    ("no-introspection", Mode::NoIntrospection),
    ("no-well-known", Mode::NoWellKnown),
    ("no-filter", Mode::NoFilter),
    ("no-tenant", Mode::NoTenant),
    ("loop", Mode::Loop),
    ("huge", Mode::Huge),
    ("cut", Mode::Cut),
    ("hostile", Mode::Hostile),
    ("infinite", Mode::Infinite),
    ("jsonld", Mode::JsonLd),
];

/// Where `redirect` sends whoever asks, when the mode does not say.
const ELSEWHERE: &str = "https://elders.example";

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(("big", count)) => count.parse().map(Self::Big).map_err(|_| format!("{text}: big=NUMBER")),
            Some(("federate", url)) => Ok(Self::Federate(url.trim_end_matches('/').to_owned())),
            Some(("redirect", url)) => Ok(Self::Redirect(url.trim_end_matches('/').to_owned())),
            None if text == "redirect" => Ok(Self::Redirect(ELSEWHERE.to_owned())),
            _ => PLAIN.iter().find(|(name, _)| *name == text).map(|(_, mode)| mode.clone()).ok_or_else(|| {
                let names: Vec<&str> = PLAIN.iter().map(|(name, _)| *name).collect();
                format!("there is no mode {text}; there are {}, redirect, redirect=URL, big=NUMBER, federate=URL", names.join(", "))
            }),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Big(count) => write!(f, "big={count}"),
            Self::Federate(url) => write!(f, "federate={url}"),
            Self::Redirect(url) => write!(f, "redirect={url}"),
            plain => f.write_str(PLAIN.iter().find(|(_, mode)| mode == plain).map_or("", |(name, _)| name)),
        }
    }
}

/// The modes that are on.
#[derive(Debug, Clone, Default)]
pub(super) struct Modes(pub(super) Vec<Mode>);

impl Modes {
    pub(super) fn has(&self, mode: &Mode) -> bool {
        self.0.contains(mode)
    }

    pub(super) fn big(&self) -> Option<usize> {
        self.0.iter().find_map(|mode| if let Mode::Big(count) = mode { Some(*count) } else { None })
    }

    pub(super) fn federate(&self) -> Option<&str> {
        self.0.iter().find_map(|mode| if let Mode::Federate(url) = mode { Some(url.as_str()) } else { None })
    }

    pub(super) fn redirect(&self) -> Option<&str> {
        self.0.iter().find_map(|mode| if let Mode::Redirect(url) = mode { Some(url.as_str()) } else { None })
    }
}
