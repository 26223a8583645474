//! A judged badge in the shape of the command line's JSON, which is a public interface (`cli.md`).

use open_badges::{BadgeContent, CheckKind, EvidenceItem, Outcome, Reason};
use serde::Serialize;

use crate::convert;
use crate::sentences::{Audience, sentence};
use crate::view::{AlignmentView, CheckView, KnownIssuer, Language, RecipientMatch, Rejected, SharedBy, Verdict, Verification};
use badge_view::CheckedCredential;

/// What was found in one input.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// One entry per badge.
    pub badges: Vec<BadgeReport>,
    /// The parts that were no badge.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
    /// Of a share link: its sharer's own words, and its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<SharedBy>,
}

/// What an input turned out to be. Badges in it are judged by what is at hand, without the network.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Inspection {
    /// Badges to keep.
    Badges(Report),
    /// Badges that someone shows.
    Shown(Report),
    /// One part of a sequence of codes.
    Part {
        /// How far the sequence is, 0.0 to 1.0.
        progress: f64,
    },
    /// A claim code: alone, or of a claim link.
    Claim {
        /// The code.
        code: String,
        /// The origin of the link.
        city: Option<String>,
    },
    /// A city that every app knows.
    City {
        /// Its origin.
        address: String,
        /// Its name.
        name: String,
    },
    /// An ordinary web page.
    Page {
        /// Its host.
        host: String,
        /// Its address.
        url: String,
    },
}

/// One judged badge.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BadgeReport {
    /// The verdict.
    pub verdict: Verdict,
    /// The reasons.
    pub checks: Vec<CheckReport>,
    /// The time of the oldest fetch that decides, or of the judgement.
    pub checked_at: String,
    /// `open_badge_v3`, `open_badge_v2`, `clr_v2`, `other_credential`.
    pub format: String,
    /// `eddsa-rdfc-2022`, `vc-jwt ES256`, `hosted`, `signed RS256` …
    pub proof: Option<String>,
    /// The content hash.
    pub id: String,
    /// The badge's name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Who gave it.
    pub issuer: IssuerReport,
    /// To whom.
    pub recipient: RecipientReport,
    /// When it was given.
    pub issued: Option<String>,
    /// When it ends.
    pub expires: Option<String>,
    /// `Badge`, `Certificate` …
    pub achievement_type: Option<String>,
    /// What it took to earn it, Markdown.
    pub criteria: Option<String>,
    /// Skills and standards.
    pub alignments: Vec<AlignmentView>,
    /// Proof of work.
    pub evidence: Vec<EvidenceItem>,
    /// Recommendations.
    pub endorsements: Vec<EndorsementReport>,
    /// The badges in a learner record.
    pub contains: Vec<BadgeReport>,
    /// The verdict in words, for people.
    #[serde(skip)]
    pub told: Verification,
    /// The line that every checker reads: the one who shows a badge was not checked.
    #[serde(skip)]
    pub holder_line: String,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// `format`, `signature` …
    pub kind: String,
    /// `passed`, `warning`, `failed`, `not_checked`.
    pub outcome: String,
    /// A stable code, unless passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// One sentence.
    pub text: String,
}

/// Who gave a badge.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IssuerReport {
    /// DID or https id.
    pub id: String,
    /// The name that it gives itself.
    pub name: Option<String>,
    /// How it is known.
    pub known: KnownIssuer,
    /// The proven web host.
    pub domain: Option<String>,
}

/// To whom a badge was given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecipientReport {
    /// Compared with the learner's addresses.
    #[serde(rename = "match")]
    pub matched: RecipientMatch,
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EndorsementReport {
    /// Who.
    pub issuer: String,
    /// Whether it could be believed.
    pub verdict: Verdict,
}

impl BadgeReport {
    pub(crate) fn new(language: Language, checked: &CheckedCredential) -> Self {
        let CheckedCredential { credential, judgement, content, .. } = checked;
        let told = convert::verification(language, checked, Audience::Checker);
        Self {
            verdict: told.verdict,
            checks: told.checks.iter().map(CheckReport::new).collect(),
            checked_at: told.checked_at.clone(),
            format: convert::format(credential.format),
            proof: judgement.proof.clone(),
            id: credential.id().0,
            name: content.name.clone(),
            description: content.description.clone(),
            issuer: IssuerReport {
                id: content.issuer.id.clone(),
                name: content.issuer.name.clone(),
                known: judgement.known.into(),
                domain: judgement.domain.clone(),
            },
            recipient: RecipientReport { matched: recipient(checked) },
            issued: content.issued.map(convert::time),
            expires: content.expires.map(convert::time),
            achievement_type: content.achievement_type.clone(),
            criteria: content.criteria.clone(),
            alignments: content.alignments.iter().map(convert::alignment).collect(),
            evidence: content.evidence.clone(),
            endorsements: endorsements(checked, content),
            contains: Vec::new(),
            told,
            holder_line: sentence(language, "verdict_holder_line", &[]),
        }
    }
}

impl CheckReport {
    fn new(check: &CheckView) -> Self {
        let CheckView { kind, outcome, reason, text } = check.clone();
        Self { kind, outcome, reason, text }
    }
}

fn recipient(checked: &CheckedCredential) -> RecipientMatch {
    match checked.judgement.checks.iter().find(|check| check.kind == CheckKind::Recipient).map(|check| check.outcome) {
        Some(Outcome::Passed) => RecipientMatch::Mine,
        Some(Outcome::Warning(Reason::RecipientNotMine)) => RecipientMatch::NotMine,
        _ => RecipientMatch::Unknown,
    }
}

fn endorsements(checked: &CheckedCredential, content: &BadgeContent) -> Vec<EndorsementReport> {
    let verdict = convert::endorsement_verdict(checked);
    let name = |party: &open_badges::Party| party.name.clone().unwrap_or_else(|| party.id.clone());
    content.endorsements.iter().map(|(party, _)| EndorsementReport { issuer: name(party), verdict }).collect()
}
