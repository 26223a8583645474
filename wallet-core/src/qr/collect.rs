//! Puts a sequence of codes together.

use super::{MAX_PARTS, Shown, UR_TYPE, VERSION_BYTE, envelope};
use crate::{Error, ErrorCode};

/// The longest text of one code: QR cannot carry more letters.
pub(super) const MAX_PART_TEXT: usize = 4296;
/// Parts kept of one set. Four times over is far more than fountain codes need.
const MAX_RECEIVED: usize = 4 * MAX_PARTS;

/// What a sequence came to.
#[derive(Debug)]
pub enum Progress {
    /// More codes are needed: how far it is, 0.0 to below 1.0.
    More(f64),
    /// Everything is here.
    Done(Shown),
}

/// A session that takes the codes of a sequence in any order, with repeats. A code of another set starts anew; memory is bounded.
#[derive(Default)]
pub struct Collector {
    decoder: ur::Decoder,
    parts: usize,
    received: usize,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector").field("parts", &self.parts).field("received", &self.received).finish_non_exhaustive()
    }
}

impl Collector {
    /// Takes the text of one code.
    ///
    /// Errors: [`ErrorCode::NotABadge`] for another code than ours, [`ErrorCode::Damaged`] for one that was misread or edited (the
    /// session goes on without it), [`ErrorCode::TooLarge`] for a set over the limits, [`ErrorCode::TooNew`] for another version.
    pub fn receive(&mut self, text: &str) -> Result<Progress, Error> {
        let text = text.trim();
        if !super::is_part(text) {
            return Err(ErrorCode::NotABadge.into());
        }
        let parts = announced(text).ok_or(ErrorCode::Damaged)?;
        if parts > MAX_PARTS {
            return Err(ErrorCode::TooLarge.into());
        }
        if self.received >= MAX_RECEIVED {
            *self = Self::default();
        }
        match self.decoder.receive(text) {
            Ok(()) => {}
            Err(ur::ur::Error::Fountain(ur::fountain::Error::InconsistentPart)) => {
                let mut fresh = Self::default();
                fresh.decoder.receive(text).map_err(|error| damaged(&error))?;
                *self = fresh;
            }
            Err(error) => return Err(damaged(&error)),
        }
        self.parts = parts;
        self.received += 1;
        if !self.decoder.complete() {
            // Mixed parts help before they resolve a fragment, so the bar counts what came in, short of the end.
            let came = self.received as f64 / parts as f64;
            return Ok(Progress::More(came.min(0.95)));
        }
        let decoder = std::mem::take(self).decoder;
        let message = decoder.message().map_err(|error| damaged(&error))?.ok_or(ErrorCode::Damaged)?;
        match message.split_first() {
            Some((&VERSION_BYTE, envelope)) => Ok(Progress::Done(Shown { credentials: envelope::open(envelope)? })),
            Some(_) => Err(ErrorCode::TooNew.into()),
            None => Err(ErrorCode::Damaged.into()),
        }
    }
}

/// Whether two codes are of one sequence. One that is whole already says so of its other codes, which a new session would take for the
/// beginning of another.
pub(crate) fn same_sequence(one: &str, other: &str) -> bool {
    let mut decoder = ur::Decoder::default();
    let both = decoder.receive(one.trim()).and_then(|()| decoder.receive(other.trim()));
    both.is_ok() && announced(one.trim()) == announced(other.trim())
}

/// The count of fragments that a part announces. The decoder compares it with the one inside.
fn announced(text: &str) -> Option<usize> {
    let counts = text.get("ur:".len() + UR_TYPE.len() + 1..)?.split('/').next()?;
    counts.split_once('-')?.1.parse().ok()
}

fn damaged(error: &ur::ur::Error) -> Error {
    Error::new(ErrorCode::Damaged, error.to_string())
}
