//! Whole-number amounts: money, points, rates, quantities. What is shared out always adds up again to what there was.

use std::cmp::Reverse;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

macro_rules! amounts {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// The sum, or `None` when it does not fit: for amounts that came from outside.
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }

            /// The difference, or `None` when it does not fit: for amounts that came from outside.
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }

            /// The same, but nothing instead of less than nothing.
            pub fn or_zero(self) -> Self {
                self.max(Self::ZERO)
            }

            /// More than nothing.
            pub fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// Neither more nor less than nothing.
            pub fn is_zero(self) -> bool {
                self.0 == 0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }

        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
                amounts.fold(Self::ZERO, Add::add)
            }
        }

        impl<'a> Sum<&'a Self> for $name {
            fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
                amounts.copied().sum()
            }
        }
    )+};
}

amounts! {
    /// Money in minor units (kopecks) of the programme's currency.
    Money,
    /// Points, whole.
    Points,
    /// How much of an item, in thousandths: 1 piece or 1 kg is 1000.
    Quantity,
}

impl Quantity {
    /// One piece, one kilogram.
    pub const ONE: Self = Self(1000);
}

/// Rule for the part that is less than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Dropped.
    #[default]
    Floor,
    /// Half and more becomes one, less is dropped.
    HalfUp,
    /// Becomes one.
    Ceil,
}

/// A rate in hundredths of a per cent: 10 000 is the whole.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct BasisPoints(pub u32);

impl BasisPoints {
    /// The whole, 100 %.
    pub const WHOLE: Self = Self(10_000);

    /// This share of `amount`, in the unit of `amount`. What does not fit `i64` becomes the nearest that does.
    pub fn share_of(self, amount: i64, rounding: Rounding) -> i64 {
        let parts = i128::from(amount) * i128::from(self.0);
        let whole = i128::from(Self::WHOLE.0);
        saturate_to_i64(match rounding {
            Rounding::Floor => parts.div_euclid(whole),
            Rounding::HalfUp => (2 * parts + whole).div_euclid(2 * whole),
            Rounding::Ceil => -(-parts).div_euclid(whole),
        })
    }
}

/// Splits `total` in proportion to `weights` by largest remainder, ties going to the earlier weight.
///
/// The shares add up to `total` unless there are no weights at all. A weight below zero counts as zero; if all are
/// zero, the first takes everything.
pub fn share_out(total: i64, weights: &[i64]) -> Vec<i64> {
    let positive = |weight: &i64| u64::try_from(*weight).unwrap_or(0);
    let sum: u128 = weights
        .iter()
        .map(|weight| u128::from(positive(weight)))
        .sum();
    if sum == 0 {
        return (0..weights.len())
            .map(|position| if position == 0 { total } else { 0 })
            .collect();
    }
    let amount = total.unsigned_abs();
    let heaviest = weights.iter().map(positive).max().unwrap_or(0);
    // Narrow numbers divide many times faster, and almost all receipts fit them.
    let parts: Vec<(u64, u128)> = match (u64::try_from(sum), amount.checked_mul(heaviest)) {
        (Ok(sum), Some(_)) => weights
            .iter()
            .map(|weight| amount * positive(weight))
            .map(|part| (part / sum, u128::from(part % sum)))
            .collect(),
        _ => weights
            .iter()
            .map(|weight| u128::from(amount) * u128::from(positive(weight)))
            .map(|part| (u64::try_from(part / sum).unwrap_or(u64::MAX), part % sum))
            .collect(),
    };
    let left = amount - parts.iter().map(|(share, _)| share).sum::<u64>();
    let mut shares: Vec<u64> = parts.iter().map(|(share, _)| *share).collect();
    // The rest is less than there are weights with a remainder.
    let rest = usize::try_from(left).unwrap_or(0);
    let mut by_remainder: Vec<(Reverse<u128>, usize)> = parts
        .iter()
        .enumerate()
        .map(|(position, (_, remainder))| (Reverse(*remainder), position))
        .collect();
    if rest > 0 && rest < by_remainder.len() {
        by_remainder.select_nth_unstable(rest);
    }
    for (_, position) in by_remainder.into_iter().take(rest) {
        if let Some(share) = shares.get_mut(position) {
            *share += 1;
        }
    }
    let sign = i128::from(total.signum());
    shares
        .into_iter()
        .map(|share| saturate_to_i64(sign * i128::from(share)))
        .collect()
}

fn saturate_to_i64(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn five_per_cent_of_1_240_roubles_is_62_roubles() {
        assert_eq!(BasisPoints(500).share_of(124_000, Rounding::Floor), 6_200);
    }

    #[test]
    fn rounding_decides_about_the_part_that_is_less_than_one() {
        let half = |rounding| BasisPoints(5_000).share_of(5, rounding);
        assert_eq!(half(Rounding::Floor), 2);
        assert_eq!(half(Rounding::HalfUp), 3);
        assert_eq!(half(Rounding::Ceil), 3);
        assert_eq!(BasisPoints(4_900).share_of(5, Rounding::HalfUp), 2);
        assert_eq!(BasisPoints(1).share_of(1, Rounding::Ceil), 1);
        assert_eq!(BasisPoints(1).share_of(0, Rounding::Ceil), 0);
    }

    #[test]
    fn a_share_of_a_huge_amount_does_not_overflow() {
        assert_eq!(
            BasisPoints::WHOLE.share_of(i64::MAX, Rounding::HalfUp),
            i64::MAX
        );
        assert_eq!(
            BasisPoints(u32::MAX).share_of(i64::MAX, Rounding::Floor),
            i64::MAX
        );
    }

    #[test]
    fn the_odd_unit_goes_to_the_largest_remainder_and_then_to_the_earlier() {
        assert_eq!(share_out(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(share_out(10, &[1, 2, 4]), [1, 3, 6]);
        assert_eq!(share_out(-10, &[1, 1, 1]), [-4, -3, -3]);
    }

    #[test]
    fn weights_of_nothing_leave_everything_to_the_first() {
        assert_eq!(share_out(0, &[0, 0]), [0, 0]);
        assert_eq!(share_out(7, &[0, 0]), [7, 0]);
        assert_eq!(share_out(7, &[]), Vec::<i64>::new());
    }

    #[test]
    fn amounts_are_plain_numbers_in_json() {
        assert_eq!(serde_json::to_string(&Money(124_000)).unwrap(), "124000");
        assert_eq!(
            serde_json::from_str::<BasisPoints>("500").unwrap(),
            BasisPoints(500)
        );
        assert_eq!(
            serde_json::to_string(&Rounding::HalfUp).unwrap(),
            "\"half_up\""
        );
    }

    #[test]
    fn amounts_add_up() {
        let all = [Points(3), Points(-1), Points(5)];
        assert_eq!(all.iter().sum::<Points>(), Points(7));
        assert_eq!(all.into_iter().sum::<Points>(), Points(7));
        assert_eq!(Money(i64::MAX).checked_add(Money(1)), None);
        assert_eq!(Money(i64::MIN).checked_sub(Money(1)), None);
        assert_eq!((Points(2) - Points(5)).or_zero(), Points::ZERO);
    }

    proptest! {
        #[test]
        fn shares_add_up_and_keep_within_one_of_their_due(
            total in any::<i64>(),
            weights in prop::collection::vec(0..=i64::MAX, 1..20),
        ) {
            let shares = share_out(total, &weights);
            prop_assert_eq!(shares.len(), weights.len());
            prop_assert_eq!(shares.iter().map(|s| i128::from(*s)).sum::<i128>(), i128::from(total));
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            if sum > 0 {
                for (share, weight) in shares.iter().zip(&weights) {
                    let due = i128::from(total) * i128::from(*weight) / sum;
                    prop_assert!((i128::from(*share) - due).abs() <= 1);
                }
            }
        }

        #[test]
        fn rounding_up_is_at_most_one_above_rounding_down(amount in 0..=i64::MAX, rate in 0..=10_000_u32) {
            let of = |rounding| BasisPoints(rate).share_of(amount, rounding);
            prop_assert!(of(Rounding::Floor) <= of(Rounding::HalfUp));
            prop_assert!(of(Rounding::HalfUp) <= of(Rounding::Ceil));
            prop_assert!(of(Rounding::Ceil) - of(Rounding::Floor) <= 1);
        }
    }
}
