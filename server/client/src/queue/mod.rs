//! Queue of a till for the time without a link: earning receipts and returns with their keys and times. An item is on the
//! disk before [`DurableQueue::enqueue`] returns, leaves the till in order, is posted once, and is never dropped: what the
//! server refuses stays in the report until somebody has seen to it.

mod journal;

use std::collections::VecDeque;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::client::PosApiClient;
use crate::error::ClientError;
use crate::wire::{BatchItemResponse, ProblemResponse};
use crate::wire::{NamedReturnRequest, ReceiptRequest};
use journal::{JournalRecord, QueueJournal};

/// Items that one batch may have.
const LARGEST_BATCH: usize = 1_000;

/// A receipt or a return that waits for the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedItem {
    /// Names it for repeats.
    pub key: String,
    /// Receipt or return.
    #[serde(flatten)]
    pub what: QueuedRequest,
}

/// Receipt or return that waits for the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueuedRequest {
    /// A sale.
    Receipt(ReceiptRequest),
    /// Goods that went back.
    Return(NamedReturnRequest),
}

/// Why something cannot be queued, or the queue cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The receipt cannot wait for the link: it spends points, names a visit, or lacks the time of its sale.
    #[error("the receipt cannot be queued: {0}")]
    NotQueueable(&'static str),
    /// The key is in the queue already, with other contents.
    #[error("the key {0} is queued with other contents")]
    KeyTaken(String),
    /// Another program has the queue open.
    #[error("the queue is open in another program")]
    OpenElsewhere,
    /// The file is damaged in its middle: keep it and ask for help, nothing was changed.
    #[error("the queue is damaged in line {line}: {cause}")]
    Damaged {
        /// Counted from 1.
        line: usize,
        /// Message of the parser.
        cause: String,
    },
    /// The disk.
    #[error("the queue cannot be written: {0}")]
    Disk(#[from] std::io::Error),
    /// An answer that does not belong to what was asked.
    #[error("the batch was answered with other keys")]
    StrangeAnswer,
    /// The call itself; everything waits on.
    #[error(transparent)]
    Call(#[from] ClientError),
}

/// An item that the server refused, with why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedItem {
    /// Item that was refused.
    pub item: QueuedItem,
    /// HTTP status that it alone would have got.
    pub status: u16,
    /// Why.
    pub problem: Option<ProblemResponse>,
}

/// State of the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueStatusReport {
    /// Items that wait for the link.
    pub waiting: usize,
    /// Seconds after which the server takes the first of them, where it has told so: send the queue again then.
    pub retry_after: Option<u64>,
    /// Items that the server took since the queue was opened, with its answers.
    pub taken: Vec<BatchItemResponse>,
    /// Items that the server refused and nobody has seen to yet, over all starts.
    pub refused: Vec<RefusedItem>,
}

/// A durable queue in one file.
#[derive(Debug)]
pub struct DurableQueue {
    journal: QueueJournal,
    waiting: VecDeque<QueuedItem>,
    /// Seconds to wait as in [`QueueStatusReport`], since the last sending.
    retry_after: Option<u64>,
    taken: Vec<BatchItemResponse>,
    refused: Vec<RefusedItem>,
}

impl DurableQueue {
    /// Opens the queue of a file, making it where it is missing. A last line that a crash tore is cut off: its
    /// [`DurableQueue::enqueue`] never returned.
    ///
    /// # Errors
    /// [`QueueError::OpenElsewhere`], [`QueueError::Damaged`], [`QueueError::Disk`].
    pub fn open_file(path: &Path) -> Result<Self, QueueError> {
        let (journal, records) = QueueJournal::open_or_create(path)?;
        let mut queue = Self {
            journal,
            waiting: VecDeque::new(),
            retry_after: None,
            taken: Vec::new(),
            refused: Vec::new(),
        };
        for record in records {
            queue.apply_record(record);
        }
        // What the server took before needs no report again.
        queue.taken.clear();
        Ok(queue)
    }

    /// Keeps a receipt or a return for later. When this returns, it is on the disk. The same item again is no second one.
    ///
    /// # Errors
    /// [`QueueError::NotQueueable`], [`QueueError::KeyTaken`], [`QueueError::Disk`].
    pub fn enqueue(&mut self, item: QueuedItem) -> Result<(), QueueError> {
        if let QueuedRequest::Receipt(receipt) = &item.what {
            if receipt.spend.is_some() {
                return Err(QueueError::NotQueueable("spending needs the link"));
            }
            if receipt.visit.is_some() {
                return Err(QueueError::NotQueueable(
                    "send the code, a visit is over by then",
                ));
            }
            if receipt.at.is_none() {
                return Err(QueueError::NotQueueable("it needs the time of its sale"));
            }
        }
        if let Some(known) = self.find_by_key(&item.key) {
            return if *known == item {
                Ok(())
            } else {
                Err(QueueError::KeyTaken(item.key))
            };
        }
        let record = JournalRecord::Queued { item };
        self.journal.append(&[&record])?;
        self.apply_record(record);
        Ok(())
    }

    /// Posts what waits, in order, until nothing does or the link is gone. What the server cannot answer now, and all
    /// behind it, waits on.
    ///
    /// # Errors
    /// [`QueueError::Call`] when a batch was not answered; nothing is lost, send again later.
    pub async fn send_waiting(
        &mut self,
        client: &PosApiClient,
    ) -> Result<QueueStatusReport, QueueError> {
        self.retry_after = None;
        while !self.waiting.is_empty() {
            let batch: Vec<QueuedItem> = self.waiting.iter().take(LARGEST_BATCH).cloned().collect();
            let answers = client.post_batch(&batch).await?;
            let fits = answers.len() == batch.len()
                && answers
                    .iter()
                    .zip(&batch)
                    .all(|(a, item)| a.key == item.key);
            if !fits {
                return Err(QueueError::StrangeAnswer);
            }
            let first_for_later = answers.iter().find(|answer| is_retryable(answer));
            let problem = first_for_later.and_then(|answer| answer.problem.as_ref());
            self.retry_after = problem.and_then(ProblemResponse::retry_after);
            let settled: Vec<JournalRecord> = answers
                .into_iter()
                .take_while(|answer| !is_retryable(answer))
                .map(|answer| JournalRecord::Settled { answer })
                .collect();
            let some_wait = settled.len() < batch.len();
            self.journal.append(&settled.iter().collect::<Vec<_>>())?;
            for record in settled {
                self.apply_record(record);
            }
            if some_wait {
                break;
            }
        }
        self.compact_journal()?;
        Ok(self.status_report())
    }

    /// Returns the state of the queue.
    pub fn status_report(&self) -> QueueStatusReport {
        QueueStatusReport {
            waiting: self.waiting.len(),
            retry_after: self.retry_after,
            taken: self.taken.clone(),
            refused: self.refused.clone(),
        }
    }

    /// Takes a refused item out of the report: somebody has seen to it. False when no refused item has this key.
    ///
    /// # Errors
    /// [`QueueError::Disk`].
    pub fn acknowledge_refused(&mut self, key: &str) -> Result<bool, QueueError> {
        if !self.refused.iter().any(|refused| refused.item.key == key) {
            return Ok(false);
        }
        let record = JournalRecord::SeenTo {
            key: key.to_owned(),
        };
        self.journal.append(&[&record])?;
        self.apply_record(record);
        Ok(true)
    }

    fn find_by_key(&self, key: &str) -> Option<&QueuedItem> {
        let refused = self.refused.iter().map(|refused| &refused.item);
        self.waiting
            .iter()
            .chain(refused)
            .find(|item| item.key == key)
    }

    fn apply_record(&mut self, record: JournalRecord) {
        match record {
            JournalRecord::Queued { item } => self.waiting.push_back(item),
            JournalRecord::Settled { answer } => {
                let place = self.waiting.iter().position(|item| item.key == answer.key);
                let Some(item) = place.and_then(|place| self.waiting.remove(place)) else {
                    return;
                };
                if (200..300).contains(&answer.status) {
                    self.taken.push(answer);
                } else {
                    self.refused.push(RefusedItem {
                        item,
                        status: answer.status,
                        problem: answer.problem,
                    });
                }
            }
            JournalRecord::SeenTo { key } => self.refused.retain(|refused| refused.item.key != key),
        }
    }

    /// Writes the file anew with what still matters, once most of it does not.
    fn compact_journal(&mut self) -> Result<(), QueueError> {
        let refused = self.refused.iter().flat_map(|refused| {
            let answer = BatchItemResponse {
                key: refused.item.key.clone(),
                status: refused.status,
                receipt: None,
                problem: refused.problem.clone(),
            };
            let item = refused.item.clone();
            [
                JournalRecord::Queued { item },
                JournalRecord::Settled { answer },
            ]
        });
        let waiting = self.waiting.iter().cloned();
        let kept: Vec<JournalRecord> = refused
            .chain(waiting.map(|item| JournalRecord::Queued { item }))
            .collect();
        if self.journal.records() > 2 * kept.len() + LARGEST_BATCH {
            self.journal.rewrite(&kept)?;
        }
        Ok(())
    }
}

/// Returns whether an item of a batch is to be posted again: the server was at fault, too busy, or still at work on its key.
fn is_retryable(answer: &BatchItemResponse) -> bool {
    let at_work = answer.status == 409
        && answer
            .problem
            .as_ref()
            .is_some_and(|problem| problem.stable_key() == "busy");
    at_work || answer.status == 408 || answer.status == 429 || answer.status >= 500
}
