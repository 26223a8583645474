//! Judges a badge without a wallet: asks [`open_badges::judge`], fetches what it misses, and asks again.
//!
//! The wallet, the command line and a checker's device use the same loop; they differ in the [`Network`], in what was fetched
//! before, and in whom they trust.

mod find;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use badge_view::CheckedCredential;
pub use badge_view::Lists;
use jiff::Timestamp;
use open_badges::{Answer, Credential, Fetched, Judgement, Known, KnownIssuer, Need, Outcome, Purpose, Reason};
use safe_fetch::{FetchError, Network, Request, Response};
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

pub(crate) use self::find::{Found, code_of, parse, parse_all};
use crate::convert;
use crate::input::{Item, ItemKind};
use crate::qr::{Collector, Progress};
use crate::report::{BadgeReport, Inspection, Report};
use crate::view::{CheckedBadge, Input, Language, Rejected};
use crate::{Error, ErrorCode, Result};

/// One document leads to the next (assertion, BadgeClass, issuer, revocation list); no honest chain is longer.
const MAX_ROUNDS: usize = 6;
const MAX_NEEDS_A_ROUND: usize = 16;
/// For all rounds of one badge together.
const MAX_TIME: Duration = Duration::from_secs(30);

/// Where the time comes from. Only the wallet and the checker ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Always this time: tests, and `--now`.
    Fixed(Timestamp),
}

impl Clock {
    /// The time.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(time) => time,
        }
    }
}

/// Whether the network is asked, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// For nothing.
    Never,
    /// For what is missing or too old.
    Missing,
    /// For everything that decides, anew. What cannot be had now is taken from before, within its age.
    Fresh,
}

/// Judges badges. Needs no wallet and stores nothing. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Checker {
    /// How documents are fetched.
    pub network: Arc<dyn Network>,
    /// The time to judge by.
    pub clock: Clock,
    /// The language of sentences.
    pub language: Language,
    /// Whom the checker knows.
    pub lists: Arc<Lists>,
}

impl Checker {
    /// A checker that knows nobody.
    #[must_use]
    pub fn new(network: Arc<dyn Network>, clock: Clock, language: Language) -> Self {
        Self { network, clock, language, lists: Arc::default() }
    }

    /// The same checker, which knows these issuers by their ids: the command line's `--trust`.
    #[must_use]
    pub fn trusting(mut self, ids: impl IntoIterator<Item = String>) -> Self {
        let known = |id| (id, KnownIssuer { known: Known::SelfAdded, name: None });
        Arc::make_mut(&mut self.lists).known_issuers.extend(ids.into_iter().map(known));
        self
    }

    /// Judges what someone shows: a file, a picture of a code, a link, a text.
    ///
    /// Errors: those of opening the input, when no badge is in it.
    pub async fn check(&self, input: Input) -> Result<Vec<CheckedBadge>> {
        let (opened, _) = self.open(vec![input], None).await?;
        let (found, _) = self.find_in(opened).await?;
        let mut badges = Vec::new();
        for checked in self.judge_all(found, Ask::Missing).await {
            badges.push(convert::checked_badge(self.language, &checked).await?);
        }
        Ok(badges)
    }

    /// The same as [`Checker::check`] in the shape of the command line, with the parts that were no badge. Several inputs may be
    /// pictures of one sequence of codes. `passcode` is for share links that have one.
    ///
    /// Errors: those of opening the input; of a share link `passcode_needed`, `wrong_passcode`, `share_…`, `host_…`.
    pub async fn report(&self, inputs: Vec<Input>, passcode: Option<String>) -> Result<Report> {
        let (opened, shared) = self.open(inputs, passcode).await?;
        let (found, rejected) = self.find_in(opened).await?;
        Ok(Report { shared, ..self.as_report(&self.judge_all(found, Ask::Missing).await, rejected) })
    }

    /// Says what an input is. Asks the network only for a badge of which no more than the address is there.
    ///
    /// Errors: those of opening the input.
    pub async fn inspect(&self, input: Input) -> Result<Inspection> {
        let (mut opened, shared) = self.open(vec![input], None).await?;
        let Some(opened) = opened.pop() else { return Err(ErrorCode::NotABadge.into()) };
        match opened.items.as_slice() {
            [Item { kind: ItemKind::Part(text), .. }] => match Collector::default().receive(text)? {
                Progress::More(progress) => return Ok(Inspection::Part { progress }),
                Progress::Done(shown) => {
                    let judged = self.judge_all(parse_all(&shown.credentials)?, Ask::Never).await;
                    return Ok(Inspection::Shown(self.as_report(&judged, Vec::new())));
                }
            },
            [Item { kind: ItemKind::Claim(code, city), .. }] => {
                let city = city.as_ref().map(|city| city.origin().ascii_serialization());
                return Ok(Inspection::Claim { code: code.clone(), city });
            }
            [Item { kind: ItemKind::Address(url), .. }] => {
                if let Some((name, address)) = crate::wallet::known_city(url) {
                    return Ok(Inspection::City { address: address.to_owned(), name: name.to_owned() });
                }
                let page = Inspection::Page { host: url.host_str().unwrap_or_default().to_owned(), url: url.to_string() };
                return match self.find_in(vec![opened]).await {
                    Ok((found, rejected)) => {
                        Ok(Inspection::Badges(self.as_report(&self.judge_all(found, Ask::Never).await, rejected)))
                    }
                    Err(Error { code: ErrorCode::NoBadgeThere, .. }) => Ok(page),
                    Err(error) => Err(error),
                };
            }
            _ => {}
        }
        let shown = opened.items.iter().any(|item| matches!(item.kind, ItemKind::Shown(_)));
        let (found, rejected) = self.find_in(vec![opened]).await?;
        let report = Report { shared, ..self.as_report(&self.judge_all(found, Ask::Never).await, rejected) };
        Ok(if shown { Inspection::Shown(report) } else { Inspection::Badges(report) })
    }

    fn as_report(&self, judged: &[CheckedCredential], rejected: Vec<Rejected>) -> Report {
        Report { badges: judged.iter().map(|checked| BadgeReport::new(self.language, checked)).collect(), rejected, shared: None }
    }

    async fn judge_all(&self, found: Vec<Found>, ask: Ask) -> Vec<CheckedCredential> {
        let mut judged = Vec::new();
        for found in found {
            judged.push(self.judge(found.credential, found.documents, ask).await);
        }
        judged
    }

    /// Judges one credential over `documents` and what `ask` lets it fetch.
    pub(crate) async fn judge(&self, credential: Credential, documents: BTreeMap<Need, Fetched>, ask: Ask) -> CheckedCredential {
        let checked = match ask {
            Ask::Never => self.judge_over(credential, documents),
            Ask::Fresh => self.gather(credential, BTreeMap::new(), documents).await,
            Ask::Missing => {
                let kept = documents.iter().filter(|(_, fetched)| answered(&fetched.answer));
                let kept = kept.map(|(need, fetched)| (need.clone(), fetched.clone())).collect();
                let first = self.gather(credential, kept, BTreeMap::new()).await;
                if is_stale(&first.judgement) {
                    self.gather(first.credential, BTreeMap::new(), first.documents).await
                } else {
                    first
                }
            }
        };
        log::debug!("judged: {} checks, {} documents", checked.judgement.checks.len(), checked.documents.len());
        checked
    }

    /// The loop: judge, fetch what is missing, judge again. What cannot be had now is taken from `before`.
    async fn gather(
        &self,
        credential: Credential,
        mut documents: BTreeMap<Need, Fetched>,
        before: BTreeMap<Need, Fetched>,
    ) -> CheckedCredential {
        let deadline = Instant::now() + MAX_TIME;
        let mut checked = self.judge_over(credential, documents);
        for _ in 0..MAX_ROUNDS {
            documents = std::mem::take(&mut checked.documents);
            let missing = checked.judgement.missing.iter().filter(|need| !documents.contains_key(need));
            let needs: BTreeSet<Need> = missing.take(MAX_NEEDS_A_ROUND).cloned().collect();
            if needs.is_empty() {
                checked.documents = documents;
                return checked;
            }
            for (need, fetched) in self.fetch_all(needs, deadline).await {
                let earlier = before.get(&need).filter(|_| !answered(&fetched.answer));
                let fetched = earlier.cloned().unwrap_or(fetched);
                documents.insert(need, fetched);
            }
            checked = self.judge_over(checked.credential, documents);
        }
        checked
    }

    fn judge_over(&self, credential: Credential, documents: BTreeMap<Need, Fetched>) -> CheckedCredential {
        CheckedCredential::judge(credential, documents, &self.lists, self.clock.now())
    }

    async fn fetch_all(&self, needs: BTreeSet<Need>, deadline: Instant) -> BTreeMap<Need, Fetched> {
        let mut tasks = JoinSet::new();
        let silent = |need: &Need| (need.clone(), self.fetched(need.purpose, Err(FetchError::Unreachable)));
        let mut answers: BTreeMap<_, _> = needs.iter().map(silent).collect();
        for need in needs {
            let network = Arc::clone(&self.network);
            let Ok(url) = Url::parse(&need.url) else { continue };
            let request = Request::new(fetch_purpose(need.purpose), url);
            tasks.spawn(async move { (need, network.fetch(request).await) });
        }
        while let Ok(Some(done)) = tokio::time::timeout_at(deadline, tasks.join_next()).await {
            if let Ok((need, response)) = done {
                let fetched = self.fetched(need.purpose, response);
                answers.insert(need, fetched);
            }
        }
        answers
    }

    fn fetched(&self, purpose: Purpose, response: Result<Response, FetchError>) -> Fetched {
        let answer = match response {
            Ok(Response { status: 410, .. }) => Answer::Gone,
            Ok(Response { status: 404, .. }) => Answer::NotFound,
            Ok(response) if believed(purpose, &response.content_type) => {
                Answer::Document { final_url: response.final_url.into(), body: response.body }
            }
            Err(FetchError::Offline) => Answer::NotAsked,
            Ok(_) | Err(_) => Answer::Unreachable,
        };
        Fetched { answer, fetched_at: self.clock.now() }
    }
}

fn answered(answer: &Answer) -> bool {
    !matches!(answer, Answer::Unreachable | Answer::NotAsked)
}

pub(crate) fn is_stale(judgement: &Judgement) -> bool {
    judgement.checks.iter().any(|check| check.outcome == Outcome::NotChecked(Reason::Stale))
}

fn fetch_purpose(purpose: Purpose) -> safe_fetch::Purpose {
    match purpose {
        Purpose::Assertion | Purpose::BadgeClass => safe_fetch::Purpose::Credential,
        Purpose::Issuer | Purpose::Key => safe_fetch::Purpose::Issuer,
        Purpose::DidDocument => safe_fetch::Purpose::DidDocument,
        Purpose::KeySet => safe_fetch::Purpose::KeySet,
        Purpose::StatusList => safe_fetch::Purpose::StatusList,
    }
}

/// Whether an answer of this kind is evidence. What a host lets anyone upload (pictures, plain text) must not speak for it.
fn believed(purpose: Purpose, content_type: &str) -> bool {
    match purpose {
        Purpose::Assertion | Purpose::BadgeClass | Purpose::Issuer => safe_fetch::is_json(content_type),
        Purpose::Key | Purpose::DidDocument | Purpose::KeySet | Purpose::StatusList => true,
    }
}

#[cfg(test)]
mod tests;
