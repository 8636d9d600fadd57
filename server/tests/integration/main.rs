//! The program as a black box: its sockets, commands and files, on each engine. One binary, because each costs its linking.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod actors;
mod alcohol;
mod all_forms;
mod batch;
mod block_override;
mod busy;
mod claims;
mod client;
mod codes;
mod demo_command;
mod demo_for_this_machine;
mod documents;
mod form_states;
mod form_statuses;
mod gifts;
mod joining;
mod late_sales;
mod metrics;
mod nightly;
mod offer_members;
mod operating;
mod otp;
mod page_costs;
mod people;
mod points_commands;
mod pos_docs;
mod pos_enrol;
mod pos_fuzz;
mod pos_input;
mod pos_keys;
mod pos_nulls;
mod pos_requests;
mod processes;
mod products;
mod programme;
mod races;
mod receipt_identity;
mod receipt_lines;
mod receipt_list;
mod receipt_meaning;
mod receipts;
mod refused_forms;
mod requests;
mod returns;
mod seals;
mod secret_key;
mod sign_in_phones;
mod signed_out;
mod spelling;
mod staff_commands;
mod stores;
mod till_access;
mod till_queue;

use kopilka_testing::program as support;
