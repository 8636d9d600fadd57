//! Returns as tills read them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiMoney, ApiPoints, ApiQuantity, ApiReceiptId};
use crate::mirror::mirror_structs;
use crate::usecases::checkout::receipt_answers::{ReturnEffect, ReturnReceipt, ReturnedLine};

/// A line of the sale that goes back.
#[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = ReturnedLine)]
pub struct ApiReturnedLine {
    /// Its place in the sale, from 0.
    pub position: usize,
    /// How much of it, in thousandths; 0 where it goes back by amount.
    pub quantity: ApiQuantity,
    /// The amount that it goes back for, where it does so by amount; price before discounts, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<ApiMoney>,
    /// Its share of the refund.
    pub refund: ApiMoney,
}

/// What a return does.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = ReturnEffect)]
pub struct ApiReturnEffect {
    /// Lines that go back.
    pub lines: Vec<ApiReturnedLine>,
    /// Money to give back.
    pub refund: ApiMoney,
    /// Spent points that return.
    pub restored: ApiPoints,
    /// Points that pay for what remains and did not before.
    pub spent: ApiPoints,
    /// Earned points that are taken back from what the member has.
    pub taken_back: ApiPoints,
    /// Earned points that had expired already and are not taken again.
    pub expired: ApiPoints,
    /// Earned points that nobody holds any more: the next earnings pay them.
    pub debt: ApiPoints,
    /// Points that what remains earns more than it did before.
    pub earned: ApiPoints,
    /// Offers that the sale no longer uses.
    pub offers_lost: Vec<String>,
    /// Gifts that were promised and are not any more.
    pub gifts_withdrawn: Vec<String>,
    /// Gifts that were handed over for what goes back: ask for them.
    pub gifts_to_collect: Vec<String>,
}

/// A stored return as it is answered.
#[derive(ToSchema, Debug, Clone, Serialize, Deserialize)]
#[schema(as = Returned)]
pub struct ApiReturned {
    /// Its id.
    pub id: ApiReceiptId,
    /// The sale.
    pub sale: ApiReceiptId,
    /// Series of the numbering, where the till has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Version of the programme that judged the sale and judges its return.
    pub programme_version: i64,
    /// Points that the member has active afterwards.
    pub balance: Option<ApiPoints>,
    /// What it did.
    #[serde(flatten)]
    pub effect: ApiReturnEffect,
}

mirror_structs! {
    ApiReturnedLine as ReturnedLine { position, quantity, amount, refund }
    ApiReturnEffect as ReturnEffect {
        lines, refund, restored, spent, taken_back, expired, debt, earned, offers_lost, gifts_withdrawn, gifts_to_collect,
    }
    ApiReturned as ReturnReceipt { id, sale, series, shift, number, programme_version, balance, effect }
}
