//! Staff sign in with their own account; wrong passwords lock it for a while. Unknown logins take as long as known ones.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::{Error, Problem, Refusal};
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{RowId, StaffId, TillId};
use crate::service::Kopilka;
use crate::store::chain::{self, StaffRow};
use crate::store::tills::{self, TillRow};

/// Wrong passwords before an account is locked for [`LOCK_MINUTES`].
const MOST_FAILURES: i64 = 5;
/// Minutes for which an account is locked.
const LOCK_MINUTES: i64 = 5;
/// Minutes after which an idle till asks for the password again.
pub const IDLE_MINUTES: i64 = 15;

/// A person signed in at a till.
#[derive(Debug, Clone)]
pub struct Cashier {
    /// The session.
    pub session: RowId,
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// The till they work at.
    pub till: TillRow,
}

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

/// Signs a person in at their till; the session token.
///
/// # Errors
/// [`Error::Invalid`] for empty fields; [`Refusal::WrongPassword`], [`Refusal::Locked`];
/// [`Refusal::NotFound`] for an account without a till.
pub async fn sign_in(k: &Kopilka, login: &str, password: &str) -> Result<String, Error> {
    let account = prove(k, login, password).await?;
    let till = account.till_id.ok_or(Refusal::NotFound)?;
    let token = entropy::token()?;
    let mut tx = k.db.write().await?;
    tills::open_session(&mut tx, account.id, till, entropy::hash(&token), k.now()).await?;
    tx.commit().await?;
    Ok(token)
}

/// The support person or administrator behind a login and password.
///
/// # Errors
/// As [`sign_in`]; [`Refusal::NotAllowed`] for any other role.
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

/// The account whose password this is; wrong ones are counted and lock it for a while.
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
    let now = k.now();
    let mut tx = k.db.read().await?;
    let account = chain::staff_by_login(&mut tx, login.trim()).await?;
    drop(tx);
    if let Some(account) = &account {
        check_unlocked(account, now)?;
    }
    let hashed = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let right = verify(password.to_owned(), hashed).await?;
    let mut tx = k.db.write().await?;
    let account = chain::lock_staff(&mut tx, login.trim())
        .await?
        .ok_or(Refusal::WrongPassword)?;
    // Many guesses at once: those that come after the lock are refused, right or wrong.
    check_unlocked(&account, now)?;
    if !right {
        let failures = account.failures + 1;
        let locked_until = if failures % MOST_FAILURES == 0 {
            now.plus_secs(LOCK_MINUTES * 60)
        } else {
            Instant(0)
        };
        chain::set_failures(&mut tx, account.id, failures, locked_until).await?;
        tx.commit().await?;
        return Err(Refusal::WrongPassword.into());
    }
    chain::set_failures(&mut tx, account.id, 0, Instant(0)).await?;
    tx.commit().await?;
    Ok(account)
}

fn check_unlocked(account: &StaffRow, now: Instant) -> Result<(), Error> {
    let left = account.locked_until - now.0;
    if left > 0 {
        let minutes = left / 60_000_000 + 1;
        return Err(Refusal::Locked { minutes }.into());
    }
    Ok(())
}

/// The cashier with this session token, unless the till was idle too long: then the session has ended.
///
/// # Errors
/// [`Error::Fault`].
pub async fn cashier(k: &Kopilka, token: &str) -> Result<Option<Cashier>, Error> {
    let now = k.now();
    let mut tx = k.db.read().await?;
    let Some(session) = tills::session(&mut tx, entropy::hash(token)).await? else {
        return Ok(None);
    };
    let till = tills::by_id(&mut tx, session.till_id).await?;
    drop(tx);
    let seen = Instant(session.seen_at);
    let idle = now > seen.plus_secs(IDLE_MINUTES * 60);
    let (Some(till), false) = (till, idle) else {
        let mut tx = k.db.write().await?;
        tills::end_session(&mut tx, session.id, now).await?;
        tx.commit().await?;
        return Ok(None);
    };
    if now > seen.plus_secs(60) {
        let mut tx = k.db.write().await?;
        tills::touch_session(&mut tx, session.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Cashier {
        session: session.id,
        staff: session.staff_id,
        name: session.name,
        till,
    }))
}

/// Signs the cashier out.
///
/// # Errors
/// [`Error::Fault`].
pub async fn sign_out(k: &Kopilka, cashier: &Cashier) -> Result<(), Error> {
    let mut tx = k.db.write().await?;
    tills::end_session(&mut tx, cashier.session, k.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds a staff account. The till is named where the person works at one.
///
/// # Errors
/// [`Error::Invalid`] with field `login`, `role`, `password` or `till`.
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
        login: login.trim().to_owned(),
        name: name.trim().to_owned(),
        role: role.to_owned(),
        password_hash,
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
