//! A database without the program's own way to it: it is opened as it is, and its tables are not brought up to date.

use rusqlite::Connection as SqliteConnection;
use sqlx::{Connection, PgConnection};

use super::Place;
use super::place::apart;

fn open_file(place: &Place) -> SqliteConnection {
    SqliteConnection::open(place.path().join("kopilka.db")).unwrap()
}

/// All texts that a statement answers.
pub fn texts(place: &Place, text: &'static str) -> Vec<String> {
    let Some(url) = place.url() else {
        let opened = open_file(place);
        let mut prepared = opened.prepare(text).unwrap();
        let rows = prepared.query_map((), |row| row.get(0)).unwrap();
        return rows.map(Result::unwrap).collect();
    };
    let url = url.to_owned();
    apart(async move {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let rows = sqlx::query_scalar(text).fetch_all(&mut connection).await;
        connection.close().await.unwrap();
        rows.unwrap()
    })
}

/// Runs a statement.
pub fn change(place: &Place, text: &'static str) {
    let Some(url) = place.url() else {
        open_file(place).execute_batch(text).unwrap();
        return;
    };
    let url = url.to_owned();
    apart(async move {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        sqlx::query(text).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}
