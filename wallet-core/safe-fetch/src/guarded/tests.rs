//! The client against a loopback server that behaves badly.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::Purpose;

/// A server that answers each request by `answer(path)` and then keeps or closes the connection.
struct Server {
    origin: String,
    hits: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<String>>>,
}

enum Reply {
    Bytes(String),
    /// Sends the head, then these bytes again and again.
    Endless(String),
    /// Sends the head, then nothing.
    Hang(String),
}

async fn serve(answer: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let hits = Arc::new(AtomicUsize::new(0));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (count, log, own, answer) = (hits.clone(), seen.clone(), origin.clone(), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (count, log, own, answer) = (count.clone(), log.clone(), own.clone(), answer.clone());
            tokio::spawn(async move { talk(stream, &count, &log, |path| answer(&own, path)).await });
        }
    });
    Server { origin, hits, seen }
}

async fn talk(mut stream: TcpStream, hits: &AtomicUsize, seen: &Mutex<Vec<String>>, answer: impl Fn(&str) -> Reply) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte).await {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    hits.fetch_add(1, Ordering::SeqCst);
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    seen.lock().unwrap().push(head);
    match answer(&path) {
        Reply::Bytes(text) => drop(stream.write_all(text.as_bytes()).await),
        Reply::Hang(text) => {
            drop(stream.write_all(text.as_bytes()).await);
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Reply::Endless(text) => {
            drop(stream.write_all(text.as_bytes()).await);
            while stream.write_all(&[b' '; 64 * 1024]).await.is_ok() {}
        }
    }
}

fn ok(kind: &str, body: &str) -> Reply {
    Reply::Bytes(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

fn to(location: &str) -> Reply {
    Reply::Bytes(format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"))
}

fn guarded(server: &Server) -> Guarded {
    let config = GuardedConfig {
        local_origins: vec![LocalOrigin::parse(&server.origin).unwrap()],
        user_agent: "BadgeWallet/0.0.0".to_owned(),
    };
    let times = Times { connect: Duration::from_secs(1), total: Duration::from_millis(1500) };
    Guarded { times, ..Guarded::new(config) }
}

async fn get(server: &Server, purpose: Purpose, path: &str) -> Result<Response, FetchError> {
    let url = Url::parse(&format!("{}{path}", server.origin)).unwrap();
    guarded(server).fetch(Request::new(purpose, url)).await
}

#[tokio::test]
async fn an_answer_comes_back_with_its_final_address_and_kind() {
    let server =
        serve(|_, path| if path == "/old" { to("/new?x=1#part") } else { ok("Application/LD+JSON; charset=utf-8", "{}") }).await;
    let answer = get(&server, Purpose::Credential, "/old").await.unwrap();
    assert_eq!(answer.final_url.as_str(), format!("{}/new?x=1", server.origin));
    assert_eq!((answer.status, answer.content_type.as_str(), answer.body.as_slice()), (200, "application/ld+json", &b"{}"[..]));
    let seen = server.seen.lock().unwrap().join("").to_ascii_lowercase();
    assert!(seen.contains("user-agent: badgewallet/0.0.0"));
    assert!(seen.contains("accept-encoding: identity"));
    for never in ["referer", "cookie", "authorization", "gzip"] {
        assert!(!seen.contains(never), "{never} was sent");
    }
}

#[tokio::test]
async fn absent_and_gone_are_answers_and_other_statuses_are_not() {
    let server =
        serve(|_, path| Reply::Bytes(format!("HTTP/1.1 {} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", &path[1..]))).await;
    for status in [404, 410] {
        let answer = get(&server, Purpose::Credential, &format!("/{status}")).await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (status, 0));
    }
    for status in [204, 206, 304, 401, 403, 429, 500, 503] {
        assert_eq!(get(&server, Purpose::Credential, &format!("/{status}")).await, Err(FetchError::Status(status)));
    }
    assert_eq!(get(&server, Purpose::Credential, "/302").await, Err(FetchError::Unreachable), "a redirect to nowhere");
}

#[tokio::test]
async fn a_body_that_stalls_ends_at_the_time_limit() {
    let server = serve(|_, path| match path {
        "/body" => Reply::Hang("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{".into()),
        _ => Reply::Hang(String::new()),
    })
    .await;
    let start = std::time::Instant::now();
    assert_eq!(get(&server, Purpose::Credential, "/body").await, Err(FetchError::Unreachable));
    assert_eq!(get(&server, Purpose::Credential, "/nothing").await, Err(FetchError::Unreachable));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_body_without_end_is_cut_at_the_cap() {
    let server = serve(|_, _| Reply::Endless("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".into())).await;
    assert_eq!(get(&server, Purpose::KeySet, "/jwks.json").await, Err(FetchError::TooLarge));
}

#[tokio::test]
async fn a_lying_content_length_is_no_answer() {
    let server = serve(|_, path| {
        let length = if path == "/huge" { "99999999999" } else { "1000" };
        Reply::Bytes(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{{}}"
        ))
    })
    .await;
    assert_eq!(get(&server, Purpose::Credential, "/huge").await, Err(FetchError::TooLarge));
    assert_eq!(get(&server, Purpose::Credential, "/short").await, Err(FetchError::Unreachable));
}

#[tokio::test]
async fn another_kind_of_content_is_refused() {
    let server = serve(|_, path| match path {
        "/html" => ok("text/html", "<p>"),
        "/none" => Reply::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}".into()),
        _ => Reply::Bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}".into()),
    })
    .await;
    for path in ["/html", "/none", "/gzip"] {
        assert_eq!(get(&server, Purpose::Credential, path).await, Err(FetchError::ContentType), "{path}");
    }
}

#[tokio::test]
async fn a_redirect_loop_ends_after_three_hops() {
    let server = serve(|_, _| to("/again")).await;
    assert_eq!(get(&server, Purpose::Credential, "/").await, Err(FetchError::Unreachable));
    assert_eq!(server.hits.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_redirect_is_checked_like_the_first_address() {
    let victim = serve(|_, _| ok("application/json", "{}")).await;
    let inner = victim.origin.clone();
    let server = serve(move |_, path| match path {
        "/loopback" => to(&inner),
        "/metadata" => to("https://169.254.169.254/latest/meta-data"),
        "/http" => to("http://badges.example/"),
        "/file" => to("file:///etc/passwd"),
        "/port" => to("https://badges.example:8443/"),
        _ => to("https://intranet/"),
    })
    .await;
    for path in ["/loopback", "/metadata", "/http", "/file", "/port", "/single-label"] {
        assert!(matches!(get(&server, Purpose::Credential, path).await, Err(FetchError::Refused(_))), "{path}");
    }
    assert_eq!(victim.hits.load(Ordering::SeqCst), 0, "the private server was asked");
}

#[tokio::test]
async fn a_loopback_server_that_is_not_listed_is_never_asked() {
    let server = serve(|_, _| ok("application/json", "{}")).await;
    let unlisted = Guarded::new(GuardedConfig { local_origins: vec![], user_agent: "x".to_owned() });
    let url = Url::parse(&server.origin).unwrap();
    assert!(matches!(unlisted.fetch(Request::new(Purpose::Credential, url)).await, Err(FetchError::Refused(_))));
    assert_eq!(server.hits.load(Ordering::SeqCst), 0);
}

/// Runs itself again in a child with a proxy in the environment, which must not see a byte.
#[tokio::test]
async fn a_proxy_in_the_environment_is_ignored() {
    if let Ok(origin) = std::env::var("SAFE_FETCH_TEST_ORIGIN") {
        let server = Server { origin, hits: Arc::default(), seen: Arc::default() };
        assert_eq!(get(&server, Purpose::Credential, "/").await.unwrap().status, 200);
        return;
    }
    let proxy = serve(|_, _| ok("application/json", "{}")).await;
    let server = serve(|_, _| ok("application/json", "{}")).await;
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.arg("guarded::tests::a_proxy_in_the_environment_is_ignored").arg("--exact").env("SAFE_FETCH_TEST_ORIGIN", &server.origin);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, &proxy.origin);
    }
    let output = child.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((proxy.hits.load(Ordering::SeqCst), server.hits.load(Ordering::SeqCst)), (0, 1));
}

#[test]
fn a_name_that_leads_inside_is_refused_and_no_answer_means_offline() {
    // reqwest wraps the resolver's error; the mapping looks through the wrapping.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let kind = |error: ResolveError| {
        #[derive(Debug)]
        struct Fails(ResolveError);
        impl reqwest::dns::Resolve for Fails {
            fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
                let error = self.0;
                Box::pin(async move { Err(Box::new(error) as _) })
            }
        }
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client =
            reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().dns_resolver(Fails(error)).build().unwrap();
        kind_of(&runtime.block_on(client.get("https://badges.example/").send()).unwrap_err())
    };
    assert!(matches!(kind(ResolveError::Private), FetchError::Refused(_)));
    assert_eq!(kind(ResolveError::NoSuchName), FetchError::Unreachable);
    assert_eq!(kind(ResolveError::NoAnswer), FetchError::Offline);
}

fn post(server: &Server, chosen: bool) -> Post {
    let url = Url::parse(&format!("{}/v1/open", server.origin)).unwrap();
    Post::new(url, b"{\"id\":\"x\"}".to_vec(), 64, chosen)
}

#[tokio::test]
async fn a_post_is_json_and_its_refusals_are_answers() {
    let server = serve(|_, _| {
        Reply::Bytes("HTTP/1.1 410 Gone\r\ncontent-type: application/json\r\ncontent-length: 17\r\nconnection: close\r\n\r\n{\"error\":\"ended\"}".into())
    })
    .await;
    let answer = guarded(&server).post(post(&server, false)).await.unwrap();
    assert_eq!((answer.status, answer.content_type.as_str()), (410, "application/json"));
    assert_eq!(answer.body, b"{\"error\":\"ended\"}");
    let heads = server.seen.lock().unwrap();
    assert!(heads[0].starts_with("POST /v1/open ") && heads[0].contains("content-type: application/json"), "{}", heads[0]);
}

#[tokio::test]
async fn a_post_is_not_carried_on_nor_its_answer_without_end() {
    let other = serve(|_, _| ok("application/json", "{}")).await;
    let elsewhere = other.origin.clone();
    let server = serve(move |_, _| to(&format!("{elsewhere}/v1/open"))).await;
    assert_eq!(guarded(&server).post(post(&server, false)).await, Err(FetchError::Unreachable));
    assert_eq!(other.hits.load(Ordering::SeqCst), 0);
    let endless = serve(|_, _| Reply::Endless("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".into())).await;
    assert_eq!(guarded(&endless).post(post(&endless, false)).await, Err(FetchError::TooLarge));
}

#[tokio::test]
async fn loopback_is_posted_to_only_where_the_learner_chose_it() {
    let server = serve(|_, _| ok("application/json", "{}")).await;
    let strict = Guarded::new(GuardedConfig::default());
    assert_eq!(strict.post(post(&server, false)).await, Err(FetchError::Refused("not https")));
    assert_eq!(server.hits.load(Ordering::SeqCst), 0);
    assert_eq!(strict.post(post(&server, true)).await.unwrap().status, 200);
    // Choosing it says nothing about other hosts, nor about what a badge may have fetched.
    let inside = Post { url: Url::parse("http://192.168.1.1/v1/open").unwrap(), ..post(&server, true) };
    assert_eq!(strict.post(inside).await, Err(FetchError::Refused("not https")));
}

#[tokio::test]
async fn no_two_posts_share_a_connection() {
    // A server that would go on talking.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (hits, seen) = (Arc::new(AtomicUsize::new(0)), Arc::default());
    let server = Server { origin: format!("http://{}", listener.local_addr().unwrap()), hits: hits.clone(), seen };
    let body = post(&server, false).body;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            hits.fetch_add(1, Ordering::SeqCst);
            let body = body.clone();
            tokio::spawn(async move {
                let (mut asked, mut part) = (Vec::new(), [0; 1024]);
                while let Ok(read @ 1..) = stream.read(&mut part).await {
                    asked.extend_from_slice(&part[..read]);
                    if asked.ends_with(if asked.starts_with(b"GET") { b"\r\n\r\n" } else { &body }) {
                        asked.clear();
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                        stream.write_all(answer).await.unwrap();
                    }
                }
            });
        }
    });
    let client = guarded(&server);
    let url = Url::parse(&server.origin).unwrap();
    for _ in 0..3 {
        client.fetch(Request::new(Purpose::Issuer, url.clone())).await.unwrap();
    }
    assert_eq!(server.hits.load(Ordering::SeqCst), 1, "fetches do");
    for _ in 0..3 {
        assert_eq!(client.post(post(&server, false)).await.unwrap().status, 200);
    }
    assert_eq!(server.hits.load(Ordering::SeqCst), 4);
}
