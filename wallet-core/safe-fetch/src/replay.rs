//! Answers from files instead of the network: `--web DIR`, and the demo's own hosts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use crate::address::{self, Ports};
use crate::{FetchError, LocalOrigin, Network, Post, Posted, Request, Response};

/// Answers `https://<host>/<path>` from the file `<host>/<path>`; no request leaves the machine.
///
/// An empty last segment is `index`, a port is written `host%3A8443`, a query is part of the name as `%3F…`. `<name>.410`
/// answers 410, no file answers 404, and so does every POST. The kind of content is told from the content. Addresses that [`crate::Guarded`] refuses
/// are refused here too, before any file is looked for; only a port is allowed, because the folder names it.
#[derive(Debug, Clone)]
pub struct Replay {
    files: Files,
    beyond: Beyond,
}

/// What is asked where there are no files.
#[derive(Debug, Clone)]
enum Beyond {
    Nobody,
    ThisMachine(Arc<dyn Network>),
    Others(Arc<dyn Network>),
}

#[derive(Debug, Clone)]
enum Files {
    Folder(PathBuf),
    Bundled(Arc<BTreeMap<String, Vec<u8>>>),
}

impl Replay {
    /// Answers from the files under `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { files: Files::Folder(folder.into()), beyond: Beyond::Nobody }
    }

    /// Answers from files in memory, by the same names (`<host>/<path>`).
    pub fn from_files(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { files: Files::Bundled(Arc::new(files)), beyond: Beyond::Nobody }
    }

    /// Asks `network` for a share host or a city on loopback that the learner named: that does not leave the machine either.
    #[must_use]
    pub fn with_this_machine(self, network: Arc<dyn Network>) -> Self {
        Self { beyond: Beyond::ThisMachine(network), ..self }
    }

    /// Asks `network` for whatever is of a host without files: a share host that knows the demo's organisations.
    #[must_use]
    pub fn before(self, network: Arc<dyn Network>) -> Self {
        Self { beyond: Beyond::Others(network), ..self }
    }

    async fn knows(&self, url: &Url) -> bool {
        let Some(host) = folder_of(url) else { return false };
        match &self.files {
            Files::Bundled(files) => files.keys().any(|name| name.split('/').next() == Some(host.as_str())),
            Files::Folder(folder) => tokio::fs::metadata(folder.join(host)).await.is_ok_and(|about| about.is_dir()),
        }
    }

    async fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, FetchError> {
        match &self.files {
            Files::Bundled(files) => match files.get(name) {
                Some(body) if body.len() > limit => Err(FetchError::TooLarge),
                found => Ok(found.cloned()),
            },
            Files::Folder(folder) => {
                let path = name.split('/').fold(folder.clone(), |path, segment| path.join(segment));
                let Ok(about) = tokio::fs::metadata(&path).await else { return Ok(None) };
                if !about.is_file() {
                    return Ok(None);
                }
                if about.len() > limit as u64 {
                    return Err(FetchError::TooLarge);
                }
                tokio::fs::read(&path).await.map(Some).map_err(|_| FetchError::Unreachable)
            }
        }
    }
}

#[async_trait::async_trait]
impl Network for Replay {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        if let Beyond::Others(network) = &self.beyond
            && !self.knows(&request.url).await
        {
            return network.fetch(request).await;
        }
        if let Beyond::ThisMachine(network) = &self.beyond
            && request.chosen
            && LocalOrigin::parse(&request.url.origin().ascii_serialization()).is_some()
        {
            return network.fetch(request).await;
        }
        let Request { purpose, url: mut final_url, chosen: _ } = request;
        final_url.set_fragment(None);
        address::check(&final_url, &[], Ports::Any)?;
        let answer = |status, content_type: &str, body| Response {
            final_url: final_url.clone(),
            status,
            content_type: content_type.to_owned(),
            body,
        };
        let Some(name) = file_name(&final_url) else { return Ok(answer(404, "", Vec::new())) };
        if self.read(&format!("{name}.410"), usize::MAX).await?.is_some() {
            return Ok(answer(410, "", Vec::new()));
        }
        match self.read(&name, purpose.limit()).await? {
            None => Ok(answer(404, "", Vec::new())),
            Some(body) => {
                let content_type = kind_of(&body);
                purpose.demand(content_type)?;
                Ok(answer(200, content_type, body))
            }
        }
    }

    async fn post(&self, post: Post) -> Result<Posted, FetchError> {
        match &self.beyond {
            Beyond::Others(network) => network.post(post).await,
            Beyond::ThisMachine(network) if LocalOrigin::parse(&post.url.origin().ascii_serialization()).is_some() => {
                network.post(post).await
            }
            // A file takes no post: its host is there, and has nothing at this address.
            Beyond::ThisMachine(_) | Beyond::Nobody => {
                address::check(&post.url, &[], Ports::Any)?;
                Ok(Posted { status: 404, content_type: String::new(), body: Vec::new() })
            }
        }
    }
}

/// The folder of an address's host.
fn folder_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}%3A{port}")))
}

/// The file for an address, or `None` when it could not be one inside the folder.
fn file_name(url: &Url) -> Option<String> {
    let mut name = folder_of(url)?;
    for segment in url.path_segments()? {
        // The parser has resolved dot segments and turned back slashes; whatever is left of them is no file of ours.
        if matches!(segment, "." | "..") || segment.contains(['\\', '\0']) || (cfg!(windows) && segment.contains(':')) {
            return None;
        }
        name.push('/');
        name.push_str(segment);
    }
    if name.ends_with('/') {
        name.push_str("index");
    }
    if let Some(query) = url.query() {
        name.push_str("%3F");
        name.push_str(&query.replace('/', "%2F").replace('\\', "%5C"));
    }
    Some(name)
}

/// The media type of a body, told from its first bytes.
fn kind_of(body: &[u8]) -> &'static str {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    let starts = |prefix: &[u8]| body.starts_with(prefix);
    if starts(b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if starts(b"\xff\xd8\xff") {
        "image/jpeg"
    } else if starts(b"GIF8") {
        "image/gif"
    } else if starts(b"RIFF") && body.get(8..12) == Some(b"WEBP") {
        "image/webp"
    } else if text.starts_with(b"{") || text.starts_with(b"[") {
        "application/json"
    } else if text.starts_with(b"<") {
        let head = &text[..text.len().min(1024)];
        if head.windows(4).any(|part| part == b"<svg") { "image/svg+xml" } else { "text/html" }
    } else if text.starts_with(b"eyJ") && text.iter().filter(|byte| **byte == b'.').count() == 2 {
        "application/jwt"
    } else if std::str::from_utf8(body).is_ok() {
        "text/plain"
    } else {
        "application/octet-stream"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Purpose;

    async fn ask(replay: &Replay, purpose: Purpose, url: &str) -> Result<Response, FetchError> {
        replay.fetch(Request::new(purpose, Url::parse(url).unwrap())).await
    }

    #[test]
    fn an_address_becomes_a_name_inside_the_folder() {
        let table = [
            ("https://a.example/", "a.example/index"),
            ("https://a.example", "a.example/index"),
            ("https://a.example/b/", "a.example/b/index"),
            ("https://a.example/b/c.json", "a.example/b/c.json"),
            ("https://a.example:8443/b", "a.example%3A8443/b"),
            ("https://a.example:443/b", "a.example/b"),
            ("https://a.example/b?v=1", "a.example/b%3Fv=1"),
            ("https://a.example/b?v=../../x", "a.example/b%3Fv=..%2F..%2Fx"),
            ("https://a.example/../../etc/passwd", "a.example/etc/passwd"),
            ("https://a.example/%2e%2e/%2E./etc", "a.example/etc"),
            ("https://a.example/..\\..\\etc", "a.example/etc"),
            ("https://a.example/%2e%2e%2fetc", "a.example/%2e%2e%2fetc"),
        ];
        for (url, name) in table {
            assert_eq!(file_name(&Url::parse(url).unwrap()).as_deref(), Some(name), "{url}");
        }
    }

    #[tokio::test]
    async fn files_answer_and_absent_ones_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let host = folder.path().join("a.example");
        std::fs::create_dir_all(host.join("dir")).unwrap();
        std::fs::write(host.join("badge"), r#"{"id": 1}"#).unwrap();
        std::fs::write(host.join("taken.410"), "").unwrap();
        std::fs::write(host.join("page"), "<!doctype html><p>").unwrap();
        std::fs::write(host.join("big"), vec![b'['; 300 * 1024]).unwrap();
        let replay = Replay::new(folder.path());
        let found = ask(&replay, Purpose::Credential, "https://a.example/badge#x").await.unwrap();
        assert_eq!(
            (found.status, found.content_type.as_str(), found.final_url.as_str()),
            (200, "application/json", "https://a.example/badge")
        );
        assert_eq!(ask(&replay, Purpose::Credential, "https://a.example/taken").await.unwrap().status, 410);
        assert_eq!(ask(&replay, Purpose::Credential, "https://a.example/other").await.unwrap().status, 404);
        assert_eq!(ask(&replay, Purpose::Credential, "https://a.example/dir").await.unwrap().status, 404);
        assert_eq!(ask(&replay, Purpose::Credential, "https://b.example/").await.unwrap().status, 404);
        assert_eq!(ask(&replay, Purpose::Credential, "https://a.example/page").await, Err(FetchError::ContentType));
        assert_eq!(ask(&replay, Purpose::KeySet, "https://a.example/big").await, Err(FetchError::TooLarge));
        for url in [
            "http://a.example/badge",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://u@a.example/badge",
            "https://printer.local/",
        ] {
            assert!(matches!(ask(&replay, Purpose::Credential, url).await, Err(FetchError::Refused(_))), "{url}");
        }
    }

    /// Says that it was asked.
    #[derive(Debug)]
    struct Beyond;

    #[async_trait::async_trait]
    impl Network for Beyond {
        async fn fetch(&self, _: Request) -> Result<Response, FetchError> {
            Err(FetchError::Status(299))
        }

        async fn post(&self, _: Post) -> Result<Posted, FetchError> {
            Err(FetchError::Status(299))
        }
    }

    #[tokio::test]
    async fn only_hosts_without_files_are_asked_beyond_them() {
        let replay = Replay::from_files(BTreeMap::from([("a.example/index".to_owned(), b"{}".to_vec())]));
        let before = replay.clone().before(Arc::new(Beyond));
        assert_eq!(ask(&before, Purpose::Issuer, "https://a.example/").await.unwrap().status, 200);
        assert_eq!(ask(&before, Purpose::Issuer, "https://a.example/other").await.unwrap().status, 404);
        assert_eq!(ask(&before, Purpose::Issuer, "https://b.example/").await, Err(FetchError::Status(299)));
        assert_eq!(ask(&replay, Purpose::Issuer, "https://b.example/").await.unwrap().status, 404);
    }

    #[tokio::test]
    async fn what_is_replayed_posts_to_this_machine_alone() {
        let post = |url: &str| Post::new(Url::parse(url).unwrap(), Vec::new(), 10, true);
        let replay = Replay::from_files(BTreeMap::new());
        let here = replay.clone().with_this_machine(Arc::new(Beyond));
        assert_eq!(here.post(post("http://127.0.0.1:8787/v1/open")).await, Err(FetchError::Status(299)));
        for replay in [here, replay] {
            let answer = replay.post(post("https://delen.example/v1/open")).await.unwrap();
            assert_eq!((answer.status, answer.body.len()), (404, 0));
        }
        let nobody = Replay::from_files(BTreeMap::new());
        assert!(matches!(nobody.post(post("http://127.0.0.1:8787/v1/open")).await, Err(FetchError::Refused(_))));
    }

    #[tokio::test]
    async fn bundled_files_answer_by_the_same_names() {
        let files = BTreeMap::from([
            ("a.example/index".to_owned(), b"{}".to_vec()),
            ("a.example%3A8443/key".to_owned(), b"-----BEGIN PUBLIC KEY-----".to_vec()),
            ("a.example/list".to_owned(), b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln".to_vec()),
        ]);
        let replay = Replay::from_files(files);
        assert_eq!(ask(&replay, Purpose::Issuer, "https://a.example/").await.unwrap().content_type, "application/json");
        assert_eq!(ask(&replay, Purpose::Issuer, "https://a.example:8443/key").await.unwrap().content_type, "text/plain");
        assert_eq!(ask(&replay, Purpose::StatusList, "https://a.example/list").await.unwrap().content_type, "application/jwt");
    }
}
