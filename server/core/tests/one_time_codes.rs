//! One-time passwords: which codes are right, and how many are sent and judged.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod chain;

#[path = "one_time_codes/closing.rs"]
mod closing;
#[path = "one_time_codes/keeping.rs"]
mod keeping;
#[path = "one_time_codes/limits.rs"]
mod limits;
#[path = "one_time_codes/right_codes.rs"]
mod right_codes;
#[path = "one_time_codes/scene.rs"]
mod scene;
