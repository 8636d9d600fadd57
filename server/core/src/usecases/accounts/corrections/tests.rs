//! Corrections in the words of the contract.
mod merging;

use super::*;
use crate::domain::actor::Actor;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::reason::DebtCause;
use crate::domain::roles::Role;
use crate::store::audit::AuditLogFilter;
use crate::usecases::access::staff;
use crate::usecases::checkout::receipts::tests::rig::{Member, Rig, line};
use crate::usecases::wallet::history::{self, LedgerEntryView};

async fn officer(rig: &Rig, login: &str) -> Officer {
    staff::add_staff(
        &rig.k,
        &Actor::OPERATOR,
        login,
        login,
        Role::Support,
        "test-password",
        None,
    )
    .await
    .unwrap();
    staff::prove_officer(&rig.k, login, "test-password")
        .await
        .unwrap()
}

/// Who did this, and how it went, as the audit log says.
async fn logged(rig: &Rig, action: &str) -> Vec<String> {
    let mut tx = rig.k.db.read().await.unwrap();
    let lines = audit::list_entries(&mut tx, &AuditLogFilter::default(), None, 1_000)
        .await
        .unwrap();
    lines
        .into_iter()
        .filter(|line| line.action == action)
        .map(|line| format!("{} {}", line.login, line.outcome))
        .collect()
}

#[test]
fn a_small_correction_moves_at_once_with_its_reason_and_author() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(10).await;
        let one = officer(&rig, "one").await;
        let card = anna.card.grouped();
        let done = adjust_points(
            &rig.k,
            &one,
            &card,
            Points(1_000),
            "Подарок за ожидание",
            None,
        )
        .await
        .unwrap();
        assert_eq!(done, CorrectionOutcome::Applied);
        assert_eq!(rig.balance(&anna).await.active, Points(1_010));
        adjust_points(&rig.k, &one, &card, Points(-1_000), "Ошиблись", None)
            .await
            .unwrap();
        assert_eq!(rig.balance(&anna).await.active, Points(10));
        for (points, note) in [(0, "x"), (5, " "), (i64::MIN, "x")] {
            let refused = adjust_points(&rig.k, &one, &card, Points(points), note, None).await;
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
        let CorrectionOutcome::Waiting(id) =
            adjust_points(&rig.k, &one, &card, Points(1_001), "Спор", None)
                .await
                .unwrap()
        else {
            panic!("1 001 points moved at once");
        };
        assert_eq!(rig.balance(&anna).await.active, Points(0));
        let own = decide_on_approval(&rig.k, &one, id, true).await;
        assert!(matches!(own, Err(Error::Refused(Refusal::OwnAdjustment))));
        decide_on_approval(&rig.k, &two, id, true).await.unwrap();
        let again = decide_on_approval(&rig.k, &two, id, true).await;
        assert!(matches!(again, Err(Error::Refused(Refusal::Decided))));
        assert_eq!(rig.balance(&anna).await.active, Points(1_001));
        let CorrectionOutcome::Waiting(id) =
            adjust_points(&rig.k, &one, &card, Points(-1_001), "Спор", None)
                .await
                .unwrap()
        else {
            panic!("1 001 points moved at once");
        };
        decide_on_approval(&rig.k, &one, id, false).await.unwrap();
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
        adjust_points(
            &rig.k,
            &one,
            &anna.card.grouped(),
            Points(-100),
            "Ошибка кассы",
            None,
        )
        .await
        .unwrap();
        let balance = rig.balance(&anna).await;
        assert_eq!((balance.active, balance.debt), (Points(0), Points(70)));
        let entries = rig.entries(&anna).await;
        let (points, cause) = (Points(70), DebtCause::Correction);
        assert_eq!(entries[0].reason, EntryReason::Debt { points, cause });
        rig.check().await;
    });
}

#[test]
fn only_support_and_administrators_correct() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        staff::add_staff(
            &rig.k,
            &Actor::OPERATOR,
            "cashier",
            "Касса",
            Role::Cashier,
            "test-password",
            None,
        )
        .await
        .unwrap();
        let refused = staff::prove_officer(&rig.k, "cashier", "test-password").await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotAllowed))));
        let wrong = staff::prove_officer(&rig.k, "cashier", "wrong-password").await;
        assert!(matches!(wrong, Err(Error::Refused(Refusal::WrongPassword))));
    });
}

#[test]
fn a_replaced_card_is_blocked_for_good_and_the_points_stay() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let mut anna = rig.member(50).await;
        let old = anna.card.clone();
        let one = officer(&rig, "one").await;
        anna.card = replace_card(&rig.k, &one, old.as_str()).await.unwrap();
        let again = replace_card(&rig.k, &one, old.as_str()).await;
        assert!(matches!(again, Err(Error::Refused(Refusal::CardBlocked))));
        let sale = rig
            .sell(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::All)
            .await;
        assert_eq!(sale.quote.evaluation.spent, Points(50));
        assert_eq!(logged(&rig, "card-replaced").await, ["one done"]);
    });
}

#[test]
fn a_moved_balance_keeps_its_lots_and_their_dates() {
    let rig = Rig::new(5);
    rig.runtime.block_on(async {
        let (old, new) = (rig.member(50).await, rig.member(7).await);
        rig.sell(&old, vec![line("grocery", 1, 1_000)], PointsToSpend::None)
            .await;
        let before = rig.balance(&old).await;
        assert!(before.pending.is_positive());
        let one = officer(&rig, "one").await;
        let moved = merge_accounts(
            &rig.k,
            &one,
            old.card.as_str(),
            new.card.as_str(),
            "Две карты",
        )
        .await
        .unwrap();
        let AccountMergeOutcome::Moved(moved) = moved else {
            panic!("{moved:?}");
        };
        assert_eq!(moved.points, before.active + before.pending);
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

#[test]
fn parts_of_a_large_correction_are_counted_together_for_a_day() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (anna, boris) = (rig.member(0).await, rig.member(0).await);
        let (one, two) = (officer(&rig, "one").await, officer(&rig, "two").await);
        let give = async |who: &Officer, to: &Member, points: i64| {
            let card = to.card.grouped();
            let done = adjust_points(&rig.k, who, &card, Points(points), "Спор", None).await;
            matches!(done.unwrap(), CorrectionOutcome::Applied)
        };
        assert!(give(&one, &anna, 600).await);
        assert!(!give(&one, &anna, 401).await, "1 001 in two parts");
        assert!(give(&one, &anna, 400).await, "what waits is not counted");
        assert!(!give(&one, &anna, 1).await);
        // Another direction and another author are counted apart; another member is not.
        assert!(give(&one, &anna, -1_000).await);
        assert!(!give(&one, &anna, -1).await);
        assert!(!give(&one, &boris, 1).await);
        assert!(give(&two, &boris, 1_000).await);
        assert!(!give(&two, &anna, 1).await);
        rig.wait_days(1);
        assert!(give(&one, &boris, 1_000).await);
        rig.check().await;
    });
}

#[test]
fn a_correction_names_the_entry_of_the_same_member_that_was_a_mistake() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (anna, boris) = (rig.member(10).await, rig.member(20).await);
        let (one, two) = (officer(&rig, "one").await, officer(&rig, "two").await);
        let wrong = rig.entries(&anna).await[0].id;
        let take = async |card: &str, points: i64| {
            adjust_points(&rig.k, &one, card, Points(points), "Ошибка", Some(wrong)).await
        };
        match take(&boris.card.grouped(), -10).await {
            Err(Error::Invalid(problems)) => assert_eq!(problems[0].key, "corrects-unknown"),
            other => panic!("another member's entry: {other:?}"),
        }
        take(&anna.card.grouped(), -15).await.unwrap();
        let corrected = |entries: Vec<LedgerEntryView>| {
            let kind = |entry: &LedgerEntryView| entry.kind.as_str();
            entries.iter().map(kind).collect::<Vec<_>>()
        };
        let shopper = rig.shopper(&anna).await;
        let entries = rig.entries(&anna).await;
        for entry in &entries[..2] {
            let detail = history::load_entry(&rig.k, &shopper, entry.id)
                .await
                .unwrap();
            assert_eq!(detail.corrects.map(|other| other.id), Some(wrong));
        }
        assert_eq!(corrected(entries), ["debt", "adjust", "earn"]);
        // It is kept until a second person has approved.
        let CorrectionOutcome::Waiting(id) = take(&anna.card.grouped(), -5_000).await.unwrap()
        else {
            panic!("5 000 points moved at once");
        };
        let (rows, _) = list_waiting_adjustments(&rig.k).await.unwrap();
        let [row] = rows.as_slice() else {
            panic!("{rows:?}");
        };
        assert_eq!(row.card.as_deref(), Some(anna.card.as_str()));
        assert_eq!((row.author.as_str(), row.points), ("one", Points(-5_000)));
        assert_eq!((row.corrects, row.created_at), (Some(wrong), rig.k.now()));
        decide_on_approval(&rig.k, &two, id, true).await.unwrap();
        let last = rig.entries(&anna).await[0].id;
        let detail = history::load_entry(&rig.k, &shopper, last).await.unwrap();
        assert_eq!(detail.corrects.map(|other| other.id), Some(wrong));
        rig.check().await;
    });
}
