//! A debt outlives a closed account: whoever joins again with one of its phones owes it, once.

use super::*;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::reason::{DebtCause, EntryReason};
use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::accounts::sign_in_phones;
use kopilka_core::usecases::loyalty::member_snapshot::balance_of;
use kopilka_core::usecases::wallet::history;

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
    let taken =
        corrections::adjust_points(&chain.k, &officer, card(person), Points(-195), "Спор", None);
    assert_eq!(taken.await.unwrap(), CorrectionOutcome::Applied);
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
    let page = history::load_history(&chain.k, &second.shopper, None)
        .await
        .unwrap();
    let reasons: Vec<&EntryReason> = page.entries.iter().map(|entry| &entry.reason).collect();
    let (points, cause) = (Points(195), DebtCause::ClosedAccount);
    assert_eq!(reasons, [&EntryReason::Debt { points, cause }]);
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
    corrections::merge_accounts(&chain.k, &officer, card(&other), card(&first), "Две карты")
        .await
        .unwrap();
    owes(&chain, &first).await;
    closes(&chain, &first).await;
    for (phone, owed) in [(X, 0), (Z, 195), (Y, 0)] {
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

/// Lets a person earn 215 points with the first purchase and spend them all on a second one. Returns the first.
async fn spends_all(chain: &Chain, person: &Joined) -> ReceiptId {
    let first = chain.buy(&person.member, 500, PointsToSpend::None).await;
    assert_eq!(first.quote.evaluation.earned.0, 15 + FIRST);
    let second = chain.buy(&person.member, 500, PointsToSpend::All).await;
    assert_eq!(second.quote.evaluation.spent.0, 15 + FIRST);
    first.id
}

#[tokio::test]
async fn a_purchase_returned_after_the_closing_is_owed_by_who_joins_again() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    let sale = spends_all(&chain, &first).await;
    closes(&chain, &first).await;
    chain.take_back(sale).await;
    let owed = debt(&chain, &first).await;
    assert!(owed > 0);
    let second = join(&chain, X).await;
    assert_eq!(debt(&chain, &second).await, owed);
    closes(&chain, &second).await;
    let third = join(&chain, X).await;
    assert_eq!(debt(&chain, &third).await, owed);
    chain.check().await;
}

#[tokio::test]
async fn a_purchase_returned_after_its_buyer_has_joined_again_is_owed_by_the_new_account() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    let sale = spends_all(&chain, &first).await;
    closes(&chain, &first).await;
    // A short account between the two changes nothing, and neither does another phone.
    let between = join(&chain, X).await;
    phone_changes(&chain, &between, Y).await;
    closes(&chain, &between).await;
    let second = join(&chain, Y).await;
    let stranger = join(&chain, X).await;
    chain.take_back(sale).await;
    let owed = debt(&chain, &first).await;
    assert!(owed > 0);
    assert_eq!(debt(&chain, &second).await, owed);
    assert_eq!(debt(&chain, &stranger).await, 0);
    chain.check().await;
}

#[tokio::test]
async fn a_purchase_of_a_merged_account_returned_after_the_closing_is_owed_too() {
    let chain = chain(365).await;
    let (first, other) = (join(&chain, X).await, join(&chain, Y).await);
    let sale = spends_all(&chain, &first).await;
    let officer = boss(&chain).await;
    corrections::merge_accounts(&chain.k, &officer, card(&first), card(&other), "Две карты")
        .await
        .unwrap();
    closes(&chain, &other).await;
    chain.take_back(sale).await;
    let owed = debt(&chain, &other).await;
    assert!(owed > 0);
    let again = join(&chain, X).await;
    assert_eq!(debt(&chain, &again).await, owed);
    chain.check().await;
}

#[derive(StoredRow)]
struct KeptAccount {
    phone_hash: Vec<u8>,
    account_mark: Vec<u8>,
}

#[tokio::test]
async fn closed_accounts_are_kept_for_their_time_and_name_nobody() {
    const KEPT: &str = "SELECT COUNT(*) FROM closed_account_debts";
    const SUCCESSORS: &str = "SELECT COUNT(*) FROM closed_account_successors";
    let chain = chain(30).await;
    closes(&chain, &join(&chain, X).await).await;
    assert_eq!(count(&chain, KEPT).await, 0, "nothing was bought");
    let first = join(&chain, X).await;
    let sale = spends_all(&chain, &first).await;
    closes(&chain, &first).await;
    assert_eq!(count(&chain, KEPT).await, 1);
    let mut tx = chain.k.db.read().await.unwrap();
    let rows: Vec<KeptAccount> = sql("SELECT phone_hash, account_mark FROM closed_account_debts")
        .fetch_all(&mut tx)
        .await
        .unwrap();
    drop(tx);
    let id = first.member.id.to_string();
    for KeptAccount {
        phone_hash,
        account_mark,
    } in &rows
    {
        assert_eq!((phone_hash.len(), account_mark.len()), (32, 32));
        assert_ne!(account_mark, &entropy::hash_token(&id));
    }
    let second = join(&chain, X).await;
    assert_eq!(
        (count(&chain, KEPT).await, count(&chain, SUCCESSORS).await),
        (0, 1)
    );
    chain.later(32 * 86_400);
    prune_expired_rows(&chain.k).await.unwrap();
    assert_eq!(count(&chain, SUCCESSORS).await, 0);
    chain.take_back(sale).await;
    assert_eq!(debt(&chain, &second).await, 0);
    chain.check().await;
}

#[tokio::test]
async fn whatever_order_purchases_of_a_closed_account_are_returned_in_nothing_is_owed_in_the_end() {
    // How often the person joins again before each return, and closes that account in between.
    for [before, between] in [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2]] {
        for earned_first in [true, false] {
            let chain = chain(365).await;
            let first = join(&chain, X).await;
            let earning = chain.buy(&first.member, 500, PointsToSpend::None).await.id;
            let spending = chain.buy(&first.member, 500, PointsToSpend::All).await.id;
            closes(&chain, &first).await;
            let order = if earned_first {
                [earning, spending]
            } else {
                [spending, earning]
            };
            let mut open = None;
            for (sale, times) in order.into_iter().zip([before, between]) {
                for _ in 0..times {
                    if let Some(open) = open.take() {
                        closes(&chain, &open).await;
                    }
                    open = Some(join(&chain, X).await);
                }
                chain.take_back(sale).await;
            }
            let last = match open {
                Some(open) => open,
                None => join(&chain, X).await,
            };
            let mut tx = chain.k.db.read().await.unwrap();
            let balance = balance_of(&mut tx, last.shopper.member, chain.k.now()).await;
            let balance = balance.unwrap();
            drop(tx);
            let nothing = (Points::ZERO, Points::ZERO);
            let told = (before, between, earned_first);
            assert_eq!((balance.debt, balance.active), nothing, "{told:?}");
            chain.check().await;
        }
    }
}

#[tokio::test]
async fn nobody_owes_for_a_phone_that_the_debtor_had_before() {
    let chain = chain(365).await;
    let (first, other) = (join(&chain, X).await, join(&chain, Z).await);
    let officer = boss(&chain).await;
    corrections::merge_accounts(&chain.k, &officer, card(&other), card(&first), "Две карты")
        .await
        .unwrap();
    sign_in_phones::remove(&chain.k, &first.shopper, other.member.id)
        .await
        .unwrap();
    phone_changes(&chain, &first, Y).await;
    // Points are not spent for some time after that.
    chain.later(2 * 86_400);
    let sale = spends_all(&chain, &first).await;
    closes(&chain, &first).await;
    chain.take_back(sale).await;
    let owed = debt(&chain, &first).await;
    assert!(owed > 0);
    // The phone that was changed and the one that was taken away are strangers' by now.
    for (phone, owes) in [(X, 0), (Z, 0), (Y, owed)] {
        let joined = join(&chain, phone).await;
        assert_eq!(debt(&chain, &joined).await, owes, "{phone}");
    }
    chain.check().await;
}
