//! Unit in which the quantity of a line is counted.

/// Unit of a line's quantity; a line without one is counted in pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
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

impl Unit {
    /// All units.
    pub const ALL: [Self; 5] = [Self::Piece, Self::Kg, Self::G, Self::L, Self::M];

    /// Returns the name as it is sent and stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Kg => "kg",
            Self::G => "g",
            Self::L => "l",
            Self::M => "m",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == text)
    }

    /// Returns whether the quantity is a number of pieces.
    pub const fn is_piece(&self) -> bool {
        matches!(self, Self::Piece)
    }
}
