//! Reads codes from camera frames and pictures: rotated, blurred, tilted, pale, several at once.
//!
//! rqrr first: it finds all codes and is quick. rxing where that finds nothing: it takes what rqrr does not (strong blur, uneven
//! light, damaged finders). Both were chosen on the pictures of `scan/tests.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{GrayImage, imageops};
use rxing::{
    BinaryBitmap, DecodeHints, Luma8LuminanceSource,
    common::{GlobalHistogramBinarizer, HybridBinarizer},
    multi::MultipleBarcodeReader,
    qrcode::cpp_port::QrReader,
};

use crate::{Error, image as picture};

/// Codes are looked for in pictures of at most this many pixels a side; a larger one is made smaller first.
const WORKING_SIDE: u32 = 1600;
/// More codes in one picture than anybody shows.
const MAX_CODES: usize = 64;

/// The texts of the codes in a picture file (PNG, JPEG, GIF, WebP or SVG); none when there is no code.
///
/// Errors: [`crate::ErrorCode::TooLarge`], [`crate::ErrorCode::Damaged`] for a picture that cannot be decoded within the limits.
pub fn decode_picture(bytes: &[u8]) -> Result<Vec<String>, Error> {
    let luma = picture::luma(bytes)?;
    let (width, height) = luma.dimensions();
    Ok(decode_luma(width, height, luma.as_raw()))
}

/// The texts of the codes in a picture of one byte a pixel, row by row. A picture of another size than `width` x `height` has none.
pub fn decode_luma(width: u32, height: u32, luma: &[u8]) -> Vec<String> {
    let size = usize::try_from(u64::from(width) * u64::from(height));
    if luma.is_empty() || size != Ok(luma.len()) {
        return Vec::new();
    }
    let Some(frame) = GrayImage::from_raw(width, height, luma.to_vec()) else { return Vec::new() };
    let mut tried = 0;
    // The whole at working size; then at half, which undoes blur and noise; then, for small codes in large pictures, as it is.
    for side in [WORKING_SIDE, WORKING_SIDE / 2, 2 * WORKING_SIDE] {
        let scaled = fit(&frame, side);
        if scaled.width() == tried {
            continue;
        }
        tried = scaled.width();
        let texts = read(&scaled);
        if !texts.is_empty() {
            return texts;
        }
    }
    Vec::new()
}

fn fit(frame: &GrayImage, side: u32) -> GrayImage {
    let longest = frame.width().max(frame.height());
    if longest <= side {
        return frame.clone();
    }
    let scale = |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(1).max(1);
    imageops::thumbnail(frame, scale(frame.width()), scale(frame.height()))
}

fn read(frame: &GrayImage) -> Vec<String> {
    let mut texts = guarded(|| by_rqrr(frame));
    if texts.is_empty() {
        texts = guarded(|| by_rxing(frame));
    }
    texts.truncate(MAX_CODES);
    texts
}

/// A reader that stumbles over a picture has found nothing. Neither is ours, and a camera frame may be anything.
fn guarded(read: impl FnOnce() -> Vec<String>) -> Vec<String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

pub(super) fn by_rqrr(frame: &GrayImage) -> Vec<String> {
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let pixels = frame.as_raw();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let mut texts = Vec::new();
    for grid in prepared.detect_grids() {
        if let Ok((_, text)) = grid.decode() {
            push_new(&mut texts, text);
        }
    }
    texts
}

pub(super) fn by_rxing(frame: &GrayImage) -> Vec<String> {
    let hints = DecodeHints { TryHarder: Some(true), ..Default::default() };
    let Ok(source) = Luma8LuminanceSource::new(frame.as_raw().clone(), frame.width(), frame.height()) else { return Vec::new() };
    let mut texts = Vec::new();
    let local = QrReader.decode_multiple_with_hints(&mut BinaryBitmap::new(HybridBinarizer::new(source)), &hints);
    for result in local.into_iter().flatten() {
        push_new(&mut texts, result.getText().to_owned());
    }
    if texts.is_empty()
        && let Ok(source) = Luma8LuminanceSource::new(frame.as_raw().clone(), frame.width(), frame.height())
    {
        let global = QrReader.decode_multiple_with_hints(&mut BinaryBitmap::new(GlobalHistogramBinarizer::new(source)), &hints);
        for result in global.into_iter().flatten() {
            push_new(&mut texts, result.getText().to_owned());
        }
    }
    texts
}

fn push_new(texts: &mut Vec<String>, text: String) {
    if !text.is_empty() && !texts.contains(&text) {
        texts.push(text);
    }
}

#[cfg(test)]
mod tests;
