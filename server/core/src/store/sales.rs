//! A member's or a till's sales as a list, for a cashier who takes goods back.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::Money;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, StoreId, TillId};

/// A sale in a list.
#[derive(Debug, Clone, StoredRow)]
pub struct ListedSaleRow {
    /// Its id.
    pub id: ReceiptId,
    /// Its own time.
    pub at: Instant,
    /// Name of its till.
    pub till_name: String,
    /// The number in the shift.
    pub number: String,
    /// Sum of lines before discounts.
    pub total: Money,
    /// Discounts.
    pub discount: Money,
    /// Paid by points.
    pub paid_by_points: Money,
}

/// Statement that reads sales as [`ListedSaleRow`], with the given conditions and order.
macro_rules! select_sales {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.at, t.name AS till_name, r.number, r.total, r.discount, \
             r.paid_by_points FROM receipts r JOIN tills t ON t.id = r.till_id ",
            $rest
        )
    };
}

/// The member's last sales in a store of which something is left, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_member_in_store(
    tx: &mut Tx,
    member: MemberId,
    store: StoreId,
    limit: i64,
) -> Result<Vec<ListedSaleRow>, StoreError> {
    sql(select_sales!(
        "WHERE r.member_id = $1 AND r.store_id = $2 AND r.kind = 'sale' AND r.kept_total > 0 \
         ORDER BY r.at DESC, r.id DESC LIMIT $3"
    ))
    .bind(member)
    .bind(store)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// The last sales of a till of which something is left, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_of_till(
    tx: &mut Tx,
    till: TillId,
    limit: i64,
) -> Result<Vec<ListedSaleRow>, StoreError> {
    sql(select_sales!(
        "WHERE r.till_id = $1 AND r.kind = 'sale' AND r.kept_total > 0 \
         ORDER BY r.at DESC, r.id DESC LIMIT $2"
    ))
    .bind(till)
    .bind(limit)
    .fetch_all(tx)
    .await
}
