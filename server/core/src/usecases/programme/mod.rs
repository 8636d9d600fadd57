//! What the chain sets up: the programme, its stores, tills, goods, gifts and lists of offers.

pub mod gifts;
pub mod offer_members;
pub mod products;
pub mod programmes;
pub mod rules;
pub mod stores;
pub mod tills;
