//! Accounts of one person that were merged: which belong together, and what each merge moved.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId};

/// Returns the account that stands for the person: the end of the chain, or the account itself.
///
/// # Errors
/// [`StoreError`].
pub async fn person_of(tx: &mut Tx, member: MemberId) -> Result<MemberId, StoreError> {
    let row: Option<MemberId> = sql("SELECT member_id FROM merged_accounts WHERE merged_id = $1")
        .bind(member)
        .fetch_optional_value(tx)
        .await?;
    Ok(row.unwrap_or(member))
}

/// Returns the account that stands for the person who has this phone.
///
/// # Errors
/// [`StoreError`].
pub async fn person_by_phone(tx: &mut Tx, phone: &str) -> Result<Option<MemberId>, StoreError> {
    sql("SELECT COALESCE(m.member_id, p.id) FROM members p \
         LEFT JOIN merged_accounts m ON m.merged_id = p.id WHERE p.phone = $1")
    .bind(phone)
    .fetch_optional_value(tx)
    .await
}

/// Returns the accounts that were merged into this one, directly or through others.
///
/// # Errors
/// [`StoreError`].
pub async fn merged_into(tx: &mut Tx, person: MemberId) -> Result<Vec<MemberId>, StoreError> {
    sql("SELECT merged_id FROM merged_accounts WHERE member_id = $1 ORDER BY merged_id")
        .bind(person)
        .fetch_values(tx)
        .await
}

/// Returns all accounts of the person whose account this is, the one that stands for the person first.
///
/// # Errors
/// [`StoreError`].
pub async fn accounts_of_person(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<MemberId>, StoreError> {
    let person = person_of(tx, member).await?;
    let mut accounts = vec![person];
    accounts.extend(merged_into(tx, person).await?);
    Ok(accounts)
}

/// Adds an account, and those that were merged into it before, to another.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_merged(tx: &mut Tx, from: MemberId, to: MemberId) -> Result<(), StoreError> {
    sql("UPDATE merged_accounts SET member_id = $2 WHERE member_id = $1")
        .bind(from)
        .bind(to)
        .execute(tx)
        .await?;
    sql("INSERT INTO merged_accounts (merged_id, member_id) VALUES ($1, $2)")
        .bind(from)
        .bind(to)
        .execute(tx)
        .await?;
    Ok(())
}

/// Makes an account stand for itself again, and for those that had been merged into it.
///
/// # Errors
/// [`StoreError`].
pub async fn unmark_merged(
    tx: &mut Tx,
    from: MemberId,
    earlier: &[MemberId],
) -> Result<(), StoreError> {
    sql("DELETE FROM merged_accounts WHERE merged_id = $1")
        .bind(from)
        .execute(tx)
        .await?;
    for merged in earlier {
        sql("UPDATE merged_accounts SET member_id = $2 WHERE merged_id = $1")
            .bind(*merged)
            .bind(from)
            .execute(tx)
            .await?;
    }
    sql("UPDATE accounts SET joined_to = NULL WHERE member_id = $1")
        .bind(from)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives gifts that wait to be handed over to another account.
///
/// # Errors
/// [`StoreError`].
pub async fn move_gifts(tx: &mut Tx, from: MemberId, to: MemberId) -> Result<u64, StoreError> {
    sql("UPDATE gift_grants SET member_id = $2 WHERE member_id = $1 AND handed_over_at IS NULL")
        .bind(from)
        .bind(to)
        .execute(tx)
        .await
}

/// Gives gifts back that wait to be handed over and were promised by receipts of an account.
///
/// # Errors
/// [`StoreError`].
pub async fn move_gifts_back(tx: &mut Tx, from: MemberId, to: MemberId) -> Result<u64, StoreError> {
    sql(
        "UPDATE gift_grants SET member_id = $1 WHERE member_id = $2 AND handed_over_at IS NULL \
         AND receipt_id IN (SELECT id FROM receipts WHERE member_id = $1)",
    )
    .bind(from)
    .bind(to)
    .execute(tx)
    .await
}

/// Returns the offers that the member has switched on.
///
/// # Errors
/// [`StoreError`].
pub async fn activated_offers(tx: &mut Tx, member: MemberId) -> Result<Vec<String>, StoreError> {
    sql("SELECT offer FROM offer_activations WHERE member_id = $1 ORDER BY offer")
        .bind(member)
        .fetch_values(tx)
        .await
}

/// Sets when the member's full profile was rewarded.
///
/// # Errors
/// [`StoreError`].
pub async fn set_rewarded(
    tx: &mut Tx,
    member: MemberId,
    at: Option<Instant>,
) -> Result<(), StoreError> {
    sql("UPDATE members SET rewarded_at = $2 WHERE id = $1")
        .bind(member)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends the block of cards that a merge blocked.
///
/// # Errors
/// [`StoreError`].
pub async fn unblock_cards(
    tx: &mut Tx,
    member: MemberId,
    blocked_at: Instant,
) -> Result<(), StoreError> {
    sql("UPDATE cards SET blocked_at = NULL WHERE member_id = $1 AND blocked_at = $2")
        .bind(member)
        .bind(blocked_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// A merge of two accounts.
#[derive(Debug, Clone, StoredRow)]
pub struct AccountMergeRow {
    /// Its id.
    pub id: RowId,
    /// The account that was merged.
    pub member_id: MemberId,
    /// The account that it was merged into.
    pub into_id: MemberId,
    /// Person who merged them.
    pub author_id: StaffId,
    /// Reason in the author's words.
    pub note: String,
    /// Points, lots and other things that were moved (JSON).
    pub moved: String,
    /// Time of the merge.
    pub merged_at: Instant,
    /// Time at which it was moved back; `None` = it was not.
    pub undone_at: Option<Instant>,
}

/// Stores a merge.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_merge(tx: &mut Tx, row: &AccountMergeRow) -> Result<(), StoreError> {
    sql(
        "INSERT INTO account_merges (id, member_id, into_id, author_id, note, moved, merged_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.id)
    .bind(row.member_id)
    .bind(row.into_id)
    .bind(row.author_id)
    .bind(row.note.as_str())
    .bind(row.moved.as_str())
    .bind(row.merged_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Returns a merge, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_merge(tx: &mut Tx, id: RowId) -> Result<Option<AccountMergeRow>, StoreError> {
    sql(
        "SELECT id, member_id, into_id, author_id, note, moved, merged_at, undone_at \
         FROM account_merges WHERE id = $1",
    )
    .bind(id)
    .locked()
    .fetch_optional(tx)
    .await
}

/// Marks a merge as moved back.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_undone(
    tx: &mut Tx,
    id: RowId,
    by: StaffId,
    now: Instant,
) -> Result<(), StoreError> {
    sql("UPDATE account_merges SET undone_by = $2, undone_at = $3 WHERE id = $1")
        .bind(id)
        .bind(by)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
