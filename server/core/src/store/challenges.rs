//! One-time passwords and the proven phones that come of them.

use super::engine::{Statement, StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{DeviceId, RowId, TillId};

/// A one-time password on its way.
#[derive(Debug, Clone, StoredRow)]
pub struct ChallengeRow {
    /// Its id, also the salt of the code's hash.
    pub id: RowId,
    /// Hash of the token by which it was found, the first or a further one.
    pub token_hash: Vec<u8>,
    /// The phone that the code was sent to, E.164.
    pub phone: String,
    /// HMAC of the code under the id.
    pub code_hash: Vec<u8>,
    /// Source that the person came from, as JSON.
    pub origin: String,
    /// Time at which the challenge began.
    pub created_at: Instant,
    /// Time at which the code in force was sent.
    pub sent_at: Instant,
    /// Wrong codes that came with this token so far; a resend does not reset them.
    pub tries: i64,
    /// Time at which it was used; `None` = it was not.
    pub used_at: Option<Instant>,
}

/// Statement that reads challenges as [`ChallengeRow`], with the given conditions and order.
macro_rules! select_challenges {
    ($rest:literal) => {
        concat!(
            "SELECT id, token_hash, phone, code_hash, origin, created_at, sent_at, tries, used_at \
             FROM challenges ",
            $rest
        )
    };
}

/// Stores a new challenge; one for a till proves a phone there and signs nobody in.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    challenge: &ChallengeRow,
    till: Option<TillId>,
) -> Result<(), StoreError> {
    sql("INSERT INTO challenges (id, token_hash, phone, code_hash, origin, created_at, sent_at, tries, till_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(challenge.id)
    .bind(challenge.token_hash.clone())
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

/// The challenge with this token: for a till where one is named, else for a browser of a shopper.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    till: Option<TillId>,
) -> Result<Option<ChallengeRow>, StoreError> {
    if let Some(row) = with_token(token_hash.clone(), till)
        .fetch_optional(tx)
        .await?
    {
        return Ok(Some(row));
    }
    let Some(further) = further_token(tx, token_hash).await? else {
        return Ok(None);
    };
    let row = find_by_id(tx, further.challenge_id, till).await?;
    Ok(row.map(|row| further.apply_to_challenge(row)))
}

/// Returns the same as [`find_by_token`], with the row locked until the transaction ends: two codes typed at once are counted
/// one by one.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_by_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    till: Option<TillId>,
) -> Result<Option<ChallengeRow>, StoreError> {
    let own = with_token(token_hash.clone(), till);
    let row = own.locked().fetch_optional(tx).await?;
    if row.is_some() {
        return Ok(row);
    }
    let Some(first) = further_token(tx, token_hash.clone()).await? else {
        return Ok(None);
    };
    let held = with_id(first.challenge_id, till).locked();
    let Some(row) = held.fetch_optional(tx).await? else {
        return Ok(None);
    };
    // What it has tried meanwhile is read once the challenge is held.
    let further = further_token(tx, token_hash).await?;
    Ok(further.map(|further| further.apply_to_challenge(row)))
}

/// The challenge with this id: for a till where one is named, else for a browser of a shopper.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_id(
    tx: &mut Tx,
    challenge: RowId,
    till: Option<TillId>,
) -> Result<Option<ChallengeRow>, StoreError> {
    with_id(challenge, till).fetch_optional(tx).await
}

fn with_token(token_hash: Vec<u8>, till: Option<TillId>) -> Statement {
    match till {
        None => sql(select_challenges!(
            "WHERE token_hash = $1 AND till_id IS NULL"
        ))
        .bind(token_hash),
        Some(till) => sql(select_challenges!("WHERE token_hash = $1 AND till_id = $2"))
            .bind(token_hash)
            .bind(till),
    }
}

fn with_id(challenge: RowId, till: Option<TillId>) -> Statement {
    match till {
        None => sql(select_challenges!("WHERE id = $1 AND till_id IS NULL")).bind(challenge),
        Some(till) => sql(select_challenges!("WHERE id = $1 AND till_id = $2"))
            .bind(challenge)
            .bind(till),
    }
}

/// A further token of a challenge.
#[derive(StoredRow)]
struct ChallengeTokenRow {
    token_hash: Vec<u8>,
    challenge_id: RowId,
    /// Origin of its own form.
    origin: String,
    /// Wrong codes that came with it.
    tries: i64,
}

impl ChallengeTokenRow {
    /// Returns the challenge as whoever has this token sees it.
    fn apply_to_challenge(self, row: ChallengeRow) -> ChallengeRow {
        ChallengeRow {
            token_hash: self.token_hash,
            origin: self.origin,
            tries: self.tries,
            ..row
        }
    }
}

async fn further_token(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<ChallengeTokenRow>, StoreError> {
    sql("SELECT token_hash, challenge_id, origin, tries FROM challenge_tokens WHERE token_hash = $1")
        .bind(token_hash)
        .fetch_optional(tx)
        .await
}

/// Gives a challenge a further token with tries of its own, for a form that was sent twice.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_token(
    tx: &mut Tx,
    challenge: RowId,
    token_hash: Vec<u8>,
    origin: &str,
) -> Result<(), StoreError> {
    sql("INSERT INTO challenge_tokens (token_hash, challenge_id, origin) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(challenge)
        .bind(origin)
        .execute(tx)
        .await?;
    Ok(())
}

/// Number of further tokens of a challenge.
///
/// # Errors
/// [`StoreError`].
pub async fn count_tokens(tx: &mut Tx, challenge: RowId) -> Result<i64, StoreError> {
    sql("SELECT COUNT(*) FROM challenge_tokens WHERE challenge_id = $1")
        .bind(challenge)
        .fetch_value(tx)
        .await
}

/// Returns whether an earlier code of the challenge, sent after `since`, has this hash.
///
/// # Errors
/// [`StoreError`].
pub async fn is_earlier_code(
    tx: &mut Tx,
    challenge: RowId,
    code_hash: Vec<u8>,
    since: Instant,
) -> Result<bool, StoreError> {
    let found: i64 = sql("SELECT COUNT(*) FROM earlier_codes \
         WHERE challenge_id = $1 AND code_hash = $2 AND sent_at > $3")
    .bind(challenge)
    .bind(code_hash)
    .bind(since)
    .fetch_value(tx)
    .await?;
    Ok(found > 0)
}

/// Counts a wrong code for the token that it came with.
///
/// # Errors
/// [`StoreError`].
pub async fn count_try(tx: &mut Tx, challenge: &ChallengeRow) -> Result<(), StoreError> {
    for text in [
        "UPDATE challenges SET tries = tries + 1 WHERE token_hash = $1",
        "UPDATE challenge_tokens SET tries = tries + 1 WHERE token_hash = $1",
    ] {
        sql(text)
            .bind(challenge.token_hash.clone())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Marks the challenge used; false when it was used before.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_used(tx: &mut Tx, challenge: RowId, now: Instant) -> Result<bool, StoreError> {
    let taken = sql("UPDATE challenges SET used_at = $2 WHERE id = $1 AND used_at IS NULL")
        .bind(challenge)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(taken == 1)
}

/// Puts a new code in force beside the earlier ones; the count of tries stays.
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
        "INSERT INTO earlier_codes (id, challenge_id, code_hash, sent_at) \
         SELECT $1, id, code_hash, sent_at FROM challenges WHERE id = $2",
    )
    .bind(RowId::new())
    .bind(challenge)
    .execute(tx)
    .await?;
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
pub async fn delete_of_phone(tx: &mut Tx, phone: &str) -> Result<(), StoreError> {
    for text in [
        "DELETE FROM earlier_codes WHERE challenge_id IN (SELECT id FROM challenges WHERE phone = $1)",
        "DELETE FROM challenge_tokens WHERE challenge_id IN (SELECT id FROM challenges WHERE phone = $1)",
    ] {
        sql(text).bind(phone).execute(tx).await?;
    }
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
#[derive(Debug, Clone, StoredRow)]
pub struct ProvenPhoneRow {
    /// Its id.
    pub id: RowId,
    /// The proven phone, E.164.
    pub phone: String,
    /// Source that the person came from, as JSON.
    pub origin: String,
    /// Time at which the phone was proven.
    pub created_at: Instant,
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
) -> Result<Option<ProvenPhoneRow>, StoreError> {
    enrolment_with_token(token_hash).fetch_optional(tx).await
}

fn enrolment_with_token(token_hash: Vec<u8>) -> Statement {
    sql("SELECT id, phone, origin, created_at, device_id FROM enrolments WHERE token_hash = $1")
        .bind(token_hash)
}

/// The enrolment with this token, held until the transaction ends: a form sent twice makes one device.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_enrolment(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<ProvenPhoneRow>, StoreError> {
    enrolment_with_token(token_hash)
        .locked()
        .fetch_optional(tx)
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
