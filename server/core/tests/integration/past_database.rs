//! Databases as older programs left them.

use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

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
            let file = SqliteConnectOptions::new()
                .filename(place.path().join("kopilka.db"))
                .create_if_missing(true);
            let mut connection = file.connect().await.unwrap();
            migrator.run(&mut connection).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(rows))
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
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
