//! SQLite: one file, any number of readers and one writer beside them; what was committed survives a power cut. Statements by key
//! and writes are called in place: a way to another thread and back costs more than most of them. What scans, and what waits for
//! the disk (commits, checkpoints, opening and closing), runs on threads that may be blocked.

mod busy;
mod checkpoint;
mod connection;
mod file_permissions;
mod group_commit;
mod migrations;
mod reader_pool;
mod transaction;
mod whole_file;

use std::path::Path;

use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use checkpoint::Checkpointer;
pub(super) use connection::{BoundText, is_busy, open_read_only, query_one};
use group_commit::GroupWriter;
use reader_pool::ReaderPool;
pub(super) use transaction::{SqliteTransaction, SqliteTransactionSlot, StatementThread};
pub(super) use whole_file::{has_our_tables, open_for_bulk_insert, verify, write_copy};

use super::{DriverError, OlderTables, count_round_trip};
use crate::store::StoreError;

/// Worker threads that are never blocked by a statement in place: they answer what needs no database.
const FREE_WORKERS: usize = 2;
/// Scans at a time.
const SCANS: usize = 4;

/// Connections to one file.
#[derive(Debug, Clone)]
pub(super) struct SqliteFile {
    readers: ReaderPool,
    scanners: ReaderPool,
    writer: GroupWriter,
}

fn unopened(path: &Path, cause: &impl ToString) -> StoreError {
    StoreError::Unopened {
        path: path.display().to_string(),
        cause: cause.to_string(),
    }
}

/// Does this on a thread that may be blocked.
async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    spawn_blocking(work).await.map_err(DriverError::Thread)?
}

/// Returns how many connections may read in place at a time. One of the workers may be blocked by the writer; a runtime of too few
/// to keep any free is a test's.
const fn count_readers(workers: usize) -> usize {
    match workers.saturating_sub(FREE_WORKERS + 1) {
        0 => SCANS,
        readers => readers,
    }
}

/// Opens the file, creating it with its tables.
pub(super) async fn open(path: &Path, older: OlderTables) -> Result<SqliteFile, StoreError> {
    let file = path.to_owned();
    let writer = on_blocking_thread(move || open_writer(&file, older)).await?;
    let readers = count_readers(Handle::current().metrics().num_workers());
    Ok(SqliteFile {
        readers: ReaderPool::new(path, readers),
        scanners: ReaderPool::new(path, SCANS),
        writer: GroupWriter::new(writer, Checkpointer::new(path)),
    })
}

/// Opens the connection that writes, with tables that are up to date.
fn open_writer(path: &Path, older: OlderTables) -> Result<Connection, StoreError> {
    file_permissions::restrict_database_files(path).map_err(|error| unopened(path, &error))?;
    let prepare = || {
        let connection = connection::open(path)?;
        connection::set(&connection, "journal_mode", "WAL")?;
        connection::set(&connection, "synchronous", "FULL")?;
        // A closed account must leave nothing readable behind in the file's free pages.
        connection::set(&connection, "secure_delete", "ON")?;
        // A group's pages stay in memory until it is made durable.
        connection::set(&connection, "cache_size", "-32768")?;
        checkpoint::watch_log(&connection);
        Ok(connection)
    };
    let mut connection = prepare().map_err(|error: rusqlite::Error| unopened(path, &error))?;
    migrations::run(&mut connection, path, older)?;
    let waits = connection.busy_timeout(std::time::Duration::ZERO);
    waits.map_err(|error| unopened(path, &error))?;
    Ok(connection)
}

impl SqliteFile {
    pub fn path(&self) -> &Path {
        self.readers.file()
    }

    /// Begins a transaction that reads.
    pub async fn read(&self, thread: StatementThread) -> Result<SqliteTransactionSlot, StoreError> {
        count_round_trip();
        let pool = match thread {
            StatementThread::InPlace => &self.readers,
            StatementThread::Blocking => &self.scanners,
        };
        let open = SqliteTransaction::Reading(pool.begin().await?);
        Ok(SqliteTransactionSlot::new(open, thread))
    }

    /// Begins a transaction that writes.
    pub async fn write(
        &self,
        thread: StatementThread,
    ) -> Result<SqliteTransactionSlot, StoreError> {
        count_round_trip();
        let open = SqliteTransaction::Writing(self.writer.begin().await?);
        Ok(SqliteTransactionSlot::new(open, thread))
    }

    /// Open connections for reading in place, and those of them that nobody uses.
    pub fn connections(&self) -> (usize, usize) {
        self.readers.connections()
    }

    /// Closes every connection, folding the log back into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.scanners.close().await;
        self.writer.close().await;
    }
}
