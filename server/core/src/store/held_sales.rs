//! Sales that came later than they were made: who sent them, and those that wait for somebody to look at them.

use super::engine::{StoredRow, WriteEffect, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{ReceiptId, RowId, StaffId, TillId};

/// Sender and time of a parked or late sale.
#[derive(Debug, Clone, StoredRow)]
pub struct SaleSenderRow {
    /// Person who sent it; `None` = a till's key.
    pub sender_staff_id: Option<StaffId>,
    /// Time at which it came.
    pub created_at: Instant,
}

/// A held sale as it is listed.
#[derive(Debug, Clone, StoredRow)]
pub struct HeldSaleRow {
    /// Id while it is held.
    pub id: RowId,
    /// Time at which it came.
    pub created_at: Instant,
    /// Code of the store.
    pub store: String,
    /// Name of the till.
    pub till: String,
    /// Login of the person who sent it; empty = a till's key.
    pub sender: String,
    /// Login of the cashier whom it names; empty = nobody.
    pub cashier: String,
    /// Newest card of the member; `None` = the account is closed.
    pub card: Option<String>,
    /// JSON of the draft.
    pub draft: String,
    /// Stable name of the limit that it exceeds.
    pub held: String,
}

/// A sale that was held and then refused.
#[derive(Debug, Clone, StoredRow)]
pub struct RefusedSaleRow {
    /// Time at which it came.
    pub created_at: Instant,
    /// JSON of the draft.
    pub draft: String,
    /// Reason, as it was typed.
    pub refused: String,
}

/// Records who sent a parked sale.
///
/// # Errors
/// [`StoreError`].
pub async fn set_sender(
    tx: &mut Tx,
    parked: RowId,
    sender: Option<StaffId>,
) -> Result<(), StoreError> {
    sql("UPDATE parked SET sender_staff_id = $2 WHERE id = $1")
        .bind(parked)
        .bind(sender)
        .execute(tx)
        .await?;
    Ok(())
}

/// Marks a parked sale as held, with the limit that it exceeds.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_held(
    tx: &mut Tx,
    parked: RowId,
    sender: Option<StaffId>,
    why: &str,
) -> Result<(), StoreError> {
    sql("UPDATE parked SET sender_staff_id = $2, held = $3 WHERE id = $1")
        .bind(parked)
        .bind(sender)
        .bind(why)
        .execute(tx)
        .await?;
    Ok(())
}

/// Returns who sent a parked sale, and when it came.
///
/// # Errors
/// [`StoreError`].
pub async fn load_sender(tx: &mut Tx, parked: RowId) -> Result<SaleSenderRow, StoreError> {
    sql("SELECT sender_staff_id, created_at FROM parked WHERE id = $1")
        .bind(parked)
        .fetch_one(tx)
        .await
}

/// Records that a stored sale came late: who sent it and when.
pub fn mark_late(tx: &mut Tx, receipt: ReceiptId, sender: Option<StaffId>, sent_at: Instant) {
    sql("UPDATE receipts SET sender_staff_id = $2, sent_late_at = $3 WHERE id = $1")
        .bind(receipt)
        .bind(sender)
        .bind(sent_at)
        .defer(tx, WriteEffect::Changes("receipts"));
}

/// Returns who sent a stored sale that came late, and when it came; `None` = it did not come late.
///
/// # Errors
/// [`StoreError`].
pub async fn sent_late(
    tx: &mut Tx,
    receipt: ReceiptId,
) -> Result<Option<SaleSenderRow>, StoreError> {
    sql(
        "SELECT sender_staff_id, sent_late_at AS created_at FROM receipts \
         WHERE id = $1 AND sent_late_at IS NOT NULL",
    )
    .bind(receipt)
    .fetch_optional(tx)
    .await
}

/// Held sales that nobody has decided on, oldest first; of one till where it is given.
///
/// # Errors
/// [`StoreError`].
pub async fn list_undecided(
    tx: &mut Tx,
    till: Option<TillId>,
) -> Result<Vec<HeldSaleRow>, StoreError> {
    sql(
        "SELECT p.id, p.created_at, s.code AS store, t.name AS till, COALESCE(b.login, '') AS sender, \
         COALESCE(c.login, '') AS cashier, (SELECT MAX(d.number) FROM cards d \
         WHERE d.member_id = p.member_id AND d.blocked_at IS NULL) AS card, p.draft, p.held \
         FROM parked p JOIN tills t ON t.id = p.till_id JOIN stores s ON s.id = t.store_id \
         LEFT JOIN staff b ON b.id = p.sender_staff_id LEFT JOIN staff c ON c.id = p.staff_id \
         WHERE p.held <> '' AND p.refused = '' AND ($1 IS NULL OR p.till_id = $1) \
         ORDER BY p.created_at, p.id",
    )
    .bind(till)
    .fetch_all(tx)
    .await
}

/// The sale of this id, where it was held and then refused.
///
/// # Errors
/// [`StoreError`].
pub async fn refused(tx: &mut Tx, parked: RowId) -> Result<Option<RefusedSaleRow>, StoreError> {
    sql("SELECT created_at, draft, refused FROM parked WHERE id = $1 AND held <> '' AND refused <> ''")
        .bind(parked)
        .fetch_optional(tx)
        .await
}
