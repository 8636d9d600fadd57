//! Reasons of entries as they are stored.

use serde::{Deserialize, Serialize};

use super::StoredAsJson;
use super::evaluation::StoredText;
use crate::domain::amounts::{BasisPoints, Money, Points};
use crate::domain::reason::{DebtCause, EntryReason, RecalculatedEarnings, RewardedShare};
use crate::mirror::{mirror_enums, mirror_structs};

/// Why points moved. Points are counted without a sign: the entry's kind says which way they went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoredReason {
    /// A purchase at the tier's rate: «5 % of 1 240 ₽ for Silver = 62».
    Purchase {
        /// What was paid in money, without excluded categories.
        base: Money,
        /// The tier's rate.
        rate: BasisPoints,
        /// The tier's name.
        tier: StoredText,
        /// What came of it.
        points: Points,
    },
    /// An offer gave extra points: «3 % of 1 240 ₽ by the offer "Double points" = 37».
    Offer {
        /// The offer's id.
        offer: String,
        /// Its title.
        title: StoredText,
        /// What it gave.
        points: Points,
        /// Of what, where it is no fixed number; entries from before this was stored say nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<StoredShare>,
    },
    /// Points paid a part of a receipt.
    Spend {
        /// How many.
        points: Points,
        /// What they were worth.
        money: Money,
        /// What the receipt cost after discounts.
        total: Money,
    },
    /// The profile was filled in.
    ProfileCompleted {
        /// What it gave.
        points: Points,
    },
    /// The life of the points was over.
    Expired {
        /// How many.
        points: Points,
    },
    /// The hold of the points was over.
    Activated {
        /// How many became usable.
        points: Points,
    },
    /// Support corrected the balance.
    Adjusted {
        /// By how many.
        points: Points,
        /// Why, in the words of the person who did it.
        note: String,
    },
    /// Goods went back, and what is left of the purchase earns otherwise: «the purchase earns 30 instead of 62».
    Returned {
        /// How many.
        points: Points,
        /// What the purchase earns; entries from before this was stored say nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<StoredRejudged>,
    },
    /// Goods went back: points that had paid for them were given back.
    Restored {
        /// How many.
        points: Points,
    },
    /// What should have been taken was not there any more.
    Debt {
        /// How many.
        points: Points,
        /// What took them.
        #[serde(default)]
        cause: StoredDebtCause,
    },
    /// New points paid a debt.
    Settled {
        /// How many.
        points: Points,
    },
    /// Points came from another account, or went to one.
    Transfer {
        /// How many.
        points: Points,
        /// Why, in the words of the person who did it.
        #[serde(default)]
        note: String,
    },
}

/// Of how much money an offer gives points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredShare {
    /// What was paid in money for the goods that it is for, without excluded categories.
    pub base: Money,
    /// The offer's own rate, or the tier's where it multiplies that.
    pub rate: BasisPoints,
    /// Where it multiplies, how much it adds to once the tier's points: 10 000 doubles them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<BasisPoints>,
}

/// What a purchase earns, with and without what went back. The difference is what was taken, where all of it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRejudged {
    /// Before the return.
    pub before: Points,
    /// After it.
    pub after: Points,
}

/// What took more points than there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredDebtCause {
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
    StoredShare as RewardedShare { base, rate, more }
    StoredRejudged as RecalculatedEarnings { before, after }
}

mirror_enums! {
    StoredDebtCause as DebtCause { Return Correction Transfer ClosedAccount }
    StoredReason as EntryReason {
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

impl StoredAsJson for EntryReason {
    type Form = StoredReason;
}
