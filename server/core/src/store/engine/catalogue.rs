//! The tables of the open database as its engine lists them: what a backup copies and what a test compares. Tables that no log
//! has (`UNLOGGED`) are no data of the chain and not listed.

use std::collections::BTreeMap;

use super::{ColumnKind, OpenTransaction, StoredRow, Tx, sql};
use crate::store::StoreError;

/// A table.
#[derive(Debug, Clone)]
pub struct CatalogueTable {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<CatalogueColumn>,
    /// Foreign keys of the table.
    pub references: Vec<CatalogueForeignKey>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueColumn {
    /// Its name.
    pub name: String,
    /// Kind of value that it holds.
    pub kind: ColumnKind,
    /// True if it may be NULL.
    pub nullable: bool,
}

/// A foreign key of one column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CatalogueForeignKey {
    /// The column that refers.
    pub column: String,
    /// The table referred to.
    pub table: String,
    /// The column referred to.
    pub to: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name, c.type AS declared, \
     CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END AS nullable \
     FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_sqlx_migrations' \
     ORDER BY m.name, c.cid";
const SQLITE_REFERENCES: &str = "SELECT m.name AS table_name, f.\"from\" AS column_name, \
     f.\"table\" AS to_table, f.\"to\" AS to_column \
     FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT CAST(c.table_name AS TEXT) AS table_name, CAST(c.column_name AS TEXT) AS name, \
     CAST(c.data_type AS TEXT) AS declared, \
     CAST(CASE c.is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS BIGINT) AS nullable \
     FROM information_schema.columns c JOIN information_schema.tables t \
     ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
     JOIN pg_class r ON r.oid = CAST(quote_ident(t.table_name) AS regclass) \
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND r.relpersistence <> 'u' \
     AND c.table_name <> '_sqlx_migrations' ORDER BY c.table_name, c.ordinal_position";
const POSTGRES_REFERENCES: &str = "SELECT CAST(f.relname AS TEXT) AS table_name, CAST(a.attname AS TEXT) AS column_name, \
     CAST(t.relname AS TEXT) AS to_table, CAST(b.attname AS TEXT) AS to_column FROM pg_constraint c \
     JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid \
     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
     JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1] \
     JOIN pg_namespace n ON n.oid = c.connamespace \
     WHERE c.contype = 'f' AND n.nspname = current_schema()";

#[derive(StoredRow)]
struct CatalogueColumnRow {
    table_name: String,
    name: String,
    declared: String,
    nullable: i64,
}

#[derive(StoredRow)]
struct CatalogueForeignKeyRow {
    table_name: String,
    column_name: String,
    to_table: String,
    to_column: String,
}

fn kind_of_type(declared: &str) -> Result<ColumnKind, StoreError> {
    Ok(match declared.to_ascii_lowercase().as_str() {
        "bigint" => ColumnKind::Int,
        "text" => ColumnKind::Text,
        "uuid" => ColumnKind::Id,
        "blob" | "bytea" => ColumnKind::Bytes,
        "boolean" => ColumnKind::Bool,
        other => {
            let cause = format!("a column of the type {other}");
            return Err(StoreError::Unreadable(cause));
        }
    })
}

/// All tables of ours, each after those that it refers to.
///
/// # Errors
/// [`StoreError::Unreadable`] when tables refer to one another in a circle or hold what we never keep.
pub async fn tables(tx: &mut Tx) -> Result<Vec<CatalogueTable>, StoreError> {
    let (columns, references) = match &tx.open {
        OpenTransaction::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        OpenTransaction::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let columns: Vec<CatalogueColumnRow> = sql(columns).fetch_all(tx).await?;
    let references: Vec<CatalogueForeignKeyRow> = sql(references).fetch_all(tx).await?;
    let mut tables: BTreeMap<String, CatalogueTable> = BTreeMap::new();
    for row in columns {
        let name = row.table_name;
        let entry = tables
            .entry(name.clone())
            .or_insert_with(|| CatalogueTable {
                name,
                columns: Vec::new(),
                references: Vec::new(),
            });
        entry.columns.push(CatalogueColumn {
            name: row.name,
            kind: kind_of_type(&row.declared)?,
            nullable: row.nullable == 1,
        });
    }
    for row in references {
        if let Some(entry) = tables.get_mut(&row.table_name) {
            entry.references.push(CatalogueForeignKey {
                column: row.column_name,
                table: row.to_table,
                to: row.to_column,
            });
            entry.references.sort_unstable();
        }
    }
    ordered(tables)
}

fn ordered(mut left: BTreeMap<String, CatalogueTable>) -> Result<Vec<CatalogueTable>, StoreError> {
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let next = left
            .values()
            .find(|table| {
                table
                    .references
                    .iter()
                    .all(|each| each.table == table.name || !left.contains_key(&each.table))
            })
            .map(|table| table.name.clone())
            .and_then(|name| left.remove(&name))
            .ok_or_else(|| {
                StoreError::Unreadable("tables refer to one another in a circle".to_owned())
            })?;
        ordered.push(next);
    }
    Ok(ordered)
}
