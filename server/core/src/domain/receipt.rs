//! What a till sends of a sale, and what a sale must look like to be judged at all: the rules only ever see lines that
//! [`check`] has let through, so that no sum of them can overflow.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::amounts::{Money, Quantity};
use super::time::Instant;

/// Lines that one receipt may have.
pub const MAX_LINES: usize = 1_000;
/// Most that a line may cost, in minor units.
pub const MAX_AMOUNT: Money = Money(1_000_000_000_000);
/// Most that a line may count, in thousandths.
pub const MAX_QUANTITY: Quantity = Quantity(1_000_000_000);
/// Characters that a text of a line may have.
pub const MAX_TEXT: usize = 200;

/// One line of a receipt.
#[derive(utoipa::ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Item code; empty where the till does not say.
    #[schema(max_length = 200)]
    pub sku: String,
    /// Name as printed; may be empty.
    #[schema(max_length = 200)]
    pub name: String,
    /// Category by which rules pick lines; may be empty.
    #[schema(max_length = 200)]
    pub category: String,
    /// How much of it, in thousandths.
    #[schema(value_type = i64, minimum = 1, maximum = 1_000_000_000)]
    pub quantity: Quantity,
    /// What the whole line costs before the programme's discounts, in minor units.
    #[schema(value_type = i64, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub amount: Money,
}

/// A sale as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    /// Code of the store.
    pub store: String,
    /// The receipt's own time.
    pub at: Instant,
    /// The time zone in which the store reads days and hours.
    pub zone: Tz,
    /// What was bought.
    pub lines: Vec<Line>,
}

/// What is wrong with one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFault {
    /// Position of the line, from 0.
    pub line: usize,
    /// Its field, or `lines` where the receipt as a whole is wrong.
    pub field: &'static str,
    /// What is wrong.
    pub kind: LineFaultKind,
}

impl LineFault {
    /// Stable name of what is wrong.
    pub const fn key(&self) -> &'static str {
        self.kind.key()
    }
}

/// What can be wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFaultKind {
    /// There are no lines.
    NoLines,
    /// There are more than [`MAX_LINES`].
    TooManyLines,
    /// The amount is not above 0 or is above [`MAX_AMOUNT`].
    Amount,
    /// The quantity is not above 0 or is above [`MAX_QUANTITY`].
    Quantity,
    /// A text is longer than [`MAX_TEXT`].
    TooLong,
    /// A text has control characters.
    ControlCharacters,
}

impl LineFaultKind {
    /// Stable name; the words for it are found by `problem-<key>`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoLines => "lines-none",
            Self::TooManyLines => "lines-too-many",
            Self::Amount => "line-amount",
            Self::Quantity => "line-quantity",
            Self::TooLong => "line-text-long",
            Self::ControlCharacters => "line-text-control",
        }
    }
}

/// Whether these lines can be judged.
///
/// # Errors
/// Everything that is wrong, in the order of the lines.
pub fn check(lines: &[Line]) -> Result<(), Vec<LineFault>> {
    let whole = |kind| LineFault {
        line: 0,
        field: "lines",
        kind,
    };
    if lines.is_empty() {
        return Err(vec![whole(LineFaultKind::NoLines)]);
    }
    if lines.len() > MAX_LINES {
        return Err(vec![whole(LineFaultKind::TooManyLines)]);
    }
    let mut faults = Vec::new();
    for (position, line) in lines.iter().enumerate() {
        let mut fault = |field, kind| {
            faults.push(LineFault {
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
        if line.quantity <= Quantity(0) || line.quantity > MAX_QUANTITY {
            fault("quantity", LineFaultKind::Quantity);
        }
        if line.amount <= Money(0) || line.amount > MAX_AMOUNT {
            fault("amount", LineFaultKind::Amount);
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

fn text_fault(text: &str) -> Option<LineFaultKind> {
    if text.chars().count() > MAX_TEXT {
        Some(LineFaultKind::TooLong)
    } else if text.chars().any(char::is_control) {
        Some(LineFaultKind::ControlCharacters)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::panic
    )]
    use super::*;

    fn line() -> Line {
        Line {
            sku: "100".to_owned(),
            name: "Молоко".to_owned(),
            category: "dairy".to_owned(),
            quantity: Quantity(1_000),
            amount: Money(9_900),
        }
    }

    fn kinds(lines: &[Line]) -> Vec<(usize, &'static str, LineFaultKind)> {
        check(lines)
            .unwrap_err()
            .iter()
            .map(|fault| (fault.line, fault.field, fault.kind))
            .collect()
    }

    #[test]
    fn an_ordinary_receipt_is_judged() {
        assert_eq!(check(&[line()]), Ok(()));
        assert_eq!(check(&vec![line(); MAX_LINES]), Ok(()));
    }

    #[test]
    fn a_receipt_has_between_one_and_a_thousand_lines() {
        assert_eq!(kinds(&[]), [(0, "lines", LineFaultKind::NoLines)]);
        assert_eq!(
            kinds(&vec![line(); MAX_LINES + 1]),
            [(0, "lines", LineFaultKind::TooManyLines)]
        );
    }

    #[test]
    fn amounts_and_quantities_stay_within_their_bounds() {
        for amount in [Money(0), Money(-1), Money(MAX_AMOUNT.0 + 1)] {
            let wrong = Line { amount, ..line() };
            assert_eq!(
                kinds(&[line(), wrong]),
                [(1, "amount", LineFaultKind::Amount)]
            );
        }
        for quantity in [Quantity(0), Quantity(-1), Quantity(MAX_QUANTITY.0 + 1)] {
            let wrong = Line { quantity, ..line() };
            assert_eq!(kinds(&[wrong]), [(0, "quantity", LineFaultKind::Quantity)]);
        }
    }

    #[test]
    fn texts_are_counted_in_characters_and_hold_no_control_characters() {
        let long = |length| Line {
            name: "я".repeat(length),
            ..line()
        };
        assert_eq!(check(&[long(MAX_TEXT)]), Ok(()));
        assert_eq!(
            kinds(&[long(MAX_TEXT + 1)]),
            [(0, "name", LineFaultKind::TooLong)]
        );
        let wrong = Line {
            sku: "1\u{0}2".to_owned(),
            ..line()
        };
        assert_eq!(
            kinds(&[wrong]),
            [(0, "sku", LineFaultKind::ControlCharacters)]
        );
    }

    #[test]
    fn every_fault_of_a_receipt_is_told_at_once() {
        let wrong = Line {
            amount: Money(0),
            quantity: Quantity(0),
            ..line()
        };
        assert_eq!(check(&[wrong.clone(), wrong]).unwrap_err().len(), 4);
    }
}
