//! Lines of receipts and returns that wait, as they are stored.

use serde::{Deserialize, Serialize};

use super::StoredAsJson;
use crate::domain::amounts::{Money, Quantity};
use crate::domain::receipt::{ReceiptLine, Unit, clean_code, clean_text};
use crate::domain::returns::ReturnedLinePart;
use crate::mirror::{convert_struct, mirror_by_from, mirror_enums, mirror_structs};

/// Unit of a line's quantity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredUnit {
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

impl StoredUnit {
    fn is_piece(&self) -> bool {
        *self == Self::Piece
    }
}

/// A line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLine {
    /// Item code.
    pub sku: String,
    /// Name as printed.
    pub name: String,
    /// Category by which rules pick lines.
    pub category: String,
    /// Quantity in thousandths.
    pub quantity: Quantity,
    /// Unit of the quantity; left out for pieces.
    #[serde(default, skip_serializing_if = "StoredUnit::is_piece")]
    pub unit: StoredUnit,
    /// Price before discounts, in minor units.
    pub amount: Money,
}

/// Lines of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredLines(Vec<StoredLine>);

/// A line of a sale that goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReturnLine {
    /// Place in the sale, from 0.
    pub position: usize,
    /// Quantity in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Or the amount, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

mirror_enums!(StoredUnit as Unit { Piece Kg G L M });
mirror_structs!(StoredReturnLine as ReturnedLinePart { position, quantity, amount });
convert_struct!(ReceiptLine => StoredLine { sku, name, category, quantity, unit, amount });

impl From<StoredLine> for ReceiptLine {
    /// Cleans texts: earlier versions stored them as tills had sent them.
    fn from(line: StoredLine) -> Self {
        let StoredLine {
            sku,
            name,
            category,
            quantity,
            unit,
            amount,
        } = line;
        Self {
            sku: clean_code(sku),
            name: clean_text(name),
            category: clean_text(category),
            quantity,
            unit: unit.into(),
            amount,
        }
    }
}

mirror_by_from!(StoredLine => ReceiptLine);

impl From<Vec<ReceiptLine>> for StoredLines {
    fn from(lines: Vec<ReceiptLine>) -> Self {
        Self(lines.into_iter().map(StoredLine::from).collect())
    }
}

impl From<StoredLines> for Vec<ReceiptLine> {
    fn from(lines: StoredLines) -> Self {
        lines.0.into_iter().map(ReceiptLine::from).collect()
    }
}

impl StoredAsJson for Vec<ReceiptLine> {
    type Form = StoredLines;
}
