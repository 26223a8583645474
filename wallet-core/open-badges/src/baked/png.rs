//! The chunks of a PNG, strictly: signature, lengths, CRCs, order. Pixels are never looked at.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::{BakeKind, Baked};
use crate::{ExtractError, json};

pub(super) const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Screenshots are larger than badges, and may hold a QR code; only their chunks are walked here.
const MAX_BYTES: usize = 20 * 1024 * 1024;
const MAX_CHUNKS: usize = 20_000;

/// Finds the baked texts. Bytes after `IEND` are no part of the image and are ignored.
pub(super) fn read(bytes: &[u8]) -> Result<Baked, ExtractError> {
    let mut baked = Baked::default();
    for chunk in chunks(bytes)? {
        if let Some(kind) = chunk.kind() {
            baked.add(kind, &chunk.text()?)?;
        }
    }
    Ok(baked)
}

/// Puts one uncompressed `iTXt` right after `IHDR`, as both baking specifications ask.
pub(super) fn bake(png: &[u8], kind: BakeKind, text: &str) -> Result<Vec<u8>, ExtractError> {
    if text.len() > json::MAX_BYTES {
        return Err(ExtractError::TooLarge("baked text"));
    }
    let mut data = [keyword(kind).as_bytes(), &[0, 0, 0, 0, 0]].concat();
    data.extend_from_slice(text.as_bytes());
    let mut image = Vec::with_capacity(png.len() + data.len() + 12);
    image.extend_from_slice(&SIGNATURE);
    for chunk in chunks(png)? {
        if chunk.kind() != Some(kind) {
            image.extend_from_slice(chunk.whole);
        }
        if chunk.name == *b"IHDR" {
            write(&mut image, *b"iTXt", &data)?;
        }
    }
    Ok(image)
}

fn write(image: &mut Vec<u8>, name: [u8; 4], data: &[u8]) -> Result<(), ExtractError> {
    let length = u32::try_from(data.len()).map_err(|_| ExtractError::TooLarge("png chunk"))?;
    image.extend_from_slice(&length.to_be_bytes());
    image.extend_from_slice(&name);
    image.extend_from_slice(data);
    image.extend_from_slice(&checksum(name, data).to_be_bytes());
    Ok(())
}

fn keyword(kind: BakeKind) -> &'static str {
    match kind {
        BakeKind::V2 => "openbadges",
        BakeKind::V3 => "openbadgecredential",
    }
}

fn checksum(name: [u8; 4], data: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&name);
    hasher.update(data);
    hasher.finalize()
}

struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
    /// Length, name, data and CRC.
    whole: &'a [u8],
}

/// All chunks up to and with `IEND`.
fn chunks(bytes: &[u8]) -> Result<Vec<Chunk<'_>>, ExtractError> {
    if bytes.len() > MAX_BYTES {
        return Err(ExtractError::TooLarge("picture bytes"));
    }
    let mut rest = bytes.strip_prefix(&SIGNATURE).ok_or(ExtractError::Damaged("png signature"))?;
    let mut found: Vec<Chunk<'_>> = Vec::new();
    loop {
        if found.len() >= MAX_CHUNKS {
            return Err(ExtractError::TooLarge("png chunks"));
        }
        let chunk = next(&mut rest)?;
        let is_header = chunk.name == *b"IHDR";
        if is_header != found.is_empty() || (is_header && chunk.data.len() != 13) {
            return Err(ExtractError::Damaged("png chunk order"));
        }
        let is_end = chunk.name == *b"IEND";
        if is_end && !chunk.data.is_empty() {
            return Err(ExtractError::Damaged("png chunk length"));
        }
        found.push(chunk);
        if is_end {
            return Ok(found);
        }
    }
}

fn next<'a>(rest: &mut &'a [u8]) -> Result<Chunk<'a>, ExtractError> {
    let cut = ExtractError::Damaged("png chunk length");
    let (length, after) = rest.split_first_chunk::<4>().ok_or(cut.clone())?;
    let (name, after) = after.split_first_chunk::<4>().ok_or(cut.clone())?;
    let length = u32::from_be_bytes(*length) as usize;
    let (data, after) = after.split_at_checked(length).ok_or(cut.clone())?;
    let (sum, after) = after.split_first_chunk::<4>().ok_or(cut.clone())?;
    if !name.iter().all(u8::is_ascii_alphabetic) {
        return Err(ExtractError::Damaged("png chunk name"));
    }
    if checksum(*name, data) != u32::from_be_bytes(*sum) {
        return Err(ExtractError::Damaged("png checksum"));
    }
    let whole = rest.get(..length + 12).ok_or(cut)?;
    *rest = after;
    Ok(Chunk { name: *name, data, whole })
}

impl Chunk<'_> {
    /// Which badge keyword this text chunk carries. All other chunks are ignored, their contents included.
    fn kind(&self) -> Option<BakeKind> {
        if !matches!(&self.name, b"tEXt" | b"zTXt" | b"iTXt") {
            return None;
        }
        let end = self.data.iter().take(80).position(|byte| *byte == 0)?;
        [BakeKind::V3, BakeKind::V2].into_iter().find(|kind| keyword(*kind).as_bytes() == &self.data[..end])
    }

    fn text(&self) -> Result<String, ExtractError> {
        let broken = ExtractError::Damaged("png text chunk");
        let (_, body) = split_zero(self.data).ok_or(broken.clone())?;
        match &self.name {
            b"tEXt" => Ok(latin(body)),
            b"zTXt" => match body.split_first() {
                Some((0, deflated)) => inflate(deflated).map(|text| latin(&text)),
                _ => Err(broken),
            },
            _ => {
                let ([compressed, method], body) = body.split_first_chunk::<2>().ok_or(broken.clone())?;
                let (_, body) = split_zero(body).ok_or(broken.clone())?;
                let (_, body) = split_zero(body).ok_or(broken.clone())?;
                let text = match (compressed, method) {
                    (0, _) => capped(body)?.to_vec(),
                    (1, 0) => inflate(body)?,
                    _ => return Err(broken),
                };
                String::from_utf8(text).map_err(|_| ExtractError::Damaged("text is not UTF-8"))
            }
        }
    }
}

fn split_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn capped(bytes: &[u8]) -> Result<&[u8], ExtractError> {
    if bytes.len() > json::MAX_BYTES { Err(ExtractError::TooLarge("baked text")) } else { Ok(bytes) }
}

/// The format says Latin-1; bakers write UTF-8 all the same.
fn latin(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn inflate(deflated: &[u8]) -> Result<Vec<u8>, ExtractError> {
    let mut text = Vec::new();
    let limit = json::MAX_BYTES as u64 + 1;
    ZlibDecoder::new(deflated).take(limit).read_to_end(&mut text).map_err(|_| ExtractError::Damaged("compressed text"))?;
    capped(&text)?;
    Ok(text)
}
