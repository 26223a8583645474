use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::extract;

fn badge(name: &str) -> String {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:5d6a29b8-0c2f-4d27-a9a7-b5e3a1f0c001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
    })
    .to_string()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = crc32fast::Hasher::new();
    sum.update(name);
    sum.update(data);
    let length = u32::try_from(data.len()).unwrap();
    [&length.to_be_bytes()[..], name, data, &sum.finalize().to_be_bytes()].concat()
}

/// A PNG with these chunks between its header and its end. The pixels are none of our business.
fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut header = vec![0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
    header = chunk(b"IHDR", &header);
    [&png::SIGNATURE[..], &header, &chunks.concat(), &chunk(b"IEND", b"")].concat()
}

fn deflated(text: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn found(picture: &[u8]) -> Vec<String> {
    let texts = extract(picture).unwrap().into_iter().map(|found| match found.payload {
        Payload::Credential(credential) => String::from_utf8(credential.bytes).unwrap(),
        Payload::Address(address) => address,
    });
    texts.collect()
}

const SVG: &str = "<?xml version=\"1.0\"?><!-- een tekening --><svg xmlns=\"http://www.w3.org/2000/svg\"><title>Fictief &amp; klein</title></svg>";

#[test]
fn every_kind_of_text_chunk_is_read() {
    let text = badge("Lassen");
    let compressed = deflated(&text);
    let chunks = [
        chunk(b"tEXt", &[b"openbadges\0", text.as_bytes()].concat()),
        chunk(b"zTXt", &[b"openbadges\0\0", &compressed[..]].concat()),
        chunk(b"iTXt", &[b"openbadgecredential\0\0\0\0\0", text.as_bytes()].concat()),
        chunk(b"iTXt", &[b"openbadgecredential\0\x01\0nl\0x\0", &compressed[..]].concat()),
    ];
    for chunk in &chunks {
        assert_eq!(found(&png_with(std::slice::from_ref(chunk))), [text.as_str()]);
    }
    assert_eq!(
        extract(&png_with(&[chunk(b"iTXt", b"Comment\0\0\0\0\0openbadges")])).unwrap_err(),
        ExtractError::PictureWithoutBadge
    );
}

#[test]
fn the_same_badge_twice_is_one_and_two_different_ones_are_refused() {
    let chunk_of = |text: &str| chunk(b"iTXt", &[b"openbadgecredential\0\0\0\0\0", text.as_bytes()].concat());
    assert_eq!(found(&png_with(&[chunk_of(&badge("a")), chunk_of(&badge("a"))])).len(), 1);
    assert!(matches!(extract(&png_with(&[chunk_of(&badge("a")), chunk_of(&badge("b"))])), Err(ExtractError::Hostile(_))));
}

#[test]
fn both_generations_are_offered_3_0_first() {
    let old = "https://badges.example/assertions/1";
    let png = bake_png(&bake_png(&png_with(&[]), BakeKind::V2, old).unwrap(), BakeKind::V3, &badge("a")).unwrap();
    assert_eq!(found(&png), [badge("a"), old.to_owned()]);
    let svg = bake_svg(&bake_svg(SVG.as_bytes(), BakeKind::V3, &badge("a"), false).unwrap(), BakeKind::V2, old, true).unwrap();
    assert_eq!(found(&svg), [badge("a"), old.to_owned()]);
}

#[test]
fn a_damaged_png_says_so() {
    let png = bake_png(&png_with(&[]), BakeKind::V3, &badge("a")).unwrap();
    for cut in [8, 20, 40, png.len() - 1] {
        assert!(matches!(extract(&png[..cut]), Err(ExtractError::Damaged(_))), "{cut}");
    }
    let mut flipped = png.clone();
    flipped[60] ^= 1;
    assert_eq!(extract(&flipped).unwrap_err(), ExtractError::Damaged("png checksum"));
    let no_header = [&png::SIGNATURE[..], &chunk(b"IEND", b"")].concat();
    assert_eq!(extract(&no_header).unwrap_err(), ExtractError::Damaged("png chunk order"));
    assert_eq!(found(&[png, b"bytes after the end".to_vec()].concat()).len(), 1);
}

#[test]
fn what_inflates_without_end_is_refused() {
    let bomb = deflated(&" ".repeat(6 * 1024 * 1024));
    let png = png_with(&[chunk(b"zTXt", &[b"openbadges\0\0", &bomb[..]].concat())]);
    assert_eq!(extract(&png).unwrap_err(), ExtractError::TooLarge("baked text"));
    let many = png_with(&vec![chunk(b"tEXt", b"a\0b"); 20_001]);
    assert_eq!(extract(&many).unwrap_err(), ExtractError::TooLarge("png chunks"));
}

#[test]
fn an_address_in_a_png_is_handed_on_whether_or_not_it_may_be_asked() {
    let png = |address: &str| bake_png(&png_with(&[]), BakeKind::V2, address).unwrap();
    assert_eq!(found(&png(" https://badges.example/1\n")), ["https://badges.example/1"]);
    assert_eq!(found(&png("http://badges.example/1")), ["http://badges.example/1"]);
    let text = chunk(b"tEXt", b"openbadges\0http://127.0.0.1:8788/ob2/1");
    assert_eq!(found(&png_with(&[text])), ["http://127.0.0.1:8788/ob2/1"]);
    for broken in ["http:", "https://", "http://a b/"] {
        assert!(matches!(extract(&png(broken)), Err(ExtractError::Damaged(_))), "{broken}");
    }
    let svg = bake_svg(SVG.as_bytes(), BakeKind::V2, "http://badges.example/1", true).unwrap();
    assert!(matches!(extract(&svg), Err(ExtractError::Damaged(_))));
}

#[test]
fn svg_elements_count_by_namespace_whatever_their_prefix() {
    let svg = |inner: &str| {
        format!("\u{FEFF}<svg xmlns:b='https://purl.imsglobal.org/ob/v3p0' xmlns:o='http://openbadges.org'>{inner}</svg>")
    };
    let escaped = badge("a").replace('"', "&quot;").replace('{', "&#123;");
    assert_eq!(found(svg(&format!("<g><b:credential>{escaped}</b:credential></g>")).as_bytes()), [badge("a")]);
    assert_eq!(found(svg("<o:assertion verify='https://badges.example/1'/>").as_bytes()), ["https://badges.example/1"]);
    let none = svg("<x:credential xmlns:x='urn:other'>{}</x:credential><openbadges:assertion verify='https://badges.example/1'/>");
    assert_eq!(extract(none.as_bytes()).unwrap_err(), ExtractError::PictureWithoutBadge);
    let two = svg("<o:assertion verify='https://badges.example/1'/><o:assertion verify='https://badges.example/2'/>");
    assert!(matches!(extract(two.as_bytes()), Err(ExtractError::Hostile(_))));
    assert!(matches!(extract(svg("<o:assertion/>").as_bytes()), Err(ExtractError::Damaged(_))));
}

#[test]
fn a_doctype_or_an_entity_is_refused() {
    let laughs = "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg><text>&b;</text></svg>";
    assert!(matches!(extract(laughs.as_bytes()), Err(ExtractError::Hostile(_))));
    assert!(matches!(extract(b"<svg><text>&b;</text></svg>"), Err(ExtractError::Hostile(_))));
    assert!(matches!(extract("<g>".repeat(10_000).replacen("<g>", "<svg>", 1).as_bytes()), Err(ExtractError::TooLarge(_))));
}

#[test]
fn an_empty_root_is_opened_to_bake_into() {
    let svg = bake_svg(b"<s:svg xmlns:s='http://www.w3.org/2000/svg' width='1'/>", BakeKind::V3, &badge("a"), false).unwrap();
    assert_eq!(found(&svg), [badge("a")]);
    assert!(svg.ends_with(b"</s:svg>"));
}

#[test]
fn badges_baked_by_others_are_found() {
    let Some(root) = crate::corpus::root() else { return };
    let corpus = |path: &str| std::fs::read(root.join(path)).unwrap();
    let hosted = |path: &str| found(&corpus(path));
    assert!(hosted("concentricsky-bakery/testfiles/baked_heart.png")[0].contains("http://example.org/badgeinstance1"));
    assert!(hosted("concentricsky-bakery/testfiles/baked_example.svg")[0].contains("abcdef12345"));
    assert!(hosted("badgr-server/backpack/tests/testfiles/baked_image.png")[0].contains("123abc"));
    assert!(hosted("mozilla-bakery/test/baked.svg")[0].contains("http://example.org"));
    for broken in ["bad-json.svg", "no-json.svg"] {
        let read = extract(&corpus(&format!("mozilla-bakery/test/{broken}")));
        assert!(matches!(read, Err(ExtractError::Damaged(_))), "{broken}: {read:?}");
    }
    for plain in [
        "mozilla-bakery/test/unbaked.png",
        "mozilla-bakery/test/unbaked.svg",
        "concentricsky-bakery/testfiles/public_domain_heart.png",
    ] {
        assert_eq!(extract(&corpus(plain)).unwrap_err(), ExtractError::PictureWithoutBadge, "{plain}");
    }
}

#[test]
fn no_picture_of_the_png_suite_is_a_badge() {
    let Some(root) = crate::corpus::root() else { return };
    let mut seen = 0;
    for folder in [
        "image-png/pngsuite",
        "image-png/pngsuite-extra",
        "image-png/bugfixes",
        "edubadges/institution/testfiles",
        "badgr-server/issuer/testfiles",
    ] {
        for file in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                assert!(extract(&std::fs::read(&path).unwrap()).is_err(), "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

proptest! {
    #[test]
    fn what_is_baked_comes_out_again(name in "\\PC{0,40}", twice in any::<bool>()) {
        let text = badge(&format!("{name}]]>&<"));
        for kind in [BakeKind::V2, BakeKind::V3] {
            let (mut png, mut svg) = (png_with(&[]), SVG.as_bytes().to_vec());
            if twice {
                png = bake_png(&png, kind, &badge("another")).unwrap();
                svg = bake_svg(&svg, kind, "eyJhbGciOiJFUzI1NiJ9.e30.AA", true).unwrap();
            }
            prop_assert_eq!(found(&bake_png(&png, kind, &text).unwrap()), [text.as_str()]);
            prop_assert_eq!(found(&bake_svg(&svg, kind, &text, false).unwrap()), [text.as_str()]);
        }
    }

    #[test]
    fn no_damage_makes_it_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let png = bake_png(&png_with(&[chunk(b"zTXt", &[b"openbadges\0\0", &deflated(&badge("b"))[..]].concat())]), BakeKind::V3, &badge("a")).unwrap();
        let svg = bake_svg(SVG.as_bytes(), BakeKind::V3, &badge("a"), false).unwrap();
        for whole in [png, svg, badge("a").into_bytes()] {
            let mut bytes = whole;
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = extract(&bytes);
            let _ = bake_png(&bytes, BakeKind::V2, "{}");
            let _ = bake_svg(&bytes, BakeKind::V2, "{}", false);
            bytes.truncate(cut.index(bytes.len()));
            let _ = extract(&bytes);
        }
    }
}
