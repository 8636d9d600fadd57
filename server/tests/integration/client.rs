//! The reference client against the program itself: its types read what is answered, its keys store once.

use crate::support::browser::{Browser, fresh_phone};
use crate::support::{Demo, TILL_KEY, store};
use kopilka_client::{
    ClientError, DurableQueue, NamedReturnRequest, PosApiClient, QueuedItem, QueuedRequest,
    QueuedSaleReference, ReceiptLineRequest, ReceiptListRequest, ReceiptRequest, ReturnLineRequest,
    ReturnRequest, SpendRequest, new_key,
};

fn client(demo: &Demo) -> PosApiClient {
    PosApiClient::new(&demo.url, TILL_KEY).unwrap()
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> (u16, String) {
    match answer {
        Err(ClientError::Refused(problem)) => (problem.status, problem.stable_key().to_owned()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sale_from_the_scan_to_the_stored_receipt() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Роман");
    let key = shopper.key();
    wait(async {
        let till = client(&demo);
        let earning = ReceiptRequest {
            code: Some(key.fixed()),
            ..ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 1_000_000)])
        };
        let earned = till.commit_sale(&new_key(), &earning).await.unwrap();
        let found = till.look_up_member(&key.code(0)).await.unwrap();
        assert_eq!(Some(found.points), earned.balance);
        assert!(found.may_spend);
        let spending = ReceiptRequest {
            visit: Some(found.visit),
            spend: Some(SpendRequest::Points(100)),
            ..ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 124_000)])
        };
        let quote = till.quote_sale(&spending).await.unwrap();
        assert_eq!((quote.spent, quote.to_pay), (100, 114_000));
        let name = new_key();
        let stored = till.commit_sale(&name, &spending).await.unwrap();
        assert_eq!((stored.spent, stored.earned), (100, quote.earned));
        assert_eq!(
            till.commit_sale(&name, &spending).await.unwrap(),
            stored,
            "once"
        );
        assert_eq!(till.load_receipt(&stored.id).await.unwrap().spent, 100);
    });
}

#[test]
fn refusals_are_read_with_their_type() {
    let demo = Demo::start();
    wait(async {
        let till = client(&demo);
        let empty = ReceiptRequest::default();
        assert_eq!(
            refusal(till.quote_sale(&empty).await),
            (422, "invalid".to_owned())
        );
        let nobody = till.look_up_member("700000000000000000").await;
        assert_eq!(refusal(nobody), (404, "card-unknown".to_owned()));
        let nothing = till.load_receipt("nothing").await;
        assert_eq!(refusal(nothing), (404, "not-found".to_owned()));
        assert!(till.hand_over("nothing").await.is_err());
        let phone = fresh_phone();
        till.send_invitation(&phone).await.unwrap();
        assert!(
            till.send_invitation(&phone).await.unwrap_err().may_pass(),
            "later"
        );
        let stranger = PosApiClient::new(&demo.url, "wrong").unwrap();
        assert_eq!(
            refusal(stranger.look_up_member("1").await),
            (401, "not-signed-in".to_owned())
        );
    });
}

#[test]
fn receipts_of_a_series_are_listed_and_go_back_by_their_identity() {
    let demo = Demo::start();
    wait(async {
        let till = client(&demo);
        let identity = (
            Some("fn-1".to_owned()),
            Some("7".to_owned()),
            Some("1".to_owned()),
        );
        let sale = ReceiptRequest {
            series: identity.0.clone(),
            shift: identity.1.clone(),
            number: identity.2.clone(),
            ..ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 10_000)])
        };
        let sold = till.commit_sale(&new_key(), &sale).await.unwrap();
        let back = NamedReturnRequest {
            sale: QueuedSaleReference::Identity {
                series: Some("fn-1".to_owned()),
                shift: "7".to_owned(),
                number: "1".to_owned(),
            },
            what: ReturnRequest {
                series: identity.0,
                shift: identity.1,
                number: identity.2,
                lines: vec![ReturnLineRequest::of_quantity(0, 1000)],
                ..ReturnRequest::default()
            },
        };
        till.quote_named_return(&back).await.unwrap();
        let returned = till.commit_named_return(&new_key(), &back).await.unwrap();
        let mut early = back.clone();
        early.what.number = Some("2".to_owned());
        early.sale = QueuedSaleReference::Identity {
            series: Some("fn-1".to_owned()),
            shift: "7".to_owned(),
            number: "unsold".to_owned(),
        };
        match till.commit_named_return(&new_key(), &early).await {
            Err(ClientError::Waits(waiting)) => assert_eq!(waiting.waits_for, "sale"),
            other => panic!("{other:?}"),
        }
        let search = ReceiptListRequest {
            shift: "7".to_owned(),
            series: Some("fn-1".to_owned()),
            limit: Some(1),
            ..ReceiptListRequest::default()
        };
        let first = till.list_receipts(&search).await.unwrap();
        assert_eq!(first.receipts[0].id, sold.id);
        let second = ReceiptListRequest {
            after: first.next,
            ..search
        };
        let second = till.list_receipts(&second).await.unwrap();
        assert_eq!((&second.receipts[0].id, second.next), (&returned.id, None));
        assert_eq!(second.receipts[0].money, 10_000);
    });
}

#[test]
fn a_queue_that_waits_for_wrong_codes_says_for_how_long_and_loses_nothing() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Роман");
    let wrong = format!("71{}00000000", shopper.key().number);
    let file = demo.data.path().join("queue");
    let mut queue = DurableQueue::open_file(&file).unwrap();
    for _ in 0..7 {
        let receipt = ReceiptRequest {
            code: Some(wrong.clone()),
            at: Some((chrono::Utc::now() - chrono::Duration::seconds(60)).to_rfc3339()),
            ..ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 10_000)])
        };
        let what = QueuedRequest::Receipt(receipt);
        let key = new_key();
        queue.enqueue(QueuedItem { key, what }).unwrap();
    }
    let mut send = || wait(async { queue.send_waiting(&client(&demo)).await.unwrap() });
    let report = send();
    assert_eq!((report.taken.len(), report.waiting), (5, 2));
    assert!(report.refused.is_empty());
    let seconds = report.retry_after.unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    store::change(&demo, "UPDATE wrong_codes SET at = at - 61000000");
    let report = send();
    assert_eq!(
        (report.taken.len(), report.waiting, report.retry_after),
        (7, 0, None)
    );
}
