//! The tables of the open database as its engine lists them: what a backup copies and what a test compares.

use std::collections::BTreeMap;

use super::{Kind, Open, Tx, sql};
use crate::store::StoreError;

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// What it refers to.
    pub references: Vec<Reference>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub nullable: bool,
}

/// A foreign key of one column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The column that refers.
    pub column: String,
    /// The table referred to.
    pub table: String,
    /// The column referred to.
    pub to: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.type, \
     CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END \
     FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_sqlx_migrations' \
     ORDER BY m.name, c.cid";
const SQLITE_REFERENCES: &str = "SELECT m.name, f.\"from\", f.\"table\", f.\"to\" \
     FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), \
     CAST(c.data_type AS TEXT), CAST(CASE c.is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS BIGINT) \
     FROM information_schema.columns c JOIN information_schema.tables t \
     ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
     AND c.table_name <> '_sqlx_migrations' ORDER BY c.table_name, c.ordinal_position";
const POSTGRES_REFERENCES: &str = "SELECT CAST(f.relname AS TEXT), CAST(a.attname AS TEXT), \
     CAST(t.relname AS TEXT), CAST(b.attname AS TEXT) FROM pg_constraint c \
     JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid \
     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
     JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1] \
     JOIN pg_namespace n ON n.oid = c.connamespace \
     WHERE c.contype = 'f' AND n.nspname = current_schema()";

fn kind(declared: &str) -> Result<Kind, StoreError> {
    Ok(match declared.to_ascii_lowercase().as_str() {
        "bigint" => Kind::Int,
        "text" => Kind::Text,
        "uuid" => Kind::Id,
        "blob" | "bytea" => Kind::Bytes,
        "boolean" => Kind::Bool,
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
pub async fn tables(tx: &mut Tx) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = match &tx.open {
        Open::Reading(_) | Open::Writing(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        Open::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let columns: Vec<(String, String, String, i64)> = sql(columns).all(tx).await?;
    let references: Vec<(String, String, String, String)> = sql(references).all(tx).await?;
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for (table, name, declared, nullable) in columns {
        let entry = tables.entry(table.clone()).or_insert_with(|| Table {
            name: table,
            columns: Vec::new(),
            references: Vec::new(),
        });
        entry.columns.push(Column {
            name,
            kind: kind(&declared)?,
            nullable: nullable == 1,
        });
    }
    for (from, column, table, to) in references {
        if let Some(entry) = tables.get_mut(&from) {
            entry.references.push(Reference { column, table, to });
            entry.references.sort_unstable();
        }
    }
    ordered(tables)
}

fn ordered(mut left: BTreeMap<String, Table>) -> Result<Vec<Table>, StoreError> {
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
