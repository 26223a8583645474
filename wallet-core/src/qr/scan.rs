//! Reads codes from camera frames and pictures: rotated, blurred, tilted, pale, several at once.
//!
//! By rxing's port of zxing-cpp. Chosen over rqrr on the pictures of `scan/tests.rs`: it read all 44 of them, in about 30 ms each;
//! rqrr read 30, and of large codes that were tilted, blurred or pale none, in about 120 ms.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{GrayImage, imageops};
use rxing::{
    Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult,
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
        let texts = guarded(|| read(&scaled));
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

/// A reader that stumbles over a picture has found nothing: it is not ours, and a camera frame may be anything.
fn guarded(read: impl FnOnce() -> Vec<String>) -> Vec<String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

fn read(frame: &GrayImage) -> Vec<String> {
    // Light and dark by the neighbourhood, for shadows; and where that finds nothing, by the whole picture, for even light.
    let texts = results(frame, |source| all_codes(HybridBinarizer::new(source)));
    if texts.is_empty() { results(frame, |source| all_codes(GlobalHistogramBinarizer::new(source))) } else { texts }
}

fn results(frame: &GrayImage, read: impl FnOnce(Luma8LuminanceSource) -> Vec<RXingResult>) -> Vec<String> {
    let Ok(source) = Luma8LuminanceSource::new(frame.as_raw().clone(), frame.width(), frame.height()) else { return Vec::new() };
    let mut texts: Vec<String> = Vec::new();
    for result in read(source) {
        let text = result.getText();
        if !text.is_empty() && texts.len() < MAX_CODES && !texts.iter().any(|other| other == text) {
            texts.push(text.to_owned());
        }
    }
    texts
}

fn all_codes(binarizer: impl Binarizer) -> Vec<RXingResult> {
    let hints = DecodeHints { TryHarder: Some(true), ..Default::default() };
    QrReader.decode_multiple_with_hints(&mut BinaryBitmap::new(binarizer), &hints).unwrap_or_default()
}

#[cfg(test)]
mod tests;
