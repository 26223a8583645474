//! Codes: shows badges as QR codes that carry the badges themselves, and reads codes from pictures.
//!
//! # The shown format, version 1
//!
//! What is shown is a list of credentials, each exactly as its issuer signed it. Nothing else is in it: no name of the holder, no
//! verdict, no picture that the issuer did not sign. A reader judges the credentials as if they had come in as files, and never
//! offers to keep them.
//!
//! **Records.** One per credential, at most [`MAX_CREDENTIALS`], together at most [`MAX_INFLATED`] bytes:
//!
//! | kind | then | is |
//! | --- | --- | --- |
//! | `00` | length, bytes | the bytes as they are (JSON) |
//! | `01` | three times: length, bytes | a compact JWS: header, payload and signature, each base64url-decoded |
//!
//! Lengths are LEB128, shortest form. A JWS is taken apart only when putting it together again gives the same bytes.
//!
//! **Envelope.** The first 8 bytes of the SHA-256 of the records, then the records compressed by Brotli (RFC 7932, window 2^17, so
//! that the stream starts with the bits `1000000`) with `dictionary-1.txt` as its raw prefix dictionary (RFC 9841).
//!
//! **One code.** `BADGEWALLET:SHOW/1/` and the envelope in base 41: QR's alphanumeric mode, level M, at most version 20. It is also
//! a link that opens the app. Base 41 has the letters `0-9A-Z$+-./`, those of the alphanumeric mode that stand in a link as they
//! are (so no `%` and no space, which base 45 has); two bytes make three letters, least significant first, a last single byte
//! makes two. Of 5.5 bits that a letter takes, 5.33 carry: 97 %, against 91 % for base 32 and 73 % for the words of UR.
//!
//! **A sequence.** What does not fit is shown as a fountain-coded sequence (BC-UR, `UR:X-BADGE-SHOW/n-m/…`) of the version as one
//! byte (`01`) and the envelope: the m fragments in order, then mixed ones, at most [`MAX_PARTS`] codes, level M, at most version
//! 16. Any m or a few more of them, in any order, are enough.
//!
//! **Text.** `badgewallet:show/1/` and the same base 41: the whole content, whatever its size.
//!
//! Readers ignore case and white space. A version that a reader does not know is [`ErrorCode::TooNew`]; everything that does not
//! fit its checksum is [`ErrorCode::Damaged`].

mod base41;
mod collect;
mod draw;
mod envelope;
mod scan;

pub(crate) use collect::same_sequence;
pub use collect::{Collector, Progress};
pub(crate) use draw::Modules;
pub use scan::{decode_luma, decode_picture};

use crate::{Error, ErrorCode, link::strip_prefix_ignore_case, view::Presentation};

/// The most credentials in one showing.
pub const MAX_CREDENTIALS: usize = 64;
/// The largest records: 64 KiB inflated.
pub const MAX_INFLATED: usize = 64 * 1024;
/// The most codes in one sequence.
pub const MAX_PARTS: usize = 60;
/// The longest shown text that is looked at: more than the records uncompressed would take.
pub const MAX_TEXT: usize = 2 * MAX_INFLATED;

const VERSION: &str = "1";
const VERSION_BYTE: u8 = 1;
const UR_TYPE: &str = "x-badge-show";
/// Fragments that make codes of version 13; larger ones only when the parts would be too many.
const FRAGMENT: usize = 200;
/// Fragments that make codes of version 16.
const LARGEST_FRAGMENT: usize = 290;

/// A badge to be shown.
#[derive(Debug, Clone, Copy)]
pub struct ShownBadge<'a> {
    /// The credential's bytes, unchanged.
    pub bytes: &'a [u8],
    /// Its name, for the screen that shows it; not in the code.
    pub name: &'a str,
}

/// What was read from a code: credentials that someone shows, unjudged.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The credentials' bytes.
    pub credentials: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Shown {
    // Badge contents stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("credentials", &self.credentials.len()).finish()
    }
}

/// Makes the codes that carry `badges`: one where they fit, otherwise a sequence.
///
/// Errors: [`ErrorCode::TooLargeForCodes`] over the limits of the format, [`ErrorCode::Usage`] without badges.
pub fn present(badges: &[ShownBadge<'_>]) -> Result<Presentation, Error> {
    if badges.is_empty() {
        return Err(ErrorCode::Usage.into());
    }
    let credentials: Vec<&[u8]> = badges.iter().map(|badge| badge.bytes).collect();
    let envelope = envelope::seal(&credentials)?;
    let payload = base41::encode(&envelope);
    let codes = match draw::single(&format!("BADGEWALLET:SHOW/{VERSION}/{payload}")) {
        Some(code) => vec![code],
        None => sequence(&envelope)?.iter().map(|part| draw::part(part)).collect::<Result<_, _>>()?,
    };
    Ok(Presentation {
        codes,
        text: format!("badgewallet:show/{VERSION}/{payload}"),
        names: badges.iter().map(|badge| badge.name.to_owned()).collect(),
    })
}

/// A code for a web address, for any camera. Error: [`ErrorCode::TooLargeForCodes`].
pub(crate) fn address_code(address: &str) -> Result<String, Error> {
    draw::single(address).ok_or_else(|| ErrorCode::TooLargeForCodes.into())
}

/// The same code as squares. Error: [`ErrorCode::TooLargeForCodes`].
pub(crate) fn address_modules(address: &str) -> Result<Modules, Error> {
    Modules::of(address).ok_or_else(|| ErrorCode::TooLargeForCodes.into())
}

/// The texts of a sequence's codes.
fn sequence(envelope: &[u8]) -> Result<Vec<String>, Error> {
    let mut message = vec![VERSION_BYTE];
    message.extend_from_slice(envelope);
    let fragment = message.len().div_ceil(MAX_PARTS).max(FRAGMENT);
    if fragment > LARGEST_FRAGMENT {
        return Err(ErrorCode::TooLargeForCodes.into());
    }
    let internal = |error: ur::ur::Error| Error::new(ErrorCode::Internal, error.to_string());
    let mut encoder = ur::Encoder::new(&message, fragment, UR_TYPE).map_err(internal)?;
    let pure = encoder.fragment_count();
    // A part that the camera missed comes back mixed with others before the sequence starts over.
    let shown = (pure + pure.div_ceil(2)).min(MAX_PARTS.max(pure));
    (0..shown).map(|_| encoder.next_part().map(|part| part.to_ascii_uppercase()).map_err(internal)).collect()
}

/// Reads a whole shown text (`badgewallet:show/…`): a single code's, or the text way.
///
/// Errors: [`ErrorCode::TooNew`] for another version, [`ErrorCode::Damaged`] when cut off or edited, [`ErrorCode::TooLarge`].
pub fn read(text: &str) -> Result<Shown, Error> {
    if text.len() > MAX_TEXT {
        return Err(ErrorCode::TooLarge.into());
    }
    let text: String = text.split_whitespace().collect();
    let rest = strip_prefix_ignore_case(&text, "badgewallet:").map(|rest| rest.trim_start_matches('/'));
    let rest = rest.and_then(|rest| strip_prefix_ignore_case(rest, "show/")).ok_or(ErrorCode::NotABadge)?;
    let (version, payload) = rest.split_once('/').ok_or(ErrorCode::Damaged)?;
    if version != VERSION {
        let known_shape = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
        return Err(if known_shape { ErrorCode::TooNew } else { ErrorCode::Damaged }.into());
    }
    let envelope = base41::decode(payload).ok_or(ErrorCode::Damaged)?;
    Ok(Shown { credentials: envelope::open(&envelope)? })
}

/// Whether a text is one code of our sequence.
pub(crate) fn is_part(text: &str) -> bool {
    text.len() <= collect::MAX_PART_TEXT && strip_prefix_ignore_case(text, "ur:x-badge-show/").is_some()
}

#[cfg(test)]
mod tests;
