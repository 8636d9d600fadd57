//! Accounts of staff as an operator keeps them by commands. Whoever may run commands is the operator. What a person had proven before the change ends with it: their sessions do.

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
use crate::store::{StoreError, Tx, tills};
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
/// [`Error::Invalid`] with field `login`, `name`, `role`, `password` or `till`; [`Refusal::NotAllowed`].
pub async fn add_staff(
    service: &Kopilka,
    actor: &Actor,
    login: &str,
    name: &str,
    role: &str,
    password: &str,
    till: Option<&str>,
) -> Result<StaffId, Error> {
    require(actor, Permission::ManageStaff)?;
    let role = parse_role(role)?;
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
            till_id: till_by_name(tx, till).await?,
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
#[derive(Debug, Clone)]
pub enum StaffAccountChange {
    /// Nobody signs in to it any more.
    Block,
    /// Its owner may sign in again.
    Unblock,
    /// Another password.
    Password(String),
    /// Another role.
    Role(String),
    /// Another till by its name; `None` = no till of their own.
    Till(Option<String>),
    /// Its owner has to sign in again everywhere.
    EndSessions,
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

/// Changes an account and ends its sessions, wherever they are. Returns the number of sessions that were ended.
///
/// # Errors
/// [`Error::Invalid`] with field `role`, `password` or `till`; [`Refusal::NotFound`] where nobody has the login;
/// [`Refusal::NotAllowed`].
pub async fn change_staff_account(
    service: &Kopilka,
    actor: &Actor,
    login: &str,
    change: StaffAccountChange,
) -> Result<u64, Error> {
    require(actor, Permission::ManageStaff)?;
    let login = login.trim();
    // Hashing takes a while: nothing is held meanwhile.
    let password_hash = match &change {
        StaffAccountChange::Password(password) => Some(hash_password(password, &[login])?),
        _ => None,
    };
    let role = match &change {
        StaffAccountChange::Role(role) => Some(parse_role(role)?),
        _ => None,
    };
    let now = service.now();
    transact!(service.db, |tx| {
        let staff = staff_accounts::lock_by_login(tx, login)
            .await?
            .ok_or(Refusal::NotFound)?;
        match &change {
            StaffAccountChange::Block => staff_accounts::set_blocked(tx, staff, Some(now)).await?,
            StaffAccountChange::Unblock => staff_accounts::set_blocked(tx, staff, None).await?,
            StaffAccountChange::Password(_) => {
                let hash = password_hash.clone().unwrap_or_default();
                staff_accounts::set_password(tx, staff, &hash).await?;
            }
            StaffAccountChange::Role(_) => {
                let role = role.ok_or_else(unknown_role)?;
                staff_accounts::set_role(tx, staff, role).await?;
            }
            StaffAccountChange::Till(name) => {
                let till = till_by_name(tx, name.as_deref()).await?;
                staff_accounts::set_till(tx, staff, till).await?;
            }
            StaffAccountChange::EndSessions => {}
        }
        let ended = staff_accounts::end_sessions(tx, staff, now).await?;
        let line = AuditLine::new(change.action(), actor).subject(login);
        audit::log(tx, line, now).await?;
        Ok(ended)
    })
}

fn parse_role(name: &str) -> Result<Role, Error> {
    name.parse().map_err(|_| unknown_role())
}

fn unknown_role() -> Error {
    Error::invalid_field("role", "role-unknown")
}

async fn till_by_name(tx: &mut Tx, name: Option<&str>) -> Result<Option<TillId>, Error> {
    let Some(name) = name else {
        return Ok(None);
    };
    match tills::id_by_name(tx, name).await? {
        Some(till) => Ok(Some(till)),
        None => Err(Error::invalid_field("till", "till-unknown")),
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
