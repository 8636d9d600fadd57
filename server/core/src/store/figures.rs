//! What was done at tills in figures, straight from receipts, their entries and the log of who did what. Whose they are
//! stands in each row: a person at one till, or nobody where the till's own software did it.

use super::audit::Action;
use super::engine::{Statement, StoredRow, sql};
use super::{ScanTx, StoreError, Tx};
use crate::domain::amounts::{Money, Points};
use crate::domain::time::Instant;
use crate::ids::{StaffId, TillId};

/// Receipts of a person.
#[derive(Debug, Clone, StoredRow)]
pub struct ReceiptFigures {
    /// Person whose receipts they are.
    pub staff_id: Option<StaffId>,
    /// Sales.
    pub sales: i64,
    /// Sum of the sales after discounts.
    pub sold: Money,
    /// Part of that sum that points paid.
    pub by_points: Money,
    /// Returns.
    pub returns: i64,
    /// Money given back.
    pub refund: Money,
}

/// Points that receipts of a person have moved.
#[derive(Debug, Clone, StoredRow)]
pub struct PointFigures {
    /// Person whose receipts moved them.
    pub staff_id: Option<StaffId>,
    /// Points earned by sales.
    pub given: Points,
    /// Points spent on sales.
    pub taken: Points,
    /// Points taken back by returns.
    pub taken_back: Points,
    /// Points given back by returns.
    pub given_back: Points,
}

/// Lines of the log about one action of a person.
#[derive(Debug, Clone, StoredRow)]
pub struct AuditActionCount {
    /// Person who acted.
    pub staff_id: Option<StaffId>,
    /// The action.
    pub action: Action,
    /// Number of lines.
    pub count: i64,
}

macro_rules! receipts_where {
    ($condition:literal) => {
        concat!(
            "SELECT staff_id, \
             CAST(SUM(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS BIGINT) AS sales, \
             CAST(SUM(CASE WHEN kind = 'sale' THEN total - discount ELSE 0 END) AS BIGINT) AS sold, \
             CAST(SUM(CASE WHEN kind = 'sale' THEN paid_by_points ELSE 0 END) AS BIGINT) AS by_points, \
             CAST(SUM(CASE WHEN kind = 'return' THEN 1 ELSE 0 END) AS BIGINT) AS returns, \
             CAST(SUM(CASE WHEN kind = 'return' THEN total - discount - paid_by_points ELSE 0 END) AS BIGINT) AS refund \
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
             CAST(SUM(CASE WHEN r.kind = 'sale' AND e.kind = 'earn' THEN e.points ELSE 0 END) AS BIGINT) AS given, \
             CAST(SUM(CASE WHEN r.kind = 'sale' AND e.kind = 'spend' THEN -e.points ELSE 0 END) AS BIGINT) AS taken, \
             CAST(SUM(CASE WHEN r.kind = 'return' AND e.kind IN ('return', 'debt') THEN -e.points \
             ELSE 0 END) AS BIGINT) AS taken_back, \
             CAST(SUM(CASE WHEN r.kind = 'return' AND e.kind = 'restore' THEN e.points ELSE 0 END) AS BIGINT) AS given_back \
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
    tx: &mut ScanTx,
    till: TillId,
    shift: &str,
) -> Result<Vec<ReceiptFigures>, StoreError> {
    sql(receipts_where!("till_id = $1 AND shift = $2"))
        .bind(till)
        .bind(shift)
        .fetch_all(tx)
        .await
}

/// Points that the receipts of a shift have moved.
///
/// # Errors
/// [`StoreError`].
pub async fn points_of_shift(
    tx: &mut ScanTx,
    till: TillId,
    shift: &str,
) -> Result<Vec<PointFigures>, StoreError> {
    sql(points_where!("r.till_id = $1 AND r.shift = $2"))
        .bind(till)
        .bind(shift)
        .fetch_all(tx)
        .await
}

/// Receipts that came from a till in a span of time.
///
/// # Errors
/// [`StoreError`].
pub async fn receipts_between(
    tx: &mut ScanTx,
    till: TillId,
    from: Instant,
    until: Instant,
) -> Result<Vec<ReceiptFigures>, StoreError> {
    sql(receipts_where!(
        "till_id = $1 AND received_at >= $2 AND received_at < $3"
    ))
    .bind(till)
    .bind(from)
    .bind(until)
    .fetch_all(tx)
    .await
}

/// Points that the receipts of a till in a span of time have moved.
///
/// # Errors
/// [`StoreError`].
pub async fn points_between(
    tx: &mut ScanTx,
    till: TillId,
    from: Instant,
    until: Instant,
) -> Result<Vec<PointFigures>, StoreError> {
    sql(points_where!(
        "r.till_id = $1 AND r.received_at >= $2 AND r.received_at < $3"
    ))
    .bind(till)
    .bind(from)
    .bind(until)
    .fetch_all(tx)
    .await
}

/// Actions that the report of a shift counts.
pub const COUNTED_ACTIONS: [Action; 5] = [
    Action::GiftGiven,
    Action::GiftTakenBack,
    Action::EnrolmentBegun,
    Action::EnrolmentFinished,
    Action::LookUp,
];

/// Gifts, enrolments and look-ups at a till in a span of time.
///
/// # Errors
/// [`StoreError`].
pub async fn acts_between(
    tx: &mut ScanTx,
    till: TillId,
    from: Instant,
    until: Instant,
) -> Result<Vec<AuditActionCount>, StoreError> {
    let statement = sql(
        "SELECT staff_id, action, COUNT(*) AS count FROM audit WHERE till_id = $1 AND at >= $2 AND at < $3 \
         AND action IN ($4, $5, $6, $7, $8) GROUP BY staff_id, action",
    )
    .bind(till)
    .bind(from)
    .bind(until);
    let statement = COUNTED_ACTIONS.into_iter().fold(statement, Statement::bind);
    statement.fetch_all(tx).await
}

/// Name of somebody who works for the chain.
///
/// # Errors
/// [`StoreError`].
pub async fn name_of(tx: &mut Tx, staff: StaffId) -> Result<Option<String>, StoreError> {
    sql("SELECT name FROM staff WHERE id = $1")
        .bind(staff)
        .fetch_optional_value(tx)
        .await
}
