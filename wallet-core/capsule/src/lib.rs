//! What a share link leads to: a capsule that only the link opens.
//!
//! Pure: no I/O, no clock, no store. The wallet seals, the page and the checker open, and the host that keeps capsules reads
//! their [`Header`] and nothing else. The design is `security.md`, "Sealed link":
//!
//! - [`LinkAddress`] is the link. Its key stands after the `#`, which no browser sends to a host.
//! - [`Seal`] makes a capsule of a [`Portfolio`], [`open`] opens it. Every seal draws a fresh salt, so that no key and nonce
//!   are ever used twice.
//! - [`Passcode`] is the optional second secret. The host can refuse a wrong one and cannot guess the right one.
//! - [`Manage`] is how the owner of a link, and nobody else, changes or ends it.
//! - A [`Statement`] is what a host says that it fetched.

mod address;
mod keys;
mod manage;
mod portfolio;
mod seal;
mod witness;
mod words;

pub use address::{AddressError, LinkAddress, LinkId, LinkKey, host_origin};
pub use keys::{HostKey, KeyError, ManageKey, Passcode};
pub use manage::{Action, Manage};
pub use portfolio::{MAX_BADGES, MAX_CREDENTIAL, Portfolio, PortfolioError, SharedBadge, Show, Witnessed};
pub use seal::{HEADER, Header, MAX_CAPSULE, OpenError, Opened, Seal, SealError, open};
pub use witness::{PublishedKey, Statement, WitnessError};
pub use words::{clean_title, clean_words};

#[cfg(test)]
mod tests;
