//! A till whose link breaks all the time: it keeps its receipts in the client's durable queue, which is dropped while it
//! sends, torn at its end and opened again.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kopilka_client::{
    DurableQueue, NamedReturnRequest, PosApiClient, QueueError, QueuedItem, QueuedRequest,
    QueuedSaleReference, ReceiptLineRequest, ReceiptRequest, RetryPolicy, ReturnLineRequest,
    ReturnRequest,
};

use super::chance::Chance;
use crate::support::TILL_KEY;
use crate::support::store::Identity;

const SHIFT: &str = "crash-queue";

#[derive(Debug)]
pub struct QueueTill {
    file: PathBuf,
    card: String,
    chance: Chance,
    next: u64,
    /// What the queue has taken: from then on it must not be lost.
    pub pushed: Vec<Identity>,
    /// How often the queue was dropped while it sent.
    pub dropped: u64,
}

impl QueueTill {
    pub const fn new(file: PathBuf, card: String, chance: Chance) -> Self {
        Self {
            file,
            card,
            chance,
            next: 0,
            pushed: Vec::new(),
            dropped: 0,
        }
    }

    /// Pushes and sends, each time with the queue opened anew, until the link is gone.
    pub fn work(&mut self, url: &str, over: &AtomicBool) {
        runtime().block_on(async {
            let till = client(url).with_retry_policy(RetryPolicy::NONE);
            while !over.load(Ordering::Relaxed) {
                let mut queue = DurableQueue::open_file(&self.file).unwrap();
                for _ in 0..=self.chance.below(3) {
                    self.push(&mut queue);
                }
                let patience = Duration::from_micros(self.chance.below(40_000));
                match tokio::time::timeout(patience, queue.send_waiting(&till)).await {
                    Ok(Ok(report)) => assert_eq!(report.refused, []),
                    Ok(Err(QueueError::Call(error))) if error.may_pass() => return,
                    Ok(Err(error)) => panic!("{error}"),
                    Err(_) => self.dropped += 1,
                }
                drop(queue);
                if self.chance.one_in(4) {
                    self.tear();
                }
            }
        });
    }

    /// Sends all that waits.
    pub fn finish(&self, url: &str) {
        runtime().block_on(async {
            let till = client(url);
            let mut queue = DurableQueue::open_file(&self.file).unwrap();
            let mut report = queue.status_report();
            while report.waiting > 0 {
                report = queue.send_waiting(&till).await.unwrap();
            }
            assert_eq!(report.refused, []);
        });
    }

    /// A sale, or the return of the one before.
    fn push(&mut self, queue: &mut DurableQueue) {
        self.next += 1;
        let number = self.next.to_string();
        let back = self.next.is_multiple_of(3);
        let what = if back {
            QueuedRequest::Return(NamedReturnRequest {
                sale: QueuedSaleReference::Identity {
                    series: None,
                    shift: SHIFT.to_owned(),
                    number: (self.next - 1).to_string(),
                },
                what: ReturnRequest {
                    series: None,
                    shift: Some(SHIFT.to_owned()),
                    number: Some(number.clone()),
                    at: None,
                    lines: vec![ReturnLineRequest::of_quantity(0, 500)],
                },
            })
        } else {
            QueuedRequest::Receipt(ReceiptRequest {
                code: Some(self.card.clone()),
                shift: Some(SHIFT.to_owned()),
                number: Some(number.clone()),
                at: Some(chrono::Utc::now().to_rfc3339()),
                ..ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 12_300)])
            })
        };
        let key = format!("{SHIFT}-{number}");
        queue.enqueue(QueuedItem { key, what }).unwrap();
        let kind = if back { "return" } else { "sale" };
        self.pushed
            .push((kind.to_owned(), SHIFT.to_owned(), number));
    }

    /// What a power cut leaves of a push that never returned.
    fn tear(&self) {
        let mut file = OpenOptions::new().append(true).open(&self.file).unwrap();
        file.write_all(br#"{"queued":{"item":{"key":"torn"#)
            .unwrap();
    }
}

fn client(url: &str) -> PosApiClient {
    PosApiClient::new(url, TILL_KEY).unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
