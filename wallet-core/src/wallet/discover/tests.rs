use std::sync::Mutex;

use safe_fetch::{FetchError, Post, Posted, Response};
use serde_json::{Value, json};

use super::*;
use crate::{
    Clock, MemoryDevice, WalletConfig,
    activity::{Activity, City, Source},
    store::activities::{Marked, Stored},
    view::Incoming,
};

fn code<T: std::fmt::Debug>(result: Result<T>) -> ErrorCode {
    result.unwrap_err().code
}

#[test]
fn an_address_is_understood_as_people_type_it() {
    for (text, url) in [
        ("utrecht.example", "https://utrecht.example/"),
        ("  utrecht.example/activities/1 ", "https://utrecht.example/activities/1"),
        ("HTTPS://Utrecht.Example", "https://utrecht.example/"),
        ("http://127.0.0.1:8788", "http://127.0.0.1:8788/"),
    ] {
        assert_eq!(typed(text).unwrap().as_str(), url, "{text}");
    }
    for text in
        ["", " ", "ftp://utrecht.example", "javascript://utrecht.example", "een hele zin", "https://", "://", &"a".repeat(10_000)]
    {
        assert_eq!(code(typed(text)), ErrorCode::NotACity, "{text}");
    }
}

#[test]
fn a_category_has_the_apps_word_or_the_citys_own() {
    assert_ne!(category(Language::Nl, "Environment end ecology"), "Environment end ecology", "also as these servers misspell it");
    assert_ne!(category(Language::Nl, "CRAFTS AND MAKING"), "CRAFTS AND MAKING");
    assert_eq!(category(Language::Nl, "Toverij & zo"), "Toverij & zo");
    assert_eq!(category(Language::Nl, "\u{202e}<b>Om</b>"), "<b>Om</b>");
}

#[test]
fn an_addresss_last_words_name_a_part_of_the_city_where_two_share_them() {
    let marked = |address: &str, lat: f64| Marked {
        id: String::new(),
        place: Point::new(lat, 5.0).unwrap(),
        ends_at: None,
        activity: Activity { address: Some(address.to_owned()), ..activity() },
    };
    let all = [
        marked("Neude 11, 3512 AE Utrecht", 52.0),
        marked("Kanaalstraat 1, Utrecht", 52.2),
        marked("Markt 1, 4811 XC Breda", 51.5),
        marked("zonder komma", 50.0),
        marked("", 50.0),
    ];
    let districts = localities(&all);
    assert_eq!(districts.len(), 1, "one that is alone names nothing");
    assert_eq!((districts[0].name.as_str(), districts[0].place), ("Utrecht", Place { lat: 52.1, lng: 5.0 }));
    assert_eq!(locality("3512 AE Utrecht"), "Utrecht");
    assert_eq!(locality("'s-Hertogenbosch"), "'s-Hertogenbosch");
    assert_eq!(locality("1234 AB"), "");
}

#[test]
fn the_middle_of_nothing_is_nowhere() {
    assert_eq!(middle(&[]), None);
}

#[test]
fn a_query_near_nowhere_is_none() {
    let near = |lat, lng, km| {
        let query = ActivityQuery { near: Some(crate::view::Near { lat, lng, km }), ..ActivityQuery::default() };
        filter(query, Timestamp::UNIX_EPOCH)
    };
    assert!(near(52.0, 5.0, 1.0).is_ok());
    for (lat, lng, km) in
        [(91.0, 5.0, 1.0), (52.0, 181.0, 1.0), (0.0, 0.0, 1.0), (f64::NAN, 5.0, 1.0), (52.0, 5.0, -1.0), (52.0, 5.0, f64::INFINITY)]
    {
        assert_eq!(code(near(lat, lng, km)), ErrorCode::Usage, "{lat} {lng} {km}");
    }
}

fn activity() -> Activity {
    Activity::bare("badgecraft".to_owned(), "1".to_owned(), Kind::Activity, "Iets".to_owned())
}

#[test]
fn how_long_it_takes_is_what_is_told_or_lies_between_start_and_end_of_a_day() {
    let at = |hours: i64| Timestamp::from_second(1_790_000_000 + hours * 3600).ok();
    let minutes = |duration, start, end| cards::minutes(&Activity { duration, start, end, ..activity() });
    assert_eq!(minutes(Some(5_400), at(0), at(9)), Some(90));
    assert_eq!(minutes(None, at(0), at(2)), Some(120));
    assert_eq!(minutes(None, at(0), at(48)), None, "days are no duration");
    assert_eq!(minutes(None, at(0), None), None);
    assert_eq!(minutes(Some(30), at(0), at(2)), None);
}

// ---- reading, against a city that answers from a closure ---------------------------------------------------------------------

type Pages = Box<dyn Fn(&Url) -> Option<(Url, String)> + Send + Sync>;
type Answers = Box<dyn Fn(&Value) -> Value + Send + Sync>;

/// Pages by their address, with where they come from in the end, and answers to GraphQL.
struct Scripted {
    pages: Pages,
    answers: Answers,
    /// How long each answer takes.
    slow: std::time::Duration,
    asked: Mutex<u32>,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

#[async_trait::async_trait]
impl Network for Scripted {
    async fn fetch(&self, request: Request) -> std::result::Result<Response, FetchError> {
        let page = (self.pages)(&request.url).filter(|_| request.purpose == Purpose::Page);
        let (final_url, body) = page.ok_or(FetchError::Unreachable)?;
        Ok(Response { final_url, status: 200, content_type: "text/html".to_owned(), body: body.into_bytes() })
    }

    async fn post(&self, post: Post) -> std::result::Result<Posted, FetchError> {
        *self.asked.lock().unwrap() += 1;
        tokio::time::sleep(self.slow).await;
        let body = (self.answers)(&serde_json::from_slice(&post.body).unwrap()).to_string().into_bytes();
        Ok(Posted { status: 200, content_type: "application/json".to_owned(), body })
    }
}

impl Scripted {
    fn new(answers: impl Fn(&Value) -> Value + Send + Sync + 'static) -> Self {
        Self { pages: Box::new(|_| None), answers: Box::new(answers), slow: std::time::Duration::ZERO, asked: Mutex::default() }
    }

    fn asked(&self) -> u32 {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

const STAD: &str = "https://stad.example";

/// A wallet that has one city, which was not read yet.
async fn chosen(network: &Arc<Scripted>) -> (tempfile::TempDir, Wallet) {
    let folder = tempfile::tempdir().unwrap();
    let config = WalletConfig {
        directory: folder.path().join("wallet"),
        device: Arc::new(MemoryDevice::default()),
        network: network.clone(),
        clock: Clock::Fixed("2026-11-23T12:00:00Z".parse().unwrap()),
        language: Some(Language::Nl),
        share_host: None,
        city: None,
    };
    let wallet = Wallet::open(config).await.unwrap();
    wallet.begin(None).await.unwrap();
    let origin = Url::parse(STAD).unwrap();
    let city = City {
        source: Source::CitiesOfLearning { url: origin.join("/api/graphql").unwrap(), client: None },
        origin,
        name: "Stad".to_owned(),
        fictitious: true,
        centre: Point::new(52.09, 5.12),
        districts: Vec::new(),
        claim: None,
        lacks: Vec::new(),
    };
    let now = wallet.now();
    wallet.write(move |t| cities::put(t, STAD, &city, now)).await.unwrap();
    (folder, wallet)
}

async fn told(wallet: &Wallet) -> Vec<String> {
    let mut all: Vec<String> = wallet
        .read(|c| activities::to_come(c, Timestamp::UNIX_EPOCH, 1_000))
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.id)
        .collect();
    all.sort();
    all
}

fn offset(body: &Value) -> usize {
    usize::try_from(body["variables"]["offset"].as_u64().unwrap()).unwrap()
}

fn list(total: usize, items: &[Value]) -> Value {
    json!({"data": {"projects": {"total": total, "limit": 24, "offset": 0, "list": items}}})
}

fn card(id: usize) -> Value {
    json!({"id": id, "name": format!("Nr {id}")})
}

#[tokio::test]
async fn a_page_that_shows_nothing_is_no_end() {
    let network = Arc::new(Scripted::new(|body| {
        let at = offset(body);
        let hidden = |id: usize| if (24..72).contains(&id) { Value::Null } else { card(id) };
        list(96, &(at..96.min(at + 24)).map(hidden).collect::<Vec<_>>())
    }));
    let (_folder, wallet) = chosen(&network).await;
    for _ in 0..2 {
        wallet.read_city(STAD).await.unwrap();
        assert_eq!(told(&wallet).await.len(), 48);
    }
    // The newest of all are for nobody: that says nothing of what comes after.
    let network = Arc::new(Scripted::new({
        let round = std::sync::atomic::AtomicUsize::new(0);
        move |body| {
            let at = offset(body);
            let round = if at == 0 { round.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } else { 1 };
            let of = |id: usize| if round > 0 && id < 24 { Value::Null } else { card(id) };
            list(48, &(at..48.min(at + 24)).map(of).collect::<Vec<_>>())
        }
    }));
    let (_folder, wallet) = chosen(&network).await;
    wallet.read_city(STAD).await.unwrap();
    assert_eq!(network.asked(), 2);
    wallet.read_city(STAD).await.unwrap();
    assert_eq!(network.asked(), 2, "both pages");
}

#[tokio::test]
async fn a_list_that_takes_no_order_is_read_to_its_end() {
    let new = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let network = Arc::new(Scripted::new({
        let new = new.clone();
        move |body| {
            if body["query"].as_str().unwrap().contains("sort:") {
                return json!({"errors": [{"message": "Unknown argument \"sort\" on field \"Query.projects\"."}]});
            }
            let total = if new.load(std::sync::atomic::Ordering::Relaxed) { 49 } else { 48 };
            let at = offset(body);
            list(total, &(at..total.min(at + 24)).map(card).collect::<Vec<_>>())
        }
    }));
    let (_folder, wallet) = chosen(&network).await;
    wallet.read_city(STAD).await.unwrap();
    assert_eq!(told(&wallet).await.len(), 48);
    new.store(true, std::sync::atomic::Ordering::Relaxed);
    wallet.read_city(STAD).await.unwrap();
    assert_eq!(told(&wallet).await.len(), 49, "what is new is at the end");
}

#[tokio::test]
async fn a_city_that_takes_for_ever_gives_way_and_keeps_what_came() {
    let mut slow = Scripted::new(|body| {
        let at = offset(body);
        list(1_000_000, &(at..at + 24).map(card).collect::<Vec<_>>())
    });
    slow.slow = std::time::Duration::from_millis(900);
    let (_folder, wallet) = chosen(&Arc::new(slow)).await;
    let started = std::time::Instant::now();
    wallet.read_city(STAD).await.unwrap();
    assert!(started.elapsed() < std::time::Duration::from_secs(30), "{:?}", started.elapsed());
    let city = wallet.city_view(STAD.to_owned()).await.unwrap();
    assert_eq!(city.problem, Some(ErrorCode::CityBusy));
    assert!(city.activities >= 24 && city.refreshed_at.is_none(), "{}", city.activities);
}

#[tokio::test]
async fn a_large_city_that_is_slow_is_read_to_its_end_where_it_stopped() {
    let offsets = Arc::new(Mutex::new(Vec::new()));
    let network = Arc::new(Scripted {
        slow: std::time::Duration::from_millis(900),
        ..Scripted::new({
            let offsets = offsets.clone();
            move |body| {
                let at = offset(body);
                offsets.lock().unwrap().push(at);
                list(144, &(at..144.min(at + 24)).map(card).collect::<Vec<_>>())
            }
        })
    });
    let (_folder, wallet) = chosen(&network).await;
    let read = async || {
        wallet.read_city(STAD).await.unwrap();
        let city = wallet.city_view(STAD.to_owned()).await.unwrap();
        (city.problem, city.refreshed_at.is_some(), std::mem::take(&mut *offsets.lock().unwrap()))
    };
    let (problem, refreshed, first) = read().await;
    assert_eq!((problem, refreshed, first[0]), (Some(ErrorCode::CityBusy), false, 0));
    let mut came = told(&wallet).await.len();
    for _ in 0..5 {
        let (problem, refreshed, then) = read().await;
        assert_eq!(then[0], came, "where it stopped");
        came = told(&wallet).await.len();
        if came == 144 && problem.is_none() {
            assert!(refreshed);
            break;
        }
    }
    assert_eq!(came, 144);
    // From here on only what changed is read.
    assert_eq!(read().await, (None, true, vec![0]));
    // A city that was removed begins anew.
    let (_folder, wallet) = chosen(&network).await;
    wallet.read_city(STAD).await.unwrap();
    let city = wallet.read(|c| cities::by_id(c, STAD)).await.unwrap().city;
    wallet.remove_city(STAD.to_owned()).await.unwrap();
    let now = wallet.now();
    wallet.write(move |t| cities::put(t, STAD, &city, now)).await.unwrap();
    offsets.lock().unwrap().clear();
    wallet.read_city(STAD).await.unwrap();
    assert_eq!(offsets.lock().unwrap()[0], 0);
}

#[tokio::test]
async fn a_list_that_is_cut_off_takes_nothing_away_however_often() {
    let empty = Arc::new(std::sync::atomic::AtomicUsize::new(usize::MAX));
    let network = Arc::new(Scripted::new({
        let empty = empty.clone();
        move |body| {
            let (at, from) = (offset(body), empty.load(std::sync::atomic::Ordering::Relaxed));
            let to = if at < from { 500.min(at + 24) } else { at };
            list(500, &(at..to).map(card).collect::<Vec<_>>())
        }
    }));
    let (_folder, wallet) = chosen(&network).await;
    let read = async || {
        // All of it.
        wallet.write(|t| cities::begun(t, STAD)).await.unwrap();
        wallet.read_city(STAD).await.unwrap();
        (told(&wallet).await.len(), wallet.read(|c| cities::by_id(c, STAD)).await.unwrap().swept_at.is_some())
    };
    assert_eq!(read().await, (500, true));
    empty.store(24, std::sync::atomic::Ordering::Relaxed);
    for _ in 0..3 {
        assert_eq!(read().await, (500, false), "page after page is empty");
    }
    // A few empty ones before the end may be lost ones, too.
    empty.store(480, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(read().await.0, 500);
    empty.store(usize::MAX, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(read().await, (500, true));
}

#[tokio::test]
async fn a_page_speaks_for_the_site_it_came_from_and_never_over_its_city() {
    const PAGE: &str = r#"<html><meta property="og:title" content="Van een pagina">"#;
    let out = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let mut network = Scripted::new({
        let out = out.clone();
        move |body| {
            if out.load(std::sync::atomic::Ordering::Relaxed) {
                return json!({"data": null, "errors": [{"message": "kapot", "path": ["maybeProject"]}]});
            }
            match body["operationName"].as_str() {
                Some("ColList") => list(1, &[json!({"id": 1, "name": "Van de stad", "description": "Alles."})]),
                _ => json!({"data": {"maybeProject": null}}),
            }
        }
    });
    network.pages = Box::new(|url| {
        let to = match (url.host_str()?, url.path()) {
            ("stad.example", "/weg/1" | "/activities/9") | ("los.example", _) => "https://dief.example/activities/1",
            ("stad.example", "/activities/1" | "/nl/activities/2") => url.as_str(),
            ("dief.example", "/door") => "https://stad.example/activities/1",
            _ => return None,
        };
        Some((Url::parse(to).ok()?, PAGE.to_owned()))
    });
    let network = Arc::new(network);
    let (_folder, wallet) = chosen(&network).await;
    wallet.read_city(STAD).await.unwrap();
    let look = async |address: &str| match wallet.look_around(&*network, &Url::parse(address).unwrap()).await {
        Some(Around::Is(Incoming::Activity { id })) => Some(id),
        _ => None,
    };
    let row = async |id: &str| {
        let id = id.to_owned();
        wallet.read(move |c| activities::by_id(c, &id)).await
    };
    let same = async || {
        let Stored { activity, .. } = row("1@stad.example").await.unwrap();
        assert_eq!((activity.title.as_str(), activity.description.as_deref()), ("Van de stad", Some("Alles.")));
    };
    // A city of the learner's that leads elsewhere says nothing; anybody else's page is of where it came from.
    assert_eq!((look("https://stad.example/weg/1").await, look("https://stad.example/activities/9").await), (None, None));
    assert_eq!(look("https://los.example/agenda").await.as_deref(), Some("1@dief.example"));
    assert!(row("1@los.example").await.is_err());
    // The page of what the city told is that, whoever led there, also while the city cannot answer.
    for broken in [false, true] {
        out.store(broken, std::sync::atomic::Ordering::Relaxed);
        for address in ["https://stad.example/activities/1", "https://dief.example/door"] {
            assert_eq!(look(address).await.as_deref(), Some("1@stad.example"), "{address}");
            same().await;
        }
    }
    // What the city does not tell of has only its page.
    assert_eq!(look("https://stad.example/nl/activities/2").await.as_deref(), Some("2@stad.example"));
    assert_eq!(row("2@stad.example").await.unwrap().activity.title, "Van een pagina");
    same().await;
}
