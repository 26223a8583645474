//! The manual's tables of codes are the messages. `UPDATE_README=1 cargo nextest run -p wallet-tests readme` writes them anew.

use std::{collections::BTreeMap, env, fs};

use wallet_tests::sources::{messages, read, root, variants};

const README: &str = "wallet-core/README.md";
const BEGIN: &str = "<!-- codes: begin -->\n";
const END: &str = "<!-- codes: end -->";

#[test]
fn the_readme_has_every_code_with_its_sentence() {
    let text = read(README);
    let (before, rest) = text.split_once(BEGIN).expect("the tables begin");
    let (kept, after) = rest.split_once(END).expect("the tables end");
    let made = tables();
    if env::var_os("UPDATE_README").is_some() {
        fs::write(root().join(README), format!("{before}{BEGIN}{made}{END}{after}")).expect("written");
    } else {
        assert!(kept == made, "{README} is out of date: run `UPDATE_README=1 cargo nextest run -p wallet-tests readme`");
    }
}

fn tables() -> String {
    let languages = [messages("nl"), messages("en")];
    let reasons = variants("wallet-core/open-badges/src/verdict.rs", "Reason");
    let errors = variants("wallet-core/src/error.rs", "ErrorCode");
    let table = |title: &str, prefix: &str, codes: &[String]| {
        let rows: String = codes.iter().map(|code| row(code, &format!("{prefix}_{code}"), &languages)).collect();
        format!("### {title}\n\n| code | Nederlands | English |\n| --- | --- | --- |\n{rows}\n")
    };
    table("Reasons of a check", "reason", &reasons) + &table("Errors", "error", &errors)
}

fn row(code: &str, key: &str, languages: &[BTreeMap<String, serde_json::Value>; 2]) -> String {
    let said = languages.each_ref().map(|messages| {
        let sentences = [key.to_owned(), format!("{key}_detail")];
        sentences.iter().filter_map(|key| messages.get(key)?.as_str()).collect::<Vec<_>>().join("<br>")
    });
    format!("| `{code}` | {} | {} |\n", said[0], said[1])
}
