//! What the radar counts, and whose visits a senior has let pass. Look-ups that were refused are not counted: a block ends
//! when its time is over.

use super::engine::sql;
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, StaffId, TillId};

/// How often somebody looked up one member from `since` on, `most` at most.
///
/// # Errors
/// [`StoreError`].
pub async fn look_ups_of(
    tx: &mut Tx,
    staff: StaffId,
    member: MemberId,
    since: Instant,
    most: i64,
) -> Result<i64, StoreError> {
    let (count,): (i64,) = sql(
        "SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE member_id = $2 AND at >= $3 \
         AND staff_id = $1 AND action = 'look-up' AND outcome = 'found' LIMIT $4) AS found",
    )
    .bind(staff)
    .bind(member)
    .bind(since)
    .bind(most)
    .one(tx)
    .await?;
    Ok(count)
}

/// How many cards somebody found and how many sales they stored from `since` on.
///
/// # Errors
/// [`StoreError`].
pub async fn found_and_sold(
    tx: &mut Tx,
    staff: StaffId,
    since: Instant,
) -> Result<(i64, i64), StoreError> {
    sql(
        "SELECT CAST(COALESCE(SUM(CASE WHEN action = 'look-up' AND outcome = 'found' THEN 1 ELSE 0 END), 0) \
         AS BIGINT), CAST(COALESCE(SUM(CASE WHEN action = 'sale' AND member_id IS NOT NULL THEN 1 ELSE 0 END), 0) \
         AS BIGINT) FROM audit WHERE staff_id = $1 AND at >= $2",
    )
    .bind(staff)
    .bind(since)
    .one(tx)
    .await
}

/// How many sales a member has at a till from `since` on, `most` at most.
///
/// # Errors
/// [`StoreError`].
pub async fn sales_at(
    tx: &mut Tx,
    member: MemberId,
    till: TillId,
    since: Instant,
    most: i64,
) -> Result<i64, StoreError> {
    let (count,): (i64,) = sql(
        "SELECT COUNT(*) FROM (SELECT 1 FROM receipts WHERE member_id = $1 AND at >= $3 \
         AND till_id = $2 AND kind = 'sale' LIMIT $4) AS found",
    )
    .bind(member)
    .bind(till)
    .bind(since)
    .bind(most)
    .one(tx)
    .await?;
    Ok(count)
}

/// When a member's phone was changed last.
///
/// # Errors
/// [`StoreError`].
pub async fn phone_changed_at(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Option<Instant>, StoreError> {
    let row: Option<(Option<i64>,)> = sql("SELECT phone_changed_at FROM members WHERE id = $1")
        .bind(member)
        .optional(tx)
        .await?;
    Ok(row.and_then(|(at,)| at).map(Instant))
}

/// Remembers that somebody has lifted the radar's block for a running visit; false when there is no such visit here.
///
/// # Errors
/// [`StoreError`].
pub async fn lift_visit(
    tx: &mut Tx,
    till: TillId,
    token_hash: Vec<u8>,
    by: StaffId,
    now: Instant,
) -> Result<bool, StoreError> {
    let lifted = sql("UPDATE visits SET lifted_by = $3 WHERE token_hash = $1 AND till_id = $2 AND expires_at > $4")
        .bind(token_hash)
        .bind(till)
        .bind(by)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(lifted == 1)
}

/// Remembers that somebody lets the member's next visit at a till pass the radar.
///
/// # Errors
/// [`StoreError`].
pub async fn lift_next(
    tx: &mut Tx,
    till: TillId,
    member: MemberId,
    by: StaffId,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO radar_lifts (till_id, member_id, staff_id, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (till_id, member_id) DO UPDATE SET staff_id = excluded.staff_id, at = excluded.at",
    )
    .bind(till)
    .bind(member)
    .bind(by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Uses up what [`lift_next`] has remembered since `since`: who lets the visit pass.
///
/// # Errors
/// [`StoreError`].
pub async fn take_lift(
    tx: &mut Tx,
    till: TillId,
    member: MemberId,
    since: Instant,
) -> Result<Option<StaffId>, StoreError> {
    let lift: Option<(StaffId,)> =
        sql("SELECT staff_id FROM radar_lifts WHERE till_id = $1 AND member_id = $2 AND at > $3")
            .bind(till)
            .bind(member)
            .bind(since)
            .optional(tx)
            .await?;
    if lift.is_some() {
        sql("DELETE FROM radar_lifts WHERE till_id = $1 AND member_id = $2")
            .bind(till)
            .bind(member)
            .execute(tx)
            .await?;
    }
    Ok(lift.map(|(staff,)| staff))
}
