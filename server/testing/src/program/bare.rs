//! A database without the program's own way to it: it is opened as it is, and its tables are not brought up to date.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::Place;
use super::place::apart;

/// Does this on the engine of the place.
macro_rules! on_engine {
    ($place:expr, |$connection:ident| $work:expr) => {
        match $place.url() {
            None => {
                let file = $place.path().join("kopilka.db");
                apart(async move {
                    let options = SqliteConnectOptions::new()
                        .filename(file)
                        .create_if_missing(true);
                    let mut $connection = options.connect().await.unwrap();
                    let done = $work;
                    $connection.close().await.unwrap();
                    done
                })
            }
            Some(url) => {
                let url = url.to_owned();
                apart(async move {
                    let mut $connection = PgConnection::connect(&url).await.unwrap();
                    let done = $work;
                    $connection.close().await.unwrap();
                    done
                })
            }
        }
    };
}

/// All texts that a statement answers.
pub fn texts(place: &Place, text: &'static str) -> Vec<String> {
    on_engine!(place, |connection| {
        let rows: Vec<(String,)> = sqlx::query_as(text)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        rows.into_iter().map(|(text,)| text).collect()
    })
}

/// Runs a statement.
pub fn change(place: &Place, text: &'static str) {
    on_engine!(place, |connection| {
        sqlx::query(text).execute(&mut connection).await.unwrap();
    });
}
