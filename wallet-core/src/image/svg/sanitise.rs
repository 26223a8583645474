//! Writes the allowed part of an SVG, and counts what drawing it will take.

use std::collections::HashMap;

use badge_view::decode_data_uri;
use base64::{Engine, engine::general_purpose::STANDARD};
use resvg::usvg::roxmltree::{Document, Node};

use super::allowed::{ATTRIBUTES, ELEMENTS, LAYERS, PRESENTATION, RASTER};
use crate::{
    Error, ErrorCode,
    image::{clean_png, decode, format, premultiply, shrink},
};

/// The most nodes, text included.
pub(super) const MAX_NODES: u32 = 30_000;
/// The deepest nesting.
const MAX_DEPTH: usize = 40;
/// The most shapes drawn, counted through every clip, mask and pattern each time that one is referred to.
const MAX_WORK: u64 = 20_000;
/// The most layers and dashed lines.
const MAX_COSTLY: usize = 400;
/// The most pictures inside, and their largest side.
const MAX_IMAGES: usize = 8;
const IMAGE_SIDE: u32 = 1024;
/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// The allowed part of `document`, as new text.
pub(super) fn sanitise(document: &Document<'_>) -> Result<String, Error> {
    let root = document.root_element();
    if root.tag_name().name() != "svg" || !allowed(root) {
        return Err(ErrorCode::Damaged.into());
    }
    let ids = document.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect();
    work(root, &ids, &mut HashMap::new(), 0).filter(|work| *work <= MAX_WORK).ok_or(ErrorCode::TooLarge)?;
    let mut writer = Writer { out: String::new(), costly: 0, images: 0 };
    writer.element(root, 0)?;
    Ok(writer.out)
}

fn allowed(node: Node<'_, '_>) -> bool {
    let tag = node.tag_name();
    // Without a namespace an old drawing is still a drawing.
    node.is_element() && matches!(tag.namespace(), Some(SVG) | None) && ELEMENTS.contains(&tag.name())
}

type Ids<'a, 'input> = HashMap<&'a str, Node<'a, 'input>>;

/// How many shapes are drawn for `node`. `None` for nesting too deep, references that never end, or more than can be counted.
fn work<'a>(node: Node<'a, '_>, ids: &Ids<'a, '_>, known: &mut HashMap<&'a str, u64>, depth: usize) -> Option<u64> {
    if depth > 2 * MAX_DEPTH {
        return None;
    }
    let mut sum = 1_u64;
    for attribute in node.attributes() {
        let value = attribute.value();
        for target in value.match_indices("url(").filter_map(|(at, _)| fragment(&value[at..])).chain(value.strip_prefix('#')) {
            let cost = match (known.get(target), ids.get(target)) {
                (Some(cost), _) => *cost,
                (None, Some(target_node)) => {
                    let cost = work(*target_node, ids, known, depth + 1)?;
                    known.insert(target, cost);
                    cost
                }
                (None, None) => 0,
            };
            sum = sum.checked_add(cost)?;
        }
    }
    for child in node.children().filter(|child| allowed(*child)) {
        sum = sum.checked_add(work(child, ids, known, depth + 1)?)?;
    }
    (sum <= MAX_WORK).then_some(sum)
}

/// The id in `url(#id)`, quoted or not.
fn fragment(value: &str) -> Option<&str> {
    let inner = value.strip_prefix("url(")?.split(')').next()?;
    inner.trim().trim_matches(['"', '\'']).strip_prefix('#')
}

struct Writer {
    out: String,
    costly: usize,
    images: usize,
}

impl Writer {
    fn element(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(ErrorCode::TooLarge.into());
        }
        let name = node.tag_name().name();
        if name == "image" && !self.has_picture(node)? {
            return Ok(());
        }
        self.out.push('<');
        self.out.push_str(name);
        if depth == 0 {
            self.attribute("xmlns", SVG);
            self.attribute("xmlns:xlink", XLINK);
        }
        let style: Vec<(&str, &str)> = node.attribute("style").map(declarations).unwrap_or_default();
        for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
            let (name, value) = (attribute.name(), attribute.value());
            if ATTRIBUTES.contains(&name) && local(value) {
                self.attribute(name, value);
            } else if style.iter().all(|(other, _)| *other != name) {
                self.presentation(name, value)?;
            }
        }
        for (name, value) in style {
            self.presentation(name, value)?;
        }
        if name == "image" {
            self.picture(node)?;
        } else if let Some(target) = href(node).filter(|target| target.starts_with('#')) {
            self.attribute("xlink:href", target);
        }
        self.out.push('>');
        for child in node.children().filter(|child| allowed(*child)) {
            self.element(child, depth + 1)?;
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        Ok(())
    }

    fn presentation(&mut self, name: &str, value: &str) -> Result<(), Error> {
        if !PRESENTATION.contains(&name) || !local(value) {
            return Ok(());
        }
        if LAYERS.contains(&name) || name == "stroke-dasharray" {
            self.costly += 1;
            if self.costly > MAX_COSTLY {
                return Err(ErrorCode::TooLarge.into());
            }
        }
        self.attribute(name, value);
        Ok(())
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        for c in value.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '"' => self.out.push_str("&quot;"),
                c if c.is_control() => self.out.push(' '),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    fn has_picture(&mut self, node: Node<'_, '_>) -> Result<bool, Error> {
        if href(node).is_none_or(|href| crate::link::strip_prefix_ignore_case(href, "data:").is_none()) {
            return Ok(false);
        }
        self.images += 1;
        if self.images > MAX_IMAGES { Err(ErrorCode::TooLarge.into()) } else { Ok(true) }
    }

    /// A picture inside is decoded within our limits and goes in again as a clean PNG; one that does not decode is left out.
    fn picture(&mut self, node: Node<'_, '_>) -> Result<(), Error> {
        let Some((media_type, bytes)) = href(node).and_then(decode_data_uri) else { return Ok(()) };
        let Some(format) = format(&bytes).filter(|_| RASTER.contains(&media_type.as_str())) else { return Ok(()) };
        let mut pixels = match decode(&bytes, format) {
            Ok(decoded) => decoded.into_rgba8(),
            Err(error) if error.code == ErrorCode::TooLarge => return Err(error),
            Err(_) => return Ok(()),
        };
        premultiply(&mut pixels);
        let png = clean_png(shrink(&pixels, IMAGE_SIDE))?;
        self.attribute("xlink:href", &format!("data:image/png;base64,{}", STANDARD.encode(png)));
        Ok(())
    }
}

fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute((XLINK, "href")).or_else(|| node.attribute("href")).map(str::trim)
}

/// Whether a value names nothing outside: no `url(…)` but to a fragment, no escapes that could hide one.
fn local(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !lower.contains('\\')
        && !lower.contains("expression")
        && !lower.contains("javascript")
        && lower.match_indices("url").all(|(at, _)| fragment(&lower[at..]).is_some())
}

/// The declarations of a `style` attribute.
fn declarations(style: &str) -> Vec<(&str, &str)> {
    let pairs = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    pairs.map(|(name, value)| (name.trim(), value.trim().trim_end_matches("!important").trim())).collect()
}
