//! Causes of changes of a tier.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::stored_names::stored_names;

/// Cause of a change or a renewal of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum TierChangeCause {
    /// A threshold was passed.
    Upgrade,
    /// Enough was counted at the end of a period or a grace.
    Renewal,
    /// Too little was counted at the end of a grace.
    Downgrade,
    /// A sale that had helped to lift the member was returned.
    Return,
}

stored_names!(TierChangeCause);
