//! Finds the badges in what someone brought or shows, and fetches those of which only the address is there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use open_badges::{Container, Credential, Extracted, Fetched, Format, Need, Payload, Purpose};
use safe_fetch::{FetchError, Request, Response};
use url::Url;

use super::Checker;
use crate::activity::{Client, Page};
use crate::input::{self, ItemKind, Opened};
use crate::qr::{Collector, Progress, Shown, same_sequence};
use crate::share::{self, Host, OpenedLink};
use crate::view::{Input, Rejected, SharedBy};
use crate::{Error, ErrorCode, Result};

/// An address may lead to a baked picture that again holds an address; no further.
const MAX_HOPS: usize = 2;

/// A credential that was fetched, or found, before it is judged.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The credential.
    pub credential: Credential,
    /// Where in the file it was.
    pub container: Container,
    /// The file it was fetched in, when it was: name, media type and bytes.
    pub file: Option<(String, String, Vec<u8>)>,
    /// The address that answered it, when one did.
    pub from: Option<Url>,
    /// What the fetching already proved.
    pub documents: BTreeMap<Need, Fetched>,
}

impl Checker {
    /// Takes inputs apart. Share links are opened: what is in them is shown like a code.
    pub(super) async fn open(&self, inputs: Vec<Input>, passcode: Option<String>) -> Result<(Vec<Opened>, Option<SharedBy>)> {
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
                    found.push(Found { credential: *credential, container, file: None, from: None, documents: BTreeMap::new() });
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
        Found { credential, container, file, from: Some(response.final_url.clone()), documents }
    }
}

/// Opening decodes pictures and inflates archives, which is no work for the runtime's own threads.
async fn open(input: Input) -> Result<Opened> {
    tokio::task::spawn_blocking(move || input::open(&input)).await.map_err(|error| Error::new(ErrorCode::Internal, error))?
}

pub(crate) fn parse_all(credentials: &[Vec<u8>]) -> Result<Vec<Found>> {
    credentials.iter().map(|bytes| parse(bytes)).collect()
}

/// A credential of which the signed bytes are here.
pub(crate) fn parse(bytes: &[u8]) -> Result<Found> {
    let credential = Credential::parse(bytes).map_err(input::refused)?;
    let container = match credential.securing {
        open_badges::Securing::Jws => Container::Jwt,
        open_badges::Securing::Embedded | open_badges::Securing::Hosted => Container::Json,
    };
    Ok(Found { credential, container, file: None, from: None, documents: BTreeMap::new() })
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
