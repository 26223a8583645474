//! The questions at the root: the city, its lists, and one item by its id.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::{
    entities,
    modes::Mode,
    resolve::{Arguments, Asking},
};

/// What a field of `Query` answers.
pub(super) fn query(asking: &Asking, field: &str, arguments: &Arguments<'_, '_>) -> Option<Value> {
    let id = || arguments.text("id").unwrap_or_default();
    let city = asking.catalogue();
    Some(match field {
        "site" if asking.setup.modes.has(&Mode::NoTenant) => Value::Null,
        "site" => site(asking),
        "me" => entities::me(asking),
        "projects" => projects(asking, &Filter::read(arguments)),
        "maybeProject" => maybe_project(asking, &id()),
        "maybeProjects" => arguments.texts("list").unwrap_or_default().iter().map(|id| maybe_project(asking, id)).collect(),
        "badge" => json!(id()),
        "maybeBadgeClass" => match city.badge_classes.get(&id()) {
            Some(class) if class["closed"].is_null() => json!({"id": id(), "error": null, "badgeClass": id()}),
            Some(class) => json!({"id": id(), "error": class["closed"], "badgeClass": null}),
            None => json!({"id": id(), "error": "notFound", "badgeClass": null}),
        },
        "organisation" => json!(id()),
        "maybeOrganisation" => {
            let known = city.organisations.get(&id()).is_some();
            json!({"id": id(), "error": if known { None } else { Some("notFound") }, "organisation": known.then(id)})
        }
        "organisations" => organisations(asking, arguments),
        "skill" => json!(city.skill_name(&id(), "nl").map(|_| skill(asking, &id(), &asking.asked_in(arguments)))),
        "findSkills" => {
            let wanted = arguments.text("q").unwrap_or_default().to_lowercase();
            let language = arguments.text("lang").unwrap_or_default();
            let found: Vec<Value> = (501..501 + city.skills.len())
                .map(|id| id.to_string())
                .filter(|id| city.skill_name(id, &language).is_some_and(|name| name.to_lowercase().contains(&wanted)))
                .map(|id| skill(asking, &id, &language))
                .collect();
            json!({"total": found.len(), "list": found})
        }
        "findAddress" => json!({"list": [{"id": "adres-1", "text": arguments.text("address"), "secondaryText": "Utrecht"}]}),
        "countries" => json!([{"id": "NL", "name": "Nederland"}, {"id": "BE", "name": "België"}]),
        "languages" => {
            json!([{"id": "nl", "name": "Dutch", "nativeName": "Nederlands", "ui": true}, {"id": "en", "name": "English", "nativeName": "English", "ui": true}])
        }
        "timeZones" => json!([{"id": "Europe/Amsterdam", "name": "Europe/Amsterdam"}]),
        "maybeEndorsement" => json!({"id": id(), "error": "authorisationRequired", "endorsement": null}),
        _ => return None,
    })
}

/// A skill in a language.
pub(super) fn skill(asking: &Asking, id: &str, language: &str) -> Value {
    json!({"id": id, "name": asking.catalogue().skill_name(id, language), "type": "skill"})
}

fn site(asking: &Asking) -> Value {
    let city = asking.catalogue();
    let here = city.projects.rows.iter().filter(|row| visible(row) && row["site"].is_null());
    let marks: Vec<Value> = here.map(|row| json!({"id": row["id"], "location": row["location"]})).collect();
    let categories: Vec<String> = (1..=city.categories.len()).map(|id| id.to_string()).collect();
    json!({
        "id": "900", "title": super::NAME, "description": "Ontdek waar je in Utrecht iets nieuws kunt leren en verdien er een badge mee.",
        "logoUrl": "/storage/site/6f0f5a52-3a0e-4a63-9d4b-5f3f0a0d9001.png", "coverUrl": "/storage/site/6f0f5a52-3a0e-4a63-9d4b-5f3f0a0d9002.png",
        "siteUrl": asking.state.origin, "location": {"lat": 52.0907, "lng": 5.1214}, "zoom": 12, "mapType": "city", "mapMarks": marks,
        "categories": categories, "newOrganisers": "open", "coFundedBy": [], "footer": [{"title": "Over", "links": [{"title": "Start", "path": "/"}]}],
        "colors": {"primary": "#2C3FD0", "primaryHover": "#1F2FA8", "disabled": "#C3C8DE"},
        "block1Config": {"type": "projects", "heading": "Nieuw", "subHeading": null, "projectSort": "createdAt", "projectOrder": "desc"}, "block2Config": null,
    })
}

fn maybe_project(asking: &Asking, id: &str) -> Value {
    match asking.catalogue().projects.get(id) {
        Some(row) if !row["closed"].is_null() => json!({"id": id, "error": row["closed"], "project": null}),
        Some(row) if row["gone"] != true => json!({"id": id, "error": null, "project": id}),
        _ => json!({"id": id, "error": "notFound", "project": null}),
    }
}

fn organisations(asking: &Asking, arguments: &Arguments<'_, '_>) -> Value {
    let wanted = arguments.text("q").unwrap_or_default().to_lowercase();
    let verified = arguments.flag("verified");
    let rows = asking.catalogue().organisations.rows.iter();
    let found: Vec<&Value> = rows
        .filter(|row| !verified || row["verified"] == true)
        .filter(|row| row["name"].as_str().is_some_and(|name| name.to_lowercase().contains(&wanted)))
        .map(|row| &row["id"])
        .collect();
    page(
        &found.into_iter().cloned().collect::<Vec<_>>(),
        arguments.number("limit").unwrap_or(20),
        arguments.number("offset").unwrap_or(0),
    )
}

/// `{ total limit offset list }` of one page.
pub(super) fn page(all: &[Value], limit: usize, offset: usize) -> Value {
    let list: Vec<&Value> = all.iter().skip(offset).take(limit).collect();
    json!({"total": all.len(), "limit": limit, "offset": offset, "list": list})
}

fn visible(row: &Value) -> bool {
    row["closed"].is_null() && row["gone"] != true
}

/// What a list of activities is narrowed by.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) q: Option<String>,
    pub(super) categories: Option<Vec<String>>,
    pub(super) skills: Option<Vec<String>>,
    pub(super) contexts: Option<Vec<String>>,
    pub(super) organisation: Option<String>,
    pub(super) exclude: Vec<String>,
    pub(super) only: Option<Vec<String>>,
    pub(super) site: bool,
    pub(super) facets: bool,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    pub(super) sort: Option<String>,
    pub(super) order: Option<String>,
}

impl Filter {
    pub(super) fn read(arguments: &Arguments<'_, '_>) -> Self {
        let category = arguments.text("category").map(|category| vec![category]);
        let some = |list: Option<Vec<String>>| list.filter(|list| !list.is_empty());
        Self {
            q: arguments.text("q").map(|q| q.to_lowercase()).filter(|q| !q.trim().is_empty()),
            categories: category.or_else(|| some(arguments.texts("categories"))),
            skills: some(arguments.texts("skills")),
            contexts: some(arguments.texts("contexts")),
            exclude: arguments.texts("exclude").unwrap_or_default(),
            site: arguments.flag("siteFilter"),
            facets: arguments.texts("facets").is_some_and(|facets| facets.iter().any(|facet| facet == "skill")),
            limit: arguments.number("limit"),
            offset: arguments.number("offset").unwrap_or(0),
            sort: arguments.text("sort"),
            order: arguments.text("order"),
            ..Self::default()
        }
    }

    fn takes(&self, row: &Value) -> bool {
        let one_of = |wanted: &Option<Vec<String>>, value: &Value| {
            wanted.as_ref().is_none_or(|wanted| match value {
                Value::Array(values) => values.iter().any(|value| wanted.iter().any(|wanted| value == wanted)),
                value => wanted.iter().any(|wanted| value == wanted),
            })
        };
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_lowercase();
        let named = |q: &String| ["name", "description", "address"].iter().any(|key| text(key).contains(q.as_str()));
        row["closed"].is_null()
            && (!self.site || row["site"].is_null())
            && self.q.as_ref().is_none_or(named)
            && one_of(&self.categories, &row["category"])
            && one_of(&self.skills, &row["skills"])
            && one_of(&self.contexts, &row["contexts"])
            && one_of(&self.only, &row["id"])
            && self.organisation.as_ref().is_none_or(|organisation| row["organisation"] == **organisation)
            && !self.exclude.iter().any(|id| row["id"] == **id)
    }
}

/// The most that one page holds.
const MOST: usize = 100;

/// A `ProjectList`.
pub(super) fn projects(asking: &Asking, filter: &Filter) -> Value {
    let mut found: Vec<&Arc<Value>> = asking.catalogue().projects.rows.iter().filter(|row| filter.takes(row)).collect();
    let endless = asking.setup.modes.has(&Mode::Loop);
    match filter.sort.as_deref() {
        Some("name") => found.sort_by_key(|row| row["name"].as_str().unwrap_or_default().to_lowercase()),
        Some("joined" | "visit") => found.sort_by_key(|row| row["stats"]["joinCount"].as_u64()),
        _ => found.sort_by_key(|row| row["rank"].as_u64()),
    }
    if filter.order.as_deref() == Some("desc") {
        found.reverse();
    }
    let (limit, offset) = (filter.limit.unwrap_or(20).min(MOST), if endless { 0 } else { filter.offset });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    if filter.facets {
        for skill in found.iter().flat_map(|row| row["skills"].as_array().into_iter().flatten()).filter_map(Value::as_str) {
            *counts.entry(skill).or_default() += 1;
        }
    }
    let mut ids: Vec<Value> = found.iter().map(|row| row["id"].clone()).collect();
    if asking.setup.modes.has(&Mode::Nulls) {
        ids = with_holes(&ids);
    }
    let list: Vec<&Value> = ids.iter().skip(offset).take(limit).collect();
    json!({
        "q": filter.q, "total": if endless { 1_000_000 } else { ids.len() }, "limit": limit, "offset": filter.offset,
        "sort": filter.sort, "order": filter.order, "list": list, "facet": counts,
        "skills": filter.skills, "categories": filter.categories,
    })
}

/// What was deleted, for every three that were not: counted, as an offset counts it, and null.
fn with_holes(ids: &[Value]) -> Vec<Value> {
    ids.chunks(3).flat_map(|three| three.iter().cloned().chain([Value::Null])).collect()
}
