//! Which offer of a group counts, and what keeps one from counting.

use super::*;

#[test]
fn of_a_group_the_best_for_the_shopper_wins_then_priority_then_id() {
    let points = |id, points, priority| {
        let benefit = Benefit::FixedPoints {
            points: Points(points),
        };
        grouped(offer(id, benefit), priority)
    };
    let money = grouped(
        offer(
            "money",
            Benefit::AmountOff {
                amount: Money(1_050),
            },
        ),
        0,
    );
    let winner = |offers: Vec<Offer>| {
        let programme = programme(offers);
        let result = judged(
            &programme,
            vec![line("grocery", 1_000, 50_000)],
            Spend::None,
        );
        assert_eq!(result.offers_used.len(), 1);
        let winner = result.offers_used[0].offer.clone();
        for missed in &result.offers_missed {
            assert_eq!(
                missed.misses,
                [Miss::BetterInGroup {
                    offer: winner.clone()
                }]
            );
        }
        winner
    };
    assert_eq!(winner(vec![points("ten", 10, 9), money.clone()]), "money");
    assert_eq!(winner(vec![points("eleven", 11, -9), money]), "eleven");
    assert_eq!(winner(vec![points("a", 10, 0), points("b", 10, 1)]), "b");
    assert_eq!(winner(vec![points("b", 10, 0), points("a", 10, 0)]), "a");
}

#[test]
fn an_offer_that_does_not_apply_never_keeps_its_group_from_another() {
    let far = Offer {
        conditions: Conditions {
            stores: vec!["park".to_owned()],
            ..Conditions::default()
        },
        ..grouped(offer("far", Benefit::FixedPoints { points: Points(99) }), 9)
    };
    let near = grouped(offer("near", Benefit::FixedPoints { points: Points(1) }), 0);
    let programme = programme(vec![far, near]);
    let result = judged(&programme, vec![line("grocery", 1_000, 100)], Spend::None);
    assert_eq!(used(&result), ["near"]);
    assert_eq!(misses_of(&result, "far"), [Miss::Store]);
}

#[test]
fn an_offer_that_would_overdraw_its_budget_misses_and_leaves_its_group_to_others() {
    let rich = Offer {
        limits: Limits {
            money_budget: Some(Money(10_000)),
            ..Limits::default()
        },
        ..grouped(
            offer(
                "rich",
                Benefit::AmountOff {
                    amount: Money(3_000),
                },
            ),
            0,
        )
    };
    let poor = grouped(offer("poor", Benefit::FixedPoints { points: Points(1) }), 0);
    let programme = programme(vec![rich, poor]);
    let with = |given| {
        let uses = OfferUses {
            money: Money(given),
            ..OfferUses::default()
        };
        let member = MemberFacts {
            uses: [("rich".to_owned(), uses)].into(),
            ..silver()
        };
        let basket = basket(vec![line("grocery", 1_000, 50_000)]);
        evaluate(&programme, &basket, Some(&member), wallet(0), Spend::None).unwrap()
    };
    assert_eq!(used(&with(7_000)), ["rich"]);
    let over = with(7_001);
    assert_eq!(used(&over), ["poor"]);
    assert_eq!(misses_of(&over, "rich"), [Miss::Budget]);
}
