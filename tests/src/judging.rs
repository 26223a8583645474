//! Judging over files instead of a network, without the wallet: the loop of the design in its shortest form.

use std::{fs, path::PathBuf};

use jiff::Timestamp;
use open_badges::{
    Answer, Check, CheckKind, Credential, Evidence, Fetched, Judgement, Known, KnownIssuer, Need, Outcome, Reason, Verdict,
};

/// The time that the tests judge by.
pub fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a timestamp")
}

/// Files in the `--web` layout.
#[derive(Debug, Clone)]
pub struct WebFiles {
    directory: PathBuf,
}

impl WebFiles {
    /// The web under `directory`.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// What `https://<host>/<path>` answers.
    pub fn answer(&self, url: &str) -> Answer {
        let Some(rest) = url.strip_prefix("https://") else { return Answer::Unreachable };
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index") } else { path.to_owned() };
        let file = self.directory.join(host.replace(':', "%3A")).join(path);
        if let Ok(body) = fs::read(&file) {
            return Answer::Document { final_url: url.to_owned(), body };
        }
        if fs::exists(format!("{}.410", file.display())).unwrap_or(false) { Answer::Gone } else { Answer::NotFound }
    }
}

/// What a judgement may ask.
pub trait Web {
    /// The answer to one need.
    fn answer(&self, need: &Need) -> Answer;
}

impl Web for WebFiles {
    fn answer(&self, need: &Need) -> Answer {
        WebFiles::answer(self, &need.url)
    }
}

/// No network at all.
#[derive(Debug, Clone, Copy)]
pub struct NoWeb;

impl Web for NoWeb {
    fn answer(&self, _: &Need) -> Answer {
        Answer::Unreachable
    }
}

/// Judges, fetches what is missing, and judges again until nothing new is asked.
///
/// # Panics
/// When a judgement asks for the same document twice, or never stops asking.
pub fn judge(credential: &Credential, mut evidence: Evidence, web: &dyn Web, now: Timestamp) -> Judgement {
    for _ in 0..12 {
        let judgement = open_badges::judge(credential, &evidence, now);
        let new: Vec<Need> = judgement.missing.iter().filter(|need| !evidence.documents.contains_key(need)).cloned().collect();
        if new.is_empty() {
            return judgement;
        }
        for need in new {
            let answer = web.answer(&need);
            evidence.documents.insert(need, Fetched { answer, fetched_at: now });
        }
    }
    panic!("the judgement never stops asking");
}

/// Evidence in which `issuers` are on the checker's own list.
pub fn trusting<'a>(issuers: impl IntoIterator<Item = &'a str>) -> Evidence {
    let listed = KnownIssuer { known: Known::SelfAdded, name: None };
    Evidence { known_issuers: issuers.into_iter().map(|id| (id.to_owned(), listed.clone())).collect(), ..Evidence::default() }
}

/// The verdict of a judgement.
pub fn verdict(judgement: &Judgement) -> Verdict {
    open_badges::verdict_of(&judgement.checks)
}

/// The reasons of the checks that did not pass, of those that decide.
pub fn reasons(judgement: &Judgement) -> Vec<Reason> {
    let deciding = |check: &&Check| !matches!(check.kind, CheckKind::Recipient | CheckKind::Endorsement);
    judgement.checks.iter().filter(deciding).filter_map(|check| reason(check.outcome)).collect()
}

/// The detail of the check that gives `wanted` as its reason.
pub fn detail(judgement: &Judgement, wanted: Reason) -> Option<&str> {
    judgement.checks.iter().find(|check| reason(check.outcome) == Some(wanted))?.detail.as_deref()
}

/// The outcome of one check.
pub fn outcome(judgement: &Judgement, kind: CheckKind) -> Option<Outcome> {
    judgement.checks.iter().find(|check| check.kind == kind).map(|check| check.outcome)
}

fn reason(outcome: Outcome) -> Option<Reason> {
    match outcome {
        Outcome::Passed => None,
        Outcome::Warning(reason) | Outcome::Failed(reason) | Outcome::NotChecked(reason) => Some(reason),
    }
}
