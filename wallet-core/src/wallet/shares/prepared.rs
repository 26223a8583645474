//! What is to be sealed, looked at before it is: what the other will see, and what can be read of the learner.

use std::collections::BTreeSet;
use std::sync::Arc;

use badge_view::{CheckedCredential, sentences::clean};
use capsule::{MAX_BADGES, Portfolio, Show, clean_title, clean_words};
use open_badges::{Answer, Need, RecipientMatch};
use url::Url;

use super::Wallet;
use crate::{
    Error, ErrorCode, Result,
    checker::{Ask, Checker},
    convert,
    share::{self, Refusal},
    store::{credentials, shares::SharedBadge},
    view::{CheckedBadge, NewShare, ShareDraft, ShareReadable, ShareShow},
    wallet::recheck::Whole,
};

/// What is to be sealed.
pub(super) struct Prepared {
    pub(super) portfolio: Portfolio,
    pub(super) badges: Vec<SharedBadge>,
    checked: Vec<CheckedCredential>,
    readable: Vec<ShareReadable>,
    /// What a witness would fetch.
    needs: BTreeSet<Need>,
}

impl Wallet {
    /// Exactly what the other will see, and what can be read of the learner. Asks nobody. Errors: `not_found`, `usage` without a
    /// badge or with an address that is not the badge's, `share_too_large`, `locked`.
    pub async fn share_draft(&self, share: NewShare) -> Result<ShareDraft> {
        let prepared = self.prepare(&share).await?;
        let language = self.language().await;
        let mut badges = Vec::new();
        for (checked, choice) in prepared.checked.iter().zip(&share.badges) {
            badges.push(seen(convert::checked_badge(language, checked).await?, choice.address.as_ref()));
        }
        let hosts = prepared.needs.iter().filter_map(|need| Url::parse(&need.url).ok()?.host_str().map(str::to_owned));
        let asks: BTreeSet<String> = hosts.collect();
        let host = match &share.host {
            Some(host) => Some(share::origin(host)?),
            None => self.share_host().await?,
        };
        Ok(ShareDraft {
            badges,
            host: host.as_deref().map(share::name_of),
            readable: prepared.readable,
            asks: asks.into_iter().collect(),
            bytes: u32::try_from(encode(&prepared.portfolio)?.len()).unwrap_or(u32::MAX),
            title: prepared.portfolio.title,
            words: prepared.portfolio.words,
        })
    }

    /// Judges as somebody else would, who has lists of their own, if any: the learner's say nothing there.
    pub(super) async fn stranger(&self) -> Result<Checker> {
        let mut other = self.checker().await?;
        let lists = Arc::make_mut(&mut other.lists);
        lists.my_addresses.clear();
        lists.known_issuers.clear();
        Ok(other)
    }

    pub(super) async fn prepare(&self, share: &NewShare) -> Result<Prepared> {
        if share.badges.is_empty() {
            return Err(ErrorCode::Usage.into());
        }
        if share.badges.len() > MAX_BADGES {
            return Err(ErrorCode::ShareTooLarge.into());
        }
        let mine = self.checker().await?.lists.my_addresses.clone();
        let ids: Vec<String> = share.badges.iter().map(|choice| choice.id.clone()).collect();
        let wholes = self
            .read(move |c| ids.iter().map(|id| Whole::read(c, credentials::by_id(c, id)?)).collect::<Result<Vec<_>, _>>())
            .await?;
        let other = self.stranger().await?;
        let language = badge_view::sentences::name_of(&other.language);
        let mut prepared = Prepared {
            portfolio: Portfolio::new(&language, &clean_title(&share.title), &clean_words(&share.words)),
            badges: Vec::new(),
            checked: Vec::new(),
            readable: Vec::new(),
            needs: BTreeSet::new(),
        };
        for (choice, whole) in share.badges.iter().zip(wholes) {
            let checked = whole.judge(&other, Ask::Never).await;
            if let Some(address) = &choice.address
                && !is_of(&checked, address)
            {
                return Err(ErrorCode::Usage.into());
            }
            let credential = String::from_utf8(whole.original.bytes).map_err(|error| Error::new(ErrorCode::Damaged, error))?;
            prepared.portfolio.badges.push(capsule::SharedBadge {
                credential,
                show: match choice.show {
                    ShareShow::Front => Show::Front,
                    ShareShow::Whole => Show::Whole,
                },
                address: choice.address.clone(),
            });
            prepared.readable.extend(readable(&checked, &mine));
            let documents = checked.documents.iter().filter(|(_, fetched)| matches!(fetched.answer, Answer::Document { .. }));
            prepared.needs.extend(documents.map(|(need, _)| need.clone()));
            prepared.badges.push(SharedBadge {
                id: choice.id.clone(),
                name: whole.stored.index.name,
                show: choice.show,
                address: choice.address.clone(),
            });
            prepared.checked.push(checked);
        }
        Ok(prepared)
    }

    /// Asks the host to witness what the verdicts rest on, before there is a link, and without its id. What it does not witness is
    /// fetched by whoever opens the link.
    pub(super) async fn witness(&self, origin: &str, prepared: &mut Prepared) {
        let Ok(host) = self.host(origin, true).await else { return };
        for need in &prepared.needs {
            match host.witness(need).await {
                Ok(witnessed) => prepared.portfolio.witnessed.push(witnessed),
                Err(Refusal { code, .. }) => log::debug!("not witnessed: {code:?}"),
            }
        }
    }
}

pub(super) fn encode(portfolio: &Portfolio) -> Result<Vec<u8>> {
    portfolio.encode().map_err(|error| Error::new(ErrorCode::ShareTooLarge, error))
}

/// Whether an address is the one in a badge's hash.
pub(in crate::wallet) fn is_of(checked: &CheckedCredential, address: &str) -> bool {
    checked.content.recipient.hashed
        && matches!(open_badges::match_recipient(&checked.credential, &[address.to_owned()]), RecipientMatch::Mine(_))
}

/// A badge with the address that its sharer added, which its hash was compared with.
pub(in crate::wallet) fn seen(badge: CheckedBadge, address: Option<&String>) -> CheckedBadge {
    CheckedBadge { given_to: badge.given_to.clone().or_else(|| address.cloned()), ..badge }
}

/// What can be read of the learner in a badge.
fn readable(checked: &CheckedCredential, mine: &[String]) -> Vec<ShareReadable> {
    let told = &checked.content.recipient;
    let badge = checked.credential.id().0;
    let one = |kind: &str, text: String, proposal| ShareReadable { badge: badge.clone(), kind: kind.to_owned(), text, proposal };
    let mut all: Vec<_> = told.plain.iter().map(|address| one("address", clean(address), None)).collect();
    all.extend(told.name.iter().map(|name| one("name", clean(name), None)));
    all.extend(told.id.iter().map(|id| one("id", clean(id), None)));
    if told.hashed {
        let proposal = match open_badges::match_recipient(&checked.credential, mine) {
            RecipientMatch::Mine(address) => Some(address),
            RecipientMatch::NotMine | RecipientMatch::Unknown => None,
        };
        all.push(one("hash", String::new(), proposal));
    }
    let evidence = checked.content.evidence.iter().filter_map(|item| {
        [&item.name, &item.url, &item.narrative, &item.description].into_iter().flatten().next().map(|text| clean(text))
    });
    all.extend(evidence.map(|text| one("evidence", text, None)));
    all
}
