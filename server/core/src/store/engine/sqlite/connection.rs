//! One connection to a SQLite file, called in place: each call reads all rows that it answers before it returns.

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, Params, Statement as Prepared, ToSql};

use super::super::count_round_trip;
use super::super::row::Columns;
use super::super::value::SqlValue;
use crate::store::StoreError;

/// Texts that a connection keeps ready to be run again: about as many as the program has for one purpose.
const PREPARED: usize = 256;
/// Longest time that a connection outside of the request path waits for a lock of the file.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the file, creating it where it is missing, with what holds for all connections.
pub(super) fn open(path: &Path) -> Result<Connection, Error> {
    open_with(path, OpenFlags::SQLITE_OPEN_CREATE)
}

/// Opens a file that is there as [`open`] does.
pub(super) fn open_existing(path: &Path) -> Result<Connection, Error> {
    open_with(path, OpenFlags::empty())
}

fn open_with(path: &Path, more: OpenFlags) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    connection.busy_timeout(PATIENCE)?;
    // Plans do not depend on bound values: SQLite would look at these again and prepare the statement anew each time it runs.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    set(&connection, "foreign_keys", "ON")?;
    Ok(connection)
}

/// Opens a file for reading alone. Where nobody writes to it nothing is made beside it, and it may lie where nothing can be
/// written.
pub(in crate::store::engine) fn open_read_only(
    path: &Path,
    nobody_writes: bool,
) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !nobody_writes {
        return Connection::open_with_flags(path, flags);
    }
    let address = format!("file:{}?immutable=1", encode_path(path));
    Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI)
}

/// Returns the path as a file address of SQLite holds it.
fn encode_path(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        let byte = *byte;
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Sets a `PRAGMA` whose answer, if any, does not matter.
pub(super) fn set(connection: &Connection, name: &str, value: &str) -> Result<(), Error> {
    connection.pragma_update(None, name, value)
}

/// Returns whether others were in the way.
pub(in crate::store::engine) fn is_busy(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

impl ToSql for SqlValue {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, Error> {
        let value = match self {
            Self::Int(Some(number)) => ValueRef::Integer(*number),
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Id(Some(id)) => ValueRef::Blob(id.as_bytes()),
            Self::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Self::Bool(Some(yes)) => ValueRef::Integer(i64::from(*yes)),
            Self::Int(None)
            | Self::Text(None)
            | Self::Id(None)
            | Self::Bytes(None)
            | Self::Bool(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// A text and the values of its places, `$1` and so on.
#[derive(Debug)]
pub(in crate::store::engine) struct BoundText<'a> {
    pub text: &'a str,
    pub values: &'a [SqlValue],
}

impl BoundText<'_> {
    /// Does this with the statement, once it is prepared and its values are bound.
    fn with_prepared<T>(
        &self,
        connection: &Connection,
        work: impl FnOnce(&mut Prepared<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        count_round_trip();
        // `$1` is the name of a place there, `?1` its number. Text never carries data, so each `$` begins a place.
        let text = self.text.replace('$', "?");
        let mut prepared = connection.prepare_cached(&text)?;
        if prepared.parameter_count() != self.values.len() {
            let (expected, given) = (prepared.parameter_count(), self.values.len());
            return Err(Error::InvalidParameterCount(given, expected).into());
        }
        for (place, value) in self.values.iter().enumerate() {
            prepared.raw_bind_parameter(place + 1, value)?;
        }
        work(&mut prepared)
    }

    /// Runs it; the number of rows that it changed.
    pub fn execute(&self, connection: &Connection) -> Result<u64, StoreError> {
        self.with_prepared(connection, |prepared| {
            let mut rows = prepared.raw_query();
            while rows.next()?.is_some() {}
            drop(rows);
            Ok(if prepared.readonly() {
                0
            } else {
                connection.changes()
            })
        })
    }

    /// Runs it and hands each row to `take`, until that answers false.
    pub fn for_each_row(
        &self,
        connection: &Connection,
        mut take: impl FnMut(&Columns<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.with_prepared(connection, |prepared| {
            let mut rows = prepared.raw_query();
            let next = Cell::new(0);
            while let Some(row) = rows.next()? {
                if !take(&Columns::of_sqlite(row, &next))? {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// Runs a constant text without places; it is prepared once.
pub(super) fn run(connection: &Connection, text: &'static str) -> Result<(), Error> {
    connection.prepare_cached(text)?.raw_execute().map(drop)
}

/// Returns the one value that a text answers.
pub(in crate::store::engine) fn query_one<T: rusqlite::types::FromSql>(
    connection: &Connection,
    text: &str,
    values: impl Params,
) -> Result<T, Error> {
    connection.query_row(text, values, |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_is_built_as_the_configuration_of_cargo_says() {
        let connection = Connection::open_in_memory().unwrap();
        let mut listed = connection.prepare("PRAGMA compile_options").unwrap();
        let options = listed.query_map((), |row| row.get::<_, String>(0)).unwrap();
        let options: Vec<String> = options.map(Result::unwrap).collect();
        let has = |option: &str| options.iter().any(|each| each == option);
        assert!(has("DEFAULT_MEMSTATUS=0"), "{options:?}");
        assert!(has("STMTJRNL_SPILL=1048576"), "{options:?}");
        assert!(!has("ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
        assert!(!has("ENABLE_API_ARMOR"), "{options:?}");
    }
}
