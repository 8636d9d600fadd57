//! A receipt while it is being judged: what each line costs, was paid with and earned so far. No step leaves a line below
//! zero, and every sum is taken from the lines.

use super::{EarnReason, Evaluation, LineResult, Wallet};
use crate::domain::amounts::{Money, Points, Rounding, share_out};
use crate::domain::offers::{Offer, Scale, discount, extra_points, matching, points_of};
use crate::domain::programme::{Programme, Tier};
use crate::domain::reason::Reason;
use crate::domain::receipt::Line;

/// A receipt while it is being judged.
#[derive(Debug, Clone)]
pub struct Sale<'a> {
    /// The rules.
    pub programme: &'a Programme,
    /// What is bought.
    pub lines: &'a [Line],
    results: Vec<LineResult>,
    reasons: Vec<EarnReason>,
    spendable: Points,
    spent: Points,
}

impl<'a> Sale<'a> {
    /// A receipt with nothing taken off, paid or earned.
    pub fn new(programme: &'a Programme, lines: &'a [Line]) -> Self {
        Self {
            programme,
            lines,
            results: vec![LineResult::default(); lines.len()],
            reasons: Vec::new(),
            spendable: Points::ZERO,
            spent: Points::ZERO,
        }
    }

    /// What each line costs after discounts, without lines of these categories.
    fn payable(&self, excluded: &[String]) -> Vec<i64> {
        self.lines
            .iter()
            .zip(&self.results)
            .map(|(line, result)| {
                if excluded.contains(&line.category) {
                    0
                } else {
                    (line.amount - result.discount).0
                }
            })
            .collect()
    }

    /// What each line earns on: what was paid for it in money, without excluded categories.
    fn base(&self) -> Vec<i64> {
        self.payable(&self.programme.earn.excluded_categories)
            .into_iter()
            .zip(&self.results)
            .map(|(payable, result)| (payable - result.paid_by_points.0).max(0))
            .collect()
    }

    fn take_off(&mut self, shares: &[i64]) -> Money {
        for (result, share) in self.results.iter_mut().zip(shares) {
            result.discount += Money(*share);
        }
        Money(shares.iter().sum())
    }

    fn add_points(&mut self, shares: &[i64]) -> Points {
        for (result, share) in self.results.iter_mut().zip(shares) {
            result.earned += Points(*share);
        }
        Points(shares.iter().sum())
    }

    /// Takes the tier's discount off.
    pub fn tier_discount(&mut self, tier: &Tier) {
        if let Some(rate) = tier.discount {
            let payable = self.payable(&[]);
            let off = rate.of(payable.iter().sum(), self.programme.points.rounding);
            self.take_off(&share_out(off, &payable));
        }
    }

    /// Takes an offer's discount off; how much it was.
    pub fn offer_discount(&mut self, offer: &Offer) -> Money {
        let payable = matching(offer, self.lines, &self.payable(&[]));
        let rounding = self.programme.points.rounding;
        let shares = discount(&offer.benefit, self.lines, &payable, rounding);
        self.take_off(&shares)
    }

    /// How many points may pay what is left to pay.
    pub fn spendable(&self, wallet: Wallet) -> Points {
        if !wallet.may_spend {
            return Points::ZERO;
        }
        let rules = &self.programme.spend;
        let total: i64 = self.payable(&[]).iter().sum();
        let open: i64 = self.payable(&rules.excluded_categories).iter().sum();
        let most = rules.max_share.of(total, Rounding::Floor).min(open);
        let most = Points(most / self.programme.points.value.0.max(1));
        most.min(wallet.available).or_zero()
    }

    /// Pays with points; the caller has checked how many may.
    pub fn pay(&mut self, spendable: Points, points: Points) {
        self.spendable = spendable;
        self.spent = points;
        let open = self.payable(&self.programme.spend.excluded_categories);
        let money = points.0.saturating_mul(self.programme.points.value.0);
        for (result, share) in self.results.iter_mut().zip(share_out(money, &open)) {
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

    /// Earns points at the tier's rate; how many they were.
    pub fn earn(&mut self, tier: &Tier) -> Points {
        let bases = self.base();
        let base = Money(bases.iter().sum());
        let points = points_of(base, &[tier.rate], self.scale(tier));
        if points.is_positive() {
            self.add_points(&share_out(points.0, &bases));
            let reason = Reason::Purchase {
                base,
                rate: tier.rate,
                tier: tier.name.clone(),
                points,
            };
            self.reasons.push(EarnReason { points, reason });
        }
        points
    }

    /// Earns an offer's points; how many they were.
    pub fn offer_points(&mut self, offer: &Offer, tier: &Tier) -> Points {
        let base = matching(offer, self.lines, &self.base());
        let payable = self.payable(&self.programme.earn.excluded_categories);
        let payable = matching(offer, self.lines, &payable);
        let shares = extra_points(&offer.benefit, &base, &payable, self.scale(tier));
        let points = self.add_points(&shares);
        if points.is_positive() {
            let reason = Reason::Offer {
                offer: offer.id.clone(),
                title: offer.title.clone(),
                points,
            };
            self.reasons.push(EarnReason { points, reason });
        }
        points
    }

    /// The judgement so far, with the sums of the lines. Offers are the caller's to add.
    pub fn finish(self) -> Evaluation {
        let total: Money = self.lines.iter().map(|line| line.amount).sum();
        let discount: Money = self.results.iter().map(|result| result.discount).sum();
        let paid_by_points: Money = self
            .results
            .iter()
            .map(|result| result.paid_by_points)
            .sum();
        Evaluation {
            total,
            discount,
            spendable: self.spendable,
            spent: self.spent,
            paid_by_points,
            to_pay: total - discount - paid_by_points,
            earned: self.results.iter().map(|result| result.earned).sum(),
            lines: self.results,
            reasons: self.reasons,
            offers_used: Vec::new(),
            offers_missed: Vec::new(),
            gifts: Vec::new(),
        }
    }
}
