//! The only place that knows which database engine runs: SQLite or PostgreSQL, connections, transactions.
//! A transaction that writes never fails half-way for want of a lock in SQLite, and waits by rows in PostgreSQL.

mod accountability;
pub mod bulk;
pub mod catalogue;
mod deferred_writes;
mod failure;
pub mod inspect;
mod news;
mod postgres;
mod row;
mod sqlite;
mod statement;
mod value;

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{PgPool, Postgres, Transaction};

pub use accountability::Exemption;
use accountability::WriteAccountability;
use deferred_writes::DeferredWrite;
pub use deferred_writes::WriteEffect;
pub use failure::DriverError;
pub(super) use failure::no_row;
pub use news::{PointsChange, PointsNews};
pub use row::{ColumnValue, Columns, StoredForm, StoredRow};
pub use statement::{Statement, sql};
pub(super) use statement::{generated, insert_statement};
pub use value::{ColumnKind, SqlValue};

use sqlite::{SqliteTransactionSlot, StatementThread};

use super::StoreError;
use super::form_states::FormStates;

/// An open database.
#[derive(Debug, Clone)]
pub struct Database(EnginePools);

#[derive(Debug, Clone)]
enum EnginePools {
    Sqlite(sqlite::SqliteFile),
    Postgres(PgPool),
}

/// What becomes of a database whose tables are of an earlier version of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OlderTables {
    /// They are brought up to date.
    BringUpToDate,
    /// They are left alone, and the operator is told.
    Refuse,
}

/// A transaction; dropped without [`Tx::commit`] it never happened.
#[derive(Debug)]
pub struct Tx {
    open: OpenTransaction,
    /// Writes that wait for the next reading or for the end.
    later: Vec<DeferredWrite>,
    /// Whether it has written, and whether it may.
    accountability: WriteAccountability,
}

/// A transaction that may read or write very many rows: its statements in SQLite run on threads that may be blocked, so that
/// nobody who does little waits for them. Whatever takes one says that it goes over whole tables.
#[derive(Debug)]
pub struct ScanTx(Tx);

impl Deref for ScanTx {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.0
    }
}

impl DerefMut for ScanTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.0
    }
}

impl ScanTx {
    /// As [`Tx::commit`].
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

#[derive(Debug)]
enum OpenTransaction {
    Sqlite(SqliteTransactionSlot),
    Postgres(Transaction<'static, Postgres>),
}

/// Statements that engines were asked to run, of the whole process.
static ROUND_TRIPS: AtomicU64 = AtomicU64::new(0);

fn count_round_trip() {
    ROUND_TRIPS.fetch_add(1, Ordering::Relaxed);
}

/// Returns how many statements engines were asked to run since the process began: what one use case costs is the difference,
/// where nothing else goes on. Each is a round trip to PostgreSQL.
pub fn round_trips() -> u64 {
    ROUND_TRIPS.load(Ordering::Relaxed)
}

/// Does the work to its end even if nobody waits for it any more, as when a client hangs up: broken off in the middle, the
/// engine would have done what is not written down here.
async fn run_to_completion<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, sqlx::Error> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(_) => Err(sqlx::Error::WorkerCrashed),
    }
}

impl Database {
    /// Opens the SQLite file at `path`, creating it (readable by its owner alone) and bringing its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Unopened`] with a sentence for the operator; [`StoreError::Newer`] when a later version of the
    /// program wrote the file.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_file(path, OlderTables::BringUpToDate).await
    }

    async fn open_file(path: &Path, older: OlderTables) -> Result<Self, StoreError> {
        Ok(Self(EnginePools::Sqlite(sqlite::open(path, older).await?)))
    }

    /// Connects to the PostgreSQL database of a `postgres://` address and brings its tables up to date.
    ///
    /// # Errors
    /// As [`Database::open`]; no error repeats the password of the address.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_to(url, OlderTables::BringUpToDate).await
    }

    async fn connect_to(url: &str, older: OlderTables) -> Result<Self, StoreError> {
        let pool = postgres::connect(url, older).await?;
        Ok(Self(EnginePools::Postgres(pool)))
    }

    /// Opens as [`Database::open`] does, but only a database that was made before, by this version of the program.
    ///
    /// # Errors
    /// [`StoreError::Absent`] where there is none, and then none is made; [`StoreError::Older`] where its tables are of an earlier
    /// version, and then they are left alone; as [`Database::open`].
    pub async fn open_made(path: &Path) -> Result<Self, StoreError> {
        if sqlite::has_our_tables(path).await? {
            return Self::open_file(path, OlderTables::Refuse).await;
        }
        let folder = path.parent().unwrap_or(path);
        Err(StoreError::Absent {
            path: folder.display().to_string(),
        })
    }

    /// Connects as [`Database::connect`] does, but only to a database that has tables of this version of the program.
    ///
    /// # Errors
    /// [`StoreError::Absent`] where there are none, and then none are made; [`StoreError::Older`]; as [`Database::connect`].
    pub async fn connect_made(url: &str) -> Result<Self, StoreError> {
        postgres::must_be_made(url).await?;
        Self::connect_to(url, OlderTables::Refuse).await
    }

    /// The folder of the SQLite file, where that is the engine.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        match &self.0 {
            EnginePools::Sqlite(file) => file.path().parent().map(Path::to_path_buf),
            EnginePools::Postgres(_) => None,
        }
    }

    /// Begins a transaction that only reads, and few rows: one consistent view, no waiting for writers.
    ///
    /// # Errors
    /// [`StoreError::Database`] when no connection can be had.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        self.begin_reading(StatementThread::InPlace).await
    }

    /// Begins a transaction that only reads, and perhaps very many rows.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub async fn scan(&self) -> Result<ScanTx, StoreError> {
        let tx = self.begin_reading(StatementThread::Blocking).await?;
        Ok(ScanTx(tx))
    }

    async fn begin_reading(&self, thread: StatementThread) -> Result<Tx, StoreError> {
        Ok(Tx::new(match &self.0 {
            EnginePools::Sqlite(file) => OpenTransaction::Sqlite(file.read(thread).await?),
            EnginePools::Postgres(pool) => {
                OpenTransaction::Postgres(postgres::begin(pool, postgres::READ).await?)
            }
        }))
    }

    /// Begins a transaction that writes. In SQLite others that write wait for it from here on; in PostgreSQL they wait
    /// where they touch the same rows, and each statement sees what was committed before it.
    ///
    /// # Errors
    /// [`StoreError::Database`] when no connection can be had.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        self.begin_writing(StatementThread::InPlace).await
    }

    /// Begins a transaction that writes very many rows.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub(crate) async fn write_many(&self) -> Result<ScanTx, StoreError> {
        let tx = self.begin_writing(StatementThread::Blocking).await?;
        Ok(ScanTx(tx))
    }

    async fn begin_writing(&self, thread: StatementThread) -> Result<Tx, StoreError> {
        Ok(Tx::new(match &self.0 {
            EnginePools::Sqlite(file) => OpenTransaction::Sqlite(file.write(thread).await?),
            EnginePools::Postgres(pool) => {
                OpenTransaction::Postgres(postgres::begin(pool, postgres::WRITE).await?)
            }
        }))
    }

    /// Begins a transaction that writes for a test or a bench, past the use cases. Everything else writes by a use case.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn write_test_data(&self) -> Result<Tx, StoreError> {
        let mut tx = self.write().await?;
        tx.exempt(Exemption::TestData);
        Ok(tx)
    }

    /// Writes a consistent copy to an empty SQLite file; false where the engine cannot and rows must be copied.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn snapshot(&self, file: &Path) -> Result<bool, StoreError> {
        match &self.0 {
            EnginePools::Sqlite(from) => {
                sqlite::write_copy(from, file).await?;
                Ok(true)
            }
            EnginePools::Postgres(_) => Ok(false),
        }
    }

    /// Checks that the SQLite file is whole and holds tables of ours, without changing it.
    ///
    /// # Errors
    /// [`StoreError::Said`] with what is wrong with it.
    pub(super) async fn verify(file: &Path) -> Result<(), StoreError> {
        sqlite::verify(file).await
    }

    /// News of members, shared with every process over the same PostgreSQL database.
    pub fn news(&self) -> PointsNews {
        match &self.0 {
            EnginePools::Sqlite(_) => PointsNews::within_process(),
            EnginePools::Postgres(pool) => PointsNews::across_processes(pool.clone()),
        }
    }

    /// States of posted forms, shared with every process over the same PostgreSQL database.
    pub fn form_states(&self) -> FormStates {
        match &self.0 {
            EnginePools::Sqlite(_) => FormStates::in_memory(),
            EnginePools::Postgres(_) => FormStates::in_table(self.clone()),
        }
    }

    /// Connections of the pool that reads take theirs from (in PostgreSQL everybody does): open ones, and those of them that
    /// nobody uses.
    pub fn connections(&self) -> (usize, usize) {
        match &self.0 {
            EnginePools::Sqlite(file) => file.connections(),
            EnginePools::Postgres(pool) => {
                let open = usize::try_from(pool.size()).unwrap_or(usize::MAX);
                (open, pool.num_idle())
            }
        }
    }

    /// Closes every connection, folding SQLite's log back into its one file.
    pub async fn close(&self) {
        match &self.0 {
            EnginePools::Sqlite(file) => file.close().await,
            EnginePools::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    fn new(open: OpenTransaction) -> Self {
        Self {
            open,
            later: Vec::new(),
            accountability: WriteAccountability::default(),
        }
    }

    /// Makes everything done in the transaction durable.
    ///
    /// # Errors
    /// [`StoreError::Unaccounted`] where rows were changed without a line of the audit log and without an [`Exemption`]; those
    /// of the writes that were put off; [`StoreError::Database`]. Then nothing of it is stored.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.accountability.check()?;
        self.flush_deferred().await?;
        count_round_trip();
        match self.open {
            OpenTransaction::Sqlite(mut open) => open.commit().await?,
            OpenTransaction::Postgres(tx) => run_to_completion(tx.commit()).await?,
        }
        Ok(())
    }

    /// Returns whether other transactions may write concurrently: what was read without a lock may then have changed.
    pub fn has_concurrent_writers(&self) -> bool {
        matches!(self.open, OpenTransaction::Postgres(_))
    }

    /// Makes transactions that name the same thing wait for one another until their end: for things that have no row
    /// to lock yet. SQLite's writers are alone anyway.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn advisory_lock(&mut self, thing: &str) -> Result<(), StoreError> {
        self.flush_deferred().await?;
        if let OpenTransaction::Postgres(tx) = &mut self.open {
            postgres::take_advisory_lock(tx, thing).await?;
        }
        Ok(())
    }

    /// Waits for others that write to the table and keeps it as it is for them until the end of the transaction. SQLite's
    /// writers are alone anyway.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn lock_table(&mut self, table: &'static str) -> Result<(), StoreError> {
        if self.has_concurrent_writers() {
            generated(format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
                .execute(self)
                .await?;
        }
        Ok(())
    }

    /// Removes every row of the tables, which come each after those it refers to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn clear_tables(
        &mut self,
        tables: &[catalogue::CatalogueTable],
    ) -> Result<(), StoreError> {
        if let OpenTransaction::Postgres(_) = &self.open {
            // One statement that also keeps every other process out until the end of the transaction.
            let names: Vec<String> = tables
                .iter()
                .map(|each| format!("\"{}\"", each.name))
                // No table of the chain's data: whoever lists those does not list it.
                .chain(["form_states".to_owned()])
                .collect();
            let text = format!("TRUNCATE {}", names.join(", "));
            generated(text).execute(self).await?;
            return Ok(());
        }
        for table in tables.iter().rev() {
            let text = format!("DELETE FROM \"{}\"", table.name);
            generated(text).execute(self).await?;
        }
        Ok(())
    }
}
