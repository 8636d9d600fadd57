//! Rotating codes at tills: a code spends as of the server's clock and once, wrong codes are limited for each till and
//! each card, and the former secret of a device stays valid for two steps.

mod scene;

mod former_secret;
mod once;
mod server_clock;
mod wrong_codes;
