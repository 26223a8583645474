//! A judgement as a person is told it: a few words, a title, and one or two sentences.

use open_badges::{BadgeContent, Check, CheckKind, Judgement, Known, Outcome, Reason, Verdict, verdict_of};

use super::{clean, date, has, name_of, reason, sentence};
use crate::view::Language;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The learner whose badge it is.
    Holder,
    /// Someone to whom a badge is shown.
    Checker,
}

/// The verdict in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// A few words, for a tile.
    pub label: String,
    /// The first sentence, bold.
    pub title: String,
    /// What follows it. May be empty.
    pub text: String,
}

/// The verdict in a few words, for a tile: by the checks alone.
pub fn label(language: Language, checks: &[Check]) -> String {
    sentence(language, &heading(checks, Audience::Holder, "label"), &[])
}

/// The verdict in words. `listed_name` is the issuer's name on the checker's list: it, not the name in the badge, may be said
/// after "komt van".
pub fn tell(
    language: Language,
    judgement: &Judgement,
    content: &BadgeContent,
    listed_name: Option<&str>,
    audience: Audience,
) -> Told {
    let checks = &judgement.checks;
    let say = |key: &str, values: &[(&str, &str)]| sentence(language, key, values);
    let name = content.issuer.name.as_deref().map(clean).filter(|name| !name.is_empty());
    let text = match verdict_of(checks) {
        Verdict::Valid => valid(language, judgement, content, name.as_deref(), listed_name),
        Verdict::Attention => attention(language, checks, content, name.as_deref(), audience),
        Verdict::CannotTell => match main_reason(checks) {
            Some((why, detail)) => cannot_tell(language, judgement, why, detail, audience),
            None => say("verdict_cannot_tell_text", &[]),
        },
        Verdict::Invalid => match main_reason(checks) {
            Some((why, detail)) => {
                let key = format!("verdict_invalid_{}_text", name_of(&why));
                if has(&key) { say(&key, &[]) } else { reason(language, why, detail) }
            }
            None => say("verdict_invalid_text", &[]),
        },
    };
    Told { label: say(&heading(checks, audience, "label"), &[]), title: say(&heading(checks, audience, "title"), &[]), text }
}

fn valid(
    language: Language,
    judgement: &Judgement,
    content: &BadgeContent,
    name: Option<&str>,
    listed_name: Option<&str>,
) -> String {
    let say = |key: &str, values: &[(&str, &str)]| sentence(language, key, values);
    let place = judgement.domain.as_deref().map(|host| place(&content.issuer.id, host));
    match (listed_name, judgement.known, &place, name) {
        (Some(listed), ..) => say("verdict_valid_listed_text", &[("name", listed)]),
        (None, Known::Domain, Some(host), Some(name)) => say("verdict_valid_domain_text", &[("host", host), ("name", name)]),
        (None, Known::Domain, Some(host), None) => say("verdict_valid_domain_unnamed_text", &[("host", host)]),
        (None, Known::Domain, None, _) => say("verdict_valid_plain_text", &[]),
        (None, _, _, Some(name)) => say("verdict_valid_listed_unnamed_text", &[("name", name)]),
        (None, _, _, None) => say("verdict_valid_known_text", &[]),
    }
}

/// Where an issuer is: its host, and of a `did:web` in a folder that folder, for whoever may write there is not the host.
fn place(issuer: &str, host: &str) -> String {
    let folder = issuer.strip_prefix("did:web:").and_then(|id| id.split_once(':')).map(|(_, folder)| folder.replace(':', "/"));
    folder.map_or_else(|| host.to_owned(), |folder| format!("{host}/{folder}"))
}

fn attention(language: Language, checks: &[Check], content: &BadgeContent, name: Option<&str>, audience: Audience) -> String {
    let say = |key: &str, values: &[(&str, &str)]| sentence(language, key, values);
    let until = content.expires.map(|time| date(language, time));
    let from = content.issued.map(|time| date(language, time));
    let warned = |reason| checks.iter().any(|check| check.outcome == Outcome::Warning(reason));
    let Some((why, detail)) = main_reason(checks) else { return String::new() };
    match why {
        Reason::PracticeBadge => say("verdict_attention_practice_badge_text", &[]),
        Reason::IssuerUnknown => match (name, until) {
            (None, _) => say("verdict_attention_issuer_unknown_unnamed_text", &[]),
            (Some(name), Some(until)) if warned(Reason::Expired) => {
                say("verdict_attention_issuer_unknown_expired_text", &[("name", name), ("date", &until)])
            }
            (Some(name), _) if audience == Audience::Checker => {
                say("verdict_attention_issuer_unknown_checker_text", &[("name", name)])
            }
            (Some(name), _) => say("verdict_attention_issuer_unknown_text", &[("name", name)]),
        },
        Reason::Expired => match until {
            Some(until) => say("verdict_attention_expired_text", &[("date", &until)]),
            None => say("verdict_attention_expired_plain_text", &[]),
        },
        Reason::NotYetValid => match from {
            Some(from) => say("verdict_attention_not_yet_valid_text", &[("date", &from)]),
            None => say("verdict_attention_not_yet_valid_plain_text", &[]),
        },
        Reason::NotConforming => match detail {
            Some(detail) => say("verdict_attention_not_conforming_text", &[("detail", detail)]),
            None => say("verdict_attention_not_conforming_plain_text", &[]),
        },
        other => reason(language, other, detail),
    }
}

fn cannot_tell(language: Language, judgement: &Judgement, why: Reason, detail: Option<&str>, audience: Audience) -> String {
    // Nobody was asked yet: that is no want of a network.
    if why == Reason::NotFetched && !judgement.missing.is_empty() {
        return sentence(language, "verdict_cannot_tell_not_asked_text", &[]);
    }
    let key = format!("verdict_cannot_tell_{}", name_of(&why));
    let for_checker = format!("{key}_checker_text");
    let for_holder = format!("{key}_text");
    let last = date(language, judgement.checked_at);
    if audience == Audience::Checker && has(&for_checker) {
        sentence(language, &for_checker, &[])
    } else if has(&for_holder) {
        sentence(language, &for_holder, &[("date", &last)])
    } else {
        reason(language, why, detail)
    }
}

/// The key of a verdict's label or title.
fn heading(checks: &[Check], audience: Audience, part: &str) -> String {
    let why = main_reason(checks).map(|(reason, _)| reason);
    let base = match verdict_of(checks) {
        Verdict::Valid => "verdict_valid".to_owned(),
        Verdict::CannotTell => match why {
            Some(why) if !can_be_fetched(why) => "verdict_cannot_tell_never".to_owned(),
            _ if audience == Audience::Checker => "verdict_cannot_tell_now".to_owned(),
            _ => "verdict_cannot_tell".to_owned(),
        },
        Verdict::Attention => with_reason("verdict_attention", why, part),
        Verdict::Invalid => with_reason("verdict_invalid", why, part),
    };
    format!("{base}_{part}")
}

fn with_reason(base: &str, why: Option<Reason>, part: &str) -> String {
    let own = why.map(|why| format!("{base}_{}", name_of(&why)));
    own.filter(|own| has(&format!("{own}_{part}"))).unwrap_or_else(|| base.to_owned())
}

/// Whether fetching (again, later) could change a "cannot tell".
pub fn can_be_fetched(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Unreachable
            | Reason::StatusUnreachable
            | Reason::StatusInvalid
            | Reason::Stale
            | Reason::NotFetched
            | Reason::NotReached
    )
}

/// The reason that a verdict is told by: of the checks that decided it, the one that matters most to a person.
fn main_reason(checks: &[Check]) -> Option<(Reason, Option<&str>)> {
    let verdict = verdict_of(checks);
    let deciding = |kind: CheckKind| !matches!(kind, CheckKind::Recipient | CheckKind::Endorsement);
    let reason_of = |check: &Check| match (verdict, check.outcome) {
        (Verdict::Attention, Outcome::Warning(reason))
        | (Verdict::Invalid, Outcome::Failed(reason))
        | (Verdict::CannotTell, Outcome::NotChecked(reason)) => Some(reason),
        _ => None,
    };
    checks
        .iter()
        .filter(|check| deciding(check.kind))
        .filter_map(|check| reason_of(check).map(|reason| (reason, check.detail.as_deref())))
        .min_by_key(|(reason, _)| rank(*reason))
}

/// What is told first when there are several reasons of one weight.
fn rank(reason: Reason) -> u8 {
    match reason {
        Reason::Tampered | Reason::PracticeBadge => 0,
        Reason::KeyNotIssuers | Reason::IssuerUnknown | Reason::Unsigned => 1,
        Reason::OriginMismatch | Reason::UnsupportedSuite | Reason::UnknownContext | Reason::UndefinedTerm => 2,
        Reason::Revoked | Reason::Expired | Reason::TooComplex | Reason::KeyNotAnchored => 3,
        Reason::Gone | Reason::NotYetValid | Reason::NotFetched => 4,
        Reason::Suspended | Reason::NotConforming | Reason::Unreachable => 5,
        Reason::ProofExpired | Reason::Stale | Reason::StatusUnreachable => 6,
        Reason::StatusInvalid | Reason::StatusUnsupported => 7,
        Reason::NotReached => 9,
        _ => 8,
    }
}
