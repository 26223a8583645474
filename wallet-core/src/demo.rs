//! The demo: a dozen badges of invented organisations, really signed with keys that were thrown away, and the documents that
//! decide about them. `tests/issuers/make-demo.mjs` makes the files; a test holds them to `demo/index.json`.

use std::{collections::BTreeMap, sync::OnceLock};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;

/// `("file", bytes)` of each named file under a folder of `demo/`.
macro_rules! files {
    ($folder:literal: $($file:literal),* $(,)?) => {
        &[$(($file, include_bytes!(concat!("../demo/", $folder, "/", $file)))),*]
    };
}

/// In the order in which the demo tells its story: genuine ones first.
const BADGES: &[(&str, &[u8])] = files!("badges":
    "barista.json",
    "fietsmaker.png",
    "buurtkok.json",
    "taalmaatje.png",
    "moestuinier.svg",
    "zonnepanelen.jwt",
    "welkom-in-de-buurt.json",
    "digitaal-op-weg.jwt",
    "ehbo-in-de-wijk.json",
    "meubelmaker.png",
    "website-bouwen.json",
    "podcastmaker.png",
);

/// The badges of the portfolio that the demo has ready, by name.
pub(crate) const PORTFOLIO: [&str; 3] = ["Barista", "Buurtkok", "Taalmaatje"];

const WEB: &[(&str, &[u8])] = files!("web":
    "bibliotheek-oog-in-al.example/.well-known/did.json",
    "bibliotheek-oog-in-al.example/pictures/digitaal-op-weg.png",
    "buurtkeuken-zuilen.example/assertions/buurtkok.json",
    "buurtkeuken-zuilen.example/badges/buurtkok.json",
    "buurtkeuken-zuilen.example/issuer.json",
    "buurtkeuken-zuilen.example/key.json",
    "buurtkeuken-zuilen.example/pictures/buurtkok.png",
    "codeclub-neude.example/.well-known/did.json",
    "de-spaak.example/.well-known/did.json",
    "de-spaak.example/status/1",
    "houtwerkplaats-rotsoord.example/.well-known/did.json",
    "houtwerkplaats-rotsoord.example/status/1",
    "koffieschool-domstad.example/.well-known/did.json",
    "moestuin-de-wiek.example/.well-known/did.json",
    "taalhuis-aan-de-vecht.example/badges/taalmaatje.json",
    "taalhuis-aan-de-vecht.example/issuer.json",
    "taalhuis-aan-de-vecht.example/key.json",
    "taalhuis-aan-de-vecht.example/pictures/taalmaatje.png",
    "taalhuis-aan-de-vecht.example/revoked.json",
    "welkom-in-lombok.example/pictures/welkom-in-de-buurt.png",
    "zonnewerk-utrecht.example/.well-known/jwks.json",
    "zonnewerk-utrecht.example/keys/1",
    "zonnewerk-utrecht.example/pictures/zonnepanelen.png",
    "zorgwerkplaats-overvecht.example/.well-known/did.json",
);

/// The feed and the pictures of the demo city, as `demo-city --export-feed` writes them (`tests/tests/city.rs` holds them to it).
const CITY: &[(&str, &[u8])] = files!("city":
    ".well-known/cities-of-learning",
    "feed/activities.json",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7001.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7002.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7003.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7004.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7005.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7006.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7007.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7009.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7012.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7013.png",
    "storage/organisation/0c6c0f4e-9a57-4a5e-8a2e-6e7a9d0b7014.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031001.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031002.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031003.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031010.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031011.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031012.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031013.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031101.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031102.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031103.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031104.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031105.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031106.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031107.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031108.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031112.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031201.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031204.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031207.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031231.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031232.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031233.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031244.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-000000031257.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031001.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031002.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031010.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031011.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031012.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031013.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031101.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031102.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031103.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031104.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031105.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031106.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031107.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031108.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031112.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031201.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031204.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031207.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031231.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031232.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031233.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031244.png",
    "storage/project/b2c0d3e4-2222-4b4b-8c8c-100000031257.png",
);
/// Where the demo city is.
pub(crate) const CITY_ADDRESS: &str = "https://demostad-utrecht.example";
/// The moment that the days of its feed are counted from.
const CITY_DAY: &str = "2026-11-23T12:00:00Z";

const INDEX: &str = include_str!("../demo/index.json");

/// What `index.json` says, of which the app needs the issuers.
#[derive(Debug, Deserialize)]
struct Index {
    known_issuers: Vec<DemoIssuer>,
    practice_issuers: Vec<String>,
}

/// An issuer on the demo learner's own list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct DemoIssuer {
    /// DID or https id.
    pub(crate) id: String,
    /// Its name on the list.
    pub(crate) name: String,
}

/// The badges as files: name and bytes.
pub(crate) fn badges() -> Vec<(&'static str, &'static [u8])> {
    BADGES.to_vec()
}

/// What the hosts of the demo answer, by `<host>/<path>`. A host that is not here is gone on purpose.
pub(crate) fn web(now: Timestamp) -> BTreeMap<String, Vec<u8>> {
    let city = CITY.iter().map(|(path, body)| (format!("demostad-utrecht.example/{path}"), of_this_week(path, body, now)));
    WEB.iter().map(|(path, body)| ((*path).to_owned(), body.to_vec())).chain(city).collect()
}

/// The feed with its days as many weeks on as have passed: a demo in which everything is over shows nothing.
fn of_this_week(path: &str, body: &[u8], now: Timestamp) -> Vec<u8> {
    let day: Option<Timestamp> = CITY_DAY.parse().ok();
    let weeks = day.map_or(0, |day| now.duration_since(day).as_secs().div_euclid(7 * 24 * 3600));
    let feed = (path == "feed/activities.json" && weeks != 0).then(|| serde_json::from_slice::<Value>(body).ok()).flatten();
    let Some(mut feed) = feed else { return body.to_vec() };
    for item in feed["items"].as_array_mut().into_iter().flatten() {
        for name in ["start", "end"] {
            let at: Option<Timestamp> = item[name].as_str().and_then(|text| text.parse().ok());
            let moved = at.and_then(|at| at.checked_add(SignedDuration::from_hours(weeks * 7 * 24)).ok());
            if let Some(moved) = moved {
                item[name] = moved.to_string().into();
            }
        }
    }
    feed.to_string().into_bytes()
}

/// The ids of all demo issuers: outside a demo wallet their badges are practice badges.
pub(crate) fn practice_issuers() -> &'static [String] {
    &index().practice_issuers
}

/// The issuers that the demo learner has on the own list.
pub(crate) fn known_issuers() -> &'static [DemoIssuer] {
    &index().known_issuers
}

fn index() -> &'static Index {
    static PARSED: OnceLock<Index> = OnceLock::new();
    PARSED.get_or_init(|| serde_json::from_str(INDEX).expect("demo/index.json was made by our script and is read by a test"))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn on_disk(folder: &str) -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo").join(folder);
        let mut found = BTreeSet::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.insert(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_demo_file_is_in_the_app_and_as_the_index_says() {
        let index: Value = serde_json::from_str(INDEX).unwrap();
        let mut listed: BTreeSet<String> = index["files"].as_object().unwrap().keys().cloned().collect();
        for (folder, files) in [("badges", BADGES), ("web", WEB)] {
            let included: BTreeSet<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
            assert_eq!(included, on_disk(folder), "{folder}: run tests/issuers/make-demo.mjs and name the files here");
            for (path, bytes) in files {
                let path = format!("{folder}/{path}");
                let digest = hex::encode(ring::digest::digest(&ring::digest::SHA256, bytes));
                assert_eq!(index["files"][&path], digest, "{path} was changed by hand");
                listed.remove(&path);
            }
        }
        assert_eq!(listed, BTreeSet::new(), "in the index and not in the app");
    }

    #[test]
    fn every_demo_issuer_says_that_it_is_fictitious_and_lives_under_a_reserved_name() {
        for issuer in known_issuers() {
            assert!(issuer.name.ends_with("(fictief)"), "{}", issuer.name);
            assert!(practice_issuers().contains(&issuer.id));
        }
        for (path, _) in WEB {
            assert!(path.split('/').next().unwrap().ends_with(".example"), "{path}");
        }
    }

    #[test]
    fn the_demo_city_is_of_this_week_in_every_week() {
        let day: Timestamp = CITY_DAY.parse().unwrap();
        let starts = |now: Timestamp| -> Vec<Timestamp> {
            let feed = &web(now)["demostad-utrecht.example/feed/activities.json"];
            let feed: Value = serde_json::from_slice(feed).unwrap();
            let items = feed["items"].as_array().unwrap().iter();
            items.filter_map(|item| item["start"].as_str()?.parse().ok()).collect()
        };
        let later = day.checked_add(SignedDuration::from_hours(24 * (7 * 60 + 3))).unwrap();
        let (then, now) = (starts(day), starts(later));
        assert!(then.len() > 8);
        let weeks = SignedDuration::from_hours(60 * 7 * 24);
        assert!(then.iter().zip(&now).all(|(a, b)| b.duration_since(*a) == weeks), "{then:?} {now:?}");
        assert_eq!(CITY.iter().map(|(path, _)| (*path).to_owned()).collect::<BTreeSet<_>>(), on_disk("city"));
    }

    #[test]
    fn the_demo_has_a_dozen_badges_and_a_barista_first() {
        assert_eq!(badges().len(), 12);
        assert_eq!(badges()[0].0, "barista.json");
        let day: Timestamp = CITY_DAY.parse().unwrap();
        assert!(web(day).contains_key("koffieschool-domstad.example/.well-known/did.json"));
    }
}
