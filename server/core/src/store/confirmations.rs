//! Questions to members whether points may pay, each with its end, its one answer, and the one receipt that used it.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::Points;
use crate::domain::spend_answer::SpendAnswer;
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId, ReceiptId, RowId, StaffId, TillId};

/// A question as it is asked.
#[derive(Debug)]
pub struct NewConfirmation {
    /// Its id.
    pub id: RowId,
    /// Member who is asked.
    pub member: MemberId,
    /// Till that asks.
    pub till: TillId,
    /// Cashier who asks there.
    pub staff: Option<StaffId>,
    /// Hash of the visit's token: no other visit may use the answer.
    pub visit_hash: Vec<u8>,
    /// Points that shall be spent.
    pub points: Points,
    /// Time at which it ends without an answer.
    pub expires: Instant,
}

/// A question as its till sees it.
#[derive(Debug, Clone, StoredRow)]
pub struct ConfirmationRow {
    /// Its id.
    pub id: RowId,
    /// Till that asked.
    pub till_id: TillId,
    /// Points that shall be spent.
    pub points: Points,
    /// Time at which it ends without an answer.
    pub expires_at: Instant,
    /// Answer of the member; `None` = nothing yet.
    pub answer: Option<SpendAnswer>,
    /// The receipt that used the answer.
    pub receipt_id: Option<ReceiptId>,
}

/// A question as its member sees it.
#[derive(Debug, Clone, StoredRow)]
pub struct ConfirmationQuestionRow {
    /// Its id.
    pub id: RowId,
    /// Points that shall be spent.
    pub points: Points,
    /// Time at which it ends without an answer.
    pub expires_at: Instant,
    /// Name of the till.
    pub till_name: String,
    /// Name of its store.
    pub store_name: String,
}

/// Asks.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, new: &NewConfirmation, now: Instant) -> Result<(), StoreError> {
    sql(
        "INSERT INTO confirmations (id, member_id, till_id, staff_id, visit_hash, points, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(new.member)
    .bind(new.till)
    .bind(new.staff)
    .bind(new.visit_hash.clone())
    .bind(new.points)
    .bind(now)
    .bind(new.expires)
    .execute(tx)
    .await?;
    Ok(())
}

/// The last question of a visit.
///
/// # Errors
/// [`StoreError`].
pub async fn find_of_visit(
    tx: &mut Tx,
    visit_hash: Vec<u8>,
) -> Result<Option<ConfirmationRow>, StoreError> {
    sql(
        "SELECT id, till_id, points, expires_at, NULLIF(answer, '') AS answer, receipt_id \
         FROM confirmations WHERE visit_hash = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(visit_hash)
    .fetch_optional(tx)
    .await
}

/// The member's newest question that can still be answered.
///
/// # Errors
/// [`StoreError`].
pub async fn find_open_of_member(
    tx: &mut Tx,
    member: MemberId,
    now: Instant,
) -> Result<Option<ConfirmationQuestionRow>, StoreError> {
    sql(
        "SELECT c.id, c.points, c.expires_at, t.name AS till_name, s.name AS store_name \
         FROM confirmations c JOIN tills t ON t.id = c.till_id JOIN stores s ON s.id = t.store_id \
         WHERE c.member_id = $1 AND c.expires_at > $2 AND c.answered_at IS NULL \
         ORDER BY c.id DESC LIMIT 1",
    )
    .bind(member)
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// Answers a question; false where it is not the member's, has ended, or has an answer.
///
/// # Errors
/// [`StoreError`].
pub async fn answer(
    tx: &mut Tx,
    id: RowId,
    member: MemberId,
    device: DeviceId,
    answer: SpendAnswer,
    now: Instant,
) -> Result<bool, StoreError> {
    let answered = sql(
        "UPDATE confirmations SET answer = $4, answered_at = $5, device_id = $3 \
         WHERE id = $1 AND member_id = $2 AND answered_at IS NULL AND expires_at > $5",
    )
    .bind(id)
    .bind(member)
    .bind(device)
    .bind(answer)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(answered == 1)
}

/// Ends what a visit has asked and nobody has answered.
///
/// # Errors
/// [`StoreError`].
pub async fn withdraw(tx: &mut Tx, visit_hash: Vec<u8>, now: Instant) -> Result<bool, StoreError> {
    let ended = sql("UPDATE confirmations SET expires_at = $2 \
         WHERE visit_hash = $1 AND answered_at IS NULL AND expires_at > $2")
    .bind(visit_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(ended > 0)
}

/// Remembers that the receipt has used a yes; false where another has.
///
/// # Errors
/// [`StoreError`].
pub async fn use_up(tx: &mut Tx, id: RowId, receipt: ReceiptId) -> Result<bool, StoreError> {
    let used = sql("UPDATE confirmations SET receipt_id = $2 \
         WHERE id = $1 AND answer = 'yes' AND receipt_id IS NULL")
    .bind(id)
    .bind(receipt)
    .execute(tx)
    .await?;
    Ok(used == 1)
}
