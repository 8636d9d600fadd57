//! Bodies of tills.

use std::collections::HashSet;

use serde_json::{Value, json};
use strum::IntoEnumIterator as _;

use super::ApiLine;
use super::unmet::ApiUnmetCondition;
use crate::domain::amounts::Quantity;
use crate::domain::offers::UnmetCondition;
use crate::domain::receipt::{ReceiptLine, Unit, check_lines};

/// Reads a line as a till sends it.
fn read_line(sent: Value) -> ReceiptLine {
    serde_json::from_value::<ApiLine>(sent).unwrap().into()
}

#[test]
fn texts_are_cleaned_while_they_are_read() {
    let sent = json!({
        "sku": "0104600000000017215ABCDE\u{1d}93wx\u{1}yz",
        "name": format!("Milk\r\n\u{0}{}", "я".repeat(300)),
        "category": "dai\try\u{85}",
        "quantity": 1_000,
        "amount": 8_900,
    });
    let read = read_line(sent);
    assert_eq!(read.sku, "0104600000000017215ABCDE93wx yz");
    assert_eq!(read.name, format!("Milk   {}", "я".repeat(193)));
    assert_eq!(read.category, "dai ry ");
    assert_eq!(check_lines(&[read]), Ok(()));
}

#[test]
fn texts_that_are_too_long_are_cut_while_they_are_read() {
    let sent = json!({
        "sku": format!("\u{1d}{}", "1".repeat(201)),
        "name": "я".repeat(5_000),
        "category": "й".repeat(201),
        "quantity": 1_000,
        "amount": 8_900,
    });
    let read = read_line(sent);
    assert_eq!(read.sku, "1".repeat(200));
    assert_eq!(read.name, "я".repeat(200));
    assert_eq!(read.category, "й".repeat(200));
    assert_eq!(check_lines(&[read]), Ok(()));
}

#[test]
fn a_line_without_a_unit_is_counted_in_pieces() {
    let sent = json!({"sku": "", "name": "", "category": "", "quantity": 3_000, "amount": 1});
    assert_eq!(read_line(sent.clone()).unit, Unit::Piece);
    for (name, unit) in [
        (json!(null), Unit::Piece),
        (json!("piece"), Unit::Piece),
        (json!("kg"), Unit::Kg),
        (json!("g"), Unit::G),
        (json!("l"), Unit::L),
        (json!("m"), Unit::M),
    ] {
        let mut sent = sent.clone();
        sent["unit"] = name;
        let read = read_line(sent);
        assert_eq!((read.unit, read.quantity), (unit, Quantity(3_000)));
    }
}

#[test]
fn every_unmet_condition_is_answered_under_its_name() {
    let names = [
        r#"{"kind":"outside_dates"}"#,
        r#"{"kind":"weekday"}"#,
        r#"{"kind":"hours"}"#,
        r#"{"kind":"store"}"#,
        r#"{"kind":"minimum_receipt","missing":5}"#,
        r#"{"kind":"items"}"#,
        r#"{"kind":"tier"}"#,
        r#"{"kind":"birthday"}"#,
        r#"{"kind":"children"}"#,
        r#"{"kind":"pets"}"#,
        r#"{"kind":"car"}"#,
        r#"{"kind":"absent","days":5}"#,
        r#"{"kind":"purchases","missing":5}"#,
        r#"{"kind":"first_purchase"}"#,
        r#"{"kind":"consent"}"#,
        r#"{"kind":"not_listed"}"#,
        r#"{"kind":"not_activated"}"#,
        r#"{"kind":"used_up"}"#,
        r#"{"kind":"not_today"}"#,
        r#"{"kind":"budget"}"#,
        r#"{"kind":"better_in_group","offer":"x"}"#,
        r#"{"kind":"nothing_to_gain"}"#,
    ];
    let mut kinds = HashSet::new();
    for text in names {
        let read: ApiUnmetCondition = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        kinds.insert(std::mem::discriminant(&UnmetCondition::from(read)));
    }
    assert_eq!(kinds.len(), UnmetCondition::iter().count());
}
