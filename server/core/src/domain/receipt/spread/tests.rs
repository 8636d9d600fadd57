//! Negative lines are spread exactly, whatever the receipt.
use proptest::prelude::*;

use super::*;
use crate::domain::amounts::Quantity;
use crate::domain::receipt::{MAX_AMOUNT, MAX_LINES, Unit, check_lines};

fn line(category: &str, amount: i64) -> ReceiptLine {
    ReceiptLine {
        sku: String::new(),
        name: String::new(),
        category: category.to_owned(),
        quantity: Quantity(if amount < 0 { -1_000 } else { 1_000 }),
        unit: Unit::Piece,
        amount: Money(amount),
    }
}

fn spread(lines: &[(&str, i64)]) -> Vec<i64> {
    let lines: Vec<ReceiptLine> = lines
        .iter()
        .map(|(category, amount)| line(category, *amount))
        .collect();
    assert_eq!(check_lines(&lines), Ok(()));
    effective_amounts(&lines)
        .iter()
        .map(|amount| amount.0)
        .collect()
}

#[test]
fn a_negative_line_lowers_the_positive_lines_of_its_category_by_largest_remainder() {
    let lines = [
        ("dairy", 100),
        ("coffee", 500),
        ("dairy", 200),
        ("dairy", -100),
    ];
    assert_eq!(spread(&lines), [67, 500, 133, 0]);
}

#[test]
fn what_exceeds_its_category_lowers_the_whole_receipt() {
    assert_eq!(
        spread(&[("grocery", 30_000), ("deposit", -15_000)]),
        [15_000, 0]
    );
    assert_eq!(
        spread(&[("dairy", 100), ("coffee", 300), ("dairy", -200)]),
        [0, 200, 0]
    );
}

#[test]
fn negative_lines_of_one_category_are_spread_together_and_in_any_order() {
    assert_eq!(
        spread(&[("dairy", -1), ("dairy", 2), ("dairy", 2), ("dairy", -1)]),
        spread(&[("dairy", -2), ("dairy", 2), ("dairy", 2), ("dairy", 0)]),
    );
}

#[test]
fn the_largest_receipt_does_not_overflow() {
    let mut lines = vec![line("dairy", MAX_AMOUNT.0); MAX_LINES / 2];
    lines.extend(vec![line("coffee", -MAX_AMOUNT.0); MAX_LINES / 2]);
    assert_eq!(check_lines(&lines), Ok(()));
    assert_eq!(effective_amounts(&lines), vec![Money(0); MAX_LINES]);
}

fn any_lines() -> impl Strategy<Value = Vec<ReceiptLine>> {
    let amount = prop_oneof![
        3 => 1..100_000_i64,
        1 => 1..=MAX_AMOUNT.0,
        1 => Just(0_i64),
        2 => -50_000..0_i64,
    ];
    let category = prop::sample::select(vec!["", "dairy", "coffee", "deposit"]);
    prop::collection::vec((category, amount), 1..12).prop_map(|lines| {
        lines
            .into_iter()
            .map(|(category, amount)| line(category, amount))
            .collect()
    })
}

proptest! {
    #[test]
    fn effective_amounts_add_up_to_the_total_and_are_never_below_0(lines in any_lines()) {
        prop_assume!(check_lines(&lines).is_ok());
        let effective = effective_amounts(&lines);
        let total: Money = lines.iter().map(|line| line.amount).sum();
        prop_assert_eq!(effective.iter().sum::<Money>(), total);
        for (line, amount) in lines.iter().zip(&effective) {
            prop_assert!(*amount >= Money(0) && *amount <= line.amount.or_zero());
        }
        prop_assert_eq!(effective_amounts(&effective_lines(&lines)), effective);
    }

    #[test]
    fn a_negative_line_leaves_other_categories_alone_while_its_own_suffices(lines in any_lines()) {
        let sum = |category: &str, sign: i64| -> i64 {
            let of_category = lines.iter().filter(|line| line.category == category);
            of_category.map(|line| (line.amount.0 * sign).max(0)).sum()
        };
        let categories = ["", "dairy", "coffee", "deposit"];
        prop_assume!(categories.iter().all(|category| sum(category, -1) <= sum(category, 1)));
        let effective = effective_amounts(&lines);
        for category in categories {
            let of_category = lines.iter().zip(&effective).filter(|(line, _)| line.category == category);
            let left: i64 = of_category.map(|(_, amount)| amount.0).sum();
            prop_assert_eq!(left, sum(category, 1) - sum(category, -1));
        }
    }
}
