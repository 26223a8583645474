//! The badge elements of an SVG, by namespace. No DTD, no entities; nothing else in the drawing is looked at.

use std::ops::Range;

use quick_xml::{
    NsReader, XmlVersion,
    escape::{escape, resolve_predefined_entity},
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
};

use super::{BakeKind, Baked};
use crate::ExtractError;

const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Drawings nest deeply, but not without end.
const MAX_DEPTH: usize = 256;
const V2_NAMESPACE: &str = "http://openbadges.org";
const V3_NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";
const BROKEN: ExtractError = ExtractError::Damaged("broken SVG");

/// Whether the first element is `svg`, whatever declaration, comments or DOCTYPE come before it.
pub(crate) fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = decoded(bytes) else { return false };
    if !text.trim_start().starts_with('<') {
        return false;
    }
    let mut reader = NsReader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => return element.local_name().as_ref() == "svg",
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// Finds the baked texts.
pub(super) fn read(bytes: &[u8]) -> Result<Baked, ExtractError> {
    let mut baked = Baked::default();
    for element in scan(decoded(bytes)?)?.badges {
        baked.add(element.kind, element.text()?)?;
    }
    Ok(baked)
}

/// Puts the badge's element right after the `svg` start tag, with its own namespace declaration.
pub(super) fn bake(svg: &[u8], kind: BakeKind, text: &str, is_jws: bool) -> Result<Vec<u8>, ExtractError> {
    if text.len() > MAX_BYTES {
        return Err(ExtractError::TooLarge("baked text"));
    }
    let drawing = decoded(svg)?;
    let scanned = scan(drawing)?;
    let (name, namespace) = match kind {
        BakeKind::V2 => ("assertion", V2_NAMESPACE),
        BakeKind::V3 => ("credential", V3_NAMESPACE),
    };
    let start = format!("<openbadges:{name} xmlns:openbadges=\"{namespace}\"");
    let element = if is_jws {
        format!("{start} verify=\"{}\"/>", escape(text))
    } else {
        // `]]>` cannot stand in a CDATA section, so it is split over two.
        format!("{start}><![CDATA[{}]]></openbadges:{name}>", text.replace("]]>", "]]]]><![CDATA[>"))
    };
    let mut whole = String::with_capacity(drawing.len() + element.len());
    let mut copied = scanned.root.end;
    match drawing[..copied].strip_suffix("/>").filter(|_| scanned.root_is_empty) {
        Some(open) => whole.extend([open, ">", &element, "</", &scanned.root_name, ">"]),
        None => whole.extend([&drawing[..copied], &element]),
    }
    for old in scanned.badges.iter().filter(|badge| badge.kind == kind) {
        whole.push_str(drawing.get(copied..old.span.start).ok_or(BROKEN)?);
        copied = old.span.end;
    }
    whole.push_str(drawing.get(copied..).ok_or(BROKEN)?);
    Ok(whole.into_bytes())
}

fn decoded(bytes: &[u8]) -> Result<&str, ExtractError> {
    if bytes.len() > MAX_BYTES {
        return Err(ExtractError::TooLarge("picture bytes"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| ExtractError::Damaged("text is not UTF-8"))
}

struct Scanned {
    /// The `svg` start tag.
    root: Range<usize>,
    root_name: String,
    root_is_empty: bool,
    badges: Vec<Element>,
}

/// One badge element.
struct Element {
    kind: BakeKind,
    span: Range<usize>,
    verify: Option<String>,
    body: String,
}

impl Element {
    fn text(&self) -> Result<&str, ExtractError> {
        let body = Some(self.body.trim()).filter(|body| !body.is_empty());
        body.or(self.verify.as_deref().map(str::trim))
            .filter(|text| !text.is_empty())
            .ok_or(ExtractError::Damaged("empty badge element"))
    }
}

fn scan(text: &str) -> Result<Scanned, ExtractError> {
    let mut reader = NsReader::from_str(text);
    let mut scanned = Scanned { root: 0..0, root_name: String::new(), root_is_empty: false, badges: Vec::new() };
    let mut depth = 0_usize;
    // The badge element that is being read, and the depth at which it ends.
    let mut open: Option<(Element, usize)> = None;
    loop {
        let from = position(&reader)?;
        let (namespace, event) = reader.read_resolved_event().map_err(|_| BROKEN)?;
        let kind = match &event {
            Event::Start(start) | Event::Empty(start) => kind_of(&namespace, start),
            _ => None,
        };
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                if depth == 0 {
                    if scanned.root.end != 0 || start.local_name().as_ref() != "svg" {
                        return Err(BROKEN);
                    }
                    scanned.root_name = start.name().as_ref().to_owned();
                    scanned.root_is_empty = is_empty;
                    scanned.root = from..position(&reader)?;
                } else if let Some(kind) = kind {
                    if open.is_some() {
                        return Err(ExtractError::Hostile("a badge inside a badge"));
                    }
                    let element = Element { kind, span: from..position(&reader)?, verify: verify(&start)?, body: String::new() };
                    if is_empty { scanned.badges.push(element) } else { open = Some((element, depth)) }
                }
                depth += usize::from(!is_empty);
                if depth > MAX_DEPTH {
                    return Err(ExtractError::TooLarge("svg depth"));
                }
            }
            Event::End(_) => {
                depth = depth.checked_sub(1).ok_or(BROKEN)?;
                if let Some((mut element, at)) = open.take() {
                    if at == depth {
                        element.span.end = position(&reader)?;
                        scanned.badges.push(element);
                    } else {
                        open = Some((element, at));
                    }
                }
            }
            Event::Text(part) => append(&mut open, depth, &part.into_inner()),
            Event::CData(part) => append(&mut open, depth, &part.into_inner()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|_| BROKEN)?;
                let name = reference.into_inner();
                match (character, resolve_predefined_entity(&name)) {
                    (Some(character), _) => append(&mut open, depth, character.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => append(&mut open, depth, text),
                    (None, None) => return Err(ExtractError::Hostile("an entity in the SVG")),
                }
            }
            Event::DocType(_) => return Err(ExtractError::Hostile("a DOCTYPE in the SVG")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if depth == 0 && scanned.root.end != 0 => return Ok(scanned),
            Event::Eof => return Err(BROKEN),
        }
    }
}

fn position(reader: &NsReader<&[u8]>) -> Result<usize, ExtractError> {
    usize::try_from(reader.buffer_position()).map_err(|_| BROKEN)
}

/// Text directly inside the badge element; children of it are not its text.
fn append(open: &mut Option<(Element, usize)>, depth: usize, part: &str) {
    if let Some((element, at)) = open
        && depth == *at + 1
    {
        element.body.push_str(part);
    }
}

fn kind_of(namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Option<BakeKind> {
    let ResolveResult::Bound(Namespace(namespace)) = namespace else { return None };
    match (*namespace, start.local_name().as_ref()) {
        (V3_NAMESPACE, "credential") => Some(BakeKind::V3),
        (V2_NAMESPACE, "assertion") => Some(BakeKind::V2),
        _ => None,
    }
}

fn verify(start: &BytesStart<'_>) -> Result<Option<String>, ExtractError> {
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| BROKEN)?;
        if attribute.key.as_ref() == "verify" {
            return attribute.normalized_value(XmlVersion::Explicit1_0).map(|value| Some(value.into_owned())).map_err(|_| BROKEN);
        }
    }
    Ok(None)
}
