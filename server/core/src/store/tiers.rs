//! Tiers as stored: until when each holds, and the history of changes, which is only ever added to.

use super::engine::{StoredRow, WriteEffect, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::{Money, Points};
use crate::domain::tiers::{TierChangeCause, TierStatus};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, RowId};

#[derive(StoredRow)]
struct TierStatusRow {
    tier: String,
    tier_since: Instant,
    tier_until: Option<Instant>,
    tier_warned_at: Option<Instant>,
}

/// Returns the tier status of the member.
///
/// # Errors
/// [`StoreError`].
pub async fn load_tier_status(tx: &mut Tx, member: MemberId) -> Result<TierStatus, StoreError> {
    let row: TierStatusRow = sql("SELECT tier, tier_since, tier_until, tier_warned_at \
         FROM accounts WHERE member_id = $1")
    .bind(member)
    .fetch_one(tx)
    .await?;
    Ok(TierStatus {
        tier: row.tier,
        since: row.tier_since,
        until: row.tier_until,
        warned: row.tier_warned_at,
    })
}

/// Stores where the member stands from now on.
pub fn set_tier_status(tx: &mut Tx, member: MemberId, standing: &TierStatus) {
    sql(
        "UPDATE accounts SET tier = $2, tier_since = $3, tier_until = $4, tier_warned_at = $5 \
         WHERE member_id = $1",
    )
    .bind(member)
    .bind(standing.tier.as_str())
    .bind(standing.since)
    .bind(standing.until)
    .bind(standing.warned)
    .defer(tx, WriteEffect::Changes("accounts"));
}

/// Sums of what is left of sales and counts for tiers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, StoredRow)]
pub struct CountedSaleSums {
    /// Money after discounts, with what points paid.
    pub money: Money,
    /// Points earned.
    pub points: Points,
}

/// Returns what is left of the member's sales since `since` and counts, without excluded categories. Those of accounts that were merged into the member's count too.
/// These are the measures of tiers: spending points never lowers them; returns do, as if nothing had been bought.
///
/// # Errors
/// [`StoreError`].
pub async fn sum_counted_since(
    tx: &mut Tx,
    member: MemberId,
    since: Instant,
) -> Result<CountedSaleSums, StoreError> {
    sql("SELECT CAST(COALESCE(SUM(counted_total), 0) AS BIGINT) AS money, \
         CAST(COALESCE(SUM(counted_points), 0) AS BIGINT) AS points FROM (SELECT counted_total, counted_points \
         FROM receipts WHERE member_id = $1 AND at >= $2 UNION ALL SELECT r.counted_total, r.counted_points \
         FROM merged_accounts m JOIN receipts r ON r.member_id = m.merged_id \
         WHERE m.member_id = $1 AND r.at >= $2) AS kept")
    .bind(member)
    .bind(since)
    .fetch_one(tx)
    .await
}

/// Sale with what is left of it.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct RemainingSaleRow {
    /// Its own time.
    pub at: Instant,
    /// Time at which it came to the member: was stored, or claimed.
    pub came: Instant,
    /// Money that counts, after discounts.
    pub money: Money,
    /// Points earned that count.
    pub points: Points,
}

/// The member's sales of which anything is left.
///
/// # Errors
/// [`StoreError`].
pub async fn list_remaining_sales(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<RemainingSaleRow>, StoreError> {
    sql(
        "SELECT r.at, COALESCE(c.claimed_at, r.received_at) AS came, r.counted_total AS money, \
         r.counted_points AS points FROM receipts r LEFT JOIN claims c ON c.receipt_id = r.id \
         WHERE r.member_id = $1 AND r.kept_total > 0",
    )
    .bind(member)
    .fetch_all(tx)
    .await
}

/// Members of a tier whose time is over at `at` or not worked out yet, at most `limit` of each.
///
/// # Errors
/// [`StoreError`].
pub async fn list_members_due(
    tx: &mut Tx,
    tier: &str,
    at: Instant,
    limit: i64,
) -> Result<Vec<MemberId>, StoreError> {
    sql("SELECT member_id FROM (SELECT member_id FROM accounts \
         WHERE tier = $1 AND tier_until <= $2 LIMIT $3) AS ended \
         UNION ALL SELECT member_id FROM (SELECT member_id FROM accounts \
         WHERE tier = $1 AND tier_until IS NULL LIMIT $3) AS not_known")
    .bind(tier)
    .bind(at)
    .bind(limit)
    .fetch_values(tx)
    .await
}

/// Open accounts of a tier.
#[derive(Debug, Clone, StoredRow)]
pub struct TierHolderCount {
    /// The tier's id.
    pub tier: String,
    /// Number of members who hold it.
    pub members: i64,
}

/// Returns how many open accounts hold each tier, by its id.
///
/// # Errors
/// [`StoreError`].
pub async fn count_holders(tx: &mut Tx) -> Result<Vec<TierHolderCount>, StoreError> {
    sql(
        "SELECT a.tier, COUNT(*) AS members FROM accounts a JOIN members m ON m.id = a.member_id \
         WHERE m.closed_at IS NULL GROUP BY a.tier ORDER BY a.tier",
    )
    .fetch_all(tx)
    .await
}

/// A change of a member's tier.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct TierChangeRow {
    /// Its id.
    pub id: RowId,
    /// Tier before.
    pub from_tier: String,
    /// Tier afterwards; the same when it was renewed.
    pub to_tier: String,
    /// Cause of the change.
    pub cause: TierChangeCause,
    /// Amount that was counted, in the unit of the programme's measure.
    pub measured: i64,
    /// Version of the programme that decided.
    pub programme_version: i64,
    /// The receipt that caused it, where one did.
    pub receipt_id: Option<ReceiptId>,
    /// Time until which the tier before had been promised.
    pub from_until: Option<Instant>,
    /// End of the period since which the tier before was in grace; `None` = it was not.
    pub from_warned_at: Option<Instant>,
    /// Time of the change.
    pub at: Instant,
}

/// Adds a change to the history.
pub fn add_change(tx: &mut Tx, member: MemberId, change: &TierChangeRow) {
    sql(
        "INSERT INTO tier_changes (id, member_id, from_tier, to_tier, cause, measured, \
         programme_version, receipt_id, from_until, from_warned_at, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(change.id)
    .bind(member)
    .bind(change.from_tier.as_str())
    .bind(change.to_tier.as_str())
    .bind(change.cause)
    .bind(change.measured)
    .bind(change.programme_version)
    .bind(change.receipt_id)
    .bind(change.from_until)
    .bind(change.from_warned_at)
    .bind(change.at)
    .defer(tx, WriteEffect::Adds("tier_changes"));
}

/// The member's changes, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn list_changes(
    tx: &mut Tx,
    member: MemberId,
    limit: i64,
) -> Result<Vec<TierChangeRow>, StoreError> {
    sql(
        "SELECT id, from_tier, to_tier, cause, measured, programme_version, receipt_id, \
         from_until, from_warned_at, at FROM tier_changes \
         WHERE member_id = $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(member)
    .bind(limit)
    .fetch_all(tx)
    .await
}
