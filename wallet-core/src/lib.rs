#![forbid(unsafe_code)]
//! The badge wallet's core.

mod error;
pub mod view;

pub use error::*;
