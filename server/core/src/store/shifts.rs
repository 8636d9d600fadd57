//! Shifts of tills: at most one is open at a till, and their numbers count up.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{RowId, StaffId, TillId};

/// A shift.
#[derive(Debug, Clone, StoredRow)]
pub struct TillShiftRow {
    /// Its id.
    pub id: RowId,
    /// The till.
    pub till_id: TillId,
    /// Counts up from 1 at each till.
    pub number: i64,
    /// Time at which it began.
    pub opened_at: Instant,
    /// Name of who began it, or nothing.
    pub opened_by: String,
    /// Time at which it ended; `None` = it is open.
    pub closed_at: Option<Instant>,
    /// Name of who ended it; nothing where the day's end did.
    pub closed_by: String,
}

/// Statement that reads shifts as [`TillShiftRow`], with the given conditions and order.
macro_rules! select_shifts {
    ($rest:literal) => {
        concat!(
            "SELECT x.id, x.till_id, x.number, x.opened_at, COALESCE(o.name, '') AS opened_by, \
             x.closed_at, COALESCE(c.name, '') AS closed_by FROM shifts x \
             LEFT JOIN staff o ON o.id = x.opened_by \
             LEFT JOIN staff c ON c.id = x.closed_by ",
            $rest
        )
    };
}

/// A shift that is open.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct OpenShift {
    /// Its id.
    pub id: RowId,
    /// Its number.
    pub number: i64,
    /// Time at which it began.
    pub opened_at: Instant,
}

/// The shift that is open at a till, held until the transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_open_shift(tx: &mut Tx, till: TillId) -> Result<Option<OpenShift>, StoreError> {
    sql("SELECT id, number, opened_at FROM shifts WHERE till_id = $1 AND closed_at IS NULL")
        .bind(till)
        .locked()
        .fetch_optional(tx)
        .await
}

/// Begins the till's next shift; its number.
///
/// # Errors
/// [`StoreError::Duplicate`] while another is open.
pub async fn begin_shift(
    tx: &mut Tx,
    till: TillId,
    by: Option<StaffId>,
    now: Instant,
) -> Result<i64, StoreError> {
    let last: i64 = sql("SELECT COALESCE(MAX(number), 0) FROM shifts WHERE till_id = $1")
        .bind(till)
        .fetch_value(tx)
        .await?;
    let number = last + 1;
    sql("INSERT INTO shifts (id, till_id, number, opened_at, opened_by) VALUES ($1, $2, $3, $4, $5)")
        .bind(RowId::new())
        .bind(till)
        .bind(number)
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(number)
}

/// Ends a shift.
///
/// # Errors
/// [`StoreError`].
pub async fn close_shift(
    tx: &mut Tx,
    shift: RowId,
    by: Option<StaffId>,
    now: Instant,
) -> Result<(), StoreError> {
    sql("UPDATE shifts SET closed_at = $2, closed_by = $3 WHERE id = $1 AND closed_at IS NULL")
        .bind(shift)
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(())
}

/// The till's latest shifts, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_latest(
    tx: &mut Tx,
    till: TillId,
    limit: i64,
) -> Result<Vec<TillShiftRow>, StoreError> {
    sql(select_shifts!(
        "WHERE x.till_id = $1 ORDER BY x.number DESC LIMIT $2"
    ))
    .bind(till)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// A shift.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_id(tx: &mut Tx, shift: RowId) -> Result<Option<TillShiftRow>, StoreError> {
    sql(select_shifts!("WHERE x.id = $1"))
        .bind(shift)
        .fetch_optional(tx)
        .await
}
