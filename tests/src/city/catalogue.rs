//! What there is to learn in the city, in the shape of the GraphQL schema: references to other tables are ids.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    crowd, dates, hostile,
    modes::{Mode, Modes},
    palette,
};

const DATA: &str = include_str!("../../city/utrecht.json");

/// Rows that are found by id, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Arc<Value>>,
    by_id: HashMap<String, usize>,
}

impl Table {
    pub(super) fn push(&mut self, row: Value) {
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        if let Some(index) = self.by_id.get(&id) {
            self.rows[*index] = Arc::new(row);
        } else {
            self.by_id.insert(id, self.rows.len());
            self.rows.push(Arc::new(row));
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Value>> {
        self.by_id.get(id).map(|index| &self.rows[*index])
    }

    /// Works on one row.
    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut Value)) {
        if let Some(index) = self.by_id.get(id) {
            change(Arc::make_mut(&mut self.rows[*index]));
        }
    }
}

/// Everything that the city knows before anybody came.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) projects: Table,
    pub(super) badge_classes: Table,
    pub(super) organisations: Table,
    /// Dutch and English names; the id of the first is 501.
    pub(super) skills: Vec<[String; 2]>,
    /// English keys; the id of the first is 1.
    pub(super) categories: Vec<String>,
    pub(super) districts: Vec<District>,
}

/// A part of Utrecht.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct District {
    pub(super) name: String,
    pub(super) lat: f64,
    pub(super) lng: f64,
}

#[derive(Deserialize)]
struct Data {
    districts: Vec<District>,
    categories: Vec<String>,
    skills: Vec<[String; 2]>,
    organisers: Vec<Organiser>,
    activities: Vec<Row>,
    playlists: Vec<Row>,
    elsewhere: Elsewhere,
}

#[derive(Deserialize)]
struct Elsewhere {
    site: Value,
    activities: Vec<Row>,
}

#[derive(Deserialize)]
struct Organiser {
    key: String,
    id: String,
    name: String,
    text: String,
    district: String,
    street: String,
    host: Option<String>,
    verified: bool,
    icon: String,
    at: Option<[f64; 2]>,
}

/// An activity or playlist as `utrecht.json` and the organiser page write it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    pub(super) id: u32,
    pub(super) form: String,
    pub(super) cat: Option<usize>,
    pub(super) icon: String,
    pub(super) org: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) district: Option<String>,
    pub(super) street: Option<String>,
    pub(super) at: Option<[f64; 2]>,
    /// The day and time at which it starts, or the day on which it ends.
    pub(super) day: Option<i64>,
    pub(super) time: Option<String>,
    pub(super) until: Option<i64>,
    pub(super) hours: Option<f64>,
    pub(super) skills: Vec<Option<String>>,
    pub(super) cohosts: Vec<String>,
    pub(super) material: Option<[String; 2]>,
    pub(super) website: Option<String>,
    pub(super) video: Option<String>,
    pub(super) nocover: bool,
    /// The start is written as milliseconds since 1970.
    pub(super) epoch: bool,
    /// Was deleted: lists still count it, and hold null in its place.
    pub(super) gone: bool,
    pub(super) badge: BadgeRow,
    pub(super) parts: Vec<(u32, bool)>,
    pub(super) ordered: bool,
    /// A start that somebody chose, instead of a day.
    #[serde(skip)]
    pub(super) start: Option<Timestamp>,
}

/// The badge of a row.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct BadgeRow {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) evidence: bool,
    pub(super) need: Option<usize>,
    /// What to do, who checks it, and how many of them.
    pub(super) tasks: Vec<(String, String, u32)>,
    pub(super) requires: Vec<u32>,
}

impl Catalogue {
    /// The city as it is at `now`, with the activities that organisers made since.
    pub(super) fn build(modes: &Modes, now: Timestamp, made: &[Row]) -> Self {
        let data: Data = serde_json::from_str(DATA).expect("utrecht.json");
        let mut city = Self { skills: data.skills, categories: data.categories, districts: data.districts, ..Self::default() };
        let organisers: HashMap<&str, &Organiser> = data.organisers.iter().map(|one| (one.key.as_str(), one)).collect();
        for organiser in &data.organisers {
            let row = city.organisation(organiser);
            city.organisations.push(row);
        }
        let rows = data.activities.iter().chain(made).chain(&data.playlists);
        match modes.big() {
            Some(count) => crowd::rows(count, &data.activities).iter().for_each(|row| city.add(row, &organisers, now, None)),
            None => {
                rows.for_each(|row| city.add(row, &organisers, now, None));
                data.elsewhere.activities.iter().for_each(|row| city.add(row, &organisers, now, Some(&data.elsewhere.site)));
                city.closed(&organisers, now);
            }
        }
        for playlist in &data.playlists {
            for (part, _) in &playlist.parts {
                city.projects.change(&part.to_string(), |project| {
                    if let Some(used) = project["usedInPlaylists"].as_array_mut() {
                        used.push(json!(playlist.id.to_string()));
                    }
                    project["stats"]["usedInPlaylists"] = json!(1);
                });
            }
        }
        if let Some(url) = modes.federate() {
            city.federate(url);
        }
        if modes.has(&Mode::Hostile) {
            hostile::spoil(&mut city);
        }
        if modes.has(&Mode::Infinite) {
            city.projects.change("31101", |project| project["location"] = json!({"lat": hostile::INFINITE, "lng": 5.1}));
        }
        city
    }

    /// The id of a skill by its Dutch name.
    pub(super) fn skill_id(&self, name: &str) -> Option<String> {
        self.skills.iter().position(|[dutch, _]| dutch == name).map(|index| (501 + index).to_string())
    }

    /// A skill's name in `language`; anything but Dutch is English.
    pub(super) fn skill_name(&self, id: &str, language: &str) -> Option<&str> {
        let index = id.parse::<usize>().ok()?.checked_sub(501)?;
        let [dutch, english] = self.skills.get(index)?;
        Some(if language.starts_with("nl") { dutch } else { english })
    }

    fn place(&self, district: &str, seed: u32) -> Option<Value> {
        let district = self.districts.iter().find(|known| known.name == district)?;
        // Not all on one heap: within some four hundred metres.
        let off = |factor: u32| (f64::from(seed.wrapping_mul(factor) % 1000) - 500.0) / 1000.0;
        let round = |value: f64| (value * 1e5).round() / 1e5;
        Some(json!({"lat": round(district.lat + off(7919) * 0.006), "lng": round(district.lng + off(104_729) * 0.010)}))
    }

    fn organisation(&self, organiser: &Organiser) -> Value {
        let contacts = organiser.host.iter().map(|host| json!({"name": "email", "value": format!("info@{host}")}));
        let number: u32 = organiser.id.parse().unwrap_or_default();
        json!({
            "id": organiser.id, "name": organiser.name, "description": organiser.text,
            "picture": format!("/storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b{:04}.png", number),
            "pictureMeta": {"id": format!("o{number}"), "dominantColor": palette::of(number as usize % 12).bright, "dominantColorType": "dark"},
            "verified": organiser.verified, "verifyStatus": if organiser.verified { "verified" } else { "notVerified" },
            "website": organiser.host.as_ref().map(|host| format!("https://{host}")), "contacts": contacts.collect::<Vec<_>>(),
            "language": "nl", "country": "NL", "tz": "Europe/Amsterdam", "address": organiser.street,
            "location": organiser.at.map_or_else(|| self.place(&organiser.district, number), |[lat, lng]| Some(json!({"lat": lat, "lng": lng}))),
            "isPublic": true, "joinType": "open", "category": null, "icon": organiser.icon,
        })
    }

    fn add(&mut self, row: &Row, organisers: &HashMap<&str, &Organiser>, now: Timestamp, site: Option<&Value>) {
        if row.gone {
            self.projects.push(json!({"id": row.id.to_string(), "gone": true, "contexts": ["badges", "event"], "rank": row.id}));
            return;
        }
        let organiser = organisers.values().find(|organiser| row.org == organiser.key || row.org == organiser.id);
        let organiser = organiser.map_or("7001", |organiser| organiser.id.as_str());
        let project = self.project(row, organiser, now, site);
        let class = badge_class(row, organiser);
        self.projects.push(project);
        self.badge_classes.push(class);
    }

    fn project(&self, row: &Row, organiser: &str, now: Timestamp, site: Option<&Value>) -> Value {
        let playlist = !row.parts.is_empty();
        let time = row.time.as_deref().and_then(|time| time.parse().ok()).unwrap_or(jiff::civil::time(10, 0, 0, 0));
        let start = row.start.or_else(|| row.day.map(|day| dates::moment(now, day, time)));
        let end = match (start, row.until) {
            (Some(start), _) => row.hours.map(|hours| dates::later(start, one_meeting(hours))),
            (None, Some(days)) => Some(dates::moment(now, days, jiff::civil::time(17, 0, 0, 0))),
            (None, None) => None,
        };
        let start = start.map(|start| if row.epoch { json!(start.as_millisecond()) } else { json!(dates::iso(start)) });
        let online = row.form == "digitalXp" || playlist;
        let place = match (row.at, &row.district) {
            (Some([lat, lng]), _) => Some(json!({"lat": lat, "lng": lng})),
            (None, Some(district)) if !online => self.place(district, row.id),
            _ => None,
        };
        let address = match (&row.street, &row.district) {
            (Some(street), _) if street.contains("Utrecht") => Some(street.clone()),
            (Some(street), Some(district)) => Some(format!("{street}, Utrecht ({district})")),
            _ => None,
        };
        let category = row.cat.map(|category| category.to_string());
        let colour = palette::of(row.cat.unwrap_or(3) - 1).bright;
        let contacts = self.organisations.get(organiser).map_or(json!([]), |found| found["contacts"].clone());
        let material = row.material.iter().map(|[label, file]| {
            let host = self.organisations.get(organiser).and_then(|found| found["website"].as_str().map(str::to_owned));
            json!({"label": label, "url": format!("{}/{file}", host.unwrap_or_else(|| "https://voorbeeld.example".to_owned()))})
        });
        let skills: Vec<Option<String>> =
            row.skills.iter().map(|skill| skill.as_deref().and_then(|name| self.skill_id(name))).collect();
        let parts = row
            .parts
            .iter()
            .map(|(id, mandatory)| json!({"id": id.to_string(), "mandatory": mandatory, "project": id.to_string()}));
        let class = (row.id + 50_000).to_string();
        let mut project = json!({
            "id": row.id.to_string(), "status": "published", "rank": row.id, "icon": row.icon,
            "contexts": ["badges", if playlist { "playlist" } else { "event" }], "type": if playlist { "event" } else { row.form.as_str() },
            "name": row.title, "description": row.text, "color": colour,
            "eventStart": start, "eventEnd": end.map(dates::iso), "tz": "Europe/Amsterdam",
            "duration": row.hours.map(|hours| json!({"seconds": (hours * 3600.0) as i64, "str": spoken_hours(hours)})),
            "address": address.filter(|_| !online), "location": place, "locationId": null,
            "website": row.website, "contacts": contacts,
            "videos": row.video.iter().map(|id| json!({"id": id, "input": format!("https://youtu.be/{id}"), "type": "youtube"})).collect::<Vec<_>>(),
            "material": material.collect::<Vec<_>>(), "coHosts": row.cohosts.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        });
        let rest = json!({
            "picture": format!("/storage/project/b2c0d3e4-2222-4b4b-8c8c-0{:011}.png", row.id),
            "pictureMeta": {"id": format!("p{}", row.id), "dominantColor": colour, "dominantColorType": "dark"},
            "coverPicture": (!row.nocover).then(|| format!("/storage/project/b2c0d3e4-2222-4b4b-8c8c-1{:011}.png", row.id)),
            "coverMeta": (!row.nocover).then(|| json!({"id": format!("c{}", row.id), "dominantColor": colour, "dominantColorType": "dark"})),
            "category": category, "skills": skills, "organisationId": organiser, "organisation": organiser, "site": site,
            "badgeClasses": [class], "completeBadgeClass": class, "usedInPlaylists": [],
            "playlistActivities": parts.collect::<Vec<_>>(), "playlistActivitiesOrdered": row.ordered,
            "users": {"total": row.id % 37}, "isPublic": true, "joinType": "open", "joinUUID": null, "viewerPreferences": [],
            "stats": {"joinCount": row.id % 37, "issuedCompleteBadges": row.id % 23, "usedInPlaylists": 0},
        });
        if let (Some(project), Value::Object(rest)) = (project.as_object_mut(), rest) {
            project.extend(rest);
        }
        project
    }

    /// What exists and is not for everybody.
    fn closed(&mut self, organisers: &HashMap<&str, &Organiser>, now: Timestamp) {
        for (id, title, error) in
            [(31998, "Besloten bijeenkomst", "authorisationRequired"), (31997, "Besloten route", "authorizationRequired")]
        {
            let row = Row {
                id,
                form: "event".to_owned(),
                title: title.to_owned(),
                org: "domstad".to_owned(),
                icon: "house".to_owned(),
                ..Row::default()
            };
            self.add(&row, organisers, now, None);
            self.projects.change(&id.to_string(), |project| project["closed"] = json!(error));
            self.badge_classes.change(&(id + 50_000).to_string(), |class| class["closed"] = json!("authorizationRequired"));
        }
    }

    /// Every third activity lives at the city at `url`, under the id that it has here.
    fn federate(&mut self, url: &str) {
        let site = json!({"id": "902", "title": "Buurstad (fictief)", "siteUrl": url, "logoUrl": null});
        let ids: Vec<String> =
            self.projects.rows.iter().step_by(3).filter_map(|row| row["id"].as_str().map(str::to_owned)).collect();
        for id in ids {
            self.projects.change(&id, |project| project["site"] = site.clone());
        }
    }
}

fn badge_class(row: &Row, organiser: &str) -> Value {
    let class = row.id + 50_000;
    let criteria = row.badge.tasks.iter().enumerate().map(|(index, (task, check, count))| {
        json!({"id": format!("{}", class * 10 + index as u32), "no": index + 1, "description": task, "checkType": check, "checkTypeCount": count, "evidences": []})
    });
    let mandatory: Vec<u32> = row.parts.iter().filter(|(_, mandatory)| *mandatory).map(|(id, _)| *id).collect();
    let requires: Vec<String> = row.badge.requires.iter().chain(&mandatory).map(|id| (id + 50_000).to_string()).collect();
    json!({
        "id": class.to_string(), "name": row.badge.name, "description": row.badge.text, "status": "published",
        "picture": format!("/storage/badge/a1b0c2d3-1111-4a4a-9b9b-{class:012}.png"),
        "projectId": row.id.to_string(), "project": row.id.to_string(), "organisation": organiser,
        "evidenceRequired": row.badge.evidence, "minTasksRequired": row.badge.need.unwrap_or(row.badge.tasks.len()),
        "criteria": criteria.collect::<Vec<_>>(), "depsCount": requires.len(), "depsExplicit": requires,
        "endorsements": {"total": u32::from(class.is_multiple_of(7)), "limit": 10, "offset": 0, "list": []},
    })
}

/// How long one meeting takes of something that takes `hours` in all: what does not fit in an evening has more than one.
fn one_meeting(hours: f64) -> f64 {
    if hours > 5.0 { 3.0 } else { hours }
}

fn spoken_hours(hours: f64) -> String {
    if hours < 1.0 {
        format!("{} minutes", (hours * 60.0).round())
    } else if hours == 1.0 {
        "1 hour".to_owned()
    } else {
        format!("{hours} hours")
    }
}
