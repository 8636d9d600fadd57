//! The demo programme is read, means something, and survives being stored; a wrong document says what is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::panic
)]

use std::collections::HashSet;
use std::mem::discriminant;

use super::*;
use crate::domain::amounts::{BasisPoints, Money};
use crate::domain::evaluate::MemberFacts;
use crate::domain::offers::{Activation, Benefit, open_for};
use crate::domain::time::Instant;

const DOCUMENT: &str = include_str!("../../../demo/programme.toml");

/// The programme that the demo runs.
pub fn demo() -> Programme {
    Programme::parse_toml(DOCUMENT).unwrap()
}

/// Noon in Moscow on Sunday, 22 November 2026.
const NOON: Instant = Instant(1_795_338_000_000_000);

#[test]
fn the_demo_means_something() {
    assert_eq!(demo().validate(), Vec::<String>::new());
}

#[test]
fn the_demo_survives_being_stored() {
    let stored = serde_json::to_string(&demo()).unwrap();
    assert_eq!(serde_json::from_str::<Programme>(&stored).unwrap(), demo());
    let written = toml::to_string(&demo()).unwrap();
    assert_eq!(Programme::parse_toml(&written).unwrap(), demo());
}

#[test]
fn the_demo_shows_every_benefit_in_twelve_offers() {
    let programme = demo();
    assert_eq!(programme.offers.len(), 12);
    assert_eq!(programme.gifts.len(), 1);
    assert_eq!(programme.tiers.iter().count(), 4);
    let kinds: HashSet<_> = programme
        .offers
        .iter()
        .map(|offer| discriminant(&offer.benefit))
        .collect();
    assert_eq!(kinds.len(), 7);
}

#[test]
fn a_new_member_of_the_demo_finds_open_offers_and_some_to_switch_on() {
    let programme = demo();
    let mut member = MemberFacts {
        tier: programme.tiers.first().id.clone(),
        ..MemberFacts::default()
    };
    let open = |member: &MemberFacts| {
        let of = |offer: &&Offer| open_for(offer, member, NOON, programme.time_zone).is_empty();
        programme.offers.iter().filter(of).count()
    };
    assert_eq!(open(&member), 3);
    member.activated = programme
        .offers
        .iter()
        .filter(|offer| offer.activation == Activation::Tap)
        .map(|offer| offer.id.clone())
        .collect();
    assert_eq!(member.activated.len(), 4);
    assert_eq!(open(&member), 7);
}

#[test]
fn a_tier_that_is_gone_is_read_as_the_first() {
    let programme = demo();
    assert_eq!(programme.tier("gold").id, "gold");
    assert_eq!(programme.tier("gone"), programme.tiers.first());
}

#[test]
fn texts_are_russian_unless_english_is_asked_for() {
    let programme = demo();
    assert_eq!(programme.name.get("en"), "Kopilka Demo");
    assert_eq!(programme.name.get("ru"), "Копилка Демо");
    assert_eq!(programme.name.get(""), "Копилка Демо");
}

#[test]
fn a_document_without_tiers_is_not_read() {
    let mut document: toml::Table = DOCUMENT.parse().unwrap();
    document.insert("tiers".to_owned(), toml::Value::Array(Vec::new()));
    let error = Programme::parse_toml(&document.to_string()).unwrap_err();
    assert!(error.contains("at least one tier"), "{error}");
}

#[test]
fn a_misspelt_setting_is_not_read_as_a_missing_one() {
    for (right, wrong) in [
        ("hold_days", "holddays"),
        ("absent_days", "absentdays"),
        ("per_member", "per_person"),
        ("max_share", "maxshare"),
        ("kind = \"gift\", gift", "kind = \"gift\", present"),
        ("2026-01-01\", until", "2026-02-30\", until"),
        ("from = \"07:00\"", "from = \"7 am\""),
        ("\"tue\"", "\"tun\""),
    ] {
        assert!(DOCUMENT.contains(right), "{right}");
        assert!(
            Programme::parse_toml(&DOCUMENT.replace(right, wrong)).is_err(),
            "{wrong}"
        );
    }
}

/// Findings of the demo after a change.
fn findings(change: impl FnOnce(&mut Programme)) -> String {
    let mut programme = demo();
    change(&mut programme);
    programme.validate().join("\n")
}

fn offer<'a>(programme: &'a mut Programme, id: &str) -> &'a mut Offer {
    programme
        .offers
        .iter_mut()
        .find(|offer| offer.id == id)
        .unwrap()
}

#[test]
fn a_point_is_worth_something_and_lives_by_one_clock() {
    assert!(findings(|p| p.points.value = Money(0)).contains("value of a point"));
    assert!(findings(|p| p.points.life.days = Some(30)).contains("not both"));
    assert!(findings(|p| p.points.life.months = None).contains("needs days or months"));
    assert!(findings(|p| p.points.life.months = Some(0)).contains("from 1 day"));
    let for_ever = |p: &mut Programme| p.points.life = Life::default();
    assert_eq!(findings(for_ever), "");
}

#[test]
fn tiers_rise_from_zero_and_are_told_apart() {
    let with = |change: fn(&mut Vec<Tier>)| {
        findings(|programme| {
            let mut tiers: Vec<Tier> = programme.tiers.clone().into();
            change(&mut tiers);
            programme.tiers = tiers.try_into().unwrap();
        })
    };
    assert!(with(|tiers| tiers[0].threshold = 1).contains("begin at 0"));
    assert!(with(|tiers| tiers[1].threshold = 0).contains("do not rise"));
    assert!(with(|tiers| tiers.swap(1, 2)).contains("do not rise"));
    assert!(with(|tiers| tiers[1].id = "start".to_owned()).contains("used twice"));
    assert!(with(|tiers| tiers[1].rate = BasisPoints(10_001)).contains("above 100 %"));
    assert!(with(|tiers| tiers[1].discount = Some(BasisPoints(10_001))).contains("above 100 %"));
    assert!(with(|tiers| tiers[1].material = "wood".to_owned()).contains("material"));
}

#[test]
fn an_offer_names_only_what_there_is() {
    assert!(findings(|p| p.gifts.clear()).contains("offer fifth-visit: there is no gift cup"));
    assert!(
        findings(|p| offer(p, "birthday").conditions.tiers.push("tin".to_owned()))
            .contains("offer birthday: there is no tier tin")
    );
    assert!(findings(|p| p.offers.push(p.offers[0].clone())).contains("used twice"));
    assert!(findings(|p| p.offers[0].id = "Кофе".to_owned()).contains("small Latin letters"));
}

#[test]
fn an_offer_gives_something_within_reason() {
    for benefit in [
        Benefit::MultiplyPoints {
            rate: BasisPoints(10_000),
        },
        Benefit::PercentOff {
            rate: BasisPoints(10_001),
        },
        Benefit::AmountOff { amount: Money(0) },
        Benefit::FixedPrice { price: Money(1) },
    ] {
        assert_ne!(findings(|p| p.offers[0].benefit = benefit), "");
    }
    assert!(findings(|p| p.offers[0].limits.per_member = Some(0)).contains("not above 0"));
    assert!(
        findings(|p| offer(p, "bakery-three").conditions.items[0]
            .categories
            .clear())
        .contains("neither categories nor SKUs")
    );
    assert!(
        findings(|p| p.offers[0].conditions.until = Some("2025-01-01".parse().unwrap()))
            .contains("ends before it begins")
    );
}
