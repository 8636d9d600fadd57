//! PINs: short, so they are taken only where a till's browser is paired or somebody was signed in already, and wrong ones
//! lock the account and the browser for a while.

use super::{StaffCredential, check_credential, hash_secret, prove_password, refuse_attempt};
use crate::domain::actor::Actor;
use crate::domain::roles::Permission;
use crate::domain::time::Instant;
use crate::ids::{RowId, StaffId, StoreId};
use crate::password_hashing::hash_in;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::chain::{StaffAccountRow, StaffWithPin};
use crate::store::tills::TillRow;
use crate::store::{Tx, chain, pairing, staff_accounts};
use crate::usecases::{Error, FieldProblem, Refusal, require, transact};

use super::sessions::Cashier;

/// Wrong PINs within [`WINDOW_SECONDS`] after which a paired browser takes none.
const MOST_OF_DEVICE: i64 = 20;
/// Time for which wrong PINs of a browser count, in seconds.
const WINDOW_SECONDS: i64 = 600;

/// Somebody who can sign in by PIN.
#[derive(Debug, Clone)]
pub struct PinSignInChoice {
    /// Id of their account.
    pub id: StaffId,
    /// Their name.
    pub name: String,
}

/// Hashes a PIN with Argon2id.
///
/// # Errors
/// [`Error::Invalid`] with field `pin` unless it has 4 to 8 digits and is no mere run of them.
pub fn hash_pin(pin: &str) -> Result<String, Error> {
    check_pin(pin)?;
    hash_secret(pin)
}

fn check_pin(pin: &str) -> Result<(), Error> {
    let digits = pin.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(4..=8).contains(&pin.len()) {
        return Err(Error::invalid_field("pin", "pin-digits"));
    }
    let steps: Vec<i16> = pin
        .bytes()
        .zip(pin.bytes().skip(1))
        .map(|(one, next)| i16::from(next) - i16::from(one))
        .collect();
    // 0000, 1234, 9876: the first that anybody tries.
    if [0, 1, -1]
        .iter()
        .any(|run| steps.iter().all(|step| step == run))
    {
        return Err(Error::invalid_field("pin", "pin-simple"));
    }
    Ok(())
}

/// Returns the people with a PIN who may work at the tills of a store.
async fn workers_with_pin(tx: &mut Tx, store: StoreId) -> Result<Vec<StaffWithPin>, Error> {
    let mut all = chain::list_staff_with_pin(tx, store).await?;
    all.retain(|somebody| somebody.role.may(Permission::WorkAtTill));
    Ok(all)
}

/// Returns the people who can sign in by PIN in a store, by name.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_roster(service: &Kopilka, store: StoreId) -> Result<Vec<PinSignInChoice>, Error> {
    let mut tx = service.db.read().await?;
    let all = workers_with_pin(&mut tx, store).await?;
    Ok(all
        .into_iter()
        .map(|StaffWithPin { id, name, .. }| PinSignInChoice { id, name })
        .collect())
}

/// Returns the people who can let a visit pass that the fraud limits have stopped in a store, by name.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_seniors(
    service: &Kopilka,
    store: StoreId,
) -> Result<Vec<PinSignInChoice>, Error> {
    let mut tx = service.db.read().await?;
    let all = workers_with_pin(&mut tx, store).await?;
    let seniors = all
        .into_iter()
        .filter(|somebody| somebody.role.may(Permission::LiftBlock));
    Ok(seniors
        .map(|StaffWithPin { id, name, .. }| PinSignInChoice { id, name })
        .collect())
}

/// The account whose PIN this is, of somebody who works in the till's store.
pub(super) async fn prove_pin(
    service: &Kopilka,
    till: &TillRow,
    device: Option<RowId>,
    who: Option<StaffId>,
    pin: &str,
) -> Result<StaffAccountRow, Error> {
    let mut problems = Vec::new();
    if who.is_none() {
        problems.push(FieldProblem::new("who", "who-missing"));
    }
    if pin.is_empty() {
        problems.push(FieldProblem::new("pin", "pin-missing"));
    }
    let (Some(who), true) = (who, problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };
    let mut tx = service.db.read().await?;
    let here = workers_with_pin(&mut tx, till.store_id).await?;
    let account = if here.iter().any(|somebody| somebody.id == who) {
        chain::staff_by_id(&mut tx, who).await?
    } else {
        None
    };
    if let Some(device) = device {
        check_device(&mut tx, device, service.now()).await?;
    }
    let is_known = staff_accounts::has_account(&mut tx, who).await?;
    drop(tx);
    let attempt = AuditLine::new(Action::WrongPin, &Actor::Visitor)
        .till(till.id)
        .device(device);
    let Some(account) = account else {
        // Somebody who is blocked, has no PIN, or works elsewhere: their name was on a page of before.
        if is_known {
            return refuse_attempt(service, &attempt, who, Refusal::WrongPin).await;
        }
        return Err(Refusal::WrongPin.into());
    };
    let secret = StaffCredential::Pin(pin, device);
    check_credential(service, &attempt, account, secret).await
}

/// Somebody senior whose PIN this is.
///
/// # Errors
/// [`Refusal::NotAllowed`] for anybody else; [`Refusal::WrongPin`], [`Refusal::Locked`]; [`Error::Invalid`].
pub(crate) async fn prove_senior(
    service: &Kopilka,
    till: &TillRow,
    device: Option<RowId>,
    who: Option<StaffId>,
    pin: &str,
) -> Result<StaffId, Error> {
    let account = prove_pin(service, till, device, who, pin).await?;
    if !account.role.may(Permission::LiftBlock) {
        let attempt = AuditLine::new(Action::SignIn, &Actor::Visitor)
            .till(till.id)
            .device(device);
        return refuse_attempt(service, &attempt, account.id, Refusal::NotAllowed).await;
    }
    Ok(account.id)
}

async fn check_device(tx: &mut Tx, device: RowId, now: Instant) -> Result<(), Error> {
    let Some(row) = pairing::find_by_id(tx, device).await? else {
        return Err(Refusal::NotSignedIn.into());
    };
    let until = row.failures_since.plus_secs(WINDOW_SECONDS);
    if row.failures >= MOST_OF_DEVICE && now < until {
        let minutes = (until.0 - now.0) / 60_000_000 + 1;
        return Err(Refusal::Locked { minutes }.into());
    }
    Ok(())
}

/// Counts a wrong PIN of a paired browser.
pub(super) async fn count_failure(tx: &mut Tx, device: RowId, now: Instant) -> Result<(), Error> {
    let Some(row) = pairing::lock_by_id(tx, device).await? else {
        return Ok(());
    };
    let since = row.failures_since;
    let (failures, since) = if now < since.plus_secs(WINDOW_SECONDS) {
        (row.failures + 1, since)
    } else {
        (1, now)
    };
    Ok(pairing::set_failures(tx, device, failures, since).await?)
}

/// Gives an account its PIN, as an operator may.
///
/// # Errors
/// [`Error::Invalid`] with field `pin` or `login`; [`Refusal::NotAllowed`].
pub async fn set_pin(
    service: &Kopilka,
    actor: &Actor,
    login: &str,
    pin: &str,
) -> Result<(), Error> {
    require(actor, Permission::ManageStaff)?;
    let hashed = hash_pin(pin)?;
    transact!(service.db, |tx| {
        let account = chain::staff_by_login(tx, login.trim())
            .await?
            .ok_or_else(|| Error::invalid_field("login", "login-unknown"))?;
        chain::set_pin(tx, account.id, &hashed).await?;
        let line = AuditLine::new(Action::PinSet, actor).subject(account.login);
        audit::log(tx, line, service.now()).await?;
        Ok(())
    })
}

/// Gives the person at a till a new PIN, once they have proven their password.
///
/// # Errors
/// [`Error::Invalid`] with field `password`, `pin` or `again`; [`Refusal::WrongPassword`], [`Refusal::Locked`].
pub async fn set_own_pin(
    service: &Kopilka,
    cashier: &Cashier,
    password: &str,
    pin: &str,
    again: &str,
) -> Result<(), Error> {
    let mut problems = Vec::new();
    if password.is_empty() {
        problems.push(FieldProblem::new("password", "password-missing"));
    }
    if let Err(Error::Invalid(wrong)) = check_pin(pin) {
        problems.extend(wrong);
    } else if pin != again {
        problems.push(FieldProblem::new("again", "pin-differs"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut tx = service.db.read().await?;
    let account = chain::staff_by_id(&mut tx, cashier.staff).await?;
    drop(tx);
    let login = account.map(|account| account.login).unwrap_or_default();
    let attempt = cashier.audit_line(Action::SignIn);
    let account = prove_password(service, &attempt, &login, password).await?;
    let place = service
        .hashing
        .place_for_password(&service.asker_key()?)
        .await?;
    let hashed = hash_in(place, pin.to_owned()).await?;
    transact!(service.db, |tx| {
        chain::set_pin(tx, account.id, &hashed).await?;
        audit::log(tx, cashier.audit_line(Action::PinSet), service.now()).await?;
        Ok(())
    })
}
