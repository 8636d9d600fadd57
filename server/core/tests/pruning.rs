//! What lives short is forgotten once it is over, by one process of many, and nothing else is.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod chain;

use chain::{Chain, noon};
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::joining::{self, Origin};
use kopilka_core::usecases::pruning::prune;

async fn challenges(chain: &Chain) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    let (count,): (i64,) = sql("SELECT COUNT(*) FROM challenges")
        .one(&mut tx)
        .await
        .unwrap();
    count
}

async fn ask(chain: &Chain, number: u64) {
    let phone = format!("+7916{number:07}");
    joining::ask_for_code(&chain.k, &phone, &Origin::default(), "ru")
        .await
        .unwrap();
}

#[tokio::test]
async fn old_one_time_passwords_go_in_batches_and_fresh_ones_stay() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    for number in 0..1_100 {
        ask(&chain, number).await;
    }
    chain.set(noon("2026-03-03"));
    ask(&chain, 5_000).await;
    assert_eq!(prune(&chain.k).await.unwrap(), Some(1_100));
    assert_eq!(challenges(&chain).await, 1);
}

#[tokio::test]
async fn another_process_does_not_prune_within_the_hour() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let second = chain.another_process().await;
    assert_eq!(prune(&chain.k).await.unwrap(), Some(0));
    assert_eq!(prune(&second).await.unwrap(), None);
    chain.later(3_601);
    assert_eq!(prune(&second).await.unwrap(), Some(0));
    assert_eq!(prune(&chain.k).await.unwrap(), None);
}
