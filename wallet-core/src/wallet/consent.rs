//! What the person agreed to: nothing that another app or a link opened asks a host that was not named first.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use open_badges::Answer;
use safe_fetch::{FetchError, Network, Post, Posted, Request, Response};
use url::Url;

use super::{held, pending::Candidate};
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
        Arc::new(Named { hosts: Mutex::new(hosts), network })
    }
}

/// The network, for these hosts only, and for where they lead by themselves: that host was asked then, and knows.
#[derive(Debug)]
struct Named {
    hosts: Mutex<BTreeSet<String>>,
    network: Arc<dyn Network>,
}

impl Named {
    fn agreed(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| held(&self.hosts).contains(host))
    }
}

#[async_trait::async_trait]
impl Network for Named {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        if !self.agreed(&request.url) {
            return Err(FetchError::Offline);
        }
        let response = self.network.fetch(request).await?;
        held(&self.hosts).extend(response.final_url.host_str().map(str::to_owned));
        Ok(response)
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        if self.agreed(&post.url) { self.network.post(post).await } else { Err(FetchError::Offline) }
    }
}

/// The hosts that were not asked about a badge, and would be.
pub(super) fn unasked(checked: &CheckedCredential) -> BTreeSet<String> {
    let stale = is_stale(&checked.judgement);
    let documents = checked.documents.iter().filter(|(_, fetched)| stale || matches!(fetched.answer, Answer::NotAsked));
    let needs = documents.map(|(need, _)| need).chain(&checked.judgement.missing);
    needs.filter_map(|need| Url::parse(&need.url).ok()?.host_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every address leads to the same path of another host.
    #[derive(Debug)]
    struct Leading;

    #[async_trait::async_trait]
    impl Network for Leading {
        async fn fetch(&self, mut request: Request) -> Result<Response, FetchError> {
            request.url.set_host(Some("www.stad.example")).unwrap();
            Ok(Response { final_url: request.url, status: 200, content_type: String::new(), body: Vec::new() })
        }
    }

    #[tokio::test]
    async fn where_a_host_leads_by_itself_may_be_asked_then_and_nobody_else() {
        let network = Consent::To(BTreeSet::from(["stad.example".to_owned()])).limit_network(Arc::new(Leading));
        let ask = async |address: &str| {
            network.fetch(Request::new(safe_fetch::Purpose::Credential, Url::parse(address).unwrap())).await.map(|_| ())
        };
        assert_eq!(ask("https://www.stad.example/a/1").await, Err(FetchError::Offline));
        assert_eq!(ask("https://stad.example/badges/1").await, Ok(()));
        assert_eq!(ask("https://www.stad.example/a/1").await, Ok(()));
        assert_eq!(ask("https://elders.example/a/1").await, Err(FetchError::Offline));
    }
}
