//! Browsers that are paired with tills, and the short codes that pair them. Tokens and codes are stored as hashes.

use super::engine::{Statement, StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::chain::PairingMethod;
use crate::domain::time::Instant;
use crate::ids::{RowId, TillId};

/// A paired browser.
#[derive(Debug, Clone, StoredRow)]
pub struct PairedBrowserRow {
    /// Its id.
    pub id: RowId,
    /// The till that it is.
    pub till_id: TillId,
    /// Browser and system in words.
    pub label: String,
    /// Time at which it was paired.
    pub paired_at: Instant,
    /// Way in which it was paired.
    pub paired_by: PairingMethod,
    /// Time at which it was last used, to some minutes.
    pub seen_at: Instant,
    /// Wrong PINs since `failures_since`.
    pub failures: i64,
    /// Time since which wrong PINs are counted.
    pub failures_since: Instant,
}

/// Statement that reads browsers as [`PairedBrowserRow`], with the given conditions and order.
macro_rules! select_browsers {
    ($rest:literal) => {
        concat!(
            "SELECT id, till_id, label, paired_at, paired_by, seen_at, failures, failures_since \
             FROM till_devices ",
            $rest
        )
    };
}

/// Stores a newly paired browser.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    device: &PairedBrowserRow,
    token_hash: Vec<u8>,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO till_devices (id, till_id, token_hash, label, paired_at, paired_by, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(device.id)
    .bind(device.till_id)
    .bind(token_hash)
    .bind(device.label.as_str())
    .bind(device.paired_at)
    .bind(device.paired_by)
    .bind(device.seen_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The paired browser with this token; none once its pairing has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<PairedBrowserRow>, StoreError> {
    sql(select_browsers!(
        "WHERE token_hash = $1 AND ended_at IS NULL"
    ))
    .bind(token_hash)
    .fetch_optional(tx)
    .await
}

/// The paired browser; none once its pairing has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_id(
    tx: &mut Tx,
    device: RowId,
) -> Result<Option<PairedBrowserRow>, StoreError> {
    with_id(device).fetch_optional(tx).await
}

fn with_id(device: RowId) -> Statement {
    sql(select_browsers!("WHERE id = $1 AND ended_at IS NULL")).bind(device)
}

/// The paired browser, held until the transaction ends: wrong PINs are counted one by one.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_by_id(
    tx: &mut Tx,
    device: RowId,
) -> Result<Option<PairedBrowserRow>, StoreError> {
    with_id(device).locked().fetch_optional(tx).await
}

/// Remembers that the browser was used.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_used(tx: &mut Tx, device: RowId, now: Instant) -> Result<(), StoreError> {
    sql("UPDATE till_devices SET seen_at = $2 WHERE id = $1")
        .bind(device)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Remembers how many PINs were wrong since when.
///
/// # Errors
/// [`StoreError`].
pub async fn set_failures(
    tx: &mut Tx,
    device: RowId,
    failures: i64,
    since: Instant,
) -> Result<(), StoreError> {
    sql("UPDATE till_devices SET failures = $2, failures_since = $3 WHERE id = $1")
        .bind(device)
        .bind(failures)
        .bind(since)
        .execute(tx)
        .await?;
    Ok(())
}

/// Browsers that are paired with a till, last paired first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_of_till(tx: &mut Tx, till: TillId) -> Result<Vec<PairedBrowserRow>, StoreError> {
    sql(select_browsers!(
        "WHERE till_id = $1 AND ended_at IS NULL ORDER BY paired_at DESC, id DESC"
    ))
    .bind(till)
    .fetch_all(tx)
    .await
}

/// Ends all pairings of a till and whoever is signed in there; how many pairings there were.
///
/// # Errors
/// [`StoreError`].
pub async fn end_all(tx: &mut Tx, till: TillId, now: Instant) -> Result<u64, StoreError> {
    sql("UPDATE pairing_codes SET used_at = $2 WHERE till_id = $1 AND used_at IS NULL")
        .bind(till)
        .bind(now)
        .execute(tx)
        .await?;
    sql(
        "UPDATE staff_sessions SET ended_at = $2 WHERE till_id = $1 AND ended_at IS NULL \
         AND device_id IS NOT NULL",
    )
    .bind(till)
    .bind(now)
    .execute(tx)
    .await?;
    sql("UPDATE till_devices SET ended_at = $2 WHERE till_id = $1 AND ended_at IS NULL")
        .bind(till)
        .bind(now)
        .execute(tx)
        .await
}

/// A code for pairing that can still be used.
#[derive(Debug, Clone, StoredRow)]
pub struct PairingCodeRow {
    /// Its id, the key of its hash.
    pub id: RowId,
    /// The till that it pairs with.
    pub till_id: TillId,
    /// Keyed hash of the code.
    pub code_hash: Vec<u8>,
}

/// Stores a new code; those before it of the same till end.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_code(
    tx: &mut Tx,
    code: &PairingCodeRow,
    now: Instant,
) -> Result<(), StoreError> {
    sql("UPDATE pairing_codes SET used_at = $2 WHERE till_id = $1 AND used_at IS NULL")
        .bind(code.till_id)
        .bind(now)
        .execute(tx)
        .await?;
    sql("INSERT INTO pairing_codes (id, till_id, code_hash, created_at) VALUES ($1, $2, $3, $4)")
        .bind(code.id)
        .bind(code.till_id)
        .bind(code.code_hash.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Codes made after `since` that nobody has used: some few, for each lives minutes.
///
/// # Errors
/// [`StoreError`].
pub async fn open_codes(tx: &mut Tx, since: Instant) -> Result<Vec<PairingCodeRow>, StoreError> {
    sql("SELECT id, till_id, code_hash FROM pairing_codes WHERE created_at > $1 AND used_at IS NULL")
        .bind(since)
        .fetch_all(tx)
        .await
}

/// Uses a code up; false when somebody was quicker.
///
/// # Errors
/// [`StoreError`].
pub async fn use_code(tx: &mut Tx, code: RowId, now: Instant) -> Result<bool, StoreError> {
    let used = sql("UPDATE pairing_codes SET used_at = $2 WHERE id = $1 AND used_at IS NULL")
        .bind(code)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(used == 1)
}
