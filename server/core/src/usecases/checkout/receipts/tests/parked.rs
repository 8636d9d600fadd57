//! Receipts that come too early: before their time, or before their sale.

use super::super::*;
use super::rig::{Rig, back, line};
use crate::domain::amounts::Points;
use crate::domain::evaluate::PointsToSpend;
use crate::ids::ReceiptId;
use crate::store::{parked_receipts, tills};
use crate::usecases::{Error, Refusal};

#[test]
fn a_receipt_from_more_than_five_minutes_ahead_waits_for_its_time() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let mut draft = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        draft.at = Some(rig.k.now().plus_secs(301));
        let sent = rig.sent();
        let parked = commit_sale(&rig.k, &rig.till, &draft, &sent).await.unwrap();
        assert_eq!(parked.outcome, CommitOutcome::Parked);
        let again = commit_sale(&rig.k, &rig.till, &draft, &sent).await.unwrap();
        assert_eq!(
            (again.outcome, again.answer),
            (CommitOutcome::Parked, parked.answer)
        );
        settle_parked(&rig.k).await.unwrap();
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        rig.wait_days(1);
        settle_parked(&rig.k).await.unwrap();
        let earned = rig.balance(&anna).await.active;
        assert!(earned.is_positive());
        settle_parked(&rig.k).await.unwrap();
        let stored = commit_sale(&rig.k, &rig.till, &draft, &sent).await.unwrap();
        assert_eq!(stored.outcome, CommitOutcome::Repeated);
        assert_eq!(rig.balance(&anna).await.active, earned);
        rig.check().await;
    });
}

#[test]
fn a_return_that_comes_before_its_sale_is_settled_when_the_sale_arrives() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let draft = rig.draft(&anna, vec![line("grocery", 2, 2_000)], PointsToSpend::None);
        let name = ReturnedSaleName::Number {
            series: String::new(),
            shift: draft.shift.clone().unwrap(),
            number: draft.number.clone().unwrap(),
        };
        let early = |pieces| ReturnDraft {
            sale: name.clone(),
            ..rig.return_draft(ReceiptId::new(), vec![back(0, pieces)])
        };
        let (first, wrong) = (early(1), early(2));
        let (one, two) = (rig.sent(), rig.sent());
        let parked = commit_return(&rig.k, &rig.till, &first, &one)
            .await
            .unwrap();
        assert_eq!(parked.outcome, CommitOutcome::Parked);
        commit_return(&rig.k, &rig.till, &wrong, &two)
            .await
            .unwrap();
        commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
            .await
            .unwrap();
        let settled = commit_return(&rig.k, &rig.till, &first, &one)
            .await
            .unwrap();
        assert_eq!(settled.outcome, CommitOutcome::Repeated);
        let refused = commit_return(&rig.k, &rig.till, &wrong, &two).await;
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::ParkedRefused { .. }))),
            "{refused:?}"
        );
        // Half of twice 3 % of the 1 700 ₽ that were paid.
        assert_eq!(rig.balance(&anna).await.active, Points(51));
        rig.check().await;
    });
}

#[test]
fn a_return_that_missed_its_sale_is_settled_by_the_next_round() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let draft = rig.draft(&anna, vec![line("grocery", 2, 2_000)], PointsToSpend::None);
        let early = ReturnDraft {
            sale: ReturnedSaleName::Number {
                series: String::new(),
                shift: draft.shift.clone().unwrap(),
                number: draft.number.clone().unwrap(),
            },
            ..rig.return_draft(ReceiptId::new(), vec![back(0, 2)])
        };
        let sent = rig.sent();
        commit_return(&rig.k, &rig.till, &early, &sent)
            .await
            .unwrap();
        // Another process stores the sale before it can see what waits for it.
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        let row = parked_receipts::find_by_key(&mut tx, rig.till.till.id, &sent.key).await;
        let row = row.unwrap().unwrap();
        parked_receipts::delete(&mut tx, row.id).await.unwrap();
        tx.commit().await.unwrap();
        commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
            .await
            .unwrap();
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        parked_receipts::insert(&mut tx, &row, rig.k.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(rig.balance(&anna).await.active.is_positive());

        assert_eq!(settle_parked(&rig.k).await.unwrap(), 1);
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        assert_eq!(settle_parked(&rig.k).await.unwrap(), 0);
        rig.check().await;
    });
}

#[test]
fn a_queue_posted_in_any_order_and_twice_posts_once() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let mut balances = Vec::new();
        for order in [[0, 1, 2, 0, 1, 2], [2, 1, 0, 2, 1, 0], [1, 2, 1, 0, 0, 2]] {
            let member = rig.member(0).await;
            let sale = rig.draft(
                &member,
                vec![line("grocery", 4, 4_000)],
                PointsToSpend::None,
            );
            let other = rig.draft(&member, vec![line("coffee", 1, 250)], PointsToSpend::None);
            let undo = ReturnDraft {
                sale: ReturnedSaleName::Number {
                    series: String::new(),
                    shift: sale.shift.clone().unwrap(),
                    number: sale.number.clone().unwrap(),
                },
                ..rig.return_draft(ReceiptId::new(), vec![back(0, 1)])
            };
            let items = [
                ReceiptBatchItem::Sale(sale, rig.sent()),
                ReceiptBatchItem::Return(undo, rig.sent()),
                ReceiptBatchItem::Sale(other, rig.sent()),
            ];
            for item in order {
                commit_batch_item(&rig.k, &rig.till, &items[item])
                    .await
                    .unwrap();
            }
            balances.push(rig.balance(&member).await.active);
        }
        assert!(balances[0].is_positive());
        assert!(
            balances.iter().all(|each| *each == balances[0]),
            "{balances:?}"
        );
        rig.check().await;
    });
}

#[test]
fn a_queued_receipt_never_spends() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(100).await;
        let draft = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::All);
        let refused = commit_batch_item(
            &rig.k,
            &rig.till,
            &ReceiptBatchItem::Sale(draft, rig.sent()),
        )
        .await;
        assert!(matches!(
            refused,
            Err(Error::Refused(Refusal::SpendingNeedsLink))
        ));
    });
}

#[test]
fn points_are_never_spent_ahead_of_time() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(100).await;
        let mut draft = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::All);
        draft.at = Some(rig.k.now().plus_secs(301));
        for refused in [
            commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
                .await
                .map(drop),
            quote_sale(&rig.k, &rig.till, &draft).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
        assert_eq!(settle_parked(&rig.k).await.unwrap(), 0);
    });
}

#[test]
fn a_number_that_waits_is_not_taken_and_unnumbered_receipts_go_round_it() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let numbered = |number: Option<&str>| SaleDraft {
            shift: Some("2".to_owned()),
            number: number.map(str::to_owned),
            ..rig.draft(&anna, vec![line("grocery", 1, 100)], PointsToSpend::None)
        };
        let mut early = numbered(Some("2"));
        early.at = Some(rig.k.now().plus_secs(301));
        let sent = rig.sent();
        commit_sale(&rig.k, &rig.till, &early, &sent).await.unwrap();
        let twin = commit_sale(&rig.k, &rig.till, &numbered(Some("2")), &rig.sent()).await;
        assert!(
            matches!(twin, Err(Error::Refused(Refusal::ReceiptParked))),
            "{twin:?}"
        );
        commit_sale(&rig.k, &rig.till, &numbered(Some("3")), &rig.sent())
            .await
            .unwrap();
        let mut numbers = Vec::new();
        for _ in 0..2 {
            let done = commit_sale(&rig.k, &rig.till, &numbered(None), &rig.sent()).await;
            let receipt = done.unwrap().receipt().unwrap();
            numbers.push(receipt.number);
        }
        assert_eq!(numbers, ["4", "5"]);
        rig.wait_days(1);
        settle_parked(&rig.k).await.unwrap();
        let settled = commit_sale(&rig.k, &rig.till, &early, &sent).await.unwrap();
        assert_eq!(settled.outcome, CommitOutcome::Repeated);
    });
}

#[test]
fn a_refused_return_is_sent_again_put_right_under_its_number_and_a_new_key() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let sale = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        let wrong = ReturnDraft {
            sale: ReturnedSaleName::Number {
                series: String::new(),
                shift: sale.shift.clone().unwrap(),
                number: sale.number.clone().unwrap(),
            },
            ..rig.return_draft(ReceiptId::new(), vec![back(7, 1)])
        };
        let sent = rig.sent();
        let parked = commit_return(&rig.k, &rig.till, &wrong, &sent).await;
        assert_eq!(parked.unwrap().outcome, CommitOutcome::Parked);
        commit_sale(&rig.k, &rig.till, &sale, &rig.sent())
            .await
            .unwrap();
        let refused = commit_return(&rig.k, &rig.till, &wrong, &sent).await;
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::ParkedRefused { .. }))),
            "{refused:?}"
        );
        let right = ReturnDraft {
            lines: vec![back(0, 1)],
            ..wrong
        };
        let stored = commit_return(&rig.k, &rig.till, &right, &rig.sent()).await;
        assert_eq!(stored.unwrap().outcome, CommitOutcome::Stored);
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        rig.check().await;
    });
}

#[test]
fn a_time_that_is_years_ahead_is_a_wrong_time() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let mut draft = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        draft.at = Some(rig.k.now().plus_days(401));
        let refused = commit_sale(&rig.k, &rig.till, &draft, &rig.sent()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    });
}

#[test]
fn a_parked_receipt_is_settled_though_its_till_is_revoked_meanwhile() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let mut draft = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        draft.at = Some(rig.k.now().plus_secs(301));
        let parked = commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
            .await
            .unwrap();
        assert_eq!(parked.outcome, CommitOutcome::Parked);
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        tills::revoke(&mut tx, rig.till.till.id, rig.k.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        rig.wait_days(1);
        assert_eq!(settle_parked(&rig.k).await.unwrap(), 1);
        assert!(rig.balance(&anna).await.active.is_positive());
        assert_eq!(settle_parked(&rig.k).await.unwrap(), 0);
    });
}
