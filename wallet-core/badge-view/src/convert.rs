//! From what is known of a badge to what a front end shows.

use jiff::Timestamp;
use open_badges::{Alignment, BadgeContent, CheckKind, Format, Judgement, Known, Outcome, Party, Reason, Verdict, verdict_of};

use crate::judged::CheckedCredential;
use crate::markdown::{to_html, web_address};
use crate::sentences::{self, Audience, can_be_fetched, name_of, sentence};
use crate::view::{
    self, AlignmentView, BadgeFace, CheckView, CheckedBadge, EndorsementView, EvidenceView, Fact, IssuerView, KnownIssuer,
    Language, RecipientMatch, RecipientView, Verification,
};

impl From<Verdict> for view::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::Valid,
            Verdict::Attention => Self::Attention,
            Verdict::CannotTell => Self::CannotTell,
            Verdict::Invalid => Self::Invalid,
        }
    }
}

impl From<Known> for KnownIssuer {
    fn from(known: Known) -> Self {
        match known {
            Known::QualityLabel => Self::QualityLabel,
            Known::Registry => Self::Registry,
            Known::SelfAdded => Self::SelfAdded,
            Known::Domain => Self::Domain,
            Known::Practice => Self::Practice,
            Known::Unknown => Self::Unknown,
        }
    }
}

/// A time on the wire: RFC 3339 in UTC, in whole seconds.
#[must_use]
pub fn time(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

/// A judgement in words.
#[must_use]
pub fn verification(language: Language, checked: &CheckedCredential, audience: Audience) -> Verification {
    let CheckedCredential { judgement, content, listed_name, .. } = checked;
    let told = sentences::tell(language, judgement, content, listed_name.as_deref(), audience);
    Verification {
        verdict: verdict_of(&judgement.checks).into(),
        label: told.label,
        title: told.title,
        text: told.text,
        checks: checks(language, checked),
        checked_at: time(judgement.checked_at),
        known: judgement.known.into(),
        domain: judgement.domain.clone(),
        proof: judgement.proof.clone(),
        retry: can_retry(judgement),
    }
}

/// The list of checks, each with its sentence.
#[must_use]
pub fn checks(language: Language, checked: &CheckedCredential) -> Vec<CheckView> {
    let view = |check: &open_badges::Check| {
        let (outcome, reason) = match check.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Warning(reason) => ("warning", Some(reason)),
            Outcome::Failed(reason) => ("failed", Some(reason)),
            Outcome::NotChecked(reason) => ("not_checked", Some(reason)),
        };
        // The date is known from the badge even where the judge names none.
        let date = match reason {
            Some(Reason::Expired) => checked.content.expires.map(time),
            Some(Reason::NotYetValid) => checked.content.issued.map(time),
            _ => None,
        };
        let dated = open_badges::Check { detail: check.detail.clone().or(date), ..check.clone() };
        CheckView {
            kind: sentences::kind(check.kind),
            outcome: outcome.to_owned(),
            reason: reason.map(|reason| name_of(&reason)),
            text: sentences::check(language, &dated),
        }
    };
    checked.judgement.checks.iter().map(view).collect()
}

/// Whether fetching could still change a "cannot tell".
#[must_use]
pub fn can_retry(judgement: &Judgement) -> bool {
    let waits = |check: &open_badges::Check| match check.outcome {
        Outcome::NotChecked(Reason::NotReached) => false,
        Outcome::NotChecked(reason) => check.kind.decides() && can_be_fetched(reason),
        _ => false,
    };
    verdict_of(&judgement.checks) == Verdict::CannotTell && judgement.checks.iter().any(waits)
}

/// The front of a badge, with a picture that was made ready elsewhere.
#[must_use]
pub fn face(content: &BadgeContent, picture: Option<String>) -> BadgeFace {
    BadgeFace {
        name: content.name.clone(),
        issuer: content.issuer.name.clone().unwrap_or_else(|| content.issuer.id.clone()),
        language: content.language.clone(),
        description: content.description.clone(),
        criteria_html: content.criteria.as_deref().map(to_html).filter(|html| !html.is_empty()),
        issued: content.issued.map(time),
        expires: content.expires.map(time),
        picture,
        skills: content.alignments.iter().map(alignment).collect(),
    }
}

/// The issuer, and how it is known.
#[must_use]
pub fn issuer(party: &Party, judgement: &Judgement) -> IssuerView {
    IssuerView { known: judgement.known.into(), domain: judgement.domain.clone(), ..party_view(party) }
}

/// Someone whom nothing was proven of: the maker of an achievement.
#[must_use]
pub fn party_view(party: &Party) -> IssuerView {
    IssuerView {
        id: party.id.clone(),
        name: party.name.clone(),
        url: party.url.as_deref().and_then(web_address).map(|(url, _)| url),
        email: party.email.clone(),
        description: party.description.clone(),
        known: KnownIssuer::Unknown,
        domain: None,
    }
}

/// A skill.
#[must_use]
pub fn alignment(alignment: &Alignment) -> AlignmentView {
    AlignmentView {
        framework: alignment.framework.clone(),
        code: alignment.code.clone(),
        name: alignment.name.clone(),
        url: alignment.url.as_deref().and_then(web_address).map(|(url, _)| url),
    }
}

/// Proof of work.
#[must_use]
pub fn evidence(content: &BadgeContent) -> Vec<EvidenceView> {
    let view = |item: &open_badges::EvidenceItem| {
        let address = item.url.as_deref().and_then(web_address);
        let story: Vec<String> = [&item.description, &item.narrative].into_iter().flatten().map(|text| to_html(text)).collect();
        EvidenceView {
            name: item.name.clone(),
            html: (!story.is_empty()).then(|| story.join("\n")),
            url: address.as_ref().map(|(url, _)| url.clone()),
            host: address.map(|(_, host)| host),
        }
    };
    content.evidence.iter().map(view).collect()
}

/// Recommendations, with what the endorsement check says of them.
#[must_use]
pub fn endorsements(checked: &CheckedCredential) -> Vec<EndorsementView> {
    let verdict = endorsement_verdict(checked);
    let view = |(party, text): &(Party, String)| EndorsementView {
        issuer: party.name.clone().unwrap_or_else(|| party.id.clone()),
        html: to_html(text),
        verdict,
    };
    checked.content.endorsements.iter().map(view).collect()
}

/// There is one check for all endorsements: a bad one is told apart only when it is the only one.
#[must_use]
pub fn endorsement_verdict(checked: &CheckedCredential) -> view::Verdict {
    let check = checked.judgement.checks.iter().find(|check| check.kind == CheckKind::Endorsement);
    match check.map(|check| check.outcome) {
        Some(Outcome::Passed) => view::Verdict::Valid,
        Some(Outcome::Warning(_) | Outcome::Failed(_)) if checked.content.endorsements.len() == 1 => view::Verdict::Invalid,
        _ => view::Verdict::CannotTell,
    }
}

/// To whom a badge was given, compared with the learner's addresses.
#[must_use]
pub fn recipient(checked: &CheckedCredential, my_addresses: &[String]) -> RecipientView {
    let told = &checked.content.recipient;
    let (matched, mine) = match open_badges::match_recipient(&checked.credential, my_addresses) {
        open_badges::RecipientMatch::Mine(address) => (RecipientMatch::Mine, Some(address)),
        open_badges::RecipientMatch::NotMine => (RecipientMatch::NotMine, None),
        open_badges::RecipientMatch::Unknown => (RecipientMatch::Unknown, None),
    };
    RecipientView { matched, address: mine.or_else(|| told.plain.first().cloned()), hashed: told.hashed, name: told.name.clone() }
}

/// Results, credits, field of study and the like.
#[must_use]
pub fn facts(language: Language, content: &BadgeContent) -> Vec<Fact> {
    let fact = |label: String, value: String| Fact { label, value };
    let awarded = content.awarded.map(|time| fact(sentences::fact(language, "awarded"), sentences::date(language, time)));
    let kind = content.achievement_type.as_ref();
    let kind = kind.map(|kind| fact(sentences::fact(language, "achievementType"), kind.trim_start_matches("ext:").to_owned()));
    let results = content.results.iter().map(|(name, value)| fact(name.clone(), value.clone()));
    let extra = content.extra.iter().map(|(name, value)| {
        let value = value.parse::<Timestamp>().map_or_else(|_| value.clone(), |time| sentences::date(language, time));
        fact(sentences::fact(language, name), value)
    });
    awarded.into_iter().chain(kind).chain(results).chain(extra).collect()
}

/// The technical details, last on a badge's page and copyable.
#[must_use]
pub fn technical(language: Language, checked: &CheckedCredential) -> Vec<Fact> {
    let CheckedCredential { credential, judgement, content, .. } = checked;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let rows = [
        ("format", some(&sentence(language, &format!("fact_format_{}", name_of(&credential.format)), &[]))),
        ("proof", judgement.proof.clone()),
        ("credentialId", content.credential_id.clone()),
        ("achievementId", content.achievement_id.clone()),
        ("issuerId", some(&content.issuer.id)),
        ("recipientId", content.recipient.id.clone()),
        ("contentId", Some(credential.id().0)),
        ("checkedAt", Some(time(judgement.checked_at))),
    ];
    let row = |(label, value): (&str, Option<String>)| value.map(|value| Fact { label: sentences::fact(language, label), value });
    rows.into_iter().filter_map(row).collect()
}

/// A credential's format on the wire: `open_badge_v3`.
#[must_use]
pub fn format(format: Format) -> String {
    name_of(&format)
}

/// A badge as someone else shows it. Its picture is made ready elsewhere, from no more than what is in the signed bytes.
#[must_use]
pub fn checked_badge(language: Language, checked: &CheckedCredential, picture: Option<String>) -> CheckedBadge {
    let told = &checked.content.recipient;
    CheckedBadge {
        badge: face(&checked.content, picture),
        verification: verification(language, checked, Audience::Checker),
        issuer: issuer(&checked.content.issuer, &checked.judgement),
        holder_line: sentence(language, "verdict_holder_line", &[]),
        given_to: told.name.clone().or_else(|| told.plain.first().cloned()),
        content_id: checked.credential.id().0,
        format: format(checked.credential.format),
    }
}
