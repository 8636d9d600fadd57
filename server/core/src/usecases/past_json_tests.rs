//! JSON that the program stored when the domain's types were written as they were, read from a backup of that time; what it
//! holds, tells the page beside the backup.

use std::path::Path;

use crate::domain::amounts::{Money, Points, Quantity};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::reason::EntryReason;
use crate::domain::receipt::Unit;
use crate::store::engine::sql;
use crate::usecases::checkout::receipts::tests::rig::{Rig, back, line};
use crate::usecases::checkout::receipts::{
    CommitAnswer, CommitOutcome, ReturnDraft, SaleDraft, commit_return, commit_sale, held_sales,
    load_receipt, settle_parked,
};
use crate::usecases::checkout::receipts::{IdempotentRequest, SaleOrReturn};
use crate::usecases::checkout::till::list_put_aside;
use crate::usecases::jobs::nightly::NightlyReport;
use crate::usecases::loyalty::merged_accounts::AccountMergeTransfer;
use crate::usecases::messages::outbox::{self, MessageContent};
use crate::usecases::sign_up::invitations;

fn restored() -> Rig {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/past/stored-json.backup");
    let rig = Rig::restored(&file);
    // The backup is of the day after the sales.
    rig.wait_days(1);
    rig
}

fn sent(key: &str) -> IdempotentRequest {
    IdempotentRequest {
        key: key.to_owned(),
        bytes_hash: None,
        body_hash: vec![1],
    }
}

async fn repeat(rig: &Rig, key: &str, number: &str) -> CommitAnswer {
    let member = rig.member_of_series("9960", "past", "a").await;
    let draft = SaleDraft {
        series: Some("9960".to_owned()),
        shift: Some("past".to_owned()),
        number: Some(number.to_owned()),
        ..rig.draft(&member, vec![line("grocery", 1, 500)], PointsToSpend::None)
    };
    commit_sale(&rig.k, &rig.till, &draft, &sent(key))
        .await
        .unwrap()
}

#[test]
fn sales_and_returns_are_read_with_their_reasons_and_finished() {
    let rig = restored();
    rig.runtime.block_on(async {
        rig.check().await;
        let repeated = repeat(&rig, "kept-sale", "a").await;
        assert_eq!(repeated.outcome, CommitOutcome::Repeated);
        let sale = repeated.receipt().unwrap();
        assert_eq!(sale.quote.evaluation.to_pay, Money(166_000));
        let whole = load_receipt(&rig.k, &rig.till, sale.id).await.unwrap();
        let SaleOrReturn::Sale(read) = whole.receipt else {
            panic!("a sale is read as a return")
        };
        assert_eq!(read.quote.evaluation, sale.quote.evaluation);
        assert_eq!(
            (whole.goods[2].unit, whole.goods[2].quantity),
            (Unit::Kg, Quantity(1_000))
        );
        let reasons: Vec<&EntryReason> = whole.entries.iter().map(|entry| &entry.reason).collect();
        assert!(matches!(reasons[0], EntryReason::Spend { points, .. } if *points == Points(200)));
        let past_return = load_receipt(&rig.k, &rig.till, whole.returns[0])
            .await
            .unwrap();
        let SaleOrReturn::Return(returned) = past_return.receipt else {
            panic!("a return is read as a sale")
        };
        let effect = returned.effect;
        assert_eq!(
            (effect.refund, effect.restored),
            (Money(12_297), Points(15))
        );
        // The rest of the sale goes back: as much as was paid, and all points that it spent.
        let lines = vec![back(0, 1), back(1, 1), back(2, 1)];
        let rest = ReturnDraft {
            shift: Some("finished".to_owned()),
            ..rig.return_draft(sale.id, lines)
        };
        let done = commit_return(&rig.k, &rig.till, &rest, &rig.sent()).await;
        let rest = done.unwrap().returned().unwrap().effect;
        assert_eq!(rest.refund, Money(166_000 - 12_297));
        assert_eq!(rest.restored, Points(200 - 15));
        rig.check().await;
    });
}

#[test]
fn receipts_that_waited_are_stored_when_their_turn_comes() {
    let rig = restored();
    rig.runtime.block_on(async {
        let held = held_sales(&rig.k).await.unwrap();
        assert_eq!((held.len(), held[0].total), (1, Money(10_000)));
        let aside = list_put_aside(&rig.k, &rig.till).await.unwrap();
        assert_eq!((aside.len(), aside[0].total), (1, Money(70_000)));
        assert_eq!(
            repeat(&rig, "kept-parked", "c").await.outcome,
            CommitOutcome::Parked
        );
        rig.wait_days(2);
        settle_parked(&rig.k).await.unwrap();
        let parked = repeat(&rig, "kept-parked", "c").await;
        assert_eq!(parked.outcome, CommitOutcome::Repeated);
        assert_eq!(
            parked.receipt().unwrap().quote.evaluation.total,
            Money(50_000)
        );
        // The return waits for sale d, which comes now.
        let sale = repeat(&rig, "sale-d", "d").await.receipt().unwrap();
        let sale = load_receipt(&rig.k, &rig.till, sale.id).await.unwrap();
        assert_eq!(sale.returns.len(), 1);
        rig.check().await;
    });
}

#[test]
fn messages_origins_merges_and_nights_are_read() {
    let rig = restored();
    // On the day of the invitation, which ends before the next.
    rig.wait_days(-1);
    rig.runtime.block_on(async {
        let messages = outbox::list_newest_messages(&rig.k).await.unwrap();
        let MessageContent::Invitation { link } = &messages[0].message else {
            panic!("{messages:?}")
        };
        assert!(matches!(&messages[1].message, MessageContent::OneTimePassword { code, .. } if code == "918815"));
        let token = link.rsplit('=').next().unwrap();
        let phone = invitations::find_invited_phone(&rig.k, token).await.unwrap();
        assert!(phone.is_some());
        invitations::accept_invitation(&rig.k, token, "phone").await.unwrap();
        let mut tx = rig.k.db.read().await.unwrap();
        let moved: String = sql("SELECT moved FROM account_merges").fetch_value(&mut tx).await.unwrap();
        let moved: AccountMergeTransfer = serde_json::from_str(&moved).unwrap();
        assert_eq!((moved.points, moved.lots.len()), (Points(202), 2));
        assert_eq!(moved.from_level.since, crate::usecases::checkout::receipts::tests::rig::START);
        let report: String = sql("SELECT report FROM job_progress").fetch_value(&mut tx).await.unwrap();
        let report: NightlyReport = serde_json::from_str(&report).unwrap();
        assert_eq!((report.activated_lots, report.activated), (5, Points(262)));
        let origin: String = sql("SELECT origin FROM challenges").fetch_value(&mut tx).await.unwrap();
        let origin: crate::usecases::sign_up::phone_verification::SignUpOrigin = serde_json::from_str(&origin).unwrap();
        assert_eq!((origin.from.as_str(), origin.store.as_str()), ("poster", "center"));
    });
}
