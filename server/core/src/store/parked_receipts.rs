//! Receipts that wait for their time or for their sale.

use super::engine::{StoredRow, sql};
use super::identity::ReceiptIdentity;
use super::{StoreError, Tx};
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId, TillId};

/// A parked receipt.
#[derive(Debug, Clone, StoredRow)]
pub struct ParkedReceiptRow {
    /// Its id while it waits.
    pub id: RowId,
    /// Till that it came from.
    pub till_id: TillId,
    /// Person who posted it.
    pub staff_id: Option<StaffId>,
    /// Member of the receipt.
    pub member_id: Option<MemberId>,
    /// Whether it is a sale or a return.
    pub kind: ReceiptKind,
    /// The key that it was sent under.
    pub key: String,
    /// Hash of the body.
    pub body_hash: Vec<u8>,
    /// JSON of the draft.
    pub draft: String,
    /// JSON of the card that was shown; empty: none.
    pub shown: String,
    /// Series of the numbering; empty: none.
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Series of the sale that a return names by its number; empty: none.
    pub sale_series: String,
    /// Shift of the sale that a return names by its number.
    pub sale_shift: String,
    /// Number of that sale.
    pub sale_number: String,
    /// Time at which it is due; `None` = it waits for its sale.
    pub due_at: Option<Instant>,
    /// Reason for which it was refused when its turn came; empty: it was not.
    pub refused: String,
}

/// Statement that reads parked receipts as [`ParkedReceiptRow`], with the given conditions and order.
macro_rules! select_parked_receipts {
    ($rest:literal) => {
        concat!(
            "SELECT id, till_id, staff_id, member_id, kind, key, body_hash, draft, shown, \
             shift, number, sale_shift, sale_number, due_at, refused, series, sale_series \
             FROM parked ",
            $rest
        )
    };
}

/// Parks a receipt.
///
/// # Errors
/// [`StoreError::Duplicate`] when its key or its identity waits already.
pub async fn insert(tx: &mut Tx, row: &ParkedReceiptRow, now: Instant) -> Result<(), StoreError> {
    sql("INSERT INTO parked (id, till_id, staff_id, member_id, kind, key, body_hash, draft, shown, shift, \
         number, sale_shift, sale_number, due_at, refused, created_at, series, sale_series) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)")
    .bind(row.id)
    .bind(row.till_id)
    .bind(row.staff_id)
    .bind(row.member_id)
    .bind(row.kind)
    .bind(row.key.as_str())
    .bind(row.body_hash.clone())
    .bind(row.draft.as_str())
    .bind(row.shown.as_str())
    .bind(row.shift.as_str())
    .bind(row.number.as_str())
    .bind(row.sale_shift.as_str())
    .bind(row.sale_number.as_str())
    .bind(row.due_at)
    .bind(row.refused.as_str())
    .bind(now)
    .bind(row.series.as_str())
    .bind(row.sale_series.as_str())
    .execute(tx)
    .await?;
    Ok(())
}

/// The receipt that waits under this key.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_key(
    tx: &mut Tx,
    till: TillId,
    key: &str,
) -> Result<Option<ParkedReceiptRow>, StoreError> {
    sql(select_parked_receipts!("WHERE till_id = $1 AND key = $2"))
        .bind(till)
        .bind(key)
        .fetch_optional(tx)
        .await
}

/// Returns whether a receipt of this identity waits; one that was refused does not any more.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_identity(
    tx: &mut Tx,
    till: TillId,
    identity: ReceiptIdentity<'_>,
    kind: ReceiptKind,
) -> Result<bool, StoreError> {
    let count: i64 = sql("SELECT COUNT(*) FROM parked \
         WHERE till_id = $1 AND shift = $2 AND number = $3 AND kind = $4 AND series = $5 AND refused = ''")
    .bind(till)
    .bind(identity.shift)
    .bind(identity.number)
    .bind(kind)
    .bind(identity.series)
    .fetch_value(tx)
    .await?;
    Ok(count > 0)
}

/// A parked receipt, held until the transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_by_id(tx: &mut Tx, id: RowId) -> Result<Option<ParkedReceiptRow>, StoreError> {
    sql(select_parked_receipts!("WHERE id = $1"))
        .bind(id)
        .locked()
        .fetch_optional(tx)
        .await
}

/// Returns that wait for this sale, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn for_sale(
    tx: &mut Tx,
    till: TillId,
    sale: ReceiptIdentity<'_>,
) -> Result<Vec<ParkedReceiptRow>, StoreError> {
    sql(select_parked_receipts!(
        "WHERE till_id = $1 AND sale_shift = $2 AND sale_number = $3 AND sale_series = $4 \
         AND due_at IS NULL AND refused = '' ORDER BY id"
    ))
    .bind(till)
    .bind(sale.shift)
    .bind(sale.number)
    .bind(sale.series)
    .fetch_all(tx)
    .await
}

/// Returns that wait for this sale or for their own time first, each locked until the transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_returns_of(
    tx: &mut Tx,
    till: TillId,
    sale: ReceiptIdentity<'_>,
) -> Result<Vec<ParkedReceiptRow>, StoreError> {
    sql(select_parked_receipts!(
        "WHERE till_id = $1 AND sale_shift = $2 AND sale_number = $3 AND sale_series = $4 \
         AND kind = 'return' AND refused = '' ORDER BY id"
    ))
    .bind(till)
    .bind(sale.shift)
    .bind(sale.number)
    .bind(sale.series)
    .locked()
    .fetch_all(tx)
    .await
}

/// Returns why a sale of this identity was refused, where one was and no other waits under the identity.
///
/// # Errors
/// [`StoreError`].
pub async fn refused_sale(
    tx: &mut Tx,
    till: TillId,
    sale: ReceiptIdentity<'_>,
) -> Result<Option<String>, StoreError> {
    sql(
        "SELECT refused FROM parked WHERE till_id = $1 AND shift = $2 \
         AND number = $3 AND series = $4 AND kind = 'sale' AND refused <> '' AND NOT EXISTS \
         (SELECT 1 FROM parked w WHERE w.till_id = $1 AND w.shift = $2 AND w.number = $3 \
         AND w.series = $4 AND w.kind = 'sale' AND w.refused = '') ORDER BY id DESC LIMIT 1",
    )
    .bind(till)
    .bind(sale.shift)
    .bind(sale.number)
    .bind(sale.series)
    .fetch_optional_value(tx)
    .await
}

/// Ends the waiting of a receipt: it is refused, for this reason.
///
/// # Errors
/// [`StoreError`].
pub async fn refuse(tx: &mut Tx, id: RowId, why: &str) -> Result<(), StoreError> {
    sql("UPDATE parked SET refused = $2, due_at = NULL WHERE id = $1")
        .bind(id)
        .bind(why)
        .execute(tx)
        .await?;
    Ok(())
}

/// Receipts whose time has come, and returns whose sale has come: a sale and its return that arrive at the same moment
/// may miss each other.
///
/// # Errors
/// [`StoreError`].
pub async fn list_due(tx: &mut Tx, now: Instant, limit: i64) -> Result<Vec<RowId>, StoreError> {
    sql(
        "SELECT id FROM parked WHERE refused = '' AND (due_at <= $1 OR (due_at IS NULL \
         AND EXISTS (SELECT 1 FROM receipts r WHERE r.till_id = parked.till_id AND r.kind = 'sale' \
         AND r.shift = parked.sale_shift AND r.series_number = CASE parked.sale_series WHEN '' \
         THEN parked.sale_number ELSE parked.sale_series || '\u{1f}' || parked.sale_number END))) \
         ORDER BY id LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_values(tx)
    .await
}

/// Lets a return whose time has come wait for its sale.
///
/// # Errors
/// [`StoreError`].
pub async fn wait_for_sale(tx: &mut Tx, id: RowId) -> Result<(), StoreError> {
    sql("UPDATE parked SET due_at = NULL WHERE id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Sales of a member that wait.
///
/// # Errors
/// [`StoreError`].
pub async fn list_of_member(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<ParkedReceiptRow>, StoreError> {
    sql(select_parked_receipts!("WHERE member_id = $1"))
        .bind(member)
        .fetch_all(tx)
        .await
}

/// Forgets whose sale it is that waits.
///
/// # Errors
/// [`StoreError`].
pub async fn make_anonymous(tx: &mut Tx, id: RowId, draft: &str) -> Result<(), StoreError> {
    sql("UPDATE parked SET member_id = NULL, shown = '', draft = $2 WHERE id = $1")
        .bind(id)
        .bind(draft)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends the waiting.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(tx: &mut Tx, id: RowId) -> Result<(), StoreError> {
    sql("DELETE FROM parked WHERE id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
