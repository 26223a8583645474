//! Where the tests find the shared corpus of public badges and vectors. It is read in place and never committed.

use std::path::PathBuf;

/// The corpus, or none with a note. In CI its absence is a failure, for then nothing would be tested.
pub(crate) fn root() -> Option<PathBuf> {
    let path = std::env::var_os("BADGE_WALLET_CORPUS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), PathBuf::from);
    if path.join("manifest.json").is_file() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "no corpus at {}", path.display());
    eprintln!("skipped: no corpus at {}", path.display());
    None
}
