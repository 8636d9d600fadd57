//! Enrolments that a till has begun: which sale in progress belongs to whoever joins by a link. Only the hash of the link's
//! token is stored, and a row lives a day.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, TillId};

/// An enrolment that a till has begun.
#[derive(Debug, Clone, StoredRow)]
pub struct TillEnrolmentRow {
    /// Its id.
    pub id: RowId,
    /// The till.
    pub till_id: TillId,
    /// Key under which the sale in progress will be stored.
    pub sale_key: String,
    /// Time at which it began.
    pub created_at: Instant,
    /// Person who has joined, or turned out to be a member; `None` = nobody yet.
    pub member_id: Option<MemberId>,
    /// Time at which they joined.
    pub joined_at: Option<Instant>,
}

/// Stores an enrolment that begins.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    enrolment: &TillEnrolmentRow,
    token_hash: Vec<u8>,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO till_enrolments (id, token_hash, till_id, sale_key, created_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(enrolment.id)
    .bind(token_hash)
    .bind(enrolment.till_id)
    .bind(enrolment.sale_key.as_str())
    .bind(enrolment.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The enrolment of a link's token that began after `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    since: Instant,
) -> Result<Option<TillEnrolmentRow>, StoreError> {
    sql(
        "SELECT id, till_id, sale_key, created_at, member_id, joined_at FROM till_enrolments \
         WHERE token_hash = $1 AND created_at > $2",
    )
    .bind(token_hash)
    .bind(since)
    .fetch_optional(tx)
    .await
}

/// Returns the member who has joined during the sale of this key.
///
/// # Errors
/// [`StoreError`].
pub async fn find_joined_member(
    tx: &mut Tx,
    till: TillId,
    sale_key: &str,
) -> Result<Option<MemberId>, StoreError> {
    sql("SELECT member_id FROM till_enrolments \
         WHERE till_id = $1 AND sale_key = $2 AND member_id IS NOT NULL ORDER BY joined_at LIMIT 1")
    .bind(till)
    .bind(sale_key)
    .fetch_optional_value(tx)
    .await
}

/// Remembers who has joined; false when somebody had.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_joined(
    tx: &mut Tx,
    enrolment: RowId,
    member: MemberId,
    now: Instant,
) -> Result<bool, StoreError> {
    let joined = sql("UPDATE till_enrolments SET member_id = $2, joined_at = $3 \
         WHERE id = $1 AND member_id IS NULL")
    .bind(enrolment)
    .bind(member)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(joined == 1)
}
