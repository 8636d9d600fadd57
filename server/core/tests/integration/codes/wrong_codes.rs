//! Five wrong codes a minute for each till and each card, however they are sent.

use std::sync::Arc;

use kopilka_core::domain::card::CardNumber;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::receipts;
use kopilka_core::usecases::checkout::till::{identify_member, look_up_customer};
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use tokio::task::JoinSet;

use super::scene::{Scene, refused, till};

fn unknown(number: u64) -> String {
    format!("70{}", CardNumber::from_random(1_000 + number))
}

fn waits(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::TooManyWrongCodes { seconds } if (1..=60).contains(seconds))
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_codes_in_any_way_make_the_till_wait_for_a_minute() {
    let scene = Scene::open().await;
    let (k, here) = (&scene.chain.k, &scene.chain.till);
    let wrong = scene.code(-86_400);
    assert_eq!(
        refused(look_up_customer(k, here, &wrong).await),
        Refusal::CodeWrong
    );
    let quoted = receipts::quote_sale(k, here, &scene.by_code(&unknown(1), 0)).await;
    assert_eq!(refused(quoted), Refusal::CardUnknown);
    let done = scene.commit(here, &scene.by_code(&unknown(2), 0)).await;
    assert_eq!(refused(done), Refusal::CardUnknown);
    let late = scene.send_late(here, scene.by_code(&unknown(3), 0)).await;
    assert_eq!(refused(late), Refusal::CardUnknown);
    let ean = kopilka_core::domain::card::Ean13::from_short(99).unwrap();
    let by_card = identify_member(k, here, ean.as_str()).await;
    assert_eq!(refused(by_card), Refusal::CardUnknown);
    // Now the till waits, with a good code too and in every way; its visits and sales without a card go on.
    let good = scene.code(0);
    assert!(waits(&refused(look_up_customer(k, here, &good).await)));
    let draft = scene.by_code(&good, 0);
    assert!(waits(&refused(receipts::quote_sale(k, here, &draft).await)));
    assert!(waits(&refused(scene.commit(here, &draft).await)));
    assert!(waits(&refused(scene.send_late(here, draft.clone()).await)));
    assert!(waits(&refused(identify_member(k, here, &good).await)));
    let logged =
        "SELECT COUNT(*) FROM audit WHERE action = 'look-up' AND outcome = 'too-many-wrong-codes'";
    assert_eq!(scene.count(logged).await, 5);
    // Another process counts the same; another till does not wait.
    let second = scene.chain.another_process().await;
    assert!(waits(&refused(
        look_up_customer(&second, here, &good).await
    )));
    look_up_customer(&second, &scene.other_till, &good)
        .await
        .unwrap();
    scene.chain.later(61);
    look_up_customer(k, here, &scene.code(0)).await.unwrap();
    assert_eq!(scene.count("SELECT COUNT(*) FROM wrong_codes").await, 5);
    scene.chain.later(3_601);
    prune_expired_rows(k).await.unwrap();
    assert_eq!(scene.count("SELECT COUNT(*) FROM wrong_codes").await, 0);
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_a_card_s_limit_only_the_tills_that_tried_it_wait() {
    let scene = Scene::open().await;
    let k = &scene.chain.k;
    let wrong = scene.code(-86_400);
    let mut tills = Vec::new();
    for number in 0..6 {
        tills.push(till(&scene.chain, &format!("Till {number}")).await);
    }
    for each in &tills[..5] {
        assert_eq!(
            refused(look_up_customer(k, each, &wrong).await),
            Refusal::CodeWrong
        );
    }
    for each in &tills[..5] {
        assert!(waits(&refused(look_up_customer(k, each, &wrong).await)));
        assert!(waits(&refused(
            look_up_customer(k, each, &scene.code(0)).await
        )));
    }
    // Nobody blocks the card for a till that has not tried it, nor another card for those that have.
    look_up_customer(k, &tills[5], &scene.code(0))
        .await
        .unwrap();
    let other = scene.chain.member(2).await;
    look_up_customer(k, &tills[0], &other.code).await.unwrap();
    // The sixth till too waits after one wrong code of its own.
    assert_eq!(
        refused(look_up_customer(k, &tills[5], &wrong).await),
        Refusal::CodeWrong
    );
    assert!(waits(&refused(
        look_up_customer(k, &tills[5], &wrong).await
    )));
    scene.chain.later(61);
    look_up_customer(k, &tills[0], &scene.code(0))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_wrong_codes_at_once_no_more_than_five_are_answered() {
    let scene = Arc::new(Scene::open().await);
    let mut work = JoinSet::new();
    for number in 0..48 {
        let scene = Arc::clone(&scene);
        work.spawn(async move {
            let (k, here) = (&scene.chain.k, &scene.chain.till);
            let draft = scene.by_code(&unknown(number), 0);
            match number % 3 {
                0 => refused(look_up_customer(k, here, &unknown(number)).await),
                1 => refused(receipts::quote_sale(k, here, &draft).await),
                _ => refused(scene.commit(here, &draft).await),
            }
        });
    }
    let answers = work.join_all().await;
    let told = answers.iter().filter(|no| **no == Refusal::CardUnknown);
    assert_eq!(told.count(), 5);
    assert_eq!(answers.iter().filter(|no| waits(no)).count(), 43);
}

// On one thread, where the guesses come in the order in which they are begun.
#[tokio::test]
async fn a_right_guess_in_a_burst_waits_like_the_others() {
    let scene = Arc::new(Scene::open().await);
    let mut work = JoinSet::new();
    for number in 0..9 {
        let scene = Arc::clone(&scene);
        work.spawn(async move {
            let (k, here) = (&scene.chain.k, &scene.chain.till);
            match number {
                8 => refused(look_up_customer(k, here, &scene.code(0)).await),
                _ => {
                    let draft = scene.by_code(&unknown(number), 0);
                    refused(receipts::quote_sale(k, here, &draft).await)
                }
            }
        });
    }
    let answers = work.join_all().await;
    assert_eq!(answers.iter().filter(|no| waits(no)).count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn good_and_stale_codes_are_not_counted() {
    let scene = Scene::open().await;
    let (k, here) = (&scene.chain.k, &scene.chain.till);
    for _ in 0..7 {
        look_up_customer(k, here, &scene.code(0)).await.unwrap();
        let stale = look_up_customer(k, here, &scene.code(-60)).await;
        assert_eq!(refused(stale), Refusal::CodeStale);
        let unreadable = look_up_customer(k, here, "hello").await;
        assert_eq!(refused(unreadable), Refusal::ScanNotDigits);
    }
    assert_eq!(scene.count("SELECT COUNT(*) FROM wrong_codes").await, 0);
}
