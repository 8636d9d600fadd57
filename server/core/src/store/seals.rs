//! Chains of sealed lines: their tables, the lines that wait for a number, and the ends of each chain. Nothing here knows the
//! key; `usecases::jobs::sealing` computes and compares the seals.

mod chains;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::engine::{ColumnKind, SqlValue, Statement, StoredRow, generated, insert_statement, sql};
use super::{StoreError, Tx};
use crate::ids::RowId;

use chains::ALLOCATION;
pub use chains::{SealChain, SealedColumn};

/// Contents of a line: its columns, and those of each of its allocations by lot.
#[derive(Debug, Clone, PartialEq)]
pub struct LineContents {
    /// Columns of the line.
    pub columns: Vec<SqlValue>,
    /// Columns of its allocations.
    pub allocations: Vec<Vec<SqlValue>>,
}

impl LineContents {
    /// Returns the id of the line.
    pub fn id(&self) -> Option<Uuid> {
        match self.columns.first() {
            Some(SqlValue::Id(id)) => *id,
            _ => None,
        }
    }
}

/// A seal with its line.
#[derive(Debug, Clone)]
pub struct SealedLine {
    /// Number of the line in its chain.
    pub number: i64,
    /// Id of the line.
    pub id: Uuid,
    /// Version of the contents.
    pub version: i64,
    /// The seal.
    pub seal: Vec<u8>,
    /// The line; `None` = it is not there any more.
    pub contents: Option<LineContents>,
}

/// Ends of a chain.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct ChainEnds {
    /// Number of the last line that was pruned; 0 = none was.
    pub base_number: i64,
    /// Seal of that line.
    pub base_seal: Vec<u8>,
    /// Number of the last line that was sealed; 0 = none was.
    pub number: i64,
    /// Seal of that line.
    pub seal: Vec<u8>,
    /// Id made at the beginning of the last complete run; nil = no run was complete yet.
    pub swept_until: RowId,
    /// Seal of all of these.
    pub ends_seal: Vec<u8>,
}

/// Returns the ends of a chain and, in a transaction that writes, holds them; `None` = nothing was sealed yet.
///
/// # Errors
/// [`StoreError`].
pub async fn load_ends(
    tx: &mut Tx,
    chain: SealChain,
    held: bool,
) -> Result<Option<ChainEnds>, StoreError> {
    let statement = sql(
        "SELECT base_number, base_seal, number, seal, swept_until, ends_seal FROM seal_chains WHERE name = $1",
    )
    .bind(chain.as_str());
    let statement = if held { statement.locked() } else { statement };
    statement.fetch_optional(tx).await
}

/// Stores the ends of a chain.
///
/// # Errors
/// [`StoreError`].
pub async fn save_ends(tx: &mut Tx, chain: SealChain, ends: &ChainEnds) -> Result<(), StoreError> {
    sql(
        "INSERT INTO seal_chains (name, base_number, base_seal, number, seal, swept_until, ends_seal) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET base_number = excluded.base_number, \
         base_seal = excluded.base_seal, number = excluded.number, seal = excluded.seal, \
         swept_until = excluded.swept_until, ends_seal = excluded.ends_seal",
    )
    .bind(chain.as_str())
    .bind(ends.base_number)
    .bind(ends.base_seal.clone())
    .bind(ends.number)
    .bind(ends.seal.clone())
    .bind(ends.swept_until)
    .bind(ends.ends_seal.clone())
    .execute(tx)
    .await?;
    Ok(())
}

/// Returns whether a chain has any seal.
///
/// # Errors
/// [`StoreError`].
pub async fn has_seals(tx: &mut Tx, chain: SealChain) -> Result<bool, StoreError> {
    let text = format!("SELECT number FROM {} LIMIT 1", chain.seals());
    let number: Option<i64> = generated(text).fetch_optional_value(tx).await?;
    Ok(number.is_some())
}

/// Returns lines without a number whose ids are above `after`, by id, `limit` at most.
///
/// # Errors
/// [`StoreError`].
pub async fn unsealed_lines(
    tx: &mut Tx,
    chain: SealChain,
    after: RowId,
    limit: i64,
) -> Result<Vec<LineContents>, StoreError> {
    let columns = chain.columns();
    let text = format!(
        "SELECT {} FROM {} a WHERE a.id > $1 AND NOT EXISTS \
         (SELECT 1 FROM {} s WHERE s.line_id = a.id AND s.line_id > $1) ORDER BY a.id LIMIT $2",
        list(columns, "a"),
        chain.table(),
        chain.seals(),
    );
    let statement = generated(text).bind(after).bind(limit);
    let (mut lines, mut unreadable) = (Vec::new(), None);
    for columns in statement.fetch_kinds(tx, &kinds(columns)).await? {
        match columns {
            Ok(columns) => lines.push(LineContents {
                columns,
                allocations: Vec::new(),
            }),
            Err(error) => unreadable = Some(error),
        }
    }
    // One that cannot be read stays without a number, and keeps no other from getting one.
    if let Some(error) = unreadable {
        tracing::error!(chain = chain.as_str(), %error, "a line cannot be sealed");
        if lines.is_empty() {
            return Err(error);
        }
    }
    if chain == SealChain::Ledger {
        let mut places: Vec<&mut LineContents> = lines.iter_mut().collect();
        add_allocations(tx, &mut places).await?;
    }
    Ok(lines)
}

/// Reads the allocations of entries.
async fn add_allocations(tx: &mut Tx, lines: &mut [&mut LineContents]) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = lines.iter().filter_map(|line| line.id()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let text = format!(
        "SELECT {} FROM allocations x WHERE x.entry_id IN ({}) ORDER BY x.entry_id, x.lot_id",
        list(ALLOCATION, "x"),
        places.join(", "),
    );
    let statement = ids.into_iter().fold(generated(text), Statement::bind);
    let mut found: BTreeMap<Uuid, Vec<Vec<SqlValue>>> = BTreeMap::new();
    for row in statement.fetch_kinds(tx, &kinds(ALLOCATION)).await? {
        let row = row?;
        if let Some(SqlValue::Id(Some(entry))) = row.first() {
            found.entry(*entry).or_default().push(row);
        }
    }
    for line in lines {
        let its = line.id().and_then(|id| found.remove(&id));
        line.allocations = its.unwrap_or_default();
    }
    Ok(())
}

/// A seal that is to be stored.
#[derive(Debug, Clone)]
pub struct NewSeal {
    /// Number of the line in its chain.
    pub number: i64,
    /// Id of the line.
    pub id: Uuid,
    /// Version of the contents.
    pub version: i64,
    /// The seal.
    pub seal: Vec<u8>,
}

/// Stores seals.
///
/// # Errors
/// [`StoreError`], with [`StoreError::Duplicate`] where a number or a line is sealed already.
pub async fn insert(tx: &mut Tx, chain: SealChain, seals: &[NewSeal]) -> Result<(), StoreError> {
    let head = match chain {
        SealChain::Audit => "INSERT INTO audit_seals (number, line_id, version, seal) VALUES ",
        SealChain::Ledger => "INSERT INTO ledger_seals (number, line_id, version, seal) VALUES ",
    };
    if seals.is_empty() {
        return Ok(());
    }
    let mut statement = insert_statement(head, 4, seals.len());
    for seal in seals {
        statement = statement
            .bind(seal.number)
            .bind(seal.id)
            .bind(seal.version)
            .bind(seal.seal.clone());
    }
    statement.execute(tx).await?;
    Ok(())
}

/// Returns seals above a number with their lines, by number, `limit` at most. A row that cannot be read is an error in its
/// place.
///
/// # Errors
/// [`StoreError`].
pub async fn sealed_lines(
    tx: &mut Tx,
    chain: SealChain,
    after: i64,
    limit: i64,
) -> Result<Vec<Result<SealedLine, StoreError>>, StoreError> {
    let columns = chain.columns();
    let text = format!(
        "SELECT s.number, s.line_id, s.version, s.seal, {} FROM {} s LEFT JOIN {} a ON a.id = s.line_id \
         WHERE s.number > $1 ORDER BY s.number LIMIT $2",
        list(columns, "a"),
        chain.seals(),
        chain.table(),
    );
    let mut all_kinds = vec![
        ColumnKind::Int,
        ColumnKind::Id,
        ColumnKind::Int,
        ColumnKind::Bytes,
    ];
    all_kinds.extend(kinds(columns));
    let statement = generated(text).bind(after).bind(limit);
    let rows = statement.fetch_kinds(tx, &all_kinds).await?;
    let mut lines: Vec<_> = rows
        .into_iter()
        .map(|row| row.and_then(sealed_line))
        .collect();
    if chain == SealChain::Ledger {
        add_sealed_allocations(tx, &mut lines).await?;
    }
    Ok(lines)
}

fn sealed_line(mut row: Vec<SqlValue>) -> Result<SealedLine, StoreError> {
    let columns = row.split_off(4.min(row.len()));
    let [
        SqlValue::Int(Some(number)),
        SqlValue::Id(Some(id)),
        SqlValue::Int(Some(version)),
        SqlValue::Bytes(Some(seal)),
    ] = row.as_slice()
    else {
        return Err(StoreError::Unreadable(
            "a seal has no number, line, version or hash".to_owned(),
        ));
    };
    let is_there = matches!(columns.first(), Some(SqlValue::Id(Some(_))));
    Ok(SealedLine {
        number: *number,
        id: *id,
        version: *version,
        seal: seal.clone(),
        contents: is_there.then_some(LineContents {
            columns,
            allocations: Vec::new(),
        }),
    })
}

async fn add_sealed_allocations(
    tx: &mut Tx,
    lines: &mut [Result<SealedLine, StoreError>],
) -> Result<(), StoreError> {
    let read = lines.iter_mut().filter_map(|line| line.as_mut().ok());
    let mut contents: Vec<&mut LineContents> =
        read.filter_map(|line| line.contents.as_mut()).collect();
    add_allocations(tx, &mut contents).await
}

/// Returns the ids of lines without a number that are below `oldest` or above `newest`, `limit` at most. An id that cannot be read
/// is an error in its place.
///
/// # Errors
/// [`StoreError`].
pub async fn unsealed_outside(
    tx: &mut Tx,
    chain: SealChain,
    oldest: RowId,
    newest: RowId,
    limit: i64,
) -> Result<Vec<Result<Uuid, StoreError>>, StoreError> {
    // SQLite keeps a key that is NULL.
    let text = format!(
        "SELECT a.id FROM {} a WHERE (a.id < $1 OR a.id > $2 OR a.id IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM {} s WHERE s.line_id = a.id) ORDER BY a.id LIMIT $3",
        chain.table(),
        chain.seals(),
    );
    let statement = generated(text).bind(oldest).bind(newest).bind(limit);
    let found = statement.fetch_kinds(tx, &[ColumnKind::Id]).await?;
    let id = |row: Vec<SqlValue>| match row.as_slice() {
        [SqlValue::Id(Some(id))] => Ok(*id),
        _ => Err(StoreError::Unreadable("it is empty".to_owned())),
    };
    Ok(found.into_iter().map(|row| row.and_then(id)).collect())
}

/// Deletes audit lines and the seals up to a number.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_audit_through(tx: &mut Tx, number: i64) -> Result<u64, StoreError> {
    let deleted =
        sql("DELETE FROM audit WHERE id IN (SELECT line_id FROM audit_seals WHERE number <= $1)")
            .bind(number)
            .execute(tx)
            .await?;
    sql("DELETE FROM audit_seals WHERE number <= $1")
        .bind(number)
        .execute(tx)
        .await?;
    Ok(deleted)
}

/// Deletes all seals, for a key that is lost.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_all(tx: &mut Tx) -> Result<(), StoreError> {
    for table in ["audit_seals", "ledger_seals", "seal_chains"] {
        generated(format!("DELETE FROM {table}"))
            .execute(tx)
            .await?;
    }
    Ok(())
}

fn list(columns: &[SealedColumn], table: &str) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|(name, _)| format!("{table}.{name}"))
        .collect();
    names.join(", ")
}

fn kinds(columns: &[SealedColumn]) -> Vec<ColumnKind> {
    columns.iter().map(|(_, kind)| *kind).collect()
}
