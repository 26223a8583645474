//! Seeds: the demo's badges and web, and, where it is, the corpus beside the project (read in place, never kept).

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use capsule::{LinkKey, ManageKey, Portfolio, Seal, SharedBadge, Show};
use open_badges::{Answer, Credential, Evidence, Fetched, Need, Payload, Purpose, extract};

/// Larger files only slow mutation down.
const LARGEST: u64 = 200_000;

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo")
}

fn corpus() -> PathBuf {
    std::env::var_os("BADGE_WALLET_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), PathBuf::from)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
    found.sort();
}

/// Files with one of these endings, at most `most`, from the demo and the corpus.
fn files(endings: &[&str], most: usize) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    walk(&demo(), &mut paths);
    let mut more = Vec::new();
    walk(&corpus(), &mut more);
    paths.extend(more);
    paths.retain(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        endings.contains(&ending) && fs::metadata(path).is_ok_and(|data| data.len() <= LARGEST)
    });
    // Spread over all folders rather than the first ones.
    let step = paths.len().div_ceil(most).max(1);
    paths.iter().step_by(step).filter_map(|path| fs::read(path).ok()).collect()
}

/// Pictures with and without badges, bare credentials, links.
pub(crate) fn baked() -> Vec<Vec<u8>> {
    let mut seeds = files(&["png", "svg"], 150);
    seeds.extend(credentials());
    seeds
}

/// Credentials as JSON and JWS.
pub(crate) fn credentials() -> Vec<Vec<u8>> {
    let found = files(&["json", "jwt", "png", "svg"], 400).into_iter().flat_map(|bytes| extract(&bytes).unwrap_or_default());
    found
        .filter_map(|extracted| match extracted.payload {
            Payload::Credential(credential) => Some(credential.bytes),
            Payload::Address(_) => None,
        })
        .collect()
}

/// Compact JWS only.
pub(crate) fn jose() -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> = credentials().into_iter().filter(|bytes| bytes.starts_with(b"eyJ")).collect();
    seeds.push(b"eyJhbGciOiJub25lIn0.e30.".to_vec());
    seeds
}

/// Portfolios as JSON, and a capsule.
pub(crate) fn portfolios() -> Vec<Vec<u8>> {
    let badges = credentials().into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()).filter(|text| text.len() < 4_000);
    let mut seeds: Vec<_> = badges
        .map(|credential| {
            let mut portfolio = Portfolio::new("nl", "Wat ik kan", "In een paar woorden");
            portfolio.badges.push(SharedBadge { credential, show: Show::Whole, address: Some("noor@voorbeeld.example".into()) });
            serde_json::to_vec(&portfolio).unwrap_or_default()
        })
        .collect();
    let (key, manage) = (LinkKey::from_bytes([1; 32]), ManageKey::from_seed([2; 32]));
    seeds.extend(Seal { key: &key, passcode: None, manage: &manage, seq: 1, end: None }.seal(b"{}"));
    seeds
}

/// Answers of every kind of source.
pub(crate) fn cities() -> Vec<Vec<u8>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/activity/fixtures");
    let mut paths = Vec::new();
    walk(&fixtures, &mut paths);
    paths.retain(|path| path.extension().is_none_or(|ending| ending != "graphql"));
    let mut seeds: Vec<_> = paths.iter().filter_map(|path| fs::read(path).ok()).collect();
    // One seed holds several answers; each is one of its own too.
    if let Some(answers) = seeds.iter().find_map(|seed| serde_json::from_slice::<serde_json::Value>(seed).ok()?.get("details").cloned()) {
        let answers = answers.as_object().map(|details| details.values().map(|answer| answer.to_string().into_bytes()).collect::<Vec<_>>());
        seeds.extend(answers.unwrap_or_default());
    }
    seeds
}

/// Everything that is typed, pasted or opened.
pub(crate) fn links() -> Vec<Vec<u8>> {
    [
        "https://uitgever.example/badges/1?x=%2f#z",
        "badgewallet:show/1/ABC",
        "https://delen.example/v#1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "badgewallet:open?url=https%3A%2F%2Fuitgever.example%2F1",
        "BADGEWALLET:SHOW/1/00000",
        "ur:x-badge-show/1-3/lpadaxcsencylobemohsgmoyadhe",
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fuitgever.example",
        "mailto:x@uitgever.example",
        "{\"@context\":[]}",
        "http://[::1]:80/\u{202e}",
        "data:application/json;base64,e30=",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain(jose())
    .collect()
}

/// The demo's web as evidence, so that signatures and status are reached.
pub(crate) fn evidence(now: jiff::Timestamp) -> Evidence {
    let web = demo().join("web");
    let mut paths = Vec::new();
    walk(&web, &mut paths);
    let mut documents = BTreeMap::new();
    for path in paths {
        let (Ok(body), Ok(place)) = (fs::read(&path), path.strip_prefix(&web)) else { continue };
        let url = format!("https://{}", place.display());
        for purpose in [
            Purpose::Assertion,
            Purpose::BadgeClass,
            Purpose::Issuer,
            Purpose::Key,
            Purpose::DidDocument,
            Purpose::KeySet,
            Purpose::StatusList,
        ] {
            let answer = Answer::Document { final_url: url.clone(), body: body.clone() };
            documents.insert(Need { purpose, url: url.clone() }, Fetched { answer, fetched_at: now });
        }
    }
    Evidence { documents, my_addresses: vec!["leerling@voorbeeld.example".into()], ..Evidence::default() }
}

/// The codes of the demo's badges, as texts.
pub(crate) fn codes() -> Vec<Vec<u8>> {
    let badges: Vec<Credential> = credentials().iter().take(12).filter_map(|bytes| Credential::parse(bytes).ok()).collect();
    let shown = badges.iter().map(|badge| [wallet_core::qr::ShownBadge { bytes: &badge.bytes, name: "" }]);
    let mut texts: Vec<Vec<u8>> = shown
        .filter_map(|badge| wallet_core::qr::present(&badge).ok())
        .map(|presentation| presentation.text.into_bytes())
        .collect();
    texts.extend(links());
    texts
}
