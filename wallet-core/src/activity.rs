//! What there is to do and to earn, as any source tells it: one model, and one file per source.
//!
//! Everything here comes from outside and was bounded by whoever decoded it ([`limits`]): texts are of one language and plain or
//! Markdown, addresses are absolute http(s), numbers are finite and in their range. A field that a source does not have is absent, and
//! nothing is guessed into it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

mod cities_of_learning;
mod client;
mod discovery;
mod edubadges;
#[cfg(any(test, feature = "testing"))]
mod everything;
mod feed;
mod read;
mod web_page;

#[cfg(any(test, feature = "testing"))]
pub use everything::read_everything;

pub(crate) use client::{Client, Cursor, Me, MyBadge, Resolved};
pub(crate) use web_page::Page;

/// What each field may hold. A longer text is cut, a longer list too.
pub(crate) mod limits {
    /// Ids of a source, in bytes; an item with a longer one is dropped.
    pub(crate) const ID: usize = 200;
    /// Titles and names, in characters.
    pub(crate) const NAME: usize = 200;
    /// Markdown, in characters.
    pub(crate) const TEXT: usize = 20_000;
    /// Skills, badges, parts, links of one item.
    pub(crate) const LIST: usize = 100;
    /// Items of one city.
    pub(crate) const ITEMS: usize = 25_000;
}

/// A point, in degrees: finite, latitude -90 to 90, longitude -180 to 180.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Point {
    pub(crate) lat: f64,
    pub(crate) lng: f64,
}

impl Point {
    /// A point on Earth, or none. Null Island is where broken forms put things.
    pub(crate) fn new(lat: f64, lng: f64) -> Option<Self> {
        let on_earth = lat.is_finite() && lng.is_finite() && lat.abs() <= 90.0 && lng.abs() <= 180.0;
        (on_earth && (lat, lng) != (0.0, 0.0)).then_some(Self { lat, lng })
    }

    /// The distance over the ground, in kilometres (haversine).
    pub(crate) fn km_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (lat, lng) = ((b - a) / 2.0, (other.lng - self.lng).to_radians() / 2.0);
        let h = lat.sin().powi(2) + a.cos() * b.cos() * lng.sin().powi(2);
        2.0 * 6371.0088 * h.sqrt().min(1.0).asin()
    }
}

/// An activity or a playlist, or a badge of a catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Activity {
    /// Whose ids these are: `badgecraft` for every Cities of Learning server, else the origin that named it.
    pub(crate) platform: String,
    /// Its id on that platform.
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// `workshop`, `event` …, as the source says it.
    pub(crate) form: Option<String>,
    pub(crate) title: String,
    /// Markdown.
    pub(crate) description: Option<String>,
    /// BCP 47.
    pub(crate) language: Option<String>,
    pub(crate) start: Option<Timestamp>,
    pub(crate) end: Option<Timestamp>,
    /// The source may well have a start, of which this app cannot read when it is: that there is none here says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) when_untold: bool,
    /// IANA name.
    pub(crate) time_zone: Option<String>,
    /// In seconds, at most a year.
    pub(crate) duration: Option<u32>,
    pub(crate) online: bool,
    pub(crate) address: Option<String>,
    pub(crate) place: Option<Point>,
    pub(crate) price: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) category: Option<Named>,
    pub(crate) skills: Vec<Named>,
    pub(crate) organiser: Option<Organiser>,
    pub(crate) co_hosts: Vec<String>,
    /// A picture of it.
    pub(crate) picture: Option<Url>,
    /// A wide picture of it.
    pub(crate) cover: Option<Url>,
    /// `#rrggbb`.
    pub(crate) colour: Option<String>,
    /// The badge for the whole of it first.
    pub(crate) badges: Vec<Badge>,
    pub(crate) parts: Vec<Part>,
    pub(crate) ordered: bool,
    /// Ids of playlists that it is part of.
    pub(crate) playlists: Vec<String>,
    /// Label and https, mailto or tel address.
    pub(crate) links: Vec<Link>,
    /// The origin where it lives, when that is another than the one that told.
    pub(crate) home: Option<Url>,
    /// Its page there.
    pub(crate) page: Option<Url>,
    /// Whether this is all that the source tells; otherwise a card of it.
    pub(crate) whole: bool,
    /// The fields for which the source could not be asked: that they are absent says nothing. `badge` is what a badge says itself.
    #[serde(skip)]
    pub(crate) unasked: Vec<&'static str>,
}

impl Activity {
    /// One of which nothing is known but its title. Not whole.
    pub(crate) fn bare(platform: String, id: String, kind: Kind, title: String) -> Self {
        Self {
            platform,
            id,
            kind,
            form: None,
            title,
            description: None,
            language: None,
            start: None,
            end: None,
            when_untold: false,
            time_zone: None,
            duration: None,
            online: false,
            address: None,
            place: None,
            price: None,
            audience: None,
            category: None,
            skills: Vec::new(),
            organiser: None,
            co_hosts: Vec::new(),
            picture: None,
            cover: None,
            colour: None,
            badges: Vec::new(),
            parts: Vec::new(),
            ordered: false,
            playlists: Vec::new(),
            links: Vec::new(),
            home: None,
            page: None,
            whole: false,
            unasked: Vec::new(),
        }
    }
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Activity,
    Playlist,
    Badge,
}

/// Something with an id and a name: a category (its name an English key), a skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Who organises it, as the source says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Organiser {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) verified: Option<bool>,
    pub(crate) description: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) picture: Option<Url>,
    pub(crate) links: Vec<Link>,
}

/// A badge to earn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Badge {
    pub(crate) id: String,
    /// The address of its BadgeClass or achievement, when the source names it.
    pub(crate) class: Option<Url>,
    pub(crate) name: String,
    /// Who gives it, when the source says so of the badge itself.
    pub(crate) issuer: Option<String>,
    /// Markdown.
    pub(crate) description: Option<String>,
    pub(crate) picture: Option<Url>,
    pub(crate) evidence: Option<bool>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) tasks_needed: Option<u32>,
    pub(crate) requires: Vec<Required>,
    /// How many of those, or of the badges of its activity where none is named; `None` for all.
    pub(crate) requires_count: Option<u32>,
}

/// A task of a badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Task {
    /// Markdown.
    pub(crate) text: String,
    /// `self`, `members`, `managers`, `circle`, `circleAdmins`, as the source says it.
    pub(crate) check: Option<String>,
}

/// A badge that comes before another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Required {
    pub(crate) id: String,
    pub(crate) class: Option<Url>,
    pub(crate) name: String,
}

/// A part of a playlist. What it says of itself, where it is here, goes before what its playlist says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The activity's id on the same platform.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) mandatory: bool,
    pub(crate) duration: Option<u32>,
    /// The origin where it lives, when that is another.
    pub(crate) home: Option<Url>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Timestamp>,
    /// IANA name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) time_zone: Option<String>,
    /// The badge for the whole of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) badge: Option<Named>,
    /// Who organises it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) organiser: Option<String>,
}

/// When something is over: at its end, else after its duration, else when the day of its start is.
pub(crate) fn ends_at(start: Option<Timestamp>, end: Option<Timestamp>, duration: Option<u32>) -> Option<Timestamp> {
    let lasts = |start: Timestamp| {
        let seconds = duration.map_or(12 * 3600, i64::from);
        start.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(start)
    };
    end.or_else(|| start.map(lasts))
}

/// A label and an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    pub(crate) label: String,
    /// https, http, mailto or tel.
    pub(crate) url: String,
}

/// What is known of a server after it was asked what it speaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct City {
    /// The origin that the learner chose.
    pub(crate) origin: Url,
    pub(crate) name: String,
    pub(crate) source: Source,
    /// Says of itself that it is made up.
    pub(crate) fictitious: bool,
    pub(crate) centre: Option<Point>,
    pub(crate) districts: Vec<(String, Point)>,
    /// Where a claim code is brought, with `{code}` in it: https (http on loopback) on the city's own origin.
    pub(crate) claim: Option<String>,
    /// Fields and arguments that this server does not have, learned from its own answers: `Type.field`.
    pub(crate) lacks: Vec<String>,
}

/// What a server speaks, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// GraphQL of Cities of Learning at this address, with the client id that selects the city where one is needed.
    CitiesOfLearning { url: Url, client: Option<String> },
    /// The neutral feed.
    Feed { url: Url },
    /// eduBadges' catalogue.
    Edubadges { url: Url },
}

#[cfg(test)]
mod tests;
