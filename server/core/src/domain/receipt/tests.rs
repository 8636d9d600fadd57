//! Which receipts are judged at all, and how their texts are cleaned.
use super::*;

fn line() -> ReceiptLine {
    ReceiptLine {
        sku: "100".to_owned(),
        name: "Молоко".to_owned(),
        category: "dairy".to_owned(),
        quantity: Quantity(1_000),
        unit: Unit::Piece,
        amount: Money(9_900),
    }
}

fn kinds(lines: &[ReceiptLine]) -> Vec<(usize, &'static str, ReceiptLineFaultKind)> {
    check_lines(lines)
        .unwrap_err()
        .iter()
        .map(|fault| (fault.line, fault.field, fault.kind))
        .collect()
}

#[test]
fn an_ordinary_receipt_is_judged() {
    assert_eq!(check_lines(&[line()]), Ok(()));
    assert_eq!(check_lines(&vec![line(); MAX_LINES]), Ok(()));
}

#[test]
fn a_receipt_has_between_one_and_two_thousand_lines() {
    assert_eq!(MAX_LINES, 2_000);
    assert_eq!(kinds(&[]), [(0, "lines", ReceiptLineFaultKind::NoLines)]);
    assert_eq!(
        kinds(&vec![line(); MAX_LINES + 1]),
        [(0, "lines", ReceiptLineFaultKind::TooManyLines)]
    );
}

#[test]
fn amounts_and_quantities_stay_within_their_bounds() {
    for amount in [
        Money(MAX_AMOUNT.0 + 1),
        Money(-MAX_AMOUNT.0 - 1),
        Money(i64::MIN),
    ] {
        let wrong = ReceiptLine { amount, ..line() };
        assert_eq!(
            kinds(&[line(), wrong]),
            [(1, "amount", ReceiptLineFaultKind::Amount)]
        );
    }
    for (amount, quantity) in [
        (0, -1),
        (0, MAX_QUANTITY.0 + 1),
        (9_900, 0),
        (9_900, -1),
        (9_900, MAX_QUANTITY.0 + 1),
    ] {
        let wrong = ReceiptLine {
            quantity: Quantity(quantity),
            amount: Money(amount),
            ..line()
        };
        assert_eq!(
            kinds(&[wrong]),
            [(0, "quantity", ReceiptLineFaultKind::Quantity)]
        );
    }
}

#[test]
fn lines_may_cost_nothing_or_take_money_off_but_not_more_than_there_is() {
    let of = |amount: i64, quantity: i64| ReceiptLine {
        amount: Money(amount),
        quantity: Quantity(quantity),
        ..line()
    };
    for quantity in [0, 1_000] {
        assert_eq!(check_lines(&[of(0, quantity)]), Ok(()));
    }
    for quantity in [0, -1_000, 1_000, -MAX_QUANTITY.0, MAX_QUANTITY.0] {
        assert_eq!(check_lines(&[of(100, 1_000), of(-100, quantity)]), Ok(()));
    }
    for quantity in [-MAX_QUANTITY.0 - 1, MAX_QUANTITY.0 + 1, i64::MIN] {
        assert_eq!(
            kinds(&[of(100, 1_000), of(-100, quantity)]),
            [(1, "quantity", ReceiptLineFaultKind::Quantity)]
        );
    }
    assert_eq!(
        kinds(&[of(100, 1_000), of(-101, -1_000)]),
        [(0, "lines", ReceiptLineFaultKind::NegativeTotal)]
    );
}

#[test]
fn a_line_that_costs_something_and_counts_nothing_is_one_piece() {
    let of = |amount: i64, quantity: i64, unit| ReceiptLine {
        amount: Money(amount),
        quantity: Quantity(quantity),
        unit,
        ..line()
    };
    for (sent, stored) in [
        (of(100, 0, Unit::Piece), of(100, 1_000, Unit::Piece)),
        (of(100, 0, Unit::Kg), of(100, 1_000, Unit::Piece)),
        (of(100, 1, Unit::Kg), of(100, 1, Unit::Kg)),
        (of(0, 0, Unit::Kg), of(0, 0, Unit::Kg)),
        (of(-100, 0, Unit::Piece), of(-100, 0, Unit::Piece)),
        (of(100, -1, Unit::Piece), of(100, -1, Unit::Piece)),
    ] {
        assert_eq!(sent.at_least_one_piece(), stored);
    }
}

#[test]
fn texts_are_counted_in_characters_and_hold_no_control_characters() {
    let long = |length| ReceiptLine {
        category: "я".repeat(length),
        ..line()
    };
    assert_eq!(check_lines(&[long(MAX_TEXT)]), Ok(()));
    assert_eq!(
        kinds(&[long(MAX_TEXT + 1)]),
        [(0, "category", ReceiptLineFaultKind::TooLong)]
    );
    let wrong = ReceiptLine {
        sku: "1\u{0}2".to_owned(),
        ..line()
    };
    assert_eq!(
        kinds(&[wrong]),
        [(0, "sku", ReceiptLineFaultKind::ControlCharacters)]
    );
}

#[test]
fn every_fault_of_a_receipt_is_told_at_once() {
    let wrong = ReceiptLine {
        amount: Money(i64::MAX),
        quantity: Quantity(0),
        ..line()
    };
    assert_eq!(check_lines(&[wrong.clone(), wrong]).unwrap_err().len(), 4);
}

#[test]
fn a_line_in_another_unit_than_pieces_counts_as_one_piece() {
    for &unit in Unit::ALL {
        assert_eq!(Unit::parse(unit.as_str()), Some(unit));
        let quantity = Quantity(3_000);
        let pieces = if unit.is_piece() { 3_000 } else { 1_000 };
        let line = ReceiptLine {
            unit,
            quantity,
            ..line()
        };
        assert_eq!(line.pieces(), Quantity(pieces), "{unit:?}");
    }
}
