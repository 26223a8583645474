//! Asking: what every source shares. One request, its limits, its errors, and a line in the log.

use std::hash::{DefaultHasher, Hash, Hasher};

use log::info;
use safe_fetch::{FetchError, Network, Post, Purpose, Request, Response};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::{Activity, City, Source, cities_of_learning, discovery, edubadges, feed, limits, read, web_page};
use crate::view::Language;
use crate::{Error, ErrorCode, Result};

/// The most bytes of a JSON answer.
const MAX_ANSWER: usize = 5 * 1024 * 1024;
/// The most pages of a list: what [`limits::ITEMS`] needs when each has 24, and some that show nothing.
const MAX_PAGES: u32 = 1_100;
/// The most pages in a row on which a list is empty before its end: a total may count what is shown to nobody.
const MAX_EMPTY: u32 = 8;
/// Where lines of the log go.
pub(super) const LOG: &str = "city";

/// Asks cities. Nothing about the learner is in any request but what the learner gave for it: a code, a sign-in.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) network: &'a dyn Network,
    pub(crate) language: Language,
    /// Of the city that is asked, when the learner signed in there.
    pub(crate) token: Option<&'a str>,
}

impl std::fmt::Debug for Client<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("language", &self.language).field("signed_in", &self.token.is_some()).finish_non_exhaustive()
    }
}

/// Where a list goes on. The first page is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Items or pages that were read.
    pub(super) offset: u32,
    /// The address of the next page, where a source has addresses for pages.
    pub(super) next: Option<Url>,
    /// How many items came so far.
    pub(super) seen: u32,
    /// How many pages came so far.
    pub(super) pages: u32,
    /// How many of the last ones had an empty list.
    pub(super) empty: u32,
    /// Of the ids of the page before: a server that repeats itself is not asked for ever.
    pub(super) before: Option<u64>,
}

/// A page of a list.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) items: Vec<Activity>,
    pub(crate) next: Option<Cursor>,
    /// Whether the list says that it goes on; without a `next` it was cut off here, and what comes after was not told.
    pub(crate) more: bool,
    /// How many there are in all, when the source says so.
    pub(crate) total: Option<u32>,
    /// Items that could not be read.
    pub(crate) dropped: u32,
    /// Whether something of it failed or was not asked: what its items do not say, they may have.
    pub(crate) partial: bool,
    /// Whether it is the page before once more, of which nothing is kept.
    pub(crate) repeats: bool,
}

/// What came of a claim code. A badge has no name where the city does not say which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resolved {
    Gained { name: String, now: Option<bool>, page: Option<Url> },
    More { name: String, page: Option<Url> },
    JoinedActivity { name: String, now: Option<bool>, page: Option<Url> },
    JoinedOrganisation { name: String, now: Option<bool> },
    Unknown,
    SignIn,
}

/// Who is signed in, and their badges there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Me {
    pub(crate) name: String,
    pub(crate) badges: Vec<MyBadge>,
}

/// A badge on a city's server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MyBadge {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The id of its badge class.
    pub(crate) class: Option<String>,
    /// The name of who gave it.
    pub(crate) issuer: Option<String>,
    pub(crate) picture: Option<Url>,
    pub(crate) page: Url,
}

impl Client<'_> {
    /// What speaks at an address, from nothing but its origin.
    ///
    /// Errors: `not_a_city`, `offline`, `unreachable`, `city_busy`, `address_refused`.
    pub(crate) async fn discover(&self, address: &Url) -> Result<City> {
        discovery::discover(self, address).await
    }

    /// Before a round of reading: of a server that is read whole all is asked again, for it learns too; and what it refused without
    /// saying why may have been a fault of that moment.
    pub(crate) fn begin(&self, city: &mut City, whole: bool) {
        city.lacks.retain(|lack| !whole && !cities_of_learning::is_tier(lack));
    }

    /// Whether its list has the newest change first.
    pub(crate) fn newest_first(&self, city: &City) -> bool {
        matches!(city.source, Source::CitiesOfLearning { .. }) && cities_of_learning::sorts(city)
    }

    /// A page of cards, the newest changed first where the source can.
    ///
    /// Errors: `city_odd`, `city_busy`, `sign_in_needed`, and those of the network.
    pub(crate) async fn page(&self, city: &mut City, cursor: Cursor) -> Result<Page> {
        let page = match city.source.clone() {
            Source::CitiesOfLearning { .. } => cities_of_learning::page(self, city, &cursor).await,
            Source::Feed { url } => feed::page(self, city, url, &cursor).await,
            Source::Edubadges { url } => edubadges::page(self, city, url, &cursor).await,
        }?;
        let page = checked(page, &cursor);
        let (total, next) = (page.total.unwrap_or_default(), page.next.is_some());
        info!(target: LOG, "{}: {} items, {} dropped, {total} in all, more: {next}", host(&city.origin), page.items.len(), page.dropped);
        Ok(page)
    }

    /// Everything about one; a card of it when some of the answer failed; `None` when the city does not show it.
    pub(crate) async fn whole(&self, city: &mut City, id: &str) -> Result<Option<Activity>> {
        match city.source.clone() {
            Source::CitiesOfLearning { .. } => cities_of_learning::whole(self, city, id).await,
            Source::Feed { url } => feed::whole(self, city, url, id).await,
            Source::Edubadges { .. } => edubadges::whole(self, city, id).await,
        }
    }

    /// What a web page says of itself to machines.
    pub(crate) async fn web_page(&self, url: &Url) -> Result<web_page::Page> {
        web_page::fetch(self, url).await
    }

    /// What comes of a claim code. A city that is not asked by this app wants its own page to be opened.
    pub(crate) async fn resolve_code(&self, city: &mut City, code: &str) -> Result<Resolved> {
        match city.source {
            Source::CitiesOfLearning { .. } => cities_of_learning::claim(self, city, code).await,
            Source::Feed { .. } | Source::Edubadges { .. } => Ok(Resolved::SignIn),
        }
    }

    /// A token, or `None` when the address or the password is wrong.
    pub(crate) async fn sign_in(&self, city: &mut City, email: &str, password: &str) -> Result<Option<Zeroizing<String>>> {
        match city.source {
            Source::CitiesOfLearning { .. } => cities_of_learning::sign_in(self, city, email, password).await,
            Source::Feed { .. } | Source::Edubadges { .. } => Err(ErrorCode::NotAllowed.into()),
        }
    }

    /// The badges of who is signed in. Error: `sign_in_needed`.
    pub(crate) async fn my_badges(&self, city: &mut City) -> Result<Me> {
        match city.source {
            Source::CitiesOfLearning { .. } if self.token.is_some() => cities_of_learning::mine(self, city).await,
            _ => Err(ErrorCode::SignInNeeded.into()),
        }
    }

    /// One GET; what `origin` is to the learner decides whether it may be on this device.
    pub(crate) async fn fetch(&self, purpose: Purpose, url: Url, origin: Option<&Url>) -> Result<Response, FetchError> {
        let chosen = origin.is_some_and(|origin| url.origin() == origin.origin());
        let answer = self.network.fetch(Request { purpose, url: url.clone(), chosen }).await;
        let said = answer.as_ref().map_or_else(|error| error.to_string(), |a| format!("{}, {} bytes", a.status, a.body.len()));
        info!(target: LOG, "GET {purpose:?} {}: {said}", host(&url));
        answer
    }

    /// One GET from a city; `None` for 404 and 410. What another origin answers after a redirect is not the city's word.
    pub(super) async fn get(&self, url: Url, origin: &Url) -> Result<Option<Response>> {
        let answer = self.fetch(Purpose::Feed, url, Some(origin)).await.map_err(|error| code_of(&error))?;
        match answer.status {
            200 if answer.final_url.origin() == origin.origin() => Ok(Some(answer)),
            200 => Err(ErrorCode::CityOdd.into()),
            _ => Ok(None),
        }
    }

    /// One GraphQL request. The answer is whatever JSON object with `data` or `errors` came, whatever its status.
    pub(super) async fn ask(&self, to: &Endpoint<'_>, name: &'static str, query: &str, variables: Value) -> Result<Answer> {
        let body = serde_json::json!({ "query": query, "variables": variables, "operationName": name });
        let mut post = Post::new(to.url.clone(), body.to_string().into_bytes(), MAX_ANSWER, to.chosen());
        post.together = true;
        post.headers = vec![("X-Lang", self.lang().to_owned())];
        post.headers.extend(to.client.map(|client| ("X-OAuth-Client", client.to_owned())));
        // A token is of the city's own origin and goes nowhere else.
        let token = self.token.filter(|_| to.chosen() && to.signed);
        post.headers.extend(token.map(|token| ("Auth-Token", token.to_owned())));
        let answer = self.network.post(post).await;
        let said = answer.as_ref().map_or_else(|error| error.to_string(), |a| format!("{}, {} bytes", a.status, a.body.len()));
        info!(target: LOG, "{name} {}: {said}: {}", host(to.url), query.split_whitespace().collect::<Vec<_>>().join(" "));
        let answer = answer.map_err(|error| code_of(&error))?;
        if answer.status == 429 {
            return Err(ErrorCode::CityBusy.into());
        }
        let json = if safe_fetch::is_json(&answer.content_type) { read::json(&answer.body).ok() } else { None };
        match json {
            Some(Value::Object(json)) if json.contains_key("data") || json.contains_key("errors") => {
                Ok(Answer { status: answer.status, json: Value::Object(json) })
            }
            _ if matches!(answer.status, 401 | 403) && to.signed => Err(ErrorCode::SignInNeeded.into()),
            _ => Err(ErrorCode::CityOdd.into()),
        }
    }

    /// The language as these servers name it.
    pub(super) fn lang(&self) -> &'static str {
        match self.language {
            Language::Nl => "nl",
            Language::En => "en",
        }
    }
}

/// Where GraphQL is spoken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) url: &'a Url,
    pub(super) client: Option<&'a str>,
    /// The city's own.
    pub(super) origin: &'a Url,
    /// Whether the learner's session goes along: only where it is what is asked for.
    pub(super) signed: bool,
}

impl Endpoint<'_> {
    fn chosen(&self) -> bool {
        self.url.origin() == self.origin.origin()
    }
}

/// A GraphQL answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) json: Value,
}

/// A page that goes on only when it says something new and there is room for more.
fn checked(mut page: Page, cursor: &Cursor) -> Page {
    let mut hasher = DefaultHasher::new();
    page.items.iter().for_each(|item| item.id.hash(&mut hasher));
    let (this, count) = (hasher.finish(), u32::try_from(page.items.len()).unwrap_or(u32::MAX));
    let seen = cursor.seen.saturating_add(count);
    let over = seen as usize > limits::ITEMS;
    if over {
        page.more = true;
        page.items.truncate(limits::ITEMS.saturating_sub(cursor.seen as usize));
    }
    page.repeats = cursor.before == Some(this) && count > 0;
    if page.repeats {
        page.items.clear();
    }
    let pages = cursor.pages.saturating_add(1);
    let ends = page.repeats || over || seen as usize >= limits::ITEMS || pages >= MAX_PAGES;
    page.next = page.next.filter(|next| !ends && next.offset > cursor.offset && next.empty < MAX_EMPTY);
    page.next = page.next.map(|next| Cursor { seen, pages, before: Some(this), ..next });
    page
}

/// A host as the log names it.
pub(super) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// What the network's silence is to a person.
pub(super) fn code_of(error: &FetchError) -> Error {
    let code = match error {
        FetchError::Offline => ErrorCode::Offline,
        FetchError::Refused(_) => ErrorCode::AddressRefused,
        FetchError::Status(429) => ErrorCode::CityBusy,
        FetchError::TooLarge | FetchError::ContentType | FetchError::Status(500..) => ErrorCode::CityOdd,
        FetchError::Unreachable | FetchError::Status(_) => ErrorCode::Unreachable,
    };
    Error::new(code, error.clone())
}
