//! Reasons why an offer is not given, as the POS API answers them. Names are final.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ApiMoney;
use crate::domain::offers::UnmetCondition;
use crate::mirror::mirror_enums;

/// One reason why an offer is not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Miss)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ApiUnmetCondition {
    /// It has not begun or is over.
    OutsideDates,
    /// Another day of the week.
    Weekday,
    /// Another time of the day.
    Hours,
    /// Another store.
    Store,
    /// The receipt is too small.
    MinimumReceipt {
        /// By how much.
        missing: ApiMoney,
    },
    /// The goods are not there, or not enough of them.
    Items,
    /// Another tier.
    Tier,
    /// No birthday near, or none known.
    Birthday,
    /// No child of that age known.
    Children,
    /// No such pet known.
    Pets,
    /// No car known.
    Car,
    /// The last purchase was too lately.
    Absent {
        /// Days that must lie between.
        days: u32,
    },
    /// Too few purchases.
    Purchases {
        /// By how many.
        missing: i64,
    },
    /// It is not the first purchase.
    FirstPurchase,
    /// The consent is not given.
    Consent,
    /// It is for other members.
    NotListed,
    /// The shopper has not switched it on.
    NotActivated,
    /// It was used as often as it may be.
    UsedUp,
    /// It was used today as often as it may be in a day.
    NotToday,
    /// What it may give to everyone is given, or what is left is less than it would give.
    Budget,
    /// Another offer of its group gives more.
    BetterInGroup {
        /// Id of that offer.
        offer: String,
    },
    /// It would give nothing on this receipt.
    NothingToGain,
}

mirror_enums! {
    ApiUnmetCondition as UnmetCondition {
        OutsideDates
        Weekday
        Hours
        Store
        MinimumReceipt { missing }
        Items
        Tier
        Birthday
        Children
        Pets
        Car
        Absent { days }
        Purchases { missing }
        FirstPurchase
        Consent
        NotListed
        NotActivated
        UsedUp
        NotToday
        Budget
        BetterInGroup { offer }
        NothingToGain
    }
}
