//! What a till sends of a sale, and what a sale must look like to be judged at all: the rules only ever see lines that
//! [`check_lines`] has let through, so that no sum of them can overflow.

mod kind;
mod spread;
mod texts;
mod unit;

use chrono_tz::Tz;

use super::amounts::{Money, Quantity};
use super::time::Instant;

pub use kind::ReceiptKind;
pub use spread::{effective_amounts, effective_lines};
pub use texts::{clean_code, clean_text};
pub use unit::Unit;

/// Lines that one receipt may have.
pub const MAX_LINES: usize = 2_000;
/// Most that a line may cost or take off, in minor units.
pub const MAX_AMOUNT: Money = Money(1_000_000_000_000);
/// Most that a line may count, in thousandths, either way.
pub const MAX_QUANTITY: Quantity = Quantity(1_000_000_000);
/// Characters that a text of a line may have.
pub const MAX_TEXT: usize = 200;

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Item code; empty where the till does not say.
    pub sku: String,
    /// Name as printed; may be empty.
    pub name: String,
    /// Category by which rules pick lines; may be empty.
    pub category: String,
    /// How much of it, in thousandths; not below 0, except on a negative line.
    pub quantity: Quantity,
    /// Unit of the quantity. Where an offer asks for a number of pieces, a line in another unit counts as one.
    pub unit: Unit,
    /// What the whole line costs before the programme's discounts, in minor units. A negative line (a deposit given back, a
    /// coupon, rounding) lowers the other lines of its category, and what exceeds them the whole receipt.
    pub amount: Money,
}

impl ReceiptLine {
    /// Returns how many pieces the line counts for conditions of offers, in thousandths: a weighed line is one piece.
    pub const fn pieces(&self) -> Quantity {
        if self.unit.is_piece() {
            self.quantity
        } else {
            Quantity::ONE
        }
    }

    /// Returns the line as it is sold: one that costs something and counts nothing is one piece. Tills that sell by amount
    /// send such lines.
    #[must_use]
    pub fn at_least_one_piece(mut self) -> Self {
        if self.amount.is_positive() && self.quantity.is_zero() {
            (self.quantity, self.unit) = (Quantity::ONE, Unit::Piece);
        }
        self
    }

    /// Returns whether the line takes money off the receipt instead of costing any.
    pub fn is_negative(&self) -> bool {
        self.amount < Money::ZERO
    }
}

/// A sale as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// Code of the store.
    pub store: String,
    /// The receipt's own time.
    pub at: Instant,
    /// The time zone in which the store reads days and hours.
    pub zone: Tz,
    /// Goods that were bought.
    pub lines: Vec<ReceiptLine>,
}

/// Fault of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptLineFault {
    /// Position of the line, from 0.
    pub line: usize,
    /// Its field, or `lines` where the receipt as a whole is wrong.
    pub field: &'static str,
    /// Kind of fault.
    pub kind: ReceiptLineFaultKind,
}

impl ReceiptLineFault {
    /// Stable name of what is wrong.
    pub fn key(&self) -> &'static str {
        self.kind.key()
    }
}

/// Kind of fault that a line can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr)]
pub enum ReceiptLineFaultKind {
    /// There are no lines.
    #[strum(serialize = "lines-none")]
    NoLines,
    /// There are more than [`MAX_LINES`].
    #[strum(serialize = "lines-too-many")]
    TooManyLines,
    /// The amount is above [`MAX_AMOUNT`], or takes more than that off.
    #[strum(serialize = "line-amount")]
    Amount,
    /// The quantity is beyond [`MAX_QUANTITY`]; or it is below 0, except on a negative line; or 0 on a line that costs
    /// something.
    #[strum(serialize = "line-quantity")]
    Quantity,
    /// The lines take more off than they cost.
    #[strum(serialize = "receipt-total-negative")]
    NegativeTotal,
    /// A text is longer than [`MAX_TEXT`].
    #[strum(serialize = "line-text-long")]
    TooLong,
    /// A text has control characters.
    #[strum(serialize = "line-text-control")]
    ControlCharacters,
}

impl ReceiptLineFaultKind {
    /// Stable name; the words for it are found by `problem-<key>`.
    pub fn key(self) -> &'static str {
        self.into()
    }
}

/// Checks that these lines can be judged.
///
/// # Errors
/// Everything that is wrong, in the order of the lines.
pub fn check_lines(lines: &[ReceiptLine]) -> Result<(), Vec<ReceiptLineFault>> {
    let whole = |kind| ReceiptLineFault {
        line: 0,
        field: "lines",
        kind,
    };
    if lines.is_empty() {
        return Err(vec![whole(ReceiptLineFaultKind::NoLines)]);
    }
    if lines.len() > MAX_LINES {
        return Err(vec![whole(ReceiptLineFaultKind::TooManyLines)]);
    }
    let mut faults = Vec::new();
    for (position, line) in lines.iter().enumerate() {
        let mut fault = |field, kind| {
            faults.push(ReceiptLineFault {
                line: position,
                field,
                kind,
            });
        };
        for (field, text) in [
            ("sku", &line.sku),
            ("name", &line.name),
            ("category", &line.category),
        ] {
            if let Some(kind) = text_fault(text) {
                fault(field, kind);
            }
        }
        let least = match line.amount {
            amount if amount < Money::ZERO => -MAX_QUANTITY,
            Money::ZERO => Quantity::ZERO,
            _ => Quantity(1),
        };
        if !(least..=MAX_QUANTITY).contains(&line.quantity) {
            fault("quantity", ReceiptLineFaultKind::Quantity);
        }
        if !(-MAX_AMOUNT..=MAX_AMOUNT).contains(&line.amount) {
            fault("amount", ReceiptLineFaultKind::Amount);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // Each amount is within its bounds, so that the sum fits.
    let total: Money = lines.iter().map(|line| line.amount).sum();
    if total < Money::ZERO {
        return Err(vec![whole(ReceiptLineFaultKind::NegativeTotal)]);
    }
    Ok(())
}

fn text_fault(text: &str) -> Option<ReceiptLineFaultKind> {
    if text.chars().count() > MAX_TEXT {
        Some(ReceiptLineFaultKind::TooLong)
    } else if text.chars().any(char::is_control) {
        Some(ReceiptLineFaultKind::ControlCharacters)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
