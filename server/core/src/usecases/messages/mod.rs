//! Messages to members, one-time passwords and their limits.

pub mod code_limits;
pub mod one_time_passwords;
pub mod outbox;
pub mod phones;
