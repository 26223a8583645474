//! Codes: making those that carry a badge, and reading one off a picture.

use std::{fs, hint::black_box, path::PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use wallet_core::qr::{ShownBadge, decode_luma, present, read};

fn badge(file: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("demo/badges").join(file)).expect("a demo badge")
}

/// The code of one text as a grey picture, four pixels a module, with its quiet zone.
fn picture(text: &str) -> (u32, Vec<u8>) {
    let code = qrcode::QrCode::with_error_correction_level(text.to_ascii_uppercase(), qrcode::EcLevel::L).expect("a code");
    let modules = code.width();
    let colours = code.to_colors();
    let side = (modules + 8) * 4;
    let mut luma = vec![255; side * side];
    for (at, colour) in colours.iter().enumerate() {
        if *colour == qrcode::Color::Dark {
            for (dx, dy) in (0..16).map(|pixel| (pixel % 4, pixel / 4)) {
                luma[((at / modules + 4) * 4 + dy) * side + (at % modules + 4) * 4 + dx] = 0;
            }
        }
    }
    (u32::try_from(side).expect("a small picture"), luma)
}

fn codes(criterion: &mut Criterion) {
    let small = badge("welkom-in-de-buurt.json");
    let large = badge("barista.json");
    let shown = |bytes: &[u8]| present(&[ShownBadge { bytes, name: "Badge" }]).expect("codes");
    let text = shown(&small).text;
    let mut group = criterion.benchmark_group("codes");
    group.bench_function("encode-small", |bencher| bencher.iter(|| shown(black_box(&small))));
    group.bench_function("encode-large", |bencher| bencher.iter(|| shown(black_box(&large))));
    group.bench_function("read-text", |bencher| bencher.iter(|| read(black_box(&text))));
    let (side, luma) = picture(&text);
    assert_eq!(decode_luma(side, side, &luma).len(), 1, "the code is read");
    group.bench_function("decode-picture", |bencher| bencher.iter(|| decode_luma(side, side, black_box(&luma))));
    group.finish();
}

criterion_group!(benches, codes);
criterion_main!(benches);
