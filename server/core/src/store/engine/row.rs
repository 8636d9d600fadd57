//! Reading rows: each column by its name, as a type that keeps its meaning. Nobody outside of this folder sees how the
//! engines' own rows are read.

use std::cell::Cell;

use rusqlite::types::ValueRef;
use sqlx::postgres::PgRow;
use sqlx::{Decode, Postgres, Row, Type};
use uuid::Uuid;

use super::ColumnKind;
use super::value::SqlValue;
use crate::store::StoreError;

/// A row of an answer. `#[derive(StoredRow)]` reads each field from the column of its name.
pub trait StoredRow: Sized + Send + 'static {
    /// Reads the row.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where a column holds what its field cannot; [`StoreError::Database`] where there is no
    /// such column.
    fn read(columns: &Columns<'_>) -> Result<Self, StoreError>;
}

/// Derives [`StoredRow`](trait@StoredRow) for a struct.
pub use kopilka_row_derive::StoredRow;

/// A type as which a column is read.
pub trait ColumnValue: Sized + Send + 'static {
    /// The form in which it is stored.
    type Stored: StoredForm;

    /// Returns the value of a stored form.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where no value is stored so.
    fn from_stored(stored: Self::Stored) -> Result<Self, StoreError>;
}

/// A form that both engines store: a number, text, an id, bytes, yes or no, or nothing instead of one.
pub trait StoredForm: for<'r> Decode<'r, Postgres> + Type<Postgres> {
    /// Reads a value of SQLite; `None` = it is of another kind.
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self>;
}

macro_rules! stored_forms {
    ($($form:ty: $value:ident => $read:expr),+ $(,)?) => {$(
        impl StoredForm for $form {
            fn from_sqlite($value: ValueRef<'_>) -> Option<Self> {
                $read
            }
        }
        impl StoredForm for Option<$form> {
            fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
                match value {
                    ValueRef::Null => Some(None),
                    value => <$form>::from_sqlite(value).map(Some),
                }
            }
        }
        impl ColumnValue for $form {
            type Stored = Self;
            fn from_stored(stored: Self) -> Result<Self, StoreError> {
                Ok(stored)
            }
        }
    )+};
}

stored_forms!(
    i64: value => value.as_i64().ok(),
    String: value => value.as_str().ok().map(str::to_owned),
    Uuid: value => Uuid::from_slice(value.as_blob().ok()?).ok(),
    Vec<u8>: value => value.as_blob().ok().map(<[u8]>::to_vec),
    bool: value => value.as_i64().ok().map(|number| number != 0),
);

/// `None` = the column holds nothing.
impl<T> ColumnValue for Option<T>
where
    T: ColumnValue,
    Option<T::Stored>: StoredForm,
{
    type Stored = Option<T::Stored>;

    fn from_stored(stored: Self::Stored) -> Result<Self, StoreError> {
        stored.map(T::from_stored).transpose()
    }
}

/// The columns of a row.
#[derive(Debug)]
pub struct Columns<'r>(EngineRow<'r>);

#[derive(Debug)]
enum EngineRow<'r> {
    Sqlite {
        row: &'r rusqlite::Row<'r>,
        /// Place of the column that is probably asked for next: rows are read in the order of their columns.
        next: &'r Cell<usize>,
    },
    Postgres(&'r PgRow),
}

impl<'r> Columns<'r> {
    /// The columns of a row of SQLite. `next` goes with all rows of an answer.
    pub(super) const fn of_sqlite(row: &'r rusqlite::Row<'r>, next: &'r Cell<usize>) -> Self {
        Self(EngineRow::Sqlite { row, next })
    }

    /// The columns of a row of PostgreSQL.
    pub(super) const fn of_postgres(row: &'r PgRow) -> Self {
        Self(EngineRow::Postgres(row))
    }

    /// Reads the column of a name.
    ///
    /// # Errors
    /// As [`StoredRow::read`].
    pub fn get<T: ColumnValue>(&self, name: &str) -> Result<T, StoreError> {
        T::from_stored(match self.0 {
            EngineRow::Sqlite { row, next } => {
                let place = find_column(row, name, next.get())?;
                next.set(place + 1);
                decode_sqlite(row, place)?
            }
            EngineRow::Postgres(row) => row.try_get(name)?,
        })
    }

    /// Reads the only column of a row.
    pub(super) fn only_value<T: ColumnValue>(columns: &Columns<'_>) -> Result<T, StoreError> {
        T::from_stored(columns.decode(0)?)
    }

    /// Reads the columns in their order, as values of the given kinds.
    pub(super) fn values(&self, kinds: &[ColumnKind]) -> Result<Vec<SqlValue>, StoreError> {
        let values = kinds.iter().enumerate().map(|(position, kind)| {
            Ok(match kind {
                ColumnKind::Int => SqlValue::Int(self.decode(position)?),
                ColumnKind::Text => SqlValue::Text(self.decode(position)?),
                ColumnKind::Id => SqlValue::Id(self.decode(position)?),
                ColumnKind::Bytes => SqlValue::Bytes(self.decode(position)?),
                ColumnKind::Bool => SqlValue::Bool(self.decode(position)?),
            })
        });
        values.collect()
    }

    fn decode<T: StoredForm>(&self, place: usize) -> Result<T, StoreError> {
        match self.0 {
            EngineRow::Sqlite { row, .. } => decode_sqlite(row, place),
            EngineRow::Postgres(row) => Ok(row.try_get(place)?),
        }
    }
}

/// Returns the place of a column, which is `probable` where the columns are asked for in their order.
fn find_column(
    row: &rusqlite::Row<'_>,
    name: &str,
    probable: usize,
) -> Result<usize, rusqlite::Error> {
    let statement = row.as_ref();
    if statement
        .column_name(probable)
        .is_ok_and(|column| column == name)
    {
        return Ok(probable);
    }
    statement.column_index(name)
}

fn decode_sqlite<T: StoredForm>(row: &rusqlite::Row<'_>, place: usize) -> Result<T, StoreError> {
    let value = row.get_ref(place)?;
    T::from_sqlite(value).ok_or_else(|| {
        StoreError::Unreadable(match value {
            ValueRef::Null => "a column holds nothing where something must be".to_owned(),
            other => format!("a column holds {} where it must not", other.data_type()),
        })
    })
}
