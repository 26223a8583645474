//! The demo's issuers alone, out of the demo's index: the rest would only be weight to load.

use std::{env, error::Error, fs, path::Path};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    const INDEX: &str = "../demo/index.json";
    println!("cargo::rerun-if-changed={INDEX}");
    let index: Value = serde_json::from_str(&fs::read_to_string(INDEX)?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("practice_issuers.json"), index["practice_issuers"].to_string())?;
    Ok(())
}
