//! The same badges through the facade's [`Checker`] over a replayed web: the loop that fetches evidence comes to the same verdict.

use std::sync::Arc;

use safe_fetch::{Offline, Replay};
use wallet_core::{
    Checker, Clock,
    view::{Input, Language, NamedFile, Verdict},
};
use wallet_tests::{
    fixtures::{issued, only_credential},
    judging::{NoWeb, judge, now, trusting, verdict},
};

fn file(name: &str, form: &str) -> Input {
    let path = issued().path(name, form);
    Input::File(NamedFile {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        media_type: None,
        bytes: issued().bytes(name, form),
    })
}

fn word(verdict: impl serde::Serialize) -> String {
    serde_json::to_value(verdict).expect("JSON").as_str().expect("a word").to_owned()
}

#[tokio::test]
async fn the_checker_and_the_judge_agree_on_every_badge() {
    let set = issued();
    let network = Arc::new(Replay::new(set.web_directory()));
    for name in set.names() {
        let listed = set.issuer_of(name).to_owned();
        let checker = Checker::new(network.clone(), Clock::Fixed(now()), Language::Nl).trusting([listed.clone()]);
        for form in set.forms(name) {
            let found = checker.check(file(name, form)).await;
            if form.ends_with("-address") {
                let found = found.unwrap_or_else(|error| panic!("{name} as {form}: {error:?}"));
                assert_eq!(found[0].verification.verdict, Verdict::Valid, "{name} as {form}");
                continue;
            }
            let found = found.unwrap_or_else(|error| panic!("{name} as {form}: {error:?}"));
            let judgement = judge(&only_credential(&set.bytes(name, form)), trusting([listed.as_str()]), &set.web(), now());
            assert_eq!(found.len(), 1, "{name} as {form}");
            assert_eq!(word(found[0].verification.verdict), word(verdict(&judgement)), "{name} as {form}: {:#?}", judgement.checks);
        }
    }
}

#[tokio::test]
async fn the_checker_without_a_network_says_what_the_bytes_say() {
    let set = issued();
    for name in ["key-eddsa", "web-eddsa", "hosted", "signed", "https-jwt", "key-jwt"] {
        let listed = set.issuer_of(name).to_owned();
        let checker = Checker::new(Arc::new(Offline), Clock::Fixed(now()), Language::En).trusting([listed.clone()]);
        let form = set.forms(name)[0];
        let found = checker.check(file(name, form)).await.expect("a badge");
        let judgement = judge(&set.credential(name), trusting([listed.as_str()]), &NoWeb, now());
        assert_eq!(word(found[0].verification.verdict), word(verdict(&judgement)), "{name}");
    }
}

#[tokio::test]
async fn every_verdict_has_its_sentences() {
    let set = issued();
    for language in [Language::Nl, Language::En] {
        let checker = Checker::new(Arc::new(Replay::new(set.web_directory())), Clock::Fixed(now()), language);
        for name in ["web-eddsa", "expired", "revoked", "key-eddsa", "did-document-missing", "hosted-410"] {
            let badge = checker.check(file(name, set.forms(name)[0])).await.expect("a badge").remove(0);
            let texts = [&badge.verification.label, &badge.verification.title, &badge.holder_line];
            assert!(texts.iter().all(|text| !text.is_empty() && !text.contains('{') && !text.contains('_')), "{name}: {texts:?}");
            for check in &badge.verification.checks {
                assert!(!check.text.is_empty() && !check.text.contains('{'), "{name}: {check:?}");
            }
        }
    }
}
