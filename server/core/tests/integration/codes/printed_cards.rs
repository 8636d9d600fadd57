//! Printed cards in the wallet: the answer tells whether a card exists, so numbers are limited for each account and network.

use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::card::CardNumber;
use kopilka_core::store::members;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::printed_cards;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;

use super::scene::{Scene, device, refused};

const TRIES: &str = "SELECT COUNT(*) FROM card_tries";

fn unknown(number: u64) -> String {
    format!("70{}", CardNumber::from_random(1_000 + number))
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_numbers_that_cannot_be_attached_account_and_network_wait_a_minute() {
    let scene = Scene::open().await;
    let here = scene.chain.k.for_address("203.0.113.7".parse().unwrap());
    let elsewhere = scene.chain.k.for_address("203.0.113.8".parse().unwrap());
    let other = scene.chain.member(2).await;
    let (olga, _) = device(&scene.chain, &other).await;
    let blank = printed_cards::create_printed_cards(&scene.chain.k, &Actor::OPERATOR, 1)
        .await
        .unwrap()
        .remove(0);
    for number in 0..4 {
        let no = refused(printed_cards::attach_card(&here, &scene.shopper, &unknown(number)).await);
        assert_eq!(no, Refusal::BlankUnknown);
    }
    // A card of somebody else exists, which is what must not be asked for without a limit.
    let taken = printed_cards::attach_card(&here, &scene.shopper, &other.code).await;
    assert_eq!(refused(taken), Refusal::BlankTaken);
    let wait = Refusal::Locked { minutes: 1 };
    for (k, shopper) in [
        (&here, &scene.shopper),
        (&elsewhere, &scene.shopper),
        (&here, &olga),
    ] {
        assert_eq!(
            refused(printed_cards::attach_card(k, shopper, &blank.qr).await),
            wait
        );
    }
    assert_eq!(scene.count(TRIES).await, 5);
    // Another account at another network goes on, and a misread number costs nothing.
    let misread = printed_cards::attach_card(&elsewhere, &olga, "hello").await;
    assert_eq!(refused(misread), Refusal::ScanNotDigits);
    printed_cards::attach_card(&elsewhere, &olga, &blank.qr)
        .await
        .unwrap();
    scene.chain.later(61);
    let next = printed_cards::create_printed_cards(&scene.chain.k, &Actor::OPERATOR, 1)
        .await
        .unwrap()
        .remove(0);
    printed_cards::attach_card(&here, &scene.shopper, &next.qr)
        .await
        .unwrap();
    // Tries are forgotten with the account, and after an hour.
    let no = refused(printed_cards::attach_card(&here, &olga, &unknown(9)).await);
    assert_eq!(no, Refusal::BlankUnknown);
    let mut tx = scene.chain.k.db.write_test_data().await.unwrap();
    members::erase_member(&mut tx, other.id, scene.chain.k.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(scene.count(TRIES).await, 5);
    scene.chain.later(3_601);
    prune_expired_rows(&scene.chain.k).await.unwrap();
    assert_eq!(scene.count(TRIES).await, 0);
}
