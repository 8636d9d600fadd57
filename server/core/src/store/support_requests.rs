//! Acts of support that hand points to somebody: accounts merged or moved back, phones changed. Each is a row; above a limit
//! it waits for a second person.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::Points;
use crate::domain::corrections::{CorrectionState, SupportRequestKind};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId};

/// An act that was asked for.
#[derive(Clone, StoredRow)]
pub struct SupportRequestRow {
    /// Its id.
    pub id: RowId,
    /// Its kind.
    pub kind: SupportRequestKind,
    /// Member whose account it is about.
    pub member_id: MemberId,
    /// The other account of a move.
    pub other_id: Option<MemberId>,
    /// The merge that is to be moved back.
    pub merge_id: Option<RowId>,
    /// Number of the card that names the account; empty once it is decided.
    pub card: String,
    /// Number of the card that names the other account; empty once it is decided.
    pub other_card: String,
    /// The new phone (E.164); empty once it is decided.
    pub phone: String,
    /// The phone that the member had then (E.164); `None` once it is decided, for other kinds, and for requests from before it
    /// was kept.
    pub old_phone: Option<String>,
    /// Points that hung on it when it was asked for.
    pub points: Points,
    /// Reason in the author's words.
    pub note: String,
    /// Person who asked for it.
    pub author_id: StaffId,
    /// Time at which it was asked for.
    pub created_at: Instant,
}

/// Personal data stays out of logs.
impl std::fmt::Debug for SupportRequestRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SupportRequestRow")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// An act that waits, as whoever decides on it needs to see it.
#[derive(Clone, StoredRow)]
pub struct WaitingSupportRequest {
    /// Its id.
    pub id: RowId,
    /// Its kind.
    pub kind: SupportRequestKind,
    /// Number of the card that names the account.
    pub card: String,
    /// Number of the card that names the other account, or nothing.
    pub other_card: String,
    /// The new phone (E.164), or nothing.
    pub phone: String,
    /// Points that hung on it when it was asked for.
    pub points: Points,
    /// Reason in the author's words.
    pub note: String,
    /// Login of whoever asked for it.
    pub author: String,
    /// Time at which it was asked for.
    pub created_at: Instant,
}

/// Personal data stays out of logs.
impl std::fmt::Debug for WaitingSupportRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitingSupportRequest")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Stores an act that waits.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_waiting(tx: &mut Tx, row: &SupportRequestRow) -> Result<(), StoreError> {
    sql(
        "INSERT INTO support_requests (id, kind, member_id, other_id, merge_id, card, other_card, phone, \
         old_phone, points, note, author_id, created_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'waiting')",
    )
    .bind(row.id)
    .bind(row.kind)
    .bind(row.member_id)
    .bind(row.other_id)
    .bind(row.merge_id)
    .bind(row.card.as_str())
    .bind(row.other_card.as_str())
    .bind(row.phone.as_str())
    .bind(row.old_phone.clone())
    .bind(row.points)
    .bind(row.note.as_str())
    .bind(row.author_id)
    .bind(row.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Returns an act, decided or not.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_id(tx: &mut Tx, id: RowId) -> Result<Option<SupportRequestRow>, StoreError> {
    sql(
        "SELECT id, kind, member_id, other_id, merge_id, card, other_card, phone, old_phone, points, \
         note, author_id, created_at FROM support_requests WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(tx)
    .await
}

/// Returns acts that wait for a second person, oldest first, at most 100.
///
/// # Errors
/// [`StoreError`].
pub async fn list_waiting(tx: &mut Tx) -> Result<Vec<WaitingSupportRequest>, StoreError> {
    sql(
        "SELECT r.id, r.kind, r.card, r.other_card, r.phone, r.points, r.note, s.login AS author, \
         r.created_at FROM support_requests r JOIN staff s ON s.id = r.author_id \
         WHERE r.state = 'waiting' ORDER BY r.created_at LIMIT 100",
    )
    .fetch_all(tx)
    .await
}

/// Decides on an act that waits, and empties what names a person; false when somebody has decided already.
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
        "UPDATE support_requests SET state = $2, decided_by = $3, decided_at = $4, card = '', \
         other_card = '', phone = '', old_phone = NULL WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(state)
    .bind(by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// Returns how many points hung on what the author has done without a second person since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn sum_decided_alone_since(
    tx: &mut Tx,
    author: StaffId,
    since: Instant,
) -> Result<Points, StoreError> {
    let sum: i64 = sql(
        "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM support_requests \
         WHERE author_id = $1 AND decided_by = $1 AND state = 'applied' AND created_at > $2",
    )
    .bind(author)
    .bind(since)
    .fetch_value(tx)
    .await?;
    Ok(Points(sum))
}
