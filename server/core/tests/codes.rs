//! Rotating codes at tills: a code spends as of the server's clock and once, wrong codes are limited for each till and
//! each card, and each former secret of a device stays valid for two steps.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod chain;
#[path = "codes/scene.rs"]
mod scene;

#[path = "codes/former_secret.rs"]
mod former_secret;
#[path = "codes/late_sales.rs"]
mod late_sales;
#[path = "codes/migrated.rs"]
mod migrated;
#[path = "codes/once.rs"]
mod once;
#[path = "codes/printed_cards.rs"]
mod printed_cards;
#[path = "codes/server_clock.rs"]
mod server_clock;
#[path = "codes/wrong_codes.rs"]
mod wrong_codes;
