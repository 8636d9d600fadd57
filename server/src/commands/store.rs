//! `kopilka store`: the stores of the chain. A store's code stays for ever; what else is said of it may change.

use clap::{Args, Subcommand};
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::chain::StoreStatus;
use kopilka_core::store::chain::{StoreRow, StoreTimeZone};
use kopilka_core::usecases::programme::stores::{self, StoreChanges};

use super::arguments::name_parser;
use super::{CommandError, explain_error};

/// Stores of the chain.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Add a store; tills are added to it afterwards.
    Add {
        /// Short code, by which offers and tills name it, for ever: small Latin letters, digits and hyphens.
        code: String,
        /// Name shown to people.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        more: StoreDetails,
    },
    /// Change what is said of a store; what is left out stays as it is.
    Set {
        /// Code of the store.
        code: String,
        /// Name shown to people.
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        more: StoreDetails,
        /// Read days and hours in the programme's time zone again.
        #[arg(long, conflicts_with = "time_zone")]
        no_time_zone: bool,
    },
    /// List the stores.
    List,
}

/// What else is said of a store.
#[derive(Debug, Args)]
pub struct StoreDetails {
    /// Street address.
    #[arg(long)]
    address: Option<String>,
    /// active, pilot (one of the first) or waiting: nothing is sold there under the programme yet; goods still come back.
    #[arg(long, value_parser = name_parser::<StoreStatus>(StoreStatus::ALL.iter().map(|status| status.as_str())))]
    status: Option<StoreStatus>,
    /// Where its clocks are, as Europe/Samara; without it they are the programme's.
    #[arg(long, value_name = "ZONE", value_parser = parse_zone)]
    time_zone: Option<StoreTimeZone>,
}

fn parse_zone(name: &str) -> Result<StoreTimeZone, String> {
    name.parse()
        .map_err(|_| format!("there is no time zone {name}; one is called Europe/Samara, say"))
}

impl StoreDetails {
    fn into_description(self, name: Option<String>) -> StoreChanges {
        StoreChanges {
            name,
            address: self.address,
            status: self.status,
            time_zone: self.time_zone,
        }
    }
}

impl StoreCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Add { code, name, more } => {
                stores::add_store(
                    service,
                    &Actor::OPERATOR,
                    &code,
                    more.into_description(Some(name)),
                )
                .await
                .map_err(explain_error)?;
                println!("{code} is a store of the chain");
            }
            Self::Set {
                code,
                name,
                more,
                no_time_zone,
            } => {
                let mut said = more.into_description(name);
                if no_time_zone {
                    said.time_zone = Some(StoreTimeZone(None));
                }
                stores::change_store(service, &Actor::OPERATOR, &code, said)
                    .await
                    .map_err(explain_error)?;
                println!("{code} is changed");
            }
            Self::List => {
                for store in stores::list_stores(service).await.map_err(explain_error)? {
                    println!("{}", describe_store(&store));
                }
            }
        }
        Ok(())
    }
}

/// A store in one line, in columns apart by tabs: code, status, time zone, name, address.
fn describe_store(store: &StoreRow) -> String {
    let zone = store
        .time_zone
        .0
        .map_or("the programme's", |zone| zone.name());
    let StoreRow {
        code,
        name,
        address,
        status,
        ..
    } = store;
    format!("{code}\t{}\t{zone}\t{name}\t{address}", status.as_str())
}
