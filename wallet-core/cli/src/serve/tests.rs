//! Who gets in.

use axum::http::{Request, StatusCode, header};

use super::guard::Guard;
use super::*;

fn guard() -> Guard {
    Guard::new(4000).unwrap()
}

fn ask(guard: &Guard, method: &str, path: &str, headers: &[(&str, &str)]) -> Result<(), (StatusCode, HeaderMap)> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match guard.judge(&request.body(Body::empty()).unwrap()) {
        None => Ok(()),
        Some(answer) => Err((answer.status(), answer.headers().clone())),
    }
}

const HOST: (&str, &str) = ("host", "127.0.0.1:4000");
const ORIGIN: (&str, &str) = ("origin", "http://127.0.0.1:4000");

/// Opens the printed address and gives back the cookie.
fn enter(guard: &Guard) -> String {
    let url = guard.invite().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:4000").unwrap();
    let (status, headers) = ask(guard, "GET", path, &[HOST]).unwrap_err();
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/"));
    let cookie = headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Strict; Path=/"));
    cookie.split(';').next().unwrap().to_owned()
}

#[test]
fn the_address_works_once() {
    let guard = guard();
    let url = guard.invite().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:4000").unwrap();
    assert_eq!(ask(&guard, "GET", path, &[HOST]).unwrap_err().0, StatusCode::SEE_OTHER);
    assert_eq!(ask(&guard, "GET", path, &[HOST]).unwrap_err().0, StatusCode::FORBIDDEN);
    let old = guard.invite().unwrap();
    guard.invite().unwrap();
    let path = old.strip_prefix("http://127.0.0.1:4000").unwrap();
    assert_eq!(ask(&guard, "GET", path, &[HOST]).unwrap_err().0, StatusCode::FORBIDDEN, "a newer address replaces it");
}

#[test]
fn nothing_answers_without_the_cookie() {
    let guard = guard();
    let cookie = enter(&guard);
    let with = ("cookie", cookie.as_str());
    assert!(ask(&guard, "GET", "/", &[HOST, with]).is_ok());
    assert!(ask(&guard, "POST", "/api/badges", &[HOST, ORIGIN, with]).is_ok());
    assert!(ask(&guard, "POST", "/api/badges", &[HOST, ORIGIN, ("cookie", &format!("a=b; {cookie}"))]).is_ok());
    for path in ["/", "/index.html", "/?token=", "/?token=0", "/api/events"] {
        assert_eq!(ask(&guard, "GET", path, &[HOST]).unwrap_err().0, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(ask(&guard, "POST", "/api/badges", &[HOST, ORIGIN]).unwrap_err().0, StatusCode::FORBIDDEN);
    let wrong = cookie.replace("badge_wallet_4000", "badge_wallet_4001");
    assert!(ask(&guard, "GET", "/", &[HOST, ("cookie", &wrong)]).is_err());
}

#[test]
fn another_page_or_another_name_is_turned_away() {
    let guard = guard();
    let cookie = enter(&guard);
    let with = ("cookie", cookie.as_str());
    for host in ["evil.example:4000", "127.0.0.1:4001", "127.0.0.1", "localhost.evil.example:4000", "[::1]:4000", "0.0.0.0:4000"] {
        assert_eq!(ask(&guard, "GET", "/", &[("host", host), with]).unwrap_err().0, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    assert!(ask(&guard, "GET", "/", &[with]).is_err(), "no host at all");
    for origin in ["http://evil.example", "null", "https://127.0.0.1:4000", "http://127.0.0.1:4001", "http://localhost:4000"] {
        assert!(ask(&guard, "POST", "/api/erase", &[HOST, with, ("origin", origin)]).is_err(), "{origin}");
    }
    assert!(ask(&guard, "POST", "/api/erase", &[HOST, with]).is_err(), "a command without an origin");
    let localhost = [("host", "localhost:4000"), ("origin", "http://localhost:4000"), with];
    assert!(ask(&guard, "POST", "/api/badges", &localhost).is_ok());
}

#[test]
fn the_commands_are_those_of_the_app() {
    let names = |source: &str, before: &str| {
        let found = source.split(before).skip(1).filter_map(|rest| rest.split(['"', '(', '<']).next());
        found.map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    let app = names(include_str!("../../../../src-tauri/src/commands.rs"), "pub(crate) async fn ");
    let ours = names(include_str!("api.rs"), "\n        \"");
    assert!(app.len() > 30);
    assert_eq!(ours, app);
}
