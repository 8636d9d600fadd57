//! The demo programme is read, means something, and survives being stored; a wrong document says what is wrong.

mod validation;

use std::collections::HashSet;
use std::mem::discriminant;

use super::*;
use crate::domain::amounts::{BasisPoints, Money, Points};
use crate::domain::country::Country;
use crate::domain::evaluate::MemberFacts;
use crate::domain::offers::{
    ConditionsDocument, Hours, OfferActivation, OfferBenefit, Purchases, conditions_unmet_by,
};
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
    assert_eq!(demo().validate(), []);
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
    assert_eq!(programme.gifts.len(), 2);
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
        let of = |offer: &&Offer| {
            conditions_unmet_by(offer, member, NOON, programme.time_zone).is_empty()
        };
        programme.offers.iter().filter(of).count()
    };
    assert_eq!(open(&member), 3);
    member.activated = programme
        .offers
        .iter()
        .filter(|offer| offer.activation == OfferActivation::Tap)
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
    let faults = programme.validate();
    let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
    texts.join("\n")
}

fn offer<'a>(programme: &'a mut Programme, id: &str) -> &'a mut Offer {
    programme
        .offers
        .iter_mut()
        .find(|offer| offer.id == id)
        .unwrap()
}

#[test]
fn a_stored_programme_that_does_not_write_rejoin_days_means_a_year() {
    let mut document = serde_json::to_value(demo()).unwrap();
    let written = document.as_object_mut().unwrap().remove("rejoin_days");
    assert_eq!(written, Some(365.into()));
    let stored: Programme = serde_json::from_value(document).unwrap();
    assert_eq!(stored.rejoin_days, 365);
}
