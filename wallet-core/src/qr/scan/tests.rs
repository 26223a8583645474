//! Pictures as cameras make them: drawn here, then turned, tilted, blurred, paled, noised.

use image::{GrayImage, Luma, imageops};
use qrcode::{Color, QrCode};

use super::*;
use crate::qr::draw;

const SHORT: &str = "https://badges.example/assertions/4711";

/// A code of about the largest version that we show alone.
fn long() -> String {
    format!("BADGEWALLET:SHOW/1/{}", "0A1B2C3D$E+F-G.H/".repeat(55))
}

fn picture(code: &QrCode, module: u32) -> GrayImage {
    let side = code.width() as u32;
    let colours = code.to_colors();
    GrayImage::from_fn((side + 8) * module, (side + 8) * module, |x, y| {
        let (x, y) = (i64::from(x / module) - 4, i64::from(y / module) - 4);
        let inside = (0..i64::from(side)).contains(&x) && (0..i64::from(side)).contains(&y);
        let dark = inside && colours[(y * i64::from(side) + x) as usize] == Color::Dark;
        Luma([if dark { 0 } else { 255 }])
    })
}

/// The shade between four pixels; `None` outside.
fn between(code: &GrayImage, x: f32, y: f32) -> Option<u8> {
    if x < 0.0 || y < 0.0 {
        return None;
    }
    let (left, top, width) = (x as usize, y as usize, code.width() as usize);
    let pixels = code.as_raw();
    if left + 1 >= width || top + 1 >= code.height() as usize {
        return None;
    }
    let shade = |dx: usize, dy: usize| f32::from(pixels[(top + dy) * width + left + dx]);
    let (right, down) = (x.fract(), y.fract());
    let row = |dy: usize| shade(0, dy) * (1.0 - right) + shade(1, dy) * right;
    Some((row(0) * (1.0 - down) + row(1) * down) as u8)
}

/// A photograph: `code` seen through a map from the photograph's pixels (0..1 around the middle) to the code's, on a grey table.
fn photograph(code: &GrayImage, side: u32, map: impl Fn(f32, f32) -> (f32, f32)) -> GrayImage {
    GrayImage::from_fn(side, side, |x, y| {
        let (u, v) = map(x as f32 / side as f32 - 0.5, y as f32 / side as f32 - 0.5);
        let (px, py) = ((u + 0.5) * code.width() as f32, (v + 0.5) * code.height() as f32);
        Luma([between(code, px, py).unwrap_or(140)])
    })
}

fn turned(code: &GrayImage, side: u32, degrees: f32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    photograph(code, side, |x, y| (1.5 * (x * cos - y * sin), 1.5 * (x * sin + y * cos)))
}

fn tilted(code: &GrayImage, side: u32, strength: f32) -> GrayImage {
    photograph(code, side, |x, y| {
        let depth = 1.0 + strength * (y + 0.4 * x);
        let scale = 1.15 + 1.2 * strength;
        (scale * x * depth, scale * y * depth)
    })
}

fn pale(picture: &GrayImage, dark: u8, light: u8) -> GrayImage {
    let span = f32::from(light) - f32::from(dark);
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        Luma([(f32::from(dark) + span * f32::from(picture.get_pixel(x, y).0[0]) / 255.0) as u8])
    })
}

fn shaded(picture: &GrayImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let light = 0.35 + 0.65 * x as f32 / picture.width() as f32;
        Luma([(f32::from(picture.get_pixel(x, y).0[0]) * light) as u8])
    })
}

fn noisy(picture: &GrayImage, strength: i32) -> GrayImage {
    let mut state = 0x9e37_79b9_u32;
    let mut out = picture.clone();
    for pixel in out.pixels_mut() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let shift = (state % (2 * strength as u32 + 1)) as i32 - strength;
        pixel.0[0] = (i32::from(pixel.0[0]) + shift).clamp(0, 255) as u8;
    }
    out
}

/// The photographs by name.
fn photographs(text: &str) -> Vec<(String, GrayImage)> {
    let code = draw::code(text, 40).unwrap();
    let plain = picture(&code, 6);
    let side = 900;
    let mut all = vec![("plain".to_owned(), plain.clone())];
    for degrees in [7.0, 23.0, 45.0, 90.0, 138.0, 180.0, 275.0] {
        all.push((format!("turned {degrees}"), turned(&plain, side, degrees)));
    }
    for strength in [0.2, 0.4, 0.6] {
        all.push((format!("tilted {strength}"), tilted(&plain, side, strength)));
    }
    for sigma in [1.0, 2.0, 2.6] {
        all.push((format!("blurred {sigma}"), imageops::blur(&turned(&plain, side, 4.0), sigma)));
    }
    for (dark, light) in [(90, 160), (30, 80), (180, 220)] {
        all.push((format!("pale {dark}-{light}"), pale(&turned(&plain, side, 12.0), dark, light)));
    }
    all.push(("shaded".to_owned(), shaded(&turned(&plain, side, 5.0))));
    for strength in [20, 45] {
        all.push((format!("noisy {strength}"), noisy(&turned(&plain, side, 3.0), strength)));
    }
    all.push(("large".to_owned(), turned(&picture(&code, 12), 2000, 9.0)));
    all.push(("dark mode".to_owned(), photograph(&plain, side, |x, y| (1.6 * x, 1.6 * y))));
    all
}

#[test]
fn photographs_are_read() {
    let mut missed = Vec::new();
    for text in [SHORT.to_owned(), long()] {
        for (name, photograph) in photographs(&text) {
            if decode_luma(photograph.width(), photograph.height(), photograph.as_raw()) != [text.clone()] {
                missed.push(format!("{name}, {} letters", text.len()));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn several_codes_in_one_picture_are_all_read() {
    let mut wall = GrayImage::from_pixel(1400, 700, Luma([255]));
    let (one, two) = (picture(&draw::code("EEN", 20).unwrap(), 8), picture(&draw::code(SHORT, 20).unwrap(), 8));
    imageops::overlay(&mut wall, &one, 40, 60);
    imageops::overlay(&mut wall, &two, 800, 200);
    let mut texts = decode_luma(wall.width(), wall.height(), wall.as_raw());
    texts.sort();
    assert_eq!(texts, ["EEN", SHORT]);
}

#[test]
fn a_picture_without_a_code_has_none() {
    for shade in [0, 128, 255] {
        assert!(decode_luma(64, 64, &[shade; 4096]).is_empty());
    }
    let noise = noisy(&GrayImage::from_pixel(300, 300, Luma([128])), 127);
    assert!(decode_luma(300, 300, noise.as_raw()).is_empty());
}

#[test]
fn lying_sizes_are_no_picture() {
    assert!(decode_luma(0, 0, &[]).is_empty());
    assert!(decode_luma(u32::MAX, u32::MAX, &[0; 16]).is_empty());
    assert!(decode_luma(4, 4, &[0; 15]).is_empty());
    assert!(decode_luma(1, 1, &[0]).is_empty());
    assert!(decode_luma(3, 1, &[0, 255, 0]).is_empty());
}
