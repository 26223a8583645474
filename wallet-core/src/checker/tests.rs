//! The loop over replayed files: what is asked, how often, and what comes of silence.

use std::sync::Mutex;

use safe_fetch::{Offline, Replay};

use super::*;
use crate::report::Inspection;
use crate::view::{NamedFile, Verdict};

const ASSERTION: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://school.example/a/1",
  "recipient":{"type":"email","hashed":false,"identity":"noor@post.example"},"issuedOn":"2026-03-01T00:00:00Z",
  "verification":{"type":"hosted"},"badge":"https://school.example/b/1"}"#;
const CLASS: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass","id":"https://school.example/b/1",
  "name":"Barista","description":"Koffie","image":"https://school.example/b/1.png","criteria":{"narrative":"Maak koffie"},
  "issuer":"https://school.example/i/1"}"#;
const ISSUER: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Profile","id":"https://school.example/i/1",
  "name":"Oefenschool","url":"https://school.example","email":"info@school.example"}"#;

/// Counts what is asked, and answers from files.
#[derive(Debug)]
struct Counting {
    asked: Mutex<Vec<String>>,
    files: Replay,
}

#[async_trait::async_trait]
impl Network for Counting {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        self.asked.lock().unwrap().push(request.url.to_string());
        self.files.fetch(request).await
    }
}

fn school() -> BTreeMap<String, Vec<u8>> {
    [("a/1", ASSERTION), ("b/1", CLASS), ("i/1", ISSUER)]
        .into_iter()
        .map(|(path, body)| (format!("school.example/{path}"), body.as_bytes().to_vec()))
        .collect()
}

fn checker(files: BTreeMap<String, Vec<u8>>) -> (Checker, Arc<Counting>) {
    let network = Arc::new(Counting { asked: Mutex::default(), files: Replay::from_files(files) });
    (Checker::new(network.clone(), clock(), Language::En), network)
}

fn clock() -> Clock {
    Clock::Fixed("2026-11-23T12:00:00Z".parse().unwrap())
}

fn text(text: &str) -> Input {
    Input::Text(text.to_owned())
}

#[tokio::test]
async fn a_hosted_badge_is_fetched_from_its_address_each_document_once() {
    let (checker, network) = checker(school());
    let report = checker.report(vec![text("https://school.example/a/1")], None).await.unwrap();
    let badge = &report.badges[0];
    assert_eq!(
        (badge.verdict, badge.name.as_str(), badge.issuer.domain.as_deref()),
        (Verdict::Valid, "Barista", Some("school.example"))
    );
    assert_eq!(badge.told.text, "From school.example, calls itself Oefenschool.");
    let mut asked = network.asked.lock().unwrap().clone();
    asked.sort();
    assert_eq!(asked, ["https://school.example/a/1", "https://school.example/b/1", "https://school.example/i/1"]);
}

#[tokio::test]
async fn inspecting_a_badge_at_hand_asks_nothing() {
    let (checker, network) = checker(school());
    let Inspection::Badges(report) = checker.inspect(text(ASSERTION)).await.unwrap() else { panic!("no badge") };
    assert_eq!(report.badges[0].verdict, Verdict::CannotTell);
    assert!(network.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_network_a_hosted_badge_cannot_be_told() {
    let checker = Checker::new(Arc::new(Offline), clock(), Language::En);
    let report = checker.report(vec![text(ASSERTION)], None).await.unwrap();
    assert_eq!(report.badges[0].verdict, Verdict::CannotTell);
    assert!(report.badges[0].checks.iter().any(|check| check.reason.as_deref() == Some("not_fetched")));
    let error = checker.report(vec![text("https://school.example/a/1")], None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
}

#[tokio::test]
async fn what_was_fetched_before_counts_when_nobody_answers_now() {
    let (online, _) = checker(school());
    let credential = Credential::parse(ASSERTION.as_bytes()).unwrap();
    let before = online.judge(credential.clone(), BTreeMap::new(), Ask::Missing).await;
    assert_eq!(before.documents.len(), 3);
    let offline = Checker::new(Arc::new(Offline), clock(), Language::En);
    let now = offline.judge(credential.clone(), before.documents.clone(), Ask::Fresh).await;
    assert_eq!(open_badges::verdict_of(&now.judgement.checks), open_badges::Verdict::Valid);
    let later = Checker { clock: Clock::Fixed("2026-12-25T12:00:00Z".parse().unwrap()), ..offline };
    let later = later.judge(credential, before.documents, Ask::Missing).await;
    assert_eq!(open_badges::verdict_of(&later.judgement.checks), open_badges::Verdict::CannotTell);
}

#[tokio::test]
async fn a_badge_that_is_gone_says_so() {
    let mut files = school();
    files.insert("school.example/a/1.410".to_owned(), Vec::new());
    let (checker, _) = checker(files);
    let report = checker.report(vec![text(ASSERTION)], None).await.unwrap();
    assert!(report.badges[0].checks.iter().any(|check| check.reason.as_deref() == Some("gone")), "{:?}", report.badges[0].checks);
}

#[tokio::test]
async fn a_picture_in_place_of_a_document_is_no_evidence() {
    let mut files = school();
    files.insert("school.example/a/1".to_owned(), b"\x89PNG\r\n\x1a\n".to_vec());
    let (checker, _) = checker(files);
    let report = checker.report(vec![text(ASSERTION)], None).await.unwrap();
    assert_eq!(report.badges[0].verdict, Verdict::CannotTell);
}

#[tokio::test]
async fn addresses_lead_two_hops_and_no_further() {
    let svg = |to: &str| {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="{to}"/></svg>"#)
            .into_bytes()
    };
    let mut files = school();
    files.insert("school.example/baked".to_owned(), svg("https://school.example/a/1"));
    files.insert("school.example/round".to_owned(), svg("https://school.example/round"));
    let (checker, network) = checker(files);
    let report = checker.report(vec![text("https://school.example/baked")], None).await.unwrap();
    assert_eq!(report.badges[0].name, "Barista");
    network.asked.lock().unwrap().clear();
    let error = checker.report(vec![text("https://school.example/round")], None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoBadgeThere);
    assert_eq!(network.asked.lock().unwrap().len(), 4, "three hops, and once for what it says as a page");
}

#[tokio::test]
async fn a_page_that_offers_badges_of_its_own_site_is_followed_once() {
    let page = |links: &str| format!("<!doctype html><h1>Barista</h1>{links}").into_bytes();
    let link = |to: &str| format!("<a href=\"badgewallet:add?url={}\">Bewaar</a>", to.replace(':', "%3A").replace('/', "%2F"));
    let mut files = school();
    files.insert("school.example/badges/1".to_owned(), page(&link("https://school.example/a/1")));
    files.insert("school.example/index".to_owned(), page(&link("https://school.example/a/1")));
    files.insert("school.example/badges".to_owned(), page(&link("https://school.example/badges/1")));
    files.insert("school.example/elsewhere".to_owned(), page(&link("https://other.example/a/1")));
    let (checker, _) = checker(files);
    let page = || text("https://school.example/badges/1");
    let report = checker.report(vec![page()], None).await.unwrap();
    assert_eq!((report.badges.len(), report.badges[0].verdict), (1, Verdict::Valid));
    assert_eq!(checker.check(page()).await.unwrap().len(), 1);
    let Inspection::Badges(report) = checker.inspect(page()).await.unwrap() else { panic!("a badge") };
    assert_eq!((report.badges.len(), report.badges[0].verdict), (1, Verdict::CannotTell));
    // A front page, what is offered by a page that was offered, and what is of another site.
    for input in ["https://school.example/", "https://school.example/badges", "https://school.example/elsewhere"] {
        assert_eq!(checker.report(vec![text(input)], None).await.unwrap_err().code, ErrorCode::NoBadgeThere, "{input}");
    }
}

#[tokio::test]
async fn a_claim_code_is_no_badge_yet() {
    let (checker, network) = checker(school());
    for (input, code) in
        [("https://school.example/nl/claim?code=b4nd1a", ErrorCode::NoBadgeThere), ("b4nd1a", ErrorCode::NotABadge)]
    {
        assert_eq!(checker.report(vec![text(input)], None).await.unwrap_err().code, code);
        assert_eq!(checker.check(text(input)).await.unwrap_err().code, code);
        assert!(matches!(checker.inspect(text(input)).await.unwrap(), Inspection::Claim { .. }));
    }
    assert!(network.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_address_in_an_old_picture_is_asked_only_where_it_may_be() {
    let plain = include_bytes!("../../demo/web/buurtkeuken-zuilen.example/pictures/buurtkok.png");
    let bytes = open_badges::bake_png(plain, open_badges::BakeKind::V2, "http://school.example/a/1").unwrap();
    let file = NamedFile { name: "badge.png".to_owned(), bytes, media_type: None };
    let (checker, _) = checker(school());
    assert_eq!(checker.report(vec![Input::File(file)], None).await.unwrap_err().code, ErrorCode::AddressRefused);
}

#[tokio::test]
async fn each_kind_of_silence_has_its_code() {
    let mut files = school();
    files.insert("school.example/page".to_owned(), b"<!doctype html><p>Welkom".to_vec());
    files.insert("school.example/other.json".to_owned(), br#"{"hello": "world"}"#.to_vec());
    let (checker, _) = checker(files);
    let table = [
        ("https://school.example/page", ErrorCode::NoBadgeThere),
        ("https://school.example/absent", ErrorCode::NoBadgeThere),
        ("https://school.example/other.json", ErrorCode::NoBadgeThere),
        ("https://192.168.1.1/badge", ErrorCode::AddressRefused),
        ("https://printer.local/badge", ErrorCode::AddressRefused),
        ("{\"hello\": \"world\"}", ErrorCode::NotABadge),
    ];
    for (input, code) in table {
        assert_eq!(checker.report(vec![text(input)], None).await.unwrap_err().code, code, "{input}");
    }
    let Inspection::Page { host, .. } = checker.inspect(text("https://school.example/page")).await.unwrap() else {
        panic!("a page")
    };
    assert_eq!(host, "school.example");
}

#[tokio::test]
async fn the_shape_of_a_report_is_stable() {
    let (checker, _) = checker(school());
    let file = NamedFile { name: "badge.json".to_owned(), bytes: ASSERTION.as_bytes().to_vec(), media_type: None };
    let report = checker.report(vec![Input::File(file)], None).await.unwrap();
    insta::assert_json_snapshot!(report);
}

#[tokio::test]
async fn a_shown_badge_comes_with_the_fixed_second_line() {
    let (checker, _) = checker(school());
    let badges = checker.check(text(ASSERTION)).await.unwrap();
    assert_eq!(badges[0].holder_line, "Who shows this was not checked.");
    assert_eq!(badges[0].given_to.as_deref(), Some("noor@post.example"));
}
