//! Keeping an account: settings, export, closing, corrections by support.

pub mod corrections;
pub mod export;
pub mod settings;
pub mod sign_in_phones;
