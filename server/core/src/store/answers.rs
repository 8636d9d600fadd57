//! Answers to the keys of receipts, kept byte for byte for whoever asks again.

use super::engine::{StoredRow, WriteEffect, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{ReceiptId, TillId};

/// A stored answer to a commit.
#[derive(Debug, Clone, StoredRow)]
pub struct StoredAnswerRow {
    /// Hash of the body that was answered.
    pub body_hash: Vec<u8>,
    /// The receipt.
    pub receipt_id: ReceiptId,
    /// The answer, byte for byte.
    pub answer: String,
}

/// The answer that this key already got at this till.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_key(
    tx: &mut Tx,
    till: TillId,
    key: &str,
) -> Result<Option<StoredAnswerRow>, StoreError> {
    sql("SELECT body_hash, receipt_id, answer FROM idempotency WHERE till_id = $1 AND key = $2")
        .bind(till)
        .bind(key)
        .fetch_optional(tx)
        .await
}

/// Stores the answer to a key.
pub fn insert(tx: &mut Tx, till: TillId, key: &str, row: &StoredAnswerRow, now: Instant) {
    sql(
        "INSERT INTO idempotency (till_id, key, body_hash, receipt_id, answer, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(till)
    .bind(key)
    .bind(row.body_hash.clone())
    .bind(row.receipt_id)
    .bind(row.answer.as_str())
    .bind(now)
    .defer(tx, WriteEffect::Adds("idempotency"));
}
