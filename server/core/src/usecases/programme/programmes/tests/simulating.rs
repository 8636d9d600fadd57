//! Simulations over a small made-up history.

use super::super::simulate::{SimulationPeriod, judge_again, simulate};
use super::chain::{Chain, plain, rate};
use super::{at, list_versions};
use crate::domain::amounts::{BasisPoints, Money, Points, Quantity};
use crate::domain::evaluate::{
    MemberFacts, MemberWallet, OfferEligibility, PointsToSpend, evaluate,
};
use crate::domain::offers::{
    Conditions, ConditionsDocument, Offer, OfferActivation, OfferBenefit, OfferLimits,
};
use crate::domain::programme::{LocalisedText, Tier, TierMeasure};
use crate::domain::receipt::{Basket, ReceiptLine, Unit};
use crate::store::{cards, members};

fn thousand_off(activation: OfferActivation) -> Offer {
    let words = || LocalisedText {
        ru: "Тест".to_owned(),
        en: "Test".to_owned(),
    };
    Offer {
        id: "thousand-off".to_owned(),
        title: words(),
        text: words(),
        benefit: OfferBenefit::AmountOff {
            amount: Money(100_000),
        },
        conditions: Conditions::default(),
        limits: OfferLimits {
            per_member: Some(1),
            ..OfferLimits::default()
        },
        priority: 0,
        group: None,
        activation,
        alcohol: false,
    }
}

fn november() -> SimulationPeriod {
    SimulationPeriod {
        from: "2026-11-01".parse().unwrap(),
        until: "2026-11-30".parse().unwrap(),
        switched_on: false,
    }
}

#[tokio::test]
async fn a_simulation_tells_who_gains_and_who_loses() {
    let chain = Chain::open().await;
    // One stays in the first tier, one rises to the second by the first purchase, one buys outside the period.
    let small = chain.member("+79160000001").await;
    let large = chain.member("+79160000002").await;
    let away = chain.member("+79160000003").await;
    chain.sell(&small, "2026-11-02T10:00:00+03:00", 1_000).await;
    chain
        .sell(&large, "2026-11-02T11:00:00+03:00", 20_000)
        .await;
    chain.sell(&large, "2026-11-03T11:00:00+03:00", 1_000).await;
    chain.sell(&away, "2026-12-01T00:00:00+03:00", 1_000).await;

    let same = simulate(&chain.k, plain(), november()).await.unwrap();
    assert_eq!(
        (same.all.before, same.gain, same.lose, same.same),
        (same.all.after, 0, 0, 2)
    );
    assert_eq!(
        (same.all.before.sales, same.all.before.points),
        (3, Points(30 + 600 + 50))
    );
    assert_eq!(same.all.before.cost, Money(68_000));

    // The first tier gets more, the second less.
    let mut candidate = rate(plain(), 400);
    let mut tiers: Vec<Tier> = candidate.tiers.into();
    tiers[1].rate = BasisPoints(100);
    candidate.tiers = tiers.try_into().unwrap();
    let found = simulate(&chain.k, candidate.clone(), november())
        .await
        .unwrap();
    assert_eq!(found.all.after.points, Points(40 + 800 + 10));
    assert_eq!((found.gain, found.lose, found.same), (2, 0, 0));
    assert_eq!(found.by_tier["start"].after.points, Points(840));
    assert_eq!(found.by_tier["silver"].before.points, Points(50));
    assert_eq!(found.by_tier["silver"].after.points, Points(10));
    assert!(!found.tiers_reached_anew);
    let digits = |code: &str| format!("card …{}", &code[code.len() - 4..]);
    let named: Vec<(&str, Money)> = found
        .most_gained
        .iter()
        .map(|(_, label, gain)| (label.as_str(), *gain))
        .collect();
    assert_eq!(
        named,
        [
            (digits(&large).as_str(), Money(16_000)),
            (digits(&small).as_str(), Money(1_000))
        ]
    );

    let less = simulate(&chain.k, rate(plain(), 100), november())
        .await
        .unwrap();
    assert_eq!((less.gain, less.lose, less.same), (0, 2, 0));
    assert_eq!(less.most_lost[0].2, Money(-40_000));
    // Nothing of it was stored.
    assert_eq!(list_versions(&chain.k).await.unwrap().0.len(), 1);
}

#[tokio::test]
async fn a_simulation_counts_an_offer_within_its_limits_and_taps_as_asked() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02T10:00:00+03:00", 2_000).await;
    chain.sell(&card, "2026-11-03T10:00:00+03:00", 2_000).await;
    let with = |activation| {
        let mut candidate = plain();
        candidate.offers.push(thousand_off(activation));
        candidate
    };
    let found = simulate(&chain.k, with(OfferActivation::Automatic), november())
        .await
        .unwrap();
    assert_eq!(
        found.by_offer["thousand-off"].after.uses, 1,
        "once for each member"
    );
    assert_eq!(found.all.after.discount, Money(100_000));
    // 1 000 ₽ off, and 3 % less of points on that.
    assert_eq!(found.most_gained[0].2, Money(100_000 - 3_000));

    let nobody = simulate(&chain.k, with(OfferActivation::Tap), november())
        .await
        .unwrap();
    assert_eq!(nobody.all.after.discount, Money(0));
    let period = SimulationPeriod {
        switched_on: true,
        ..november()
    };
    let everybody = simulate(&chain.k, with(OfferActivation::Tap), period)
        .await
        .unwrap();
    assert_eq!(everybody.all.after.discount, Money(100_000));
}

#[tokio::test]
async fn other_thresholds_are_reached_by_purchases_before_the_sale() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02T10:00:00+03:00", 6_000).await;
    chain.sell(&card, "2026-11-03T10:00:00+03:00", 1_000).await;
    let mut candidate = plain();
    let mut tiers: Vec<Tier> = candidate.tiers.into();
    tiers[1].threshold = 500_000;
    candidate.tiers = tiers.try_into().unwrap();
    let found = simulate(&chain.k, candidate, november()).await.unwrap();
    assert!(found.tiers_reached_anew);
    assert_eq!(found.all.before.points, Points(180 + 30));
    assert_eq!(found.all.after.points, Points(180 + 50));
    assert_eq!(found.by_tier["silver"].after.sales, 1);
}

#[tokio::test]
async fn other_thresholds_are_reached_by_what_counts_of_purchases_and_is_left() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.clock.set_time(at("2026-11-20"));
    chain
        .post_goods(&card, "2026-11-02", "gift_cards", 6_000)
        .await;
    let returned = chain.post(&card, "2026-11-03", 6_000).await;
    chain.give_back(&returned).await;
    chain.post(&card, "2026-11-04", 4_000).await;
    let mut tiers: Vec<Tier> = plain().tiers.into();
    for measure in [TierMeasure::Spent, TierMeasure::Earned] {
        let mut candidate = plain();
        tiers[1].threshold = match measure {
            TierMeasure::Spent => 500_000,
            TierMeasure::Earned => 150,
        };
        candidate.tiers = tiers.clone().try_into().unwrap();
        candidate.tier_rules.measure = measure;
        let found = simulate(&chain.k, candidate, november()).await.unwrap();
        assert!(found.tiers_reached_anew);
        let start = found.by_tier["start"].after;
        assert_eq!((start.sales, start.points), (3, Points(180 + 120)));
    }
}

#[tokio::test]
async fn a_limit_for_everyone_holds_over_all_members() {
    let chain = Chain::open().await;
    for phone in ["+79160000001", "+79160000002", "+79160000003"] {
        let card = chain.member(phone).await;
        chain.sell(&card, "2026-11-02T10:00:00+03:00", 2_000).await;
    }
    let mut candidate = plain();
    candidate
        .offers
        .push(thousand_off(OfferActivation::Automatic));
    candidate.offers[0].limits.in_all = Some(2);
    let found = simulate(&chain.k, candidate.clone(), november())
        .await
        .unwrap();
    assert_eq!(found.by_offer["thousand-off"].after.uses, 2);
    assert_eq!((found.gain, found.same), (2, 1));
    candidate.offers[0].limits.in_all = None;
    candidate.offers[0].limits.money_budget = Some(Money(100_000));
    let found = simulate(&chain.k, candidate, november()).await.unwrap();
    assert_eq!(found.by_offer["thousand-off"].after.uses, 1);
}

#[tokio::test]
async fn a_closed_account_is_told_by_its_id() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02T10:00:00+03:00", 2_000).await;
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    let member = members::find_id_by_phone(&mut tx, "+79160000001")
        .await
        .unwrap()
        .unwrap();
    cards::delete_of_member(&mut tx, member).await.unwrap();
    members::erase_member(&mut tx, member, chain.k.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let found = simulate(&chain.k, rate(plain(), 400), november())
        .await
        .unwrap();
    assert_eq!(found.most_gained[0].1, member.to_string());
}

#[test]
fn as_many_points_pay_as_then_or_as_many_of_them_as_may() {
    let basket = Basket {
        store: "center".to_owned(),
        at: at("2026-11-02"),
        zone: plain().time_zone,
        lines: vec![ReceiptLine {
            sku: "test".to_owned(),
            name: "Test".to_owned(),
            category: "grocery".to_owned(),
            quantity: Quantity::ONE,
            unit: Unit::Piece,
            amount: Money(100_000),
        }],
    };
    let member = MemberFacts::default();
    let wallet = MemberWallet {
        available: Points(700),
        may_earn: true,
        may_spend: true,
    };
    let standing = OfferEligibility::of_member(&plain(), &member, basket.at, basket.zone);
    let judged = |spend| evaluate(&plain(), &basket, Some(&standing), wallet, spend).unwrap();
    let paid = judged(PointsToSpend::Exactly(Points(400)));
    let again = |share: u32, before| {
        let mut candidate = plain();
        candidate.spend.max_share = BasisPoints(share);
        judge_again(&candidate, &basket, &member, before)
            .unwrap()
            .spent
    };
    assert_eq!(again(5_000, &paid), Points(400));
    assert_eq!(again(10_000, &paid), Points(400), "nobody asked for more");
    assert_eq!(again(1_000, &paid), Points(100));
    assert_eq!(again(5_000, &judged(PointsToSpend::None)), Points(0));
}

#[tokio::test]
async fn an_offer_for_the_first_purchase_is_had_once_in_a_simulation_too() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02", 1_000).await;
    chain.sell(&card, "2026-11-03", 1_000).await;
    let mut candidate = plain();
    candidate.offers = vec![Offer {
        benefit: OfferBenefit::FixedPoints {
            points: Points(200),
        },
        conditions: ConditionsDocument {
            first_purchase: true,
            ..ConditionsDocument::default()
        }
        .into(),
        limits: OfferLimits::default(),
        ..thousand_off(OfferActivation::Automatic)
    }];
    let found = simulate(&chain.k, candidate, november()).await.unwrap();
    assert_eq!(
        (found.all.before.points, found.all.after.points, found.gain),
        (Points(60), Points(260), 1)
    );
}
