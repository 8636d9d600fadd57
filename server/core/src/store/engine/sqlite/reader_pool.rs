//! Connections that read a SQLite file. Each transaction has one for itself and gives it back at its end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::busy::BusyWait;
use super::connection;
use crate::store::StoreError;
use crate::store::engine::DriverError;

/// Longest time that a transaction waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections to one file, at most so many at a time.
#[derive(Debug, Clone)]
pub(super) struct ReaderPool(Arc<PoolState>);

#[derive(Debug)]
struct PoolState {
    file: PathBuf,
    most: usize,
    permits: Arc<Semaphore>,
    /// Open connections that nobody uses.
    idle: Mutex<Vec<Connection>>,
    /// Number of open connections.
    open: AtomicUsize,
}

/// A connection inside a transaction that reads one moment; dropped, it ends the transaction and goes back to its pool.
#[derive(Debug)]
pub(in crate::store::engine) struct ReadTransaction {
    connection: Option<Connection>,
    pool: ReaderPool,
    _permit: OwnedSemaphorePermit,
}

impl ReaderPool {
    /// A pool of at most `most` connections, none of which is open yet.
    pub fn new(file: &Path, most: usize) -> Self {
        Self(Arc::new(PoolState {
            file: file.to_owned(),
            most,
            permits: Arc::new(Semaphore::new(most)),
            idle: Mutex::default(),
            open: AtomicUsize::new(0),
        }))
    }

    pub fn file(&self) -> &Path {
        &self.0.file
    }

    /// Begins a transaction that sees the file as it is now.
    ///
    /// # Errors
    /// [`DriverError::Closed`] once the pool is closed, [`DriverError::NoConnection`] where none becomes free in time; those of
    /// the engine.
    pub async fn begin(&self) -> Result<ReadTransaction, StoreError> {
        let permit = self.take_permit().await?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open_one().await?,
        };
        let open = ReadTransaction {
            connection: Some(connection),
            pool: self.clone(),
            _permit: permit,
        };
        let mut wait = BusyWait::new();
        loop {
            if open.begin()? {
                return Ok(open);
            }
            wait.pause().await?;
        }
    }

    async fn take_permit(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        if let Ok(permit) = Arc::clone(&self.0.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let permit = Arc::clone(&self.0.permits).acquire_owned();
        match tokio::time::timeout(PATIENCE, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(DriverError::Closed.into()),
            Err(_) => Err(DriverError::NoConnection.into()),
        }
    }

    async fn open_one(&self) -> Result<Connection, StoreError> {
        let file = self.0.file.clone();
        let opened = tokio::task::spawn_blocking(move || open_reader(&file)).await;
        let connection = opened.map_err(DriverError::Thread)??;
        self.0.open.fetch_add(1, Ordering::Relaxed);
        Ok(connection)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Open connections, and those of them that nobody uses.
    pub fn connections(&self) -> (usize, usize) {
        (self.0.open.load(Ordering::Relaxed), self.idle().len())
    }

    /// Waits until nobody reads any more, and closes every connection.
    pub async fn close(&self) {
        let most = u32::try_from(self.0.most).unwrap_or(u32::MAX);
        // An error says that it is closed already.
        let all = self.0.permits.acquire_many(most).await;
        self.0.permits.close();
        drop(all);
        let idle = std::mem::take(&mut *self.idle());
        self.0.open.fetch_sub(idle.len(), Ordering::Relaxed);
        // Closing the last connection writes to the disk.
        drop(tokio::task::spawn_blocking(move || drop(idle)).await);
    }
}

/// Opens a connection that can change nothing.
fn open_reader(file: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = connection::open(file)?;
    connection::set(&connection, "query_only", "ON")?;
    // Waiting is done by tasks, not by the threads that run them.
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

impl ReadTransaction {
    /// The connection, inside the transaction.
    ///
    /// # Errors
    /// [`DriverError::Closed`]: never, a transaction has a connection until it is dropped.
    pub fn connection(&self) -> Result<&Connection, DriverError> {
        self.connection.as_ref().ok_or(DriverError::Closed)
    }

    /// Begins it; false where another is in the way, as while it recovers the file's log.
    fn begin(&self) -> Result<bool, StoreError> {
        let connection = self.connection()?;
        connection::run(connection, "BEGIN")?;
        // The first reading decides which moment is seen.
        let seen = connection
            .prepare_cached("SELECT 1 FROM sqlite_schema LIMIT 1")
            .and_then(|mut prepared| prepared.exists(()));
        match seen {
            Ok(_) => Ok(true),
            Err(error) => {
                connection::run(connection, "ROLLBACK")?;
                if connection::is_busy(&error) {
                    return Ok(false);
                }
                Err(error.into())
            }
        }
    }
}

impl Drop for ReadTransaction {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if connection.is_autocommit() || connection::run(&connection, "COMMIT").is_ok() {
            self.pool.idle().push(connection);
        } else {
            self.pool.0.open.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
