//! Many writers of one file: what was answered is there, what was not committed is not, and nobody waits for ever.
use std::time::Duration;

use kopilka_testing::cancellation::drop_after_polls;
use tokio::task::JoinSet;

use super::super::connection;
use super::*;

fn open(folder: &tempfile::TempDir) -> Connection {
    connection::open(&folder.path().join("test.db")).unwrap()
}

fn writer(folder: &tempfile::TempDir) -> GroupWriter {
    let opened = open(folder);
    opened
        .execute_batch("CREATE TABLE things (number BIGINT PRIMARY KEY)")
        .unwrap();
    GroupWriter::new(opened, Checkpointer::new(&folder.path().join("test.db")))
}

fn put(turn: &WriteTransaction, number: i64) -> Result<(), rusqlite::Error> {
    let connection = turn.connection().unwrap();
    connection.execute("INSERT INTO things (number) VALUES (?1)", [number])?;
    Ok(())
}

/// What another connection to the file sees.
fn seen(folder: &tempfile::TempDir) -> Vec<i64> {
    let opened = open(folder);
    let mut listed = opened
        .prepare("SELECT number FROM things ORDER BY number")
        .unwrap();
    let rows = listed.query_map((), |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_durable_and_what_was_dropped_never_happened() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let mut all = JoinSet::new();
    for number in 0..200_i64 {
        let writer = writer.clone();
        all.spawn(async move {
            let turn = writer.begin().await.unwrap();
            put(&turn, number).unwrap();
            if number % 3 == 0 {
                return None;
            }
            turn.commit().await.unwrap();
            Some(number)
        });
    }
    let mut answered: Vec<i64> = all.join_all().await.into_iter().flatten().collect();
    answered.sort_unstable();
    assert_eq!(seen(&folder), answered);
    assert_eq!(answered.len(), 133);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_one_is_nothing_to_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let mut all = JoinSet::new();
    for number in 0..100_i64 {
        let writer = writer.clone();
        all.spawn(async move {
            let turn = writer.begin().await.unwrap();
            // Each number comes twice: one of the two is refused by the table.
            match put(&turn, number / 2) {
                Ok(()) => {
                    turn.commit().await.unwrap();
                    1
                }
                Err(_) => 0,
            }
        });
    }
    let stored: usize = all.join_all().await.into_iter().sum();
    assert_eq!(stored, 50);
    assert_eq!(seen(&folder), (0..50).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_up_waiting_leaves_nobody_without_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let mut given_up = 0;
    for number in 0..100_i64 {
        let turn = writer.begin().await.unwrap();
        put(&turn, number).unwrap();
        // Somebody stands in line when this one commits, and gives up before the turn comes.
        let other = writer.clone();
        let waiting = tokio::spawn(async move { drop(other.begin().await) });
        tokio::task::yield_now().await;
        let commit = tokio::spawn(turn.commit());
        waiting.abort();
        given_up += usize::from(waiting.await.is_err());
        tokio::time::timeout(Duration::from_secs(5), commit)
            .await
            .expect("an answer")
            .unwrap()
            .unwrap();
    }
    assert_eq!(seen(&folder).len(), 100);
    assert!(given_up > 0);
}

// A client that hangs up breaks its request off wherever that waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_broken_off_at_any_step_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let long = Duration::from_secs(5);
    for number in 0..200_i64 {
        let steps = usize::try_from(1 + number % 10).unwrap();
        let first = async {
            let turn = writer.begin().await.unwrap();
            put(&turn, number).unwrap();
            turn.commit().await.unwrap();
        };
        let second = async {
            let turn = writer.begin().await.unwrap();
            put(&turn, 1000 + number).unwrap();
            turn.commit().await.unwrap();
        };
        let both = async { tokio::join!(drop_after_polls(first, steps), second) };
        tokio::time::timeout(long, both).await.expect("an answer");
    }
    let mut seen = seen(&folder);
    seen.retain(|number| *number >= 1000);
    assert_eq!(seen, (1000..1200).collect::<Vec<i64>>());
}

#[tokio::test]
async fn a_closed_file_begins_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    writer.close().await;
    assert!(writer.begin().await.is_err());
    writer.close().await;
}
