//! Returns where discounts are kept: a refund is what was paid, and points go with what they were given for.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::rig::{Member, Rig, back, line, programme, recalculating};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::offers::OfferBenefit;
use crate::domain::returns::ReturnedLinePart;
use crate::ids::ReceiptId;
use crate::usecases::Error;
use crate::usecases::checkout::claim_codes;
use crate::usecases::checkout::receipts::ReturnEffect;

/// The part of a sale of one sum that cost so many kopecks.
fn for_amount(kopecks: i64) -> ReturnedLinePart {
    ReturnedLinePart::of_amount(0, Money(kopecks))
}

/// Gives back in this order; what each return did.
async fn give_back(rig: &Rig, sale: ReceiptId, lines: &[ReturnedLinePart]) -> Vec<ReturnEffect> {
    let mut effects = Vec::new();
    for line in lines {
        let returned = rig.take_back(sale, vec![*line]).await.unwrap();
        effects.push(returned.effect);
    }
    effects
}

#[test]
fn each_of_ten_lines_of_a_discounted_receipt_is_refunded_at_what_was_paid_for_it() {
    let mut programme = programme(0);
    programme.offers.retain(|offer| offer.id == "off");
    programme.offers[0]
        .conditions
        .rewrite(|written| written.minimum_receipt = Some(Money(300_000)));
    let rig = Rig::with(&programme);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let ten = (0..10).map(|_| line("grocery", 1, 300)).collect();
        let sale = rig.sell(&anna, ten, PointsToSpend::None).await;
        assert_eq!(sale.quote.evaluation.to_pay, Money(270_000));
        let all: Vec<ReturnedLinePart> = (0..10).map(|position| back(position, 1)).collect();
        for effect in give_back(&rig, sale.id, &all).await {
            assert_eq!(effect.refund, Money(27_000));
            assert_eq!(effect.lines[0].refund, Money(27_000));
            assert_eq!(effect.earned, Points(0));
        }
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        assert_eq!(rig.kept(&anna).await, (Money(0), Points(0), Vec::new()));
        rig.check().await;
    });
}

#[test]
fn fixed_points_go_once_the_condition_of_their_offer_does_not_hold_and_others_by_share() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        // 3 % of 400 ₽, and 50 points from 300 ₽ on.
        let sale = rig
            .sell(&anna, vec![line("grocery", 4, 400)], PointsToSpend::None)
            .await;
        assert_eq!(sale.quote.evaluation.earned, Points(62));
        let pieces = [back(0, 1), back(0, 1), back(0, 2)];
        let effects = give_back(&rig, sale.id, &pieces).await;
        let taken: Vec<Points> = effects.iter().map(|effect| effect.taken_back).collect();
        assert_eq!(taken, [Points(3), Points(53), Points(6)]);
        let lost: Vec<usize> = effects
            .iter()
            .map(|effect| effect.offers_lost.len())
            .collect();
        assert_eq!(lost, [0, 1, 0]);
        rig.check().await;
    });
}

#[test]
fn what_is_left_keeps_a_discount_whose_condition_it_does_not_reach_any_more() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        // 300 ₽ off from 1 500 ₽ on: 1 300 ₽ are paid, 1 137.50 ₽ and 162.50 ₽.
        let lines = vec![line("grocery", 1, 1_400), line("grocery", 1, 200)];
        let sale = rig.sell(&anna, lines, PointsToSpend::None).await;
        let effects = give_back(&rig, sale.id, &[back(1, 1), back(0, 1)]).await;
        let refunds: Vec<Money> = effects.iter().map(|effect| effect.refund).collect();
        assert_eq!(refunds, [Money(16_250), Money(113_750)]);
        assert!(!effects[0].offers_lost.contains(&"off".to_owned()));
        assert!(effects[1].offers_lost.contains(&"off".to_owned()));
        rig.check().await;
    });
}

#[test]
fn points_that_paid_come_back_by_the_share_of_what_goes_back() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(100).await;
        let sale = rig
            .sell(&anna, vec![line("grocery", 3, 270)], PointsToSpend::All)
            .await;
        let evaluation = &sale.quote.evaluation;
        assert_eq!(
            (evaluation.spent, evaluation.to_pay),
            (Points(100), Money(17_000))
        );
        let effects = give_back(&rig, sale.id, &[back(0, 1); 3]).await;
        let restored: Vec<Points> = effects.iter().map(|effect| effect.restored).collect();
        assert_eq!(restored, [Points(34), Points(33), Points(33)]);
        let refunds: Vec<Money> = effects.iter().map(|effect| effect.refund).collect();
        assert_eq!(refunds, [Money(5_667), Money(5_667), Money(5_666)]);
        assert_eq!(rig.balance(&anna).await.active, Points(100));
        rig.check().await;
    });
}

#[test]
fn a_sale_of_one_sum_goes_back_by_amount_at_its_share_of_what_was_paid() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        // 300 ₽ off 3 000 ₽, typed as one sum.
        let sale = rig
            .sell(&anna, vec![line("", 1, 3_000)], PointsToSpend::None)
            .await;
        let first = rig
            .take_back(sale.id, vec![for_amount(100_000)])
            .await
            .unwrap();
        assert_eq!(first.effect.refund, Money(90_000));
        assert_eq!(first.effect.lines[0].amount, Some(Money(100_000)));
        for (lines, key) in [
            (vec![for_amount(200_001)], "return-more-than-left"),
            (
                vec![for_amount(150_000), for_amount(50_001)],
                "return-more-than-left",
            ),
            (vec![back(0, 1)], "return-more-than-left"),
            (vec![for_amount(0)], "line-amount"),
        ] {
            match rig.take_back(sale.id, lines).await {
                Err(Error::Invalid(problems)) => assert_eq!(problems[0].key, key),
                other => panic!("{other:?}"),
            }
        }
        let rest = rig
            .take_back(sale.id, vec![for_amount(200_000)])
            .await
            .unwrap();
        assert_eq!(rest.effect.refund, Money(180_000));
        assert_eq!(rig.kept(&anna).await, (Money(0), Points(0), Vec::new()));
        let two = vec![line("", 1, 300), line("", 1, 300)];
        let sale = rig.sell(&anna, two, PointsToSpend::None).await;
        match rig.take_back(sale.id, vec![for_amount(100)]).await {
            Err(Error::Invalid(problems)) => assert_eq!(problems[0].key, "return-not-one-sum"),
            other => panic!("{other:?}"),
        }
        rig.check().await;
    });
}

#[test]
fn a_sale_that_is_claimed_after_a_part_went_back_gives_what_is_left_and_no_more() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let found = rig.sell_to_nobody(vec![line("grocery", 4, 400)]).await;
        let first = rig.take_back(found.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(first.effect.refund, Money(10_000));
        let shopper = rig.shopper(&anna).await;
        claim_codes::claim_receipt(&rig.k, &shopper, &found.claim.unwrap().code)
            .await
            .unwrap();
        // 3 % of the 300 ₽ that are left, and 50 points from 300 ₽ on.
        assert_eq!(rig.balance(&anna).await.active, Points(59));
        let effects = give_back(&rig, found.id, &[back(0, 1), back(0, 2)]).await;
        let taken: Vec<Points> = effects.iter().map(|effect| effect.taken_back).collect();
        assert_eq!(taken, [Points(53), Points(6)]);
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        rig.check().await;
    });
}

#[test]
fn an_offer_whose_goods_all_went_back_may_be_used_again_and_the_others_may_not() {
    let mut programme = programme(0);
    programme
        .offers
        .retain(|offer| ["dairy", "coffee"].contains(&offer.id.as_str()));
    for offer in &mut programme.offers {
        offer.limits.per_member = Some(1);
        if let OfferBenefit::FixedPoints { .. } = offer.benefit {
            offer.limits.points_budget = Some(Points(30));
        }
    }
    let rig = Rig::with(&programme);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let lines = || vec![line("dairy", 2, 100), line("coffee", 1, 100)];
        let sale = rig.sell(&anna, lines(), PointsToSpend::None).await;
        let effects = give_back(&rig, sale.id, &[back(0, 1), back(1, 1)]).await;
        assert_eq!(effects[0].offers_lost, Vec::<String>::new());
        assert_eq!(effects[1].offers_lost, ["coffee"]);
        let again = rig.sell(&anna, lines(), PointsToSpend::None).await;
        let used: Vec<&str> = again
            .quote
            .evaluation
            .offers_used
            .iter()
            .map(|used| used.offer.as_str())
            .collect();
        assert_eq!(used, ["coffee"]);
        rig.check().await;
    });
}

static KEEPING: LazyLock<Rig> = LazyLock::new(|| Rig::new(0));
static RECALCULATING: LazyLock<Rig> = LazyLock::new(|| Rig::with(&recalculating(0)));

/// Returns what must not depend on the order of returns.
async fn state(rig: &Rig, member: &Member) -> impl PartialEq + std::fmt::Debug + use<> {
    let balance = rig.balance(member).await;
    (
        balance.active - balance.debt,
        rig.kept(member).await,
        rig.waiting_gifts(member).await,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_sale_of_one_sum_goes_back_by_amounts_in_any_order(
        roubles in 1..4_000_i64, cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        spend in any::<bool>(), recalculates in any::<bool>(), some in any::<prop::sample::Index>(),
    ) {
        let rig: &Rig = if recalculates { &RECALCULATING } else { &KEEPING };
        // Parts that are the whole sum together.
        let sum = usize::try_from(roubles * 100).unwrap();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(sum)).collect();
        ends.extend([0, sum]);
        ends.sort_unstable();
        ends.dedup();
        let parts: Vec<ReturnedLinePart> = ends.windows(2).map(|two| for_amount(i64::try_from(two[1] - two[0]).unwrap())).collect();
        let some = &parts[..some.index(parts.len() + 1)];
        let mut turned = some.to_vec();
        turned.reverse();
        rig.runtime.block_on(async {
            let mut ends = Vec::new();
            for order in [some, &turned] {
                let member = rig.member(120).await;
                let spend = if spend { PointsToSpend::All } else { PointsToSpend::None };
                let sale = rig.sell(&member, vec![line("", 1, roubles)], spend).await;
                let mut refunded = Money(0);
                for effect in give_back(rig, sale.id, order).await {
                    assert!(effect.refund >= Money(0));
                    refunded += effect.refund;
                }
                let paid = sale.quote.evaluation.to_pay;
                assert!(refunded <= paid);
                ends.push((state(rig, &member).await, (!recalculates).then_some(refunded)));
                if order.len() == parts.len() {
                    assert_eq!(refunded, paid);
                    assert_eq!(rig.balance(&member).await.active, Points(120));
                    assert_eq!(rig.kept(&member).await, (Money(0), Points(0), Vec::new()));
                }
                rig.check_one(&member).await;
            }
            assert_eq!(ends[0], ends[1]);
        });
    }
}
