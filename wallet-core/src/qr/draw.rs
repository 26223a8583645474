//! Draws codes as SVG: black on white, square modules, a quiet zone of four.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, Version};

use crate::{Error, ErrorCode};

/// The largest version of a code that stands alone; beyond, the modules get too small for ordinary cameras.
const LARGEST_SINGLE: i16 = 20;
/// The largest version in a sequence, which is read in an eighth of a second.
const LARGEST_PART: i16 = 16;
const QUIET: usize = 4;

/// A code for `text`, when it fits.
pub(super) fn single(text: &str) -> Option<String> {
    code(text, LARGEST_SINGLE).map(|code| svg(&code))
}

/// A code for one part of a sequence.
pub(super) fn part(text: &str) -> Result<String, Error> {
    code(text, LARGEST_PART).map(|code| svg(&code)).ok_or_else(|| ErrorCode::TooLargeForCodes.into())
}

/// The smallest code at level M within `largest`.
pub(super) fn code(text: &str, largest: i16) -> Option<QrCode> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    matches!(code.version(), Version::Normal(version) if version <= largest).then_some(code)
}

/// A code as squares, for what does not draw SVG.
#[derive(Clone)]
pub(crate) struct Modules(QrCode);

impl Modules {
    pub(super) fn of(text: &str) -> Option<Self> {
        code(text, LARGEST_SINGLE).map(Self)
    }

    /// Modules a side, without the quiet zone.
    pub(crate) fn side(&self) -> usize {
        self.0.width()
    }

    /// Every run of dark modules: row, first column, length.
    pub(crate) fn runs(&self) -> Vec<(usize, usize, usize)> {
        runs(&self.0)
    }
}

impl std::fmt::Debug for Modules {
    // A share link is a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Modules(..)")
    }
}

fn runs(code: &QrCode) -> Vec<(usize, usize, usize)> {
    let modules = code.width();
    let mut runs = Vec::new();
    for (y, row) in code.to_colors().chunks(modules).enumerate() {
        let mut x = 0;
        while x < modules {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                runs.push((y, x, run));
            }
            x += run.max(1);
        }
    }
    runs
}

fn svg(code: &QrCode) -> String {
    let side = code.width() + 2 * QUIET;
    let mut path = String::new();
    for (y, x, run) in runs(code) {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    )
}
