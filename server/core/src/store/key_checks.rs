//! Keyed hashes of constants, by which a process detects that its secret key is not the one this database was used with.

use super::engine::{Statement, sql};
use super::{StoreError, Tx};

/// Returns the stored hash; `None` = no process with a key has used this database yet.
///
/// # Errors
/// [`StoreError`].
pub async fn load_hash(tx: &mut Tx, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    stored_hash(name).fetch_optional_value(tx).await
}

/// Returns the stored hash as [`load_hash`] does, held until the transaction ends: nobody forgets the key before.
///
/// # Errors
/// [`StoreError`].
pub async fn hold_hash(tx: &mut Tx, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    stored_hash(name).locked().fetch_optional_value(tx).await
}

fn stored_hash(name: &str) -> Statement {
    sql("SELECT value FROM key_checks WHERE name = $1").bind(name)
}

/// Stores the hash unless one is there.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, name: &str, value: Vec<u8>) -> Result<(), StoreError> {
    sql("INSERT INTO key_checks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(value)
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes the hash, so that the next key is accepted.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    sql("DELETE FROM key_checks WHERE name = $1")
        .bind(name)
        .execute(tx)
        .await?;
    Ok(())
}
