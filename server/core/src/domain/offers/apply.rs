//! What a benefit gives on the lines of a receipt. It is rounded once for the receipt and then shared out to lines, and
//! never takes more off a line than is left of it.

use super::OfferBenefit;
use crate::domain::amounts::{BasisPoints, Money, Points, Quantity, Rounding, share_out};
use crate::domain::reason::RewardedShare;

/// Returns what a benefit takes off each line, of what each still costs; `None` = it takes nothing off. Both are of the
/// lines that the offer is for; `quantity` is asked for the places of these.
pub(in crate::domain) fn discount(
    benefit: &OfferBenefit,
    payable: &[i64],
    quantity: impl Fn(usize) -> Quantity,
    rounding: Rounding,
) -> Option<Vec<i64>> {
    let sum: i64 = payable.iter().sum();
    let mut shares = match benefit {
        OfferBenefit::PercentOff { rate } => share_out(rate.share_of(sum, rounding), payable),
        OfferBenefit::AmountOff { amount } => share_out(amount.0.min(sum), payable),
        OfferBenefit::FixedPrice { price } => {
            // In thousandths of a minor unit, as quantities are, so that only the sum is rounded.
            let gains: Vec<i64> = payable
                .iter()
                .enumerate()
                .map(|(place, payable)| {
                    let fixed = price.0.saturating_mul(quantity(place).0);
                    payable.saturating_mul(1_000).saturating_sub(fixed).max(0)
                })
                .collect();
            let gain: i64 = gains.iter().sum();
            share_out(divide(i128::from(gain), 1_000, rounding), &gains)
        }
        OfferBenefit::MultiplyPoints { .. }
        | OfferBenefit::ExtraPoints { .. }
        | OfferBenefit::FixedPoints { .. }
        | OfferBenefit::Gift { .. } => return None,
    };
    // Rounding up may share out a unit too many.
    for (share, payable) in shares.iter_mut().zip(payable) {
        *share = (*share).clamp(0, *payable);
    }
    Some(shares)
}

/// Values by which points are counted.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain) struct PointsScale {
    /// Value of one point.
    pub value: Money,
    /// Rule for fractions.
    pub rounding: Rounding,
    /// The rate of the member's tier.
    pub rate: BasisPoints,
}

/// Points that a benefit adds, and by what they are shared out to the lines that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum ExtraPointShares {
    /// None.
    Nothing,
    /// Points that are shared out by what was paid in money for each line that earns.
    ByMoney(Points),
    /// Points that are shared out by what each line that earns costs, paid in whatever way.
    ByPrice(Points),
}

impl ExtraPointShares {
    /// Returns the number of points.
    pub const fn points(self) -> Points {
        match self {
            Self::Nothing => Points::ZERO,
            Self::ByMoney(points) | Self::ByPrice(points) => points,
        }
    }
}

/// Returns what a benefit adds in points. `base` is what was paid in money for the lines that earn and that the offer is
/// for, `price` what these cost, paid in whatever way.
pub(in crate::domain) fn extra_points(
    benefit: &OfferBenefit,
    base: impl FnOnce() -> Money,
    price: impl FnOnce() -> Money,
    scale: PointsScale,
) -> ExtraPointShares {
    if let Some(RewardedShare { base, rate, more }) = rewarded_share(benefit, base, scale.rate) {
        let rates = [rate, more.unwrap_or(BasisPoints::WHOLE)];
        return ExtraPointShares::ByMoney(points_of(base, &rates, scale));
    }
    match benefit {
        // The points don't depend on how a line was paid, only on whether there is one that may earn at all.
        OfferBenefit::FixedPoints { points } if price().is_positive() => {
            ExtraPointShares::ByPrice(points.or_zero())
        }
        _ => ExtraPointShares::Nothing,
    }
}

/// Returns the share of money for which a benefit gives points to a member at this rate of their tier; `None` = it is no
/// share of money.
pub(crate) fn rewarded_share(
    benefit: &OfferBenefit,
    base: impl FnOnce() -> Money,
    tier: BasisPoints,
) -> Option<RewardedShare> {
    let (rate, more) = match benefit {
        OfferBenefit::MultiplyPoints { rate } => {
            let more = rate.0.saturating_sub(BasisPoints::WHOLE.0);
            (tier, Some(BasisPoints(more)))
        }
        OfferBenefit::ExtraPoints { rate } => (*rate, None),
        OfferBenefit::FixedPoints { .. }
        | OfferBenefit::PercentOff { .. }
        | OfferBenefit::AmountOff { .. }
        | OfferBenefit::FixedPrice { .. }
        | OfferBenefit::Gift { .. } => return None,
    };
    let base = base();
    Some(RewardedShare { base, rate, more })
}

/// A share of a share … of money, in points, rounded once.
pub(in crate::domain) fn points_of(
    base: Money,
    rates: &[BasisPoints],
    scale: PointsScale,
) -> Points {
    let mut parts = i128::from(base.0);
    let mut whole = i128::from(scale.value.0.max(1));
    for rate in rates {
        parts = parts.saturating_mul(i128::from(rate.0));
        whole = whole.saturating_mul(i128::from(BasisPoints::WHOLE.0));
    }
    Points(divide(parts, whole, scale.rounding))
}

/// A quotient of numbers that are not below 0.
fn divide(parts: i128, whole: i128, rounding: Rounding) -> i64 {
    let quotient = parts / whole;
    let rest = parts % whole;
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::HalfUp => rest >= whole - rest,
        Rounding::Ceil => rest > 0,
    };
    i64::try_from(quotient + i128::from(up)).unwrap_or(i64::MAX)
}
