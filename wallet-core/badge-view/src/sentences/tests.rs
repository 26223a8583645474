//! Every code has its sentence in both languages, and the sentences keep the rules for plain Dutch.

use std::collections::BTreeSet;

use super::*;

/// The variants of an enum, read from its source, so that a new code without a sentence fails here.
fn variants(source: &str, name: &str) -> Vec<String> {
    let body = source.split(&format!("pub enum {name} {{")).nth(1).unwrap().split("\n}").next().unwrap();
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.is_empty());
    lines.map(|line| snake(line.split(['(', ',']).next().unwrap())).collect()
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

const VERDICT: &str = include_str!("../../../open-badges/src/verdict.rs");

#[test]
fn every_code_has_its_sentence() {
    let mut keys: Vec<String> = variants(VERDICT, "Reason").iter().map(|name| format!("reason_{name}")).collect();
    keys.extend(variants(VERDICT, "CheckKind").iter().map(|name| format!("check_{name}_passed")));
    keys.extend(variants(include_str!("../../../src/error.rs"), "ErrorCode").iter().map(|name| format!("error_{name}")));
    assert!(keys.len() > 60, "the sources were read");
    for key in keys {
        assert!(NL.contains_key(&key) && EN.contains_key(&key), "{key} has no sentence");
    }
}

#[test]
fn both_languages_have_the_same_keys_and_places() {
    let keys = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&NL), keys(&EN));
    for (key, text) in NL.iter().filter(|(key, _)| !key.starts_with('$')) {
        assert_eq!(placeholders(text), placeholders(&EN[key]), "{key}");
    }
}

#[test]
fn our_sentences_are_short_and_plain() {
    const BANNED: [&str; 21] = [
        "credential",
        "issuer",
        "holder",
        "verifier",
        "authenticatie",
        "authenticeren",
        "autorisatie",
        "verificatie",
        "verifiëren",
        "valideren",
        "attribuut",
        "metadata",
        "cryptografisch",
        "token",
        "protocol",
        "sessie",
        "server",
        "synchroniseren",
        "optioneel",
        "configureren",
        "succesvol",
    ];
    let ours = ["verdict_", "reason_", "check_", "error_"];
    for (key, text) in NL.iter().filter(|(key, _)| ours.iter().any(|prefix| key.starts_with(prefix))) {
        for sentence in text.split_inclusive(['.', '?', '!']) {
            let words = sentence.split_whitespace().count();
            let limit = if key.ends_with("_title") { 6 } else { 15 };
            assert!(words <= limit, "{key}: {sentence}");
        }
        let lower = text.to_lowercase();
        for word in BANNED {
            assert!(!lower.contains(word), "{key} says {word}");
        }
        assert!(!lower.split(|c: char| !c.is_alphabetic()).any(|word| word == "u" || word == "uw"), "{key}");
    }
}

#[test]
fn dates_are_said_in_words() {
    let time: Timestamp = "2026-03-03T23:59:59Z".parse().unwrap();
    assert_eq!(date(Language::Nl, time), "3 maart 2026");
    assert_eq!(date(Language::En, time), "3 March 2026");
}

#[test]
fn a_name_cannot_break_its_sentence() {
    let say = |name: &str| sentence(Language::En, "verdict_valid_listed_text", &[("name", name)]);
    assert_eq!(say("Practice\n\u{202e}School\u{200b}"), "This badge comes from Practice School.");
    assert_eq!(say("{host} {name}"), "This badge comes from {host} {name}.");
    assert_eq!(say("مدرسة"), "This badge comes from \u{2068}مدرسة\u{2069}.");
    assert!(say(&"x".repeat(10_000)).chars().count() < 110);
    assert_eq!(sentence(Language::En, "no_such_key", &[]), "no_such_key");
}

#[test]
fn a_reason_names_its_detail_where_it_can() {
    let nl = |why, detail| reason(Language::Nl, why, detail);
    assert_eq!(nl(Reason::Expired, Some("2026-03-03T00:00:00Z")), "De badge gold tot 3 maart 2026.");
    assert_eq!(nl(Reason::Expired, None), "De badge is verlopen.");
    assert_eq!(nl(Reason::UndefinedTerm, Some("colour")), "In de badge staat een woord zonder uitleg: colour.");
    assert_eq!(nl(Reason::Tampered, Some("anything")), "De handtekening klopt niet. De badge is veranderd of niet echt.");
    assert_eq!(fact(Language::En, "creditsEarned"), "Credits earned");
    assert_eq!(fact(Language::En, "somethingElse"), "somethingElse");
}

mod verdicts {
    use open_badges::{BadgeContent, Judgement, Known, Need, Party, Purpose};

    use super::*;

    fn judged(outcomes: &[(CheckKind, Outcome)], known: Known) -> Judgement {
        let kinds = [CheckKind::Format, CheckKind::Signature, CheckKind::Issuer, CheckKind::ValidityPeriod, CheckKind::Status];
        let outcome = |kind| outcomes.iter().find(|(k, _)| *k == kind).map_or(Outcome::Passed, |(_, outcome)| *outcome);
        let checks = kinds.iter().map(|kind| Check { kind: *kind, outcome: outcome(*kind), detail: None }).collect();
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        Judgement { checks, missing: vec![], known, domain: Some("school.example".into()), proof: None, checked_at: now }
    }

    fn told(outcomes: &[(CheckKind, Outcome)], known: Known, listed: Option<&str>, audience: Audience) -> Told {
        tell_of(&judged(outcomes, known), listed, audience)
    }

    fn tell_of(judgement: &Judgement, listed: Option<&str>, audience: Audience) -> Told {
        let issuer = Party { id: "did:key:z".into(), name: Some("Oefenschool".into()), ..Party::default() };
        let content = BadgeContent {
            issuer,
            issued: Some("2027-01-02T00:00:00Z".parse().unwrap()),
            expires: Some("2026-03-03T00:00:00Z".parse().unwrap()),
            ..BadgeContent::default()
        };
        tell(Language::Nl, judgement, &content, listed, audience)
    }

    #[test]
    fn who_may_only_write_in_a_folder_of_a_host_is_not_told_as_the_host() {
        let of = |id: &str| {
            let content = BadgeContent { issuer: Party { id: id.into(), ..Party::default() }, ..BadgeContent::default() };
            tell(Language::En, &judged(&[], Known::Domain), &content, None, Audience::Checker).text
        };
        assert!(of("did:web:school.example:uploads:mallory").contains("school.example/uploads/mallory"));
        assert!(!of("did:web:school.example").contains("school.example/"));
        assert!(!of("https://school.example/issuers/1").contains("school.example/"));
    }

    fn three(told: &Told) -> String {
        format!("{} | {} | {}", told.label, told.title, told.text)
    }

    #[test]
    fn each_verdict_is_told_as_designed() {
        use Audience::{Checker, Holder};
        use CheckKind::{Issuer, Signature, Status, ValidityPeriod};
        let say = |outcomes: &[_], audience| three(&told(outcomes, Known::Unknown, None, audience));
        assert_eq!(
            three(&told(&[], Known::SelfAdded, Some("ROC Oefenstad"), Holder)),
            "Echt en geldig | Echt en geldig. | Deze badge komt van ROC Oefenstad."
        );
        assert_eq!(
            three(&told(&[], Known::Domain, None, Holder)),
            "Echt en geldig | Echt en geldig. | Komt van school.example, noemt zich Oefenschool."
        );
        assert_eq!(
            say(&[(ValidityPeriod, Outcome::Warning(Reason::Expired))], Holder),
            "Verlopen | Let op: verlopen. | De badge is echt, maar gold tot 3 maart 2026."
        );
        assert_eq!(
            say(&[(ValidityPeriod, Outcome::Warning(Reason::NotYetValid))], Holder),
            "Nog niet geldig | Let op: nog niet geldig. | De badge is echt en geldt vanaf 2 januari 2027."
        );
        let unknown = (Issuer, Outcome::Warning(Reason::IssuerUnknown));
        let title = "De badge is niet veranderd. Wie hem gaf, is niet bekend.";
        assert_eq!(
            say(&[unknown], Holder),
            format!("Gever niet bekend | {title} | Hij noemt zich Oefenschool. Kreeg je hem van hen?")
        );
        assert_eq!(say(&[unknown], Checker), format!("Gever niet bekend | {title} | Hij noemt zich Oefenschool."));
        assert_eq!(
            say(&[unknown, (ValidityPeriod, Outcome::Warning(Reason::Expired))], Checker),
            format!("Gever niet bekend | {title} | Hij noemt zich Oefenschool. De badge gold tot 3 maart 2026.")
        );
        let offline = [(Signature, Outcome::NotChecked(Reason::NotFetched)), (Issuer, Outcome::NotChecked(Reason::NotReached))];
        assert_eq!(
            say(&offline, Holder),
            "Nog niet gecontroleerd | Nog niet gecontroleerd. | Je hebt geen internet. We proberen het weer als er internet is."
        );
        assert_eq!(
            say(&offline, Checker),
            "Nu niet te controleren | Nu niet te controleren. | Je hebt geen internet. Probeer het later nog eens."
        );
        assert_eq!(
            say(&[(Issuer, Outcome::NotChecked(Reason::KeyNotAnchored))], Holder),
            "Niet te controleren | Niet te controleren. | Niemand kan zien wie deze badge echt gaf."
        );
        assert_eq!(
            say(&[(Status, Outcome::NotChecked(Reason::Stale))], Holder),
            "Nog niet gecontroleerd | Nog niet gecontroleerd. | De laatste controle was op 23 november 2026. Dat is te lang geleden."
        );
        assert_eq!(
            say(&[(Signature, Outcome::Failed(Reason::Tampered)), (ValidityPeriod, Outcome::Warning(Reason::Expired))], Holder),
            "Klopt niet | Deze badge klopt niet. | Iemand heeft hem veranderd, of hij is niet echt."
        );
        assert_eq!(
            say(&[(Status, Outcome::Failed(Reason::Revoked))], Checker),
            "Teruggenomen | Deze badge is teruggenomen. | De gever heeft hem ingetrokken."
        );
        assert_eq!(
            say(&[(Issuer, Outcome::Failed(Reason::KeyNotIssuers))], Holder),
            "Klopt niet | Deze badge klopt niet. | Iemand anders dan de gever maakte hem."
        );
    }
    #[test]
    fn who_was_not_asked_yet_is_not_called_offline() {
        let mut judgement = judged(&[(CheckKind::Signature, Outcome::NotChecked(Reason::NotFetched))], Known::Unknown);
        judgement.missing.push(Need { purpose: Purpose::DidDocument, url: "https://school.example/.well-known/did.json".into() });
        assert_eq!(
            three(&tell_of(&judgement, None, Audience::Holder)),
            "Nog niet gecontroleerd | Nog niet gecontroleerd. | We hebben nog niet gevraagd of hij echt is."
        );
    }
}

/// The page of a share link has no other sentences from the core (`build.rs`).
#[test]
fn what_is_said_of_a_badge_begins_with_one_of_four_words() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for source in [
        "src/convert.rs",
        "src/judged.rs",
        "src/markdown.rs",
        "src/sentences.rs",
        "src/sentences/told.rs",
        "../verifier-wasm/src/lib.rs",
    ] {
        let text = std::fs::read_to_string(root.join(source)).unwrap();
        for key in text.split('"').skip(1).step_by(2).filter(|literal| has(literal)) {
            let known = ["verdict_", "reason_", "check_", "fact_"].iter().any(|start| key.starts_with(start));
            assert!(known, "{key} in {source}");
        }
    }
}
