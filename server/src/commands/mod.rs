//! The command line: a file per command.

mod check;
mod nightly;
mod serve;
mod staff;
mod till;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Parser, Subcommand};
use kopilka_core::clock::SystemClock;
use kopilka_core::store::{Db, StoreError};
use kopilka_core::usecases;
use kopilka_core::{Config, Kopilka};

pub use serve::Serve;

/// The loyalty wallet that a retail chain runs for its shoppers.
#[derive(Debug, Parser)]
#[command(name = "kopilka", version, about)]
pub struct Cli {
    /// Folder of the database.
    #[arg(long, global = true, env = "KOPILKA_DATA", default_value = "data")]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve shoppers, cashiers and tills.
    Serve(Serve),
    /// Bring the database's tables up to date and stop.
    Migrate,
    /// Verify that each balance equals its entries and each lot its allocations.
    Check,
    /// Do what the end of a day makes due: points come alive and expire, tiers are reviewed. Served databases do it by themselves.
    Nightly(nightly::Nightly),
    /// Staff accounts.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Tills and their keys.
    #[command(subcommand)]
    Till(till::Till),
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
    match cli.command {
        Command::Serve(serve) => serve.run(&cli.data).await,
        Command::Migrate => {
            open(&cli.data).await?.db.close().await;
            println!("the database is up to date");
            Ok(())
        }
        Command::Check => check::run(&open(&cli.data).await?).await,
        Command::Nightly(nightly) => nightly.run(&open(&cli.data).await?).await,
        Command::Staff(staff) => staff.run(&open(&cli.data).await?).await,
        Command::Till(till) => till.run(&open(&cli.data).await?).await,
    }
}

/// Opens the database of a data folder, making the folder where it is missing.
async fn open_db(data: &Path) -> Result<Db, CommandError> {
    std::fs::create_dir_all(data).map_err(|error| {
        CommandError::Said(format!(
            "the data folder {} cannot be made: {error}",
            data.display()
        ))
    })?;
    Ok(Db::open(&data.join("kopilka.db")).await?)
}

/// The service for commands that serve nobody.
async fn open(data: &Path) -> Result<Kopilka, CommandError> {
    let config = Config {
        host: String::new(),
        demo: false,
    };
    let db = open_db(data).await?;
    Ok(Kopilka::new(db, Arc::new(SystemClock), config))
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
        usecases::Error::Refused(refusal) => CommandError::Said(texts.refusal(&refusal)),
        other => other.into(),
    }
}
