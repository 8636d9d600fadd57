//! One-time passwords and the proven phones that come of them.

use super::engine::{Statement, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{DeviceId, RowId, TillId};

/// A one-time password on its way. All times in µs.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChallengeRow {
    /// Its id, also the salt of the code's hash.
    pub id: RowId,
    /// The phone that the code was sent to, E.164.
    pub phone: String,
    /// HMAC of the code under the id.
    pub code_hash: Vec<u8>,
    /// Where the person came from, as JSON.
    pub origin: String,
    /// When the challenge began; tries count from here.
    pub created_at: i64,
    /// When the code in force was sent.
    pub sent_at: i64,
    /// Wrong codes so far; a resend does not reset them.
    pub tries: i64,
    /// When it was used.
    pub used_at: Option<i64>,
}

/// Stores a new challenge; one for a till proves a phone there and signs nobody in.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    challenge: &ChallengeRow,
    token_hash: Vec<u8>,
    till: Option<TillId>,
) -> Result<(), StoreError> {
    sql("INSERT INTO challenges (id, token_hash, phone, code_hash, origin, created_at, sent_at, tries, till_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(challenge.id)
    .bind(token_hash)
    .bind(challenge.phone.as_str())
    .bind(challenge.code_hash.clone())
    .bind(challenge.origin.as_str())
    .bind(challenge.created_at)
    .bind(challenge.sent_at)
    .bind(challenge.tries)
    .bind(till)
    .execute(tx)
    .await?;
    Ok(())
}

/// The challenge with this token, unless it is for a till.
///
/// # Errors
/// [`StoreError`].
pub async fn by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<ChallengeRow>, StoreError> {
    sql(
        "SELECT id, phone, code_hash, origin, created_at, sent_at, tries, used_at \
         FROM challenges WHERE token_hash = $1 AND till_id IS NULL",
    )
    .bind(token_hash)
    .optional(tx)
    .await
}

/// The challenge with this token, unless it is for a till, held until the transaction ends: two codes typed at once are counted one by one.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<ChallengeRow>, StoreError> {
    sql(
        "SELECT id, phone, code_hash, origin, created_at, sent_at, tries, used_at \
         FROM challenges WHERE token_hash = $1 AND till_id IS NULL",
    )
    .bind(token_hash)
    .locked()
    .optional(tx)
    .await
}

/// The challenge with this token for a till.
///
/// # Errors
/// [`StoreError`].
pub async fn at_till(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    till: TillId,
) -> Result<Option<ChallengeRow>, StoreError> {
    for_till(token_hash, till).optional(tx).await
}

/// The challenge with this token for a till, held until the transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_at_till(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    till: TillId,
) -> Result<Option<ChallengeRow>, StoreError> {
    for_till(token_hash, till).locked().optional(tx).await
}

fn for_till(token_hash: Vec<u8>, till: TillId) -> Statement {
    sql(
        "SELECT id, phone, code_hash, origin, created_at, sent_at, tries, used_at \
         FROM challenges WHERE token_hash = $1 AND till_id = $2",
    )
    .bind(token_hash)
    .bind(till)
}

/// How many codes a till has had sent since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn sent_by(tx: &mut Tx, till: TillId, since: Instant) -> Result<i64, StoreError> {
    let (sent,): (i64,) = sql("SELECT CAST(COALESCE(SUM(sendings), 0) AS BIGINT) \
         FROM challenges WHERE till_id = $1 AND created_at >= $2")
    .bind(till)
    .bind(since)
    .one(tx)
    .await?;
    Ok(sent)
}

/// Wrong codes and sent codes of a phone since `since`, the newest sending, over all its challenges.
///
/// # Errors
/// [`StoreError`].
pub async fn activity(
    tx: &mut Tx,
    phone: &str,
    since: Instant,
) -> Result<(i64, i64, Option<i64>), StoreError> {
    sql("SELECT CAST(COALESCE(SUM(tries), 0) AS BIGINT), \
         CAST(COALESCE(SUM(sendings), 0) AS BIGINT), MAX(sent_at) FROM challenges \
         WHERE phone = $1 AND created_at >= $2 AND used_at IS NULL")
    .bind(phone)
    .bind(since)
    .one(tx)
    .await
}

/// Counts a wrong code.
///
/// # Errors
/// [`StoreError`].
pub async fn count_try(tx: &mut Tx, challenge: RowId) -> Result<(), StoreError> {
    sql("UPDATE challenges SET tries = tries + 1 WHERE id = $1")
        .bind(challenge)
        .execute(tx)
        .await?;
    Ok(())
}

/// Marks the challenge used; false when it was used before.
///
/// # Errors
/// [`StoreError`].
pub async fn take(tx: &mut Tx, challenge: RowId, now: Instant) -> Result<bool, StoreError> {
    let taken = sql("UPDATE challenges SET used_at = $2 WHERE id = $1 AND used_at IS NULL")
        .bind(challenge)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(taken == 1)
}

/// Puts a new code in force; the count of tries stays.
///
/// # Errors
/// [`StoreError`].
pub async fn resend(
    tx: &mut Tx,
    challenge: RowId,
    code_hash: Vec<u8>,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "UPDATE challenges SET code_hash = $2, sent_at = $3, sendings = sendings + 1 \
         WHERE id = $1",
    )
    .bind(challenge)
    .bind(code_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets everything about a phone: its owner closed the account.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, phone: &str) -> Result<(), StoreError> {
    sql("DELETE FROM challenges WHERE phone = $1")
        .bind(phone)
        .execute(tx)
        .await?;
    sql("DELETE FROM enrolments WHERE phone = $1")
        .bind(phone)
        .execute(tx)
        .await?;
    Ok(())
}

/// A proven phone whose owner has not finished joining.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EnrolmentRow {
    /// Its id.
    pub id: RowId,
    /// The proven phone, E.164.
    pub phone: String,
    /// Where the person came from, as JSON.
    pub origin: String,
    /// When the phone was proven (µs).
    pub created_at: i64,
    /// The device that it signed in, once joining was finished.
    pub device_id: Option<DeviceId>,
}

/// Stores a proven phone.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_enrolment(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    phone: &str,
    origin: &str,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO enrolments (id, token_hash, phone, origin, created_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(RowId::new())
    .bind(token_hash)
    .bind(phone)
    .bind(origin)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The enrolment with this token.
///
/// # Errors
/// [`StoreError`].
pub async fn enrolment(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<EnrolmentRow>, StoreError> {
    sql("SELECT id, phone, origin, created_at, device_id FROM enrolments WHERE token_hash = $1")
        .bind(token_hash)
        .optional(tx)
        .await
}

/// The enrolment with this token, held until the transaction ends: a form sent twice makes one device.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_enrolment(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<EnrolmentRow>, StoreError> {
    sql("SELECT id, phone, origin, created_at, device_id FROM enrolments WHERE token_hash = $1")
        .bind(token_hash)
        .locked()
        .optional(tx)
        .await
}

/// Remembers which device the enrolment signed in.
///
/// # Errors
/// [`StoreError`].
pub async fn finish_enrolment(
    tx: &mut Tx,
    enrolment: RowId,
    device: DeviceId,
) -> Result<(), StoreError> {
    sql("UPDATE enrolments SET device_id = $2 WHERE id = $1")
        .bind(enrolment)
        .bind(device)
        .execute(tx)
        .await?;
    Ok(())
}
