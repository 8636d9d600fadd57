//! Codes of late sales: a wrong one is counted though its sale is stored, and a sale that waits has used its code.

use std::sync::Arc;

use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::programme::FraudLimit;
use kopilka_core::domain::roles::Role;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::checkout::receipts::{self, CommitOutcome, ReceiptBatchItem};
use kopilka_core::usecases::checkout::till::look_up_customer;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_core::usecases::{Error, Refusal};
use tokio::task::JoinSet;

use super::scene::{Scene, refused};
use crate::chain::sent;

const WRONG_CODES: &str = "SELECT COUNT(*) FROM wrong_codes";
const STORED: &str = "SELECT COUNT(*) FROM receipts WHERE shift = 'codes'";

fn waits(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::TooManyWrongCodes { seconds } if (1..=60).contains(seconds))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_of_a_late_sale_counts_and_the_sixth_sale_waits_a_minute() {
    let scene = Scene::open().await;
    let (k, here) = (&scene.chain.k, &scene.chain.till);
    let wrong = scene.code(-86_400);
    let items: Vec<ReceiptBatchItem> = (0..6)
        .map(|number| {
            let draft = scene.ago(10, scene.by_code(&wrong, 0));
            ReceiptBatchItem::Sale(draft, sent(&format!("late-{number}")))
        })
        .collect();
    for item in &items[..5] {
        let done = receipts::commit_batch_item(k, here, item).await.unwrap();
        assert_eq!(done.outcome, CommitOutcome::Stored);
    }
    assert_eq!(scene.count(WRONG_CODES).await, 5);
    // A repeat is answered as stored and counts no second time.
    let again = receipts::commit_batch_item(k, here, &items[0])
        .await
        .unwrap();
    assert_eq!(again.outcome, CommitOutcome::Repeated);
    assert_eq!(scene.count(WRONG_CODES).await, 5);
    assert!(waits(&refused(
        receipts::commit_batch_item(k, here, &items[5]).await
    )));
    assert!(waits(&refused(
        look_up_customer(k, here, &scene.code(0)).await
    )));
    assert_eq!(scene.count(STORED).await, 5);
    for (outcome, count) in [("code-wrong", 5), ("too-many-wrong-codes", 2)] {
        let mut tx = k.db.read().await.unwrap();
        let lines: i64 = kopilka_core::store::engine::sql(
            "SELECT COUNT(*) FROM audit WHERE action = 'look-up' AND outcome = $1",
        )
        .bind(outcome)
        .fetch_value(&mut tx)
        .await
        .unwrap();
        assert_eq!(lines, count, "{outcome}");
    }
    scene.chain.later(61);
    let done = receipts::commit_batch_item(k, here, &items[5])
        .await
        .unwrap();
    assert_eq!(done.outcome, CommitOutcome::Stored);
    assert_eq!(
        (scene.count(STORED).await, scene.count(WRONG_CODES).await),
        (6, 6)
    );
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stale_codes_and_codes_of_other_tills_are_not_counted_with_their_late_sales() {
    let scene = Scene::open().await;
    let (here, there) = (&scene.chain.till, &scene.other_till);
    let code = scene.code(0);
    scene.commit(here, &scene.by_code(&code, 0)).await.unwrap();
    for draft in [scene.by_code(&code, 0), scene.by_code(&scene.code(-60), 0)] {
        scene.send_late(there, draft).await.unwrap();
    }
    assert_eq!(scene.count(WRONG_CODES).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_code_of_a_late_sale_that_is_refused_for_another_reason_counts_too() {
    let scene = Scene::open().await;
    let here = &scene.chain.till;
    let wrong = scene.code(-86_400);
    for _ in 0..5 {
        let draft = scene.ago(120 * 86_400, scene.by_code(&wrong, 0));
        let no = refused(scene.send_late(here, draft).await);
        assert_eq!(no, Refusal::BeforeProgramme);
    }
    assert_eq!(scene.count(WRONG_CODES).await, 5);
    let draft = scene.ago(120 * 86_400, scene.by_code(&wrong, 0));
    assert!(waits(&refused(scene.send_late(here, draft).await)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_late_sales_with_wrong_codes_at_once_five_are_stored() {
    let scene = Arc::new(Scene::open().await);
    let second = Arc::new(scene.chain.another_process().await);
    let wrong = scene.code(-86_400);
    let mut work = JoinSet::new();
    for number in 0..16 {
        let (scene, second) = (Arc::clone(&scene), Arc::clone(&second));
        let wrong = wrong.clone();
        work.spawn(async move {
            let k = if number % 2 == 0 {
                &scene.chain.k
            } else {
                &*second
            };
            let draft = scene.ago(10, scene.by_code(&wrong, 0));
            let item = ReceiptBatchItem::Sale(draft, sent(&format!("burst-{number}")));
            receipts::commit_batch_item(k, &scene.chain.till, &item).await
        });
    }
    let answers = work.join_all().await;
    let (stored, others): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(stored.len(), 5);
    for no in others {
        assert!(
            matches!(&no, Err(Error::Refused(no)) if waits(no)),
            "{no:?}"
        );
    }
    assert_eq!(
        (scene.count(STORED).await, scene.count(WRONG_CODES).await),
        (5, 5)
    );
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_waits_for_its_time_has_used_its_code_and_its_visit() {
    let scene = Scene::open().await;
    let (k, here, there) = (&scene.chain.k, &scene.chain.till, &scene.other_till);
    let code = scene.code(0);
    let visit = look_up_customer(k, here, &code).await.unwrap();
    let ahead = scene.ago(-600, scene.by_visit(&visit.token, 0));
    let done = receipts::commit_sale(k, here, &ahead, &sent("ahead")).await;
    assert_eq!(done.unwrap().outcome, CommitOutcome::Parked);
    for (till, draft) in [
        (here, scene.by_code(&code, 50)),
        (here, scene.by_visit(&visit.token, 50)),
        (there, scene.by_code(&code, 50)),
        (there, scene.by_code(&code, 0)),
    ] {
        let no = refused(scene.commit(till, &draft).await);
        assert_eq!(no, Refusal::CodeAlreadySpent);
    }
    // At its own till the code still earns, and so does the sale when its time comes.
    scene.commit(here, &scene.by_code(&code, 0)).await.unwrap();
    scene.chain.later(601);
    receipts::settle_parked(k).await.unwrap();
    let earned = "SELECT COUNT(*) FROM receipts WHERE shift = 'codes' AND kept_points > 0";
    assert_eq!(
        (scene.count(STORED).await, scene.count(earned).await),
        (2, 2)
    );
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_sale_has_used_its_code_and_earns_once_it_is_released() {
    let scene = Scene::open_with(|p| {
        p.fraud_limits.card_receipts = Some(FraudLimit {
            soft: None,
            hard: Some(1),
        });
    })
    .await;
    let (k, here, there) = (&scene.chain.k, &scene.chain.till, &scene.other_till);
    let by_number = scene.by_code(&scene.anna.code, 0);
    scene.commit(here, &by_number).await.unwrap();
    let code = scene.code(0);
    let item = ReceiptBatchItem::Sale(scene.ago(10, scene.by_code(&code, 0)), sent("held"));
    let done = receipts::commit_batch_item(k, here, &item).await.unwrap();
    assert_eq!(done.outcome, CommitOutcome::Held);
    for spend in [0, 50] {
        let no = refused(scene.commit(there, &scene.by_code(&code, spend)).await);
        assert_eq!(no, Refusal::CodeAlreadySpent);
    }
    staff::add_staff(
        k,
        &Actor::OPERATOR,
        "boss",
        "boss",
        Role::Administrator,
        "test-password",
        None,
    )
    .await
    .unwrap();
    let boss = staff::prove_officer(k, "boss", "test-password")
        .await
        .unwrap();
    let id: RowId = receipts::held_sales(k).await.unwrap()[0].id;
    receipts::release_held(k, &boss, id).await.unwrap();
    let earned = "SELECT COUNT(*) FROM receipts WHERE shift = 'codes' AND kept_points > 0";
    assert_eq!(scene.count(earned).await, 2);
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn used_codes_are_kept_as_long_as_a_receipt_may_be_old() {
    let scene = Scene::open().await;
    let (k, here) = (&scene.chain.k, &scene.chain.till);
    let code = scene.code(0);
    scene.commit(here, &scene.by_code(&code, 0)).await.unwrap();
    let used = "SELECT COUNT(*) FROM spent_codes";
    scene.chain.later(400 * 86_400);
    prune_expired_rows(k).await.unwrap();
    assert_eq!(scene.count(used).await, 1);
    scene.chain.later(3_601);
    prune_expired_rows(k).await.unwrap();
    assert_eq!(scene.count(used).await, 0);
}
