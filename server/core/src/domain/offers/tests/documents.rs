//! Conditions as they are written, and what each of them asks for.
use super::*;
use crate::domain::offers::conditions::FactsNeeded;

/// A document with every name, as it is stored.
const EVERYTHING: &str = r#"{"from":"2026-01-01","until":"2026-12-31","weekdays":["Thu"],"hours":{"from":"07:00:00","until":"13:00:00"},"stores":["center"],"minimum_receipt":100,"items":[{"categories":["dairy"],"quantity":1000}],"tiers":["gold"],"birthday_within":3,"children_age":{"from":0,"until":3},"pets":["cat"],"car":true,"absent_days":3,"purchases":{"count":2,"within_days":30},"first_purchase":true,"consent":{"channel":"email","purpose":"news"},"named_members":true,"members":["7"]}"#;

#[test]
fn conditions_are_written_as_they_were_read() {
    let conditions: Conditions = serde_json::from_str(EVERYTHING).unwrap();
    assert_eq!(conditions.iter().count(), 17);
    assert_eq!(serde_json::to_string(&conditions).unwrap(), EVERYTHING);
    let none: Conditions = serde_json::from_str(r#"{"car":false,"members":[]}"#).unwrap();
    assert_eq!(none, Conditions::default());
    assert_eq!(serde_json::to_string(&none).unwrap(), "{}");
}

#[test]
fn a_member_is_named_by_the_offers_list_and_by_ids_of_a_stored_document() {
    let listed = || ConditionsDocument {
        named_members: true,
        ..ConditionsDocument::default()
    };
    let by_id = || ConditionsDocument {
        members: vec!["7".to_owned()],
        ..ConditionsDocument::default()
    };
    let member = MemberFacts {
        id: "7".to_owned(),
        listed: ["test".to_owned()].into(),
        ..MemberFacts::default()
    };
    assert_eq!(of(listed(), &member), []);
    assert_eq!(of(by_id(), &member), []);
    let other = MemberFacts {
        id: "8".to_owned(),
        listed: ["another".to_owned()].into(),
        ..MemberFacts::default()
    };
    assert_eq!(of(listed(), &other), [UnmetCondition::NotListed]);
    assert_eq!(of(by_id(), &other), [UnmetCondition::NotListed]);
    assert!(!offer(listed()).is_public_on(noon_date()));
    assert!(!offer(by_id()).is_public_on(noon_date()));
}

fn noon_date() -> NaiveDate {
    crate::domain::time::local_date(noon(), Tz::Europe__Moscow)
}

#[test]
fn an_offer_is_public_on_the_days_on_which_it_runs() {
    let runs = |from: &str, until: &str| {
        offer(ConditionsDocument {
            from: Some(from.parse().unwrap()),
            until: Some(until.parse().unwrap()),
            ..ConditionsDocument::default()
        })
        .is_public_on(noon_date())
    };
    assert!(runs("2026-03-12", "2026-03-12"));
    assert!(!runs("2026-03-13", "2026-03-14"));
    assert!(!runs("2026-03-10", "2026-03-11"));
    let mut spirits = offer(ConditionsDocument::default());
    assert!(spirits.is_public_on(noon_date()));
    spirits.alcohol = true;
    assert!(!spirits.is_public_on(noon_date()));
}

/// Reads conditions of a document.
fn written(text: &str) -> Conditions {
    serde_json::from_str(text).unwrap()
}

#[test]
fn facts_are_needed_only_where_a_condition_asks_for_them() {
    let needed = |text: &str| written(text).facts_needed();
    assert_eq!(
        needed(
            r#"{"weekdays":["Thu"],"tiers":["gold"],"birthday_within":3,"car":true,"members":["7"]}"#
        ),
        FactsNeeded::NONE
    );
    assert_eq!(
        needed(EVERYTHING),
        FactsNeeded {
            children: true,
            pets: true,
            consents: true,
            listed: true,
            purchases: 2,
        }
    );
    assert_eq!(needed(r#"{"first_purchase":true}"#).purchases, 1);
    assert_eq!(needed(r#"{"absent_days":9}"#).purchases, 1);
}

#[test]
fn wallet_and_till_find_the_same_day_hour_and_store() {
    let goods = basket(vec![line("dairy", 1_000, 10_000)]);
    for (text, unmet) in [
        (r#"{"weekdays":["Thu"]}"#, None),
        (r#"{"weekdays":["Fri"]}"#, Some(UnmetCondition::Weekday)),
        (r#"{"hours":{"from":"12:00","until":"12:01"}}"#, None),
        (
            r#"{"hours":{"from":"11:00","until":"12:00"}}"#,
            Some(UnmetCondition::Hours),
        ),
        (r#"{"stores":["center"]}"#, None),
        (r#"{"stores":["park"]}"#, Some(UnmetCondition::Store)),
    ] {
        let place = PlaceAndTime {
            store: Some("center"),
            at: noon(),
            zone: Tz::Europe__Moscow,
        };
        let conditions = written(text);
        assert_eq!(
            conditions.unmet_at(place).is_some(),
            unmet.is_some(),
            "{text}"
        );
        let judged = plain_offer(&conditions, &goods);
        assert_eq!(judged, unmet.into_iter().collect::<Vec<_>>(), "{text}");
        // The wallet tells of other stores too.
        let anywhere = PlaceAndTime {
            store: None,
            ..place
        };
        let by_time = judged.contains(&UnmetCondition::Store) || judged.is_empty();
        assert_eq!(conditions.unmet_at(anywhere).is_none(), by_time, "{text}");
    }
}

fn plain_offer(conditions: &Conditions, goods: &Basket) -> Vec<UnmetCondition> {
    found(conditions.clone().into(), &MemberFacts::default(), goods)
}
