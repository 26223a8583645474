//! The device's real key store: a Secret Service on a bus of its own, with a home of its own. Linux only, where that can be had.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Output, Stdio};

use serde_json::Value;

#[path = "common/answer.rs"]
mod answer;
use answer::{answer, error_of};

const PROGRAM: &str = env!("CARGO_BIN_EXE_badge-wallet");

/// A person's home, with its wallet in `wallet` and its keyring in `data/keyrings`.
struct Person(tempfile::TempDir);

/// How the keyring stands when the commands run.
#[derive(Clone, Copy)]
enum Keyring {
    /// There is a bus, and who signed in unlocked the keyring.
    Unlocked,
    /// There is a bus, and the keyring stays locked.
    Locked,
    /// There is no bus at all.
    NoBus,
}

impl Person {
    /// `None`, with a sentence, where the tools are missing; on a build server they must not be.
    fn new() -> Option<Self> {
        let here = |tool: &str| {
            std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(tool).exists()))
        };
        if let Some(missing) = ["dbus-run-session", "gnome-keyring-daemon", "dbus-send"].into_iter().find(|tool| !here(tool)) {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing} is not installed: run make setup");
            eprintln!("skipped: {missing} is not installed");
            return None;
        }
        let person = Self(tempfile::tempdir().unwrap());
        for folder in ["data", "run", "config", "cache"] {
            fs::create_dir(person.0.path().join(folder)).unwrap();
        }
        let badge = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/badges/welkom-in-de-buurt.json");
        fs::copy(badge, person.0.path().join("badge.json")).unwrap();
        Some(person)
    }

    /// Runs commands of the program one after another in one session, and answers what each said.
    fn session(&self, keyring: Keyring, commands: &[&str]) -> Vec<(i32, Value)> {
        let mut script = String::from("set -u\n");
        script.push_str(match keyring {
            Keyring::Unlocked => "printf geheim | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1\n",
            Keyring::Locked => {
                "printf geheim | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1\n\
                 dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
                 org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login > /dev/null\n"
            }
            Keyring::NoBus => "",
        });
        for (place, command) in commands.iter().enumerate() {
            script.push_str(&format!(
                "timeout 60 '{PROGRAM}' --json --lang en --offline --home \"$HOME/wallet\" {command} > \"$HOME/{place}.out\" 2> \"$HOME/{place}.err\"\n\
                 echo $? > \"$HOME/{place}.code\"\n"
            ));
        }
        let mut run = Command::new(if matches!(keyring, Keyring::NoBus) { "sh" } else { "dbus-run-session" });
        if !matches!(keyring, Keyring::NoBus) {
            run.args(["--", "sh"]);
        }
        let home = self.0.path();
        run.args(["-c", &script]).stdin(Stdio::null()).current_dir(home).env_clear();
        run.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home);
        for (name, folder) in
            [("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "run"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")]
        {
            run.env(name, home.join(folder));
        }
        let output = run.output().unwrap();
        let read = |name: String| fs::read_to_string(home.join(&name)).unwrap_or_else(|error| panic!("{name}: {error} {output:?}"));
        let said = |place: usize| {
            let code: i32 = read(format!("{place}.code")).trim().parse().unwrap();
            let (stdout, stderr) = (read(format!("{place}.out")).into(), read(format!("{place}.err")).into());
            answer(&Output { status: ExitStatus::from_raw(code << 8), stdout, stderr })
        };
        (0..commands.len()).map(said).collect()
    }

    fn keys(&self) -> String {
        fs::read_to_string(self.0.path().join("wallet/keys.json")).unwrap()
    }
}

fn has_badge(answer: &(i32, Value)) -> bool {
    answer.0 == 0 && answer.1["badges"][0]["name"].as_str() == Some("Welkom in de buurt")
}

const ADD: &str = "add \"$HOME/badge.json\" --yes";

#[test]
fn a_wallet_begins_without_a_passphrase_and_opens_in_the_next_session() {
    let Some(person) = Person::new() else { return };
    let answers = person.session(Keyring::Unlocked, &[ADD, "list"]);
    assert!(has_badge(&answers[0]) && has_badge(&answers[1]), "{answers:?}");
    assert!(!person.keys().contains("passphrase"), "no passphrase was asked for");
    let answers = person.session(Keyring::Unlocked, &["list"]);
    assert!(has_badge(&answers[0]), "{answers:?}");
}

#[test]
fn a_lost_entry_is_told_and_never_replaced() {
    let Some(person) = Person::new() else { return };
    assert!(has_badge(&person.session(Keyring::Unlocked, &[ADD])[0]));
    let (keys, rings) = (person.keys(), person.0.path().join("data/keyrings"));
    fs::rename(&rings, person.0.path().join("kwijt")).unwrap();
    for answer in person.session(Keyring::Unlocked, &["list", ADD, "unlock"]) {
        assert_eq!(error_of(&answer), (75, "key_store_empty"), "{answer:?}");
        assert!(answer.1["error"]["text"].as_str().unwrap().len() > 20, "with a sentence");
    }
    assert_eq!(person.keys(), keys, "no new key over old data");
    fs::remove_dir_all(&rings).unwrap();
    fs::rename(person.0.path().join("kwijt"), &rings).unwrap();
    assert!(has_badge(&person.session(Keyring::Unlocked, &["list"])[0]), "with the entry back it opens");
}

#[test]
fn a_locked_keyring_is_told_and_changes_nothing() {
    let Some(person) = Person::new() else { return };
    assert!(has_badge(&person.session(Keyring::Unlocked, &[ADD])[0]));
    let keys = person.keys();
    for answer in person.session(Keyring::Locked, &["list", ADD]) {
        assert_eq!(error_of(&answer), (75, "key_store_locked"), "{answer:?}");
    }
    assert_eq!(person.keys(), keys);
    assert!(has_badge(&person.session(Keyring::Unlocked, &["list"])[0]));
}

#[test]
fn without_a_bus_there_is_no_key_store_and_nothing_is_made() {
    let Some(person) = Person::new() else { return };
    let answer = person.session(Keyring::NoBus, &[ADD]).remove(0);
    assert!(matches!(error_of(&answer), (75, "locked") | (77, "passphrase_needed")), "{answer:?}");
    assert!(!person.0.path().join("wallet/keys.json").exists());
    assert!(has_badge(&person.session(Keyring::Unlocked, &[ADD])[0]));
    let keys = person.keys();
    for answer in person.session(Keyring::NoBus, &["list", ADD]) {
        assert_eq!(error_of(&answer), (75, "key_store_absent"), "{answer:?}");
    }
    assert_eq!(person.keys(), keys);
}

#[test]
fn lock_takes_the_key_out_of_the_key_store_and_unlock_puts_it_back() {
    let Some(person) = Person::new() else { return };
    fs::write(person.0.path().join("secret"), "vier gele fietsen zingen zacht\n").unwrap();
    let commands = [
        ADD,
        "lock",
        "passphrase --new \"$HOME/secret\"",
        "lock",
        "list",
        "list --passphrase-file \"$HOME/secret\"",
        "unlock --passphrase-file \"$HOME/secret\"",
        "list",
    ];
    let answers = person.session(Keyring::Unlocked, &commands);
    assert_eq!(error_of(&answers[1]), (77, "passphrase_needed"));
    assert_eq!((answers[2].0, answers[3].0), (0, 0), "{answers:?}");
    assert_eq!(error_of(&answers[4]), (75, "locked"));
    assert!(has_badge(&answers[5]), "{:?}", answers[5]);
    assert_eq!(answers[6].0, 0, "{:?}", answers[6]);
    assert!(has_badge(&answers[7]), "after unlock the key store opens it: {:?}", answers[7]);
}
