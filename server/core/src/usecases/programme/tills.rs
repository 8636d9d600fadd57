//! Tills of the chain and their keys, as whoever runs it keeps them. A key is told once; only its hash is stored.

use crate::domain::actor::Actor;
use crate::domain::chain::TillKind;
use crate::domain::name::is_plain;
use crate::domain::roles::Permission;
use crate::entropy;
use crate::ids::TillId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::pairing::{self, PairedBrowserRow};
use crate::store::tills::{self, TillKeyState};
use crate::store::{StoreError, Tx};
use crate::usecases::programme::stores;
use crate::usecases::{Error, require, transact};

/// A till with the state of its keys, and the browsers that are paired with it.
#[derive(Debug, Clone)]
pub struct ListedTill {
    /// The till.
    pub keys: TillKeyState,
    /// Browsers that are paired with it.
    pub browsers: Vec<PairedBrowserRow>,
}

/// Adds a till to a store and returns its key.
///
/// # Errors
/// [`Error::Invalid`] with field `name` or `store`; [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn add_till(
    service: &Kopilka,
    actor: &Actor,
    name: &str,
    store: &str,
    kind: TillKind,
) -> Result<String, Error> {
    require(actor, Permission::ManageTills)?;
    let name = name.trim();
    if !is_plain(name) {
        return Err(Error::invalid_field("name", "till-name"));
    }
    let (key, hash) = new_key()?;
    let now = service.now();
    transact!(service.db, |tx| {
        let store = stores::find_store(tx, store).await?;
        let till = TillId::new();
        tills::insert(tx, till, store.id, name, kind, Some(hash.clone()), now)
            .await
            .map_err(|error| match error {
                StoreError::Duplicate => Error::invalid_field("name", "till-taken"),
                other => other.into(),
            })?;
        let line = AuditLine::new(Action::TillAdded, actor).till(till);
        Ok(audit::log(tx, line, now).await?)
    })?;
    Ok(key)
}

/// Puts a new key of a till in force and returns it. The old one ends after so many seconds; one that was older than it ends
/// now.
///
/// # Errors
/// [`Error::Invalid`] with field `till`, also where it is revoked; [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn rotate_key(
    service: &Kopilka,
    actor: &Actor,
    name: &str,
    overlap_seconds: i64,
) -> Result<String, Error> {
    require(actor, Permission::ManageTills)?;
    let (key, hash) = new_key()?;
    let now = service.now();
    let ends = now.plus_secs(overlap_seconds);
    transact!(service.db, |tx| {
        let till = find_till_by_name(tx, name).await?;
        if !tills::rotate(tx, till, hash.clone(), ends, now).await? {
            return Err(Error::invalid_field("till", "till-revoked"));
        }
        let line = AuditLine::new(Action::TillKeyRotated, actor).till(till);
        Ok(audit::log(tx, line, now).await?)
    })?;
    Ok(key)
}

/// Ends a till's keys, its pairings and whoever is signed in there, for good.
///
/// # Errors
/// [`Error::Invalid`] with field `till`; [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn revoke_till(service: &Kopilka, actor: &Actor, name: &str) -> Result<(), Error> {
    require(actor, Permission::ManageTills)?;
    let now = service.now();
    transact!(service.db, |tx| {
        let till = find_till_by_name(tx, name).await?;
        tills::revoke(tx, till, now).await?;
        let line = AuditLine::new(Action::TillRevoked, actor).till(till);
        Ok(audit::log(tx, line, now).await?)
    })
}

/// Makes a code that pairs a browser with a till, once, for ten minutes.
///
/// # Errors
/// [`Error::Invalid`] with field `till`; [`Refusal::NotFound`](crate::usecases::Refusal::NotFound) for a till that is revoked or no browser till;
/// [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn make_pairing_code(
    service: &Kopilka,
    actor: &Actor,
    name: &str,
) -> Result<String, Error> {
    let till = find_till_by_name(&mut service.db.read().await?, name).await?;
    crate::usecases::access::pairing::create_pairing_code(service, actor, till).await
}

/// Ends all pairings of a till; how many there were.
///
/// # Errors
/// [`Error::Invalid`] with field `till`; [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn end_pairings(service: &Kopilka, actor: &Actor, name: &str) -> Result<u64, Error> {
    let till = find_till_by_name(&mut service.db.read().await?, name).await?;
    crate::usecases::access::pairing::end_pairings(service, actor, till).await
}

/// Returns all tills, by store and name.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_tills(service: &Kopilka) -> Result<Vec<ListedTill>, Error> {
    let mut tx = service.db.read().await?;
    let mut listed = Vec::new();
    for keys in tills::list_with_keys(&mut tx).await? {
        let browsers = pairing::list_of_till(&mut tx, keys.id).await?;
        listed.push(ListedTill { keys, browsers });
    }
    Ok(listed)
}

/// Returns the till of this name.
///
/// # Errors
/// [`Error::Invalid`] with field `till` where there is none.
pub(crate) async fn find_till_by_name(tx: &mut Tx, name: &str) -> Result<TillId, Error> {
    let till = tills::id_by_name(tx, name).await?;
    till.ok_or_else(|| Error::invalid_field("till", "till-unknown"))
}

fn new_key() -> Result<(String, Vec<u8>), Error> {
    let key = entropy::random_token()?;
    let hash = entropy::hash_token(&key);
    Ok((key, hash))
}
