//! Debts of closed accounts: kept under the keyed hashes of their phones until somebody joins again with one of these, and
//! after that owed by who did. An account is named by its mark, a keyed hash of its id.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::Points;
use crate::domain::time::Instant;
use crate::ids::MemberId;

/// A closed account as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct ClosedAccountRow {
    /// Mark of the account.
    pub account_mark: Vec<u8>,
    /// Time from which it is kept.
    pub kept_from: Instant,
    /// Time until which it is kept.
    pub ends_at: Instant,
}

/// Keeps a closed account and its debt under the hash of a phone.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_debt(
    tx: &mut Tx,
    phone_hash: &[u8],
    account: &ClosedAccountRow,
    debt: Points,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO closed_account_debts (phone_hash, account_mark, debt, kept_from, ends_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (phone_hash, account_mark) DO UPDATE SET \
         debt = excluded.debt, kept_from = excluded.kept_from, ends_at = excluded.ends_at",
    )
    .bind(phone_hash.to_vec())
    .bind(account.account_mark.clone())
    .bind(debt)
    .bind(account.kept_from)
    .bind(account.ends_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Returns closed accounts that are kept under the hash of a phone: those that end after `now` and are kept from `since` on.
///
/// # Errors
/// [`StoreError`].
pub async fn list_closed_accounts(
    tx: &mut Tx,
    phone_hash: &[u8],
    since: Instant,
    now: Instant,
) -> Result<Vec<ClosedAccountRow>, StoreError> {
    sql(
        "SELECT account_mark, kept_from, ends_at FROM closed_account_debts \
         WHERE phone_hash = $1 AND ends_at > $2 AND kept_from >= $3 ORDER BY account_mark",
    )
    .bind(phone_hash.to_vec())
    .bind(now)
    .bind(since)
    .fetch_all(tx)
    .await
}

/// Removes what is kept of a closed account under whichever phones, and returns its debt; `None` = nothing is kept any more.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_debt(tx: &mut Tx, account_mark: &[u8]) -> Result<Option<Points>, StoreError> {
    let debts: Vec<Points> =
        sql("DELETE FROM closed_account_debts WHERE account_mark = $1 RETURNING debt")
            .bind(account_mark.to_vec())
            .fetch_values(tx)
            .await?;
    Ok(debts.into_iter().max())
}

/// Changes the debt that is kept of a closed account by so many points, to no less than 0; false where nothing is kept of it.
///
/// # Errors
/// [`StoreError`].
pub async fn add_to_debt(
    tx: &mut Tx,
    account_mark: &[u8],
    debt: Points,
) -> Result<bool, StoreError> {
    let kept = sql("UPDATE closed_account_debts \
         SET debt = CASE WHEN debt + $2 > 0 THEN debt + $2 ELSE 0 END WHERE account_mark = $1")
    .bind(account_mark.to_vec())
    .bind(debt)
    .execute(tx)
    .await?;
    Ok(kept > 0)
}

/// Makes a member owe what the closed account owed and comes to owe.
///
/// # Errors
/// [`StoreError`].
pub async fn set_successor(
    tx: &mut Tx,
    member: MemberId,
    account: &ClosedAccountRow,
    owed: Points,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO closed_account_successors (account_mark, member_id, owed, kept_from, ends_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_mark) DO UPDATE SET \
         member_id = excluded.member_id, owed = excluded.owed",
    )
    .bind(account.account_mark.clone())
    .bind(member)
    .bind(owed)
    .bind(account.kept_from)
    .bind(account.ends_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// A member who owes what a closed account comes to owe.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct AccountSuccessor {
    /// The member.
    pub member_id: MemberId,
    /// Points that they took over of its debts.
    pub owed: Points,
}

/// Returns the member who owes what the closed account comes to owe, where it is kept from `since` on and ends after `now`.
///
/// # Errors
/// [`StoreError`].
pub async fn successor(
    tx: &mut Tx,
    account_mark: &[u8],
    since: Instant,
    now: Instant,
) -> Result<Option<AccountSuccessor>, StoreError> {
    sql("SELECT member_id, owed FROM closed_account_successors \
         WHERE account_mark = $1 AND ends_at > $2 AND kept_from >= $3")
    .bind(account_mark.to_vec())
    .bind(now)
    .bind(since)
    .locked()
    .fetch_optional(tx)
    .await
}

/// Changes what a successor took over of a closed account's debts by so many points.
///
/// # Errors
/// [`StoreError`].
pub async fn change_owed(tx: &mut Tx, account_mark: &[u8], by: Points) -> Result<(), StoreError> {
    sql("UPDATE closed_account_successors SET owed = owed + $2 WHERE account_mark = $1")
        .bind(account_mark.to_vec())
        .bind(by)
        .execute(tx)
        .await?;
    Ok(())
}

/// A closed account whose debts a member took over.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct AccountPredecessor {
    /// The account.
    #[row(flatten)]
    pub account: ClosedAccountRow,
    /// Points that the member took over of its debts.
    pub owed: Points,
}

/// Returns the closed accounts whose debts the member took over.
///
/// # Errors
/// [`StoreError`].
pub async fn predecessors(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<AccountPredecessor>, StoreError> {
    sql(
        "SELECT account_mark, kept_from, ends_at, owed FROM closed_account_successors \
         WHERE member_id = $1 ORDER BY account_mark",
    )
    .bind(member)
    .fetch_all(tx)
    .await
}

/// Removes all of it: the key that made hashes and marks is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_all(tx: &mut Tx) -> Result<(), StoreError> {
    sql("DELETE FROM closed_account_debts").execute(tx).await?;
    sql("DELETE FROM closed_account_successors")
        .execute(tx)
        .await?;
    Ok(())
}
