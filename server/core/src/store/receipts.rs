//! Receipts, exactly once: by their own identity and by the key they were sent with.

mod claimed;

pub use claimed::{ClaimedSaleValues, assign_to_member};

use super::engine::{Statement, StoredRow, WriteEffect, insert_statement, sql};
use super::identity::{ReceiptIdentity, series_number};
use super::{StoreError, Tx};
use crate::domain::amounts::{Money, Points, Quantity};
use crate::domain::evaluate::{CountedAmounts, LineResult};
use crate::domain::receipt::{ReceiptKind, ReceiptLine, Unit};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, StaffId, StoreId, TillId};

/// A stored receipt.
#[derive(Debug, Clone, StoredRow)]
pub struct StoredReceiptRow {
    /// Its id.
    pub id: ReceiptId,
    /// Store in which it was made.
    pub store_id: StoreId,
    /// Till that it came from.
    pub till_id: TillId,
    /// Whether it is a sale or a return.
    pub kind: ReceiptKind,
    /// Series of the numbering; empty: none.
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Its own time.
    pub at: Instant,
    /// Time at which it came here.
    pub received_at: Instant,
    /// Member of the receipt; `None` = nobody showed a card.
    pub member_id: Option<MemberId>,
    /// Person who posted it.
    pub staff_id: Option<StaffId>,
    /// Programme version that judged it.
    pub programme_version: i64,
    /// The member's tier that judged it.
    pub tier: String,
    /// Sum of lines before discounts.
    pub total: Money,
    /// Discounts.
    pub discount: Money,
    /// Paid by points.
    pub paid_by_points: Money,
    /// JSON of a sale in the form [`super::json::StoredEvaluation`], of a return in [`super::json::StoredReturnEffect`].
    pub evaluation: String,
    /// JSON in the form [`super::json::StoredJudgement`]; empty for returns and for sales of before it was kept.
    pub judgement: String,
    /// The sale that a return undoes.
    pub sale_id: Option<ReceiptId>,
    /// Money that is left of a sale after discounts, with what points paid; 0 for a return.
    pub kept_total: Money,
    /// Points that are left of those that a sale earned; 0 for a return.
    pub kept_points: Points,
    /// Money of that which counts for levels.
    pub counted_total: Money,
    /// Points of that which count for levels.
    pub counted_points: Points,
    /// Money of that which makes the receipt a purchase; 0: it is none.
    pub purchase_total: Money,
}

/// Statement that reads receipts as [`StoredReceiptRow`], with the given conditions and order.
macro_rules! select_receipts {
    ($rest:literal) => {
        concat!(
            "SELECT id, store_id, till_id, kind, series, shift, number, at, received_at, \
             member_id, staff_id, programme_version, tier, total, discount, paid_by_points, \
             evaluation, judgement, sale_id, kept_total, kept_points, counted_total, \
             counted_points, purchase_total FROM receipts ",
            $rest
        )
    };
}

/// Stores a receipt with its lines.
pub fn insert(tx: &mut Tx, receipt: &StoredReceiptRow, lines: &[StoredReceiptLine]) {
    sql("INSERT INTO receipts (id, store_id, till_id, kind, shift, number, at, received_at, member_id, \
         staff_id, programme_version, tier, total, discount, paid_by_points, evaluation, judgement, \
         sale_id, kept_total, kept_points, counted_total, counted_points, purchase_total, series, \
         series_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
         $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)")
    .bind(receipt.id)
    .bind(receipt.store_id)
    .bind(receipt.till_id)
    .bind(receipt.kind)
    .bind(receipt.shift.as_str())
    .bind(receipt.number.as_str())
    .bind(receipt.at)
    .bind(receipt.received_at)
    .bind(receipt.member_id)
    .bind(receipt.staff_id)
    .bind(receipt.programme_version)
    .bind(receipt.tier.as_str())
    .bind(receipt.total)
    .bind(receipt.discount)
    .bind(receipt.paid_by_points)
    .bind(receipt.evaluation.as_str())
    .bind(receipt.judgement.as_str())
    .bind(receipt.sale_id)
    .bind(receipt.kept_total)
    .bind(receipt.kept_points)
    .bind(receipt.counted_total)
    .bind(receipt.counted_points)
    .bind(receipt.purchase_total)
    .bind(receipt.series.as_str())
    .bind(series_number(&receipt.series, &receipt.number))
    .defer(tx, WriteEffect::Adds("receipts"));
    // Two thousand lines have 24,000 places; SQLite takes 32,766, PostgreSQL 65,535.
    let mut all = insert_statement(
        "INSERT INTO receipt_lines (receipt_id, position, member_id, sku, name, category, quantity, \
         unit, amount, discount, paid_by_points, earned) VALUES ",
        12,
        lines.len(),
    );
    for StoredReceiptLine {
        position,
        line,
        result,
    } in lines
    {
        all = all
            .bind(receipt.id)
            .bind(*position)
            .bind(receipt.member_id)
            .bind(line.sku.as_str())
            .bind(line.name.as_str())
            .bind(line.category.as_str())
            .bind(line.quantity)
            .bind(line.unit.as_str())
            .bind(line.amount)
            .bind(result.discount)
            .bind(result.paid_by_points)
            .bind(result.earned);
    }
    if !lines.is_empty() {
        all.defer(tx, WriteEffect::Adds("receipt_lines"));
    }
}

/// A stored receipt.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_id(
    tx: &mut Tx,
    receipt: ReceiptId,
) -> Result<Option<StoredReceiptRow>, StoreError> {
    select(receipt).fetch_optional(tx).await
}

fn select(receipt: ReceiptId) -> Statement {
    sql(select_receipts!("WHERE id = $1")).bind(receipt)
}

/// A stored receipt, held until the transaction ends: what is left of it is about to change.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_by_id(
    tx: &mut Tx,
    receipt: ReceiptId,
) -> Result<Option<StoredReceiptRow>, StoreError> {
    select(receipt).locked().fetch_optional(tx).await
}

/// The receipt with this identity.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_identity(
    tx: &mut Tx,
    till: TillId,
    identity: ReceiptIdentity<'_>,
    kind: ReceiptKind,
) -> Result<Option<ReceiptId>, StoreError> {
    sql("SELECT id FROM receipts \
         WHERE till_id = $1 AND shift = $2 AND series_number = $3 AND kind = $4")
    .bind(till)
    .bind(identity.shift)
    .bind(identity.series_number())
    .bind(kind)
    .fetch_optional_value(tx)
    .await
}

/// Returns the last stored sale of this shift and number, whatever its series is.
///
/// # Errors
/// [`StoreError`].
pub async fn latest_sale_by_number(
    tx: &mut Tx,
    till: TillId,
    shift: &str,
    number: &str,
) -> Result<Option<ReceiptId>, StoreError> {
    sql("SELECT id FROM receipts \
         WHERE till_id = $1 AND shift = $2 AND number = $3 AND kind = 'sale' ORDER BY id DESC LIMIT 1")
    .bind(till)
    .bind(shift)
    .bind(number)
    .fetch_optional_value(tx)
        .await
}

/// Returns how many receipts of a kind a till has in a shift of a series.
///
/// # Errors
/// [`StoreError`].
pub async fn count_in_shift(
    tx: &mut Tx,
    till: TillId,
    series: &str,
    shift: &str,
    kind: ReceiptKind,
) -> Result<i64, StoreError> {
    sql("SELECT COUNT(*) FROM receipts WHERE till_id = $1 AND shift = $2 AND kind = $3 AND series = $4")
            .bind(till)
            .bind(shift)
            .bind(kind)
            .bind(series)
            .fetch_value(tx)
        .await
}

/// A stored line.
#[derive(Debug, Clone)]
pub struct StoredReceiptLine {
    /// Its place; of a return, that of the sale's line.
    pub position: i64,
    /// Line that was bought, or went back.
    pub line: ReceiptLine,
    /// Discounts and points of the line.
    pub result: LineResult,
}

#[derive(StoredRow)]
struct ReadLine {
    position: i64,
    sku: String,
    name: String,
    category: String,
    quantity: Quantity,
    unit: Unit,
    amount: Money,
    discount: Money,
    paid_by_points: Money,
    earned: Points,
}

impl From<ReadLine> for StoredReceiptLine {
    fn from(row: ReadLine) -> Self {
        Self {
            position: row.position,
            line: ReceiptLine {
                sku: row.sku,
                name: row.name,
                category: row.category,
                quantity: row.quantity,
                unit: row.unit,
                amount: row.amount,
            },
            result: LineResult {
                discount: row.discount,
                paid_by_points: row.paid_by_points,
                earned: row.earned,
            },
        }
    }
}

/// The lines of a receipt in order.
///
/// # Errors
/// [`StoreError`].
pub async fn list_lines(
    tx: &mut Tx,
    receipt: ReceiptId,
) -> Result<Vec<StoredReceiptLine>, StoreError> {
    let rows: Vec<ReadLine> = sql("SELECT position, sku, name, category, quantity, unit, amount, \
         discount, paid_by_points, earned FROM receipt_lines WHERE receipt_id = $1 ORDER BY position")
    .bind(receipt)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(StoredReceiptLine::from).collect())
}

/// Times of the member's purchases since `since`, oldest first. A sale of which all went back was none, nor one of
/// excluded goods alone.
///
/// # Errors
/// [`StoreError`].
pub async fn purchases_since(
    tx: &mut Tx,
    member: MemberId,
    since: Instant,
) -> Result<Vec<Instant>, StoreError> {
    sql("SELECT at FROM receipts \
         WHERE member_id = $1 AND at >= $2 AND kept_total > 0 ORDER BY at")
    .bind(member)
    .bind(since)
    .fetch_values(tx)
    .await
}

/// Sets what is left of a sale, and what of that counts.
pub fn set_remaining(
    tx: &mut Tx,
    sale: ReceiptId,
    total: Money,
    points: Points,
    counted: CountedAmounts,
) {
    sql(
        "UPDATE receipts SET kept_total = $2, kept_points = $3, counted_total = $4, \
         counted_points = $5, purchase_total = $6 WHERE id = $1",
    )
    .bind(sale)
    .bind(total)
    .bind(points)
    .bind(counted.money)
    .bind(counted.points)
    .bind(counted.purchase)
    .defer(tx, WriteEffect::Changes("receipts"));
}

/// Returns of a sale, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_returns(
    tx: &mut Tx,
    sale: ReceiptId,
) -> Result<Vec<StoredReceiptRow>, StoreError> {
    sql(select_receipts!("WHERE sale_id = $1 ORDER BY id"))
        .bind(sale)
        .fetch_all(tx)
        .await
}
