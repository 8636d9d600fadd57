//! Part of a sale's line that has not been returned. It is an exact fraction, so that the order of returns cannot matter,
//! also where a line goes back in parts that its price cannot be divided into.

use super::{ReturnFault, ReturnedLinePart};
use crate::domain::amounts::{Money, Quantity};
use crate::domain::receipt::{ReceiptLine, effective_amounts};

/// Part of a line that has not been returned: what was sold and what of it went back, by quantity and by amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemainingLinePart {
    quantity: Quantity,
    /// Effective amount: negative lines of the sale are spread over the others.
    amount: Money,
    /// True if the line takes money off others, with which its share goes back; it cannot be returned alone.
    negative: bool,
    /// True if the line is the whole sale as one sum, and can go back by amount.
    one_sum: bool,
    returned_quantity: Quantity,
    returned_amount: Money,
}

impl RemainingLinePart {
    /// All lines of a sale of which nothing has been returned.
    pub fn whole_sale(lines: &[ReceiptLine]) -> Vec<Self> {
        let mut positive = lines.iter().filter(|line| line.amount.is_positive());
        let one_sum = match (positive.next(), positive.next()) {
            (Some(line), None) => line.quantity == Quantity::ONE,
            _ => false,
        };
        let part = |(line, amount): (&ReceiptLine, Money)| Self {
            quantity: line.quantity,
            amount,
            negative: line.is_negative(),
            one_sum: one_sum && line.amount.is_positive(),
            returned_quantity: Quantity::ZERO,
            returned_amount: Money::ZERO,
        };
        lines
            .iter()
            .zip(effective_amounts(lines))
            .map(part)
            .collect()
    }

    /// Returns whether the line can go back by amount: it is the only one of its sale that costs anything, and one piece.
    pub const fn is_one_sum(&self) -> bool {
        self.one_sum
    }

    /// Returns whether a part of the line went back by amount.
    pub fn has_gone_by_amount(&self) -> bool {
        self.returned_amount.is_positive()
    }

    /// The fraction that is left, as numerator and denominator.
    fn fraction(&self) -> (i128, i128) {
        // A line of quantity 0 costs nothing, and nothing of it can come back.
        if self.negative || self.quantity.is_zero() {
            return (0, 1);
        }
        let quantity = i128::from(self.quantity.0.max(1));
        let left = quantity - i128::from(self.returned_quantity.0);
        if self.returned_amount.is_zero() {
            return (left, quantity);
        }
        let amount = i128::from(self.amount.0.max(1));
        let returned = i128::from(self.returned_amount.0);
        (left * amount - returned * quantity, quantity * amount)
    }

    /// Share of `whole` that belongs to what is left, rounded down. Negative amounts count as nothing.
    pub fn share_of(&self, whole: i64) -> i64 {
        let (left, all) = self.fraction();
        let share = i128::from(whole.max(0)) * left.max(0) / all;
        i64::try_from(share).unwrap_or(whole)
    }

    /// Quantity that is left. Where a part went back by amount it is rounded up: something is left of a thousandth.
    pub fn quantity(&self) -> Quantity {
        let (left, all) = self.fraction();
        let thousandths = i128::from(self.quantity.0.max(1)) * left.max(0);
        let rounded_up = (thousandths + all - 1) / all;
        Quantity(i64::try_from(rounded_up).unwrap_or(self.quantity.0))
    }

    /// Amount that is left, at the effective price of the line before discounts.
    pub fn amount(&self) -> Money {
        Money(self.share_of(self.amount.0))
    }

    /// Returns whether anything is left. A crumb that costs nothing is as good as gone.
    pub fn is_left(&self) -> bool {
        let costs = self.amount.is_zero() || self.amount().is_positive();
        costs && self.fraction().0 > 0
    }

    /// The part that is left when `back`, the line at `at` of a return, has gone too.
    pub(super) fn after_return(
        self,
        back: &ReturnedLinePart,
        at: usize,
    ) -> Result<Self, ReturnFault> {
        if self.negative {
            return Err(ReturnFault::NegativeLine { at });
        }
        let mut after = self;
        match (back.quantity, back.amount) {
            (Some(quantity), None) => {
                if !quantity.is_positive() {
                    return Err(ReturnFault::Quantity { at });
                }
                let left = Quantity(self.share_of(self.quantity.0));
                if quantity > left {
                    return Err(ReturnFault::MoreThanLeft { at, left });
                }
                after.returned_quantity += quantity;
            }
            (None, Some(amount)) => {
                if !amount.is_positive() {
                    return Err(ReturnFault::Amount { at });
                }
                if !self.one_sum {
                    return Err(ReturnFault::NotOneSum { at });
                }
                let left = self.amount();
                if amount > left {
                    return Err(ReturnFault::MoreMoneyThanLeft { at, left });
                }
                after.returned_amount += amount;
            }
            _ => return Err(ReturnFault::QuantityOrAmount { at }),
        }
        Ok(after)
    }

    /// Returns what went back between `self` and a later part of the same line: quantity and amount as they were named.
    pub fn returned_until(&self, later: &Self) -> (Quantity, Money) {
        (
            later.returned_quantity - self.returned_quantity,
            later.returned_amount - self.returned_amount,
        )
    }
}
