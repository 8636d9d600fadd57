//! Signed-in devices, each with the secret of its rotating code. An ended device signs nothing in and codes nothing.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId};

/// A device.
#[derive(Clone, StoredRow)]
pub struct MemberDeviceRow {
    /// Its id.
    pub id: DeviceId,
    /// Member who is signed in on it.
    pub member_id: MemberId,
    /// The secret of its rotating code.
    pub secret: Vec<u8>,
    /// Counts up whenever the secret is renewed.
    pub secret_turn: i64,
    /// Browser and system in words.
    pub name: String,
    /// Time at which it signed in.
    pub created_at: Instant,
    /// Time at which it was last used.
    pub seen_at: Instant,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for MemberDeviceRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberDeviceRow")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Stores a newly signed-in device.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    device: &MemberDeviceRow,
    token_hash: Vec<u8>,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO devices (id, member_id, token_hash, secret, name, created_at, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(device.id)
    .bind(device.member_id)
    .bind(token_hash)
    .bind(device.secret.clone())
    .bind(device.name.as_str())
    .bind(device.created_at)
    .bind(device.seen_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The open device with this token. It signs in to the account that stands for the person, where its own was merged.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<MemberDeviceRow>, StoreError> {
    sql(
        "SELECT d.id, COALESCE(m.member_id, d.member_id) AS member_id, d.secret, d.secret_turn, d.name, \
         d.created_at, d.seen_at FROM devices d LEFT JOIN merged_accounts m ON m.merged_id = d.member_id \
         WHERE d.token_hash = $1 AND d.ended_at IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(tx)
    .await
}

/// The open devices of the member and of accounts that were merged into theirs, last used first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_of_member(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<MemberDeviceRow>, StoreError> {
    sql(
        "SELECT id, member_id, secret, secret_turn, name, created_at, seen_at FROM devices \
         WHERE member_id IN (SELECT $1 UNION ALL SELECT merged_id FROM merged_accounts WHERE member_id = $1) \
         AND ended_at IS NULL ORDER BY seen_at DESC",
    )
    .bind(member)
    .fetch_all(tx)
    .await
}

/// A secret by which codes of a device are verified.
#[derive(Clone, StoredRow)]
pub struct DeviceCodeSecret {
    /// The device.
    pub id: DeviceId,
    /// The secret.
    pub secret: Vec<u8>,
    /// Time at which it was replaced; `None` = it is the present one.
    pub replaced_at: Option<Instant>,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for DeviceCodeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceCodeSecret")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Returns the secrets of the open devices of all accounts of the person and those that they had before, until they are
/// erased; of the device that was used last first.
///
/// # Errors
/// [`StoreError`].
pub async fn code_secrets(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<DeviceCodeSecret>, StoreError> {
    sql(
        "WITH person AS (SELECT COALESCE((SELECT member_id FROM merged_accounts WHERE merged_id = $1), $1) AS id), \
         accounts_of_person AS (SELECT id FROM person UNION ALL \
         SELECT m.merged_id FROM merged_accounts m JOIN person p ON m.member_id = p.id) \
         SELECT id, secret, replaced_at FROM \
         (SELECT id, secret, CAST(NULL AS BIGINT) AS replaced_at, seen_at FROM devices \
         WHERE member_id IN (SELECT id FROM accounts_of_person) AND ended_at IS NULL \
         UNION ALL SELECT d.id, f.secret, f.replaced_at, d.seen_at FROM former_secrets f \
         JOIN devices d ON d.id = f.device_id \
         WHERE f.member_id IN (SELECT id FROM accounts_of_person) AND d.ended_at IS NULL) AS secrets \
         ORDER BY seen_at DESC, id, COALESCE(replaced_at, $2) DESC",
    )
    .bind(member)
    .bind(i64::MAX)
    .fetch_all(tx)
    .await
}

/// Erases at most `limit` former secrets that were replaced before `before`; returns how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn erase_former_secrets(
    tx: &mut Tx,
    before: Instant,
    limit: i64,
) -> Result<u64, StoreError> {
    sql("DELETE FROM former_secrets WHERE (device_id, turn) IN \
         (SELECT device_id, turn FROM former_secrets WHERE replaced_at < $1 LIMIT $2)")
    .bind(before)
    .bind(limit)
    .execute(tx)
    .await
}

/// Remembers that the device was used.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_used(tx: &mut Tx, device: DeviceId, now: Instant) -> Result<(), StoreError> {
    sql("UPDATE devices SET seen_at = $2 WHERE id = $1")
        .bind(device)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Returns how many secrets of the device were replaced since `since`. The device is locked until the transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_former_secrets(
    tx: &mut Tx,
    device: DeviceId,
    since: Instant,
) -> Result<i64, StoreError> {
    let _: DeviceId = sql("SELECT id FROM devices WHERE id = $1")
        .bind(device)
        .locked()
        .fetch_value(tx)
        .await?;
    sql("SELECT COUNT(*) FROM former_secrets WHERE device_id = $1 AND replaced_at > $2")
        .bind(device)
        .bind(since)
        .fetch_value(tx)
        .await
}

/// Gives the device a new secret and keeps the one before among its former secrets. A device that has ended gets none.
/// Returns the turn of the new one.
///
/// # Errors
/// [`StoreError`].
pub async fn renew_secret(
    tx: &mut Tx,
    device: DeviceId,
    secret: Vec<u8>,
    now: Instant,
) -> Result<i64, StoreError> {
    sql(
        "INSERT INTO former_secrets (device_id, turn, member_id, secret, replaced_at) \
         SELECT id, secret_turn, member_id, secret, $2 FROM devices WHERE id = $1 AND ended_at IS NULL",
    )
    .bind(device)
    .bind(now)
    .execute(tx)
    .await?;
    sql(
        "UPDATE devices SET secret = CASE WHEN ended_at IS NULL THEN $2 ELSE secret END, \
         secret_turn = secret_turn + 1 WHERE id = $1 RETURNING secret_turn",
    )
    .bind(device)
    .bind(secret)
    .fetch_value(tx)
    .await
}

/// Ends one device of the member, or of an account that was merged into theirs; false when it was not theirs or had ended.
///
/// # Errors
/// [`StoreError`].
pub async fn end_device(
    tx: &mut Tx,
    member: MemberId,
    device: DeviceId,
    now: Instant,
) -> Result<bool, StoreError> {
    sql(
        "DELETE FROM former_secrets WHERE device_id = $1 AND member_id IN \
         (SELECT $2 UNION ALL SELECT merged_id FROM merged_accounts WHERE member_id = $2)",
    )
    .bind(device)
    .bind(member)
    .execute(tx)
    .await?;
    let ended = sql("UPDATE devices SET ended_at = $3, secret = $4, name = '' \
         WHERE id = $1 AND ended_at IS NULL AND member_id IN \
         (SELECT $2 UNION ALL SELECT merged_id FROM merged_accounts WHERE member_id = $2)")
    .bind(device)
    .bind(member)
    .bind(now)
    .bind(Vec::new())
    .execute(tx)
    .await?;
    Ok(ended == 1)
}

/// Ends every device of the member.
///
/// # Errors
/// [`StoreError`].
pub async fn end_all(tx: &mut Tx, member: MemberId, now: Instant) -> Result<(), StoreError> {
    sql("DELETE FROM former_secrets WHERE member_id = $1")
        .bind(member)
        .execute(tx)
        .await?;
    sql("UPDATE devices SET ended_at = $2, secret = $3, name = '' \
         WHERE member_id = $1 AND ended_at IS NULL")
    .bind(member)
    .bind(now)
    .bind(Vec::new())
    .execute(tx)
    .await?;
    Ok(())
}
