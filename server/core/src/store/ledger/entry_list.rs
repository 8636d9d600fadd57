//! Entries as they are read: by their owner, newest first, and by the receipt that made them.

use crate::domain::amounts::Points;
use crate::domain::ledger::EntryKind;
use crate::domain::time::Instant;
use crate::ids::{EntryId, MemberId, ReceiptId};
use crate::store::engine::{StoredRow, sql};
use crate::store::{StoreError, Tx};

/// An entry as its owner sees it.
#[derive(Debug, Clone, StoredRow)]
pub struct LedgerEntryRow {
    /// Its id.
    pub id: EntryId,
    /// Kind.
    pub kind: EntryKind,
    /// Signed points.
    pub points: Points,
    /// Its receipt.
    pub receipt_id: Option<ReceiptId>,
    /// Programme version that decided.
    pub programme_version: i64,
    /// Reason as JSON.
    pub reason: String,
    /// Time of the movement.
    pub at: Instant,
    /// The entry that it corrects.
    pub corrects: Option<EntryId>,
    /// Name of the store, where there is a receipt.
    pub store: Option<String>,
}

/// Statement that reads entries as [`LedgerEntryRow`], with the given conditions and order.
macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.kind, e.points, e.receipt_id, e.programme_version, e.reason, e.at, \
             e.corrects, s.name AS store FROM entries e \
             LEFT JOIN receipts r ON r.id = e.receipt_id \
             LEFT JOIN stores s ON s.id = r.store_id ",
            $rest
        )
    };
}

/// The member's entries before `before`, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn list_entries(
    tx: &mut Tx,
    member: MemberId,
    before: Option<EntryId>,
    limit: i64,
) -> Result<Vec<LedgerEntryRow>, StoreError> {
    let before = before.unwrap_or(EntryId(uuid::Uuid::max()));
    sql(select_entries!(
        "WHERE e.member_id = $1 AND e.id < $2 ORDER BY e.id DESC LIMIT $3"
    ))
    .bind(member)
    .bind(before)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// One entry of the member.
///
/// # Errors
/// [`StoreError`].
pub async fn find_entry(
    tx: &mut Tx,
    member: MemberId,
    entry: EntryId,
) -> Result<Option<LedgerEntryRow>, StoreError> {
    sql(select_entries!("WHERE e.member_id = $1 AND e.id = $2"))
        .bind(member)
        .bind(entry)
        .fetch_optional(tx)
        .await
}

/// Entries of a receipt in order.
///
/// # Errors
/// [`StoreError`].
pub async fn list_of_receipt(
    tx: &mut Tx,
    receipt: ReceiptId,
) -> Result<Vec<LedgerEntryRow>, StoreError> {
    sql(select_entries!("WHERE e.receipt_id = $1 ORDER BY e.id"))
        .bind(receipt)
        .fetch_all(tx)
        .await
}
