//! Unit in which the quantity of a line is counted.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::stored_names::stored_names;

/// Unit of a line's quantity; a line without one is counted in pieces.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Unit {
    /// Pieces.
    #[default]
    Piece,
    /// Kilograms.
    Kg,
    /// Grams.
    G,
    /// Litres.
    L,
    /// Metres.
    M,
}

stored_names!(Unit);

impl Unit {
    /// Returns whether the quantity is a number of pieces.
    pub const fn is_piece(&self) -> bool {
        matches!(self, Self::Piece)
    }
}
