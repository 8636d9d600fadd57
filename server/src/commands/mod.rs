//! The command line: a file per command.

mod audit;
mod backup;
mod card;
mod check;
mod data_folder;
mod demo;
mod demo_address;
mod gift;
mod key;
mod nightly;
mod offer;
mod points;
mod products;
mod programme;
mod public_url;
mod receipts;
mod serve;
mod staff;
mod store;
mod till;

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use kopilka_core::clock::SystemClock;
use kopilka_core::domain::time::Instant;
use kopilka_core::store::engine::peek::Peek;
use kopilka_core::store::{Db, StoreError};
use kopilka_core::usecases::{self, Refusal};
use kopilka_core::{Config, Kopilka};

use data_folder::data_folder;
pub use demo_address::is_host_of_this_machine;
pub use serve::Serve;

/// Name of the SQLite file in the data folder.
const FILE: &str = "kopilka.db";

/// The loyalty wallet that a retail chain runs for its shoppers.
#[derive(Parser)]
#[command(name = "kopilka", version, about)]
pub struct Cli {
    /// Folder of the database.
    #[arg(long, global = true, env = "KOPILKA_DATA", default_value = "data")]
    data: PathBuf,
    /// Address of a PostgreSQL database, as postgres://user:password@host:5432/name; instead of the folder's SQLite file.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// File of the secret key (32 bytes, readable by its owner alone); kopilka.key in the data folder where none is given. The
    /// variable KOPILKA_KEY may hold the key instead.
    #[arg(long, global = true, env = "KOPILKA_KEY_FILE", value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// Where the data is.
#[derive(Clone)]
pub struct Place {
    data: PathBuf,
    database_url: Option<String>,
    key: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve shoppers, cashiers and tills.
    Serve(Serve),
    /// Bring the database's tables up to date and stop.
    Migrate,
    /// Verify that each balance equals its entries, each lot its allocations, each receipt its lines, and that nothing is
    /// orphaned.
    Check,
    Backup(backup::Backup),
    Restore(backup::Restore),
    Demo(demo::Demo),
    /// The programme as a document: check, compare, put in force, simulate.
    #[command(subcommand)]
    Programme(programme::Programme),
    /// Do what the end of a day makes due: points come alive and expire, tiers are reviewed. Served databases do it by themselves.
    Nightly(nightly::Nightly),
    /// Staff accounts.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Stores of the chain.
    #[command(subcommand)]
    Store(store::Store),
    /// Tills and their keys.
    #[command(subcommand)]
    Till(till::Till),
    Audit(audit::Audit),
    /// Cards of members.
    #[command(subcommand)]
    Card(card::Card),
    /// Gifts in stores.
    #[command(subcommand)]
    Gift(gift::Gift),
    /// Offers of the programme: lists of members.
    #[command(subcommand)]
    Offer(offer::Offer),
    /// Points by hand: corrections, approvals, joined accounts.
    #[command(subcommand)]
    Points(points::Points),
    /// The secret key.
    #[command(subcommand)]
    Key(key::Key),
    /// Late receipts beyond a hard limit, held until somebody has looked at them.
    #[command(subcommand)]
    Receipts(receipts::Receipts),
    /// The list of goods that tills search and scan.
    #[command(subcommand)]
    Products(products::Products),
}

/// Why a command failed, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A use case.
    #[error("{0}")]
    UseCase(#[from] usecases::Error),
    /// Anything else, said whole.
    #[error("{0}")]
    Said(String),
}

/// Runs the command.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(cli: Cli) -> Result<(), CommandError> {
    let place = Place {
        data: cli.data,
        // An empty variable is how a shell takes one back.
        database_url: cli.database_url.filter(|url| !url.is_empty()),
        key: cli.key.filter(|file| !file.as_os_str().is_empty()),
    };
    match cli.command {
        Command::Serve(serve) => serve.run(&place).await,
        Command::Migrate => {
            open_db(&place).await?.close().await;
            println!("the database is up to date");
            Ok(())
        }
        Command::Check => check::run(&open(&place).await?).await,
        Command::Backup(backup) => backup.run(&open(&place).await?).await,
        Command::Restore(restore) => restore.run(&open_db(&place).await?).await,
        Command::Demo(demo) => demo.run(&place).await,
        Command::Staff(staff) => staff.run(&open(&place).await?).await,
        Command::Store(store) => store.run(&open(&place).await?).await,
        Command::Till(till) => till.run(&open(&place).await?).await,
        Command::Audit(audit) => audit.run(&open(&place).await?).await,
        Command::Card(card) => {
            let kopilka = open_for(&place, card.needs_key()).await?;
            card.run(&kopilka).await
        }
        Command::Gift(gift) => gift.run(&open(&place).await?).await,
        Command::Offer(offer) => offer.run(&open(&place).await?).await,
        Command::Points(points) => {
            let kopilka = open_for(&place, points.needs_key()).await?;
            points.run(&kopilka).await
        }
        Command::Key(key) => key.run(&place).await,
        Command::Receipts(receipts) => receipts.run(&open(&place).await?).await,
        Command::Products(products) => products.run(&open(&place).await?).await,
        Command::Programme(programme) => programme.run(&place).await,
        Command::Nightly(nightly) => nightly.run(&open(&place).await?).await,
    }
}

/// Opens the PostgreSQL database, or the SQLite file of the data folder, making what is missing: for the few commands that
/// may begin a chain.
async fn open_db(place: &Place) -> Result<Db, CommandError> {
    if let Some(url) = &place.database_url {
        return Ok(Db::connect(url).await?);
    }
    Ok(Db::open(&data_folder(&place.data)?.join(FILE)).await?)
}

/// Looks at the database before anything is changed in it; `None` = there is no file.
async fn peek(place: &Place) -> Result<Option<Peek>, CommandError> {
    Ok(match &place.database_url {
        Some(url) => Some(Peek::at_server(url).await?),
        None => Peek::at_file(&place.data.join(FILE)).await?,
    })
}

/// The service for commands that serve nobody, over a database that is there: one that a mistyped folder or address would
/// make looks as if all were well.
async fn open(place: &Place) -> Result<Kopilka, CommandError> {
    let config = Config {
        host: String::new(),
        demo: false,
    };
    let db = match &place.database_url {
        Some(url) => Db::connect_made(url).await?,
        None => Db::open_made(&place.data.join(FILE)).await?,
    };
    Ok(Kopilka::new(db, Arc::new(SystemClock), config))
}

/// The service as [`open`] gives it, with the secret key of its database where the command needs it.
async fn open_for(place: &Place, needs_key: bool) -> Result<Kopilka, CommandError> {
    let kopilka = open(place).await?;
    if !needs_key {
        return Ok(kopilka);
    }
    let key = key::find_key(place, &kopilka.db).await?;
    Ok(kopilka.with_secret_key(key))
}

/// Reads a password, a PIN or a phone: from a terminal without echo, else a line of standard input. No list of processes and no
/// history of a shell shows it.
fn secret_line(prompt: &str) -> Result<String, CommandError> {
    let stdin = std::io::stdin();
    let read = if stdin.is_terminal() {
        rpassword::prompt_password(format!("{prompt}: "))
    } else {
        let mut line = String::new();
        stdin.lock().read_line(&mut line).map(|_| line)
    };
    let line =
        read.map_err(|error| CommandError::Said(format!("no {prompt} could be read: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Writes an instant (µs) to the minute, UTC.
fn minute(at: Instant) -> String {
    chrono::DateTime::from_timestamp_micros(at.0)
        .map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default()
}

/// A use case's error with the words for each wrong field: operators read English.
fn explained(error: usecases::Error) -> CommandError {
    let texts = kopilka::text::Texts::new(kopilka::api::Language::En);
    match error {
        usecases::Error::Invalid(problems) => CommandError::Said(
            problems
                .iter()
                .map(|problem| format!("{}: {}", problem.field, texts.problem(problem)))
                .collect::<Vec<_>>()
                .join("; "),
        ),
        usecases::Error::Refused(refusal) => CommandError::Said(
            wrong_card_number(&refusal)
                .map_or_else(|| texts.refusal(&refusal), |words| words.to_owned()),
        ),
        other => other.into(),
    }
}

/// Returns what is wrong with a card's number in words for whoever has typed it; `None` = the refusal is about something else.
const fn wrong_card_number(refusal: &Refusal) -> Option<&'static str> {
    Some(match refusal {
        Refusal::ScanEmpty => "Give the number of the card",
        Refusal::ScanNotDigits => "The number of a card has digits only",
        Refusal::ScanOtherScheme => "This is not the number of a card of ours",
        Refusal::ScanWrongLength => {
            "The number of the card is not whole: digits are missing, or too many"
        }
        Refusal::ScanCheckDigit => {
            "A digit in the number of the card is wrong. Compare it with the card"
        }
        _ => return None,
    })
}
