//! Effective amounts: what each line costs after the negative lines of its receipt (deposits given back, coupons,
//! rounding) are spread over the positive ones. Judging and returning work with these amounts alone.

use std::collections::BTreeMap;

use super::ReceiptLine;
use crate::domain::amounts::{Money, share_out};

/// Returns what each line costs, in the order of the receipt: never below 0, together the total of the receipt.
///
/// A negative line lowers the positive lines of its category in proportion to their amounts, by largest remainder; what
/// exceeds them lowers the whole receipt. Lines of amount 0 and negative lines cost nothing.
pub fn effective_amounts(lines: &[ReceiptLine]) -> Vec<Money> {
    let mut amounts: Vec<i64> = lines.iter().map(|line| line.amount.0.max(0)).collect();
    let mut off: BTreeMap<&str, i64> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.amount < Money::ZERO) {
        *off.entry(&line.category).or_default() -= line.amount.0;
    }
    let mut excess = 0;
    for (category, off) in off {
        let of_category: Vec<usize> = (0..)
            .zip(lines)
            .filter(|(_, line)| line.category == category && line.amount.is_positive())
            .map(|(place, _)| place)
            .collect();
        excess += lower_amounts(&mut amounts, &of_category, off);
    }
    if excess > 0 {
        let all: Vec<usize> = (0..amounts.len()).collect();
        lower_amounts(&mut amounts, &all, excess);
    }
    amounts.into_iter().map(Money).collect()
}

/// Returns the lines at their effective amounts, in their places.
pub fn effective_lines(lines: &[ReceiptLine]) -> Vec<ReceiptLine> {
    let amounts = effective_amounts(lines);
    let lines = lines.iter().zip(amounts);
    lines
        .map(|(line, amount)| ReceiptLine {
            amount,
            ..line.clone()
        })
        .collect()
}

/// Lowers the amounts at these places by `off` in all; returns what exceeds them.
fn lower_amounts(amounts: &mut [i64], places: &[usize], off: i64) -> i64 {
    let weights: Vec<i64> = places
        .iter()
        .map(|place| amounts.get(*place).copied().unwrap_or_default())
        .collect();
    let taken = off.min(weights.iter().sum());
    if taken > 0 {
        for (place, share) in places.iter().zip(share_out(taken, &weights)) {
            if let Some(amount) = amounts.get_mut(*place) {
                *amount -= share;
            }
        }
    }
    off - taken
}

#[cfg(test)]
mod tests;
