//! Receipts through a real database file: whatever happens in whatever order, the ledger adds up.
mod claims;
mod histories;
mod keeping;
mod late;
mod levels;
mod parked;
mod past;
mod returns;
pub mod rig;
mod versions;
mod waiting_sales;
mod written_json;
mod zones;
