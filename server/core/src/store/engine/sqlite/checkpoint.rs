//! Folding the log (`-wal`) back into the file. It is done beside the writer, by a connection of its own: who waits for a commit
//! does not wait for it. Where the log grows faster than it is folded back, the writer does the rest in its turn.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use tokio::runtime::Handle;

use super::connection;

/// Pages of the log after which it is folded back beside the writer.
const BESIDE: i32 = 4_000;
/// Pages of the log after which the writer folds it back itself, while nobody writes: only then the log begins anew at once.
const IN_TURN: i32 = 16_000;

thread_local! {
    /// Pages of the log after the last commit on this thread.
    static LOG_LENGTH: Cell<i32> = const { Cell::new(0) };
}

/// Connects a writer's commits with [`log_length`].
pub(super) fn watch_log(writer: &Connection) {
    // It takes the place of SQLite's own automatic checkpoint.
    writer.wal_hook(Some(note_log_length));
}

fn note_log_length(log: &Wal, pages: i32) -> Result<(), rusqlite::Error> {
    LOG_LENGTH.set(pages);
    if pages >= IN_TURN {
        // The commit is durable, whatever comes of this; the next one tries again.
        drop(log.checkpoint());
    }
    Ok(())
}

/// Returns how many pages the log had after the last commit on this thread.
pub(super) fn log_length() -> i32 {
    LOG_LENGTH.get()
}

/// Folds the log of a file back, one time after the other.
#[derive(Debug, Clone)]
pub(super) struct Checkpointer(Arc<CheckpointerState>);

#[derive(Debug)]
struct CheckpointerState {
    file: PathBuf,
    connection: Mutex<CheckpointConnection>,
}

#[derive(Debug)]
enum CheckpointConnection {
    NotYet,
    Open(Connection),
    Closed,
}

impl Checkpointer {
    pub fn new(file: &Path) -> Self {
        Self(Arc::new(CheckpointerState {
            file: file.to_owned(),
            connection: Mutex::new(CheckpointConnection::NotYet),
        }))
    }

    /// Begins to fold a long log back, on a thread that may be blocked; nothing where that is under way.
    pub fn look_at(&self, log_length: i32) {
        if log_length < BESIDE || self.is_running() {
            return;
        }
        // Without a runtime a database is about to be closed, and that folds the log back.
        if let Ok(runtime) = Handle::try_current() {
            let checkpointer = self.clone();
            drop(runtime.spawn_blocking(move || checkpointer.run()));
        }
    }

    fn is_running(&self) -> bool {
        matches!(self.0.connection.try_lock(), Err(TryLockError::WouldBlock))
    }

    fn run(&self) {
        let mut place = match self.0.connection.try_lock() {
            Ok(place) => place,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if let Err(error) = place.fold_back(&self.0.file) {
            // The log only gets longer; the next commits try again.
            tracing::warn!(%error, "the log of the database was not folded back");
        }
    }

    /// Waits until it is done and lets the file go for good.
    pub fn close(&self) {
        let place = self.0.connection.lock();
        *place.unwrap_or_else(PoisonError::into_inner) = CheckpointConnection::Closed;
    }
}

impl CheckpointConnection {
    fn fold_back(&mut self, file: &Path) -> Result<(), rusqlite::Error> {
        if let Self::NotYet = self {
            *self = Self::Open(connection::open(file)?);
        }
        if let Self::Open(connection) = self {
            // Nobody waits for it, and it waits for nobody: what readers and the writer still need stays in the log.
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
