//! Check that the secret key is the one that the database was used with. All processes over one database have one key: what one
//! of them has hashed, another must recognise.

use crate::domain::actor::Actor;
use crate::domain::roles::Permission;
use crate::secret_key::{KeyPurpose, SecretKey};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::{
    Database, Exemption, StoreError, Tx, closed_debts, key_checks, once_only, seals,
};
use crate::usecases::{Error, require, transact};

/// Name of the check, and the constant that is hashed.
const CHECK: &str = "kopilka";

/// Result of comparing a key with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKeyState {
    /// The database was used with this key.
    Known,
    /// The database was used with another key.
    Different,
    /// The database was used with no key yet.
    Unused,
}

/// Returns whether the database was used with a key before.
///
/// # Errors
/// [`Error::Fault`].
pub async fn is_known(db: &Database) -> Result<bool, Error> {
    let mut tx = db.read().await?;
    Ok(key_checks::load_hash(&mut tx, CHECK).await?.is_some())
}

/// Compares the key with the one that the database was used with.
///
/// # Errors
/// [`Error::Fault`].
pub async fn compare_with_database(
    db: &Database,
    key: &SecretKey,
) -> Result<SecretKeyState, Error> {
    let mut tx = db.read().await?;
    let stored = key_checks::load_hash(&mut tx, CHECK).await?;
    Ok(compare(stored, &check_value(key)))
}

/// Compares as [`compare_with_database`] does; the first key is remembered by a keyed hash of a constant. For the service
/// alone: a key that a command had registered from an operator's shell would keep the service from starting with its own.
///
/// # Errors
/// [`Error::Fault`].
pub async fn register_key(db: &Database, key: &SecretKey) -> Result<SecretKeyState, Error> {
    let state = compare_with_database(db, key).await?;
    if state != SecretKeyState::Unused {
        return Ok(state);
    }
    let value = check_value(key);
    let stored = transact!(db, |tx| {
        tx.exempt(Exemption::SecretKeyCheck);
        key_checks::insert(tx, CHECK, value.clone()).await?;
        // Another process may have been first.
        Ok(key_checks::load_hash(tx, CHECK).await?)
    })?;
    Ok(compare(stored, &value))
}

/// Returns whether the key is still the one of the database: an operator may have had it forgotten while this process runs. Nobody
/// forgets it before the transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn is_registered(tx: &mut Tx, key: &SecretKey) -> Result<bool, StoreError> {
    let stored = key_checks::hold_hash(tx, CHECK).await?;
    Ok(compare(stored, &check_value(key)) == SecretKeyState::Known)
}

fn check_value(key: &SecretKey) -> Vec<u8> {
    key.keyed_hash(KeyPurpose::KeyCheck, CHECK)
}

fn compare(stored: Option<Vec<u8>>, value: &[u8]) -> SecretKeyState {
    match stored {
        None => SecretKeyState::Unused,
        Some(stored) if stored == value => SecretKeyState::Known,
        Some(_) => SecretKeyState::Different,
    }
}

/// Forgets the key that the database was used with, and everything that was hashed by it: for a key that is lost.
///
/// # Errors
/// [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn forget_key(service: &Kopilka, actor: &Actor) -> Result<(), Error> {
    require(actor, Permission::OperateDeployment)?;
    transact!(service.db, |tx| {
        key_checks::delete(tx, CHECK).await?;
        once_only::delete_all(tx).await?;
        closed_debts::delete_all(tx).await?;
        // The next key seals everything anew, as it is found then.
        seals::forget_all(tx).await?;
        let line = AuditLine::new(Action::KeyForgotten, actor);
        Ok(audit::log(tx, line, service.now()).await?)
    })
}
