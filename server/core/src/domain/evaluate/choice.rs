//! Which offers a receipt uses. An offer is weighed by what it would give alone, after the tier's discount and before
//! any points pay, so that the choice never depends on how much is spent or on the order of the document.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::sale::Sale;
use super::{MemberFacts, MissedOffer};
use crate::domain::amounts::{Money, Points};
use crate::domain::offers::{Benefit, Miss, Offer, misses, over_budget};
use crate::domain::programme::Tier;
use crate::domain::receipt::Basket;

/// Offers that apply, and those that don't with the reasons; highest priority first.
#[derive(Debug)]
pub struct Choice<'a> {
    /// Offers that apply.
    pub open: Vec<&'a Offer>,
    /// Offers that don't.
    pub missed: Vec<MissedOffer>,
}

/// By what offers are ordered: priority, then id.
pub fn order(offer: &Offer) -> (Reverse<i32>, &str) {
    (Reverse(offer.priority), &offer.id)
}

/// What an offer would give alone.
#[derive(Debug, Clone, Copy)]
struct Worth {
    points: Points,
    money: Money,
    gift: bool,
}

impl Worth {
    fn of(offer: &Offer, sale: &Sale<'_>, tier: &Tier, earns: bool) -> Self {
        let mut alone = sale.clone();
        Self {
            money: alone.offer_discount(offer),
            points: if earns {
                alone.offer_points(offer, tier)
            } else {
                Points::ZERO
            },
            gift: matches!(offer.benefit, Benefit::Gift { .. }),
        }
    }

    fn is_nothing(self) -> bool {
        self.points.is_zero() && self.money.is_zero() && !self.gift
    }

    /// In minor units. What a gift is worth is not known: it gives way to any sum.
    fn in_money(self, value: Money) -> i64 {
        self.points
            .0
            .saturating_mul(value.0)
            .saturating_add(self.money.0)
    }
}

/// Chooses the offers of a receipt whose tier discount is taken off and of which nothing is paid yet.
pub fn choose<'a>(
    sale: &Sale<'a>,
    basket: &Basket,
    member: &MemberFacts,
    tier: &Tier,
    earns: bool,
) -> Choice<'a> {
    let programme = sale.programme;
    let mut offers: Vec<&Offer> = programme.offers.iter().collect();
    offers.sort_by_key(|offer| order(offer));
    let mut weighed = Vec::new();
    let mut best: BTreeMap<&str, (i64, &Offer)> = BTreeMap::new();
    for offer in offers {
        let mut found = misses(offer, member, basket, programme.time_zone);
        if found.is_empty() {
            let worth = Worth::of(offer, sale, tier, earns);
            if worth.is_nothing() {
                found.push(Miss::NothingToGain);
            } else if over_budget(offer, &member.uses_of(&offer.id), worth.points, worth.money) {
                found.push(Miss::Budget);
            } else if let Some(group) = &offer.group {
                let worth = worth.in_money(programme.points.value);
                // Of equals the first stays: they come in their order.
                if best
                    .get(group.as_str())
                    .is_none_or(|(known, _)| worth > *known)
                {
                    best.insert(group, (worth, offer));
                }
            }
        }
        weighed.push((offer, found));
    }
    let mut choice = Choice {
        open: Vec::new(),
        missed: Vec::new(),
    };
    for (offer, mut found) in weighed {
        let rival = offer.group.as_deref().and_then(|group| best.get(group));
        if let Some((_, rival)) = rival
            && found.is_empty()
            && rival.id != offer.id
        {
            found.push(Miss::BetterInGroup {
                offer: rival.id.clone(),
            });
        }
        if found.is_empty() {
            choice.open.push(offer);
        } else {
            choice.missed.push(MissedOffer {
                offer: offer.id.clone(),
                title: offer.title.clone(),
                misses: found,
            });
        }
    }
    choice
}
