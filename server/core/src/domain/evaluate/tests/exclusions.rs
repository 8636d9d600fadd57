//! Excluded categories are kept out of everything that the programme gives, unless an offer names them; programmes that
//! were stored before mean what they meant.

use super::*;
use crate::domain::evaluate::CountedAmounts;
use crate::domain::programme::CategoryExclusions;
use crate::domain::receipt::Unit;

fn tobacco(amount: i64) -> ReceiptLine {
    line("tobacco", 1_000, amount)
}

fn gift_card(amount: i64) -> ReceiptLine {
    line("gift_cards", 1_000, amount)
}

/// A new member of the demo who has switched on every offer.
fn new_member(programme: &Programme) -> MemberFacts {
    MemberFacts {
        id: "m".to_owned(),
        tier: programme.tiers.first().id.clone(),
        activated: programme
            .offers
            .iter()
            .map(|offer| offer.id.clone())
            .collect(),
        ..MemberFacts::default()
    }
}

fn judged_for_new_member(programme: &Programme, lines: &[ReceiptLine]) -> Evaluation {
    let basket = basket(lines.to_vec());
    let member = new_member(programme);
    let standing = OfferEligibility::of_member(programme, &member, basket.at, basket.zone);
    evaluate(
        programme,
        &basket,
        Some(&standing),
        wallet(0),
        PointsToSpend::None,
    )
    .unwrap()
}

/// The demo as it was stored before there were exclusions.
fn stored_before() -> Programme {
    let mut document = serde_json::to_value(demo()).unwrap();
    document.as_object_mut().unwrap().remove("exclusions");
    serde_json::from_value(document).unwrap()
}

/// The demo with 2 % off for its first tier.
fn with_tier_discount(programme: Programme) -> Programme {
    let mut tiers: Vec<_> = programme.tiers.clone().into();
    tiers[0].discount = Some(BasisPoints(200));
    Programme {
        tiers: tiers.try_into().unwrap(),
        ..programme
    }
}

// The handed inputs of r4-gift-card.json; each with the value that was wrong, which stored programmes keep.

#[test]
fn no_discount_on_a_whole_receipt_of_gift_cards_or_tobacco() {
    for lines in [[gift_card(300_000)], [tobacco(300_000)]] {
        let right = judged_for_new_member(&demo(), &lines);
        assert_eq!(
            (right.discount, right.to_pay, right.earned),
            (Money(0), Money(300_000), Points(0))
        );
        assert_eq!(used(&right), Vec::<&str>::new());
        assert_eq!(
            misses_of(&right, "big-basket"),
            [UnmetCondition::MinimumReceipt {
                missing: Money(300_000)
            }]
        );
        let before = judged_for_new_member(&stored_before(), &lines);
        assert_eq!(
            (before.discount, before.to_pay),
            (Money(30_000), Money(270_000))
        );
    }
}

#[test]
fn a_gift_card_does_not_fill_a_minimum_receipt_up() {
    let lines = [line("bakery", 1_000, 100), gift_card(49_900)];
    let right = judged_for_new_member(&demo(), &lines);
    assert_eq!(right.earned, Points(0));
    assert_eq!(
        misses_of(&right, "first-purchase"),
        [UnmetCondition::MinimumReceipt {
            missing: Money(49_900)
        }]
    );
    let before = judged_for_new_member(&stored_before(), &lines);
    assert_eq!(
        (before.earned, used(&before)),
        (Points(200), vec!["first-purchase"])
    );
}

#[test]
fn a_receipt_of_excluded_goods_alone_is_no_purchase() {
    let right = judged_for_new_member(&demo(), &[gift_card(50_000)]);
    assert_eq!(
        misses_of(&right, "first-purchase"),
        [
            UnmetCondition::MinimumReceipt {
                missing: Money(50_000)
            },
            UnmetCondition::FirstPurchase
        ]
    );
    let counted = |programme: &Programme, lines: &[ReceiptLine]| {
        let evaluation = judged_for_new_member(programme, lines);
        CountedAmounts::from_lines(programme, lines, &evaluation.lines)
    };
    assert_eq!(
        counted(&demo(), &[gift_card(1_600_000)]),
        CountedAmounts::default()
    );
    assert_eq!(
        counted(
            &demo(),
            &[gift_card(1_600_000), line("bakery", 1_000, 20_000)]
        ),
        CountedAmounts {
            money: Money(20_000),
            points: Points(6),
            purchase: Money(20_000)
        }
    );
    let all = Money(1_600_000 - 30_000);
    assert_eq!(
        counted(&stored_before(), &[gift_card(1_600_000)]),
        CountedAmounts {
            money: all,
            points: Points(0),
            purchase: all
        }
    );
}

#[test]
fn no_discount_of_a_tier_on_tobacco_and_gift_cards() {
    let lines = [
        tobacco(10_000),
        gift_card(10_000),
        line("bakery", 1_000, 10_000),
    ];
    let right = judged_for_new_member(&with_tier_discount(demo()), &lines);
    let discounts: Vec<i64> = right.lines.iter().map(|line| line.discount.0).collect();
    assert_eq!(discounts, [0, 0, 200]);
    let before = judged_for_new_member(&with_tier_discount(stored_before()), &lines);
    let discounts: Vec<i64> = before.lines.iter().map(|line| line.discount.0).collect();
    assert_eq!(discounts, [200, 200, 200]);
}

#[test]
fn a_discount_on_the_whole_receipt_is_shared_by_what_is_not_excluded() {
    let lines = [gift_card(500_000), line("grocery", 1_000, 300_000)];
    let right = judged_for_new_member(&demo(), &lines);
    let discounts: Vec<i64> = right.lines.iter().map(|line| line.discount.0).collect();
    assert_eq!(discounts, [0, 30_000]);
    // A share of a price is a share of what is not excluded.
    let half = offer(
        "half",
        OfferBenefit::PercentOff {
            rate: BasisPoints(5_000),
        },
    );
    let right = judged_for_new_member(&programme(vec![half]), &lines);
    assert_eq!(right.discount, Money(150_000));
}

#[test]
fn each_rule_may_have_a_list_of_its_own() {
    let mut programme = with_tier_discount(demo());
    programme.exclusions = CategoryExclusions {
        tier_discounts: vec!["bakery".to_owned()],
        ..CategoryExclusions::default()
    };
    let lines = [gift_card(290_000), line("bakery", 1_000, 10_000)];
    let result = judged_for_new_member(&programme, &lines);
    // 2 % of the gift card, then 300 roubles off the whole receipt.
    assert_eq!(result.discount, Money(5_800 + 30_000));
}

#[test]
fn an_offer_that_names_excluded_goods_includes_them_on_purpose() {
    let named = |benefit| for_category("tobacco", offer("named", benefit));
    let off = OfferBenefit::PercentOff {
        rate: BasisPoints(1_000),
    };
    let points = OfferBenefit::FixedPoints { points: Points(9) };
    let share = OfferBenefit::ExtraPoints {
        rate: BasisPoints(1_000),
    };
    let lines = [tobacco(10_000)];
    let judged = |programme: Programme| judged_for_new_member(&programme, &lines);
    assert_eq!(judged(programme(vec![named(off)])).discount, Money(1_000));
    for (benefit, given) in [(points, 9), (share, 10)] {
        let new = programme(vec![named(benefit)]);
        assert_eq!(judged(new.clone()).earned, Points(given));
        // The tier gives nothing on them all the same.
        assert_eq!(judged(new.clone()).reasons.len(), 1);
        let before = Programme {
            exclusions: CategoryExclusions::default(),
            ..new
        };
        assert_eq!(judged(before).earned, Points(0));
    }
}

#[test]
fn naming_goods_by_code_or_category_counts_them_for_the_offers_own_conditions() {
    let by_code = ItemCondition {
        skus: vec!["card".to_owned()],
        ..ItemCondition::default()
    };
    let asked = Offer {
        conditions: ConditionsDocument {
            items: vec![by_code],
            minimum_receipt: Some(Money(50_000)),
            first_purchase: true,
            ..ConditionsDocument::default()
        }
        .into(),
        ..offer("named", OfferBenefit::FixedPoints { points: Points(9) })
    };
    let programme = programme(vec![asked]);
    let card = ReceiptLine {
        sku: "card".to_owned(),
        ..gift_card(50_000)
    };
    let result = judged_for_new_member(&programme, &[card]);
    assert_eq!(used(&result), ["named"]);
    assert_eq!(result.earned, Points(9));
    let other = judged_for_new_member(&programme, &[gift_card(50_000)]);
    assert!(misses_of(&other, "named").contains(&UnmetCondition::Items));
}

// The handed inputs r9-weighed-as-pieces.json and l2-negative-line.json.

fn weighed(grams: i64, amount: i64) -> ReceiptLine {
    ReceiptLine {
        unit: Unit::Kg,
        ..line("dairy", grams, amount)
    }
}

#[test]
fn three_weighed_pieces_are_three_and_one_of_three_kilograms_is_one() {
    let three = [
        weighed(300, 30_000),
        weighed(350, 30_000),
        weighed(280, 30_000),
    ];
    let result = judged_for_new_member(&demo(), &three);
    assert!(used(&result).contains(&"dairy-three"), "{result:?}");
    let one = judged_for_new_member(&demo(), &[weighed(3_000, 90_000)]);
    assert_eq!(misses_of(&one, "dairy-three"), [UnmetCondition::Items]);
}

#[test]
fn a_deposit_given_back_lowers_what_is_paid_and_what_earns() {
    let deposit = line("deposit", -1_000, -15_000);
    let water = line("grocery", 1_000, 30_000);
    let result = judged(
        &programme(Vec::new()),
        vec![water, deposit, line("grocery", 1_000, 0)],
        PointsToSpend::All,
    );
    // Half of 150 roubles is paid by points, and 5 % of the rest comes back.
    assert_eq!((result.total, result.to_pay), (Money(15_000), Money(7_500)));
    assert_eq!((result.spent, result.earned), (Points(75), Points(3)));
    assert_eq!(result.lines[1..], [LineResult::default(); 2]);
}

#[test]
fn a_receipt_that_comes_to_nothing_gives_nothing() {
    let lines = [
        line("dairy", 3_000, 10_000),
        line("dairy", -1_000, -10_000),
        line("coffee", 1_000, 0),
    ];
    let gift = offer(
        "gift",
        OfferBenefit::Gift {
            gift: "cup".to_owned(),
        },
    );
    let points = for_category(
        "dairy",
        offer("points", OfferBenefit::FixedPoints { points: Points(9) }),
    );
    let programme = programme(vec![gift, points]);
    let result = judged_for_new_member(&programme, &lines);
    assert_eq!(
        (result.total, result.to_pay, result.earned),
        (Money(0), Money(0), Points(0))
    );
    assert_eq!(used(&result), Vec::<&str>::new());
    assert_eq!(misses_of(&result, "points"), [UnmetCondition::Items]);
}
