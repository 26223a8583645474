//! From what the core knows to what a front end shows: [`badge_view`], and the pictures, which are decoded here.

pub(crate) use badge_view::convert::{
    alignment, can_retry, endorsement_verdict, endorsements, evidence, face, facts, format, issuer, party_view, recipient,
    technical, time, verification,
};
use badge_view::{CheckedCredential, decode_data_uri};
use base64::{Engine, engine::general_purpose::STANDARD};
use open_badges::BadgeContent;

use crate::view::{CheckedBadge, Language};
use crate::{Error, ErrorCode, Result, image};

/// The picture that is in the badge's own bytes, drawn anew as a PNG. `None` when there is none, or it is refused.
pub(crate) fn embedded_picture(content: &BadgeContent) -> Option<String> {
    let (_, bytes) = decode_data_uri(content.picture.as_deref()?)?;
    image::one_size(&bytes, image::LARGE).ok().map(|picture| png_uri(&picture))
}

/// PNG bytes as a `data:` URI.
pub(crate) fn png_uri(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

/// A code (an SVG of [`crate::view::Presentation`]) as a PNG, for who cannot place an SVG.
///
/// Errors: [`ErrorCode::Damaged`] when it is no such SVG.
pub fn code_png(svg: &str) -> Result<Vec<u8>> {
    image::one_size(svg.as_bytes(), image::LARGE)
}

/// A badge as someone else shows it. Its picture is only what is in the signed bytes.
pub(crate) async fn checked_badge(language: Language, checked: &CheckedCredential) -> Result<CheckedBadge> {
    let content = checked.content.clone();
    let picture = tokio::task::spawn_blocking(move || embedded_picture(&content));
    let picture = picture.await.map_err(|error| Error::new(ErrorCode::Internal, error))?;
    Ok(badge_view::convert::checked_badge(language, checked, picture))
}
