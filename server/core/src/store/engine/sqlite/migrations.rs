//! Bringing the tables of a SQLite file up to date. What was applied stands in the table `_sqlx_migrations`, as sqlx keeps it, so that
//! files of earlier versions of the program are known.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};
use sqlx::migrate::{Migration, Migrator};

use super::unopened;
use crate::store::StoreError;
use crate::store::engine::OlderTables;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

const TABLE: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, \
     description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \
     success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)";

/// A migration that the file has.
struct AppliedMigration {
    version: i64,
    checksum: Vec<u8>,
    success: bool,
}

/// Applies what the file does not have yet, each migration in a transaction of its own, unless older tables are refused.
///
/// # Errors
/// [`StoreError::Older`] where they are; [`StoreError::Newer`] where the file has a migration that this program does not know; [`StoreError::Unopened`] with a sentence for
/// the operator.
pub(super) fn run(
    connection: &mut Connection,
    path: &Path,
    older: OlderTables,
) -> Result<(), StoreError> {
    let fails = |error: rusqlite::Error| unopened(path, &error);
    connection.execute_batch(TABLE).map_err(fails)?;
    let applied = list_applied(connection).map_err(fails)?;
    for each in &applied {
        check_applied(each, path)?;
    }
    for migration in MIGRATIONS.iter() {
        if applied.iter().any(|each| each.version == migration.version) {
            continue;
        }
        if older == OlderTables::Refuse {
            return Err(StoreError::Older {
                path: path.display().to_string(),
            });
        }
        apply(connection, migration).map_err(|error| {
            let version = migration.version;
            unopened(
                path,
                &format!("while executing migration {version}: {error}"),
            )
        })?;
    }
    Ok(())
}

fn list_applied(connection: &Connection) -> Result<Vec<AppliedMigration>, rusqlite::Error> {
    let mut listed = connection
        .prepare("SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version")?;
    let rows = listed.query_map((), |row| {
        Ok(AppliedMigration {
            version: row.get("version")?,
            checksum: row.get("checksum")?,
            success: row.get("success")?,
        })
    })?;
    rows.collect()
}

/// Checks that a migration of the file is one of ours, whole and unchanged.
fn check_applied(applied: &AppliedMigration, path: &Path) -> Result<(), StoreError> {
    let version = applied.version;
    if !applied.success {
        let cause = format!(
            "migration {version} is partially applied; fix and remove row from `_sqlx_migrations` table"
        );
        return Err(unopened(path, &cause));
    }
    let Some(ours) = MIGRATIONS.iter().find(|each| each.version == version) else {
        return Err(StoreError::Newer {
            path: path.display().to_string(),
            version,
        });
    };
    if ours.checksum.as_ref() != applied.checksum {
        let cause = format!("migration {version} was previously applied but has been modified");
        return Err(unopened(path, &cause));
    }
    Ok(())
}

/// Applies a migration, unless another process has done so meanwhile.
fn apply(connection: &mut Connection, migration: &Migration) -> Result<(), rusqlite::Error> {
    let start = Instant::now();
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let is_there = "SELECT EXISTS (SELECT 1 FROM _sqlx_migrations WHERE version = ?1)";
    if tx.query_row(is_there, [migration.version], |row| row.get(0))? {
        return Ok(());
    }
    tx.execute_batch(migration.sql.as_str())?;
    let nanoseconds = i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (?1, ?2, TRUE, ?3, ?4)",
        params![
            migration.version,
            migration.description.as_ref(),
            migration.checksum.as_ref(),
            nanoseconds
        ],
    )?;
    tx.commit()
}
