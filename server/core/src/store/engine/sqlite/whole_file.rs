//! What is done with a SQLite file as a whole: looking whether it is ours, copying it, checking it, filling a new one.

use std::path::Path;

use rusqlite::Connection;

use super::{SqliteFile, SqliteTransaction, SqliteTransactionSlot, StatementThread};
use super::{connection, migrations, on_blocking_thread, unopened};
use crate::store::StoreError;
use crate::store::engine::OlderTables;

/// Returns whether the file is there and has tables of ours. It is not changed.
pub(in crate::store::engine) async fn has_our_tables(path: &Path) -> Result<bool, StoreError> {
    if !path.exists() {
        return Ok(false);
    }
    let path = path.to_owned();
    on_blocking_thread(move || {
        let tables = connection::open(&path)
            .and_then(|opened| {
                count_tables(
                    &opened,
                    "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'members')",
                )
            })
            .map_err(|error| unopened(&path, &error))?;
        Ok(tables == 2)
    })
    .await
}

fn count_tables(opened: &Connection, text: &str) -> Result<i64, rusqlite::Error> {
    connection::query_one(opened, text, ())
}

/// Opens a file that nobody else has, to be filled, and begins the one transaction: fast, and only good once that is committed
/// without an error.
pub(in crate::store::engine) async fn open_for_bulk_insert(
    path: &Path,
) -> Result<SqliteTransactionSlot, StoreError> {
    let path = path.to_owned();
    let filled = on_blocking_thread(move || {
        let prepare = || {
            let opened = connection::open(&path)?;
            for (name, value) in [
                ("journal_mode", "OFF"),
                ("synchronous", "OFF"),
                ("locking_mode", "EXCLUSIVE"),
                ("foreign_keys", "OFF"),
                // 128 MB of pages, so that keys in no order do not go to the disk one by one.
                ("cache_size", "-131072"),
            ] {
                connection::set(&opened, name, value)?;
            }
            Ok(opened)
        };
        let mut opened = prepare().map_err(|error: rusqlite::Error| unopened(&path, &error))?;
        migrations::run(&mut opened, &path, OlderTables::BringUpToDate)?;
        connection::run(&opened, "BEGIN IMMEDIATE")?;
        Ok(opened)
    })
    .await?;
    let open = SqliteTransaction::Filling(filled);
    Ok(SqliteTransactionSlot::new(open, StatementThread::Blocking))
}

/// Writes everything as it is at one moment to an empty file, while others read and write.
pub(in crate::store::engine) async fn write_copy(
    from: &SqliteFile,
    to: &Path,
) -> Result<(), StoreError> {
    let (from, to) = (from.path().to_owned(), to.display().to_string());
    on_blocking_thread(move || {
        connection::open(&from)?.execute("VACUUM INTO ?1", [to])?;
        Ok(())
    })
    .await
}

/// Reads the whole file and compares it with itself.
pub(in crate::store::engine) async fn verify(file: &Path) -> Result<(), StoreError> {
    let file = file.to_owned();
    on_blocking_thread(move || {
        let name = file.display().to_string();
        let strange = |cause: &dyn std::fmt::Display| {
            StoreError::Said(format!("{name} is no backup of kopilka: {cause}"))
        };
        let (ours, found) = read_whole(&file).map_err(|error| strange(&error))?;
        if ours != 3 {
            return Err(strange(&"its tables are of something else"));
        }
        if found != "ok" {
            return Err(StoreError::Said(format!("{name} is damaged: {found}")));
        }
        Ok(())
    })
    .await
}

/// Returns how many of three tables of ours the file has and, where it has all of them, what is wrong with the file.
fn read_whole(file: &Path) -> Result<(i64, String), rusqlite::Error> {
    let opened = connection::open_read_only(file, true)?;
    let ours = count_tables(
        &opened,
        "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'members', 'entries')",
    )?;
    if ours != 3 {
        return Ok((ours, String::new()));
    }
    let found = connection::query_one(&opened, "PRAGMA integrity_check(1)", ())?;
    Ok((ours, found))
}
