//! What an address that is no badge may be: an activity, a city, or an ordinary page.

use safe_fetch::Network;
use url::Url;

use super::host_of;
use crate::{
    link,
    store::{activities, cities},
    view::Incoming,
    wallet::Wallet,
};

impl Wallet {
    /// Looks for an activity or a city behind an address. `None` for an ordinary page, and for whatever does not answer.
    pub(in crate::wallet) async fn look_around(&self, network: &dyn Network, url: &Url) -> Option<Incoming> {
        if self.store().is_err() {
            return None;
        }
        if url.path() != "/"
            && let Some(id) = self.look_at_activity(network, url).await
        {
            return Some(Incoming::Activity { id });
        }
        // Another page of a city that is here already is a page.
        let origin = url.origin().ascii_serialization();
        if self.read(move |c| cities::by_id(c, &origin)).await.is_ok() {
            return None;
        }
        let city = self.client(network, None).await.discover(url).await.ok()?;
        let host = host_of(&city.origin);
        Some(Incoming::City { address: city.origin.origin().ascii_serialization(), name: city.name, host })
    }

    /// Reads the activity that an address is of, and answers its id here. In lists it is only when its city is the learner's, or when
    /// it is planned.
    pub(super) async fn look_at_activity(&self, network: &dyn Network, url: &Url) -> Option<String> {
        let client = self.client(network, None).await;
        let origin = url.origin().ascii_serialization();
        let told = match link::activity_in(url) {
            Some(native) => {
                let id = origin.clone();
                let chosen = self.read(move |c| cities::by_id(c, &id)).await.ok().map(|stored| stored.city);
                let city = match chosen {
                    Some(city) => Some(city),
                    None => client.discover(url).await.ok(),
                };
                let asked = match city {
                    Some(mut city) => client.whole(&mut city, &native).await.ok().flatten(),
                    None => None,
                };
                match asked {
                    Some(told) => Some(told),
                    None => client.from_page(url).await.ok().flatten(),
                }
            }
            None => client.from_page(url).await.ok().flatten(),
        }?;
        let (origin, now) = (Url::parse(&origin).ok()?, self.now());
        let id = activities::id_of(&told.id, &origin);
        let put = self.write(move |t| {
            let sweep = activities::next_sweep(t, &origin.origin().ascii_serialization())?.saturating_sub(1);
            activities::put(t, &origin, &told, sweep, now)
        });
        put.await.ok().map(|_| id)
    }
}
