//! A receipt while it is being judged: what each line costs, was paid with and earned so far. No step leaves a line below
//! zero, and every sum is taken from the lines.

use super::{EarnReason, Evaluation, LineResult, Wallet};
use crate::domain::amounts::{Money, Points, Quantity, Rounding, share_out};
use crate::domain::offers::{Extra, Offer, Reach, Scale, discount, extra_points, points_of, share};
use crate::domain::programme::{Programme, Tier};
use crate::domain::reason::Reason;
use crate::domain::receipt::{Line, effective_amounts};

/// An offer whose conditions hold, with the lines that it is for.
#[derive(Debug, Clone)]
pub struct Applied<'a> {
    /// The offer.
    pub offer: &'a Offer,
    /// Its lines.
    pub reach: Reach,
}

/// Amounts that lines still cost: all that a search for the best offers has to try.
#[derive(Debug, Clone, Default)]
pub struct Prices(Vec<i64>);

impl Prices {
    /// Becomes the same as `other`, in the place that it has.
    pub fn become_as(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }

    /// Takes an offer's discount off; the share of each of its lines, where it is one that takes anything off.
    fn discount(
        &mut self,
        applied: &Applied<'_>,
        lines: &[Line],
        rounding: Rounding,
    ) -> Option<Vec<i64>> {
        let Applied { offer, reach } = applied;
        if !offer.benefit.takes_off() {
            return None;
        }
        let payable = reach.of(&self.0);
        let quantity = |place: usize| {
            let line = match reach {
                Reach::All => lines.get(place),
                Reach::Some(places) => places.get(place).and_then(|place| lines.get(*place)),
            };
            // A negative line has no price that could fall.
            line.map_or(Quantity::ZERO, |line| line.quantity.or_zero())
        };
        let shares = discount(&offer.benefit, &payable, quantity, rounding)?;
        reach.each(&mut self.0, &shares, |price, share| *price -= share);
        Some(shares)
    }
}

/// A receipt while it is being judged.
#[derive(Debug)]
pub struct Sale<'a> {
    /// The rules.
    pub programme: &'a Programme,
    /// Lines of the receipt.
    pub lines: &'a [Line],
    /// True for each line that earns.
    earns: Vec<bool>,
    prices: Prices,
    results: Vec<LineResult>,
    reasons: Vec<EarnReason>,
    spendable: Points,
    spent: Points,
}

impl<'a> Sale<'a> {
    /// A receipt with nothing taken off, paid or earned.
    pub fn new(programme: &'a Programme, lines: &'a [Line]) -> Self {
        let excluded = &programme.earn.excluded_categories;
        Self {
            programme,
            lines,
            earns: lines
                .iter()
                .map(|line| !excluded.contains(&line.category))
                .collect(),
            prices: Prices(
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
    fn earning(&self, prices: &Prices) -> Vec<i64> {
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
    fn earning_by(&self, offer: &Offer, prices: &Prices) -> Vec<i64> {
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
    fn base(&self) -> Vec<i64> {
        self.in_money(self.earning(&self.prices))
    }

    /// Takes the tier's discount off what is not excluded from it.
    pub fn tier_discount(&mut self, tier: &Tier) {
        if let Some(rate) = tier.discount {
            let open = self.open_prices(&self.programme.exclusions.tier_discounts);
            let prices = &mut self.prices.0;
            let off = rate.of(open.iter().sum(), self.programme.points.rounding);
            let shares = share_out(off, &open);
            for ((price, result), share) in prices.iter_mut().zip(&mut self.results).zip(shares) {
                *price -= share;
                result.discount += Money(share);
            }
        }
    }

    /// Takes an offer's discount off; how much it was.
    pub fn offer_discount(&mut self, applied: &Applied<'_>) -> Money {
        let rounding = self.programme.points.rounding;
        let Some(shares) = self.prices.discount(applied, self.lines, rounding) else {
            return Money::ZERO;
        };
        let off = |result: &mut LineResult, share| result.discount += Money(share);
        applied.reach.each(&mut self.results, &shares, off);
        Money(shares.iter().sum())
    }

    /// Returns what an offer alone would take off and give in points, before anything is paid.
    pub fn alone(&self, applied: &Applied<'_>, tier: &Tier, earns: bool) -> (Money, Points) {
        if applied.offer.benefit.takes_off() {
            return (self.tried(&mut self.prices.clone(), applied), Points::ZERO);
        }
        if !earns {
            return (Money::ZERO, Points::ZERO);
        }
        let earning = self.earning_by(applied.offer, &self.prices);
        (
            Money::ZERO,
            self.extra(applied, &earning, &earning, tier).points(),
        )
    }

    /// Takes an offer's discount off these prices alone; how much it was.
    fn tried(&self, prices: &mut Prices, applied: &Applied<'_>) -> Money {
        let rounding = self.programme.points.rounding;
        let shares = prices.discount(applied, self.lines, rounding);
        Money(shares.map_or(0, |shares| shares.iter().sum()))
    }

    /// Returns what these offers, in this order, would take off and give in points together, before anything is paid.
    /// `prices` is a place to work in.
    pub fn together<'o>(
        &self,
        offers: impl Iterator<Item = &'o Applied<'o>> + Clone,
        tier: &Tier,
        earns: bool,
        prices: &mut Prices,
    ) -> (Money, Points) {
        prices.become_as(&self.prices);
        let mut money = Money::ZERO;
        for applied in offers.clone() {
            money += self.tried(prices, applied);
        }
        let mut points = Points::ZERO;
        if earns {
            let earning = self.earning(prices);
            points += points_of(Money(earning.iter().sum()), &[tier.rate], self.scale(tier));
            for applied in offers {
                let earning = if self.names_goods(applied.offer) {
                    &prices.0
                } else {
                    &earning
                };
                points += self.extra(applied, earning, earning, tier).points();
            }
        }
        (money, points)
    }

    /// Returns how many points may pay what is left to pay.
    pub fn spendable(&self, wallet: Wallet) -> Points {
        if !wallet.may_spend {
            return Points::ZERO;
        }
        let total: i64 = self.prices.0.iter().sum();
        let open: i64 = self.open_to_points().iter().sum();
        let most = self.programme.spend.max_share.of(total, Rounding::Floor);
        let most = Points(most.min(open) / self.programme.points.value.0.max(1));
        most.min(wallet.available).or_zero()
    }

    /// Pays with points; the caller has checked how many may.
    pub fn pay(&mut self, spendable: Points, points: Points) {
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

    fn scale(&self, tier: &Tier) -> Scale {
        Scale {
            value: self.programme.points.value,
            rounding: self.programme.points.rounding,
            rate: tier.rate,
        }
    }

    /// Earns points at the tier's rate.
    pub fn earn(&mut self, tier: &Tier) {
        let bases = self.base();
        let base = Money(bases.iter().sum());
        let points = points_of(base, &[tier.rate], self.scale(tier));
        if points.is_positive() {
            for (result, share) in self.results.iter_mut().zip(share_out(points.0, &bases)) {
                result.earned += Points(share);
            }
            let reason = Reason::Purchase {
                base,
                rate: tier.rate,
                tier: tier.name.clone(),
                points,
            };
            self.reasons.push(EarnReason { points, reason });
        }
    }

    /// Points of an offer on what its lines earn on and cost.
    fn extra(&self, applied: &Applied<'_>, base: &[i64], price: &[i64], tier: &Tier) -> Extra {
        let Applied { offer, reach } = applied;
        let base = || Money(reach.sum(base));
        let price = || Money(reach.sum(price));
        extra_points(&offer.benefit, base, price, self.scale(tier))
    }

    /// Earns an offer's points; how many they were.
    pub fn offer_points(&mut self, applied: &Applied<'_>, tier: &Tier) -> Points {
        let Applied { offer, reach } = applied;
        if offer.benefit.takes_off() {
            return Points::ZERO;
        }
        let price = self.earning_by(offer, &self.prices);
        let base = self.in_money(price.clone());
        let extra = self.extra(applied, &base, &price, tier);
        let points = extra.points();
        if !points.is_positive() {
            return points;
        }
        let weights = match extra {
            Extra::ByPrice(_) => reach.of(&price),
            Extra::ByMoney(_) | Extra::Nothing => reach.of(&base),
        };
        let add = |result: &mut LineResult, share| result.earned += Points(share);
        reach.each(&mut self.results, &share_out(points.0, &weights), add);
        let reason = Reason::Offer {
            offer: offer.id.clone(),
            title: offer.title.clone(),
            points,
            of: share(&offer.benefit, || Money(reach.sum(&base)), tier.rate),
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
