//! Reasons for which points move.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiBasisPoints, ApiLocalised, ApiMoney, ApiPoints};
use crate::domain::reason::{DebtCause, EntryReason, RecalculatedEarnings, RewardedShare};
use crate::mirror::{mirror_enums, mirror_structs};

/// Why points moved. Points are counted without a sign: the entry's kind says which way they went.
#[derive(ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Reason)]
pub enum ApiReason {
    /// A purchase at the tier's rate: «5 % of 1 240 ₽ for Silver = 62».
    Purchase {
        /// What was paid in money, without excluded categories.
        base: ApiMoney,
        /// The tier's rate.
        rate: ApiBasisPoints,
        /// The tier's name.
        tier: ApiLocalised,
        /// What came of it.
        points: ApiPoints,
    },
    /// An offer gave extra points: «3 % of 1 240 ₽ by the offer "Double points" = 37».
    Offer {
        /// The offer's id.
        offer: String,
        /// Its title.
        title: ApiLocalised,
        /// What it gave.
        points: ApiPoints,
        /// Of what, where it is no fixed number; entries from before this was stored say nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<ApiShare>,
    },
    /// Points paid a part of a receipt.
    Spend {
        /// How many.
        points: ApiPoints,
        /// What they were worth.
        money: ApiMoney,
        /// What the receipt cost after discounts.
        total: ApiMoney,
    },
    /// The profile was filled in.
    ProfileCompleted {
        /// What it gave.
        points: ApiPoints,
    },
    /// The life of the points was over.
    Expired {
        /// How many.
        points: ApiPoints,
    },
    /// The hold of the points was over.
    Activated {
        /// How many became usable.
        points: ApiPoints,
    },
    /// Support corrected the balance.
    Adjusted {
        /// By how many.
        points: ApiPoints,
        /// Why, in the words of the person who did it.
        note: String,
    },
    /// Goods went back, and what is left of the purchase earns otherwise: «the purchase earns 30 instead of 62».
    Returned {
        /// How many.
        points: ApiPoints,
        /// What the purchase earns; entries from before this was stored say nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<ApiRejudged>,
    },
    /// Goods went back: points that had paid for them were given back.
    Restored {
        /// How many.
        points: ApiPoints,
    },
    /// What should have been taken was not there any more.
    Debt {
        /// How many.
        points: ApiPoints,
        /// What took them.
        #[serde(default)]
        cause: ApiDebtCause,
    },
    /// New points paid a debt.
    Settled {
        /// How many.
        points: ApiPoints,
    },
    /// Points came from another account, or went to one.
    Transfer {
        /// How many.
        points: ApiPoints,
        /// Why, in the words of the person who did it.
        #[serde(default)]
        note: String,
    },
}

/// Of how much money an offer gives points.
#[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = Share)]
pub struct ApiShare {
    /// What was paid in money for the goods that it is for, without excluded categories.
    pub base: ApiMoney,
    /// The offer's own rate, or the tier's where it multiplies that.
    pub rate: ApiBasisPoints,
    /// Where it multiplies, how much it adds to once the tier's points: 10 000 doubles them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<ApiBasisPoints>,
}

/// What a purchase earns, with and without what went back. The difference is what was taken, where all of it was there.
#[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[schema(as = Rejudged)]
pub struct ApiRejudged {
    /// Before the return.
    pub before: ApiPoints,
    /// After it.
    pub after: ApiPoints,
}

/// What took more points than there were.
#[derive(ToSchema, Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[schema(as = DebtCause)]
pub enum ApiDebtCause {
    /// Goods went back after the points for them were spent. Entries from before causes were stored say nothing and mean this.
    #[default]
    Return,
    /// Support took points.
    Correction,
    /// The debt came with an account that was joined to this one.
    Transfer,
    /// The debt was left in an account that the same person had closed.
    ClosedAccount,
}

mirror_structs! {
    ApiShare as RewardedShare { base, rate, more }
    ApiRejudged as RecalculatedEarnings { before, after }
}

mirror_enums! {
    ApiDebtCause as DebtCause { Return Correction Transfer ClosedAccount }
    ApiReason as EntryReason {
        Purchase { base, rate, tier, points }
        Offer { offer, title, points, of }
        Spend { points, money, total }
        ProfileCompleted { points }
        Expired { points }
        Activated { points }
        Adjusted { points, note }
        Returned { points, of }
        Restored { points }
        Debt { points, cause }
        Settled { points }
        Transfer { points, note }
    }
}
