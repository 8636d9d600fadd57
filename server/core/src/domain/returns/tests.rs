//! What remains of a sale, without storage.
use proptest::prelude::*;

use super::*;
use crate::domain::receipt::Unit;

fn line(quantity: i64, amount: i64) -> ReceiptLine {
    ReceiptLine {
        sku: String::new(),
        name: String::new(),
        category: String::new(),
        quantity: Quantity(quantity),
        unit: Unit::Piece,
        amount: Money(amount),
    }
}

fn back(position: usize, quantity: i64) -> ReturnedLinePart {
    ReturnedLinePart::of_quantity(position, Quantity(quantity))
}

/// Returns what is left of a sale of these lines when so much of each went back.
fn left_of(sale: &[ReceiptLine], gone: &[i64]) -> Vec<RemainingLinePart> {
    let gone = gone.iter().enumerate().filter(|(_, gone)| **gone > 0);
    let gone: Vec<ReturnedLinePart> = gone.map(|(position, gone)| back(position, *gone)).collect();
    let whole = RemainingLinePart::whole_sale(sale);
    if gone.is_empty() {
        whole
    } else {
        left_after(&whole, &gone).unwrap()
    }
}

#[test]
fn a_line_named_twice_is_counted_together() {
    let whole = RemainingLinePart::whole_sale(&[line(3_000, 100)]);
    let gone = left_after(&whole, &[back(0, 1_000), back(0, 2_000)]).unwrap();
    assert!(!gone[0].is_left());
    assert_eq!(
        left_after(&whole, &[back(0, 2_000), back(0, 1_001)]),
        Err(ReturnFault::MoreThanLeft {
            at: 1,
            left: Quantity(1_000)
        })
    );
}

#[test]
fn nothing_of_a_line_of_quantity_0_comes_back() {
    let sale = [line(2_000, 100), line(0, 0), line(0, -10)];
    let whole = RemainingLinePart::whole_sale(&sale);
    let left: Vec<(bool, Quantity, Money)> = whole
        .iter()
        .map(|part| (part.is_left(), part.quantity(), part.amount()))
        .collect();
    let nothing = (false, Quantity(0), Money(0));
    assert_eq!(left, [(true, Quantity(2_000), Money(90)), nothing, nothing]);
    assert_eq!(
        left_after(&whole, &[back(1, 1)]),
        Err(ReturnFault::MoreThanLeft {
            at: 0,
            left: Quantity(0)
        })
    );
    assert_eq!(remaining(&sale, &left_of(&sale, &[1_000])).0, [0]);
    assert_eq!(remaining(&sale, &left_of(&sale, &[2_000])).0, [0; 0]);
    assert_eq!(whole[1].share_of(700), 0);
}

#[test]
fn what_remains_keeps_its_share_of_the_price_rounded_down() {
    let sale = [line(3_000, 100), line(1_000, 50), line(2_000, 1)];
    let (places, lines) = remaining(&sale, &left_of(&sale, &[2_000, 1_000, 1_000]));
    assert_eq!(places, [0], "a crumb that costs nothing is gone");
    assert_eq!(lines[0].amount, Money(33));
}

#[test]
fn a_sale_of_one_sum_goes_back_by_amount_and_no_other_does() {
    let by_amount = |amount| ReturnedLinePart::of_amount(0, Money(amount));
    let whole = RemainingLinePart::whole_sale(&[line(1_000, 300)]);
    let left = left_after(&whole, &[by_amount(100), by_amount(50)]).unwrap();
    assert_eq!(
        (left[0].amount(), left[0].quantity()),
        (Money(150), Quantity(500))
    );
    assert_eq!(
        left_after(&left, &[by_amount(151)]),
        Err(ReturnFault::MoreMoneyThanLeft {
            at: 0,
            left: Money(150)
        })
    );
    let gone = left_after(&left, &[by_amount(150)]).unwrap();
    assert!(!gone[0].is_left());
    for sale in [
        vec![line(2_000, 300)],
        vec![line(1_000, 300), line(1_000, 300)],
    ] {
        let whole = RemainingLinePart::whole_sale(&sale);
        let refused = left_after(&whole, &[by_amount(100)]);
        assert_eq!(refused, Err(ReturnFault::NotOneSum { at: 0 }));
    }
}

#[test]
fn a_line_of_a_return_names_a_quantity_or_an_amount() {
    let both = ReturnedLinePart {
        amount: Some(Money(1)),
        ..back(0, 1)
    };
    let neither = ReturnedLinePart {
        quantity: None,
        ..back(0, 1)
    };
    for wrong in [both, neither] {
        let fault = Err(ReturnFault::QuantityOrAmount { at: 0 });
        assert_eq!(check_returned_lines(&[wrong]), fault);
        let whole = RemainingLinePart::whole_sale(&[line(1_000, 300)]);
        assert_eq!(left_after(&whole, &[wrong]).map(drop), fault);
    }
    let nothing = ReturnedLinePart::of_amount(0, Money(0));
    assert_eq!(
        check_returned_lines(&[nothing]),
        Err(ReturnFault::Amount { at: 0 })
    );
    assert_eq!(
        check_returned_lines(&[back(0, 0)]),
        Err(ReturnFault::Quantity { at: 0 })
    );
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
    let whole = RemainingLinePart::whole_sale(&sale);
    let left = left_after(&whole, &[back(1, 1_000)]).unwrap();
    let (places, lines) = remaining(&sale, &left);
    let amounts: Vec<Money> = lines.iter().map(|line| line.amount).collect();
    assert_eq!((places, amounts), (vec![0, 1], vec![Money(225), Money(37)]));
    assert_eq!(
        left_after(&whole, &[back(0, 1_000), back(2, 1_000)]).map(drop),
        Err(ReturnFault::NegativeLine { at: 1 })
    );
}

proptest! {
    #[test]
    fn what_remains_never_costs_more_than_the_whole(
        quantity in 1..100_000_i64, amount in 1..1_000_000_000_000_i64, left in 0..100_000_i64,
    ) {
        let whole = line(quantity, amount);
        let left = left.min(quantity);
        let sale = std::slice::from_ref(&whole);
        let (_, lines) = remaining(sale, &left_of(sale, &[quantity - left]));
        let rest: Money = lines.iter().map(|line| line.amount).sum();
        prop_assert!(rest >= Money(0) && rest <= whole.amount);
        if left == quantity {
            prop_assert_eq!(rest, whole.amount);
        }
    }

    #[test]
    fn quantities_and_amounts_of_one_sum_may_go_back_in_any_order(
        amount in 1_000..1_000_000_i64, quantities in prop::collection::vec(1..100_i64, 0..5),
        amounts in prop::collection::vec(1..100_i64, 0..5), turn in any::<prop::sample::Index>(),
    ) {
        let whole = RemainingLinePart::whole_sale(&[line(1_000, amount)]);
        // Less than a half by quantity, and at most a half by amount.
        let by_quantity = quantities.iter().map(|quantity| back(0, *quantity));
        let by_amount = amounts.iter().map(|share| Money(amount * share / 1_000)).filter(|part| part.is_positive());
        let one: Vec<ReturnedLinePart> = by_quantity.chain(by_amount.map(|part| ReturnedLinePart::of_amount(0, part))).collect();
        let mut other = one.clone();
        other.reverse();
        other.rotate_left(turn.index(one.len() + 1).min(one.len()));
        let after = |order: &[ReturnedLinePart]| order.iter().fold(whole.clone(), |left, line| left_after(&left, &[*line]).unwrap());
        prop_assert_eq!(after(&one), after(&other));
        prop_assert!(after(&one)[0].is_left());
    }
}
