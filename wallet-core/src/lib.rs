#![forbid(unsafe_code)]
//! The badge wallet's core.

mod error;
mod image;
mod input;
pub mod link;
pub mod qr;
pub mod view;

pub use error::*;
