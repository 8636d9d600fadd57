//! Every condition and limit holds where it should and is named where it does not.
use chrono::{DateTime, Weekday};
use chrono_tz::Tz;

use super::*;
use crate::domain::amounts::Quantity;
use crate::domain::consents::{Channel, Purpose};
use crate::domain::evaluate::MemberFacts;
use crate::domain::profile::{BirthDate, Species};
use crate::domain::programme::CategoryExclusions;
use crate::domain::receipt::{Basket, ReceiptLine, Unit};
use crate::domain::time::Instant;

mod documents;
mod limits;

fn at(text: &str) -> Instant {
    Instant(
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_micros(),
    )
}

/// Thursday.
fn noon() -> Instant {
    at("2026-03-12T12:00:00+03:00")
}

fn words(text: &str) -> LocalisedText {
    LocalisedText {
        ru: text.to_owned(),
        en: text.to_owned(),
    }
}

fn offer(conditions: ConditionsDocument) -> Offer {
    Offer {
        id: "test".to_owned(),
        title: words("test"),
        text: words("test"),
        benefit: OfferBenefit::FixedPoints { points: Points(10) },
        conditions: conditions.into(),
        limits: OfferLimits::default(),
        priority: 0,
        group: None,
        activation: OfferActivation::Automatic,
        alcohol: false,
    }
}

fn line(category: &str, quantity: i64, amount: i64) -> ReceiptLine {
    ReceiptLine {
        sku: format!("sku-{category}"),
        name: String::new(),
        category: category.to_owned(),
        quantity: Quantity(quantity),
        unit: Unit::Piece,
        amount: Money(amount),
    }
}

fn basket(lines: Vec<ReceiptLine>) -> Basket {
    Basket {
        store: "center".to_owned(),
        at: noon(),
        zone: Tz::Europe__Moscow,
        lines,
    }
}

fn found(
    conditions: ConditionsDocument,
    member: &MemberFacts,
    basket: &Basket,
) -> Vec<UnmetCondition> {
    let mut found = conditions_unmet_by(&offer(conditions.clone()), member, basket.at, basket.zone);
    let exclusions = CategoryExclusions::default();
    let goods = ReceiptGoods::of(&basket.lines, &exclusions);
    found.extend(
        match_lines(&offer(conditions.clone()), basket, &goods)
            .err()
            .unwrap_or_default(),
    );
    found
}

/// Misses of somebody of whom nothing is known, with a litre of milk for 100 ₽.
fn plain(conditions: ConditionsDocument) -> Vec<UnmetCondition> {
    let milk = basket(vec![line("dairy", 1_000, 10_000)]);
    found(conditions, &MemberFacts::default(), &milk)
}

/// Misses of a member with the milk.
fn of(conditions: ConditionsDocument, member: &MemberFacts) -> Vec<UnmetCondition> {
    found(
        conditions,
        member,
        &basket(vec![line("dairy", 1_000, 10_000)]),
    )
}

#[test]
fn an_offer_without_conditions_is_for_everyone() {
    assert_eq!(plain(ConditionsDocument::default()), []);
}

#[test]
fn dates_hold_on_their_first_and_last_day() {
    let between = |from: &str, until: &str| {
        plain(ConditionsDocument {
            from: Some(from.parse().unwrap()),
            until: Some(until.parse().unwrap()),
            ..ConditionsDocument::default()
        })
    };
    assert_eq!(between("2026-03-12", "2026-03-12"), []);
    assert_eq!(
        between("2026-03-13", "2026-03-14"),
        [UnmetCondition::OutsideDates]
    );
    assert_eq!(
        between("2026-03-10", "2026-03-11"),
        [UnmetCondition::OutsideDates]
    );
}

#[test]
fn weekdays_and_stores_hold_when_one_of_the_list_does() {
    let on = |weekdays| {
        plain(ConditionsDocument {
            weekdays,
            ..ConditionsDocument::default()
        })
    };
    assert_eq!(on(vec![Weekday::Tue, Weekday::Thu]), []);
    assert_eq!(on(vec![Weekday::Fri]), [UnmetCondition::Weekday]);
    let stores = |code: &str| {
        plain(ConditionsDocument {
            stores: vec!["park".to_owned(), code.to_owned()],
            ..ConditionsDocument::default()
        })
    };
    assert_eq!(stores("center"), []);
    assert_eq!(stores("station"), [UnmetCondition::Store]);
}

#[test]
fn hours_hold_from_their_start_to_before_their_end_also_over_midnight() {
    let hours = |from: &str, until: &str| {
        plain(ConditionsDocument {
            hours: Some(Hours {
                from: from.parse().unwrap(),
                until: until.parse().unwrap(),
            }),
            ..ConditionsDocument::default()
        })
    };
    assert_eq!(hours("12:00", "12:01"), []);
    assert_eq!(hours("11:00", "12:00"), [UnmetCondition::Hours]);
    assert_eq!(hours("22:00", "12:01"), []);
    assert_eq!(hours("22:00", "06:00"), [UnmetCondition::Hours]);
}

#[test]
fn a_small_receipt_is_told_what_is_missing() {
    let minimum = |kopecks| {
        plain(ConditionsDocument {
            minimum_receipt: Some(Money(kopecks)),
            ..ConditionsDocument::default()
        })
    };
    assert_eq!(minimum(10_000), []);
    assert_eq!(
        minimum(34_000),
        [UnmetCondition::MinimumReceipt {
            missing: Money(24_000)
        }]
    );
}

#[test]
fn all_goods_must_be_there_and_enough_of_each_over_several_lines() {
    let item = |category: &str, quantity: Option<i64>| ItemCondition {
        categories: vec![category.to_owned()],
        skus: Vec::new(),
        quantity: quantity.map(Quantity),
    };
    let with = |items, lines| {
        let conditions = ConditionsDocument {
            items,
            ..ConditionsDocument::default()
        };
        found(conditions, &MemberFacts::default(), &basket(lines))
    };
    let three = || vec![item("bakery", Some(3_000))];
    assert_eq!(
        with(
            three(),
            vec![line("bakery", 1_000, 1), line("bakery", 2_000, 1)]
        ),
        []
    );
    assert_eq!(
        with(three(), vec![line("bakery", 2_999, 1)]),
        [UnmetCondition::Items]
    );
    let pair = || vec![item("bakery", None), item("coffee", None)];
    assert_eq!(
        with(pair(), vec![line("bakery", 1, 1)]),
        [UnmetCondition::Items]
    );
    assert_eq!(
        with(pair(), vec![line("bakery", 1, 1), line("coffee", 1, 1)]),
        []
    );
    let sku = vec![ItemCondition {
        skus: vec!["sku-fruit".to_owned()],
        ..ItemCondition::default()
    }];
    assert_eq!(with(sku, vec![line("fruit", 1, 1)]), []);
}

#[test]
fn a_tier_and_a_list_of_members_are_looked_up_by_id() {
    let tiers = ConditionsDocument {
        tiers: vec!["gold".to_owned()],
        ..ConditionsDocument::default()
    };
    let listed = ConditionsDocument {
        members: vec!["7".to_owned()],
        ..ConditionsDocument::default()
    };
    let member = MemberFacts {
        id: "7".to_owned(),
        tier: "gold".to_owned(),
        ..MemberFacts::default()
    };
    assert_eq!(of(tiers.clone(), &member), []);
    assert_eq!(of(listed.clone(), &member), []);
    assert_eq!(plain(tiers), [UnmetCondition::Tier]);
    assert_eq!(plain(listed), [UnmetCondition::NotListed]);
}

#[test]
fn a_birthday_counts_on_both_sides_and_only_when_known() {
    let near = || ConditionsDocument {
        birthday_within: Some(3),
        ..ConditionsDocument::default()
    };
    let born = |day| MemberFacts {
        birth: BirthDate::new(1990, 3, day),
        ..MemberFacts::default()
    };
    assert_eq!(of(near(), &born(9)), []);
    assert_eq!(of(near(), &born(15)), []);
    assert_eq!(of(near(), &born(16)), [UnmetCondition::Birthday]);
    assert_eq!(plain(near()), [UnmetCondition::Birthday]);
}

#[test]
fn a_child_has_the_age_of_the_calendar_year() {
    let small = || ConditionsDocument {
        children_age: Some(AgeRange { from: 1, until: 3 }),
        ..ConditionsDocument::default()
    };
    let child = |years: &[i32]| MemberFacts {
        child_birth_years: years.to_vec(),
        ..MemberFacts::default()
    };
    assert_eq!(of(small(), &child(&[2015, 2023])), []);
    assert_eq!(of(small(), &child(&[2025])), []);
    assert_eq!(
        of(small(), &child(&[2026, 2022])),
        [UnmetCondition::Children]
    );
    assert_eq!(plain(small()), [UnmetCondition::Children]);
}

#[test]
fn pets_cars_and_consents_count_only_when_told() {
    let conditions = || ConditionsDocument {
        pets: vec![Species::Cat, Species::Dog],
        car: true,
        consent: Some(ConsentCondition {
            channel: Channel::Email,
            purpose: Purpose::PersonalOffers,
        }),
        ..ConditionsDocument::default()
    };
    let mut member = MemberFacts {
        pets: vec![Species::Dog],
        car: true,
        ..MemberFacts::default()
    };
    member.consents.insert((Channel::Email, Purpose::News));
    assert_eq!(of(conditions(), &member), [UnmetCondition::Consent]);
    member
        .consents
        .insert((Channel::Email, Purpose::PersonalOffers));
    assert_eq!(of(conditions(), &member), []);
    assert_eq!(
        plain(conditions()),
        [
            UnmetCondition::Pets,
            UnmetCondition::Car,
            UnmetCondition::Consent
        ]
    );
}

#[test]
fn absence_is_counted_in_local_days_and_needs_a_purchase_to_be_absent_from() {
    let away = || ConditionsDocument {
        absent_days: Some(30),
        ..ConditionsDocument::default()
    };
    let last = |text: &str| MemberFacts {
        purchases: vec![at("2025-12-01T10:00:00+03:00"), at(text)],
        ..MemberFacts::default()
    };
    let absent = [UnmetCondition::Absent { days: 30 }];
    assert_eq!(of(away(), &last("2026-02-10T23:59:00+03:00")), []);
    assert_eq!(of(away(), &last("2026-02-11T00:00:00+03:00")), absent);
    assert_eq!(plain(away()), absent);
}

#[test]
fn purchases_are_counted_before_this_one_and_never_with_it() {
    let often = || ConditionsDocument {
        purchases: Some(Purchases {
            count: 2,
            within_days: 10,
        }),
        ..ConditionsDocument::default()
    };
    let bought = |days: &[i64]| MemberFacts {
        purchases: days.iter().map(|days| noon().plus_days(-days)).collect(),
        ..MemberFacts::default()
    };
    assert_eq!(of(often(), &bought(&[10, 1])), []);
    assert_eq!(
        of(often(), &bought(&[11, 1])),
        [UnmetCondition::Purchases { missing: 1 }]
    );
    // The receipt itself and a later one, as at a return.
    assert_eq!(
        of(often(), &bought(&[1, 0, -1])),
        [UnmetCondition::Purchases { missing: 1 }]
    );
    let first = ConditionsDocument {
        first_purchase: true,
        ..ConditionsDocument::default()
    };
    assert_eq!(of(first.clone(), &bought(&[0, -1])), []);
    assert_eq!(of(first, &bought(&[300])), [UnmetCondition::FirstPurchase]);
}
