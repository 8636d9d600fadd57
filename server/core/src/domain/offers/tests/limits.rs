//! What switches an offer on and what ends it, and what the wallet is asked.

use super::*;

#[test]
fn a_tap_switches_an_offer_on() {
    let tap = Offer {
        activation: OfferActivation::Tap,
        ..offer(ConditionsDocument::default())
    };
    let mut member = MemberFacts::default();
    let open = |member: &MemberFacts| conditions_unmet_by(&tap, member, noon(), Tz::Europe__Moscow);
    assert_eq!(open(&member), [UnmetCondition::NotActivated]);
    member.activated.insert("test".to_owned());
    assert_eq!(open(&member), []);
}

#[test]
fn limits_end_an_offer_for_a_member_a_day_or_everyone() {
    let open = |limits: OfferLimits, uses: OfferUses| {
        let limited = Offer {
            limits,
            ..offer(ConditionsDocument::default())
        };
        let member = MemberFacts {
            uses: [("test".to_owned(), uses)].into(),
            ..MemberFacts::default()
        };
        conditions_unmet_by(&limited, &member, noon(), Tz::Europe__Moscow)
    };
    let limits = || OfferLimits {
        per_member: Some(2),
        in_all: Some(5),
        per_day: Some(1),
        points_budget: Some(Points(100)),
        money_budget: None,
    };
    let uses = OfferUses {
        by_member: 1,
        today: 0,
        in_all: 4,
        points: Points(90),
        money: Money(0),
    };
    assert_eq!(open(limits(), uses), []);
    assert_eq!(
        open(
            limits(),
            OfferUses {
                by_member: 2,
                ..uses
            }
        ),
        [UnmetCondition::UsedUp]
    );
    assert_eq!(
        open(limits(), OfferUses { in_all: 5, ..uses }),
        [UnmetCondition::UsedUp]
    );
    assert_eq!(
        open(limits(), OfferUses { today: 1, ..uses }),
        [UnmetCondition::NotToday]
    );
    let spent = OfferUses {
        points: Points(91),
        ..uses
    };
    assert_eq!(open(limits(), spent), [UnmetCondition::Budget]);
}

#[test]
fn the_wallet_is_asked_nothing_that_only_a_receipt_can_answer() {
    let conditions = ConditionsDocument {
        weekdays: vec![Weekday::Sun],
        stores: vec!["park".to_owned()],
        minimum_receipt: Some(Money(1_000_000)),
        ..ConditionsDocument::default()
    };
    let member = MemberFacts::default();
    let listed = conditions_unmet_by(&offer(conditions), &member, noon(), Tz::Europe__Moscow);
    assert_eq!(listed, []);
}
