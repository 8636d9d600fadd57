//! One SQL text for every engine, with `$1`-style places and typed values. Text never carries data.

use std::borrow::Cow;
use std::fmt::Write as _;

use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use sqlx::postgres::PgArguments;
use sqlx::{Arguments, AssertSqlSafe, PgConnection, SqlSafeStr};

use super::accountability::is_write;
use super::failure::no_row;
use super::row::{ColumnValue, Columns, StoredRow};
use super::sqlite::BoundText;
use super::value::{ColumnKind, SqlValue};
use super::{OpenTransaction, ScanTx, Tx, count_round_trip};
use crate::store::StoreError;

/// Rows of an answer that are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WantedRows {
    All,
    First,
}

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

    /// The text and its values, for SQLite.
    pub(super) fn bound(&self) -> BoundText<'_> {
        BoundText {
            text: &self.text,
            values: &self.values,
        }
    }

    fn for_postgres(self) -> Result<(impl SqlSafeStr, PgArguments), sqlx::Error> {
        let mut arguments = PgArguments::default();
        for value in self.values {
            match value {
                SqlValue::Int(v) => arguments.add(v),
                SqlValue::Text(v) => arguments.add(v),
                SqlValue::Id(v) => arguments.add(v),
                SqlValue::Bytes(v) => arguments.add(v),
                SqlValue::Bool(v) => arguments.add(v),
            }
            .map_err(sqlx::Error::Encode)?;
        }
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
        tx.flush_deferred().await?;
        let rows = self.run(tx).await?;
        if writes && rows > 0 {
            tx.mark_written();
        }
        Ok(rows)
    }

    /// Runs it before what was put off; the number of rows it changed.
    pub(super) async fn run(self, tx: &mut Tx) -> Result<u64, StoreError> {
        match &mut tx.open {
            OpenTransaction::Sqlite(open) => {
                open.run(move |connection| self.bound().execute(connection))
                    .await
            }
            OpenTransaction::Postgres(open) => {
                count_round_trip();
                let (text, arguments) = self.for_postgres()?;
                let query = sqlx::query_with(text, arguments);
                Ok(query.execute(&mut **open).await?.rows_affected())
            }
        }
    }

    /// Runs it; the wanted rows of its answer as `read` reads them.
    async fn fetch_rows<T: Send + 'static>(
        self,
        tx: &mut Tx,
        read: impl Fn(&Columns<'_>) -> Result<T, StoreError> + Send + 'static,
        wanted: WantedRows,
    ) -> Result<Vec<T>, StoreError> {
        let writes = is_write(&self.text);
        tx.flush_deferred().await?;
        let rows = match &mut tx.open {
            OpenTransaction::Sqlite(open) => {
                open.run(move |connection| {
                    let mut rows = Vec::new();
                    self.bound().for_each_row(connection, |columns| {
                        rows.push(read(columns)?);
                        Ok(wanted == WantedRows::All)
                    })?;
                    Ok(rows)
                })
                .await?
            }
            OpenTransaction::Postgres(open) => self.fetch_from_postgres(open, read, wanted).await?,
        };
        if writes && !rows.is_empty() {
            tx.mark_written();
        }
        Ok(rows)
    }

    async fn fetch_from_postgres<T>(
        self,
        connection: &mut PgConnection,
        read: impl Fn(&Columns<'_>) -> Result<T, StoreError> + Send + 'static,
        wanted: WantedRows,
    ) -> Result<Vec<T>, StoreError> {
        count_round_trip();
        let (text, arguments) = self.for_postgres()?;
        let query = sqlx::query_with(text, arguments);
        if wanted == WantedRows::First {
            let row = query.fetch_optional(connection).await?;
            let row = row
                .map(|row| read(&Columns::of_postgres(&row)))
                .transpose()?;
            return Ok(row.into_iter().collect());
        }
        let mut answered = query.fetch(connection);
        let mut rows = Vec::new();
        while let Some(row) = answered.try_next().await? {
            rows.push(read(&Columns::of_postgres(&row))?);
        }
        Ok(rows)
    }

    /// Runs it; the first row of its answer.
    async fn fetch_first<T: Send + 'static>(
        self,
        tx: &mut Tx,
        read: impl Fn(&Columns<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<Option<T>, StoreError> {
        let rows = self.fetch_rows(tx, read, WantedRows::First).await?;
        Ok(rows.into_iter().next())
    }

    /// Returns all rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_all<T: StoredRow>(self, tx: &mut Tx) -> Result<Vec<T>, StoreError> {
        self.fetch_rows(tx, T::read, WantedRows::All).await
    }

    /// Returns the first row; `None` = there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_optional<T: StoredRow>(self, tx: &mut Tx) -> Result<Option<T>, StoreError> {
        self.fetch_first(tx, T::read).await
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
        self.fetch_rows(tx, Columns::only_value, WantedRows::All)
            .await
    }

    /// Returns the only column of the first row; `None` = there is no row.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_optional_value<T: ColumnValue>(
        self,
        tx: &mut Tx,
    ) -> Result<Option<T>, StoreError> {
        self.fetch_first(tx, Columns::only_value).await
    }

    /// Returns the only column of the one row that must be there.
    ///
    /// # Errors
    /// [`StoreError`], also where there is no row.
    pub async fn fetch_value<T: ColumnValue>(self, tx: &mut Tx) -> Result<T, StoreError> {
        self.fetch_optional_value(tx).await?.ok_or_else(no_row)
    }

    /// Returns all rows as values of the given kinds; a row that cannot be read is an error in its place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_kinds(
        self,
        tx: &mut Tx,
        kinds: &[ColumnKind],
    ) -> Result<Vec<Result<Vec<SqlValue>, StoreError>>, StoreError> {
        let kinds = kinds.to_vec();
        let read = move |columns: &Columns<'_>| Ok(columns.values(&kinds));
        self.fetch_rows(tx, read, WantedRows::All).await
    }

    /// The rows one by one as values of the given kinds, however many there are; a row that cannot be read is an error in its
    /// place. Writes that were put off are not among them: there are none where so much is read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fetch_each<'t>(
        self,
        tx: &'t mut ScanTx,
        kinds: &[ColumnKind],
    ) -> Result<BoxStream<'t, Result<Vec<SqlValue>, StoreError>>, StoreError> {
        let kinds = kinds.to_vec();
        Ok(match &mut tx.open {
            OpenTransaction::Sqlite(open) => {
                open.stream(self, move |columns| columns.values(&kinds))
                    .await?
            }
            OpenTransaction::Postgres(open) => {
                count_round_trip();
                let (text, arguments) = self.for_postgres()?;
                let rows = sqlx::query_with(text, arguments).fetch(&mut **open);
                rows.map(move |row| Columns::of_postgres(&row?).values(&kinds))
                    .boxed()
            }
        })
    }
}
