//! What a night does where a batch fails, or others are in its way.

use std::time::Duration;

use kopilka_core::store::engine::sql;

use super::*;

/// Runs a statement on the data of the chain.
async fn execute(chain: &Chain, text: &'static str) {
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    sql(text).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_batch_that_others_are_in_the_way_of_is_tried_again() {
    let (chain, members) = bought(2).await;
    chain.set(noon("2026-03-15"));
    // A row that is there already is told as one that others store at the same time.
    execute(
        &chain,
        "CREATE UNIQUE INDEX in_the_way ON lots (state) WHERE state = 'active'",
    )
    .await;
    let (outcome, ()) = tokio::join!(run(&chain.k, "2026-03-14"), async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        execute(&chain, "DROP INDEX in_the_way").await;
    });
    let report = done(outcome);
    assert_eq!((report.activated_lots, report.failed), (2, 0));
    for member in &members {
        assert_eq!(chain.entries(member, "activate").await.len(), 1);
    }
    chain.check().await;
}

#[tokio::test]
async fn a_member_who_fails_is_left_to_the_next_night_and_keeps_nobody_waiting() {
    let chain = Chain::open("2026-03-01", |programme| {
        programme.points.life.months = Some(1);
    })
    .await;
    for number in 0..20 {
        let member = chain.member(number).await;
        let roubles = if number < 2 { 2_000 } else { 1_000 };
        chain.sell(&member, roubles).await;
    }
    chain.set(noon("2026-05-01"));
    // Of the two who lose 60 points, the second breaks a rule of the database.
    execute(
        &chain,
        "CREATE UNIQUE INDEX broken ON entries (kind) WHERE points = -60",
    )
    .await;
    let report = done(run(&chain.k, "2026-04-30").await);
    assert_eq!((report.expired_lots, report.failed), (19, 1));
    chain.check().await;

    execute(&chain, "DROP INDEX broken").await;
    chain.set(noon("2026-05-02"));
    let report = done(run(&chain.k, "2026-05-01").await);
    assert_eq!((report.expired_lots, report.failed), (1, 0));
    chain.check().await;
}

#[tokio::test]
async fn a_fault_of_everybody_stops_the_night_and_finishes_nothing() {
    let (chain, _) = bought(120).await;
    chain.set(noon("2026-03-15"));
    execute(&chain, "ALTER TABLE entries RENAME COLUMN reason TO away").await;
    assert!(
        nightly::run_night(&chain.k, &Actor::Job, day("2026-03-14"), || false)
            .await
            .is_err()
    );
    execute(&chain, "ALTER TABLE entries RENAME COLUMN away TO reason").await;
    assert_eq!(done(run(&chain.k, "2026-03-14").await).activated_lots, 120);
}
