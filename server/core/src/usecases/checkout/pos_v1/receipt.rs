//! Quotes and sales as tills read them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiEvaluation, ApiPoints, ApiReceiptId, times};
use crate::domain::programme::{LocalisedText, TierMeasure};
use crate::domain::time::Instant;
use crate::mirror::{mirror_enums, mirror_structs};
use crate::usecases::checkout::receipt_answers::{
    IssuedClaimCode, NextTierProgress, ReceiptTierProgress, SaleQuote, SaleReceipt,
};

/// A text in the languages of the wallet.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[schema(as = Localised)]
pub struct ApiLocalised {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

/// What tiers count.
#[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[schema(as = TierMeasure)]
pub enum ApiTierMeasure {
    /// Money spent, in minor units.
    Spent,
    /// Points earned by purchases.
    Earned,
}

mirror_enums!(ApiTierMeasure as TierMeasure { Spent Earned });

/// What a receipt would earn and cost.
#[derive(ToSchema, Debug, Clone, Serialize, Deserialize)]
#[schema(as = Quote)]
pub struct ApiQuote {
    /// Version of the programme that judges.
    pub programme_version: i64,
    /// The member's level with this receipt; none where no card was shown, and where a stored receipt is read later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<ApiTierProgress>,
    /// The judgement.
    #[serde(flatten)]
    pub evaluation: ApiEvaluation,
}

/// A member's level as a receipt leaves it, and the way to the next.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = TierProgress)]
pub struct ApiTierProgress {
    /// Id of the level.
    pub tier: String,
    /// Its name.
    pub name: ApiLocalised,
    /// Whether it is this receipt that lifts the member to it.
    pub risen: bool,
    /// What levels count: money spent, in minor units, or points earned.
    pub measure: ApiTierMeasure,
    /// The next level; none at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<ApiNextTier>,
}

/// The next level.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = NextTier)]
pub struct ApiNextTier {
    /// Its name.
    pub name: ApiLocalised,
    /// What is still missing, in the unit of the measure.
    pub missing: i64,
}

/// How a receipt without a card becomes somebody's later.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = Claim)]
pub struct ApiClaim {
    /// Eleven signs in groups, to be printed and typed.
    #[schema(example = "4KM2 9TX P077")]
    pub code: String,
    /// The address of the wallet's page for it, to be printed as a QR code; null where the receipt was stored by a command
    /// that knows no public address.
    #[schema(example = "https://club.example.com/claim?code=4KM29TXP077")]
    pub link: Option<String>,
    /// When it ends.
    #[serde(with = "times")]
    #[schema(value_type = String, format = "date-time")]
    pub expires: Instant,
}

/// A stored sale as it is answered.
#[derive(ToSchema, Debug, Clone, Serialize, Deserialize)]
#[schema(as = Receipt)]
pub struct ApiReceipt {
    /// Its id.
    pub id: ApiReceiptId,
    /// Series of the numbering, where the till has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Points that the member has active afterwards.
    pub balance: Option<ApiPoints>,
    /// How a shopper who showed no card takes the receipt later; only of a sale without a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<ApiClaim>,
    /// The judgement.
    #[serde(flatten)]
    pub quote: ApiQuote,
}

mirror_structs! {
    ApiLocalised as LocalisedText { ru, en }
    ApiQuote as SaleQuote { programme_version, tier, evaluation }
    ApiTierProgress as ReceiptTierProgress { tier, name, risen, measure, next }
    ApiNextTier as NextTierProgress { name, missing }
    ApiClaim as IssuedClaimCode { code, link, expires }
    ApiReceipt as SaleReceipt { id, series, shift, number, balance, claim, quote }
}
