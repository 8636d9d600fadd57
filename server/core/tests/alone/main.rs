//! Tests that need a process for themselves: round trips to the database are counted for the whole process.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod round_trips;

use kopilka_testing::chain;
