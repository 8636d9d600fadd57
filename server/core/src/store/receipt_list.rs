//! Receipts of a till's shift as a list, in the order in which they were stored.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::amounts::Money;
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::ids::{ReceiptId, StoreId, TillId};

/// A receipt in a list.
#[derive(Debug, Clone, StoredRow)]
pub struct ListedReceipt {
    /// Its id.
    pub id: ReceiptId,
    /// Sale or return.
    pub kind: ReceiptKind,
    /// Series of the numbering; empty: none.
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Its own time.
    pub at: Instant,
    /// Sum of lines before discounts.
    pub total: Money,
    /// Discounts.
    pub discount: Money,
    /// Paid by points.
    pub paid_by_points: Money,
    /// The sale that a return undoes.
    pub sale_id: Option<ReceiptId>,
}

/// Filter of the receipts that are listed.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptFilter<'a> {
    /// Till of the receipts.
    pub till: TillId,
    /// Made in this store.
    pub store: StoreId,
    /// Series of the numbering; empty = those without a series.
    pub series: &'a str,
    /// The till's shift.
    pub shift: &'a str,
    /// The number in the shift; empty = all.
    pub number: &'a str,
    /// Receipt after which the list begins; `None` = from the first.
    pub after: Option<ReceiptId>,
}

/// Returns at most `limit` receipts by their ids, which grow with the time of storing.
///
/// # Errors
/// [`StoreError`].
pub async fn list_receipts(
    tx: &mut Tx,
    filter: ReceiptFilter<'_>,
    limit: i64,
) -> Result<Vec<ListedReceipt>, StoreError> {
    sql(
        "SELECT id, kind, series, shift, number, at, total, discount, paid_by_points, sale_id \
         FROM receipts WHERE till_id = $1 AND store_id = $2 AND shift = $3 AND series = $4 \
         AND ($5 = '' OR number = $5) AND id > $6 ORDER BY id LIMIT $7",
    )
    .bind(filter.till)
    .bind(filter.store)
    .bind(filter.shift)
    .bind(filter.series)
    .bind(filter.number)
    .bind(filter.after.unwrap_or(ReceiptId(uuid::Uuid::nil())))
    .bind(limit)
    .fetch_all(tx)
    .await
}
