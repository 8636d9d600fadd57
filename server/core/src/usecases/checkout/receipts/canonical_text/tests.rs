use super::*;
use crate::domain::receipt::Unit;

fn line(name: &str) -> ReceiptLine {
    ReceiptLine {
        sku: "4600000000017".to_owned(),
        name: name.to_owned(),
        category: "coffee".to_owned(),
        quantity: Quantity(1250),
        unit: Unit::Kg,
        amount: Money(99_000),
    }
}

fn full_sale() -> SaleDraft {
    SaleDraft {
        visit: Some("5c1f".to_owned()),
        code: Some("71400012345678900412345678".to_owned()),
        series: Some("9960440300".to_owned()),
        shift: Some("118".to_owned()),
        number: Some("42".to_owned()),
        at: Some(Instant(1_764_000_000_000_000)),
        lines: vec![line("Кофе «Утро»")],
        spend: PointsToSpend::Exactly(Points(100)),
    }
}

fn full_return() -> ReturnDraft {
    ReturnDraft {
        sale: ReturnedSaleName::Number {
            series: "9960440300".to_owned(),
            shift: "118".to_owned(),
            number: "42".to_owned(),
        },
        series: Some("9960440300".to_owned()),
        shift: Some("119".to_owned()),
        number: Some("R-3".to_owned()),
        at: Some(Instant(1_764_000_000_000_000)),
        lines: vec![
            ReturnedLinePart::of_quantity(1, Quantity(1250)),
            ReturnedLinePart::of_amount(2, Money(4_000)),
        ],
    }
}

/// These texts must never change: hashes of them are stored with answers.
#[test]
fn the_canonical_text_of_a_full_receipt_never_changes() {
    assert_eq!(
        sale_text(&full_sale()).unwrap(),
        "{\"sale\":{\"visit\":\"5c1f\",\"code\":\"71400012345678900412345678\",\"series\":\"9960440300\",\
         \"shift\":\"118\",\"number\":\"42\",\"at\":1764000000000000,\"lines\":[{\"sku\":\"4600000000017\",\
         \"name\":\"Кофе «Утро»\",\"category\":\"coffee\",\"quantity\":1250,\"unit\":\"kg\",\"amount\":99000}],\
         \"spend\":{\"exactly\":100}}}"
    );
    assert_eq!(
        return_text(&full_return()).unwrap(),
        "{\"return\":{\"sale\":{\"series\":\"9960440300\",\"shift\":\"118\",\"number\":\"42\"},\
         \"series\":\"9960440300\",\"shift\":\"119\",\"number\":\"R-3\",\"at\":1764000000000000,\
         \"lines\":[{\"position\":1,\"quantity\":1250},{\"position\":2,\"amount\":4000}]}}"
    );
}

#[test]
fn what_has_its_default_value_is_left_out() {
    let sale = SaleDraft {
        visit: None,
        code: None,
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: vec![ReceiptLine {
            sku: String::new(),
            name: String::new(),
            category: String::new(),
            quantity: Quantity(1000),
            unit: Unit::Piece,
            amount: Money(5),
        }],
        spend: PointsToSpend::None,
    };
    assert_eq!(
        sale_text(&sale).unwrap(),
        r#"{"sale":{"lines":[{"quantity":1000,"amount":5}]}}"#
    );
    let id: ReceiptId = "0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f".parse().unwrap();
    let back = ReturnDraft {
        sale: ReturnedSaleName::Id(id),
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: Vec::new(),
    };
    assert_eq!(
        return_text(&back).unwrap(),
        r#"{"return":{"sale":"0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f","lines":[]}}"#
    );
}

#[test]
fn a_hash_of_a_meaning_is_no_hash_of_bytes() {
    let hash = hash_sale(&full_sale()).unwrap();
    assert_eq!((hash.len(), hash.first()), (33, Some(&VERSION)));
    assert_eq!(hash_return(&full_return()).unwrap().first(), Some(&VERSION));
}

#[test]
fn every_field_of_a_receipt_is_part_of_its_meaning() {
    let said = hash_sale(&full_sale()).unwrap();
    let changes: [fn(&mut SaleDraft); 13] = [
        |sale| sale.visit = None,
        |sale| sale.code = None,
        |sale| sale.series = None,
        |sale| sale.shift = Some("119".to_owned()),
        |sale| sale.number = Some("43".to_owned()),
        |sale| sale.at = None,
        |sale| sale.spend = PointsToSpend::All,
        |sale| sale.lines.push(line("Кофе")),
        |sale| sale.lines[0].sku.push('1'),
        |sale| sale.lines[0].name.push('1'),
        |sale| sale.lines[0].category.push('1'),
        |sale| sale.lines[0].quantity = Quantity(1251),
        |sale| sale.lines[0].amount = Money(99_001),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut other = full_sale();
        change(&mut other);
        assert_ne!(hash_sale(&other).unwrap(), said, "change {at}");
    }
}
