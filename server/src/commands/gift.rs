//! `kopilka gift`: how many of a gift each store has. What is not counted is always there.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::usecases::programme::gifts::{self, GiftStockLevel};

use super::{CommandError, explain_error};

/// Gifts in stores.
#[derive(Debug, Subcommand)]
pub enum GiftStockCommand {
    /// Set how many of a gift a store has, or list what is left.
    Stock {
        /// Code of the store; without a gift: only this store is listed.
        #[arg(long)]
        store: Option<String>,
        /// Id of the gift in the programme; none: list.
        #[arg(requires = "store", conflicts_with = "list")]
        gift: Option<String>,
        /// How many there are.
        #[arg(requires = "gift", conflicts_with = "unlimited")]
        count: Option<u32>,
        /// List what is left; as without a gift.
        #[arg(long)]
        list: bool,
        /// Count the gift no more in this store.
        #[arg(long, requires = "gift")]
        unlimited: bool,
    },
}

impl GiftStockCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        let Self::Stock {
            store,
            gift,
            count,
            unlimited,
            ..
        } = self;
        let (Some(store), Some(gift)) = (&store, &gift) else {
            for row in gifts::list_stock(service, store.as_deref())
                .await
                .map_err(explain_error)?
            {
                println!("{:<16} {:<24} {:>8}", row.store, row.gift, row.left_count);
            }
            return Ok(());
        };
        let stock = match (count, unlimited) {
            (Some(count), _) => GiftStockLevel::Counted(count),
            (None, true) => GiftStockLevel::Unlimited,
            (None, false) => {
                return Err(CommandError::Said(
                    "say how many there are, or --unlimited".to_owned(),
                ));
            }
        };
        gifts::set_stock(service, &Actor::OPERATOR, store, gift, stock)
            .await
            .map_err(explain_error)?;
        match stock {
            GiftStockLevel::Counted(count) => println!("{store} has {count} of {gift}"),
            GiftStockLevel::Unlimited => println!("{gift} is not counted in {store}"),
        }
        Ok(())
    }
}
