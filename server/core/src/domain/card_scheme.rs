//! Forms in which a card is shown.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stored_names::stored_names;

/// Form in which a card was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CardScheme {
    /// The rotating code.
    Rotating,
    /// The static number, printed or typed.
    Fixed,
    /// The EAN-13.
    Ean,
    /// No card: a one-time password, or joining, has proven the phone.
    Phone,
}

stored_names!(CardScheme);
