//! Corrections in the words of the contract.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::panic
)]

use super::*;
use crate::domain::evaluate::Spend;
use crate::usecases::receipts::tests::rig::{Rig, line};
use crate::usecases::staff;

async fn officer(rig: &Rig, login: &str) -> Officer {
    staff::add(&rig.k, login, login, "support", "test-password", None)
        .await
        .unwrap();
    staff::officer(&rig.k, login, "test-password")
        .await
        .unwrap()
}

#[test]
fn a_small_correction_moves_at_once_with_its_reason_and_author() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(10).await;
        let one = officer(&rig, "one").await;
        let card = anna.card.grouped();
        let done = adjust(&rig.k, &one, &card, Points(1_000), "Подарок за ожидание")
            .await
            .unwrap();
        assert_eq!(done, Adjustment::Applied);
        assert_eq!(rig.balance(&anna).await.active, Points(1_010));
        adjust(&rig.k, &one, &card, Points(-1_000), "Ошиблись")
            .await
            .unwrap();
        assert_eq!(rig.balance(&anna).await.active, Points(10));
        for (points, note) in [(0, "x"), (5, " "), (i64::MIN, "x")] {
            let refused = adjust(&rig.k, &one, &card, Points(points), note).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
        rig.check().await;
    });
}

#[test]
fn above_the_limit_a_second_person_approves() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let (one, two) = (officer(&rig, "one").await, officer(&rig, "two").await);
        let card = anna.card.grouped();
        let Adjustment::Waiting(id) = adjust(&rig.k, &one, &card, Points(1_001), "Спор")
            .await
            .unwrap()
        else {
            panic!("1 001 points moved at once");
        };
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        let own = decide(&rig.k, &one, id, true).await;
        assert!(matches!(own, Err(Error::Refused(Refusal::OwnAdjustment))));
        decide(&rig.k, &two, id, true).await.unwrap();
        let again = decide(&rig.k, &two, id, true).await;
        assert!(matches!(again, Err(Error::Refused(Refusal::Decided))));
        assert_eq!(rig.balance(&anna).await.active, Points(1_001));
        let Adjustment::Waiting(id) = adjust(&rig.k, &one, &card, Points(-1_001), "Спор")
            .await
            .unwrap()
        else {
            panic!("1 001 points moved at once");
        };
        decide(&rig.k, &one, id, false).await.unwrap();
        assert_eq!(rig.balance(&anna).await.active, Points(1_001));
        rig.check().await;
    });
}

#[test]
fn taking_more_than_there_is_leaves_a_debt() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(30).await;
        let one = officer(&rig, "one").await;
        adjust(
            &rig.k,
            &one,
            &anna.card.grouped(),
            Points(-100),
            "Ошибка кассы",
        )
        .await
        .unwrap();
        let balance = rig.balance(&anna).await;
        assert_eq!((balance.active, balance.debt), (Points(0), Points(70)));
        rig.check().await;
    });
}

#[test]
fn only_support_and_administrators_correct() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        staff::add(&rig.k, "cashier", "Касса", "cashier", "test-password", None)
            .await
            .unwrap();
        let refused = staff::officer(&rig.k, "cashier", "test-password").await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotAllowed))));
        let wrong = staff::officer(&rig.k, "cashier", "wrong-password").await;
        assert!(matches!(wrong, Err(Error::Refused(Refusal::WrongPassword))));
    });
}

#[test]
fn a_replaced_card_is_blocked_for_good_and_the_points_stay() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let mut anna = rig.member(50).await;
        let old = anna.card.clone();
        anna.card = replace_card(&rig.k, old.as_str()).await.unwrap();
        let again = replace_card(&rig.k, old.as_str()).await;
        assert!(matches!(again, Err(Error::Refused(Refusal::CardBlocked))));
        let sale = rig
            .sell(&anna, vec![line("grocery", 1, 1_000)], Spend::All)
            .await;
        assert_eq!(sale.quote.evaluation.spent, Points(50));
    });
}

#[test]
fn a_moved_balance_keeps_its_lots_and_their_dates() {
    let rig = Rig::new(5);
    rig.runtime.block_on(async {
        let (old, new) = (rig.member(50).await, rig.member(7).await);
        rig.sell(&old, vec![line("grocery", 1, 1_000)], Spend::None)
            .await;
        let before = rig.balance(&old).await;
        assert!(before.pending.is_positive());
        let one = officer(&rig, "one").await;
        let moved = move_balance(
            &rig.k,
            &one,
            old.card.as_str(),
            new.card.as_str(),
            "Две карты",
        )
        .await
        .unwrap();
        assert_eq!(moved, before.active + before.pending);
        let after = rig.balance(&new).await;
        assert_eq!(
            (after.active, after.pending),
            (before.active + Points(7), before.pending)
        );
        assert_eq!(after.next_expiry, before.next_expiry);
        let left = rig.balance(&old).await;
        assert_eq!(
            (left.active, left.pending, left.debt),
            (Points(0), Points(0), Points(0))
        );
        rig.check().await;
    });
}
