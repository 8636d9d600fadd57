//! `kopilka staff`: accounts of people who work for the chain. Passwords and PINs come from standard input,
//! never from arguments.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::usecases::staff;

use super::{CommandError, password};

/// Staff accounts.
#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Add an account; the password is read from standard input.
    Add {
        /// What is typed to sign in.
        login: String,
        /// Name shown at the till.
        #[arg(long)]
        name: String,
        /// cashier, marketer, support or admin.
        #[arg(long, default_value = "cashier")]
        role: String,
        /// Name of the till that a cashier works at.
        #[arg(long)]
        till: Option<String>,
    },
    /// Set the PIN by which a person signs in at paired tills; it is read from standard input.
    Pin {
        /// Login of the account.
        login: String,
    },
}

impl Staff {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, kopilka: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Add {
                login,
                name,
                role,
                till,
            } => {
                let password = password()?;
                staff::add(kopilka, &login, &name, &role, &password, till.as_deref())
                    .await
                    .map_err(super::explained)?;
                println!("{login} may sign in");
            }
            Self::Pin { login } => {
                let pin = password()?;
                staff::set_pin(kopilka, &login, pin.trim())
                    .await
                    .map_err(super::explained)?;
                println!("{login} has a new PIN");
            }
        }
        Ok(())
    }
}
