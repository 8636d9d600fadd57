//! Reading rows: each column by its name, as a type that keeps its meaning. Nobody outside of this folder sees how the
//! engines' own rows are read.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Postgres, Row, Sqlite, Type, ValueRef};
use uuid::Uuid;

use super::ColumnKind;
use super::value::SqlValue;
use crate::store::StoreError;

/// A row of an answer. `#[derive(StoredRow)]` reads each field from the column of its name.
pub trait StoredRow: Sized + Send {
    /// Reads the row.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where a column holds what its field cannot; [`StoreError::Database`] where there is no
    /// such column.
    fn read(columns: &Columns) -> Result<Self, StoreError>;
}

/// Derives [`StoredRow`](trait@StoredRow) for a struct.
pub use kopilka_row_derive::StoredRow;

/// A type as which a column is read.
pub trait ColumnValue: Sized + Send {
    /// The form in which it is stored.
    type Stored: StoredForm;

    /// Returns the value of a stored form.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where no value is stored so.
    fn from_stored(stored: Self::Stored) -> Result<Self, StoreError>;
}

/// A form that both engines store: a number, text, an id, bytes, yes or no, or nothing instead of one.
pub trait StoredForm:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
    /// True if the value can be NULL.
    const IS_OPTIONAL: bool;
}

macro_rules! stored_forms {
    ($($form:ty),+) => {$(
        impl StoredForm for $form {
            const IS_OPTIONAL: bool = false;
        }
        impl StoredForm for Option<$form> {
            const IS_OPTIONAL: bool = true;
        }
        impl ColumnValue for $form {
            type Stored = Self;
            fn from_stored(stored: Self) -> Result<Self, StoreError> {
                Ok(stored)
            }
        }
    )+};
}

stored_forms!(i64, String, Uuid, Vec<u8>, bool);

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
pub struct Columns(EngineRow);

#[derive(Debug)]
enum EngineRow {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Columns {
    /// Reads the column of a name.
    ///
    /// # Errors
    /// As [`StoredRow::read`].
    pub fn get<T: ColumnValue>(&self, name: &str) -> Result<T, StoreError> {
        T::from_stored(self.decode(name)?)
    }

    /// Reads the only column of a row.
    pub(super) fn only_value<T: ColumnValue>(&self) -> Result<T, StoreError> {
        T::from_stored(self.decode(0)?)
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

    fn decode<T, I>(&self, column: I) -> Result<T, StoreError>
    where
        T: StoredForm,
        I: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        Ok(match &self.0 {
            EngineRow::Sqlite(row) => {
                let place = column.index(row)?;
                // The driver reads nothing as 0 or as an empty text; PostgreSQL's refuses it.
                if !T::IS_OPTIONAL && row.try_get_raw(place)?.is_null() {
                    return Err(StoreError::Unreadable(
                        "a column holds nothing where something must be".to_owned(),
                    ));
                }
                row.try_get(place)?
            }
            EngineRow::Postgres(row) => row.try_get(column)?,
        })
    }
}

impl From<SqliteRow> for Columns {
    fn from(row: SqliteRow) -> Self {
        Self(EngineRow::Sqlite(row))
    }
}

impl From<PgRow> for Columns {
    fn from(row: PgRow) -> Self {
        Self(EngineRow::Postgres(row))
    }
}
