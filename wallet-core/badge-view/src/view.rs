//! What a front end shows of one badge. Plain data: serde here, TypeScript by `ts-rs` (feature `ts`).
//!
//! Timestamps are RFC 3339 text in UTC. Texts that came from a badge are cleaned and bounded; `…_html` is safe HTML made here
//! from Markdown (no raw HTML, no pictures; links carry `href` and are opened only by an explicit tap).

use serde::{Deserialize, Serialize};

/// Defines types that cross to a front end, and `declarations()`: the same types in TypeScript.
#[doc(hidden)]
#[macro_export]
macro_rules! view {
    ($($(#[$m:meta])* pub $kind:ident $name:ident $body:tt)*) => {
        $(#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        $(#[$m])*
        pub $kind $name $body)*

        /// The types above as TypeScript, in their order.
        #[cfg(feature = "ts")]
        #[must_use]
        pub fn declarations() -> Vec<String> {
            let config = ts_rs::Config::default();
            vec![$(<$name as ts_rs::TS>::decl(&config)),*]
        }
    };
}

view! {
    /// A language of the app.
    #[derive(Copy, Eq)]
    pub enum Language {
        /// Dutch.
        Nl,
        /// English.
        En,
    }

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

    /// A label and a value.
    pub struct Fact {
        /// The label.
        pub label: String,
        /// The value.
        pub value: String,
    }

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
}
