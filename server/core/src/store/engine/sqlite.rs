//! SQLite: one file, any number of readers and one writer beside them; what was committed survives a power cut.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use super::file_permissions;
use super::group_commit::GroupWriter;
use crate::store::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// A writer takes the write lock at its start, so it never fails half-way for want of it.
pub(super) const WRITE: &str = "BEGIN IMMEDIATE";

/// Texts that the writer keeps ready to be run again.
const WRITES: usize = 256;

/// Connections to one file.
#[derive(Debug, Clone)]
pub(super) struct SqlitePools {
    pub readers: SqlitePool,
    pub writer: GroupWriter,
}

pub(super) async fn open(path: &Path) -> Result<SqlitePools, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // A closed account must leave nothing readable behind in the file's free pages.
        .pragma("secure_delete", "ON")
        .busy_timeout(Duration::from_secs(10));
    let unopened = |cause: sqlx::Error| StoreError::Unopened {
        path: path.display().to_string(),
        cause: cause.to_string(),
    };
    file_permissions::restrict_database_files(path)
        .map_err(|error| unopened(sqlx::Error::Io(error)))?;
    let mut first = options.connect().await.map_err(unopened)?;
    MIGRATIONS
        .run(&mut first)
        .await
        .map_err(|error| not_migrated(error, &path.display().to_string()))?;
    first.close().await.map_err(unopened)?;
    // Writes that go together are one text, of which there are many: as many as there are kinds of receipts.
    let writer = options
        .clone()
        .statement_cache_capacity(WRITES)
        // A group's pages stay in memory until it is made durable, and the log is folded back after several groups, not
        // after each.
        .pragma("cache_size", "-32768")
        .pragma("wal_autocheckpoint", "8000");
    let writer = GroupWriter::connect(&writer).await.map_err(unopened)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(8)
        .connect_with(options)
        .await
        .map_err(unopened)?;
    Ok(SqlitePools { readers, writer })
}

/// Returns whether the file is there and has tables of ours. It is not changed.
pub(super) async fn is_made(path: &Path) -> Result<bool, StoreError> {
    if !path.exists() {
        return Ok(false);
    }
    let unopened = |cause: sqlx::Error| StoreError::Unopened {
        path: path.display().to_string(),
        cause: cause.to_string(),
    };
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(10))
        .connect()
        .await
        .map_err(unopened)?;
    let tables: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'members')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(unopened)?;
    connection.close().await.map_err(unopened)?;
    Ok(tables == 2)
}

/// Opens a file that nobody else has, to be filled: fast, and only good once it is closed without an error.
pub(super) async fn open_for_bulk_insert(path: &Path) -> Result<SqlitePool, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .locking_mode(SqliteLockingMode::Exclusive)
        .foreign_keys(false)
        // 128 MB of pages, so that keys in no order do not go to the disk one by one.
        .pragma("cache_size", "-131072");
    let unopened = |cause: sqlx::Error| StoreError::Unopened {
        path: path.display().to_string(),
        cause: cause.to_string(),
    };
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(unopened)?;
    MIGRATIONS
        .run(&writer)
        .await
        .map_err(|error| not_migrated(error, &path.display().to_string()))?;
    Ok(writer)
}

/// Makes the error that says why the tables of the database called `name` could not be brought up to date.
pub(super) fn not_migrated(error: MigrateError, name: &str) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer {
            path: name.to_owned(),
            version,
        },
        other => StoreError::Unopened {
            path: name.to_owned(),
            cause: other.to_string(),
        },
    }
}

/// Writes everything as it is at one moment to an empty file, while others read and write.
pub(super) async fn snapshot(pools: &SqlitePools, file: &Path) -> Result<(), StoreError> {
    sqlx::query("VACUUM INTO $1")
        .bind(file.display().to_string())
        .execute(&pools.readers)
        .await?;
    Ok(())
}

/// Reads the whole file and compares it with itself.
pub(super) async fn verify(file: &Path) -> Result<(), StoreError> {
    let strange = |cause: sqlx::Error| {
        StoreError::Said(format!(
            "{} is no backup of kopilka: {cause}",
            file.display()
        ))
    };
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        // Nothing is written beside it, and it may lie where nothing can be written.
        .immutable(true)
        .connect()
        .await
        .map_err(strange)?;
    let ours: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'members', 'entries')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(strange)?;
    if ours != 3 {
        return Err(StoreError::Said(format!(
            "{} is no backup of kopilka: its tables are of something else",
            file.display()
        )));
    }
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(strange)?;
    connection.close().await.map_err(strange)?;
    if found != "ok" {
        return Err(StoreError::Said(format!(
            "{} is damaged: {found}",
            file.display()
        )));
    }
    Ok(())
}
