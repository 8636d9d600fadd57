//! Rotating codes at tills: a code spends as of the server's clock and once, wrong codes are limited for each till and
//! each card, and each former secret of a device stays valid for two steps.

mod scene;

mod former_secret;
mod late_sales;
mod migrated;
mod once;
mod printed_cards;
mod server_clock;
mod wrong_codes;
