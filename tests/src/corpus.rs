//! The public test material beside the repository, read in place.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// One row of the corpus's manifest.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// A file, or a pattern of files.
    pub file: String,
    /// What kind of material it is.
    pub kind: String,
    /// What is expected of it.
    pub expected: String,
    /// Why.
    #[serde(default)]
    pub why: String,
}

/// Where the corpus is: `BADGE_WALLET_CORPUS`, or `../shared/corpus` beside the repository. `None` on a machine without it.
///
/// # Panics
/// When it is absent and `CI` is set: there, a skipped corpus would be a silent gap.
pub fn path() -> Option<PathBuf> {
    let path = env::var_os("BADGE_WALLET_CORPUS").map_or_else(|| crate::sources::root().join("../shared/corpus"), PathBuf::from);
    if path.join("manifest.json").exists() {
        return Some(path);
    }
    let ci = env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    assert!(!ci, "the corpus is not at {}", path.display());
    eprintln!("skipped: no corpus at {}", path.display());
    None
}

/// The rows of the manifest.
///
/// # Panics
/// When the manifest is not what its README says.
pub fn rows(corpus: &Path) -> Vec<Row> {
    let text = fs::read(corpus.join("manifest.json")).expect("manifest.json");
    serde_json::from_slice(&text).expect("manifest.json: rows of file, kind, expected, why")
}
