//! A stored sale that is given to a member afterwards, by its claim code.

use super::super::engine::sql;
use super::super::{StoreError, Tx};
use crate::domain::amounts::Points;
use crate::ids::{MemberId, ReceiptId};

/// New values of a sale that somebody claims.
#[derive(Debug)]
pub struct ClaimedSaleValues<'a> {
    /// Member whose sale it is from now on.
    pub member: MemberId,
    /// The member's tier that judged it.
    pub tier: &'a str,
    /// JSON of the judgement's result.
    pub evaluation: String,
    /// JSON of what it was judged by.
    pub judgement: String,
    /// Points of what is left of it.
    pub kept_points: Points,
    /// Those of them that count for levels.
    pub counted_points: Points,
    /// Points by line.
    pub earned: Vec<Points>,
}

/// Makes a sale that was nobody's a member's, with its returns so far; false when it is somebody's.
///
/// # Errors
/// [`StoreError`].
pub async fn assign_to_member(
    tx: &mut Tx,
    sale: ReceiptId,
    claimed: &ClaimedSaleValues<'_>,
) -> Result<bool, StoreError> {
    let changed = sql(
        "UPDATE receipts SET member_id = $2, tier = $3, evaluation = $4, judgement = $5, \
         kept_points = $6, counted_points = $7 WHERE id = $1 AND member_id IS NULL AND kind = 'sale'",
    )
    .bind(sale)
    .bind(claimed.member)
    .bind(claimed.tier)
    .bind(claimed.evaluation.as_str())
    .bind(claimed.judgement.as_str())
    .bind(claimed.kept_points)
    .bind(claimed.counted_points)
    .execute(tx)
    .await?;
    if changed == 0 {
        return Ok(false);
    }
    for (position, earned) in (0_i64..).zip(&claimed.earned) {
        sql("UPDATE receipt_lines SET earned = $3 WHERE receipt_id = $1 AND position = $2")
            .bind(sale)
            .bind(position)
            .bind(*earned)
            .execute(tx)
            .await?;
    }
    sql("UPDATE receipts SET member_id = $2, tier = $3 WHERE sale_id = $1")
        .bind(sale)
        .bind(claimed.member)
        .bind(claimed.tier)
        .execute(tx)
        .await?;
    sql(
        "UPDATE receipt_lines SET member_id = $2 WHERE receipt_id IN \
         (SELECT id FROM receipts WHERE id = $1 OR sale_id = $1)",
    )
    .bind(sale)
    .bind(claimed.member)
    .execute(tx)
    .await?;
    Ok(true)
}
