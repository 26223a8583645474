//! The sentences of `ui/messages`, for the core all of them; for the page of a share link, which has its own, those of verdicts.

use std::{env, error::Error, fs, path::Path};

use serde_json::{Map, Value};

/// What this crate says of a badge. A test holds the sources to it.
const OF_A_BADGE: [&str; 4] = ["verdict_", "reason_", "check_", "fact_"];

fn main() -> Result<(), Box<dyn Error>> {
    let page = env::var("CARGO_CFG_TARGET_ARCH")? == "wasm32";
    let out = env::var("OUT_DIR")?;
    for language in ["nl", "en"] {
        let file = format!("../../ui/messages/{language}.json");
        println!("cargo::rerun-if-changed={file}");
        let all: Map<String, Value> = serde_json::from_str(&fs::read_to_string(file)?)?;
        let kept = |key: &str| !page || OF_A_BADGE.iter().any(|start| key.starts_with(start));
        let kept: Map<String, Value> = all.into_iter().filter(|(key, _)| kept(key)).collect();
        fs::write(Path::new(&out).join(format!("{language}.json")), serde_json::to_string(&kept)?)?;
    }
    Ok(())
}
