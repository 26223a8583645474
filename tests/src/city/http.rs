//! Who answers which path.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Request as Query, Variables};
use axum::{
    Json, Router,
    body::{Body, Bytes, to_bytes},
    extract::{DefaultBodyLimit, Path, Request, State as Shared},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};

use super::{
    badges, feed, hostile,
    modes::Mode,
    organiser, pages,
    people::{self, Issued, Person},
    pictures::{self, Picture},
    resolve::Asking,
    state::{self, Setup, State},
    trouble, wording,
};

/// The most that a request may carry.
const LARGEST: usize = 4 * 1024 * 1024;

/// All paths of the city.
pub(super) fn router(state: Arc<State>) -> Router {
    let badges = Router::new()
        .route("/ob2/{kind}/{id}", get(open_badges_2))
        .route("/ob2/assertions/{id}/image", get(baked))
        .route("/ob2/assertions/{id}/image.svg", get(baked_svg))
        .route("/ob3/credentials/{id}", get(open_badges_3));
    Router::new()
        .route("/api/graphql", post(graphql))
        .route("/api/v1/storage/{bucket}", put(upload))
        .route("/storage/{bucket}/{file}", get(storage))
        .route("/health/check", get(|| async { Json(json!({"version": "1.13.29-test"})) }))
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow:\n" }))
        .route("/.well-known/cities-of-learning", get(well_known))
        .route("/feed/activities.json", get(activities))
        .route("/test/mode", post(set_mode))
        .route("/test/asked", get(asked).delete(forget))
        .merge(badges)
        .merge(pages::router())
        .merge(organiser::router())
        .fallback(|| async { pages::missing() })
        .method_not_allowed_fallback(|| async { pages::missing() })
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(state.clone(), trouble::trouble))
        .layer(middleware::from_fn_with_state(state.clone(), remember))
        .with_state(state)
}

/// The value of a query parameter.
pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    url::form_urlencoded::parse(uri.query()?.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Who is signed in: a token in any of the three places. A bearer that means nothing is ignored.
pub(super) fn viewer(state: &State, headers: &HeaderMap) -> Option<&'static Person> {
    let people = state.people();
    tokens(headers).iter().find_map(|token| people.sessions.get(token)).map(|id| people::person(id))
}

fn tokens(headers: &HeaderMap) -> Vec<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let cookie =
        text("cookie").into_iter().flat_map(|cookies| cookies.split(';')).find_map(|cookie| cookie.trim().strip_prefix("a="));
    [text("auth-token"), bearer, cookie].into_iter().flatten().map(str::to_owned).collect()
}

// ---- what was asked ---------------------------------------------------------------------------------------------------------

/// Writes down what is asked before it is answered, so that a test can say what left the device.
async fn remember(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or_else(String::new, |path| path.as_str().to_owned());
    if path.starts_with("/test/") {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(body) = to_bytes(body, LARGEST).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let sent: Option<Value> = if path.starts_with("/api/graphql") { serde_json::from_slice(&body).ok() } else { None };
    let query = sent.as_ref().and_then(|sent| sent["query"].as_str()).map(str::to_owned);
    let headers =
        parts.headers.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    state.remember(state::Request {
        method: parts.method.to_string(),
        path,
        headers: headers.collect::<BTreeMap<_, _>>(),
        authorised: !tokens(&parts.headers).is_empty(),
        operation: operation(sent.as_ref(), query.as_deref()),
        variables: sent.map(|sent| sent["variables"].clone()).filter(|variables| !variables.is_null()),
        query,
    });
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// The name that was sent along, or the first in the query.
fn operation(sent: Option<&Value>, query: Option<&str>) -> Option<String> {
    if let Some(name) = sent.and_then(|sent| sent["operationName"].as_str()) {
        return Some(name.to_owned());
    }
    let document = async_graphql::parser::parse_query(query?).ok()?;
    document.operations.iter().find_map(|(name, _)| name.map(ToString::to_string))
}

async fn asked(Shared(state): Shared<Arc<State>>) -> Response {
    Json(state.asked()).into_response()
}

async fn forget(Shared(state): Shared<Arc<State>>) -> StatusCode {
    state.forget();
    StatusCode::NO_CONTENT
}

/// `{"modes": ["slow"]}`.
async fn set_mode(Shared(state): Shared<Arc<State>>, body: Bytes) -> Response {
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    let names = sent["modes"].as_array().cloned().unwrap_or_default();
    let modes: Result<Vec<Mode>, String> = names.iter().map(|name| name.as_str().unwrap_or_default().parse()).collect();
    match modes {
        Ok(modes) => {
            let on: Vec<String> = modes.iter().map(ToString::to_string).collect();
            state.set_up(Some(modes));
            Json(json!({"modes": on})).into_response()
        }
        Err(wrong) => (StatusCode::BAD_REQUEST, wrong).into_response(),
    }
}

// ---- GraphQL ----------------------------------------------------------------------------------------------------------------

async fn graphql(Shared(state): Shared<Arc<State>>, headers: HeaderMap, body: Bytes) -> Response {
    let refuse = |faults: Vec<Value>| (StatusCode::BAD_REQUEST, Json(json!({"errors": faults}))).into_response();
    let Ok(sent) = serde_json::from_slice::<Value>(&body) else {
        return refuse(vec![wording::error("POST body sent invalid JSON.", None)]);
    };
    let Some(text) = sent["query"].as_str() else {
        return refuse(vec![wording::error("Must provide query string.", None)]);
    };
    let setup = state.setup();
    let document = match async_graphql::parser::parse_query(text) {
        Ok(document) => document,
        Err(wrong) => {
            let place = wrong.positions().next();
            return refuse(vec![wording::error(&wording::syntax(text, place), place)]);
        }
    };
    let faults = wording::faults(&setup.types, &document, !setup.modes.has(&Mode::NoIntrospection));
    if !faults.is_empty() {
        return refuse(faults);
    }
    let faults = wording::unready(&setup.types, &document, sent["operationName"].as_str(), &sent["variables"]);
    if !faults.is_empty() {
        return refuse(faults);
    }
    let language = headers.get("x-lang").and_then(|value| value.to_str().ok()).unwrap_or("en").to_owned();
    let asking =
        Asking { viewer: viewer(&state, &headers), state: state.clone(), setup: setup.clone(), language, nulls: Arc::default() };
    let mut query = Query::new(text).variables(Variables::from_json(sent["variables"].clone())).data(asking);
    if let Some(name) = sent["operationName"].as_str() {
        query = query.operation_name(name);
    }
    let answer = serde_json::to_value(setup.schema.execute(query).await).unwrap_or_default();
    let unnamed = answer["data"].is_null()
        && answer["errors"].as_array().is_some_and(|errors| errors.iter().all(|error| error["path"].is_null()));
    if unnamed {
        return refuse(answer["errors"].as_array().cloned().unwrap_or_default());
    }
    let mut answer = answer;
    if setup.modes.has(&Mode::Errors) {
        break_one(&mut answer);
    }
    let text = answer.to_string().replace(&format!("\"{}\"", hostile::INFINITE), "1e999");
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}

/// Takes the organiser from what is answered, and says so beside the data.
fn break_one(answer: &mut Value) {
    const PATHS: [&[&str]; 3] =
        [&["projects", "list", "0", "organisation"], &["maybeProject", "project", "organisation"], &["site", "categories"]];
    let mut errors = answer["errors"].as_array().cloned().unwrap_or_default();
    for path in PATHS {
        let Some(place) = answer.pointer_mut(&format!("/data/{}", path.join("/"))) else { continue };
        *place = Value::Null;
        let path: Vec<Value> =
            path.iter().map(|step| step.parse::<u32>().map_or_else(|_| json!(step), |index| json!(index))).collect();
        errors.push(json!({"message": "Internal server error", "locations": [{"line": 1, "column": 1}], "path": path}));
    }
    if errors.is_empty() {
        errors.push(json!({"message": "Internal server error", "locations": [{"line": 1, "column": 1}], "path": []}));
    }
    answer["errors"] = json!(errors);
}

// ---- files ------------------------------------------------------------------------------------------------------------------

async fn well_known(Shared(state): Shared<Arc<State>>) -> Response {
    let setup = state.setup();
    if setup.modes.has(&Mode::NoWellKnown) {
        return pages::missing();
    }
    Json(feed::well_known(&setup, true)).into_response()
}

async fn activities(Shared(state): Shared<Arc<State>>, uri: Uri) -> Response {
    let setup = state.setup();
    let page = parameter(&uri, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let text = feed::page(&state, &setup, page).to_string().replace(&format!("\"{}\"", hostile::INFINITE), "1e999");
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// A picture. Nothing may be cached for long: a mode can change it.
fn picture(bytes: Vec<u8>, name: Option<&str>) -> Response {
    stored("image/png", bytes, name)
}

fn stored(media: &'static str, bytes: Vec<u8>, name: Option<&str>) -> Response {
    let mut answer = ([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "max-age=60")], bytes).into_response();
    if let Some(name) = name {
        let value = format!("attachment; filename=\"{name}\"");
        if let Ok(value) = value.parse() {
            answer.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
    }
    answer
}

async fn storage(Shared(state): Shared<Arc<State>>, Path((bucket, file)): Path<(String, String)>, uri: Uri) -> Response {
    let name = parameter(&uri, "download").map(|_| file.as_str());
    match format!("/storage/{bucket}/{file}").as_str() {
        hostile::BOMB => return picture(pictures::bomb(), name),
        hostile::HEAVY => return picture(pictures::heavy(), name),
        hostile::PAGE => return picture(b"<!doctype html><script>alert(1)</script>".to_vec(), name),
        _ => {}
    }
    if state.people().sent.contains(uri.path()) {
        return pictures::grey().map_or_else(pages::missing, |jpeg| stored("image/jpeg", jpeg, name));
    }
    let setup = state.setup();
    let drawn = tokio::task::spawn_blocking({
        let (bucket, file) = (bucket.clone(), file.clone());
        move || {
            let picture = Picture::read(&bucket, &file)?;
            let width = match picture {
                Picture::Cover(_) => 1200,
                Picture::Badge(_) => 512,
                Picture::Organisation(_) | Picture::Site => 200,
            };
            pictures::png(&setup, &picture, width)
        }
    });
    drawn.await.ok().flatten().map_or_else(pages::missing, |png| picture(png, name))
}

/// Evidence and pictures are looked at, named, and thrown away: a grey picture stands for each.
async fn upload(Shared(state): Shared<Arc<State>>, Path(bucket): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let multipart = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    let text = String::from_utf8_lossy(&body);
    if !multipart || !text.contains("name=\"file\"") {
        return (
            StatusCode::UNPROCESSABLE_ENTITY,
            Json(json!({"errors": [{"field": "file", "code": "required", "type": "validation"}]})),
        )
            .into_response();
    }
    let id = people::uuid();
    let public = format!("/storage/{bucket}/{id}.jpg");
    state.people().sent.insert(public.clone());
    (
        StatusCode::CREATED,
        Json(json!({"id": id, "publicPath": public, "type": "image/jpeg", "extension": "jpg", "size": body.len()})),
    )
        .into_response()
}

// ---- badges -----------------------------------------------------------------------------------------------------------------

/// An issued badge by its id.
pub(super) fn issued(state: &State, id: &str) -> Option<Issued> {
    state.people().issued.iter().find(|issued| issued.id == id).cloned()
}

async fn open_badges_2(Shared(state): Shared<Arc<State>>, Path((kind, id)): Path<(String, String)>) -> Response {
    let setup = state.setup();
    let found = match kind.as_str() {
        "assertions" => issued(&state, &id).and_then(|issued| badges::assertion(&state, &setup, &issued)),
        "badges" => badges::class(&state, &setup, &id),
        "issuers" => badges::issuer(&state, &setup, &id),
        "revocations" => badges::revocations(&state, &setup, &id),
        _ => None,
    };
    found.map_or_else(pages::missing, |found| ([(header::CONTENT_TYPE, "application/ld+json")], found.to_string()).into_response())
}

fn of_badge(state: &Arc<State>, id: &str, make: impl FnOnce(&State, &Setup, &Issued) -> Option<Response>) -> Response {
    let setup = state.setup();
    issued(state, id).and_then(|issued| make(state, &setup, &issued)).unwrap_or_else(pages::missing)
}

async fn baked(Shared(state): Shared<Arc<State>>, Path(id): Path<String>, uri: Uri) -> Response {
    let legacy = parameter(&uri, "baked").as_deref() == Some("url");
    let name = parameter(&uri, "download").map(|_| format!("badge-{id}.png"));
    of_badge(&state, &id, |state, setup, issued| Some(picture(badges::baked_png(state, setup, issued, legacy)?, name.as_deref())))
}

async fn baked_svg(Shared(state): Shared<Arc<State>>, Path(id): Path<String>) -> Response {
    of_badge(&state, &id, |state, setup, issued| {
        Some(([(header::CONTENT_TYPE, "image/svg+xml")], badges::baked_svg(state, setup, issued)?).into_response())
    })
}

async fn open_badges_3(Shared(state): Shared<Arc<State>>, Path(id): Path<String>, uri: Uri) -> Response {
    let disposition =
        parameter(&uri, "download").map_or_else(|| "inline".to_owned(), |_| format!("attachment; filename=\"badge-{id}.jwt\""));
    of_badge(&state, &id, |state, setup, issued| {
        // It names no list on which it could be found to be taken back, so it is not handed out any more.
        if issued.revoked {
            return Some(pages::taken_back());
        }
        let headers = [(header::CONTENT_TYPE, "application/vc+jwt".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
        Some((headers, badges::credential(state, setup, issued)?).into_response())
    })
}
