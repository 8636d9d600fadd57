//! Writing very many rows at once into an empty database: indexes are put aside and built at the end, and rows come in
//! by whole blocks. All of it is one transaction, or a file of its own that nobody has opened yet, so that a filling that
//! is broken off leaves nothing behind.

use std::path::Path;

use super::catalogue::CatalogueTable;
use super::{OpenTransaction, ScanTx, SqlValue, StoredRow, Tx, generated, sql, sqlite};
use crate::store::StoreError;

/// A table that is written in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkTable {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in the order of the values.
    pub columns: &'static [&'static str],
}

/// Statements that bring back what was put aside for the time of the bulk insert, with what they are about.
#[derive(Debug, Default)]
pub struct DetachedSchema {
    statements: Vec<String>,
}

/// Rows of one statement in SQLite, largest first: few texts, so that each is prepared once.
const BLOCKS: [usize; 3] = [64, 8, 1];
/// The beginning of PostgreSQL's binary copy format: signature, flags, length of an extension.
const COPY_HEAD: [u8; 19] = *b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Its end: a row of -1 columns.
const COPY_END: [u8; 2] = [0xff, 0xff];
/// Bytes that are sent at a time.
const COPY_BLOCK: usize = 1 << 20;

const CONSTRAINTS: &str = "SELECT CAST(f.relname AS TEXT) AS table_name, CAST(c.conname AS TEXT) AS name, \
     pg_get_constraintdef(c.oid) AS definition, \
     CAST(CASE c.contype WHEN 'f' THEN 1 ELSE 0 END AS BIGINT) AS refers \
     FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid \
     JOIN pg_namespace n ON n.oid = c.connamespace \
     WHERE n.nspname = current_schema() AND c.contype IN ('f', 'p', 'u') \
     AND f.relname <> '_sqlx_migrations' ORDER BY 4 DESC, 1, 2";
const INDEXES: &str = "SELECT CAST(indexname AS TEXT) AS name, indexdef AS definition FROM pg_indexes \
     WHERE schemaname = current_schema() AND tablename <> '_sqlx_migrations' ORDER BY 1";

#[derive(StoredRow)]
struct CatalogueIndexRow {
    name: String,
    definition: String,
}

#[derive(StoredRow)]
struct CatalogueConstraintRow {
    table_name: String,
    name: String,
    definition: String,
    /// 1 for a foreign key.
    refers: i64,
}

/// Opens a new SQLite file of one writer who fills it and nobody else, in its one transaction: what is written is safe only after
/// its commit, which closes the file, and a crash leaves a file to be thrown away.
///
/// # Errors
/// [`StoreError::Unopened`].
pub(in crate::store) async fn open_new_file(path: &Path) -> Result<ScanTx, StoreError> {
    let open = sqlite::open_for_bulk_insert(path).await?;
    Ok(ScanTx(Tx::new(OpenTransaction::Sqlite(open))))
}

impl ScanTx {
    /// Puts indexes aside, and in PostgreSQL constraints too; nobody else comes near the tables until the end of the
    /// transaction. The tables must be empty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(in crate::store) async fn put_aside(
        &mut self,
        tables: &[CatalogueTable],
    ) -> Result<DetachedSchema, StoreError> {
        let mut aside = DetachedSchema::default();
        if let OpenTransaction::Sqlite(_) = self.open {
            let indexes: Vec<CatalogueIndexRow> =
                sql("SELECT name, sql AS definition FROM sqlite_schema \
                 WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
                .fetch_all(self)
                .await?;
            for CatalogueIndexRow { name, definition } in indexes {
                generated(format!("DROP INDEX \"{name}\""))
                    .execute(self)
                    .await?;
                aside.statements.push(definition);
            }
            return Ok(aside);
        }
        for setting in [
            // Rows are made while the transaction waits, and the indexes of ten million rows want room.
            "SET LOCAL idle_in_transaction_session_timeout = 0",
            "SET LOCAL maintenance_work_mem = '256MB'",
        ] {
            sql(setting).execute(self).await?;
        }
        // Of tables that this transaction has emptied, PostgreSQL writes the rows as old ones at once.
        self.clear_tables(tables).await?;
        let constraints: Vec<CatalogueConstraintRow> = sql(CONSTRAINTS).fetch_all(self).await?;
        let (mut keys, mut references) = (Vec::new(), Vec::new());
        for row in constraints {
            let CatalogueConstraintRow {
                table_name: table,
                name,
                definition,
                refers,
            } = row;
            let text = format!("ALTER TABLE \"{table}\" DROP CONSTRAINT \"{name}\"");
            generated(text).execute(self).await?;
            let back = format!("ALTER TABLE \"{table}\" ADD CONSTRAINT \"{name}\" {definition}");
            if refers == 1 {
                references.push(back);
            } else {
                keys.push(back);
            }
        }
        let indexes: Vec<CatalogueIndexRow> = sql(INDEXES).fetch_all(self).await?;
        aside.statements = keys;
        for CatalogueIndexRow { name, definition } in indexes {
            generated(format!("DROP INDEX \"{name}\""))
                .execute(self)
                .await?;
            aside.statements.push(definition);
        }
        aside.statements.append(&mut references);
        Ok(aside)
    }

    /// Writes rows: the values of the first in the order of the columns, then those of the next.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(in crate::store) async fn bulk_insert(
        &mut self,
        target: BulkTable,
        values: Vec<SqlValue>,
    ) -> Result<(), StoreError> {
        self.flush_deferred().await?;
        match &mut self.open {
            OpenTransaction::Sqlite(_) => self.bulk_insert_blocks(target, values).await,
            OpenTransaction::Postgres(connection) => {
                let text = format!(
                    "COPY {} ({}) FROM STDIN WITH (FORMAT binary, FREEZE)",
                    target.name,
                    target.columns.join(", ")
                );
                let mut copy = connection.copy_in_raw(&text).await?;
                let mut bytes = COPY_HEAD.to_vec();
                for row in values.chunks(target.columns.len().max(1)) {
                    put_length(&mut bytes, row.len(), 2)?;
                    for value in row {
                        put_value(&mut bytes, value)?;
                    }
                    if bytes.len() >= COPY_BLOCK {
                        copy.send(std::mem::take(&mut bytes)).await?;
                    }
                }
                bytes.extend(COPY_END);
                copy.send(bytes).await?;
                copy.finish().await?;
                Ok(())
            }
        }
    }

    async fn bulk_insert_blocks(
        &mut self,
        target: BulkTable,
        mut values: Vec<SqlValue>,
    ) -> Result<(), StoreError> {
        let width = target.columns.len().max(1);
        let columns = target.columns.join(", ");
        let places = format!("({})", vec!["?"; width].join(", "));
        for rows in BLOCKS {
            let size = rows * width;
            let places = vec![places.as_str(); rows].join(", ");
            let text = format!("INSERT INTO {} ({columns}) VALUES {places}", target.name);
            let run_to_completion = values.len() / size * size;
            let left = values.split_off(run_to_completion);
            let mut block = Vec::with_capacity(size);
            for value in values {
                block.push(value);
                if block.len() == size {
                    let block = std::mem::replace(&mut block, Vec::with_capacity(size));
                    generated(text.clone())
                        .bind_all(block)
                        .execute(self)
                        .await?;
                }
            }
            values = left;
        }
        Ok(())
    }

    /// Brings back what was put aside, telling before each how many of how many are done.
    ///
    /// # Errors
    /// [`StoreError`], also where the rows break a key or name what is not there.
    pub(in crate::store) async fn bring_back(
        &mut self,
        aside: DetachedSchema,
        mut told: impl FnMut(usize, usize),
    ) -> Result<(), StoreError> {
        let all = aside.statements.len();
        for (done, text) in aside.statements.into_iter().enumerate() {
            told(done, all);
            generated(text).execute(self).await?;
        }
        told(all, all);
        self.analyze().await
    }

    /// Has PostgreSQL look at what the tables hold now: it would do so by itself minutes later, and until then plan as if each
    /// member had a share of all rows. SQLite plans by its indexes alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn analyze(&mut self) -> Result<(), StoreError> {
        if let OpenTransaction::Postgres(_) = self.open {
            sql("ANALYZE").execute(self).await?;
        }
        Ok(())
    }
}

/// A length as PostgreSQL reads it: big-endian, of so many bytes.
fn put_length(to: &mut Vec<u8>, length: usize, width: usize) -> Result<(), StoreError> {
    let length = i32::try_from(length)
        .map_err(|_| StoreError::Unreadable("a value is too long to be copied".to_owned()))?;
    let bytes = length.to_be_bytes();
    to.extend(bytes.iter().skip(bytes.len().saturating_sub(width)));
    Ok(())
}

fn put_value(to: &mut Vec<u8>, value: &SqlValue) -> Result<(), StoreError> {
    let mut write = |bytes: &[u8]| {
        put_length(to, bytes.len(), 4)?;
        to.extend(bytes);
        Ok(())
    };
    match value {
        SqlValue::Int(Some(number)) => write(&number.to_be_bytes()),
        SqlValue::Text(Some(text)) => write(text.as_bytes()),
        SqlValue::Id(Some(id)) => write(id.as_bytes()),
        SqlValue::Bytes(Some(bytes)) => write(bytes),
        SqlValue::Bool(Some(yes)) => write(&[u8::from(*yes)]),
        SqlValue::Int(None)
        | SqlValue::Text(None)
        | SqlValue::Id(None)
        | SqlValue::Bytes(None)
        | SqlValue::Bool(None) => {
            to.extend((-1_i32).to_be_bytes());
            Ok(())
        }
    }
}
