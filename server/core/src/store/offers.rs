//! What members did with offers: switched on, used, gifts promised and handed over.

use std::collections::HashSet;

use super::engine::{Statement, StoredRow, WriteEffect, generated, insert_statement, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::{Money, Points};
use crate::domain::time::Instant;
use crate::ids::{GrantId, MemberId, ReceiptId};

/// Offers that the member had switched on before `at`.
///
/// # Errors
/// [`StoreError`].
pub async fn activated_before(
    tx: &mut Tx,
    member: MemberId,
    at: Instant,
) -> Result<HashSet<String>, StoreError> {
    let offers =
        sql("SELECT offer FROM offer_activations WHERE member_id = $1 AND activated_at < $2")
            .bind(member)
            .bind(at)
            .fetch_values(tx)
            .await?;
    Ok(offers.into_iter().collect())
}

/// Switches an offer on; again is no error.
pub fn activate(tx: &mut Tx, member: MemberId, offer: &str, now: Instant) {
    sql(
        "INSERT INTO offer_activations (member_id, offer, activated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (member_id, offer) DO NOTHING",
    )
    .bind(member)
    .bind(offer)
    .bind(now)
    .defer(tx, WriteEffect::Changes("offer_activations"));
}

fn deactivation(member: MemberId, offer: &str) -> Statement {
    sql("DELETE FROM offer_activations WHERE member_id = $1 AND offer = $2")
        .bind(member)
        .bind(offer)
}

/// Switches an offer off.
pub fn deactivate(tx: &mut Tx, member: MemberId, offer: &str) {
    deactivation(member, offer).defer(tx, WriteEffect::Changes("offer_activations"));
}

/// Switches an offer off; false where it was not on.
///
/// # Errors
/// [`StoreError`].
pub async fn deactivate_at_once(
    tx: &mut Tx,
    member: MemberId,
    offer: &str,
) -> Result<bool, StoreError> {
    Ok(deactivation(member, offer).execute(tx).await? > 0)
}

/// Counts from now on what offers give to everyone, where that is not counted yet: in one row for each, which holds what
/// they gave before.
///
/// # Errors
/// [`StoreError`].
pub async fn start_counting(tx: &mut Tx, offers: &[&str]) -> Result<(), StoreError> {
    for offer in offers {
        let counted: Option<i64> = sql("SELECT uses FROM offer_totals WHERE offer = $1")
            .bind(*offer)
            .fetch_optional_value(tx)
            .await?;
        if counted.is_some() {
            continue;
        }
        // Whoever is just using it without counting is waited for, and whoever comes later finds the row.
        tx.lock_table("offer_uses").await?;
        sql("INSERT INTO offer_totals (offer, uses, points, money) \
             SELECT $1, COUNT(*), CAST(COALESCE(SUM(points), 0) AS BIGINT), \
             CAST(COALESCE(SUM(money), 0) AS BIGINT) FROM offer_uses WHERE offer = $1 \
             ON CONFLICT (offer) DO NOTHING")
        .bind(*offer)
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// Sum of what an offer gave to everyone.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct OfferTotalRow {
    /// Its id.
    pub offer: String,
    /// Receipts.
    pub uses: i64,
    /// Points.
    pub points: Points,
    /// Money off.
    pub money: Money,
}

/// Returns what offers gave to everyone by now, for those where that is counted. The rows are locked until the transaction
/// ends, in the order of their ids, so that no two transactions wait for each other.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_totals(tx: &mut Tx, offers: &[&str]) -> Result<Vec<OfferTotalRow>, StoreError> {
    let places: Vec<String> = (1..=offers.len())
        .map(|place| format!("${place}"))
        .collect();
    let text = format!(
        "SELECT offer, uses, points, money FROM offer_totals WHERE offer IN ({}) ORDER BY offer",
        places.join(", ")
    );
    let offers = offers.iter();
    offers
        .fold(generated(text), |statement, offer| statement.bind(*offer))
        .locked()
        .fetch_all(tx)
        .await
}

/// A receipt's use of an offer.
#[derive(Debug, Clone, Copy)]
pub struct NewOfferUse<'a> {
    /// Its id.
    pub offer: &'a str,
    /// Points that it gave.
    pub points: Points,
    /// Money that it took off.
    pub money: Money,
}

/// Remembers that a receipt used offers, each once.
pub fn use_offers(
    tx: &mut Tx,
    receipt: ReceiptId,
    member: MemberId,
    at: Instant,
    uses: &[NewOfferUse<'_>],
) {
    if uses.is_empty() {
        return;
    }
    let head = "INSERT INTO offer_uses (receipt_id, offer, member_id, points, money, at) VALUES ";
    let mut all = insert_statement(head, 6, uses.len());
    for each in uses {
        all = all
            .bind(receipt)
            .bind(each.offer)
            .bind(member)
            .bind(each.points)
            .bind(each.money)
            .bind(at);
    }
    all.defer(tx, WriteEffect::Adds("offer_uses"));
}

/// Adds uses, each of another offer, to what offers gave to everyone, where that is counted.
pub fn add_to_totals(tx: &mut Tx, uses: &[NewOfferUse<'_>]) {
    if uses.is_empty() {
        return;
    }
    let totals = uses.iter().fold(totals_update(uses.len()), |totals, each| {
        totals.bind(each.offer).bind(each.points).bind(each.money)
    });
    totals.defer(tx, WriteEffect::Changes("offer_totals"));
}

/// Builds the update of the totals of so many offers, one use more of each. Their places are three by three: id, points,
/// money.
fn totals_update(offers: usize) -> Statement {
    let places = (0..offers).map(|number| number * 3 + 1);
    let points: String = places
        .clone()
        .map(|id| format!(" WHEN ${id} THEN ${}", id + 1))
        .collect();
    let money: String = places
        .clone()
        .map(|id| format!(" WHEN ${id} THEN ${}", id + 2))
        .collect();
    let ids: Vec<String> = places.map(|id| format!("${id}")).collect();
    let ids = ids.join(", ");
    generated(format!(
        "UPDATE offer_totals SET uses = uses + 1, points = points + CASE offer{points} ELSE 0 END, \
         money = money + CASE offer{money} ELSE 0 END WHERE offer IN ({ids})"
    ))
}

#[derive(StoredRow)]
struct OfferUseAmounts {
    points: Points,
    money: Money,
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
    let old: OfferUseAmounts =
        sql("SELECT points, money FROM offer_uses WHERE receipt_id = $1 AND offer = $2")
            .bind(receipt)
            .bind(offer)
            .fetch_one(tx)
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
        .bind(points - old.points)
        .bind(money - old.money)
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

/// Takes back the promise of a receipt's offer, unless the gift was handed over.
pub fn withdraw(tx: &mut Tx, receipt: ReceiptId, offer: &str) {
    sql("DELETE FROM gift_grants WHERE receipt_id = $1 AND offer = $2 AND handed_over_at IS NULL")
        .bind(receipt)
        .bind(offer)
        .defer(tx, WriteEffect::Changes("gift_grants"));
}

/// A gift promised to a member.
#[derive(Debug, Clone, StoredRow)]
pub struct WaitingGiftRow {
    /// Its id.
    pub id: GrantId,
    /// The offer that promised it.
    pub offer: String,
    /// The gift.
    pub gift: String,
    /// The receipt that it was promised for.
    pub receipt_id: ReceiptId,
    /// The version that judged the receipt.
    pub programme_version: i64,
    /// Time of the promise.
    pub granted_at: Instant,
}

/// Promises a gift.
pub fn grant_gift(
    tx: &mut Tx,
    member: MemberId,
    offer: &str,
    gift: &str,
    receipt: ReceiptId,
    now: Instant,
) -> GrantId {
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
    .defer(tx, WriteEffect::Adds("gift_grants"));
    id
}

/// The member's gifts that wait to be handed over, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_waiting_gifts(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<WaitingGiftRow>, StoreError> {
    sql(
        "SELECT g.id, g.offer, g.gift, g.receipt_id, r.programme_version, g.granted_at \
         FROM gift_grants g JOIN receipts r ON r.id = g.receipt_id \
         WHERE g.member_id = $1 AND g.handed_over_at IS NULL ORDER BY g.granted_at",
    )
    .bind(member)
    .fetch_all(tx)
    .await
}
