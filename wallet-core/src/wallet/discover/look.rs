//! What an address that is no badge may be: an activity, a page that offers a badge, a city, or an ordinary page.

use safe_fetch::Network;
use url::Url;

use super::host_of;
use crate::{
    activity::{Activity, Page},
    link,
    store::{activities, cities},
    view::Incoming,
    wallet::Wallet,
};

/// What was found behind an address that is no badge.
pub(in crate::wallet) enum Around {
    /// An activity or a city.
    Is(Incoming),
    /// A page that offers badges of its own site, as a city's does where somebody earned one.
    Offers(Vec<Url>),
}

impl Wallet {
    /// Looks for an activity, a badge or a city behind an address. `None` for an ordinary page, and for whatever does not answer.
    pub(in crate::wallet) async fn look_around(&self, network: &dyn Network, url: &Url) -> Option<Around> {
        if self.store().is_err() {
            return None;
        }
        if url.path() != "/" {
            let Page { activity, badges } = self.told_at(network, url).await;
            if let Some(told) = activity
                && let Some(id) = self.keep_looked_at(url, told).await
            {
                return Some(Around::Is(Incoming::Activity { id }));
            }
            if !badges.is_empty() {
                return Some(Around::Offers(badges));
            }
        }
        // Another page of a city that is here already is a page.
        let origin = url.origin().ascii_serialization();
        if self.read(move |c| cities::by_id(c, &origin)).await.is_ok() {
            return None;
        }
        let city = self.client(network, None).await.discover(url).await.ok()?;
        let host = host_of(&city.origin);
        Some(Around::Is(Incoming::City { address: city.origin.origin().ascii_serialization(), name: city.name, host }))
    }

    /// Reads the activity that an address is of, and answers its id here. In lists it is only when its city is the learner's, or when
    /// it is planned.
    pub(super) async fn look_at_activity(&self, network: &dyn Network, url: &Url) -> Option<String> {
        let told = self.told_at(network, url).await.activity?;
        self.keep_looked_at(url, told).await
    }

    /// What its city says of an address, and otherwise what the page itself does.
    async fn told_at(&self, network: &dyn Network, url: &Url) -> Page {
        let client = self.client(network, None).await;
        if let Some(native) = link::activity_in(url) {
            let id = url.origin().ascii_serialization();
            let chosen = self.read(move |c| cities::by_id(c, &id)).await.ok().map(|stored| stored.city);
            let city = match chosen {
                Some(city) => Some(city),
                None => client.discover(url).await.ok(),
            };
            if let Some(mut city) = city
                && let Ok(Some(told)) = client.whole(&mut city, &native).await
            {
                return Page { activity: Some(told), ..Page::default() };
            }
        }
        client.web_page(url).await.unwrap_or_default()
    }

    async fn keep_looked_at(&self, url: &Url, told: Activity) -> Option<String> {
        let (origin, now) = (Url::parse(&url.origin().ascii_serialization()).ok()?, self.now());
        let id = activities::id_of(&told.id, &origin);
        let put = self.write(move |t| {
            let sweep = activities::next_sweep(t, &origin.origin().ascii_serialization())?.saturating_sub(1);
            activities::put(t, &origin, &told, sweep, now)
        });
        put.await.ok().map(|_| id)
    }
}
