//! The queue's file: a JSON record a line, only ever appended to, on the disk before the call returns. A file is replaced
//! only by a whole new one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{QueueError, QueuedItem};
use crate::wire::BatchItemResponse;

/// Event in the life of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalRecord {
    /// The item waits.
    Queued {
        /// Item that waits.
        item: QueuedItem,
    },
    /// The server took or refused it.
    Settled {
        /// Answer of the server.
        answer: BatchItemResponse,
    },
    /// Somebody has seen to a refused one.
    SeenTo {
        /// Its key.
        key: String,
    },
}

/// The open file.
#[derive(Debug)]
pub struct QueueJournal {
    path: PathBuf,
    file: File,
    // Held for as long as the queue is open; the file itself may be replaced meanwhile.
    lock: File,
    records: usize,
}

impl QueueJournal {
    /// Opens or makes the file and reads its records; a torn last line is cut off.
    pub fn open_or_create(path: &Path) -> Result<(Self, Vec<JournalRecord>), QueueError> {
        let lock = OpenOptions::new()
            .create(true)
            .append(true)
            .open(sibling_path(path, "lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => QueueError::OpenElsewhere,
            TryLockError::Error(error) => error.into(),
        })?;
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        sync_folder(path)?;
        let (records, whole) = read_records(&file)?;
        if whole < file.metadata()?.len() {
            file.set_len(whole)?;
            file.sync_all()?;
        }
        let journal = Self {
            path: path.to_owned(),
            file,
            lock,
            records: records.len(),
        };
        Ok((journal, records))
    }

    /// Returns the number of records in the file.
    pub const fn records(&self) -> usize {
        self.records
    }

    /// Adds records, in one write that is on the disk when this returns. After an error none of them is there.
    pub fn append(&mut self, records: &[&JournalRecord]) -> Result<(), QueueError> {
        let before = self.file.metadata()?.len();
        let lines = encode_records(records)?;
        let written = self
            .file
            .write_all(&lines)
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // A half-written line in the middle would damage the file for good.
            self.file.set_len(before)?;
            return Err(error.into());
        }
        self.records += records.len();
        Ok(())
    }

    /// Replaces the file by one with these records only; a crash leaves the old one or the new one.
    pub fn rewrite(&mut self, records: &[JournalRecord]) -> Result<(), QueueError> {
        let new = sibling_path(&self.path, "new");
        let mut file = File::create(&new)?;
        file.write_all(&encode_records(&records.iter().collect::<Vec<_>>())?)?;
        file.sync_all()?;
        std::fs::rename(&new, &self.path)?;
        sync_folder(&self.path)?;
        self.file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(&self.path)?;
        self.records = records.len();
        Ok(())
    }
}

impl Drop for QueueJournal {
    fn drop(&mut self) {
        // Closing alone would leave it locked while a process that is just being started still has the file too.
        drop(self.lock.unlock());
    }
}

fn encode_records(records: &[&JournalRecord]) -> Result<Vec<u8>, QueueError> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record).map_err(std::io::Error::from)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The whole records, and how many bytes they take.
fn read_records(file: &File) -> Result<(Vec<JournalRecord>, u64), QueueError> {
    let mut reader = BufReader::new(file);
    let mut records = Vec::new();
    let mut whole = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        let bytes = reader.read_until(b'\n', &mut line)?;
        // A line without its end is the one that a crash tore.
        if bytes == 0 || !line.ends_with(b"\n") {
            return Ok((records, whole));
        }
        let record = serde_json::from_slice(&line).map_err(|error| QueueError::Damaged {
            line: records.len() + 1,
            cause: error.to_string(),
        })?;
        records.push(record);
        whole += u64::try_from(bytes).unwrap_or_default();
    }
}

fn sibling_path(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}

/// A file's name is on the disk only when its folder is.
fn sync_folder(path: &Path) -> Result<(), QueueError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}
