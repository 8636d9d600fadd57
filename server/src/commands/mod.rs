//! The command line: a file per command.

mod arguments;
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
use kopilka_core::store::engine::inspect::DatabaseInspector;
use kopilka_core::store::{Database, StoreError};
use kopilka_core::usecases::{self, Refusal};
use kopilka_core::{Kopilka, ServiceConfig};

use crate::logging::LogFormat;
use data_folder::data_folder;
pub use demo_address::is_host_of_this_machine;
pub use serve::ServeCommand;

/// Name of the SQLite file in the data folder.
const DATABASE_FILE: &str = "kopilka.db";

/// The loyalty wallet that a retail chain runs for its shoppers.
#[derive(Parser)]
#[command(name = "kopilka", version, about)]
pub struct CommandLine {
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
    /// Form of the log on standard error.
    #[arg(
        long,
        global = true,
        env = "KOPILKA_LOG_FORMAT",
        value_enum,
        default_value_t = LogFormat::Text
    )]
    log_format: LogFormat,
    #[command(subcommand)]
    command: KopilkaCommand,
}

impl CommandLine {
    /// Returns the form of the log that was chosen.
    pub const fn log_format(&self) -> LogFormat {
        self.log_format
    }
}

/// Where the data is.
#[derive(Clone)]
pub struct DataLocation {
    data: PathBuf,
    database_url: Option<String>,
    key: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum KopilkaCommand {
    /// Serve shoppers, cashiers and tills.
    Serve(ServeCommand),
    /// Bring the database's tables up to date and stop.
    Migrate,
    /// Verify that each balance equals its entries, each lot its allocations, each receipt its lines, that nothing is orphaned,
    /// and that audit lines and entries are as they were sealed.
    Check,
    Backup(backup::BackupCommand),
    Restore(backup::RestoreCommand),
    Demo(demo::DemoCommand),
    /// The programme as a document: check, compare, put in force, simulate.
    #[command(subcommand)]
    Programme(programme::ProgrammeCommand),
    /// Do what the end of a day makes due: points come alive and expire, tiers are reviewed. Served databases do it by
    /// themselves.
    Nightly(nightly::NightlyCommand),
    /// Staff accounts.
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// Stores of the chain.
    #[command(subcommand)]
    Store(store::StoreCommand),
    /// Tills and their keys.
    #[command(subcommand)]
    Till(till::TillCommand),
    Audit(audit::AuditCommand),
    /// Cards of members.
    #[command(subcommand)]
    Card(card::CardCommand),
    /// Gifts in stores.
    #[command(subcommand)]
    Gift(gift::GiftStockCommand),
    /// Offers of the programme: lists of members.
    #[command(subcommand)]
    Offer(offer::OfferCommand),
    /// Points by hand: corrections, approvals, joined accounts.
    #[command(subcommand)]
    Points(points::CorrectionsCommand),
    /// The secret key.
    #[command(subcommand)]
    Key(key::SecretKeyCommand),
    /// Late receipts beyond a hard limit, held until somebody has looked at them.
    #[command(subcommand)]
    Receipts(receipts::HeldReceiptsCommand),
    /// The list of goods that tills search and scan.
    #[command(subcommand)]
    Products(products::ProductsCommand),
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
pub async fn run(cli: CommandLine) -> Result<(), CommandError> {
    let place = DataLocation {
        data: cli.data,
        // An empty variable is how a shell takes one back.
        database_url: cli.database_url.filter(|url| !url.is_empty()),
        key: cli.key.filter(|file| !file.as_os_str().is_empty()),
    };
    match cli.command {
        KopilkaCommand::Serve(serve) => serve.run(&place).await,
        KopilkaCommand::Migrate => {
            open_db(&place).await?.close().await;
            println!("the database is up to date");
            Ok(())
        }
        KopilkaCommand::Check => check::run(&open_service(&place).await?, &place).await,
        KopilkaCommand::Backup(backup) => backup.run(&open_service(&place).await?).await,
        KopilkaCommand::Restore(restore) => {
            restore.run(&build_service(open_db(&place).await?)).await
        }
        KopilkaCommand::Demo(demo) => demo.run(&place).await,
        KopilkaCommand::Staff(staff) => staff.run(&open_service(&place).await?).await,
        KopilkaCommand::Store(store) => store.run(&open_service(&place).await?).await,
        KopilkaCommand::Till(till) => till.run(&open_service(&place).await?).await,
        KopilkaCommand::Audit(audit) => audit.run(&open_service(&place).await?).await,
        KopilkaCommand::Card(card) => {
            let service = open_service_for(&place, card.needs_key()).await?;
            card.run(&service).await
        }
        KopilkaCommand::Gift(gift) => gift.run(&open_service(&place).await?).await,
        KopilkaCommand::Offer(offer) => offer.run(&open_service(&place).await?).await,
        KopilkaCommand::Points(points) => {
            let service = open_service_for(&place, points.needs_key()).await?;
            points.run(&service).await
        }
        KopilkaCommand::Key(key) => key.run(&place).await,
        KopilkaCommand::Receipts(receipts) => receipts.run(&open_service(&place).await?).await,
        KopilkaCommand::Products(products) => products.run(&open_service(&place).await?).await,
        KopilkaCommand::Programme(programme) => programme.run(&place).await,
        KopilkaCommand::Nightly(nightly) => nightly.run(&open_service(&place).await?).await,
    }
}

/// Opens the PostgreSQL database, or the SQLite file of the data folder, making what is missing: for the few commands that
/// may begin a chain.
async fn open_db(place: &DataLocation) -> Result<Database, CommandError> {
    if let Some(url) = &place.database_url {
        return Ok(Database::connect(url).await?);
    }
    Ok(Database::open(&data_folder(&place.data)?.join(DATABASE_FILE)).await?)
}

/// Looks at the database before anything is changed in it; `None` = there is no file.
async fn inspect_database(place: &DataLocation) -> Result<Option<DatabaseInspector>, CommandError> {
    Ok(match &place.database_url {
        Some(url) => Some(DatabaseInspector::at_server(url).await?),
        None => DatabaseInspector::at_file(&place.data.join(DATABASE_FILE))?,
    })
}

/// The service for commands that serve nobody, over a database that is there: one that a mistyped folder or address would
/// make looks as if all were well.
async fn open_service(place: &DataLocation) -> Result<Kopilka, CommandError> {
    let db = match &place.database_url {
        Some(url) => Database::connect_made(url).await?,
        None => Database::open_made(&place.data.join(DATABASE_FILE)).await?,
    };
    Ok(build_service(db))
}

/// The service of a command, which serves nobody.
fn build_service(db: Database) -> Kopilka {
    let config = ServiceConfig {
        host: String::new(),
        demo: false,
    };
    Kopilka::new(db, Arc::new(SystemClock), config)
}

/// The service as [`open_service`] gives it, with the secret key of its database where the command needs it.
async fn open_service_for(place: &DataLocation, needs_key: bool) -> Result<Kopilka, CommandError> {
    let service = open_service(place).await?;
    if !needs_key {
        return Ok(service);
    }
    let key = key::find_key(place, &service.db).await?;
    Ok(service.with_secret_key(key))
}

/// Reads a password, a PIN or a phone: from a terminal without echo, else a line of standard input. No list of processes and no
/// history of a shell shows it.
fn read_secret_line(prompt: &str) -> Result<String, CommandError> {
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
fn format_minute(at: Instant) -> String {
    chrono::DateTime::from_timestamp_micros(at.0)
        .map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default()
}

/// A use case's error with the words for each wrong field: operators read English.
fn explain_error(error: usecases::Error) -> CommandError {
    let texts = kopilka::text::Texts::new(kopilka::api::PageLanguage::En);
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
