//! Credentials in, few bytes out, and back: records, checksum, compression. See [`super`] for the format.

use std::io::Read;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use brotli::enc::{BrotliEncoderParams, StandardAlloc, backward_references::BrotliEncoderMode};
use ring::digest::{SHA256, digest};

use super::{MAX_CREDENTIALS, MAX_INFLATED};
use crate::{Error, ErrorCode};

/// Text that badges have in common. Part of the format: it never changes (a test pins its SHA-256).
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.txt");
const CHECKSUM: usize = 8;
const VERBATIM: u8 = 0;
const JWS: u8 = 1;
const WINDOW_BITS: i32 = 17;

/// Makes the envelope of `credentials`.
pub(super) fn seal(credentials: &[&[u8]]) -> Result<Vec<u8>, Error> {
    let records = records(credentials);
    if records.len() > MAX_INFLATED || credentials.len() > MAX_CREDENTIALS {
        return Err(ErrorCode::TooLargeForCodes.into());
    }
    let text = compress(&records, BrotliEncoderMode::BROTLI_MODE_TEXT)?;
    let generic = compress(&records, BrotliEncoderMode::BROTLI_MODE_GENERIC)?;
    let smallest = if text.len() <= generic.len() { text } else { generic };
    let mut envelope = checksum(&records).to_vec();
    envelope.extend_from_slice(&smallest);
    // A code that cannot be read back is worse than none: the compressor is not ours.
    if open(&envelope)? != credentials {
        return Err(Error::new(ErrorCode::Internal, "the envelope does not open to what was put in"));
    }
    Ok(envelope)
}

/// Opens an envelope. Anything that does not fit the checksum is damaged.
pub(super) fn open(envelope: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let (sum, compressed) = envelope.split_at_checked(CHECKSUM).ok_or(ErrorCode::Damaged)?;
    let records = inflate(compressed)?;
    if checksum(&records) != sum {
        return Err(ErrorCode::Damaged.into());
    }
    credentials(&records).ok_or_else(|| ErrorCode::Damaged.into())
}

fn checksum(records: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&digest(&SHA256, records).as_ref()[..CHECKSUM]);
    sum
}

fn compress(records: &[u8], mode: BrotliEncoderMode) -> Result<Vec<u8>, Error> {
    let params = BrotliEncoderParams { quality: 11, lgwin: WINDOW_BITS, mode, size_hint: records.len(), ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompressCustomIoCustomDict(
        &mut brotli::IoReaderWrapper(&mut &records[..]),
        &mut brotli::IoWriterWrapper(&mut out),
        &mut [0; 4096],
        &mut [0; 4096],
        &params,
        StandardAlloc::default(),
        &mut |_, _, _, _| (),
        DICTIONARY,
        std::io::Error::from(std::io::ErrorKind::UnexpectedEof),
    )
    .map_err(|error| Error::new(ErrorCode::Internal, error))?;
    Ok(out)
}

fn inflate(compressed: &[u8]) -> Result<Vec<u8>, Error> {
    // The window size is the stream's first bits. Another than ours would let a stranger choose how much memory we take.
    if compressed.first().is_none_or(|first| first & 0x7f != 1) {
        return Err(ErrorCode::Damaged.into());
    }
    let mut records = Vec::new();
    brotli::Decompressor::new_with_custom_dict(compressed, 4096, DICTIONARY.to_vec().into())
        .take(MAX_INFLATED as u64 + 1)
        .read_to_end(&mut records)
        .map_err(|error| Error::new(ErrorCode::Damaged, error))?;
    if records.len() > MAX_INFLATED {
        return Err(ErrorCode::TooLarge.into());
    }
    Ok(records)
}

fn records(credentials: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for bytes in credentials {
        match take_apart(bytes) {
            Some(parts) => {
                out.push(JWS);
                parts.iter().for_each(|part| push(&mut out, part));
            }
            None => {
                out.push(VERBATIM);
                push(&mut out, bytes);
            }
        }
    }
    out
}

fn credentials(mut records: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut out = Vec::new();
    while let Some((kind, rest)) = records.split_first() {
        if out.len() == MAX_CREDENTIALS {
            return None;
        }
        records = rest;
        out.push(match *kind {
            VERBATIM => pull(&mut records)?.to_vec(),
            JWS => {
                let parts = [pull(&mut records)?, pull(&mut records)?, pull(&mut records)?];
                parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".").into_bytes()
            }
            _ => return None,
        });
    }
    (!out.is_empty()).then_some(out)
}

/// The three parts of a compact JWS, decoded, when they encode to exactly the same bytes again.
fn take_apart(bytes: &[u8]) -> Option<[Vec<u8>; 3]> {
    let mut parts = bytes.split(|b| *b == b'.');
    // The engine refuses padding and stray last bits, so decoding is exact.
    let decoded = [parts.next()?, parts.next()?, parts.next()?].map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    match (decoded, parts.next()) {
        ([Some(header), Some(payload), Some(signature)], None) => Some([header, payload, signature]),
        _ => None,
    }
}

fn push(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut length = bytes.len();
    loop {
        let low = (length & 0x7f) as u8;
        length >>= 7;
        out.push(if length == 0 { low } else { low | 0x80 });
        if length == 0 {
            break;
        }
    }
    out.extend_from_slice(bytes);
}

fn pull<'a>(records: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut length = 0_usize;
    // Three groups of seven bits are more than MAX_INFLATED.
    for group in 0..3 {
        let (byte, rest) = records.split_first()?;
        *records = rest;
        length |= usize::from(byte & 0x7f) << (7 * group);
        if byte & 0x80 == 0 {
            let (bytes, rest) = records.split_at_checked(length)?;
            *records = rest;
            return Some(bytes);
        }
    }
    None
}

#[cfg(test)]
pub(super) fn dictionary_sha256() -> String {
    hex::encode(digest(&SHA256, DICTIONARY))
}
