//! Two accounts of one person that were joined: nothing that comes to the first one later stays there or gives points for
//! nothing, and both histories say what happened.

use super::*;
use crate::usecases::checkout::receipts::tests::rig::back;
use crate::usecases::checkout::receipts::{ReceiptBatchItem, commit_batch_item};
use crate::usecases::checkout::till::look_up_customer;

/// Joins the first account to the second.
async fn join(rig: &Rig, from: &Member, to: &Member) -> Result<MergedAccountPair, Error> {
    let officer = match staff::prove_officer(&rig.k, "joiner", "test-password").await {
        Ok(officer) => officer,
        Err(_) => officer(rig, "joiner").await,
    };
    let (from, to) = (from.card.as_str(), to.card.as_str());
    match merge_accounts(&rig.k, &officer, from, to, "Две карты").await? {
        AccountMergeOutcome::Moved(merged) => Ok(merged),
        AccountMergeOutcome::Waiting(_) => panic!("it waits for a second person"),
    }
}

/// Another card of the same member, as if attached at a till.
async fn another_card(rig: &Rig, member: &Member) -> Member {
    let mut tx = rig.k.db.write_test_data().await.unwrap();
    let now = rig.k.now();
    let card = enrolment::issue_card(&mut tx, member.id, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Member {
        card,
        ..member.clone()
    }
}

/// Active, pending, debt.
async fn has(rig: &Rig, member: &Member) -> (i64, i64, i64) {
    rig.check_one(member).await;
    let balance = rig.balance(member).await;
    (balance.active.0, balance.pending.0, balance.debt.0)
}

/// The member's movements, oldest first.
async fn story(rig: &Rig, member: &Member) -> Vec<(&'static str, i64)> {
    let mut entries = rig.entries(member).await;
    entries.reverse();
    let told = |entry: LedgerEntryView| (entry.kind.as_str(), entry.points.0);
    entries.into_iter().map(told).collect()
}

#[test]
fn a_return_after_the_move_takes_back_what_the_sale_had_earned() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(0).await, rig.member(0).await);
        let sale = rig
            .sell(&dina, vec![line("grocery", 2, 2_000)], PointsToSpend::None)
            .await;
        let earned = sale.quote.evaluation.earned.0;
        assert!(earned > 0);
        join(&rig, &dina, &boris).await.unwrap();
        assert_eq!(has(&rig, &boris).await, (earned, 0, 0));
        let first = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        let second = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        let (one, two) = (first.effect.taken_back.0, second.effect.taken_back.0);
        assert_eq!(one + two, earned);
        assert_eq!(
            (first.effect.debt, second.effect.debt),
            (Points(0), Points(0))
        );
        assert_eq!(first.balance, Some(Points(earned - one)));
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (0, 0, 0));
        let of_dina = [
            ("transfer", -earned),
            ("transfer", one),
            ("return", -one),
            ("transfer", two),
            ("return", -two),
        ];
        let dina = story(&rig, &dina).await;
        assert_eq!(dina[dina.len() - of_dina.len()..], of_dina);
        let of_boris = [("transfer", earned), ("transfer", -one), ("transfer", -two)];
        assert_eq!(story(&rig, &boris).await, of_boris);
        assert_eq!(
            logged(&rig, "points-moved").await,
            ["joiner given", "joiner taken"]
        );
        rig.check().await;
    });
}

#[test]
fn a_return_after_the_move_takes_pending_points_and_leaves_active_ones() {
    let rig = Rig::new(5);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(0).await, rig.member(70).await);
        let sale = rig
            .sell(&dina, vec![line("grocery", 1, 1_000)], PointsToSpend::None)
            .await;
        let earned = sale.quote.evaluation.earned;
        join(&rig, &dina, &boris).await.unwrap();
        assert_eq!(has(&rig, &boris).await, (70, earned.0, 0));
        let returned = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(returned.effect.taken_back, earned);
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (70, 0, 0));
        rig.check().await;
    });
}

#[test]
fn what_was_spent_after_the_move_becomes_a_debt_there() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(0).await, rig.member(0).await);
        let sale = rig
            .sell(&dina, vec![line("grocery", 1, 1_000)], PointsToSpend::None)
            .await;
        let earned = sale.quote.evaluation.earned;
        join(&rig, &dina, &boris).await.unwrap();
        let spent = rig
            .sell(&boris, vec![line("grocery", 1, 1_000)], PointsToSpend::All)
            .await;
        assert_eq!(spent.quote.evaluation.spent, earned);
        let before = has(&rig, &boris).await;
        let returned = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        let taken = returned.effect.taken_back;
        assert_eq!(taken + returned.effect.debt, earned);
        assert_eq!(taken.0, before.0);
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (0, 0, (earned - taken).0));
        let entry = rig.entries(&boris).await.remove(0);
        let (points, cause) = (earned - taken, DebtCause::Transfer);
        assert_eq!(entry.reason, EntryReason::Debt { points, cause });
        rig.check().await;
    });
}

#[test]
fn points_that_a_return_gives_back_go_on_and_can_be_spent() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(50).await, rig.member(0).await);
        let sale = rig
            .sell(&dina, vec![line("grocery", 1, 1_000)], PointsToSpend::All)
            .await;
        assert_eq!(sale.quote.evaluation.spent, Points(50));
        join(&rig, &dina, &boris).await.unwrap();
        rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (50, 0, 0));
        rig.check().await;
    });
}

#[test]
fn points_that_expired_after_the_move_are_not_taken_back_twice() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(0).await, rig.member(30).await);
        let sale = rig
            .sell(&dina, vec![line("grocery", 1, 1_000)], PointsToSpend::None)
            .await;
        join(&rig, &dina, &boris).await.unwrap();
        rig.wait_days(70);
        let returned = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(returned.effect.expired, sale.quote.evaluation.earned);
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (30, 0, 0));
        rig.check().await;
    });
}

#[test]
fn after_two_moves_everything_comes_to_the_last_account() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris, anna) = (
            rig.member(50).await,
            rig.member(0).await,
            rig.member(7).await,
        );
        let sale = rig
            .sell(&dina, vec![line("grocery", 2, 2_000)], PointsToSpend::All)
            .await;
        let earned = sale.quote.evaluation.earned.0;
        join(&rig, &dina, &boris).await.unwrap();
        // A part goes back in between: what it restores is in a lot of the first account still.
        rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        join(&rig, &boris, &anna).await.unwrap();
        rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (0, 0, 0));
        assert_eq!(has(&rig, &anna).await, (57, 0, 0));
        assert!(earned > 0);
        rig.check().await;
    });
}

#[test]
fn a_debt_goes_along_and_is_paid_there_as_far_as_points_reach() {
    let rig = Rig::new(5);
    rig.runtime.block_on(async {
        for (there, left, debt) in [(100, 30, 0), (10, 0, 60)] {
            let (dina, boris) = (rig.member(30).await, rig.member(there).await);
            rig.sell(&dina, vec![line("grocery", 1, 1_000)], PointsToSpend::None)
                .await;
            let pending = rig.balance(&dina).await.pending;
            let one = officer(&rig, &format!("one{there}")).await;
            adjust_points(
                &rig.k,
                &one,
                dina.card.as_str(),
                Points(-100),
                "Касса",
                None,
            )
            .await
            .unwrap();
            assert_eq!(has(&rig, &dina).await, (0, pending.0, 70));
            let moved = join(&rig, &dina, &boris).await.unwrap();
            assert_eq!((moved.points, moved.debt), (pending, Points(70)));
            assert_eq!(has(&rig, &dina).await, (0, 0, 0));
            assert_eq!(has(&rig, &boris).await, (left, pending.0, debt));
            let paid = 70 - debt;
            let mut told = vec![
                ("earn", there),
                ("transfer", pending.0),
                ("transfer", -paid),
            ];
            if debt > 0 {
                told.push(("debt", -debt));
            }
            assert_eq!(story(&rig, &boris).await, told);
            assert_eq!(story(&rig, &dina).await.last(), Some(&("transfer", 70)));
        }
        rig.check().await;
    });
}

#[test]
fn accounts_never_go_round_in_a_circle() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris, anna) = (
            rig.member(1).await,
            rig.member(2).await,
            rig.member(4).await,
        );
        let second = another_card(&rig, &dina).await;
        join(&rig, &dina, &boris).await.unwrap();
        for (from, to) in [(&boris, &second), (&second, &boris), (&second, &second)] {
            let no = join(&rig, from, to).await;
            assert!(
                matches!(no, Err(Error::Refused(Refusal::SameAccount))),
                "{no:?}"
            );
        }
        let no = join(&rig, &second, &anna).await;
        assert!(
            matches!(no, Err(Error::Refused(Refusal::AccountJoined))),
            "{no:?}"
        );
        // What goes to an account that was joined goes to the end at once.
        join(&rig, &anna, &second).await.unwrap();
        assert_eq!(has(&rig, &boris).await, (7, 0, 0));
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        let mut tx = rig.k.db.read().await.unwrap();
        let end = points_forwarding::forwarding_target(&mut tx, anna.id)
            .await
            .unwrap();
        assert_eq!(end, Some(boris.id));
        drop(tx);
        // Its other card still earns, for the account where its points are.
        rig.sell(
            &second,
            vec![line("grocery", 1, 1_000)],
            PointsToSpend::None,
        )
        .await;
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert!(has(&rig, &boris).await.0 > 7);
        rig.check().await;
    });
}

#[test]
fn a_sale_that_comes_late_and_a_correction_that_waited_go_on() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(0).await, rig.member(0).await);
        let (one, two) = (officer(&rig, "one").await, officer(&rig, "two").await);
        let ask = async |points: i64| {
            let points = Points(points);
            let card = dina.card.as_str();
            match adjust_points(&rig.k, &one, card, points, "Спор", None).await {
                Ok(CorrectionOutcome::Waiting(id)) => id,
                other => panic!("{other:?}"),
            }
        };
        let (give, take) = (ask(2_000).await, ask(-5_000).await);
        let mut late = rig.draft(&dina, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        let visit = look_up_customer(&rig.k, &rig.till, &late.code.take().unwrap()).await;
        late.visit = Some(visit.unwrap().token);
        late.at = Some(rig.k.now());
        rig.wait_days(1);
        join(&rig, &dina, &boris).await.unwrap();
        decide_on_approval(&rig.k, &two, give, true).await.unwrap();
        assert_eq!(has(&rig, &boris).await, (2_000, 0, 0));
        commit_batch_item(&rig.k, &rig.till, &ReceiptBatchItem::Sale(late, rig.sent()))
            .await
            .unwrap();
        let active = has(&rig, &boris).await.0;
        assert!(active > 2_000);
        decide_on_approval(&rig.k, &two, take, true).await.unwrap();
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (0, 0, 5_000 - active));
        rig.check().await;
    });
}

#[test]
fn a_receipt_that_is_claimed_for_the_first_account_earns_for_the_second() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(0).await, rig.member(0).await);
        let sale = rig.sell_to_nobody(vec![line("grocery", 1, 1_000)]).await;
        let shopper = rig.shopper(&dina).await;
        join(&rig, &dina, &boris).await.unwrap();
        let code = sale.claim.unwrap().code;
        crate::usecases::checkout::claim_codes::claim_receipt(&rig.k, &shopper, &code)
            .await
            .unwrap();
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert!(has(&rig, &boris).await.0 > 0);
        rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(has(&rig, &dina).await, (0, 0, 0));
        assert_eq!(has(&rig, &boris).await, (0, 0, 0));
        rig.check().await;
    });
}

#[test]
fn a_return_is_quoted_by_the_lots_as_they_are_once_a_debt_of_the_other_account_is_paid() {
    let rig = Rig::new(5);
    rig.runtime.block_on(async {
        let (dina, boris) = (rig.member(0).await, rig.member(0).await);
        let sale = rig
            .sell(&dina, vec![line("grocery", 1, 4_000)], PointsToSpend::None)
            .await;
        let earned = sale.quote.evaluation.earned.0;
        join(&rig, &dina, &boris).await.unwrap();
        let debtor = officer(&rig, "debtor").await;
        let card = boris.card.grouped();
        adjust_points(&rig.k, &debtor, &card, Points(-40), "Ошиблись", None)
            .await
            .unwrap();
        assert_eq!(has(&rig, &boris).await, (0, earned, 40));
        // The points are due, and no night has written so.
        rig.wait_days(6);
        let returned = rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(
            (returned.effect.taken_back.0, returned.effect.debt.0),
            (earned - 40, 40)
        );
        assert_eq!(has(&rig, &boris).await, (0, 0, 40));
        rig.check().await;
    });
}
