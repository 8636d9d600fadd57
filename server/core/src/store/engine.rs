//! The only place that knows which database engine runs: connections, transactions, one SQL text for every engine.
//! A transaction that writes takes the write lock at its start, so it never fails half-way for want of it.

use std::path::Path;
use std::time::Duration;

use sqlx::FromRow;
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{SqlSafeStr, Transaction};
use uuid::Uuid;

use super::StoreError;

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// An open database.
#[derive(Debug, Clone)]
pub struct Db {
    readers: SqlitePool,
    writer: SqlitePool,
}

/// A transaction; dropped without [`Tx::commit`] it never happened.
#[derive(Debug)]
pub struct Tx(Transaction<'static, Sqlite>);

/// A row that each engine can decode. `#[derive(sqlx::FromRow)]` and tuples satisfy it.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin> Record for T {}

impl Db {
    /// Opens the SQLite file at `path`, creating it (readable by its owner alone) and bringing its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Unopened`] with a sentence for the operator; [`StoreError::Newer`] when a later version of the
    /// program wrote the file.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
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
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(unopened)?;
        SQLITE_MIGRATIONS
            .run(&writer)
            .await
            .map_err(|error| match error {
                sqlx::migrate::MigrateError::VersionMissing(version) => StoreError::Newer {
                    path: path.display().to_string(),
                    version,
                },
                other => StoreError::Unopened {
                    path: path.display().to_string(),
                    cause: other.to_string(),
                },
            })?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options)
            .await
            .map_err(unopened)?;
        Ok(Self { readers, writer })
    }

    /// Begins a transaction that only reads: one consistent view, no waiting for writers.
    ///
    /// # Errors
    /// [`StoreError::Database`] when no connection can be had.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(Tx(self.readers.begin().await?))
    }

    /// Begins a transaction that writes; others that write wait for it.
    ///
    /// # Errors
    /// [`StoreError::Database`] when no connection can be had.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(Tx(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Closes every connection, folding SQLite's log back into its one file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Tx {
    /// Makes everything done in the transaction durable.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing of it is stored.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}

/// A value bound to a statement.
#[derive(Debug, Clone)]
pub enum Value {
    /// A whole number: an amount, points, an instant.
    Int(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// An id.
    Id(Option<Uuid>),
    /// A hash or a secret.
    Bytes(Option<Vec<u8>>),
    /// Yes or no.
    Bool(bool),
}

macro_rules! values {
    ($($from:ty => $variant:ident($map:expr)),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(Some($map(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map($map))
            }
        }
    )+};
}

values! {
    i64 => Int(|v| v),
    crate::domain::time::Instant => Int(|v: crate::domain::time::Instant| v.0),
    crate::domain::amounts::Money => Int(|v: crate::domain::amounts::Money| v.0),
    crate::domain::amounts::Points => Int(|v: crate::domain::amounts::Points| v.0),
    crate::domain::amounts::Quantity => Int(|v: crate::domain::amounts::Quantity| v.0),
    &str => Text(str::to_owned),
    String => Text(|v| v),
    Uuid => Id(|v| v),
    crate::ids::MemberId => Id(Uuid::from),
    crate::ids::DeviceId => Id(Uuid::from),
    crate::ids::ReceiptId => Id(Uuid::from),
    crate::ids::EntryId => Id(Uuid::from),
    crate::ids::LotId => Id(Uuid::from),
    crate::ids::StoreId => Id(Uuid::from),
    crate::ids::TillId => Id(Uuid::from),
    crate::ids::StaffId => Id(Uuid::from),
    crate::ids::GrantId => Id(Uuid::from),
    crate::ids::RowId => Id(Uuid::from),
    Vec<u8> => Bytes(|v| v),
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// One statement with `$1`-style places and the values for them.
#[derive(Debug)]
pub struct Statement {
    text: &'static str,
    values: Vec<Value>,
}

/// A statement of the given text; text never carries data.
pub fn sql(text: &'static str) -> Statement {
    Statement {
        text,
        values: Vec::new(),
    }
}

impl Statement {
    /// Binds the next place.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments, StoreError> {
        use sqlx::Arguments;
        let mut arguments = SqliteArguments::default();
        for value in values {
            match value {
                Value::Int(v) => arguments.add(v),
                Value::Text(v) => arguments.add(v),
                Value::Id(v) => arguments.add(v),
                Value::Bytes(v) => arguments.add(v),
                Value::Bool(v) => arguments.add(v),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok(arguments)
    }

    /// Runs it; the number of rows it changed.
    ///
    /// # Errors
    /// [`StoreError`], with [`StoreError::Duplicate`] told apart.
    pub async fn execute(self, tx: &mut Tx) -> Result<u64, StoreError> {
        let arguments = Self::sqlite_arguments(self.values)?;
        let done = sqlx::query_with(self.text.into_sql_str(), arguments)
            .execute(&mut *tx.0)
            .await?;
        Ok(done.rows_affected())
    }

    /// All rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn all<T: Record>(self, tx: &mut Tx) -> Result<Vec<T>, StoreError> {
        let arguments = Self::sqlite_arguments(self.values)?;
        Ok(sqlx::query_as_with(self.text.into_sql_str(), arguments)
            .fetch_all(&mut *tx.0)
            .await?)
    }

    /// The first row, where there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn optional<T: Record>(self, tx: &mut Tx) -> Result<Option<T>, StoreError> {
        let arguments = Self::sqlite_arguments(self.values)?;
        Ok(sqlx::query_as_with(self.text.into_sql_str(), arguments)
            .fetch_optional(&mut *tx.0)
            .await?)
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`StoreError`], also where there is none.
    pub async fn one<T: Record>(self, tx: &mut Tx) -> Result<T, StoreError> {
        let arguments = Self::sqlite_arguments(self.values)?;
        Ok(sqlx::query_as_with(self.text.into_sql_str(), arguments)
            .fetch_one(&mut *tx.0)
            .await?)
    }
}
