//! Where this repository is, and what is in it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The repository's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the repository").to_owned()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A file of the repository as text.
///
/// # Panics
/// When it is not there.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files with the extension `extension` under `folder`, by their path from the root, sorted. Leaves out what is generated
/// or installed.
pub fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if !["target", "node_modules", "gen", "dist", "paraglide"].iter().any(|skipped| name == *skipped) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|found| found == extension) {
                let path = path.strip_prefix(root()).expect("under the root");
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// Source text without `//` comments and without what follows `#[cfg(test)]` at the start of a line.
pub fn code(path: impl AsRef<Path>) -> String {
    let text = read(path);
    let shipped = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    shipped.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The variants of `pub enum name` in `path`, as serde writes them.
///
/// # Panics
/// When the enum is not there.
pub fn variants(path: &str, name: &str) -> Vec<String> {
    let text = code(path);
    let body = text.split(&format!("pub enum {name} {{")).nth(1).and_then(|rest| rest.split("\n}").next()).expect("the enum");
    body.lines()
        .filter_map(|line| line.trim().strip_suffix(','))
        .map(|line| line.split('(').next().unwrap_or(line).trim())
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_uppercase()))
        .map(|variant| {
            let mut name = String::new();
            for letter in variant.chars() {
                if letter.is_ascii_uppercase() && !name.is_empty() {
                    name.push('_');
                }
                name.push(letter.to_ascii_lowercase());
            }
            name
        })
        .collect()
}

/// All copy of a language, by key.
///
/// # Panics
/// When the file is no JSON.
pub fn messages(language: &str) -> BTreeMap<String, serde_json::Value> {
    serde_json::from_str(&read(format!("ui/messages/{language}.json"))).expect("JSON")
}
