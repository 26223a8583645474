//! Sentences in the learner's language: those of [`badge_view`], and those of the facade's errors.

pub(crate) use badge_view::sentences::{Audience, label, name_of};
pub use badge_view::sentences::{date, sentence};

use crate::ErrorCode;
use crate::view::Language;

/// What went wrong, in one or two sentences.
#[must_use]
pub fn error(language: Language, code: ErrorCode) -> String {
    sentence(language, &format!("error_{}", name_of(&code)), &[])
}
