//! Judging and extracting, per format, on the demo badges. `tests/issuers/bench.mjs` measures the same badges in Node and prints
//! both side by side.

use std::{fs, hint::black_box, path::PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use open_badges::{Answer, Credential, Evidence, Fetched, Payload, extract, judge};

/// The badges that are measured: the demo's, one per format. The names are those of `bench.mjs`.
const MEASURED: &[(&str, &str)] = &[
    ("eddsa-rdfc-2022", "barista.json"),
    ("eddsa-rdfc-2022-small", "welkom-in-de-buurt.json"),
    ("ecdsa-rdfc-2019-p256", "fietsmaker.png"),
    ("ecdsa-rdfc-2019-p384", "ehbo-in-de-wijk.json"),
    ("vc-jwt-eddsa", "digitaal-op-weg.jwt"),
    ("vc-jwt-es256", "zonnepanelen.jwt"),
    ("ob2-hosted", "buurtkok.json"),
    ("ob2-signed-rs256", "taalmaatje.png"),
];

fn demo() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("demo")
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a timestamp")
}

fn credential(bytes: &[u8]) -> Credential {
    match extract(bytes).expect("a demo badge").remove(0).payload {
        Payload::Credential(credential) => *credential,
        Payload::Address(address) => panic!("only an address: {address}"),
    }
}

/// All that a judgement of `credential` asks, from the demo's files.
fn evidence(credential: &Credential) -> Evidence {
    let mut evidence = Evidence::default();
    loop {
        let missing = judge(credential, &evidence, now()).missing;
        let new: Vec<_> = missing.into_iter().filter(|need| !evidence.documents.contains_key(need)).collect();
        if new.is_empty() {
            return evidence;
        }
        for need in new {
            let path = need.url.strip_prefix("https://").expect("https");
            let body = fs::read(demo().join("web").join(path)).expect("a document of the demo");
            let answer = Answer::Document { final_url: need.url.clone(), body };
            evidence.documents.insert(need, Fetched { answer, fetched_at: now() });
        }
    }
}

fn judging(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("judge");
    for (name, file) in MEASURED {
        let credential = credential(&fs::read(demo().join("badges").join(file)).expect("a demo badge"));
        let evidence = evidence(&credential);
        group.bench_function(*name, |bencher| bencher.iter(|| judge(black_box(&credential), black_box(&evidence), now())));
    }
    group.finish();
}

fn extracting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("extract");
    for (name, file) in
        [("json", "barista.json"), ("jwt", "zonnepanelen.jwt"), ("png", "fietsmaker.png"), ("svg", "moestuinier.svg")]
    {
        let bytes = fs::read(demo().join("badges").join(file)).expect("a demo badge");
        group.bench_function(name, |bencher| bencher.iter(|| extract(black_box(&bytes))));
    }
    group.finish();
}

criterion_group!(benches, judging, extracting);
criterion_main!(benches);
