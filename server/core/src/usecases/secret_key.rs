//! Whether the secret key is the one that the database was used with. All processes over one database have one key: what one
//! of them has hashed, another must recognise.

use super::Error;
use crate::secret_key::{KeyPurpose, SecretKey};
use crate::store::{Db, key_checks, once_only};

/// Name of the check, and the constant that is hashed.
const CHECK: &str = "kopilka";

/// Result of comparing a key with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// The database was used with this key.
    Known,
    /// The database was used with another key.
    Different,
}

/// Returns whether the database was used with a key before.
///
/// # Errors
/// [`Error::Fault`].
pub async fn is_known(db: &Db) -> Result<bool, Error> {
    let mut tx = db.read().await?;
    Ok(key_checks::load(&mut tx, CHECK).await?.is_some())
}

/// Compares the key with the one that the database was used with; the first key is remembered by a keyed hash of a constant.
///
/// # Errors
/// [`Error::Fault`].
pub async fn check(db: &Db, key: &SecretKey) -> Result<KeyState, Error> {
    let value = key.hash(KeyPurpose::KeyCheck, CHECK);
    let mut tx = db.read().await?;
    let mut stored = key_checks::load(&mut tx, CHECK).await?;
    drop(tx);
    if stored.is_none() {
        let mut tx = db.write().await?;
        key_checks::insert(&mut tx, CHECK, value.clone()).await?;
        // Another process may have been first.
        stored = key_checks::load(&mut tx, CHECK).await?;
        tx.commit().await?;
    }
    Ok(if stored == Some(value) {
        KeyState::Known
    } else {
        KeyState::Different
    })
}

/// Forgets the key that the database was used with, and everything that was hashed by it: for a key that is lost.
///
/// # Errors
/// [`Error::Fault`].
pub async fn forget(db: &Db) -> Result<(), Error> {
    let mut tx = db.write().await?;
    key_checks::delete(&mut tx, CHECK).await?;
    once_only::forget_all(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
