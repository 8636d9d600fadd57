//! Sums of a simulation. A member's gain is what they got more, in money: discounts, and points at their worth.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::Evaluation;
use crate::ids::MemberId;

/// Number of members who are named among those who gain most, and among those who lose most.
const TOP: usize = 10;

/// Sums over sales.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SimulatedSaleTotals {
    /// Number of sales.
    pub sales: i64,
    /// Points issued.
    pub points: Points,
    /// Worth of these points in money.
    pub cost: Money,
    /// Taken off.
    pub discount: Money,
    /// Paid by points.
    pub paid_by_points: Money,
}

impl SimulatedSaleTotals {
    fn add(&mut self, evaluation: &Evaluation, value: Money) {
        self.sales += 1;
        self.points += evaluation.earned;
        self.cost += worth_of_points(evaluation.earned, value);
        self.discount += evaluation.discount;
        self.paid_by_points += evaluation.paid_by_points;
    }
}

/// Sums of what an offer gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SimulatedOfferTotals {
    /// Number of sales on which it was used.
    pub uses: i64,
    /// Points that it gave.
    pub points: Points,
    /// Discounts that it gave.
    pub discount: Money,
    /// Number of gifts that it gave.
    pub gifts: i64,
}

impl SimulatedOfferTotals {
    fn add(
        sums: &mut BTreeMap<String, BeforeAndAfter<Self>>,
        evaluation: &Evaluation,
        after: bool,
    ) {
        for used in &evaluation.offers_used {
            let both = sums.entry(used.offer.clone()).or_default();
            let sum = if after {
                &mut both.after
            } else {
                &mut both.before
            };
            sum.uses += 1;
            sum.points += used.points;
            sum.discount += used.discount;
            sum.gifts += i64::from(used.gift.is_some());
        }
    }
}

/// The same of what is stored and of what the candidate would have given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BeforeAndAfter<T> {
    /// Value of what is stored.
    pub before: T,
    /// Value of what the candidate would have given.
    pub after: T,
}

/// Result of a simulation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimulationReport {
    /// All sales.
    pub all: BeforeAndAfter<SimulatedSaleTotals>,
    /// Sums by tier of the sale: the stored tier before, the candidate's after.
    pub by_tier: BTreeMap<String, BeforeAndAfter<SimulatedSaleTotals>>,
    /// Sums by offer.
    pub by_offer: BTreeMap<String, BeforeAndAfter<SimulatedOfferTotals>>,
    /// Members who would have got more.
    pub gain: i64,
    /// Members who would have got less.
    pub lose: i64,
    /// Members for whom nothing changes.
    pub same: i64,
    /// Members who gain most, each with the last digits of the card, or the id where there is no card, and the gain.
    pub most_gained: Vec<(MemberId, String, Money)>,
    /// Members who lose most, in the same form.
    pub most_lost: Vec<(MemberId, String, Money)>,
    /// True if tiers were reached anew, because the candidate's are reached otherwise.
    pub tiers_reached_anew: bool,
}

impl SimulationReport {
    /// Those who are named, to be named otherwise.
    pub(super) fn labels(&mut self) -> impl Iterator<Item = (MemberId, &mut String)> {
        self.most_gained
            .iter_mut()
            .chain(&mut self.most_lost)
            .map(|(member, label, _)| (*member, label))
    }
}

/// A sale judged twice.
pub(super) struct ComparedSale<'a> {
    pub before: &'a Evaluation,
    pub after: &'a Evaluation,
    pub value_before: Money,
    pub value_after: Money,
    pub tier_before: &'a str,
    pub tier_after: &'a str,
}

/// Sums while they grow; sales of one member come one after another.
#[derive(Debug, Default)]
pub(super) struct SimulationTally {
    found: SimulationReport,
    member: Option<(MemberId, Money)>,
    pub tiers_reached_anew: bool,
}

impl SimulationTally {
    pub fn add(&mut self, member: MemberId, sale: &ComparedSale<'_>) {
        let found = &mut self.found;
        found.all.before.add(sale.before, sale.value_before);
        found.all.after.add(sale.after, sale.value_after);
        let tier = |name: &str| name.to_owned();
        let by_tier = &mut found.by_tier;
        let before = by_tier.entry(tier(sale.tier_before)).or_default();
        before.before.add(sale.before, sale.value_before);
        let after = by_tier.entry(tier(sale.tier_after)).or_default();
        after.after.add(sale.after, sale.value_after);
        SimulatedOfferTotals::add(&mut found.by_offer, sale.before, false);
        SimulatedOfferTotals::add(&mut found.by_offer, sale.after, true);
        if self.member.is_none_or(|(known, _)| known != member) {
            self.finish_member();
            self.member = Some((member, Money::ZERO));
        }
        if let Some((_, gain)) = &mut self.member {
            *gain += worth_of_benefits(sale.after, sale.value_after)
                - worth_of_benefits(sale.before, sale.value_before);
        }
    }

    /// Counts the member whose last sale has come.
    fn finish_member(&mut self) {
        let Some((member, gain)) = self.member.take() else {
            return;
        };
        let found = &mut self.found;
        if gain.is_zero() {
            found.same += 1;
            return;
        }
        let (list, count) = if gain.is_positive() {
            (&mut found.most_gained, &mut found.gain)
        } else {
            (&mut found.most_lost, &mut found.lose)
        };
        *count += 1;
        list.push((member, member.to_string(), gain));
        list.sort_by_key(|(_, _, gain)| Reverse(gain.0.saturating_abs()));
        list.truncate(TOP);
    }

    pub fn finish(mut self) -> SimulationReport {
        self.finish_member();
        self.found.tiers_reached_anew = self.tiers_reached_anew;
        self.found
    }
}

fn worth_of_points(points: Points, value: Money) -> Money {
    Money(points.0.saturating_mul(value.0))
}

fn worth_of_benefits(evaluation: &Evaluation, value: Money) -> Money {
    evaluation.discount + worth_of_points(evaluation.earned, value)
}
