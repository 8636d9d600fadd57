//! Returns by example, in the words of the contract.

use super::rig::{Rig, back, line, recalculating};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::reason::{EntryReason, RecalculatedEarnings};
use crate::ids::ReceiptId;
use crate::usecases::{Error, Refusal};

#[test]
fn what_was_earned_goes_and_what_was_spent_comes_back() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(100).await;
        let sale = rig
            .sell(&anna, vec![line("grocery", 2, 400)], PointsToSpend::All)
            .await;
        assert_eq!(sale.quote.evaluation.spent, Points(100));
        let earned = sale.quote.evaluation.earned;
        let returned = rig.take_back(sale.id, vec![back(0, 2)]).await.unwrap();
        assert_eq!(returned.effect.restored, Points(100));
        assert_eq!(returned.effect.taken_back, earned);
        assert_eq!(returned.effect.refund, sale.quote.evaluation.to_pay);
        assert_eq!(rig.balance(&anna).await.active, Points(100));
        rig.check().await;
    });
}

#[test]
fn a_movement_of_a_return_says_what_the_purchase_earns_without_what_went_back() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let sale = rig
            .sell(&anna, vec![line("grocery", 3, 333)], PointsToSpend::None)
            .await;
        assert!(sale.quote.evaluation.earned.is_positive());
        for _ in 0..3 {
            let before = rig.balance(&anna).await.active;
            rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
            let after = rig.balance(&anna).await.active;
            let newest = rig.entries(&anna).await.swap_remove(0);
            let points = before - after;
            assert_eq!(newest.points, Points(0) - points);
            let of = Some(RecalculatedEarnings { before, after });
            assert_eq!(newest.reason, EntryReason::Returned { points, of });
        }
        assert_eq!(rig.balance(&anna).await.active, Points(0));
    });
}

#[test]
fn a_return_that_breaks_an_offer_s_condition_takes_the_offer_back_where_what_is_left_is_judged_again()
 {
    let rig = Rig::with(&recalculating(0));
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        // 1 600 ₽ are enough for 300 ₽ off; 1 400 ₽ are not.
        let lines = vec![line("grocery", 1, 1_400), line("grocery", 1, 200)];
        let sale = rig.sell(&anna, lines, PointsToSpend::None).await;
        assert_eq!(sale.quote.evaluation.to_pay, Money(130_000));
        let returned = rig.take_back(sale.id, vec![back(1, 1)]).await.unwrap();
        assert_eq!(returned.effect.offers_lost, ["off"]);
        assert_eq!(
            returned.effect.refund,
            Money(0),
            "what is kept costs more than was paid"
        );
        let all = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(
            all.effect.refund,
            Money(130_000),
            "in all just what was paid"
        );
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        rig.check().await;
    });
}

#[test]
fn what_was_spent_meanwhile_becomes_a_debt_that_the_next_earnings_pay() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let first = rig
            .sell(&anna, vec![line("grocery", 1, 10_000)], PointsToSpend::None)
            .await;
        let earned = first.quote.evaluation.earned;
        let second = rig
            .sell(
                &anna,
                vec![line("tobacco", 1, 1), line("grocery", 1, 290)],
                PointsToSpend::All,
            )
            .await;
        let spent = second.quote.evaluation.spent;
        assert!(spent.is_positive());
        rig.sell(&anna, vec![line("grocery", 10, 9_000)], PointsToSpend::All)
            .await;
        let returned = rig.take_back(first.id, vec![back(0, 1)]).await.unwrap();
        let debt = returned.effect.debt;
        assert!(debt.is_positive());
        assert_eq!(returned.effect.taken_back + debt, earned);
        let now = rig.balance(&anna).await;
        assert_eq!((now.active, now.debt), (Points(0), debt));
        let third = rig
            .sell(&anna, vec![line("grocery", 1, 50_000)], PointsToSpend::None)
            .await;
        let now = rig.balance(&anna).await;
        assert_eq!(
            (now.active, now.debt),
            (third.quote.evaluation.earned - debt, Points(0))
        );
        rig.check().await;
    });
}

#[test]
fn more_than_was_bought_or_twice_is_refused_and_changes_nothing() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let sale = rig
            .sell(&anna, vec![line("grocery", 2, 400)], PointsToSpend::None)
            .await;
        let before = rig.balance(&anna).await;
        for lines in [
            vec![back(0, 3)],
            vec![back(0, 2), back(0, 1)],
            vec![back(1, 1)],
            vec![],
            vec![back(0, 0)],
        ] {
            let refused = rig.take_back(sale.id, lines).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
        assert_eq!(rig.balance(&anna).await, before);
        rig.take_back(sale.id, vec![back(0, 2)]).await.unwrap();
        let twice = rig.take_back(sale.id, vec![back(0, 1)]).await;
        assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
        let unknown = rig.take_back(ReceiptId::new(), vec![back(0, 1)]).await;
        assert!(
            matches!(unknown, Err(Error::Refused(Refusal::NotFound))),
            "{unknown:?}"
        );
        rig.check().await;
    });
}

#[test]
fn points_of_a_lot_that_expired_meanwhile_get_the_grace_days() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let first = rig
            .sell(&anna, vec![line("grocery", 1, 10_000)], PointsToSpend::None)
            .await;
        let points = first.quote.evaluation.earned;
        let second = rig
            .sell(
                &anna,
                vec![line("grocery", 1, 1_400)],
                PointsToSpend::Exactly(points),
            )
            .await;
        // The second purchase's own points expire with the rest.
        rig.wait_days(100);
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        let returned = rig.take_back(second.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(returned.effect.restored, points);
        assert_eq!(returned.effect.taken_back, Points(0));
        assert_eq!(
            returned.effect.expired, second.quote.evaluation.earned,
            "gone already, not taken twice"
        );
        assert_eq!(rig.balance(&anna).await.active, points);
        rig.wait_days(30);
        assert_eq!(
            rig.balance(&anna).await.active,
            points,
            "the last day of grace"
        );
        rig.wait_days(1);
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        rig.check().await;
    });
}

#[test]
fn a_gift_that_waits_is_withdrawn_and_one_that_was_handed_over_is_asked_for() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let sale = rig
            .sell(&anna, vec![line("grocery", 2, 2_400)], PointsToSpend::None)
            .await;
        assert_eq!(rig.waiting_gifts(&anna).await, 1);
        let returned = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(returned.effect.gifts_withdrawn, ["cup"]);
        assert_eq!(rig.waiting_gifts(&anna).await, 0);
        let sale = rig
            .sell(&anna, vec![line("grocery", 2, 2_400)], PointsToSpend::None)
            .await;
        rig.hand_gifts_over(&anna).await;
        let returned = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(returned.effect.gifts_to_collect, ["cup"]);
    });
}

#[test]
fn a_sale_without_a_card_goes_back_for_its_money() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let nobody = rig.member(0).await;
        let mut draft = rig.draft(&nobody, vec![line("grocery", 3, 100)], PointsToSpend::None);
        draft.code = None;
        let done = super::super::commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
            .await
            .unwrap();
        let sale = done.receipt().unwrap();
        let one = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        let two = rig.take_back(sale.id, vec![back(0, 2)]).await.unwrap();
        assert_eq!(one.effect.refund + two.effect.refund, Money(10_000));
        assert_eq!(one.balance, None);
    });
}

#[test]
fn an_offer_with_a_budget_that_only_what_is_left_uses_is_counted() {
    let mut programme = recalculating(0);
    programme
        .offers
        .retain(|offer| ["twice", "fifty"].contains(&offer.id.as_str()));
    for offer in programme
        .offers
        .iter_mut()
        .filter(|offer| offer.id == "fifty")
    {
        offer.limits.points_budget = Some(Points(70));
    }
    let rig = Rig::with(&programme);
    rig.runtime.block_on(async {
        let (anna, boris) = (rig.member(0).await, rig.member(0).await);
        let sale = rig
            .sell(&anna, vec![line("grocery", 4, 2_000)], PointsToSpend::None)
            .await;
        assert_eq!(rig.kept(&anna).await.2[0].0, "twice");
        rig.take_back(sale.id, vec![back(0, 3)]).await.unwrap();
        assert_eq!(rig.kept(&anna).await.2[0].0, "fifty");
        rig.check().await;
        // 20 points are left of the budget.
        let other = rig
            .sell(&boris, vec![line("grocery", 1, 500)], PointsToSpend::None)
            .await;
        assert_eq!(other.quote.evaluation.earned, Points(15));
        rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        rig.check().await;
        let other = rig
            .sell(&boris, vec![line("grocery", 1, 500)], PointsToSpend::None)
            .await;
        assert_eq!(other.quote.evaluation.earned, Points(65));
        rig.check().await;
    });
}
