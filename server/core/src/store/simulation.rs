//! What a simulation reads of the past: sales of a period in batches, and what a member had done before a moment.
//! Nothing here writes.

use std::collections::HashMap;

use uuid::Uuid;

use super::engine::{StoredRow, sql};
use super::offers::OfferTotalRow;
use super::tiers::CountedSaleSums;
use super::{ScanTx, StoreError};
use crate::domain::offers::OfferUses;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};

/// A sale with a member.
#[derive(Debug, Clone, StoredRow)]
pub struct SimulatedSaleRow {
    /// Its id.
    pub id: ReceiptId,
    /// Member of the sale.
    pub member_id: MemberId,
    /// Code of the store.
    pub store: String,
    /// Its own time.
    pub at: Instant,
    /// The version that judged it.
    pub programme_version: i64,
    /// The tier that judged it.
    pub tier: String,
    /// JSON of the judgement's result.
    pub evaluation: String,
    /// JSON of how it was judged; empty for sales from before that was kept.
    pub judgement: String,
}

/// Place at which a batch of sales ended.
#[derive(Debug, Clone, Copy)]
pub struct SaleBatchCursor {
    member: Uuid,
    at: Instant,
    sale: Uuid,
}

impl Default for SaleBatchCursor {
    /// Returns the place before the first sale.
    fn default() -> Self {
        Self {
            member: Uuid::nil(),
            at: Instant(i64::MIN),
            sale: Uuid::nil(),
        }
    }
}

impl From<&SimulatedSaleRow> for SaleBatchCursor {
    fn from(row: &SimulatedSaleRow) -> Self {
        Self {
            member: row.member_id.into(),
            at: row.at,
            sale: row.id.into(),
        }
    }
}

/// The next sales of members from `from` to before `until`, member by member and by time.
///
/// # Errors
/// [`StoreError`].
pub async fn list_sales(
    tx: &mut ScanTx,
    from: Instant,
    until: Instant,
    after: SaleBatchCursor,
    batch: i64,
) -> Result<Vec<SimulatedSaleRow>, StoreError> {
    sql(
        "SELECT r.id, r.member_id, (SELECT s.code FROM stores s WHERE s.id = r.store_id) AS store, \
         r.at, r.programme_version, r.tier, r.evaluation, r.judgement FROM receipts r \
         WHERE r.kind = 'sale' AND r.at >= $1 AND r.at < $2 \
         AND (r.member_id, r.at, r.id) > ($3, $4, $5) \
         ORDER BY r.member_id, r.at, r.id LIMIT $6",
    )
    .bind(from)
    .bind(until)
    .bind(after.member)
    .bind(after.at)
    .bind(after.sale)
    .bind(batch)
    .fetch_all(tx)
    .await
}

/// Returns what each offer had given to everyone before `before`.
///
/// # Errors
/// [`StoreError`].
pub async fn uses_of_all(
    tx: &mut ScanTx,
    before: Instant,
) -> Result<HashMap<String, OfferUses>, StoreError> {
    let rows: Vec<OfferTotalRow> = sql("SELECT offer, COUNT(*) AS uses, \
         CAST(SUM(points) AS BIGINT) AS points, CAST(SUM(money) AS BIGINT) AS money \
         FROM offer_uses WHERE at < $1 GROUP BY offer")
    .bind(before)
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let uses = OfferUses {
                in_all: row.uses,
                points: row.points,
                money: row.money,
                ..OfferUses::default()
            };
            (row.offer, uses)
        })
        .collect())
}

#[derive(StoredRow)]
struct MemberOfferUses {
    offer: String,
    uses: i64,
}

/// Returns how often a member had used each offer before `before`.
///
/// # Errors
/// [`StoreError`].
pub async fn uses_of_member(
    tx: &mut ScanTx,
    member: MemberId,
    before: Instant,
) -> Result<HashMap<String, i64>, StoreError> {
    let rows: Vec<MemberOfferUses> = sql("SELECT offer, COUNT(*) AS uses FROM offer_uses \
         WHERE member_id = $1 AND at < $2 GROUP BY offer")
    .bind(member)
    .bind(before)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.offer, row.uses)).collect())
}

/// Returns what counts for tiers of a person's sales from `since` to before `before`, as far as nothing of it has gone back and
/// without excluded categories, as [`super::tiers::sum_counted_since`] does.
///
/// # Errors
/// [`StoreError`].
pub async fn counted_between(
    tx: &mut ScanTx,
    person: MemberId,
    since: Instant,
    before: Instant,
) -> Result<CountedSaleSums, StoreError> {
    sql(
        "SELECT CAST(COALESCE(SUM(counted_total), 0) AS BIGINT) AS money, \
         CAST(COALESCE(SUM(counted_points), 0) AS BIGINT) AS points FROM receipts \
         WHERE at >= $2 AND at < $3 AND (member_id = $1 \
         OR member_id IN (SELECT merged_id FROM merged_accounts WHERE member_id = $1))",
    )
    .bind(person)
    .bind(since)
    .bind(before)
    .fetch_one(tx)
    .await
}
