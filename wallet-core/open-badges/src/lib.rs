//! Parses and judges Open Badges 2.0 and 3.0.
//!
//! Pure: no I/O, no clock, no store. [`extract`] finds credentials in bytes from outside, [`Credential`] is one of them,
//! and [`judge`] answers what can be said of it from the [`Evidence`] at hand, naming the [`Need`]s that are missing.

mod credential;
mod evidence;
pub mod json;
mod judge;
mod verdict;

pub use credential::*;
pub use evidence::*;
pub use judge::*;
pub use verdict::*;
