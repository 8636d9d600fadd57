//! Facts that a sale was judged by, as they are stored with it.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::StoredAsJson;
use super::unmet::StoredUnmetCondition;
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{MemberWallet, OfferEligibility, SingleOfferEligibility};
use crate::domain::offers::RemainingBudget;
use crate::domain::returns::SaleJudgement;
use crate::mirror::Mirror as _;
use crate::mirror::{mirror_by_from, mirror_structs};

/// Facts that a sale was judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredJudgement {
    /// Tier and open offers of the member; `None` = nobody showed a card.
    pub standing: Option<StoredStanding>,
    /// Points of the member, and what the code shown let them do.
    pub wallet: StoredWallet,
    /// The sale was paid without a card and claimed later; left out where it was not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub claimed: bool,
    /// The store's own time zone at that time; left out where it was the programme's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
}

/// Tier and open offers of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredStanding {
    /// Id of the tier.
    pub tier: String,
    /// Offers by id.
    pub offers: BTreeMap<String, StoredOfferStanding>,
}

/// State of one offer for a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOfferStanding {
    /// Reasons that keep the offer from this member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<StoredUnmetCondition>,
    /// Points that it may still give to everyone; left out where there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// Money that it may still take off; left out where there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
}

/// Points of a member, and what the code shown lets them do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredWallet {
    /// Active points.
    pub available: Points,
    /// True if the code shown may earn.
    pub may_earn: bool,
    /// True if the code shown may spend.
    pub may_spend: bool,
}

mirror_structs! {
    StoredJudgement as SaleJudgement { standing, wallet, claimed, zone }
    StoredStanding as OfferEligibility { tier, offers }
    StoredWallet as MemberWallet { available, may_earn, may_spend }
}

impl From<SingleOfferEligibility> for StoredOfferStanding {
    fn from(standing: SingleOfferEligibility) -> Self {
        let SingleOfferEligibility {
            misses,
            left: RemainingBudget { points, money },
        } = standing;
        Self {
            misses: misses.mirror(),
            points,
            money,
        }
    }
}

impl From<StoredOfferStanding> for SingleOfferEligibility {
    fn from(standing: StoredOfferStanding) -> Self {
        let StoredOfferStanding {
            misses,
            points,
            money,
        } = standing;
        Self {
            misses: misses.mirror(),
            left: RemainingBudget { points, money },
        }
    }
}

mirror_by_from!(SingleOfferEligibility => StoredOfferStanding);
mirror_by_from!(StoredOfferStanding => SingleOfferEligibility);

impl StoredAsJson for SaleJudgement {
    type Form = StoredJudgement;
}
