//! What changes between a look-up and its sale: nobody pays another sum than was shown, and a card that is good no more
//! ends its visits, while what was bought before it was blocked stays bought with it.

use crate::chain::{Chain, of_visit, sent};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::roles::Role;
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::accounts::corrections::replace_card;
use kopilka_core::usecases::checkout::receipts::{self, CommitOutcome, ReceiptBatchItem};
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::{Error, Refusal};

#[tokio::test(flavor = "multi_thread")]
async fn only_the_sum_that_was_shown_is_stored_and_a_repeat_is_answered_as_before() {
    let chain = Chain::open("2026-03-02", |_| ()).await;
    let member = chain.member(1).await;
    let looked_up = till::look_up_customer(&chain.k, &chain.till, &member.code).await;
    let sale = of_visit(&looked_up.unwrap().token, 1_000, PointsToSpend::None);
    let commit = async |to_pay: i64| {
        let to_pay = Some(Money(to_pay));
        receipts::commit_shown_total(&chain.k, &chain.till, &sale, &sent("1"), to_pay).await
    };
    let other = commit(99_900).await;
    assert!(matches!(other, Err(Error::Refused(Refusal::SumChanged))));
    assert!(chain.entries(&member, "earn").await.is_empty());
    let stored = commit(100_000).await.unwrap();
    assert_eq!(stored.outcome, CommitOutcome::Stored);
    let repeated = commit(99_900).await.unwrap();
    assert_eq!(repeated.outcome, CommitOutcome::Repeated);
    assert_eq!(repeated.answer, stored.answer);
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_card_ends_its_visit_but_not_what_was_bought_before() {
    let chain = Chain::open("2026-03-02", |_| ()).await;
    let member = chain.member(1).await;
    let looked_up = till::look_up_customer(&chain.k, &chain.till, &member.code).await;
    let mut sale = of_visit(&looked_up.unwrap().token, 1_000, PointsToSpend::None);
    let bought = chain.k.now();
    chain.later(30);
    staff::add_staff(
        &chain.k,
        &Actor::OPERATOR,
        "one",
        "One",
        Role::Support,
        "test-password",
        None,
    )
    .await
    .unwrap();
    let officer = staff::prove_officer(&chain.k, "one", "test-password")
        .await
        .unwrap();
    replace_card(&chain.k, &officer, &member.code[2..])
        .await
        .unwrap();
    let now = receipts::commit_sale(&chain.k, &chain.till, &sale, &sent("1")).await;
    assert!(matches!(now, Err(Error::Refused(Refusal::VisitOver))));
    sale.at = Some(bought);
    let item = ReceiptBatchItem::Sale(sale, sent("2"));
    let waited = receipts::commit_batch_item(&chain.k, &chain.till, &item)
        .await
        .unwrap();
    assert_eq!(waited.outcome, CommitOutcome::Stored);
    chain.check().await;
}
