//! What a merge moved can be moved back, and what later nights and returns make of levels.

use super::*;
use kopilka_core::domain::actor::Actor;

#[tokio::test]
async fn what_was_moved_can_be_moved_back_but_for_what_was_spent() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    earned(&chain, &a, 16_000).await;
    let level = chain.standing(&a).await;
    chain.later(60);
    let merged = moves(&chain, &boss, &a, &b).await;
    let bought = chain.buy(&b, 1_000, PointsToSpend::All).await;
    assert_eq!(bought.quote.evaluation.spent, Points(500));
    let back = moves_back(&chain, &boss, merged.id).await;
    assert_eq!((back.points, back.debt), (Points(230), Points(0)));
    assert_eq!(active(&chain, &a).await, 230);
    assert_eq!(chain.standing(&a).await, level);
    assert_eq!(tier(&chain, &b).await, "start");
    // The card works again, and each account has its own purchases.
    assert_eq!(earned(&chain, &a, 600).await, 30);
    let again = corrections::undo_merge(&chain.k, &boss, merged.id, "Ошибка").await;
    assert!(
        matches!(again, Err(Error::Refused(Refusal::NotFound))),
        "{again:?}"
    );
    // And may be merged once more.
    moves(&chain, &boss, &a, &b).await;
    assert_eq!(tier(&chain, &b).await, "silver");
    chain.check().await;
}

#[tokio::test]
async fn a_merge_in_the_middle_of_a_chain_is_undone_last() {
    let chain = chain(1_000_000).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let boss = officer(&chain, "boss").await;
    earned(&chain, &a, 16_000).await;
    let first = moves(&chain, &boss, &a, &b).await;
    let second = moves(&chain, &boss, &b, &c).await;
    assert_eq!(tier(&chain, &c).await, "silver");
    let no = corrections::undo_merge(&chain.k, &boss, first.id, "Ошибка").await;
    assert!(
        matches!(no, Err(Error::Refused(Refusal::AccountJoined))),
        "{no:?}"
    );
    moves_back(&chain, &boss, second.id).await;
    assert_eq!(
        (tier(&chain, &b).await, tier(&chain, &c).await),
        ("silver".to_owned(), "start".to_owned())
    );
    assert_eq!(active(&chain, &b).await, 730);
    moves_back(&chain, &boss, first.id).await;
    assert_eq!(
        (tier(&chain, &a).await, tier(&chain, &b).await),
        ("silver".to_owned(), "start".to_owned())
    );
    assert_eq!(active(&chain, &a).await, 730);
    chain.check().await;
}

#[tokio::test]
async fn a_level_that_was_renewed_takes_nothing_from_the_level_of_the_merged_account() {
    let chain = Chain::open("2025-11-22", |programme| {
        programme.adjustments.approval_above = Points(1_000_000);
    })
    .await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    chain.sell(&b, 15_000).await;
    chain.set(noon("2026-06-01"));
    chain.sell(&b, 16_000).await;
    let large = chain.sell(&a, 60_000).await;
    chain.set(night("2026-11-22").plus_secs(30));
    nightly::run_night(&chain.k, &Actor::Job, day("2026-11-22"), || false)
        .await
        .unwrap();
    assert_eq!(chain.changes(&b).await.last().unwrap().2, "renewal");
    chain.set(noon("2026-11-24"));
    let small = chain.sell(&b, 100).await;
    moves(&chain, &boss, &a, &b).await;
    assert_eq!(tier(&chain, &b).await, "gold");
    chain.take_back(small).await;
    assert_eq!(tier(&chain, &b).await, "gold");
    chain.take_back(large).await;
    assert_eq!(tier(&chain, &b).await, "silver");
    chain.check().await;
}
