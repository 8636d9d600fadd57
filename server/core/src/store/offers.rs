//! What members did with offers: switched on, used, gifts promised and handed over.

use std::collections::{HashMap, HashSet};

use super::engine::sql;
use super::{StoreError, Tx};
use crate::domain::amounts::{Money, Points};
use crate::domain::offers::OfferUses;
use crate::domain::time::Instant;
use crate::ids::{GrantId, MemberId, ReceiptId, StaffId};

/// Offers that the member has switched on.
///
/// # Errors
/// [`StoreError`].
pub async fn activated(tx: &mut Tx, member: MemberId) -> Result<HashSet<String>, StoreError> {
    let rows: Vec<(String,)> = sql("SELECT offer FROM offer_activations WHERE member_id = $1")
        .bind(member)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|(offer,)| offer).collect())
}

/// Switches an offer on; again is no error.
///
/// # Errors
/// [`StoreError`].
pub async fn activate(
    tx: &mut Tx,
    member: MemberId,
    offer: &str,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO offer_activations (member_id, offer, activated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (member_id, offer) DO NOTHING",
    )
    .bind(member)
    .bind(offer)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Switches an offer off.
///
/// # Errors
/// [`StoreError`].
pub async fn undo(tx: &mut Tx, member: MemberId, offer: &str) -> Result<(), StoreError> {
    sql("DELETE FROM offer_activations WHERE member_id = $1 AND offer = $2")
        .bind(member)
        .bind(offer)
        .execute(tx)
        .await?;
    Ok(())
}

/// How often and for how much each offer was used: by the member, by the member on the day from `today` to
/// `tomorrow`, by everyone.
///
/// # Errors
/// [`StoreError`].
pub async fn uses(
    tx: &mut Tx,
    member: MemberId,
    today: Instant,
    tomorrow: Instant,
) -> Result<HashMap<String, OfferUses>, StoreError> {
    let totals: Vec<(String, i64, i64, i64)> =
        sql("SELECT offer, uses, points, money FROM offer_totals")
            .all(tx)
            .await?;
    let own: Vec<(String, i64, i64)> = sql("SELECT offer, COUNT(*), \
         CAST(COALESCE(SUM(CASE WHEN at >= $2 AND at < $3 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM offer_uses WHERE member_id = $1 GROUP BY offer")
    .bind(member)
    .bind(today)
    .bind(tomorrow)
    .all(tx)
    .await?;
    let mut uses: HashMap<String, OfferUses> = HashMap::new();
    for (offer, in_all, points, money) in totals {
        let entry = uses.entry(offer).or_default();
        entry.in_all = in_all;
        entry.points = Points(points);
        entry.money = Money(money);
    }
    for (offer, by_member, on_day) in own {
        let entry = uses.entry(offer).or_default();
        entry.by_member = by_member;
        entry.today = on_day;
    }
    Ok(uses)
}

/// Holds the totals of the offers until the transaction ends, so that a limit or a budget is judged by what is true at
/// its end too. Offers are taken in order of their ids, so that no two transactions wait for each other.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_totals(tx: &mut Tx, offers: &[&str]) -> Result<(), StoreError> {
    let mut offers = offers.to_vec();
    offers.sort_unstable();
    offers.dedup();
    for offer in offers {
        sql(
            "INSERT INTO offer_totals (offer, uses, points, money) VALUES ($1, 0, 0, 0) \
             ON CONFLICT (offer) DO NOTHING",
        )
        .bind(offer)
        .execute(tx)
        .await?;
        let _: (i64,) = sql("SELECT uses FROM offer_totals WHERE offer = $1")
            .bind(offer)
            .locked()
            .one(tx)
            .await?;
    }
    Ok(())
}

/// Remembers that a receipt used an offer.
///
/// # Errors
/// [`StoreError`].
pub async fn use_offer(
    tx: &mut Tx,
    receipt: ReceiptId,
    member: MemberId,
    offer: &str,
    points: Points,
    money: Money,
    at: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO offer_uses (receipt_id, offer, member_id, points, money, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(receipt)
    .bind(offer)
    .bind(member)
    .bind(points)
    .bind(money)
    .bind(at)
    .execute(tx)
    .await?;
    sql(
        "INSERT INTO offer_totals (offer, uses, points, money) VALUES ($1, 1, $2, $3) \
         ON CONFLICT (offer) DO UPDATE SET uses = offer_totals.uses + 1, \
         points = offer_totals.points + excluded.points, \
         money = offer_totals.money + excluded.money",
    )
    .bind(offer)
    .bind(points)
    .bind(money)
    .execute(tx)
    .await?;
    Ok(())
}

/// Changes what a receipt's use of an offer gave, as when goods go back.
///
/// # Errors
/// [`StoreError`].
pub async fn change_use(
    tx: &mut Tx,
    receipt: ReceiptId,
    offer: &str,
    points: Points,
    money: Money,
) -> Result<(), StoreError> {
    let (old_points, old_money): (i64, i64) =
        sql("SELECT points, money FROM offer_uses WHERE receipt_id = $1 AND offer = $2")
            .bind(receipt)
            .bind(offer)
            .one(tx)
            .await?;
    sql("UPDATE offer_uses SET points = $3, money = $4 WHERE receipt_id = $1 AND offer = $2")
        .bind(receipt)
        .bind(offer)
        .bind(points)
        .bind(money)
        .execute(tx)
        .await?;
    sql("UPDATE offer_totals SET points = points + $2, money = money + $3 WHERE offer = $1")
        .bind(offer)
        .bind(points - Points(old_points))
        .bind(money - Money(old_money))
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets that a receipt used an offer: it and its budget are free again.
///
/// # Errors
/// [`StoreError`].
pub async fn give_use_back(tx: &mut Tx, receipt: ReceiptId, offer: &str) -> Result<(), StoreError> {
    change_use(tx, receipt, offer, Points::ZERO, Money::ZERO).await?;
    sql("DELETE FROM offer_uses WHERE receipt_id = $1 AND offer = $2")
        .bind(receipt)
        .bind(offer)
        .execute(tx)
        .await?;
    sql("UPDATE offer_totals SET uses = uses - 1 WHERE offer = $1")
        .bind(offer)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether the gift that a receipt's offer promised was handed over.
///
/// # Errors
/// [`StoreError`].
pub async fn is_handed_over(
    tx: &mut Tx,
    receipt: ReceiptId,
    offer: &str,
) -> Result<bool, StoreError> {
    let (handed_over,): (i64,) = sql("SELECT COUNT(*) FROM gift_grants \
         WHERE receipt_id = $1 AND offer = $2 AND handed_over_at IS NOT NULL")
    .bind(receipt)
    .bind(offer)
    .one(tx)
    .await?;
    Ok(handed_over > 0)
}

/// Takes back the promise of a receipt's offer, unless the gift was handed over.
///
/// # Errors
/// [`StoreError`].
pub async fn withdraw(tx: &mut Tx, receipt: ReceiptId, offer: &str) -> Result<(), StoreError> {
    sql("DELETE FROM gift_grants WHERE receipt_id = $1 AND offer = $2 AND handed_over_at IS NULL")
        .bind(receipt)
        .bind(offer)
        .execute(tx)
        .await?;
    Ok(())
}

/// A gift promised to a member.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct GrantRow {
    /// Its id.
    pub id: GrantId,
    /// The offer that promised it.
    pub offer: String,
    /// The gift.
    pub gift: String,
    /// When (µs).
    pub granted_at: i64,
    /// When it was handed over (µs).
    pub handed_over_at: Option<i64>,
}

/// Promises a gift.
///
/// # Errors
/// [`StoreError`].
pub async fn grant(
    tx: &mut Tx,
    member: MemberId,
    offer: &str,
    gift: &str,
    receipt: ReceiptId,
    now: Instant,
) -> Result<GrantId, StoreError> {
    let id = GrantId::new();
    sql(
        "INSERT INTO gift_grants (id, member_id, offer, gift, receipt_id, granted_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(member)
    .bind(offer)
    .bind(gift)
    .bind(receipt)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(id)
}

/// The member's gifts that wait to be handed over, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting_gifts(tx: &mut Tx, member: MemberId) -> Result<Vec<GrantRow>, StoreError> {
    sql(
        "SELECT id, offer, gift, granted_at, handed_over_at FROM gift_grants \
         WHERE member_id = $1 AND handed_over_at IS NULL ORDER BY granted_at",
    )
    .bind(member)
    .all(tx)
    .await
}

/// Hands a gift over; false when it was handed over before or there is none such.
///
/// # Errors
/// [`StoreError`].
pub async fn hand_over(
    tx: &mut Tx,
    grant: GrantId,
    by: Option<StaffId>,
    now: Instant,
) -> Result<bool, StoreError> {
    let done = sql(
        "UPDATE gift_grants SET handed_over_at = $2, handed_over_by = $3 \
         WHERE id = $1 AND handed_over_at IS NULL",
    )
    .bind(grant)
    .bind(now)
    .bind(by)
    .execute(tx)
    .await?;
    Ok(done == 1)
}
