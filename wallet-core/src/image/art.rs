//! Drawn art for a badge without a picture: a plate, a ring and an emblem, chosen by a hash, the same on every device.

use std::{f32::consts::TAU, fmt::Write};

use ring::digest::{SHA256, digest};

use super::{png, svg};

const SIDE: u32 = 512;

/// Plate, ring and emblem: dark enough beside white, apart also for who sees few colours.
const COLOURS: [[&str; 3]; 8] = [
    ["#2C3FD0", "#A9B4FF", "#FFC53D"],
    ["#0B6B43", "#9BE3C3", "#FFF0D1"],
    ["#8C2F6B", "#F4B6DA", "#FFE08A"],
    ["#9A4A00", "#FFD29A", "#FFF6E5"],
    ["#0F5C7A", "#9ADCF2", "#FFC53D"],
    ["#5B3AA8", "#CDB8FF", "#FFE9B0"],
    ["#A2311B", "#FFC0B2", "#FFF0D1"],
    ["#2F4858", "#B7CBD6", "#FFC53D"],
];

/// A badge's picture as PNG when it has none: 512 pixels a side, transparent around the shape. `name` and `id` (the content address)
/// choose shape and colours; no text is drawn.
pub(crate) fn drawn_art(name: &str, id: &str) -> Vec<u8> {
    let drawing = drawing(name, id);
    // Our own drawing always draws; a plain pixel keeps the promise of a PNG should the renderer ever refuse.
    let pixels = svg::rasterise(drawing.as_bytes(), SIDE)
        .unwrap_or_else(|_| image::RgbaImage::from_pixel(1, 1, image::Rgba([44, 63, 208, 255])));
    png(&pixels).unwrap_or_default()
}

/// The same as SVG text, from the elements that the sanitiser allows.
fn drawing(name: &str, id: &str) -> String {
    let hash = digest(&SHA256, format!("badge-wallet/art/v1\0{name}\0{id}").as_bytes());
    let seed = hash.as_ref();
    let [plate, ring, emblem] = COLOURS[usize::from(seed[0]) % COLOURS.len()];
    let shape = shape(seed[1]);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200"><g stroke-linejoin="round"><path d="{shape}" fill="{plate}" stroke="{plate}" stroke-width="8"/><path d="{shape}" transform="scale(.86)" fill="none" stroke="{ring}" stroke-width="4"/>{}{}</g></svg>"#,
        ground(seed[2], ring),
        figure(seed[3], seed[4], emblem),
    )
}

/// The outline of the plate.
fn shape(seed: u8) -> String {
    match seed % 6 {
        0 => polygon(6, 90.0, 0.0),
        1 => polygon(8, 90.0, 0.5),
        2 => "M0-90A90 90 0 1 1 0 90A90 90 0 1 1 0-90z".to_owned(),
        3 => "M-78-76Q0-104 78-76V0Q78 62 0 92Q-78 62-78 0z".to_owned(),
        4 => wave(12, 84.0, 6.0),
        _ => "M-52-86H52Q86-86 86-52V52Q86 86 52 86H-52Q-86 86-86 52V-52Q-86-86-52-86z".to_owned(),
    }
}

/// Quiet lines behind the emblem.
fn ground(seed: u8, colour: &str) -> String {
    match seed % 4 {
        0 => format!(r#"<circle r="58" fill="{colour}" fill-opacity=".22"/>"#),
        1 => format!(r#"<path d="{}" fill="{colour}" fill-opacity=".2"/>"#, rays(12, 62.0)),
        2 => format!(r#"<path d="M-54 30Q-27 6 0 30T54 30V44Q27 66 0 66T-54 44z" fill="{colour}" fill-opacity=".3"/>"#),
        _ => format!(
            r#"<circle r="60" fill="none" stroke="{colour}" stroke-opacity=".45" stroke-width="3" stroke-dasharray="3 9"/>"#
        ),
    }
}

/// The emblem.
fn figure(seed: u8, turn: u8, colour: &str) -> String {
    let path = match seed % 6 {
        0 => star(5, 46.0, 20.0),
        1 => star(8, 44.0, 26.0),
        2 => wave(6 + usize::from(turn % 3), 34.0, 9.0),
        3 => "M0-44L40-4H18V40H-18V-4H-40z".to_owned(),
        4 => "M0-46C34-30 40 6 0 46C-40 6-34-30 0-46z".to_owned(),
        _ => polygon(3 + usize::from(turn % 4), 44.0, 0.0),
    };
    let angle = if matches!(seed % 6, 0 | 3) { 0 } else { u16::from(turn % 4) * 15 };
    format!(r#"<path d="{path}" transform="rotate({angle})" fill="{colour}"/><circle cy="0" r="9" fill="{colour}" stroke="none"/>"#)
}

fn point(path: &mut String, index: usize, radius: f32, part: f32) {
    let (sin, cos) = (part * TAU).sin_cos();
    // Writing to a String cannot fail.
    let _ = write!(path, "{}{:.1} {:.1}", if index == 0 { 'M' } else { 'L' }, radius * sin, -radius * cos);
}

fn polygon(corners: usize, radius: f32, turn: f32) -> String {
    let mut path = String::new();
    (0..corners).for_each(|i| point(&mut path, i, radius, (i as f32 + turn) / corners as f32));
    path + "z"
}

fn star(points: usize, outer: f32, inner: f32) -> String {
    let mut path = String::new();
    (0..2 * points).for_each(|i| point(&mut path, i, if i % 2 == 0 { outer } else { inner }, i as f32 / (2 * points) as f32));
    path + "z"
}

/// A circle with soft scallops.
fn wave(scallops: usize, radius: f32, height: f32) -> String {
    let mut path = String::new();
    let steps = scallops * 16;
    (0..steps).for_each(|i| {
        let part = i as f32 / steps as f32;
        point(&mut path, i, radius + height * (part * TAU * scallops as f32).cos(), part);
    });
    path + "z"
}

fn rays(count: usize, radius: f32) -> String {
    let mut path = String::new();
    for i in 0..count {
        let (from, to) = ((i as f32 - 0.25) / count as f32, (i as f32 + 0.25) / count as f32);
        path.push_str("M0 0");
        point(&mut path, 1, radius, from);
        point(&mut path, 1, radius, to);
        path.push('z');
    }
    path
}
