//! Sales that are held: who releases them, and what becomes of their returns.

use super::*;
use kopilka_core::domain::roles::Role;

#[tokio::test]
async fn the_sender_of_a_held_sale_does_not_release_it() {
    let (counter, olga, member) = limited(1).await;
    counter.chain.later(600);
    let boss = kopilka_core::usecases::access::till_context::TillContext {
        staff: Some(counter.id("boss").await),
        ..at(&olga)
    };
    assert_eq!(
        queue(&counter, &boss, &member, 60).await,
        CommitOutcome::Stored
    );
    for _ in 0..2 {
        assert_eq!(
            queue(&counter, &boss, &member, 60).await,
            CommitOutcome::Held
        );
    }
    let held = receipts::held_sales(counter.k()).await.unwrap();
    let (k, officer) = (
        counter.k(),
        staff::prove_officer(counter.k(), "boss", PASSWORD),
    );
    let officer = officer.await.unwrap();
    let own = receipts::release_held(k, &officer, held[0].id).await;
    assert_eq!(refused(own), Refusal::OwnLateSale);
    assert_eq!(receipts::held_sales(k).await.unwrap().len(), 2);
    staff::add_staff(
        k,
        &Actor::OPERATOR,
        "second",
        "second",
        Role::Administrator,
        PASSWORD,
        None,
    )
    .await
    .unwrap();
    let second = staff::prove_officer(k, "second", PASSWORD).await.unwrap();
    receipts::release_held(k, &second, held[0].id)
        .await
        .unwrap();
    // One's own may be refused.
    receipts::refuse_held(k, &officer, held[1].id, "no such sale")
        .await
        .unwrap();
    assert!(receipts::held_sales(k).await.unwrap().is_empty());
}

#[tokio::test]
async fn returns_of_a_refused_sale_are_refused_with_its_reason() {
    let (counter, _, member) = limited(1).await;
    let (k, pos) = (counter.k(), &counter.chain.till);
    counter.chain.later(600);
    let draft = |number: &str| receipts::SaleDraft {
        code: Some(member.code.clone()),
        shift: Some("late".to_owned()),
        number: Some(number.to_owned()),
        at: Some(k.now().plus_secs(-60)),
        ..sale(None, 100)
    };
    let back = |key: &str, seconds: i64| {
        let draft = receipts::ReturnDraft {
            sale: receipts::ReturnedSaleName::Number {
                series: String::new(),
                shift: "late".to_owned(),
                number: "held".to_owned(),
            },
            series: None,
            shift: Some("late".to_owned()),
            number: Some(key.to_owned()),
            at: Some(k.now().plus_secs(seconds)),
            lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
        };
        ReceiptBatchItem::Return(draft, crate::chain::sent(key))
    };
    for (number, outcome) in [
        ("stored", CommitOutcome::Stored),
        ("held", CommitOutcome::Held),
    ] {
        let item = ReceiptBatchItem::Sale(draft(number), crate::chain::sent(number));
        assert_eq!(
            receipts::commit_batch_item(k, pos, &item)
                .await
                .unwrap()
                .outcome,
            outcome
        );
    }
    // One waits for the sale, another for its own time first.
    let waiting = [back("now", 0), back("ahead", 600)];
    for item in &waiting {
        let done = receipts::commit_batch_item(k, pos, item).await.unwrap();
        assert_eq!(done.outcome, CommitOutcome::Parked);
    }
    let boss = staff::prove_officer(k, "boss", PASSWORD).await.unwrap();
    let held = receipts::held_sales(k).await.unwrap()[0].id;
    receipts::refuse_held(k, &boss, held, "no such sale")
        .await
        .unwrap();
    let why = Refusal::ParkedRefused {
        why: "no such sale".to_owned(),
    };
    for item in &waiting {
        assert_eq!(
            refused(receipts::commit_batch_item(k, pos, item).await),
            why
        );
    }
    assert_eq!(counter.log("receipt-refused").await.len(), 3);
    // One that comes afterwards is refused at once; neither waits for ever.
    assert_eq!(
        refused(receipts::commit_batch_item(k, pos, &back("later", 0)).await),
        why
    );
    counter.chain.later(700);
    receipts::settle_parked(k).await.unwrap();
    for item in &waiting {
        assert_eq!(
            refused(receipts::commit_batch_item(k, pos, item).await),
            why
        );
    }
    counter.chain.check().await;
}

#[tokio::test]
async fn a_sale_that_waited_for_its_time_is_held_where_it_exceeds_the_limit_by_then() {
    let (counter, _, member) = limited(1).await;
    let pos = &counter.chain.till;
    let ahead = receipts::SaleDraft {
        code: Some(member.code.clone()),
        at: Some(counter.k().now().plus_secs(301)),
        ..sale(None, 100)
    };
    let sent = crate::chain::sent("ahead");
    let commit = async || {
        let done = receipts::commit_sale(counter.k(), pos, &ahead, &sent).await;
        done.unwrap().outcome
    };
    assert_eq!(commit().await, CommitOutcome::Parked);
    let now = receipts::SaleDraft {
        at: None,
        ..ahead.clone()
    };
    counter.sell(pos, now).await.unwrap();
    counter.chain.later(302);
    receipts::settle_parked(counter.k()).await.unwrap();
    assert_eq!(commit().await, CommitOutcome::Held);
    let held = receipts::held_sales(counter.k()).await.unwrap();
    assert_eq!((held.len(), held[0].at), (1, ahead.at.unwrap()));
    let boss = staff::prove_officer(counter.k(), "boss", PASSWORD)
        .await
        .unwrap();
    receipts::release_held(counter.k(), &boss, held[0].id)
        .await
        .unwrap();
    assert_eq!(commit().await, CommitOutcome::Repeated);
    counter.chain.check().await;
}

/// Sends a return of a line that its sale does not have, before the sale.
async fn send_wrong_return(counter: &Counter, number: &str) {
    let draft = receipts::ReturnDraft {
        sale: receipts::ReturnedSaleName::Number {
            series: String::new(),
            shift: "wrong".to_owned(),
            number: number.to_owned(),
        },
        series: None,
        shift: Some("wrong".to_owned()),
        number: Some(number.to_owned()),
        at: None,
        lines: vec![ReturnedLinePart::of_quantity(7, Quantity::ONE)],
    };
    let sent = crate::chain::sent(&RowId::new().to_string());
    let item = ReceiptBatchItem::Return(draft, sent);
    let done = receipts::commit_batch_item(counter.k(), &counter.chain.till, &item);
    assert_eq!(done.await.unwrap().outcome, CommitOutcome::Parked);
}

#[tokio::test]
async fn a_refused_return_is_logged_as_whoever_stores_its_sale() {
    let (counter, _, member) = limited(1).await;
    let (k, pos) = (counter.k(), &counter.chain.till);
    counter.chain.later(600);
    let sale_of = |number: &str, code: Option<String>, at: Option<i64>| receipts::SaleDraft {
        code,
        shift: Some("wrong".to_owned()),
        number: Some(number.to_owned()),
        at: at.map(|seconds| k.now().plus_secs(seconds)),
        ..sale(None, 100)
    };
    let send = async |draft: receipts::SaleDraft| {
        let sent = crate::chain::sent(&RowId::new().to_string());
        let item = ReceiptBatchItem::Sale(draft, sent);
        let done = receipts::commit_batch_item(k, pos, &item).await;
        done.unwrap().outcome
    };
    for number in ["till", "officer", "job"] {
        send_wrong_return(&counter, number).await;
    }
    let code = || Some(member.code.clone());
    assert_eq!(
        send(sale_of("till", code(), Some(-60))).await,
        CommitOutcome::Stored
    );
    assert_eq!(
        send(sale_of("officer", code(), Some(-60))).await,
        CommitOutcome::Held
    );
    let boss = staff::prove_officer(k, "boss", PASSWORD).await.unwrap();
    let held = receipts::held_sales(k).await.unwrap()[0].id;
    receipts::release_held(k, &boss, held).await.unwrap();
    assert_eq!(
        send(sale_of("job", None, Some(600))).await,
        CommitOutcome::Parked
    );
    counter.chain.later(700);
    receipts::settle_parked(k).await.unwrap();
    let by = |kind: &str, login: &str| (kind.to_owned(), login.to_owned(), String::new());
    assert_eq!(
        counter.actors("parked-refused").await,
        [by("till", ""), by("operator", "boss"), by("job", "")]
    );
}

#[tokio::test]
async fn a_sale_that_waits_for_its_time_is_logged_as_its_sender_with_the_cashier_whom_it_names() {
    let (counter, olga, member) = limited(1).await;
    let draft = receipts::SaleDraft {
        code: Some(member.code.clone()),
        at: Some(counter.k().now().plus_secs(600)),
        ..sale(None, 100)
    };
    let paired = counter.paired().await;
    counter.come_in(&paired, "ilya", "3690").await;
    let named = Some(counter.id("ilya").await);
    let sent = crate::chain::sent("ahead");
    let done = receipts::commit_queued(counter.k(), &at(&olga), named, &draft, &sent).await;
    assert_eq!(done.unwrap().outcome, CommitOutcome::Parked);
    let line = ["staff", "olga", "ilya"].map(str::to_owned);
    assert_eq!(counter.actors("receipt-parked").await, [line.into()]);
    assert_eq!(counter.log("receipt-parked").await[0].2, "sale");
}
