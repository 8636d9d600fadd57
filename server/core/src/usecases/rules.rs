//! The rules in force as anybody may read them, and their versions.

use super::Error;
use crate::domain::chain::StoreStatus;
use crate::domain::time::Instant;
use crate::service::{Kopilka, Rules};
use crate::store::{chain, programmes};

/// A store as shoppers see it.
#[derive(Debug, Clone)]
pub struct StoreView {
    /// Short code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Street address.
    pub address: String,
}

/// The rules in force.
#[derive(Debug, Clone)]
pub struct RulesView {
    /// The document and its number.
    pub rules: Rules,
    /// All versions with the time from which each is in force, newest first.
    pub versions: Vec<(i64, Instant)>,
    /// Stores that take part.
    pub stores: Vec<StoreView>,
}

/// The rules in force, their versions, and where they hold.
///
/// # Errors
/// [`Error::Fault`].
pub async fn view(k: &Kopilka) -> Result<RulesView, Error> {
    let mut tx = k.db.read().await?;
    Ok(RulesView {
        rules: k.rules(&mut tx).await?,
        versions: programmes::list(&mut tx)
            .await?
            .into_iter()
            .map(|row| (row.version, row.valid_from))
            .collect(),
        stores: chain::stores(&mut tx)
            .await?
            .into_iter()
            .filter(|store| store.status != StoreStatus::Waiting)
            .map(|store| StoreView {
                code: store.code,
                name: store.name,
                address: store.address,
            })
            .collect(),
    })
}

/// The rules in force alone: for the chain's name and colours on every page.
///
/// # Errors
/// [`Error::Fault`].
pub async fn in_force(k: &Kopilka) -> Result<Rules, Error> {
    let mut tx = k.db.read().await?;
    Ok(k.rules(&mut tx).await?)
}
