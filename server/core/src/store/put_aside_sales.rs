//! Sales that a till kept without a link, that were refused, and that a cashier has put aside. Nothing of them is changed.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::Money;
use crate::domain::time::Instant;
use crate::ids::{RowId, StaffId, TillId};

/// A sale that was put aside.
#[derive(Debug, Clone, StoredRow)]
pub struct PutAsideSaleRow {
    /// Its id.
    pub id: RowId,
    /// The till.
    pub till_id: TillId,
    /// Person who put it aside.
    pub staff_id: Option<StaffId>,
    /// The key under which the device kept it.
    pub key: String,
    /// The sale's own time.
    pub at: Instant,
    /// Amount of the sale, in minor units.
    pub total: Money,
    /// Its lines as JSON.
    pub lines: String,
    /// Stable name of why it was refused.
    pub why: String,
    /// Time at which it was put aside.
    pub put_at: Instant,
}

/// Stores a sale, once by its key; whether it is new.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, row: &PutAsideSaleRow) -> Result<bool, StoreError> {
    let stored = sql(
        "INSERT INTO till_put_aside (id, till_id, staff_id, key, at, total, lines, why, put_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (till_id, key) DO NOTHING",
    )
    .bind(row.id)
    .bind(row.till_id)
    .bind(row.staff_id)
    .bind(row.key.as_str())
    .bind(row.at)
    .bind(row.total)
    .bind(row.lines.as_str())
    .bind(row.why.as_str())
    .bind(row.put_at)
    .execute(tx)
    .await?;
    Ok(stored == 1)
}

/// The sales that were put aside at a till since then, the last first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_since(
    tx: &mut Tx,
    till: TillId,
    since: Instant,
) -> Result<Vec<PutAsideSaleRow>, StoreError> {
    sql(
        "SELECT id, till_id, staff_id, key, at, total, lines, why, put_at FROM till_put_aside \
         WHERE till_id = $1 AND put_at >= $2 ORDER BY put_at DESC, id DESC",
    )
    .bind(till)
    .bind(since)
    .fetch_all(tx)
    .await
}
