//! Checkpoints: what the log (`-wal`) holds is written into the file. They run in the background, on a connection of their own, so
//! that commits do not wait for them. The log begins anew only after a checkpoint to its end while nobody writes: where writers
//! make no pause, the writer does the rest after one of its commits.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use rusqlite::Connection;
use tokio::runtime::Handle;

use super::connection;

/// Pages of the log from which on a checkpoint runs in the background.
const BACKGROUND_PAGES: i32 = 4_000;
/// Pages of the log from which on the writer runs a checkpoint itself.
const WRITER_PAGES: i32 = 16_000;

thread_local! {
    /// Pages of the log after the last commit on this thread that wrote any.
    static LOG_LENGTH: Cell<i32> = const { Cell::new(0) };
}

/// Connects a writer's commits with [`Checkpointer::after_commit`], in the place of SQLite's own automatic checkpoints.
pub(super) fn watch_log(writer: &Connection) {
    writer.wal_hook(Some(|_, pages| {
        LOG_LENGTH.set(pages);
        Ok(())
    }));
}

/// Runs the checkpoints of a file, one at a time.
#[derive(Debug, Clone)]
pub(super) struct Checkpointer(Arc<CheckpointerState>);

#[derive(Debug)]
struct CheckpointerState {
    file: PathBuf,
    background: Mutex<BackgroundConnection>,
}

/// The connection of background checkpoints.
#[derive(Debug)]
enum BackgroundConnection {
    NotYet,
    Open(Connection),
    Closed,
}

impl Checkpointer {
    pub fn new(file: &Path) -> Self {
        Self(Arc::new(CheckpointerState {
            file: file.to_owned(),
            background: Mutex::new(BackgroundConnection::NotYet),
        }))
    }

    /// Runs or starts a checkpoint where the log is long. To be called after a commit on the thread of the commit, while nobody else
    /// writes.
    pub fn after_commit(&self, writer: &Connection) {
        let pages = LOG_LENGTH.take();
        if pages >= WRITER_PAGES {
            // Waits for one in the background: two at once are not possible.
            let _alone = self.wait_for_background();
            report(checkpoint(writer));
        } else if pages >= BACKGROUND_PAGES && !self.is_running() {
            self.start();
        }
    }

    fn start(&self) {
        // Without a runtime it waits for a commit with one, or for the end: closing the file is a checkpoint too.
        if let Ok(runtime) = Handle::try_current() {
            let checkpointer = self.clone();
            drop(runtime.spawn_blocking(move || checkpointer.run()));
        }
    }

    fn is_running(&self) -> bool {
        matches!(self.0.background.try_lock(), Err(TryLockError::WouldBlock))
    }

    fn run(&self) {
        let mut background = match self.0.background.try_lock() {
            Ok(background) => background,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Another was started before this one began.
            Err(TryLockError::WouldBlock) => return,
        };
        report(background.checkpoint(&self.0.file));
    }

    fn wait_for_background(&self) -> MutexGuard<'_, BackgroundConnection> {
        let background = self.0.background.lock();
        background.unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a checkpoint that runs and closes its connection for good.
    pub fn close(&self) {
        *self.wait_for_background() = BackgroundConnection::Closed;
    }
}

impl BackgroundConnection {
    fn checkpoint(&mut self, file: &Path) -> Result<(), rusqlite::Error> {
        if let Self::NotYet = self {
            *self = Self::Open(connection::open_existing(file)?);
        }
        match self {
            Self::Open(connection) => checkpoint(connection),
            Self::NotYet | Self::Closed => Ok(()),
        }
    }
}

/// Writes to the file what the log holds, as far as no reader needs the file as it is. It waits for nobody.
fn checkpoint(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))
}

/// Logs a failure. Nothing is lost: the log gets longer, and a later commit tries again.
fn report(done: Result<(), rusqlite::Error>) {
    if let Err(error) = done {
        tracing::warn!(%error, "a checkpoint of the database failed");
    }
}

#[cfg(test)]
mod tests;
