//! What was done at tills in figures, straight from receipts, their entries and the log of who did what. Whose they are
//! comes first in each row: a person at one till, or nobody where the till's own software did it.

use super::engine::sql;
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{StaffId, StoreId, TillId};

/// Sales, what they came to, what points paid of it, returns, money given back (minor units).
pub type Receipts = (Option<StaffId>, i64, i64, i64, i64, i64);
/// Points earned and spent by sales, taken back and given back by returns.
pub type Points = (Option<StaffId>, i64, i64, i64, i64);
/// An action of the log and how often it was done.
pub type Acts = (Option<StaffId>, String, i64);

macro_rules! receipts_where {
    ($condition:literal) => {
        concat!(
            "SELECT staff_id, \
             CAST(SUM(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN kind = 'sale' THEN total - discount ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN kind = 'sale' THEN paid_by_points ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN kind = 'return' THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN kind = 'return' THEN total - discount - paid_by_points ELSE 0 END) AS BIGINT) \
             FROM receipts WHERE ",
            $condition,
            " GROUP BY staff_id"
        )
    };
}

macro_rules! points_where {
    ($condition:literal) => {
        concat!(
            "SELECT r.staff_id, \
             CAST(SUM(CASE WHEN r.kind = 'sale' AND e.kind = 'earn' THEN e.points ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN r.kind = 'sale' AND e.kind = 'spend' THEN -e.points ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN r.kind = 'return' AND e.kind IN ('return', 'debt') THEN -e.points \
             ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN r.kind = 'return' AND e.kind = 'restore' THEN e.points ELSE 0 END) AS BIGINT) \
             FROM receipts r JOIN entries e ON e.receipt_id = r.id WHERE ",
            $condition,
            " GROUP BY r.staff_id"
        )
    };
}

/// Receipts of a shift.
///
/// # Errors
/// [`StoreError`].
pub async fn receipts_of_shift(
    tx: &mut Tx,
    till: TillId,
    shift: &str,
) -> Result<Vec<Receipts>, StoreError> {
    sql(receipts_where!("till_id = $1 AND shift = $2"))
        .bind(till)
        .bind(shift)
        .all(tx)
        .await
}

/// Points that the receipts of a shift have moved.
///
/// # Errors
/// [`StoreError`].
pub async fn points_of_shift(
    tx: &mut Tx,
    till: TillId,
    shift: &str,
) -> Result<Vec<Points>, StoreError> {
    sql(points_where!("r.till_id = $1 AND r.shift = $2"))
        .bind(till)
        .bind(shift)
        .all(tx)
        .await
}

/// Receipts that came from a till in a span of time.
///
/// # Errors
/// [`StoreError`].
pub async fn receipts_between(
    tx: &mut Tx,
    till: TillId,
    from: Instant,
    until: Instant,
) -> Result<Vec<Receipts>, StoreError> {
    sql(receipts_where!(
        "till_id = $1 AND received_at >= $2 AND received_at < $3"
    ))
    .bind(till)
    .bind(from)
    .bind(until)
    .all(tx)
    .await
}

/// Points that the receipts of a till in a span of time have moved.
///
/// # Errors
/// [`StoreError`].
pub async fn points_between(
    tx: &mut Tx,
    till: TillId,
    from: Instant,
    until: Instant,
) -> Result<Vec<Points>, StoreError> {
    sql(points_where!(
        "r.till_id = $1 AND r.received_at >= $2 AND r.received_at < $3"
    ))
    .bind(till)
    .bind(from)
    .bind(until)
    .all(tx)
    .await
}

/// Gifts, enrolments and look-ups at a till in a span of time.
///
/// # Errors
/// [`StoreError`].
pub async fn acts_between(
    tx: &mut Tx,
    till: TillId,
    from: Instant,
    until: Instant,
) -> Result<Vec<Acts>, StoreError> {
    sql(
        "SELECT staff_id, action, COUNT(*) FROM audit WHERE till_id = $1 AND at >= $2 AND at < $3 \
         AND action IN ('gift-given', 'gift-taken-back', 'enrolment-begun', 'enrolment-finished', 'look-up') \
         GROUP BY staff_id, action",
    )
    .bind(till)
    .bind(from)
    .bind(until)
    .all(tx)
    .await
}

/// Name of somebody who works for the chain.
///
/// # Errors
/// [`StoreError`].
pub async fn name_of(tx: &mut Tx, staff: StaffId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = sql("SELECT name FROM staff WHERE id = $1")
        .bind(staff)
        .optional(tx)
        .await?;
    Ok(row.map(|(name,)| name))
}

/// Tills of a store by name, revoked ones too: what they have sold stays.
///
/// # Errors
/// [`StoreError`].
pub async fn tills_of(tx: &mut Tx, store: StoreId) -> Result<Vec<(TillId, String)>, StoreError> {
    sql("SELECT id, name FROM tills WHERE store_id = $1 ORDER BY name")
        .bind(store)
        .all(tx)
        .await
}
