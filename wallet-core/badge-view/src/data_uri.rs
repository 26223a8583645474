//! `data:` URIs of pictures.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// The largest picture file of a badge or issuer: 5 MiB.
pub const MAX_PICTURE: usize = 5 * 1024 * 1024;

/// Issuers pad or do not pad; both are read.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// The media type (lower case, without parameters) and the bytes of a `data:` URI, base64 or percent-encoded.
///
/// `None` for anything else and for more than [`MAX_PICTURE`] bytes.
pub fn decode_data_uri(uri: &str) -> Option<(String, Vec<u8>)> {
    if uri.len() > MAX_PICTURE * 3 {
        return None;
    }
    let (scheme, rest) = uri.trim().split_at_checked("data:".len())?;
    if !scheme.eq_ignore_ascii_case("data:") {
        return None;
    }
    let (head, body) = rest.split_once(',')?;
    let mut parameters = head.split(';').map(str::trim);
    let media_type = parameters.next().filter(|t| !t.is_empty()).unwrap_or("text/plain").to_ascii_lowercase();
    let unescaped = unescape(body)?;
    let bytes = if parameters.any(|p| p.eq_ignore_ascii_case("base64")) {
        let text: Vec<u8> = unescaped.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
        BASE64.decode(text).ok()?
    } else {
        unescaped
    };
    (bytes.len() <= MAX_PICTURE).then_some((media_type, bytes))
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
        out.push(u8::try_from(high << 4 | low).ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_are_read() {
        let hi = |t: &str| Some((t.to_owned(), b"hi!".to_vec()));
        assert_eq!(decode_data_uri("data:image/png;base64,aGkh"), hi("image/png"));
        assert_eq!(decode_data_uri("DATA:image/PNG;charset=utf-8;BASE64, aG\nkh"), hi("image/png"));
        assert_eq!(decode_data_uri("data:image/svg+xml,h%69!"), hi("image/svg+xml"));
        assert_eq!(decode_data_uri("data:,hi!"), hi("text/plain"));
    }

    #[test]
    fn anything_else_is_none() {
        for uri in ["", "data:", "data:image/png", "data:image/png;base64,@@", "data:,%f", "data:,%zz", "https://a.example/x.png"] {
            assert_eq!(decode_data_uri(uri), None, "{uri}");
        }
        assert_eq!(decode_data_uri(&format!("data:,{}", "x".repeat(MAX_PICTURE + 1))), None);
    }
}
