//! Kinds of receipts.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::stored_names::stored_names;

/// Kind of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ReceiptKind {
    /// Goods were bought.
    Sale,
    /// Goods of a sale went back.
    Return,
}

stored_names!(ReceiptKind);
