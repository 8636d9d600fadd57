//! `kopilka card`: cards of members, and printed ones that are nobody's yet. A replaced card is blocked for good; its points
//! stay its member's.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::usecases::accounts::corrections::CorrectionOutcome;
use kopilka_core::usecases::accounts::{corrections, sign_in_phones};
use kopilka_core::usecases::checkout::printed_cards::{self, PrintedCard};

use super::arguments::{prove_officer, prove_officer_by};
use super::{CommandError, explain_error, read_secret_line};

/// Cards of members.
#[derive(Debug, Subcommand)]
pub enum CardCommand {
    /// Block a lost card and give its member a new number.
    Replace {
        /// Number of the lost card.
        number: String,
        /// Login of the support person or administrator; the password is read from standard input.
        #[arg(long)]
        author: String,
    },
    /// Give the member of a card another phone; with a balance above the limit it waits for a second person. Two lines of standard input: the author's password, the new phone.
    Phone {
        /// Number of the card.
        number: String,
        /// Login of the support person or administrator.
        #[arg(long)]
        author: String,
    },
    /// Take a phone away by which a member signs in because another card was merged with theirs, and sign out devices that have. Two lines of standard input: the author's password, that phone.
    ForgetPhone {
        /// Number of the member's card, not of the one that was merged with it.
        number: String,
        /// Login of the support person or administrator.
        #[arg(long)]
        author: String,
    },
    /// Make cards that are nobody's yet, to be printed: number, EAN-13 and contents of the QR code as CSV.
    Print {
        /// How many, up to 100,000.
        count: u32,
        /// File that is written; the standard output where none is given.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

impl CardCommand {
    /// Returns whether the command needs the secret key.
    pub const fn needs_key(&self) -> bool {
        matches!(self, Self::Phone { .. } | Self::ForgetPhone { .. })
    }

    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Replace { number, author } => {
                let officer = prove_officer(service, &author).await?;
                let new = corrections::replace_card(service, &officer, &number)
                    .await
                    .map_err(explain_error)?;
                println!("{}", new.grouped());
            }
            Self::Phone { number, author } => {
                let (password, phone) = (read_secret_line("password")?, read_secret_line("phone")?);
                let officer = prove_officer_by(service, &author, &password).await?;
                let done = corrections::change_phone(service, &officer, &number, &phone)
                    .await
                    .map_err(explain_error)?;
                match done {
                    CorrectionOutcome::Applied => println!("the phone is changed"),
                    CorrectionOutcome::Waiting(id) => {
                        println!(
                            "the phone waits for a second person: kopilka points approve {id}"
                        );
                    }
                }
            }
            Self::ForgetPhone { number, author } => {
                let (password, phone) = (read_secret_line("password")?, read_secret_line("phone")?);
                let officer = prove_officer_by(service, &author, &password).await?;
                sign_in_phones::remove_by_support(service, &officer, &number, &phone)
                    .await
                    .map_err(explain_error)?;
                println!("nobody signs in by this phone any more");
            }
            Self::Print { count, out } => {
                // The file is made first: cards whose numbers nobody has could never be printed.
                let mut to = match &out {
                    Some(path) => Some(new_file(path)?),
                    None => None,
                };
                let cards = printed_cards::create_printed_cards(service, &Actor::OPERATOR, count)
                    .await
                    .map_err(explain_error)?;
                let csv = cards_as_csv(&cards);
                match &mut to {
                    Some(file) => file.write_all(csv.as_bytes()),
                    None => std::io::stdout().write_all(csv.as_bytes()),
                }
                .map_err(|error| CommandError::Said(format!("nothing was written: {error}")))?;
            }
        }
        Ok(())
    }
}

fn new_file(path: &Path) -> Result<File, CommandError> {
    File::create_new(path)
        .map_err(|error| CommandError::Said(format!("{} is not written: {error}", path.display())))
}

fn cards_as_csv(cards: &[PrintedCard]) -> String {
    let mut csv = "number,ean,qr\n".to_owned();
    for PrintedCard { number, ean, qr } in cards {
        csv.push_str(&format!("{number},{},{qr}\n", ean.as_str()));
    }
    csv
}
