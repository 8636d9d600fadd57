//! A long log is written into the file while others write and read, and does not grow for ever.
use std::path::PathBuf;
use std::time::Duration;

use super::super::connection;
use super::super::group_commit::GroupWriter;
use super::*;

/// Bytes of a page, and of a page with its header in the log.
const PAGE: u64 = 4_096;
const FRAME: u64 = PAGE + 24;
/// Rows, each of which fills a page.
const ROWS: i64 = 1_000;

struct LoggedFile {
    _folder: tempfile::TempDir,
    path: PathBuf,
    writer: GroupWriter,
}

impl LoggedFile {
    fn create() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let opened = connection::open(&path).unwrap();
        connection::set(&opened, "journal_mode", "WAL").unwrap();
        opened
            .execute_batch(
                "CREATE TABLE things (number INTEGER PRIMARY KEY, filling BLOB NOT NULL)",
            )
            .unwrap();
        watch_log(&opened);
        Self {
            writer: GroupWriter::new(opened, Checkpointer::new(&path)),
            _folder: folder,
            path,
        }
    }

    /// Adds a thousand pages and makes them durable.
    async fn fill(&self) {
        let turn = self.writer.begin().await.unwrap();
        let text = "INSERT INTO things (filling) VALUES (zeroblob(3500))";
        for _ in 0..ROWS {
            turn.connection().unwrap().execute(text, ()).unwrap();
        }
        turn.commit().await.unwrap();
    }

    fn count(&self) -> i64 {
        let opened = connection::open(&self.path).unwrap();
        connection::query_one(&opened, "SELECT COUNT(*) FROM things", ()).unwrap()
    }

    fn length(&self, suffix: &str) -> u64 {
        let path = format!("{}{suffix}", self.path.display());
        std::fs::metadata(path).map_or(0, |found| found.len())
    }
}

fn pages(number: i32) -> u64 {
    number.try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_is_written_into_the_file_in_the_background() {
    let file = LoggedFile::create();
    for _ in 0..5 {
        file.fill().await;
    }
    // The writer has not reached the length at which it does so itself.
    assert!(file.length("-wal") < pages(WRITER_PAGES) * FRAME);
    for _ in 0..200 {
        if file.length("") >= pages(BACKGROUND_PAGES) * PAGE {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(file.length("") >= pages(BACKGROUND_PAGES) * PAGE);
    file.writer.close().await;
    assert_eq!(file.length("-wal"), 0);
    assert_eq!(file.count(), 5 * ROWS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_begins_anew_however_fast_it_is_written() {
    let file = LoggedFile::create();
    for _ in 0..50 {
        file.fill().await;
    }
    let most = (pages(WRITER_PAGES) + 3_000) * FRAME;
    assert!(file.length("-wal") <= most, "{} bytes", file.length("-wal"));
    file.writer.close().await;
    assert_eq!(file.count(), 50 * ROWS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_reader_sees_stays_in_the_log_until_it_ends() {
    let file = LoggedFile::create();
    file.fill().await;
    let reader = connection::open(&file.path).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let seen = || connection::query_one::<i64>(&reader, "SELECT COUNT(*) FROM things", ()).unwrap();
    assert_eq!(seen(), ROWS);
    for _ in 0..20 {
        file.fill().await;
    }
    assert_eq!(seen(), ROWS);
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    file.fill().await;
    file.fill().await;
    let long = file.length("-wal");
    file.fill().await;
    // Begun anew, it is overwritten from its beginning.
    assert_eq!(file.length("-wal"), long);
    file.writer.close().await;
    assert_eq!(file.count(), 24 * ROWS);
}
