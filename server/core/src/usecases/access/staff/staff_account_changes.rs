//! Accounts of staff as an operator keeps them by commands. Whoever may run commands is the operator. What a person had proven before the change ends with it: their sessions do.

use std::fmt;

use crate::domain::actor::Actor;
use crate::domain::name::is_plain;
use crate::domain::roles::{Permission, Role};
use crate::domain::time::Instant;
use crate::domain::visible::visible;
use crate::ids::{StaffId, TillId};
use crate::password_hashing::hash_secret;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::chain::{self, StaffAccountRow};
use crate::store::staff_accounts::{self, ListedStaffAccount};
use crate::store::{StoreError, Tx};
use crate::usecases::programme::tills::find_till_by_name;
use crate::usecases::{Error, Refusal, require, transact};

/// Fewest characters of a password.
const SHORTEST_PASSWORD: usize = 12;
/// Guesses within which whoever tries common passwords first would find one (zxcvbn's estimate).
const COMMON_GUESSES: u64 = 100_000;

/// Hashes a password with Argon2id. `known` are texts that a guesser knows, as the login.
///
/// # Errors
/// [`Error::Invalid`] with field `password` where it is shorter than 12 characters, or found among common ones.
pub fn hash_password(password: &str, known: &[&str]) -> Result<String, Error> {
    if password.chars().count() < SHORTEST_PASSWORD {
        let problem = Error::invalid_field("password", "password-too-short");
        return Err(problem);
    }
    if zxcvbn::zxcvbn(password, known).guesses() < COMMON_GUESSES {
        return Err(Error::invalid_field("password", "password-common"));
    }
    hash_secret(password)
}

/// Adds an account of staff. The till is named where the person works at one.
///
/// # Errors
/// [`Error::Invalid`] with field `login`, `name`, `password` or `till`; [`Refusal::NotAllowed`].
pub async fn add_staff(
    service: &Kopilka,
    actor: &Actor,
    login: &str,
    name: &str,
    role: Role,
    password: &str,
    till: Option<&str>,
) -> Result<StaffId, Error> {
    require(actor, Permission::ManageStaff)?;
    let login = login.trim();
    let name = &visible(name);
    for (field, text) in [("login", login), ("name", name)] {
        // A login with something unseen in it could never be typed again.
        if !is_plain(text) || visible(text) != text {
            return Err(Error::invalid_field(field, "staff-name"));
        }
    }
    let account = StaffAccountRow {
        id: StaffId::new(),
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        password_hash: hash_password(password, &[login, name])?,
        pin_hash: None,
        till_id: None,
        failures: 0,
        locked_until: Instant(0),
    };
    transact!(service.db, |tx| {
        let row = StaffAccountRow {
            till_id: find_optional_till(tx, till).await?,
            ..account.clone()
        };
        chain::insert_staff(tx, &row, service.now())
            .await
            .map_err(|error| match error {
                StoreError::Duplicate => Error::invalid_field("login", "login-taken"),
                other => other.into(),
            })?;
        let line = AuditLine::new(Action::StaffAdded, actor).subject(login);
        audit::log(tx, line, service.now()).await?;
        Ok(row.id)
    })
}

/// Returns all accounts by login.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_staff(service: &Kopilka) -> Result<Vec<ListedStaffAccount>, Error> {
    let mut tx = service.db.read().await?;
    Ok(staff_accounts::list_accounts(&mut tx).await?)
}

/// A change to an account of staff.
#[derive(Clone)]
pub enum StaffAccountChange {
    /// Nobody signs in to it any more.
    Block,
    /// Its owner may sign in again.
    Unblock,
    /// Another password.
    Password(String),
    /// Another role.
    Role(Role),
    /// Another till by its name; `None` = no till of their own.
    Till(Option<String>),
    /// Its owner has to sign in again everywhere.
    EndSessions,
}

impl fmt::Debug for StaffAccountChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is changed and not to what: one of them is a password.
        write!(f, "StaffAccountChange({})", self.action().as_str())
    }
}

impl StaffAccountChange {
    const fn action(&self) -> Action {
        match self {
            Self::Block => Action::StaffBlocked,
            Self::Unblock => Action::StaffUnblocked,
            Self::Password(_) => Action::PasswordSet,
            Self::Role(_) => Action::RoleSet,
            Self::Till(_) => Action::StaffTillSet,
            Self::EndSessions => Action::StaffSessionsEnded,
        }
    }
}

/// A change with the values that are stored.
enum StoredAccountChange {
    BlockedSince(Option<Instant>),
    PasswordHash(String),
    Role(Role),
    TillName(Option<String>),
    Nothing,
}

impl StoredAccountChange {
    /// Checks and hashes a new password. Hashing takes a while: nothing is held meanwhile.
    fn prepare(change: StaffAccountChange, known: &[&str], now: Instant) -> Result<Self, Error> {
        Ok(match change {
            StaffAccountChange::Block => Self::BlockedSince(Some(now)),
            StaffAccountChange::Unblock => Self::BlockedSince(None),
            StaffAccountChange::Password(password) => {
                Self::PasswordHash(hash_password(&password, known)?)
            }
            StaffAccountChange::Role(role) => Self::Role(role),
            StaffAccountChange::Till(name) => Self::TillName(name),
            StaffAccountChange::EndSessions => Self::Nothing,
        })
    }

    async fn store(&self, tx: &mut Tx, staff: StaffId) -> Result<(), Error> {
        match self {
            Self::BlockedSince(since) => staff_accounts::set_blocked(tx, staff, *since).await?,
            Self::PasswordHash(hash) => staff_accounts::set_password(tx, staff, hash).await?,
            Self::Role(role) => staff_accounts::set_role(tx, staff, *role).await?,
            Self::TillName(name) => {
                let till = find_optional_till(tx, name.as_deref()).await?;
                staff_accounts::set_till(tx, staff, till).await?;
            }
            Self::Nothing => {}
        }
        Ok(())
    }
}

/// Changes an account and ends its sessions, wherever they are. Returns the number of sessions that were ended.
///
/// # Errors
/// [`Error::Invalid`] with field `password` or `till`; [`Refusal::NotFound`] where nobody has the login;
/// [`Refusal::NotAllowed`].
pub async fn change_staff_account(
    service: &Kopilka,
    actor: &Actor,
    login: &str,
    change: StaffAccountChange,
) -> Result<u64, Error> {
    require(actor, Permission::ManageStaff)?;
    let login = login.trim();
    let mut tx = service.db.read().await?;
    let name = staff_accounts::find_name_by_login(&mut tx, login).await?;
    drop(tx);
    let name = name.ok_or(Refusal::NotFound)?;
    let now = service.now();
    let action = change.action();
    let change = StoredAccountChange::prepare(change, &[login, &name], now)?;
    transact!(service.db, |tx| {
        let staff = staff_accounts::lock_by_login(tx, login)
            .await?
            .ok_or(Refusal::NotFound)?;
        change.store(tx, staff).await?;
        let ended = staff_accounts::end_sessions(tx, staff, now).await?;
        let line = AuditLine::new(action, actor).subject(login);
        audit::log(tx, line, now).await?;
        Ok(ended)
    })
}

async fn find_optional_till(tx: &mut Tx, name: Option<&str>) -> Result<Option<TillId>, Error> {
    match name {
        Some(name) => find_till_by_name(tx, name).await.map(Some),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<&'static str> {
        match hash_password(password, &["masha"]) {
            Ok(_) => None,
            Err(Error::Invalid(problems)) => Some(problems[0].key),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_password_is_long_and_not_a_common_one() {
        for (password, expected) in [
            ("", Some("password-too-short")),
            ("eleven-char", Some("password-too-short")),
            ("password1234", Some("password-common")),
            ("123456789012", Some("password-common")),
            ("qwertyuiop[]", Some("password-common")),
            ("aaaaaaaaaaaa", Some("password-common")),
            ("mashamashamasha", Some("password-common")),
            ("twelve-chars", None),
            ("двенадцать ёлок", None),
        ] {
            assert_eq!(fault(password), expected, "{password}");
        }
    }
}
