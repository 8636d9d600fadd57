//! What the drivers of the engines say, as an error of storage.

use crate::store::StoreError;

/// Failure of an engine or of the way to it.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// Message of SQLite.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// Message of PostgreSQL or of the way to it.
    #[error(transparent)]
    Postgres(sqlx::Error),
    /// A row that must be there and is not.
    #[error("no row was returned by a statement that must answer one")]
    NoRow,
    /// The database was closed.
    #[error("the database is closed")]
    Closed,
    /// All connections stayed in use for too long.
    #[error("no connection to the database became free in time")]
    NoConnection,
    /// A transaction whose statement has failed badly goes on no more.
    #[error("the transaction is lost")]
    LostTransaction,
    /// A thread on which the database was called has ended badly.
    #[error("a thread of the database has failed: {0}")]
    Thread(tokio::task::JoinError),
    /// Transactions that were to become durable together did not.
    #[error("a group of transactions was not made durable: {0}")]
    Group(String),
}

/// Deadlock, serialization failure, lock not available (PostgreSQL).
const BUSY: [&str; 3] = ["40P01", "40001", "55P03"];

/// Codes of SQLite for a row whose key is there already: of a primary key, of a unique index, of the row's number.
const DUPLICATE: [i32; 3] = [
    rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE,
    rusqlite::ffi::SQLITE_CONSTRAINT_ROWID,
];

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if super::sqlite::is_busy(&error) {
            return Self::Busy;
        }
        match error.sqlite_error() {
            Some(cause) if DUPLICATE.contains(&cause.extended_code) => Self::Duplicate,
            _ => Self::Database(DriverError::Sqlite(error)),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Duplicate,
            sqlx::Error::Database(inner)
                if inner
                    .code()
                    .is_some_and(|code| BUSY.contains(&code.as_ref())) =>
            {
                Self::Busy
            }
            sqlx::Error::ColumnDecode { source, .. } => Self::Unreadable(source.to_string()),
            _ => Self::Database(DriverError::Postgres(error)),
        }
    }
}

impl From<DriverError> for StoreError {
    fn from(error: DriverError) -> Self {
        match error {
            DriverError::Sqlite(error) => error.into(),
            DriverError::Postgres(error) => error.into(),
            other => Self::Database(other),
        }
    }
}

/// The error of a row that must be there and is not.
pub(in crate::store) fn no_row() -> StoreError {
    DriverError::NoRow.into()
}
