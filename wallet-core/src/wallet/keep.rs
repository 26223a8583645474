//! What the learner keeps beside badges: addresses, trusted issuers, the history, and everything in one file.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use open_badges::verdict_of;
use serde::Serialize;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    Wallet,
    badges::{clean_name, file_kind},
    blocking,
    recheck::{Whole, dated},
};
use crate::{
    Error, ErrorCode, Result, convert,
    sentences::{label, sentence},
    store::{
        credentials,
        history::{self, Action},
        identities, issuers,
    },
    view::{HistoryEntry, Identity, Language, NamedFile, TrustedIssuer, Verdict},
};

/// The longest address and the longest issuer id.
const MAX_ADDRESS: usize = 254;
const MAX_ID: usize = 2048;

impl Wallet {
    /// The learner's own addresses.
    pub async fn identities(&self) -> Result<Vec<Identity>> {
        let view = |i: identities::Identity| Identity { address: i.address, added_at: convert::time(i.added_at), badges: i.badges };
        Ok(self.read(identities::all).await?.into_iter().map(view).collect())
    }

    /// Adds one of the learner's addresses and compares every badge with it. Error: `usage` when it is no address.
    pub async fn add_identity(&self, address: String) -> Result<()> {
        let (address, now) = (clean_address(&address)?, self.now());
        let added = self
            .write(move |t| {
                let here = identities::all(t)?.iter().any(|i| i.address.to_lowercase() == address.to_lowercase());
                if here { Ok(false) } else { identities::add(t, &address, now) }
            })
            .await?;
        if added { self.rejudge_all().await } else { Ok(()) }
    }

    /// Takes an address away and compares every badge anew.
    pub async fn remove_identity(&self, address: String) -> Result<()> {
        self.write(move |t| identities::remove(t, &address)).await?;
        self.rejudge_all().await
    }

    /// The issuers that the learner trusts.
    pub async fn issuers(&self) -> Result<Vec<TrustedIssuer>> {
        let view = |i: issuers::Issuer| TrustedIssuer { id: i.id, name: i.name, added_at: convert::time(i.added_at) };
        Ok(self.read(issuers::all).await?.into_iter().map(view).collect())
    }

    /// Trusts an issuer (DID or https id), by the name that the learner gives it, and judges its badges anew. Error: `usage`.
    pub async fn add_issuer(&self, id: String, name: Option<String>) -> Result<()> {
        let id = id.trim().to_owned();
        let plain = id.len() <= MAX_ID && !id.chars().any(|c| c.is_whitespace() || c.is_control());
        if !plain || !(id.starts_with("did:") || id.starts_with("https://")) {
            return Err(ErrorCode::Usage.into());
        }
        let name = name.map(|n| n.trim().chars().take(MAX_ADDRESS).collect::<String>()).filter(|n| !n.is_empty());
        let (issuer, now) = (id.clone(), self.now());
        self.write(move |t| issuers::add(t, &issuer, name.as_deref(), now)).await?;
        self.rejudge_issuer(id).await
    }

    /// Trusts an issuer no longer and judges its badges anew.
    pub async fn remove_issuer(&self, id: String) -> Result<()> {
        let issuer = id.clone();
        self.write(move |t| issuers::remove(t, &issuer)).await?;
        self.rejudge_issuer(id).await
    }

    /// What happened, newest first.
    pub async fn history(&self, offset: u32, limit: u32) -> Result<Vec<HistoryEntry>> {
        let lines = self.read(move |c| history::page(c, offset, limit.min(200))).await?;
        let view = |l: history::Line| HistoryEntry { at: convert::time(l.at), action: l.action, badge: l.badge, name: l.name };
        Ok(lines.into_iter().map(view).collect())
    }

    /// Everything in one ZIP: every file as it came in, under a readable name, with an index for people and one for programs.
    pub async fn export_all(&self) -> Result<NamedFile> {
        let (language, now) = (self.language().await, self.now());
        let store = self.opened().await?;
        let archive = blocking(move || {
            let badges = store.read(credentials::all)?;
            let mut archive = Archive::new();
            for stored in badges {
                let whole = store.read(|c| Whole::read(c, stored))?;
                archive.add(&whole, language, now)?;
            }
            let bytes = archive.finish(language)?;
            store.write(|t| {
                let all = credentials::all(t)?;
                all.iter().try_for_each(|b| history::add(t, now, Action::Exported, &b.id, &b.index.name))
            })?;
            Ok(bytes)
        })
        .await?;
        Ok(NamedFile { name: "badges.zip".to_owned(), bytes: archive, media_type: Some("application/zip".to_owned()) })
    }
}

/// An e-mail address as a person types it. Errors: `usage`.
pub(super) fn clean_address(address: &str) -> Result<String> {
    let address = address.trim();
    let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
    let whole = address.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    if plain && whole && address.len() <= MAX_ADDRESS { Ok(address.to_owned()) } else { Err(ErrorCode::Usage.into()) }
}

/// One line of `badges.json`.
#[derive(Serialize)]
struct Line {
    file: String,
    name: String,
    issuer: String,
    issued: Option<String>,
    added: String,
    id: String,
    verdict: Verdict,
    label: String,
}

/// The ZIP of *export everything*, as it grows.
struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    names: BTreeSet<String>,
    lines: Vec<Line>,
}

impl Archive {
    fn new() -> Self {
        Self { zip: ZipWriter::new(Cursor::default()), names: BTreeSet::new(), lines: Vec::new() }
    }

    fn add(&mut self, whole: &Whole, language: Language, now: jiff::Timestamp) -> Result<()> {
        let index = &whole.stored.index;
        let (stem, (extension, _)) = (clean_name(&index.name), file_kind(whole));
        let first = format!("badges/{stem}.{extension}");
        let mut names = std::iter::once(first).chain((2..).map(|n| format!("badges/{stem}-{n}.{extension}")));
        let file = names.find(|name| self.names.insert(name.clone())).unwrap_or_default();
        self.write(&file, whole.original.file())?;
        let judgement = dated(index.judgement.clone(), index.issued_at, index.expires_at, now);
        self.lines.push(Line {
            file,
            name: index.name.clone(),
            issuer: index.issuer.clone(),
            issued: index.issued_at.map(convert::time),
            added: convert::time(whole.stored.added_at),
            id: index.content_id.clone(),
            verdict: verdict_of(&judgement.checks).into(),
            label: label(language, &judgement.checks),
        });
        Ok(())
    }

    fn finish(mut self, language: Language) -> Result<Vec<u8>> {
        let html = index_html(&self.lines, language);
        self.write("index.html", html.as_bytes())?;
        let json = serde_json::to_vec_pretty(&self.lines).map_err(internal)?;
        self.write("badges.json", &json)?;
        Ok(self.zip.finish().map_err(internal)?.into_inner())
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file(name, options).map_err(internal)?;
        self.zip.write_all(bytes).map_err(internal)
    }
}

fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorCode::Internal, error)
}

/// A page that any browser reads without this app: no script, nothing from elsewhere.
fn index_html(lines: &[Line], language: Language) -> String {
    let lang = match language {
        Language::Nl => "nl",
        Language::En => "en",
    };
    let title = escape(&sentence(language, "export_index_title", &[]));
    let text = escape(&sentence(language, "export_index_text", &[]));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>body{{font:1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}}\
         li{{margin-block:1rem}}small{{display:block}}</style>\n<h1>{title}</h1>\n<p>{text}</p>\n<ul>\n"
    );
    for line in lines {
        let date = line.issued.as_deref().and_then(|d| d.get(..10)).unwrap_or_default();
        // Writing to a String does not fail.
        _ = writeln!(
            html,
            "<li><a href=\"{}\"><bdi>{}</bdi></a><small><bdi>{}</bdi> {date}</small><small>{}</small></li>",
            escape(&line.file),
            escape(&line.name),
            escape(&line.issuer),
            escape(&line.label),
        );
    }
    html.push_str("</ul>\n</html>\n");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_typed_and_nothing_else_is() {
        assert_eq!(clean_address("  Sam@Voorbeeld.example ").unwrap(), "Sam@Voorbeeld.example");
        for bad in ["", "sam", "@x", "sam@", "a b@c", "a@b@c", "a\n@b"] {
            assert!(clean_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_from_badges_are_text_in_the_index() {
        let line = Line {
            file: "badges/x.json".to_owned(),
            name: "<script>alert(1)</script>".to_owned(),
            issuer: "\"><img src=x>".to_owned(),
            issued: Some("2026-11-23T12:00:00Z".to_owned()),
            added: String::new(),
            id: String::new(),
            verdict: Verdict::Valid,
            label: String::new(),
        };
        let html = index_html(&[line], Language::Nl);
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    }
}
