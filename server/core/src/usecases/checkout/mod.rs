//! What happens at a till: look-up, receipts, returns, confirmed spending, claims, fraud limits, printed cards.

pub mod claim_codes;
pub mod fraud_limits;
pub mod pos_v1;
pub mod printed_cards;
pub mod receipts;
pub mod spend_confirmation;
pub mod till;
