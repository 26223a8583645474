//! Pages that only show something.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State as Shared},
    http::{Uri, header},
    response::{Redirect, Response},
    routing::get,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{CODE_FORM, Page, STYLE, escape, missing, prose, text};
use crate::city::{
    NAME, dates,
    http::parameter,
    modes::Mode,
    state::{Setup, State},
};

pub(super) fn router() -> Router<Arc<State>> {
    let mut router = Router::new()
        .route("/", get(home))
        .route("/style.css", get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE) }))
        .route("/playlists/{id}", get(|Path(id): Path<String>| async move { Redirect::permanent(&format!("/activities/{id}")) }))
        .route("/events/{id}", get(|Path(id): Path<String>| async move { Redirect::permanent(&format!("/activities/{id}")) }))
        .route("/activities/{id}/part/{part}", get(part))
        .route("/activities/{id}/classes/{class}", get(class_of));
    for language in ["", "/nl", "/en"] {
        router = router
            .route(&format!("{language}/activities/{{id}}"), get(activity))
            .route(&format!("{language}/classes/{{id}}"), get(class))
            .route(&format!("{language}/organisers/{{id}}"), get(organiser));
    }
    router
}

/// When something is, in words.
pub(super) fn when(row: &Value) -> String {
    let moment = |key: &str| -> Option<Timestamp> {
        match &row[key] {
            Value::Number(number) => Timestamp::from_millisecond(number.as_i64()?).ok(),
            value => value.as_str()?.parse().ok(),
        }
    };
    match (moment("eventStart"), moment("eventEnd")) {
        (Some(start), _) => dates::spoken(start),
        (None, Some(end)) => format!("tot en met {}", dates::spoken(end)),
        (None, None) => "wanneer je wilt".to_owned(),
    }
}

fn card(row: &Value) -> String {
    let place = row["address"].as_str().unwrap_or(if row["type"] == "digitalXp" { "online" } else { "" });
    let picture = text(row, "picture");
    format!(
        "<li><a class=\"card\" href=\"/activities/{}\"><img src=\"{}\" alt=\"\" width=\"72\" height=\"72\" loading=\"lazy\"><span><strong>{}</strong><small>{}<br>{}</small></span></a></li>",
        escape(text(row, "id")),
        escape(picture),
        escape(text(row, "name")),
        escape(&when(row)),
        escape(place)
    )
}

async fn home(Shared(state): Shared<Arc<State>>) -> Response {
    let setup = state.setup();
    let rows =
        setup.catalogue.projects.rows.iter().filter(|row| row["closed"].is_null() && row["gone"] != true && row["site"].is_null());
    let (playlists, activities): (Vec<_>, Vec<_>) =
        rows.partition(|row| row["playlistActivities"].as_array().is_some_and(|parts| !parts.is_empty()));
    let cards = |rows: &[&Arc<Value>]| rows.iter().rev().take(100).map(|row| card(row)).collect::<String>();
    let body = format!(
        "<h1>Leren in Utrecht</h1><p class=\"lead\">Dit is een oefenstad. De straten zijn echt, de rest is verzonnen.</p>\
         <section class=\"badge first\"><img class=\"qr\" src=\"/claim/qr/welkom.svg\" alt=\"QR-code voor je eerste badge\" width=\"200\" height=\"200\">\
         <div><h2>Je eerste badge</h2><p>Scan deze code met je badge wallet.</p>\
         <p>Kan dat niet? De code is <a href=\"/claim?code=welkom\"><strong>welkom</strong></a>.</p></div></section>\
         {CODE_FORM}\
         <h2>Routes</h2><ul class=\"cards\">{}</ul><h2>Activiteiten</h2><ul class=\"cards\">{}</ul>",
        cards(&playlists),
        cards(&activities)
    );
    Page {
        title: "Leren in Utrecht".to_owned(),
        description: "Ontdek waar je in Utrecht iets nieuws kunt leren.".to_owned(),
        path: "/".to_owned(),
        body,
        ..Page::default()
    }
    .show(&state)
}

fn found<'a>(setup: &'a Setup, id: &str) -> Option<&'a Arc<Value>> {
    setup.catalogue.projects.get(id).filter(|row| row["closed"].is_null() && row["gone"] != true)
}

async fn activity(Shared(state): Shared<Arc<State>>, Path(id): Path<String>, uri: Uri) -> Response {
    let setup = state.setup();
    let asked = parameter(&uri, "part").unwrap_or(id);
    let Some(row) = found(&setup, &asked) else { return missing() };
    project_page(&state, &setup, row, uri.path())
}

async fn part(Shared(state): Shared<Arc<State>>, Path((_, part)): Path<(String, String)>, uri: Uri) -> Response {
    let setup = state.setup();
    let Some(row) = found(&setup, &part) else { return missing() };
    project_page(&state, &setup, row, uri.path())
}

fn project_page(state: &State, setup: &Setup, row: &Value, path: &str) -> Response {
    let organisation = row["organisation"].as_str().and_then(|id| setup.catalogue.organisations.get(id));
    let class = row["completeBadgeClass"].as_str().and_then(|id| setup.catalogue.badge_classes.get(id));
    let mut body = String::new();
    if let Some(cover) = row["coverPicture"].as_str() {
        body += &format!("<img class=\"cover\" src=\"{}\" alt=\"\" width=\"1200\" height=\"628\">", escape(cover));
    }
    body += &format!("<h1>{}</h1><dl><dt>Wanneer</dt><dd>{}</dd>", escape(text(row, "name")), escape(&when(row)));
    if let Some(address) = row["address"].as_str() {
        body += &format!("<dt>Waar</dt><dd>{}</dd>", escape(address));
    }
    if let Some(organisation) = organisation {
        body += &format!(
            "<dt>Van</dt><dd><a href=\"/organisers/{}\">{}</a></dd>",
            escape(text(organisation, "id")),
            escape(text(organisation, "name"))
        );
    }
    body += &format!("</dl>{}", prose(text(row, "description")));
    let parts = row["playlistActivities"].as_array().into_iter().flatten().filter_map(|part| part["id"].as_str());
    let parts: String = parts.filter_map(|id| setup.catalogue.projects.get(id)).map(|row| card(row)).collect();
    if !parts.is_empty() {
        body += &format!("<h2>De delen</h2><ul class=\"cards\">{parts}</ul>");
    }
    if let Some(class) = class {
        let name = format!("<h2><a href=\"/classes/{}\">{}</a></h2>", escape(text(class, "id")), escape(text(class, "name")));
        body += &badge_box(class, &name);
    }
    let linked =
        setup.modes.has(&Mode::JsonLd).then(|| linked(state, row, organisation.map(|found| &**found), class.map(|found| &**found)));
    let picture = row["coverPicture"].as_str().or(row["picture"].as_str()).map(str::to_owned);
    let description = text(row, "description").chars().take(200).collect();
    Page { title: text(row, "name").to_owned(), description, path: path.to_owned(), picture, body, linked }.show(state)
}

fn badge_box(class: &Value, heading: &str) -> String {
    let tasks = class["criteria"].as_array().into_iter().flatten();
    let tasks: String = tasks.map(|task| format!("<li>{}</li>", escape(text(task, "description")))).collect();
    let tasks = if tasks.is_empty() { String::new() } else { format!("<p>Wat je ervoor doet:</p><ol>{tasks}</ol>") };
    format!(
        "<section class=\"badge\"><img src=\"{}\" alt=\"\" width=\"120\" height=\"120\"><div>{heading}<p>{}</p>{tasks}</div></section>",
        escape(text(class, "picture")),
        escape(text(class, "description"))
    )
}

/// schema.org: what ordinary calendars say, and Badgecraft's pages do not.
fn linked(state: &State, row: &Value, organisation: Option<&Value>, class: Option<&Value>) -> Value {
    let online = row["type"] == "digitalXp";
    let place = row["location"].as_object().map(|point| json!({"@type": "Place", "address": row["address"], "geo": {"@type": "GeoCoordinates", "latitude": point["lat"], "longitude": point["lng"]}}));
    json!({
        "@context": "https://schema.org", "@type": "Event", "name": row["name"], "description": row["description"], "inLanguage": "nl",
        "startDate": row["eventStart"], "endDate": row["eventEnd"], "location": place,
        "eventAttendanceMode": if online { "https://schema.org/OnlineEventAttendanceMode" } else { "https://schema.org/OfflineEventAttendanceMode" },
        "organizer": organisation.map(|organisation| json!({"@type": "Organization", "name": organisation["name"], "url": organisation["website"]})),
        "image": format!("{}{}", state.origin, text(row, "picture")), "isAccessibleForFree": true,
        "educationalCredentialAwarded": class.map(|class| json!({"@type": "EducationalOccupationalCredential", "name": class["name"]})),
    })
}

async fn class(Shared(state): Shared<Arc<State>>, Path(id): Path<String>, uri: Uri) -> Response {
    class_page(&state, &id, uri.path())
}

async fn class_of(Shared(state): Shared<Arc<State>>, Path((_, id)): Path<(String, String)>, uri: Uri) -> Response {
    class_page(&state, &id, uri.path())
}

fn class_page(state: &State, id: &str, path: &str) -> Response {
    let setup = state.setup();
    let Some(class) = setup.catalogue.badge_classes.get(id).filter(|class| class["closed"].is_null()) else { return missing() };
    let needed = class["depsExplicit"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let needed: String = needed
        .filter_map(|id| setup.catalogue.badge_classes.get(id))
        .map(|class| format!("<li><a href=\"/classes/{}\">{}</a></li>", escape(text(class, "id")), escape(text(class, "name"))))
        .collect();
    let needed = if needed.is_empty() { String::new() } else { format!("<h2>Deze badges heb je nodig</h2><ul>{needed}</ul>") };
    let body = format!(
        "{}{needed}<p><a href=\"/activities/{}\">Naar de activiteit</a></p>",
        badge_box(class, &format!("<h1>{}</h1>", escape(text(class, "name")))),
        escape(text(class, "projectId"))
    );
    let picture = class["picture"].as_str().map(str::to_owned);
    Page {
        title: text(class, "name").to_owned(),
        description: text(class, "description").to_owned(),
        path: path.to_owned(),
        picture,
        body,
        linked: None,
    }
    .show(state)
}

async fn organiser(Shared(state): Shared<Arc<State>>, Path(id): Path<String>, uri: Uri) -> Response {
    let setup = state.setup();
    let Some(row) = setup.catalogue.organisations.get(&id) else { return missing() };
    let theirs =
        setup.catalogue.projects.rows.iter().filter(|project| project["organisation"] == *id && project["closed"].is_null());
    let verified = if row["verified"] == true { "<p class=\"mark\">Gecontroleerd door de stad</p>" } else { "" };
    let body = format!(
        "<img src=\"{}\" alt=\"\" width=\"120\" height=\"120\"><h1>{}</h1>{verified}<p>{}</p><h2>Te doen</h2><ul class=\"cards\">{}</ul>",
        escape(text(row, "picture")),
        escape(text(row, "name")),
        escape(text(row, "description")),
        theirs.map(|row| card(row)).collect::<String>()
    );
    let picture = row["picture"].as_str().map(str::to_owned);
    Page {
        title: format!("{} in {NAME}", text(row, "name")),
        description: text(row, "description").to_owned(),
        path: uri.path().to_owned(),
        picture,
        body,
        linked: None,
    }
    .show(&state)
}
