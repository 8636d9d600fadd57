//! Use cases and storage over a real database, on each engine. One binary, because each costs its linking.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod both_engines;
#[path = "../chain/mod.rs"]
mod chain;
mod codes;
mod confirming;
mod counted_sums;
mod counter;
mod damage;
mod demo_data;
mod form_states;
mod lost_answers;
mod meanwhile;
mod merged_accounts;
mod nightly;
mod once_only;
mod one_time_codes;
mod past_database;
mod personal_data;
mod products;
mod pruning;
mod races;
mod radar;
mod sent_late;
mod series;
mod shifts;
mod spread;
mod storage;
mod stored_rows;
mod tiers;
mod till_access;
