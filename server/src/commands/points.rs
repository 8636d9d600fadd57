//! `kopilka points`: corrections by hand. The person who corrects proves who they are: their password is read from standard
//! input, never from arguments.

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::domain::amounts::Points as Amount;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::corrections::{self, Adjustment};
use kopilka_core::usecases::staff::{self, Officer};

use super::{CommandError, explained, password};

/// Corrections by hand.
#[derive(Debug, Subcommand)]
pub enum Points {
    /// Give (+) or take (−) points, with a reason; a large correction waits for a second person.
    Adjust {
        /// Number of the card.
        card: String,
        /// How many, as 100 or -100.
        #[arg(allow_negative_numbers = true)]
        points: i64,
        /// Why: the shopper reads it.
        #[arg(long)]
        reason: String,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// List corrections that wait for a second person.
    Waiting,
    /// Approve a correction that waits; not one's own.
    Approve {
        /// Its id.
        id: RowId,
        /// Login of the second person; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// Decline a correction that waits.
    Decline {
        /// Its id.
        id: RowId,
        /// Login of whoever declines; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// Move all points of one card's account to another's and block the first card.
    Move {
        /// Number of the card that gives.
        from: String,
        /// Number of the card that takes.
        to: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
}

impl Points {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, kopilka: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Adjust {
                card,
                points,
                reason,
                author,
            } => {
                let officer = officer(kopilka, &author).await?;
                let done = corrections::adjust(kopilka, &officer, &card, Amount(points), &reason);
                match done.await.map_err(explained)? {
                    Adjustment::Applied => println!("{points} points moved"),
                    Adjustment::Waiting(id) => {
                        println!(
                            "{points} points wait for a second person: kopilka points approve {id}"
                        );
                    }
                }
            }
            Self::Waiting => {
                for row in corrections::waiting(kopilka).await.map_err(explained)? {
                    println!("{}  {:>8}  {}", row.id, row.points, row.note);
                }
            }
            Self::Approve { id, author } => decide(kopilka, id, &author, true).await?,
            Self::Decline { id, author } => decide(kopilka, id, &author, false).await?,
            Self::Move {
                from,
                to,
                reason,
                author,
            } => {
                let officer = officer(kopilka, &author).await?;
                let moved = corrections::move_balance(kopilka, &officer, &from, &to, &reason)
                    .await
                    .map_err(explained)?;
                println!("{} points moved; card {from} is blocked", moved.0);
            }
        }
        Ok(())
    }
}

async fn officer(kopilka: &Kopilka, login: &str) -> Result<Officer, CommandError> {
    let password = password()?;
    staff::officer(kopilka, login, &password)
        .await
        .map_err(explained)
}

async fn decide(
    kopilka: &Kopilka,
    id: RowId,
    author: &str,
    approve: bool,
) -> Result<(), CommandError> {
    let officer = officer(kopilka, author).await?;
    corrections::decide(kopilka, &officer, id, approve)
        .await
        .map_err(explained)?;
    println!("{}", if approve { "approved" } else { "declined" });
    Ok(())
}
