//! `kopilka receipts`: late sales beyond a hard limit that wait for somebody to look at them. The person who decides proves
//! who they are: their password is read from standard input, never from arguments.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::checkout::receipts::{self, HeldSaleView};

use super::arguments::prove_officer;
use super::{CommandError, explain_error};

/// Held receipts.
#[derive(Debug, Subcommand)]
pub enum HeldReceiptsCommand {
    /// List held receipts, oldest first, in columns apart by tabs: id, when it came, its own time, store, till, sender, named
    /// cashier, last digits of the card, sum in minor units, limit that it exceeds.
    Held,
    /// Post a held receipt as of its own time, under its own number and key.
    Release {
        /// Its id.
        id: RowId,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// Refuse a held receipt for good; its till is told why.
    Refuse {
        /// Its id.
        id: RowId,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
        /// Why: the till's answer names it.
        #[arg(long)]
        reason: String,
    },
}

impl HeldReceiptsCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Held => {
                for sale in receipts::held_sales(service).await.map_err(explain_error)? {
                    println!("{}", format_held_sale(&sale));
                }
            }
            Self::Release { id, author } => {
                let officer = prove_officer(service, &author).await?;
                let receipt = receipts::release_held(service, &officer, id)
                    .await
                    .map_err(explain_error)?;
                println!("posted as receipt {receipt}");
            }
            Self::Refuse { id, author, reason } => {
                let officer = prove_officer(service, &author).await?;
                receipts::refuse_held(service, &officer, id, &reason)
                    .await
                    .map_err(explain_error)?;
                println!("refused");
            }
        }
        Ok(())
    }
}

/// A held receipt in columns.
fn format_held_sale(sale: &HeldSaleView) -> String {
    let card = sale
        .card
        .as_deref()
        .map_or_else(|| "-".to_owned(), super::audit::mask_card);
    let columns = [
        sale.id.to_string(),
        super::audit::format_moment(sale.came),
        super::audit::format_moment(sale.at),
        sale.store.clone(),
        sale.till.clone(),
        sale.sender.clone().unwrap_or_else(|| "till key".to_owned()),
        sale.cashier.clone().unwrap_or_else(|| "-".to_owned()),
        card,
        sale.total.0.to_string(),
        sale.why.clone(),
    ];
    columns.join("\t")
}
