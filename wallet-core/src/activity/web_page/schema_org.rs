//! schema.org in JSON-LD: events, courses, lists of them. Read as plain JSON by its usual names; no context is fetched or applied.

use jiff::Span;
use serde_json::Value;
use url::Url;

use crate::activity::{Activity, Badge, Kind, Link, Named, Organiser, Part, limits, read};

/// How deep `@graph` and lists are followed.
const MAX_DEPTH: usize = 3;
/// How many things of a page are looked at.
const MAX_THINGS: usize = 500;

/// What a thing is to us, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Is {
    Event,
    Course,
    List,
}

/// The most telling thing of a page.
pub(super) fn activity(blocks: &[Value], page: &Url) -> Option<Activity> {
    let mut things = Vec::new();
    blocks.iter().for_each(|block| collect(block, 0, &mut things));
    let mut found: Vec<_> = things.into_iter().filter_map(|thing| Some((is(thing)?, thing))).collect();
    found.sort_by_key(|(is, _)| *is);
    found.into_iter().find_map(|(is, thing)| read_as(is, thing, page))
}

fn collect<'a>(value: &'a Value, depth: usize, things: &mut Vec<&'a Value>) {
    if depth > MAX_DEPTH || things.len() >= MAX_THINGS {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect(value, depth + 1, things)),
        Value::Object(_) => {
            things.push(value);
            collect(&value["@graph"], depth + 1, things);
            collect(&value["mainEntity"], depth + 1, things);
        }
        _ => {}
    }
}

fn is(thing: &Value) -> Option<Is> {
    let kinds = read::one_or_many(&thing["@type"]).filter_map(Value::as_str);
    let kinds = kinds.map(|kind| kind.rsplit(['/', '#', ':']).next().unwrap_or(kind));
    kinds
        .filter_map(|kind| match kind {
            "CourseInstance" => Some(Is::Event),
            "Course" | "EducationalOccupationalProgram" => Some(Is::Course),
            "ItemList" => Some(Is::List),
            // Event and its kinds: EducationEvent, SocialEvent, …
            kind if kind.ends_with("Event") => Some(Is::Event),
            _ => None,
        })
        .min()
}

/// An activity with nothing but a title.
pub(super) fn bare(page: &Url, id: String, title: String) -> Option<Activity> {
    let platform = read::origin(page)?.origin().ascii_serialization();
    Some(Activity { page: Some(page.clone()), whole: true, ..Activity::bare(platform, id, Kind::Activity, title) })
}

/// A page's id is where it is: path and query, without which an id would be two things.
pub(super) fn id_of(page: &Url) -> Option<String> {
    let query = page.query().map(|query| format!("?{query}")).unwrap_or_default();
    read::id(&format!("{}{query}", page.path()).into())
}

fn read_as(is: Is, thing: &Value, page: &Url) -> Option<Activity> {
    let title = read::name(first_text(&thing["name"]))?;
    let mut activity = bare(page, id_of(page)?, title)?;
    activity.description = read::text(first_text(&thing["description"])).map(|text| without_tags(&text));
    activity.language = read::language(&thing["inLanguage"]).or_else(|| read::language(&thing["inLanguage"]["alternateName"]));
    activity.picture = picture(&thing["image"], page);
    activity.organiser = ["organizer", "provider"].iter().find_map(|role| organiser(&thing[*role], page));
    activity.skills = read::one_or_many(&thing["teaches"]).filter_map(skill).take(limits::LIST).collect();
    activity.audience = audience(thing);
    activity.badges = read::one_or_many(&thing["educationalCredentialAwarded"])
        .filter_map(|badge| self::badge(badge, page))
        .take(limits::LIST)
        .collect();
    match is {
        Is::Event => when_and_where(&mut activity, thing, page),
        Is::Course => {
            let instance = read::one_or_many(&thing["hasCourseInstance"]).next().unwrap_or(&Value::Null);
            when_and_where(&mut activity, instance, page);
            activity.price = activity.price.or_else(|| price(thing));
            activity.duration = activity.duration.or_else(|| duration(&thing["timeRequired"]));
        }
        Is::List => {
            activity.kind = Kind::Playlist;
            activity.ordered = thing["itemListOrder"].as_str().is_some_and(|order| order.ends_with("Ascending"));
            let parts = read::one_or_many(&thing["itemListElement"]).filter_map(|element| part(element, page));
            activity.parts = read::parts(parts, &activity.id);
            if activity.parts.is_empty() {
                return None;
            }
        }
    }
    Some(activity)
}

fn when_and_where(activity: &mut Activity, thing: &Value, page: &Url) {
    let zone = zone(page);
    let moment = |field: &str| {
        let value = &thing[field];
        // A time of nowhere is no time: an hour wrong is worse than none.
        let offset = value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok());
        if offset || zone.is_some() { value } else { &Value::Null }
    };
    (activity.start, activity.end) = read::span(moment("startDate"), moment("endDate"), zone);
    activity.when_untold = read::is_unread(&thing["startDate"], activity.start);
    activity.time_zone = zone.filter(|_| activity.start.is_some() || activity.end.is_some()).map(str::to_owned);
    activity.duration = duration(&thing["duration"]).or_else(|| duration(&thing["courseWorkload"]));
    activity.price = price(thing);
    let attendance = thing["eventAttendanceMode"].as_str().or_else(|| thing["courseMode"].as_str()).unwrap_or_default();
    activity.online = ["OnlineEventAttendanceMode", "MixedEventAttendanceMode", "online", "Online"]
        .iter()
        .any(|mode| attendance.rsplit('/').next() == Some(mode));
    for location in read::one_or_many(&thing["location"]) {
        if location["@type"].as_str().is_some_and(|kind| kind.ends_with("VirtualLocation")) {
            activity.online = true;
            continue;
        }
        activity.address = activity.address.take().or_else(|| address(location));
        let geo = &location["geo"];
        activity.place = activity.place.or_else(|| read::point(&geo["latitude"], &geo["longitude"]));
        activity.place = activity.place.or_else(|| read::point(&location["latitude"], &location["longitude"]));
    }
    if activity.organiser.is_none() {
        activity.organiser = ["organizer", "provider"].iter().find_map(|role| organiser(&thing[*role], page));
    }
}

/// Where a page's times are meant when it does not say: a country of one zone has one answer.
fn zone(page: &Url) -> Option<&'static str> {
    page.host_str().filter(|host| host.ends_with(".nl")).map(|_| "Europe/Amsterdam")
}

/// A text, or the first of several, or the value of one with a language.
fn first_text(value: &Value) -> &Value {
    let first = read::one_or_many(value).next().unwrap_or(&Value::Null);
    if first.is_object() { &first["@value"] } else { first }
}

fn picture(image: &Value, page: &Url) -> Option<Url> {
    read::one_or_many(image).find_map(|image| {
        read::url(image, page).or_else(|| read::url(&image["url"], page)).or_else(|| read::url(&image["contentUrl"], page))
    })
}

fn organiser(value: &Value, page: &Url) -> Option<Organiser> {
    let value = read::one_or_many(value).next()?;
    let name = read::name(value).or_else(|| read::name(first_text(&value["name"])))?;
    let links: Vec<Link> = read::link("website", &value["url"], page).into_iter().collect();
    let picture = picture(&value["logo"], page).or_else(|| picture(&value["image"], page));
    // What a page says of its organiser, nobody verified.
    let address = streets(&value["address"]);
    Some(Organiser { id: None, name, verified: None, description: None, address, picture, links })
}

fn address(place: &Value) -> Option<String> {
    if place.is_string() {
        return read::name(place);
    }
    let streets = streets(&place["address"]);
    let named =
        read::name(first_text(&place["name"])).filter(|name| place["address"].is_string() || Some(name) != streets.as_ref());
    let parts: Vec<String> = named.into_iter().chain(streets).collect();
    read::name(&parts.join(", ").into())
}

/// A postal address, in one line.
fn streets(address: &Value) -> Option<String> {
    let parts = ["streetAddress", "postalCode", "addressLocality"].iter().filter_map(|field| read::name(&address[*field]));
    read::name(address).or_else(|| read::name(&parts.collect::<Vec<_>>().join(", ").into()))
}

fn skill(value: &Value) -> Option<Named> {
    let name = read::name(value).or_else(|| read::name(first_text(&value["name"])))?;
    let id = read::id(&value["@id"]).or_else(|| read::id(&value["termCode"])).or_else(|| read::id(&slug(&name).into()))?;
    Some(Named { id, name })
}

fn slug(name: &str) -> String {
    read::cut(name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-"), limits::ID / 4)
}

fn audience(thing: &Value) -> Option<String> {
    let audience = read::one_or_many(&thing["audience"]).next().unwrap_or(&Value::Null);
    let said = [audience, &audience["audienceType"], &audience["name"], &thing["typicalAgeRange"]];
    said.into_iter().find_map(read::name)
}

/// What it costs, in the source's own numbers.
fn price(thing: &Value) -> Option<String> {
    let offer = read::one_or_many(&thing["offers"]).find_map(|offer| {
        let amount = ["price", "lowPrice"].iter().find_map(|field| read::name(&offer[*field]))?;
        let currency = read::word(&offer["priceCurrency"]).unwrap_or_default();
        read::name(&format!("{currency} {amount}").trim().into())
    });
    offer.or_else(|| (read::flag(&thing["isAccessibleForFree"]) == Some(true)).then(|| "0".to_owned()))
}

fn badge(value: &Value, page: &Url) -> Option<Badge> {
    let class = read::url(&value["@id"], page).or_else(|| read::url(&value["url"], page));
    let name = read::name(value).or_else(|| read::name(first_text(&value["name"])))?;
    Some(Badge {
        id: class.as_ref().and_then(|class| read::id(&class.as_str().into())).or_else(|| read::id(&slug(&name).into()))?,
        class,
        name,
        issuer: read::name(first_text(&value["recognizedBy"]["name"])),
        description: read::text(first_text(&value["description"])).map(|text| without_tags(&text)),
        picture: picture(&value["image"], page),
        evidence: None,
        tasks: Vec::new(),
        tasks_needed: None,
        requires: Vec::new(),
        requires_count: None,
    })
}

fn part(element: &Value, page: &Url) -> Option<Part> {
    let item = if element["item"].is_object() { &element["item"] } else { element };
    let url = [&item["url"], &item["@id"], &element["url"], &element["item"]].into_iter().find_map(|url| read::url(url, page))?;
    let title = read::name(first_text(&item["name"])).or_else(|| read::name(first_text(&element["name"])))?;
    Some(Part {
        id: id_of(&url)?,
        title,
        // A list says nothing of what may be left out.
        mandatory: true,
        duration: duration(&item["duration"]),
        home: read::home(&url.as_str().into(), page),
        ..Part::default()
    })
}

/// An ISO 8601 duration in seconds, at most a year; months and years are no number of seconds.
fn duration(value: &Value) -> Option<u32> {
    let span: Span = value.as_str().filter(|text| text.len() <= 40)?.parse().ok()?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let minutes = days * 24 * 60 + i64::from(span.get_hours()) * 60 + span.get_minutes();
    let seconds = minutes.checked_mul(60)?.checked_add(span.get_seconds())?;
    read::seconds(&seconds.into())
}

/// Descriptions are often HTML where the vocabulary wants a text.
fn without_tags(text: &str) -> String {
    if !text.contains('<') && !text.contains('&') {
        return text.to_owned();
    }
    use html5gum::{Token, Tokenizer};
    let mut out = Vec::with_capacity(text.len());
    for token in Tokenizer::new(text) {
        let Ok(token) = token;
        match token {
            Token::String(text) => out.extend_from_slice(&text.value),
            Token::StartTag(tag) if matches!(tag.name.as_slice(), b"p" | b"br" | b"li" | b"div") => out.extend_from_slice(b"\n\n"),
            _ => {}
        }
    }
    read::text(&String::from_utf8_lossy(&out).into()).unwrap_or_default()
}
