//! Opens what came in: files, ZIPs of them, pictures of codes, texts. Each part gets its own answer, and nobody is asked.

mod archive;

use capsule::LinkAddress;
use open_badges::{ExtractError, Extracted};
use url::Url;

use crate::{
    Error, ErrorCode, image,
    link::{self, Link},
    qr,
    view::Input,
};

/// The largest file that is looked at, unless it is a ZIP.
pub(crate) const MAX_FILE: usize = 50 * 1000 * 1000;
/// The largest input that is looked at: a ZIP of badges.
pub const MAX_INPUT: usize = 256 * 1024 * 1024;

/// An input, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// What can be worked with.
    pub items: Vec<Item>,
    /// What cannot: a part's name, and why.
    pub rejected: Vec<(String, ErrorCode)>,
}

/// One part of an input.
#[derive(Debug)]
pub(crate) struct Item {
    /// The file's name, or empty for a text.
    pub name: String,
    /// The file that the badge came in, byte for byte. `None` for a text, and for what a picture of a code says.
    pub file: Option<Vec<u8>>,
    /// The file's media type, by its content.
    pub media_type: Option<&'static str>,
    /// What it holds.
    pub kind: ItemKind,
}

/// What a part of an input holds.
#[derive(Debug)]
pub(crate) enum ItemKind {
    /// Badges, or addresses of hosted ones, from one file or text. More than one when a picture carries both kinds.
    Badge(Vec<Extracted>),
    /// An address that a badge may be behind.
    Address(Url),
    /// Badges that someone shows.
    Shown(qr::Shown),
    /// One code of a sequence, for [`qr::Collector`].
    Part(String),
    /// A share link.
    Share(LinkAddress),
    /// A claim code, and the origin of its link.
    Claim(String, Option<Url>),
}

/// Takes `input` apart.
///
/// An input of one part that is no badge is an error with its reason; of several parts, each has its own answer in
/// [`Opened::rejected`] and the whole succeeds, unless nothing in it could be taken and all reasons are the same.
pub(crate) fn open(input: &Input) -> Result<Opened, Error> {
    match input {
        Input::Text(text) => {
            let mut opened = Opened::default();
            opened.items.push(open_text("", text)?);
            Ok(opened)
        }
        Input::File(file) => {
            let zip = archive::is_zip(&file.bytes);
            if file.bytes.len() > if zip { MAX_INPUT } else { MAX_FILE } {
                return Err(ErrorCode::TooLarge.into());
            }
            if zip {
                return archive::open(&file.bytes);
            }
            let mut opened = Opened::default();
            open_file(&file.name, &file.bytes, &mut opened)?;
            Ok(opened)
        }
    }
}

/// A text is a badge, a link to one, a shown one, or nothing.
fn open_text(name: &str, text: &str) -> Result<Item, Error> {
    let kind = match Link::parse(text) {
        Link::Address(url) => ItemKind::Address(url),
        Link::Shown(text) => ItemKind::Shown(qr::read(&text)?),
        Link::Part(text) => ItemKind::Part(text),
        Link::Share(link) => ItemKind::Share(link),
        Link::Claim { code, city } => ItemKind::Claim(code, city),
        Link::BrokenShare(later) => {
            return Err(if later { ErrorCode::LinkTooNew } else { ErrorCode::LinkDamaged }.into());
        }
        Link::Json(text) | Link::Jws(text) => ItemKind::Badge(open_badges::extract(text.as_bytes()).map_err(refused)?),
        Link::Unknown if text.len() > link::MAX_TEXT => return Err(ErrorCode::TooLarge.into()),
        Link::Unknown => return Err(ErrorCode::NotABadge.into()),
    };
    Ok(Item { name: name.to_owned(), file: None, media_type: None, kind })
}

/// One file that is no archive. Adds what it holds to `opened`.
fn open_file(name: &str, bytes: &[u8], opened: &mut Opened) -> Result<(), Error> {
    let media_type = image::media_type(bytes);
    let not_extracted = match media_type {
        // Only a PNG or an SVG carries a badge; other pictures can only show a code.
        Some("image/jpeg" | "image/gif" | "image/webp") => ExtractError::PictureWithoutBadge,
        _ => match open_badges::extract(bytes) {
            Ok(found) => {
                let media_type = media_type.or_else(|| text_type(&found));
                opened.items.push(Item {
                    name: name.to_owned(),
                    file: Some(bytes.to_vec()),
                    media_type,
                    kind: ItemKind::Badge(found),
                });
                return Ok(());
            }
            Err(error) => error,
        },
    };
    match (media_type, not_extracted) {
        (Some(_), ExtractError::PictureWithoutBadge | ExtractError::NotABadge) => open_codes(name, bytes, opened),
        // What a link file of a desktop begins with (`[InternetShortcut]`) looks like broken JSON.
        (None, error @ (ExtractError::NotABadge | ExtractError::Damaged(_))) if bytes.len() <= link::MAX_TEXT => {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            // JSON and JWS were looked at already; what is left is a file with a link or a shown badge.
            match Link::parse(text) {
                Link::Json(_) | Link::Jws(_) | Link::Unknown => Err(refused(error)),
                _ => open_text(name, text).map(|item| opened.items.push(item)),
            }
        }
        (_, error) => Err(refused(error)),
    }
}

/// A picture without a badge inside: perhaps of one or more codes.
fn open_codes(name: &str, bytes: &[u8], opened: &mut Opened) -> Result<(), Error> {
    let texts = qr::decode_picture(bytes)?;
    let mut first_error = None;
    let before = opened.items.len();
    for text in texts {
        match open_text(name, &text) {
            Ok(item) => opened.items.push(item),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match first_error {
        Some(error) if opened.items.len() == before => Err(error),
        // One of several codes was something else (a poster's own address, say): the others count.
        Some(error) => {
            opened.rejected.push((name.to_owned(), error.code));
            Ok(())
        }
        None if opened.items.len() == before => Err(ErrorCode::PictureWithoutBadge.into()),
        None => Ok(()),
    }
}

/// The media type of a file of text by what was found in it.
fn text_type(found: &[Extracted]) -> Option<&'static str> {
    match found.first()?.container {
        open_badges::Container::Json => Some("application/json"),
        open_badges::Container::Jwt => Some("application/jwt"),
        open_badges::Container::Png => Some("image/png"),
        open_badges::Container::Svg => Some("image/svg+xml"),
    }
}

/// The answer for bytes that are no badge.
pub(crate) fn refused(error: ExtractError) -> Error {
    let code = match error {
        ExtractError::NotABadge => ErrorCode::NotABadge,
        ExtractError::PictureWithoutBadge => ErrorCode::PictureWithoutBadge,
        ExtractError::Damaged(_) => ErrorCode::Damaged,
        ExtractError::TooLarge(_) => ErrorCode::TooLarge,
        ExtractError::Hostile(_) => ErrorCode::Hostile,
    };
    Error::new(code, error)
}

#[cfg(test)]
mod tests;
