//! Badges baked into pictures: finding them in outside bytes, and baking one in for export.
//!
//! Open Badges 3.0 §5.3 and the Open Badges Baking specification 2.0.

mod png;
mod svg;

use crate::{Container, Credential, ExtractError, Extracted, Payload};

pub(crate) use svg::is_svg;

/// Which generation of the baking specification an image is baked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BakeKind {
    /// Open Badges 2.0 and older: keyword `openbadges`, namespace `http://openbadges.org`.
    V2,
    /// Open Badges 3.0: keyword `openbadgecredential`, namespace `https://purl.imsglobal.org/ob/v3p0`.
    V3,
}

/// Bakes `text` (JSON, a compact JWS or an address) into a PNG, in place of what was baked there by the same kind.
///
/// # Errors
/// As for reading: `Damaged`, `TooLarge` or `Hostile` when `png` is no PNG within the limits.
pub fn bake_png(png: &[u8], kind: BakeKind, text: &str) -> Result<Vec<u8>, ExtractError> {
    png::bake(png, kind, text)
}

/// Bakes `text` into an SVG, in place of what was baked there by the same kind. A JWS goes in the `verify` attribute.
///
/// # Errors
/// As for reading: `Damaged`, `TooLarge` or `Hostile` when `svg` is no SVG within the limits.
pub fn bake_svg(svg: &[u8], kind: BakeKind, text: &str, is_jws: bool) -> Result<Vec<u8>, ExtractError> {
    svg::bake(svg, kind, text, is_jws)
}

pub(crate) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(&png::SIGNATURE)
}

pub(crate) fn from_png(bytes: &[u8]) -> Result<Vec<Extracted>, ExtractError> {
    png::read(bytes)?.into_extracted(Container::Png)
}

pub(crate) fn from_svg(bytes: &[u8]) -> Result<Vec<Extracted>, ExtractError> {
    svg::read(bytes)?.into_extracted(Container::Svg)
}

/// The texts found in one picture, by kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Baked {
    v3: Option<String>,
    v2: Option<String>,
}

impl Baked {
    /// The same text twice is a clumsy baker; two different ones are two badges posing as one.
    fn add(&mut self, kind: BakeKind, text: &str) -> Result<(), ExtractError> {
        let place = match kind {
            BakeKind::V3 => &mut self.v3,
            BakeKind::V2 => &mut self.v2,
        };
        let text = text.trim();
        if place.as_deref().is_some_and(|earlier| earlier != text) {
            return Err(ExtractError::Hostile("two different badges in one picture"));
        }
        *place = Some(text.to_owned());
        Ok(())
    }

    /// Both generations are offered, 3.0 first. A broken one does not take the good one with it.
    fn into_extracted(self, container: Container) -> Result<Vec<Extracted>, ExtractError> {
        let mut found = Vec::new();
        let mut fault = ExtractError::PictureWithoutBadge;
        for text in [self.v3, self.v2].into_iter().flatten() {
            match payload(&text, container) {
                Ok(payload) => found.push(Extracted { payload, container }),
                Err(hostile @ ExtractError::Hostile(_)) => return Err(hostile),
                Err(ExtractError::NotABadge) => fault = ExtractError::Damaged("what is baked in is no badge"),
                Err(other) => fault = other,
            }
        }
        if found.is_empty() { Err(fault) } else { Ok(found) }
    }
}

/// A baked text is a credential, or (before 2.0) only the address of one. Old PNG badges are full of http: whether that may be asked
/// is for who fetches to say. In an SVG an http address beside no badge is what is left of a broken one.
fn payload(text: &str, container: Container) -> Result<Payload, ExtractError> {
    if text.starts_with("http:") || text.starts_with("https:") {
        let address = crate::value::web_address(text).ok_or(ExtractError::Damaged("the badge's address is none"))?;
        if container != Container::Png && !address.starts_with("https:") {
            return Err(ExtractError::Damaged("the badge's address is not https"));
        }
        return Ok(Payload::Address(address));
    }
    Credential::parse(text.as_bytes()).map(|credential| Payload::Credential(Box::new(credential)))
}

#[cfg(test)]
mod tests;
