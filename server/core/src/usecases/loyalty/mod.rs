//! What a member has: points, facts about purchases, tiers, offers, and what is given once to a person.

pub mod evaluation_encoding;
pub mod member_snapshot;
pub(crate) mod merged_accounts;
pub mod offers;
pub mod once_only;
pub mod points_forwarding;
pub mod posting;
pub mod tiers;
