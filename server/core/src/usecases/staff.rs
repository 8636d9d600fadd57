//! Accounts of people who work for the chain. Wrong passwords and PINs lock one for a while; unknown logins take as long
//! as known ones.

mod pins;
mod sessions;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

pub(super) use pins::prove_senior;
pub use pins::{Colleague, hash_pin, roster, seniors, set_own_pin, set_pin};
pub use sessions::{Cashier, Presence, lock, present, sign_in, sign_out, unlock};

use super::{Error, Problem, Refusal};
use crate::domain::name::is_plain;
use crate::domain::time::Instant;
use crate::domain::visible::visible;
use crate::ids::{RowId, StaffId, TillId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, Line};
use crate::store::chain::{self, StaffRow};
use crate::store::tills;

/// Wrong passwords and PINs before an account is locked for [`LOCK_MINUTES`].
const MOST_FAILURES: i64 = 5;
/// Minutes for which an account is locked.
const LOCK_MINUTES: i64 = 5;
/// Hashes a password with Argon2id.
///
/// # Errors
/// [`Error::Invalid`] when it is shorter than 8 characters.
pub fn hash_password(password: &str) -> Result<String, Error> {
    if password.chars().count() < 8 {
        return Err(Error::field("password", "password-too-short"));
    }
    hash(password)
}

fn hash(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Fault(error.to_string()))
}

/// Checks a password, away from the threads that serve others: Argon2 takes its time by design.
async fn verify(password: String, hashed: Option<String>) -> Result<bool, Error> {
    tokio::task::spawn_blocking(move || match hashed {
        Some(hashed) => Argon2::default()
            .verify_password(password.as_bytes(), hashed.as_str())
            .is_ok(),
        None => {
            // The same work for a login that nobody has.
            drop(hash(&password));
            false
        }
    })
    .await
    .map_err(|error| Error::Fault(error.to_string()))
}

/// A person who may correct what others did: support or an administrator.
#[derive(Debug, Clone)]
pub struct Officer {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
}

/// The support person or administrator behind a login and password.
///
/// # Errors
/// [`Error::Invalid`] for empty fields; [`Refusal::WrongPassword`], [`Refusal::Locked`]; [`Refusal::NotAllowed`] for any
/// other role.
pub async fn officer(k: &Kopilka, login: &str, password: &str) -> Result<Officer, Error> {
    let account = prove(k, login, password).await?;
    if !["support", "admin"].contains(&account.role.as_str()) {
        return Err(Refusal::NotAllowed.into());
    }
    Ok(Officer {
        staff: account.id,
        name: account.name,
    })
}

/// What an account is proven by.
pub(super) enum Secret<'a> {
    /// Its password.
    Password(&'a str),
    /// Its PIN, typed in this paired browser where it is one.
    Pin(&'a str, Option<RowId>),
}

impl Secret<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Password(text) | Self::Pin(text, _) => text,
        }
    }

    fn hash_of(&self, account: &StaffRow) -> Option<String> {
        match self {
            Self::Password(_) => Some(account.password_hash.clone()),
            Self::Pin(..) => account.pin_hash.clone(),
        }
    }
}

/// The account whose login and password these are.
async fn prove(k: &Kopilka, login: &str, password: &str) -> Result<StaffRow, Error> {
    let mut problems = Vec::new();
    if login.trim().is_empty() {
        problems.push(Problem::new("login", "login-missing"));
    }
    if password.is_empty() {
        problems.push(Problem::new("password", "password-missing"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut tx = k.db.read().await?;
    let account = chain::staff_by_login(&mut tx, login.trim()).await?;
    drop(tx);
    proven(k, account, Secret::Password(password)).await
}

/// The account, once its secret is right; wrong ones are counted and lock it for a while.
async fn proven(
    k: &Kopilka,
    account: Option<StaffRow>,
    secret: Secret<'_>,
) -> Result<StaffRow, Error> {
    let now = k.now();
    if let Some(account) = &account {
        check_unlocked(account, now)?;
    }
    let hashed = account.as_ref().and_then(|account| secret.hash_of(account));
    let right = verify(secret.text().to_owned(), hashed).await?;
    let Some(known) = account else {
        return Err(Refusal::WrongPassword.into());
    };
    let mut tx = k.db.write().await?;
    let account = chain::lock_staff(&mut tx, known.id)
        .await?
        .ok_or(Refusal::WrongPassword)?;
    // Many guesses at once: those that come after the lock are refused, right or wrong.
    check_unlocked(&account, now)?;
    if right {
        chain::set_failures(&mut tx, account.id, 0, Instant(0)).await?;
        tx.commit().await?;
        return Ok(account);
    }
    let failures = account.failures + 1;
    let locked_until = if failures % MOST_FAILURES == 0 {
        now.plus_secs(LOCK_MINUTES * 60)
    } else {
        Instant(0)
    };
    chain::set_failures(&mut tx, account.id, failures, locked_until).await?;
    let (action, refusal) = match secret {
        Secret::Password(_) => (Action::SignIn, Refusal::WrongPassword),
        Secret::Pin(_, device) => {
            if let Some(device) = device {
                pins::count_failure(&mut tx, device, now).await?;
            }
            (Action::WrongPin, Refusal::WrongPin)
        }
    };
    let wrong = Line::new(action).staff(account.id).outcome(refusal.key());
    audit::log(&mut tx, wrong, now).await?;
    tx.commit().await?;
    Err(refusal.into())
}

fn check_unlocked(account: &StaffRow, now: Instant) -> Result<(), Error> {
    let left = account.locked_until - now.0;
    if left > 0 {
        let minutes = left / 60_000_000 + 1;
        return Err(Refusal::Locked { minutes }.into());
    }
    Ok(())
}

/// Adds a staff account. The till is named where the person works at one.
///
/// # Errors
/// [`Error::Invalid`] with field `login`, `name`, `role`, `password` or `till`.
pub async fn add(
    k: &Kopilka,
    login: &str,
    name: &str,
    role: &str,
    password: &str,
    till: Option<&str>,
) -> Result<StaffId, Error> {
    if !["cashier", "marketer", "support", "admin"].contains(&role) {
        return Err(Error::field("role", "role-unknown"));
    }
    let login = login.trim();
    let name = &visible(name);
    for (field, text) in [("login", login), ("name", name)] {
        // A login with something unseen in it could never be typed again.
        if !is_plain(text) || visible(text) != text {
            return Err(Error::field(field, "staff-name"));
        }
    }
    let password_hash = hash_password(password)?;
    let mut tx = k.db.write().await?;
    let till_id: Option<TillId> = match till {
        None => None,
        Some(name) => Some(
            tills::id_by_name(&mut tx, name)
                .await?
                .ok_or_else(|| Error::field("till", "till-unknown"))?,
        ),
    };
    let row = StaffRow {
        id: StaffId::new(),
        login: login.to_owned(),
        name: name.to_owned(),
        role: role.to_owned(),
        password_hash,
        pin_hash: None,
        till_id,
        failures: 0,
        locked_until: 0,
    };
    chain::insert_staff(&mut tx, &row, k.now())
        .await
        .map_err(|error| match error {
            crate::store::StoreError::Duplicate => Error::field("login", "login-taken"),
            other => other.into(),
        })?;
    tx.commit().await?;
    Ok(row.id)
}
