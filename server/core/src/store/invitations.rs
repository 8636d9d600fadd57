//! Links that were sent to phones at a till's wish. Only the hash of a link's token is stored, and a row lives a day.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{RowId, TillId};

/// Time for which a row is kept, in seconds: as long as sendings are counted.
const KEPT_SECONDS: i64 = 86_400;

/// A link on its way.
#[derive(Debug, Clone, StoredRow)]
pub struct InvitationRow {
    /// Its id.
    pub id: RowId,
    /// The phone that it was sent to, E.164.
    pub phone: String,
    /// Source that the person comes from, as JSON.
    pub origin: String,
    /// Time at which it was sent.
    pub created_at: Instant,
}

/// Stores a link, and forgets those that are long over.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    invitation: &InvitationRow,
    token_hash: Vec<u8>,
    till: TillId,
) -> Result<(), StoreError> {
    let sent = invitation.created_at;
    sql("DELETE FROM invitations WHERE created_at < $1")
        .bind(sent.plus_secs(-KEPT_SECONDS))
        .execute(tx)
        .await?;
    sql(
        "INSERT INTO invitations (id, token_hash, phone, till_id, origin, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(invitation.id)
    .bind(token_hash)
    .bind(invitation.phone.as_str())
    .bind(till)
    .bind(invitation.origin.as_str())
    .bind(sent)
    .execute(tx)
    .await?;
    Ok(())
}

/// The unused link with this token that was sent after `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn find_open(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    since: Instant,
) -> Result<Option<InvitationRow>, StoreError> {
    sql("SELECT id, phone, origin, created_at FROM invitations \
         WHERE token_hash = $1 AND used_at IS NULL AND created_at > $2")
    .bind(token_hash)
    .bind(since)
    .fetch_optional(tx)
    .await
}

/// Uses the link up; false when it was used before.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_used(tx: &mut Tx, invitation: RowId, now: Instant) -> Result<bool, StoreError> {
    let taken = sql("UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL")
        .bind(invitation)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(taken == 1)
}

/// Links to a phone.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct SentInvitationCounts {
    /// Number of links.
    pub count: i64,
    /// Time at which the newest was sent; `None` = there are none.
    pub newest_at: Option<Instant>,
}

/// Returns how many links went to a phone since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn sent_to(
    tx: &mut Tx,
    phone: &str,
    since: Instant,
) -> Result<SentInvitationCounts, StoreError> {
    sql(
        "SELECT COUNT(*) AS count, MAX(created_at) AS newest_at FROM invitations \
         WHERE phone = $1 AND created_at >= $2",
    )
    .bind(phone)
    .bind(since)
    .fetch_one(tx)
    .await
}

/// Returns how many links a till has sent since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn sent_by(tx: &mut Tx, till: TillId, since: Instant) -> Result<i64, StoreError> {
    sql("SELECT COUNT(*) FROM invitations WHERE till_id = $1 AND created_at >= $2")
        .bind(till)
        .bind(since)
        .fetch_value(tx)
        .await
}

/// Forgets everything about a phone: its owner closed the account.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of_phone(tx: &mut Tx, phone: &str) -> Result<(), StoreError> {
    sql("DELETE FROM invitations WHERE phone = $1")
        .bind(phone)
        .execute(tx)
        .await?;
    Ok(())
}
