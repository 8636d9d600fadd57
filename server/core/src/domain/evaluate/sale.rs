//! A receipt while it is being judged: what each line costs, was paid with and earned so far. No step leaves a line below
//! zero, and every sum is taken from the lines.

use super::{EarnReason, Evaluation, LineResult, MemberWallet};
use crate::domain::amounts::{Money, Points, Quantity, Rounding, share_out};
use crate::domain::offers::{
    ExtraPointShares, MatchedLines, Offer, PointsScale, discount, extra_points, points_of,
    rewarded_share,
};
use crate::domain::programme::{Programme, Tier};
use crate::domain::reason::EntryReason;
use crate::domain::receipt::{ReceiptLine, effective_amounts};

/// An offer whose conditions hold, with the lines that it is for.
#[derive(Debug, Clone)]
pub struct ApplicableOffer<'a> {
    /// The offer.
    pub offer: &'a Offer,
    /// Its lines.
    pub matched: MatchedLines,
}

/// Amounts that lines still cost: all that a search for the best offers has to try.
#[derive(Debug, Clone, Default)]
pub struct RemainingPrices(Vec<i64>);

impl RemainingPrices {
    /// Becomes the same as `other`, in the place that it has.
    pub fn copy_from(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }

    /// Takes an offer's discount off; the share of each of its lines, where it is one that takes anything off.
    fn discount(
        &mut self,
        applied: &ApplicableOffer<'_>,
        lines: &[ReceiptLine],
        rounding: Rounding,
    ) -> Option<Vec<i64>> {
        let ApplicableOffer {
            offer,
            matched: reach,
        } = applied;
        if !offer.benefit.takes_off() {
            return None;
        }
        let payable = reach.of(&self.0);
        let quantity = |place: usize| {
            let line = match reach {
                MatchedLines::All => lines.get(place),
                MatchedLines::Some(places) => places.get(place).and_then(|place| lines.get(*place)),
            };
            // A negative line has no price that could fall.
            line.map_or(Quantity::ZERO, |line| line.quantity.or_zero())
        };
        let shares = discount(&offer.benefit, &payable, quantity, rounding)?;
        reach.for_each_share(&mut self.0, &shares, |price, share| *price -= share);
        Some(shares)
    }
}

/// A receipt while it is being judged.
#[derive(Debug)]
pub struct SaleEvaluator<'a> {
    /// The rules.
    pub programme: &'a Programme,
    /// Lines of the receipt.
    pub lines: &'a [ReceiptLine],
    /// True for each line that earns.
    earns: Vec<bool>,
    prices: RemainingPrices,
    results: Vec<LineResult>,
    reasons: Vec<EarnReason>,
    spendable: Points,
    spent: Points,
}

impl<'a> SaleEvaluator<'a> {
    /// A receipt with nothing taken off, paid or earned.
    pub fn new(programme: &'a Programme, lines: &'a [ReceiptLine]) -> Self {
        let excluded = &programme.earn.excluded_categories;
        Self {
            programme,
            lines,
            earns: lines
                .iter()
                .map(|line| !excluded.contains(&line.category))
                .collect(),
            prices: RemainingPrices(
                effective_amounts(lines)
                    .iter()
                    .map(|price| price.0)
                    .collect(),
            ),
            results: vec![LineResult::default(); lines.len()],
            reasons: Vec::new(),
            spendable: Points::ZERO,
            spent: Points::ZERO,
        }
    }

    /// Returns what each line that points may pay costs after discounts.
    fn open_to_points(&self) -> Vec<i64> {
        self.open_prices(&self.programme.spend.excluded_categories)
    }

    /// Returns what each line costs that is not in an excluded category.
    fn open_prices(&self, excluded: &[String]) -> Vec<i64> {
        let lines = self.lines.iter().zip(&self.prices.0);
        lines
            .map(|(line, price)| {
                if excluded.contains(&line.category) {
                    0
                } else {
                    *price
                }
            })
            .collect()
    }

    /// Returns what each line that earns costs, of these prices.
    fn earning(&self, prices: &RemainingPrices) -> Vec<i64> {
        let lines = prices.0.iter().zip(&self.earns);
        lines
            .map(|(price, earns)| if *earns { *price } else { 0 })
            .collect()
    }

    /// Returns which lines earn, by an offer where there is one.
    pub fn earning_lines(self, offer: Option<&Offer>) -> Vec<bool> {
        if offer.is_some_and(|offer| self.names_goods(offer)) {
            vec![true; self.earns.len()]
        } else {
            self.earns
        }
    }

    /// Returns whether an offer gives its points on goods that do not earn otherwise, because it names them.
    fn names_goods(&self, offer: &Offer) -> bool {
        self.programme.exclusions.named_goods_earn && !offer.conditions.items().is_empty()
    }

    /// Returns what each line that earns by an offer costs, of these prices.
    fn earning_by(&self, offer: &Offer, prices: &RemainingPrices) -> Vec<i64> {
        if self.names_goods(offer) {
            prices.0.clone()
        } else {
            self.earning(prices)
        }
    }

    /// Returns what of these prices was paid in money.
    fn in_money(&self, mut prices: Vec<i64>) -> Vec<i64> {
        for (price, result) in prices.iter_mut().zip(&self.results) {
            *price = (*price - result.paid_by_points.0).max(0);
        }
        prices
    }

    /// Returns what each line earns on: what was paid for it in money, where it earns.
    fn earning_bases(&self) -> Vec<i64> {
        self.in_money(self.earning(&self.prices))
    }

    /// Takes the tier's discount off what is not excluded from it.
    pub fn tier_discount(&mut self, tier: &Tier) {
        if let Some(rate) = tier.discount {
            let open = self.open_prices(&self.programme.exclusions.tier_discounts);
            let prices = &mut self.prices.0;
            let off = rate.share_of(open.iter().sum(), self.programme.points.rounding);
            let shares = share_out(off, &open);
            for ((price, result), share) in prices.iter_mut().zip(&mut self.results).zip(shares) {
                *price -= share;
                result.discount += Money(share);
            }
        }
    }

    /// Takes an offer's discount off; how much it was.
    pub fn offer_discount(&mut self, applied: &ApplicableOffer<'_>) -> Money {
        let rounding = self.programme.points.rounding;
        let Some(shares) = self.prices.discount(applied, self.lines, rounding) else {
            return Money::ZERO;
        };
        let off = |result: &mut LineResult, share| result.discount += Money(share);
        applied
            .matched
            .for_each_share(&mut self.results, &shares, off);
        Money(shares.iter().sum())
    }

    /// Returns what an offer alone would take off and give in points, before anything is paid.
    pub fn value_alone(
        &self,
        applied: &ApplicableOffer<'_>,
        tier: &Tier,
        earns: bool,
    ) -> (Money, Points) {
        if applied.offer.benefit.takes_off() {
            return (
                self.try_discount(&mut self.prices.clone(), applied),
                Points::ZERO,
            );
        }
        if !earns {
            return (Money::ZERO, Points::ZERO);
        }
        let earning = self.earning_by(applied.offer, &self.prices);
        (
            Money::ZERO,
            self.extra_points_of(applied, &earning, &earning, tier)
                .points(),
        )
    }

    /// Takes an offer's discount off these prices alone; how much it was.
    fn try_discount(&self, prices: &mut RemainingPrices, applied: &ApplicableOffer<'_>) -> Money {
        let rounding = self.programme.points.rounding;
        let shares = prices.discount(applied, self.lines, rounding);
        Money(shares.map_or(0, |shares| shares.iter().sum()))
    }

    /// Returns what these offers, in this order, would take off and give in points together, before anything is paid.
    /// `prices` is a place to work in.
    pub fn value_together<'o>(
        &self,
        offers: impl Iterator<Item = &'o ApplicableOffer<'o>> + Clone,
        tier: &Tier,
        earns: bool,
        prices: &mut RemainingPrices,
    ) -> (Money, Points) {
        prices.copy_from(&self.prices);
        let mut money = Money::ZERO;
        for applied in offers.clone() {
            money += self.try_discount(prices, applied);
        }
        let mut points = Points::ZERO;
        if earns {
            let earning = self.earning(prices);
            points += points_of(
                Money(earning.iter().sum()),
                &[tier.rate],
                self.points_scale(tier),
            );
            for applied in offers {
                let earning = if self.names_goods(applied.offer) {
                    &prices.0
                } else {
                    &earning
                };
                points += self
                    .extra_points_of(applied, earning, earning, tier)
                    .points();
            }
        }
        (money, points)
    }

    /// Returns how many points may pay what is left to pay.
    pub fn spendable(&self, wallet: MemberWallet) -> Points {
        if !wallet.may_spend {
            return Points::ZERO;
        }
        let total: i64 = self.prices.0.iter().sum();
        let open: i64 = self.open_to_points().iter().sum();
        let most = self
            .programme
            .spend
            .max_share
            .share_of(total, Rounding::Floor);
        let most = Points(most.min(open) / self.programme.points.value.0.max(1));
        most.min(wallet.available).or_zero()
    }

    /// Pays with points; the caller has checked how many may.
    pub fn pay_with_points(&mut self, spendable: Points, points: Points) {
        self.spendable = spendable;
        self.spent = points;
        if points.is_zero() {
            return;
        }
        let money = points.0.saturating_mul(self.programme.points.value.0);
        let shares = share_out(money, &self.open_to_points());
        for (result, share) in self.results.iter_mut().zip(shares) {
            result.paid_by_points += Money(share);
        }
    }

    fn points_scale(&self, tier: &Tier) -> PointsScale {
        PointsScale {
            value: self.programme.points.value,
            rounding: self.programme.points.rounding,
            rate: tier.rate,
        }
    }

    /// Earns points at the tier's rate.
    pub fn earn_tier_points(&mut self, tier: &Tier) {
        let bases = self.earning_bases();
        let base = Money(bases.iter().sum());
        let points = points_of(base, &[tier.rate], self.points_scale(tier));
        if points.is_positive() {
            for (result, share) in self.results.iter_mut().zip(share_out(points.0, &bases)) {
                result.earned += Points(share);
            }
            let reason = EntryReason::Purchase {
                base,
                rate: tier.rate,
                tier: tier.name.clone(),
                points,
            };
            self.reasons.push(EarnReason { points, reason });
        }
    }

    /// Points of an offer on what its lines earn on and cost.
    fn extra_points_of(
        &self,
        applied: &ApplicableOffer<'_>,
        base: &[i64],
        price: &[i64],
        tier: &Tier,
    ) -> ExtraPointShares {
        let ApplicableOffer {
            offer,
            matched: reach,
        } = applied;
        let base = || Money(reach.sum(base));
        let price = || Money(reach.sum(price));
        extra_points(&offer.benefit, base, price, self.points_scale(tier))
    }

    /// Earns an offer's points; how many they were.
    pub fn offer_points(&mut self, applied: &ApplicableOffer<'_>, tier: &Tier) -> Points {
        let ApplicableOffer {
            offer,
            matched: reach,
        } = applied;
        if offer.benefit.takes_off() {
            return Points::ZERO;
        }
        let price = self.earning_by(offer, &self.prices);
        let base = self.in_money(price.clone());
        let extra = self.extra_points_of(applied, &base, &price, tier);
        let points = extra.points();
        if !points.is_positive() {
            return points;
        }
        let weights = match extra {
            ExtraPointShares::ByPrice(_) => reach.of(&price),
            ExtraPointShares::ByMoney(_) | ExtraPointShares::Nothing => reach.of(&base),
        };
        let add = |result: &mut LineResult, share| result.earned += Points(share);
        reach.for_each_share(&mut self.results, &share_out(points.0, &weights), add);
        let reason = EntryReason::Offer {
            offer: offer.id.clone(),
            title: offer.title.clone(),
            points,
            of: rewarded_share(&offer.benefit, || Money(reach.sum(&base)), tier.rate),
        };
        self.reasons.push(EarnReason { points, reason });
        points
    }

    /// The judgement so far, with the sums of the lines. Offers are the caller's to add.
    pub fn finish(self) -> Evaluation {
        let total: Money = self.lines.iter().map(|line| line.amount).sum();
        Evaluation {
            spendable: self.spendable,
            spent: self.spent,
            reasons: self.reasons,
            ..Evaluation::of_lines(self.results, total)
        }
    }
}
