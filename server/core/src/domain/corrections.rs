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

/// Kind of an act of support that hands points to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum SupportRequestKind {
    /// One account is merged into another.
    Move,
    /// A merge is undone.
    MoveBack,
    /// A member gets another phone.
    Phone,
}

stored_names!(CorrectionState, SupportRequestKind);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_support_requests_keep_their_stored_names() {
        let names: Vec<&str> = SupportRequestKind::ALL
            .iter()
            .map(|kind| kind.as_str())
            .collect();
        assert_eq!(names, ["move", "move-back", "phone"]);
    }
}
