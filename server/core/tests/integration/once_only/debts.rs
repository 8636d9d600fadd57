//! A debt outlives a closed account: whoever joins again with one of its phones owes it, once.

use super::*;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::reason::{DebtCause, Reason};
use kopilka_core::usecases::facts::balance_of;
use kopilka_core::usecases::history;

const Y: &str = "+79161234568";
const Z: &str = "+79161234569";

async fn debt(chain: &Chain, person: &Joined) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    let balance = balance_of(&mut tx, person.shopper.member, chain.k.now()).await;
    balance.unwrap().debt.0
}

/// Lets a person owe 195 points, and says why as their page does.
async fn owes(chain: &Chain, person: &Joined) {
    let officer = boss(chain).await;
    let taken = corrections::adjust(&chain.k, &officer, card(person), Points(-195), "Спор", None);
    assert_eq!(taken.await.unwrap(), Adjustment::Applied);
    assert_eq!(debt(chain, person).await, 195);
}

#[tokio::test]
async fn whoever_joins_again_owes_what_the_closed_account_owed() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    owes(&chain, &first).await;
    closes(&chain, &first).await;
    let second = join(&chain, X).await;
    assert_eq!(debt(&chain, &second).await, 195);
    let page = history::history(&chain.k, &second.shopper, None)
        .await
        .unwrap();
    let reasons: Vec<&Reason> = page.entries.iter().map(|entry| &entry.reason).collect();
    let (points, cause) = (Points(195), DebtCause::ClosedAccount);
    assert_eq!(reasons, [&Reason::Debt { points, cause }]);
    // What is earned pays it, and what is left of it goes on.
    assert_eq!(buys(&chain, &second).await, 15 + FIRST);
    assert_eq!(debt(&chain, &second).await, 0);
    closes(&chain, &second).await;
    let third = join(&chain, X).await;
    assert_eq!(debt(&chain, &third).await, 0);
    chain.check().await;
}

#[tokio::test]
async fn a_debt_is_owed_once_whichever_of_the_phones_comes_back() {
    let chain = chain(365).await;
    let (first, other) = (join(&chain, X).await, join(&chain, Z).await);
    phone_changes(&chain, &first, Y).await;
    let officer = boss(&chain).await;
    corrections::move_balance(&chain.k, &officer, card(&other), card(&first), "Две карты")
        .await
        .unwrap();
    owes(&chain, &first).await;
    closes(&chain, &first).await;
    for (phone, owed) in [(Z, 195), (X, 0), (Y, 0)] {
        let again = join(&chain, phone).await;
        assert_eq!(debt(&chain, &again).await, owed, "{phone}");
    }
    chain.check().await;
}

#[tokio::test]
async fn a_phone_that_support_gives_brings_the_debt_that_is_kept_under_it() {
    let chain = chain(365).await;
    let (first, second) = (join(&chain, X).await, join(&chain, Y).await);
    owes(&chain, &first).await;
    closes(&chain, &first).await;
    assert_eq!(buys(&chain, &second).await, 15 + FIRST);
    phone_changes(&chain, &second, X).await;
    assert_eq!(debt(&chain, &second).await, 0);
    let mut tx = chain.k.db.read().await.unwrap();
    let balance = balance_of(&mut tx, second.shopper.member, chain.k.now()).await;
    assert_eq!(balance.unwrap().active, Points(15 + FIRST - 195));
    drop(tx);
    chain.check().await;
}

#[tokio::test]
async fn a_debt_is_forgotten_when_its_time_is_over() {
    let chain = chain(30).await;
    let first = join(&chain, X).await;
    owes(&chain, &first).await;
    closes(&chain, &first).await;
    chain.later(32 * 86_400);
    let second = join(&chain, X).await;
    assert_eq!(debt(&chain, &second).await, 0);
    chain.check().await;
}
