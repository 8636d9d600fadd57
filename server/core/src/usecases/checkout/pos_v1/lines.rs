//! Lines of receipts and returns as tills send them. Texts are cleaned while they are read: scanners and till programs leave
//! control characters in codes and names or send texts that are too long, and a receipt is not refused for that.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{ApiMoney, ApiQuantity};
use crate::domain::receipt::{ReceiptLine, Unit, clean_code, clean_text};
use crate::domain::returns::ReturnedLinePart;
use crate::mirror::{mirror_enums, mirror_structs};

/// Unit of a line's quantity; a line without one is counted in pieces.
#[derive(ToSchema, Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[schema(as = Unit)]
pub enum ApiUnit {
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

mirror_enums!(ApiUnit as Unit { Piece Kg G L M });

/// One line of a receipt.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[schema(as = Line)]
pub struct ApiLine {
    /// Item code; empty where the till does not say. Group separators are dropped, other control characters become spaces, and
    /// what is longer than 200 characters is cut.
    #[serde(deserialize_with = "read_code")]
    pub sku: String,
    /// Name as printed; may be empty. Control characters become spaces, and what is longer than 200 characters is cut.
    #[serde(deserialize_with = "read_text")]
    pub name: String,
    /// Category by which rules pick lines; may be empty. Control characters become spaces, and what is longer than 200
    /// characters is cut.
    #[serde(deserialize_with = "read_text")]
    pub category: String,
    /// How much of it, in thousandths; not below 0, except on a negative line. A line that costs something and has the quantity
    /// 0 is stored as one piece.
    #[schema(value_type = i64, minimum = -1_000_000_000, maximum = 1_000_000_000)]
    pub quantity: ApiQuantity,
    /// Unit of the quantity; pieces where none is given. Where an offer asks for a number of pieces, a line in another
    /// unit counts as one.
    #[serde(default, deserialize_with = "read_unit")]
    #[schema(required = false, value_type = Option<ApiUnit>)]
    pub unit: ApiUnit,
    /// What the whole line costs before the programme's discounts, in minor units. A negative line (a deposit given back, a
    /// coupon, rounding) lowers the other lines of its category, and what exceeds them the whole receipt.
    #[schema(value_type = i64, minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    pub amount: ApiMoney,
}

/// Some of a line that goes back: a quantity, or an amount where the sale was posted as one sum.
#[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[schema(as = ReturnLine)]
pub struct ApiReturnLine {
    /// Which line of the sale, from 0.
    pub position: usize,
    /// How much of it, in thousandths.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000_000)]
    pub quantity: Option<ApiQuantity>,
    /// Or for how much of it, in minor units: the price of what goes back, before the programme's discounts. Only where the
    /// line is the only one of its sale that costs anything, and its quantity is one piece.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub amount: Option<ApiMoney>,
}

mirror_structs! {
    ApiLine as ReceiptLine { sku, name, category, quantity, unit, amount }
    ApiReturnLine as ReturnedLinePart { position, quantity, amount }
}

/// Reads a text with [`clean_text`].
fn read_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    String::deserialize(from).map(clean_text)
}

/// Reads an item code with [`clean_code`].
fn read_code<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    String::deserialize(from).map(clean_code)
}

/// Reads a unit; `null` is no unit.
fn read_unit<'de, D: Deserializer<'de>>(from: D) -> Result<ApiUnit, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
