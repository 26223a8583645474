//! The least of an HTTP client: one request, one connection, nothing followed.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use open_badges::Need;
use serde_json::Value;
use wallet_tests::judging::Web;

#[derive(Debug, Clone)]
pub(crate) struct Client {
    host: String,
    headers: Vec<(String, String)>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        Self { host: url.trim_start_matches("http://").to_owned(), headers: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "text/plain", b"").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, "application/json", body.to_string().as_bytes()).await
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, "application/x-www-form-urlencoded", body.as_bytes()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, media: &str, body: &[u8]) -> Answer {
        let (client, method, path, media, body) =
            (self.clone(), method.to_owned(), path.to_owned(), media.to_owned(), body.to_vec());
        tokio::task::spawn_blocking(move || client.blocking(&method, &path, &media, &body)).await.expect("an answer")
    }

    /// HTTP/1.0: the answer ends where the connection does.
    fn blocking(&self, method: &str, path: &str, media: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).expect("a city");
        // What waits for ever in a test ends with it.
        stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("a time limit");
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nContent-Type: {media}\r\nContent-Length: {}\r\n{headers}\r\n",
            self.host,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).expect("sent");
        let mut answer = Vec::new();
        // A connection that is cut gives what came before.
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or(answer.len().saturating_sub(4));
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok()).unwrap_or(0);
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer { status, headers: headers.collect(), body: answer.split_off((end + 4).min(answer.len())) }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// A city under an origin that it does not have.
pub(crate) struct Elsewhere {
    pub(crate) client: Client,
    pub(crate) origin: &'static str,
}

impl Web for Elsewhere {
    fn answer(&self, need: &Need) -> open_badges::Answer {
        let Some(path) = need.url.strip_prefix(self.origin) else { return open_badges::Answer::Unreachable };
        let answer = tokio::task::block_in_place(|| self.client.blocking("GET", path, "text/plain", b""));
        match answer.status {
            200 => open_badges::Answer::Document { final_url: need.url.clone(), body: answer.body },
            _ => open_badges::Answer::NotFound,
        }
    }
}
