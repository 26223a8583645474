//! Judges a badge without a wallet: asks [`open_badges::judge`], fetches what it misses, and asks again.
//!
//! The wallet, the command line and a checker's device use the same loop; they differ in the [`Network`], in what was fetched
//! before, and in whom they trust.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use badge_view::CheckedCredential;
pub use badge_view::Lists;
use jiff::Timestamp;
use open_badges::{
    Answer, Container, Credential, Extracted, Fetched, Format, Judgement, Known, KnownIssuer, Need, Outcome, Payload, Purpose,
    Reason,
};
use safe_fetch::{FetchError, Network, Request, Response};
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use crate::activity::{Client, Page};
use crate::convert;
use crate::input::{self, Item, ItemKind, Opened};
use crate::qr::{Collector, Progress, Shown, same_sequence};
use crate::report::{BadgeReport, Inspection, Report};
use crate::share::{self, Host, OpenedLink};
use crate::view::{CheckedBadge, Input, Language, Rejected, SharedBy};
use crate::{Error, ErrorCode, Result};

/// One document leads to the next (assertion, BadgeClass, issuer, revocation list); no honest chain is longer.
const MAX_ROUNDS: usize = 6;
const MAX_NEEDS_A_ROUND: usize = 16;
/// For all rounds of one badge together.
const MAX_TIME: Duration = Duration::from_secs(30);
/// An address may lead to a baked picture that again holds an address; no further.
const MAX_HOPS: usize = 2;

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

/// A credential that was fetched, or found, before it is judged.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The credential.
    pub credential: Credential,
    /// Where in the file it was.
    pub container: Container,
    /// The file it was fetched in, when it was: name, media type and bytes.
    pub file: Option<(String, String, Vec<u8>)>,
    /// What the fetching already proved.
    pub documents: BTreeMap<Need, Fetched>,
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

    /// Takes inputs apart. Share links are opened: what is in them is shown like a code.
    async fn open(&self, inputs: Vec<Input>, passcode: Option<String>) -> Result<(Vec<Opened>, Option<SharedBy>)> {
        let mut all = Vec::new();
        let mut shared = None;
        for input in inputs {
            let mut opened = open(input).await?;
            for item in &mut opened.items {
                let ItemKind::Share(link) = &item.kind else { continue };
                let host = Host { network: Arc::clone(&self.network), origin: link.host.clone(), chosen: false };
                let OpenedLink { portfolio, shared: by } = share::open(&host, link, passcode.clone(), self.clock.now()).await?;
                let credentials = portfolio.badges.into_iter().map(|badge| badge.credential.into_bytes()).collect();
                item.kind = ItemKind::Shown(Shown { credentials });
                shared = Some(by);
            }
            all.push(opened);
        }
        Ok((all, shared))
    }

    /// Every badge in inputs, fetched where only its address is there, and the parts that are none.
    pub(crate) async fn find_in(&self, opened: Vec<Opened>) -> Result<(Vec<Found>, Vec<Rejected>)> {
        let mut found = Vec::new();
        let mut refused = Vec::new();
        let mut sequence = Collector::default();
        let mut incomplete = false;
        // One code of the sequence that came in whole: its other codes add nothing, and miss nothing.
        let mut whole: Option<String> = None;
        let alone = opened.iter().map(|opened| opened.items.len()).sum::<usize>() == 1;
        for Opened { items, rejected } in opened {
            refused.extend(rejected);
            for item in items {
                let result = match item.kind {
                    ItemKind::Badge(extracted) => self.resolve(extracted).await,
                    ItemKind::Address(url) => match self.fetch(&url).await {
                        // A front page is of a site, and of no badge.
                        Err(Error { code: ErrorCode::NoBadgeThere, .. }) if alone && url.path() != "/" => {
                            self.fetch_offered(&url, &mut refused).await
                        }
                        answer => answer,
                    },
                    ItemKind::Shown(shown) => parse_all(&shown.credentials),
                    ItemKind::Share(_) => Err(ErrorCode::NotAllowed.into()),
                    ItemKind::Claim(_, city) => Err(city.map_or(ErrorCode::NotABadge, |_| ErrorCode::NoBadgeThere).into()),
                    ItemKind::Part(text) if whole.as_deref().is_some_and(|one| same_sequence(one, &text)) => Ok(Vec::new()),
                    ItemKind::Part(text) => match sequence.receive(&text) {
                        Ok(Progress::Done(shown)) => {
                            incomplete = false;
                            whole = Some(text);
                            parse_all(&shown.credentials)
                        }
                        Ok(Progress::More(_)) => {
                            incomplete = true;
                            Ok(Vec::new())
                        }
                        Err(error) => Err(error),
                    },
                };
                match result {
                    Ok(more) => found.extend(more),
                    Err(error) => refused.push((item.name, error.code)),
                }
            }
        }
        if incomplete {
            refused.push((String::new(), ErrorCode::Damaged));
        }
        if found.is_empty() {
            return Err(refused.first().map_or(ErrorCode::NotABadge, |(_, code)| *code).into());
        }
        // The same badge twice in one input (a picture with both kinds of chunk, repeated codes) is one badge.
        let mut seen = BTreeSet::new();
        found.retain(|found: &Found| seen.insert(found.credential.id()));
        Ok((found, refused.into_iter().map(|(name, code)| self.rejected(name, code)).collect()))
    }

    /// A part of an input that was not taken, with its sentence.
    pub(crate) fn rejected(&self, name: String, code: ErrorCode) -> Rejected {
        Rejected { name, code, text: crate::sentences::error(self.language, code) }
    }

    /// The badges that a page offers, as links of its own site: what [`crate::Wallet::inspect`] follows too. Else `no_badge_there`.
    async fn fetch_offered(&self, page: &Url, refused: &mut Vec<(String, ErrorCode)>) -> Result<Vec<Found>> {
        let client = Client { network: &*self.network, language: self.language, token: None };
        let Page { activity, badges, .. } = client.web_page(page).await.unwrap_or_default();
        // A page about something to do is that, whatever else stands on it.
        if activity.is_some() || badges.is_empty() {
            return Err(ErrorCode::NoBadgeThere.into());
        }
        Ok(self.fetch_each(&badges, refused).await)
    }

    /// The badges behind several addresses; those where there is none are named in `refused`.
    pub(crate) async fn fetch_each(&self, addresses: &[Url], refused: &mut Vec<(String, ErrorCode)>) -> Vec<Found> {
        let mut found = Vec::new();
        for address in addresses {
            let fetched = self.fetch(address).await;
            fetched.map_or_else(|error| refused.push((address.path().to_owned(), error.code)), |more| found.extend(more));
        }
        found
    }

    /// The credentials of one file: as they are, or fetched where the file only names an address.
    pub(crate) async fn resolve(&self, extracted: Vec<Extracted>) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for Extracted { payload, container } in extracted {
            match payload {
                Payload::Credential(credential) => {
                    found.push(Found { credential: *credential, container, file: None, documents: BTreeMap::new() });
                }
                Payload::Address(address) => {
                    let url = Url::parse(&address).map_err(|_| ErrorCode::Damaged)?;
                    found.extend(self.fetch(&url).await?);
                }
            }
        }
        Ok(found)
    }

    /// The badges behind an address.
    ///
    /// Errors: `address_refused`, `offline`, `unreachable`, `too_large`, `no_badge_there`, and those of a damaged badge.
    pub(crate) async fn fetch(&self, address: &Url) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        let mut waiting = vec![address.clone()];
        for _ in 0..=MAX_HOPS {
            let mut next = Vec::new();
            for url in std::mem::take(&mut waiting) {
                let purpose = safe_fetch::Purpose::Credential;
                let response = self.network.fetch(Request::new(purpose, url.clone())).await.map_err(|error| code_of(&error))?;
                if response.status != 200 {
                    return Err(ErrorCode::NoBadgeThere.into());
                }
                let extracted = open_badges::extract(&response.body).map_err(|error| match error {
                    open_badges::ExtractError::NotABadge => ErrorCode::NoBadgeThere,
                    other => input::refused(other).code,
                })?;
                for Extracted { payload, container } in extracted {
                    match payload {
                        Payload::Address(address) => next.push(Url::parse(&address).map_err(|_| ErrorCode::Damaged)?),
                        Payload::Credential(credential) => found.push(self.arrived(*credential, container, &url, &response)),
                    }
                }
            }
            if next.is_empty() {
                return if found.is_empty() { Err(ErrorCode::NoBadgeThere.into()) } else { Ok(found) };
            }
            waiting = next;
        }
        Err(ErrorCode::NoBadgeThere.into())
    }

    fn arrived(&self, credential: Credential, container: Container, asked: &Url, response: &Response) -> Found {
        let mut documents = BTreeMap::new();
        // A hosted assertion was just fetched from its own address: that is the evidence, and asking again would tell no more.
        if credential.format == Format::OpenBadgeV2 {
            let need = Need { purpose: Purpose::Assertion, url: asked.to_string() };
            documents.insert(need, self.fetched(Purpose::Assertion, Ok(response.clone())));
        }
        let name = asked.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
        let file = Some((name.to_owned(), response.content_type.clone(), response.body.clone()));
        Found { credential, container, file, documents }
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

/// Opening decodes pictures and inflates archives, which is no work for the runtime's own threads.
async fn open(input: Input) -> Result<Opened> {
    tokio::task::spawn_blocking(move || input::open(&input)).await.map_err(|error| Error::new(ErrorCode::Internal, error))?
}

pub(crate) fn parse_all(credentials: &[Vec<u8>]) -> Result<Vec<Found>> {
    let parse = |bytes: &Vec<u8>| {
        let credential = Credential::parse(bytes).map_err(input::refused)?;
        let container = match credential.securing {
            open_badges::Securing::Jws => Container::Jwt,
            open_badges::Securing::Embedded | open_badges::Securing::Hosted => Container::Json,
        };
        Ok(Found { credential, container, file: None, documents: BTreeMap::new() })
    };
    credentials.iter().map(parse).collect()
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

/// What a person is told when the badge itself cannot be fetched.
pub(crate) fn code_of(error: &FetchError) -> ErrorCode {
    match error {
        FetchError::Refused(_) => ErrorCode::AddressRefused,
        FetchError::Offline => ErrorCode::Offline,
        FetchError::Unreachable => ErrorCode::Unreachable,
        FetchError::Status(401 | 403) | FetchError::ContentType => ErrorCode::NoBadgeThere,
        FetchError::Status(_) => ErrorCode::Unreachable,
        FetchError::TooLarge => ErrorCode::TooLarge,
    }
}

#[cfg(test)]
mod tests;
