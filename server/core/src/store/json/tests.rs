//! Stored JSON: what is written reads back, and what earlier versions wrote is still read.

use std::collections::HashSet;

use strum::IntoEnumIterator as _;

use super::unmet::StoredUnmetCondition;
use super::*;
use crate::domain::amounts::{Money, Points, Quantity};
use crate::domain::evaluate::{
    Evaluation, MemberFacts, MemberWallet, OfferEligibility, PointsToSpend, evaluate,
};
use crate::domain::offers::UnmetCondition;
use crate::domain::programme::Programme;
use crate::domain::programme::tests::demo;
use crate::domain::reason::{DebtCause, EntryReason};
use crate::domain::receipt::{Basket, ReceiptLine, Unit};
use crate::domain::returns::SaleJudgement;
use crate::domain::time::Instant;

const TIER: &str = "gold";

fn judged(programme: &Programme) -> Evaluation {
    let at = Instant(
        chrono::DateTime::parse_from_rfc3339("2026-03-12T09:00:00+03:00")
            .unwrap()
            .timestamp_micros(),
    );
    let lines = [
        ("dairy", 95, 3),
        ("fruit", 400, 2),
        ("coffee", 640, 1),
        ("tobacco", 250, 1),
    ]
    .map(|(category, roubles, pieces)| ReceiptLine {
        sku: category.to_owned(),
        name: category.to_owned(),
        category: category.to_owned(),
        quantity: Quantity(1_000 * pieces),
        unit: Unit::Piece,
        amount: Money(roubles * 100),
    });
    let facts = MemberFacts {
        tier: TIER.to_owned(),
        activated: ["coffee-morning".to_owned()].into(),
        purchases: (1..9).map(|days| at.plus_days(-days)).collect(),
        ..MemberFacts::default()
    };
    let standing = OfferEligibility::of_member(programme, &facts, at, programme.time_zone);
    let wallet = MemberWallet {
        available: Points(300),
        may_earn: true,
        may_spend: true,
    };
    let basket = Basket {
        store: "center".to_owned(),
        at,
        zone: programme.time_zone,
        lines: lines.to_vec(),
    };
    evaluate(
        programme,
        &basket,
        Some(&standing),
        wallet,
        PointsToSpend::All,
    )
    .unwrap()
}

/// Returns the text of a judgement that is stored whole.
fn whole(evaluation: &Evaluation) -> String {
    let whole = StoredEvaluation::Whole(Box::new(evaluation.clone().into()));
    serde_json::to_string(&whole).unwrap()
}

#[test]
fn a_kept_judgement_reads_back_to_the_last_character_and_is_short() {
    let programme = demo();
    let evaluation = judged(&programme);
    // Something of everything that is shortened.
    assert!(evaluation.offers_used.len() >= 3, "{evaluation:?}");
    assert!(evaluation.offers_missed.iter().any(|m| m.misses.len() > 1));
    let shares = evaluation
        .reasons
        .iter()
        .filter(|each| matches!(each.reason, EntryReason::Offer { of: Some(_), .. }));
    assert!(shares.count() >= 1, "{evaluation:?}");
    assert_eq!(evaluation.gifts, ["cup"]);
    assert!(evaluation.spent.is_positive());
    let kept = StoredEvaluation::of(&evaluation, &programme, TIER);
    assert!(matches!(kept, StoredEvaluation::Short(_)));
    let stored = serde_json::to_string(&kept).unwrap();
    let answered = whole(&evaluation);
    assert!(stored.len() * 4 < answered.len(), "{stored}");
    let read: StoredEvaluation = serde_json::from_str(&stored).unwrap();
    let read = read
        .read(&programme, TIER, evaluation.total, &evaluation.lines)
        .unwrap();
    assert_eq!(whole(&read), answered);
}

#[test]
fn judgements_that_were_stored_whole_are_still_read() {
    let programme = demo();
    let evaluation = judged(&programme);
    let old = whole(&evaluation);
    let read: StoredEvaluation = serde_json::from_str(&old).unwrap();
    // Of an old row nothing but itself is needed.
    let read = read.read(&programme, "", Money::ZERO, &[]);
    assert_eq!(read, Some(evaluation));
}

#[test]
fn what_its_programme_would_not_give_back_is_kept_whole() {
    let programme = demo();
    let mut evaluation = judged(&programme);
    evaluation.offers_missed[0].title.en = "Another title".to_owned();
    let kept = StoredEvaluation::of(&evaluation, &programme, TIER);
    assert_eq!(kept, StoredEvaluation::Whole(Box::new(evaluation.into())));
}

#[test]
fn a_judgement_of_another_programme_is_not_guessed() {
    let programme = demo();
    let evaluation = judged(&programme);
    let kept = StoredEvaluation::of(&evaluation, &programme, TIER);
    let mut other = programme.clone();
    other.offers.clear();
    assert_eq!(
        kept.read(&other, TIER, evaluation.total, &evaluation.lines),
        None
    );
}

/// Reads a text that an earlier version stored, and expects that it is written again as it was.
fn read_again<T: StoredAsJson>(text: &str) -> T {
    let read: T = from_column(text).unwrap();
    assert_eq!(to_column(&read).unwrap(), text);
    read
}

#[test]
fn an_offer_that_was_stored_without_its_share_is_still_read() {
    let old = r#"{"kind":"offer","offer":"x","title":{"ru":"Х","en":"X"},"points":7}"#;
    assert!(matches!(
        read_again(old),
        EntryReason::Offer { of: None, .. }
    ));
}

#[test]
fn a_return_that_was_stored_without_its_arithmetic_is_still_read() {
    let (points, of) = (Points(70), None);
    let read: EntryReason = read_again(r#"{"kind":"returned","points":70}"#);
    assert_eq!(read, EntryReason::Returned { points, of });
}

#[test]
fn a_debt_that_was_stored_without_its_cause_is_that_of_a_return() {
    let read: EntryReason = from_column(r#"{"kind":"debt","points":70}"#).unwrap();
    let (points, cause) = (Points(70), DebtCause::Return);
    assert_eq!(read, EntryReason::Debt { points, cause });
    let read: EntryReason = read_again(r#"{"kind":"debt","points":70,"cause":"closed_account"}"#);
    let cause = DebtCause::ClosedAccount;
    assert_eq!(read, EntryReason::Debt { points, cause });
}

#[test]
fn a_transfer_that_was_stored_without_a_note_is_still_read() {
    let read: EntryReason = from_column(r#"{"kind":"transfer","points":5}"#).unwrap();
    let (points, note) = (Points(5), String::new());
    assert_eq!(read, EntryReason::Transfer { points, note });
}

#[test]
fn every_kind_of_reason_is_stored_under_its_name() {
    for text in [
        r#"{"kind":"purchase","base":124000,"rate":500,"tier":{"ru":"Серебро","en":"Silver"},"points":62}"#,
        r#"{"kind":"offer","offer":"x","title":{"ru":"Х","en":"X"},"points":7,"of":{"base":100,"rate":300,"more":10000}}"#,
        r#"{"kind":"spend","points":1,"money":100,"total":500}"#,
        r#"{"kind":"profile_completed","points":1}"#,
        r#"{"kind":"expired","points":1}"#,
        r#"{"kind":"activated","points":1}"#,
        r#"{"kind":"adjusted","points":1,"note":"why"}"#,
        r#"{"kind":"returned","points":7,"of":{"before":128,"after":121}}"#,
        r#"{"kind":"restored","points":1}"#,
        r#"{"kind":"debt","points":1,"cause":"transfer"}"#,
        r#"{"kind":"settled","points":1}"#,
        r#"{"kind":"transfer","points":1,"note":"why"}"#,
    ] {
        let _: EntryReason = read_again(text);
    }
}

#[test]
fn judgements_of_each_time_are_still_read() {
    let old = r#"{"standing":null,"wallet":{"available":0,"may_earn":false,"may_spend":false}}"#;
    assert_eq!(read_again::<SaleJudgement>(old), SaleJudgement::default());
    let new = r#"{"standing":{"tier":"start","offers":{"a":{},"b":{"misses":[{"kind":"hours"}],"points":5,"money":700}}},"wallet":{"available":200,"may_earn":true,"may_spend":true},"claimed":true,"zone":"Asia/Omsk"}"#;
    let read: SaleJudgement = read_again(new);
    assert_eq!(
        read.standing.unwrap().offers["b"].left.money,
        Some(Money(700))
    );
}

#[test]
fn lines_that_were_stored_unclean_are_cleaned_as_they_are_read() {
    let old = r#"[{"sku":"4\u001d6","name":"a\tb","category":"c","quantity":500,"unit":"kg","amount":100},{"sku":"","name":"","category":"","quantity":1000,"amount":1}]"#;
    let read: Vec<ReceiptLine> = from_column(old).unwrap();
    assert_eq!((read[0].sku.as_str(), read[0].name.as_str()), ("46", "a b"));
    assert_eq!((read[0].unit, read[1].unit), (Unit::Kg, Unit::Piece));
}

#[test]
fn what_cannot_be_read_is_unreadable() {
    let read = from_column::<EntryReason>(r#"{"kind":"luck","points":1}"#);
    assert!(matches!(read, Err(StoreError::Unreadable(_))));
}

#[test]
fn each_unmet_condition_is_stored_and_read_back() {
    for unmet in UnmetCondition::iter() {
        let stored = StoredUnmetCondition::from(unmet.clone());
        let text = serde_json::to_string(&stored).unwrap();
        let read: StoredUnmetCondition = serde_json::from_str(&text).unwrap();
        assert_eq!(UnmetCondition::from(read), unmet, "{text}");
    }
}

#[test]
fn every_unmet_condition_is_stored_under_its_name() {
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
        let read: StoredUnmetCondition = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        kinds.insert(std::mem::discriminant(&UnmetCondition::from(read)));
    }
    assert_eq!(kinds.len(), UnmetCondition::iter().count());
}
