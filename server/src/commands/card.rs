//! `kopilka card`: cards of members. A replaced card is blocked for good; its points stay its member's.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::usecases::corrections;

use super::{CommandError, explained};

/// Cards of members.
#[derive(Debug, Subcommand)]
pub enum Card {
    /// Block a lost card and give its member a new number.
    Replace {
        /// Number of the lost card.
        number: String,
    },
}

impl Card {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, kopilka: &Kopilka) -> Result<(), CommandError> {
        let Self::Replace { number } = self;
        let new = corrections::replace_card(kopilka, &number)
            .await
            .map_err(explained)?;
        println!("{}", new.grouped());
        Ok(())
    }
}
