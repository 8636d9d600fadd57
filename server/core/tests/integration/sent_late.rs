//! Late sales: they count by their card and by the person who sent them, also when they are claimed, and beyond the hard
//! limit they are held.

mod held_sales;

use crate::chain::Member;
use crate::counter::{Counter, PASSWORD, at, refused, sale};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::{Points, Quantity};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::programme::{FraudLimit, FraudLimitRules};
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::ids::{DeviceId, RowId};
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::access::staff::Cashier;
use kopilka_core::usecases::checkout::claim_codes;
use kopilka_core::usecases::checkout::receipts::{self, CommitOutcome, ReceiptBatchItem};

/// A chain that lets so many receipts of a card pass at a till in a day, a cashier at work there, and a member.
async fn limited(hard: u32) -> (Counter, Cashier, Member) {
    let counter = Counter::open(|p| {
        p.fraud_limits = FraudLimitRules {
            card_receipts: Some(FraudLimit {
                soft: None,
                hard: Some(hard),
            }),
            phone_change: None,
            ..FraudLimitRules::default()
        };
        p.till.claim_days = 30;
    })
    .await;
    let paired = counter.paired().await;
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    let member = counter.chain.member(1).await;
    (counter, olga, member)
}

#[tokio::test]
async fn receipts_that_come_later_are_held_beyond_the_hard_limit() {
    let (counter, _, member) = limited(1).await;
    let pos = &counter.chain.till;
    let draft = || receipts::SaleDraft {
        code: Some(member.code.clone()),
        ..sale(None, 100)
    };
    // The programme is in force for long enough to judge what comes late.
    counter.chain.later(600);
    counter.sell(pos, draft()).await.unwrap();
    assert_eq!(
        refused(counter.sell(pos, draft()).await),
        Refusal::CardTooOften
    );
    let item = ReceiptBatchItem::Sale(draft(), crate::chain::sent(&RowId::new().to_string()));
    let queued = receipts::commit_batch_item(counter.k(), pos, &item)
        .await
        .unwrap();
    assert_eq!(queued.outcome, CommitOutcome::Held);
    let repeated = receipts::commit_batch_item(counter.k(), pos, &item)
        .await
        .unwrap();
    assert_eq!(
        (repeated.outcome, repeated.answer),
        (CommitOutcome::Held, queued.answer)
    );
    // A time of five minutes ago is still now: a till's clock may be so wrong.
    let before = |seconds: i64| receipts::SaleDraft {
        at: Some(counter.k().now().plus_secs(-seconds)),
        ..draft()
    };
    assert_eq!(
        refused(counter.sell(pos, before(300)).await),
        Refusal::CardTooOften
    );
    let sent = crate::chain::sent(&RowId::new().to_string());
    let late = receipts::commit_sale(counter.k(), pos, &before(301), &sent).await;
    assert_eq!(late.unwrap().outcome, CommitOutcome::Held);
    // Spending is never sent later, so an old time opens no door to it.
    let spends = receipts::SaleDraft {
        spend: PointsToSpend::Exactly(Points(1)),
        ..before(301)
    };
    assert_eq!(
        refused(counter.sell(pos, spends).await),
        Refusal::CardTooOften
    );
    let log = counter.log("radar").await;
    assert_eq!(log.len(), 5);
    for (_, subject, outcome) in &log {
        assert_eq!(
            (subject.as_str(), outcome.as_str()),
            ("card-receipts", "hard")
        );
    }
    assert_eq!(receipts::held_sales(counter.k()).await.unwrap().len(), 2);
}

/// Sends a sale of the member through a queue, made so many seconds ago.
async fn queue(
    counter: &Counter,
    from: &kopilka_core::usecases::access::till_context::TillContext,
    member: &Member,
    seconds: i64,
) -> CommitOutcome {
    let draft = receipts::SaleDraft {
        code: Some(member.code.clone()),
        at: Some(counter.k().now().plus_secs(-seconds)),
        ..sale(None, 100)
    };
    let sent = crate::chain::sent(&RowId::new().to_string());
    let done = receipts::commit_queued(counter.k(), from, None, &draft, &sent).await;
    done.unwrap().outcome
}

#[tokio::test]
async fn late_sales_count_on_the_day_they_come_by_their_till_and_by_their_sender_at_any_till() {
    let (counter, olga, member) = limited(2).await;
    let day = 86_400;
    counter.chain.later(3 * day);
    let here = at(&olga);
    let elsewhere = kopilka_core::usecases::access::till_context::TillContext {
        till: counter.chain.till.till.clone(),
        staff: here.staff,
    };
    // Neither another day nor another till makes room for the same sender.
    assert_eq!(
        queue(&counter, &here, &member, 2 * day).await,
        CommitOutcome::Stored
    );
    assert_eq!(
        queue(&counter, &elsewhere, &member, day).await,
        CommitOutcome::Stored
    );
    assert_eq!(
        queue(&counter, &here, &member, day).await,
        CommitOutcome::Held
    );
    assert_eq!(
        queue(&counter, &elsewhere, &member, 60).await,
        CommitOutcome::Held
    );
    // Another sender has sent none, and the till has room for one more.
    let ilya = kopilka_core::usecases::access::till_context::TillContext {
        staff: Some(counter.id("ilya").await),
        ..here.clone()
    };
    assert_eq!(
        queue(&counter, &ilya, &member, 2 * day).await,
        CommitOutcome::Stored
    );
    assert_eq!(
        queue(&counter, &ilya, &member, 2 * day).await,
        CommitOutcome::Held
    );
    // Another card is none of it, and a new day begins anew.
    let other = counter.chain.member(2).await;
    assert_eq!(
        queue(&counter, &here, &other, day / 2 + 60).await,
        CommitOutcome::Stored
    );
    counter.chain.later(day);
    assert_eq!(
        queue(&counter, &here, &member, day).await,
        CommitOutcome::Stored
    );
    assert_eq!(receipts::held_sales(counter.k()).await.unwrap().len(), 3);
    counter.chain.check().await;
}

#[tokio::test]
async fn a_sale_that_waits_overnight_counts_for_its_sender_on_both_days() {
    let (counter, olga, member) = limited(2).await;
    let day = 86_400;
    counter.chain.later(3 * day);
    let here = at(&olga);
    let elsewhere = kopilka_core::usecases::access::till_context::TillContext {
        till: counter.chain.till.till.clone(),
        staff: here.staff,
    };
    // Two that are ahead by a day count today, by their sender.
    for from in [&here, &elsewhere] {
        assert_eq!(
            queue(&counter, from, &member, -day).await,
            CommitOutcome::Parked
        );
    }
    assert_eq!(
        queue(&counter, &elsewhere, &member, 60).await,
        CommitOutcome::Held
    );
    assert_eq!(
        queue(&counter, &here, &member, 60).await,
        CommitOutcome::Held
    );
    counter.chain.later(day + 60);
    receipts::settle_parked(counter.k()).await.unwrap();
    // Tomorrow they count on their own day.
    assert_eq!(receipts::held_sales(counter.k()).await.unwrap().len(), 2);
    assert_eq!(
        queue(&counter, &elsewhere, &member, 30).await,
        CommitOutcome::Held
    );
    assert_eq!(receipts::held_sales(counter.k()).await.unwrap().len(), 3);
    counter.chain.check().await;
}

/// Sends a sale without a card through a queue; the code by which it is claimed.
async fn queue_without_card(
    counter: &Counter,
    from: &kopilka_core::usecases::access::till_context::TillContext,
    seconds: i64,
) -> String {
    let draft = receipts::SaleDraft {
        at: Some(counter.k().now().plus_secs(-seconds)),
        ..sale(None, 100)
    };
    let sent = crate::chain::sent(&RowId::new().to_string());
    let done = receipts::commit_queued(counter.k(), from, None, &draft, &sent).await;
    let receipt = done.unwrap().receipt().unwrap();
    receipt.claim.unwrap().code
}

#[tokio::test]
async fn claimed_sales_count_for_their_card_and_their_sender_whenever_they_are_claimed() {
    let (counter, olga, member) = limited(2).await;
    let day = 86_400;
    counter.chain.later(3 * day);
    let here = at(&olga);
    let elsewhere = kopilka_core::usecases::access::till_context::TillContext {
        till: counter.chain.till.till.clone(),
        staff: here.staff,
    };
    let shopper = shopper(&counter, &member).await;
    let mut codes = Vec::new();
    for from in [&here, &elsewhere, &here] {
        codes.push(queue_without_card(&counter, from, 60).await);
    }
    // Waiting makes no room: the days of the sales count.
    counter.chain.later(2 * day);
    for code in &codes[..2] {
        claim_codes::claim_receipt(counter.k(), &shopper, code)
            .await
            .unwrap();
    }
    let third = claim_codes::claim_receipt(counter.k(), &shopper, &codes[2]).await;
    assert_eq!(refused(third), Refusal::ClaimTooOften);
    let log = counter.log("radar").await;
    let (_, subject, outcome) = log.last().unwrap();
    assert_eq!(
        (subject.as_str(), outcome.as_str()),
        ("card-receipts", "hard")
    );
    // Again by the same member is no error, and another member has none yet.
    claim_codes::claim_receipt(counter.k(), &shopper, &codes[0])
        .await
        .unwrap();
    let other = counter.chain.member(2).await;
    let other = self::shopper(&counter, &other).await;
    claim_codes::claim_receipt(counter.k(), &other, &codes[2])
        .await
        .unwrap();
    counter.chain.check().await;
}

/// The member on a device of their own.
async fn shopper(counter: &Counter, member: &Member) -> Shopper {
    let now = counter.k().now();
    let device = MemberDeviceRow {
        id: DeviceId::new(),
        member_id: member.id,
        secret: vec![7; 32],
        secret_turn: 0,
        name: "test".to_owned(),
        created_at: now,
        seen_at: now,
    };
    let mut tx = counter.k().db.write_test_data().await.unwrap();
    let token = kopilka_core::entropy::hash_token(&device.id.to_string());
    devices::insert(&mut tx, &device, token).await.unwrap();
    tx.commit().await.unwrap();
    Shopper {
        member: member.id,
        device: device.id,
        language: "ru".to_owned(),
    }
}
