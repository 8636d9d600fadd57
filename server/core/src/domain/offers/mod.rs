//! Offers: a benefit under conditions, within limits. What an offer promises in the wallet and what it gives at the till
//! are decided by the same functions.

mod apply;
mod conditions;
mod goods;
mod offer_text;
mod text;
mod unmet;
mod unmet_conditions;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub(crate) use apply::rewarded_share;
pub(super) use apply::{ExtraPointShares, PointsScale, discount, extra_points, points_of};
pub use conditions::{
    AgeRange, Condition, Conditions, ConditionsDocument, ConsentCondition, FactsNeeded, Hours,
    ItemCondition, MemberFacts, Period, PlaceAndTime, Purchases, Weekdays,
};
pub(super) use goods::{MatchedLines, ReceiptGoods};
pub use offer_text::{OfferText, OfferTextValue};
pub use unmet::{UnmetCondition, WalletEffect};
pub(super) use unmet_conditions::match_lines;
pub use unmet_conditions::{RemainingBudget, conditions_unmet_by};

use super::amounts::{BasisPoints, Money, Points};
use super::programme::LocalisedText;

/// A benefit under conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Stable id, never used again for another offer.
    pub id: String,
    /// A few words.
    pub title: LocalisedText,
    /// A sentence or two.
    pub text: LocalisedText,
    /// Benefit that it gives.
    pub benefit: OfferBenefit,
    /// Conditions: to whom, when and for what.
    #[serde(default)]
    pub conditions: Conditions,
    /// Limits: how often and how much in all.
    #[serde(default)]
    pub limits: OfferLimits,
    /// Higher goes first; equal ones go by id.
    #[serde(default)]
    pub priority: i32,
    /// Group of offers of which only the best for the shopper counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Way in which it is switched on.
    #[serde(default)]
    pub activation: OfferActivation,
    /// True: shown in stores only, never in pages and messages.
    #[serde(default)]
    pub alcohol: bool,
}

/// Benefit of an offer: on the lines that it names, or on the whole receipt where it names none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OfferBenefit {
    /// The tier's points so many times over.
    MultiplyPoints {
        /// 20 000 is twice as many.
        rate: BasisPoints,
    },
    /// A further share in points.
    ExtraPoints {
        /// 500 is 5 % more.
        rate: BasisPoints,
    },
    /// Points of a fixed number.
    FixedPoints {
        /// Number of points.
        points: Points,
    },
    /// A share of the price.
    PercentOff {
        /// 1 000 is 10 % off.
        rate: BasisPoints,
    },
    /// A part of the price.
    AmountOff {
        /// Amount, for the receipt.
        amount: Money,
    },
    /// Another price, where it is lower.
    FixedPrice {
        /// Price of a quantity of one (a piece, a kilogram).
        price: Money,
    },
    /// A thing that is handed over.
    Gift {
        /// Id of the gift.
        gift: String,
    },
}

impl Offer {
    /// Returns whether pages may name it to everybody on a day: it runs, it is not for members whom the chain has named, and
    /// it is not an offer for alcohol, which is shown in stores only.
    pub fn is_public_on(&self, today: NaiveDate) -> bool {
        let runs = self
            .conditions
            .period()
            .is_none_or(|period| period.contains(today));
        runs && !self.alcohol && !self.conditions.are_for_named_members()
    }

    /// Returns whether it may give only so much to everyone together.
    pub const fn is_limited(&self) -> bool {
        let limits = &self.limits;
        limits.in_all.is_some() || limits.points_budget.is_some() || limits.money_budget.is_some()
    }
}

impl OfferBenefit {
    /// Returns the gift that it gives.
    pub fn gift(&self) -> Option<&str> {
        match self {
            Self::Gift { gift } => Some(gift),
            Self::MultiplyPoints { .. }
            | Self::ExtraPoints { .. }
            | Self::FixedPoints { .. }
            | Self::PercentOff { .. }
            | Self::AmountOff { .. }
            | Self::FixedPrice { .. } => None,
        }
    }

    /// Returns whether it takes money off; of the others none does, and it gives no points.
    pub(super) const fn takes_off(&self) -> bool {
        match self {
            Self::PercentOff { .. } | Self::AmountOff { .. } | Self::FixedPrice { .. } => true,
            Self::MultiplyPoints { .. }
            | Self::ExtraPoints { .. }
            | Self::FixedPoints { .. }
            | Self::Gift { .. } => false,
        }
    }
}

/// Way in which an offer is switched on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferActivation {
    /// Nobody needs to.
    #[default]
    Automatic,
    /// The shopper, by a tap.
    Tap,
}

/// Limits of an offer: how often and how much in all; `None` = no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfferLimits {
    /// Receipts of one member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_member: Option<i64>,
    /// Receipts of everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_all: Option<i64>,
    /// Receipts of one member in a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_day: Option<i64>,
    /// Points to everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_budget: Option<Points>,
    /// Money off to everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money_budget: Option<Money>,
}

/// Uses of an offer so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfferUses {
    /// Receipts of the member.
    pub by_member: i64,
    /// Receipts of the member on the local day of the purchase.
    pub today: i64,
    /// Receipts of everyone.
    pub in_all: i64,
    /// Points to everyone.
    pub points: Points,
    /// Money off to everyone.
    pub money: Money,
}

#[cfg(test)]
mod tests;
