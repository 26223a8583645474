//! `--verbose` over a real demo city on a bad day: it tells what was asked and what was missing, and nothing that is private.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

use wallet_tests::city::{City, Mode, Options};

#[path = "common/world.rs"]
mod world;
use world::World;

/// The exit code of a command with `-v`, and what it said on standard error.
fn told(world: &World, city: &City, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = world.over("home");
    command.env("BADGE_WALLET_LOCAL_ORIGINS", &city.url).args(["--lang", "en"]).args(arguments).arg("-v");
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_and_what_is_missing_is_told_and_nothing_private() {
    let city = City::start(Options { modes: vec![Mode::Drift, Mode::Nulls], ..Options::default() }).await.unwrap();
    let world = World::bare();
    let (code, added) = told(&world, &city, &["cities", "add", &city.url]);
    assert_eq!(code, Some(0), "{added}");
    let (code, claimed) = told(&world, &city, &["claim", "b4nd1a"]);
    assert_eq!(code, Some(77), "its site has to be opened: {claimed}");
    for (said, words) in [
        (&added, "GET City 127.0.0.1: 200, "),
        (&added, "ColList 127.0.0.1: 400, "),
        (&added, " 127.0.0.1 lacks Project."),
        (&added, "Project.eventStart"),
        (&added, "ColList 127.0.0.1: 200, "),
        (&added, " items, 0 dropped, 110 in all, more: "),
        (&claimed, "ColClaim 127.0.0.1: 200, "),
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    for said in [added, claimed] {
        for line in said.lines() {
            assert!(line.starts_with("info city: "), "{line}");
        }
        let small = said.to_lowercase();
        for private in ["b4nd1a", "auth-token", "bearer", "authorization", "\"variables\"", "limit\":", "code\":"] {
            assert!(!small.contains(private), "{private}: {said}");
        }
    }
}
