//! Versions of the programme. A version is never changed; a new one starts at its own time.

use serde::Deserialize;

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx, offers};
use crate::domain::programme::Programme;
use crate::domain::time::Instant;

/// A version of the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, StoredRow)]
pub struct ProgrammeVersionRow {
    /// Its number.
    pub version: i64,
    /// The time from which it is in force.
    pub valid_from: Instant,
}

/// The version in force at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, StoredRow)]
pub struct VersionInForce {
    /// Its number.
    pub version: i64,
    /// Number of the newest version that is stored.
    pub newest: i64,
}

#[derive(StoredRow)]
struct ProgrammeDocumentRow {
    document: String,
    valid_from: Instant,
    newest: i64,
}

/// Number of the version in force at `at`, where there is one.
///
/// # Errors
/// [`StoreError`].
pub async fn version_at(tx: &mut Tx, at: Instant) -> Result<Option<i64>, StoreError> {
    Ok(find_in_force(tx, at).await?.map(|found| found.version))
}

/// The version in force at `at`, where there is one.
///
/// # Errors
/// [`StoreError`].
pub async fn find_in_force(tx: &mut Tx, at: Instant) -> Result<Option<VersionInForce>, StoreError> {
    sql(
        "SELECT version, (SELECT MAX(version) FROM programme_versions) AS newest FROM programme_versions \
         WHERE valid_from <= $1 ORDER BY valid_from DESC, version DESC LIMIT 1",
    )
    .bind(at)
    .fetch_optional(tx)
    .await
}

/// Returns when the first version of all came or comes into force; `None` = none is stored.
///
/// # Errors
/// [`StoreError`].
pub async fn find_first_start(tx: &mut Tx) -> Result<Option<Instant>, StoreError> {
    let from: Option<Instant> = sql("SELECT MIN(valid_from) FROM programme_versions")
        .fetch_value(tx)
        .await?;
    Ok(from)
}

/// The document of a version, and the number of the newest that is stored.
///
/// # Errors
/// [`StoreError::Unreadable`] when it does not parse.
pub async fn load_document(tx: &mut Tx, version: i64) -> Result<(Programme, i64), StoreError> {
    let row: ProgrammeDocumentRow = sql(
        "SELECT document, valid_from, (SELECT MAX(version) FROM programme_versions) AS newest \
         FROM programme_versions WHERE version = $1",
    )
    .bind(version)
    .fetch_one(tx)
    .await?;
    let mut programme = serde_json::from_str(&row.document).map_err(unreadable)?;
    merge_tier_orders(tx, &mut programme, row.valid_from, version).await?;
    Ok((programme, row.newest))
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

/// Part of a document with its tiers alone.
#[derive(Deserialize)]
struct TierOrderDocument {
    tiers: Vec<TierOrderStep>,
}

#[derive(Deserialize)]
struct TierOrderStep {
    id: String,
}

/// Tells a programme that is in force from `from` on, as this version, of the levels that all others have: a member whose
/// sale it judges may stand on one. Those in force before it have the last word, the last of them first; one that comes into
/// force later is asked only of levels that none of these had.
///
/// # Errors
/// [`StoreError::Unreadable`] when one of them does not parse.
pub async fn merge_tier_orders(
    tx: &mut Tx,
    programme: &mut Programme,
    from: Instant,
    version: i64,
) -> Result<(), StoreError> {
    let others: Vec<String> = sql(
        "SELECT document FROM programme_versions WHERE version <> $1 \
         ORDER BY CASE WHEN valid_from < $2 OR (valid_from = $2 AND version < $1) THEN 0 ELSE 1 END, \
         valid_from DESC, version DESC",
    )
    .bind(version)
    .bind(from)
    .fetch_values(tx)
    .await?;
    for document in others {
        let order: TierOrderDocument = serde_json::from_str(&document).map_err(unreadable)?;
        let ids: Vec<String> = order.tiers.into_iter().map(|step| step.id).collect();
        programme.merge_tier_order(&ids);
    }
    Ok(())
}

/// Stores a new version in force from `valid_from`; its number. What its offers may give to everyone is counted from now on.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    programme: &Programme,
    valid_from: Instant,
    now: Instant,
) -> Result<i64, StoreError> {
    let document = serde_json::to_string(programme).map_err(unreadable)?;
    let version: i64 = sql("SELECT COALESCE(MAX(version), 0) + 1 FROM programme_versions")
        .fetch_value(tx)
        .await?;
    sql(
        "INSERT INTO programme_versions (version, valid_from, document, created_at) \
         VALUES ($1, $2, $3, $4)",
    )
    .bind(version)
    .bind(valid_from)
    .bind(document)
    .bind(now)
    .execute(tx)
    .await?;
    let limited = programme.offers.iter().filter(|offer| offer.is_limited());
    let limited: Vec<&str> = limited.map(|offer| offer.id.as_str()).collect();
    offers::start_counting(tx, &limited).await?;
    Ok(version)
}

/// All versions, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_versions(tx: &mut Tx) -> Result<Vec<ProgrammeVersionRow>, StoreError> {
    sql("SELECT version, valid_from FROM programme_versions ORDER BY version DESC")
        .fetch_all(tx)
        .await
}

/// Returns when a version comes into force, where there is such a version.
///
/// # Errors
/// [`StoreError`].
pub async fn valid_from(tx: &mut Tx, version: i64) -> Result<Option<Instant>, StoreError> {
    let row: Option<Instant> = sql("SELECT valid_from FROM programme_versions WHERE version = $1")
        .bind(version)
        .fetch_optional_value(tx)
        .await?;
    Ok(row)
}

/// Returns whether any points have ever moved.
///
/// # Errors
/// [`StoreError`].
pub async fn points_have_moved(tx: &mut Tx) -> Result<bool, StoreError> {
    let row: Option<i64> = sql("SELECT at FROM entries LIMIT 1")
        .fetch_optional_value(tx)
        .await?;
    Ok(row.is_some())
}
