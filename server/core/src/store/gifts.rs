//! Gifts in stores: how many are left, and what was handed over where. A gift without a row in its store is not counted.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{GrantId, MemberId, ReceiptId, StaffId, StoreId, TillId};

/// Stock of a gift in a store.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct GiftStockRow {
    /// Code of the store.
    pub store: String,
    /// The gift.
    pub gift: String,
    /// Number of pieces left.
    pub left_count: i64,
}

/// Sets how many of a gift a store has.
///
/// # Errors
/// [`StoreError`].
pub async fn set_stock(
    tx: &mut Tx,
    store: StoreId,
    gift: &str,
    count: i64,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO gift_stock (store_id, gift, left_count) VALUES ($1, $2, $3) \
         ON CONFLICT (store_id, gift) DO UPDATE SET left_count = excluded.left_count",
    )
    .bind(store)
    .bind(gift)
    .bind(count)
    .execute(tx)
    .await?;
    Ok(())
}

/// Stops counting a gift in a store.
///
/// # Errors
/// [`StoreError`].
pub async fn stop_counting(tx: &mut Tx, store: StoreId, gift: &str) -> Result<(), StoreError> {
    sql("DELETE FROM gift_stock WHERE store_id = $1 AND gift = $2")
        .bind(store)
        .bind(gift)
        .execute(tx)
        .await?;
    Ok(())
}

/// Returns the stock of all counted gifts, by store and gift; of one store where one is named.
///
/// # Errors
/// [`StoreError`].
pub async fn list_stock(
    tx: &mut Tx,
    store: Option<StoreId>,
) -> Result<Vec<GiftStockRow>, StoreError> {
    sql(
        "SELECT s.code AS store, g.gift, g.left_count FROM gift_stock g \
         JOIN stores s ON s.id = g.store_id WHERE $1 IS NULL OR g.store_id = $1 \
         ORDER BY s.code, g.gift",
    )
    .bind(store)
    .fetch_all(tx)
    .await
}

/// Returns how many of a gift a store has left; `None` = it is not counted.
///
/// # Errors
/// [`StoreError`].
pub async fn load_stock_left(
    tx: &mut Tx,
    store: StoreId,
    gift: &str,
) -> Result<Option<i64>, StoreError> {
    sql("SELECT left_count FROM gift_stock WHERE store_id = $1 AND gift = $2")
        .bind(store)
        .bind(gift)
        .fetch_optional_value(tx)
        .await
}

/// Takes one of what a store has left; false where nothing is left. What is not counted is always there. The row is hot:
/// it is touched last in its transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn take_one(tx: &mut Tx, store: StoreId, gift: &str) -> Result<bool, StoreError> {
    let taken = sql("UPDATE gift_stock SET left_count = left_count - 1 \
         WHERE store_id = $1 AND gift = $2 AND left_count > 0")
    .bind(store)
    .bind(gift)
    .execute(tx)
    .await?;
    Ok(taken == 1 || load_stock_left(tx, store, gift).await?.is_none())
}

/// Returns whether a gift is promised to anybody and still to be handed over.
///
/// # Errors
/// [`StoreError`].
pub async fn is_promised(tx: &mut Tx, gift: &str) -> Result<bool, StoreError> {
    let row: Option<String> =
        sql("SELECT gift FROM gift_grants WHERE gift = $1 AND handed_over_at IS NULL LIMIT 1")
            .bind(gift)
            .fetch_optional_value(tx)
            .await?;
    Ok(row.is_some())
}

/// Puts one back where it is counted.
///
/// # Errors
/// [`StoreError`].
pub async fn put_back(tx: &mut Tx, store: StoreId, gift: &str) -> Result<(), StoreError> {
    sql("UPDATE gift_stock SET left_count = left_count + 1 WHERE store_id = $1 AND gift = $2")
        .bind(store)
        .bind(gift)
        .execute(tx)
        .await?;
    Ok(())
}

/// A promise of a gift, wherever it stands.
#[derive(Debug, Clone, StoredRow)]
pub struct PromisedGiftRow {
    /// Member whom it is promised to.
    pub member_id: MemberId,
    /// The gift.
    pub gift: String,
    /// The receipt that promised it.
    pub receipt_id: ReceiptId,
    /// The version that judged that receipt.
    pub programme_version: i64,
    /// Time at which it was handed over; `None` = not yet.
    pub handed_over_at: Option<Instant>,
    /// Gift that was handed over: the promised one or its substitute.
    pub handed_over_gift: String,
    /// Till at which it was handed over.
    pub handed_over_till: Option<TillId>,
}

/// The promise with this id, held until the transaction ends: it is handed over by one of many.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_promise(
    tx: &mut Tx,
    grant: GrantId,
) -> Result<Option<PromisedGiftRow>, StoreError> {
    sql(
        "SELECT member_id, gift, receipt_id, (SELECT r.programme_version FROM receipts r \
         WHERE r.id = gift_grants.receipt_id) AS programme_version, \
         handed_over_at, handed_over_gift, handed_over_till FROM gift_grants WHERE id = $1",
    )
    .bind(grant)
    .locked()
    .fetch_optional(tx)
    .await
}

/// Writes down that a thing was handed over; false when one was before.
///
/// # Errors
/// [`StoreError`].
pub async fn hand_over(
    tx: &mut Tx,
    grant: GrantId,
    thing: &str,
    till: TillId,
    by: Option<StaffId>,
    now: Instant,
) -> Result<bool, StoreError> {
    let done = sql(
        "UPDATE gift_grants SET handed_over_at = $2, handed_over_by = $3, \
         handed_over_gift = $4, handed_over_till = $5 WHERE id = $1 AND handed_over_at IS NULL",
    )
    .bind(grant)
    .bind(now)
    .bind(by)
    .bind(thing)
    .bind(till)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// Writes down that it was not handed over after all; false when it was not, or not by this till, or before `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn undo_hand_over(
    tx: &mut Tx,
    grant: GrantId,
    till: TillId,
    since: Instant,
) -> Result<bool, StoreError> {
    let done = sql(
        "UPDATE gift_grants SET handed_over_at = NULL, handed_over_by = NULL, \
         handed_over_gift = '', handed_over_till = NULL \
         WHERE id = $1 AND handed_over_till = $2 AND handed_over_at >= $3",
    )
    .bind(grant)
    .bind(till)
    .bind(since)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// Returns the gift that was handed over for a receipt's offer.
///
/// # Errors
/// [`StoreError`].
pub async fn handed_over(
    tx: &mut Tx,
    receipt: ReceiptId,
    offer: &str,
) -> Result<Option<String>, StoreError> {
    // Of what was handed over before substitutes existed, only the gift is known.
    sql("SELECT CASE WHEN handed_over_gift = '' THEN gift ELSE handed_over_gift END FROM gift_grants \
         WHERE receipt_id = $1 AND offer = $2 AND handed_over_at IS NOT NULL")
    .bind(receipt)
    .bind(offer)
    .fetch_optional_value(tx)
    .await
}

/// Returns whether a member is being served at a till: a visit there that is not over, or a sale of theirs that its store
/// has stored since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn is_served(
    tx: &mut Tx,
    member: MemberId,
    till: TillId,
    store: StoreId,
    since: Instant,
    now: Instant,
) -> Result<bool, StoreError> {
    let visits: i64 = sql(
        "SELECT COUNT(*) FROM visits WHERE member_id = $1 AND till_id = $2 AND expires_at > $3",
    )
    .bind(member)
    .bind(till)
    .bind(now)
    .fetch_value(tx)
    .await?;
    if visits > 0 {
        return Ok(true);
    }
    let sales: i64 = sql("SELECT COUNT(*) FROM receipts WHERE member_id = $1 \
         AND store_id = $2 AND kind = 'sale' AND received_at >= $3")
    .bind(member)
    .bind(store)
    .bind(since)
    .fetch_value(tx)
    .await?;
    Ok(sales > 0)
}
