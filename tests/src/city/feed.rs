//! The neutral JSON feed and the document that names it, from a running city or written to a folder.

use std::{fs, io, path::Path};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    NAME,
    catalogue::Catalogue,
    dates,
    modes::Mode,
    pictures::{self, Picture},
    state::{Setup, State},
};

/// How many items one page of the feed holds.
const PAGE: usize = 24;
/// The host of an exported feed.
const EXPORTED: &str = "https://demostad-utrecht.example";

/// `/.well-known/cities-of-learning`.
pub(super) fn well_known(setup: &Setup, graphql: bool) -> Value {
    let districts: Vec<Value> = setup
        .catalogue
        .districts
        .iter()
        .map(|district| json!({"name": district.name, "lat": district.lat, "lng": district.lng}))
        .collect();
    let hostile = setup.modes.has(&Mode::Hostile);
    let claim = if hostile { "https://elders.example/claim?code={code}" } else { "/claim?code={code}" };
    let mut interfaces = vec![json!({"type": "activity-feed", "url": "/feed/activities.json"})];
    if graphql {
        interfaces.insert(0, json!({"type": "col-graphql", "url": "/api/graphql", "client": null}));
        interfaces.push(json!({"type": "open-badges", "versions": ["2.0", "3.0"]}));
    }
    json!({
        "version": 1, "name": NAME, "languages": ["nl", "en"], "interfaces": interfaces, "claim": {"url": claim}, "home": "/",
        "contact": "mailto:info@demostad-utrecht.example", "location": {"lat": 52.0907, "lng": 5.1214}, "zoom": 12, "districts": districts, "fictitious": true,
    })
}

/// One page of the feed, from 1.
pub(super) fn page(state: &State, setup: &Setup, number: usize) -> Value {
    let rows: Vec<&Value> = setup.catalogue.projects.rows.iter().map(|row| &**row).filter(|row| listed(row)).collect();
    let endless = setup.modes.has(&Mode::Loop);
    let skipped = if endless { 0 } else { number.saturating_sub(1).saturating_mul(PAGE) };
    let items: Vec<Value> = rows.iter().skip(skipped).take(PAGE).map(|row| item(&setup.catalogue, row, &state.origin)).collect();
    let more = endless || skipped.saturating_add(PAGE) < rows.len();
    json!({"version": 1, "next": more.then(|| format!("/feed/activities.json?page={}", number.max(1).saturating_add(1))), "items": items})
}

fn listed(row: &Value) -> bool {
    row["closed"].is_null() && row["gone"] != true
}

fn item(city: &Catalogue, row: &Value, origin: &str) -> Value {
    let id = row["id"].as_str().unwrap_or_default();
    let parts = row["playlistActivities"].as_array().filter(|parts| !parts.is_empty());
    let organisation = row["organisation"].as_str().and_then(|id| city.organisations.get(id));
    let skills = row["skills"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let skills: Vec<Value> = skills.map(|id| json!({"id": id, "name": city.skill_name(id, "nl")})).collect();
    let category = row["category"]
        .as_str()
        .map(|id| json!({"id": id, "name": id.parse::<usize>().ok().and_then(|id| city.categories.get(id - 1))}));
    // RFC 3339 here, whatever the GraphQL says.
    let start = match &row["eventStart"] {
        Value::Number(number) => json!(number.as_i64().and_then(|ms| Timestamp::from_millisecond(ms).ok()).map(dates::iso)),
        other => other.clone(),
    };
    let mut item = json!({
        "id": id, "kind": if parts.is_some() { "playlist" } else { "activity" }, "title": row["name"], "description": row["description"], "language": "nl",
        "start": start, "end": row["eventEnd"], "time_zone": row["tz"], "duration": row["duration"]["seconds"],
        "online": row["type"] == "digitalXp", "address": row["address"], "location": row["location"],
        "category": category, "skills": skills,
        "organiser": organisation.map(|organisation| json!({"id": organisation["id"], "name": organisation["name"], "picture": organisation["picture"],
            "verified": organisation["verified"], "url": organisation["website"]})),
        "co_hosts": row["coHosts"].as_array().into_iter().flatten().map(|host| host["name"].clone()).collect::<Vec<_>>(),
        "picture": row["picture"], "cover": row["coverPicture"], "colour": row["color"], "page": format!("/activities/{id}"), "website": row["website"],
        "contacts": row["contacts"], "material": row["material"], "badge": badge(city, row, origin), "home": row["site"]["siteUrl"],
    });
    if let Some(object) = item.as_object_mut() {
        object.retain(|_, value| !value.is_null());
        if parts.is_none() {
            object.insert("form".to_owned(), row["type"].clone());
            // Badgecraft has no field for what it costs; the feed does, and some organisers fill it in.
            if id.ends_with(['1', '4', '7']) {
                object.insert("price".to_owned(), json!("gratis"));
                object.insert("audience".to_owned(), json!("iedereen vanaf 16 jaar"));
            }
        }
    }
    if let Some(parts) = parts {
        item["ordered"] = row["playlistActivitiesOrdered"].clone();
        item["parts"] = parts.iter().map(|part| self::part(city, part)).collect();
    }
    item
}

fn part(city: &Catalogue, part: &Value) -> Value {
    let project = part["id"].as_str().and_then(|id| city.projects.get(id));
    json!({
        "id": part["id"], "title": project.map(|project| project["name"].clone()), "mandatory": part["mandatory"],
        "home": project.map(|project| project["site"]["siteUrl"].clone()),
    })
}

fn badge(city: &Catalogue, row: &Value, origin: &str) -> Option<Value> {
    let class = city.badge_classes.get(row["completeBadgeClass"].as_str()?)?;
    let tasks = class["criteria"].as_array().into_iter().flatten();
    let tasks =
        tasks.map(|task| json!({"description": task["description"], "check": task["checkType"], "count": task["checkTypeCount"]}));
    let needed = class["depsExplicit"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let needed: Vec<Value> = needed
        .filter_map(|id| city.badge_classes.get(id))
        .map(|class| json!({"id": class["id"], "name": class["name"], "url": format!("{origin}/ob2/badges/{}", class["id"].as_str().unwrap_or_default())}))
        .collect();
    let requires = (!needed.is_empty()).then(|| json!({"count": class["depsCount"], "badges": needed}));
    let mut badge = json!({
        "id": class["id"], "url": format!("{origin}/ob2/badges/{}", class["id"].as_str()?), "name": class["name"], "description": class["description"],
        "picture": class["picture"], "evidence": class["evidenceRequired"], "tasks_needed": class["minTasksRequired"], "tasks": tasks.collect::<Vec<_>>(),
        "requires": requires,
    });
    if let Some(object) = badge.as_object_mut() {
        object.retain(|_, value| !value.is_null());
    }
    Some(badge)
}

/// Writes the well-known document, a feed of at most `items` items and small pictures of them into `folder`, for the offline demo.
///
/// # Errors
/// When the folder cannot be written.
pub fn export(folder: &Path, now: Timestamp, items: usize) -> io::Result<()> {
    let state = State::new(EXPORTED.to_owned(), Some(now), Vec::new());
    let setup = state.setup();
    let city = &setup.catalogue;
    let mut chosen: Vec<Value> = chosen(city, items).iter().map(|row| item(city, row, EXPORTED)).collect();
    for item in &mut chosen {
        // The art of an activity is the art of its badge: one file serves both.
        item["badge"]["picture"] = item["picture"].clone();
        let organiser = &item["organiser"]["picture"];
        for (path, width) in [(&item["picture"], 256), (&item["cover"], 600), (organiser, 128)] {
            let Some((path, file)) = path.as_str().and_then(|path| Some((path, path.rsplit('/').next()?))) else { continue };
            let bucket = path.trim_start_matches("/storage/").split('/').next().unwrap_or_default();
            let png = Picture::read(bucket, file).and_then(|picture| pictures::small(&setup, &picture, width));
            write(folder, path, &png.unwrap_or_default())?;
        }
    }
    write(folder, "/.well-known/cities-of-learning", &pretty(&well_known(&setup, false)))?;
    write(folder, "/feed/activities.json", &pretty(&json!({"version": 1, "next": null, "items": chosen})))
}

/// A choice that shows every form: playlists with all their parts first, then what starts soonest.
fn chosen(city: &Catalogue, items: usize) -> Vec<&Value> {
    let rows = || city.projects.rows.iter().map(|row| &**row).filter(|row| listed(row));
    let parts = |row: &Value| -> Vec<String> {
        row["playlistActivities"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|part| part["id"].as_str().map(str::to_owned))
            .collect()
    };
    let mut ids: Vec<String> = Vec::new();
    for playlist in rows().filter(|row| !parts(row).is_empty()) {
        let fresh: Vec<String> = parts(playlist).into_iter().filter(|id| !ids.contains(id)).collect();
        if ids.len() + fresh.len() < items * 3 / 4 {
            ids.extend(fresh);
            ids.push(playlist["id"].as_str().unwrap_or_default().to_owned());
        }
    }
    // One of each form, then the badges of the demo wallet.
    let mut forms: Vec<&Value> = rows().filter(|row| ids.iter().any(|id| row["id"] == **id)).map(|row| &row["type"]).collect();
    for row in rows().filter(|row| parts(row).is_empty() && row["site"].is_null()) {
        let id = row["id"].as_str().unwrap_or_default();
        if ids.len() < items && !forms.contains(&&row["type"]) && !ids.iter().any(|known| known == id) {
            forms.push(&row["type"]);
            ids.push(id.to_owned());
        }
    }
    for row in rows().filter(|row| row["site"].is_null() && parts(row).is_empty()) {
        let id = row["id"].as_str().unwrap_or_default();
        if ids.len() < items && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    rows().filter(|row| ids.iter().any(|id| row["id"] == **id)).collect()
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(value).expect("a JSON value can be written");
    text.push('\n');
    text.into_bytes()
}

fn write(folder: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let file = folder.join(path.trim_start_matches('/'));
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(file, bytes)
}
