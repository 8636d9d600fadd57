//! `kopilka till`: tills and their keys. A key is printed once; only its hash is stored.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::entropy;
use kopilka_core::ids::TillId;
use kopilka_core::store::{StoreError, chain, tills};
use kopilka_core::usecases::Error;

use super::CommandError;

/// Tills and their keys.
#[derive(Debug, Subcommand)]
pub enum Till {
    /// Add a till to a store and print its key.
    Add {
        /// Name on the shop floor.
        name: String,
        /// Code of the store.
        #[arg(long)]
        store: String,
        /// pos, browser or web.
        #[arg(long, default_value = "pos", value_parser = ["pos", "browser", "web"])]
        kind: String,
    },
    /// End a till's key and whoever is signed in there.
    Revoke {
        /// Name of the till.
        name: String,
    },
}

impl Till {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, kopilka: &Kopilka) -> Result<(), CommandError> {
        let now = kopilka.now();
        let mut tx = kopilka.db.write().await?;
        match self {
            Self::Add { name, store, kind } => {
                let store = chain::store_by_code(&mut tx, &store)
                    .await?
                    .ok_or_else(|| CommandError::Said(format!("there is no store {store}")))?;
                let key = entropy::token().map_err(Error::from)?;
                let hash = Some(entropy::hash(&key));
                tills::insert(&mut tx, TillId::new(), store.id, &name, &kind, hash, now)
                    .await
                    .map_err(|error| match error {
                        StoreError::Duplicate => {
                            CommandError::Said(format!("there is a till {name} already"))
                        }
                        other => other.into(),
                    })?;
                tx.commit().await?;
                println!("{key}");
            }
            Self::Revoke { name } => {
                let till = tills::id_by_name(&mut tx, &name)
                    .await?
                    .ok_or_else(|| CommandError::Said(format!("there is no till {name}")))?;
                tills::revoke(&mut tx, till, now).await?;
                tx.commit().await?;
                println!("the key of {name} has ended");
            }
        }
        Ok(())
    }
}
