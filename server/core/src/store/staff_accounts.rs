//! Accounts of staff as an operator keeps them: listed, blocked, given another password, role or till. Who may sign in is read in
//! `chain` and `sessions`.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::roles::Role;
use crate::domain::time::Instant;
use crate::ids::{StaffId, TillId};

/// An account in the operator's list.
#[derive(Debug, Clone, StoredRow)]
pub struct ListedStaffAccount {
    /// Text that is typed to sign in.
    pub login: String,
    /// Name shown at the till.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Name of the till that a cashier works at; empty: none.
    pub till: String,
    /// True if a PIN is set.
    pub has_pin: bool,
    /// Time since which the account is blocked; `None` = it is not.
    pub blocked_at: Option<Instant>,
}

/// Returns all accounts by login.
///
/// # Errors
/// [`StoreError`].
pub async fn list_accounts(tx: &mut Tx) -> Result<Vec<ListedStaffAccount>, StoreError> {
    sql(
        "SELECT s.login, s.name, s.role, COALESCE(t.name, '') AS till, \
         s.pin_hash IS NOT NULL AS has_pin, s.blocked_at \
         FROM staff s LEFT JOIN tills t ON t.id = s.till_id ORDER BY s.login",
    )
    .fetch_all(tx)
    .await
}

/// Returns the account with this login, held until the transaction ends; blocked ones too.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_by_login(tx: &mut Tx, login: &str) -> Result<Option<StaffId>, StoreError> {
    sql("SELECT id FROM staff WHERE login = $1")
        .bind(login)
        .locked()
        .fetch_optional_value(tx)
        .await
}

/// Returns the account with this login; blocked ones too.
///
/// # Errors
/// [`StoreError`].
pub async fn find_id_by_login(tx: &mut Tx, login: &str) -> Result<Option<StaffId>, StoreError> {
    sql("SELECT id FROM staff WHERE login = $1")
        .bind(login)
        .fetch_optional_value(tx)
        .await
}

/// Returns whether there is an account with this id; blocked ones too.
///
/// # Errors
/// [`StoreError`].
pub async fn has_account(tx: &mut Tx, staff: StaffId) -> Result<bool, StoreError> {
    let found: Option<StaffId> = sql("SELECT id FROM staff WHERE id = $1")
        .bind(staff)
        .fetch_optional_value(tx)
        .await?;
    Ok(found.is_some())
}

/// Returns the name of the account with this login; blocked ones too.
///
/// # Errors
/// [`StoreError`].
pub async fn find_name_by_login(tx: &mut Tx, login: &str) -> Result<Option<String>, StoreError> {
    sql("SELECT name FROM staff WHERE login = $1")
        .bind(login)
        .fetch_optional_value(tx)
        .await
}

/// Blocks an account since then, or lets it sign in again.
///
/// # Errors
/// [`StoreError`].
pub async fn set_blocked(
    tx: &mut Tx,
    staff: StaffId,
    since: Option<Instant>,
) -> Result<(), StoreError> {
    sql("UPDATE staff SET blocked_at = $2 WHERE id = $1")
        .bind(staff)
        .bind(since)
        .execute(tx)
        .await?;
    Ok(())
}

/// Sets the hash of the password, and forgets wrong tries of the former one.
///
/// # Errors
/// [`StoreError`].
pub async fn set_password(tx: &mut Tx, staff: StaffId, hash: &str) -> Result<(), StoreError> {
    sql("UPDATE staff SET password_hash = $2, failures = 0, locked_until = 0 WHERE id = $1")
        .bind(staff)
        .bind(hash)
        .execute(tx)
        .await?;
    Ok(())
}

/// Sets the role.
///
/// # Errors
/// [`StoreError`].
pub async fn set_role(tx: &mut Tx, staff: StaffId, role: Role) -> Result<(), StoreError> {
    sql("UPDATE staff SET role = $2 WHERE id = $1")
        .bind(staff)
        .bind(role)
        .execute(tx)
        .await?;
    Ok(())
}

/// Sets the till that the person works at; `None` = none of their own.
///
/// # Errors
/// [`StoreError`].
pub async fn set_till(tx: &mut Tx, staff: StaffId, till: Option<TillId>) -> Result<(), StoreError> {
    sql("UPDATE staff SET till_id = $2 WHERE id = $1")
        .bind(staff)
        .bind(till)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends all sessions of the person; returns how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn end_sessions(tx: &mut Tx, staff: StaffId, now: Instant) -> Result<u64, StoreError> {
    sql("UPDATE staff_sessions SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL")
        .bind(staff)
        .bind(now)
        .execute(tx)
        .await
}
