//! What is there already when a receipt comes: under its key, under its own identity, and what waits for it. Read at once.

use super::engine::{StoredRow, sql};
use super::identity::ReceiptIdentity;
use super::{StoreError, Tx};
use crate::domain::receipt::ReceiptKind;
use crate::ids::{ReceiptId, TillId};

/// Receipts that are there already when one comes, stored or waiting.
#[derive(Debug, Clone, Default)]
pub struct ReceiptPresence {
    /// Hash of the body that the key was sent with, and what it was answered.
    pub answered: Option<(Vec<u8>, String)>,
    /// True if a receipt waits under the key.
    pub parked: bool,
    /// The receipt that has the identity.
    pub receipt: Option<ReceiptId>,
    /// True if a receipt of the identity waits.
    pub waits: bool,
    /// True if a return waits for a sale of the identity.
    pub awaited: bool,
}

#[derive(StoredRow)]
struct ReceiptPresenceRow {
    kind: String,
    body_hash: Option<Vec<u8>>,
    answer: Option<String>,
    id: Option<ReceiptId>,
}

/// Looks for a key at a till, and for a receipt of this identity and kind where the till says shift and number.
///
/// # Errors
/// [`StoreError`].
pub async fn find_present(
    tx: &mut Tx,
    till: TillId,
    key: &str,
    identity: Option<ReceiptIdentity<'_>>,
    kind: ReceiptKind,
) -> Result<ReceiptPresence, StoreError> {
    let rows: Vec<ReceiptPresenceRow> = sql(
        "SELECT 'answered' AS kind, body_hash, answer, receipt_id AS id FROM idempotency \
         WHERE till_id = $1 AND key = $2 \
         UNION ALL SELECT 'parked', NULL, NULL, NULL FROM parked WHERE till_id = $1 AND key = $2 \
         UNION ALL SELECT 'receipt', NULL, NULL, id FROM receipts \
         WHERE till_id = $1 AND shift = $3 AND series_number = $6 AND kind = $5 \
         UNION ALL SELECT 'waits', NULL, NULL, NULL FROM parked \
         WHERE till_id = $1 AND series = $7 AND shift = $3 AND number = $4 AND kind = $5 AND refused = '' \
         UNION ALL SELECT 'awaited', NULL, NULL, NULL FROM parked WHERE till_id = $1 \
         AND sale_shift = $3 AND sale_number = $4 AND sale_series = $7 AND due_at IS NULL AND refused = ''",
    )
    .bind(till)
    .bind(key)
    .bind(identity.map(|identity| identity.shift))
    .bind(identity.map(|identity| identity.number))
    .bind(kind)
    .bind(identity.map(|identity| identity.series_number()))
    .bind(identity.map(|identity| identity.series))
    .fetch_all(tx)
    .await?;
    let mut presence = ReceiptPresence::default();
    for row in rows {
        match row.kind.as_str() {
            "answered" => presence.answered = row.body_hash.zip(row.answer),
            "parked" => presence.parked = true,
            "receipt" => presence.receipt = row.id,
            "waits" => presence.waits = true,
            _ => presence.awaited = true,
        }
    }
    Ok(presence)
}
