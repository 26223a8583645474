//! The real process: killed at any moment, out of room, flooded, kept waiting, told to stop, started wrongly. What it accepted is there,
//! ten tries are ten, and nobody else notices.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{Action, LinkId, LinkKey, Manage, ManageKey, Passcode, Seal};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_badge-share-host");
const ORIGIN: &str = "https://delen.example";
/// Counted, but never too many.
const OFTEN: [&str; 4] = ["--changes-a-minute", "1000000", "--opens-a-minute", "1000000"];

struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(data: &Path) -> Self {
        Self::with(data, &OFTEN)
    }

    fn with(data: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["--listen", "127.0.0.1:0", "--origin", ORIGIN]).args(arguments).arg("--data").arg(data);
        Self::run(command.stderr(Stdio::null())).unwrap()
    }

    /// Nothing where it ended before it listened.
    fn run(command: &mut Command) -> Option<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        match line.trim().strip_prefix("listening on http://") {
            Some(address) => Some(Self { child, address: address.to_owned() }),
            None => {
                child.wait().unwrap();
                None
            }
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn post(&self, http: &reqwest::Client, path: &str, body: &Value) -> (u16, Vec<u8>) {
        let answer = http.post(self.url(path)).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    async fn open(&self, http: &reqwest::Client, id: LinkId, auth: Option<&Passcode>) -> (u16, Vec<u8>) {
        let auth = auth.map(|passcode| URL_SAFE_NO_PAD.encode(passcode.auth()));
        self.post(http, "/v1/open", &json!({ "id": id, "auth": auth })).await
    }

    /// A connection on which nothing was said yet.
    fn stream(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// SIGTERM.
    fn ask_to_stop(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// SIGKILL.
    fn kill(self) {
        drop(self);
    }
}

/// A test that fails leaves no process behind.
impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

struct Link {
    id: LinkId,
    key: LinkKey,
    manage: ManageKey,
}

impl Link {
    fn new() -> Self {
        let (key, manage) = (LinkKey::random().unwrap(), ManageKey::random().unwrap());
        Self { id: manage.id().unwrap(), key, manage }
    }

    fn step(&self, action: Action, seq: u64, end: Option<u64>, passcode: Option<&Passcode>) -> Value {
        let sealed = matches!(action, Action::Create | Action::Replace);
        let seal = Seal { key: &self.key, passcode, manage: &self.manage, seq, end };
        let capsule = if sealed { seal.seal(&[42; 9000]).unwrap() } else { Vec::new() };
        let auth_hash = passcode.map(Passcode::auth_hash);
        let step = Manage { action, id: self.id, seq, end, auth_hash, capsule: &capsule };
        let signature = step.sign(&self.manage, ORIGIN).unwrap();
        let mut json = json!({
            "action": action, "id": self.id, "seq": seq, "end": end.unwrap_or(0),
            "auth_hash": auth_hash.map(|hash| URL_SAFE_NO_PAD.encode(hash)),
            "capsule": sealed.then(|| STANDARD.encode(&capsule)),
            "signature": URL_SAFE_NO_PAD.encode(signature),
        });
        if action == Action::Create {
            json["public_key"] = URL_SAFE_NO_PAD.encode(self.manage.public().unwrap()).into();
        }
        json
    }

    fn create(&self) -> Value {
        self.step(Action::Create, 1, None, None)
    }
}

fn capsule_of(step: &Value) -> Vec<u8> {
    STANDARD.decode(step["capsule"].as_str().unwrap()).unwrap()
}

fn error(code: &str) -> Vec<u8> {
    json!({ "error": code }).to_string().into_bytes()
}

// ---- killed -----------------------------------------------------------------------------------------------------------------

/// Kills the host in the middle of writes, again and again, and looks for what was accepted.
async fn killed(times: usize) {
    let folder = tempfile::tempdir().unwrap();
    let http = client();
    // What was accepted last for each link, and what was sent and not answered.
    let mut accepted: Vec<(LinkId, Vec<Vec<u8>>)> = Vec::new();
    for round in 0..times {
        let process = Process::start(folder.path());
        let mut writing = tokio::task::JoinSet::new();
        for _ in 0..3 {
            let (url, http) = (process.url("/v1/manage"), http.clone());
            writing.spawn(async move {
                let mut accepted: Vec<(LinkId, Vec<Vec<u8>>)> = Vec::new();
                loop {
                    let link = Link::new();
                    for (action, seq) in [(Action::Create, 1), (Action::Replace, 2)] {
                        let step = link.step(action, seq, None, None);
                        let capsule = capsule_of(&step);
                        match http.post(&url).json(&step).send().await {
                            Ok(answer) if answer.status() == 200 && seq == 1 => accepted.push((link.id, vec![capsule])),
                            Ok(answer) if answer.status() == 200 => accepted.last_mut().unwrap().1 = vec![capsule],
                            _ => {
                                // The replacement may be there, or what it was to replace.
                                accepted
                                    .last_mut()
                                    .filter(|(id, _)| *id == link.id)
                                    .into_iter()
                                    .for_each(|last| last.1.push(capsule.clone()));
                                return accepted;
                            }
                        }
                    }
                }
            });
        }
        tokio::time::sleep(Duration::from_millis(15 + 7 * (round as u64 % 9))).await;
        process.kill();
        writing.join_all().await.into_iter().for_each(|more| accepted.extend(more));
    }
    assert!(accepted.len() > times / 2, "it did write: {}", accepted.len());
    let process = Process::start(folder.path());
    for (id, capsules) in &accepted {
        let (status, capsule) = process.open(&http, *id, None).await;
        assert!(status == 200 && capsules.contains(&capsule), "an accepted link is lost");
    }
    process.kill();
}

#[tokio::test]
async fn no_accepted_link_is_lost_by_kill_9() {
    killed(15).await;
}

#[tokio::test]
#[ignore = "long: make test-all"]
async fn no_accepted_link_is_lost_by_two_hundred_kill_9() {
    killed(200).await;
}

#[tokio::test]
async fn neither_tries_at_once_nor_a_crash_give_an_eleventh() {
    let folder = tempfile::tempdir().unwrap();
    let http = client();
    let link = Link::new();
    let right = Passcode::derive("vlinder 22", &link.key).unwrap();
    let wrong = Passcode::derive("iets anders", &link.key).unwrap();
    let process = Process::start(folder.path());
    assert_eq!(process.post(&http, "/v1/manage", &link.step(Action::Create, 1, None, Some(&right))).await.0, 200);
    // The right one costs no try.
    for _ in 0..12 {
        assert_eq!(process.open(&http, link.id, Some(&right)).await.0, 200);
    }
    process.kill();
    let mut wrongs = 0;
    let body = json!({ "id": link.id, "auth": URL_SAFE_NO_PAD.encode(wrong.auth()) });
    for round in 0..14 {
        let process = Process::start(folder.path());
        let mut trying = tokio::task::JoinSet::new();
        for _ in 0..3 {
            let asked = http.post(process.url("/v1/open")).json(&body).send();
            trying.spawn(async move {
                let answer = asked.await.ok()?;
                Some((answer.status().as_u16(), answer.bytes().await.ok()?.len()))
            });
        }
        // In the midst of them, sooner or later; the last rounds are let through.
        tokio::time::sleep(Duration::from_millis(if round < 10 { round % 5 } else { 300 })).await;
        process.kill();
        for (status, length) in trying.join_all().await.into_iter().flatten() {
            assert!(matches!(status, 403 | 423) && length < 100, "{status}");
            wrongs += usize::from(status == 403);
        }
    }
    assert!((1..=10).contains(&wrongs), "{wrongs}");
    let process = Process::start(folder.path());
    assert_eq!(process.open(&http, link.id, Some(&right)).await, (423, error("locked")));
    process.kill();
}

// ---- out of room ------------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_there_still_opens() {
    let folder = tempfile::tempdir().unwrap();
    let mount = format!(
        "mount -t tmpfs -o size=7m badge-share-host-test '{0}' && head -c 4000000 /dev/zero > '{0}/ballast' && exec '{PROGRAM}' --listen 127.0.0.1:0 --origin {ORIGIN} {1} --data '{0}/data'",
        folder.path().display(),
        OFTEN.join(" ")
    );
    let Some(process) = Process::run(Command::new("unshare").args(["-m", "sh", "-c", &mount]).stderr(Stdio::null())) else {
        eprintln!("skipped: no small disk can be mounted here");
        return;
    };
    let http = client();
    let secret = Link::new();
    let right = Passcode::derive("vlinder 22", &secret.key).unwrap();
    let wrong = Passcode::derive("iets anders", &secret.key).unwrap();
    assert_eq!(process.post(&http, "/v1/manage", &secret.step(Action::Create, 1, None, Some(&right))).await.0, 200);
    let mut kept = Vec::new();
    let refused = loop {
        assert!(kept.len() < 1000, "3 MB do not hold so many");
        let link = Link::new();
        let step = link.create();
        match process.post(&http, "/v1/manage", &step).await {
            (200, _) => kept.push((link, capsule_of(&step))),
            other => break other,
        }
    };
    assert_eq!(refused, (507, error("full")));
    assert!(kept.len() > 20, "{}", kept.len());
    for (link, capsule) in &kept {
        assert_eq!(process.open(&http, link.id, None).await, (200, capsule.clone()));
    }
    // A try that cannot be counted is not a try: no passcode can be guessed for as long as the disk is full.
    for _ in 0..12 {
        let (status, body) = process.open(&http, secret.id, Some(&wrong)).await;
        assert!(matches!(status, 403 | 423 | 507) && body.len() < 100, "{status}");
    }
    let (status, body) = process.open(&http, secret.id, Some(&right)).await;
    assert!(matches!(status, 423 | 507) && body.len() < 100, "{status}");
    assert_eq!(http.get(process.url("/healthz")).send().await.unwrap().status(), 200);
    // With room it goes on, by itself. The disk is only in the namespace of that process.
    fs::remove_file(format!("/proc/{}/root{}/ballast", process.child.id(), folder.path().display())).unwrap();
    let link = Link::new();
    assert_eq!(process.post(&http, "/v1/manage", &link.create()).await.0, 200);
    assert_eq!(process.post(&http, "/v1/manage", &kept[0].0.step(Action::Stop, 2, None, None)).await.0, 200);
    assert_eq!(process.open(&http, kept[0].0.id, None).await, (410, error("ended")));
    assert_eq!(process.open(&http, link.id, None).await.0, 200);
    let (status, _) = process.open(&http, secret.id, Some(&wrong)).await;
    assert!(matches!(status, 403 | 423), "{status}");
    process.kill();
}

#[test]
fn a_head_without_an_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    let mut stream = process.stream();
    stream.write_all(b"GET /v1/keys HTTP/1.1\r\nhost: x\r\nx: ").unwrap();
    let mut sent = 0;
    while sent < 8 << 20 && stream.write_all(&[b'x'; 8192]).is_ok() {
        sent += 8192;
    }
    assert!(sent < 8 << 20, "all of it was taken");
    let mut answer = [0; 32];
    let length = stream.read(&mut answer).unwrap_or_default();
    assert!(String::from_utf8_lossy(&answer[..length]).starts_with("HTTP/1.1 431 "));
    process.kill();
}

#[test]
fn two_gigabytes_that_were_not_announced_are_refused_when_they_are_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    let mut stream = process.stream();
    stream.write_all(b"POST /v1/manage HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    let mut reading = stream.try_clone().unwrap();
    let answer = std::thread::spawn(move || {
        let mut answer = [0; 2000];
        let length = reading.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    });
    let chunk = [b"10000\r\n".as_slice(), &[b'1'; 65_536], b"\r\n"].concat();
    let mut sent = 0_u64;
    while sent < 2 << 30 && stream.write_all(&chunk).is_ok() {
        sent += 65_536;
    }
    // A capsule, and what the system holds on its way.
    assert!(sent < 32 << 20, "{sent}");
    let answer = answer.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.ends_with("{\"error\":\"too_large\"}"), "{answer}");
    process.kill();
}

// ---- clients who do not behave ----------------------------------------------------------------------------------------------

#[tokio::test]
async fn ten_thousand_changes_at_once_keep_nobody_else_from_reading() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::with(folder.path(), &OFTEN[2..]);
    let (http, other) = (client(), client_at([127, 0, 0, 2]));
    let link = Link::new();
    assert_eq!(process.post(&other, "/v1/manage", &link.create()).await.0, 200);
    // One after the other without waiting for an answer, on four connections.
    let call = link.step(Action::Status, 9, None, None).to_string();
    let call = format!("POST /v1/manage HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{call}", call.len());
    let flood: Vec<_> = (0..4)
        .map(|_| {
            let (mut out, call) = (process.stream(), call.clone());
            let answers = BufReader::new(out.try_clone().unwrap());
            std::thread::spawn(move || (0..2500).for_each(|_| out.write_all(call.as_bytes()).unwrap()));
            std::thread::spawn(move || {
                let (mut taken, mut refused, mut when) = (0, 0, 0);
                for line in answers.lines().map_while(Result::ok) {
                    // The body of an answer has no line's end: the next one begins behind it.
                    match line.split_once("HTTP/1.1 ").map(|(_, status)| status) {
                        Some(status) if status.starts_with("200") => taken += 1,
                        Some(status) => refused += usize::from(status.starts_with("429")),
                        None => when += usize::from(line.strip_prefix("retry-after: ").is_some_and(|seconds| seconds != "0")),
                    }
                    if taken + refused == 2500 && when == refused {
                        break;
                    }
                }
                (taken, refused)
            })
        })
        .collect();
    let (mut opened, begun) = (0, Instant::now());
    while opened < 20 || !flood.iter().all(std::thread::JoinHandle::is_finished) {
        let asked = Instant::now();
        assert_eq!(process.open(&other, link.id, None).await.0, 200);
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
        opened += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(begun.elapsed() < Duration::from_secs(60), "the flood does not end");
    }
    let (taken, refused) = flood.into_iter().map(|one| one.join().unwrap()).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    assert!(taken + refused == 10_000 && taken < 200, "{taken} taken, {refused} refused");
    // A client who sends megabytes hears it too, and another one may still change his links.
    let large = json!({ "action": "create", "capsule": "A".repeat(2_500_000) });
    let mut refused = 0;
    for _ in 0..12 {
        let answer = http.post(process.url("/v1/manage")).json(&large).send().await.unwrap();
        let when = answer.headers().get("retry-after").map(|seconds| seconds.to_str().unwrap().parse::<u32>().unwrap());
        assert!(matches!((answer.status().as_u16(), when), (400, None) | (429, Some(1..=60))), "{answer:?}");
        refused += u32::from(when.is_some());
    }
    assert!(refused > 0);
    assert_eq!(process.post(&other, "/v1/manage", &link.step(Action::Replace, 2, None, None)).await.0, 200);
    process.kill();
}

#[tokio::test]
async fn slow_clients_keep_nobody_waiting_and_hold_no_more_than_their_share() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    let (http, other) = (client(), client_at([127, 0, 0, 2]));
    let link = Link::new();
    assert_eq!(process.post(&other, "/v1/manage", &link.create()).await.0, 200);
    let begin = |bytes: &[u8]| {
        let mut stream = process.stream();
        // A connection that is too many is closed at once.
        drop(stream.write_all(bytes));
        stream
    };
    let mut slow: Vec<TcpStream> =
        (0..60).map(|_| begin(b"POST /v1/manage HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n{")).collect();
    slow.extend((0..60).map(|_| begin(b"POST /v1/open HTTP/1.1\r\nho")));
    for _ in 0..5 {
        for stream in &mut slow {
            stream.write_all(b"o").unwrap();
        }
        let asked = Instant::now();
        for http in [&http, &other] {
            assert_eq!(process.open(http, link.id, None).await.0, 200);
        }
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    }
    // One who opens more gets none, and nobody else notices.
    slow.extend((0..280).map(|_| begin(b"POST")));
    assert_eq!(process.open(&client_at([127, 0, 0, 3]), link.id, None).await.0, 200);
    let mut closed = 0;
    for stream in &mut slow {
        stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
        let waits = |error: &std::io::Error| matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
        closed += usize::from(!stream.read(&mut [0; 8]).is_err_and(|error| waits(&error)));
    }
    assert!((140..=150).contains(&closed), "{closed} of 400");
    process.kill();
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_a_day_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    let http = client();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (link, hour, day) = (Link::new(), 60 * 60, 24 * 60 * 60);
    // Behind: an hour from then is long past.
    let past = Some(now - day + hour);
    assert_eq!(process.post(&http, "/v1/manage", &link.step(Action::Create, 1, past, None)).await, (400, error("end_past")));
    assert_eq!(process.open(&http, link.id, None).await, (404, error("unknown")));
    // Ahead: the link ends a day late, which its owner sees.
    assert_eq!(process.post(&http, "/v1/manage", &link.step(Action::Create, 1, Some(now + day + hour), None)).await.0, 200);
    assert_eq!(process.post(&http, "/v1/manage", &link.step(Action::Replace, 2, past, None)).await, (400, error("end_past")));
    assert_eq!(process.open(&http, link.id, None).await.0, 200);
    process.kill();
}

// ---- started and stopped ----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn what_runs_is_answered_before_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path());
    let http = client();
    let link = Link::new();
    let body = link.create().to_string();
    let mut running = process.stream();
    write!(running, "POST /v1/manage HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len()).unwrap();
    let (first, rest) = body.as_bytes().split_at(body.len() / 2);
    running.write_all(first).unwrap();
    // Idle: it must not be waited for.
    let _idle = process.stream();
    tokio::time::sleep(Duration::from_millis(300)).await;
    process.ask_to_stop();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(TcpStream::connect(&process.address).is_err(), "nothing new is taken");
    running.write_all(rest).unwrap();
    let mut answer = String::new();
    running.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    let told = Instant::now();
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
    let process = Process::start(folder.path());
    assert_eq!(process.open(&http, link.id, None).await.0, 200);
    process.kill();
}

/// Runs it where it should not begin to listen.
fn ended(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(PROGRAM).args(["--listen", "127.0.0.1:0", "--origin", ORIGIN]).args(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn help_and_what_is_wrong_are_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let data = folder.path().join("data").display().to_string();
    let (code, help, _) = ended(&["--help"]);
    assert_eq!(code, Some(0));
    for part in ["Usage: badge-share-host", "--origin <URL>", "BADGE_SHARE_DATA", "[default: 127.0.0.1:8787]"] {
        assert!(help.contains(part), "{part} in {help}");
    }
    for (arguments, words) in [
        (vec!["--config", "/nowhere/host.toml"], "/nowhere/host.toml: No such file"),
        (vec!["--config", &file("word.toml", "lissten = \"127.0.0.1:1\"")], "unknown field `lissten`"),
        (vec!["--config", &file("half.toml", "data = ")], "half.toml: "),
        (vec!["--lissten", "127.0.0.1:1"], "unexpected argument '--lissten'"),
        (vec!["--data", &data, "--page", "/nowhere"], "the page cannot be used: /nowhere"),
        (vec!["--data", "/proc/nowhere"], "a file cannot be used"),
    ] {
        let (code, out, told) = ended(&arguments);
        assert_eq!((code, out.as_str()), (Some(64), ""), "{told}");
        assert!(told.contains(words), "{words} in {told}");
    }
    let wrong = Command::new(PROGRAM)
        .args(["--listen", "127.0.0.1:0", "--origin", "https://a.example/b", "--data", &data])
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(64));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("https://a.example/b is no origin"));
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    Process::start(folder.path()).kill();
    let database = folder.path().join("links.db");
    rusqlite::Connection::open(&database).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let before = fs::read(&database).unwrap();
    let (code, _, told) = ended(&["--data", &folder.path().display().to_string()]);
    assert_eq!(code, Some(64));
    assert!(told.contains("of a newer version"), "{told}");
    assert!(fs::read(&database).unwrap() == before, "it was written to");
}

#[tokio::test]
async fn two_hosts_do_not_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let http = client();
    let first = Process::start(folder.path());
    let link = Link::new();
    assert_eq!(first.post(&http, "/v1/manage", &link.create()).await.0, 200);
    let (code, _, told) = ended(&["--data", &folder.path().display().to_string()]);
    assert_eq!(code, Some(64));
    assert!(told.contains("another badge-share-host uses this folder"), "{told}");
    assert_eq!(first.open(&http, link.id, None).await.0, 200);
    // However the first one ends, the next one may begin.
    first.kill();
    let second = Process::start(folder.path());
    assert_eq!(second.open(&http, link.id, None).await.0, 200);
    second.kill();
}

// ---- what it says -----------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn logs_and_metrics_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (log, metrics): (PathBuf, String) = (folder.path().join("log"), format!("127.0.0.1:{}", free_port()));
    let mut command = Command::new(PROGRAM);
    command.args(["--listen", "127.0.0.1:0", "--origin", ORIGIN, "--behind-proxy"]);
    command.args(["--changes-a-minute", "4", "--metrics", &metrics]);
    let process = Process::run(command.arg("--data").arg(folder.path().join("data")).stderr(File::create(&log).unwrap())).unwrap();
    let http = client();
    let link = Link::new();
    let right = Passcode::derive("vlinder 22", &link.key).unwrap();
    let wrong = Passcode::derive("iets anders", &link.key).unwrap();
    let create = link.step(Action::Create, 1, None, Some(&right));
    let stop = link.step(Action::Stop, 2, None, None);
    let open = |auth: Option<&Passcode>| json!({ "id": link.id, "auth": auth.map(|auth| URL_SAFE_NO_PAD.encode(auth.auth())) });
    let relayed = json!({ "purpose": "issuer", "url": "https://localhost/issuer-van-sam?wie=sam" });
    let damaged = json!({ "id": link.id, "wie": "sam" });
    let mut statuses = Vec::new();
    for (path, body) in [
        ("/v1/manage", &create),
        ("/v1/manage", &create),
        ("/v1/open", &open(None)),
        ("/v1/open", &open(Some(&wrong))),
        ("/v1/open", &open(Some(&right))),
        ("/v1/open", &damaged),
        ("/v1/relay", &relayed),
        ("/v1/witness", &json!({ "purpose": "issuer", "url": "https://10.9.8.7/sam" })),
        ("/v1/manage", &stop),
        ("/v1/open", &open(None)),
        ("/v1/manage", &stop),
        ("/v1/manage", &stop),
    ] {
        let asked = http.post(process.url(path)).header("user-agent", "Sneeuwvlok/7").header("x-forwarded-for", "198.51.100.77");
        statuses.push(asked.header("referer", "https://mail.example/sam").json(body).send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses[..6], [200, 409, 401, 403, 200, 400]);
    assert_eq!(statuses[8..], [200, 410, 410, 429]);
    let path = format!("/v/{}?sam", link.id);
    assert_eq!(http.get(process.url(&path)).header("user-agent", "Sneeuwvlok/7").send().await.unwrap().status(), 404);
    assert_eq!(http.get(process.url("/sam")).send().await.unwrap().status(), 404);
    let mut told = http.get(format!("http://{metrics}/metrics")).send().await.unwrap().text().await.unwrap();
    process.kill();
    let lines = fs::read_to_string(log).unwrap();
    assert_eq!(lines.matches("route=").count(), statuses.len() + 2, "{lines}");
    assert!(told.contains("share_host_answers_total{route=\"/v1/manage\",status=\"429\"} 1\n"), "{told}");
    told.push_str(&lines);
    let secrets = [
        link.id.to_string(),
        URL_SAFE_NO_PAD.encode(link.key.expose()),
        create["public_key"].as_str().unwrap().to_owned(),
        create["auth_hash"].as_str().unwrap().to_owned(),
        URL_SAFE_NO_PAD.encode(right.auth()),
        URL_SAFE_NO_PAD.encode(wrong.auth()),
    ];
    let others = ["Sneeuwvlok", "198.51", "127.0.0.1", "sam", "mail.example", "localhost", "10.9.8.7"];
    for secret in secrets.iter().map(String::as_str).chain(others) {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A client for loopback; reqwest wants to know whose cryptography it would use.
fn client() -> reqwest::Client {
    client_at([127, 0, 0, 1])
}

/// Another one is another client to the host.
fn client_at(address: [u8; 4]) -> reqwest::Client {
    // Another test of this process may have been first.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().local_address(IpAddr::from(address)).build().unwrap()
}
