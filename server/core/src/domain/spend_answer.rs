//! Answer of a member to the question whether points may pay.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stored_names::stored_names;

/// Answer of a member whether points may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SpendAnswer {
    /// They may.
    Yes,
    /// They may not.
    No,
}

stored_names!(SpendAnswer);
