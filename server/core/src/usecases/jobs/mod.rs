//! Work without a person: the nightly job, pruning, sealing.

pub mod nightly;
pub mod pruning;
pub mod sealing;
