//! Receipts whose answer never reached their till are found by their key, and held sales that were refused stay on the list of
//! their till.

use crate::chain::{Member, sent};
use crate::counter::{Counter, PASSWORD, at, sale};
use kopilka_core::domain::programme::{FraudLimit, FraudLimitRules};
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::domain::{amounts::Quantity, time::Instant};
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{self, CommitOutcome, IdempotencyKeyOutcome};

/// A chain that lets one receipt of a card pass at a till in a day, a cashier at work there, and a member.
async fn limited() -> (Counter, TillContext, Member) {
    let counter = Counter::open(|p| {
        p.fraud_limits = FraudLimitRules {
            card_receipts: Some(FraudLimit {
                soft: None,
                hard: Some(1),
            }),
            phone_change: None,
            ..FraudLimitRules::default()
        };
    })
    .await;
    let paired = counter.paired().await;
    let token = counter.come_in(&paired, "olga", "2580").await;
    let here = at(&counter.working(&token, &paired).await);
    let member = counter.chain.member(1).await;
    counter.chain.later(600);
    (counter, here, member)
}

async fn outcome(counter: &Counter, at_till: &TillContext, key: &str) -> IdempotencyKeyOutcome {
    receipts::outcome_of_key(counter.k(), at_till, key)
        .await
        .unwrap()
}

/// Posts a sale that the till kept a minute; when it was made.
async fn queue(
    counter: &Counter,
    here: &TillContext,
    member: &Member,
    key: &str,
) -> (CommitOutcome, Instant) {
    let made = counter.k().now().plus_secs(-60);
    let draft = receipts::SaleDraft {
        code: Some(member.code.clone()),
        at: Some(made),
        ..sale(None, 100)
    };
    let done = receipts::commit_queued(counter.k(), here, None, &draft, &sent(key)).await;
    (done.unwrap().outcome, made)
}

#[tokio::test]
async fn a_receipt_without_an_answer_is_found_by_its_key_at_its_own_till_alone() {
    let (counter, here, member) = limited().await;
    let k = counter.k();
    assert_eq!(
        outcome(&counter, &here, "sale").await,
        IdempotencyKeyOutcome::Unknown
    );
    let sold = receipts::commit_sale(k, &here, &sale(None, 100), &sent("sale"))
        .await
        .unwrap();
    let sold = sold.receipt().unwrap();
    assert_eq!(
        outcome(&counter, &here, "sale").await,
        IdempotencyKeyOutcome::Sale(sold.id)
    );
    let draft = receipts::ReturnDraft {
        sale: receipts::ReturnedSaleName::Id(sold.id),
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
    };
    let returned = receipts::commit_return(k, &here, &draft, &sent("return"))
        .await
        .unwrap();
    let returned = returned.returned().unwrap();
    assert_eq!(
        outcome(&counter, &here, "return").await,
        IdempotencyKeyOutcome::Return(returned.id)
    );
    queue(&counter, &here, &member, "first").await;
    let (held, _) = queue(&counter, &here, &member, "second").await;
    assert_eq!(held, CommitOutcome::Held);
    assert_eq!(
        outcome(&counter, &here, "second").await,
        IdempotencyKeyOutcome::Waiting
    );
    for key in ["sale", "return", "second"] {
        let elsewhere = outcome(&counter, &counter.chain.till, key).await;
        assert_eq!(elsewhere, IdempotencyKeyOutcome::Unknown, "{key}");
    }
}

#[tokio::test]
async fn a_held_sale_that_is_refused_is_listed_at_its_till_for_seven_days() {
    let (counter, here, member) = limited().await;
    let k = counter.k();
    queue(&counter, &here, &member, "first").await;
    let (held, made) = queue(&counter, &here, &member, "second").await;
    assert_eq!(held, CommitOutcome::Held);
    assert!(
        receipts::refused_at_till(k, &here)
            .await
            .unwrap()
            .is_empty()
    );
    counter.chain.later(3 * 86_400);
    let boss = staff::prove_officer(k, "boss", PASSWORD).await.unwrap();
    let id = receipts::held_at_till(k, &here).await.unwrap()[0].id;
    receipts::refuse_held(k, &boss, id, "a friend's card")
        .await
        .unwrap();
    assert_eq!(
        outcome(&counter, &here, "second").await,
        IdempotencyKeyOutcome::Unknown
    );
    counter.chain.later(7 * 86_400 - 60);
    let listed = receipts::refused_at_till(k, &here).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].at, listed[0].reason.as_str()),
        (made, "a friend's card")
    );
    assert_eq!(listed[0].total, sale(None, 100).lines[0].amount);
    let elsewhere = receipts::refused_at_till(k, &counter.chain.till).await;
    assert!(elsewhere.unwrap().is_empty());
    counter.chain.later(120);
    assert!(
        receipts::refused_at_till(k, &here)
            .await
            .unwrap()
            .is_empty()
    );
}
