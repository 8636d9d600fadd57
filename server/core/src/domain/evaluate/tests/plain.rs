//! The judgement as plainly as it can be written: every line asked of every offer, every try on a copy of the receipt, every
//! share divided in the widest numbers. What is judged quickly must be the same to the last point.

mod choosing;

use std::cmp::Reverse;

use super::super::choice::offer_order;
use super::*;
use crate::domain::amounts::Rounding;
use crate::domain::programme::Tier;
use crate::domain::reason::RewardedShare;
use choosing::choose;

/// The largest remainder, in `i128` and by a whole sort.
fn share_out(total: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        let first = |at| if at == 0 { total } else { 0 };
        return (0..weights.len()).map(first).collect();
    }
    let part = |weight: &i64| i128::from(total) * i128::from(*weight);
    let mut shares: Vec<i64> = weights
        .iter()
        .map(|w| i64::try_from(part(w) / sum).unwrap())
        .collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|at| Reverse(part(&weights[*at]) % sum));
    let left = total - shares.iter().sum::<i64>();
    for at in by_remainder
        .into_iter()
        .take(usize::try_from(left).unwrap())
    {
        shares[at] += 1;
    }
    shares
}

fn divide(parts: i128, whole: i128, rounding: Rounding) -> i64 {
    let (quotient, rest) = (parts / whole, parts % whole);
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::HalfUp => 2 * rest >= whole,
        Rounding::Ceil => rest > 0,
    };
    i64::try_from(quotient + i128::from(up)).unwrap()
}

/// Returns what lines cost after negative lines are spread: each category's first, then what is left of all on the whole receipt.
fn spread(lines: &[ReceiptLine]) -> Vec<i64> {
    let mut amounts: Vec<i64> = lines.iter().map(|line| line.amount.0.max(0)).collect();
    let mut left = 0;
    let mut categories: Vec<&str> = lines.iter().map(|line| line.category.as_str()).collect();
    categories.sort_unstable();
    categories.dedup();
    for category in categories {
        let own = |line: &ReceiptLine| line.category == category;
        let off: i64 = lines
            .iter()
            .filter(|line| own(line))
            .map(|line| (-line.amount.0).max(0))
            .sum();
        let weights = lines
            .iter()
            .zip(&amounts)
            .map(|(line, amount)| i64::from(own(line)) * amount);
        let weights: Vec<i64> = weights.collect();
        let taken = off.min(weights.iter().sum());
        left += off - taken;
        for (amount, share) in amounts.iter_mut().zip(share_out(taken, &weights)) {
            *amount -= share;
        }
    }
    let shares = share_out(left, &amounts);
    amounts
        .iter()
        .zip(shares)
        .map(|(amount, share)| amount - share)
        .collect()
}

#[derive(Clone)]
struct Plain<'a> {
    programme: &'a Programme,
    lines: &'a [ReceiptLine],
    amounts: Vec<i64>,
    results: Vec<LineResult>,
    reasons: Vec<EarnReason>,
}

impl Plain<'_> {
    fn payable(&self, excluded: &[String]) -> Vec<i64> {
        let lines = self.lines.iter().zip(&self.amounts).zip(&self.results);
        lines
            .map(|((line, amount), result)| {
                let counts = !excluded.contains(&line.category);
                i64::from(counts) * (amount - result.discount.0)
            })
            .collect()
    }

    fn does_not_earn(&self, offer: Option<&Offer>) -> &[String] {
        let named = offer.is_some_and(|offer| !offer.conditions.items().is_empty());
        if named && self.programme.exclusions.named_goods_earn {
            return &[];
        }
        &self.programme.earn.excluded_categories
    }

    fn base(&self, offer: Option<&Offer>) -> Vec<i64> {
        let payable = self.payable(self.does_not_earn(offer));
        let all = payable.iter().zip(&self.results);
        all.map(|(payable, result)| (payable - result.paid_by_points.0).max(0))
            .collect()
    }

    fn matching(&self, offer: &Offer, amounts: &[i64]) -> Vec<i64> {
        let items = offer.conditions.items();
        let names =
            |line: &ReceiptLine| items.is_empty() || items.iter().any(|item| item.names(line));
        let lines = self.lines.iter().zip(amounts);
        lines
            .map(|(line, amount)| i64::from(names(line)) * amount)
            .collect()
    }

    fn take_off(&mut self, shares: &[i64], payable: &[i64]) -> Money {
        let mut off = Money(0);
        for (at, share) in shares.iter().enumerate() {
            let share = Money((*share).clamp(0, payable[at]));
            self.results[at].discount += share;
            off += share;
        }
        off
    }

    fn offer_discount(&mut self, offer: &Offer) -> Money {
        let excluded: &[String] = if offer.conditions.items().is_empty() {
            &self.programme.exclusions.whole_receipt_discounts
        } else {
            &[]
        };
        let payable = self.matching(offer, &self.payable(excluded));
        let rounding = self.programme.points.rounding;
        let sum: i64 = payable.iter().sum();
        let shares = match &offer.benefit {
            OfferBenefit::PercentOff { rate } => share_out(rate.share_of(sum, rounding), &payable),
            OfferBenefit::AmountOff { amount } => share_out(amount.0.min(sum), &payable),
            OfferBenefit::FixedPrice { price } => {
                let gain = |(line, payable): (&ReceiptLine, &i64)| {
                    (payable * 1_000 - price.0 * line.quantity.0.max(0)).max(0)
                };
                let gains: Vec<i64> = self.lines.iter().zip(&payable).map(gain).collect();
                let whole: i64 = gains.iter().sum();
                share_out(divide(i128::from(whole), 1_000, rounding), &gains)
            }
            _ => vec![0; payable.len()],
        };
        self.take_off(&shares, &payable)
    }

    fn add_points(
        &mut self,
        total: i64,
        weights: &[i64],
        reason: impl Fn(Points) -> EntryReason,
    ) -> Points {
        if total > 0 {
            for (result, share) in self.results.iter_mut().zip(share_out(total, weights)) {
                result.earned += Points(share);
            }
            let points = Points(total);
            let reason = reason(points);
            self.reasons.push(EarnReason { points, reason });
        }
        Points(total)
    }

    fn points_of(&self, base: &[i64], rates: &[u32]) -> i64 {
        let mut parts: i128 = base.iter().map(|each| i128::from(*each)).sum();
        let mut whole = i128::from(self.programme.points.value.0);
        for rate in rates {
            parts *= i128::from(*rate);
            whole *= 10_000;
        }
        divide(parts, whole, self.programme.points.rounding)
    }

    fn earn(&mut self, tier: &Tier) -> Points {
        let base = self.base(None);
        let points = self.points_of(&base, &[tier.rate.0]);
        let whole = Money(base.iter().sum());
        self.add_points(points, &base, |points| EntryReason::Purchase {
            base: whole,
            rate: tier.rate,
            tier: tier.name.clone(),
            points,
        })
    }

    fn offer_points(&mut self, offer: &Offer, tier: &Tier) -> Points {
        let base = self.matching(offer, &self.base(Some(offer)));
        let payable = self.payable(self.does_not_earn(Some(offer)));
        let payable = self.matching(offer, &payable);
        let of = |rate, more| {
            let base = Money(base.iter().sum());
            Some(RewardedShare { base, rate, more })
        };
        let (points, of, weights) = match &offer.benefit {
            OfferBenefit::MultiplyPoints { rate } => {
                let more = BasisPoints(rate.0 - 10_000);
                let points = self.points_of(&base, &[tier.rate.0, more.0]);
                (points, of(tier.rate, Some(more)), base)
            }
            OfferBenefit::ExtraPoints { rate } => {
                (self.points_of(&base, &[rate.0]), of(*rate, None), base)
            }
            OfferBenefit::FixedPoints { points } if payable.iter().any(|each| *each > 0) => {
                (points.0, None, payable)
            }
            _ => (0, None, base),
        };
        self.add_points(points, &weights, |points| EntryReason::Offer {
            offer: offer.id.clone(),
            title: offer.title.clone(),
            points,
            of,
        })
    }
}

/// Judges a receipt of a member.
pub fn evaluate(
    programme: &Programme,
    basket: &Basket,
    standing: &OfferEligibility,
    wallet: MemberWallet,
    spend: PointsToSpend,
) -> Result<Evaluation, TooManyPoints> {
    let tier = programme.tier(&standing.tier);
    let mut sale = Plain {
        programme,
        lines: &basket.lines,
        amounts: spread(&basket.lines),
        results: vec![LineResult::default(); basket.lines.len()],
        reasons: Vec::new(),
    };
    if let Some(rate) = tier.discount {
        let payable = sale.payable(&programme.exclusions.tier_discounts);
        let off = rate.share_of(payable.iter().sum(), programme.points.rounding);
        sale.take_off(&share_out(off, &payable), &payable);
    }
    let (open, missed) = choose(&sale, basket, standing, tier, wallet.may_earn);
    let mut used: Vec<UsedOffer> = Vec::new();
    for offer in &open {
        used.push(UsedOffer {
            offer: offer.id.clone(),
            title: offer.title.clone(),
            points: Points(0),
            discount: sale.offer_discount(offer),
            gift: match &offer.benefit {
                OfferBenefit::Gift { gift } => Some(gift.clone()),
                _ => None,
            },
        });
    }
    let total: i64 = sale.payable(&[]).iter().sum();
    let open_to_points = sale.payable(&programme.spend.excluded_categories);
    let most = programme.spend.max_share.share_of(total, Rounding::Floor);
    let most = most.min(open_to_points.iter().sum()) / programme.points.value.0;
    let spendable = Points(most).min(wallet.available).max(Points(0));
    let spendable = if wallet.may_spend {
        spendable
    } else {
        Points(0)
    };
    let spent = match spend {
        PointsToSpend::None => Points(0),
        PointsToSpend::All => spendable,
        PointsToSpend::Exactly(points) if points > spendable => {
            return Err(TooManyPoints { spendable });
        }
        PointsToSpend::Exactly(points) => points.max(Points(0)),
        PointsToSpend::AtMost(points) => points.max(Points(0)).min(spendable),
    };
    let paid = share_out(spent.0 * programme.points.value.0, &open_to_points);
    for (result, share) in sale.results.iter_mut().zip(paid) {
        result.paid_by_points = Money(share);
    }
    if wallet.may_earn {
        sale.earn(tier);
        for (offer, used) in open.iter().zip(&mut used) {
            used.points = sale.offer_points(offer, tier);
        }
    }
    let sum = |of: fn(&LineResult) -> i64| sale.results.iter().map(of).sum::<i64>();
    let total = basket.lines.iter().map(|line| line.amount).sum();
    let discount = Money(sum(|result| result.discount.0));
    let paid_by_points = Money(sum(|result| result.paid_by_points.0));
    let mut evaluation = Evaluation {
        total,
        discount,
        spendable,
        spent,
        paid_by_points,
        to_pay: total - discount - paid_by_points,
        earned: Points(sum(|result| result.earned.0)),
        lines: sale.results.clone(),
        reasons: sale.reasons.clone(),
        offers_missed: missed,
        ..Evaluation::default()
    };
    for offer in used {
        if offer.points.is_zero() && offer.discount.is_zero() && offer.gift.is_none() {
            evaluation.offers_missed.push(MissedOffer {
                offer: offer.offer,
                title: offer.title,
                misses: vec![UnmetCondition::NothingToGain],
            });
        } else {
            evaluation.gifts.extend(offer.gift.clone());
            evaluation.offers_used.push(offer);
        }
    }
    evaluation
        .offers_missed
        .sort_by_key(|missed| offer_order(programme.offer(&missed.offer).unwrap()));
    Ok(evaluation)
}
