//! Pictures: decoded within limits, drawn anew, and never passed on as they came.
//!
//! A picture from outside is only ever shown as a PNG that was made here from its pixels. An SVG is cut down to an allow-list of
//! shapes and drawn here ([`svg`]); nothing in it runs, and nothing is fetched.

mod art;
mod svg;

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, GrayImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbaImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
    imageops,
};

pub(crate) use art::drawn_art;
pub(crate) use badge_view::MAX_PICTURE as MAX_FILE;

use crate::{Error, ErrorCode};

/// The largest picture that a person picks to be searched for codes: 20 MiB, a photograph of a modern phone.
pub(crate) const MAX_PHOTO: usize = 20 * 1024 * 1024;
/// The most pixels: 40 million.
pub(crate) const MAX_PIXELS: u64 = 40_000_000;
/// The side of a small picture, for tiles.
pub(crate) const SMALL: u32 = 256;
/// The side of a large picture, for a badge's own page.
pub(crate) const LARGE: u32 = 768;
/// No side is longer; a strip of 40 million by one pixel is no picture.
const MAX_SIDE: u32 = 30_000;
/// Decoded pixels of 40 million in RGB, and working room.
const MAX_ALLOC: u64 = 320 * 1024 * 1024;

/// A picture in the two sizes that are stored. Clean PNGs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pictures {
    /// At most [`SMALL`] pixels a side.
    pub(crate) small: Vec<u8>,
    /// At most [`LARGE`] pixels a side.
    pub(crate) large: Vec<u8>,
}

/// The media type by content: PNG, JPEG, GIF, WebP or SVG. `None` for anything else.
pub(crate) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match format(bytes) {
        Some(ImageFormat::Png) => Some("image/png"),
        Some(ImageFormat::Jpeg) => Some("image/jpeg"),
        Some(ImageFormat::Gif) => Some("image/gif"),
        Some(ImageFormat::WebP) => Some("image/webp"),
        _ => svg::is_svg(bytes).then_some("image/svg+xml"),
    }
}

/// Makes the two stored sizes of a picture: its shape is kept, transparent stays transparent, and a small picture stays small.
///
/// Errors: [`ErrorCode::TooLarge`] over the limits, [`ErrorCode::Hostile`] for an SVG with entities, [`ErrorCode::Damaged`] for
/// anything that does not decode.
pub(crate) fn thumbnail(bytes: &[u8]) -> Result<Pictures, Error> {
    let large = fitted(bytes, LARGE)?;
    let small = shrink(&large, SMALL);
    Ok(Pictures { small: clean_png(small)?, large: clean_png(large)? })
}

/// A picture in one size: at most [`SMALL`] pixels a side, or [`LARGE`]. As [`thumbnail`], with its errors.
pub(crate) fn one_size(bytes: &[u8], side: u32) -> Result<Vec<u8>, Error> {
    clean_png(fitted(bytes, side)?)
}

/// The pixels of a picture, premultiplied, at most `side` a side.
fn fitted(bytes: &[u8], side: u32) -> Result<RgbaImage, Error> {
    if bytes.len() > MAX_FILE {
        return Err(ErrorCode::TooLarge.into());
    }
    let mut pixels = match format(bytes) {
        Some(format) => decode(bytes, format)?.into_rgba8(),
        None => svg::rasterise(bytes, side)?,
    };
    premultiply(&mut pixels);
    Ok(shrink(&pixels, side))
}

/// A picture in shades of grey on white, for the code reader.
pub(crate) fn luma(bytes: &[u8]) -> Result<GrayImage, Error> {
    if bytes.len() > MAX_PHOTO {
        return Err(ErrorCode::TooLarge.into());
    }
    let decoded = match format(bytes) {
        Some(format) => decode(bytes, format)?,
        None => DynamicImage::ImageRgba8(svg::rasterise(bytes, 2 * LARGE)?),
    };
    if !decoded.color().has_alpha() {
        return Ok(decoded.into_luma8());
    }
    let mut pixels = decoded.into_rgba8();
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel.0[3]);
        for channel in &mut pixel.0[..3] {
            // Black on nothing is black on white.
            *channel = u8::try_from((u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
        }
    }
    Ok(DynamicImage::ImageRgba8(pixels).into_luma8())
}

fn format(bytes: &[u8]) -> Option<ImageFormat> {
    let riff = |kind: &[u8]| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(kind);
    match bytes {
        _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(ImageFormat::Png),
        _ if bytes.starts_with(b"\xff\xd8\xff") => Some(ImageFormat::Jpeg),
        _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => Some(ImageFormat::Gif),
        _ if riff(b"WEBP") => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Decodes within the limits: the first frame, turned upright.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Error> {
    let damaged = |error: image::ImageError| {
        let code = if matches!(error, image::ImageError::Limits(_)) { ErrorCode::TooLarge } else { ErrorCode::Damaged };
        Error::new(code, error)
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    // What the header announces is believed only to refuse: nothing is allocated for it yet.
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_ALLOC {
        return Err(ErrorCode::TooLarge.into());
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    decoded.apply_orientation(orientation);
    Ok(decoded)
}

/// Colour of transparent pixels must not bleed into the edges when pixels are averaged.
fn premultiply(pixels: &mut RgbaImage) {
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel.0[3]);
        for channel in &mut pixel.0[..3] {
            *channel = u8::try_from((u16::from(*channel) * alpha + 127) / 255).unwrap_or(255);
        }
    }
}

fn demultiply(pixels: &mut RgbaImage) {
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel.0[3]);
        for channel in &mut pixel.0[..3] {
            *channel =
                (u16::from(*channel) * 255 + alpha / 2).checked_div(alpha).map_or(0, |value| u8::try_from(value).unwrap_or(255));
        }
    }
}

/// At most `side` pixels a side, in proportion. Premultiplied in, premultiplied out.
fn shrink(pixels: &RgbaImage, side: u32) -> RgbaImage {
    let (width, height) = pixels.dimensions();
    let longest = width.max(height);
    if longest <= side {
        return pixels.clone();
    }
    let scale =
        |length: u32, side: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(1).max(1);
    if longest > 4 * side {
        // A photograph goes through a cheap average first; the good filter works on what is left.
        let rough = imageops::thumbnail(pixels, scale(width, 2 * side), scale(height, 2 * side));
        return imageops::resize(&rough, scale(width, side), scale(height, side), imageops::FilterType::CatmullRom);
    }
    imageops::resize(pixels, scale(width, side), scale(height, side), imageops::FilterType::CatmullRom)
}

fn clean_png(mut pixels: RgbaImage) -> Result<Vec<u8>, Error> {
    demultiply(&mut pixels);
    png(&pixels)
}

fn png(pixels: &RgbaImage) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive)
        .write_image(pixels.as_raw(), pixels.width(), pixels.height(), ExtendedColorType::Rgba8)
        .map_err(|error| Error::new(ErrorCode::Internal, error))?;
    Ok(out)
}

#[cfg(test)]
mod tests;
