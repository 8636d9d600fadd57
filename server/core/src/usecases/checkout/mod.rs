//! What happens at a till: look-up, receipts, returns, confirmed spending, claims, fraud limits, printed cards.
//!
//! A module uses those before it in this order, and none after it: `scanned_cards`, `sale_draft`, `receipt_answers`, `pos_v1`,
//! `fraud_limits`, `receipts`, `spend_confirmation`, `claim_codes`, `printed_cards`, `till`.

pub mod claim_codes;
pub mod fraud_limits;
pub mod pos_v1;
pub mod printed_cards;
mod receipt_answers;
pub mod receipts;
mod sale_draft;
pub mod scanned_cards;
pub mod spend_confirmation;
pub mod till;
