//! From a code to a badge in the hand: sign in with one tap, get it, take it along.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State as Shared},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use url::form_urlencoded;

use super::{CODE_FORM, Page, escape, html, missing, qr, text};
use crate::city::{
    badges,
    http::{issued, parameter, viewer},
    people::{PEOPLE, Resolved},
    state::State,
};

pub(super) fn router() -> Router<Arc<State>> {
    let mut router = Router::new()
        .route("/dashboard/auth", get(door).post(enter))
        .route("/dashboard/me/badges", get(mine))
        .route("/claim/qr/{file}", get(poster))
        .route("/badges/{id}", get(badge))
        .route("/dashboard/me/badges/{id}", get(badge))
        .route(
            "/{language}/user-badges/{id}",
            get(|Path((_, id)): Path<(String, String)>| async move { Redirect::permanent(&format!("/badges/{id}")) }),
        );
    for language in ["", "/nl", "/en"] {
        router = router.route(&format!("{language}/claim"), get(claim));
    }
    router
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Where to go back to: a path of this city, and nothing else.
fn back(asked: Option<String>) -> String {
    asked
        .filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'))
        .unwrap_or_else(|| "/dashboard/me/badges".to_owned())
}

async fn door(Shared(state): Shared<Arc<State>>, uri: Uri) -> Response {
    let back = escape(&back(parameter(&uri, "back")));
    let buttons: String = PEOPLE
        .iter()
        .enumerate()
        .map(|(index, person)| {
            let class = if index == 0 { "" } else { " class=\"quiet\"" };
            format!(
                "<form method=\"post\" action=\"/dashboard/auth\"><input type=\"hidden\" name=\"person\" value=\"{}\"><input type=\"hidden\" name=\"back\" value=\"{back}\"><button{class}>Ga verder als {}</button></form>",
                person.key, person.name
            )
        })
        .collect();
    let [noor, ..] = &PEOPLE;
    let body = format!(
        "<h1>Wie ben je vandaag?</h1><p>In een echte stad log je hier in. In de oefenstad kies je iemand die niet bestaat.</p>\
         <p class=\"hint\">Log je in je wallet in? Typ daar <strong>{}</strong>, met het wachtwoord <strong>{}</strong>.</p>{buttons}",
        noor.email, noor.password
    );
    Page {
        title: "Inloggen".to_owned(),
        description: "Inloggen in de oefenstad.".to_owned(),
        path: "/dashboard/auth".to_owned(),
        body,
        ..Page::default()
    }
    .show(&state)
}

async fn enter(Shared(state): Shared<Arc<State>>, body: Bytes) -> Response {
    let field = |name: &str| form_urlencoded::parse(&body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let Some(person) = field("person").and_then(|key| PEOPLE.iter().find(|person| person.key == key)) else { return missing() };
    let token = state.people().sign_in(person);
    let cookie = format!("a={token}; Path=/; HttpOnly; SameSite=Lax");
    (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, back(field("back")))]).into_response()
}

async fn claim(Shared(state): Shared<Arc<State>>, headers: HeaderMap, uri: Uri) -> Response {
    let page = |title: &str, body: String| {
        let description = "Haal een badge op met de code van een poster.".to_owned();
        Page { title: title.to_owned(), description, path: uri.path().to_owned(), body, ..Page::default() }.show(&state)
    };
    let code = parameter(&uri, "code").unwrap_or_default().trim().to_owned();
    if code.is_empty() {
        let body = format!("<h1>Haal je badge op</h1><p>Neem de code over van de poster.</p>{CODE_FORM}");
        return page("Haal je badge op", body);
    }
    let Some(person) = viewer(&state, &headers) else {
        let back = uri.path_and_query().map_or("/", |path| path.as_str());
        return Redirect::to(&format!("/dashboard/auth?back={}", encoded(back))).into_response();
    };
    let (setup, now) = (state.setup(), state.now());
    let resolved = state.people().resolve(&setup.catalogue, person, &code, now);
    match resolved {
        Some(Resolved::Gained { badge, gained }) => {
            Redirect::to(&format!("/badges/{badge}{}", if gained { "?new=1" } else { "" })).into_response()
        }
        Some(Resolved::View { class, error }) => {
            let row = setup.catalogue.badge_classes.get(&class);
            let name = row.map_or("", |row| text(row, "name"));
            let why = if error.is_some() {
                "Voor deze badge heb je eerst andere badges nodig."
            } else {
                "Voor deze badge lever je eerst iets in."
            };
            let body = format!(
                "<h1>Bijna: {}</h1><p>{why}</p><p><a class=\"button\" href=\"/classes/{class}\">Bekijk wat je nog doet</a></p>",
                escape(name)
            );
            page(name, body)
        }
        Some(Resolved::Joined { project, joined }) => {
            let name = setup.catalogue.projects.get(&project).map_or("", |row| text(row, "name")).to_owned();
            let word = if joined { "Je doet mee" } else { "Je deed al mee" };
            page(word, format!("<h1>{word}</h1><p><a href=\"/activities/{project}\">{}</a></p>", escape(&name)))
        }
        Some(Resolved::JoinedOrganisation { organisation, joined }) => {
            let name = setup.catalogue.organisations.get(&organisation).map_or("", |row| text(row, "name")).to_owned();
            let word = if joined { "Je hoort erbij" } else { "Je hoorde er al bij" };
            page(word, format!("<h1>{word}</h1><p><a href=\"/organisers/{organisation}\">{}</a></p>", escape(&name)))
        }
        None => {
            let body = "<h1>Deze code werkt niet</h1><p>De code bestaat niet, of iemand anders gebruikte hem al. Kijk of je hem goed hebt overgenomen.</p><p><a href=\"/\">Naar het begin</a></p>";
            (StatusCode::NOT_FOUND, page("Deze code werkt niet", body.to_owned())).into_response()
        }
    }
}

/// The code on a poster.
async fn poster(Shared(state): Shared<Arc<State>>, Path(file): Path<String>) -> Response {
    let code = file.strip_suffix(".svg").filter(|code| state.people().codes.iter().any(|known| known.code == *code));
    let svg = code.and_then(|code| qr(&format!("{}/claim?code={code}", state.origin)));
    svg.map_or_else(missing, |svg| ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

async fn badge(Shared(state): Shared<Arc<State>>, Path(id): Path<String>, uri: Uri) -> Response {
    // The code of the address is a picture of its own, so that no page needs inline anything.
    if let Some(id) = id.strip_suffix(".svg") {
        let svg = issued(&state, id).filter(|issued| !issued.revoked).and_then(|_| qr(&add_link(&state, id)));
        return svg.map_or_else(missing, |svg| ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response());
    }
    let setup = state.setup();
    let Some(issued) = issued(&state, &id) else { return missing() };
    let Some(class) = setup.catalogue.badge_classes.get(&issued.class) else { return missing() };
    let organisation = class["organisation"].as_str().and_then(|id| setup.catalogue.organisations.get(id));
    let cheer = if parameter(&uri, "new").is_some() && !issued.revoked {
        "<p class=\"cheer\">Gefeliciteerd, deze badge is van jou.</p>"
    } else {
        ""
    };
    let taking = if issued.revoked {
        format!("<p><strong>Deze badge is teruggenomen.</strong> {}</p></article>", badges::REASON)
    } else {
        taking_along(&state, &id)
    };
    let body = format!(
        "<article class=\"gained\">{cheer}<img src=\"{}\" alt=\"\" width=\"256\" height=\"256\"><h1>{}</h1><p>{}</p><p class=\"from\">Van {} voor {}</p>{taking}",
        escape(text(class, "picture")),
        escape(text(class, "name")),
        escape(text(class, "description")),
        escape(organisation.map_or("", |row| text(row, "name"))),
        escape(issued.person.name)
    );
    let picture = class["picture"].as_str().map(str::to_owned);
    Page {
        title: text(class, "name").to_owned(),
        description: text(class, "description").to_owned(),
        path: format!("/badges/{id}"),
        picture,
        body,
        linked: None,
    }
    .show(&state)
}

/// The ways in which a badge goes along: with one tap, by a code or an address, or as a file.
fn taking_along(state: &State, id: &str) -> String {
    format!(
        "<p><a class=\"button\" href=\"{}\">Zet in mijn badge wallet</a></p></article>\
         <details><summary>Het lukt niet, of je wallet staat op een ander toestel</summary>\
         <p>Scan deze code met je wallet:</p><img class=\"qr\" src=\"/badges/{id}.svg\" alt=\"QR-code die de badge in een wallet zet\" width=\"240\" height=\"240\">\
         <p><label for=\"address\">Of kopieer dit adres en plak het in je wallet:</label><input id=\"address\" readonly value=\"{}\"></p></details>\
         <ul class=\"plain\"><li><a href=\"/ob2/assertions/{id}/image?download=1\">Download badge</a></li>\
         <li><a href=\"/ob3/credentials/{id}?download=1\">Download als Open Badges 3.0</a></li></ul>",
        escape(&add_link(state, id)),
        escape(&file_address(state, id))
    )
}

/// Where the badge is, as a picture with the badge in it.
fn file_address(state: &State, id: &str) -> String {
    format!("{}/ob2/assertions/{id}/image", state.origin)
}

fn add_link(state: &State, id: &str) -> String {
    format!("badgewallet:add?url={}", encoded(&file_address(state, id)))
}

async fn mine(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    let Some(person) = viewer(&state, &headers) else {
        return Redirect::to("/dashboard/auth?back=%2Fdashboard%2Fme%2Fbadges").into_response();
    };
    let setup = state.setup();
    let held: Vec<(String, String)> = state
        .people()
        .issued
        .iter()
        .filter(|issued| issued.person.id == person.id && !issued.revoked)
        .map(|issued| (issued.id.clone(), issued.class.clone()))
        .collect();
    let cards: String = held
        .iter()
        .filter_map(|(id, class)| Some((id, setup.catalogue.badge_classes.get(class)?)))
        .map(|(id, class)| format!("<li><a class=\"card\" href=\"/badges/{id}\"><img src=\"{}\" alt=\"\" width=\"72\" height=\"72\"><span><strong>{}</strong></span></a></li>", escape(text(class, "picture")), escape(text(class, "name"))))
        .collect();
    html(StatusCode::OK, "Mijn badges", &format!("<h1>Badges van {}</h1><ul class=\"cards\">{cards}</ul>", person.name))
}
