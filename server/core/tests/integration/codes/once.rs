//! The first receipt of a code or of its visit ends both for spending.

use std::sync::Arc;

use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::spend_confirmation;
use kopilka_core::usecases::checkout::till::{load_visit_customer, look_up_customer};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::task::JoinSet;

use super::scene::{Scene, refused, till};

const SPENT: Refusal = Refusal::CodeAlreadySpent;

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_earned_spends_nowhere_and_earns_at_its_own_till_only() {
    let scene = Scene::open().await;
    let (here, there) = (&scene.chain.till, &scene.other_till);
    let code = scene.code(0);
    scene.commit(here, &scene.by_code(&code, 0)).await.unwrap();
    for till in [here, there] {
        let spends = scene.commit(till, &scene.by_code(&code, 50)).await;
        assert_eq!(refused(spends), SPENT);
    }
    let again = scene.commit(here, &scene.by_code(&code, 0)).await.unwrap();
    assert!(again.quote.evaluation.earned.is_positive());
    assert_eq!(again.quote.evaluation.spendable.0, 0);
    let elsewhere = scene.commit(there, &scene.by_code(&code, 0)).await;
    assert_eq!(refused(elsewhere), SPENT);
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_may_spend_for_its_five_minutes_until_its_first_receipt() {
    let scene = Scene::open().await;
    let (k, here) = (&scene.chain.k, &scene.chain.till);
    let visit = look_up_customer(k, here, &scene.code(0)).await.unwrap();
    assert!(visit.customer.may_spend && !visit.customer.needs_new_code);
    scene.chain.later(290);
    let first = scene.commit(here, &scene.by_visit(&visit.token, 50)).await;
    assert_eq!(first.unwrap().quote.evaluation.spent.0, 50);
    let customer = load_visit_customer(k, here, &visit.token).await.unwrap();
    assert!(!customer.may_spend && customer.needs_new_code);
    let spends = scene.commit(here, &scene.by_visit(&visit.token, 50)).await;
    assert_eq!(refused(spends), SPENT);
    let earns = scene.commit(here, &scene.by_visit(&visit.token, 0)).await;
    assert!(earns.unwrap().quote.evaluation.earned.is_positive());
    // A new code spends again.
    let visit = look_up_customer(k, here, &scene.code(0)).await.unwrap();
    assert!(visit.customer.may_spend && !visit.customer.needs_new_code);
    scene
        .commit(here, &scene.by_visit(&visit.token, 50))
        .await
        .unwrap();
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_only_earned_ends_its_visit_for_spending() {
    let scene = Scene::open().await;
    let (k, here, there) = (&scene.chain.k, &scene.chain.till, &scene.other_till);
    let code = scene.code(0);
    let visit = look_up_customer(k, here, &code).await.unwrap();
    let elsewhere = look_up_customer(k, there, &code).await.unwrap();
    assert!(elsewhere.customer.may_spend);
    scene
        .commit(here, &scene.by_visit(&visit.token, 0))
        .await
        .unwrap();
    let spends = scene.commit(here, &scene.by_visit(&visit.token, 50)).await;
    assert_eq!(refused(spends), SPENT);
    for draft in [scene.by_code(&code, 50), scene.by_code(&code, 0)] {
        assert_eq!(refused(scene.commit(there, &draft).await), SPENT);
    }
    for spend in [0, 50] {
        let draft = scene.by_visit(&elsewhere.token, spend);
        assert_eq!(refused(scene.commit(there, &draft).await), SPENT);
    }
    // The till hears it at the look-up.
    let again = look_up_customer(k, here, &code).await.unwrap().customer;
    assert!(!again.may_spend && again.needs_new_code);
    assert_eq!(refused(look_up_customer(k, there, &code).await), SPENT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_sale_with_a_code_that_another_till_has_used_is_stored_by_the_card_s_number() {
    let scene = Scene::open().await;
    let (k, here, there) = (&scene.chain.k, &scene.chain.till, &scene.other_till);
    let code = scene.code(0);
    let visit = look_up_customer(k, there, &code).await.unwrap();
    scene.commit(here, &scene.by_code(&code, 50)).await.unwrap();
    for draft in [scene.by_code(&code, 0), scene.by_visit(&visit.token, 0)] {
        let receipt = scene.send_late(there, scene.ago(10, draft)).await.unwrap();
        assert!(receipt.quote.evaluation.earned.is_positive());
    }
    scene.chain.check().await;
}

// A sale that was parked by an earlier version of the program has not used its code.
#[tokio::test(flavor = "multi_thread")]
async fn a_parked_sale_is_stored_though_its_code_was_used_at_another_till_meanwhile() {
    let scene = Scene::open().await;
    let (k, here, there) = (&scene.chain.k, &scene.chain.till, &scene.other_till);
    let code = scene.code(0);
    let ahead = scene.ago(-600, scene.by_code(&code, 0));
    let sent = crate::chain::sent("ahead");
    kopilka_core::usecases::checkout::receipts::commit_sale(k, here, &ahead, &sent)
        .await
        .unwrap();
    let mut tx = k.db.write_test_data().await.unwrap();
    kopilka_core::store::engine::sql("DELETE FROM spent_codes")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    scene
        .commit(there, &scene.by_code(&code, 50))
        .await
        .unwrap();
    scene.chain.later(601);
    kopilka_core::usecases::checkout::receipts::settle_parked(k)
        .await
        .unwrap();
    let stored = scene.count("SELECT COUNT(*) FROM receipts WHERE shift = 'codes'");
    assert_eq!(stored.await, 2);
    assert_eq!(scene.count("SELECT COUNT(*) FROM parked").await, 0);
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_without_a_code_spends_once_too() {
    let scene = Scene::open().await;
    // The rules of this chain let printed cards spend.
    let (k, here) = (&scene.chain.k, &scene.chain.till);
    let visit = look_up_customer(k, here, &scene.anna.code).await.unwrap();
    assert!(visit.customer.may_spend);
    scene
        .commit(here, &scene.by_visit(&visit.token, 0))
        .await
        .unwrap();
    let spends = scene.by_visit(&visit.token, 50);
    assert_eq!(
        refused(scene.commit(here, &spends).await),
        Refusal::VisitOver
    );
    assert_eq!(
        refused(spend_confirmation::ask_to_confirm(k, here, &spends).await),
        Refusal::VisitOver
    );
    scene
        .commit(here, &scene.by_visit(&visit.token, 0))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_tills_that_spend_with_one_code_at_once_one_does() {
    let scene = Arc::new(Scene::open().await);
    for by_visit in [false, true] {
        scene.chain.later(120);
        let code = scene.code(0);
        let mut ready = Vec::new();
        for number in 0..8 {
            let till = till(&scene.chain, &format!("Till {by_visit} {number}")).await;
            let draft = if by_visit {
                let visit = look_up_customer(&scene.chain.k, &till, &code)
                    .await
                    .unwrap();
                scene.by_visit(&visit.token, 10)
            } else {
                scene.by_code(&code, 10)
            };
            ready.push((till, draft));
        }
        let mut work = JoinSet::new();
        for (till, draft) in ready {
            let scene = Arc::clone(&scene);
            work.spawn(async move { scene.commit(&till, &draft).await });
        }
        let done = work.join_all().await;
        let (stored, refusals): (Vec<_>, Vec<_>) = done.into_iter().partition(Result::is_ok);
        assert_eq!(stored.len(), 1);
        for no in refusals {
            assert_eq!(refused(no), SPENT);
        }
    }
    scene.chain.check().await;
}

/// One receipt of a history: at which till, by its visit or by the code, how many points it spends.
type Step = (bool, bool, i64);

#[test]
fn in_any_order_of_receipts_a_code_spends_only_with_its_first_one() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let scene = runtime.block_on(Scene::open());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
    let spend = prop_oneof![Just(0_i64), Just(10)];
    let steps = proptest::collection::vec((any::<bool>(), any::<bool>(), spend), 1..6);
    let done = runner.run(&steps, |steps| {
        runtime.block_on(history(&scene, &steps));
        Ok(())
    });
    done.unwrap();
    runtime.block_on(scene.chain.check());
}

async fn history(scene: &Scene, steps: &[Step]) {
    scene.chain.later(120);
    let tills = [&scene.chain.till, &scene.other_till];
    let code = scene.code(0);
    let mut visits = Vec::new();
    for till in tills {
        visits.push(
            look_up_customer(&scene.chain.k, till, &code)
                .await
                .unwrap()
                .token,
        );
    }
    let mut first: Option<bool> = None;
    for (second_till, by_visit, spend) in steps {
        let place = usize::from(*second_till);
        let draft = if *by_visit {
            scene.by_visit(&visits[place], *spend)
        } else {
            scene.by_code(&code, *spend)
        };
        let done = scene.commit(tills[place], &draft).await;
        let allowed = first.is_none_or(|used| used == *second_till && *spend == 0);
        if allowed {
            assert_eq!(done.unwrap().quote.evaluation.spent.0, *spend);
            first = first.or(Some(*second_till));
        } else {
            assert_eq!(refused(done), SPENT);
        }
    }
}
