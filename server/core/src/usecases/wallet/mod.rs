//! What a member sees of their card and of their past.

pub mod card;
pub mod history;
