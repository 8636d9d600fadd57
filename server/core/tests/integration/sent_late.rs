//! Late sales: they count by their card and by the person who sent them, and beyond the hard limit they are held.

use crate::chain::Member;
use crate::counter::{Counter, PASSWORD, at, refused, sale};
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::Spend;
use kopilka_core::domain::programme::{Limit, RadarRules};
use kopilka_core::ids::RowId;
use kopilka_core::usecases::receipts::{self, BatchItem, Outcome};
use kopilka_core::usecases::staff::Cashier;
use kopilka_core::usecases::{Refusal, staff, till};

/// A chain that lets so many receipts of a card pass at a till in a day, a cashier at work there, and a member.
async fn limited(hard: u32) -> (Counter, Cashier, Member) {
    let counter = Counter::open(|p| {
        p.radar = RadarRules {
            card_receipts: Some(Limit {
                soft: None,
                hard: Some(hard),
            }),
            phone_change: None,
            ..RadarRules::default()
        };
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
    let draft = || receipts::Draft {
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
    let item = BatchItem::Sale(draft(), crate::chain::sent(&RowId::new().to_string()));
    let queued = receipts::batch(counter.k(), pos, &item).await.unwrap();
    assert_eq!(queued.outcome, Outcome::Held);
    let repeated = receipts::batch(counter.k(), pos, &item).await.unwrap();
    assert_eq!(
        (repeated.outcome, repeated.answer),
        (Outcome::Held, queued.answer)
    );
    // A time of five minutes ago is still now: a till's clock may be so wrong.
    let before = |seconds: i64| receipts::Draft {
        at: Some(counter.k().now().plus_secs(-seconds)),
        ..draft()
    };
    assert_eq!(
        refused(counter.sell(pos, before(300)).await),
        Refusal::CardTooOften
    );
    let sent = crate::chain::sent(&RowId::new().to_string());
    let late = receipts::commit(counter.k(), pos, &before(301), &sent).await;
    assert_eq!(late.unwrap().outcome, Outcome::Held);
    // Spending is never sent later, so an old time opens no door to it.
    let spends = receipts::Draft {
        spend: Spend::Exactly(Points(1)),
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
async fn queue(counter: &Counter, from: &till::AtTill, member: &Member, seconds: i64) -> Outcome {
    let draft = receipts::Draft {
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
    let elsewhere = till::AtTill {
        till: counter.chain.till.till.clone(),
        staff: here.staff,
    };
    // Neither another day nor another till makes room for the same sender.
    assert_eq!(
        queue(&counter, &here, &member, 2 * day).await,
        Outcome::Stored
    );
    assert_eq!(
        queue(&counter, &elsewhere, &member, day).await,
        Outcome::Stored
    );
    assert_eq!(queue(&counter, &here, &member, day).await, Outcome::Held);
    assert_eq!(
        queue(&counter, &elsewhere, &member, 60).await,
        Outcome::Held
    );
    // Another sender has sent none, and the till has room for one more.
    let ilya = till::AtTill {
        staff: Some(counter.id("ilya").await),
        ..here.clone()
    };
    assert_eq!(
        queue(&counter, &ilya, &member, 2 * day).await,
        Outcome::Stored
    );
    assert_eq!(
        queue(&counter, &ilya, &member, 2 * day).await,
        Outcome::Held
    );
    // Another card is none of it, and a new day begins anew.
    let other = counter.chain.member(2).await;
    assert_eq!(
        queue(&counter, &here, &other, day / 2 + 60).await,
        Outcome::Stored
    );
    counter.chain.later(day);
    assert_eq!(queue(&counter, &here, &member, day).await, Outcome::Stored);
    assert_eq!(receipts::held_sales(counter.k()).await.unwrap().len(), 3);
    counter.chain.check().await;
}

#[tokio::test]
async fn a_sale_that_waited_for_its_time_is_held_where_it_exceeds_the_limit_by_then() {
    let (counter, _, member) = limited(1).await;
    let pos = &counter.chain.till;
    let ahead = receipts::Draft {
        code: Some(member.code.clone()),
        at: Some(counter.k().now().plus_secs(301)),
        ..sale(None, 100)
    };
    let sent = crate::chain::sent("ahead");
    let commit = async || {
        let done = receipts::commit(counter.k(), pos, &ahead, &sent).await;
        done.unwrap().outcome
    };
    assert_eq!(commit().await, Outcome::Parked);
    let now = receipts::Draft {
        at: None,
        ..ahead.clone()
    };
    counter.sell(pos, now).await.unwrap();
    counter.chain.later(302);
    receipts::settle_parked(counter.k()).await.unwrap();
    assert_eq!(commit().await, Outcome::Held);
    let held = receipts::held_sales(counter.k()).await.unwrap();
    assert_eq!((held.len(), held[0].at), (1, ahead.at.unwrap()));
    let boss = staff::officer(counter.k(), "boss", PASSWORD).await.unwrap();
    receipts::release_held(counter.k(), &boss, held[0].id)
        .await
        .unwrap();
    assert_eq!(commit().await, Outcome::Repeated);
    counter.chain.check().await;
}
