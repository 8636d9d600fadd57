//! Which offer of a group counts, and what keeps one from counting.

use super::*;

#[test]
fn of_a_group_the_best_for_the_shopper_wins_then_priority_then_id() {
    let points = |id, points, priority| {
        let benefit = OfferBenefit::FixedPoints {
            points: Points(points),
        };
        grouped(offer(id, benefit), priority)
    };
    let money = grouped(
        offer(
            "money",
            OfferBenefit::AmountOff {
                amount: Money(1_250),
            },
        ),
        0,
    );
    let winner = |offers: Vec<Offer>| {
        let programme = programme(offers);
        let result = judged(
            &programme,
            vec![line("grocery", 1_000, 50_000)],
            PointsToSpend::None,
        );
        assert_eq!(result.offers_used.len(), 1);
        let winner = result.offers_used[0].offer.clone();
        for missed in &result.offers_missed {
            assert_eq!(
                missed.misses,
                [UnmetCondition::BetterInGroup {
                    offer: winner.clone()
                }]
            );
        }
        winner
    };
    assert_eq!(winner(vec![points("ten", 10, 9), money.clone()]), "money");
    assert_eq!(
        winner(vec![points("eleven", 11, 9), money.clone()]),
        "money"
    );
    // What money off takes from the earnings counts too: 12.50 ₽ less to pay earns a point less.
    assert_eq!(winner(vec![points("twelve", 12, -9), money]), "twelve");
    assert_eq!(winner(vec![points("a", 10, 0), points("b", 10, 1)]), "b");
    assert_eq!(winner(vec![points("b", 10, 0), points("a", 10, 0)]), "a");
}

#[test]
fn an_offer_that_does_not_apply_never_keeps_its_group_from_another() {
    let far = Offer {
        conditions: ConditionsDocument {
            stores: vec!["park".to_owned()],
            ..ConditionsDocument::default()
        }
        .into(),
        ..grouped(
            offer("far", OfferBenefit::FixedPoints { points: Points(99) }),
            9,
        )
    };
    let near = grouped(
        offer("near", OfferBenefit::FixedPoints { points: Points(1) }),
        0,
    );
    let programme = programme(vec![far, near]);
    let result = judged(
        &programme,
        vec![line("grocery", 1_000, 100)],
        PointsToSpend::None,
    );
    assert_eq!(used(&result), ["near"]);
    assert_eq!(misses_of(&result, "far"), [UnmetCondition::Store]);
}

#[test]
fn an_offer_that_would_overdraw_its_budget_misses_and_leaves_its_group_to_others() {
    let rich = Offer {
        limits: OfferLimits {
            money_budget: Some(Money(10_000)),
            ..OfferLimits::default()
        },
        ..grouped(
            offer(
                "rich",
                OfferBenefit::AmountOff {
                    amount: Money(3_000),
                },
            ),
            0,
        )
    };
    let poor = grouped(
        offer("poor", OfferBenefit::FixedPoints { points: Points(1) }),
        0,
    );
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
        evaluate(
            &programme,
            &basket,
            Some(&OfferEligibility::of_member(
                &programme,
                &member,
                basket.at,
                basket.zone,
            )),
            wallet(0),
            PointsToSpend::None,
        )
        .unwrap()
    };
    assert_eq!(used(&with(7_000)), ["rich"]);
    let over = with(7_001);
    assert_eq!(used(&over), ["poor"]);
    assert_eq!(misses_of(&over, "rich"), [UnmetCondition::Budget]);
}

/// The shopper's gain from a receipt, in minor units.
fn gain(programme: &Programme, result: &Evaluation) -> i64 {
    result.discount.0 + result.earned.0 * programme.points.value.0
}

#[test]
fn the_groups_together_give_the_best_combination_not_each_the_best_alone() {
    // Alone the fixed price takes most off; then the share of what is left is worth less than two others together.
    let in_group = |group: &str, offer: Offer| Offer {
        group: Some(group.to_owned()),
        ..offer
    };
    let off = |id, rate| {
        offer(
            id,
            OfferBenefit::PercentOff {
                rate: BasisPoints(rate),
            },
        )
    };
    let points = |id, rate| {
        offer(
            id,
            OfferBenefit::MultiplyPoints {
                rate: BasisPoints(rate),
            },
        )
    };
    let programme = programme(vec![
        in_group("money", off("half", 5_000)),
        in_group(
            "money",
            offer(
                "gift-like",
                OfferBenefit::FixedPoints {
                    points: Points(240),
                },
            ),
        ),
        in_group("points", points("tenfold", 120_000)),
        in_group(
            "points",
            offer(
                "some",
                OfferBenefit::FixedPoints {
                    points: Points(200),
                },
            ),
        ),
    ]);
    let lines = vec![line("grocery", 1_000, 50_000)];
    let result = judged(&programme, lines.clone(), PointsToSpend::None);
    let mut best = 0;
    for one in ["half", "gift-like"] {
        for other in ["tenfold", "some"] {
            let offers = programme
                .offers
                .iter()
                .filter(|offer| offer.id == one || offer.id == other);
            let only = Programme {
                offers: offers.cloned().collect(),
                ..programme.clone()
            };
            best = best.max(gain(
                &only,
                &judged(&only, lines.clone(), PointsToSpend::None),
            ));
        }
    }
    assert_eq!(gain(&programme, &result), best);
    assert_eq!(used(&result), ["gift-like", "tenfold"]);
}
