//! Wrong passwords of logins that nobody has, so that those are locked as the others are. A login is stored as its
//! keyed hash.

use super::engine::sql;
use super::{StoreError, Tx};
use crate::domain::time::Instant;

/// Returns until when a login is locked, the beginning of 1970 where it is not.
///
/// # Errors
/// [`StoreError`].
pub async fn locked_until(tx: &mut Tx, login_hash: Vec<u8>) -> Result<Instant, StoreError> {
    let until: Option<Instant> =
        sql("SELECT locked_until FROM unknown_logins WHERE login_hash = $1")
            .bind(login_hash)
            .fetch_optional_value(tx)
            .await?;
    Ok(until.unwrap_or_default())
}

/// Counts a wrong password: each `most`-th locks the login until `until`. Returns the number of wrong passwords so far.
///
/// # Errors
/// [`StoreError`].
pub async fn count_failure(
    tx: &mut Tx,
    login_hash: Vec<u8>,
    most: i64,
    until: Instant,
    now: Instant,
) -> Result<i64, StoreError> {
    sql(
        "INSERT INTO unknown_logins (login_hash, failures, locked_until, changed_at) \
         VALUES ($1, 1, 0, $2) ON CONFLICT (login_hash) DO UPDATE SET \
         failures = unknown_logins.failures + 1, changed_at = excluded.changed_at, \
         locked_until = CASE WHEN (unknown_logins.failures + 1) % $3 = 0 THEN CAST($4 AS BIGINT) ELSE 0 END \
         RETURNING failures",
    )
    .bind(login_hash)
    .bind(now)
    .bind(most)
    .bind(until)
    .fetch_value(tx)
        .await
}
