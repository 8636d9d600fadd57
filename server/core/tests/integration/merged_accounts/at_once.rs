//! Two accounts of one person, used at the same time in two processes.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_points_for_a_profile_come_once_when_both_accounts_are_filled_in_at_once() {
    let chain = chain(1_000_000).await;
    let other = chain.another_process().await;
    let boss = officer(&chain, "boss").await;
    for pair in 0..12 {
        let (a, b) = (
            chain.member(2 * pair + 1).await,
            chain.member(2 * pair + 2).await,
        );
        let (phone_a, phone_b) = (signed_in(&chain, &a).await, signed_in(&chain, &b).await);
        moves(&chain, &boss, &a, &b).await;
        for shopper in [&phone_a, &phone_b] {
            let born = profile::save_birth_date(&chain.k, shopper, "5", "5", "1990").await;
            assert!(!born.unwrap().rewarded);
        }
        let (one, two) = tokio::join!(
            profile::save_car(&chain.k, &phone_a, "none"),
            profile::save_car(&other, &phone_b, "none"),
        );
        let rewarded = [one, two].map(|saved| saved.unwrap().rewarded);
        assert_eq!(rewarded.iter().filter(|rewarded| **rewarded).count(), 1);
        let mut tx = chain.k.db.read().await.unwrap();
        let balance = balance_of(&mut tx, b.id, chain.k.now()).await.unwrap();
        assert_eq!(balance.pending, Points(100));
    }
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_merged_accounts_closed_at_once_are_both_closed() {
    let chain = chain(1_000_000).await;
    let other = chain.another_process().await;
    let boss = officer(&chain, "boss").await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let (phone_a, phone_b) = (signed_in(&chain, &a).await, signed_in(&chain, &b).await);
    moves(&chain, &boss, &a, &b).await;
    let (one, two) = tokio::join!(
        settings::close_account(&chain.k, &phone_a, true),
        settings::close_account(&other, &phone_b, true),
    );
    // The second finds the account closed.
    let closed = [one, two];
    assert!(closed.iter().any(Result::is_ok), "{closed:?}");
    for done in &closed {
        assert!(
            matches!(done, Ok(()) | Err(Error::Refused(Refusal::NotSignedIn))),
            "{done:?}"
        );
    }
    let mut tx = chain.k.db.read().await.unwrap();
    for account in [&a, &b] {
        let row = members::load_member(&mut tx, account.id).await.unwrap();
        assert!(row.closed_at.is_some() && row.phone.is_none());
    }
}
