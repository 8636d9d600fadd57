//! Corrections that a second person decides on.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stored_names::stored_names;

/// State of a correction or of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CorrectionState {
    /// It waits for a second person.
    Waiting,
    /// It was done.
    Applied,
    /// The second person has declined it.
    Declined,
}

impl CorrectionState {
    /// Returns the state after the decision of a second person.
    pub const fn decided(approved: bool) -> Self {
        if approved {
            Self::Applied
        } else {
            Self::Declined
        }
    }
}

stored_names!(CorrectionState);
