//! Backup and restore while others work. A backup is one SQLite file whatever the engine is, so that a chain can move
//! from one engine to the other. What is copied is one moment; what is restored appears at once or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use tempfile::{TempDir, TempPath};
use uuid::Uuid;

use super::audit::{self, AuditLine};
use super::engine::catalogue::{self, CatalogueForeignKey, CatalogueTable};
use super::engine::{ColumnKind, ScanTx, SqlValue, generated};
use super::{Database, Exemption, StoreError, Tx};
use crate::domain::time::Instant;

/// Places that one statement may have: SQLite's limit is 32 766.
const PLACES: usize = 8_000;

/// Backup that is written whole and has no name yet. Dropped, it is gone.
pub struct UnnamedBackup {
    /// Folder that holds the part and goes afterwards.
    _working: TempDir,
    part: TempPath,
    file: PathBuf,
}

impl UnnamedBackup {
    /// Gives the backup its name, in one step.
    ///
    /// # Errors
    /// [`StoreError::Said`] where a file has come there meanwhile, or it cannot be written.
    pub fn name_file(self) -> Result<(), StoreError> {
        // Unlike a plain renaming, this never replaces a file.
        self.part
            .persist_noclobber(&self.file)
            .map_err(|failed| unwritten(&self.file, &failed.error.to_string()))
    }
}

fn unwritten(file: &Path, cause: &str) -> StoreError {
    StoreError::Said(format!(
        "the backup {} cannot be written: {cause}",
        file.display()
    ))
}

/// Writes everything to a new file that its owner alone can read.
///
/// # Errors
/// [`StoreError::Said`] when the file is there already or cannot be written; [`StoreError`].
pub async fn backup(db: &Database, file: &Path) -> Result<(), StoreError> {
    write_unnamed(db, file).await?.name_file()
}

/// Writes everything to a file beside `file` that its owner alone can read.
///
/// # Errors
/// [`StoreError::Said`] when `file` is there already or cannot be written; [`StoreError`].
pub async fn write_unnamed(db: &Database, file: &Path) -> Result<UnnamedBackup, StoreError> {
    if file.exists() {
        let there = if file.is_dir() { "folder" } else { "file" };
        return Err(StoreError::Said(format!(
            "the backup {} is not written: there is a {there} already",
            file.display()
        )));
    }
    let folder = file.parent().unwrap_or(file);
    let working = create_working_folder(folder, "kopilka-backup-");
    let working = working.map_err(|cause| unwritten(file, &cause))?;
    let part = working.path().join("backup");
    make_private(&part).map_err(|cause| unwritten(file, &cause))?;
    if !db.snapshot(&part).await? {
        let copy = Database::open(&part).await?;
        let copied = copy_whole(db, &copy).await;
        copy.close().await;
        copied?;
    }
    let part = File::open(&part)
        .and_then(|opened| opened.sync_all())
        .and_then(|()| TempPath::try_from_path(&part))
        .map_err(|error| unwritten(file, &error.to_string()))?;
    Ok(UnnamedBackup {
        _working: working,
        part,
        file: file.to_owned(),
    })
}

/// Copies everything into a database that has just been made.
async fn copy_whole(db: &Database, copy: &Database) -> Result<(), StoreError> {
    let (mut from, mut to) = (db.scan().await?, copy.write_many().await?);
    let tables = catalogue::tables(&mut to).await?;
    copy_all(&tables, &mut from, &mut to).await?;
    to.exempt(Exemption::DatabaseCopy);
    to.commit().await
}

/// Puts a backup into the database: an empty one, or with `replace` any, whose contents then go. Room for a second copy
/// is needed meanwhile, beside the database's file or in the system's folder for such. `line` is added to the audit log of
/// the backup, with all else or not at all.
///
/// # Errors
/// [`StoreError::Said`] when the file is no whole backup or the database holds something; [`StoreError::Newer`] when a
/// later version of the program wrote the backup; [`StoreError`]. Nothing is changed then.
pub(crate) async fn restore(
    db: &Database,
    file: &Path,
    replace: bool,
    (line, now): (AuditLine, Instant),
) -> Result<(), StoreError> {
    let said = |cause: String| {
        StoreError::Said(format!(
            "the backup {} cannot be read: {cause}",
            file.display()
        ))
    };
    check_is_file(file).map_err(said)?;
    if path_beside(file, "-wal").exists() {
        return Err(said(
            "it is a database in use; `kopilka backup` makes a backup of one".to_owned(),
        ));
    }
    Database::verify(file).await?;
    // Older tables are brought up to date in a copy: a backup itself is never changed, and it may lie where nothing can be
    // written.
    let folder = db.folder().unwrap_or_else(std::env::temp_dir);
    let working = create_working_folder(&folder, "kopilka-restore-").map_err(said)?;
    let part = working.path().join("backup");
    make_private(&part).map_err(said)?;
    copy_file(file, &part).map_err(|error| {
        said(format!(
            "it cannot be copied to {}: {error}",
            part.display()
        ))
    })?;
    let copy = Database::open(&part).await.map_err(|error| match error {
        StoreError::Newer { version, .. } => StoreError::Newer {
            path: file.display().to_string(),
            version,
        },
        other => other,
    })?;
    let restored = put_back(&copy, db, replace, (line, now)).await;
    copy.close().await;
    restored
}

/// Puts all of `copy` into the database.
async fn put_back(
    copy: &Database,
    db: &Database,
    replace: bool,
    (line, now): (AuditLine, Instant),
) -> Result<(), StoreError> {
    let (mut from, mut to) = (copy.scan().await?, db.write_many().await?);
    let tables = catalogue::tables(&mut from).await?;
    if replace {
        to.clear_tables(&tables).await?;
    } else if let Some(table) = first_filled_table(&tables, &mut to).await? {
        return Err(StoreError::Said(format!(
            "the database is not empty: its table {table} holds something; \
             --replace removes all that it holds, for good"
        )));
    }
    copy_all(&tables, &mut from, &mut to).await?;
    audit::log(&mut to, line, now).await?;
    to.analyze().await?;
    to.commit().await
}

/// Says what the path leads to where that is no file.
fn check_is_file(file: &Path) -> Result<(), String> {
    match fs::metadata(file) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(found) if found.is_dir() => Err("it is a folder, not a file".to_owned()),
        Ok(_) => Err("it is a device or a pipe, not a file".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err("there is no such file".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// A folder to work in, for its owner alone, which goes with all that is in it. It has a name that nothing else has: what a
/// killed process left is in nobody's way.
fn create_working_folder(folder: &Path, prefix: &str) -> Result<TempDir, String> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    tempfile::Builder::new()
        .prefix(prefix)
        .tempdir_in(folder)
        .map_err(|error| error.to_string())
}

/// Copies what is in a file and not its permissions: what may only be read is copied to be written to.
fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let (mut from, mut to) = (File::open(from)?, File::create(to)?);
    io::copy(&mut from, &mut to).map(drop)
}

/// The file's name and `suffix`, in the same folder.
pub(super) fn path_beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// An empty file, new, for its owner alone.
pub(super) fn make_private(path: &Path) -> Result<(), String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map(drop)
        // It is there already when another is at it, or when one was cut off.
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Removes a working file and what SQLite keeps beside an open one.
pub(super) fn remove_part_file(part: &Path) {
    for each in ["-wal", "-shm", ""] {
        drop(fs::remove_file(path_beside(part, each)));
    }
}

/// The first table that holds something.
pub(super) async fn first_filled_table(
    tables: &[CatalogueTable],
    tx: &mut Tx,
) -> Result<Option<String>, StoreError> {
    for table in tables {
        let text = format!(
            "SELECT CAST(1 AS BIGINT) FROM {} LIMIT 1",
            quote_name(&table.name)
        );
        let row: Option<i64> = generated(text).fetch_optional_value(tx).await?;
        if row.is_some() {
            return Ok(Some(table.name.clone()));
        }
    }
    Ok(None)
}

/// Copies every row, table by table in the order of their references.
async fn copy_all(
    tables: &[CatalogueTable],
    from: &mut ScanTx,
    to: &mut ScanTx,
) -> Result<(), StoreError> {
    let (source, target) = (catalogue::tables(from).await?, catalogue::tables(to).await?);
    for table in tables {
        let kinds = |side: &[CatalogueTable]| {
            side.iter()
                .find(|each| each.name == table.name)
                .and_then(|each| kinds_of(each, table))
                .ok_or_else(|| StoreError::Said(format!("the databases differ in {}", table.name)))
        };
        let (read, written) = (kinds(&source)?, kinds(&target)?);
        copy_rows(table, from, &read, to, &written).await?;
        for reference in table.references.iter().filter(|r| r.table == table.name) {
            fill_self_references(table, reference, from, &read, to, &written).await?;
        }
    }
    Ok(())
}

/// Kinds of the columns of `table` as `side` keeps them.
fn kinds_of(side: &CatalogueTable, table: &CatalogueTable) -> Option<Vec<ColumnKind>> {
    table
        .columns
        .iter()
        .map(|column| side.columns.iter().find(|each| each.name == column.name))
        .map(|column| column.map(|column| column.kind))
        .collect()
}

/// Copies the rows of a table; columns that refer to rows of the same table stay empty until all rows are there.
async fn copy_rows(
    table: &CatalogueTable,
    from: &mut ScanTx,
    read: &[ColumnKind],
    to: &mut ScanTx,
    written: &[ColumnKind],
) -> Result<(), StoreError> {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| quote_name(&column.name))
        .collect();
    let names = names.join(", ");
    let (width, name) = (table.columns.len().max(1), quote_name(&table.name));
    let refers_to_itself: Vec<bool> = table
        .columns
        .iter()
        .map(|column| {
            table
                .references
                .iter()
                .any(|each| each.table == table.name && each.column == column.name)
        })
        .collect();
    let rows = generated(format!("SELECT {names} FROM {name}"))
        .fetch_each(from, read)
        .await?;
    let mut chunks = rows.chunks((PLACES / width).max(1));
    while let Some(chunk) = chunks.next().await {
        let places: Vec<String> = (0..chunk.len())
            .map(|row| {
                let row: Vec<String> = (1..=width)
                    .map(|at| format!("${}", row * width + at))
                    .collect();
                format!("({})", row.join(", "))
            })
            .collect();
        let places = places.join(", ");
        let mut statement = generated(format!("INSERT INTO {name} ({names}) VALUES {places}"));
        for row in chunk {
            for ((value, kind), later) in row?.into_iter().zip(written).zip(&refers_to_itself) {
                statement = statement.bind(if *later {
                    empty_value(*kind)
                } else {
                    convert_value(value, *kind)?
                });
            }
        }
        statement.execute(to).await?;
    }
    Ok(())
}

/// Fills in the column by which rows refer to others of the same table.
async fn fill_self_references(
    table: &CatalogueTable,
    reference: &CatalogueForeignKey,
    from: &mut ScanTx,
    read: &[ColumnKind],
    to: &mut ScanTx,
    written: &[ColumnKind],
) -> Result<(), StoreError> {
    let kind_in = |kinds: &[ColumnKind], name: &str| {
        let at = table.columns.iter().position(|column| column.name == name);
        at.and_then(|at| kinds.get(at).copied())
            .ok_or_else(|| StoreError::Unreadable(format!("{} has no {name}", table.name)))
    };
    let (key, column) = (reference.to.as_str(), reference.column.as_str());
    let kinds = [kind_in(read, key)?, kind_in(read, column)?];
    let kept = [kind_in(written, key)?, kind_in(written, column)?];
    let (name, key, column) = (quote_name(&table.name), quote_name(key), quote_name(column));
    let text = format!("SELECT {key}, {column} FROM {name} WHERE {column} IS NOT NULL");
    let mut rows = generated(text).fetch_each(from, &kinds).await?;
    while let Some(row) = rows.next().await {
        let mut statement = generated(format!("UPDATE {name} SET {column} = $2 WHERE {key} = $1"));
        for (value, kind) in row?.into_iter().zip(kept) {
            statement = statement.bind(convert_value(value, kind)?);
        }
        statement.execute(to).await?;
    }
    Ok(())
}

/// A name of the catalogue as SQL writes it.
fn quote_name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// No value, of a kind.
const fn empty_value(kind: ColumnKind) -> SqlValue {
    match kind {
        ColumnKind::Int => SqlValue::Int(None),
        ColumnKind::Text => SqlValue::Text(None),
        ColumnKind::Id => SqlValue::Id(None),
        ColumnKind::Bytes => SqlValue::Bytes(None),
        ColumnKind::Bool => SqlValue::Bool(None),
    }
}

/// The value as the other engine keeps it: ids are bytes in SQLite and of a type of their own in PostgreSQL.
fn convert_value(value: SqlValue, kind: ColumnKind) -> Result<SqlValue, StoreError> {
    Ok(match (value, kind) {
        (SqlValue::Bytes(bytes), ColumnKind::Id) => SqlValue::Id(
            bytes
                .map(|bytes| Uuid::from_slice(&bytes))
                .transpose()
                .map_err(|error| StoreError::Unreadable(error.to_string()))?,
        ),
        (SqlValue::Id(id), ColumnKind::Bytes) => {
            SqlValue::Bytes(id.map(|id| id.as_bytes().to_vec()))
        }
        (same, _) => same,
    })
}
