//! Use cases and storage over a real database, on each engine. One binary, because each costs its linking.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod actors;
mod audited;
mod both_engines;
mod codes;
mod confirming;
mod counted_sums;
mod counter;
mod damage;
mod form_states;
mod lost_answers;
mod meanwhile;
mod merged_accounts;
mod nightly;
mod offer_members;
mod once_only;
mod one_time_codes;
mod past_database;
mod personal_data;
mod products;
mod pruning;
mod races;
mod radar;
mod roles;
mod sealing;
mod sent_late;
mod series;
mod shifts;
mod spread;
mod staff_log;
mod storage;
mod stored_rows;
mod tiers;
mod till_access;

use kopilka_testing::chain;
