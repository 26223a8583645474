use std::path::{Path, PathBuf};

use ::image::{Rgba, codecs::jpeg::JpegEncoder};
use proptest::prelude::*;

use super::*;

fn corpus(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus").join(path)
}

fn picture(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| Rgba([(x % 256) as u8, (y % 256) as u8, 90, if x < width / 2 { 255 } else { 0 }]))
}

fn read(png: &[u8]) -> RgbaImage {
    assert_eq!(media_type(png), Some("image/png"));
    decode(png, ImageFormat::Png).unwrap().into_rgba8()
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorCode {
    result.unwrap_err().code
}

#[test]
fn a_picture_keeps_its_shape_and_what_is_transparent() {
    let pictures = thumbnail(&png(&picture(1600, 800)).unwrap()).unwrap();
    let (small, large) = (read(&pictures.small), read(&pictures.large));
    assert_eq!(small.dimensions(), (256, 128));
    assert_eq!(large.dimensions(), (768, 384));
    assert_eq!(large.get_pixel(10, 10).0[3], 255);
    assert_eq!(large.get_pixel(760, 10).0[3], 0);
}

#[test]
fn a_small_picture_stays_small() {
    let original = picture(40, 20);
    let pictures = thumbnail(&png(&original).unwrap()).unwrap();
    assert_eq!(read(&pictures.large).dimensions(), (40, 20));
    assert_eq!(read(&pictures.large).get_pixel(3, 3), original.get_pixel(3, 3));
}

#[test]
fn edges_do_not_take_the_colour_of_what_is_transparent() {
    let mut half = RgbaImage::from_pixel(1024, 1024, Rgba([0, 255, 0, 0]));
    for pixel in half.pixels_mut().take(512 * 1024 + 300) {
        *pixel = Rgba([255, 0, 0, 255]);
    }
    let pictures = thumbnail(&png(&half).unwrap()).unwrap();
    assert!(read(&pictures.small).pixels().all(|p| p.0[3] < 8 || p.0[1] < 16));
}

#[test]
fn a_jpeg_becomes_a_clean_png() {
    let mut jpeg = Vec::new();
    JpegEncoder::new(&mut jpeg).encode_image(&DynamicImage::ImageRgba8(picture(300, 300)).to_rgb8()).unwrap();
    assert_eq!(media_type(&jpeg), Some("image/jpeg"));
    assert_eq!(read(&thumbnail(&jpeg).unwrap().large).dimensions(), (300, 300));
}

#[test]
fn a_header_that_lies_about_its_size_is_too_large_before_anything_is_allocated() {
    let mut bytes = png(&picture(8, 8)).unwrap();
    for (width, height) in [(0x7fff_ffff_u32, 0x7fff_ffff_u32), (20_000, 20_000), (40_000, 1), (7000, 7000)] {
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(code(thumbnail(&bytes)), ErrorCode::TooLarge, "{width}x{height}");
    }
}

/// CRC-32 as in PNG.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

#[test]
fn a_file_over_the_cap_or_no_picture_is_refused() {
    let mut large = png(&picture(8, 8)).unwrap();
    large.resize(MAX_FILE + 1, 0);
    assert_eq!(code(thumbnail(&large)), ErrorCode::TooLarge);
    for bytes in [&b""[..], b"x", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff", b"<svg", b"%PDF-1.7"] {
        assert_eq!(code(thumbnail(bytes)), ErrorCode::Damaged, "{bytes:?}");
    }
}

#[test]
fn every_picture_of_the_corpus_gets_an_answer() {
    let folder = corpus("image-png");
    let Ok(_) = std::fs::read_dir(&folder) else {
        assert!(std::env::var_os("CI").is_none(), "the corpus is missing");
        return;
    };
    let (mut folders, mut good, mut bad) = (vec![folder], 0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "png") {
                match thumbnail(&std::fs::read(&path).unwrap()) {
                    Ok(_) => good += 1,
                    Err(_) => bad += 1,
                }
            }
        }
    }
    assert!(good > 100 && bad > 5, "{good} good, {bad} bad");
}

// ---- SVG ------------------------------------------------------------------------------------------------------------------

const RED: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"><rect width="10" height="20" fill="red"/></svg>"#;

fn clean(svg: &str) -> String {
    svg::sanitise(svg.as_bytes()).unwrap()
}

fn with(inside: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">{inside}</svg>"#
    )
}

#[test]
fn an_svg_is_drawn_in_proportion() {
    let pictures = thumbnail(RED.as_bytes()).unwrap();
    let large = read(&pictures.large);
    assert_eq!(large.dimensions(), (384, 768));
    assert_eq!(large.get_pixel(100, 100).0, [255, 0, 0, 255]);
}

#[test]
fn svg_is_known_by_its_beginning() {
    for svg in [RED, "\u{feff}<?xml version=\"1.0\"?>\n<!-- a -->\n<svg:svg xmlns:svg=\"http://www.w3.org/2000/svg\"/>", "<SVG >"] {
        assert_eq!(media_type(svg.as_bytes()), Some("image/svg+xml"), "{svg}");
    }
    for other in ["<html><svg></html>", "<svgx>", "{\"a\":\"<svg>\"}", "", "<p>"] {
        assert_eq!(media_type(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn what_runs_or_reaches_out_is_left_out() {
    for (name, inside) in [
        ("script", "<script>alert(1)</script>"),
        ("handler", r#"<rect onload="alert(1)" width="1" height="1"/>"#),
        ("style", "<style>@import url(https://evil.example/x.css);</style>"),
        ("class", r#"<rect class="evil" width="1" height="1"/>"#),
        ("foreignObject", "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>evil</body></foreignObject>"),
        ("use", r##"<g id="a"/><use href="#evil"/>"##),
        ("animate", r#"<rect width="1"><animate attributeName="href" to="javascript:evil()"/></rect>"#),
        ("set", r#"<set attributeName="onload" to="evil"/>"#),
        ("image by address", r#"<image href="https://evil.example/x.png" width="1" height="1"/>"#),
        ("image by file", r#"<image xlink:href="file:///etc/evil" width="1" height="1"/>"#),
        ("svg in data", r#"<image href="data:image/svg+xml,<svg>evil</svg>" width="1" height="1"/>"#.replace('<', "&lt;").replacen("&lt;image", "<image", 1).leak()),
        ("link", r#"<a xlink:href="https://evil.example/"><rect width="1" height="1"/></a>"#),
        ("url", r#"<rect fill="url(https://evil.example/#a)" width="1" height="1"/>"#),
        ("url in style", r#"<rect style="fill:url('//evil.example/#a');stroke:red" width="1" height="1"/>"#),
        ("escaped url", r#"<rect style="fill:u\72l(evil)" width="1" height="1"/>"#),
        ("filter", r##"<filter id="evil"/><rect filter="url(#evil)" width="1" height="1"/>"##),
        ("text", "<text>evil</text>"),
        ("metadata", "<metadata>evil</metadata>"),
        ("base", r#"<g xml:base="https://evil.example/"/>"#),
        ("foreign namespace", r#"<e:rect xmlns:e="https://evil.example/" width="1"/>"#),
    ] {
        let clean = clean(&with(inside));
        assert!(!clean.contains("evil") && !clean.contains("alert") && !clean.contains("script"), "{name}: {clean}");
        assert!(svg::rasterise(with(inside).as_bytes(), 16).is_ok(), "{name}");
    }
}

#[test]
fn what_draws_stays() {
    let inside = r##"<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/><stop offset="1" style="stop-color:#00f;evil:1"/></linearGradient><clipPath id="c"><circle cx="5" cy="5" r="4"/></clipPath></defs><g clip-path="url(#c)" transform="scale(2)"><path d="M0 0h10v10z" style="fill:url(#g);stroke:red"/></g>"##;
    insta::assert_snapshot!("sanitised", clean(&with(inside)));
}

#[test]
fn a_picture_inside_goes_in_again_as_ours() {
    let inner = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        png(&RgbaImage::from_pixel(4, 4, Rgba([0, 0, 255, 255]))).unwrap(),
    );
    let svg = with(&format!(r#"<image width="10" height="10" xlink:href="data:image/png;base64,{inner}"/>"#));
    let large = read(&thumbnail(svg.as_bytes()).unwrap().large);
    assert_eq!(large.get_pixel(300, 300).0, [0, 0, 255, 255]);
}

#[test]
fn entities_are_refused() {
    for svg in [
        format!(r#"<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{RED}"#),
        format!(r#"<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">{RED}"#),
        format!(r#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>{RED}"#),
    ] {
        assert_eq!(code(thumbnail(svg.as_bytes())), ErrorCode::Hostile);
    }
}

#[test]
fn more_work_than_a_badge_needs_is_refused() {
    let patterns: String = (0..30)
        .map(|i| format!(r##"<pattern id="p{i}" width="1" height="1"><rect width="1" height="1" fill="url(#p{0})"/><rect width="1" height="1" stroke="url(#p{0})"/></pattern>"##, i + 1))
        .collect();
    let many = "<rect width='1' height='1'/>".repeat(40_000);
    let deep = format!("{}{}", "<g>".repeat(5000), "</g>".repeat(5000));
    let layers = "<g opacity='.5'><rect width='9' height='9'/></g>".repeat(1000);
    let circle = r##"<mask id="a" mask="url(#b)"/><mask id="b" mask="url(#a)"/><rect mask="url(#a)" width="9" height="9"/>"##;
    for (name, inside) in
        [("patterns", patterns.as_str()), ("many", &many), ("deep", &deep), ("layers", &layers), ("circle", circle)]
    {
        let start = std::time::Instant::now();
        assert!(matches!(code(thumbnail(with(inside).as_bytes())), ErrorCode::TooLarge | ErrorCode::Damaged), "{name}");
        assert!(start.elapsed().as_secs() < 3, "{name}");
    }
}

#[test]
fn the_hacked_svg_of_the_corpus_is_inert() {
    let Ok(bytes) = std::fs::read(corpus("badgr-server/issuer/testfiles/hacked-svg-with-embedded-script-tags.svg")) else {
        assert!(std::env::var_os("CI").is_none(), "the corpus is missing");
        return;
    };
    match svg::sanitise(&bytes) {
        Ok(clean) => assert!(!clean.to_ascii_lowercase().contains("script") && !clean.contains("alert") && !clean.contains(" on")),
        Err(error) => assert_eq!(error.code, ErrorCode::Hostile),
    }
}

#[test]
fn every_svg_of_the_corpus_gets_an_answer() {
    for path in [
        "mozilla-bakery/test/baked.svg",
        "mozilla-bakery/test/unbaked.svg",
        "concentricsky-bakery/testfiles/baked_example.svg",
        "badgr-server/issuer/testfiles/test_badgeclass.svg",
    ] {
        if let Ok(bytes) = std::fs::read(corpus(path)) {
            assert!(matches!(thumbnail(&bytes).map_err(|error| error.code), Ok(_) | Err(ErrorCode::Hostile)), "{path}");
        }
    }
}

// ---- drawn art ------------------------------------------------------------------------------------------------------------

#[test]
fn drawn_art_is_the_same_for_the_same_badge() {
    let art = drawn_art("Barista", "1f");
    assert_eq!(art, drawn_art("Barista", "1f"));
    assert_ne!(art, drawn_art("Barista", "20"));
    let pixels = read(&art);
    assert_eq!(pixels.dimensions(), (512, 512));
    assert_eq!(pixels.get_pixel(0, 0).0[3], 0);
    assert_eq!(pixels.get_pixel(256, 256).0[3], 255);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_badge_has_art(name in "\\PC{0,20}", id in "[0-9a-f]{8}") {
        prop_assert_eq!(read(&drawn_art(&name, &id)).dimensions(), (512, 512));
    }

    #[test]
    fn damaged_pictures_get_an_answer(at in 8..200_usize, with in any::<u8>()) {
        let mut bytes = png(&picture(20, 20)).unwrap();
        let at = at % bytes.len();
        bytes[at] = with;
        let _ = thumbnail(&bytes);
        let _ = luma(&bytes);
    }

    #[test]
    fn any_svg_gets_an_answer(inside in "(<(g|rect|path|image|mask)( (id|d|href|fill|mask|width)=\"[#a-z0-9():. ]{0,9}\"){0,3}/>){0,9}") {
        let _ = svg::rasterise(with(&inside).as_bytes(), 32);
    }
}
