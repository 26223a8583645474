//! Every type that crosses to a front end. Plain data: serde here, TypeScript by `ts-rs` (feature `ts`).
//!
//! Timestamps are RFC 3339 text in UTC. Texts that came from a badge are cleaned and bounded; `…_html` is safe HTML made here
//! from Markdown (no raw HTML, no pictures; links carry `href` and are opened only by an explicit tap). Pictures are `data:image/png`
//! URIs made here from decoded and re-encoded pixels.

pub use badge_view::view::{
    AlignmentView, BadgeFace, CheckView, CheckedBadge, EndorsementView, EvidenceView, Fact, IssuerView, KnownIssuer, Language,
    RecipientMatch, RecipientView, Verdict, Verification,
};
use serde::{Deserialize, Serialize};

mod discover;

pub use discover::{
    ActivityCard, ActivityDetail, ActivityKind, ActivityMap, ActivityPage, ActivityQuery, BadgeTask, BadgeToEarn, Cities,
    CitySource, CityView, ClaimOutcome, ClaimState, ClaimView, District, Facet, Held, KnownCity, Mark, Near, NextPart,
    OrganiserView, PartView, Place, PlatformBadge, Progress, RequiredBadge, Suggestion,
};

badge_view::view! {
    // ---- life -----------------------------------------------------------------------------------------------------------

    /// Where the wallet stands.
    pub enum WalletState {
        /// No wallet here yet: the welcome screen.
        New,
        /// There is one, and it needs a key.
        Locked,
        /// Open.
        Ready,
        /// Written by a newer version: update the app.
        TooNew,
    }

    /// All a front end needs at start.
    pub struct AppState {
        /// Where the wallet stands.
        pub wallet: WalletState,
        /// Whether the demo wallet is the one that is shown.
        pub demo: bool,
        /// Whether this device has a key store that works, so that no passphrase is needed.
        pub key_store: bool,
        /// Whether the wallet has a passphrase slot.
        pub passphrase: bool,
        /// Why it is locked, when the device's key store is the reason (`key_store_empty` …).
        pub problem: Option<crate::ErrorCode>,
        /// The chosen language, when one was chosen.
        pub language: Option<Language>,
        /// The chosen colours, when chosen.
        pub theme: Option<Theme>,
        /// The app's version.
        pub version: String,
        /// Whether codes can be scanned by a native camera (phones).
        pub native_scanner: bool,
        /// Where share links live unless the learner sets another place. `None` for an app without one.
        pub share_host_default: Option<String>,
    }

    /// Light, dark, or what the system says.
    #[derive(Copy, Eq)]
    pub enum Theme {
        /// What the system says.
        System,
        /// Light.
        Light,
        /// Dark.
        Dark,
    }

    /// What the learner can set.
    pub struct Settings {
        /// The app's language.
        pub language: Language,
        /// Its colours.
        pub theme: Theme,
        /// No network at all, by choice.
        pub offline: bool,
        /// Where share links live, when the learner chose: an https origin (http on loopback).
        #[serde(default)]
        pub share_host: Option<String>,
        /// Where the map's street tiles come from, when the learner switched them on and named a server: an https address with `{z}`,
        /// `{x}` and `{y}` in its path.
        #[serde(default)]
        pub tile_server: Option<String>,
        /// Whether signing in to a city inside the app, an experiment, is offered.
        #[serde(default)]
        pub city_sign_in: bool,
    }

    /// Something changed without being asked for.
    pub enum WalletEvent {
        /// The list of badges changed.
        BadgesChanged,
        /// A check that could not finish earlier did now.
        Rechecked {
            /// Which badge.
            id: String,
        },
        /// Something was opened with the app (a link, a file): call `take_opened`.
        Opened,
        /// The wallet was locked.
        Locked,
        /// A city was read, added or removed.
        ActivitiesChanged,
        /// A claim that waited was tried.
        ClaimsChanged,
    }

    // ---- receive --------------------------------------------------------------------------------------------------------

    /// A file by name and content.
    pub struct NamedFile {
        /// Its name, without folders.
        pub name: String,
        /// Its bytes (base64 on the wire).
        #[serde(with = "base64_bytes")]
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        pub bytes: Vec<u8>,
        /// Its media type, when known.
        #[serde(default)]
        pub media_type: Option<String>,
    }

    /// What was scanned, opened, shared into the app, pasted or picked.
    pub enum Input {
        /// A text: an address, JSON, a JWT, a code's content.
        Text(String),
        /// A file.
        File(NamedFile),
    }

    /// Who brought the input.
    #[derive(Copy, Eq)]
    pub enum Origin {
        /// The learner typed, pasted, picked or scanned it.
        Person,
        /// Another app or a link opened it: no request is made until `continue_incoming`.
        Opened,
    }

    /// What an input turned out to be. Nothing is stored yet.
    #[serde(tag = "kind")]
    pub enum Incoming {
        /// Badges, previewed and verified.
        Badges {
            /// For `save`, `dismiss`.
            id: String,
            /// One entry a badge.
            badges: Vec<BadgePreview>,
            /// Parts of the input that were no badge, each with its own answer.
            rejected: Vec<Rejected>,
            /// Of what another app or a link opened: the hosts that `continue_incoming` would ask for what decides. Empty when
            /// nothing was left unasked.
            hosts: Vec<String>,
        },
        /// A badge that someone *shows*: leads to the verdict, never to *Bewaar*.
        Shown {
            /// One entry a badge.
            badges: Vec<CheckedBadge>,
            /// Of a share link: what is not the issuers' but its owner's.
            shared: Option<SharedBy>,
        },
        /// A share link with a passcode: ask for it, then `open_share`.
        Passcode {
            /// For `open_share`, `dismiss`.
            id: String,
            /// After a wrong one: how many tries are left.
            left: Option<u32>,
        },
        /// Something has to be fetched first, and the person is asked with the hosts named.
        NeedsNetwork {
            /// For `continue_incoming`, `dismiss`.
            id: String,
            /// The hosts that will be asked.
            hosts: Vec<String>,
        },
        /// One part of a sequence of codes; more are needed.
        Part {
            /// How far the sequence is, 0.0 to 1.0.
            progress: f64,
        },
        /// A claim code. Nothing is sent until `claim_code`, and then to one city.
        Claim {
            /// The code.
            code: String,
            /// Of a claim link: the city that it names, by its address.
            city: Option<String>,
            /// Of a claim link: the host.
            host: Option<String>,
        },
        /// An activity: show it with `activity`.
        Activity {
            /// For the commands.
            id: String,
        },
        /// A city, the learner's already or one that `add_city` adds.
        City {
            /// For `add_city`.
            address: String,
            /// Its name, as it says.
            name: String,
            /// Its host.
            host: String,
        },
        /// An ordinary web page: no badge found behind the address.
        Page {
            /// Its host.
            host: String,
            /// Its address.
            url: String,
        },
    }

    /// A part of an input that was not taken.
    pub struct Rejected {
        /// Which part: a file's name.
        pub name: String,
        /// Why.
        pub code: crate::ErrorCode,
        /// The same in one sentence.
        pub text: String,
    }

    /// A badge before it is kept.
    pub struct BadgePreview {
        /// For `save`: its place in the preview.
        pub index: u32,
        /// Its content address.
        pub content_id: String,
        /// What it says.
        pub badge: BadgeFace,
        /// The verdict.
        pub verification: Verification,
        /// To whom it was given.
        pub recipient: RecipientView,
        /// Whether it is here already.
        pub known: KnownBadge,
    }

    /// Whether a badge is in the wallet already.
    #[serde(tag = "kind")]
    pub enum KnownBadge {
        /// It is not.
        New,
        /// It is, byte for byte or by the standard's equality.
        Duplicate {
            /// The stored badge.
            id: String,
        },
        /// This is a newer version of a stored one.
        Newer {
            /// The stored badge, which `save` replaces.
            id: String,
        },
        /// This is an older version of a stored one.
        Older {
            /// The stored badge.
            id: String,
        },
    }

    /// What `save` stored.
    pub struct Saved {
        /// The stored badges' ids, in the order of the choice.
        pub ids: Vec<String>,
    }

    // ---- badges ---------------------------------------------------------------------------------------------------------

    /// How a list of badges is sorted.
    #[derive(Copy, Eq, Default)]
    pub enum Sort {
        /// Newest first.
        #[default]
        Newest,
        /// By name.
        Name,
        /// By issuer.
        Issuer,
    }

    /// Which badges.
    #[derive(Default)]
    pub struct BadgeFilter {
        /// Search as you type: every word, by prefix, over name, issuer, description, skills.
        #[serde(default)]
        pub search: Option<String>,
        /// The order.
        #[serde(default)]
        pub sort: Sort,
        /// Skip so many.
        #[serde(default)]
        pub offset: u32,
        /// At most so many (default and cap 60).
        #[serde(default)]
        pub limit: Option<u32>,
    }

    /// One page of badges.
    pub struct BadgePage {
        /// The badges.
        pub badges: Vec<BadgeCard>,
        /// How many fit the filter in all.
        pub total: u32,
        /// How many there are without the filter.
        pub all: u32,
    }

    /// A tile in the list.
    pub struct BadgeCard {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: String,
        /// Who gave it, as it calls itself.
        pub issuer: String,
        /// BCP 47 language of the name.
        pub language: Option<String>,
        /// The date it was given.
        pub issued: Option<String>,
        /// The stored verdict, with the dates looked at anew.
        pub verdict: Verdict,
        /// The verdict in a few words ("Echt en geldig", "Verlopen").
        pub label: String,
        /// When what decides was fetched.
        pub checked_at: String,
        /// A small picture.
        pub picture: Option<String>,
    }

    /// One badge, whole.
    pub struct BadgeDetail {
        /// Its id.
        pub id: String,
        /// Its front.
        pub badge: BadgeFace,
        /// The verdict.
        pub verification: Verification,
        /// To whom.
        pub recipient: RecipientView,
        /// Who gave it.
        pub issuer: IssuerView,
        /// Who made the achievement, when another.
        pub creator: Option<IssuerView>,
        /// A page about the criteria.
        pub criteria_url: Option<String>,
        /// Proof of work.
        pub evidence: Vec<EvidenceView>,
        /// Recommendations.
        pub endorsements: Vec<EndorsementView>,
        /// Results, fields of study, credits: label (already in the app's language where known) and value.
        pub facts: Vec<Fact>,
        /// Free tags.
        pub tags: Vec<String>,
        /// When it was kept.
        pub added_at: String,
        /// Technical details, copyable: label and value.
        pub technical: Vec<Fact>,
        /// The credential as indented JSON, for reading and copying.
        pub json: String,
        /// The forms it can be exported in.
        pub exports: Vec<ExportFormat>,
    }

    /// A form of export.
    #[derive(Copy, Eq)]
    pub enum ExportFormat {
        /// The file as it came in, byte for byte.
        Original,
        /// The credential as JSON.
        Json,
        /// The credential as a compact JWS.
        Jwt,
        /// Baked into its picture as PNG.
        Png,
        /// Baked into its picture as SVG.
        Svg,
    }

    // ---- verify ---------------------------------------------------------------------------------------------------------

    /// May the network be asked?
    #[derive(Copy, Eq)]
    pub enum Freshness {
        /// Only what is stored.
        Stored,
        /// Fetch anew what decides.
        Now,
    }

    // ---- show -----------------------------------------------------------------------------------------------------------

    /// Codes that carry the badges themselves.
    pub struct Presentation {
        /// One SVG per code: one, or a sequence to be shown in turn (about 8 a second), then over again.
        pub codes: Vec<String>,
        /// The text way: the same content as one text to copy.
        pub text: String,
        /// The names of the badges in it.
        pub names: Vec<String>,
    }

    // ---- share ----------------------------------------------------------------------------------------------------------

    /// What a share link says besides its badges. The words of the one who shares, and no part of any verdict.
    pub struct SharedBy {
        /// The title.
        pub title: String,
        /// The words.
        pub words: String,
        /// The place that the link came from.
        pub host: String,
        /// When the link ends. Never a badge's own end.
        pub ends_at: Option<String>,
    }

    /// How much of a badge is seen at first. It hides nothing.
    #[derive(Copy, Eq)]
    pub enum ShareShow {
        /// Name, picture, verdict.
        Front,
        /// All of it.
        Whole,
    }

    /// How long a link works.
    #[derive(Copy, Eq)]
    pub enum ShareEnd {
        /// A quarter of an hour: for someone who stands here.
        Now,
        /// One day.
        Day,
        /// 30 days.
        Month,
        /// 365 days.
        Year,
        /// Until it is stopped.
        Open,
    }

    /// A badge in a share.
    pub struct ShareChoice {
        /// The badge.
        pub id: String,
        /// How much is seen at first.
        pub show: ShareShow,
        /// For a hashed recipient: the address that the learner adds, which the page compares with the hash.
        #[serde(default)]
        pub address: Option<String>,
    }

    /// What is to be shared, and how.
    pub struct NewShare {
        /// The badges, in their order.
        pub badges: Vec<ShareChoice>,
        /// A title, 80 characters. May be empty.
        #[serde(default)]
        pub title: String,
        /// Own words, 400 characters. May be empty.
        #[serde(default)]
        pub words: String,
        /// How long.
        pub ends: ShareEnd,
        /// A passcode of 6 characters or more.
        #[serde(default)]
        pub passcode: Option<String>,
        /// For whom; only the learner sees it.
        #[serde(default)]
        pub label: String,
        /// Whether the share host is asked to witness what the verdicts rest on. The hosts in [`ShareDraft::asks`] are then asked.
        #[serde(default)]
        pub witness: bool,
        /// Where, instead of the place that was set: an https origin (http on loopback). A link stays where it was made.
        #[serde(default)]
        pub host: Option<String>,
    }

    /// Exactly what the other will see, before anything is sent.
    pub struct ShareDraft {
        /// The badges as the other sees them.
        pub badges: Vec<CheckedBadge>,
        /// The title as it is sent.
        pub title: String,
        /// The words as they are sent.
        pub words: String,
        /// What whoever has the link can read about the learner.
        pub readable: Vec<ShareReadable>,
        /// Where the link will live; `None` when there is no place yet.
        pub host: Option<String>,
        /// The hosts that witnessing would ask.
        pub asks: Vec<String>,
        /// The size of what is sent, in bytes.
        pub bytes: u32,
    }

    /// Something about the learner that can be read in a badge.
    pub struct ShareReadable {
        /// Which badge: its content address.
        pub badge: String,
        /// `address`, `name`, `id`, `hash`, `evidence`.
        pub kind: String,
        /// The thing itself.
        pub text: String,
        /// Of a hash: the learner's own address that it is of, which may be added.
        pub proposal: Option<String>,
    }

    /// How a link stands. What the host did not confirm is never said.
    #[derive(Copy, Eq)]
    pub enum ShareState {
        /// Prepared, and not made: there is no link.
        Draft,
        /// The host has not confirmed what was sent.
        Sending,
        /// Open, as the host last said.
        Open,
        /// To be stopped; still open until the host confirms.
        Stopping,
        /// Stopped.
        Stopped,
        /// Past its end.
        Ended,
        /// The host has something else than was sent.
        Altered,
    }

    /// A share link of the learner.
    pub struct ShareView {
        /// Its id.
        pub id: String,
        /// For whom.
        pub label: String,
        /// Its title.
        pub title: String,
        /// Its words.
        pub words: String,
        /// Whether the host was asked to witness.
        pub witness: bool,
        /// The link itself, with its key. Empty for a draft, and once it is stopped or ended.
        pub address: String,
        /// The link as a QR code: an SVG.
        pub code: String,
        /// The host's name.
        pub host: String,
        /// When it was made.
        pub created_at: String,
        /// When it ends; `None` for until it is stopped.
        pub ends_at: Option<String>,
        /// How it stands.
        pub state: ShareState,
        /// Whether it has a passcode.
        pub passcode: bool,
        /// Whether ten wrong passcodes closed it, until `reopen_share`.
        pub locked: bool,
        /// The badges in it.
        pub badges: Vec<ShareBadge>,
        /// Whether it is a link for now.
        pub for_now: bool,
    }

    /// A badge in a link of the learner.
    pub struct ShareBadge {
        /// Its id, while it is in the wallet.
        pub id: Option<String>,
        /// Its name then.
        pub name: String,
        /// A small picture.
        pub picture: Option<String>,
        /// How much is seen at first.
        pub show: ShareShow,
        /// The address that was added.
        pub address: Option<String>,
    }

    // ---- keep -----------------------------------------------------------------------------------------------------------

    /// One of the learner's own addresses.
    pub struct Identity {
        /// The e-mail address.
        pub address: String,
        /// When it was added.
        pub added_at: String,
        /// How many badges match it.
        pub badges: u32,
    }

    /// An issuer that the learner trusts.
    pub struct TrustedIssuer {
        /// DID or https id.
        pub id: String,
        /// The name that the learner sees on the list.
        pub name: Option<String>,
        /// When it was added.
        pub added_at: String,
    }

    /// A line of the history.
    pub struct HistoryEntry {
        /// When.
        pub at: String,
        /// What: `added`, `shown`, `removed`, `restored`, `exported`, `checked`, `shared`, `changed`, `stopped`.
        pub action: String,
        /// The badge's id, when it is still here.
        pub badge: Option<String>,
        /// The badge's name then.
        pub name: String,
    }
}

/// The view types as TypeScript: the content of `ui/src/backend/types.gen.ts`.
#[cfg(feature = "ts")]
#[must_use]
pub fn typescript() -> String {
    let error = <crate::ErrorCode as ts_rs::TS>::decl(&ts_rs::Config::default());
    let all = std::iter::once(error).chain(badge_view::view::declarations()).chain(declarations()).chain(discover::declarations());
    let exported: String = all.map(|declaration| format!("export {declaration}\n")).collect();
    format!("// Made from wallet-core/src/view.rs and badge-view by tests/tests/types.rs, which also keeps it true.\n{exported}")
}

/// `Vec<u8>` as base64 text.
pub mod base64_bytes {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes base64 with padding.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    /// Reads base64 with padding.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(serde::de::Error::custom)
    }
}
