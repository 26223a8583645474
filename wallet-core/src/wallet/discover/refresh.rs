//! Reading a city: page by page, only what changed where its interface tells, and without ever losing what is here.

use std::{collections::HashSet, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::{
    ErrorCode, Result,
    activity::Cursor,
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

/// A round of reading a city, as far as it came.
#[derive(Debug)]
pub(in crate::wallet) struct Round {
    began: Timestamp,
    /// When all of the city was read before it.
    before: Option<Timestamp>,
    /// Whether all of it is read, and not only what changed.
    all: bool,
    sweep: i64,
    cursor: Cursor,
    /// How many items came, and how many could not be read.
    told: usize,
    dropped: usize,
}

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
        let mut round = self.round(&stored).await?;
        let failed = match tokio::time::timeout(ROUND, self.read_pages(&stored, &mut round)).await {
            Ok(read) => read.err().map(|error| error.code),
            Err(_) => Some(ErrorCode::CityBusy),
        };
        // What came is here, and the rest comes next time: a large city that is slow would have no end otherwise.
        if matches!(failed, Some(ErrorCode::CityBusy | ErrorCode::Offline)) {
            held(&self.inner.unfinished).insert(id.to_owned(), round);
        }
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

    /// The round that is next: the rest of one that could not end, or a new one.
    async fn round(&self, stored: &Stored) -> Result<Round> {
        let (now, id) = (self.now(), stored.id.clone());
        let sweep = self.read(move |c| activities::next_sweep(c, &id)).await?;
        let last = held(&self.inner.unfinished).remove(&stored.id);
        // What it read is here no longer when the city was removed meanwhile.
        if let Some(round) = last.filter(|round| round.sweep + 1 == sweep && now.duration_since(round.began) <= WHOLE) {
            // A list that changed meanwhile may have moved something past it, and may show again what was read.
            return Ok(Round { dropped: round.dropped.max(1), all: true, ..round });
        }
        Ok(Round {
            began: now,
            before: stored.swept_at,
            all: stored.swept_at.is_none_or(|at| now.duration_since(at) > WHOLE),
            sweep,
            cursor: Cursor::default(),
            told: 0,
            dropped: 0,
        })
    }

    async fn read_pages(&self, stored: &Stored, round: &mut Round) -> Result<()> {
        let network = self.city_network().await?;
        let client = self.client(&*network, None).await;
        let (mut city, now, id) = (stored.city.clone(), self.now(), stored.id.clone());
        let (all, sweep) = (round.all, round.sweep);
        if round.cursor == Cursor::default() {
            client.begin(&mut city, all);
        }
        let mut seen = HashSet::new();
        let (complete, odd) = loop {
            let page = client.page(&mut city, round.cursor.clone()).await?;
            // A server that tells the same over and over has told all that it will, and that is no proof that there is no more. A page
            // that shows nothing is no such page.
            let any = !page.items.is_empty();
            let before = seen.len();
            seen.extend(page.items.iter().map(|item| item.id.clone()));
            let (new, looping) = (seen.len() - before, page.repeats || (any && seen.len() == before));
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
            round.told += new;
            round.dropped += page.dropped as usize;
            match page.next.filter(|_| !looping) {
                // Where the newest come first: behind a page on which nothing changed, nothing did.
                Some(_) if !all && any && !changed && client.newest_first(&city) => {
                    let before = round.before;
                    return self.write(move |t| cities::refreshed(t, &id, before, now)).await;
                }
                Some(next) => round.cursor = next,
                None => break (!page.more && !looping, looping),
            }
        };
        // A city that suddenly tells mostly what cannot be read, or nothing at all, is no reason to throw away what is here; nor is one
        // of which the end was not read, however often.
        let Round { began, before, dropped, .. } = *round;
        let whole = complete && round.told > 4 * dropped;
        self.write(move |t| {
            if whole && (dropped == 0 || before.is_some()) {
                activities::end_sweep(t, &id, sweep, before.filter(|_| dropped > 0))?;
            }
            cities::refreshed(t, &id, if whole { Some(began) } else { before }, began)?;
            // There may be more, which it does not get round to.
            if odd { cities::failed(t, &id, ErrorCode::CityOdd) } else { Ok(()) }
        })
        .await
    }
}
