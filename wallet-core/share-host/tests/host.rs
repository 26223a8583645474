//! The host over real HTTP: what it does, what it refuses, and what it never tells.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{Action, LinkId, LinkKey, Manage, ManageKey, Passcode, Portfolio, PublishedKey, Seal, SharedBadge, Show, Statement};
use serde_json::{Value, json};
use share_host::{Config, Host, Quota, Rates};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

struct Net {
    host: Option<Host>,
    origin: String,
    http: reqwest::Client,
    folder: tempfile::TempDir,
}

/// Nothing here is meant to be slow or counted, unless a test says so.
const QUICK: Rates = Rates { open: 1_000_000, manage: 1_000_000, relay: 1_000_000 };

impl Net {
    async fn start(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::local(folder.path().join("data"));
        config.rates = QUICK;
        change(&mut config);
        let host = Host::start(config).await.unwrap();
        let origin = format!("http://{}", host.address());
        Self { host: Some(host), origin, http: client(), folder }
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Vec<u8>) {
        let answer = self.http.post(format!("{}{path}", self.origin)).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    async fn open(&self, link: &Link, auth: Option<&Passcode>) -> (u16, Vec<u8>) {
        let auth = auth.map(|passcode| URL_SAFE_NO_PAD.encode(passcode.auth()));
        self.post("/v1/open", &json!({ "id": link.id, "auth": auth })).await
    }

    async fn step(&self, link: &Link, action: Action, seq: u64, end: Option<u64>, body: Option<&[u8]>) -> (u16, Value) {
        let step = link.step(&self.origin, action, seq, end, body);
        let (status, answer) = self.post("/v1/manage", &step).await;
        (status, serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }
}

struct Link {
    id: LinkId,
    key: LinkKey,
    manage: ManageKey,
    passcode: Option<Passcode>,
}

impl Link {
    fn new(passcode: Option<&str>) -> Self {
        let (key, manage) = (LinkKey::random().unwrap(), ManageKey::random().unwrap());
        let passcode = passcode.map(|text| Passcode::derive(text, &key).unwrap());
        Self { id: manage.id().unwrap(), key, manage, passcode }
    }

    fn step(&self, origin: &str, action: Action, seq: u64, end: Option<u64>, body: Option<&[u8]>) -> Value {
        let seal = Seal { key: &self.key, passcode: self.passcode.as_ref(), manage: &self.manage, seq, end };
        let capsule = body.map(|body| seal.seal(body).unwrap()).unwrap_or_default();
        let auth_hash = self.passcode.as_ref().filter(|_| body.is_some()).map(Passcode::auth_hash);
        let step = Manage { action, id: self.id, seq, end, auth_hash, capsule: &capsule };
        let signature = step.sign(&self.manage, origin).unwrap();
        let mut json = json!({
            "action": action,
            "id": self.id,
            "seq": seq,
            "end": end.unwrap_or(0),
            "auth_hash": auth_hash.map(|hash| URL_SAFE_NO_PAD.encode(hash)),
            "capsule": body.map(|_| STANDARD.encode(&capsule)),
            "signature": URL_SAFE_NO_PAD.encode(signature),
        });
        if action == Action::Create {
            json["public_key"] = URL_SAFE_NO_PAD.encode(self.manage.public().unwrap()).into();
        }
        json
    }

    fn read(&self, bytes: &[u8]) -> Vec<u8> {
        capsule::open(bytes, &self.id, &self.key, self.passcode.as_ref(), now()).unwrap().body
    }
}

fn code(body: &[u8]) -> String {
    serde_json::from_slice::<Value>(body).unwrap()["error"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_link_is_made_opened_changed_extended_and_stopped() {
    let net = Net::start(|_| {}).await;
    let link = Link::new(None);
    let soon = Some(now() + 3600);
    assert_eq!(net.open(&link, None).await.0, 404);
    assert_eq!(net.step(&link, Action::Create, 1, soon, Some(b"one")).await.0, 200);
    let (status, bytes) = net.open(&link, None).await;
    assert_eq!((status, link.read(&bytes).as_slice()), (200, b"one".as_slice()));
    let later = Some(now() + 7200);
    assert_eq!(net.step(&link, Action::Replace, 2, later, Some(b"two")).await.0, 200);
    assert_eq!(link.read(&net.open(&link, None).await.1), b"two");
    let (status, standing) = net.step(&link, Action::Status, 0, None, None).await;
    assert_eq!((status, standing["seq"].as_u64(), standing["end"].as_u64()), (200, Some(2), later));
    assert_eq!(net.step(&link, Action::Stop, 3, None, None).await.0, 200);
    let (status, body) = net.open(&link, None).await;
    assert_eq!((status, code(&body).as_str()), (410, "ended"));
    // Stop is final: neither a change nor a new link under the same id.
    assert_eq!(net.step(&link, Action::Replace, 4, soon, Some(b"x")).await.0, 410);
    assert_eq!(net.step(&link, Action::Create, 1, soon, Some(b"x")).await.0, 410);
}

#[tokio::test]
async fn a_step_counts_once_in_its_turn_and_only_from_its_owner() {
    let net = Net::start(|_| {}).await;
    let (link, thief) = (Link::new(None), Link::new(None));
    let end = Some(now() + 3600);
    let create = link.step(&net.origin, Action::Create, 1, end, Some(b"one"));
    assert_eq!(net.post("/v1/manage", &create).await.0, 200);
    // Replayed, out of turn.
    let (status, body) = net.post("/v1/manage", &create).await;
    assert_eq!((status, serde_json::from_slice::<Value>(&body).unwrap()), (409, json!({ "error": "conflict", "seq": 1 })));
    let replace = link.step(&net.origin, Action::Replace, 2, end, Some(b"two"));
    assert_eq!(net.post("/v1/manage", &replace).await.0, 200);
    assert_eq!(net.post("/v1/manage", &replace).await.0, 409);
    // Signed for another host, by another key, or changed on its way.
    assert_eq!(net.post("/v1/manage", &link.step("https://other.example", Action::Stop, 9, None, None)).await.0, 403);
    let theirs =
        Link { id: link.id, key: LinkKey::random().unwrap(), manage: ManageKey::from_seed(*thief.manage.seed()), passcode: None };
    assert_eq!(net.step(&theirs, Action::Stop, 9, None, None).await, (403, json!({ "error": "bad_signature" })));
    let mut changed = link.step(&net.origin, Action::Stop, 9, None, None);
    changed["seq"] = 10.into();
    assert_eq!(net.post("/v1/manage", &changed).await.0, 403);
    // Somebody else's id cannot be taken.
    let mut claimed = thief.step(&net.origin, Action::Create, 1, end, Some(b"x"));
    claimed["id"] = json!(link.id);
    assert_eq!(net.post("/v1/manage", &claimed).await.0, 403);
    // Another's capsule, or one that says something else than the step.
    let mut swapped = link.step(&net.origin, Action::Replace, 3, end, Some(b"three"));
    swapped["capsule"] = thief.step(&net.origin, Action::Create, 1, end, Some(b"x"))["capsule"].clone();
    assert_eq!(net.post("/v1/manage", &swapped).await.0, 403);
    assert_eq!(link.read(&net.open(&link, None).await.1), b"two");
    // A first step is the first, and no link begins after its end.
    let early = Link::new(None);
    assert_eq!(net.step(&early, Action::Create, 2, end, Some(b"x")).await.0, 400);
    assert_eq!(net.step(&early, Action::Create, 1, Some(now() - 1), Some(b"x")).await.0, 400);
    assert_eq!(net.step(&early, Action::Replace, 2, end, Some(b"x")).await.0, 404);
}

#[tokio::test]
async fn ten_wrong_passcodes_close_a_link_until_its_owner_opens_it() {
    let net = Net::start(|_| {}).await;
    let link = Link::new(Some("vlinder 22"));
    assert_eq!(net.step(&link, Action::Create, 1, None, Some(b"secret")).await.0, 200);
    let (status, body) = net.open(&link, None).await;
    assert_eq!((status, code(&body).as_str()), (401, "passcode_needed"));
    let right = link.passcode.as_ref().unwrap();
    assert_eq!(link.read(&net.open(&link, Some(right)).await.1), b"secret");
    let wrong = Passcode::derive("something else", &link.key).unwrap();
    // Forty at once: ten answers say how many are left, the others that it is over.
    let mut told = Vec::new();
    let mut set = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (http, url) = (net.http.clone(), format!("{}/v1/open", net.origin));
        let body = json!({ "id": link.id, "auth": URL_SAFE_NO_PAD.encode(wrong.auth()) });
        set.spawn(async move {
            let answer = http.post(url).json(&body).send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        });
    }
    while let Some(answer) = set.join_next().await {
        told.push(answer.unwrap());
    }
    let mut left: Vec<u64> =
        told.iter().filter(|(status, _)| *status == 403).map(|(_, body)| body["left"].as_u64().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, (0..10).collect::<Vec<_>>());
    assert_eq!(told.iter().filter(|(status, _)| *status == 423).count(), 30);
    // The right one comes too late, and no byte of the capsule with it.
    assert_eq!(net.open(&link, Some(right)).await.0, 423);
    let (_, standing) = net.step(&link, Action::Status, 1, None, None).await;
    assert_eq!((standing["locked"].as_bool(), standing["wrong_tries"].as_u64()), (Some(true), Some(10)));
    assert_eq!(net.step(&link, Action::Reopen, 2, None, None).await.0, 200);
    assert_eq!(link.read(&net.open(&link, Some(right)).await.1), b"secret");
}

#[tokio::test]
async fn a_link_past_its_end_is_gone_and_swept() {
    let mut net = Net::start(|_| {}).await;
    let link = Link::new(None);
    assert_eq!(net.step(&link, Action::Create, 1, Some(now() + 2), Some(b"short")).await.0, 200);
    assert_eq!(net.open(&link, None).await.0, 200);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(net.open(&link, None).await.0, 410);
    assert_eq!(net.step(&link, Action::Replace, 2, Some(now() + 60), Some(b"x")).await.0, 410);
    // A start sweeps the bytes. That there was a link is still said, to who comes late.
    net.host.take().unwrap().shutdown().await;
    let mut config = Config::local(net.folder.path().join("data"));
    config.origin = Some(net.origin.clone());
    let host = Host::start(config).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let size: u64 = files(net.folder.path()).iter().map(|(_, bytes)| bytes.len() as u64).sum();
    assert!(size > 0);
    let origin = format!("http://{}", host.address());
    let answer = net.http.post(format!("{origin}/v1/open")).json(&json!({ "id": link.id })).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 410);
    host.shutdown().await;
}

#[tokio::test]
async fn what_is_too_much_or_nonsense_gets_an_answer() {
    let net = Net::start(|config| {
        config.rates.manage = 5;
        config.quota = Quota { bytes: 20_000, links: 2 };
    })
    .await;
    let url = format!("{}/v1/manage", net.origin);
    // Two gigabytes, announced.
    let answer = raw(
        &net.origin,
        "POST /v1/manage HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2147483648\r\n\r\n{",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    for body in ["", "[]", "{", "{\"id\":1}", "\u{0}", "{\"action\":\"create\"}"] {
        let status = net.http.post(format!("{}/v1/open", net.origin)).body(body).send().await.unwrap().status().as_u16();
        assert_eq!(status, 400, "{body}");
    }
    let huge = json!({ "action": "create", "id": LinkId::from_bytes([1; 16]), "seq": 1, "end": 0, "capsule": "A".repeat(2_796_210), "signature": "" });
    let status = net.http.post(&url).json(&huge).send().await.unwrap().status().as_u16();
    assert!(matches!(status, 413 | 400), "{status}");
    // 20,000 bytes hold two capsules of 4 KiB and no third link, nor one large one.
    let (first, second, third) = (Link::new(None), Link::new(None), Link::new(None));
    assert_eq!(net.step(&first, Action::Create, 1, None, Some(b"x")).await.0, 200);
    assert_eq!(net.step(&second, Action::Create, 1, None, Some(b"x")).await.0, 200);
    assert_eq!(net.step(&third, Action::Create, 1, None, Some(b"x")).await, (507, json!({ "error": "full" })));
    assert_eq!(net.step(&second, Action::Replace, 2, None, Some(&[7; 30_000])).await.0, 507);
    assert_eq!(second.read(&net.open(&second, None).await.1), b"x");
    // And then it is often enough.
    let answer = net.http.post(&url).json(&first.step(&net.origin, Action::Status, 1, None, None)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 429);
    assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
    // Nobody else is kept from reading.
    assert_eq!(net.open(&first, None).await.0, 200);
}

#[tokio::test]
async fn the_relay_asks_what_may_be_asked_and_the_witness_says_so() {
    let school = issuer().await;
    let local = school.clone();
    let net = Net::start(move |config| config.local_origins = vec![local]).await;
    let ask = async |path: &str, purpose: &str, url: &str| {
        let (status, body) = net.post(path, &json!({ "purpose": purpose, "url": url })).await;
        (status, serde_json::from_slice::<Value>(&body).unwrap())
    };
    let did = format!("{school}/.well-known/did.json");
    let (status, answer) = ask("/v1/relay", "did_document", &did).await;
    assert_eq!((status, answer["status"].as_u64()), (200, Some(200)));
    assert_eq!(STANDARD.decode(answer["body"].as_str().unwrap()).unwrap(), DID.as_bytes());
    for (purpose, url) in [
        ("did_document", format!("{school}/other.json")),
        ("key_set", format!("{school}/keys")),
        ("issuer", format!("{}/v1/keys", net.origin)),
        ("issuer", "http://169.254.169.254/latest/meta-data".to_owned()),
        ("issuer", "https://localhost/".to_owned()),
        ("issuer", "https://10.0.0.1/".to_owned()),
        ("issuer", "file:///etc/passwd".to_owned()),
    ] {
        assert_eq!(ask("/v1/relay", purpose, &url).await, (403, json!({ "error": "address_refused" })), "{url}");
    }
    assert_eq!(ask("/v1/relay", "assertion", &format!("{school}/page.html")).await.0, 502);
    assert_eq!(ask("/v1/relay", "everything", &did).await.0, 400);
    // A witness is believed by the keys of the host that said it, and by no others.
    let (_, answer) = ask("/v1/witness", "did_document", &did).await;
    let statement: Statement = serde_json::from_value(answer["statement"].clone()).unwrap();
    let keys: Value = net.http.get(format!("{}/v1/keys", net.origin)).send().await.unwrap().json().await.unwrap();
    let keys: Vec<PublishedKey> = serde_json::from_value(keys["keys"].clone()).unwrap();
    statement.verify(&keys, &net.origin, DID.as_bytes()).unwrap();
    statement.verify(&keys, &net.origin, b"{}").unwrap_err();
    statement.verify(&keys, "https://other.example", DID.as_bytes()).unwrap_err();
    let other = Net::start(|_| {}).await;
    let others: Value = other.http.get(format!("{}/v1/keys", other.origin)).send().await.unwrap().json().await.unwrap();
    let others: Vec<PublishedKey> = serde_json::from_value(others["keys"].clone()).unwrap();
    statement.verify(&others, &net.origin, DID.as_bytes()).unwrap_err();
}

#[tokio::test]
async fn a_link_of_another_host_is_passed_on_sealed_and_nothing_else_is() {
    let there = Net::start(|_| {}).await;
    let origin = there.origin.clone();
    let here = Net::start(move |config| config.local_origins = vec![origin]).await;
    let link = Link::new(None);
    assert_eq!(there.step(&link, Action::Create, 1, None, Some(b"badges")).await.0, 200);
    let (_, capsule) = there.open(&link, None).await;
    let id = link.id;
    let ask = async |host: &str, id: &LinkId| here.post("/v1/elsewhere", &json!({ "host": host, "id": id })).await;
    assert_eq!(ask(&there.origin, &id).await, (200, capsule));
    let unknown = ManageKey::random().unwrap().id().unwrap();
    let (status, body) = ask(&there.origin, &unknown).await;
    assert_eq!((status, code(&body).as_str()), (404, "unknown"));
    // Not itself, not what is not a share host's address, and nothing private that its configuration does not name.
    for host in [
        here.origin.as_str(),
        "https://10.0.0.1",
        "https://localhost",
        "http://127.0.0.1:9",
        "ftp://a.example",
        "https://a.example/x",
    ] {
        let (status, body) = ask(host, &id).await;
        assert_eq!((status, code(&body).as_str()), (403, "address_refused"), "{host}");
    }
    // A host that answers with something else.
    let school = issuer().await;
    let local = school.clone();
    let here = Net::start(move |config| config.local_origins = vec![local]).await;
    assert_eq!(here.post("/v1/elsewhere", &json!({ "host": school, "id": id })).await.0, 502);
}

#[tokio::test]
async fn nothing_that_it_keeps_counts_or_serves_tells_what_is_shared() {
    let page = tempfile::tempdir().unwrap();
    std::fs::write(page.path().join("verifier.html"), "<!doctype html><title>Badges</title>").unwrap();
    std::fs::write(page.path().join("verifier-1a2b.js"), "0").unwrap();
    std::fs::write(page.path().join("verifier-3c4d.wasm"), vec![0; 100_000]).unwrap();
    std::fs::write(page.path().join("verifier-3c4d.wasm.br"), "brotli").unwrap();
    let folder = page.path().to_owned();
    let mut net = Net::start(move |config| {
        config.page = Some(folder);
        config.metrics = Some(([127, 0, 0, 1], 0).into());
    })
    .await;
    let link = Link::new(None);
    let mut portfolio = Portfolio::new("nl", "Mijn werk in de horeca", "Ik sta graag achter de bar.");
    let credential = r#"{"name":"Barista in de praktijk","email":"sam@voorbeeld.example"}"#.to_owned();
    portfolio.badges.push(SharedBadge { credential, show: Show::Whole, address: None });
    assert_eq!(net.step(&link, Action::Create, 1, None, Some(&portfolio.encode().unwrap())).await.0, 200);
    assert_eq!(net.open(&link, None).await.0, 200);
    let metrics = format!("http://{}/metrics", net.host.as_ref().unwrap().metrics().unwrap());
    let metrics = net.http.get(metrics).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("share_host_answers_total{route=\"/v1/open\",status=\"200\"} 1"), "{metrics}");
    assert!(metrics.contains("share_host_links 1\n"));
    assert_eq!(net.http.get(format!("{}/metrics", net.origin)).send().await.unwrap().status().as_u16(), 404);

    let answer = net.http.get(format!("{}/v", net.origin)).send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    for part in ["default-src 'none'", "connect-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"] {
        assert!(header("content-security-policy").contains(part));
    }
    assert_eq!((header("cache-control").as_str(), header("referrer-policy").as_str()), ("no-store", "no-referrer"));
    assert!(header("x-robots-tag").contains("noindex") && header("set-cookie").is_empty());
    assert_eq!(net.http.get(format!("{}/v/verifier-1a2b.js", net.origin)).send().await.unwrap().status().as_u16(), 200);
    assert_eq!(net.http.get(format!("{}/v/../links.db", net.origin)).send().await.unwrap().status().as_u16(), 404);

    // What is long goes packed to who takes that; this client takes what is sent.
    let file = async |takes: &'static str| {
        let answer =
            net.http.get(format!("{}/v/verifier-3c4d.wasm", net.origin)).header("accept-encoding", takes).send().await.unwrap();
        let encoding = answer.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
        (encoding, answer.bytes().await.unwrap().len())
    };
    assert_eq!(file("identity").await, (None, 100_000));
    assert_eq!(file("gzip, deflate, br").await, (Some("br".to_owned()), 6));
    let (encoding, length) = file("deflate, gzip").await;
    assert!(encoding.as_deref() == Some("gzip") && length < 1000, "{encoding:?} {length}");

    net.host.take().unwrap().shutdown().await;
    let key = URL_SAFE_NO_PAD.encode(link.key.expose());
    let told = files(net.folder.path());
    assert!(told.iter().any(|(name, _)| name.ends_with("links.db")));
    for (name, bytes) in told {
        for secret in ["Barista", "sam@voorbeeld", "horeca", "achter de bar", &key] {
            assert!(!contains(&bytes, secret.as_bytes()), "{secret} in {name}");
        }
        assert!(!contains(&bytes, link.key.expose()) && !contains(&bytes, link.manage.seed()), "a key in {name}");
    }
    assert!(!metrics.contains(&link.id.to_string()));
}

#[tokio::test]
async fn what_is_stopped_is_overwritten() {
    let mut net = Net::start(|_| {}).await;
    let link = Link::new(None);
    let create = link.step(&net.origin, Action::Create, 1, None, Some(b"to be forgotten"));
    let capsule = STANDARD.decode(create["capsule"].as_str().unwrap()).unwrap();
    assert_eq!(net.post("/v1/manage", &create).await.0, 200);
    let part = &capsule[300..332];
    assert!(files(net.folder.path()).iter().any(|(_, bytes)| contains(bytes, part)));
    assert_eq!(net.step(&link, Action::Stop, 2, None, None).await.0, 200);
    for (name, bytes) in files(net.folder.path()) {
        assert!(!contains(&bytes, part), "still in {name}");
    }
    net.host.take().unwrap().shutdown().await;
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    all
}

async fn raw(origin: &str, request: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(origin.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 512];
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

const DID: &str = r#"{"id":"did:web:school.example","verificationMethod":[]}"#;

/// An issuer's web server, on loopback.
async fn issuer() -> String {
    use axum::{Router, http::header, routing::get};
    let json = |text: &'static str| ([(header::CONTENT_TYPE, "application/json")], text);
    let router = Router::new()
        .route("/.well-known/did.json", get(async move || json(DID)))
        .route("/other.json", get(async move || json(DID)))
        .route("/page.html", get(async || ([(header::CONTENT_TYPE, "text/html")], "<p>a page</p>")));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

/// A client for loopback; reqwest wants to know whose cryptography it would use.
fn client() -> reqwest::Client {
    // Another test of this process may have been first.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}
