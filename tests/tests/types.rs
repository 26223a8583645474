//! The front end's types are made from the core's. `UPDATE_TYPES=1 cargo nextest run -p wallet-tests types` writes them anew.

use std::{env, fs, path::Path};

#[test]
fn the_front_ends_types_are_the_cores() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/backend/types.gen.ts");
    let made = wallet_core::view::typescript();
    if env::var_os("UPDATE_TYPES").is_some() {
        fs::write(&file, &made).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == made, "{} is out of date: run `UPDATE_TYPES=1 cargo nextest run -p wallet-tests types`", file.display());
}
