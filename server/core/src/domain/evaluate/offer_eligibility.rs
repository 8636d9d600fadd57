//! How a member stands when a receipt is judged: the tier, and of each offer whether it is open to them and what it may
//! still give. It is kept with the receipt, so that a return is judged as the sale was; nothing in it is personal.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::MemberFacts;
use crate::domain::offers::{RemainingBudget, UnmetCondition, conditions_unmet_by};
use crate::domain::programme::Programme;
use crate::domain::time::Instant;

/// Tier and open offers of a member when a receipt is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferEligibility {
    /// Id of the tier.
    pub tier: String,
    /// Offers by id. An offer that is not here is not asked at all.
    pub offers: BTreeMap<String, SingleOfferEligibility>,
}

/// State of one offer for a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SingleOfferEligibility {
    /// Reasons that keep the offer from this member, whatever is bought.
    pub misses: Vec<UnmetCondition>,
    /// Budget that it may still give to everyone.
    pub left: RemainingBudget,
}

impl OfferEligibility {
    /// Works out the standing of the member of these facts at `at`, where days are those of `zone`.
    pub fn of_member(programme: &Programme, member: &MemberFacts, at: Instant, zone: Tz) -> Self {
        let offers = programme.offers.iter().map(|offer| {
            let standing = SingleOfferEligibility {
                misses: conditions_unmet_by(offer, member, at, zone),
                left: RemainingBudget::after_uses(offer, &member.uses_of(&offer.id)),
            };
            (offer.id.clone(), standing)
        });
        Self {
            tier: member.tier.clone(),
            offers: offers.collect(),
        }
    }

    /// Returns what is kept for returns: the offers that were open. Why another was not may say something about the person.
    pub fn only_open_offers(mut self) -> Self {
        self.offers.retain(|_, offer| offer.misses.is_empty());
        self
    }
}
