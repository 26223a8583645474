//! Finding badges in bytes from outside: JSON, a compact JWS, a baked PNG or SVG.

use serde_json::Value;

use crate::{
    Container, Credential, ExtractError, Extracted, Payload, baked,
    credential::jws_payload,
    json::{MAX_BYTES, parse_strict},
    value::{has_type, many, raw},
};

/// The most credentials that one file may hold.
const MAX_CREDENTIALS: usize = 100;

/// Finds the badges in a file or text. Decides by the bytes alone, never by a file's name.
///
/// A presentation or an array of credentials gives each of them. Nothing is proven by being found.
///
/// # Errors
/// [`ExtractError`], which says why there is none; `PictureWithoutBadge` leaves room for a QR code in the pixels.
pub fn extract(bytes: &[u8]) -> Result<Vec<Extracted>, ExtractError> {
    if baked::is_png(bytes) {
        return baked::from_png(bytes);
    }
    if is_picture(bytes) {
        return Err(ExtractError::PictureWithoutBadge);
    }
    if bytes.len() > MAX_BYTES {
        return Err(ExtractError::TooLarge("file bytes"));
    }
    if baked::is_svg(bytes) {
        return baked::from_svg(bytes);
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(ExtractError::Damaged("text is not UTF-8"));
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    match text.first() {
        Some(b'{' | b'[') => from_json(text),
        Some(b'"') => match parse_strict(text)? {
            Value::String(quoted) => from_jws(quoted.trim().as_bytes()),
            _ => Err(ExtractError::NotABadge),
        },
        _ => from_jws(text),
    }
}

/// Pictures that no badge is ever baked into.
fn is_picture(bytes: &[u8]) -> bool {
    let form = |at: usize, name: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(name));
    form(0, b"\xFF\xD8\xFF")
        || form(0, b"GIF87a")
        || form(0, b"GIF89a")
        || form(0, b"BM") && bytes.len() > 54 && bytes[6..10] == [0; 4]
        || (form(0, b"RIFF") && form(8, b"WEBP"))
        || [b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"].iter().any(|brand| form(4, *brand))
}

fn from_jws(text: &[u8]) -> Result<Vec<Extracted>, ExtractError> {
    let payload = jws_payload(text)?;
    // A presentation as JWT holds it bare (VCDM 2.0) or in a claim (VCDM 1.1).
    let presentation = payload.get("vp").unwrap_or(&payload);
    if has_type(presentation, "VerifiablePresentation") {
        return each(many(presentation.get("verifiableCredential")), Container::Jwt);
    }
    Ok(vec![whole(Credential::parse(text)?, Container::Jwt)])
}

fn from_json(text: &[u8]) -> Result<Vec<Extracted>, ExtractError> {
    match parse_strict(text)? {
        Value::Array(items) => each(&items, Container::Json),
        presentation if has_type(&presentation, "VerifiablePresentation") => {
            each(many(presentation.get("verifiableCredential")), Container::Json)
        }
        _ => Ok(vec![whole(Credential::parse(text)?, Container::Json)]),
    }
}

fn whole(credential: Credential, container: Container) -> Extracted {
    Extracted { payload: Payload::Credential(Box::new(credential)), container }
}

/// Each credential among `items`; what is none is passed over, what is broken is not.
fn each(items: &[Value], container: Container) -> Result<Vec<Extracted>, ExtractError> {
    if items.len() > MAX_CREDENTIALS {
        return Err(ExtractError::TooLarge("credentials in one file"));
    }
    let mut found = Vec::new();
    for item in items {
        let enveloped = raw(item, "id").filter(|_| has_type(item, "EnvelopedVerifiableCredential"));
        let (bytes, container) = match (item.as_str(), enveloped) {
            (Some(jws), _) => (jws.trim().as_bytes().to_vec(), Container::Jwt),
            (None, Some(data)) => (data.split_once(',').map_or(data, |(_, jws)| jws).as_bytes().to_vec(), Container::Jwt),
            // Cut out of a larger text it has no bytes of its own. Order and numbers stay as they were.
            (None, None) => (serde_json::to_vec(item).map_err(|_| ExtractError::Damaged("broken JSON"))?, container),
        };
        match Credential::parse(&bytes) {
            Ok(credential) => found.push(whole(credential, container)),
            Err(ExtractError::NotABadge) => {}
            Err(fault) => return Err(fault),
        }
    }
    if found.is_empty() { Err(ExtractError::NotABadge) } else { Ok(found) }
}

#[cfg(test)]
mod tests;
