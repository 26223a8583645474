//! Mutations: blind ones on bytes, and one that mends a PNG's check sums so that a change gets past the first gate.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Inputs stay about this long; limits on size have tests of their own.
const LONGEST: usize = 1 << 18;

/// What an input is made of, so that a mutation can keep its outer form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// PNG chunks among others: check sums are mended half of the time.
    Png,
    /// Text: tokens of the formats are put in more often.
    Text,
}

/// Tokens that matter to the parsers.
const TOKENS: &[&str] = &[
    "openbadges",
    "openbadgecredential",
    "https://",
    "http://127.0.0.1/",
    "badgewallet:",
    "SHOW/1/",
    "ur:x-badge-show/1-2/",
    "did:key:z6Mk",
    "did:web:",
    "did:jwk:",
    "\"@context\"",
    "\"proof\"",
    "\"issuer\"",
    "\"type\"",
    "\"verification\"",
    "\"proofValue\":\"z",
    "\"credentialSubject\"",
    "null",
    "[]",
    "{}",
    "{\"@list\":[",
    "\"@id\":\"_:b0\"",
    "true",
    "-1",
    "1e999",
    "\\u0000",
    "\\ud800",
    "\u{202e}",
    "\u{feff}",
    "eyJhbGciOiJub25lIn0",
    "..",
    "%2f",
    "@",
    "#",
    "<!DOCTYPE",
    "<![CDATA[",
    "]]>",
    "verify=\"",
    "xmlns:openbadges=",
    "sha256$",
    "\"hashed\":true",
    "IHDR",
    "iTXt",
    "tEXt",
    "zTXt",
    "IEND",
];

/// A source of mutations that is the same for the same seed.
pub(crate) struct Mutator(u64);

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    /// A changed copy of one of the seeds.
    pub(crate) fn mutate(&mut self, seeds: &[Vec<u8>], shape: Shape) -> Vec<u8> {
        let chosen = self.below(seeds.len());
        let mut input = seeds.get(chosen).cloned().unwrap_or_default();
        let times = 1 + self.below(4);
        for _ in 0..times {
            self.once(&mut input, seeds, shape);
        }
        input.truncate(LONGEST);
        if shape == Shape::Png && self.below(2) == 0 {
            mend_png(&mut input);
        }
        input
    }

    fn once(&mut self, input: &mut Vec<u8>, seeds: &[Vec<u8>], shape: Shape) {
        let at = self.below(input.len());
        let span = 1 + self.below(input.len().saturating_sub(at).min(64));
        let kinds = if shape == Shape::Text { 11 } else { 8 };
        match self.below(kinds) {
            0 if !input.is_empty() => input[at] ^= 1 << self.below(8),
            1 if !input.is_empty() => input[at] = [0, 1, 0x20, 0x7f, 0x80, 0xff, b'"', b'{'][self.below(8)],
            2 if !input.is_empty() => drop(input.drain(at..(at + span).min(input.len()))),
            3 => {
                let piece = input.get(at..(at + span).min(input.len())).unwrap_or_default().to_vec();
                let to = self.below(input.len() + 1);
                input.splice(to..to, piece);
            }
            4 => input.truncate(at),
            5 => {
                let other = &seeds[self.below(seeds.len())];
                let from = self.below(other.len());
                let to = from + self.below(other.len() - from).min(4096);
                input.splice(at..(at + span).min(input.len()), other[from..to].iter().copied());
            }
            6 if input.len() >= at + 4 => {
                let number = [0_u32, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX, 65_536][self.below(6)];
                input[at..at + 4].copy_from_slice(&number.to_be_bytes());
            }
            _ => {
                let token = TOKENS[self.below(TOKENS.len())].bytes();
                let end = if self.below(2) == 0 { at } else { (at + span).min(input.len()) };
                input.splice(at..end, token);
            }
        }
    }
}

/// Puts the right check sum after each chunk for as long as the lengths make sense.
fn mend_png(input: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = input.get(at..at + 4) {
        let length = length.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let Some(end) = at.checked_add(8 + length).filter(|end| end + 4 <= input.len()) else { return };
        let sum = crc32(&input[at + 4..end]);
        input[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// For names of files, and for outcomes.
pub(crate) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
