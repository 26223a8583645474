//! The neutral JSON feed: everything about everything, in pages that name the next one.

use serde_json::Value;
use url::Url;

use super::client::{Client, Cursor, Page};
use super::{Activity, Badge, City, Kind, Link, Organiser, Part, Required, Task, limits, read};
use crate::{ErrorCode, Result};

/// Pages that are read to find one item.
const MAX_PAGES: usize = 40;

/// A page of the feed.
pub(super) async fn page(client: &Client<'_>, city: &City, first: Url, cursor: &Cursor) -> Result<Page> {
    let url = cursor.next.clone().unwrap_or(first);
    let answer = client.get(url.clone(), &city.origin).await?.ok_or(ErrorCode::CityOdd)?;
    let from = answer.final_url;
    let (mut page, next) = decode(&answer.body, &from, &city.origin)?;
    // The next page is on the same origin and is not this one again.
    let next = next.filter(|next| *next != url && *next != from);
    page.next = next.map(|next| Cursor { offset: cursor.offset.saturating_add(1), next: Some(next), ..Cursor::default() });
    Ok(page)
}

/// One item, wherever in the feed it is.
pub(super) async fn whole(client: &Client<'_>, city: &City, first: Url, id: &str) -> Result<Option<Activity>> {
    let mut cursor = Cursor::default();
    for _ in 0..MAX_PAGES {
        let page = page(client, city, first.clone(), &cursor).await?;
        if let Some(found) = page.items.into_iter().find(|item| item.id == id) {
            return Ok(Some(found));
        }
        match page.next {
            Some(next) => cursor = next,
            None if page.more => break,
            None => return Ok(None),
        }
    }
    // Further down than this app looks is not gone.
    Err(ErrorCode::CityOdd.into())
}

/// A page's items and the address of the next one. Error: [`ErrorCode::CityOdd`] for what is no feed.
pub(super) fn decode(body: &[u8], from: &Url, origin: &Url) -> Result<(Page, Option<Url>)> {
    let feed = read::json(body)?;
    let list = feed["items"].as_array().filter(|_| feed["version"] == 1).ok_or(ErrorCode::CityOdd)?;
    let items: Vec<_> = read::items(&feed["items"]).take(limits::ITEMS).filter_map(|item| activity(item, from, origin)).collect();
    let dropped = list.iter().filter(|item| !item.is_null()).count().saturating_sub(items.len());
    let next = read::url(&feed["next"], from).filter(|next| next.origin() == origin.origin());
    let more = feed["next"].as_str().is_some_and(|next| !next.is_empty());
    let page = Page { items, more, dropped: u32::try_from(dropped).unwrap_or(u32::MAX), ..Page::default() };
    Ok((page, next))
}

/// An item of the feed. Relative addresses are relative to the feed.
fn activity(item: &Value, from: &Url, origin: &Url) -> Option<Activity> {
    let id = read::id(&item["id"])?;
    let home = read::home(&item["home"], origin);
    let time_zone = read::time_zone(&item["time_zone"]);
    let (start, end) = read::span(&item["start"], &item["end"], time_zone.as_deref());
    let place = &item["location"];
    let usual = || read::below(home.as_ref().unwrap_or(origin), &["activities", &id]);
    Some(Activity {
        platform: origin.origin().ascii_serialization(),
        kind: if item["kind"] == "playlist" { Kind::Playlist } else { Kind::Activity },
        form: read::word(&item["form"]),
        title: read::name(&item["title"])?,
        description: read::text(&item["description"]),
        language: read::language(&item["language"]),
        start,
        end,
        when_untold: read::is_unread(&item["start"], start),
        time_zone,
        duration: read::seconds(&item["duration"]),
        online: read::flag(&item["online"]).unwrap_or_default(),
        address: read::name(&item["address"]),
        place: read::point(&place["lat"], &place["lng"]),
        price: read::name(&item["price"]),
        audience: read::name(&item["audience"]),
        category: read::named(&item["category"]),
        skills: read::list(&item["skills"], read::named),
        organiser: organiser(&item["organiser"], from),
        co_hosts: read::list(&item["co_hosts"], read::name),
        picture: read::url(&item["picture"], from),
        cover: read::url(&item["cover"], from),
        colour: read::colour(&item["colour"]),
        badges: badge(&item["badge"], from).into_iter().collect(),
        parts: read::parts(read::items(&item["parts"]).filter_map(|part| self::part(part, origin)), &id),
        ordered: read::flag(&item["ordered"]).unwrap_or_default(),
        playlists: Vec::new(),
        links: links(item, from),
        page: read::url(&item["page"], home.as_ref().unwrap_or(from)).or_else(usual),
        home,
        whole: true,
        unasked: Vec::new(),
        id,
    })
}

fn organiser(item: &Value, from: &Url) -> Option<Organiser> {
    Some(Organiser {
        id: read::id(&item["id"]),
        name: read::name(&item["name"])?,
        verified: read::flag(&item["verified"]),
        description: read::text(&item["description"]),
        address: read::name(&item["address"]),
        picture: read::url(&item["picture"], from),
        links: read::link("website", &item["url"], from).into_iter().collect(),
    })
}

fn links(item: &Value, from: &Url) -> Vec<Link> {
    let mut links: Vec<Link> = read::link("website", &item["website"], from).into_iter().collect();
    links.extend(read::list(&item["contacts"], |contact| {
        read::contact(contact["name"].as_str().unwrap_or_default(), &contact["value"], from)
    }));
    links.extend(read::list(&item["material"], |material| {
        read::link(material["label"].as_str().unwrap_or_default(), &material["url"], from)
    }));
    links.truncate(limits::LIST);
    links
}

fn badge(item: &Value, from: &Url) -> Option<Badge> {
    let requires = read::list(&item["requires"]["badges"], |badge| {
        Some(Required { id: read::id(&badge["id"])?, class: read::url(&badge["url"], from), name: read::name(&badge["name"])? })
    });
    let count = read::count(&item["requires"]["count"]).filter(|count| *count > 0 && (*count as usize) < requires.len());
    Some(Badge {
        id: read::id(&item["id"])?,
        class: read::url(&item["url"], from),
        name: read::name(&item["name"])?,
        issuer: None,
        description: read::text(&item["description"]),
        picture: read::url(&item["picture"], from),
        evidence: read::flag(&item["evidence"]),
        tasks: read::list(&item["tasks"], |task| {
            Some(Task { text: read::text(&task["description"])?, check: read::word(&task["check"]) })
        }),
        tasks_needed: read::count(&item["tasks_needed"]),
        requires,
        requires_count: count,
    })
}

fn part(part: &Value, origin: &Url) -> Option<Part> {
    Some(Part {
        id: read::id(&part["id"])?,
        title: read::name(&part["title"]).unwrap_or_default(),
        mandatory: read::flag(&part["mandatory"]).unwrap_or_default(),
        duration: read::seconds(&part["duration"]),
        home: read::home(&part["home"], origin),
        ..Part::default()
    })
}
