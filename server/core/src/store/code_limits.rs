//! Counts of one-time passwords: messages by phone, asker and day, wrong codes by phone.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::RowId;

/// Messages with a code to one phone within some time.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct PhoneMessageCounts {
    /// Number of messages.
    pub all: i64,
    /// Time of the first.
    pub first: Option<Instant>,
    /// Number of messages that the asker at hand asked for.
    pub own: i64,
    /// Time of the first of those.
    pub own_first: Option<Instant>,
    /// Time of the last of those.
    pub own_last: Option<Instant>,
}

/// Counts messages to a phone since `since`, those of `asker` apart.
///
/// # Errors
/// [`StoreError`].
pub async fn sends_to_phone(
    tx: &mut Tx,
    phone: &str,
    asker: &str,
    since: Instant,
) -> Result<PhoneMessageCounts, StoreError> {
    sql("SELECT COUNT(*) AS \"all\", MIN(sent_at) AS first, \
         CAST(COALESCE(SUM(CASE WHEN asker = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS own, \
         MIN(CASE WHEN asker = $2 THEN sent_at END) AS own_first, \
         MAX(CASE WHEN asker = $2 THEN sent_at END) AS own_last \
         FROM code_sends WHERE phone = $1 AND sent_at > $3")
    .bind(phone)
    .bind(asker)
    .bind(since)
    .fetch_one(tx)
    .await
}

/// Number of times that something happened since a time.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct EventCountSince {
    /// Number of times.
    pub count: i64,
    /// Time at which it happened first; `None` = it did not happen.
    pub first_at: Option<Instant>,
}

/// Counts messages that `asker` asked for since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn sends_by_asker(
    tx: &mut Tx,
    asker: &str,
    since: Instant,
) -> Result<EventCountSince, StoreError> {
    sql(
        "SELECT COUNT(*) AS count, MIN(sent_at) AS first_at FROM code_sends \
         WHERE asker = $1 AND sent_at > $2",
    )
    .bind(asker)
    .bind(since)
    .fetch_one(tx)
    .await
}

/// Returns the challenge of the last message to a phone that `asker` asked for since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn last_challenge(
    tx: &mut Tx,
    phone: &str,
    asker: &str,
    since: Instant,
) -> Result<Option<RowId>, StoreError> {
    sql("SELECT challenge_id FROM code_sends \
         WHERE phone = $1 AND asker = $2 AND sent_at > $3 ORDER BY sent_at DESC LIMIT 1")
    .bind(phone)
    .bind(asker)
    .bind(since)
    .fetch_optional_value(tx)
    .await
}

/// Stores that a message with a code goes to a phone.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_send(
    tx: &mut Tx,
    challenge: RowId,
    phone: &str,
    asker: &str,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO code_sends (id, challenge_id, phone, asker, sent_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(RowId::new())
    .bind(challenge)
    .bind(phone)
    .bind(asker)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Frees a phone of the messages of a challenge that its owner has answered, and of wrong codes in a row.
///
/// # Errors
/// [`StoreError`].
pub async fn forgive_sends(tx: &mut Tx, challenge: RowId, phone: &str) -> Result<(), StoreError> {
    sql("UPDATE code_sends SET phone = '' WHERE challenge_id = $1")
        .bind(challenge)
        .execute(tx)
        .await?;
    sql("DELETE FROM guessed_phones WHERE phone = $1")
        .bind(phone)
        .execute(tx)
        .await?;
    Ok(())
}

/// Counts wrong codes of a phone since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn wrong_one_time_codes(
    tx: &mut Tx,
    phone: &str,
    since: Instant,
) -> Result<EventCountSince, StoreError> {
    sql(
        "SELECT COUNT(*) AS count, MIN(at) AS first_at FROM wrong_one_time_codes \
         WHERE phone = $1 AND at > $2",
    )
    .bind(phone)
    .bind(since)
    .fetch_one(tx)
    .await
}

/// Stores a wrong code of a phone; how many there were since its owner last proved it.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_wrong_code(tx: &mut Tx, phone: &str, now: Instant) -> Result<i64, StoreError> {
    sql("INSERT INTO wrong_one_time_codes (id, phone, at) VALUES ($1, $2, $3)")
        .bind(RowId::new())
        .bind(phone)
        .bind(now)
        .execute(tx)
        .await?;
    sql(
        "INSERT INTO guessed_phones (phone, wrong, changed_at) VALUES ($1, 1, $2) \
         ON CONFLICT (phone) DO UPDATE SET wrong = guessed_phones.wrong + 1, \
         changed_at = excluded.changed_at RETURNING wrong",
    )
    .bind(phone)
    .bind(now)
    .fetch_value(tx)
    .await
}

/// Stops codes to a phone until `until`; wrong codes are counted from 0 again.
///
/// # Errors
/// [`StoreError`].
pub async fn pause_codes(tx: &mut Tx, phone: &str, until: Instant) -> Result<(), StoreError> {
    sql("UPDATE guessed_phones SET wrong = 0, paused_until = $2 WHERE phone = $1")
        .bind(phone)
        .bind(until)
        .execute(tx)
        .await?;
    Ok(())
}

/// Returns until when no code is sent to a phone, the beginning of 1970 where codes are sent.
///
/// # Errors
/// [`StoreError`].
pub async fn paused_until(tx: &mut Tx, phone: &str) -> Result<Instant, StoreError> {
    let until: Option<Instant> = sql("SELECT paused_until FROM guessed_phones WHERE phone = $1")
        .bind(phone)
        .fetch_optional_value(tx)
        .await?;
    Ok(until.unwrap_or_default())
}

/// Messages of a day.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct DailyMessageCount {
    /// Number of messages sent.
    pub sent: i64,
    /// Time at which the operator was warned of their number; `None` = not yet.
    pub warned_at: Option<Instant>,
}

/// Counts one more message of a day, unless there were `limit` already: then `None`.
///
/// # Errors
/// [`StoreError`].
pub async fn count_message(
    tx: &mut Tx,
    day: &str,
    limit: i64,
) -> Result<Option<DailyMessageCount>, StoreError> {
    if limit < 1 {
        return Ok(None);
    }
    sql("INSERT INTO code_days (day, sent) VALUES ($1, 1) \
         ON CONFLICT (day) DO UPDATE SET sent = code_days.sent + 1 WHERE code_days.sent < $2 \
         RETURNING sent, warned_at")
    .bind(day)
    .bind(limit)
    .fetch_optional(tx)
    .await
}

/// Remembers that the operator was warned.
///
/// # Errors
/// [`StoreError`].
pub async fn set_warned(tx: &mut Tx, day: &str, now: Instant) -> Result<(), StoreError> {
    sql("UPDATE code_days SET warned_at = $2 WHERE day = $1")
        .bind(day)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Returns the number of messages of a day.
///
/// # Errors
/// [`StoreError`].
pub async fn messages_of_day(tx: &mut Tx, day: &str) -> Result<i64, StoreError> {
    let row: Option<i64> = sql("SELECT sent FROM code_days WHERE day = $1")
        .bind(day)
        .fetch_optional_value(tx)
        .await?;
    Ok(row.unwrap_or(0))
}

/// Deletes days before `day`; how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_days_before(tx: &mut Tx, day: &str) -> Result<u64, StoreError> {
    sql("DELETE FROM code_days WHERE day < $1")
        .bind(day)
        .execute(tx)
        .await
}

/// Forgets a phone: its owner closed the account.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of_phone(tx: &mut Tx, phone: &str) -> Result<(), StoreError> {
    for text in [
        "UPDATE code_sends SET phone = '' WHERE phone = $1",
        "DELETE FROM wrong_one_time_codes WHERE phone = $1",
        "DELETE FROM guessed_phones WHERE phone = $1",
    ] {
        sql(text).bind(phone).execute(tx).await?;
    }
    Ok(())
}
