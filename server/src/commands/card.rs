//! `kopilka card`: cards of members. A replaced card is blocked for good; its points stay its member's.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::usecases::{corrections, staff};

use super::{CommandError, explained, password as line};

/// Cards of members.
#[derive(Debug, Subcommand)]
pub enum Card {
    /// Block a lost card and give its member a new number.
    Replace {
        /// Number of the lost card.
        number: String,
    },
    /// Give the member of a card another phone. Two lines of standard input: the author's password, the new phone.
    Phone {
        /// Number of the card.
        number: String,
        /// Login of the support person or administrator.
        #[arg(long)]
        author: String,
    },
}

impl Card {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, kopilka: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Replace { number } => {
                let new = corrections::replace_card(kopilka, &number)
                    .await
                    .map_err(explained)?;
                println!("{}", new.grouped());
            }
            Self::Phone { number, author } => {
                let (password, phone) = (line()?, line()?);
                let officer = staff::officer(kopilka, &author, &password)
                    .await
                    .map_err(explained)?;
                corrections::change_phone(kopilka, &officer, &number, &phone)
                    .await
                    .map_err(explained)?;
                println!("the phone is changed");
            }
        }
        Ok(())
    }
}
