//! Badges signed by implementations that share no code with ours: `tests/issuers` in Node, run once per change of its
//! scripts and shared by every test process under `target/`.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use open_badges::{Credential, Extracted, Payload};
use serde_json::Value;

use crate::{judging::WebFiles, sources};

/// What one run of the issuers made.
#[derive(Debug)]
pub struct Issued {
    directory: PathBuf,
    index: Value,
}

/// The set of `tests/issuers/spec.mjs`.
pub fn issued() -> &'static Issued {
    static ISSUED: OnceLock<Issued> = OnceLock::new();
    ISSUED.get_or_init(|| {
        let spec = node(&["spec.mjs"], None);
        Issued::from_spec(&spec)
    })
}

impl Issued {
    /// Signs what `spec` lists, unless the same scripts did so before.
    ///
    /// # Panics
    /// When Node or its packages are missing.
    pub fn from_spec(spec: &[u8]) -> Self {
        let root = sources::target().join("issued");
        fs::create_dir_all(&root).expect("target/ is writable");
        let directory = root.join(fingerprint(spec));
        // Tests run as processes side by side: one signs, the others wait.
        let lock = File::create(root.join("lock")).expect("target/ is writable");
        lock.lock().expect("a lock on target/issued");
        if !directory.join("index.json").exists() {
            let unfinished = directory.with_extension("unfinished");
            let _ = fs::remove_dir_all(&unfinished);
            node(&["issue.mjs", "-", unfinished.to_str().expect("a path in UTF-8")], Some(spec));
            fs::rename(&unfinished, &directory).expect("target/ is writable");
        }
        let index = fs::read(directory.join("index.json")).expect("issue.mjs writes index.json");
        let index = serde_json::from_slice(&index).expect("index.json is JSON");
        Self { directory, index }
    }

    /// The folder in the `--web` layout.
    pub fn web_directory(&self) -> PathBuf {
        self.directory.join("web")
    }

    /// The web that the badges need.
    pub fn web(&self) -> WebFiles {
        WebFiles::new(self.web_directory())
    }

    /// The names of all badges.
    pub fn names(&self) -> Vec<&str> {
        self.index["badges"].as_object().expect("badges").keys().map(String::as_str).collect()
    }

    /// The forms that `name` was written in.
    pub fn forms(&self, name: &str) -> Vec<&str> {
        self.badge(name)["files"].as_object().expect("files").keys().map(String::as_str).collect()
    }

    /// The path of `name` in `form` (`json`, `jwt`, `png`, `svg` …).
    pub fn path(&self, name: &str, form: &str) -> PathBuf {
        let file = self.badge(name)["files"][form].as_str().unwrap_or_else(|| panic!("{name} is not made as {form}"));
        self.directory.join(file)
    }

    /// The bytes of `name` in `form`.
    pub fn bytes(&self, name: &str, form: &str) -> Vec<u8> {
        fs::read(self.path(name, form)).expect("an issued file")
    }

    /// The bytes of `name` in its first form: JSON or a JWS.
    pub fn first(&self, name: &str) -> Vec<u8> {
        self.bytes(name, self.forms(name)[0])
    }

    /// The credential `name`, out of its first form.
    pub fn credential(&self, name: &str) -> Credential {
        only_credential(&self.first(name))
    }

    /// The id of the issuer that `name` states.
    pub fn issuer_of(&self, name: &str) -> &str {
        self.badge(name)["issuer"].as_str().expect("issuer")
    }

    /// The id of an issuer by its name in the specification.
    pub fn issuer(&self, name: &str) -> &str {
        self.index["issuers"][name].as_str().unwrap_or_else(|| panic!("no issuer {name}"))
    }

    fn badge(&self, name: &str) -> &Value {
        let badge = &self.index["badges"][name];
        assert!(badge.is_object(), "spec.mjs makes no badge {name}");
        badge
    }
}

/// The one credential in `bytes`.
///
/// # Panics
/// When there is none, or more than one, or only an address.
pub fn only_credential(bytes: &[u8]) -> Credential {
    let mut found = open_badges::extract(bytes).expect("a badge");
    assert_eq!(found.len(), 1, "one badge");
    match found.remove(0) {
        Extracted { payload: Payload::Credential(credential), .. } => *credential,
        Extracted { payload: Payload::Address(address), .. } => panic!("only an address: {address}"),
    }
}

/// Runs a script of `tests/issuers` and answers what it printed.
fn node(arguments: &[&str], input: Option<&[u8]>) -> Vec<u8> {
    let issuers = issuers_directory();
    assert!(issuers.join("node_modules").exists(), "the issuers of the tests are not installed: run make setup");
    let mut child = Command::new("node")
        .args(arguments)
        .current_dir(&issuers)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is not installed: run make setup");
    if let Some(input) = input {
        child.stdin.take().expect("piped").write_all(input).expect("node reads its input");
    }
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node {arguments:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn issuers_directory() -> PathBuf {
    sources::root().join("tests/issuers")
}

/// A name for what these scripts make of this specification.
fn fingerprint(spec: &[u8]) -> String {
    let issuers = issuers_directory();
    let mut files: Vec<PathBuf> = vec![issuers.join("issue.mjs"), issuers.join("package-lock.json")];
    files.extend(fs::read_dir(issuers.join("lib")).expect("tests/issuers/lib").map(|entry| entry.expect("an entry").path()));
    files.sort();
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for file in &files {
        context.update(name_of(file).as_bytes());
        context.update(&fs::read(file).expect("a script"));
    }
    context.update(spec);
    hex::encode(&context.finish().as_ref()[..12])
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
