//! One SQL text for every engine, with `$1`-style places and typed values. Text never carries data.

use std::borrow::Cow;
use std::fmt::Write as _;

use futures_util::stream::{BoxStream, StreamExt};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, FromRow, Row, SqlSafeStr};
use uuid::Uuid;

use super::{Engine, Tx};
use crate::store::StoreError;

/// A row that each engine can decode. `#[derive(sqlx::FromRow)]` and tuples satisfy it.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq)]
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
    Bool(Option<bool>),
}

/// Which kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Int,
    /// Text.
    Text,
    /// An id that the engine knows as such; SQLite keeps ids as bytes.
    Id,
    /// Bytes.
    Bytes,
    /// Yes or no.
    Bool,
}

/// Text as every engine can keep it: PostgreSQL has no NUL, so none is stored or searched for anywhere.
fn kept(text: impl Into<String>) -> String {
    let text = text.into();
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
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
    &str => Text(kept),
    String => Text(kept),
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
    bool => Bool(|v| v),
}

/// One statement with the values for its places.
#[derive(Debug)]
pub struct Statement {
    text: Cow<'static, str>,
    values: Vec<Value>,
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
pub(in crate::store) fn rows(head: &'static str, width: usize, many: usize) -> Statement {
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

/// The query of a statement for the transaction's engine, run by `$fetch`.
macro_rules! run {
    ($statement:ident, $tx:ident, $query:ident, $fetch:ident) => {
        match $tx.ready().await? {
            Engine::Sqlite(connection) => {
                let (text, arguments) = $statement.for_sqlite()?;
                sqlx::$query(text, arguments).$fetch(connection).await?
            }
            Engine::Postgres(connection) => {
                let (text, arguments) = $statement.for_postgres()?;
                sqlx::$query(text, arguments).$fetch(connection).await?
            }
        }
    };
}

/// The columns of a row as values of the given kinds.
macro_rules! read {
    ($row:expr, $kinds:expr) => {
        $kinds
            .iter()
            .enumerate()
            .map(|(at, kind)| {
                Ok(match kind {
                    Kind::Int => Value::Int($row.try_get(at)?),
                    Kind::Text => Value::Text($row.try_get(at)?),
                    Kind::Id => Value::Id($row.try_get(at)?),
                    Kind::Bytes => Value::Bytes($row.try_get(at)?),
                    Kind::Bool => Value::Bool($row.try_get(at)?),
                })
            })
            .collect::<Result<Vec<Value>, StoreError>>()
    };
}

/// The arguments of an engine.
macro_rules! arguments {
    ($kind:ty, $values:expr) => {{
        let mut arguments = <$kind>::default();
        for value in $values {
            match value {
                Value::Int(v) => arguments.add(v),
                Value::Text(v) => arguments.add(v),
                Value::Id(v) => arguments.add(v),
                Value::Bytes(v) => arguments.add(v),
                Value::Bool(v) => arguments.add(v),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        arguments
    }};
}

impl Statement {
    /// Binds the next place.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds all places at once.
    pub(super) fn with(mut self, values: Vec<Value>) -> Self {
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

    pub(super) fn into_parts(self) -> (Cow<'static, str>, Vec<Value>) {
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
        self.run(tx.ready().await?).await
    }

    pub(super) async fn run(self, engine: Engine<'_>) -> Result<u64, StoreError> {
        Ok(match engine {
            Engine::Sqlite(connection) => {
                let (text, arguments) = self.for_sqlite()?;
                let query = sqlx::query_with(text, arguments);
                query.execute(connection).await?.rows_affected()
            }
            Engine::Postgres(connection) => {
                let (text, arguments) = self.for_postgres()?;
                let query = sqlx::query_with(text, arguments);
                query.execute(connection).await?.rows_affected()
            }
        })
    }

    /// All rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn all<T: Record>(self, tx: &mut Tx) -> Result<Vec<T>, StoreError> {
        Ok(run!(self, tx, query_as_with, fetch_all))
    }

    /// The first row, where there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn optional<T: Record>(self, tx: &mut Tx) -> Result<Option<T>, StoreError> {
        Ok(run!(self, tx, query_as_with, fetch_optional))
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`StoreError`], also where there is none.
    pub async fn one<T: Record>(self, tx: &mut Tx) -> Result<T, StoreError> {
        Ok(run!(self, tx, query_as_with, fetch_one))
    }

    /// The rows one by one as values of the given kinds, however many there are. Writes that were put off are not
    /// among them: there are none where so much is read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(in crate::store) fn each<'t>(
        self,
        tx: &'t mut Tx,
        kinds: &'t [Kind],
    ) -> Result<BoxStream<'t, Result<Vec<Value>, StoreError>>, StoreError> {
        Ok(match tx.engine()? {
            Engine::Sqlite(connection) => {
                let (text, arguments) = self.for_sqlite()?;
                sqlx::query_with(text, arguments)
                    .fetch(connection)
                    .map(|row| {
                        row.map_err(StoreError::from)
                            .and_then(|row| read!(row, kinds))
                    })
                    .boxed()
            }
            Engine::Postgres(connection) => {
                let (text, arguments) = self.for_postgres()?;
                sqlx::query_with(text, arguments)
                    .fetch(connection)
                    .map(|row| {
                        row.map_err(StoreError::from)
                            .and_then(|row| read!(row, kinds))
                    })
                    .boxed()
            }
        })
    }
}
