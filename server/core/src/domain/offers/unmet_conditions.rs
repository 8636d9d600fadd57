//! Whether an offer is given: every condition and limit that does not hold. The wallet and the till ask the same functions.

use chrono_tz::Tz;

use super::conditions::{Circumstances, MemberCircumstances, ReceiptCircumstances};
use super::{
    MatchedLines, MemberFacts, Offer, OfferActivation, OfferBenefit, OfferUses, PlaceAndTime,
    ReceiptGoods, UnmetCondition,
};
use crate::domain::amounts::{Money, Points};
use crate::domain::receipt::Basket;
use crate::domain::time::Instant;

/// Returns the reasons that keep an offer from a member at `at`, without any receipt: the wallet's answer to "is it mine
/// now". Days are those of `zone`.
pub fn conditions_unmet_by(
    offer: &Offer,
    member: &MemberFacts,
    at: Instant,
    zone: Tz,
) -> Vec<UnmetCondition> {
    let mut misses = offer
        .conditions
        .unmet(&Circumstances::Member(MemberCircumstances {
            offer: &offer.id,
            facts: member,
            at,
            zone,
        }));
    reached_limits(offer, member, &mut misses);
    misses
}

/// Budget that an offer may still give to everyone; `None` = no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemainingBudget {
    /// Points that it may still give.
    pub points: Option<Points>,
    /// Money that it may still take off.
    pub money: Option<Money>,
}

impl RemainingBudget {
    /// Returns what an offer may still give after `uses`.
    pub(in crate::domain) fn after_uses(offer: &Offer, uses: &OfferUses) -> Self {
        let limits = &offer.limits;
        Self {
            points: limits.points_budget.map(|budget| budget - uses.points),
            money: limits.money_budget.map(|budget| budget - uses.money),
        }
    }

    /// Returns whether a benefit is no more than what is left.
    pub(in crate::domain) fn covers(self, points: Points, money: Money) -> bool {
        self.points.is_none_or(|left| points <= left) && self.money.is_none_or(|left| money <= left)
    }
}

impl Offer {
    /// Returns whether it may still give so much to everyone together, after `uses`.
    pub fn may_give(&self, uses: &OfferUses, points: Points, money: Money) -> bool {
        let in_all = self.limits.in_all;
        in_all.is_none_or(|most| uses.in_all < most)
            && RemainingBudget::after_uses(self, uses).covers(points, money)
    }
}

fn reached_limits(offer: &Offer, member: &MemberFacts, misses: &mut Vec<UnmetCondition>) {
    if offer.activation == OfferActivation::Tap && !member.activated.contains(&offer.id) {
        misses.push(UnmetCondition::NotActivated);
    }
    let uses = member.uses_of(&offer.id);
    let reached = |limit: Option<i64>, used: i64| limit.is_some_and(|limit| used >= limit);
    if reached(offer.limits.per_member, uses.by_member) || reached(offer.limits.in_all, uses.in_all)
    {
        misses.push(UnmetCondition::UsedUp);
    }
    if reached(offer.limits.per_day, uses.today) {
        misses.push(UnmetCondition::NotToday);
    }
    // The least that it could give: where even that is too much, nobody can use it any more.
    let (points, money) = match offer.benefit {
        OfferBenefit::FixedPoints { points } => (points, Money(1)),
        _ => (Points(1), Money(1)),
    };
    if !RemainingBudget::after_uses(offer, &uses).covers(points, money) {
        misses.push(UnmetCondition::Budget);
    }
}

/// Finds the lines that an offer is for on a receipt, whoever buys. It does not ask whether the offer would give anything.
/// An offer without items is for the whole receipt, its discount only for what is not excluded.
///
/// # Errors
/// The misses; never none.
pub(in crate::domain) fn match_lines(
    offer: &Offer,
    basket: &Basket,
    goods: &ReceiptGoods<'_>,
) -> Result<MatchedLines, Vec<UnmetCondition>> {
    let items = offer.conditions.items();
    let reach = goods.match_items(items);
    let misses = offer
        .conditions
        .unmet(&Circumstances::Receipt(ReceiptCircumstances {
            place: PlaceAndTime {
                store: Some(&basket.store),
                at: basket.at,
                zone: basket.zone,
            },
            goods,
            items,
            reach: reach.as_ref(),
        }));
    match reach {
        Some(MatchedLines::All) if misses.is_empty() && offer.benefit.takes_off() => {
            Ok(goods.discountable_lines())
        }
        Some(reach) if misses.is_empty() => Ok(reach),
        _ => Err(misses),
    }
}
