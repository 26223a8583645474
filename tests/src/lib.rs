//! What the tests that span the crates share: badges signed by independent issuers, variants of them, the web they need,
//! the corpus, a demo city, and the sources of this repository.

pub mod builders;
pub mod city;
pub mod corpus;
pub mod fixtures;
pub mod home;
pub mod judging;
pub mod sources;
