//! The rules of the design that the compiler does not keep, read off the sources.

use std::collections::{BTreeMap, BTreeSet};

use wallet_tests::sources::{code, files, messages, read, root, variants};

/// The shipped Rust sources: no tests, benches or fuzz targets.
fn shipped() -> Vec<String> {
    let test = |path: &String| {
        path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/") || path.contains("/fuzz/")
    };
    let mut found = files("wallet-core", "rs");
    found.extend(files("src-tauri", "rs"));
    found.retain(|path| !test(path));
    assert!(!found.is_empty());
    found
}

#[track_caller]
fn only_in(word: &str, allowed: impl Fn(&str) -> bool) {
    let others: Vec<String> = shipped().into_iter().filter(|path| !allowed(path) && code(path).contains(word)).collect();
    assert!(others.is_empty(), "`{word}` does not belong in {others:?}");
}

#[test]
fn sql_is_spoken_only_in_the_store() {
    only_in("rusqlite", |path| path.starts_with("wallet-core/src/store") || path == "wallet-core/share-host/src/store.rs");
}

#[test]
fn only_safe_fetch_knows_the_network() {
    for word in ["reqwest", "hickory_resolver", "TcpStream"] {
        only_in(word, |path| path.starts_with("wallet-core/safe-fetch/"));
    }
    // `serve` listens, on loopback only, and so does a share host, where its owner says.
    let listens = ["wallet-core/cli/src/serve.rs", "wallet-core/share-host/src/lib.rs"];
    only_in("TcpListener", |path| listens.contains(&path) || path.starts_with("wallet-core/cli/src/serve/"));
}

#[test]
fn the_clock_is_read_in_one_place_per_entrance() {
    let host = ["wallet-core/share-host/src/lib.rs", "wallet-core/share-host/src/main.rs"];
    let ours = ["wallet-core/src/wallet.rs", "wallet-core/src/checker.rs", "wallet-core/cli/src/main.rs"];
    let entrances = [ours.as_slice(), &host].concat();
    for word in ["Timestamp::now", "SystemTime::now", "Zoned::now"] {
        only_in(word, |path| entrances.contains(&path));
    }
}

#[test]
fn the_pure_crates_have_no_io() {
    // `corpus.rs` is compiled for tests only.
    let tests = |path: &&String| path.ends_with("tests.rs") || path.contains("/tests/") || path.ends_with("src/corpus.rs");
    for krate in ["wallet-core/open-badges", "wallet-core/badge-view", "wallet-core/capsule"] {
        for path in files(&format!("{krate}/src"), "rs").iter().filter(|path| !tests(path)) {
            for word in ["std::fs", "std::net", "std::env", "tokio", "async fn", "Instant::now", "SystemTime"] {
                assert!(!code(path).contains(word), "`{word}` in {path}");
            }
        }
        let manifest = read(format!("{krate}/Cargo.toml"));
        let manifest = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        for dependency in ["tokio", "reqwest", "rusqlite", "safe-fetch"] {
            assert!(!manifest.lines().any(|line| line.starts_with(dependency)), "{dependency} in {krate}");
        }
    }
}

#[test]
fn the_share_host_is_blind() {
    let manifest = read("wallet-core/share-host/Cargo.toml");
    for dependency in ["wallet-core", "open-badges", "badge-view"] {
        assert!(!manifest.lines().any(|line| line.starts_with(dependency)), "the share host knows {dependency}");
    }
}

#[test]
fn the_shell_and_the_command_line_name_nothing_below_the_facade() {
    let manifests = ["src-tauri/Cargo.toml", "wallet-core/cli/Cargo.toml"];
    for manifest in manifests {
        let text = read(manifest);
        let text = text.split("[dev-dependencies]").next().unwrap_or_default();
        for dependency in ["rusqlite", "reqwest", "ssi", "oxjsonld", "oxrdf", "keyring"] {
            // The phones' key stores are linked by the shell: keyring-core and its stores are the one exception.
            let named = text.lines().any(|line| line.starts_with(dependency) && !line.starts_with("keyring-core"));
            assert!(!named, "{dependency} in {manifest}");
        }
    }
    for path in files("src-tauri/src", "rs").into_iter().chain(files("wallet-core/cli/src", "rs")) {
        let text = code(&path);
        for word in ["open_badges::judge", "open_badges::extract", "wallet_core::store", "wallet_core::wallet::"] {
            assert!(!text.contains(word), "`{word}` in {path}");
        }
    }
}

#[test]
fn nobody_is_called_manager_service_helper_or_util() {
    for path in shipped() {
        for line in code(&path).lines() {
            let Some(name) = ["struct ", "enum ", "trait ", "mod "].iter().find_map(|word| line.split(word).nth(1)) else {
                continue;
            };
            let name: String = name.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            for banned in ["Manager", "Service", "Helper", "Util"] {
                assert!(!name.ends_with(banned) && name != banned.to_lowercase(), "{name} in {path}");
            }
        }
    }
}

#[test]
fn there_is_no_mod_rs_and_no_allow() {
    for path in shipped() {
        assert!(!path.ends_with("/mod.rs"), "{path}");
        assert!(!code(&path).contains("#[allow("), "{path}: use #[expect(…, reason = \"…\")]");
        for word in ["todo!(", "unimplemented!(", "dbg!("] {
            assert!(!code(&path).contains(word), "`{word}` in {path}");
        }
        for word in ["TODO", "FIXME", "XXX"] {
            assert!(!read(&path).contains(word), "{word} in {path}");
        }
    }
}

#[test]
fn files_stay_readable() {
    let long: Vec<(usize, String)> = shipped()
        .into_iter()
        // One flat list of every type that crosses to a front end: splitting it would hide the whole.
        .filter(|path| path != "wallet-core/src/view.rs" && path != "wallet-core/src/view/discover.rs")
        .map(|path| (code(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > 480) // the soft limit of 400, and a margin for a table
        .collect();
    assert!(long.is_empty(), "split these: {long:?}");
}

#[test]
fn tests_longer_than_a_hundred_lines_have_a_file_of_their_own() {
    let long: Vec<String> = shipped()
        .into_iter()
        .filter(|path| read(path).split("\n#[cfg(test)]\nmod ").nth(1).is_some_and(|tests| tests.lines().count() > 130))
        .collect();
    assert!(long.is_empty(), "move these tests to foo/tests.rs: {long:?}");
}

// ---- commands ---------------------------------------------------------------------------------------------------------------

/// The names in `text` that stand between `before` and `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> BTreeSet<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// The commands of the shell: each `#[tauri::command…] pub async fn name(`.
fn shell_commands() -> BTreeSet<String> {
    let text = read("src-tauri/src/commands.rs");
    text.split("#[tauri::command")
        .skip(1)
        .filter_map(|rest| rest.split("fn ").nth(1))
        .map(|rest| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect())
        .collect()
}

/// Every quoted or bare word of `text` that is also a command.
fn mentions(text: &str, commands: &BTreeSet<String>) -> BTreeSet<String> {
    let words: BTreeSet<&str> = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).collect();
    commands.iter().filter(|command| words.contains(command.as_str())).cloned().collect()
}

#[test]
fn the_commands_are_one_set_everywhere() {
    let commands = shell_commands();
    assert!(commands.len() > 20, "{commands:?}");
    let places: Vec<(&str, String)> = vec![
        ("build.rs", read("src-tauri/build.rs")),
        ("backend.ts", read("ui/src/backend/backend.ts")),
        ("lib.rs", read("src-tauri/src/lib.rs")),
        ("serve", files("wallet-core/cli/src", "rs").iter().filter(|path| path.contains("serve")).map(read).collect()),
    ];
    for (place, text) in places {
        let missing: Vec<&String> = commands.iter().filter(|command| !mentions(&text, &commands).contains(*command)).collect();
        assert!(missing.is_empty(), "{place} does not know {missing:?}");
    }
    // And nothing that the shell does not have.
    let build = read("src-tauri/build.rs");
    let listed: BTreeSet<String> =
        between(&build, "\"", "\"").into_iter().filter(|name| is_name(name) && name.contains('_')).map(str::to_owned).collect();
    let unknown: Vec<&String> = listed.difference(&commands).collect();
    assert!(unknown.is_empty(), "build.rs names {unknown:?}");
}

#[test]
fn the_capabilities_allow_exactly_our_commands() {
    let commands = shell_commands();
    let mut allowed = BTreeSet::new();
    for path in files("src-tauri/capabilities", "json") {
        let text = read(&path);
        assert!(!text.contains("\"remote\""), "{path}: no remote content");
        allowed.extend(between(&text, "\"allow-", "\"").into_iter().map(|name| name.replace('-', "_")));
    }
    assert_eq!(allowed, commands);
}

#[test]
fn a_command_of_the_shell_is_one_expression() {
    let text = read("src-tauri/src/commands.rs");
    for command in text.split("#[tauri::command").skip(1) {
        let body = command.split_once('{').map_or("", |(_, body)| body);
        let body = body.split("\n}").next().unwrap_or_default();
        let statements = body.lines().filter(|line| line.trim_end().ends_with(';')).count();
        let name = command.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap_or("?");
        assert!(statements == 0, "{name} does more than one thing: {body}");
    }
}

// ---- how it is started and built --------------------------------------------------------------------------------------------

#[test]
fn the_window_and_the_command_line_read_what_make_run_sets() {
    let script = read(".ci/run-wallet.sh");
    let set = between(&script, "export BADGE_WALLET_", "=");
    assert!(set.len() >= 3, "{set:?}");
    for reader in ["src-tauri/src/device.rs", "wallet-core/cli/src/home.rs"] {
        let text = code(reader);
        let missing: Vec<&&str> = set.iter().filter(|name| !text.contains(&format!("\"BADGE_WALLET_{name}\""))).collect();
        assert!(missing.is_empty(), "{reader} does not read BADGE_WALLET_{missing:?}");
    }
}

#[test]
fn every_workflow_installs_what_the_page_of_a_share_link_is_built_with() {
    for workflow in ["test", "phones"] {
        let text = read(format!(".github/workflows/{workflow}.yml"));
        let installs: Vec<&str> = text.lines().filter(|line| line.contains("rustup toolchain install")).collect();
        assert!(!installs.is_empty(), "{workflow}");
        for line in installs {
            assert!(line.contains("wasm32-unknown-unknown"), "{workflow}: {line}");
        }
    }
}

// ---- sentences --------------------------------------------------------------------------------------------------------------

#[test]
fn every_code_has_a_sentence_in_both_languages() {
    let reasons = variants("wallet-core/open-badges/src/verdict.rs", "Reason");
    let kinds = variants("wallet-core/open-badges/src/verdict.rs", "CheckKind");
    let codes = variants("wallet-core/src/error.rs", "ErrorCode");
    assert!(reasons.len() > 20 && kinds.len() == 7 && codes.len() > 20, "{reasons:?} {kinds:?} {codes:?}");
    for language in ["nl", "en"] {
        let messages = messages(language);
        let wanted = reasons
            .iter()
            .map(|reason| format!("reason_{reason}"))
            .chain(kinds.iter().map(|kind| format!("check_{kind}_passed")))
            .chain(codes.iter().map(|code| format!("error_{code}")));
        let missing: Vec<String> = wanted.filter(|key| !messages.contains_key(key)).collect();
        assert!(missing.is_empty(), "{language}.json lacks {missing:?}");
    }
}

#[test]
fn both_languages_say_the_same_things_with_the_same_holes() {
    let (nl, en) = (messages("nl"), messages("en"));
    let keys = |messages: &BTreeMap<String, serde_json::Value>| messages.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&nl), keys(&en));
    for (key, dutch) in &nl {
        let holes = |value: &serde_json::Value| {
            let text = value.to_string();
            between(&text, "{", "}").into_iter().filter(|name| is_name(name)).map(str::to_owned).collect::<BTreeSet<_>>()
        };
        assert_eq!(holes(dutch), holes(&en[key]), "{key}");
    }
}

// ---- registries -------------------------------------------------------------------------------------------------------------

#[test]
fn lock_files_hold_no_download_addresses() {
    for path in ["package-lock.json", "ui/package-lock.json", "tests/issuers/package-lock.json", "src-tauri/package-lock.json"] {
        if root().join(path).exists() {
            assert!(!read(path).contains("\"resolved\": \"http"), "{path}: npm config omit-lockfile-registry-resolved");
        }
    }
}

/// Each surface's Content-Security-Policy, by directive.
fn policies() -> [BTreeMap<String, String>; 2] {
    let configuration: serde_json::Value = serde_json::from_str(&read("src-tauri/tauri.conf.json")).expect("JSON");
    let shell = configuration.pointer("/app/security/csp").and_then(serde_json::Value::as_object).expect("the shell's policy");
    let shell = shell.iter().map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned())).collect();
    let guard = read("wallet-core/cli/src/serve/guard.rs");
    let serve = guard.split("const POLICY: &str = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("serve's policy");
    let serve = serve.replace("\\\n", " ");
    let serve = serve.split(';').filter_map(|directive| directive.trim().split_once(' '));
    [shell, serve.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()]
}

#[test]
fn the_app_and_its_browser_tab_have_one_policy_but_for_where_they_ask_the_core() {
    let [mut shell, mut serve] = policies();
    assert_eq!(shell.remove("connect-src").as_deref(), Some("ipc: http://ipc.localhost"));
    assert_eq!(serve.remove("connect-src").as_deref(), Some("'self'"));
    assert_eq!(shell, serve);
    assert_eq!(shell.get("default-src").map(String::as_str), Some("'none'"));
    assert!(shell.values().all(|value| !value.contains("unsafe") && !value.contains('*') && !value.contains("https:")));
}
