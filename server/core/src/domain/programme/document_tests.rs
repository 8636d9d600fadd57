//! What the person who writes a programme is told: each fault with its line and column, all at once; what a new version
//! changes, by name.
use proptest::prelude::*;

use super::tests::demo;
use super::*;
use crate::domain::amounts::{BasisPoints, Points, Rounding};

const DOCUMENT: &str = include_str!("../../../demo/programme.toml");

/// The demo's document with some of its text replaced.
fn written(replacements: &[(&str, &str)]) -> String {
    replacements
        .iter()
        .fold(DOCUMENT.to_owned(), |text, (right, wrong)| {
            assert!(text.contains(right), "{right}");
            text.replacen(right, wrong, 1)
        })
}

/// What is said of a text, a line each.
fn said(text: &str) -> Vec<String> {
    let stores = ["center", "park", "station"].map(str::to_owned);
    let reading = read_document(text, Some(&stores));
    let errors = reading.remarks.iter().any(|remark| remark.fault.is_error());
    assert_eq!(reading.programme.is_none(), errors);
    reading
        .remarks
        .iter()
        .map(|remark| format!("{}:{}: {}", remark.line, remark.column, remark.fault))
        .collect()
}

/// Line and column of a piece of text.
fn position(text: &str, piece: &str) -> String {
    let offset = text.find(piece).unwrap();
    let line = text[..offset].matches('\n').count() + 1;
    let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    format!("{line}:{}", text[start..offset].chars().count() + 1)
}

#[test]
fn the_demo_is_read_without_a_remark() {
    assert_eq!(said(DOCUMENT), Vec::<String>::new());
    assert_eq!(read_document(DOCUMENT, None).programme.unwrap(), demo());
}

#[test]
fn fractions_are_dropped_where_a_document_does_not_say() {
    let text = written(&[("rounding = \"floor\"", "")]);
    assert_eq!(said(&text), Vec::<String>::new());
    let points = read_document(&text, None).programme.unwrap().points;
    assert_eq!(points.rounding, Rounding::Floor);
}

#[test]
fn each_kind_of_fault_is_told_with_its_line_and_column() {
    for (right, wrong, piece, sentence) in [
        (
            "threshold = 5000000",
            "threshold = 50",
            "50\nrate = 700",
            "tiers[2].threshold: must be above the one before it (1500000)",
        ),
        (
            "hold_days = 0 ",
            "hold_dys = 0 ",
            "hold_dys",
            "points.hold_dys: unknown field `hold_dys`, expected one of `value`, `rounding`, `hold_days`, \
             `bonus_hold_days`, `restore_grace_days`, `life`",
        ),
        (
            "value = 100 ",
            "value = \"one rouble\" ",
            "\"one rouble\"",
            "points.value: invalid type: string \"one rouble\", expected i64",
        ),
        (
            "max_share = 5000",
            "max_share = -1",
            "-1",
            "spend.max_share: invalid value: integer `-1`, expected u32",
        ),
        (
            "max_share = 5000",
            "max_share = 10001",
            "10001",
            "spend.max_share: must be 0 to 10000 (100 %)",
        ),
        (
            "rounding = \"floor\"",
            "rounding = \"down\"",
            "\"down\"",
            "points.rounding: unknown variant `down`, expected one of `floor`, `half_up`, `ceil`",
        ),
        (
            "material = \"gold\"\n",
            "",
            "[[tiers]]\nid = \"gold\"",
            "tiers[2].material: missing field `material`",
        ),
        (
            "hours = { from = \"07:00\"",
            "hours = { from = \"7 am\"",
            "\"7 am\"",
            "offers[3].conditions.hours.from: `7 am` is not a time of the day as 09:30",
        ),
        (
            "hours = { from = \"07:00\", until = \"11:00\" }",
            "hours = { from = \"07:00\", until = \"07:00\" }",
            "{ from = \"07:00\", until = \"07:00\" }",
            "offers[3].conditions.hours: from and until are the same: it can never hold",
        ),
        (
            "stores = [\"park\"]",
            "stores = [\"parc\"]",
            "\"parc\"",
            "offers[6].conditions.stores[0]: the chain has no store parc; it has center, park, station",
        ),
        (
            "gift = \"cup\"",
            "gift = \"mug\"",
            "\"mug\"",
            "offers[11].benefit.gift: there is no gift mug",
        ),
        (
            "benefit = { kind = \"extra_points\", rate = 500 }",
            "benefit = { kind = \"extra_points\", rat = 500 }",
            "{ kind = \"extra_points\", rat",
            "offers[1].benefit.rat: unknown field `rat`, expected `rate`",
        ),
        (
            "[phones]\ncountry = \"RU\"",
            "[phones]\ncountry = \"Russia\"",
            "\"Russia\"",
            "phones.country: `Russia` is not the code of a country, as RU (ISO 3166-1)",
        ),
        (
            "join = [\"RU\", \"BY\"",
            "join = [\"RU\", \"RU\"",
            "\"RU\", \"KZ\"",
            "phones.join[1]: RU is named twice",
        ),
        (
            "time_zone = \"Europe/Moscow\"",
            "time_zone = \"Moscow\"",
            "\"Moscow\"",
            "time_zone: failed to parse timezone: 'Moscow'",
        ),
    ] {
        let text = written(&[(right, wrong)]);
        let found = said(&text);
        let expected = format!("{}: {sentence}", position(&text, piece));
        assert!(found.contains(&expected), "{expected}\n{found:#?}");
    }
}

#[test]
fn a_letter_too_much_in_the_text_is_one_column() {
    let text = written(&[(
        "name = { ru = \"Старт\", en = \"Start\" }",
        "name = { ru = \"Старт\", en = \"\" }",
    )]);
    let expected = format!(
        "{}: tiers[0].name.en: must not be empty",
        position(&text, "\"\" }")
    );
    assert_eq!(said(&text), [expected]);
}

#[test]
fn all_faults_are_told_at_once_from_top_to_bottom() {
    let text = written(&[
        ("currency = \"RUB\"", "currency = \"roubles\""),
        ("value = 100 ", "value = \"1\" "),
        ("bonus_hold_days = 3 ", "bonus_hold_days = true "),
        ("months = 12", "mnths = 12"),
        ("birth_changes = 2", "birth_changes = -2"),
        ("[tier_rules]\n", ""),
        ("rate = 300\n", "rate = 3.5\n"),
        ("priority = 90", "priority = \"high\""),
        ("weekdays = [\"tue\", \"thu\"]", "weekdays = [\"tun\"]"),
        ("birthday_within = 3", "birthday_within = 300"),
        ("tiers = [\"silver\", ", "tiers = [\"brass\", "),
    ]);
    let found = said(&text);
    let paths: Vec<&str> = found
        .iter()
        .map(|line| {
            line.splitn(3, ':')
                .nth(2)
                .unwrap()
                .split(':')
                .next()
                .unwrap()
                .trim()
        })
        .collect();
    assert_eq!(
        paths,
        [
            "tier_rules",
            "currency",
            "points.value",
            "points.bonus_hold_days",
            "points.life.mnths",
            "profile.measure",
            "profile.window_days",
            "profile.grace_days",
            "profile.downgrade",
            "tiers[0].rate",
            "offers[0].priority",
            "offers[1].conditions.weekdays",
            "offers[7].conditions.birthday_within",
            "offers[11].conditions.tiers[0]",
        ],
        "{found:#?}"
    );
}

#[test]
fn broken_toml_is_told_by_all_its_broken_lines() {
    let text = written(&[
        ("currency = \"RUB\"", "currency = "),
        ("[spend]\n", "[spend\n"),
        ("brand = ", "brand "),
    ]);
    let found = said(&text);
    assert_eq!(found.len(), 3, "{found:#?}");
    for (line, piece) in found.iter().zip(["currency = ", "brand ", "[spend"]) {
        let wanted = position(&text, piece);
        assert_eq!(
            line.split(':').next(),
            wanted.split(':').next(),
            "{found:#?}"
        );
    }
}

#[test]
fn nonsense_of_any_kind_is_answered_with_remarks() {
    for text in [
        "",
        "\u{feff}",
        "= = =",
        "tiers = 1",
        "[[points]]",
        "offers = [[[]]]",
        "\0",
        "name.ru.x = 1",
    ] {
        assert!(read_document(text, None).has_errors(), "{text}");
    }
    let found = said("tiers = []\n");
    assert!(
        found.contains(&"1:9: tiers: a programme needs at least one tier".to_owned()),
        "{found:#?}"
    );
    assert!(
        found.contains(&"1:1: name: missing field `name`".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn differences_are_told_by_name_and_things_are_matched_by_id() {
    let old = demo();
    assert_eq!(find_differences(&old, &old).unwrap(), []);
    let mut new = demo();
    new.offers.reverse();
    new.gifts.reverse();
    assert_eq!(
        find_differences(&old, &new).unwrap(),
        [],
        "a new order alone changes nothing"
    );
    new.points.hold_days = 14;
    new.minimum_age = None;
    new.offers.retain(|offer| offer.id != "big-basket");
    let birthday = new
        .offers
        .iter_mut()
        .find(|offer| offer.id == "birthday")
        .unwrap();
    birthday.priority = 70;
    birthday.limits.per_day = Some(1);
    let mut tiers: Vec<Tier> = new.tiers.clone().into();
    tiers[1].rate = BasisPoints(600);
    new.tiers = tiers.try_into().unwrap();
    new.adjustments.approval_above = Points(500);
    let mut told: Vec<String> = find_differences(&old, &new)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let removed = told
        .iter()
        .position(|line| line.starts_with("offers[big-basket]: removed: {"))
        .unwrap();
    told.remove(removed);
    told.sort();
    assert_eq!(
        told,
        [
            "adjustments.approval_above: 1000 → 500",
            "minimum_age: removed: 14",
            "offers[birthday].limits.per_day: added: 1",
            "offers[birthday].priority: 60 → 70",
            "points.hold_days: 0 → 14",
            "tiers[silver].rate: 500 → 600",
        ]
    );
}

proptest! {
    #[test]
    fn a_damaged_document_is_read_to_its_end(
        damage in prop::collection::vec((0..DOCUMENT.len(), 0..40_usize, "[-a-z0-9=\\[\\]{}\",.# \n]{0,6}"), 1..6),
    ) {
        let mut text = DOCUMENT.to_owned();
        for (start, length, instead) in damage {
            let boundary = |offset: usize| {
                (0..=offset.min(text.len())).rev().find(|offset| text.is_char_boundary(*offset)).unwrap()
            };
            let (start, end) = (boundary(start), boundary(start + length));
            text.replace_range(start..end, &instead);
        }
        let reading = read_document(&text, None);
        let errors = reading.remarks.iter().filter(|remark| remark.fault.is_error()).count();
        prop_assert_eq!(reading.programme.is_none(), errors > 0);
        let lines = text.matches('\n').count() + 1;
        prop_assert!(reading.remarks.iter().all(|remark| (1..=lines).contains(&remark.line)));
        // What is read is what the plain reader reads, and what it refuses is refused.
        match Programme::parse_toml(&text) {
            Ok(programme) if errors == 0 => prop_assert_eq!(reading.programme, Some(programme)),
            Ok(_) => {}
            Err(_) => prop_assert!(errors > 0),
        }
    }
}
