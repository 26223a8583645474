#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod activity;
mod checker;
mod convert;
mod demo;
mod device;
mod error;
mod image;
mod input;
mod keys;
pub mod link;
mod paper;
pub mod qr;
pub mod report;
pub mod sentences;
mod share;
mod store;
pub mod view;
mod wallet;

#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub use activity::read_everything;
pub use checker::{Checker, Clock, Lists};
pub use convert::code_png;
#[cfg(any(test, feature = "testing"))]
pub use device::MemoryDevice;
pub use device::{Device, KeyStoreError, SystemDevice};
pub use error::*;
pub use input::MAX_INPUT;
pub use keys::Secret;
pub use wallet::{Wallet, WalletConfig};
