//! Pictures of a city: fetched from it or where it says, decoded within bounds, and kept small.

use std::sync::Arc;

use jiff::SignedDuration;
use safe_fetch::{FetchError, Network, Purpose};
use tokio::task::JoinSet;
use url::Url;

use super::detail::only_of;
use crate::{
    Error, ErrorCode, Result,
    activity::Activity,
    image,
    store::{
        Connection,
        activities::{self, Fetched, Size},
        cities,
    },
    view::WalletEvent,
    wallet::{Wallet, blocking},
};

/// The most pictures that one round fetches.
const ROUND: u32 = 240;
/// After so many, lists are told.
const BATCH: usize = 12;
/// The most at a time.
const TOGETHER: usize = 4;
/// The most large pictures of a page.
const OF_PAGE: usize = 8;
/// A host that did not answer is asked for a picture again after so long.
const SILENT: SignedDuration = SignedDuration::from_hours(4);
/// One that answered without it, after so long.
const ABSENT: SignedDuration = SignedDuration::from_hours(48);

impl Wallet {
    /// Fetches the pictures of a city's cards, of what comes first in the list first.
    pub(super) async fn fetch_pictures_of(&self, id: &str) {
        let fetched = async {
            let (name, now) = (id.to_owned(), self.now());
            let origin = {
                let id = id.to_owned();
                self.read(move |c| cities::by_id(c, &id)).await?.city.origin
            };
            let wanted = self.read(move |c| activities::wanted_pictures(c, &name, now, ROUND)).await?;
            let network = self.city_network().await?;
            for batch in wanted.chunks(BATCH) {
                if self.fetch_activity_pictures(&network, &origin, batch, Size::Card).await? {
                    self.tell(WalletEvent::ActivitiesChanged);
                }
            }
            Ok(())
        };
        let fetched: Result<()> = fetched.await;
        if let Err(error) = fetched {
            log::warn!("pictures of a city were not fetched: {error}");
        }
    }

    pub(super) fn pictures_of_city_in_background(&self, id: String) {
        let wallet = self.clone();
        tokio::spawn(async move { wallet.fetch_pictures_of(&id).await });
    }

    /// Fetches the pictures of a page that somebody opened, large.
    pub(super) fn pictures_of_page_in_background(&self, id: String) {
        let wallet = self.clone();
        tokio::spawn(async move {
            if let Err(error) = wallet.fetch_pictures_of_page(id).await {
                log::warn!("pictures of an activity were not fetched: {error}");
            }
        });
    }

    async fn fetch_pictures_of_page(&self, id: String) -> Result<()> {
        let row = self.read(move |c| activities::by_id(c, &id)).await?;
        let Ok(origin) = Url::parse(&row.city) else { return Ok(()) };
        let Activity { cover, picture, badges, organiser, .. } = row.activity;
        let of_badges = badges.into_iter().filter_map(|badge| badge.picture);
        let all = cover.into_iter().chain(picture).chain(of_badges).chain(organiser.and_then(|organiser| organiser.picture));
        let (city, network) = (row.city, self.city_network().await?);
        let ours = self.read(move |c| Ok(cities::by_id(c, &city).is_ok())).await?;
        let network = if ours { network } else { only_of(network, &origin) };
        let wanted: Vec<String> =
            all.filter(|url| ours || url.origin() == origin.origin()).take(OF_PAGE).map(String::from).collect();
        if self.fetch_activity_pictures(&network, &origin, &wanted, Size::Page).await? {
            self.tell(WalletEvent::ActivitiesChanged);
        }
        Ok(())
    }

    /// Fetches pictures, some at a time, and tells whether any of them is new here.
    pub(in crate::wallet) async fn fetch_activity_pictures(
        &self,
        network: &Arc<dyn Network>,
        city: &Url,
        wanted: &[String],
        size: Size,
    ) -> Result<bool> {
        let (mut tasks, mut waiting, mut new) = (JoinSet::new(), wanted.iter(), false);
        loop {
            while tasks.len() < TOGETHER
                && let Some(url) = waiting.next()
            {
                let (wallet, network, city, url) = (self.clone(), network.clone(), city.clone(), url.clone());
                tasks.spawn(async move { wallet.fetch_picture(&*network, &city, &url, size).await });
            }
            let Some(done) = tasks.join_next().await else { return Ok(new) };
            new |= done.map_err(|error| Error::new(ErrorCode::Internal, error))??;
        }
    }

    /// Fetches one picture, unless it is here or is none. Whoever says that it is not there now, or nothing, may have it later.
    async fn fetch_picture(&self, network: &dyn Network, city: &Url, address: &str, size: Size) -> Result<bool> {
        let Ok(parsed) = Url::parse(address) else { return Ok(false) };
        let (url, id, now) = (address.to_owned(), city.origin().ascii_serialization(), self.now());
        let look = move |c: &Connection| Ok((activities::is_wanted(c, &url, size, now)?, cities::by_id(c, &id).is_ok()));
        let (true, ours) = self.read(look).await? else { return Ok(false) };
        let client = self.client(network, None).await;
        let answer = client.fetch(Purpose::Picture, parsed, Some(city)).await;
        let picture = match answer {
            Ok(answer) if answer.status == 200 => {
                let _turn = self.inner.decoding.lock().await;
                blocking(move || Ok(decoded(&answer.body, size).unwrap_or_else(|_| none(&answer.body)))).await?
            }
            // Nobody was asked.
            Err(FetchError::Offline) => return Ok(false),
            Err(FetchError::TooLarge) => Fetched::Refused,
            Err(FetchError::Unreachable | FetchError::Status(_)) => Fetched::Later(SILENT),
            Ok(_) | Err(FetchError::ContentType | FetchError::Refused(_)) => Fetched::Later(ABSENT),
        };
        let new = matches!(picture, Fetched::Here { .. });
        let (url, id, now) = (address.to_owned(), city.origin().ascii_serialization(), self.now());
        self.write(move |t| {
            // A city that was removed meanwhile leaves no picture behind.
            let stays = !ours || cities::by_id(t, &id).is_ok();
            if stays {
                activities::picture_arrived(t, &url, &picture, now)?;
            }
            Ok(stays && new)
        })
        .await
    }
}

/// What cannot be drawn: a picture stays so, and a page where a picture should be may be an apology for it.
fn none(bytes: &[u8]) -> Fetched {
    if image::media_type(bytes).is_some() { Fetched::Refused } else { Fetched::Later(ABSENT) }
}

fn decoded(bytes: &[u8], size: Size) -> Result<Fetched> {
    let (thumbnail, large) = match size {
        Size::Card => (image::one_size(bytes, image::SMALL)?, None),
        Size::Page => {
            let image::Pictures { small, large } = image::thumbnail(bytes)?;
            (small, Some(large))
        }
    };
    Ok(Fetched::Here { thumbnail, large })
}
