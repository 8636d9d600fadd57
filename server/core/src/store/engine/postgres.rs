//! PostgreSQL: any number of equal processes over one database. What is said about a database never holds its password.

use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Postgres, Transaction};

use super::{OlderTables, count_round_trip, run_to_completion};
use crate::store::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Each statement of a writer sees what was committed before it; rows that it locked stay as they are.
pub(super) const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// A reader sees one moment.
pub(super) const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Most connections of one process; a server takes a hundred in all unless it is told otherwise.
const CONNECTIONS: u32 = 32;
/// Longest time that a connection may take, or be waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that was idle for longer is asked whether it lives before it is used.
const DOUBTFUL: Duration = Duration::from_secs(2);
/// A wait for a lock ends, and so does a transaction that its process has forgotten.
const SESSION: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";

/// The address, and its name without the password.
fn address(url: &str) -> Result<(PgConnectOptions, String), StoreError> {
    if !["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Err(StoreError::Said(
            "the address of the database does not begin with postgres://".to_owned(),
        ));
    }
    let options: PgConnectOptions = url.parse().map_err(|_| {
        // The cause may quote the address, and the address holds the password.
        StoreError::Said(
            "the address of the database is not like postgres://user:password@host:5432/name"
                .to_owned(),
        )
    })?;
    let options = options.application_name("kopilka");
    let name = address_without_password(&options);
    Ok((options, name))
}

fn unopened(name: &str, cause: &impl ToString) -> StoreError {
    StoreError::Unopened {
        path: name.to_owned(),
        cause: cause.to_string(),
    }
}

/// A pool tries again and again and then says only that it waited; one connection says why it failed.
async fn connect_first(options: &PgConnectOptions, name: &str) -> Result<PgConnection, StoreError> {
    tokio::time::timeout(PATIENCE, options.connect())
        .await
        .map_err(|_| unopened(name, &"it does not answer"))?
        .map_err(|error| unopened(name, &error))
}

/// Opens one connection to the database.
pub(super) async fn connect_once(url: &str) -> Result<PgConnection, StoreError> {
    let (options, name) = address(url)?;
    connect_first(&options, &name).await
}

/// Checks that the database has tables of ours; it is not changed.
///
/// # Errors
/// [`StoreError::Absent`] when it has none.
pub(super) async fn must_be_made(url: &str) -> Result<(), StoreError> {
    let (options, name) = address(url)?;
    let mut connection = connect_first(&options, &name).await?;
    let tables: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() \
         AND tablename IN ('_sqlx_migrations', 'members')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(|error| unopened(&name, &error))?;
    let closed = connection.close().await;
    closed.map_err(|error| unopened(&name, &error))?;
    if tables == 2 {
        Ok(())
    } else {
        Err(StoreError::Absent { path: name })
    }
}

/// Checks that the database has every migration of this version.
///
/// # Errors
/// [`StoreError::Older`] where one is missing.
async fn must_be_up_to_date(connection: &mut PgConnection, name: &str) -> Result<(), StoreError> {
    let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations")
        .fetch_all(connection)
        .await
        .map_err(|error| unopened(name, &error))?;
    if MIGRATIONS
        .iter()
        .all(|each| applied.contains(&each.version))
    {
        return Ok(());
    }
    Err(StoreError::Older {
        path: name.to_owned(),
    })
}

pub(super) async fn connect(url: &str, older: OlderTables) -> Result<PgPool, StoreError> {
    let (options, name) = address(url)?;
    let mut first = connect_first(&options, &name).await?;
    if older == OlderTables::Refuse {
        must_be_up_to_date(&mut first, &name).await?;
    }
    first
        .close()
        .await
        .map_err(|error| unopened(&name, &error))?;
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > DOUBTFUL {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(SESSION).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| unopened(&name, &error))?;
    MIGRATIONS
        .run(&pool)
        .await
        .map_err(|error| not_migrated(error, &name))?;
    Ok(pool)
}

/// Begins a transaction. It is begun whole or not at all: sqlx gives a connection whose BEGIN was broken off back to the
/// pool inside the transaction (0.9.0, `PgTransactionManager::begin`).
pub(super) async fn begin(
    pool: &PgPool,
    how: &'static str,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    count_round_trip();
    let pool = pool.clone();
    run_to_completion(async move { pool.begin_with(how).await }).await
}

/// Makes the error that says why the tables of the database called `name` could not be brought up to date.
fn not_migrated(error: MigrateError, name: &str) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer {
            path: name.to_owned(),
            version,
        },
        other => unopened(name, &other),
    }
}

/// The database's address without its password.
fn address_without_password(options: &PgConnectOptions) -> String {
    let host = options.get_socket().map_or_else(
        || format!("{}:{}", options.get_host(), options.get_port()),
        |socket| socket.display().to_string(),
    );
    let database = options
        .get_database()
        .unwrap_or_else(|| options.get_username());
    format!("postgres://{}@{host}/{database}", options.get_username())
}

/// Waits for other transactions that locked the same thing, then holds it until the end of this one. Two things whose
/// hashes meet only wait for nothing.
pub(super) async fn take_advisory_lock(
    tx: &mut Transaction<'static, Postgres>,
    thing: &str,
) -> Result<(), StoreError> {
    let [a, b, c, d, e, f, g, h, ..]: [u8; 32] = Sha256::digest(thing).into();
    count_round_trip();
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(i64::from_be_bytes([a, b, c, d, e, f, g, h]))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
