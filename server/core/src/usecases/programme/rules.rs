//! The rules in force as anybody may read them, and their versions.

use crate::domain::chain::StoreStatus;
use crate::domain::time::Instant;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::{chain, programmes};
use crate::usecases::Error;

/// A store as shoppers see it.
#[derive(Debug, Clone)]
pub struct PublicStoreView {
    /// Short code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Street address.
    pub address: String,
}

/// The rules in force.
#[derive(Debug, Clone)]
pub struct PublicRulesView {
    /// The document and its number.
    pub rules: ProgrammeRules,
    /// All versions with the time from which each is in force, newest first.
    pub versions: Vec<(i64, Instant)>,
    /// Stores that take part.
    pub stores: Vec<PublicStoreView>,
}

/// The rules in force, their versions, and where they hold.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_public_rules(service: &Kopilka) -> Result<PublicRulesView, Error> {
    let mut tx = service.db.read().await?;
    Ok(PublicRulesView {
        rules: service.current_rules(&mut tx).await?,
        versions: programmes::list_versions(&mut tx)
            .await?
            .into_iter()
            .map(|row| (row.version, row.valid_from))
            .collect(),
        stores: chain::list_stores(&mut tx)
            .await?
            .into_iter()
            .filter(|store| store.status != StoreStatus::Waiting)
            .map(|store| PublicStoreView {
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
pub async fn load_rules_in_force(service: &Kopilka) -> Result<ProgrammeRules, Error> {
    let mut tx = service.db.read().await?;
    Ok(service.current_rules(&mut tx).await?)
}
