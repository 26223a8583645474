//! eduBadges (SURF): the public catalogue of badges that Dutch institutions give. It names no activities, only what can be earned.

use serde_json::Value;
use url::Url;

use super::client::{Client, Cursor, Page};
use super::{Activity, Badge, City, Kind, Organiser, Task, limits, read};
use crate::view::Language;
use crate::{ErrorCode, Result};

/// What discovery asks for.
pub(super) const FIRST: &str = "/mobile/api/catalog?page=1&page_size=1";
/// Badges of a page.
const PAGE: &str = "50";

/// Whether an answer is a page of the catalogue: many APIs count results, and only this one's are badge classes.
pub(super) fn is_catalogue(body: &[u8]) -> bool {
    let Ok(json) = read::json(body) else { return false };
    let first = json["results"].as_array().map(|results| results.first());
    let known = |item: &Value| read::id(&item["entity_id"]).is_some() && item.get("badge_class_type").is_some();
    json["count"].is_u64() && first.is_some_and(|first| first.is_none_or(known))
}

/// A page of the catalogue.
pub(super) async fn page(client: &Client<'_>, city: &City, mut url: Url, cursor: &Cursor) -> Result<Page> {
    let number = cursor.offset.saturating_add(1);
    url.query_pairs_mut().clear().append_pair("page", &number.to_string()).append_pair("page_size", PAGE);
    let answer = client.get(url, &city.origin).await?.ok_or(ErrorCode::CityOdd)?;
    decode(&answer.body, &city.origin, client.language, cursor)
}

/// A page as its answer says. The next page is told by its number: behind a proxy its address may be wrong.
pub(super) fn decode(body: &[u8], origin: &Url, language: Language, cursor: &Cursor) -> Result<Page> {
    let json = read::json(body)?;
    let list = json["results"].as_array().ok_or(ErrorCode::CityOdd)?;
    let offered = || read::items(&json["results"]).filter(|item| !is_archived(item));
    let items: Vec<_> = offered().take(limits::ITEMS).filter_map(|item| activity(item, origin, language)).collect();
    let dropped = offered().count().saturating_sub(items.len());
    let more = json["next"].is_string();
    let next = (more && !list.is_empty()).then(|| Cursor { offset: cursor.offset.saturating_add(1), ..Cursor::default() });
    let dropped = u32::try_from(dropped).unwrap_or(u32::MAX);
    Ok(Page { items, next, more, total: read::count(&json["count"]), dropped, ..Page::default() })
}

/// Nobody can earn it any more.
fn is_archived(item: &Value) -> bool {
    read::flag(&item["archived"]) == Some(true)
}

fn activity(item: &Value, origin: &Url, language: Language) -> Option<Activity> {
    let id = read::id(&item["entity_id"])?;
    let (first, second) = match language {
        Language::Nl => ("dutch", "english"),
        Language::En => ("english", "dutch"),
    };
    let said = |what: &str| {
        let told = |language: &str| read::name(&item[format!("{what}_name_{language}").as_str()]);
        told(first).or_else(|| told(second))
    };
    let title = read::name(&item["name"])?;
    let class = read::below(origin, &["public", "badges", &id])?;
    let picture = read::url(&item["image"], origin);
    let badge = Badge {
        id: id.clone(),
        class: Some(class.clone()),
        name: title.clone(),
        issuer: said("issuer"),
        description: None,
        picture: picture.clone(),
        evidence: None,
        tasks: Vec::new(),
        tasks_needed: None,
        requires: Vec::new(),
        requires_count: None,
    };
    let organiser = said("institution").or_else(|| said("issuer")).map(organiser);
    Some(card(origin, title, class, badge, organiser, read::word(&item["badge_class_type"])))
}

fn organiser(name: String) -> Organiser {
    Organiser { id: None, name, verified: None, description: None, address: None, picture: None, links: Vec::new() }
}

fn card(origin: &Url, title: String, page: Url, badge: Badge, organiser: Option<Organiser>, form: Option<String>) -> Activity {
    let bare = Activity::bare(origin.origin().ascii_serialization(), badge.id.clone(), Kind::Badge, title);
    Activity { form, organiser, picture: badge.picture.clone(), badges: vec![badge], page: Some(page), ..bare }
}

/// A badge class as its public Open Badges document has it.
pub(super) async fn whole(client: &Client<'_>, city: &City, id: &str) -> Result<Option<Activity>> {
    let class = read::below(&city.origin, &["public", "badges", id]).ok_or(ErrorCode::NotFound)?;
    let mut url = class.clone();
    // Otherwise its issuer is an address.
    url.query_pairs_mut().append_pair("expand", "issuer");
    let answer = client.get(url, &city.origin).await?;
    answer.map(|answer| decode_whole(&answer.body, &city.origin, class, id)).transpose()
}

/// A BadgeClass of Open Badges 2.0. What kind it is and which institution gives it, only the catalogue says.
pub(super) fn decode_whole(body: &[u8], origin: &Url, class: Url, id: &str) -> Result<Activity> {
    let json = read::json(body)?;
    let title = read::name(&json["name"]).ok_or(ErrorCode::CityOdd)?;
    let description = read::text(&json["description"]);
    let image = &json["image"];
    let badge = Badge {
        id: id.to_owned(),
        class: Some(class.clone()),
        name: title.clone(),
        issuer: read::name(&json["issuer"]["name"]),
        description: description.clone(),
        picture: read::url(image, origin).or_else(|| read::url(&image["id"], origin)),
        evidence: None,
        tasks: read::text(&json["criteria"]["narrative"]).map(|text| Task { text, check: None }).into_iter().collect(),
        tasks_needed: None,
        requires: Vec::new(),
        requires_count: None,
    };
    let page = read::url(&json["criteria"]["id"], origin).filter(|page| page.origin() == origin.origin()).unwrap_or(class);
    let card = card(origin, title, page, badge, None, None);
    Ok(Activity { description, whole: true, ..card })
}
