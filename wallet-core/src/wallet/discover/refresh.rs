//! Reading a city: page by page, only what changed where its interface tells, and without ever losing what is here.

use std::{collections::HashSet, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::{
    ErrorCode, Result,
    activity::{Cursor, limits},
    store::{
        activities::{self, Put, Told},
        cities::{self, Stored},
    },
    view::WalletEvent,
    wallet::{Wallet, held},
};

/// A city that was read so long ago is read again when its activities are looked at.
const STALE: SignedDuration = SignedDuration::from_hours(6);
/// A city is not tried again sooner, unless the learner asks.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);
/// After so long all of it is read, not only what changed: what was taken away is told by nobody.
const WHOLE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The longest that a round may take.
const ROUND: Duration = if cfg!(test) { Duration::from_secs(3) } else { Duration::from_secs(600) };

/// Somebody who reads a city or waits to: nobody else has to begin.
struct Underway {
    wallet: Wallet,
    id: String,
}

impl Underway {
    fn new(wallet: &Wallet, id: &str) -> Self {
        held(&wallet.inner.underway).push(id.to_owned());
        Self { wallet: wallet.clone(), id: id.to_owned() }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        let mut all = held(&self.wallet.inner.underway);
        if let Some(at) = all.iter().position(|id| *id == self.id) {
            all.swap_remove(at);
        }
    }
}

impl Wallet {
    /// Reads one city in the background, and then its pictures.
    pub(super) fn read_in_background(&self, id: String) {
        let (wallet, underway) = (self.clone(), Underway::new(self, &id));
        tokio::spawn(async move {
            let read = wallet.read_city(&id).await;
            drop(underway);
            match read {
                Ok(true) => wallet.fetch_pictures_of(&id).await,
                Ok(false) => {}
                Err(error) => log::warn!("a city was not read: {error}"),
            }
        });
    }

    /// Reads every city that was not read for hours, where somebody looks.
    pub(super) fn read_stale_in_background(&self) {
        if self.inner.events.receiver_count() == 0 {
            return;
        }
        let wallet = self.clone();
        tokio::spawn(async move {
            let Ok(all) = wallet.read(cities::all).await else { return };
            let now = wallet.now();
            for city in all.into_iter().filter(|city| city.refreshed_at.is_none_or(|at| now.duration_since(at) > STALE)) {
                let tried = wallet.tried(&city.id).map(|(at, _)| at);
                let due = tried.is_none_or(|at| now.duration_since(at) > PATIENCE);
                if due && !held(&wallet.inner.underway).contains(&city.id) {
                    wallet.read_in_background(city.id);
                }
            }
        });
    }

    /// Reads a city, and answers whether it did: not when somebody else just had. Why it could not be read is kept with it, and is no
    /// error here; `not_found` for one that is not the learner's.
    pub(super) async fn read_city(&self, id: &str) -> Result<bool> {
        let (before, _underway) = (self.tried(id), Underway::new(self, id));
        let turn = held(&self.inner.reading).entry(id.to_owned()).or_default().clone();
        let _one = turn.lock().await;
        // Somebody else read it while this one waited.
        if self.tried(id) != before {
            return Ok(false);
        }
        let name = id.to_owned();
        let stored = self.read(move |c| cities::by_id(c, &name)).await?;
        let failed = match tokio::time::timeout(ROUND, self.read_pages(&stored)).await {
            Ok(read) => read.err().map(|error| error.code),
            // What came is here, and the next round begins anew.
            Err(_) => Some(ErrorCode::CityBusy),
        };
        if let Some(code) = failed {
            let name = id.to_owned();
            self.write(move |t| cities::failed(t, &name, code)).await?;
        }
        let count = before.map_or(1, |(_, count)| count + 1);
        held(&self.inner.tried).insert(id.to_owned(), (self.now(), count));
        self.tell(WalletEvent::ActivitiesChanged);
        Ok(true)
    }

    /// When a city was last tried, and how often it was.
    fn tried(&self, id: &str) -> Option<(Timestamp, u64)> {
        held(&self.inner.tried).get(id).copied()
    }

    async fn read_pages(&self, stored: &Stored) -> Result<()> {
        let network = self.city_network().await?;
        let token = self.token_of(stored).await?;
        let client = self.client(&*network, token.as_ref().map(|token| token.as_str())).await;
        let (mut city, now) = (stored.city.clone(), self.now());
        let all = stored.swept_at.is_none_or(|at| now.duration_since(at) > WHOLE);
        client.begin(&mut city, all);
        let id = stored.id.clone();
        let sweep = {
            let id = id.clone();
            self.read(move |c| activities::next_sweep(c, &id)).await?
        };
        let (mut cursor, mut seen, mut dropped, mut complete) = (Cursor::default(), HashSet::new(), 0, true);
        let mut odd = false;
        loop {
            let page = client.page(&mut city, cursor).await?;
            dropped += page.dropped as usize;
            let before = seen.len();
            seen.extend(page.items.iter().map(|item| item.id.clone()));
            // A server that tells the same over and over has told all that it will, and that is no proof that there is no more. A page
            // that shows nothing is no such page.
            let any = !page.items.is_empty();
            let looping = page.repeats || (any && seen.len() == before);
            odd |= looping;
            let how = if page.partial { Told::Partly } else { Told::Fully };
            let (items, origin, learned, name) = (page.items, city.origin.clone(), city.clone(), id.clone());
            let changed = self
                .write(move |t| {
                    // Removed while it was asked.
                    cities::by_id(t, &name)?;
                    cities::learned(t, &name, &learned)?;
                    let mut changed = false;
                    for item in &items {
                        changed |= activities::put(t, &origin, item, how, sweep, now)? != Put::Same;
                    }
                    if changed {
                        cities::begun(t, &name)?;
                    }
                    Ok(changed)
                })
                .await?;
            if changed {
                self.tell(WalletEvent::ActivitiesChanged);
            }
            let over = seen.len() >= limits::ITEMS || looping;
            complete &= !looping && (!over || page.next.is_none());
            match page.next.filter(|_| !over) {
                // Where the newest come first: behind a page on which nothing changed, nothing did.
                Some(_) if !all && any && !changed && client.newest_first(&city) => {
                    let before = stored.swept_at;
                    return self.write(move |t| cities::refreshed(t, &id, before, now)).await;
                }
                Some(next) => cursor = next,
                None => break,
            }
        }
        // A city that suddenly tells mostly what cannot be read, or nothing at all, is no reason to throw away what is here.
        let (whole, before) = (complete && seen.len() > 4 * dropped, stored.swept_at);
        self.write(move |t| {
            if whole && (dropped == 0 || before.is_some()) {
                activities::end_sweep(t, &id, sweep, before.filter(|_| dropped > 0))?;
            }
            cities::refreshed(t, &id, if whole { Some(now) } else { before }, now)?;
            // There may be more, which it does not get round to.
            if odd { cities::failed(t, &id, ErrorCode::CityOdd) } else { Ok(()) }
        })
        .await
    }

    /// The token of who is signed in at a city.
    pub(in crate::wallet) async fn token_of(&self, city: &Stored) -> Result<Option<zeroize::Zeroizing<String>>> {
        if city.signed_in.is_none() || !self.offers_sign_in().await? {
            return Ok(None);
        }
        let (device, name) = (self.inner.config.device.clone(), super::super::claims::token_name(&city.id));
        // Without its token nobody is signed in, whatever the list says.
        crate::wallet::blocking(move || Ok(device.token(&name).ok())).await
    }
}
