//! A look into a database that changes nothing of it: no table is made or brought up to date, no file is made or restricted.

use std::path::Path;

use rusqlite::Connection as SqliteConnection;
use sqlx::{Connection, PgConnection};

use super::{postgres, sqlite};
use crate::store::StoreError;
use crate::store::backup::path_beside;

/// Tables that each chain begins with, and statements that answer more than 0 where they have rows.
const BEGINNINGS: [(&str, &str); 4] = [
    (
        "programme_versions",
        "SELECT COUNT(*) FROM (SELECT 1 FROM programme_versions LIMIT 1) AS one",
    ),
    (
        "stores",
        "SELECT COUNT(*) FROM (SELECT 1 FROM stores LIMIT 1) AS one",
    ),
    (
        "staff",
        "SELECT COUNT(*) FROM (SELECT 1 FROM staff LIMIT 1) AS one",
    ),
    (
        "members",
        "SELECT COUNT(*) FROM (SELECT 1 FROM members LIMIT 1) AS one",
    ),
];

/// Contents of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseContents {
    /// No tables, or tables of ours in which nobody has begun a chain.
    Nothing,
    /// A chain, perhaps of another version of the program.
    Chain,
    /// Tables of another program.
    NotOurs,
}

/// A connection for looking at a database of any version, or of another program.
#[derive(Debug)]
pub struct DatabaseInspector(InspectedConnection);

#[derive(Debug)]
enum InspectedConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl DatabaseInspector {
    /// Opens a SQLite file; `None` = there is none.
    ///
    /// # Errors
    /// [`StoreError::Unopened`].
    pub fn at_file(file: &Path) -> Result<Option<Self>, StoreError> {
        if !file.exists() {
            return Ok(None);
        }
        // Without a write-ahead log nobody writes, and none is made for reading.
        let is_closed = !path_beside(file, "-wal").exists();
        let opened = sqlite::open_read_only(file, is_closed);
        let opened = opened.map_err(|cause| StoreError::Unopened {
            path: file.display().to_string(),
            cause: cause.to_string(),
        })?;
        Ok(Some(Self(InspectedConnection::Sqlite(opened))))
    }

    /// Connects to a PostgreSQL database.
    ///
    /// # Errors
    /// [`StoreError::Unopened`]; no error repeats the password of the address.
    pub async fn at_server(url: &str) -> Result<Self, StoreError> {
        Ok(Self(InspectedConnection::Postgres(
            postgres::connect_once(url).await?,
        )))
    }

    /// Returns what the database holds.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn contents(&mut self) -> Result<DatabaseContents, StoreError> {
        let tables = self.tables().await?;
        if tables.is_empty() {
            return Ok(DatabaseContents::Nothing);
        }
        let is_there = |name: &str| tables.iter().any(|table| table == name);
        if !BEGINNINGS.iter().all(|(table, _)| is_there(table)) {
            return Ok(DatabaseContents::NotOurs);
        }
        for (_, text) in BEGINNINGS {
            if self.number(text).await? > 0 {
                return Ok(DatabaseContents::Chain);
            }
        }
        Ok(DatabaseContents::Nothing)
    }

    /// Returns whether somebody of this login and name works for the chain.
    ///
    /// # Errors
    /// [`StoreError::Database`], also where the database is no chain's.
    pub async fn has_staff(&mut self, login: &str, name: &str) -> Result<bool, StoreError> {
        let text = "SELECT COUNT(*) FROM staff WHERE login = $1 AND name = $2";
        let found: i64 = match &mut self.0 {
            InspectedConnection::Sqlite(connection) => {
                sqlite::query_one(connection, text, [login, name])?
            }
            InspectedConnection::Postgres(connection) => {
                let query = sqlx::query_scalar(text).bind(login).bind(name);
                query.fetch_one(connection).await?
            }
        };
        Ok(found > 0)
    }

    /// Returns the names of the database's own tables.
    async fn tables(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(match &mut self.0 {
            InspectedConnection::Sqlite(connection) => {
                let mut listed = connection.prepare(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                )?;
                listed
                    .query_map((), |row| row.get(0))?
                    .collect::<Result<_, _>>()?
            }
            InspectedConnection::Postgres(connection) => {
                let query = sqlx::query_scalar(
                    "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()",
                );
                query.fetch_all(connection).await?
            }
        })
    }

    /// Returns the number that a statement without places answers.
    async fn number(&mut self, text: &'static str) -> Result<i64, StoreError> {
        let number: i64 = match &mut self.0 {
            InspectedConnection::Sqlite(connection) => sqlite::query_one(connection, text, ())?,
            InspectedConnection::Postgres(connection) => {
                sqlx::query_scalar(text).fetch_one(connection).await?
            }
        };
        Ok(number)
    }

    /// Ends the connection.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn close(self) -> Result<(), StoreError> {
        match self.0 {
            InspectedConnection::Sqlite(connection) => {
                connection.close().map_err(|(_, error)| error)?
            }
            InspectedConnection::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}
