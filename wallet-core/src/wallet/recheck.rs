//! Stored badges judged again: on demand, when a list of the learner changed, and when a check could not finish earlier.

use std::collections::BTreeMap;

use badge_view::CheckedCredential;
use jiff::Timestamp;
use open_badges::{Answer, CheckKind, Credential, Evidence, Fetched, Judgement, Need, Outcome, Reason};
use safe_fetch::{FetchError, Request};

use super::{Wallet, blocking, stored::index_of};
use crate::{
    Result,
    checker::{Ask, Checker, Clock},
    convert, image,
    sentences::Audience,
    store::{
        Connection, StoreError,
        credentials::{self, Original, Stored},
        documents::{self, Document},
        history::{self, Action},
        pictures::{self, Picture},
    },
    view::{Freshness, Verification, WalletEvent},
};

/// A stored badge with all that its judgement and its page need.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) stored: Stored,
    pub(super) original: Original,
    pub(super) credential: Credential,
    documents: Vec<Document>,
}

impl Whole {
    pub(super) fn read(c: &Connection, stored: Stored) -> Result<Self, StoreError> {
        let original = credentials::original(c, stored.key)?;
        let documents = documents::of(c, stored.key)?;
        let credential = Credential::parse(&original.bytes).map_err(|_| StoreError::Damaged("a badge's bytes"))?;
        Ok(Self { stored, original, credential, documents })
    }

    fn latest(&self) -> BTreeMap<Need, Fetched> {
        self.documents.iter().map(|d| (d.need.clone(), d.latest.clone())).collect()
    }

    /// What a person may read: a document that is lost now still says what it said.
    fn content(&self, now: &BTreeMap<Need, Fetched>) -> open_badges::BadgeContent {
        let mut documents = now.clone();
        for document in &self.documents {
            let here = documents.get(&document.need).is_some_and(|f| matches!(f.answer, Answer::Document { .. }));
            if let Some(last) = document.last_body.clone().filter(|_| !here) {
                documents.insert(document.need.clone(), last);
            }
        }
        let evidence = Evidence { documents, ..Evidence::default() };
        self.credential.live(&evidence).unwrap_or_else(|| self.credential.clone()).content(&evidence)
    }

    /// What a person may read, from what is here.
    pub(super) fn content_here(&self) -> open_badges::BadgeContent {
        self.content(&self.latest())
    }

    /// The stored verdict, with the dates looked at anew. Asks nobody.
    pub(super) fn as_stored(&self, checker: &Checker) -> CheckedCredential {
        let latest = self.latest();
        let content = self.content(&latest);
        let index = &self.stored.index;
        CheckedCredential {
            credential: self.credential.clone(),
            judgement: dated(index.judgement.clone(), index.issued_at, index.expires_at, checker.clock.now()),
            listed_name: checker.lists.known_issuers.get(&content.issuer.id).and_then(|i| i.name.clone()),
            content,
            documents: latest,
        }
    }

    pub(super) async fn judge(&self, checker: &Checker, ask: Ask) -> CheckedCredential {
        let mut checked = checker.judge(self.credential.clone(), self.latest(), ask).await;
        checked.content = self.content(&checked.documents);
        checked
    }

    /// Judges by other lists as of the time of the stored judgement, so that no document is too old only because a list changed
    /// today, nor from the future because another badge had it fetched again.
    async fn judge_as_of_then(&self, checker: &Checker) -> CheckedCredential {
        let then = self.stored.index.judgement.checked_at;
        let clamp = |(need, fetched): (Need, Fetched)| (need, Fetched { fetched_at: fetched.fetched_at.min(then), ..fetched });
        let documents = self.latest().into_iter().map(clamp).collect();
        let checker = Checker { clock: Clock::Fixed(then), ..checker.clone() };
        let mut checked = checker.judge(self.credential.clone(), documents, Ask::Never).await;
        checked.content = self.content(&checked.documents);
        checked
    }
}

/// A stored judgement with its dates looked at anew: dates pass while a verdict stands.
pub(super) fn dated(mut judgement: Judgement, from: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> Judgement {
    for check in judgement.checks.iter_mut().filter(|c| c.kind == CheckKind::ValidityPeriod) {
        if matches!(check.outcome, Outcome::Passed | Outcome::Warning(Reason::Expired | Reason::NotYetValid)) {
            *check = open_badges::period_at(from, until, now);
        }
    }
    judgement
}

impl Wallet {
    /// The verdict of a kept badge: as it is stored, or with what decides fetched anew. A fetch that fails is made good by what was
    /// fetched before, within its age, and otherwise becomes "cannot tell", never anything else. Errors: `not_found`, `locked`.
    pub async fn verify(&self, id: String, freshness: Freshness) -> Result<Verification> {
        let checker = self.checker().await?;
        let whole = self.whole(id).await?;
        if freshness == Freshness::Stored {
            return Ok(convert::verification(checker.language, &whole.as_stored(&checker), Audience::Holder));
        }
        let checked = whole.judge(&checker, Ask::Fresh).await;
        let (id, name, now) = (whole.stored.id.clone(), whole.stored.index.name.clone(), self.now());
        self.remember(&checker, &whole, &checked).await?;
        self.write(move |t| history::add(t, now, Action::Checked, &id, &name)).await?;
        self.tell(WalletEvent::BadgesChanged);
        Ok(convert::verification(checker.language, &checked, Audience::Holder))
    }

    /// Goes on with checks, pictures, cities, claims and links that could not finish earlier. Front ends call it when the network is back.
    pub async fn retry_checks(&self) -> Result<()> {
        let _round = self.inner.rechecking.lock().await;
        let waiting = self.read(credentials::unfinished).await?;
        let checker = self.checker().await?;
        for stored in waiting {
            let id = stored.id.clone();
            // It can have been removed since the list was read.
            let Ok(whole) = self.whole(stored.id).await else { continue };
            let checked = whole.judge(&checker, Ask::Missing).await;
            if checked.judgement.checks != whole.stored.index.judgement.checks {
                self.remember(&checker, &whole, &checked).await?;
                self.tell(WalletEvent::Rechecked { id });
            }
        }
        self.fetch_pictures(&checker).await?;
        self.read_what_was_offline().await?;
        self.retry_claims().await?;
        self.retry_links().await
    }

    pub(super) fn retry_in_background(&self) {
        let listened_to = self.inner.events.receiver_count() > 0;
        let (true, Ok(_), Ok(runtime)) = (listened_to, self.store(), tokio::runtime::Handle::try_current()) else { return };
        let wallet = self.clone();
        runtime.spawn(async move {
            if let Err(error) = wallet.retry_checks().await {
                log::warn!("earlier checks were not taken up: {error}");
            }
        });
    }

    /// Pictures that are elsewhere are fetched once, after *Bewaar*.
    pub(super) fn pictures_in_background(&self) {
        let wallet = self.clone();
        tokio::spawn(async move {
            let _round = wallet.inner.rechecking.lock().await;
            let fetched = async { wallet.fetch_pictures(&wallet.checker().await?).await };
            if let Err(error) = fetched.await {
                log::warn!("pictures were not fetched: {error}");
            }
        });
    }

    async fn fetch_pictures(&self, checker: &Checker) -> Result<()> {
        let wanted = self.read(pictures::wanted).await?;
        let mut changed = false;
        for (key, address) in wanted {
            let picture = match url::Url::parse(&address) {
                Ok(url) => checker.network.fetch(Request::new(safe_fetch::Purpose::Picture, url)).await,
                Err(_) => Err(FetchError::Refused("no address")),
            };
            let picture = match picture {
                Ok(answer) if answer.status == 200 => blocking(move || Ok(ready(&answer.body))).await?,
                // Nobody was reached: another time.
                Err(FetchError::Offline) => continue,
                Ok(_) | Err(_) => Picture::Refused,
            };
            changed |= self.write(move |t| pictures::arrived(t, key, &address, &picture)).await?;
        }
        if changed {
            self.tell(WalletEvent::BadgesChanged);
        }
        Ok(())
    }

    pub(super) async fn whole(&self, id: String) -> Result<Whole> {
        self.read(move |c| Whole::read(c, credentials::by_id(c, &id)?)).await
    }

    /// Stores a new judgement with the documents that it rests on.
    async fn remember(&self, checker: &Checker, whole: &Whole, checked: &CheckedCredential) -> Result<()> {
        let index = index_of(checked, &checker.lists.my_addresses);
        let (key, id, documents) = (whole.stored.key, whole.stored.id.clone(), checked.documents.clone());
        self.write(move |t| {
            // Removed, or replaced by a newer version, while the network was asked.
            match credentials::by_id(t, &id) {
                Ok(now) if now.index.content_id == index.content_id => {}
                Ok(_) | Err(StoreError::NotFound) => return Ok(()),
                Err(error) => return Err(error),
            }
            for (need, fetched) in &documents {
                documents::put(t, key, need, fetched)?;
            }
            credentials::update_index(t, key, &index)
        })
        .await
    }

    /// Judges every badge by the lists as they are now, over the documents that are here.
    pub(super) async fn rejudge_all(&self) -> Result<()> {
        let badges = self.read(credentials::all).await?;
        self.rejudge(badges).await
    }

    /// Judges the badges of one issuer by the lists as they are now.
    pub(super) async fn rejudge_issuer(&self, id: String) -> Result<()> {
        let badges = self.read(move |c| credentials::by_issuer(c, &id)).await?;
        self.rejudge(badges).await
    }

    async fn rejudge(&self, badges: Vec<Stored>) -> Result<()> {
        let checker = self.checker().await?;
        let store = self.opened().await?;
        let runtime = tokio::runtime::Handle::current();
        let changed = blocking(move || {
            let mut changed = false;
            for stored in badges {
                let whole = store.read(|c| Whole::read(c, stored))?;
                let checked = runtime.block_on(whole.judge_as_of_then(&checker));
                let index = index_of(&checked, &checker.lists.my_addresses);
                if index.judgement != whole.stored.index.judgement || index.mine != whole.stored.index.mine {
                    store.write(|t| credentials::update_index(t, whole.stored.key, &index))?;
                    changed = true;
                }
            }
            Ok(changed)
        })
        .await?;
        if changed {
            self.tell(WalletEvent::BadgesChanged);
        }
        Ok(())
    }
}

fn ready(bytes: &[u8]) -> Picture {
    match image::thumbnail(bytes) {
        Ok(image::Pictures { small, large }) => Picture::Here { thumbnail: small, large },
        Err(_) => Picture::Refused,
    }
}
