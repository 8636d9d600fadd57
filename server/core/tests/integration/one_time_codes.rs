//! One-time passwords: which codes are right, and how many are sent and judged.

mod closing;
mod keeping;
mod limits;
mod right_codes;
pub mod scene;
