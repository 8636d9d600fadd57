//! Corrections by hand that were asked for, and who decided on them.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::Points;
use crate::domain::corrections::CorrectionState;
use crate::domain::time::Instant;
use crate::ids::{EntryId, MemberId, RowId, StaffId};

/// A correction.
#[derive(Debug, Clone, StoredRow)]
pub struct AdjustmentRow {
    /// Its id.
    pub id: RowId,
    /// Member whose points are corrected.
    pub member_id: MemberId,
    /// Signed: + comes, − goes.
    pub points: Points,
    /// Reason in the author's words.
    pub note: String,
    /// Staff account of the person who asked for it.
    pub author_id: StaffId,
    /// Time at which it was asked for.
    pub created_at: Instant,
    /// Whether it waits, or what was decided.
    pub state: CorrectionState,
    /// The entry that it corrects, where one was named.
    pub corrects: Option<EntryId>,
}

/// A correction that waits, as whoever decides on it needs to see it.
#[derive(Debug, Clone, StoredRow)]
pub struct WaitingAdjustmentRow {
    /// Its id.
    pub id: RowId,
    /// The member's card in force, or the last one; none once the account is closed.
    pub card: Option<String>,
    /// Login of whoever asked for it.
    pub author: String,
    /// Time at which it was asked for.
    pub created_at: Instant,
    /// Signed: + comes, − goes.
    pub points: Points,
    /// Reason in the author's words.
    pub note: String,
    /// The entry that it corrects, where one was named.
    pub corrects: Option<EntryId>,
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
         decided_at, corrects) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.id)
    .bind(row.member_id)
    .bind(row.points)
    .bind(row.note.as_str())
    .bind(row.author_id)
    .bind(row.created_at)
    .bind(row.state)
    .bind(decided_by)
    .bind(decided_by.map(|_| row.created_at))
    .bind(row.corrects)
    .execute(tx)
    .await?;
    Ok(())
}

/// A correction.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_id(tx: &mut Tx, id: RowId) -> Result<Option<AdjustmentRow>, StoreError> {
    sql(
        "SELECT id, member_id, points, note, author_id, created_at, state, corrects \
         FROM adjustments WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(tx)
    .await
}

/// Corrections that wait for a second person, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_waiting(tx: &mut Tx) -> Result<Vec<WaitingAdjustmentRow>, StoreError> {
    sql(
        "SELECT a.id, (SELECT c.number FROM cards c WHERE c.member_id = a.member_id \
         ORDER BY CASE WHEN c.blocked_at IS NULL THEN 0 ELSE 1 END, c.plastic, c.created_at DESC LIMIT 1) \
         AS card, s.login AS author, a.created_at, a.points, a.note, a.corrects \
         FROM adjustments a JOIN staff s ON s.id = a.author_id \
         WHERE a.state = 'waiting' ORDER BY a.created_at LIMIT 100",
    )
    .fetch_all(tx)
    .await
}

/// Returns how many points an author has given without a second person since `since`, or taken, as the sign of `points` says,
/// whoever got them: signed.
///
/// # Errors
/// [`StoreError`].
pub async fn sum_decided_alone_since(
    tx: &mut Tx,
    author: StaffId,
    points: Points,
    since: Instant,
) -> Result<Points, StoreError> {
    let sum: i64 = sql(
        "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM adjustments WHERE author_id = $1 \
         AND decided_by = $1 AND state = 'applied' AND created_at > $2 AND points * $3 > 0",
    )
    .bind(author)
    .bind(since)
    .bind(points.0.signum())
    .fetch_value(tx)
    .await?;
    Ok(Points(sum))
}

/// Decides on a correction that waits; false when somebody has decided already.
///
/// # Errors
/// [`StoreError`].
pub async fn decide(
    tx: &mut Tx,
    id: RowId,
    state: CorrectionState,
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
    /// Returns the points of the correction, with their sign.
    pub const fn signed(&self) -> Points {
        self.points
    }
}
