//! `kopilka backup` and `kopilka restore`: one file that either engine writes and either takes, while others work.

use std::path::PathBuf;

use clap::Args;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::usecases::operation::backups;

use super::CommandError;

/// Write everything to a new file, while others work.
#[derive(Debug, Args)]
pub struct BackupCommand {
    /// The file; it must not be there yet.
    file: PathBuf,
}

/// Put a backup into an empty database, of either engine.
#[derive(Debug, Args)]
pub struct RestoreCommand {
    /// The file that `kopilka backup` wrote.
    file: PathBuf,
    /// Remove everything that the database holds first, for good.
    #[arg(long)]
    replace: bool,
}

impl BackupCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator; then there is no file.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        tokio::select! {
            written = backups::make_backup(service, &Actor::OPERATOR, &self.file) => written?,
            // What was written goes with the future that is dropped here.
            _ = tokio::signal::ctrl_c() => {
                return Err(CommandError::Said("stopped; there is no backup".to_owned()));
            }
        }
        println!("{} holds everything", self.file.display());
        Ok(())
    }
}

impl RestoreCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator; then nothing has changed.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        let operator = &Actor::OPERATOR;
        tokio::select! {
            restored = backups::restore_backup(service, operator, &self.file, self.replace) => restored?,
            _ = tokio::signal::ctrl_c() => {
                return Err(CommandError::Said("stopped; nothing has changed".to_owned()));
            }
        }
        println!("everything in {} is restored", self.file.display());
        if self.replace {
            println!("processes that served meanwhile want a restart");
        }
        Ok(())
    }
}
