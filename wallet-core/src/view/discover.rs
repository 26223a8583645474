//! What crosses to a front end of *Ontdek*: cities, activities, the next badge, and claims.
//!
//! Texts from a city are cleaned and bounded, `…_html` is safe HTML made here, pictures are `data:image/png` URIs made here. A city's
//! word is never more than its word: what a view says of an organiser is "volgens {host}".

use serde::{Deserialize, Serialize};

use super::Fact;

badge_view::view! {
    // ---- cities ---------------------------------------------------------------------------------------------------------

    /// What a server speaks.
    #[derive(Copy, Eq)]
    pub enum CitySource {
        /// The GraphQL of Cities of Learning.
        CitiesOfLearning,
        /// The neutral feed that a well-known document names.
        Feed,
        /// The public catalogue of eduBadges.
        Edubadges,
    }

    /// A point on the map, in degrees (WGS 84).
    #[derive(Copy)]
    pub struct Place {
        /// Latitude.
        pub lat: f64,
        /// Longitude.
        pub lng: f64,
    }

    /// A city that the learner chose.
    pub struct CityView {
        /// For the commands: its origin (`https://dutch.cityoflearning.eu`).
        pub id: String,
        /// Its name, as it says.
        pub name: String,
        /// Its host, as it is shown.
        pub host: String,
        /// What it speaks.
        pub source: CitySource,
        /// Whether it says of itself that it is made up.
        pub fictitious: bool,
        /// How many activities are here, each counted once over all cities.
        pub activities: u32,
        /// How many playlists are here.
        pub playlists: u32,
        /// When it last answered; `None` before it ever did.
        pub refreshed_at: Option<String>,
        /// Why it could not be read the last time. What is here stays.
        pub problem: Option<crate::ErrorCode>,
        /// Its middle.
        pub centre: Option<Place>,
        /// Whether claim codes can be used there.
        pub claims: bool,
        /// Who is signed in there (an experiment), as the city calls them.
        pub signed_in: Option<String>,
    }

    /// A city that can be added with one tap.
    pub struct KnownCity {
        /// Its name.
        pub name: String,
        /// Its origin.
        pub address: String,
        /// Whether it is made up, for practice.
        pub fictitious: bool,
    }

    /// The learner's cities, and the ones that this app knows of.
    pub struct Cities {
        /// Chosen, in the order in which they were.
        pub chosen: Vec<CityView>,
        /// Known and not chosen.
        pub known: Vec<KnownCity>,
    }

    // ---- lists ----------------------------------------------------------------------------------------------------------

    /// What there is to do.
    #[derive(Copy, Eq)]
    pub enum ActivityKind {
        /// An activity.
        Activity,
        /// A route of activities.
        Playlist,
        /// A badge of a catalogue that names no activity.
        Badge,
    }

    /// Within a distance of a point.
    #[derive(Copy)]
    pub struct Near {
        /// Latitude.
        pub lat: f64,
        /// Longitude.
        pub lng: f64,
        /// Kilometres.
        pub km: f64,
    }

    /// Which activities. All of it together.
    #[derive(Default)]
    pub struct ActivityQuery {
        /// Search as you type: every word, by prefix, over title, organiser, skills, badge, text.
        #[serde(default)]
        pub search: Option<String>,
        /// Only this kind.
        #[serde(default)]
        pub kind: Option<ActivityKind>,
        /// Only this city.
        #[serde(default)]
        pub city: Option<String>,
        /// Not over before this moment (RFC 3339); the present when absent.
        #[serde(default)]
        pub from: Option<String>,
        /// Begins before this moment (RFC 3339). Without a date nothing does.
        #[serde(default)]
        pub to: Option<String>,
        /// One of these categories ([`Facet::id`]).
        #[serde(default)]
        pub categories: Vec<String>,
        /// One of these skills: [`Facet::id`], or the name as it is shown, in capitals or not.
        #[serde(default)]
        pub skills: Vec<String>,
        /// Near a point: sorted by distance.
        #[serde(default)]
        pub near: Option<Near>,
        /// Only what can be done online.
        #[serde(default)]
        pub online: bool,
        /// Only what the learner plans.
        #[serde(default)]
        pub planned: bool,
        /// Skip so many.
        #[serde(default)]
        pub offset: u32,
        /// At most so many (default and cap 60).
        #[serde(default)]
        pub limit: Option<u32>,
    }

    /// A choice of a filter.
    pub struct Facet {
        /// For the query.
        pub id: String,
        /// In the app's language, where the app has the word; otherwise as the city says it.
        pub name: String,
        /// How many activities have it.
        pub count: u32,
    }

    /// One page of activities.
    pub struct ActivityPage {
        /// The activities: those with a date to come by date (what only ends by its end), then those for any time; by distance with
        /// `near`. With `planned` also what is over: last, newest first.
        pub activities: Vec<ActivityCard>,
        /// How many fit in all.
        pub total: u32,
        /// How many there are without filters, past ones left out.
        pub all: u32,
        /// The categories that there are.
        pub categories: Vec<Facet>,
        /// The most frequent skills, at most 40.
        pub skills: Vec<Facet>,
        /// When the city that was read longest ago was: of those that the query asks for, and that ever were.
        pub refreshed_at: Option<String>,
    }

    /// A card in a list.
    pub struct ActivityCard {
        /// For the commands: `<id>@<host>`.
        pub id: String,
        /// What it is.
        pub kind: ActivityKind,
        /// Its title.
        pub title: String,
        /// BCP 47 language of its texts, when known.
        pub language: Option<String>,
        /// When it starts.
        pub start: Option<String>,
        /// When it ends.
        pub end: Option<String>,
        /// Its city does not tell this app when: it may have a date, on its page. Otherwise what has no date is for any time.
        pub when_unknown: bool,
        /// Whether it is over.
        pub past: bool,
        /// The IANA time zone in which both are meant.
        pub time_zone: Option<String>,
        /// How long it takes, in minutes.
        pub minutes: Option<u32>,
        /// Whether it is online.
        pub online: bool,
        /// Where, in words.
        pub address: Option<String>,
        /// Where, on the map.
        pub place: Option<Place>,
        /// How far from the point that was asked for, in kilometres.
        pub km: Option<f64>,
        /// Who organises it.
        pub organiser: Option<String>,
        /// The badge to earn.
        pub badge: Option<String>,
        /// A small picture: of the badge where there is one, otherwise of the activity.
        pub picture: Option<String>,
        /// The colour behind it, `#rrggbb`, as the city says.
        pub colour: Option<String>,
        /// Whether the learner plans it.
        pub planned: bool,
        /// Of a playlist: how far the learner is, when begun.
        pub progress: Option<Progress>,
        /// The city's host.
        pub host: String,
    }

    /// How far the learner is in a playlist: computed here, from the badges in this wallet and the learner's own ticks.
    pub struct Progress {
        /// How many parts are done.
        pub done: u32,
        /// How many parts there are.
        pub total: u32,
        /// Whether every part that is mandatory is done; every part where none is.
        pub complete: bool,
        /// The next part to do, of those that are not over: by date where it has one, otherwise the first that is not done.
        pub next: Option<NextPart>,
    }

    /// The next part of a playlist.
    pub struct NextPart {
        /// For the commands, when its activity is here.
        pub id: Option<String>,
        /// Its title.
        pub title: String,
        /// BCP 47 language of its title, when known.
        pub language: Option<String>,
        /// When it starts.
        pub start: Option<String>,
        /// The IANA time zone.
        pub time_zone: Option<String>,
    }

    /// Something on the map.
    pub struct Mark {
        /// For the commands.
        pub id: String,
        /// Its title.
        pub title: String,
        /// BCP 47 language of its texts, when known.
        pub language: Option<String>,
        /// What it is.
        pub kind: ActivityKind,
        /// Where.
        pub place: Place,
        /// Who organises it.
        pub organiser: Option<String>,
        /// When it starts.
        pub start: Option<String>,
        /// When it ends.
        pub end: Option<String>,
        /// As in [`ActivityCard`].
        pub when_unknown: bool,
        /// Whether it is over.
        pub past: bool,
        /// The IANA time zone.
        pub time_zone: Option<String>,
    }

    /// A name on the map.
    pub struct District {
        /// The name.
        pub name: String,
        /// Where.
        pub place: Place,
    }

    /// What the map shows.
    pub struct ActivityMap {
        /// Everything with a place that fits the query, at most 5,000: the nearest ones with `near`, else the newest.
        pub marks: Vec<Mark>,
        /// How many more that fit have a place.
        pub left_out: u32,
        /// Districts that a city names; else parts of addresses.
        pub districts: Vec<District>,
        /// Where the map begins.
        pub centre: Option<Place>,
        /// How many that fit have no place.
        pub without_place: u32,
        /// Whether the learner named a server of street tiles.
        pub tiles: bool,
    }

    // ---- one ------------------------------------------------------------------------------------------------------------

    /// One activity or playlist, whole.
    pub struct ActivityDetail {
        /// Its card.
        pub card: ActivityCard,
        /// A large picture.
        pub cover: Option<String>,
        /// What it is about.
        pub description_html: Option<String>,
        /// BCP 47 language of its texts, when known.
        pub language: Option<String>,
        /// What it costs, when a source says so; otherwise it is unknown, never free.
        pub price: Option<String>,
        /// For whom, when a source says so.
        pub audience: Option<String>,
        /// Its kind in the app's language ("Workshop").
        pub form: Option<String>,
        /// Its category in the app's language.
        pub category: Option<String>,
        /// Its skills.
        pub skills: Vec<String>,
        /// Who organises it.
        pub organiser: Option<OrganiserView>,
        /// Who helps: names only.
        pub co_hosts: Vec<String>,
        /// The badges to earn, that of the activity itself first.
        pub badges: Vec<BadgeToEarn>,
        /// Of a playlist: its parts.
        pub parts: Vec<PartView>,
        /// Of a playlist: whether its parts go in their order.
        pub ordered: bool,
        /// The playlists that it is part of and that are here.
        pub playlists: Vec<ActivityCard>,
        /// Websites, mail addresses, telephone numbers and material: label and https, mailto or tel address.
        pub links: Vec<Fact>,
        /// Its page on its home site, to be opened in the browser.
        pub page: Option<String>,
        /// The host of that page.
        pub home: String,
        /// Whether it is over.
        pub past: bool,
        /// When its city last told about it.
        pub seen_at: String,
        /// Whether all of it was ever read; otherwise only the card was.
        pub whole: bool,
        /// Why it could not be read now. What is here is shown.
        pub problem: Option<crate::ErrorCode>,
    }

    /// Who organises something.
    pub struct OrganiserView {
        /// Its name.
        pub name: String,
        /// Whether it is verified: the city's word, to be shown with "volgens {host}". `None` when the city does not say.
        pub verified: Option<bool>,
        /// The host whose word that is.
        pub according_to: String,
        /// What it says of itself.
        pub description_html: Option<String>,
        /// Where it is.
        pub address: Option<String>,
        /// Websites and addresses: label and https, mailto or tel address.
        pub links: Vec<Fact>,
        /// A small picture.
        pub picture: Option<String>,
    }

    /// A badge that can be earned.
    pub struct BadgeToEarn {
        /// Its name.
        pub name: String,
        /// What it stands for.
        pub description_html: Option<String>,
        /// A picture.
        pub picture: Option<String>,
        /// What has to be done.
        pub tasks: Vec<BadgeTask>,
        /// How many of these; `None` when the city does not say.
        pub tasks_needed: Option<u32>,
        /// Whether proof of work is asked for.
        pub evidence: Option<bool>,
        /// The names of badges that come first.
        pub requires: Vec<RequiredBadge>,
        /// How many of those, or of the badges of this activity where none is named; `None` for all.
        pub requires_count: Option<u32>,
        /// Whether the learner has it.
        pub held: Held,
    }

    /// A task of a badge.
    pub struct BadgeTask {
        /// What.
        pub text_html: String,
        /// Who looks at it, in the app's language.
        pub checked_by: Option<String>,
    }

    /// A badge that comes before another.
    pub struct RequiredBadge {
        /// Its name.
        pub name: String,
        /// Whether the learner has it.
        pub held: Held,
    }

    /// Whether a badge is in this wallet. Badges that do not add up do not count.
    #[serde(tag = "kind")]
    pub enum Held {
        /// It is not.
        No,
        /// It is: the address of the badge class is the same.
        Yes {
            /// The stored badge.
            badge: String,
        },
        /// One with this name, from an issuer with this name: "lijkt hierop".
        Alike {
            /// The stored badge.
            badge: String,
        },
    }

    /// A part of a playlist.
    pub struct PartView {
        /// For `tick_part`.
        pub part: String,
        /// Its activity, when it is here.
        pub id: Option<String>,
        /// Its title.
        pub title: String,
        /// BCP 47 language of its title, when known.
        pub language: Option<String>,
        /// Whether it is mandatory.
        pub mandatory: bool,
        /// Whether it is done: the learner's own tick where there is one, else what the badges say.
        pub done: bool,
        /// What the badges say.
        pub held: Held,
        /// The learner's own tick.
        pub ticked: Option<bool>,
        /// When it starts.
        pub start: Option<String>,
        /// When it ends.
        pub end: Option<String>,
        /// Whether it is over.
        pub past: bool,
        /// The IANA time zone.
        pub time_zone: Option<String>,
        /// How long it takes, in minutes.
        pub minutes: Option<u32>,
        /// The host where it lives, when that is another.
        pub elsewhere: Option<String>,
        /// A small picture.
        pub picture: Option<String>,
    }

    // ---- next -----------------------------------------------------------------------------------------------------------

    /// A next step, computed on this device.
    pub struct Suggestion {
        /// What.
        pub activity: ActivityCard,
        /// Why: one sentence.
        pub reason: String,
        /// Why: `begun`, `prerequisites`, `shared_skill`, `related_skill`.
        pub because: String,
    }

    // ---- claim ----------------------------------------------------------------------------------------------------------

    /// What came of a claim code.
    #[serde(tag = "kind")]
    pub enum ClaimOutcome {
        /// No network: it waits, visibly, and is done later.
        Queued,
        /// The city wants to know who claims: its page has to be opened in the browser.
        Browser {
            /// The page.
            url: String,
        },
        /// The badge was given. `url` is where the badge may be brought in from, a page on the city's site.
        Gained {
            /// Its name; empty where the city does not say which badge it is.
            name: String,
            /// Whether it was given now, or before, as far as the city says.
            now: Option<bool>,
            /// Its page on the city's site.
            url: Option<String>,
            /// Whether it is in this wallet.
            #[serde(default)]
            kept: bool,
        },
        /// More is needed for the badge: proof of work, or another badge first.
        More {
            /// The badge's name.
            name: String,
            /// Its page on the city's site.
            url: Option<String>,
        },
        /// The learner joined an activity.
        JoinedActivity {
            /// Its name.
            name: String,
            /// Whether the learner joined now, or before, as far as the city says.
            #[serde(default)]
            now: Option<bool>,
            /// Its page on the city's site.
            url: Option<String>,
        },
        /// The learner joined an organisation.
        JoinedOrganisation {
            /// Its name.
            name: String,
            /// As in `joined_activity`.
            #[serde(default)]
            now: Option<bool>,
        },
        /// The city knows no such code, or it was used.
        Unknown,
    }

    /// Where a claim stands.
    #[derive(Copy, Eq)]
    pub enum ClaimState {
        /// It waits for the network.
        Queued,
        /// The city's page has to be opened.
        Browser,
        /// It was answered.
        Done,
        /// It did not work.
        Failed,
    }

    /// A claim code that was used, or waits.
    pub struct ClaimView {
        /// For the commands.
        pub id: String,
        /// The code.
        pub code: String,
        /// The city's name.
        pub city: String,
        /// The city's host.
        pub host: String,
        /// When it was scanned or typed.
        pub at: String,
        /// Where it stands.
        pub state: ClaimState,
        /// What came of it, once tried.
        pub outcome: Option<ClaimOutcome>,
        /// Why it could not be tried, the last time.
        pub problem: Option<crate::ErrorCode>,
    }

    /// A badge on a city's server (an experiment, signed in).
    pub struct PlatformBadge {
        /// The server's id.
        pub id: String,
        /// Its name.
        pub name: String,
        /// A small picture.
        pub picture: Option<String>,
        /// Its page on the city's site, where it can be fetched.
        pub page: String,
        /// Whether it is in this wallet already.
        pub held: Held,
    }
}

impl KnownCity {
    /// The demo city at this address.
    #[must_use]
    pub fn demo(address: String) -> Self {
        Self { name: "Demostad Utrecht (fictief)".to_owned(), address, fictitious: true }
    }
}
