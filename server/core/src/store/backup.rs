//! Backup and restore while others work. A backup is one SQLite file whatever the engine is, so that a chain can move
//! from one engine to the other. What is copied is one moment; what is restored appears at once or not at all.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use futures_util::StreamExt;

use uuid::Uuid;

use super::engine::catalogue::{self, Reference, Table};
use super::engine::{Kind, Value, generated};
use super::{Db, StoreError, Tx};

/// Places that one statement may have: SQLite's limit is 32 766.
const PLACES: usize = 8_000;

/// Writes everything to a new file that its owner alone can read.
///
/// # Errors
/// [`StoreError::Said`] when the file is there already or cannot be written; [`StoreError`].
pub async fn backup(db: &Db, file: &Path) -> Result<(), StoreError> {
    let said = |what: &str, cause: String| {
        StoreError::Said(format!("the backup {} {what}: {cause}", file.display()))
    };
    if file.exists() {
        return Err(said("is not written", "there is a file already".to_owned()));
    }
    let part = beside(file, ".part");
    private(&part).map_err(|error| said("cannot be written", error))?;
    let written = async {
        if !db.snapshot(&part).await? {
            let copy = Db::open(&part).await?;
            let (mut from, mut to) = (db.read().await?, copy.write().await?);
            let tables = catalogue::tables(&mut to).await?;
            copy_all(&tables, &mut from, &mut to).await?;
            to.commit().await?;
            copy.close().await;
        }
        File::open(&part)
            .and_then(|opened| opened.sync_all())
            // Unlike a renaming, a link never replaces a file that has come meanwhile.
            .and_then(|()| fs::hard_link(&part, file))
            .map_err(|error| said("cannot be written", error.to_string()))
    }
    .await;
    forget(&part);
    written
}

/// Puts a backup into the database: an empty one, or with `replace` any, whose contents then go.
///
/// # Errors
/// [`StoreError::Said`] when the file is no whole backup or the database holds something; [`StoreError::Newer`] when a
/// later version of the program wrote the backup; [`StoreError`]. Nothing is changed then.
pub async fn restore(db: &Db, file: &Path, replace: bool) -> Result<(), StoreError> {
    let said = |cause: String| {
        StoreError::Said(format!(
            "the backup {} cannot be read: {cause}",
            file.display()
        ))
    };
    if !file.is_file() {
        return Err(said("there is no such file".to_owned()));
    }
    if beside(file, "-wal").exists() {
        return Err(said(
            "it is a database in use; `kopilka backup` makes a backup of one".to_owned(),
        ));
    }
    Db::verify(file).await?;
    // Older tables are brought up to date in a copy: a backup itself is never changed.
    let part = beside(file, ".restoring");
    private(&part).map_err(said)?;
    let restored = async {
        fs::copy(file, &part).map_err(|error| said(error.to_string()))?;
        let copy = Db::open(&part).await.map_err(|error| match error {
            StoreError::Newer { version, .. } => StoreError::Newer {
                path: file.display().to_string(),
                version,
            },
            other => other,
        })?;
        let (mut from, mut to) = (copy.read().await?, db.write().await?);
        let tables = catalogue::tables(&mut from).await?;
        if replace {
            to.empty(&tables).await?;
        } else if let Some(table) = filled(&tables, &mut to).await? {
            return Err(StoreError::Said(format!(
                "the database is not empty: its table {table} holds something; \
                 --replace removes all that it holds, for good"
            )));
        }
        copy_all(&tables, &mut from, &mut to).await?;
        to.commit().await?;
        drop(from);
        copy.close().await;
        Ok(())
    }
    .await;
    forget(&part);
    restored
}

/// The file's name and `suffix`, in the same folder.
pub(super) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// An empty file, new, for its owner alone.
pub(super) fn private(path: &Path) -> Result<(), String> {
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
pub(super) fn forget(part: &Path) {
    for each in ["-wal", "-shm", ""] {
        drop(fs::remove_file(beside(part, each)));
    }
}

/// The first table that holds something.
pub(super) async fn filled(tables: &[Table], tx: &mut Tx) -> Result<Option<String>, StoreError> {
    for table in tables {
        let text = format!(
            "SELECT CAST(1 AS BIGINT) FROM {} LIMIT 1",
            quoted(&table.name)
        );
        let row: Option<(i64,)> = generated(text).optional(tx).await?;
        if row.is_some() {
            return Ok(Some(table.name.clone()));
        }
    }
    Ok(None)
}

/// Copies every row, table by table in the order of their references.
async fn copy_all(tables: &[Table], from: &mut Tx, to: &mut Tx) -> Result<(), StoreError> {
    let (source, target) = (catalogue::tables(from).await?, catalogue::tables(to).await?);
    for table in tables {
        let kinds = |side: &[Table]| {
            side.iter()
                .find(|each| each.name == table.name)
                .and_then(|each| kinds_of(each, table))
                .ok_or_else(|| StoreError::Said(format!("the databases differ in {}", table.name)))
        };
        let (read, written) = (kinds(&source)?, kinds(&target)?);
        copy_rows(table, from, &read, to, &written).await?;
        for reference in table.references.iter().filter(|r| r.table == table.name) {
            refer(table, reference, from, &read, to, &written).await?;
        }
    }
    Ok(())
}

/// Kinds of the columns of `table` as `side` keeps them.
fn kinds_of(side: &Table, table: &Table) -> Option<Vec<Kind>> {
    table
        .columns
        .iter()
        .map(|column| side.columns.iter().find(|each| each.name == column.name))
        .map(|column| column.map(|column| column.kind))
        .collect()
}

/// Copies the rows of a table; columns that refer to rows of the same table stay empty until all rows are there.
async fn copy_rows(
    table: &Table,
    from: &mut Tx,
    read: &[Kind],
    to: &mut Tx,
    written: &[Kind],
) -> Result<(), StoreError> {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| quoted(&column.name))
        .collect();
    let names = names.join(", ");
    let (width, name) = (table.columns.len().max(1), quoted(&table.name));
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
    let rows = generated(format!("SELECT {names} FROM {name}")).each(from, read)?;
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
                    nothing(*kind)
                } else {
                    converted(value, *kind)?
                });
            }
        }
        statement.execute(to).await?;
    }
    Ok(())
}

/// Fills in the column by which rows refer to others of the same table.
async fn refer(
    table: &Table,
    reference: &Reference,
    from: &mut Tx,
    read: &[Kind],
    to: &mut Tx,
    written: &[Kind],
) -> Result<(), StoreError> {
    let kind_in = |kinds: &[Kind], name: &str| {
        let at = table.columns.iter().position(|column| column.name == name);
        at.and_then(|at| kinds.get(at).copied())
            .ok_or_else(|| StoreError::Unreadable(format!("{} has no {name}", table.name)))
    };
    let (key, column) = (reference.to.as_str(), reference.column.as_str());
    let kinds = [kind_in(read, key)?, kind_in(read, column)?];
    let kept = [kind_in(written, key)?, kind_in(written, column)?];
    let (name, key, column) = (quoted(&table.name), quoted(key), quoted(column));
    let text = format!("SELECT {key}, {column} FROM {name} WHERE {column} IS NOT NULL");
    let mut rows = generated(text).each(from, &kinds)?;
    while let Some(row) = rows.next().await {
        let mut statement = generated(format!("UPDATE {name} SET {column} = $2 WHERE {key} = $1"));
        for (value, kind) in row?.into_iter().zip(kept) {
            statement = statement.bind(converted(value, kind)?);
        }
        statement.execute(to).await?;
    }
    Ok(())
}

/// A name of the catalogue as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// No value, of a kind.
const fn nothing(kind: Kind) -> Value {
    match kind {
        Kind::Int => Value::Int(None),
        Kind::Text => Value::Text(None),
        Kind::Id => Value::Id(None),
        Kind::Bytes => Value::Bytes(None),
        Kind::Bool => Value::Bool(None),
    }
}

/// The value as the other engine keeps it: ids are bytes in SQLite and of a type of their own in PostgreSQL.
fn converted(value: Value, kind: Kind) -> Result<Value, StoreError> {
    Ok(match (value, kind) {
        (Value::Bytes(bytes), Kind::Id) => Value::Id(
            bytes
                .map(|bytes| Uuid::from_slice(&bytes))
                .transpose()
                .map_err(|error| StoreError::Unreadable(error.to_string()))?,
        ),
        (Value::Id(id), Kind::Bytes) => Value::Bytes(id.map(|id| id.as_bytes().to_vec())),
        (same, _) => same,
    })
}
