//! Databases as older programs left them.

use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use kopilka_testing::place::{self, Place};

/// Makes the database of a program that did not have this migration yet, with these rows.
/// The place has no tables yet.
pub async fn build(place: &Place, before_version: i64, rows: String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(place::engine());
    let mut migrator = Migrator::new(folder).await.unwrap();
    migrator
        .migrations
        .to_mut()
        .retain(|each| each.version < before_version);
    match place.url() {
        None => {
            let opened = rusqlite::Connection::open(place.path().join("kopilka.db")).unwrap();
            apply(&opened, &migrator);
            opened.execute_batch(&rows).unwrap();
        }
        Some(url) => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            migrator.run(&mut connection).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(rows))
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        }
    }
}

/// Applies migrations to a SQLite file and writes them down as sqlx does, by which older programs did it.
fn apply(opened: &rusqlite::Connection, migrator: &Migrator) {
    opened
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, \
             description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \
             success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);",
        )
        .unwrap();
    for each in migrator.iter() {
        opened.execute_batch(each.sql.as_str()).unwrap();
        opened
            .execute(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (?1, ?2, TRUE, ?3, -1)",
                rusqlite::params![each.version, each.description.as_ref(), each.checksum.as_ref()],
            )
            .unwrap();
    }
}
