//! Claim codes of receipts without a card. A receipt has at most one, and it becomes somebody's at most once.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId, ReceiptId, RowId, TillId};

/// A claim code.
#[derive(Debug, Clone, StoredRow)]
pub struct ClaimCodeRow {
    /// The receipt that it is about.
    pub receipt_id: ReceiptId,
    /// The till that stored the receipt.
    pub till_id: TillId,
    /// Key under which it did: the answer there holds the code.
    pub key: String,
    /// Time at which the code ends.
    pub expires_at: Instant,
    /// Member who took the receipt; `None` = nobody yet.
    pub claimed_by: Option<MemberId>,
}

/// Statement that reads claims as [`ClaimCodeRow`], with the given conditions and order.
macro_rules! select_claims {
    ($rest:literal) => {
        concat!(
            "SELECT receipt_id, till_id, key, expires_at, claimed_by FROM claims ",
            $rest
        )
    };
}

/// Stores a code; false when it is taken: draw another. The transaction goes on then.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    code_hash: Vec<u8>,
    claim: &ClaimCodeRow,
    now: Instant,
) -> Result<bool, StoreError> {
    let stored = sql(
        "INSERT INTO claims (code_hash, receipt_id, till_id, key, made_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code_hash) DO NOTHING",
    )
    .bind(code_hash)
    .bind(claim.receipt_id)
    .bind(claim.till_id)
    .bind(claim.key.as_str())
    .bind(now)
    .bind(claim.expires_at)
    .execute(tx)
    .await?;
    Ok(stored == 1)
}

/// The claim of a code, held until the transaction ends: of two who type it one is first.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_by_code(
    tx: &mut Tx,
    code_hash: Vec<u8>,
) -> Result<Option<ClaimCodeRow>, StoreError> {
    sql(select_claims!("WHERE code_hash = $1"))
        .bind(code_hash)
        .locked()
        .fetch_optional(tx)
        .await
}

/// The claim of a receipt.
///
/// # Errors
/// [`StoreError`].
pub async fn find_of_receipt(
    tx: &mut Tx,
    receipt: ReceiptId,
) -> Result<Option<ClaimCodeRow>, StoreError> {
    sql(select_claims!("WHERE receipt_id = $1"))
        .bind(receipt)
        .fetch_optional(tx)
        .await
}

/// Remembers who took the receipt; false when somebody had.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_claimed(
    tx: &mut Tx,
    receipt: ReceiptId,
    member: MemberId,
    now: Instant,
) -> Result<bool, StoreError> {
    let taken = sql("UPDATE claims SET claimed_by = $2, claimed_at = $3 \
         WHERE receipt_id = $1 AND claimed_by IS NULL")
    .bind(receipt)
    .bind(member)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(taken == 1)
}

/// Wrong codes of a device.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct WrongClaimCodes {
    /// Number of wrong codes.
    pub count: i64,
    /// Time at which the oldest was sent; `None` = there are none.
    pub oldest_at: Option<Instant>,
}

/// Wrong codes of a device since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn load_tries(
    tx: &mut Tx,
    device: DeviceId,
    since: Instant,
) -> Result<WrongClaimCodes, StoreError> {
    sql(
        "SELECT COUNT(*) AS count, MIN(at) AS oldest_at FROM claim_tries \
         WHERE device_id = $1 AND at > $2",
    )
    .bind(device)
    .bind(since)
    .fetch_one(tx)
    .await
}

/// Counts a wrong code.
///
/// # Errors
/// [`StoreError`].
pub async fn count_try(tx: &mut Tx, device: DeviceId, now: Instant) -> Result<(), StoreError> {
    sql("INSERT INTO claim_tries (id, device_id, at) VALUES ($1, $2, $3)")
        .bind(RowId::new())
        .bind(device)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
