//! The usual receipt of the figures: five lines of six hundred roubles in all.

use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::usecases::checkout::receipts::{IdempotentRequest, SaleDraft};

/// Categories of its lines.
pub(super) const CATEGORIES: [&str; 5] = ["dairy", "bakery", "fruit", "coffee", "grocery"];

pub(super) fn line(category: &str, roubles: i64) -> ReceiptLine {
    ReceiptLine {
        sku: "4600000000017".to_owned(),
        name: "Bench".to_owned(),
        category: category.to_owned(),
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        amount: Money(roubles * 100),
    }
}

/// The receipt of this number, with the code of a card.
pub(super) fn draft(code: &str, number: u64) -> SaleDraft {
    SaleDraft {
        visit: None,
        code: Some(code.to_owned()),
        series: None,
        shift: Some("1".to_owned()),
        number: Some(format!("b{number}")),
        at: None,
        lines: CATEGORIES.map(|category| line(category, 120)).to_vec(),
        spend: PointsToSpend::None,
    }
}

pub(super) fn sent(number: u64) -> IdempotentRequest {
    IdempotentRequest {
        key: format!("b{number}"),
        bytes_hash: None,
        body_hash: vec![1; 32],
    }
}
