//! The learner's share links: made, changed, stopped. What is looked at before is in [`prepared`].
//!
//! A link's row is written before the host is asked, so that whatever ends in between is known at the next start. What the host
//! did not confirm is never said.

mod drafts;
mod paper;
mod prepared;
mod sending;

use std::sync::Arc;

use badge_view::sentences::clean;
use capsule::{Action, LinkAddress, LinkKey, ManageKey};
use jiff::{SignedDuration, Timestamp};
use safe_fetch::Network;
use zeroize::Zeroizing;

use self::prepared::encode;
pub(super) use self::prepared::{is_of, seen};
use super::{Wallet, blocking};
use crate::{
    Error, ErrorCode, Result, convert, qr,
    share::{self, Host},
    store::{
        StoreError, credentials,
        history::{self, Action as Line},
        pictures, settings,
        shares::{self, Share, SharedBadge},
    },
    view::{NewShare, ShareBadge, ShareEnd, ShareState, ShareView},
};

/// A label of the learner's own, in characters.
const MAX_LABEL: usize = 80;

impl Wallet {
    /// Makes a link. It is there when this answers, or there is none. Errors: as for [`Wallet::share_draft`], `no_share_host`,
    /// `weak_passcode`, `offline`, `unreachable`, `host_…`.
    pub async fn share(&self, share: NewShare) -> Result<ShareView> {
        let _one = self.inner.sharing.lock().await;
        let host = match &share.host {
            Some(host) => share::origin(host)?,
            None => self.share_host().await?.ok_or(ErrorCode::NoShareHost)?,
        };
        let passcode = share.passcode.as_deref().map(share::clean_passcode).transpose()?;
        let mut prepared = self.prepare(&share).await?;
        let (link_key, manage) = (LinkKey::random().map_err(no_key)?, ManageKey::for_link().map_err(no_key)?);
        let now = self.now();
        if share.witness {
            self.witness(&host, &mut prepared).await;
        }
        let row = Share {
            id: manage.id().map_err(no_key)?.to_string(),
            host,
            link_key: Zeroizing::new(*link_key.expose()),
            manage_key: Zeroizing::new(*manage.seed()),
            passcode: passcode.map(Zeroizing::new),
            label: clean(&share.label).chars().take(MAX_LABEL).collect(),
            title: prepared.portfolio.title.clone(),
            words: prepared.portfolio.words.clone(),
            witness: share.witness,
            for_now: share.ends == ShareEnd::Now,
            badges: prepared.badges,
            body: encode(&prepared.portfolio)?,
            created_at: now,
            ends_at: end(share.ends, now),
            seq: 0,
            sent: 1,
            state: ShareState::Sending,
            locked: false,
        };
        self.keep_share(&row, None).await?;
        match self.send(row.clone()).await {
            Ok(row) => {
                self.keep_share(&row, Some(Line::Shared)).await?;
                self.share_view(row).await
            }
            Err(refusal) => {
                // Nobody has the address: a capsule that did arrive is read by nobody.
                self.write(move |t| shares::remove(t, &row.id)).await?;
                Err(refusal.into())
            }
        }
    }

    /// The links, newest first, as far as this device knows. Asks nobody.
    pub async fn shares(&self) -> Result<Vec<ShareView>> {
        let mut views = Vec::new();
        for row in self.read(shares::all).await? {
            let row = self.ended(row).await?;
            views.push(self.share_view(row).await?);
        }
        Ok(views)
    }

    /// The links, after asking their hosts: what could not be sent or stopped is tried again, and what a host has is compared with
    /// what it was sent.
    pub async fn refresh_shares(&self) -> Result<Vec<ShareView>> {
        let _one = self.inner.sharing.lock().await;
        for row in self.read(shares::all).await? {
            let row = self.ended(row).await?;
            if !is_over(row.state) && row.state != ShareState::Draft {
                self.refresh(row).await?;
            }
        }
        self.shares().await
    }

    /// Goes on with what a host has not confirmed. Front ends call it with [`Wallet::retry_checks`].
    pub(super) async fn retry_links(&self) -> Result<()> {
        let _one = self.inner.sharing.lock().await;
        for row in self.read(shares::all).await? {
            let row = self.ended(row).await?;
            if matches!(row.state, ShareState::Sending | ShareState::Stopping) {
                self.refresh(row).await?;
            }
        }
        Ok(())
    }

    /// Puts other badges and words behind a link. Its address, end and passcode stay. Errors as for [`Wallet::share`], `share_ended`.
    pub async fn change_share(&self, id: String, share: NewShare) -> Result<ShareView> {
        let _one = self.inner.sharing.lock().await;
        let before = self.live(id).await?;
        let mut prepared = self.prepare(&share).await?;
        if share.witness {
            self.witness(&before.host, &mut prepared).await;
        }
        let changed = Share {
            label: clean(&share.label).chars().take(MAX_LABEL).collect(),
            title: prepared.portfolio.title.clone(),
            words: prepared.portfolio.words.clone(),
            witness: share.witness,
            body: encode(&prepared.portfolio)?,
            badges: prepared.badges,
            ..before.clone()
        };
        self.replace(before, changed).await
    }

    /// Gives a link another end, counted from now. Errors as for [`Wallet::change_share`].
    pub async fn extend_share(&self, id: String, ends: ShareEnd) -> Result<ShareView> {
        let _one = self.inner.sharing.lock().await;
        let before = self.live(id).await?;
        let changed = Share { ends_at: end(ends, self.now()), for_now: ends == ShareEnd::Now, ..before.clone() };
        self.replace(before, changed).await
    }

    /// Stops a link for good. Until the host confirms, the answer is [`ShareState::Stopping`], and [`Wallet::refresh_shares`] tries
    /// again. Error: `not_found`.
    pub async fn stop_share(&self, id: String) -> Result<ShareView> {
        let _one = self.inner.sharing.lock().await;
        let row = Self::made(self.read(move |c| shares::by_id(c, &id)).await?)?;
        let row = self.ended(row).await?;
        if is_over(row.state) {
            return self.share_view(row).await;
        }
        let row = Share { state: ShareState::Stopping, ..row };
        self.keep_share(&row, None).await?;
        let row = self.stop(row).await?;
        self.share_view(row).await
    }

    /// Lets a link be tried again after ten wrong passcodes. Errors: `share_ended`, and those of the host.
    pub async fn reopen_share(&self, id: String) -> Result<ShareView> {
        let _one = self.inner.sharing.lock().await;
        let mut row = self.live(id).await?;
        // Used up, whatever is heard of it: the next step has another number.
        row.sent += 1;
        self.keep_share(&row, None).await?;
        let standing = self.step(&row, Action::Reopen, row.sent, &[]).await?;
        (row.seq, row.sent, row.locked) = (standing.seq, standing.seq, standing.locked);
        self.keep_share(&row, None).await?;
        self.share_view(row).await
    }

    /// Takes a link off the list. Errors: `not_found`, `not_allowed` while it is open.
    pub async fn forget_share(&self, id: String) -> Result<()> {
        let row = self.read(move |c| shares::by_id(c, &id)).await?;
        let row = self.ended(row).await?;
        if !is_over(row.state) && row.state != ShareState::Draft {
            return Err(ErrorCode::NotAllowed.into());
        }
        self.write(move |t| shares::remove(t, &row.id)).await
    }

    // ---- parts ----------------------------------------------------------------------------------------------------------

    /// Where links live: as the learner chose, else as the app has it.
    pub(super) async fn share_host(&self) -> Result<Option<String>> {
        let chosen: Option<Option<String>> = self.read(|c| settings::get(c, super::SHARE_HOST)).await?;
        Ok(chosen.flatten().or_else(|| self.inner.config.share_host.clone()))
    }

    /// The way to a share host. The demo's badges are shared like any others: what opens them says that they are for practice.
    /// `own` for a link of the learner's, whose host the learner chose.
    pub(super) async fn host(&self, origin: &str, own: bool) -> Result<Host> {
        let offline = match self.store() {
            Ok(_) => self.read(|c| settings::get(c, super::OFFLINE)).await?.unwrap_or(false),
            Err(_) => false,
        };
        let network: Arc<dyn Network> = if offline { Arc::new(safe_fetch::Offline) } else { self.inner.config.network.clone() };
        let set = match self.store() {
            Ok(_) => self.share_host().await?,
            Err(_) => self.inner.config.share_host.clone(),
        };
        Ok(Host { network, origin: origin.to_owned(), chosen: own || set.as_deref() == Some(origin) })
    }

    /// A link past its end has no secrets left here.
    async fn ended(&self, row: Share) -> Result<Share> {
        if is_over(row.state) || row.ends_at.is_none_or(|end| self.now() < end) {
            return Ok(row);
        }
        let row = over(row, ShareState::Ended);
        self.keep_share(&row, None).await?;
        Ok(row)
    }

    /// A link that can still be changed. Where the host has not confirmed the last step, it is asked first: what was never made there
    /// cannot be changed.
    async fn live(&self, id: String) -> Result<Share> {
        let read = async || {
            let id = id.clone();
            let row = Self::made(self.read(move |c| shares::by_id(c, &id)).await?)?;
            self.ended(row).await
        };
        let mut row = read().await?;
        if row.state == ShareState::Sending {
            self.refresh(row).await?;
            row = read().await?;
        }
        match row.state {
            state if is_over(state) || state == ShareState::Stopping => Err(ErrorCode::ShareEnded.into()),
            ShareState::Sending if row.seq == 0 => Err(ErrorCode::Unreachable.into()),
            _ => Ok(row),
        }
    }

    async fn keep_share(&self, row: &Share, line: Option<Line>) -> Result<()> {
        let (row, now) = (row.clone(), self.now());
        self.write(move |t| {
            shares::put(t, &row)?;
            let Some(line) = line else { return Ok(()) };
            row.badges.iter().try_for_each(|badge| history::add(t, now, line, &badge.id, &badge.name))
        })
        .await
    }

    async fn share_view(&self, row: Share) -> Result<ShareView> {
        let badges = row.badges.clone();
        let badges = self
            .read(move |c| {
                let view = |badge: SharedBadge| {
                    let here = match credentials::by_id(c, &badge.id) {
                        Ok(stored) => Some((badge.id, pictures::small(c, stored.key)?)),
                        Err(StoreError::NotFound) => None,
                        Err(error) => return Err(error),
                    };
                    let (id, picture) = here.unzip();
                    let picture = picture.flatten().as_deref().map(convert::png_uri);
                    Ok(ShareBadge { id, picture, name: badge.name, show: badge.show, address: badge.address })
                };
                badges.into_iter().map(view).collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let address = match is_over(row.state) || row.state == ShareState::Draft {
            true => String::new(),
            false => link(&row)?.to_string(),
        };
        let text = address.clone();
        let code = blocking(move || if text.is_empty() { Ok(String::new()) } else { qr::address_code(&text) }).await?;
        Ok(ShareView {
            id: row.id,
            label: row.label,
            title: row.title,
            words: row.words,
            witness: row.witness,
            address,
            code,
            host: share::name_of(&row.host),
            created_at: convert::time(row.created_at),
            ends_at: row.ends_at.map(convert::time),
            state: row.state,
            passcode: row.passcode.is_some(),
            locked: row.locked,
            badges,
            for_now: row.for_now,
        })
    }
}

fn no_key(error: capsule::KeyError) -> Error {
    Error::new(ErrorCode::Internal, error)
}

fn key(row: &Share) -> LinkKey {
    LinkKey::from_bytes(*row.link_key)
}

fn link(row: &Share) -> Result<LinkAddress> {
    let id = row.id.parse().map_err(|error| Error::new(ErrorCode::WalletDamaged, error))?;
    Ok(LinkAddress { host: row.host.clone(), id, key: key(row) })
}

fn is_over(state: ShareState) -> bool {
    matches!(state, ShareState::Stopped | ShareState::Ended)
}

/// Whether a link can be handed on: its host confirmed it, and it is not being stopped.
fn works(state: ShareState) -> bool {
    matches!(state, ShareState::Open | ShareState::Altered)
}

/// What stays of a link that is over: that it was, for whom, and until when.
fn over(row: Share, state: ShareState) -> Share {
    let nothing = || Zeroizing::new([0; 32]);
    Share { state, link_key: nothing(), manage_key: nothing(), body: Vec::new(), locked: false, ..row }
}

fn end(ends: ShareEnd, now: Timestamp) -> Option<Timestamp> {
    let hours = match ends {
        ShareEnd::Now => return now.checked_add(SignedDuration::from_mins(15)).ok(),
        ShareEnd::Day => 24,
        ShareEnd::Month => 30 * 24,
        ShareEnd::Year => 365 * 24,
        ShareEnd::Open => return None,
    };
    now.checked_add(SignedDuration::from_hours(hours)).ok()
}
