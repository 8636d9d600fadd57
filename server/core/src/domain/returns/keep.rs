//! What is left of a sale where discounts are kept (`returns.discount = "keep"`): each line keeps its share of what was paid
//! for it, in money and in points, and of what it earned. Fixed points and gifts stay as long as the conditions of their
//! offer hold for what is left. The value depends on what is left alone, so the order of returns cannot matter, and it never
//! grows when more goes back.

use super::{RemainingLinePart, effective_amounts, remaining};
use crate::domain::amounts::{Money, Points, share_out};
use crate::domain::evaluate::{
    EarnReason, Evaluation, LineResult, UsedOffer, earning_lines, reached_lines,
};
use crate::domain::offers::{Offer, OfferBenefit};
use crate::domain::programme::Programme;
use crate::domain::reason::EntryReason;
use crate::domain::receipt::{Basket, ReceiptLine};

/// A sale as it was judged.
#[derive(Debug, Clone, Copy)]
pub struct ShareSettledSale<'a> {
    /// Programme version of the sale.
    pub programme: &'a Programme,
    /// Goods that were bought.
    pub basket: &'a Basket,
    /// The judgement of the whole sale, as it was stored.
    pub evaluation: &'a Evaluation,
}

/// Points of one reason, by line of the sale.
struct ReasonPointsByLine<'a> {
    reason: &'a EarnReason,
    offer: Option<&'a Offer>,
    /// Amounts by which the points of each line were counted; 0 for lines that they were not given for.
    weights: Vec<i64>,
    points: Vec<i64>,
}

impl ReasonPointsByLine<'_> {
    /// Returns whether the points stay or go as a whole.
    fn is_fixed(&self) -> bool {
        let benefit = self.offer.map(|offer| &offer.benefit);
        matches!(benefit, Some(OfferBenefit::FixedPoints { .. }))
    }
}

impl ShareSettledSale<'_> {
    /// Returns the judgement of what is left. Its lines are those of the sale, with nothing where a line is gone.
    pub fn evaluate_left(&self, parts: &[RemainingLinePart]) -> Evaluation {
        let (positions, lines) = remaining(&self.basket.lines, parts);
        if lines.is_empty() {
            return Evaluation::default();
        }
        let total: Money = lines.iter().map(|line| line.amount).sum();
        let rest = Basket {
            lines,
            ..self.basket.clone()
        };
        // A crumb that is as good as gone keeps nothing.
        let mut is_left = vec![false; parts.len()];
        for position in &positions {
            if let Some(line) = is_left.get_mut(*position) {
                *line = true;
            }
        }
        let share = |place: usize, whole: i64| match (parts.get(place), is_left.get(place)) {
            (Some(part), Some(true)) => part.share_of(whole),
            _ => 0,
        };
        let mut results = self.paid_shares(&share);
        let reasons = self.earned_shares(&rest, &share, &mut results);
        let offers_used = self.offers_used(&rest, &share, &reasons);
        let sum = |of: fn(&LineResult) -> i64| results.iter().map(of).sum::<i64>();
        let discount = Money(sum(|line| line.discount.0));
        let paid_by_points = Money(sum(|line| line.paid_by_points.0));
        let spent = Points(paid_by_points.0 / self.programme.points.value.0.max(1));
        Evaluation {
            total,
            discount,
            spendable: spent,
            spent,
            paid_by_points,
            to_pay: total - discount - paid_by_points,
            earned: reasons.iter().map(|each| each.points).sum(),
            lines: results,
            reasons,
            gifts: offers_used
                .iter()
                .filter_map(|used| used.gift.clone())
                .collect(),
            offers_used,
            offers_missed: Vec::new(),
        }
    }

    /// Share of each line in what was paid. What money and points don't pay of its price is its discount.
    fn paid_shares(&self, share: &impl Fn(usize, i64) -> i64) -> Vec<LineResult> {
        let amounts = effective_amounts(&self.basket.lines);
        let lines = amounts.iter().zip(&self.evaluation.lines).enumerate();
        lines
            .map(|(place, (amount, result))| {
                let in_money = amount.0 - result.discount.0 - result.paid_by_points.0;
                let paid_by_points = share(place, result.paid_by_points.0);
                let paid = share(place, in_money) + paid_by_points;
                LineResult {
                    discount: Money(share(place, amount.0) - paid),
                    paid_by_points: Money(paid_by_points),
                    earned: Points::ZERO,
                }
            })
            .collect()
    }

    /// Points that stay, by reason, and added to their lines.
    fn earned_shares(
        &self,
        rest: &Basket,
        share: &impl Fn(usize, i64) -> i64,
        results: &mut [LineResult],
    ) -> Vec<EarnReason> {
        let reasons = self.reasons_by_line();
        let mut kept: Vec<i64> = vec![0; reasons.len()];
        for (place, result) in results.iter_mut().enumerate() {
            let of_line: Vec<i64> = reasons
                .iter()
                .map(|each| match each.points.get(place) {
                    Some(points) if !each.is_fixed() => *points,
                    _ => 0,
                })
                .collect();
            // Rounded down once for the line. Each reason has its share rounded down, and the largest has the rest: unlike by
            // largest remainder, a reason that has nothing left never has something again when more goes back.
            let points = share(place, of_line.iter().sum());
            let mut rest = points;
            for (kept, of_reason) in kept.iter_mut().zip(&of_line) {
                let share = share(place, *of_reason);
                *kept += share;
                rest -= share;
            }
            let largest = of_line.iter().enumerate().rev().max_by_key(|(_, of)| **of);
            if let Some(kept) = largest.and_then(|(place, _)| kept.get_mut(place)) {
                *kept += rest;
            }
            result.earned += Points(points);
        }
        for (kept, each) in kept.iter_mut().zip(&reasons) {
            let Some(offer) = each.offer.filter(|_| each.is_fixed()) else {
                continue;
            };
            let weights = each.weights.iter().enumerate();
            let weights: Vec<i64> = weights.map(|(place, all)| share(place, *all)).collect();
            if weights.iter().all(|weight| *weight == 0)
                || reached_lines(self.programme, rest, offer).is_none()
            {
                continue;
            }
            *kept = each.reason.points.0;
            for (result, share) in results.iter_mut().zip(share_out(*kept, &weights)) {
                result.earned += Points(share);
            }
        }
        let kept = kept.iter().zip(&reasons).filter(|(kept, _)| **kept > 0);
        kept.map(|(kept, each)| with_points(each.reason, Points(*kept)))
            .collect()
    }

    /// Points of each reason by line. They are worked out as the sale did, because only their sums are stored.
    fn reasons_by_line(&self) -> Vec<ReasonPointsByLine<'_>> {
        let mut reasons: Vec<ReasonPointsByLine<'_>> = Vec::new();
        for reason in &self.evaluation.reasons {
            let offer = match &reason.reason {
                EntryReason::Offer { offer, .. } => self.programme.offer(offer),
                _ => None,
            };
            let mut each = ReasonPointsByLine {
                reason,
                offer,
                weights: Vec::new(),
                points: Vec::new(),
            };
            let fixed = each.is_fixed();
            let lines = earning_lines(self.programme, self.basket, offer);
            let earns = |place: usize| {
                let lines = lines.as_ref();
                lines.is_none_or(|lines| lines.get(place).copied().unwrap_or(false))
            };
            let amounts = effective_amounts(&self.basket.lines);
            let lines = amounts.iter().zip(&self.evaluation.lines).enumerate();
            each.weights = lines
                .map(|(place, (amount, result))| {
                    let price = *amount - result.discount;
                    let by_money = price - result.paid_by_points;
                    match (earns(place), fixed) {
                        (true, true) => price.0.max(0),
                        (true, false) => by_money.0.max(0),
                        (false, _) => 0,
                    }
                })
                .collect();
            each.points = share_out(reason.points.0, &each.weights);
            reasons.push(each);
        }
        let stored: Vec<i64> = self
            .evaluation
            .lines
            .iter()
            .map(|line| line.earned.0)
            .collect();
        let agrees = |(place, stored): (usize, &i64)| {
            let of_line = reasons.iter().filter_map(|each| each.points.get(place));
            of_line.sum::<i64>() == *stored
        };
        // Where the rules' code has changed since, what is stored by line decides.
        if !stored.iter().enumerate().all(agrees) {
            for each in &mut reasons {
                each.points = share_out(each.reason.points.0, &stored);
                each.weights.clone_from(&stored);
            }
        }
        reasons
    }

    /// Offers of which something stays.
    fn offers_used(
        &self,
        rest: &Basket,
        share: &impl Fn(usize, i64) -> i64,
        reasons: &[EarnReason],
    ) -> Vec<UsedOffer> {
        // Nothing is given for what costs nothing.
        let costs = rest.lines.iter().any(|line| line.amount.is_positive());
        let mut used_offers = Vec::new();
        for used in &self.evaluation.offers_used {
            let offer = self.programme.offer(&used.offer);
            let holds = costs
                && offer.is_some_and(|offer| reached_lines(self.programme, rest, offer).is_some());
            let points = reasons
                .iter()
                .filter(|each| is_from_offer(each, &used.offer));
            let left = UsedOffer {
                points: points.map(|each| each.points).sum(),
                discount: self.discount_left(used, share),
                gift: used.gift.clone().filter(|_| holds),
                ..used.clone()
            };
            if !left.points.is_zero() || !left.discount.is_zero() || left.gift.is_some() {
                used_offers.push(left);
            }
        }
        used_offers
    }

    /// Returns what stays of the money that an offer took off: shared out to the discounts of its lines, then by what is left.
    fn discount_left(&self, used: &UsedOffer, share: &impl Fn(usize, i64) -> i64) -> Money {
        let offer = self.programme.offer(&used.offer);
        let reached = offer.and_then(|offer| reached_lines(self.programme, self.basket, offer));
        let is_reached = |place: usize| {
            let reached = reached.as_ref();
            reached.is_none_or(|reached| reached.get(place).copied().unwrap_or(false))
        };
        let lines = self.evaluation.lines.iter().enumerate();
        let discounts: Vec<i64> = lines
            .map(|(place, line)| {
                if is_reached(place) {
                    line.discount.0
                } else {
                    0
                }
            })
            .collect();
        let shares = share_out(used.discount.0, &discounts);
        let left = shares.iter().enumerate();
        Money(left.map(|(place, all)| share(place, *all)).sum())
    }
}

/// Returns what was paid in money for what went back of each line of the sale, between `left` and `after`.
pub fn kept_refunds(
    sale: &[ReceiptLine],
    results: &[LineResult],
    left: &[RemainingLinePart],
    after: &[RemainingLinePart],
) -> Vec<Money> {
    let amounts = effective_amounts(sale);
    let paid = amounts
        .iter()
        .zip(results)
        .map(|(amount, result)| amount.0 - result.discount.0 - result.paid_by_points.0);
    paid.zip(left.iter().zip(after))
        .map(|(paid, (left, after))| Money(left.share_of(paid) - after.share_of(paid)))
        .collect()
}

/// Returns whether points were given by this offer.
fn is_from_offer(each: &EarnReason, wanted: &str) -> bool {
    matches!(&each.reason, EntryReason::Offer { offer, .. } if offer == wanted)
}

/// The same reason for so many of its points, of its share of the money.
fn with_points(each: &EarnReason, points: Points) -> EarnReason {
    let all = i128::from(each.points.0.max(1));
    let share = |base: Money| {
        let share = i128::from(base.0) * i128::from(points.0) / all;
        Money(i64::try_from(share).unwrap_or(base.0))
    };
    let mut reason = each.reason.clone();
    match &mut reason {
        EntryReason::Purchase {
            base, points: told, ..
        } => (*base, *told) = (share(*base), points),
        EntryReason::Offer {
            of, points: told, ..
        } => {
            *told = points;
            if let Some(of) = of {
                of.base = share(of.base);
            }
        }
        _ => {}
    }
    EarnReason { points, reason }
}
