//! One target per parser of outside bytes. Each answers a number that names the outcome, so that new ones are noticed.

use std::{io::Write, sync::OnceLock};

use capsule::Portfolio;
use flate2::{Compression, write::DeflateEncoder};
use jiff::Timestamp;
use open_badges::{Credential, Evidence, Outcome, Verdict, extract, judge};
use qrcode::{Color, QrCode};
use wallet_core::{link::Link, qr};

use crate::{
    mutate::{Shape, hash},
    seeds,
};

/// A parser, its seeds, and how its input is mutated.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
    pub(crate) run: fn(&[u8]) -> u64,
}

/// All of them.
pub(crate) const TARGETS: &[Target] = &[
    Target { name: "baked", shape: Shape::Png, seeds: seeds::baked, run: baked },
    Target { name: "link", shape: Shape::Text, seeds: seeds::links, run: link },
    Target { name: "jose", shape: Shape::Text, seeds: seeds::jose, run: jose },
    Target { name: "qr", shape: Shape::Text, seeds: seeds::codes, run: codes },
    Target { name: "capsule", shape: Shape::Text, seeds: seeds::portfolios, run: capsule },
    Target { name: "city", shape: Shape::Text, seeds: seeds::cities, run: city },
    Target { name: "judge", shape: Shape::Text, seeds: seeds::credentials, run: judged },
];

fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whatever a file is: it is taken apart or refused.
fn baked(input: &[u8]) -> u64 {
    match extract(input) {
        Ok(found) => hash(found.iter().map(|one| format!("{:?}", one.container)).collect::<Vec<_>>()),
        Err(error) => hash(error.to_string()),
    }
}

fn link(input: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(input);
    hash(std::mem::discriminant(&Link::parse(&text)))
}

/// What a share host answers, and what is sealed in it: its owner may have written anything there.
fn capsule(input: &[u8]) -> u64 {
    let header = capsule::Header::read(input).map(|header| header.passcode);
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
    let body = deflated.write_all(input).and_then(|()| deflated.finish()).unwrap_or_default();
    let read = Portfolio::decode(&body);
    if let Ok(portfolio) = &read {
        assert!(portfolio.title.chars().count() <= 80 && portfolio.words.chars().count() <= 400, "words are bounded");
        let again = portfolio.encode().and_then(|body| Portfolio::decode(&body));
        assert!(again.as_ref() == Ok(portfolio), "what was read is written as it is");
    }
    hash(format!("{header:?} {:?} {:?}", Portfolio::decode(input).err(), read.map(|portfolio| portfolio.badges.len())))
}

/// What a city, a feed, a catalogue or a web page answers: nothing of it is more than the model promises.
fn city(input: &[u8]) -> u64 {
    wallet_core::read_everything(input)
}

/// A compact JWS, judged with nothing at hand.
fn jose(input: &[u8]) -> u64 {
    outcome(input, &Evidence::default())
}

/// A credential, judged with the demo's web at hand.
fn judged(input: &[u8]) -> u64 {
    static EVIDENCE: OnceLock<Evidence> = OnceLock::new();
    outcome(input, EVIDENCE.get_or_init(|| seeds::evidence(now())))
}

fn outcome(input: &[u8], evidence: &Evidence) -> u64 {
    let credential = match Credential::parse(input) {
        Ok(credential) => credential,
        Err(error) => return hash(error.to_string()),
    };
    let judgement = judge(&credential, evidence, now());
    let content = credential.content(evidence);
    assert!(content.name.chars().all(|character| !character.is_control()), "a name has been cleaned");
    let verdict = open_badges::verdict_of(&judgement.checks);
    assert!(verdict != Verdict::Valid || !decides(&judgement.checks), "a badge whose deciding check failed is not valid");
    hash(format!("{:?}", judgement.checks))
}

/// Whether a check that decides has failed.
fn decides(checks: &[open_badges::Check]) -> bool {
    use open_badges::CheckKind as Kind;
    checks
        .iter()
        .any(|check| matches!(check.outcome, Outcome::Failed(_)) && !matches!(check.kind, Kind::Recipient | Kind::Endorsement))
}

/// A code's text, as one code and as a part of a sequence; and now and then the picture of it, damaged.
fn codes(input: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(input);
    let read = qr::read(&text).map(|shown| shown.credentials.len()).map_err(|error| error.code);
    let received = qr::Collector::default()
        .receive(&text)
        .map(|progress| matches!(progress, qr::Progress::Done(_)))
        .map_err(|error| error.code);
    let mut outcome = hash((&read, &received));
    // Pictures cost milliseconds: one in sixty-four, chosen by the input itself.
    if hash(input) % 64 == 0 {
        outcome ^= hash(picture(input).len());
    }
    outcome
}

/// Draws the code of the input, damages it by the input's own bytes, and reads it.
fn picture(input: &[u8]) -> Vec<String> {
    let Ok(code) = QrCode::new(&input[..input.len().min(300)]) else { return Vec::new() };
    let (side, scale) = (code.width(), 3);
    let width = (side + 8) * scale;
    let mut luma = vec![255_u8; width * width];
    for at in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark).map(|(at, _)| at) {
        let (x, y) = (at % side + 4, at / side + 4);
        for pixel in 0..scale * scale {
            luma[(y * scale + pixel / scale) * width + x * scale + pixel % scale] = 0;
        }
    }
    for (turn, byte) in input.iter().enumerate() {
        let at = (turn * 7919 + usize::from(*byte) * 104_729) % luma.len();
        luma[at] ^= byte;
    }
    let width = u32::try_from(width).unwrap_or(0);
    qr::decode_luma(width, width, &luma)
}
