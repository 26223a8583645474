//! Pictures of a city: fetched from it or where it says, decoded within bounds, and kept small.

use safe_fetch::{FetchError, Network, Purpose, Request};
use url::Url;

use crate::{
    Result, image,
    store::{
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
                for url in batch {
                    self.fetch_picture(&*network, &origin, url, Size::Card).await?;
                }
                self.tell(WalletEvent::ActivitiesChanged);
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

    /// Fetches one picture, unless it is here or is none. Silence is no answer.
    pub(in crate::wallet) async fn fetch_picture(
        &self,
        network: &dyn Network,
        city: &Url,
        address: &str,
        size: Size,
    ) -> Result<()> {
        let url = address.to_owned();
        let (Ok(parsed), true) = (Url::parse(address), self.read(move |c| activities::is_wanted(c, &url, size)).await?) else {
            return Ok(());
        };
        let chosen = parsed.origin() == city.origin();
        let answer = network.fetch(Request { purpose: Purpose::Picture, url: parsed, chosen }).await;
        let picture = match answer {
            Ok(answer) if answer.status == 200 => blocking(move || Ok(decoded(&answer.body, size).unwrap_or(Fetched::Refused))).await?,
            Err(FetchError::Offline | FetchError::Unreachable | FetchError::Status(_)) => return Ok(()),
            Ok(_) | Err(_) => Fetched::Refused,
        };
        let (url, now) = (address.to_owned(), self.now());
        self.write(move |t| activities::picture_arrived(t, &url, &picture, now)).await
    }
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
