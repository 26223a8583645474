//! What an address that is no badge may be: an activity, a page that offers a badge, a city, or an ordinary page.

use safe_fetch::Network;
use url::Url;

use super::host_of;
use crate::{
    Result,
    activity::{Activity, City, Page},
    link,
    store::{
        activities::{self, Told},
        cities,
    },
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
        let mut asked = None;
        if url.path() != "/" {
            let (Page { activity, badges, from }, city) = self.told_at(network, url).await;
            asked = city;
            if let Some(told) = activity
                && let Some(id) = self.keep_looked_at(url, told, from).await
            {
                return Some(Around::Is(Incoming::Activity { id }));
            }
            if !badges.is_empty() {
                return Some(Around::Offers(badges));
            }
        }
        let origin = url.origin().ascii_serialization();
        let city = match (self.read(move |c| cities::by_id(c, &origin)).await, asked) {
            (Ok(chosen), _) if url.path() == "/" => chosen.city,
            // Another page of a city that is here already is a page.
            (Ok(_), _) => return None,
            (Err(_), Some(city)) => city.ok()?,
            (Err(_), None) => self.client(network, None).await.discover(url).await.ok()?,
        };
        let host = host_of(&city.origin);
        Some(Around::Is(Incoming::City { address: city.origin.origin().ascii_serialization(), name: city.name, host }))
    }

    /// Reads the activity that an address is of, and answers its id here. In lists it is only when its city is the learner's, or when
    /// it is planned.
    pub(super) async fn look_at_activity(&self, network: &dyn Network, url: &Url) -> Option<String> {
        let (Page { activity, from, .. }, _) = self.told_at(network, url).await;
        self.keep_looked_at(url, activity?, from).await
    }

    /// What its city says of an address, and otherwise what the page itself does; and what its origin speaks, where that was asked.
    async fn told_at(&self, network: &dyn Network, url: &Url) -> (Page, Option<Result<City>>) {
        let client = self.client(network, None).await;
        let id = url.origin().ascii_serialization();
        let chosen = self.read(move |c| cities::by_id(c, &id)).await.ok().map(|stored| stored.city);
        let mut asked = None;
        if let Some(native) = link::activity_in(url) {
            if chosen.is_none() {
                asked = Some(client.discover(url).await);
            }
            let city = chosen.as_ref().or(asked.as_ref().and_then(|asked| asked.as_ref().ok()));
            if let Some(city) = city
                && let Ok(Some(told)) = client.whole(&mut city.clone(), &native).await
            {
                return (Page { activity: Some(told), ..Page::default() }, asked);
            }
        }
        let page = client.web_page(url).await.unwrap_or_default();
        // One of the learner's cities that leads elsewhere says nothing of itself.
        let away = page.from.as_ref().is_some_and(|from| from.origin() != url.origin());
        (if chosen.is_some() && away { Page::default() } else { page }, asked)
    }

    /// Keeps what was told of an address, by a page or by its city, and answers its id here. A page speaks for its own site, and only
    /// where no interface did.
    async fn keep_looked_at(&self, url: &Url, told: Activity, page: Option<Url>) -> Option<String> {
        let how = match (&page, told.whole) {
            (Some(_), _) => Told::ByPage,
            (None, true) => Told::Fully,
            (None, false) => Told::Partly,
        };
        let (origin, now) = (Url::parse(&page.as_ref().unwrap_or(url).origin().ascii_serialization()).ok()?, self.now());
        let id = activities::id_of(&told.id, &origin);
        let known = page.as_ref().and_then(link::activity_in).map(|native| activities::id_of(&native, &origin));
        let put = self.write(move |t| {
            if let Some(known) = known
                && activities::is_of_interface(t, &known)?
            {
                return Ok(known);
            }
            let sweep = activities::next_sweep(t, &origin.origin().ascii_serialization())?.saturating_sub(1);
            activities::put(t, &origin, &told, how, sweep, now)?;
            Ok(id)
        });
        put.await.ok()
    }
}
