//! Every type that crosses to a front end. Plain data: serde here, TypeScript by `ts-rs` (feature `ts`).
//!
//! Timestamps are RFC 3339 text in UTC. Texts that came from a badge are cleaned and bounded; `…_html` is safe HTML made here
//! from Markdown (no raw HTML, no pictures; links carry `href` and are opened only by an explicit tap). Pictures are `data:image/png`
//! URIs made here from decoded and re-encoded pixels.

use serde::{Deserialize, Serialize};

macro_rules! view {
    ($($(#[$m:meta])* pub $kind:ident $name:ident $body:tt)*) => {
        $(#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        $(#[$m])*
        pub $kind $name $body)*

        /// The view types as TypeScript: the content of `ui/src/backend/types.gen.ts`.
        #[cfg(feature = "ts")]
        #[must_use]
        pub fn typescript() -> String {
            let config = ts_rs::Config::default();
            let declarations = [<crate::ErrorCode as ts_rs::TS>::decl(&config), $(<$name as ts_rs::TS>::decl(&config)),*];
            let exported = declarations.iter().map(|declaration| format!("export {declaration}\n"));
            format!("// Made from wallet-core/src/view.rs by tests/tests/types.rs, which also keeps it true.\n{}", exported.collect::<String>())
        }
    };
}

view! {
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
    }

    /// A language of the app.
    #[derive(Copy, Eq)]
    pub enum Language {
        /// Dutch.
        Nl,
        /// English.
        En,
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

    /// To whom a badge was given, compared with the learner's own addresses.
    pub struct RecipientView {
        /// Compared with the learner's addresses.
        pub matched: RecipientMatch,
        /// The learner's address that matched, or the plain address in the badge (a proposal).
        pub address: Option<String>,
        /// Whether the badge holds a hash, so that the person can be asked "Is deze van jou?".
        pub hashed: bool,
        /// A name in the badge.
        pub name: Option<String>,
    }

    /// The comparison with the learner's own addresses.
    #[derive(Copy, Eq)]
    pub enum RecipientMatch {
        /// One of mine.
        Mine,
        /// None of mine.
        NotMine,
        /// Nothing to compare.
        Unknown,
    }

    /// What `save` stored.
    pub struct Saved {
        /// The stored badges' ids, in the order of the choice.
        pub ids: Vec<String>,
    }

    // ---- badges ---------------------------------------------------------------------------------------------------------

    /// The front of a badge: what previews, lists and checkers show first.
    pub struct BadgeFace {
        /// Its name.
        pub name: String,
        /// Who gave it, as it calls itself.
        pub issuer: String,
        /// BCP 47 language of the texts.
        pub language: Option<String>,
        /// What it is, plain text.
        pub description: Option<String>,
        /// What it took to earn it.
        pub criteria_html: Option<String>,
        /// The date it was given.
        pub issued: Option<String>,
        /// The date it ends.
        pub expires: Option<String>,
        /// Its picture, when it is in the bytes or was fetched.
        pub picture: Option<String>,
        /// Skills by name.
        pub skills: Vec<AlignmentView>,
    }

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

    /// A label and a value.
    pub struct Fact {
        /// The label.
        pub label: String,
        /// The value.
        pub value: String,
    }

    /// An issuer as the badge describes it, and how it is known.
    pub struct IssuerView {
        /// DID or https id.
        pub id: String,
        /// The name it gives itself.
        pub name: Option<String>,
        /// Its site.
        pub url: Option<String>,
        /// Its e-mail address.
        pub email: Option<String>,
        /// What it says of itself, plain text.
        pub description: Option<String>,
        /// How it is known.
        pub known: KnownIssuer,
        /// The proven web host.
        pub domain: Option<String>,
    }

    /// How an issuer is known.
    #[derive(Copy, Eq)]
    pub enum KnownIssuer {
        /// On a quality label's list.
        QualityLabel,
        /// On a registry.
        Registry,
        /// Added by the checker.
        SelfAdded,
        /// A web domain proves itself.
        Domain,
        /// A demo issuer.
        Practice,
        /// None of these.
        Unknown,
    }

    /// A skill or standard.
    pub struct AlignmentView {
        /// The framework (`ESCO`, `EQF` …).
        pub framework: Option<String>,
        /// The code in it.
        pub code: Option<String>,
        /// The name.
        pub name: String,
        /// Its address.
        pub url: Option<String>,
    }

    /// A piece of evidence.
    pub struct EvidenceView {
        /// Its name.
        pub name: Option<String>,
        /// Its story.
        pub html: Option<String>,
        /// Its address, opened only by an explicit tap.
        pub url: Option<String>,
        /// The host of the address.
        pub host: Option<String>,
    }

    /// A recommendation.
    pub struct EndorsementView {
        /// Who.
        pub issuer: String,
        /// What they say.
        pub html: String,
        /// Whether it could be checked.
        pub verdict: Verdict,
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

    /// A verdict with its reasons. The sentences are in the asked language.
    pub struct Verification {
        /// The verdict.
        pub verdict: Verdict,
        /// The verdict in a few words, for a tile ("Echt en geldig").
        pub label: String,
        /// The first sentence, bold.
        pub title: String,
        /// The second sentence. May be empty.
        pub text: String,
        /// The reasons.
        pub checks: Vec<CheckView>,
        /// The time of the oldest fetch that decides, or of the judgement.
        pub checked_at: String,
        /// How the issuer is known.
        pub known: KnownIssuer,
        /// The proven web host.
        pub domain: Option<String>,
        /// The proof (`eddsa-rdfc-2022`, `vc-jwt ES256`, `hosted` …).
        pub proof: Option<String>,
        /// Whether fetching could still change a "cannot tell" (offer *Probeer opnieuw*).
        pub retry: bool,
    }

    /// Four states. See `open_badges::Verdict`.
    #[derive(Copy, Eq)]
    pub enum Verdict {
        /// Genuine, current, issuer known.
        Valid,
        /// Genuine, with something to attend to.
        Attention,
        /// Could not be checked.
        CannotTell,
        /// Broken, forged, or taken back.
        Invalid,
    }

    /// One reason.
    pub struct CheckView {
        /// `format`, `signature`, `issuer`, `recipient`, `validity_period`, `status`, `endorsement`.
        pub kind: String,
        /// `passed`, `warning`, `failed`, `not_checked`.
        pub outcome: String,
        /// A stable code, unless passed.
        pub reason: Option<String>,
        /// One sentence.
        pub text: String,
    }

    /// May the network be asked?
    #[derive(Copy, Eq)]
    pub enum Freshness {
        /// Only what is stored.
        Stored,
        /// Fetch anew what decides.
        Now,
    }

    /// A badge that someone else shows, judged. Never stored.
    pub struct CheckedBadge {
        /// What it says.
        pub badge: BadgeFace,
        /// The verdict.
        pub verification: Verification,
        /// Who gave it.
        pub issuer: IssuerView,
        /// The fixed second line: "Wie dit laat zien, is niet gecontroleerd".
        pub holder_line: String,
        /// The recipient in it, when plain: address or name.
        pub given_to: Option<String>,
        /// Its content address.
        pub content_id: String,
        /// `open_badge_v3`, `open_badge_v2`, `clr_v2`, `other_credential`.
        pub format: String,
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
        /// What: `added`, `shown`, `removed`, `restored`, `exported`, `checked`.
        pub action: String,
        /// The badge's id, when it is still here.
        pub badge: Option<String>,
        /// The badge's name then.
        pub name: String,
    }
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
