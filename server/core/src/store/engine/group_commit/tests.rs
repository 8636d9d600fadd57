//! Many writers of one file: what was answered is there, what was not committed is not, and nobody waits for ever.
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Executor, Row};
use tokio::task::JoinSet;

use super::*;

async fn writer(folder: &tempfile::TempDir) -> GroupWriter {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("test.db"))
        .create_if_missing(true);
    let writer = GroupWriter::connect(&options).await.unwrap();
    let mut turn = writer.begin().await.unwrap();
    let connection = turn.connection().unwrap();
    connection
        .execute("CREATE TABLE things (number BIGINT PRIMARY KEY)")
        .await
        .unwrap();
    turn.commit(None).await.unwrap();
    writer
}

async fn put(turn: &mut WriteTransaction, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO things (number) VALUES ($1)")
        .bind(number)
        .execute(turn.connection()?)
        .await?;
    Ok(())
}

/// What another connection to the file sees.
async fn seen(folder: &tempfile::TempDir) -> Vec<i64> {
    let options = SqliteConnectOptions::new().filename(folder.path().join("test.db"));
    let mut connection = options.connect().await.unwrap();
    let rows = sqlx::query("SELECT number FROM things ORDER BY number")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_durable_and_what_was_dropped_never_happened() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    let mut all = JoinSet::new();
    for number in 0..200_i64 {
        let writer = writer.clone();
        all.spawn(async move {
            let mut turn = writer.begin().await.unwrap();
            put(&mut turn, number).await.unwrap();
            if number % 3 == 0 {
                return None;
            }
            turn.commit(None).await.unwrap();
            Some(number)
        });
    }
    let mut answered: Vec<i64> = all.join_all().await.into_iter().flatten().collect();
    answered.sort_unstable();
    assert_eq!(seen(&folder).await, answered);
    assert_eq!(answered.len(), 133);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_one_is_nothing_to_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    let mut all = JoinSet::new();
    for number in 0..100_i64 {
        let writer = writer.clone();
        all.spawn(async move {
            let mut turn = writer.begin().await.unwrap();
            // Each number comes twice: one of the two is refused by the table.
            match put(&mut turn, number / 2).await {
                Ok(()) => {
                    turn.commit(None).await.unwrap();
                    1
                }
                Err(_) => 0,
            }
        });
    }
    let stored: usize = all.join_all().await.into_iter().sum();
    assert_eq!(stored, 50);
    assert_eq!(seen(&folder).await, (0..50).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_up_waiting_leaves_nobody_without_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    let mut given_up = 0;
    for number in 0..100_i64 {
        let mut turn = writer.begin().await.unwrap();
        put(&mut turn, number).await.unwrap();
        // Somebody stands in line when this one commits, and gives up before the turn comes.
        let other = writer.clone();
        let waiting = tokio::spawn(async move { drop(other.begin().await) });
        tokio::task::yield_now().await;
        let commit = tokio::spawn(turn.commit(None));
        waiting.abort();
        given_up += usize::from(waiting.await.is_err());
        tokio::time::timeout(Duration::from_secs(5), commit)
            .await
            .expect("an answer")
            .unwrap()
            .unwrap();
    }
    assert_eq!(seen(&folder).await.len(), 100);
    assert!(given_up > 0);
}

/// Does so many steps of the work and drops it in the middle of the last.
async fn broken_off(work: impl Future, mut steps: usize) {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        steps -= 1;
        match work.as_mut().poll(context) {
            Poll::Pending if steps > 0 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}

// A client that hangs up breaks its request off wherever that waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_broken_off_at_any_step_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    let long = Duration::from_secs(5);
    for number in 0..200_i64 {
        let steps = usize::try_from(1 + number % 10).unwrap();
        let first = async {
            let mut turn = writer.begin().await.unwrap();
            put(&mut turn, number).await.unwrap();
            turn.commit(None).await.unwrap();
        };
        let second = async {
            let mut turn = writer.begin().await.unwrap();
            put(&mut turn, 1000 + number).await.unwrap();
            turn.commit(None).await.unwrap();
        };
        let both = async { tokio::join!(broken_off(first, steps), second) };
        tokio::time::timeout(long, both).await.expect("an answer");
    }
    let mut seen = seen(&folder).await;
    seen.retain(|number| *number >= 1000);
    assert_eq!(seen, (1000..1200).collect::<Vec<i64>>());
}

#[tokio::test]
async fn a_closed_file_begins_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    writer.close().await;
    assert!(writer.begin().await.is_err());
    writer.close().await;
}
