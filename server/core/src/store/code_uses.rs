//! Uses of rotating codes and of visits by receipts. The first use of a code is its row in `spent_codes`, whether the receipt
//! spent points, only earned, or waits.

use super::engine::{WriteEffect, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId, TillId};

/// Returns the till of the first receipt with the code of a device and step; `None` = no receipt has used it.
///
/// # Errors
/// [`StoreError`].
pub async fn till_of_code(
    tx: &mut Tx,
    device: DeviceId,
    step: i64,
) -> Result<Option<TillId>, StoreError> {
    sql("SELECT till_id FROM spent_codes WHERE device_id = $1 AND step = $2")
        .bind(device)
        .bind(step)
        .fetch_optional_value(tx)
        .await
}

/// Marks the code of a device and step as used by its first receipt. If another receipt used it meanwhile, the next read
/// or the commit returns [`StoreError::Duplicate`].
pub fn mark_code(
    tx: &mut Tx,
    device: DeviceId,
    step: i64,
    member: MemberId,
    till: TillId,
    now: Instant,
) {
    sql("INSERT INTO spent_codes (device_id, step, member_id, till_id, used_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(device)
        .bind(step)
        .bind(member)
        .bind(till)
        .bind(now)
        .defer(tx, WriteEffect::Adds("spent_codes"));
}

/// Marks a visit as used by a receipt that only earns.
pub fn mark_visit(tx: &mut Tx, token_hash: Vec<u8>, now: Instant) {
    sql("UPDATE visits SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(token_hash)
        .bind(now)
        .defer(tx, WriteEffect::Changes("visits"));
}

/// Marks a visit as used by a receipt that spends; false when another receipt has used it before.
///
/// # Errors
/// [`StoreError`].
pub async fn use_up_visit(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    now: Instant,
) -> Result<bool, StoreError> {
    let used = sql("UPDATE visits SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(token_hash)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(used == 1)
}
