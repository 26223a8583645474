//! Share links on the command line, with the real host beside it: made, opened, printed, changed, extended, stopped.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use share_host::{Config, Host};
use tokio::runtime::Runtime;

#[path = "common/answer.rs"]
mod answer;
#[path = "common/world.rs"]
mod world;
use answer::{answer, error_of};
use world::World;

/// A host, a wallet that opens by a passphrase, and a second folder for who opens the links. The clock is the real one, as the host's.
struct Sharing {
    world: World,
    runtime: Runtime,
    host: Option<Host>,
    origin: String,
}

impl Sharing {
    fn new() -> Self {
        let world = World::bare();
        world.write("code", "koffie-2026\n");
        world.write("other", "thee-2026\n");
        let runtime = Runtime::new().unwrap();
        let host = runtime.block_on(Host::start(Config::local(world.0.path().join("host")))).unwrap();
        let origin = format!("http://{}", host.address());
        Self { world, runtime, host: Some(host), origin }
    }

    fn path(&self, name: &str) -> String {
        self.world.path(name)
    }

    fn run(&self, home: &str, arguments: &[&str]) -> (i32, Value) {
        let mut command = self.world.over(home);
        command.env("BADGE_WALLET_SHARE_HOST", &self.origin);
        command.args(["--json", "--lang", "en", "--web", demo("web").to_str().unwrap()]);
        answer(&command.args(arguments).output().unwrap())
    }

    fn learner(&self, arguments: &[&str]) -> (i32, Value) {
        self.run("learner", arguments)
    }

    /// Whoever got the link, with no wallet.
    fn employer(&self, arguments: &[&str]) -> (i32, Value) {
        self.run("nobody", arguments)
    }

    /// Adds a demo badge and answers its id.
    fn add(&self, file: &str) -> String {
        let (code, added) = self.learner(&["add", demo("badges").join(file).to_str().unwrap(), "--yes"]);
        assert_eq!(code, 0, "{added:#}");
        let name = added["badges"][0]["name"].as_str().unwrap();
        let (_, list) = self.learner(&["list", "--search", name]);
        list["badges"][0]["id"].as_str().unwrap().to_owned()
    }

    fn stop_host(&mut self) {
        let host = self.host.take().unwrap();
        self.runtime.block_on(host.shutdown());
    }

    /// The same host again, under the same address.
    fn start_host(&mut self) {
        let mut config = Config::local(self.world.0.path().join("host"));
        config.listen = self.origin.trim_start_matches("http://").parse().unwrap();
        self.host = Some(self.runtime.block_on(Host::start(config)).unwrap());
    }
}

fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo").join(name)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value:#}"))
}

fn members(value: &Value) -> String {
    value.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_link_is_made_opened_changed_extended_and_stopped() {
    let world = Sharing::new();
    let (welcome, bike) = (world.add("welkom-in-de-buurt.json"), world.add("fietsmaker.png"));
    let (code, made) = world.learner(&["share", &welcome, &bike, "--title", "Mijn werk", "--label", "café", "--until", "1d"]);
    assert_eq!((code, text(&made, "state"), text(&made, "label")), (0, "open", "café"), "{made:#}");
    let (link, id) = (text(&made, "address"), text(&made, "id"));
    assert!(link.starts_with(&format!("{}/v#1.{id}.", world.origin)), "{link}");

    assert_eq!(
        members(&made),
        "id label title words witness address code host created_at ends_at state passcode locked badges for_now",
        "a public interface"
    );
    let (code, checked) = world.employer(&["check", link]);
    assert_eq!(members(&checked["shared"]), "title words host ends_at", "a public interface");
    let badges = checked["badges"].as_array().unwrap();
    assert_eq!((code, badges.len()), (0, 2), "{checked:#}");
    assert_eq!((text(&badges[0], "name"), text(&badges[0], "verdict")), ("Welkom in de buurt", "attention"));
    assert_eq!(text(&checked["shared"], "title"), "Mijn werk");

    let (code, changed) = world.learner(&["share", &bike, "--instead-of", id, "--title", "Fietsen"]);
    assert_eq!((code, text(&changed, "address")), (0, link), "the same address: {changed:#}");
    let (_, checked) = world.employer(&["check", link]);
    assert_eq!(checked["badges"].as_array().unwrap().len(), 1);
    assert_eq!(text(&checked["shared"], "title"), "Fietsen");

    let (code, extended) = world.learner(&["extend", id, "--until", "1y"]);
    assert_eq!(code, 0);
    assert!(text(&extended, "ends_at") > text(&made, "ends_at"), "{extended:#}");
    let (code, stopped) = world.learner(&["stop", id]);
    assert_eq!((code, text(&stopped, "state")), (0, "stopped"));
    assert_eq!(error_of(&world.employer(&["check", link])), (65, "share_ended"));
    let (_, links) = world.learner(&["shares"]);
    assert_eq!((text(&links["shares"][0], "state"), text(&links["shares"][0], "address")), ("stopped", ""), "{links:#}");
    assert_eq!(error_of(&world.learner(&["shares", id, "--pdf", &world.path("no.pdf")])), (65, "share_ended"));
    let (_, history) = world.learner(&["history"]);
    let actions: Vec<&str> = history["history"].as_array().unwrap().iter().map(|line| text(line, "action")).collect();
    for action in ["shared", "changed", "stopped"] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
}

#[test]
fn a_passcode_is_asked_counted_and_reopened() {
    let world = Sharing::new();
    let welcome = world.add("welkom-in-de-buurt.json");
    let (code, made) = world.learner(&["share", &welcome, "--passcode-file", &world.path("code")]);
    assert_eq!((code, &made["passcode"]), (0, &Value::Bool(true)), "{made:#}");
    let (link, id) = (text(&made, "address"), text(&made, "id"));
    assert_eq!(error_of(&world.employer(&["check", link])), (75, "passcode_needed"));
    let wrong = ["check", link, "--passcode-file", &world.path("other")];
    for _ in 0..10 {
        assert_eq!(error_of(&world.employer(&wrong)), (75, "wrong_passcode"));
    }
    let right = ["check", link, "--passcode-file", &world.path("code")];
    assert_eq!(error_of(&world.employer(&right)), (75, "share_locked"));
    let (code, opened) = world.learner(&["reopen", id]);
    assert_eq!((code, &opened["locked"]), (0, &Value::Bool(false)), "{opened:#}");
    assert_eq!(world.employer(&right).0, 0);
}

#[test]
fn a_host_that_is_gone_leaves_no_empty_link_and_no_lie_about_stopping() {
    let mut world = Sharing::new();
    let welcome = world.add("welkom-in-de-buurt.json");
    let (_, made) = world.learner(&["share", &welcome]);
    let (link, id) = (text(&made, "address").to_owned(), text(&made, "id").to_owned());
    world.stop_host();
    let (code, error) = world.learner(&["share", &welcome]);
    assert_eq!(code, 69, "{error:#}");
    let (code, stopping) = world.learner(&["stop", &id]);
    assert_eq!((code, text(&stopping, "state")), (75, "stopping"), "{stopping:#}");
    assert_eq!(world.employer(&["check", &link]).0, 69);
    world.start_host();
    assert_eq!(world.employer(&["check", &link]).0, 0, "still open, as was said");
    let (_, links) = world.learner(&["shares"]);
    assert_eq!((links["shares"].as_array().unwrap().len(), text(&links["shares"][0], "state")), (1, "stopped"), "{links:#}");
    assert_eq!(error_of(&world.employer(&["check", &link])), (65, "share_ended"));
}

#[test]
fn a_damaged_link_says_what_is_wrong_with_it() {
    let world = Sharing::new();
    let welcome = world.add("welkom-in-de-buurt.json");
    let (_, made) = world.learner(&["share", &welcome]);
    let link = text(&made, "address");
    let (start, key) = link.rsplit_once('.').unwrap();
    let flipped: String = key.chars().rev().collect();
    for (damaged, code) in [
        (format!("{start}.{}", &key[..20]), (65, "link_damaged")),
        (format!("{start}.{flipped}"), (65, "link_damaged")),
        (link.replace("#1.", "#7."), (65, "link_too_new")),
        (format!("{}/v#1..{key}", world.origin), (65, "link_damaged")),
    ] {
        assert_eq!(error_of(&world.employer(&["check", &damaged])), code, "{damaged}");
    }
}

/// Poppler and ZBar are not ours: what they read is what is in the file.
#[test]
fn the_paper_carries_the_link_its_code_and_the_signed_badges() {
    let world = Sharing::new();
    let (welcome, bike) = (world.add("welkom-in-de-buurt.json"), world.add("fietsmaker.png"));
    let (code, made) = world.learner(&["share", &welcome, &bike, "--title", "Mijn werk", "--pdf", &world.path("uit.pdf")]);
    assert_eq!(code, 0, "{made:#}");
    let link = text(&made, "address");
    let words = tool("pdftotext", &["-layout", &world.path("uit.pdf"), "-"]);
    for wanted in ["Mijn werk", "Check it yourself", "Welkom in de buurt", "Fietsmaker", "Trust only the check"] {
        assert!(words.contains(wanted), "{wanted} in {words}");
    }
    assert!(!words.contains("Real and valid"), "{words}");

    tool("pdfdetach", &["-saveall", "-o", &world.path(""), &world.path("uit.pdf")]);
    for (id, attached) in [(&welcome, "1-welkom-in-de-buurt.json"), (&bike, "2-fietsmaker.json")] {
        let (code, _) = world.learner(&["export", id, "--as", "json", "--output", &world.path("bare.json")]);
        assert_eq!(code, 0);
        assert!(std::fs::read(world.path("bare.json")).unwrap() == std::fs::read(world.path(attached)).unwrap(), "{attached}");
    }
    for resolution in ["72", "150", "300"] {
        tool("pdftoppm", &["-r", resolution, "-png", "-singlefile", &world.path("uit.pdf"), &world.path("uit")]);
        assert_eq!(tool("zbarimg", &["--raw", "-q", &world.path("uit.png")]).trim(), link, "at {resolution} dots an inch");
    }
    // The same from the list, later.
    let (code, _) = world.learner(&["shares", text(&made, "id"), "--pdf", &world.path("later.pdf")]);
    assert_eq!(code, 0);
    assert!(std::fs::read(world.path("later.pdf")).unwrap().starts_with(b"%PDF-1.7"));
}

fn tool(name: &str, arguments: &[&str]) -> String {
    let ran = Command::new(name).args(arguments).output().unwrap_or_else(|error| panic!("{name}: {error}; run .ci/setup.sh test"));
    assert!(ran.status.success(), "{name}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}
