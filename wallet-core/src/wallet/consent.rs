//! What the person agreed to: nothing that another app or a link opened asks a host that was not named first.

use std::{collections::BTreeSet, sync::Arc};

use open_badges::Answer;
use safe_fetch::{FetchError, Network, Post, Posted, Request, Response};
use url::Url;

use super::pending::Candidate;
use badge_view::CheckedCredential;

use crate::checker::{Checker, is_stale};

/// Whom an input may have asked.
#[derive(Debug)]
pub(super) enum Consent {
    /// A person brought it: whoever it takes.
    Given,
    /// Another app or a link opened it: nobody yet.
    None,
    /// It was opened so, and the person agreed to these hosts.
    To(BTreeSet<String>),
}

impl Consent {
    /// What a tap on the hosts that are named for these badges agrees to.
    pub(super) fn of(candidates: &[Candidate]) -> Self {
        let unasked: Option<BTreeSet<String>> =
            candidates.iter().try_fold(BTreeSet::new(), |all, one| Some(&all | one.unasked.as_ref()?));
        unasked.map_or(Self::Given, Self::To)
    }

    /// The hosts to name.
    pub(super) fn hosts(self) -> Vec<String> {
        match self {
            Self::To(hosts) => hosts.into_iter().collect(),
            Self::Given | Self::None => Vec::new(),
        }
    }

    /// The checker, with the network as far as it was agreed to.
    pub(super) fn limit(&self, checker: Checker) -> Checker {
        Checker { network: self.limit_network(Arc::clone(&checker.network)), ..checker }
    }

    /// The network as far as it was agreed to.
    pub(super) fn limit_network(&self, network: Arc<dyn Network>) -> Arc<dyn Network> {
        let hosts = match self {
            Self::Given => return network,
            Self::None => BTreeSet::new(),
            Self::To(hosts) => hosts.clone(),
        };
        Arc::new(Named { hosts, network })
    }
}

/// The network, for these hosts only.
#[derive(Debug)]
struct Named {
    hosts: BTreeSet<String>,
    network: Arc<dyn Network>,
}

#[async_trait::async_trait]
impl Network for Named {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        match request.url.host_str() {
            Some(host) if self.hosts.contains(host) => self.network.fetch(request).await,
            _ => Err(FetchError::Offline),
        }
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        match post.url.host_str() {
            Some(host) if self.hosts.contains(host) => self.network.post(post).await,
            _ => Err(FetchError::Offline),
        }
    }
}

/// The hosts that were not asked about a badge, and would be.
pub(super) fn unasked(checked: &CheckedCredential) -> BTreeSet<String> {
    let stale = is_stale(&checked.judgement);
    let documents = checked.documents.iter().filter(|(_, fetched)| stale || matches!(fetched.answer, Answer::NotAsked));
    let needs = documents.map(|(need, _)| need).chain(&checked.judgement.missing);
    needs.filter_map(|need| Url::parse(&need.url).ok()?.host_str().map(str::to_owned)).collect()
}
