//! Parses and judges Open Badges 2.0 and 3.0.
//!
//! Pure: no I/O, no clock, no store. [`extract`] finds credentials in bytes from outside, [`Credential`] is one of them,
//! and [`judge`] answers what can be said of it from the [`Evidence`] at hand, naming the [`Need`]s that are missing.

mod alignment;
mod assertion_v2;
mod baked;
mod contexts;
#[cfg(test)]
mod corpus;
mod credential;
mod did;
mod evidence;
mod extract;
pub mod json;
mod judge;
mod open_badge_v3;
mod parts;
mod proof;
mod rdf;
mod recipient;
mod text;
mod value;
mod verdict;

pub use baked::{BakeKind, bake_png, bake_svg};
pub use credential::*;
pub use evidence::*;
pub use extract::extract;
pub use judge::*;
pub use recipient::{RecipientMatch, match_recipient};
pub use text::{clean_name, clean_text};
pub use verdict::*;
