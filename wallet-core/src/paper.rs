//! A share on paper: a PDF with the link and its code, what the badges say, and the signed badges themselves as attachments.
//!
//! There is no verdict in it, since anybody can write on paper: it says how to check. The file is PDF/A-3a and PDF/UA-1, so that an
//! archive keeps it and a screen reader reads it. [`layout`] places everything, this module draws what was placed.

mod layout;
mod letters;

use std::num::NonZeroU16;

use jiff::{Timestamp, tz::TimeZone};
use krilla::{
    Data, Document, SerializeSettings,
    action::LinkAction,
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    embed::{AssociationKind, EmbeddedFile, MimeType},
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node as TagNode, SpanTag, Tag, TagGroup, TagTree},
    text::TextDirection,
};

use self::layout::{Color, Draw, Item, Kind, Laid, PAGE};
use crate::{
    Error, ErrorCode, Result,
    qr::Modules,
    view::{BadgeFace, Language, NamedFile},
};

/// What goes on paper.
#[derive(Debug)]
pub(crate) struct Paper {
    /// The language of our words.
    pub(crate) language: Language,
    /// The sharer's title; may be empty.
    pub(crate) title: String,
    /// The sharer's words; may be empty.
    pub(crate) words: String,
    /// The whole link.
    pub(crate) address: String,
    /// The link as a code.
    pub(crate) code: Modules,
    /// When the link ends.
    pub(crate) ends_at: Option<Timestamp>,
    /// Whether a passcode opens it.
    pub(crate) passcode: bool,
    /// When this was made.
    pub(crate) made_at: Timestamp,
    /// The badges.
    pub(crate) badges: Vec<PaperBadge>,
}

/// One badge on paper.
#[derive(Debug)]
pub(crate) struct PaperBadge {
    /// What it says of itself.
    pub(crate) face: BadgeFace,
    /// Its picture, drawn anew as a PNG.
    pub(crate) picture: Vec<u8>,
    /// The signed badge, unchanged.
    pub(crate) original: NamedFile,
}

/// Makes the PDF.
///
/// Error: [`ErrorCode::Internal`] when the library refuses.
pub(crate) fn pdf(paper: &Paper) -> Result<Vec<u8>> {
    let fonts = letters::Fonts::new().ok_or(ErrorCode::Internal)?;
    let laid = layout::lay(paper, &fonts);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| Error::new(ErrorCode::Internal, format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let made = date_time(paper.made_at);
    document.set_metadata(
        Metadata::new()
            .title(laid.title.clone())
            .language(crate::sentences::name_of(&paper.language))
            .creator("Badge Wallet".to_owned())
            .creation_date(made),
    );
    for badge in &paper.badges {
        attach(&mut document, badge, made).ok_or(ErrorCode::Internal)?;
    }
    document.set_outline(outline(&laid));
    let tags = draw(&mut document, paper, &laid, &fonts)?;
    document.set_tag_tree(tags);
    document.finish().map_err(|error| Error::new(ErrorCode::Internal, format!("{error:?}")))
}

/// The headings, for who jumps from one to the next.
fn outline(laid: &Laid) -> Outline {
    let mut outline = Outline::new();
    for (place, node) in laid.nodes.iter().enumerate().filter(|(_, node)| matches!(node.kind, Kind::Heading(_))) {
        let first = laid.items.iter().find(|item| item.node == Some(place));
        if let Some(Item { page, draw: Draw::Text { x, y, size, .. }, .. }) = first {
            outline.push_child(OutlineNode::new(node.alt.clone(), XyzDestination::new(*page, Point::from_xy(*x, y - size))));
        }
    }
    outline
}

fn attach(document: &mut Document, badge: &PaperBadge, made: DateTime) -> Option<()> {
    let NamedFile { name, bytes, media_type } = &badge.original;
    document.embed_file(EmbeddedFile {
        path: name.clone(),
        mime_type: media_type.as_deref().and_then(MimeType::new),
        description: Some(badge.face.name.clone()),
        association_kind: AssociationKind::Source,
        data: Data::from(bytes.clone()),
        modification_date: Some(made),
        compress: Some(true),
        location: None,
    })
}

/// Draws every page, and answers the order in which it is read.
fn draw(document: &mut Document, paper: &Paper, laid: &Laid, fonts: &letters::Fonts) -> Result<TagTree> {
    let pictures: Vec<Image> = paper.badges.iter().map(|badge| picture(&badge.picture)).collect::<Result<_>>()?;
    let mut read: Vec<Vec<Identifier>> = vec![Vec::new(); laid.nodes.len()];
    let pages = laid.items.iter().map(|item| item.page).max().unwrap_or(0) + 1;
    for number in 0..pages {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(ErrorCode::Internal)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let here = || laid.items.iter().filter(|item| item.page == number);
        for item in here() {
            let tag = match (item.node, &item.draw) {
                (None, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
                (Some(node), Draw::Text { .. }) => ContentTag::Span(SpanTag::empty().with_lang(laid.nodes[node].lang.as_deref())),
                _ => ContentTag::Other,
            };
            let id = surface.start_tagged(tag);
            mark(&mut surface, item, &pictures, paper, fonts).ok_or(ErrorCode::Internal)?;
            surface.end_tagged();
            if let Some(node) = item.node {
                read[node].push(id);
            }
        }
        surface.finish();
        for item in here() {
            let Some(node) = item.node else { continue };
            if let (Kind::Link(address), Draw::Text { x, y, size, text, bold, .. }) = (&laid.nodes[node].kind, &item.draw) {
                let width = fonts.width(text, *size, *bold);
                let rect = Rect::from_xywh(*x, y - size, width, size * 1.3).ok_or(ErrorCode::Internal)?;
                let target = Target::Action(LinkAction::new(address.clone()).into());
                let link = Annotation::new_link(LinkAnnotation::new(rect, target), Some(laid.nodes[node].alt.clone()));
                read[node].push(page.add_tagged_annotation(link));
            }
        }
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(crate::sentences::name_of(&paper.language)));
    for (node, ids) in laid.nodes.iter().zip(read) {
        let children: Vec<TagNode> = ids.into_iter().map(TagNode::from).collect();
        let group = match &node.kind {
            Kind::Heading(level) => TagGroup::with_children(Tag::Hn(*level, Some(node.alt.clone())), children),
            Kind::Text => TagGroup::with_children(Tag::P, children),
            Kind::Picture => TagGroup::with_children(Tag::Figure(Some(node.alt.clone())), children),
            Kind::Link(_) => TagGroup::with_children(Tag::P, vec![TagGroup::with_children(Tag::Link, children).into()]),
        };
        tree.push(group);
    }
    Ok(tree)
}

fn mark(surface: &mut Surface<'_>, item: &Item, pictures: &[Image], paper: &Paper, fonts: &letters::Fonts) -> Option<()> {
    match &item.draw {
        Draw::Text { x, y, size, bold, color, text } => {
            fill(surface, *color);
            surface.draw_text(Point::from_xy(*x, *y), fonts.font(*bold), *size, text, false, TextDirection::LeftToRight);
        }
        Draw::Panel { x, y, width, height, color } => {
            fill(surface, *color);
            surface.draw_path(&rounded(*x, *y, *width, *height)?);
        }
        Draw::Line { x, y, width } => {
            fill(surface, layout::LINE);
            let mut path = PathBuilder::new();
            path.push_rect(Rect::from_xywh(*x, *y, *width, 0.75)?);
            surface.draw_path(&path.finish()?);
        }
        Draw::Picture { x, y, side, badge } => {
            let image = pictures.get(*badge)?.clone();
            let (width, height) = image.size();
            let scale = side / width.max(height).max(1) as f32;
            let (width, height) = (width as f32 * scale, height as f32 * scale);
            surface.push_transform(&Transform::from_translate(x + (side - width) / 2.0, y + (side - height) / 2.0));
            surface.draw_image(image, Size::from_wh(width, height)?);
            surface.pop();
        }
        Draw::Code { x, y, side } => {
            let code = &paper.code;
            // A quiet zone of four modules, as on a screen.
            let module = side / (code.side() + 8) as f32;
            fill(surface, layout::WHITE);
            surface.draw_path(&rounded(*x, *y, *side, *side)?);
            fill(surface, layout::BLACK);
            let mut path = PathBuilder::new();
            for (row, start, run) in code.runs() {
                let (left, top) = (x + (start + 4) as f32 * module, y + (row + 4) as f32 * module);
                path.push_rect(Rect::from_xywh(left, top, run as f32 * module, module)?);
            }
            surface.draw_path(&path.finish()?);
        }
    }
    Some(())
}

fn fill(surface: &mut Surface<'_>, Color(red, green, blue): Color) {
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }));
}

/// A rectangle with the corners of our cards.
fn rounded(x: f32, y: f32, width: f32, height: f32) -> Option<krilla::geom::Path> {
    let corner = 10.0_f32.min(width / 2.0).min(height / 2.0);
    // How far a control point is from its corner for a quarter of a circle.
    let bend = corner * 0.448;
    let (right, bottom) = (x + width, y + height);
    let mut path = PathBuilder::new();
    path.move_to(x + corner, y);
    path.line_to(right - corner, y);
    path.cubic_to(right - bend, y, right, y + bend, right, y + corner);
    path.line_to(right, bottom - corner);
    path.cubic_to(right, bottom - bend, right - bend, bottom, right - corner, bottom);
    path.line_to(x + corner, bottom);
    path.cubic_to(x + bend, bottom, x, bottom - bend, x, bottom - corner);
    path.line_to(x, y + corner);
    path.cubic_to(x, y + bend, x + bend, y, x + corner, y);
    path.close();
    path.finish()
}

/// An inch of paper needs no more than the small size.
fn picture(png: &[u8]) -> Result<Image> {
    let small = crate::image::one_size(png, crate::image::SMALL)?;
    let pixels = image::load_from_memory_with_format(&small, image::ImageFormat::Png);
    let pixels = pixels.map_err(|error| Error::new(ErrorCode::Internal, error))?.into_rgba8();
    let (width, height) = pixels.dimensions();
    Ok(Image::from_rgba8(pixels.into_raw(), width, height))
}

fn date_time(time: Timestamp) -> DateTime {
    let time = TimeZone::UTC.to_datetime(time);
    let part = |value: i8| value.unsigned_abs();
    DateTime::new(time.year().unsigned_abs())
        .month(part(time.month()))
        .day(part(time.day()))
        .hour(part(time.hour()))
        .minute(part(time.minute()))
        .second(part(time.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

/// A heading's level.
const fn level(number: u16) -> NonZeroU16 {
    match NonZeroU16::new(number) {
        Some(level) => level,
        None => NonZeroU16::MIN,
    }
}

#[cfg(test)]
mod tests;
