//! What remains of a sale, without storage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::panic
)]

use proptest::prelude::*;

use super::*;
use crate::domain::receipt::Unit;

fn line(quantity: i64, amount: i64) -> Line {
    Line {
        sku: String::new(),
        name: String::new(),
        category: String::new(),
        quantity: Quantity(quantity),
        unit: Unit::Piece,
        amount: Money(amount),
    }
}

fn back(position: usize, quantity: i64) -> ReturnLine {
    ReturnLine {
        position,
        quantity: Quantity(quantity),
    }
}

#[test]
fn a_line_named_twice_is_counted_together() {
    let left = [Quantity(3_000)];
    assert_eq!(
        left_after(&left, &[back(0, 1_000), back(0, 2_000)]),
        Ok(vec![Quantity(0)])
    );
    assert_eq!(
        left_after(&left, &[back(0, 2_000), back(0, 1_001)]),
        Err(ReturnFault::MoreThanLeft {
            at: 1,
            left: Quantity(1_000)
        })
    );
}

#[test]
fn what_remains_keeps_its_share_of_the_price_rounded_down() {
    let (places, lines) = remaining(
        &[line(3_000, 100), line(1_000, 50), line(2_000, 1)],
        &[Quantity(1_000), Quantity(0), Quantity(1_000)],
    );
    assert_eq!(places, [0], "a crumb that costs nothing is gone");
    assert_eq!(lines[0].amount, Money(33));
}

#[test]
fn a_refund_is_never_below_nothing_and_makes_up_for_it_later() {
    assert_eq!(refund(Money(900), Money(1_000), Money(0)), Money(0));
    assert_eq!(refund(Money(900), Money(0), Money(0)), Money(900));
    assert_eq!(refund(Money(900), Money(200), Money(300)), Money(400));
}

#[test]
fn a_negative_line_goes_back_with_the_lines_that_it_lowered_and_never_alone() {
    let sale = [line(1_000, 300), line(2_000, 100), line(-1_000, -100)];
    assert_eq!(
        quantities(&sale),
        [Quantity(1_000), Quantity(2_000), Quantity(0)]
    );
    let (places, lines) = remaining(&sale, &[Quantity(1_000), Quantity(1_000), Quantity(0)]);
    let amounts: Vec<Money> = lines.iter().map(|line| line.amount).collect();
    assert_eq!((places, amounts), (vec![0, 1], vec![Money(225), Money(37)]));
    assert_eq!(check_lines(&sale, &[back(0, 1_000), back(1, 500)]), Ok(()));
    assert_eq!(
        check_lines(&sale, &[back(0, 1_000), back(2, 1_000)]),
        Err(ReturnFault::NegativeLine { at: 1 })
    );
}

proptest! {
    #[test]
    fn what_remains_never_costs_more_than_the_whole(
        quantity in 1..100_000_i64, amount in 1..1_000_000_000_000_i64, left in 0..100_000_i64,
    ) {
        let whole = line(quantity, amount);
        let left = Quantity(left.min(quantity));
        let (_, lines) = remaining(std::slice::from_ref(&whole), &[left]);
        let rest: Money = lines.iter().map(|line| line.amount).sum();
        prop_assert!(rest >= Money(0) && rest <= whole.amount);
        if left == whole.quantity {
            prop_assert_eq!(rest, whole.amount);
        }
    }
}
