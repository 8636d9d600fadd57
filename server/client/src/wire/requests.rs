//! Requests of a till: sales, returns, searches.

use serde::{Deserialize, Serialize};

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLineRequest {
    /// Item code; may be empty.
    pub sku: String,
    /// Name as printed; may be empty.
    pub name: String,
    /// Category by which rules pick lines; may be empty.
    pub category: String,
    /// Thousandths: one piece or one kilogram is 1000.
    pub quantity: i64,
    /// Unit of the quantity: `piece`, `kg`, `g`, `l` or `m`; pieces where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Cost of the whole line, in minor units; below 0 it lowers the others.
    pub amount: i64,
}

impl ReceiptLineRequest {
    /// One piece of something of a category.
    pub fn new(category: &str, amount: i64) -> Self {
        Self {
            sku: String::new(),
            name: String::new(),
            category: category.to_owned(),
            quantity: 1000,
            unit: None,
            amount,
        }
    }
}

/// Points that pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SpendRequest {
    /// All points that may pay.
    #[serde(with = "all")]
    All,
    /// So many.
    Points(i64),
}

mod all {
    //! The word `"all"`.
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("all")
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "all" => Ok(()),
            _ => Err(D::Error::custom("spend is \"all\" or a number")),
        }
    }
}

/// A sale to be judged or stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRequest {
    /// The visit of a look-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// Or the code that was scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Series of the numbering, for instance the number of the fiscal drive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The till's shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// The number in the shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The receipt's own time, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Lines that were bought.
    pub lines: Vec<ReceiptLineRequest>,
    /// Points that pay; none where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<SpendRequest>,
}

impl ReceiptRequest {
    /// A sale without a card.
    pub fn without_card(lines: Vec<ReceiptLineRequest>) -> Self {
        Self {
            lines,
            ..Self::default()
        }
    }
}

/// Lines that go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLineRequest {
    /// Position in the sale, from 0.
    pub position: usize,
    /// Quantity that goes back, in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
    /// Or for how much of it, in minor units before discounts, where the sale was posted as one sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

impl ReturnLineRequest {
    /// Names so many thousandths of the line at `position`.
    pub const fn of_quantity(position: usize, quantity: i64) -> Self {
        Self {
            position,
            quantity: Some(quantity),
            amount: None,
        }
    }

    /// Names an amount of the line at `position`.
    pub const fn of_amount(position: usize, amount: i64) -> Self {
        Self {
            position,
            quantity: None,
            amount: Some(amount),
        }
    }
}

/// Goods that go back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnRequest {
    /// Series of the numbering, for instance the number of the fiscal drive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The till's shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// The number in the shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The return's own time, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Lines that go back.
    pub lines: Vec<ReturnLineRequest>,
}

/// Sale of a queued return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum QueuedSaleReference {
    /// Sale named by the id that its storing was answered with.
    Id(String),
    /// Sale named by its own identity at this till: one that is queued itself.
    Identity {
        /// Series of the numbering.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        series: Option<String>,
        /// The till's shift.
        shift: String,
        /// The number in the shift.
        number: String,
    },
}

/// A return that names its sale: in a batch, or by a call of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedReturnRequest {
    /// Sale that the return belongs to.
    pub sale: QueuedSaleReference,
    /// Lines that go back.
    #[serde(flatten)]
    pub what: ReturnRequest,
}

/// Selection of the receipts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptListRequest {
    /// The till's shift.
    pub shift: String,
    /// The number in the shift; `None` = all.
    pub number: Option<String>,
    /// Series of the numbering; `None` = receipts without a series.
    pub series: Option<String>,
    /// Name of a till of the same store; `None` = the till that asks.
    pub till: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Receipts of a page, 1 to 200; `None` = 50.
    pub limit: Option<u32>,
}
