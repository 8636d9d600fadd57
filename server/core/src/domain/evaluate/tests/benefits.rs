//! What each benefit gives, and in which order benefits are taken.

use super::*;

#[test]
fn each_benefit_gives_what_it_says_on_the_lines_that_it_names() {
    let lines = || {
        vec![
            line("coffee", 2_000, 30_000),
            line("grocery", 1_000, 10_000),
        ]
    };
    let rate = BasisPoints;
    for (benefit, points, money) in [
        (OfferBenefit::MultiplyPoints { rate: rate(20_000) }, 15, 0),
        (OfferBenefit::ExtraPoints { rate: rate(1_000) }, 30, 0),
        (OfferBenefit::FixedPoints { points: Points(7) }, 7, 0),
        (OfferBenefit::PercentOff { rate: rate(2_000) }, 0, 6_000),
        (
            OfferBenefit::AmountOff {
                amount: Money(5_000),
            },
            0,
            5_000,
        ),
        (
            OfferBenefit::AmountOff {
                amount: Money(90_000),
            },
            0,
            30_000,
        ),
        (
            OfferBenefit::FixedPrice {
                price: Money(9_900),
            },
            0,
            10_200,
        ),
    ] {
        let programme = programme(vec![for_category("coffee", offer("test", benefit.clone()))]);
        let result = judged(&programme, lines(), PointsToSpend::None);
        let gain = &result.offers_used[0];
        assert_eq!(
            (gain.points.0, gain.discount.0),
            (points, money),
            "{benefit:?}"
        );
        assert_eq!(result.lines[1].discount, Money(0));
        assert_eq!(result.lines[1].earned, Points(5));
    }
}

#[test]
fn a_fixed_price_counts_by_weight_and_never_makes_things_dearer() {
    let cheap = for_category(
        "fruit",
        offer(
            "kilo",
            OfferBenefit::FixedPrice {
                price: Money(10_000),
            },
        ),
    );
    let programme = programme(vec![cheap]);
    // 1.5 kg for 225 ₽ becomes 150 ₽; 1 kg for 80 ₽ stays.
    let lines = vec![line("fruit", 1_500, 22_500), line("fruit", 1_000, 8_000)];
    let result = judged(&programme, lines, PointsToSpend::None);
    let off: Vec<i64> = result.lines.iter().map(|line| line.discount.0).collect();
    assert_eq!(off, [7_500, 0]);
    let dear = judged(
        &programme,
        vec![line("fruit", 1_000, 8_000)],
        PointsToSpend::None,
    );
    assert_eq!(misses_of(&dear, "kilo"), [UnmetCondition::NothingToGain]);
}

#[test]
fn a_gift_is_named_to_be_handed_over() {
    let gift = OfferBenefit::Gift {
        gift: "cup".to_owned(),
    };
    let result = judged(
        &programme(vec![offer("cups", gift)]),
        vec![line("grocery", 1_000, 100)],
        PointsToSpend::None,
    );
    assert_eq!(result.gifts, ["cup"]);
    assert_eq!(result.offers_used[0].gift.as_deref(), Some("cup"));
}

#[test]
fn discounts_go_by_priority_each_on_what_the_one_before_left() {
    let percent = offer(
        "percent",
        OfferBenefit::PercentOff {
            rate: BasisPoints(5_000),
        },
    );
    let amount = offer(
        "amount",
        OfferBenefit::AmountOff {
            amount: Money(2_000),
        },
    );
    let paid = |first: &str| {
        let of = |offer: &Offer| Offer {
            priority: i32::from(offer.id == first),
            ..offer.clone()
        };
        let programme = programme(vec![of(&percent), of(&amount)]);
        let result = judged(
            &programme,
            vec![line("grocery", 1_000, 10_000)],
            PointsToSpend::None,
        );
        assert_eq!(used(&result)[0], first);
        result.to_pay.0
    };
    assert_eq!(paid("percent"), 3_000);
    assert_eq!(paid("amount"), 4_000);
}

#[test]
fn an_offer_that_finds_nothing_left_has_missed() {
    let all = Offer {
        priority: 1,
        ..offer(
            "all",
            OfferBenefit::PercentOff {
                rate: BasisPoints(10_000),
            },
        )
    };
    let late = offer(
        "late",
        OfferBenefit::AmountOff {
            amount: Money(1_000),
        },
    );
    let programme = programme(vec![late, all]);
    let result = judged(
        &programme,
        vec![line("grocery", 1_000, 10_000)],
        PointsToSpend::All,
    );
    assert_eq!(result.to_pay, Money(0));
    assert_eq!(used(&result), ["all"]);
    assert_eq!(misses_of(&result, "late"), [UnmetCondition::NothingToGain]);
}

#[test]
fn excluded_categories_earn_nothing_from_offers_either() {
    let programme = programme(vec![
        offer("fixed", OfferBenefit::FixedPoints { points: Points(9) }),
        offer(
            "more",
            OfferBenefit::ExtraPoints {
                rate: BasisPoints(1_000),
            },
        ),
    ]);
    let result = judged(
        &programme,
        vec![line("tobacco", 1_000, 50_000)],
        PointsToSpend::None,
    );
    assert_eq!(result.earned, Points(0));
    assert_eq!(misses_of(&result, "fixed"), [UnmetCondition::NothingToGain]);
}
