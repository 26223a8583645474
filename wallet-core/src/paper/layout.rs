//! Where everything goes: top to bottom, a badge never torn over two pages.

use std::num::NonZeroU16;

use jiff::Timestamp;

use super::{Paper, PaperBadge, letters::Fonts, level};
use crate::sentences::{date, sentence};

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 56.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// Where the text of a page ends; below is its foot.
const BOTTOM: f32 = PAGE.1 - 72.0;
const FOOT: f32 = PAGE.1 - 40.0;
/// A line is this much higher than its letters.
const LEADING: f32 = 1.4;
const CODE: f32 = 132.0;
const PICTURE: f32 = 72.0;
/// A description is a few lines; the rest is in the badge.
const MOST_LINES: usize = 4;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color(pub(super) u8, pub(super) u8, pub(super) u8);

/// The light look of `design/tokens.css`.
pub(super) const INK: Color = Color(0x19, 0x1B, 0x2C);
pub(super) const SOFT: Color = Color(0x56, 0x5A, 0x70);
pub(super) const ACCENT: Color = Color(0x2C, 0x3F, 0xD0);
pub(super) const PANEL: Color = Color(0xE7, 0xEA, 0xFF);
pub(super) const LINE: Color = Color(0xD9, 0xD4, 0xC7);
pub(super) const WHITE: Color = Color(0xFF, 0xFF, 0xFF);
pub(super) const BLACK: Color = Color(0, 0, 0);

/// One thing on a page. Those without a node are decoration, and not read aloud.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) page: usize,
    pub(super) node: Option<usize>,
    pub(super) draw: Draw,
}

/// What is drawn. Places are in points from the top left; of a text, of the start of its base line.
#[derive(Debug, Clone)]
pub(super) enum Draw {
    Text { x: f32, y: f32, size: f32, bold: bool, color: Color, text: String },
    Panel { x: f32, y: f32, width: f32, height: f32, color: Color },
    Line { x: f32, y: f32, width: f32 },
    Picture { x: f32, y: f32, side: f32, badge: usize },
    Code { x: f32, y: f32, side: f32 },
}

/// What a screen reader is told: the nodes are read in their order.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// For a picture and a link.
    pub(super) alt: String,
    /// The language of a badge's own text.
    pub(super) lang: Option<String>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Heading(NonZeroU16),
    Text,
    Picture,
    Link(String),
}

/// Everything, placed.
#[derive(Debug)]
pub(super) struct Laid {
    pub(super) title: String,
    pub(super) items: Vec<Item>,
    pub(super) nodes: Vec<Node>,
}

/// How a paragraph looks.
#[derive(Debug, Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
    color: Color,
}

const TITLE: Style = Style { size: 24.0, bold: true, color: INK };
const HEADING: Style = Style { size: 15.0, bold: true, color: INK };
const BODY: Style = Style { size: 11.0, bold: false, color: INK };
const QUIET: Style = Style { size: 11.0, bold: false, color: SOFT };
const ADDRESS: Style = Style { size: 9.5, bold: false, color: ACCENT };
const FOOTNOTE: Style = Style { size: 9.0, bold: false, color: SOFT };

struct Pen<'a> {
    fonts: &'a Fonts,
    paper: &'a Paper,
    items: Vec<Item>,
    nodes: Vec<Node>,
    page: usize,
    y: f32,
}

/// Places a share on its pages.
pub(super) fn lay(paper: &Paper, fonts: &Fonts) -> Laid {
    let mut pen = Pen { fonts, paper, items: Vec::new(), nodes: Vec::new(), page: 0, y: MARGIN };
    let title = pen.shown(&paper.title).filter(|title| !title.trim().is_empty());
    let title = title.unwrap_or_else(|| pen.say("paper_title", &[]));
    pen.paragraph(Kind::Heading(level(1)), &title, TITLE, MARGIN, WIDTH, None);
    if let Some(words) = pen.shown(&paper.words).filter(|words| !words.trim().is_empty()) {
        pen.y += 4.0;
        pen.paragraph(Kind::Text, &format!("“{words}”"), QUIET, MARGIN, WIDTH, None);
    }
    pen.y += 16.0;
    pen.check_it_yourself();
    pen.y += 20.0;
    for (number, badge) in paper.badges.iter().enumerate() {
        pen.badge(number, badge);
    }
    pen.feet();
    Laid { title, items: pen.items, nodes: pen.nodes }
}

impl Pen<'_> {
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        sentence(self.paper.language, key, values)
    }

    fn date(&self, time: Timestamp) -> String {
        date(self.paper.language, time)
    }

    /// A text from a badge or a person, or nothing where these letters cannot write it.
    fn shown(&self, text: &str) -> Option<String> {
        self.fonts.writable(text).map(std::borrow::Cow::into_owned)
    }

    fn node(&mut self, kind: Kind, alt: String, lang: Option<&str>) -> usize {
        self.nodes.push(Node { kind, alt, lang: lang.map(str::to_owned) });
        self.nodes.len() - 1
    }

    fn put(&mut self, node: Option<usize>, draw: Draw) {
        self.items.push(Item { page: self.page, node, draw });
    }

    /// Lines of text from here down.
    fn paragraph(&mut self, kind: Kind, text: &str, style: Style, x: f32, width: f32, lang: Option<&str>) {
        let lines = self.fonts.lines(text, style.size, style.bold, width);
        let node = self.node(kind, text.to_owned(), lang);
        self.write(node, lines, style, x);
    }

    fn write(&mut self, node: usize, lines: Vec<String>, style: Style, x: f32) {
        let last = lines.len().saturating_sub(1);
        for (place, line) in lines.into_iter().enumerate() {
            // A reader joins lines, so that the space between them has to be there.
            let text = if place == last { line } else { format!("{line} ") };
            let y = self.y + style.size;
            let Style { size, bold, color } = style;
            self.put(Some(node), Draw::Text { x, y, size, bold, color, text });
            self.y += style.size * LEADING;
        }
    }

    /// The panel with the code and the link.
    fn check_it_yourself(&mut self) {
        const INNER: f32 = 18.0;
        let top = self.y;
        let panel = self.items.len();
        self.put(None, Draw::Panel { x: MARGIN, y: top, width: WIDTH, height: 0.0, color: PANEL });
        let (x, width) = (MARGIN + INNER + CODE + INNER, WIDTH - 3.0 * INNER - CODE);
        self.y = top + INNER;
        let heading = self.say("paper_check_title", &[]);
        self.paragraph(Kind::Heading(level(2)), &heading, HEADING, x, width, None);
        let text = self.say("paper_check_text", &[]);
        self.paragraph(Kind::Text, &text, BODY, x, width, None);
        self.y += 4.0;
        let address = self.paper.address.clone();
        let alt = self.say("paper_link", &[]);
        let node = self.node(Kind::Link(address.clone()), alt, None);
        let lines = self.fonts.lines(&address, ADDRESS.size, ADDRESS.bold, width);
        // An address has no spaces, where lines meet neither.
        for line in lines {
            let Style { size, bold, color } = ADDRESS;
            let y = self.y + size;
            self.put(Some(node), Draw::Text { x, y, size, bold, color, text: line });
            self.y += size * LEADING;
        }
        self.y += 4.0;
        let until = match self.paper.ends_at {
            Some(end) => self.say("link_ends_at", &[("date", &self.date(end))]),
            None => self.say("paper_ends_open", &[]),
        };
        let passcode = if self.paper.passcode { self.say("paper_passcode", &[]) } else { String::new() };
        let more = self.say("paper_attached", &[]);
        self.paragraph(Kind::Text, &format!("{until} {passcode} {more}"), QUIET, x, width, None);
        let height = (self.y - top + INNER).max(CODE + 2.0 * INNER);
        if let Some(Item { draw: Draw::Panel { height: drawn, .. }, .. }) = self.items.get_mut(panel) {
            *drawn = height;
        }
        let alt = self.say("link_code_label", &[]);
        let node = self.node(Kind::Picture, alt, None);
        self.put(Some(node), Draw::Code { x: MARGIN + INNER, y: top + INNER, side: CODE });
        self.y = top + height;
    }

    fn badge(&mut self, number: usize, badge: &PaperBadge) {
        const GAP: f32 = 16.0;
        let face = &badge.face;
        let (x, width) = (MARGIN + PICTURE + GAP, WIDTH - PICTURE - GAP);
        let lang = face.language.as_deref();
        let elsewhere = self.say("paper_other_script", &[]);
        let filled = |text: &String| !text.trim().is_empty();
        let name = self.shown(&face.name).filter(filled).unwrap_or_else(|| elsewhere.clone());
        let issuer = self.shown(&face.issuer).filter(filled).unwrap_or(elsewhere);
        let from = match face.issued.as_deref().and_then(|issued| issued.parse::<Timestamp>().ok()) {
            Some(issued) => self.say("paper_from_on", &[("name", &issuer), ("date", &self.date(issued))]),
            None => self.say("paper_from", &[("name", &issuer)]),
        };
        let about = face.description.as_deref().and_then(|text| self.shown(text)).unwrap_or_default();
        let mut about = self.fonts.lines(&about, BODY.size, BODY.bold, width);
        if about.len() > MOST_LINES {
            about.truncate(MOST_LINES);
            if let Some(last) = about.last_mut() {
                last.push('…');
            }
        }
        let skills: Vec<String> = face.skills.iter().filter_map(|skill| self.shown(&skill.name)).collect();
        let skills = match skills.is_empty() {
            true => Vec::new(),
            false => {
                let all = format!("{}: {}", self.say("badge_skills", &[]), skills.join(" · "));
                self.fonts.lines(&all, QUIET.size, QUIET.bold, width)
            }
        };
        let lines = |count: usize, style: Style| count as f32 * style.size * LEADING;
        let names = self.fonts.lines(&name, HEADING.size, HEADING.bold, width).len();
        let froms = self.fonts.lines(&from, QUIET.size, QUIET.bold, width).len();
        let text = lines(names, HEADING) + lines(froms, QUIET) + 4.0 + lines(about.len(), BODY) + lines(skills.len(), QUIET);
        let height = text.max(PICTURE) + 2.0 * GAP;
        if self.y + height > BOTTOM {
            self.page += 1;
            self.y = MARGIN;
        }
        let top = self.y + GAP;
        self.put(None, Draw::Line { x: MARGIN, y: self.y, width: WIDTH });
        self.y = top;
        self.paragraph(Kind::Heading(level(2)), &name, HEADING, x, width, lang);
        let node = self.node(Kind::Picture, name, lang);
        self.put(Some(node), Draw::Picture { x: MARGIN, y: top, side: PICTURE, badge: number });
        self.paragraph(Kind::Text, &from, QUIET, x, width, None);
        self.y += 4.0;
        for (lines, style) in [(about, BODY), (skills, QUIET)] {
            if !lines.is_empty() {
                let node = self.node(Kind::Text, String::new(), lang);
                self.write(node, lines, style, x);
            }
        }
        self.y = top + height - GAP;
    }

    /// What stands below every page, read once.
    fn feet(&mut self) {
        let warning = self.say("paper_warning", &[]);
        let pages = self.page + 1;
        let node = self.node(Kind::Text, String::new(), None);
        for page in 0..pages {
            let Style { size, bold, color } = FOOTNOTE;
            let number = format!("{} / {pages}", page + 1);
            let x = PAGE.0 - MARGIN - self.fonts.width(&number, size, bold);
            self.page = page;
            self.put((page == 0).then_some(node), Draw::Text { x: MARGIN, y: FOOT, size, bold, color, text: warning.clone() });
            self.put(None, Draw::Text { x, y: FOOT, size, bold, color, text: number });
        }
    }
}
