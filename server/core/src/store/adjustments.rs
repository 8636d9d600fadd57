//! Corrections by hand that were asked for, and who decided on them.

use super::engine::sql;
use super::{StoreError, Tx};
use crate::domain::amounts::Points;
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId};

/// A correction.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AdjustmentRow {
    /// Its id.
    pub id: RowId,
    /// Whose points.
    pub member_id: MemberId,
    /// Signed: + comes, − goes.
    pub points: i64,
    /// Why, in the author's words.
    pub note: String,
    /// Who asked for it.
    pub author_id: StaffId,
    /// When (µs).
    pub created_at: i64,
    /// `waiting`, `applied` or `declined`.
    pub state: String,
}

/// Stores a correction in its first state; `decided_by` is its author where no second person is needed.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    row: &AdjustmentRow,
    decided_by: Option<StaffId>,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO adjustments (id, member_id, points, note, author_id, created_at, state, decided_by, \
         decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.id)
    .bind(row.member_id)
    .bind(row.points)
    .bind(row.note.as_str())
    .bind(row.author_id)
    .bind(row.created_at)
    .bind(row.state.as_str())
    .bind(decided_by)
    .bind(decided_by.map(|_| row.created_at))
    .execute(tx)
    .await?;
    Ok(())
}

/// A correction.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: RowId) -> Result<Option<AdjustmentRow>, StoreError> {
    sql("SELECT id, member_id, points, note, author_id, created_at, state FROM adjustments WHERE id = $1")
        .bind(id)
        .optional(tx)
        .await
}

/// Corrections that wait for a second person, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(tx: &mut Tx) -> Result<Vec<AdjustmentRow>, StoreError> {
    sql(
        "SELECT id, member_id, points, note, author_id, created_at, state FROM adjustments \
         WHERE state = 'waiting' ORDER BY created_at LIMIT 100",
    )
    .all(tx)
    .await
}

/// Decides on a correction that waits; false when somebody has decided already.
///
/// # Errors
/// [`StoreError`].
pub async fn decide(
    tx: &mut Tx,
    id: RowId,
    state: &str,
    by: StaffId,
    now: Instant,
) -> Result<bool, StoreError> {
    let done = sql(
        "UPDATE adjustments SET state = $2, decided_by = $3, decided_at = $4 \
         WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(state)
    .bind(by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

impl AdjustmentRow {
    /// How many points, signed.
    pub const fn signed(&self) -> Points {
        Points(self.points)
    }
}
