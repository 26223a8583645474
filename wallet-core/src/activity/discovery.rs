//! What speaks at an address: its own word in a well-known document, else a question in the language of Cities of Learning, else what
//! its page says, else the catalogue of eduBadges.

use log::info;
use safe_fetch::{FetchError, Purpose};
use serde_json::{Value, json};
use url::Url;

use super::client::{Client, Endpoint, LOG, code_of, host};
use super::{City, Source, cities_of_learning, edubadges, read, web_page};
use crate::{Error, ErrorCode, Result, link};

/// Bytes of a well-known document.
const MAX_DOCUMENT: usize = 64 * 1024;
/// The longest claim template.
const MAX_TEMPLATE: usize = 500;
/// The least that a city answers. Nothing of it can be left out, so it has nothing more.
const PROBE: &str = "query ColProbe { site { id } }";

/// Asks an origin what it speaks. Nothing of the address but its origin goes out.
pub(super) async fn discover(client: &Client<'_>, address: &Url) -> Result<City> {
    let address = link::secured(address);
    let plain = address.username().is_empty() && address.password().is_none() && read::is_secure(&address);
    let origin = read::origin(&address).filter(|_| plain).ok_or(ErrorCode::AddressRefused)?;
    let (document, broken) = match by_document(client, &origin).await {
        Err(error) if error.code == ErrorCode::CityOdd => (None, true),
        document => (document?, false),
    };
    let mut city = match document {
        Some(city) => city,
        None => undocumented(client, &origin, broken).await?,
    };
    if matches!(city.source, Source::CitiesOfLearning { .. }) && (city.centre.is_none() || city.name.is_empty()) {
        // Where it is, is worth a question and no failure.
        if let Err(error) = cities_of_learning::site(client, &mut city).await {
            info!(target: LOG, "{} does not say where it is: {:?}", host(&origin), error.code);
        }
    }
    if city.name.is_empty() {
        city.name = host(&origin).to_owned();
    }
    Ok(city)
}

/// A city that has no document, or whose document is broken.
async fn undocumented(client: &Client<'_>, origin: &Url, broken: bool) -> Result<City> {
    let (found, no_city) = match by_probe(client, origin).await {
        // Which of its cities is meant its page may say.
        Err(error) if error.code == ErrorCode::NotACity => (None, Some(error)),
        found => (found?, None),
    };
    if let Some(city) = found {
        return Ok(city);
    }
    by_page(client, origin).await.map_err(|error| match (error.code, no_city) {
        (ErrorCode::NotACity, Some(no_city)) => no_city,
        // Of a server that is broken nobody can say that it is none.
        (ErrorCode::NotACity, None) if broken => ErrorCode::CityOdd.into(),
        _ => error,
    })
}

/// What is at a path of the origin, if anything is: silence is the end, a fault of the server is `city_odd`, and any other answer is a
/// host that has no such thing.
async fn get(client: &Client<'_>, purpose: Purpose, path: &str, origin: &Url) -> Result<Option<Vec<u8>>> {
    let url = origin.join(path).map_err(|error| Error::new(ErrorCode::Internal, error))?;
    match client.fetch(purpose, url, Some(origin)).await {
        // What another origin says is not this one's word.
        Ok(answer) => Ok(Some(answer.body).filter(|_| answer.status == 200 && answer.final_url.origin() == origin.origin())),
        Err(
            error @ (FetchError::Status(429)
            | FetchError::Offline
            | FetchError::Refused(_)
            | FetchError::Unreachable
            | FetchError::Status(500..)),
        ) => Err(code_of(&error)),
        Err(FetchError::Status(_) | FetchError::TooLarge | FetchError::ContentType) => Ok(None),
    }
}

async fn by_document(client: &Client<'_>, origin: &Url) -> Result<Option<City>> {
    let body = get(client, Purpose::City, "/.well-known/cities-of-learning", origin).await?;
    Ok(body.and_then(|body| document(&body, origin)))
}

/// A well-known document. What names another origin is left out; without an interface that this app speaks there is nothing in it.
pub(super) fn document(body: &[u8], origin: &Url) -> Option<City> {
    let document = read::json(body).ok().filter(|document| document["version"] == 1 && body.len() <= MAX_DOCUMENT)?;
    let own = |url: &Value| read::url(url, origin).filter(|url| url.origin() == origin.origin());
    let sources = read::items(&document["interfaces"]).filter_map(|interface| match interface["type"].as_str()? {
        "col-graphql" => Some(Source::CitiesOfLearning { url: own(&interface["url"])?, client: client_id(&interface["client"]) }),
        "activity-feed" => Some(Source::Feed { url: own(&interface["url"])? }),
        _ => None,
    });
    // GraphQL has more to say than a feed.
    let source = sources.min_by_key(|source| !matches!(source, Source::CitiesOfLearning { .. }))?;
    let districts = read::list(&document["districts"], |district| {
        Some((read::name(&district["name"])?, read::point(&district["lat"], &district["lng"])?))
    });
    let claim = match source {
        Source::CitiesOfLearning { .. } if document["claim"].is_null() => usual_claim(origin),
        _ => template(&document["claim"]["url"], origin),
    };
    let place = &document["location"];
    Some(City {
        name: read::name(&document["name"]).unwrap_or_default(),
        source,
        fictitious: document["fictitious"] == true,
        centre: read::point(&place["lat"], &place["lng"]),
        districts,
        claim,
        lacks: Vec::new(),
        origin: origin.clone(),
    })
}

/// What selects a city where one address serves several. It becomes a header.
fn client_id(value: &Value) -> Option<String> {
    read::word(value)
}

/// Where a claim code is brought: on the city's own origin, over https or on this device, with one `{code}` after the host.
fn template(value: &Value, origin: &Url) -> Option<String> {
    let text = value.as_str()?.trim();
    if text.len() > MAX_TEMPLATE || text.matches("{code}").count() != 1 {
        return None;
    }
    // Braces are percent-encoded in paths: put a word in their place while the address is read.
    let stand_in = "CODE-OF-THE-LEARNER";
    if text.contains(stand_in) {
        return None;
    }
    let url = read::url(&text.replace("{code}", stand_in).into(), origin)?;
    let after_host = url.path().contains(stand_in) || url.query().is_some_and(|query| query.contains(stand_in));
    let sound = read::is_secure(&url) && url.origin() == origin.origin() && url.fragment().is_none() && after_host;
    sound.then(|| url.as_str().replace(stand_in, "{code}"))
}

/// Where these servers have always taken codes.
fn usual_claim(origin: &Url) -> Option<String> {
    template(&"/claim?code={code}".into(), origin)
}

async fn by_probe(client: &Client<'_>, origin: &Url) -> Result<Option<City>> {
    let url = origin.join("/api/graphql").map_err(|error| Error::new(ErrorCode::Internal, error))?;
    probe(client, origin, url, None).await
}

/// A city at a GraphQL address; `None` when something else answers. Error: `not_a_city` for a server of the platform that serves no
/// city there.
async fn probe(client: &Client<'_>, origin: &Url, url: Url, id: Option<String>) -> Result<Option<City>> {
    let to = Endpoint { url: &url, client: id.as_deref(), origin, signed: false };
    let answer = match client.ask(&to, "ColProbe", PROBE, json!({})).await {
        Ok(answer) => answer,
        // The host was there for its document: one that leads a post elsewhere, or drops it, does not speak this.
        Err(Error { code: ErrorCode::CityOdd | ErrorCode::Unreachable, .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    match site(&answer.json) {
        Site::City => Ok(Some(City {
            origin: origin.clone(),
            name: String::new(),
            source: Source::CitiesOfLearning { url, client: id },
            fictitious: false,
            centre: None,
            districts: Vec::new(),
            claim: usual_claim(origin),
            lacks: Vec::new(),
        })),
        Site::NoCity => {
            Err(Error::new(ErrorCode::NotACity, "a server of the platform, but of no city: a city's own address is needed"))
        }
        Site::Else => Ok(None),
    }
}

/// What a probe was answered.
#[derive(Debug, PartialEq, Eq)]
enum Site {
    City,
    NoCity,
    Else,
}

fn site(answer: &Value) -> Site {
    let data = &answer["data"];
    match data.get("site") {
        // Where the site failed to load there is an error beside it.
        Some(Value::Null) if answer["errors"].as_array().is_none_or(Vec::is_empty) => Site::NoCity,
        Some(site) if read::id(&site["id"]).is_some() => Site::City,
        _ => Site::Else,
    }
}

async fn by_page(client: &Client<'_>, origin: &Url) -> Result<City> {
    let none = |answer: Result<Option<Vec<u8>>>| match answer {
        Err(error) if error.code == ErrorCode::CityOdd => Ok(None),
        answer => answer,
    };
    if let Some(body) = none(get(client, Purpose::Page, "/", origin).await)?
        && let Some((url, id)) = web_page::embedded(&body)
        && let Some(city) = probe(client, origin, url, Some(id)).await?
    {
        return Ok(city);
    }
    let url = origin.join("/mobile/api/catalog").map_err(|error| Error::new(ErrorCode::Internal, error))?;
    let body = none(get(client, Purpose::Feed, edubadges::FIRST, origin).await)?;
    if body.is_none_or(|body| !edubadges::is_catalogue(&body)) {
        return Err(ErrorCode::NotACity.into());
    }
    Ok(City {
        origin: origin.clone(),
        name: String::new(),
        source: Source::Edubadges { url },
        fictitious: false,
        centre: None,
        districts: Vec::new(),
        claim: None,
        lacks: Vec::new(),
    })
}
