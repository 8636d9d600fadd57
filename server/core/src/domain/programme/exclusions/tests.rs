//! New documents exclude everywhere what does not earn; stored programmes mean what they meant.
use super::super::{Programme, find_differences, read_document};
use super::*;

const DEMO: &str = include_str!("../../../../demo/programme.toml");

/// The demo's document with this instead of its exclusions.
fn with(section: &str) -> String {
    let mut document: toml::Table = DEMO.parse().unwrap();
    document.remove("exclusions");
    format!("{document}\n{section}")
}

fn read_both_ways(text: &str) -> CategoryExclusions {
    let reading = read_document(text, None);
    assert_eq!(reading.remarks, [], "{text}");
    let programme = reading.programme.unwrap();
    assert_eq!(Programme::parse_toml(text).unwrap(), programme);
    programme.exclusions
}

#[test]
fn a_document_that_does_not_write_a_list_excludes_what_does_not_earn() {
    let excluded = ["tobacco".to_owned(), "gift_cards".to_owned()];
    let exclusions = read_both_ways(&with(""));
    assert_eq!(
        exclusions,
        CategoryExclusions {
            whole_receipt_discounts: excluded.to_vec(),
            tier_discounts: excluded.to_vec(),
            minimum_receipt: excluded.to_vec(),
            purchases: excluded.to_vec(),
            tier_measure: excluded.to_vec(),
            named_goods_earn: true,
        }
    );
}

#[test]
fn a_list_of_its_own_stays_as_it_is_written() {
    let text = with("[exclusions]\ntier_measure = []\nminimum_receipt = [\"tobacco\"]\n");
    let exclusions = read_both_ways(&text);
    assert_eq!(exclusions.tier_measure, Vec::<String>::new());
    assert_eq!(exclusions.minimum_receipt, ["tobacco"]);
    assert_eq!(exclusions.purchases, ["tobacco", "gift_cards"]);
    assert_eq!(exclusions.categories().count(), 7);
}

/// The demo's document with this instead of what it says about paying.
fn paying(spend: &str) -> String {
    let mut document: toml::Table = DEMO.parse().unwrap();
    document.remove("spend");
    format!("{document}\n[spend]\n{spend}\n")
}

#[test]
fn points_pay_for_nothing_that_does_not_earn_unless_paying_has_a_list_of_its_own() {
    for (written, excluded) in [
        ("max_share = 5000", ["tobacco", "gift_cards"].as_slice()),
        ("max_share = 5000\nexcluded_categories = []", &[]),
        (
            "max_share = 5000\nexcluded_categories = [\"lottery\"]",
            &["lottery"],
        ),
    ] {
        let text = paying(written);
        let reading = read_document(&text, None);
        assert_eq!(reading.remarks, [], "{written}");
        let programme = reading.programme.unwrap();
        assert_eq!(programme.spend.excluded_categories, excluded, "{written}");
        assert_eq!(Programme::parse_toml(&text).unwrap(), programme);
    }
    // A list that is not written takes no part in what is told about the section.
    let reading = read_document(&paying("share = 5000"), None);
    let told: Vec<&str> = (reading.remarks.iter())
        .map(|remark| remark.fault.text.as_str())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|text| text.contains("max_share")));
}

#[test]
fn a_programme_that_was_stored_without_a_list_for_paying_keeps_nothing_out_of_it() {
    let mut stored = serde_json::to_value(Programme::parse_toml(DEMO).unwrap()).unwrap();
    let spend = stored["spend"].as_object_mut().unwrap();
    spend.remove("excluded_categories");
    let old: Programme = serde_json::from_value(stored).unwrap();
    assert_eq!(old.earn.excluded_categories, ["tobacco", "gift_cards"]);
    assert_eq!(old.spend.excluded_categories, Vec::<String>::new());
    // Shown and applied again it stays what it was.
    let written = toml::to_string(&old).unwrap();
    assert_eq!(Programme::parse_toml(&written).unwrap(), old);
}

#[test]
fn what_cannot_be_read_is_told_in_its_own_line() {
    for wrong in [
        "[exclusions]\ntier_measure = 5",
        "[exclusions]\ntiers = []",
        "[exclusions]\nnamed_goods_earn = \"yes\"",
    ] {
        let text = with(wrong);
        let reading = read_document(&text, None);
        assert_eq!(reading.remarks.len(), 1, "{:?}", reading.remarks);
        assert_eq!(reading.remarks[0].line, text.lines().count(), "{wrong}");
    }
    let text = DEMO.replacen(
        "excluded_categories = [\"tobacco\", \"gift_cards\"]",
        "excluded_categories = [\"tobacco\", 7]",
        1,
    );
    let reading = read_document(&text, None);
    assert_eq!(reading.remarks.len(), 1, "{:?}", reading.remarks);
}

#[test]
fn a_programme_that_was_stored_before_the_lists_excludes_from_earning_and_paying_only() {
    let programme = Programme::parse_toml(DEMO).unwrap();
    let mut stored = serde_json::to_value(&programme).unwrap();
    stored.as_object_mut().unwrap().remove("exclusions");
    let old: Programme = serde_json::from_value(stored).unwrap();
    assert_eq!(old.exclusions, CategoryExclusions::default());
    // Shown and applied again it stays what it was, and the difference to a new document is told.
    let written = toml::to_string(&old).unwrap();
    assert_eq!(Programme::parse_toml(&written).unwrap(), old);
    let changes = find_differences(&old, &programme).unwrap();
    let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths.len(), 6, "{paths:?}");
    assert!(paths.iter().all(|path| path.starts_with("exclusions.")));
}
