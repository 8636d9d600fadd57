//! What the tests and benches of several packages share. A failure here is a failure of the test that called it, so it panics.

#![allow(
    missing_docs,
    clippy::new_without_default,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic
)]

pub mod bench;
pub mod cancellation;
pub mod chain;
pub mod place;
pub mod program;
