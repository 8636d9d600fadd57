//! Stored receipts with their entries as tills read them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ApiEntryId, ApiMoney, ApiPoints, ApiQuantity, ApiReason, ApiReceipt, ApiReceiptId, ApiReturned,
    ApiUnit, times,
};
use crate::domain::ledger::EntryKind;
use crate::domain::time::Instant;
use crate::mirror::{Mirror, convert_struct, mirror_by_from};
use crate::usecases::checkout::receipt_answers::{
    SaleOrReturn, StoredGoodsLine, StoredReceipt, StoredReceiptEntry,
};

/// A stored receipt with the entries that it made.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[schema(as = Stored)]
pub struct ApiStored {
    /// Its own time.
    #[serde(with = "times")]
    #[schema(value_type = String, format = "date-time")]
    pub at: Instant,
    /// What was bought, or went back.
    pub goods: Vec<ApiGood>,
    /// Movements of points.
    pub entries: Vec<ApiStoredEntry>,
    /// Returns of this sale.
    pub returns: Vec<ApiReceiptId>,
    /// The receipt as it was answered.
    #[serde(flatten)]
    pub receipt: ApiSaleOrReturn,
}

/// A sale or a return.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = SaleOrReturn)]
pub enum ApiSaleOrReturn {
    /// A sale.
    Sale(ApiReceipt),
    /// A return.
    Return(ApiReturned),
}

/// A line of goods.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[schema(as = Good)]
pub struct ApiGood {
    /// Its place in the sale, from 0.
    pub position: i64,
    /// Item code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Category.
    pub category: String,
    /// How much of it, in thousandths.
    pub quantity: ApiQuantity,
    /// Unit of the quantity.
    pub unit: ApiUnit,
    /// What it cost before discounts, minor units.
    pub amount: ApiMoney,
}

/// A movement of points.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[schema(as = StoredEntry)]
pub struct ApiStoredEntry {
    /// Its id.
    pub id: ApiEntryId,
    /// What it did.
    pub kind: String,
    /// How many points came (+) or went (−).
    pub points: ApiPoints,
    /// Why.
    pub reason: ApiReason,
    /// When.
    #[serde(with = "times")]
    #[schema(value_type = String, format = "date-time")]
    pub at: Instant,
}

impl From<SaleOrReturn> for ApiSaleOrReturn {
    fn from(receipt: SaleOrReturn) -> Self {
        match receipt {
            SaleOrReturn::Sale(sale) => Self::Sale(sale.into()),
            SaleOrReturn::Return(returned) => Self::Return(returned.into()),
        }
    }
}

mirror_by_from!(SaleOrReturn => ApiSaleOrReturn);

impl Mirror<String> for EntryKind {
    fn mirror(self) -> String {
        self.as_str().to_owned()
    }
}

convert_struct!(StoredGoodsLine => ApiGood { position, sku, name, category, quantity, unit, amount });
convert_struct!(StoredReceiptEntry => ApiStoredEntry { id, kind, points, reason, at });
convert_struct!(StoredReceipt => ApiStored { at, goods, entries, returns, receipt });
