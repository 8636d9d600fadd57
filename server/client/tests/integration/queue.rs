//! The queue of a till without a link: nothing that was pushed is lost, nothing is posted twice, nothing is dropped.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::support::{Weather, start};
use kopilka_client::{
    DurableQueue, NamedReturnRequest, PosApiClient, QueueError, QueuedItem, QueuedRequest,
    QueuedSaleReference, ReceiptLineRequest, ReceiptRequest, RetryPolicy, ReturnLineRequest,
    ReturnRequest, SpendRequest,
};

fn sale(key: &str) -> QueuedItem {
    let receipt = ReceiptRequest {
        code: Some("700000000000000000".to_owned()),
        at: Some("2026-11-22T14:05:00+03:00".to_owned()),
        ..ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 12_400)])
    };
    QueuedItem {
        key: key.to_owned(),
        what: QueuedRequest::Receipt(receipt),
    }
}

fn give_back(key: &str) -> QueuedItem {
    let what = ReturnRequest {
        lines: vec![ReturnLineRequest::of_quantity(0, 1000)],
        ..ReturnRequest::default()
    };
    let sale = QueuedSaleReference::Identity {
        series: None,
        shift: "118".to_owned(),
        number: "42".to_owned(),
    };
    QueuedItem {
        key: key.to_owned(),
        what: QueuedRequest::Return(NamedReturnRequest { sale, what }),
    }
}

fn nowhere() -> PosApiClient {
    PosApiClient::new("http://127.0.0.1:9", "key")
        .unwrap()
        .with_retry_policy(RetryPolicy::NONE)
}

fn pushed(path: &Path, keys: &[&str]) -> DurableQueue {
    let mut queue = DurableQueue::open_file(path).unwrap();
    for key in keys {
        queue.enqueue(sale(key)).unwrap();
    }
    queue
}

#[test]
fn items_are_written_as_the_batch_takes_them() {
    let text = |item| serde_json::to_value(item).unwrap();
    let sale = text(sale("a"));
    assert_eq!(sale["key"], "a");
    assert_eq!(sale["receipt"]["lines"][0]["amount"], 12_400);
    let back = text(give_back("b"));
    assert_eq!(back["return"]["sale"]["number"], "42");
    assert_eq!(back["return"]["lines"][0]["quantity"], 1000);
    let again: QueuedItem = serde_json::from_value(back).unwrap();
    assert_eq!(again, give_back("b"));
}

#[tokio::test]
async fn what_waits_is_posted_in_order_once_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    let (client, store) = start().await;
    let mut queue = pushed(&path, &["a", "b"]);
    queue.enqueue(give_back("c")).unwrap();
    assert!(queue.send_waiting(&nowhere()).await.is_err(), "no link");
    assert_eq!(queue.status_report().waiting, 3, "everything waits on");
    let report = queue.send_waiting(&client).await.unwrap();
    assert_eq!(
        (report.waiting, report.taken.len(), report.refused.len()),
        (0, 3, 0)
    );
    queue.send_waiting(&client).await.unwrap();
    assert_eq!(store.lock().unwrap().seen, ["a", "b", "c"]);
    drop(queue);
    assert_eq!(
        DurableQueue::open_file(&path)
            .unwrap()
            .status_report()
            .waiting,
        0
    );
}

#[tokio::test]
async fn a_queue_survives_the_end_of_its_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    drop(pushed(&path, &["a", "b"]));
    drop(pushed(&path, &["c"]));
    let (client, store) = start().await;
    DurableQueue::open_file(&path)
        .unwrap()
        .send_waiting(&client)
        .await
        .unwrap();
    assert_eq!(store.lock().unwrap().keys(), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    let (client, store) = start().await;
    let client = client.with_retry_policy(RetryPolicy::NONE);
    store.lock().unwrap().weather = vec![Weather::AnswerLost];
    let mut queue = pushed(&path, &["a", "b"]);
    assert!(queue.send_waiting(&client).await.is_err());
    drop(queue);
    let report = DurableQueue::open_file(&path)
        .unwrap()
        .send_waiting(&client)
        .await
        .unwrap();
    assert_eq!(report.waiting, 0);
    let store = store.lock().unwrap();
    assert_eq!(store.keys(), ["a", "b"]);
    assert_eq!(store.seen, ["a", "b", "a", "b"], "asked twice, stored once");
}

#[test]
fn a_torn_last_line_is_cut_off_wherever_it_was_torn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    drop(pushed(&path, &["a"]));
    let whole = std::fs::read(&path).unwrap();
    drop(pushed(&path, &["b"]));
    let both = std::fs::read(&path).unwrap();
    for length in whole.len()..both.len() {
        std::fs::write(&path, &both[..length]).unwrap();
        let mut queue = DurableQueue::open_file(&path).unwrap();
        assert_eq!(queue.status_report().waiting, 1, "{length}");
        queue.enqueue(sale("c")).unwrap();
        drop(queue);
        assert_eq!(
            DurableQueue::open_file(&path)
                .unwrap()
                .status_report()
                .waiting,
            2,
            "{length}"
        );
    }
}

#[test]
fn damage_in_the_middle_is_said_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    drop(pushed(&path, &["a"]));
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"queued\":\n").unwrap();
    let damaged = std::fs::read(&path).unwrap();
    let error = DurableQueue::open_file(&path).unwrap_err();
    assert!(
        matches!(error, QueueError::Damaged { line: 2, .. }),
        "{error}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), damaged);
}

#[tokio::test]
async fn conflicts_and_refusals_stay_in_the_report_until_seen_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    let (client, store) = start().await;
    store.lock().unwrap().items.extend([
        ("b".to_owned(), (409, "receipt-exists")),
        ("c".to_owned(), (422, "receipt-too-old")),
    ]);
    let mut queue = pushed(&path, &["a", "b", "c", "d"]);
    let report = queue.send_waiting(&client).await.unwrap();
    assert_eq!((report.waiting, report.taken.len()), (0, 2));
    drop(queue);
    let mut queue = DurableQueue::open_file(&path).unwrap();
    let refused = queue.status_report().refused;
    let keys: Vec<(&str, u16)> = refused
        .iter()
        .map(|each| (each.item.key.as_str(), each.status))
        .collect();
    assert_eq!(keys, [("b", 409), ("c", 422)], "over a restart");
    assert_eq!(refused[0].item, sale("b"), "with what was refused");
    assert_eq!(
        refused[0].problem.as_ref().unwrap().stable_key(),
        "receipt-exists"
    );
    assert!(queue.acknowledge_refused("b").unwrap());
    assert!(!queue.acknowledge_refused("b").unwrap());
    drop(queue);
    assert_eq!(
        DurableQueue::open_file(&path)
            .unwrap()
            .status_report()
            .refused
            .len(),
        1
    );
}

#[tokio::test]
async fn what_cannot_be_answered_now_waits_on_with_all_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    let (client, store) = start().await;
    let busy = ("b".to_owned(), (409, "busy"));
    store.lock().unwrap().items.extend([busy]);
    let mut queue = pushed(&path, &["a", "b", "c"]);
    let report = queue.send_waiting(&client).await.unwrap();
    assert_eq!(
        (report.waiting, report.taken.len(), report.refused.len()),
        (2, 1, 0)
    );
    store.lock().unwrap().items.clear();
    assert_eq!(queue.send_waiting(&client).await.unwrap().waiting, 0);
    let kept = store.lock().unwrap().keys().join(" ");
    assert_eq!(kept, "a c b", "c was stored by the first batch, and once");
}

#[tokio::test]
async fn thousands_go_in_batches_and_the_file_shrinks_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    let (client, store) = start().await;
    let client = client.with_retry_policy(RetryPolicy {
        tries: 3,
        first: Duration::from_millis(1),
        longest: Duration::from_millis(5),
    });
    let keys: Vec<String> = (0..2_500).map(|n| format!("k{n:04}")).collect();
    store
        .lock()
        .unwrap()
        .items
        .extend([("k0007".to_owned(), (422, "invalid"))]);
    let mut queue = DurableQueue::open_file(&path).unwrap();
    for key in &keys {
        queue.enqueue(sale(key)).unwrap();
    }
    let full = std::fs::metadata(&path).unwrap().len();
    let report = queue.send_waiting(&client).await.unwrap();
    assert_eq!(
        (report.waiting, report.taken.len(), report.refused.len()),
        (0, 2_499, 1)
    );
    assert!(std::fs::metadata(&path).unwrap().len() < full / 100);
    queue.enqueue(sale("after")).unwrap();
    drop(queue);
    let report = DurableQueue::open_file(&path).unwrap().status_report();
    assert_eq!((report.waiting, report.refused.len()), (1, 1));
    let stored = store.lock().unwrap();
    let expected: Vec<&str> = keys
        .iter()
        .map(String::as_str)
        .filter(|key| *key != "k0007")
        .collect();
    assert_eq!(stored.keys(), expected, "in order");
}

#[test]
fn what_cannot_wait_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut queue = DurableQueue::open_file(&folder.path().join("queue")).unwrap();
    let changed = |change: fn(&mut ReceiptRequest)| {
        let mut item = sale("x");
        if let QueuedRequest::Receipt(receipt) = &mut item.what {
            change(receipt);
        }
        item
    };
    for item in [
        changed(|receipt| receipt.spend = Some(SpendRequest::All)),
        changed(|receipt| receipt.visit = Some("visit".to_owned())),
        changed(|receipt| receipt.at = None),
    ] {
        let error = queue.enqueue(item).unwrap_err();
        assert!(matches!(error, QueueError::NotQueueable(_)), "{error}");
    }
    queue.enqueue(sale("x")).unwrap();
    queue.enqueue(sale("x")).unwrap();
    assert_eq!(
        queue.status_report().waiting,
        1,
        "the same item again is no second one"
    );
    let other = queue.enqueue(give_back("x")).unwrap_err();
    assert!(matches!(other, QueueError::KeyTaken(_)), "{other}");
}

#[test]
fn two_programs_do_not_share_a_queue() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue");
    let first = DurableQueue::open_file(&path).unwrap();
    assert!(matches!(
        DurableQueue::open_file(&path),
        Err(QueueError::OpenElsewhere)
    ));
    drop(first);
    assert!(DurableQueue::open_file(&path).is_ok());
}
