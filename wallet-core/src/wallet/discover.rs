//! *Ontdek*: the learner's cities, what there is to do in them, and the next badge to earn.

mod calendar;
mod cards;
mod detail;
mod holdings;
mod look;
mod pictures;
mod refresh;
mod suggest;

pub(super) use {look::Around, refresh::Round};

use jiff::Timestamp;
use safe_fetch::{Network, Purpose, Request};
use std::sync::Arc;
use url::Url;

use super::{CITY_SIGN_IN, TILE_SERVER, Wallet, blocking};
use crate::{
    ErrorCode, Result,
    activity::{City, Client, Kind, Point},
    convert, image, sentences,
    store::{
        Connection, StoreError,
        activities::{self, Filter},
        cities, claims, settings,
    },
    view::{
        ActivityKind, ActivityMap, ActivityPage, ActivityQuery, Cities, CitySource, CityView, District, Facet, KnownCity, Language,
        Mark, Place, WalletEvent,
    },
};

/// The most activities on a page.
const PAGE: u32 = 60;
/// The most marks on a map.
const MARKS: u32 = 5_000;
/// The longest address of a server of map tiles.
const MAX_TEMPLATE: usize = 300;
/// The deepest zoom of map tiles that anybody serves.
const MAX_ZOOM: u32 = 20;

/// Servers of the network that this app knows of: seen to serve it, by pages stored until 2025. A learner can add any other.
const KNOWN: [(&str, &str); 4] = [
    ("Cities of Learning Nederland", "https://dutch.cityoflearning.eu"),
    ("Breda", "https://breda.cityoflearning.eu"),
    ("Rotterdam", "https://rotterdam.cityoflearning.eu"),
    ("Cities of Learning wereldwijd", "https://global.cityoflearning.eu"),
];

/// The city of the list that has this address: its name and its origin.
pub(crate) fn known_city(url: &Url) -> Option<(&'static str, &'static str)> {
    let origin = url.origin().ascii_serialization();
    KNOWN.into_iter().find(|(_, address)| *address == origin && url.path() == "/")
}

// ---- cities -----------------------------------------------------------------------------------------------------------------

impl Wallet {
    /// The learner's cities, and the ones that this app knows of (none in the demo). Asks nobody.
    pub async fn cities(&self) -> Result<Cities> {
        let now = self.now();
        let chosen =
            self.read(move |c| cities::all(c)?.into_iter().map(|city| view(c, city, now)).collect::<Result<Vec<_>, _>>()).await?;
        let own = self.inner.config.city.iter().map(|city| (city.name.as_str(), city.address.as_str(), city.fictitious));
        let others = !self.in_demo();
        let known = own.chain(KNOWN.iter().map(|(name, address)| (*name, *address, false)));
        let known = known.filter(|(_, address, _)| others && !chosen.iter().any(|city| city.id == *address));
        let known =
            known.map(|(name, address, fictitious)| KnownCity { name: name.to_owned(), address: address.to_owned(), fictitious });
        Ok(Cities { known: known.collect(), chosen })
    }

    /// Finds out what the server at an address speaks, and adds it to the learner's cities. Its activities come in the background:
    /// [`WalletEvent::ActivitiesChanged`] tells. A city that is here already is only looked at anew.
    ///
    /// Errors: `not_a_city`, `address_refused`, `offline` (in the demo for every other city), `unreachable`, `city_busy`, `city_odd`.
    pub async fn add_city(&self, address: String) -> Result<CityView> {
        let city = self.find_city(&address).await?;
        self.put_city(city).await
    }

    /// What the server at an address speaks.
    pub(super) async fn find_city(&self, address: &str) -> Result<City> {
        let address = typed(address)?;
        // The demo has its own city, and no network to find another.
        if self.in_demo() && address.origin().ascii_serialization() != crate::demo::CITY_ADDRESS {
            return Err(ErrorCode::Offline.into());
        }
        let network = self.city_network().await?;
        self.client(&*network, None).await.discover(&address).await
    }

    /// Makes a city that was found the learner's, and reads it in the background.
    pub(super) async fn put_city(&self, city: City) -> Result<CityView> {
        let (id, now) = (city.origin.origin().ascii_serialization(), self.now());
        let city = self
            .write(move |t| {
                cities::put(t, &id, &city, now)?;
                view(t, cities::by_id(t, &id)?, now)
            })
            .await?;
        self.tell(WalletEvent::ActivitiesChanged);
        self.read_in_background(city.id.clone());
        Ok(city)
    }

    /// Takes a city and all that it told off this device. What the learner planned there is remembered.
    pub async fn remove_city(&self, id: String) -> Result<()> {
        self.forget_token(&id).await?;
        self.write(move |t| {
            cities::by_id(t, &id)?;
            activities::remove_city(t, &id)?;
            claims::city_gone(t, &id)?;
            cities::remove(t, &id)
        })
        .await?;
        self.tell(WalletEvent::ActivitiesChanged);
        self.tell(WalletEvent::ClaimsChanged);
        Ok(())
    }

    /// Reads the cities that could not be asked without a network, in the background.
    pub(super) async fn read_what_was_offline(&self) -> Result<()> {
        let all = self.read(cities::all).await?;
        all.into_iter().filter(|city| city.problem == Some(ErrorCode::Offline)).for_each(|city| self.read_in_background(city.id));
        Ok(())
    }

    /// Reads a city anew, as far as its interface tells what changed. Why it could not be read is in [`CityView::problem`]; what is
    /// here stays.
    pub async fn refresh_city(&self, id: String) -> Result<CityView> {
        if self.read_city(&id).await? {
            self.pictures_of_city_in_background(id.clone());
        }
        self.city_view(id).await
    }

    /// One of the learner's cities.
    pub(super) async fn city_view(&self, id: String) -> Result<CityView> {
        let now = self.now();
        self.read(move |c| view(c, cities::by_id(c, &id)?, now)).await
    }

    /// The network as cities are asked over it.
    async fn city_network(&self) -> Result<Arc<dyn Network>> {
        Ok(self.checker().await?.network)
    }

    async fn client<'a>(&self, network: &'a dyn Network, token: Option<&'a str>) -> Client<'a> {
        Client { network, language: self.language().await, token }
    }
}

/// The address of a city as a person types it: `utrecht.example` will do.
fn typed(text: &str) -> Result<Url> {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.filter(|_| whole.len() <= crate::link::MAX_LINK).ok_or_else(|| ErrorCode::NotACity.into())
}

fn view(c: &Connection, stored: cities::Stored, now: Timestamp) -> Result<CityView, StoreError> {
    let (activities, playlists) = activities::count_of(c, &stored.id, now)?;
    let host = host_of(&stored.city.origin);
    let source = match stored.city.source {
        crate::activity::Source::CitiesOfLearning { .. } => CitySource::CitiesOfLearning,
        crate::activity::Source::Feed { .. } => CitySource::Feed,
        crate::activity::Source::Edubadges { .. } => CitySource::Edubadges,
    };
    Ok(CityView {
        id: stored.id,
        name: stored.city.name,
        host,
        source,
        fictitious: stored.city.fictitious,
        activities,
        playlists,
        refreshed_at: stored.refreshed_at.map(convert::time),
        problem: stored.problem,
        centre: stored.city.centre.map(place),
        claims: stored.city.claim.is_some(),
        signed_in: stored.signed_in,
    })
}

/// A host as it is shown, with its port where it has one of its own.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn place(point: Point) -> Place {
    Place { lat: point.lat, lng: point.lng }
}

// ---- lists ------------------------------------------------------------------------------------------------------------------

impl Wallet {
    /// One page of activities from what is here. A city that was not read for hours is read in the background. Error: `usage` for a
    /// date that is none.
    pub async fn activities(&self, query: ActivityQuery) -> Result<ActivityPage> {
        let (language, now) = (self.language().await, self.now());
        let (offset, limit) = (query.offset, query.limit.unwrap_or(PAGE).min(PAGE));
        let filter = filter(query, now)?;
        let holdings = self.holdings().await?;
        let store = self.opened().await?;
        let page = blocking(move || {
            let read = |c: &Connection| {
                let (rows, total) = activities::page(c, &filter, offset, limit)?;
                let from = filter.near.map(|(point, _)| point);
                let cards = rows.iter().map(|row| cards::card(c, row, from, &holdings, now)).collect::<Result<_, _>>()?;
                let offers = store.offers(c, now)?;
                let (categories, skills) = if offset == 0 { (offers.categories, offers.skills) } else { Default::default() };
                // A city that never was has nothing here that could be old.
                let asked = cities::all(c)?.into_iter().filter(|city| filter.city.as_ref().is_none_or(|id| *id == city.id));
                let read = asked.filter_map(|city| city.refreshed_at).min();
                let category = |(id, count): (String, u32)| Facet { name: category(language, &id), id, count };
                Ok(ActivityPage {
                    activities: cards,
                    total,
                    all: offers.all,
                    categories: categories.into_iter().map(category).collect(),
                    skills: skills.into_iter().map(|(id, name, count)| Facet { id, name, count }).collect(),
                    refreshed_at: read.map(convert::time),
                })
            };
            Ok(store.read(read)?)
        })
        .await?;
        if offset == 0 {
            self.read_stale_in_background();
        }
        Ok(page)
    }

    /// Everything with a place that fits the query.
    pub async fn activity_map(&self, query: ActivityQuery) -> Result<ActivityMap> {
        let now = self.now();
        let filter = filter(query, now)?;
        self.read(move |c| {
            let activities::Marks { marked, left_out, without_place } = activities::marks(c, &filter, MARKS)?;
            let chosen: Vec<_> =
                cities::all(c)?.into_iter().filter(|city| filter.city.as_ref().is_none_or(|id| *id == city.id)).collect();
            let named = chosen.iter().flat_map(|city| city.city.districts.iter());
            let mut districts: Vec<District> =
                named.map(|(name, point)| District { name: name.clone(), place: place(*point) }).collect();
            if districts.is_empty() {
                districts = localities(&marked);
            }
            let centre = chosen.iter().find_map(|city| city.city.centre).or_else(|| middle(&marked));
            let tiles = settings::get::<Option<String>>(c, TILE_SERVER)?.flatten().is_some();
            let marks = marked.into_iter().map(|marked| Mark {
                id: marked.id,
                title: marked.activity.title,
                language: marked.activity.language,
                kind: kind(marked.activity.kind),
                place: place(marked.place),
                organiser: marked.activity.organiser.map(|o| o.name),
                start: marked.activity.start.map(convert::time),
                end: marked.activity.end.map(convert::time),
                when_unknown: marked.activity.when_untold,
                past: marked.ends_at.is_some_and(|end| end < now),
                time_zone: marked.activity.time_zone,
            });
            Ok(ActivityMap { marks: marks.collect(), left_out, districts, centre: centre.map(place), without_place, tiles })
        })
        .await
    }

    /// A street tile from the server that the learner named, as a `data:` URI; `None` where there is none. Error: `not_allowed` when
    /// street tiles are off, `usage` for a tile that no map has, and those of the network.
    pub async fn map_tile(&self, z: u32, x: u32, y: u32) -> Result<Option<String>> {
        let most = 1_u32.checked_shl(z).filter(|_| z <= MAX_ZOOM).ok_or(ErrorCode::Usage)?;
        if x >= most || y >= most {
            return Err(ErrorCode::Usage.into());
        }
        let template: Option<Option<String>> = self.read(|c| settings::get(c, TILE_SERVER)).await?;
        let template = template.flatten().ok_or(ErrorCode::NotAllowed)?;
        let address =
            [("{z}", z), ("{x}", x), ("{y}", y)].iter().fold(template, |text, (place, n)| text.replace(place, &n.to_string()));
        let url = Url::parse(&address).map_err(|_| ErrorCode::AddressRefused)?;
        let network = self.city_network().await?;
        let answer = network.fetch(Request::new(Purpose::Picture, url)).await.map_err(|error| crate::checker::code_of(&error))?;
        if answer.status != 200 {
            return Ok(None);
        }
        blocking(move || Ok(image::one_size(&answer.body, image::SMALL).ok().map(|picture| convert::png_uri(&picture)))).await
    }

    /// Remembers that the learner plans an activity, or no longer does.
    pub async fn plan_activity(&self, id: String, planned: bool) -> Result<()> {
        let now = self.now();
        self.write(move |t| {
            activities::by_id(t, &id)?;
            activities::plan(t, &id, planned, now)
        })
        .await?;
        self.tell(WalletEvent::ActivitiesChanged);
        Ok(())
    }

    /// Ticks or unticks a part of a playlist by hand; `None` leaves it to the badges again. Error: `not_found`.
    pub async fn tick_part(&self, id: String, part: String, done: Option<bool>) -> Result<()> {
        self.write(move |t| {
            let playlist = activities::by_id(t, &id)?;
            if !playlist.activity.parts.iter().any(|p| p.id == part) {
                return Err(StoreError::NotFound);
            }
            activities::tick(t, &id, &part, done)
        })
        .await?;
        self.tell(WalletEvent::ActivitiesChanged);
        Ok(())
    }

    /// Whether signing in inside the app is offered.
    pub(super) async fn offers_sign_in(&self) -> Result<bool> {
        Ok(self.read(|c| settings::get(c, CITY_SIGN_IN)).await?.unwrap_or(false))
    }

    /// The token of who is signed in at a city.
    pub(super) async fn token_of(&self, city: &cities::Stored) -> Result<Option<zeroize::Zeroizing<String>>> {
        if city.signed_in.is_none() || !self.offers_sign_in().await? {
            return Ok(None);
        }
        let (device, name) = (self.inner.config.device.clone(), super::claims::token_name(&city.id));
        // Without its token nobody is signed in, whatever the list says.
        blocking(move || Ok(device.token(&name).ok())).await
    }
}

fn filter(query: ActivityQuery, now: Timestamp) -> Result<Filter> {
    let moment = |text: Option<String>| text.map(|text| text.parse().map_err(|_| ErrorCode::Usage)).transpose();
    let near =
        query.near.map(|near| Some((Point::new(near.lat, near.lng)?, near.km)).filter(|(_, km)| km.is_finite() && *km > 0.0));
    Ok(Filter {
        search: query.search.filter(|text| !text.trim().is_empty()),
        kind: query.kind.map(|kind| match kind {
            ActivityKind::Activity => Kind::Activity,
            ActivityKind::Playlist => Kind::Playlist,
            ActivityKind::Badge => Kind::Badge,
        }),
        city: query.city,
        now,
        from: moment(query.from)?,
        to: moment(query.to)?,
        categories: query.categories,
        skills: query.skills,
        near: near.map(|near| near.ok_or(ErrorCode::Usage)).transpose()?,
        online: query.online,
        planned: query.planned,
    })
}

fn kind(kind: Kind) -> ActivityKind {
    match kind {
        Kind::Activity => ActivityKind::Activity,
        Kind::Playlist => ActivityKind::Playlist,
        Kind::Badge => ActivityKind::Badge,
    }
}

/// A category in the app's language. Cities say English words, each in its own spelling.
fn category(language: Language, name: &str) -> String {
    word(language, "category", name)
}

/// The app's word for a city's key, or the city's own.
fn word(language: Language, family: &str, name: &str) -> String {
    let slug: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let key = format!("{family}_{slug}");
    let word = sentences::sentence(language, &key, &[]);
    if word == key { badge_view::sentences::clean(name) } else { word }
}

/// Parts of a city by their addresses, where the city names none: the last words of an address, in the middle of what is there.
fn localities(marked: &[activities::Marked]) -> Vec<District> {
    let mut found: std::collections::BTreeMap<String, Vec<Point>> = std::collections::BTreeMap::new();
    for mark in marked {
        let name =
            mark.activity.address.as_deref().and_then(|a| a.rsplit(',').next()).map(locality).filter(|name| !name.is_empty());
        if let Some(name) = name {
            found.entry(name).or_default().push(mark.place);
        }
    }
    let mean = |points: &[Point], of: fn(&Point) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    found
        .into_iter()
        .filter(|(_, points)| points.len() > 1)
        .take(40)
        .map(|(name, points)| District { name, place: Place { lat: mean(&points, |p| p.lat), lng: mean(&points, |p| p.lng) } })
        .collect()
}

/// "3512 AE Utrecht" is in Utrecht.
fn locality(text: &str) -> String {
    let words = text.split_whitespace().skip_while(|word| word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()));
    words.collect::<Vec<_>>().join(" ")
}

fn middle(marked: &[activities::Marked]) -> Option<Point> {
    let n = marked.len() as f64;
    let sum = marked.iter().fold((0.0, 0.0), |(lat, lng), mark| (lat + mark.place.lat, lng + mark.place.lng));
    Point::new(sum.0 / n, sum.1 / n)
}

/// The address of a server of street tiles as the learner types it: https, and `{z}`, `{x}` and `{y}` in its path, each once.
pub(super) fn tile_template(text: &str) -> Result<String> {
    let text = text.trim();
    let places = ["{z}", "{x}", "{y}"];
    let plain = places.iter().fold(text.to_owned(), |text, place| text.replacen(place, "0", 1));
    let url = Url::parse(&plain).ok().filter(|_| text.len() <= MAX_TEMPLATE);
    let sound = url.is_some_and(|url| {
        let origin = format!("{}/", url.origin().ascii_serialization());
        url.scheme() == "https" && text.starts_with(&origin) && !plain.contains(['{', '}'])
    });
    if sound && places.iter().all(|place| text.contains(place)) {
        Ok(text.to_owned())
    } else {
        Err(ErrorCode::AddressRefused.into())
    }
}

#[cfg(test)]
mod tests;
