//! Accounts of people who work for the chain. Wrong passwords and PINs lock one for a while; unknown logins take as long
//! as known ones.

mod pins;
mod sessions;
mod staff_account_changes;

use crate::password_hashing::{hash_secret, verify_in};
pub(crate) use pins::prove_senior;
pub use pins::{PinSignInChoice, hash_pin, list_roster, list_seniors, set_own_pin, set_pin};
pub use sessions::{
    Cashier, TillPresence, find_presence, lock_till, sign_in, sign_out, unlock_till,
};
pub use staff_account_changes::{
    StaffAccountChange, add_staff, change_staff_account, hash_password, list_staff,
};

use crate::domain::actor::Actor;
use crate::domain::roles::{Permission, Role};
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{RowId, StaffId};
use crate::secret_key::KeyPurpose;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::chain::{self, StaffAccountRow};
use crate::store::{Exemption, Tx, staff_accounts, unknown_logins};
use crate::usecases::{Error, FieldProblem, Refusal, transact};

/// Wrong passwords and PINs before an account is locked for [`LOCK_MINUTES`].
const MOST_FAILURES: i64 = 5;
/// Minutes for which an account is locked.
const LOCK_MINUTES: i64 = 5;

/// A person who may correct what others did, or approve that: support, an approver or an administrator.
#[derive(Debug, Clone)]
pub struct Officer {
    /// Id of their account.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

impl Officer {
    /// Returns who acts: the operator, who has proven to be this person.
    pub const fn actor(&self) -> Actor {
        Actor::proven_operator(self.staff)
    }

    /// Makes a line of the audit log about what they did.
    pub(crate) fn audit_line(&self, action: Action) -> AuditLine {
        AuditLine::new(action, &self.actor())
    }

    /// Checks that their role allows this.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.role.may(permission) {
            Ok(())
        } else {
            Err(Refusal::NotAllowed)
        }
    }
}

/// The person behind a login and password whose role allows to correct or to approve.
///
/// # Errors
/// [`Error::Invalid`] for empty fields; [`Refusal::WrongPassword`], [`Refusal::Locked`]; [`Refusal::NotAllowed`] for any
/// other role.
pub async fn prove_officer(
    service: &Kopilka,
    login: &str,
    password: &str,
) -> Result<Officer, Error> {
    let attempt = AuditLine::new(Action::SignIn, &Actor::OPERATOR);
    let account = prove_password(service, &attempt, login, password).await?;
    let may = |permission| account.role.may(permission);
    if !may(Permission::CorrectAccount) && !may(Permission::ApproveCorrection) {
        return refuse_attempt(service, &attempt, account.id, Refusal::NotAllowed).await;
    }
    Ok(Officer {
        staff: account.id,
        name: account.name,
        role: account.role,
    })
}

/// Secret that proves an account.
pub(crate) enum StaffCredential<'a> {
    /// Its password.
    Password(&'a str),
    /// Its PIN, typed in this paired browser where it is one.
    Pin(&'a str, Option<RowId>),
}

impl StaffCredential<'_> {
    fn secret_text(&self) -> &str {
        match self {
            Self::Password(text) | Self::Pin(text, _) => text,
        }
    }

    fn hash_of(&self, account: &StaffAccountRow) -> Option<String> {
        match self {
            Self::Password(_) => Some(account.password_hash.clone()),
            Self::Pin(..) => account.pin_hash.clone(),
        }
    }
}

/// Refuses an attempt of this person, and logs that.
async fn refuse_attempt<T>(
    service: &Kopilka,
    attempt: &AuditLine,
    staff: StaffId,
    refusal: Refusal,
) -> Result<T, Error> {
    let line = attempt.clone().staff(staff).outcome(refusal.key());
    transact!(service.db, |tx| {
        Ok(audit::log(tx, line.clone(), service.now()).await?)
    })?;
    Err(refusal.into())
}

/// The account whose login and password these are. `attempt` = the line of the audit log for a wrong secret, with whoever says so
/// and where.
async fn prove_password(
    service: &Kopilka,
    attempt: &AuditLine,
    login: &str,
    password: &str,
) -> Result<StaffAccountRow, Error> {
    let mut problems = Vec::new();
    if login.trim().is_empty() {
        problems.push(FieldProblem::new("login", "login-missing"));
    }
    if password.is_empty() {
        problems.push(FieldProblem::new("password", "password-missing"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut tx = service.db.read().await?;
    match chain::staff_by_login(&mut tx, login.trim()).await? {
        Some(account) => {
            drop(tx);
            let secret = StaffCredential::Password(password);
            check_credential(service, attempt, account, secret).await
        }
        None => {
            // A command without the key counts no unknown logins: whoever runs it can read the list of logins.
            let key = service.secret_key().ok();
            let hash = key.map(|key| key.keyed_hash(KeyPurpose::UnknownLogin, login.trim()));
            let until = match &hash {
                Some(hash) => unknown_logins::locked_until(&mut tx, hash.clone()).await?,
                None => Instant::default(),
            };
            let blocked = staff_accounts::find_id_by_login(&mut tx, login.trim()).await?;
            drop(tx);
            let attempt = attempt.clone().staff(blocked);
            refuse_unknown(service, attempt, hash, until, password).await
        }
    }
}

/// Does for a login that nobody has what is done for one that somebody has: the same work, the same lock, the same answers.
/// `login_hash` is `None` where unknown logins are not counted. The login itself is not logged: it may be a password in the wrong field.
async fn refuse_unknown(
    service: &Kopilka,
    attempt: AuditLine,
    login_hash: Option<Vec<u8>>,
    locked_until: Instant,
    password: &str,
) -> Result<StaffAccountRow, Error> {
    let now = service.now();
    check_lock(locked_until, now)?;
    let place = service
        .hashing
        .place_for_password(&service.asker_key()?)
        .await?;
    verify_in(place, password.to_owned(), None).await?;
    let line = attempt.outcome(Refusal::WrongPassword.key());
    transact!(service.db, |tx| {
        if let Some(login_hash) = &login_hash {
            tx.advisory_lock(&format!("login {}", entropy::encode_hex(login_hash)))
                .await?;
            let locked_until = unknown_logins::locked_until(tx, login_hash.clone()).await?;
            check_lock(locked_until, now)?;
            let until = now.plus_secs(LOCK_MINUTES * 60);
            unknown_logins::count_failure(tx, login_hash.clone(), MOST_FAILURES, until, now)
                .await?;
        }
        Ok(audit::log(tx, line.clone(), now).await?)
    })?;
    Err(Refusal::WrongPassword.into())
}

/// The account, once its secret is right; wrong ones are counted and lock it for a while.
async fn check_credential(
    service: &Kopilka,
    attempt: &AuditLine,
    known: StaffAccountRow,
    secret: StaffCredential<'_>,
) -> Result<StaffAccountRow, Error> {
    let now = service.now();
    check_unlocked(&known, now)?;
    let place = match &secret {
        StaffCredential::Pin(_, Some(device)) => {
            service.hashing.place_for_pin(&device.to_string()).await?
        }
        StaffCredential::Password(_) | StaffCredential::Pin(_, None) => {
            service
                .hashing
                .place_for_password(&service.asker_key()?)
                .await?
        }
    };
    let hashed = secret.hash_of(&known);
    let right = verify_in(place, secret.secret_text().to_owned(), hashed).await?;
    let (account, wrong) = transact!(service.db, |tx| {
        let account = chain::lock_staff(tx, known.id)
            .await?
            .ok_or(Refusal::WrongPassword)?;
        // Many guesses at once: those that come after the lock are refused, right or wrong.
        check_unlocked(&account, now)?;
        let wrong = if right {
            tx.exempt(Exemption::FailureCount);
            chain::set_failures(tx, account.id, 0, Instant(0)).await?;
            None
        } else {
            Some(count_wrong(tx, attempt, &account, &secret, now).await?)
        };
        Ok((account, wrong))
    })?;
    wrong.map_or(Ok(account), |refusal| Err(refusal.into()))
}

/// Counts and logs a wrong secret of an account that is held, and returns its refusal.
async fn count_wrong(
    tx: &mut Tx,
    attempt: &AuditLine,
    account: &StaffAccountRow,
    secret: &StaffCredential<'_>,
    now: Instant,
) -> Result<Refusal, Error> {
    let failures = account.failures + 1;
    let locked_until = if failures % MOST_FAILURES == 0 {
        now.plus_secs(LOCK_MINUTES * 60)
    } else {
        Instant(0)
    };
    chain::set_failures(tx, account.id, failures, locked_until).await?;
    let refusal = match secret {
        StaffCredential::Password(_) => Refusal::WrongPassword,
        StaffCredential::Pin(_, device) => {
            if let Some(device) = device {
                pins::count_failure(tx, *device, now).await?;
            }
            Refusal::WrongPin
        }
    };
    let wrong = attempt.clone().staff(account.id);
    audit::log(tx, wrong.outcome(refusal.key()), now).await?;
    Ok(refusal)
}

fn check_unlocked(account: &StaffAccountRow, now: Instant) -> Result<(), Error> {
    check_lock(account.locked_until, now)
}

fn check_lock(locked_until: Instant, now: Instant) -> Result<(), Error> {
    let left = locked_until.0 - now.0;
    if left > 0 {
        let minutes = left / 60_000_000 + 1;
        return Err(Refusal::Locked { minutes }.into());
    }
    Ok(())
}
