//! What a member tells: consents and the profile.

pub mod consents;
pub mod profile;
