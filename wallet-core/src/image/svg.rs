//! SVG: cut down to an allow-list of shapes, then drawn here, without fonts, files or network.
//!
//! Scripts, styles, classes, `use`, animation, foreign objects, text, filters, markers and every address but `#fragment` and a
//! raster `data:` URI are left out; a DOCTYPE or entity refuses the whole. The work of drawing is counted before it is done.

mod allowed;
mod sanitise;

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use image::RgbaImage;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{ImageHrefResolver, ImageKind, Options, Tree, roxmltree},
};

use super::MAX_FILE;
use crate::{Error, ErrorCode};

/// Longer than an honest badge takes on a slow phone.
const TIME: Duration = Duration::from_secs(5);

/// Whether bytes look like SVG: XML text whose beginning has an `svg` element.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(8 * 1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let element = |name: &str| {
        head.match_indices(name)
            .any(|(at, _)| head[at + name.len()..].starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | ':')))
    };
    head.starts_with('<') && (element("<svg") || element(":svg")) && !element("<html")
}

/// Draws an SVG with its longest side `side` pixels.
pub(super) fn rasterise(bytes: &[u8], side: u32) -> Result<RgbaImage, Error> {
    if bytes.len() > MAX_FILE {
        return Err(ErrorCode::TooLarge.into());
    }
    let clean = sanitise(bytes)?;
    let (answer, drawn) = mpsc::sync_channel(1);
    // A thread of its own, so that a drawing that still takes too long keeps nobody waiting, and a deep one has room.
    std::thread::Builder::new()
        .name("svg".into())
        .stack_size(8 * 1024 * 1024)
        .spawn(move || {
            // The receiver may be gone by then.
            let _ = answer.send(draw(&clean, side));
        })
        .map_err(|error| Error::new(ErrorCode::Internal, error))?;
    match drawn.recv_timeout(TIME) {
        Ok(pixels) => pixels,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(ErrorCode::TooLarge.into()),
        // The drawing thread ended without an answer.
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(ErrorCode::Damaged.into()),
    }
}

/// The allowed part of an SVG, as new SVG text.
pub(super) fn sanitise(bytes: &[u8]) -> Result<String, Error> {
    let text = std::str::from_utf8(bytes).map_err(|error| Error::new(ErrorCode::Damaged, error))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // `<` cannot stand in an attribute or text, so this is a declaration (or a harmless comment that nobody writes).
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(ErrorCode::Hostile.into());
    }
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: sanitise::MAX_NODES, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(|error| {
        let code = match error {
            roxmltree::Error::NodesLimitReached => ErrorCode::TooLarge,
            roxmltree::Error::DtdDetected => ErrorCode::Hostile,
            _ => ErrorCode::Damaged,
        };
        Error::new(code, error)
    })?;
    sanitise::sanitise(&document)
}

fn draw(clean: &str, side: u32) -> Result<RgbaImage, Error> {
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            // The sanitiser left only PNGs that were made here.
            resolve_data: Box::new(|mime, data, _| (mime == "image/png").then(|| ImageKind::PNG(Arc::clone(&data)))),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(clean, &options).map_err(|error| Error::new(ErrorCode::Damaged, error))?;
    let size = tree.size();
    let longest = size.width().max(size.height());
    let scale = side as f32 / longest;
    if !scale.is_finite() || scale <= 0.0 {
        return Err(ErrorCode::Damaged.into());
    }
    let pixels = |length: f32| ((length * scale).round() as u32).clamp(1, side);
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height())).ok_or(ErrorCode::TooLarge)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let (width, height) = (pixmap.width(), pixmap.height());
    RgbaImage::from_raw(width, height, pixmap.take_demultiplied()).ok_or_else(|| ErrorCode::Internal.into())
}
