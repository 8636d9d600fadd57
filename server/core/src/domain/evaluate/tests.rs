//! Receipts judged: the figures of single rules by example, what must always hold by property.
use chrono_tz::Tz;

use super::*;
use crate::domain::amounts::{BasisPoints, Quantity};
use crate::domain::offers::{
    Conditions, ConditionsDocument, ItemCondition, Offer, OfferActivation, OfferBenefit,
    OfferLimits, OfferUses,
};
use crate::domain::programme::ProgrammeTiers;
use crate::domain::programme::tests::demo;
use crate::domain::receipt::{ReceiptLine, Unit};
use crate::domain::time::Instant;

mod always;
mod benefits;
mod exclusions;
mod groups;
mod plain;

fn words(text: &str) -> LocalisedText {
    LocalisedText {
        ru: text.to_owned(),
        en: text.to_owned(),
    }
}

fn offer(id: &str, benefit: OfferBenefit) -> Offer {
    Offer {
        id: id.to_owned(),
        title: words(id),
        text: words(id),
        benefit,
        conditions: Conditions::default(),
        limits: OfferLimits::default(),
        priority: 0,
        group: None,
        activation: OfferActivation::Automatic,
        alcohol: false,
    }
}

fn for_category(category: &str, offer: Offer) -> Offer {
    let item = ItemCondition {
        categories: vec![category.to_owned()],
        ..ItemCondition::default()
    };
    let mut offer = offer;
    offer
        .conditions
        .rewrite(|written| written.items = vec![item]);
    offer
}

fn grouped(offer: Offer, priority: i32) -> Offer {
    Offer {
        group: Some("one".to_owned()),
        priority,
        ..offer
    }
}

/// The demo with these offers instead of its own.
fn programme(offers: Vec<Offer>) -> Programme {
    Programme { offers, ..demo() }
}

fn line(category: &str, quantity: i64, amount: i64) -> ReceiptLine {
    ReceiptLine {
        sku: String::new(),
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
        at: Instant(1_795_338_000_000_000),
        zone: Tz::Europe__Moscow,
        lines,
    }
}

fn silver() -> MemberFacts {
    MemberFacts {
        id: "m".to_owned(),
        tier: "silver".to_owned(),
        ..MemberFacts::default()
    }
}

/// How the silver member stands at the time of every basket here.
fn silver_standing(programme: &Programme) -> OfferEligibility {
    let basket = basket(Vec::new());
    OfferEligibility::of_member(programme, &silver(), basket.at, basket.zone)
}

fn wallet(available: i64) -> MemberWallet {
    MemberWallet {
        available: Points(available),
        may_earn: true,
        may_spend: true,
    }
}

/// A silver member with 1 000 points buys these lines.
fn judged(programme: &Programme, lines: Vec<ReceiptLine>, spend: PointsToSpend) -> Evaluation {
    evaluate(
        programme,
        &basket(lines),
        Some(&silver_standing(programme)),
        wallet(1_000),
        spend,
    )
    .unwrap()
}

fn misses_of<'a>(evaluation: &'a Evaluation, offer: &str) -> &'a [UnmetCondition] {
    &evaluation
        .offers_missed
        .iter()
        .find(|missed| missed.offer == offer)
        .unwrap()
        .misses
}

fn used(evaluation: &Evaluation) -> Vec<&str> {
    evaluation
        .offers_used
        .iter()
        .map(|used| used.offer.as_str())
        .collect()
}

#[test]
fn five_per_cent_of_1_240_roubles_for_silver_is_62() {
    let programme = programme(Vec::new());
    let result = judged(
        &programme,
        vec![line("grocery", 1_000, 124_000)],
        PointsToSpend::None,
    );
    assert_eq!(result.earned, Points(62));
    assert_eq!(
        result.reasons,
        [EarnReason {
            points: Points(62),
            reason: EntryReason::Purchase {
                base: Money(124_000),
                rate: BasisPoints(500),
                tier: programme.tier("silver").name.clone(),
                points: Points(62),
            },
        }]
    );
    assert_eq!(result.to_pay, Money(124_000));
    assert_eq!(result.spendable, Points(620));
}

#[test]
fn without_a_member_a_receipt_costs_what_it_costs() {
    let demo = demo();
    let basket = basket(vec![line("dairy", 3_000, 50_000)]);
    let result = evaluate(&demo, &basket, None, wallet(1_000), PointsToSpend::All).unwrap();
    assert_eq!(result.to_pay, Money(50_000));
    assert_eq!(
        (result.earned, result.spent, result.spendable),
        Default::default()
    );
    assert!(result.offers_used.is_empty() && result.offers_missed.is_empty());
    assert_eq!(
        evaluate(
            &demo,
            &basket,
            None,
            wallet(1_000),
            PointsToSpend::Exactly(Points(1))
        ),
        Err(TooManyPoints {
            spendable: Points(0)
        })
    );
}

#[test]
fn rates_are_rounded_once_for_the_receipt_and_shared_by_largest_remainder() {
    // 3 lines of 7 ₽ at 5 %: 1.05 points, not 3 × 0.
    let lines = vec![line("grocery", 1_000, 700); 3];
    let result = judged(&programme(Vec::new()), lines, PointsToSpend::None);
    assert_eq!(result.earned, Points(1));
    let by_line: Vec<i64> = result.lines.iter().map(|line| line.earned.0).collect();
    assert_eq!(by_line, [1, 0, 0]);
}

#[test]
fn points_pay_at_most_the_share_of_a_receipt_and_nothing_of_excluded_categories() {
    let none = programme(Vec::new());
    let half = judged(
        &none,
        vec![line("grocery", 1_000, 10_100)],
        PointsToSpend::All,
    );
    // Half of 101 ₽ is 50.50 ₽: points pay whole roubles.
    assert_eq!(
        (half.spent, half.paid_by_points),
        (Points(50), Money(5_000))
    );
    assert_eq!(half.earned, Points(2));
    let mixed = vec![
        line("grocery", 1_000, 3_000),
        line("tobacco", 1_000, 20_000),
    ];
    let mixed = judged(&none, mixed, PointsToSpend::All);
    assert_eq!(mixed.spent, Points(30));
    assert_eq!(mixed.lines[1], LineResult::default());
    assert_eq!(mixed.earned, Points(0));
}

#[test]
fn more_points_than_may_pay_are_refused_with_what_may() {
    let none = programme(Vec::new());
    let basket = basket(vec![line("grocery", 1_000, 20_000)]);
    let pay = |wallet, points| {
        evaluate(
            &none,
            &basket,
            Some(&silver_standing(&none)),
            wallet,
            PointsToSpend::Exactly(Points(points)),
        )
        .map(|result| result.spent)
    };
    let most = |points| {
        Err(TooManyPoints {
            spendable: Points(points),
        })
    };
    assert_eq!(pay(wallet(1_000), 100), Ok(Points(100)));
    assert_eq!(pay(wallet(1_000), 101), most(100));
    assert_eq!(pay(wallet(40), 41), most(40));
    assert_eq!(pay(wallet(1_000), -5), Ok(Points(0)));
    let fixed = MemberWallet {
        may_spend: false,
        ..wallet(1_000)
    };
    assert_eq!(pay(fixed, 1), most(0));
}

#[test]
fn a_code_that_may_not_earn_still_gives_discounts_but_no_points() {
    let programme = programme(vec![
        offer("points", OfferBenefit::FixedPoints { points: Points(5) }),
        offer(
            "percent",
            OfferBenefit::PercentOff {
                rate: BasisPoints(1_000),
            },
        ),
    ]);
    let basket = basket(vec![line("grocery", 1_000, 10_000)]);
    let wallet = MemberWallet {
        may_earn: false,
        ..wallet(0)
    };
    let result = evaluate(
        &programme,
        &basket,
        Some(&silver_standing(&programme)),
        wallet,
        PointsToSpend::None,
    )
    .unwrap();
    assert_eq!(result.discount, Money(1_000));
    assert_eq!(result.earned, Points(0));
    assert_eq!(
        misses_of(&result, "points"),
        [UnmetCondition::NothingToGain]
    );
}

#[test]
fn a_tier_may_take_a_share_off_every_purchase() {
    let mut tiers: Vec<_> = demo().tiers.into();
    tiers[1].discount = Some(BasisPoints(1_000));
    let programme = Programme {
        tiers: ProgrammeTiers::try_from(tiers).unwrap(),
        ..programme(Vec::new())
    };
    let lines = vec![line("grocery", 1_000, 99), line("fruit", 1_000, 100)];
    let result = judged(&programme, lines, PointsToSpend::None);
    assert_eq!(result.discount, Money(19));
    assert_eq!(result.to_pay, Money(180));
}

#[test]
fn the_points_of_an_offer_follow_what_is_paid_in_money() {
    let double = OfferBenefit::MultiplyPoints {
        rate: BasisPoints(20_000),
    };
    let programme = programme(vec![offer("double", double)]);
    let result = judged(
        &programme,
        vec![line("grocery", 1_000, 100_000)],
        PointsToSpend::All,
    );
    assert_eq!(result.spent, Points(500));
    assert_eq!(result.earned, Points(50));
}
