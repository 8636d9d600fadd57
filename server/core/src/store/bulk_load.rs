//! Filling an empty database with very many rows, on whichever engine. It is filled whole or not at all: a SQLite file
//! gets its name only when everything is in it, and in PostgreSQL all of it is one transaction.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::backup::{first_filled_table, make_private, path_beside, remove_part_file};
use super::engine::ScanTx;
use super::engine::SqlValue;
use super::engine::bulk::{self, BulkTable, DetachedSchema};
use super::engine::catalogue;
use super::{Database, Exemption, StoreError, Tx};

/// A database that is being filled. Dropped before [`BulkLoader::finish`] nothing is left of it.
#[derive(Debug)]
pub struct BulkLoader {
    tx: ScanTx,
    aside: DetachedSchema,
    file: Option<TemporarySqliteFile>,
}

/// A SQLite file under a name for the time being.
#[derive(Debug)]
struct TemporarySqliteFile {
    part: PathBuf,
    file: PathBuf,
}

impl Drop for TemporarySqliteFile {
    fn drop(&mut self) {
        remove_part_file(&self.part);
    }
}

impl BulkLoader {
    /// Begins a new SQLite file.
    ///
    /// # Errors
    /// [`StoreError::Said`] when there is a file of this name already, or one that is being filled.
    pub async fn of_file(file: &Path) -> Result<Self, StoreError> {
        let said = |cause: String| StoreError::Said(cause);
        if file.exists() {
            return Err(said(format!(
                "there is a database already: {}; a demo chain fills a new one only",
                file.display()
            )));
        }
        let part = path_beside(file, ".filling");
        make_private(&part).map_err(|error| {
            said(format!(
                "the database cannot be written; if nobody else is filling it, remove what was left: {error}"
            ))
        })?;
        let new = TemporarySqliteFile {
            part,
            file: file.to_owned(),
        };
        Self::begin_load(bulk::open_new_file(&new.part).await?, Some(new)).await
    }

    /// Begins with an open database that others may share; they wait until the end, and see all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Said`] when it holds anything.
    pub async fn of_server(db: &Database) -> Result<Self, StoreError> {
        Self::begin_load(db.write_many().await?, None).await
    }

    async fn begin_load(
        mut tx: ScanTx,
        file: Option<TemporarySqliteFile>,
    ) -> Result<Self, StoreError> {
        tx.exempt(Exemption::DemoData);
        let tables = catalogue::tables(&mut tx).await?;
        if let Some(table) = first_filled_table(&tables, &mut tx).await? {
            return Err(StoreError::Said(format!(
                "the database is not empty: its table {table} holds something; a demo chain fills an empty one only"
            )));
        }
        let aside = tx.put_aside(&tables).await?;
        Ok(Self { tx, aside, file })
    }

    /// Returns the transaction, for the few rows that are written one by one.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Writes rows of several tables; the values of each stand row after row in the order of the table's columns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn write_rows(
        &mut self,
        tables: impl IntoIterator<Item = (BulkTable, Vec<SqlValue>)>,
    ) -> Result<(), StoreError> {
        for (target, values) in tables {
            if !values.is_empty() {
                self.tx.bulk_insert(target, values).await?;
            }
        }
        Ok(())
    }

    /// Builds the indexes, telling how many of how many are done, and makes everything there at once.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing is there.
    pub async fn finish(self, told: impl FnMut(usize, usize)) -> Result<(), StoreError> {
        let Self {
            mut tx,
            aside,
            file,
        } = self;
        tx.bring_back(aside, told).await?;
        tx.commit().await?;
        let Some(new) = file else {
            return Ok(());
        };
        File::open(&new.part)
            .and_then(|opened| opened.sync_all())
            // Unlike a renaming, a link never replaces a file that has come meanwhile.
            .and_then(|()| fs::hard_link(&new.part, &new.file))
            .map_err(|error| {
                StoreError::Said(format!(
                    "the database {} cannot be written: {error}",
                    new.file.display()
                ))
            })
    }
}
