//! Each secret that was replaced stays valid for two steps.

use kopilka_core::domain::codes::step_of;
use kopilka_core::store::devices;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::access::session;
use kopilka_core::usecases::checkout::till::look_up_customer;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_core::usecases::wallet::card;

use super::scene::{Scene, refused};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_code_lives_its_full_time_and_not_longer() {
    let scene = Scene::open().await;
    let (k, till) = (&scene.chain.k, &scene.chain.till);
    let first = card::load_card(k, &scene.shopper).await.unwrap();
    let renewed = card::renew_secret(k, &scene.shopper).await.unwrap();
    assert_ne!(renewed.secret, scene.secret);
    let shown_at = step_of(k.now());
    assert!(
        look_up_customer(k, till, &first.code)
            .await
            .unwrap()
            .customer
            .may_spend
    );
    scene.chain.later(59);
    assert_eq!(step_of(k.now()), shown_at + 1);
    assert!(
        look_up_customer(k, till, &first.code)
            .await
            .unwrap()
            .customer
            .may_spend
    );
    let spends = scene.by_code(&first.code, 50);
    let receipt = scene.commit(till, &spends).await.unwrap();
    assert_eq!(receipt.quote.evaluation.spent.0, 50);
    // At the end of its two steps no code of the former secret is valid any more, a later one neither.
    scene.chain.later(1);
    for code in [&first.code, &scene.code(0), &scene.code(-30)] {
        assert_eq!(
            refused(look_up_customer(k, till, code).await),
            Refusal::CodeWrong
        );
    }
    let present = scene.code_of(&renewed.secret, 0);
    assert!(
        look_up_customer(k, till, &present)
            .await
            .unwrap()
            .customer
            .may_spend
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_posts_the_first_code_later_still_earns_by_it() {
    let scene = Scene::open().await;
    let code = scene.code(0);
    card::renew_secret(&scene.chain.k, &scene.shopper)
        .await
        .unwrap();
    scene.chain.later(240);
    let earns = scene.ago(240, scene.by_code(&code, 0));
    scene.commit(&scene.chain.till, &earns).await.unwrap();
    let spends = scene.ago(240, scene.by_code(&code, 50));
    let refusal = refused(scene.commit(&scene.chain.till, &spends).await);
    assert_eq!(refusal, Refusal::CodeWrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_renewals_within_a_minute_leave_both_former_secrets_their_full_time() {
    let scene = Scene::open().await;
    let (k, till) = (&scene.chain.k, &scene.chain.till);
    let first = scene.code(0);
    let second = card::renew_secret(k, &scene.shopper).await.unwrap();
    scene.chain.later(20);
    let of_second = scene.code_of(&second.secret, 0);
    let third = card::renew_secret(k, &scene.shopper).await.unwrap();
    assert_eq!(third.turn, second.turn + 1);
    scene.chain.later(39);
    // The first was replaced 59 seconds ago, the second 39.
    for code in [&first, &of_second] {
        assert!(
            look_up_customer(k, till, code)
                .await
                .unwrap()
                .customer
                .may_spend
        );
    }
    scene.chain.later(1);
    for code in [&first, &scene.code(0)] {
        assert_eq!(
            refused(look_up_customer(k, till, code).await),
            Refusal::CodeWrong
        );
    }
    let of_second = scene.code_of(&second.secret, 0);
    look_up_customer(k, till, &of_second).await.unwrap();
    scene.chain.later(20);
    for secret in [&second.secret, &scene.secret] {
        let code = scene.code_of(secret, 0);
        assert_eq!(
            refused(look_up_customer(k, till, &code).await),
            Refusal::CodeWrong
        );
    }
    look_up_customer(k, till, &scene.code_of(&third.secret, 0))
        .await
        .unwrap();
    session::sign_out(k, &scene.shopper).await.unwrap();
    assert_eq!(kept(&scene).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_with_very_many_former_secrets_waits_for_another() {
    let scene = Scene::open().await;
    let (k, till) = (&scene.chain.k, &scene.chain.till);
    let first = scene.code(0);
    for _ in 0..8 {
        card::renew_secret(k, &scene.shopper).await.unwrap();
    }
    let wait = card::renew_secret(k, &scene.shopper)
        .await
        .map(|key| key.turn);
    assert_eq!(refused(wait), Refusal::Locked { minutes: 1 });
    look_up_customer(k, till, &first).await.unwrap();
    scene.chain.later(61);
    card::renew_secret(k, &scene.shopper).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_former_secret_at_once() {
    let scene = Scene::open().await;
    let (k, till) = (&scene.chain.k, &scene.chain.till);
    let code = scene.code(0);
    card::renew_secret(k, &scene.shopper).await.unwrap();
    look_up_customer(k, till, &code).await.unwrap();
    session::sign_out(k, &scene.shopper).await.unwrap();
    assert_eq!(
        refused(look_up_customer(k, till, &code).await),
        Refusal::CodeWrong
    );
    assert_eq!(kept(&scene).await, 0);
    // A renewal that was on its way does not bring a secret back.
    card::renew_secret(k, &scene.shopper).await.unwrap();
    let with_secret = scene.count("SELECT COUNT(*) FROM devices WHERE LENGTH(secret) > 0");
    assert_eq!((with_secret.await, kept(&scene).await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_all_devices_erases_the_former_secret_and_so_does_pruning() {
    let scene = Scene::open().await;
    let k = &scene.chain.k;
    card::renew_secret(k, &scene.shopper).await.unwrap();
    prune_expired_rows(k).await.unwrap();
    assert_eq!(kept(&scene).await, 1);
    scene.chain.later(3_601);
    prune_expired_rows(k).await.unwrap();
    assert_eq!(kept(&scene).await, 0);
    card::renew_secret(k, &scene.shopper).await.unwrap();
    let mut tx = k.db.write_test_data().await.unwrap();
    devices::end_all(&mut tx, scene.anna.id, k.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(kept(&scene).await, 0);
}

async fn kept(scene: &Scene) -> i64 {
    scene.count("SELECT COUNT(*) FROM former_secrets").await
}
