//! The real process, killed at any moment: what it accepted is there, and ten tries are ten.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{Action, LinkId, LinkKey, Manage, ManageKey, Passcode, Seal};
use serde_json::{Value, json};

const ORIGIN: &str = "https://delen.example";

struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(data: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_badge-share-host"))
            .args(["--listen", "127.0.0.1:0", "--origin", ORIGIN, "--changes-a-minute", "1000000", "--opens-a-minute", "1000000"])
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(address.starts_with("http://"), "{line}");
        Self { child, address }
    }

    /// SIGKILL.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn create(manage: &ManageKey, key: &LinkKey, passcode: Option<&Passcode>) -> (LinkId, Value) {
    let id = manage.id().unwrap();
    let capsule = Seal { key, passcode, manage, seq: 1, end: None }.seal(&[42; 9000]).unwrap();
    let auth_hash = passcode.map(Passcode::auth_hash);
    let step = Manage { action: Action::Create, id, seq: 1, end: None, auth_hash, capsule: &capsule };
    let signature = step.sign(manage, ORIGIN).unwrap();
    let json = json!({
        "action": "create", "id": id, "seq": 1, "end": 0,
        "auth_hash": auth_hash.map(|hash| URL_SAFE_NO_PAD.encode(hash)),
        "capsule": STANDARD.encode(&capsule),
        "public_key": URL_SAFE_NO_PAD.encode(manage.public().unwrap()),
        "signature": URL_SAFE_NO_PAD.encode(signature),
    });
    (id, json)
}

/// Kills the host in the middle of writes, again and again, and counts what was accepted.
async fn killed(times: usize) {
    let folder = tempfile::tempdir().unwrap();
    let http = client();
    let mut accepted: Vec<LinkId> = Vec::new();
    for round in 0..times {
        let process = Process::start(folder.path());
        let (url, client) = (format!("{}/v1/manage", process.address), http.clone());
        let writing = tokio::spawn(async move {
            let mut accepted = Vec::new();
            loop {
                let (id, step) = create(&ManageKey::random().unwrap(), &LinkKey::random().unwrap(), None);
                match client.post(&url).json(&step).send().await {
                    Ok(answer) if answer.status() == 200 => accepted.push(id),
                    _ => return accepted,
                }
            }
        });
        tokio::time::sleep(Duration::from_millis(15 + 7 * (round as u64 % 9))).await;
        process.kill();
        accepted.extend(writing.await.unwrap());
    }
    assert!(accepted.len() > times / 2, "it did write: {}", accepted.len());
    let process = Process::start(folder.path());
    for id in &accepted {
        let answer = http.post(format!("{}/v1/open", process.address)).json(&json!({ "id": id })).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "an accepted link is lost");
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
async fn a_crash_gives_no_more_tries() {
    let folder = tempfile::tempdir().unwrap();
    let http = client();
    let (manage, key) = (ManageKey::random().unwrap(), LinkKey::random().unwrap());
    let right = Passcode::derive("vlinder 22", &key).unwrap();
    let wrong = Passcode::derive("iets anders", &key).unwrap();
    let (id, step) = create(&manage, &key, Some(&right));
    let process = Process::start(folder.path());
    assert_eq!(http.post(format!("{}/v1/manage", process.address)).json(&step).send().await.unwrap().status(), 200);
    process.kill();
    let mut wrongs = 0;
    for _ in 0..12 {
        let process = Process::start(folder.path());
        let body = json!({ "id": id, "auth": URL_SAFE_NO_PAD.encode(wrong.auth()) });
        let answer = http.post(format!("{}/v1/open", process.address)).json(&body).send().await.unwrap();
        process.kill();
        match answer.status().as_u16() {
            403 => wrongs += 1,
            423 => {}
            status => panic!("{status}"),
        }
    }
    assert_eq!(wrongs, 10);
    let process = Process::start(folder.path());
    let body = json!({ "id": id, "auth": URL_SAFE_NO_PAD.encode(right.auth()) });
    let answer = http.post(format!("{}/v1/open", process.address)).json(&body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 423);
    assert!(answer.bytes().await.unwrap().len() < 100, "no byte of the capsule");
    process.kill();
}

/// A client for loopback; reqwest wants to know whose cryptography it would use.
fn client() -> reqwest::Client {
    // Another test of this process may have been first.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}
