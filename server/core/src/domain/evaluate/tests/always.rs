//! What holds for every receipt, member and set of offers.

use proptest::prelude::*;

use super::*;
use crate::domain::amounts::Rounding;
use crate::domain::programme::CategoryExclusions;
use crate::domain::receipt::check_lines;

fn any_line() -> impl Strategy<Value = ReceiptLine> {
    let category = prop::sample::select(vec!["dairy", "coffee", "tobacco", "grocery"]);
    let sku = prop::sample::select(vec!["", "milk", "beans"]);
    let amount = prop_oneof![
        2 => 1..5_i64,
        4 => 1..100_000_i64,
        2 => 1..=1_000_000_000_000_i64,
        1 => Just(0_i64),
        2 => -60_000..0_i64,
    ];
    let unit = prop::sample::select(Unit::ALL.to_vec());
    (category, sku, 1..5_000_i64, unit, amount).prop_map(
        |(category, sku, quantity, unit, amount)| {
            // What costs nothing may be counted as nothing.
            let quantity = match amount {
                ..=0 if quantity % 4 == 0 => 0,
                ..0 => -quantity,
                _ => quantity,
            };
            ReceiptLine {
                sku: sku.to_owned(),
                unit,
                ..line(category, quantity, amount)
            }
        },
    )
}

fn any_benefit() -> impl Strategy<Value = OfferBenefit> {
    prop_oneof![
        (10_001..50_000_u32).prop_map(|rate| OfferBenefit::MultiplyPoints {
            rate: BasisPoints(rate)
        }),
        (1..=10_000_u32).prop_map(|rate| OfferBenefit::ExtraPoints {
            rate: BasisPoints(rate)
        }),
        (1..5_000_i64).prop_map(|points| OfferBenefit::FixedPoints {
            points: Points(points)
        }),
        (1..=10_000_u32).prop_map(|rate| OfferBenefit::PercentOff {
            rate: BasisPoints(rate)
        }),
        (1..200_000_i64).prop_map(|amount| OfferBenefit::AmountOff {
            amount: Money(amount)
        }),
        (0..20_000_i64).prop_map(|price| OfferBenefit::FixedPrice {
            price: Money(price)
        }),
        Just(OfferBenefit::Gift {
            gift: "cup".to_owned()
        }),
    ]
}

prop_compose! {
    fn any_item()(
        categories in prop::sample::subsequence(vec!["dairy", "coffee", "tobacco"], 0..3),
        skus in prop::sample::subsequence(vec!["milk", "beans", "tea"], 0..3),
        quantity in prop::option::of(1..8_000_i64),
    ) -> ItemCondition {
        let words = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
        ItemCondition {
            categories: words(categories),
            skus: words(skus),
            quantity: quantity.map(Quantity),
        }
    }
}

prop_compose! {
    fn any_conditions()(
        items in prop_oneof![
            2 => Just(Vec::new()),
            4 => prop::collection::vec(any_item(), 1),
            1 => prop::collection::vec(any_item(), 2),
        ],
        minimum in prop::option::weighted(0.2, 1..200_000_i64),
        elsewhere in prop::bool::weighted(0.1),
        otherwise in prop::bool::weighted(0.1),
    ) -> Conditions {
        ConditionsDocument {
            items,
            minimum_receipt: minimum.map(Money),
            stores: if elsewhere { vec!["park".to_owned()] } else { Vec::new() },
            // The baskets are of a Sunday.
            weekdays: if otherwise { vec![chrono::Weekday::Mon] } else { Vec::new() },
            ..ConditionsDocument::default()
        }.into()
    }
}

prop_compose! {
    fn any_offer()(
        benefit in any_benefit(),
        conditions in any_conditions(),
        priority in -2..3_i32,
        group in prop::option::of(prop::sample::select(vec!["one", "two"])),
        budget in prop::option::of(1..100_000_i64),
    ) -> Offer {
        Offer {
            priority,
            conditions,
            group: group.map(str::to_owned),
            limits: OfferLimits {
                points_budget: budget.map(Points),
                money_budget: budget.map(Money),
                ..OfferLimits::default()
            },
            ..offer("", benefit)
        }
    }
}

fn any_exclusions() -> impl Strategy<Value = CategoryExclusions> {
    let list = || {
        let some = prop::sample::subsequence(vec!["dairy", "coffee", "tobacco"], 0..3);
        some.prop_map(|list| list.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    (list(), list(), list(), any::<bool>()).prop_map(
        |(whole_receipt_discounts, tier_discounts, minimum_receipt, named_goods_earn)| {
            CategoryExclusions {
                whole_receipt_discounts,
                tier_discounts,
                minimum_receipt,
                named_goods_earn,
                ..CategoryExclusions::default()
            }
        },
    )
}

prop_compose! {
    fn any_programme()(
        offers in prop::collection::vec(any_offer(), 0..7),
        rounding in prop::sample::select(vec![Rounding::Floor, Rounding::HalfUp, Rounding::Ceil]),
        max_share in 0..=10_000_u32,
        value in prop_oneof![Just(1_i64), Just(100), 1..1_000_i64],
        discount in prop::option::of(0..=10_000_u32),
        exclusions in any_exclusions(),
    ) -> Programme {
        let offers = (0..).zip(offers).map(|(id, offer)| Offer { id: format!("offer-{id}"), ..offer });
        let mut programme = programme(offers.collect());
        programme.points.rounding = rounding;
        programme.points.value = Money(value);
        programme.spend.max_share = BasisPoints(max_share);
        programme.exclusions = exclusions;
        let mut tiers: Vec<_> = programme.tiers.into();
        tiers[1].discount = discount.map(BasisPoints);
        programme.tiers = tiers.try_into().unwrap();
        programme
    }
}

fn any_wallet() -> impl Strategy<Value = MemberWallet> {
    (0..1_000_000_i64, any::<bool>(), any::<bool>()).prop_map(|(points, may_earn, may_spend)| {
        MemberWallet {
            available: Points(points),
            may_earn,
            may_spend,
        }
    })
}

fn any_lines() -> impl Strategy<Value = Vec<ReceiptLine>> {
    prop::collection::vec(any_line(), 1..8).prop_filter("takes more off than it costs", |lines| {
        check_lines(lines).is_ok()
    })
}

fn sums_hold(
    programme: &Programme,
    lines: &[ReceiptLine],
    result: &Evaluation,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(result.lines.len(), lines.len());
    let total: Money = lines.iter().map(|line| line.amount).sum();
    let discount: Money = result.lines.iter().map(|line| line.discount).sum();
    let paid: Money = result.lines.iter().map(|line| line.paid_by_points).sum();
    let earned: Points = result.lines.iter().map(|line| line.earned).sum();
    let reasons: Points = result.reasons.iter().map(|reason| reason.points).sum();
    prop_assert_eq!((result.total, result.discount), (total, discount));
    prop_assert_eq!((result.paid_by_points, result.earned), (paid, earned));
    prop_assert_eq!(reasons, earned);
    prop_assert_eq!(result.to_pay, total - discount - paid);
    prop_assert_eq!(paid.0, result.spent.0 * programme.points.value.0);
    let by_offers: Points = result.offers_used.iter().map(|used| used.points).sum();
    prop_assert!(by_offers <= earned);
    for (line, result) in lines.iter().zip(&result.lines) {
        prop_assert!(result.discount >= Money(0));
        prop_assert!(result.paid_by_points >= Money(0));
        prop_assert!(result.earned >= Points(0));
        prop_assert!(result.discount + result.paid_by_points <= line.amount.or_zero());
        if !line.amount.is_positive() {
            prop_assert_eq!(*result, LineResult::default());
        }
        if line.category == "tobacco" {
            prop_assert_eq!(result.paid_by_points, Money(0));
            if !programme.exclusions.named_goods_earn {
                prop_assert_eq!(result.earned, Points(0));
            }
        }
    }
    Ok(())
}

fn offers_hold(programme: &Programme, result: &Evaluation) -> Result<(), TestCaseError> {
    let answered = result.offers_used.len() + result.offers_missed.len();
    prop_assert_eq!(answered, programme.offers.len());
    prop_assert!(
        result
            .offers_missed
            .iter()
            .all(|missed| !missed.misses.is_empty())
    );
    for group in ["one", "two"] {
        let of_group = |used: &&UsedOffer| {
            programme.offer(&used.offer).unwrap().group.as_deref() == Some(group)
        };
        prop_assert!(result.offers_used.iter().filter(of_group).count() <= 1);
    }
    for used in &result.offers_used {
        let limits = &programme.offer(&used.offer).unwrap().limits;
        prop_assert!(
            limits
                .points_budget
                .is_none_or(|budget| used.points <= budget)
        );
        prop_assert!(
            limits
                .money_budget
                .is_none_or(|budget| used.discount <= budget)
        );
    }
    let order: Vec<_> = result
        .offers_used
        .iter()
        .map(|used| offer_order(programme.offer(&used.offer).unwrap()))
        .collect();
    prop_assert!(order.is_sorted());
    Ok(())
}

proptest! {
    #[test]
    fn what_is_judged_quickly_is_what_is_judged_plainly(
        programme in any_programme(), lines in any_lines(), wallet in any_wallet(),
        asked in 0..1_000_i64,
    ) {
        let standing = silver_standing(&programme);
        let basket = basket(lines);
        for spend in [PointsToSpend::None, PointsToSpend::All, PointsToSpend::Exactly(Points(asked)), PointsToSpend::AtMost(Points(asked))] {
            let quickly = evaluate(&programme, &basket, Some(&standing), wallet, spend);
            let plainly = plain::evaluate(&programme, &basket, &standing, wallet, spend);
            prop_assert_eq!(quickly, plainly);
        }
    }

    #[test]
    fn sums_of_lines_are_the_totals_and_nothing_is_below_zero(
        programme in any_programme(), lines in any_lines(), wallet in any_wallet(),
    ) {
        for spend in [PointsToSpend::None, PointsToSpend::All] {
            let basket = basket(lines.clone());
            let result = evaluate(&programme, &basket, Some(&silver_standing(&programme)), wallet, spend).unwrap();
            sums_hold(&programme, &lines, &result)?;
            offers_hold(&programme, &result)?;
        }
    }

    #[test]
    fn points_pay_no_more_than_there_are_and_than_the_share_allows(
        programme in any_programme(), lines in any_lines(), wallet in any_wallet(),
        asked in 0..1_000_000_i64,
    ) {
        let basket = basket(lines);
        let judge = |spend| evaluate(&programme, &basket, Some(&silver_standing(&programme)), wallet, spend);
        let all = judge(PointsToSpend::All).unwrap();
        prop_assert!(all.spent <= wallet.available);
        prop_assert!(wallet.may_spend || all.spent == Points(0));
        let share = programme.spend.max_share.share_of((all.total - all.discount).0, Rounding::Floor);
        prop_assert!(all.paid_by_points <= Money(share));
        let asked = Points(asked);
        match judge(PointsToSpend::Exactly(asked)) {
            Ok(result) => prop_assert_eq!((result.spent, result.spendable), (asked, all.spent)),
            Err(TooManyPoints { spendable }) => {
                prop_assert_eq!(spendable, all.spent);
                prop_assert!(asked > spendable);
            }
        }
    }

    #[test]
    fn the_same_facts_give_the_same_answer_in_whatever_order_offers_are_written(
        programme in any_programme(), lines in any_lines(), wallet in any_wallet(),
    ) {
        let basket = basket(lines);
        let judge = |programme| {
            evaluate(programme, &basket, Some(&silver_standing(programme)), wallet, PointsToSpend::All).unwrap()
        };
        let mut turned = programme.clone();
        turned.offers.reverse();
        prop_assert_eq!(judge(&programme), judge(&programme));
        prop_assert_eq!(judge(&programme), judge(&turned));
    }

    #[test]
    fn another_offer_never_makes_a_receipt_dearer(
        programme in any_programme(), lines in any_lines(),
    ) {
        let basket = basket(lines);
        let none = Programme { offers: Vec::new(), ..programme.clone() };
        let to_pay = |programme| {
            evaluate(programme, &basket, Some(&silver_standing(programme)), wallet(0), PointsToSpend::None).unwrap().to_pay
        };
        prop_assert!(to_pay(&programme) <= to_pay(&none));
    }
}
