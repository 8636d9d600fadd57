//! One SQL text for every engine, with `$1`-style places and typed values. Text never carries data.

use std::borrow::Cow;
use std::fmt::Write as _;

use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, SqlSafeStr};

use super::accountability::is_write;
use super::failure::no_row;
use super::row::{ColumnValue, Columns, StoredRow};
use super::value::{ColumnKind, SqlValue};
use super::{EngineConnection, Tx};
use crate::store::StoreError;

/// A row of an answer, or why it could not be had.
type AnsweredRow = Result<Columns, sqlx::Error>;

/// A function that reads a row.
type RowReader<T> = fn(&Columns) -> Result<T, StoreError>;

/// One statement with the values for its places.
#[derive(Debug)]
pub struct Statement {
    text: Cow<'static, str>,
    values: Vec<SqlValue>,
    locked: bool,
}

/// A statement of the given text; text never carries data.
pub fn sql(text: &'static str) -> Statement {
    Statement {
        text: Cow::Borrowed(text),
        values: Vec::new(),
        locked: false,
    }
}

/// A statement whose text was put together from constants, names of the catalogue and places, and from nothing else.
pub(in crate::store) fn generated(text: String) -> Statement {
    Statement {
        text: Cow::Owned(text),
        values: Vec::new(),
        locked: false,
    }
}

/// A statement that adds `many` rows of `width` places: `head` and then the places of one row after the other.
pub(in crate::store) fn insert_statement(
    head: &'static str,
    width: usize,
    many: usize,
) -> Statement {
    let mut text = head.to_owned();
    for row in 0..many {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=width {
            let comma = if column == 1 { "" } else { ", " };
            // Writing to a string never fails.
            let _ = write!(text, "{comma}${}", row * width + column);
        }
        text.push(')');
    }
    Statement {
        values: Vec::with_capacity(width * many),
        ..generated(text)
    }
}

/// The arguments of an engine.
macro_rules! arguments {
    ($kind:ty, $values:expr) => {{
        let mut arguments = <$kind>::default();
        for value in $values {
            match value {
                SqlValue::Int(v) => arguments.add(v),
                SqlValue::Text(v) => arguments.add(v),
                SqlValue::Id(v) => arguments.add(v),
                SqlValue::Bytes(v) => arguments.add(v),
                SqlValue::Bool(v) => arguments.add(v),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        arguments
    }};
}

impl Statement {
    /// Binds the next place.
    pub fn bind(mut self, value: impl Into<SqlValue>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds all places at once.
    pub(super) fn bind_all(mut self, values: Vec<SqlValue>) -> Self {
        self.values = values;
        self
    }

    /// Holds the rows that are read until the transaction ends: others that lock or change them wait. Rows may still
    /// be referred to meanwhile. In SQLite a transaction that writes is alone, so nothing is added.
    pub fn locked(mut self) -> Self {
        self.locked = true;
        self
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn places(&self) -> usize {
        self.values.len()
    }

    pub(super) fn into_parts(self) -> (Cow<'static, str>, Vec<SqlValue>) {
        (self.text, self.values)
    }

    pub(super) fn for_sqlite(self) -> Result<(impl SqlSafeStr, SqliteArguments), sqlx::Error> {
        let arguments = arguments!(SqliteArguments, self.values);
        Ok((AssertSqlSafe(self.text), arguments))
    }

    fn for_postgres(self) -> Result<(impl SqlSafeStr, PgArguments), sqlx::Error> {
        let arguments = arguments!(PgArguments, self.values);
        let text = if self.locked {
            Cow::Owned(format!("{} FOR NO KEY UPDATE", self.text))
        } else {
            self.text
        };
        Ok((AssertSqlSafe(text), arguments))
    }

    /// Runs it; the number of rows it changed.
    ///
    /// # Errors
    /// [`StoreError`], with [`StoreError::Duplicate`] told apart: in PostgreSQL the transaction is lost then.
    pub async fn execute(self, tx: &mut Tx) -> Result<u64, StoreError> {
        let writes = is_write(&self.text);
        let rows = self.run(tx.flushed_engine().await?).await?;
        if writes && rows > 0 {
            tx.mark_written();
        }
        Ok(rows)
    }

    pub(super) async fn run(self, engine: EngineConnection<'_>) -> Result<u64, StoreError> {
        Ok(match engine {
            EngineConnection::Sqlite(connection) => {
                let (text, arguments) = self.for_sqlite()?;
                let query = sqlx::query_with(text, arguments);
                query.execute(connection).await?.rows_affected()
            }
            EngineConnection::Postgres(connection) => {
                let (text, arguments) = self.for_postgres()?;
                let query = sqlx::query_with(text, arguments);
                query.execute(connection).await?.rows_affected()
            }
        })
    }

    /// Runs it; its answer row by row.
    fn fetch(self, engine: EngineConnection<'_>) -> Result<BoxStream<'_, AnsweredRow>, StoreError> {
        Ok(match engine {
            EngineConnection::Sqlite(connection) => {
                let (text, arguments) = self.for_sqlite()?;
                let rows = sqlx::query_with(text, arguments).fetch(connection);
                rows.map_ok(Columns::from).boxed()
            }
            EngineConnection::Postgres(connection) => {
                let (text, arguments) = self.for_postgres()?;
                let rows = sqlx::query_with(text, arguments).fetch(connection);
                rows.map_ok(Columns::from).boxed()
            }
        })
    }

    /// Runs it; the first row of its answer.
    async fn fetch_first(self, tx: &mut Tx) -> Result<Option<Columns>, StoreError> {
        let writes = is_write(&self.text);
        let row = match tx.flushed_engine().await? {
            EngineConnection::Sqlite(connection) => {
                let (text, arguments) = self.for_sqlite()?;
                let query = sqlx::query_with(text, arguments);
                query.fetch_optional(connection).await?.map(Columns::from)
            }
            EngineConnection::Postgres(connection) => {
                let (text, arguments) = self.for_postgres()?;
                let query = sqlx::query_with(text, arguments);
                query.fetch_optional(connection).await?.map(Columns::from)
            }
        };
        if writes && row.is_some() {
            tx.mark_written();
        }
        Ok(row)
    }

    /// Runs it; every row of its answer as `read` reads it.
    async fn read_all<T>(self, tx: &mut Tx, read: RowReader<T>) -> Result<Vec<T>, StoreError> {
        let writes = is_write(&self.text);
        let mut all = Vec::new();
        {
            let mut rows = self.fetch(tx.flushed_engine().await?)?;
            while let Some(columns) = rows.try_next().await? {
                all.push(read(&columns)?);
            }
        }
        if writes && !all.is_empty() {
            tx.mark_written();
        }
        Ok(all)
    }

    /// Returns all rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_all<T: StoredRow>(self, tx: &mut Tx) -> Result<Vec<T>, StoreError> {
        self.read_all(tx, T::read).await
    }

    /// Returns the first row; `None` = there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_optional<T: StoredRow>(self, tx: &mut Tx) -> Result<Option<T>, StoreError> {
        let columns = self.fetch_first(tx).await?;
        columns.as_ref().map(T::read).transpose()
    }

    /// Returns the one row that must be there.
    ///
    /// # Errors
    /// [`StoreError`], also where there is none.
    pub async fn fetch_one<T: StoredRow>(self, tx: &mut Tx) -> Result<T, StoreError> {
        self.fetch_optional(tx).await?.ok_or_else(no_row)
    }

    /// Returns the only column of all rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_values<T: ColumnValue>(self, tx: &mut Tx) -> Result<Vec<T>, StoreError> {
        self.read_all(tx, Columns::only_value).await
    }

    /// Returns the only column of the first row; `None` = there is no row.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_optional_value<T: ColumnValue>(
        self,
        tx: &mut Tx,
    ) -> Result<Option<T>, StoreError> {
        let columns = self.fetch_first(tx).await?;
        columns.as_ref().map(Columns::only_value).transpose()
    }

    /// Returns the only column of the one row that must be there.
    ///
    /// # Errors
    /// [`StoreError`], also where there is no row.
    pub async fn fetch_value<T: ColumnValue>(self, tx: &mut Tx) -> Result<T, StoreError> {
        self.fetch_optional_value(tx).await?.ok_or_else(no_row)
    }

    /// The rows one by one as values of the given kinds, however many there are. Writes that were put off are not
    /// among them: there are none where so much is read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn fetch_each<'t>(
        self,
        tx: &'t mut Tx,
        kinds: &'t [ColumnKind],
    ) -> Result<BoxStream<'t, Result<Vec<SqlValue>, StoreError>>, StoreError> {
        let rows = self.fetch(tx.engine()?)?;
        Ok(rows.map(|columns| columns?.values(kinds)).boxed())
    }
}
