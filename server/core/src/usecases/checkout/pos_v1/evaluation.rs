//! Judgement of a receipt as tills read it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiLocalised, ApiMoney, ApiPoints, ApiReason, ApiUnmetCondition};
use crate::domain::evaluate::{EarnReason, Evaluation, LineResult, MissedOffer, UsedOffer};
use crate::mirror::mirror_structs;

/// What a line got and gave.
#[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = LineResult)]
pub struct ApiLineResult {
    /// Taken off.
    pub discount: ApiMoney,
    /// Paid by points.
    pub paid_by_points: ApiMoney,
    /// Points earned.
    pub earned: ApiPoints,
}

/// Points earned for one reason.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = EarnReason)]
pub struct ApiEarnReason {
    /// How many.
    pub points: ApiPoints,
    /// Why.
    pub reason: ApiReason,
}

/// An offer that a receipt used.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = UsedOffer)]
pub struct ApiUsedOffer {
    /// Its id.
    pub offer: String,
    /// Its title.
    pub title: ApiLocalised,
    /// Points that it gave.
    pub points: ApiPoints,
    /// Money that it took off.
    pub discount: ApiMoney,
    /// Id of the gift that it gave.
    pub gift: Option<String>,
}

/// An offer that a receipt did not use.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = MissedOffer)]
pub struct ApiMissedOffer {
    /// Its id.
    pub offer: String,
    /// Its title.
    pub title: ApiLocalised,
    /// Why not; never empty.
    pub misses: Vec<ApiUnmetCondition>,
}

/// What a receipt costs and earns; nothing, for a receipt of which nothing remains.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = Evaluation)]
pub struct ApiEvaluation {
    /// By line, in the order of the receipt.
    pub lines: Vec<ApiLineResult>,
    /// Lines before discounts.
    pub total: ApiMoney,
    /// Taken off.
    pub discount: ApiMoney,
    /// How many points may pay.
    pub spendable: ApiPoints,
    /// How many points pay.
    pub spent: ApiPoints,
    /// What they are worth.
    pub paid_by_points: ApiMoney,
    /// What is left to pay in money.
    pub to_pay: ApiMoney,
    /// Points to earn.
    pub earned: ApiPoints,
    /// Why; they add up to `earned`.
    pub reasons: Vec<ApiEarnReason>,
    /// Offers used, highest priority first.
    pub offers_used: Vec<ApiUsedOffer>,
    /// Offers not used, highest priority first.
    pub offers_missed: Vec<ApiMissedOffer>,
    /// Ids of gifts to hand over.
    pub gifts: Vec<String>,
}

mirror_structs! {
    ApiLineResult as LineResult { discount, paid_by_points, earned }
    ApiEarnReason as EarnReason { points, reason }
    ApiUsedOffer as UsedOffer { offer, title, points, discount, gift }
    ApiMissedOffer as MissedOffer { offer, title, misses }
    ApiEvaluation as Evaluation {
        lines, total, discount, spendable, spent, paid_by_points, to_pay, earned, reasons, offers_used, offers_missed, gifts,
    }
}
