//! The reference client against the program itself: its types read what is answered, its keys store once.

use crate::support::browser::{Browser, fresh_phone};
use crate::support::{Demo, TILL_KEY, store};
use kopilka_client::{
    Client, Error, Item, Line, Queue, Receipt, ReceiptSearch, Return, ReturnLine, Returned, Sale,
    Spend, What, new_key,
};

fn client(demo: &Demo) -> Client {
    Client::new(&demo.url, TILL_KEY).unwrap()
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u16, String) {
    match answer {
        Err(Error::Refused(problem)) => (problem.status, problem.key().to_owned()),
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
        let earning = Receipt {
            code: Some(key.fixed()),
            ..Receipt::of(vec![Line::new("grocery", 1_000_000)])
        };
        let earned = till.commit(&new_key(), &earning).await.unwrap();
        let found = till.lookup(&key.code(0)).await.unwrap();
        assert_eq!(Some(found.points), earned.balance);
        assert!(found.may_spend);
        let spending = Receipt {
            visit: Some(found.visit),
            spend: Some(Spend::Points(100)),
            ..Receipt::of(vec![Line::new("grocery", 124_000)])
        };
        let quote = till.quote(&spending).await.unwrap();
        assert_eq!((quote.spent, quote.to_pay), (100, 114_000));
        let name = new_key();
        let stored = till.commit(&name, &spending).await.unwrap();
        assert_eq!((stored.spent, stored.earned), (100, quote.earned));
        assert_eq!(till.commit(&name, &spending).await.unwrap(), stored, "once");
        assert_eq!(till.receipt(&stored.id).await.unwrap().spent, 100);
    });
}

#[test]
fn refusals_are_read_with_their_type() {
    let demo = Demo::start();
    wait(async {
        let till = client(&demo);
        let empty = Receipt::default();
        assert_eq!(
            refusal(till.quote(&empty).await),
            (422, "invalid".to_owned())
        );
        let nobody = till.lookup("700000000000000000").await;
        assert_eq!(refusal(nobody), (404, "card-unknown".to_owned()));
        let nothing = till.receipt("nothing").await;
        assert_eq!(refusal(nothing), (404, "not-found".to_owned()));
        assert!(till.hand_over("nothing").await.is_err());
        let phone = fresh_phone();
        till.enrol(&phone).await.unwrap();
        assert!(till.enrol(&phone).await.unwrap_err().may_pass(), "later");
        let stranger = Client::new(&demo.url, "wrong").unwrap();
        assert_eq!(
            refusal(stranger.lookup("1").await),
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
        let sale = Receipt {
            series: identity.0.clone(),
            shift: identity.1.clone(),
            number: identity.2.clone(),
            ..Receipt::of(vec![Line::new("grocery", 10_000)])
        };
        let sold = till.commit(&new_key(), &sale).await.unwrap();
        let back = Returned {
            sale: Sale::Identity {
                series: Some("fn-1".to_owned()),
                shift: "7".to_owned(),
                number: "1".to_owned(),
            },
            what: Return {
                series: identity.0,
                shift: identity.1,
                number: identity.2,
                lines: vec![ReturnLine::of_quantity(0, 1000)],
                ..Return::default()
            },
        };
        till.quote_named_return(&back).await.unwrap();
        let returned = till.give_back_named(&new_key(), &back).await.unwrap();
        let search = ReceiptSearch {
            shift: "7".to_owned(),
            series: Some("fn-1".to_owned()),
            limit: Some(1),
            ..ReceiptSearch::default()
        };
        let first = till.list_receipts(&search).await.unwrap();
        assert_eq!(first.receipts[0].id, sold.id);
        let second = ReceiptSearch {
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
    let mut queue = Queue::open(&file).unwrap();
    for _ in 0..7 {
        let receipt = Receipt {
            code: Some(wrong.clone()),
            at: Some((chrono::Utc::now() - chrono::Duration::seconds(60)).to_rfc3339()),
            ..Receipt::of(vec![Line::new("grocery", 10_000)])
        };
        let what = What::Receipt(receipt);
        let key = new_key();
        queue.push(Item { key, what }).unwrap();
    }
    let mut send = || wait(async { queue.send(&client(&demo)).await.unwrap() });
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
