//! The rules of the programme, pure: no storage, no network, no clock. The time is always passed in, and the same facts
//! always give the same answer.

pub mod actor;
pub mod amounts;
pub mod card;
pub mod card_scheme;
pub mod chain;
pub mod claim_code;
pub mod code_limits;
pub mod codes;
pub mod consents;
pub mod corrections;
pub mod country;
pub mod decimal;
pub mod email;
pub mod evaluate;
pub mod fraud_limits;
pub mod ledger;
pub mod name;
pub mod network;
pub mod offers;
pub mod one_time_code;
pub mod phone;
pub mod products;
pub mod profile;
pub mod programme;
pub mod reason;
pub mod receipt;
pub mod returns;
pub mod roles;
pub mod spend_answer;
pub(crate) mod stored_names;
pub mod tiers;
pub mod time;
pub mod visible;
