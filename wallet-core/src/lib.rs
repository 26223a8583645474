#![forbid(unsafe_code)]
//! The badge wallet's core.

mod checker;
mod convert;
mod error;
mod image;
mod input;
pub mod link;
mod markdown;
pub mod qr;
pub mod report;
pub mod sentences;
pub mod view;

pub use checker::Checker;
pub use error::*;
