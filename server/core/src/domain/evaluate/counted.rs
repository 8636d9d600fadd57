//! What of a sale counts beyond the sale itself: for levels, and as a purchase that offers ask for. Excluded categories are
//! left out by the lists of the programme that judged the sale.

use super::LineResult;
use crate::domain::amounts::{Money, Points};
use crate::domain::programme::Programme;
use crate::domain::receipt::{ReceiptLine, effective_amounts};

/// Part of a sale that counts, as far as it has not gone back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CountedAmounts {
    /// Money for levels: after discounts, with what points paid.
    pub money: Money,
    /// Points for levels.
    pub points: Points,
    /// Money for goods that make the receipt a purchase; 0: it is none.
    pub purchase: Money,
}

impl CountedAmounts {
    /// Works out what counts of these lines, of which this is what each got and gave.
    pub fn from_lines(
        programme: &Programme,
        lines: &[ReceiptLine],
        results: &[LineResult],
    ) -> Self {
        let exclusions = &programme.exclusions;
        let mut counted = Self::default();
        let amounts = effective_amounts(lines);
        for ((line, amount), result) in lines.iter().zip(amounts).zip(results) {
            if !exclusions.tier_measure.contains(&line.category) {
                counted.money += amount - result.discount;
                counted.points += result.earned;
            }
            if !exclusions.purchases.contains(&line.category) {
                counted.purchase += amount - result.discount;
            }
        }
        counted
    }
}
