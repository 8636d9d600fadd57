//! Pages of receipts as tills read them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiMoney, ApiReceiptId, times};
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::mirror::{Mirror, convert_struct};
use crate::usecases::checkout::receipt_answers::{ReceiptListPage, ReceiptSummary};

/// A receipt in short.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[schema(as = ShortReceipt)]
pub struct ApiShortReceipt {
    /// Its id.
    pub id: ApiReceiptId,
    /// `sale` or `return`.
    pub kind: String,
    /// Series of the numbering, where the till has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Its own time.
    #[serde(with = "times")]
    #[schema(value_type = String, format = "date-time")]
    pub at: Instant,
    /// Sum of the lines before discounts, minor units.
    pub total: ApiMoney,
    /// Discounts, minor units.
    pub discount: ApiMoney,
    /// Paid by points, minor units.
    pub paid_by_points: ApiMoney,
    /// Paid in money, or given back in money by a return, minor units.
    pub money: ApiMoney,
    /// Of a return: the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale: Option<ApiReceiptId>,
}

/// A page of receipts.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[schema(as = ReceiptPage)]
pub struct ApiReceiptPage {
    /// Receipts in the order in which they were stored.
    pub receipts: Vec<ApiShortReceipt>,
    /// What `after` is for the next page; null on the last page.
    pub next: Option<ApiReceiptId>,
}

impl Mirror<String> for ReceiptKind {
    fn mirror(self) -> String {
        self.as_str().to_owned()
    }
}

convert_struct!(ReceiptSummary => ApiShortReceipt {
    id, kind, series, shift, number, at, total, discount, paid_by_points, money, sale,
});
convert_struct!(ReceiptListPage => ApiReceiptPage { receipts, next });
