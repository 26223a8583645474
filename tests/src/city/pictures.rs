//! The pictures of the city, drawn for this project: a badge is a strong shape with one thing in it, a cover is a calm scene.
//! A picture is the same every time, and drawn when it is asked for.

mod icons;
mod scenes;

use std::{
    collections::HashMap,
    io::Cursor,
    sync::{Mutex, OnceLock, PoisonError},
};

use image::{
    ImageFormat, Rgb, RgbImage, RgbaImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};
use serde_json::Value;

use super::{
    palette::{self, Tones},
    state::Setup,
};

/// What a path under `/storage` names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Picture {
    /// Badge art of a badge class.
    Badge(String),
    /// The scene of an activity.
    Cover(String),
    /// The mark of an organisation.
    Organisation(String),
    /// The mark of the city.
    Site,
}

impl Picture {
    /// Reads `project` and `b2c0d3e4-2222-4b4b-8c8c-000000031001.png`.
    pub(super) fn read(bucket: &str, file: &str) -> Option<Self> {
        let tail = file.strip_suffix(".png")?.rsplit('-').next()?;
        let number = |digits: &str| digits.trim_start_matches('0').to_owned();
        Some(match bucket {
            "project" if tail.starts_with('1') => Self::Cover(number(&tail[1..])),
            "project" => Self::Badge((number(tail).parse::<u32>().ok()?.checked_add(50_000)?).to_string()),
            "badge" => Self::Badge(number(tail)),
            "organisation" => Self::Organisation(tail.get(tail.len().checked_sub(4)?..)?.to_owned()),
            "site" => Self::Site,
            _ => return None,
        })
    }
}

/// The drawing of a picture.
fn svg(setup: &Setup, picture: &Picture) -> Option<String> {
    let city = &setup.catalogue;
    Some(match picture {
        Picture::Badge(class) => badge_svg(setup, class)?,
        Picture::Cover(project) => {
            let row = city.projects.get(project)?;
            toned(&scenes::cover(row["icon"].as_str()?, seed(project)), tones(row))
        }
        Picture::Organisation(id) => {
            let row = city.organisations.get(id)?;
            let body = format!(r#"<rect width="100" height="100" fill="@P"/>{}"#, icons::icon(row["icon"].as_str()?));
            toned(&framed(&body), palette::of(id.parse::<usize>().ok()? % 12))
        }
        Picture::Site => {
            toned(&framed(&format!(r#"<rect width="100" height="100" fill="@P"/>{}"#, icons::icon("house"))), palette::of(5))
        }
    })
}

/// The art of a badge class as SVG.
pub(super) fn badge_svg(setup: &Setup, class: &str) -> Option<String> {
    let row = setup.catalogue.badge_classes.get(class)?;
    let project = setup.catalogue.projects.get(row["projectId"].as_str()?)?;
    let playlist = project["playlistActivities"].as_array().is_some_and(|parts| !parts.is_empty());
    let shape = if playlist { 4 } else { scenes::Dice(seed(class)).roll(4) };
    let icon = icons::icon(project["icon"].as_str()?);
    let body = format!(r#"{}<g transform="translate(9 9) scale(.82)">{icon}</g>"#, shape_svg(shape));
    Some(toned(&framed(&body), tones(project)))
}

/// The art of a badge class as PNG.
pub(super) fn badge(setup: &Setup, class: &str, width: u32) -> Option<Vec<u8>> {
    draw(&badge_svg(setup, class)?, width)
}

/// Pictures by their drawing and width.
type Drawn = HashMap<(String, u32), Vec<u8>>;

/// A picture as PNG, `width` pixels wide; kept, as it does not change.
pub(super) fn png(setup: &Setup, picture: &Picture, width: u32) -> Option<Vec<u8>> {
    static DRAWN: OnceLock<Mutex<Drawn>> = OnceLock::new();
    let key = (svg(setup, picture)?, width);
    let drawn = DRAWN.get_or_init(Mutex::default);
    if let Some(known) = drawn.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Some(known.clone());
    }
    let png = draw(&key.0, width)?;
    drawn.lock().unwrap_or_else(PoisonError::into_inner).insert(key, png.clone());
    Some(png)
}

fn framed(body: &str) -> String {
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{body}</svg>"#)
}

/// Hexagon, circle, rounded square, shield; and the rosette of a playlist.
fn shape_svg(shape: u32) -> String {
    match shape {
        0 => r#"<path d="M50 3 91 26.500v47L50 97 9 73.500v-47Z" fill="@D"/><path d="M50 10.500 84.500 30v40L50 89.500 15.500 70V30Z" fill="@P"/>"#.to_owned(),
        1 => r#"<circle cx="50" cy="50" r="47" fill="@D"/><circle cx="50" cy="50" r="40" fill="@N"/><circle cx="50" cy="50" r="37" fill="@P"/>"#.to_owned(),
        2 => r#"<rect x="6" y="6" width="88" height="88" rx="26" fill="@D"/><rect x="13" y="13" width="74" height="74" rx="20" fill="@P"/>"#.to_owned(),
        3 => r#"<path d="M50 3c13 8 27 11 41 11v35c0 25-16 41-41 48C25 90 9 74 9 49V14c14 0 28-3 41-11Z" fill="@D"/><path d="M50 11c11 6 22 9 34 9.500V49c0 21-13 34-34 40.500C29 83 16 70 16 49V20.500C28 20 39 17 50 11Z" fill="@P"/>"#.to_owned(),
        _ => {
            let points: Vec<String> = (0..32)
                .map(|index| {
                    let (angle, radius) = (f64::from(index) * std::f64::consts::PI / 16.0, if index % 2 == 0 { 48.0 } else { 42.5 });
                    format!("{:.1},{:.1}", 50.0 + radius * angle.sin(), 50.0 - radius * angle.cos())
                })
                .collect();
            format!(r#"<polygon points="{}" fill="@D" stroke="@D" stroke-width="2" stroke-linejoin="round"/><circle cx="50" cy="50" r="39" fill="@N"/><circle cx="50" cy="50" r="36" fill="@P"/>"#, points.join(" "))
        }
    }
}

fn tones(project: &Value) -> &'static Tones {
    let category = project["category"].as_str().and_then(|id| id.parse::<usize>().ok()).unwrap_or(3);
    palette::of(category.saturating_sub(1))
}

fn toned(svg: &str, tones: &Tones) -> String {
    svg.replace("@D", tones.dark)
        .replace("@B", tones.bright)
        .replace("@S", tones.soft)
        .replace("@P", tones.pale)
        .replace("@N", tones.note)
}

fn seed(id: &str) -> u32 {
    id.bytes().fold(2_166_136_261, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

fn pixels(svg: &str, width: u32) -> Option<RgbaImage> {
    let tree = Tree::from_str(svg, &Options::default()).ok()?;
    let scale = width as f32 / tree.size().width();
    let mut pixels = Pixmap::new(width, (tree.size().height() * scale).round() as u32)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    RgbaImage::from_raw(pixels.width(), pixels.height(), pixels.take_demultiplied())
}

fn draw(svg: &str, width: u32) -> Option<Vec<u8>> {
    let mut png = Cursor::new(Vec::new());
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    pixels(svg, width)?.write_with_encoder(encoder).ok()?;
    Some(png.into_inner())
}

/// A picture as small as it can be, for a wallet that carries it along: with a palette.
pub(super) fn small(setup: &Setup, picture: &Picture, width: u32) -> Option<Vec<u8>> {
    let pixels = pixels(&svg(setup, picture)?, width)?;
    let (palette, indices) = reduced(&pixels);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.iter().flat_map(|colour| [colour[0], colour[1], colour[2]]).collect::<Vec<u8>>());
    encoder.set_trns(palette.iter().map(|colour| colour[3]).collect::<Vec<u8>>());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&indices).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// The palette's size: enough for the six tones and soft edges between them.
const COLOURS: usize = 64;

/// A palette, and each pixel's place in it. The tones stay as they are; colours of edges are brought together.
fn reduced(pixels: &RgbaImage) -> (Vec<[u8; 4]>, Vec<u8>) {
    let mut counts: HashMap<[u8; 4], usize> = HashMap::new();
    for pixel in pixels.pixels() {
        *counts.entry(pixel.0).or_default() += 1;
    }
    let mut colours: Vec<([u8; 4], usize)> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let apart =
        |one: &[u8; 4], other: &[u8; 4]| -> u32 { one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum() };
    let mut palette: Vec<[u8; 4]> = Vec::new();
    for (colour, _) in &colours {
        if palette.len() < COLOURS && palette.iter().all(|known| apart(known, colour) > 900) {
            palette.push(*colour);
        }
    }
    let nearest =
        |colour: &[u8; 4]| (0_u8..).zip(&palette).min_by_key(|(_, known)| apart(known, colour)).map_or(0, |(index, _)| index);
    let places: HashMap<[u8; 4], u8> = colours.iter().map(|(colour, _)| (*colour, nearest(colour))).collect();
    let indices = pixels.pixels().map(|pixel| places.get(&pixel.0).copied().unwrap_or_default()).collect();
    (palette, indices)
}

/// A JPEG with nothing on it.
pub(super) fn grey() -> Option<Vec<u8>> {
    let mut jpeg = Cursor::new(Vec::new());
    RgbImage::from_pixel(320, 240, Rgb([200, 200, 200])).write_to(&mut jpeg, ImageFormat::Jpeg).ok()?;
    Some(jpeg.into_inner())
}

/// A PNG that says it is 50,000 by 50,000 pixels.
pub(super) fn bomb() -> Vec<u8> {
    let side = 50_000_u32.to_be_bytes();
    let header = [b"IHDR".as_slice(), &side, &side, &[8, 6, 0, 0, 0]].concat();
    let mut zeros = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    // Ten megabytes of nothing is enough: who reads on has already reserved ten gigabytes.
    let _ = std::io::Write::write_all(&mut zeros, &vec![0; 10_000_000]);
    let data = [b"IDAT".as_slice(), &zeros.finish().unwrap_or_default()].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(&header), &chunk(&data), &chunk(b"IEND")].concat()
}

fn chunk(name_and_data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(name_and_data.len() - 4).unwrap_or_default();
    [&length.to_be_bytes(), name_and_data, &crc32fast::hash(name_and_data).to_be_bytes()].concat()
}

/// A real, tiny PNG with 30 MB behind it.
pub(super) fn heavy() -> Vec<u8> {
    let mut png = draw(&framed(r#"<rect width="100" height="100"/>"#), 8).unwrap_or_default();
    png.resize(30 * 1024 * 1024, 0);
    png
}
