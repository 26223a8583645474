//! What speaks at an address.

use super::super::discovery;
use super::*;

const UUID: &str = "0b6d4f5e-1111-4a4a-9b9b-0123456789ab";

fn html() -> Posted {
    Posted { status: 404, content_type: "text/html".into(), body: b"<!doctype html>".to_vec() }
}

fn response(request: &Request, body: impl Into<Vec<u8>>) -> Result<Response, FetchError> {
    Ok(Response { final_url: request.url.clone(), status: 200, content_type: String::new(), body: body.into() })
}

fn asks_for_title(body: &Value) -> bool {
    body["query"].as_str().is_some_and(|query| query.split(|c: char| !c.is_alphanumeric()).any(|word| word == "title"))
}

fn no(request: &Request) -> Result<Response, FetchError> {
    Ok(Response { final_url: request.url.clone(), status: 404, content_type: String::new(), body: Vec::new() })
}

#[tokio::test]
async fn a_well_known_document_says_it_all() {
    let fake = Fake::web(|path| (path == "/.well-known/cities-of-learning").then(|| (200, WELL_KNOWN.into())));
    let city = fake.client().discover(&url("https://stad.example/activities/31001?utm=x#y")).await.unwrap();
    assert_eq!(city.source, Source::CitiesOfLearning { url: url("https://stad.example/api/graphql"), client: None });
    assert_eq!(
        (city.name.as_str(), city.fictitious, city.centre),
        ("Utrecht City of Learning (test)", true, Point::new(52.09, 5.12))
    );
    assert_eq!(city.claim.as_deref(), Some("https://stad.example/claim?code={code}"));
    assert_eq!(city.districts, [("Lombok".to_owned(), Point::new(52.09, 5.10).unwrap())]);
    let fetched = fake.fetched.lock().unwrap();
    assert_eq!(fetched.len(), 1);
    assert_eq!(
        (fetched[0].purpose, fetched[0].chosen, fetched[0].url.as_str()),
        (Purpose::City, true, "https://stad.example/.well-known/cities-of-learning")
    );
    assert!(fake.posted.lock().unwrap().is_empty());
}

#[test]
fn a_document_names_nothing_but_its_own_origin() {
    let origin = url("https://stad.example/");
    let read = |document: Value| discovery::document(document.to_string().as_bytes(), &origin);
    let with = |kind: &str, address: &str| read(json!({"version": 1, "interfaces": [{"type": kind, "url": address}]}));
    assert!(with("col-graphql", "https://elders.example/api/graphql").is_none());
    assert!(with("activity-feed", "http://stad.example/feed").is_none());
    assert!(with("activity-feed", "//elders.example/feed").is_none());
    assert_eq!(with("activity-feed", "feed.json").unwrap().source, Source::Feed { url: url("https://stad.example/feed.json") });
    assert_eq!(with("activity-feed", "feed.json").unwrap().claim, None, "a feed takes no codes unless it says so");
    assert!(read(json!({"version": 2, "interfaces": [{"type": "activity-feed", "url": "/f"}]})).is_none());
    let claim = |template: &str| {
        let document =
            json!({"version": 1, "claim": {"url": template}, "interfaces": [{"type": "col-graphql", "url": "/api/graphql"}]});
        read(document).unwrap().claim
    };
    assert_eq!(claim("/nl/claim?code={code}&qr=1").as_deref(), Some("https://stad.example/nl/claim?code={code}&qr=1"));
    assert_eq!(claim("/c/{code}").as_deref(), Some("https://stad.example/c/{code}"));
    for template in [
        "https://elders.example/claim?code={code}",
        "http://stad.example/claim?code={code}",
        "/claim",
        "/claim?a={code}&b={code}",
        "javascript:{code}",
        "https://{code}.stad.example/",
        "/claim#{code}",
        "https://u@stad.example/{code}",
    ] {
        assert_eq!(claim(template), None, "{template}");
    }
    let local = url("http://127.0.0.1:8788/");
    let document =
        json!({"version": 1, "claim": {"url": "/claim?code={code}"}, "interfaces": [{"type": "activity-feed", "url": "/f"}]});
    let city = discovery::document(document.to_string().as_bytes(), &local).unwrap();
    assert_eq!(city.claim.as_deref(), Some("http://127.0.0.1:8788/claim?code={code}"));
    let large = format!("{}{}", document, " ".repeat(70_000));
    assert!(discovery::document(large.as_bytes(), &local).is_none());
}

#[tokio::test]
async fn without_a_document_the_site_is_asked() {
    let fake = Fake::new(
        |request| if request.purpose == Purpose::City { response(request, "<html>welkom") } else { no(request) },
        |_, body| {
            Ok(posted(
                200,
                &match body["operationName"].as_str() {
                    // A title may be called otherwise by now.
                    Some("ColProbe") if !asks_for_title(body) => json!({"data": {"site": {"id": 900}}}),
                    _ if asks_for_title(body) => {
                        json!({"errors": [{"message": "Cannot query field \"title\" on type \"Site\"."}]})
                    }
                    _ => fixture("site"),
                },
            ))
        },
    );
    let city = fake.client().discover(&url("https://stad.example/")).await.unwrap();
    assert!(!city.name.is_empty());
    assert_eq!(city.centre, Point::new(52.0907, 5.1214));
    assert_eq!(city.claim.as_deref(), Some("https://stad.example/claim?code={code}"));
    assert_eq!(fake.queries()[0]["query"], "query ColProbe { site { id } }");
    assert!(
        fake.posted
            .lock()
            .unwrap()
            .iter()
            .all(|post| post.chosen && post.together && post.headers == [("X-Lang", "nl".to_owned())])
    );
}

#[tokio::test]
async fn an_endpoint_without_a_tenant_is_no_city() {
    let fake = Fake::new(
        |request| if request.purpose == Purpose::City { Err(FetchError::ContentType) } else { no(request) },
        |_, _| Ok(posted(200, &json!({"data": {"site": null}}))),
    );
    let error = fake.client().discover(&url("https://www.platform.example/")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotACity);
    assert!(error.source.is_some_and(|why| why.to_string().contains("of no city")), "the log says which address is needed");
    let asked: Vec<_> = fake.fetched.lock().unwrap().iter().map(|request| request.purpose).collect();
    assert_eq!(asked, [Purpose::City, Purpose::Page, Purpose::Feed], "its page might have named a city");
}

#[tokio::test]
async fn a_page_names_the_city_of_an_endpoint_that_serves_several() {
    let fake = Fake::new(
        |request| if request.purpose == Purpose::Page { response(request, EVENT) } else { no(request) },
        |post, _| {
            let told = post.headers.iter().any(|(name, _)| *name == "X-OAuth-Client");
            Ok(posted(200, &json!({"data": {"site": if told { json!({"id": "1", "title": "Oud"}) } else { json!(null) }}})))
        },
    );
    let city = fake.client().discover(&url("https://stad.example/")).await.unwrap();
    let endpoint = url("https://www.platform.example/api/graphql");
    assert_eq!(city.source, Source::CitiesOfLearning { url: endpoint, client: Some(UUID.into()) });
    assert_eq!(city.name, "Oud");
}

#[tokio::test]
async fn a_page_of_2020_names_the_endpoint_and_the_client() {
    let fake = Fake::new(
        |request| if request.purpose == Purpose::Page { response(request, EVENT) } else { no(request) },
        |post, _| {
            if post.url.host_str() == Some("www.platform.example") {
                Ok(posted(200, &json!({"data": {"site": {"id": "1", "title": "Oud"}}})))
            } else {
                Ok(html())
            }
        },
    );
    let mut city = fake.client().discover(&url("https://stad.example/")).await.unwrap();
    let endpoint = url("https://www.platform.example/api/graphql");
    assert_eq!(city.source, Source::CitiesOfLearning { url: endpoint, client: Some(UUID.into()) });
    assert_eq!(city.origin, url("https://stad.example/"));
    let asked: Vec<_> =
        fake.posted.lock().unwrap().iter().filter(|post| post.url.host_str() == Some("www.platform.example")).cloned().collect();
    assert!(
        !asked.is_empty() && asked.iter().all(|post| !post.chosen),
        "an endpoint that a page names is not the learner's choice"
    );
    assert!(asked.iter().all(|post| post.headers.contains(&("X-OAuth-Client", UUID.to_owned()))));
    // What the learner typed goes to the city or nowhere.
    let client = Client { token: Some("t0k3n"), ..fake.client() };
    let before = fake.posted.lock().unwrap().len();
    assert_eq!(client.resolve_code(&mut city, "welkom").await.unwrap(), Resolved::SignIn);
    assert_eq!(client.sign_in(&mut city, "noor@voorbeeld.example", "geheim").await.unwrap_err().code, ErrorCode::AddressRefused);
    assert_eq!(client.my_badges(&mut city).await.unwrap_err().code, ErrorCode::SignInNeeded);
    assert_eq!(fake.posted.lock().unwrap().len(), before);
}

#[test]
fn embedded_state_is_believed_by_its_pattern_only() {
    let read = |id: &str, base: &str| {
        web_page::embedded(format!(r#"<script>App={{"oauthClientId": "{id}","bcWebURL":"{base}"}}</script>"#).as_bytes())
    };
    assert!(read(UUID, "https://www.platform.example").is_some());
    for (id, base) in [
        (UUID, "http://www.platform.example"),
        (UUID, "https://u:p@platform.example"),
        (UUID, "https://platform.example/pad"),
        (UUID, "https://localhost"),
        (UUID, "javascript:alert(1)"),
        ("1; drop", "https://platform.example"),
        ("", "https://platform.example"),
    ] {
        assert!(read(id, base).is_none(), "{id} {base}");
    }
    assert!(web_page::embedded(br#"<p>"oauthClientId":"x"</p>"#).is_none());
}

#[tokio::test]
async fn a_catalogue_of_edubadges_is_recognised_and_an_ordinary_site_is_not() {
    let fake = Fake::web(|path| path.starts_with("/mobile/api/catalog?page=1").then(|| (200, EDUBADGES.into())));
    let city = fake.client().discover(&url("https://www.edubadges.example/")).await.unwrap();
    assert_eq!(city.source, Source::Edubadges { url: url("https://www.edubadges.example/mobile/api/catalog") });
    assert_eq!((city.name.as_str(), city.claim), ("www.edubadges.example", None));
    for answer in [&b"{\"count\":1,\"results\":[{\"id\":1}]}"[..], b"<html>", b"[]"] {
        let fake = Fake::web(move |_| Some((200, answer.to_vec())));
        assert_eq!(fake.client().discover(&url("https://krant.example/")).await.unwrap_err().code, ErrorCode::NotACity);
    }
}

#[tokio::test]
async fn what_another_origin_answers_is_not_this_one_s_word() {
    let fake = Fake::new(
        |_| {
            Ok(Response {
                final_url: url("https://elders.example/x"),
                status: 200,
                content_type: String::new(),
                body: WELL_KNOWN.into(),
            })
        },
        |_, _| Err(FetchError::Unreachable),
    );
    assert_eq!(fake.client().discover(&url("https://stad.example/")).await.unwrap_err().code, ErrorCode::NotACity);
}

#[tokio::test]
async fn a_city_is_asked_over_https_whatever_was_typed() {
    let fake = Fake::web(|path| (path == "/.well-known/cities-of-learning").then(|| (200, WELL_KNOWN.into())));
    let city = fake.client().discover(&url("http://stad.example/activities/1")).await.unwrap();
    assert_eq!(city.origin, url("https://stad.example/"));
    assert!(fake.fetched.lock().unwrap().iter().all(|request| request.url.scheme() == "https" && request.chosen));
    let local = fake.client().discover(&url("http://127.0.0.1:8788/")).await.unwrap();
    assert_eq!(local.origin, url("http://127.0.0.1:8788/"), "but for this machine");
}

#[tokio::test]
async fn silence_is_told_as_what_it_is() {
    for (error, code) in [
        (FetchError::Offline, ErrorCode::Offline),
        (FetchError::Unreachable, ErrorCode::Unreachable),
        (FetchError::Status(429), ErrorCode::CityBusy),
        (FetchError::Refused("x"), ErrorCode::AddressRefused),
    ] {
        let fake = Fake::new(move |_| Err(error.clone()), |_, _| Err(FetchError::Offline));
        assert_eq!(fake.client().discover(&url("https://stad.example/")).await.unwrap_err().code, code);
        assert_eq!(fake.fetched.lock().unwrap().len(), 1, "and not asked again");
    }
    let busy = Fake::new(no, |_, _| Ok(Posted { status: 429, ..html() }));
    assert_eq!(busy.client().discover(&url("https://stad.example/")).await.unwrap_err().code, ErrorCode::CityBusy);
    for address in ["http://u:p@stad.example/", "https://u:p@stad.example/", "ftp://stad.example/"] {
        let fake = Fake::new(no, |_, _| Err(FetchError::Offline));
        assert_eq!(fake.client().discover(&url(address)).await.unwrap_err().code, ErrorCode::AddressRefused, "{address}");
        assert!(fake.fetched.lock().unwrap().is_empty());
    }
}
