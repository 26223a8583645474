use std::io::{Cursor, Write};

use ::image::{GrayImage, Luma, codecs::jpeg::JpegEncoder};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::view::NamedFile;

const BADGE: &str = r#"{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:5f1d1d5a-5d0a-4c3e-9a7b-0f2c6f6a9c11","type":["VerifiableCredential","OpenBadgeCredential"],"name":"Barista","issuer":{"id":"did:example:1","type":["Profile"],"name":"Koffiehuis De Proef (verzonnen)"},"validFrom":"2026-03-01T09:00:00Z","credentialSubject":{"type":["AchievementSubject"],"achievement":{"id":"urn:uuid:2","type":["Achievement"],"name":"Barista","description":"Koffie","criteria":{"narrative":"Koffie"}}}}"#;

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input::File(NamedFile { name: name.into(), bytes: bytes.into(), media_type: None })
}

fn code(input: &Input) -> ErrorCode {
    open(input).unwrap_err().code
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A code on a JPEG, as a screenshot that a chat app squeezed.
fn jpeg_of(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).unwrap();
    let side = code.width() as u32;
    let colours = code.to_colors();
    let luma = GrayImage::from_fn((side + 8) * 5, (side + 8) * 5, |x, y| {
        let (x, y) = ((x / 5) as usize, (y / 5) as usize);
        let inside = (4..4 + code.width()).contains(&x) && (4..4 + code.width()).contains(&y);
        Luma([if inside && colours[(y - 4) * code.width() + x - 4] == qrcode::Color::Dark { 20 } else { 240 }])
    });
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 60).encode_image(&luma).unwrap();
    jpeg
}

fn address(opened: &Opened) -> &str {
    match &opened.items[0].kind {
        ItemKind::Address(url) => url.as_str(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn json_is_a_badge_as_text_and_as_file() {
    let opened = open(&Input::Text(BADGE.into())).unwrap();
    assert!(matches!(&opened.items[0].kind, ItemKind::Badge(found) if found.len() == 1));
    assert_eq!(opened.items[0].file, None);
    let opened = open(&file("barista.json", BADGE)).unwrap();
    assert_eq!(opened.items[0].file.as_deref(), Some(BADGE.as_bytes()));
    assert_eq!(opened.items[0].media_type, Some("application/json"));
    assert_eq!(opened.items[0].name, "barista.json");
}

#[test]
fn a_link_is_an_address_as_text_and_in_a_file() {
    assert_eq!(address(&open(&Input::Text("https://badges.example/1".into())).unwrap()), "https://badges.example/1");
    assert_eq!(address(&open(&file("a.txt", "https://badges.example/1\n")).unwrap()), "https://badges.example/1");
    assert_eq!(
        address(&open(&file("a.url", "[InternetShortcut]\r\nURL=https://badges.example/1\r\n")).unwrap()),
        "https://badges.example/1"
    );
}

#[test]
fn a_picture_of_a_code_is_what_the_code_says() {
    assert_eq!(address(&open(&file("foto.jpg", jpeg_of("https://badges.example/1"))).unwrap()), "https://badges.example/1");
    let presentation = qr::present(&[qr::ShownBadge { bytes: BADGE.as_bytes(), name: "Barista" }]).unwrap();
    for bytes in [jpeg_of(&presentation.text), presentation.codes[0].clone().into_bytes()] {
        let opened = open(&file("foto", bytes)).unwrap();
        match &opened.items[0].kind {
            ItemKind::Shown(shown) => assert_eq!(shown.credentials, [BADGE.as_bytes()]),
            other => panic!("{other:?}"),
        }
        assert_eq!(opened.items[0].file, None);
    }
}

#[test]
fn a_picture_without_badge_or_code_is_said() {
    let mut jpeg = Vec::new();
    JpegEncoder::new(&mut jpeg).encode_image(&GrayImage::from_pixel(50, 50, Luma([9]))).unwrap();
    assert_eq!(code(&file("foto.jpg", jpeg)), ErrorCode::PictureWithoutBadge);
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>"#;
    assert_eq!(code(&file("a.svg", svg)), ErrorCode::PictureWithoutBadge);
    assert_eq!(code(&file("foto.jpg", jpeg_of("WIFI:T:WPA;S:net;P:geheim;;"))), ErrorCode::NotABadge);
}

#[test]
fn what_is_no_badge_is_said() {
    for bytes in [&b""[..], b"Barista", b"\xff\xfd\0\0", b"%PDF-1.7", b"{\"a\":1}", b"mailto:a@example.org"] {
        assert_eq!(code(&file("a", bytes)), ErrorCode::NotABadge, "{bytes:?}");
    }
    assert_eq!(code(&Input::Text(String::new())), ErrorCode::NotABadge);
    assert_eq!(code(&Input::Text("badgewallet:show/7/ABC".into())), ErrorCode::TooNew);
    assert_eq!(code(&Input::Text("badgewallet:show/1/ABC".into())), ErrorCode::Damaged);
    assert_eq!(code(&file("a", "{\"a\":")), ErrorCode::Damaged);
    assert_eq!(code(&file("a", b"\xff\xfe{\0")), ErrorCode::Damaged, "UTF-16");
    assert_eq!(code(&file("a", vec![b'{'; MAX_FILE + 1])), ErrorCode::TooLarge);
    assert_eq!(code(&Input::Text("x".repeat(link::MAX_TEXT + 1))), ErrorCode::TooLarge);
}

#[test]
fn each_part_of_a_zip_has_its_own_answer() {
    let inner = zipped(&[("b.json", BADGE.as_bytes())]);
    let opened = open(&file(
        "alles.zip",
        zipped(&[
            ("badges/barista.json", BADGE.as_bytes()),
            ("badges/nog een.json", BADGE.as_bytes()),
            ("brief.txt", b"Gefeliciteerd!"),
            ("stuk.json", b"{\"type\":"),
            ("../../weg.json", BADGE.as_bytes()),
            ("C:\\weg.json", BADGE.as_bytes()),
            ("zip.zip", &inner),
            ("index.html", b"<html>"),
            ("badges.json", b"{}"),
            ("__MACOSX/badges/._barista.json", b"\0\x05\x16\x07"),
            (".DS_Store", b"\0"),
        ]),
    ))
    .unwrap();
    let names: Vec<&str> = opened.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["barista.json", "nog een.json"]);
    assert_eq!(opened.items[0].file.as_deref(), Some(BADGE.as_bytes()));
    let rejected: Vec<(&str, ErrorCode)> = opened.rejected.iter().map(|(name, code)| (name.as_str(), *code)).collect();
    assert_eq!(
        rejected,
        [
            ("brief.txt", ErrorCode::NotABadge),
            ("stuk.json", ErrorCode::Damaged),
            ("weg.json", ErrorCode::Hostile),
            ("weg.json", ErrorCode::Hostile),
            ("zip.zip", ErrorCode::NotABadge),
        ]
    );
}

#[test]
fn a_zip_that_is_locked_damaged_or_empty_is_said() {
    let mut locked = zipped(&[("barista.json", BADGE.as_bytes())]);
    // The flag of encryption, in the entry and in the directory.
    locked[6] |= 1;
    let directory = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    locked[directory + 8] |= 1;
    assert_eq!(code(&file("a.zip", locked)), ErrorCode::PasswordProtected);
    let whole = zipped(&[("barista.json", BADGE.as_bytes())]);
    assert_eq!(code(&file("a.zip", &whole[..whole.len() / 2])), ErrorCode::Damaged);
    assert_eq!(code(&file("a.zip", zipped(&[]))), ErrorCode::NotABadge);
    assert_eq!(code(&file("a.zip", zipped(&[("brief.txt", b"Hoi")]))), ErrorCode::NotABadge);
}

#[test]
fn a_zip_bomb_is_too_large() {
    let zeros = vec![b' '; 6 * 1024 * 1024];
    let opened = open(&file("a.zip", zipped(&[("groot.json", &zeros), ("goed.json", BADGE.as_bytes())]))).unwrap();
    assert_eq!(opened.rejected, [("groot.json".to_owned(), ErrorCode::TooLarge)]);
    let part = vec![b' '; 20 * 1024 * 1024];
    let names: Vec<String> = (0..14).map(|i| format!("{i}.txt")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &part[..])).collect();
    assert_eq!(code(&file("a.zip", zipped(&parts))), ErrorCode::TooLarge);
    let names: Vec<String> = (0..=archive::MAX_ENTRIES).map(|i| format!("{i}.json")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"{}"[..])).collect();
    assert_eq!(code(&file("a.zip", zipped(&many))), ErrorCode::TooLarge);
}

#[test]
fn an_entry_that_lies_about_its_size_is_damaged_or_too_large() {
    let zeros = vec![b' '; 6 * 1024 * 1024];
    let mut zip = zipped(&[("groot.json", &zeros), ("goed.json", BADGE.as_bytes())]);
    let directory = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    zip[22..26].copy_from_slice(&10_u32.to_le_bytes());
    zip[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
    match open(&file("a.zip", zip)) {
        Ok(opened) => assert!(matches!(opened.rejected[0].1, ErrorCode::Damaged | ErrorCode::TooLarge)),
        Err(error) => assert!(matches!(error.code, ErrorCode::Damaged | ErrorCode::TooLarge)),
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn a_damaged_zip_gets_an_answer(at in 0..2000_usize, with in proptest::prelude::any::<u8>()) {
        let mut zip = zipped(&[("barista.json", BADGE.as_bytes()), ("b.txt", b"https://a.example/")]);
        let at = at % zip.len();
        zip[at] = with;
        let _ = open(&file("a.zip", zip));
    }
}
