//! The one page of organisers: make an activity with a badge, publish it, print its code, and see who came.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State as Shared},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use url::form_urlencoded;

use super::{
    catalogue::{BadgeRow, Row},
    dates,
    pages::{escape, html, missing, prose, text},
    people::{self, Code, Goal, Made},
    state::{Setup, State},
};

/// The id of the first activity that somebody makes in a city that always starts the same.
pub(super) const FIRST: u32 = 39_001;
/// More than this is not kept.
const MOST: usize = 200;

/// The same in a city that starts at `now`: a wallet that remembers another run is not told of something else under the same id.
pub(super) fn first(now: Timestamp) -> u32 {
    /// The first of January 2026, so that ten times the id of a class, which is the id of its first task, stays within 32 bits.
    const SINCE: i64 = 1_767_225_600;
    FIRST + u32::try_from(now.as_second() - SINCE).unwrap_or_default().min(400_000_000)
}

pub(super) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/organiser", get(overview))
        .route("/organiser/activities", post(make))
        .route("/organiser/activities/{id}", get(one))
        .route("/organiser/activities/{id}/publish", post(publish))
}

async fn overview(Shared(state): Shared<Arc<State>>) -> Response {
    let made: String = state
        .people()
        .made
        .iter()
        .rev()
        .map(|made| {
            let status = if made.published { "staat online" } else { "nog niet online" };
            format!("<li><a href=\"/organiser/activities/{}\">{}</a> ({status})</li>", made.row.id, escape(&made.row.title))
        })
        .collect();
    let made = if made.is_empty() { String::new() } else { format!("<h2>Jouw activiteiten</h2><ul>{made}</ul>") };
    let setup = state.setup();
    let options = |names: &mut dyn Iterator<Item = (String, String)>| {
        names.map(|(value, name)| format!("<option value=\"{}\">{}</option>", escape(&value), escape(&name))).collect::<String>()
    };
    let organisers = options(
        &mut setup.catalogue.organisations.rows.iter().map(|row| (text(row, "id").to_owned(), text(row, "name").to_owned())),
    );
    let districts = options(&mut setup.catalogue.districts.iter().map(|district| (district.name.clone(), district.name.clone())));
    let body = format!(
        "<h1>Maak een activiteit</h1><p>Je maakt een activiteit met een badge. Daarna zet je haar online en print je de code waarmee mensen de badge ophalen.</p>\
         <form method=\"post\" action=\"/organiser/activities\">\
         <label for=\"title\">Hoe heet het?</label><input id=\"title\" name=\"title\" required maxlength=\"120\">\
         <label for=\"organiser\">Wie organiseert het?</label><select id=\"organiser\" name=\"organiser\">{organisers}</select>\
         <label for=\"start\">Wanneer begint het?</label><p class=\"hint\" id=\"start-hint\">Laat leeg als mensen zelf kiezen wanneer.</p><input id=\"start\" aria-describedby=\"start-hint\" name=\"start\" type=\"datetime-local\">\
         <label for=\"street\">Waar is het?</label><p class=\"hint\" id=\"street-hint\">Straat en nummer. Laat leeg als het online is.</p><input id=\"street\" aria-describedby=\"street-hint\" name=\"street\" maxlength=\"120\">\
         <label for=\"district\">In welke wijk?</label><select id=\"district\" name=\"district\">{districts}</select>\
         <label for=\"text\">Wat gaan mensen doen?</label><textarea id=\"text\" name=\"text\" rows=\"5\" required maxlength=\"4000\"></textarea>\
         <label for=\"badge\">Hoe heet de badge?</label><input id=\"badge\" name=\"badge\" required maxlength=\"120\">\
         <label for=\"meaning\">Wat zegt de badge over iemand?</label><input id=\"meaning\" name=\"meaning\" required maxlength=\"300\">\
         <label for=\"tasks\">Wat moet iemand daarvoor doen?</label><p class=\"hint\" id=\"tasks-hint\">Eén taak per regel.</p><textarea id=\"tasks\" aria-describedby=\"tasks-hint\" name=\"tasks\" rows=\"4\" required maxlength=\"2000\"></textarea>\
         <p><button>Bewaar</button></p></form>{made}"
    );
    html(StatusCode::OK, "Voor organisatoren", &body)
}

async fn make(Shared(state): Shared<Arc<State>>, body: Bytes) -> Response {
    let field = |name: &str| {
        let found = form_urlencoded::parse(&body).find(|(key, _)| key == name);
        // A browser ends the lines of a form as mail does.
        let found = found.map(|(_, value)| value.replace("\r\n", "\n").trim().to_owned());
        found.filter(|value| !value.is_empty())
    };
    let (Some(title), Some(words), Some(badge), Some(tasks)) = (field("title"), field("text"), field("badge"), field("tasks"))
    else {
        return html(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Er mist iets",
            "<h1>Er mist iets</h1><p>Vul een naam, een tekst, een badge en minstens één taak in.</p><p><a href=\"/organiser\">Terug</a></p>",
        );
    };
    let start = field("start").and_then(|start| start.parse::<jiff::civil::DateTime>().ok());
    let start = start.and_then(|start| dates::amsterdam().to_timestamp(start).ok());
    let street = field("street");
    let mut people = state.people();
    if people.made.len() >= MOST {
        return html(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Het is vol",
            "<h1>Het is vol</h1><p>Start de oefenstad opnieuw om verder te gaan.</p>",
        );
    }
    let id = state.first + u32::try_from(people.made.len()).unwrap_or_default();
    let tasks =
        tasks.lines().map(str::trim).filter(|task| !task.is_empty()).map(|task| (task.to_owned(), "managers".to_owned(), 1));
    let row = Row {
        id,
        form: if street.is_some() { "workshop" } else { "digitalXp" }.to_owned(),
        cat: Some(1),
        icon: "star".to_owned(),
        org: field("organiser").unwrap_or_default(),
        title,
        text: words,
        district: street.is_some().then(|| field("district")).flatten(),
        street,
        start,
        badge: BadgeRow { name: badge, text: field("meaning").unwrap_or_default(), tasks: tasks.collect(), ..BadgeRow::default() },
        ..Row::default()
    };
    let code = people::new_code();
    people.codes.push(Code { code: code.clone(), goal: Goal::Gain((id + 50_000).to_string()), multi: true, used_by: Vec::new() });
    people.made.push(Made { row, code, published: false });
    drop(people);
    Redirect::to(&format!("/organiser/activities/{id}")).into_response()
}

/// What was saved, so that somebody can read it over before everybody can.
fn draft(setup: &Setup, row: &Row) -> String {
    let organisation = setup.catalogue.organisations.get(&row.org).map_or("", |organisation| text(organisation, "name"));
    let place = [row.street.as_deref(), row.district.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let facts = [
        ("Wanneer", row.start.map_or_else(|| "wanneer je wilt".to_owned(), dates::spoken)),
        ("Waar", if place.is_empty() { "online".to_owned() } else { place }),
        ("Van", organisation.to_owned()),
        ("Badge", row.badge.name.clone()),
        ("Wat de badge zegt", row.badge.text.clone()),
    ];
    let facts: String = facts.iter().map(|(name, told)| format!("<dt>{name}</dt><dd>{}</dd>", escape(told))).collect();
    let tasks: String = row.badge.tasks.iter().map(|(task, ..)| format!("<li>{}</li>", escape(task))).collect();
    format!(
        "<h1>{}</h1><p>Dit is bewaard. Nog niemand kan dit zien.</p><dl>{facts}</dl>{}<p>Wat iemand ervoor doet:</p><ol>{tasks}</ol>\
         <form method=\"post\" action=\"/organiser/activities/{}/publish\"><button>Zet online</button></form><p><a href=\"/organiser\">Terug naar je activiteiten</a></p>",
        escape(&row.title),
        prose(&row.text),
        row.id
    )
}

async fn one(Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Response {
    let setup = state.setup();
    let people = state.people();
    let Some(made) = people.made.iter().find(|made| made.row.id.to_string() == id) else { return missing() };
    let class = (made.row.id + 50_000).to_string();
    let title = escape(&made.row.title);
    if !made.published {
        return html(StatusCode::OK, &made.row.title, &draft(&setup, &made.row));
    }
    let came: String = people
        .issued
        .iter()
        .filter(|issued| issued.class == class)
        .map(|issued| format!("<li>{}, {}</li>", escape(issued.person.name), dates::spoken(issued.at)))
        .collect();
    let came = if came.is_empty() {
        "<p>Nog niemand. Ververs deze pagina om opnieuw te kijken.</p>".to_owned()
    } else {
        format!("<ul>{came}</ul>")
    };
    let code = &made.code;
    let body = format!(
        "<section class=\"poster\"><h1>{title}</h1><p>Scan de code en haal je badge op: <strong>{}</strong></p>\
         <img class=\"qr\" src=\"/claim/qr/{code}.svg\" alt=\"QR-code om de badge op te halen\" width=\"240\" height=\"240\"><p>Of ga naar {}/claim en vul in: <strong>{code}</strong></p></section>\
         <div class=\"no-print\"><p>Print deze pagina en hang haar op. <a href=\"/activities/{id}\">Zo ziet iedereen de activiteit</a></p><h2>Wie haalde de badge op?</h2>{came}<p><a href=\"/organiser\">Nog een activiteit maken</a></p></div>",
        escape(&made.row.badge.name),
        escape(&state.origin)
    );
    html(StatusCode::OK, &made.row.title, &body)
}

async fn publish(Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Response {
    let found = state.people().made.iter_mut().find(|made| made.row.id.to_string() == id).map(|made| made.published = true);
    if found.is_none() {
        return missing();
    }
    state.set_up(None);
    Redirect::to(&format!("/organiser/activities/{id}")).into_response()
}
