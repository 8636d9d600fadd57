//! Who is signed in at which till. A session may be locked: it is somebody's still, and shows nothing until they prove it.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::roles::Role;
use crate::domain::time::Instant;
use crate::ids::{RowId, StaffId, TillId};

/// Session of a person of staff.
#[derive(Debug, Clone, StoredRow)]
pub struct StaffSessionRow {
    /// The session.
    pub id: RowId,
    /// The person.
    pub staff_id: StaffId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The till; `None` = the session is at none.
    pub till_id: Option<TillId>,
    /// The paired browser; none where the person signed in elsewhere with their own password.
    pub device_id: Option<RowId>,
    /// Time at which they last did something.
    pub seen_at: Instant,
    /// Time since which it is locked; `None` = it is not.
    pub locked_at: Option<Instant>,
    /// Number of the shift that is open at the till; `None` = there is none, or no till.
    pub shift: Option<i64>,
}

/// Signs a person in, at a till or at none.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_session(
    tx: &mut Tx,
    staff: StaffId,
    till: Option<TillId>,
    device: Option<RowId>,
    token_hash: Vec<u8>,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO staff_sessions (id, staff_id, till_id, device_id, token_hash, created_at, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(RowId::new())
    .bind(staff)
    .bind(till)
    .bind(device)
    .bind(token_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The session with this token, unless it has ended or its owner is blocked.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<StaffSessionRow>, StoreError> {
    sql(
        "SELECT x.id, x.staff_id, s.name, s.role, x.till_id, x.device_id, x.seen_at, x.locked_at, \
         (SELECT h.number FROM shifts h WHERE h.till_id = x.till_id AND h.closed_at IS NULL) AS shift \
         FROM staff_sessions x JOIN staff s ON s.id = x.staff_id \
         WHERE x.token_hash = $1 AND x.ended_at IS NULL AND s.blocked_at IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(tx)
    .await
}

/// Remembers that the session was used; one that was locked meanwhile stays as it is.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_used(tx: &mut Tx, session: RowId, now: Instant) -> Result<(), StoreError> {
    sql("UPDATE staff_sessions SET seen_at = $2 WHERE id = $1 AND locked_at IS NULL")
        .bind(session)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Unlocks a session; false when it has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn unlock_session(tx: &mut Tx, session: RowId, now: Instant) -> Result<bool, StoreError> {
    let unlocked = sql("UPDATE staff_sessions SET seen_at = $2, locked_at = NULL \
         WHERE id = $1 AND ended_at IS NULL")
    .bind(session)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(unlocked == 1)
}

/// Locks a session; false where it was locked or has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_session(tx: &mut Tx, session: RowId, now: Instant) -> Result<bool, StoreError> {
    let locked = sql("UPDATE staff_sessions SET locked_at = $2 \
         WHERE id = $1 AND locked_at IS NULL AND ended_at IS NULL")
    .bind(session)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(locked == 1)
}

/// Locks every session of a till, as its shift is closed.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_all(tx: &mut Tx, till: TillId, now: Instant) -> Result<(), StoreError> {
    sql("UPDATE staff_sessions SET locked_at = $2 \
         WHERE till_id = $1 AND locked_at IS NULL AND ended_at IS NULL")
    .bind(till)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the session; false where it had ended.
///
/// # Errors
/// [`StoreError`].
pub async fn end_session(tx: &mut Tx, session: RowId, now: Instant) -> Result<bool, StoreError> {
    let ended = sql("UPDATE staff_sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(session)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(ended > 0)
}

/// Returns whether this person has been signed in at this till, as far back as sessions are kept.
///
/// # Errors
/// [`StoreError`].
pub async fn has_worked(tx: &mut Tx, till: TillId, staff: StaffId) -> Result<bool, StoreError> {
    let found: Option<RowId> =
        sql("SELECT id FROM staff_sessions WHERE staff_id = $1 AND till_id = $2 LIMIT 1")
            .bind(staff)
            .bind(till)
            .fetch_optional_value(tx)
            .await?;
    Ok(found.is_some())
}
