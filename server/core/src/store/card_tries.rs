//! Numbers that were tried as printed cards in the wallet and cannot be attached, by account and by network.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId};

#[derive(StoredRow)]
struct CardTryCounts {
    own: i64,
    near: i64,
}

/// Returns how many tries the account and the network have since `since`, whichever are more. An empty `asker` is no
/// network.
///
/// # Errors
/// [`StoreError`].
pub async fn count_tries(
    tx: &mut Tx,
    member: MemberId,
    asker: &str,
    since: Instant,
) -> Result<i64, StoreError> {
    let tries: CardTryCounts = sql(
        "SELECT (SELECT COUNT(*) FROM card_tries WHERE member_id = $1 AND at > $3) AS own, \
         (SELECT COUNT(*) FROM card_tries WHERE asker = $2 AND asker <> '' AND at > $3) AS near",
    )
    .bind(member)
    .bind(asker)
    .bind(since)
    .fetch_one(tx)
    .await?;
    Ok(tries.own.max(tries.near))
}

/// Stores a try.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    member: MemberId,
    asker: &str,
    now: Instant,
) -> Result<(), StoreError> {
    sql("INSERT INTO card_tries (id, member_id, asker, at) VALUES ($1, $2, $3, $4)")
        .bind(RowId::new())
        .bind(member)
        .bind(asker)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
