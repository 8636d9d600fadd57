//! What a benefit gives on the lines of a receipt. It is rounded once for the receipt and then shared out to lines, and
//! never takes more off a line than is left of it.

use super::{Benefit, Offer};
use crate::domain::amounts::{BasisPoints, Money, Points, Rounding, share_out};
use crate::domain::receipt::Line;

/// Amounts of the lines to which an offer applies, the others as 0.
pub(in crate::domain) fn matching(offer: &Offer, lines: &[Line], amounts: &[i64]) -> Vec<i64> {
    let items = &offer.conditions.items;
    lines
        .iter()
        .zip(amounts)
        .map(|(line, amount)| {
            if items.is_empty() || items.iter().any(|item| item.names(line)) {
                *amount
            } else {
                0
            }
        })
        .collect()
}

/// What a benefit takes off each line, of what each still costs; `payable` is 0 where it does not apply.
pub(in crate::domain) fn discount(
    benefit: &Benefit,
    lines: &[Line],
    payable: &[i64],
    rounding: Rounding,
) -> Vec<i64> {
    let sum: i64 = payable.iter().sum();
    let shares = match benefit {
        Benefit::PercentOff { rate } => share_out(rate.of(sum, rounding), payable),
        Benefit::AmountOff { amount } => share_out(amount.0.min(sum), payable),
        Benefit::FixedPrice { price } => {
            // In thousandths of a minor unit, as quantities are, so that only the sum is rounded.
            let gains: Vec<i64> = lines
                .iter()
                .zip(payable)
                .map(|(line, payable)| {
                    let fixed = price.0.saturating_mul(line.quantity.0);
                    payable.saturating_mul(1_000).saturating_sub(fixed).max(0)
                })
                .collect();
            let gain: i64 = gains.iter().sum();
            share_out(divide(i128::from(gain), 1_000, rounding), &gains)
        }
        Benefit::MultiplyPoints { .. }
        | Benefit::ExtraPoints { .. }
        | Benefit::FixedPoints { .. }
        | Benefit::Gift { .. } => vec![0; payable.len()],
    };
    // Rounding up may share out a unit too many.
    shares
        .into_iter()
        .zip(payable)
        .map(|(share, payable)| share.clamp(0, *payable))
        .collect()
}

/// What points are counted by.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain) struct Scale {
    /// What one point is worth.
    pub value: Money,
    /// What becomes of fractions.
    pub rounding: Rounding,
    /// The rate of the member's tier.
    pub rate: BasisPoints,
}

/// What a benefit adds in points to each line. `base` is what was paid in money for each line that earns, `payable` what
/// each of these costs, paid in whatever way; both are 0 where the offer does not apply.
pub(in crate::domain) fn extra_points(
    benefit: &Benefit,
    base: &[i64],
    payable: &[i64],
    scale: Scale,
) -> Vec<i64> {
    let sum = Money(base.iter().sum());
    match benefit {
        Benefit::MultiplyPoints { rate } => {
            let more = BasisPoints(rate.0.saturating_sub(BasisPoints::WHOLE.0));
            share_out(points_of(sum, &[scale.rate, more], scale).0, base)
        }
        Benefit::ExtraPoints { rate } => share_out(points_of(sum, &[*rate], scale).0, base),
        // The points don't depend on how a line was paid, only on whether there is one that may earn at all.
        Benefit::FixedPoints { points } if payable.iter().any(|amount| *amount > 0) => {
            share_out(points.0.max(0), payable)
        }
        Benefit::FixedPoints { .. }
        | Benefit::PercentOff { .. }
        | Benefit::AmountOff { .. }
        | Benefit::FixedPrice { .. }
        | Benefit::Gift { .. } => vec![0; base.len()],
    }
}

/// A share of a share … of money, in points, rounded once.
pub(in crate::domain) fn points_of(base: Money, rates: &[BasisPoints], scale: Scale) -> Points {
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
