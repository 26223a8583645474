#![forbid(unsafe_code)]
//! What a person is told of a badge: the same words and shapes in the wallet, on the command line and on the page that a share
//! link opens. Pure: no I/O, no clock, no store, no pixels; it compiles to WebAssembly.

pub mod convert;
mod data_uri;
mod judged;
pub mod markdown;
pub mod sentences;
pub mod view;

pub use data_uri::{MAX_PICTURE, decode_data_uri};
pub use judged::{CheckedCredential, Lists};
