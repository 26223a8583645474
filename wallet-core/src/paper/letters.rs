//! The letters on paper: Atkinson Hyperlegible Next, as on the screens. What it cannot write is said, not boxed.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use krilla::{Data, text::Font};
use ttf_parser::Face;

static REGULAR: &[u8] = include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Bold.ttf");

/// One weight: to measure by, and to draw with.
struct Weight {
    face: Face<'static>,
    font: Font,
}

impl Weight {
    fn new(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { face: Face::parse(bytes, 0).ok()?, font: Font::new(Data::from(bytes.to_vec()), 0)? })
    }
}

/// Both weights.
pub(super) struct Fonts {
    regular: Weight,
    bold: Weight,
}

impl Fonts {
    /// `None` only for a font file that is broken.
    pub(super) fn new() -> Option<Self> {
        Some(Self { regular: Weight::new(REGULAR)?, bold: Weight::new(BOLD)? })
    }

    pub(super) fn font(&self, bold: bool) -> Font {
        self.weight(bold).font.clone()
    }

    fn weight(&self, bold: bool) -> &Weight {
        if bold { &self.bold } else { &self.regular }
    }

    /// How wide a text is, in points.
    pub(super) fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        let face = &self.weight(bold).face;
        let advance = |c| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or_default();
        let units: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
        units as f32 * size / f32::from(face.units_per_em())
    }

    /// The text as this font writes it: signs that it lacks are left out. `None` when it lacks letters, for half a name is another
    /// name.
    pub(super) fn writable<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        let has = |c: char| self.regular.face.glyph_index(c).is_some() && self.bold.face.glyph_index(c).is_some();
        if text.chars().all(has) {
            return Some(text.into());
        }
        let mut out = String::with_capacity(text.len());
        for c in ComposingNormalizerBorrowed::new_nfc().normalize(text).chars().map(|c| if c.is_whitespace() { ' ' } else { c }) {
            if has(c) {
                out.push(c);
            } else if c.is_alphanumeric() {
                return None;
            }
        }
        Some(out.into())
    }

    /// The lines of a text, none wider than `width`. Words that are wider are cut where they must.
    pub(super) fn lines(&self, text: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size, bold) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if self.width(&line, size, bold) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}
