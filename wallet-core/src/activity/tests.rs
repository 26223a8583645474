//! Against a network that answers from closures, and against bytes of every kind.

use std::sync::Mutex;

use proptest::prelude::*;
use safe_fetch::{FetchError, Network, Post, Posted, Purpose, Request, Response};
use serde_json::{Value, json};

use super::*;
use crate::ErrorCode;
use crate::view::Language;

mod cities;
mod discovering;
mod values;

const UTRECHT: &str = include_str!("fixtures/utrecht.json");
const FEED: &str = include_str!("fixtures/feed.json");
const EVENT: &str = include_str!("fixtures/event.html");
const EDUBADGES: &str = include_str!("fixtures/edubadges.json");
const WELL_KNOWN: &str = include_str!("fixtures/well-known.json");

type Fetch = Box<dyn Fn(&Request) -> Result<Response, FetchError> + Send + Sync>;
type Answer = Box<dyn Fn(&Post, &Value) -> Result<Posted, FetchError> + Send + Sync>;

/// Answers from closures, and keeps what was asked.
struct Fake {
    fetch: Fetch,
    post: Answer,
    fetched: Mutex<Vec<Request>>,
    posted: Mutex<Vec<Post>>,
}

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fake")
    }
}

#[async_trait::async_trait]
impl Network for Fake {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        self.fetched.lock().unwrap().push(request.clone());
        (self.fetch)(&request)
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        self.posted.lock().unwrap().push(post.clone());
        let body = serde_json::from_slice(&post.body).unwrap();
        (self.post)(&post, &body)
    }
}

impl Fake {
    fn new(
        fetch: impl Fn(&Request) -> Result<Response, FetchError> + Send + Sync + 'static,
        post: impl Fn(&Post, &Value) -> Result<Posted, FetchError> + Send + Sync + 'static,
    ) -> Self {
        Self { fetch: Box::new(fetch), post: Box::new(post), fetched: Mutex::default(), posted: Mutex::default() }
    }

    /// Speaks GraphQL only.
    fn graphql(post: impl Fn(&Value) -> Value + Send + Sync + 'static) -> Self {
        Self::new(|_| Err(FetchError::Status(500)), move |_, body| Ok(posted(200, &post(body))))
    }

    /// Answers GETs only, by path and query.
    fn web(answer: impl Fn(&str) -> Option<(u16, Vec<u8>)> + Send + Sync + 'static) -> Self {
        Self::new(
            move |request| {
                let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
                let (status, body) = answer(&format!("{}{query}", request.url.path())).unwrap_or((404, Vec::new()));
                Ok(Response { final_url: request.url.clone(), status, content_type: "application/json".into(), body })
            },
            |_, _| Ok(Posted { status: 404, content_type: "text/html".into(), body: b"<html>".to_vec() }),
        )
    }

    fn client(&self) -> Client<'_> {
        Client { network: self, language: Language::Nl, token: None }
    }

    fn queries(&self) -> Vec<Value> {
        self.posted.lock().unwrap().iter().map(|post| serde_json::from_slice(&post.body).unwrap()).collect()
    }
}

fn posted(status: u16, body: &Value) -> Posted {
    Posted { status, content_type: "application/json".into(), body: body.to_string().into_bytes() }
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn city(source: Source) -> City {
    City {
        origin: url("https://stad.example/"),
        name: "Stad".into(),
        source,
        fictitious: false,
        centre: None,
        districts: Vec::new(),
        claim: None,
        lacks: Vec::new(),
    }
}

fn speaks_graphql() -> City {
    city(Source::CitiesOfLearning { url: url("https://stad.example/api/graphql"), client: None })
}

fn fixture(name: &str) -> Value {
    serde_json::from_str::<Value>(UTRECHT).unwrap()[name].clone()
}

// ---- feed ---------------------------------------------------------------------------------------------------------------

fn has_feed() -> City {
    city(Source::Feed { url: url("https://stad.example/feed/activities.json") })
}

#[tokio::test]
async fn a_feed_is_read_whole_and_stays_at_home() {
    let fake = Fake::web(|path| (path == "/feed/activities.json").then(|| (200, FEED.into())));
    let page = fake.client().page(&mut has_feed(), Cursor::default()).await.unwrap();
    assert_eq!((page.items.len(), page.dropped), (2, 3), "an item without a title or an id is dropped, a hole is none");
    let [bike, route] = page.items.as_slice() else { panic!("two items") };
    assert_eq!((bike.platform.as_str(), bike.id.as_str(), bike.whole), ("https://stad.example", "31001", true));
    assert_eq!(bike.price.as_deref(), Some("5 euro"));
    assert_eq!(bike.audience, None);
    assert_eq!(bike.colour.as_deref(), Some("#2a6f7f"));
    assert_eq!(bike.picture, Some(url("https://stad.example/storage/p.png")));
    let links: Vec<_> = bike.links.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(links, ["mailto:info@leerwerkplaats.example", "tel:0301234567", "https://leerwerkplaats.example/stappenplan.pdf"]);
    let badge = &bike.badges[0];
    assert_eq!(badge.class, Some(url("https://stad.example/ob2/badges/81001")));
    assert_eq!((badge.requires.len(), badge.requires_count, badge.tasks_needed), (2, Some(1), Some(1)));
    assert_eq!((route.kind, route.ordered), (Kind::Playlist, true));
    assert_eq!(route.home, Some(url("https://elders.example/")));
    assert_eq!(route.page, Some(url("https://elders.example/activities/31010")));
    assert_eq!((route.parts[0].home.clone(), route.parts[1].home.clone()), (None, Some(url("https://elders.example/"))));
    assert_eq!(page.next.unwrap().next, Some(url("https://stad.example/feed/activities.json?page=2")));
    assert!(fake.fetched.lock().unwrap().iter().all(|request| request.purpose == Purpose::Feed && request.chosen));
}

#[tokio::test]
async fn a_feed_that_leads_elsewhere_or_to_itself_ends() {
    for next in ["https://elders.example/feed", "/feed/activities.json", "javascript:alert(1)", "//elders.example/"] {
        let fake = Fake::web(move |_| Some((200, json!({"version": 1, "next": next, "items": []}).to_string().into())));
        let page = fake.client().page(&mut has_feed(), Cursor::default()).await.unwrap();
        assert_eq!((page.next, page.more), (None, true), "{next}");
        let sought = fake.client().whole(&mut has_feed(), "1").await.unwrap_err();
        assert_eq!(sought.code, ErrorCode::CityOdd, "what is not read is not gone: {next}");
    }
    let ends = Fake::web(|_| Some((200, json!({"version": 1, "next": "", "items": []}).to_string().into())));
    assert!(!ends.client().page(&mut has_feed(), Cursor::default()).await.unwrap().more);
    let redirected = Fake::new(
        |_| Ok(Response { final_url: url("https://elders.example/"), status: 200, content_type: String::new(), body: FEED.into() }),
        |_, _| Err(FetchError::Offline),
    );
    let error = redirected.client().page(&mut has_feed(), Cursor::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::CityOdd);
}

/// Reads a list to its end; answers the ids and how many requests it took.
async fn read_all(fake: &Fake, city: &mut City) -> (Vec<String>, usize) {
    let (mut ids, mut cursor, mut pages) = (Vec::new(), Some(Cursor::default()), 0);
    while let Some(at) = cursor {
        let page = fake.client().page(city, at).await.unwrap();
        ids.extend(page.items.into_iter().map(|item| item.id));
        cursor = page.next;
        pages += 1;
        assert!(pages <= 2_000, "it ends");
    }
    (ids, pages)
}

#[tokio::test]
async fn a_feed_that_repeats_itself_under_ever_new_addresses_ends() {
    let turn = std::sync::atomic::AtomicU32::new(2);
    let fake = Fake::web(move |_| {
        let next = format!("/feed/activities.json?page={}", turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        Some((200, json!({"version": 1, "next": next, "items": [{"id": "1", "title": "Een"}]}).to_string().into()))
    });
    assert_eq!(read_all(&fake, &mut has_feed()).await, (vec!["1".to_owned()], 2));
}

#[tokio::test]
async fn one_item_of_a_feed_is_found_on_a_later_page() {
    let fake = Fake::web(|path| {
        let item = |id: &str| json!([{"id": id, "title": id}]);
        Some((
            200,
            match path {
                "/feed/activities.json" => json!({"version": 1, "next": "?page=2", "items": item("a")}),
                _ => json!({"version": 1, "next": null, "items": item("b")}),
            }
            .to_string()
            .into(),
        ))
    });
    assert_eq!(fake.client().whole(&mut has_feed(), "b").await.unwrap().unwrap().title, "b");
    assert_eq!(fake.client().whole(&mut has_feed(), "c").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_no_feed_is_odd_and_silence_is_silence() {
    for body in ["[]", "{}", r#"{"version":2,"items":[]}"#, "<html>", r#"{"version":1,"items":{}}"#] {
        let fake = Fake::web(move |_| Some((200, body.into())));
        let error = fake.client().page(&mut has_feed(), Cursor::default()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::CityOdd, "{body}");
    }
    let table = [
        (FetchError::Offline, ErrorCode::Offline),
        (FetchError::Refused("private"), ErrorCode::AddressRefused),
        (FetchError::TooLarge, ErrorCode::CityOdd),
        (FetchError::ContentType, ErrorCode::CityOdd),
        (FetchError::Status(429), ErrorCode::CityBusy),
        (FetchError::Status(503), ErrorCode::CityOdd),
        (FetchError::Status(403), ErrorCode::Unreachable),
        (FetchError::Unreachable, ErrorCode::Unreachable),
    ];
    for (silence, code) in table {
        let answered = silence.clone();
        let fake = Fake::new(move |_| Err(silence.clone()), |_, _| Err(FetchError::Offline));
        let error = fake.client().page(&mut has_feed(), Cursor::default()).await.unwrap_err();
        assert_eq!(error.code, code, "{answered}");
    }
}

// ---- eduBadges ----------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_catalogue_gives_badges_to_earn() {
    let fake = Fake::web(|path| {
        Some((200, match path {
            "/mobile/api/catalog?page=1&page_size=50" => EDUBADGES.into(),
            "/public/badges/yGqTs3BdTnK7?expand=issuer" => json!({"type": "BadgeClass", "id": "https://stad.example/public/badges/yGqTs3BdTnK7", "name": "Onderzoek doen",
                "description": "Je kunt onderzoek doen.", "image": "https://stad.example/i.png", "criteria": {"narrative": "Doe onderzoek."},
                "issuer": {"name": "Faculteit Maken"}}).to_string().into(),
            _ => return None,
        }))
    });
    let mut city = city(Source::Edubadges { url: url("https://stad.example/mobile/api/catalog") });
    let page = fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!((page.items.len(), page.dropped, page.total), (1, 1, Some(2)));
    let item = &page.items[0];
    assert_eq!((item.kind, item.title.as_str(), item.whole), (Kind::Badge, "Onderzoek doen", false));
    assert_eq!(item.organiser.as_ref().unwrap().name, "Hogeschool Voorbeeld (fictief)");
    assert_eq!(item.badges[0].issuer.as_deref(), Some("Faculteit Maken"));
    assert_eq!(item.page, Some(url("https://stad.example/public/badges/yGqTs3BdTnK7")));
    assert_eq!(item.badges[0].class, item.page);
    assert_eq!(page.next.unwrap().offset, 1, "the next page has a number, whatever its address says");
    let whole = fake.client().whole(&mut city, &item.id).await.unwrap().unwrap();
    assert_eq!((whole.whole, whole.badges[0].tasks[0].text.as_str()), (true, "Doe onderzoek."));
    assert_eq!(
        (whole.badges[0].issuer.as_deref(), whole.organiser),
        (Some("Faculteit Maken"), None),
        "the catalogue knows whose it is"
    );
    assert_eq!(whole.badges[0].class, item.page);
    assert_eq!(fake.client().whole(&mut city, "anders").await.unwrap(), None);
    assert_eq!(fake.client().resolve_code(&mut city, "welkom").await.unwrap(), Resolved::SignIn);
    assert_eq!(fake.client().my_badges(&mut city).await.unwrap_err().code, ErrorCode::SignInNeeded);
}

#[tokio::test]
async fn what_nobody_can_earn_any_more_is_no_badge_to_earn_and_no_fault_either() {
    let fake = Fake::web(|_| {
        let item =
            |id: &str, archived: Value| json!({"entity_id": id, "name": id, "badge_class_type": "regular", "archived": archived});
        Some((
            200,
            json!({"count": 3, "next": null, "results": [item("a", json!(true)), item("b", json!(false)), item("c", json!(null))]})
                .to_string()
                .into(),
        ))
    });
    let mut city = city(Source::Edubadges { url: url("https://stad.example/mobile/api/catalog") });
    let page = fake.client().page(&mut city, Cursor::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(page.dropped, 0);
}

// ---- web pages ----------------------------------------------------------------------------------------------------------

fn read_page(html: &str, page: &str) -> Option<Activity> {
    web_page::decode(html.as_bytes(), &url(page)).activity
}

#[tokio::test]
async fn an_event_on_a_web_page_is_read_from_its_json_ld() {
    let fake = Fake::web(|_| Some((200, EVENT.into())));
    let event = fake.client().web_page(&url("https://werkplaats.nl/agenda/open-lab")).await.unwrap().activity.unwrap();
    assert_eq!((event.platform.as_str(), event.id.as_str()), ("https://werkplaats.nl", "/agenda/open-lab"));
    assert_eq!(event.title, "Open Lab");
    assert_eq!(event.description.as_deref(), Some("Maak iets & leer."));
    assert_eq!(event.start, Some("2026-12-03T18:00:00Z".parse().unwrap()), "a time without an offset on a .nl page is Dutch time");
    assert_eq!(event.end, Some("2026-12-03T20:30:00Z".parse().unwrap()));
    assert_eq!(event.price.as_deref(), Some("EUR 7.50"));
    assert_eq!(event.audience.as_deref(), Some("12-18"));
    assert_eq!(event.language.as_deref(), Some("nl-NL"));
    assert_eq!(event.address.as_deref(), Some("De Werkplaats, Neude 11, 3512 AE, Utrecht"));
    assert_eq!(event.place, Point::new(52.0929, 5.118));
    assert_eq!(event.skills.iter().map(|skill| skill.name.as_str()).collect::<Vec<_>>(), ["solderen", "3D-tekenen"]);
    assert_eq!(event.badges[0].class, Some(url("https://makers.nl/badges/1")));
    assert_eq!(event.picture, Some(url("https://werkplaats.nl/lab-breed.jpg")));
    assert!(event.whole && !event.online);
    let request = fake.fetched.lock().unwrap()[0].clone();
    assert_eq!((request.purpose, request.chosen), (Purpose::Page, false));
    let gone = Fake::web(|_| Some((404, Vec::new())));
    assert_eq!(gone.client().web_page(&url("https://werkplaats.nl/weg")).await.unwrap(), web_page::Page::default());
}

#[test]
fn a_page_offers_the_badges_of_its_own_site() {
    let add = |address: &str| format!(r#"<p><A class="x" HREF="badgewallet:add?url={address}">Bewaar</a>"#);
    let offers = |html: &str| web_page::decode(html.as_bytes(), &url("https://stad.example/badges/1")).badges;
    let own = url("https://stad.example/ob2/assertions/1");
    assert_eq!(offers(&add("https%3A%2F%2Fstad.example%2Fob2%2Fassertions%2F1").repeat(3)), [own]);
    for none in [
        "https%3A%2F%2Felders.example%2F1",
        "http%3A%2F%2Fstad.example%2F1",
        "https%3A%2F%2Fstad.example%3A8443%2F1",
        "https%3A%2F%2Fstad.example%2F1&amp;then=2",
        "javascript%3Aalert(1)",
        "",
    ] {
        assert_eq!(offers(&add(none)), [], "{none}");
    }
    assert_eq!(
        offers("<a href='https://stad.example/ob2/assertions/1'><script>\"<a href='badgewallet:add?url=https://stad.example/1'>\""),
        []
    );
    assert_eq!(
        offers("<a href='badgewallet:show/1/ABC'><a href='badgewallet:add?url=https://stad.example/claim?code=welkom'>"),
        []
    );
    let twice = offers(&["1", "2", "1"].map(|n| add(&format!("https://stad.example/{n}"))).concat());
    assert_eq!(twice, [url("https://stad.example/1"), url("https://stad.example/2")]);
    let many: String = (0..50).map(|n| add(&format!("https://stad.example/{n}"))).collect();
    assert_eq!(offers(&many).len(), 8);
}

#[test]
fn a_time_of_nowhere_is_no_time() {
    let page =
        |date: &str| format!(r#"<script type="application/ld+json">{{"@type":"Event","name":"A","startDate":"{date}"}}</script>"#);
    for date in ["2026-12-03T19:00", "2026-12-03", "binnenkort"] {
        let read = read_page(&page(date), "https://lab.example/1").unwrap();
        assert_eq!((read.start, read.when_untold), (None, true), "and not for any time either: {date}");
    }
    let with_offset = read_page(&page("2026-12-03T19:00:00+01:00"), "https://lab.example/1").unwrap();
    assert_eq!((with_offset.start, with_offset.when_untold), (Some("2026-12-03T18:00:00Z".parse().unwrap()), false));
    let undated = read_page(&page(" "), "https://lab.example/1").unwrap();
    assert_eq!((undated.start, undated.when_untold), (None, false));
}

#[test]
fn an_organiser_lives_where_its_address_says_and_nowhere_else() {
    let page = |organiser: &str| {
        let html = format!(r#"<script type="application/ld+json">{{"@type":"Event","name":"A","organizer":{organiser}}}</script>"#);
        read_page(&html, "https://lab.example/1").unwrap().organiser.unwrap()
    };
    let bare = page(r#"{"name":"Museum (fictief)","url":"www.museum.nl"}"#);
    assert_eq!((bare.name.as_str(), bare.address.as_deref()), ("Museum (fictief)", None));
    assert_eq!(bare.links[0].url, "https://www.museum.nl/");
    assert_eq!(page("\"Museum (fictief)\"").address, None);
    let placed = page(r#"{"name":"Museum (fictief)","address":{"streetAddress":"Neude 1","addressLocality":"Utrecht"}}"#);
    assert_eq!(placed.address.as_deref(), Some("Neude 1, Utrecht"));
    assert_eq!(page(r#"{"name":"Museum (fictief)","address":"Neude 1"}"#).address.as_deref(), Some("Neude 1"));
}

#[test]
fn an_event_of_a_day_is_not_over_in_the_morning() {
    let html = r#"<script type="application/ld+json">{"@type":"Event","name":"A","startDate":"2026-12-05","endDate":"2026-12-05"}</script>"#;
    let event = read_page(html, "https://lab.nl/1").unwrap();
    assert_eq!(event.end, Some("2026-12-05T22:59:59Z".parse().unwrap()));
    assert_eq!(read_page(html, "https://lab.example/1").unwrap().end, None, "a day of nowhere is no day");
}

#[test]
fn a_course_and_a_list_are_read_too() {
    let course = r#"<script type="application/ld+json; charset=utf-8">{"@type":["Thing","https://schema.org/Course"],"name":"Kantklossen",
      "provider":{"name":"De Kant"},"isAccessibleForFree":true,"timeRequired":"PT1H30M",
      "hasCourseInstance":[{"@type":"CourseInstance","courseMode":"online","startDate":"2027-01-05T09:00:00Z"}]}</script>"#;
    let course = read_page(course, "https://kant.example/k?id=1").unwrap();
    assert_eq!((course.id.as_str(), course.online, course.duration), ("/k?id=1", true, Some(5_400)));
    assert_eq!(course.price.as_deref(), Some("0"));
    assert_eq!(course.organiser.unwrap().name, "De Kant");
    let list = r#"<script type=application/ld+json>{"@type":"ItemList","name":"Route","itemListElement":[
      {"@type":"ListItem","position":1,"url":"/a/1","name":"Een"},{"@type":"ListItem","item":{"@type":"Event","name":"Twee","url":"https://elders.example/2"}},{"name":"geen adres"}]}</script>"#;
    let list = read_page(list, "https://kant.example/route").unwrap();
    assert_eq!(list.kind, Kind::Playlist);
    assert_eq!(list.parts.iter().map(|part| part.title.as_str()).collect::<Vec<_>>(), ["Een", "Twee"]);
    assert_eq!(list.parts[1].home, Some(url("https://elders.example/")));
}

#[test]
fn open_graph_counts_on_the_paths_of_these_servers_and_where_it_is_of_an_event() {
    let og =
        r#"<meta property="og:title" content="Fiets &lt;repareren&gt;"><meta property='og:image' content='javascript:alert(1)'>"#;
    let read = |path: &str| read_page(og, &format!("https://stad.example{path}"));
    for (path, id) in [
        ("/activities/31001", "31001"),
        ("/nl/activities/31010?part=31001", "31001"),
        ("/activities/31010/part/31003", "31003"),
        ("/pt_BR/playlists/31010/", "31010"),
        ("/events/7", "7"),
        ("/activities/31001/classes/4", "31001"),
        ("/nl/classes/4?project=31001", "31001"),
    ] {
        let found = read(path).unwrap();
        assert_eq!((found.id.as_str(), found.platform.as_str()), (id, "https://stad.example"), "{path}");
        assert_eq!((found.title.as_str(), found.cover, found.whole), ("Fiets <repareren>", None, false));
        assert!(found.when_untold, "of a date it says nothing");
    }
    for path in ["/", "/nieuws/1", "/activities", "/activities/..%2f", "/organisers/1", "/claim?code=x", "/activities/a_b"] {
        assert_eq!(read(path), None, "{path}");
    }
    assert_eq!(read_page("<!-- <meta property=og:title content=x> -->", "https://stad.example/events/7"), None);
    let typed =
        |kind: &str| read_page(&format!("{og}<meta property=og:type content='{kind}'>"), "https://zaal.example/agenda?id=7");
    for kind in ["event", " events.event"] {
        let found = typed(kind).unwrap();
        assert_eq!((found.id.as_str(), found.platform.as_str()), ("/agenda?id=7", "https://zaal.example"), "{kind}");
        assert!(found.when_untold && !found.whole);
    }
    for kind in ["website", "article", "eventful", ""] {
        assert_eq!(typed(kind), None, "{kind}");
    }
}

// ---- any bytes ----------------------------------------------------------------------------------------------------------

/// JSON in the words of these sources, and not.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        prop::sample::select(vec![
            "1",
            "event",
            "playlist",
            "draft",
            "2026-09-19",
            "-1",
            "https://a.example/",
            "javascript:x",
            "#2a6f7f",
            "a@b.nl",
            "P1Y"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        let keys = prop::sample::select(vec![
            "data",
            "projects",
            "list",
            "id",
            "name",
            "title",
            "location",
            "lat",
            "lng",
            "eventStart",
            "start",
            "items",
            "version",
            "results",
            "entity_id",
            "badge",
            "completeBadgeClass",
            "criteria",
            "description",
            "playlistActivities",
            "parts",
            "project",
            "site",
            "siteUrl",
            "contacts",
            "value",
            "website",
            "maybeProject",
            "resolveCode",
            "__typename",
            "skills",
            "duration",
            "seconds",
            "total",
            "@type",
            "@graph",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(keys, inner, 0..8)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_a_reader_panic_or_break_a_promise(json in any_json()) {
        read_everything(json.to_string().as_bytes());
        read_everything(format!("<script type=application/ld+json>{json}</script>").as_bytes());
    }

    #[test]
    fn what_has_an_id_and_a_name_keeps_to_the_limits(json in any_json()) {
        let mut item = json!({"id": "1", "name": "Een", "title": "Een", "@type": "Event", "entity_id": "1"});
        if let (Some(item), Some(json)) = (item.as_object_mut(), json.as_object()) {
            item.extend(json.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        read_everything(json!({"version": 1, "items": [item], "list": [item], "results": [item], "count": 1}).to_string().as_bytes());
        read_everything(format!("<script type=application/ld+json>{item}</script>").as_bytes());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_everything(&bytes);
    }
}

#[test]
fn the_fixtures_say_something() {
    let nothing = read_everything(b"");
    for bytes in [UTRECHT, FEED, EVENT, EDUBADGES, WELL_KNOWN] {
        let answers: Value = serde_json::from_str(bytes).unwrap_or_default();
        let read = answers
            .get("list")
            .map_or_else(|| read_everything(bytes.as_bytes()), |list| read_everything(list.to_string().as_bytes()));
        assert_ne!(read, nothing, "{}", &bytes[..40]);
    }
}
