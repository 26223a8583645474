//! The page that people's browsers open. A fixed set of files, read at start; nothing in them knows a link.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use axum::body::Bytes;
use axum::extract::{Path as Name, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::{Compression, write::GzEncoder};

use crate::{App, StartError, answers::Refusal};

/// The page and its files together.
const MAX_PAGE: u64 = 32 * 1024 * 1024;
const INDEX: &str = "verifier.html";

/// Its own files and its own host, pictures that are in the signed bytes, and WebAssembly. Nothing else, and nothing framed.
const POLICY: &str = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html badge-view; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The files by their names under `/v`.
#[derive(Debug, Default)]
pub(crate) struct Page(BTreeMap<String, File>);

#[derive(Debug)]
struct File {
    kind: &'static str,
    bytes: Bytes,
    /// The same by what a browser takes, shortest first: the verifier is megabytes, and a phone pays for each.
    shorter: Vec<(&'static str, Bytes)>,
}

impl File {
    /// Brotli is packed when the page is built, and lies beside the file.
    fn read(kind: &'static str, path: &Path) -> io::Result<Self> {
        let bytes = fs::read(path)?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(".br");
        let brotli = fs::read(beside).ok();
        let mut zip = GzEncoder::new(Vec::new(), Compression::best());
        zip.write_all(&bytes)?;
        let all = [brotli.map(|packed| ("br", packed)), Some(("gzip", zip.finish()?))];
        let shorter = all.into_iter().flatten().filter(|(_, packed)| packed.len() < bytes.len() - bytes.len() / 10);
        Ok(Self { kind, shorter: shorter.map(|(name, packed)| (name, packed.into())).collect(), bytes: bytes.into() })
    }
}

impl Page {
    /// Reads a folder. Without one there is no page, and links are opened by the app.
    pub(crate) fn read(folder: Option<&Path>) -> Result<Self, StartError> {
        let mut page = Self::default();
        let Some(folder) = folder else { return Ok(page) };
        let mut room = MAX_PAGE;
        let mut folders = vec![(folder.to_path_buf(), String::new())];
        while let Some((path, prefix)) = folders.pop() {
            for entry in fs::read_dir(&path).map_err(|error| StartError::Page(format!("{}: {error}", path.display())))? {
                let entry = entry?;
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() {
                    folders.push((entry.path(), format!("{name}/")));
                    continue;
                }
                let Some(kind) = kind_of(&name) else { continue };
                room = room.checked_sub(entry.metadata()?.len()).ok_or(StartError::Page("it is too large".to_owned()))?;
                page.0.insert(name, File::read(kind, &entry.path())?);
            }
        }
        if page.0.contains_key(INDEX) {
            Ok(page)
        } else {
            Err(StartError::Page(format!("there is no {INDEX} in {}", folder.display())))
        }
    }
}

fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// `GET /v`: the same for every link, which stands after the `#` and never comes here.
pub(crate) async fn index(State(app): State<App>, asked: HeaderMap) -> Response {
    match app.page.0.get(INDEX) {
        Some(file) => answer(file, &asked),
        None => (StatusCode::NOT_FOUND, "This share host has no page. Open the link with the app.\n").into_response(),
    }
}

/// `GET /v/…`: a file of the page. Their names hold a hash of their content.
pub(crate) async fn file(State(app): State<App>, Name(name): Name<String>, asked: HeaderMap) -> Response {
    match app.page.0.get(&name).filter(|_| name != INDEX) {
        Some(file) => {
            let mut response = answer(file, &asked);
            let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
            response.headers_mut().insert(header::CACHE_CONTROL, kept);
            response
        }
        None => Refusal::NotHere.into_response(),
    }
}

fn answer(file: &File, asked: &HeaderMap) -> Response {
    let takes = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| takes.split(',').any(|one| one.trim().eq_ignore_ascii_case(name));
    let headers = [
        (header::CONTENT_TYPE, file.kind),
        (header::VARY, "accept-encoding"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), browsing-topics=()"),
    ];
    match file.shorter.iter().find(|(name, _)| takes(name)) {
        Some((name, packed)) => (headers, [(header::CONTENT_ENCODING, *name)], packed.clone()).into_response(),
        None => (headers, file.bytes.clone()).into_response(),
    }
}
