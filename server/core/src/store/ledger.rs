//! The ledger: entries, lots, allocations, and the cached account. Entries and allocations are only ever added.

mod entry_list;

pub use entry_list::{LedgerEntryRow, find_entry, list_entries, list_of_receipt};

use super::engine::{Statement, StoredRow, WriteEffect, insert_statement, sql};
use super::{StoreError, Tx, json};
use crate::domain::amounts::Points;
use crate::domain::ledger::{EntryKind, Lot, LotState, RestoredLot};
use crate::domain::reason::EntryReason;
use crate::domain::time::Instant;
use crate::ids::{EntryId, LotId, MemberId, ReceiptId, StaffId};

/// The cached account of a member.
#[derive(Debug, Clone, StoredRow)]
pub struct PointsAccountRow {
    /// Sum of all entries.
    pub balance: Points,
    /// Points that could not be taken back yet; ≥ 0.
    pub debt: Points,
    /// Tier id.
    pub tier: String,
    /// Time since which the tier holds.
    pub tier_since: Instant,
    /// The account that it was joined to: whatever comes here goes on there.
    pub joined_to: Option<MemberId>,
}

/// Opens an account with nothing in it.
///
/// # Errors
/// [`StoreError`].
pub async fn open_account(
    tx: &mut Tx,
    member: MemberId,
    tier: &str,
    now: Instant,
) -> Result<(), StoreError> {
    sql("INSERT INTO accounts (member_id, balance, debt, tier, tier_since) VALUES ($1, 0, 0, $2, $3)")
        .bind(member)
        .bind(tier)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The member's account.
///
/// # Errors
/// [`StoreError`].
pub async fn load_account(tx: &mut Tx, member: MemberId) -> Result<PointsAccountRow, StoreError> {
    account_of(member).fetch_one(tx).await
}

fn account_of(member: MemberId) -> Statement {
    sql("SELECT balance, debt, tier, tier_since, joined_to FROM accounts WHERE member_id = $1")
        .bind(member)
}

/// The member's account, held until the transaction ends: whoever moves the same points waits. It is locked before
/// anything is read that decides how points move.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_account(tx: &mut Tx, member: MemberId) -> Result<PointsAccountRow, StoreError> {
    account_of(member).locked().fetch_one(tx).await
}

/// Joins an account to another for good: whatever comes to it goes on there. False where it was joined before.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_merged_into(
    tx: &mut Tx,
    from: MemberId,
    to: MemberId,
) -> Result<bool, StoreError> {
    let done = sql(
        "UPDATE accounts SET joined_to = $2 WHERE member_id = $1 AND joined_to IS NULL \
         AND balance = 0 AND debt = 0",
    )
    .bind(from)
    .bind(to)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// Holds the member's account as [`lock_account`] does, for whoever reads it afterwards.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_account_if_concurrent(tx: &mut Tx, member: MemberId) -> Result<(), StoreError> {
    if tx.has_concurrent_writers() {
        lock_account(tx, member).await?;
    }
    Ok(())
}

/// One movement of points about to be stored.
#[derive(Debug, Clone)]
pub struct NewLedgerEntry {
    /// Member whose points move.
    pub member: MemberId,
    /// Kind.
    pub kind: EntryKind,
    /// Signed: + comes, − goes.
    pub points: Points,
    /// The lot it made or moved, where there is just one.
    pub lot: Option<LotId>,
    /// The receipt it belongs to.
    pub receipt: Option<ReceiptId>,
    /// Programme version that decided.
    pub version: i64,
    /// Reason as data.
    pub reason: EntryReason,
    /// Person who moved them; `None` = a rule did.
    pub author: Option<StaffId>,
    /// The entry that it corrects.
    pub corrects: Option<EntryId>,
    /// Time of the movement.
    pub at: Instant,
}

/// Adds an entry and moves the cached balance with it.
///
/// # Errors
/// [`StoreError`].
pub fn insert_entry(tx: &mut Tx, entry: &NewLedgerEntry) -> Result<EntryId, StoreError> {
    let id = EntryId::new();
    insert_entry_rows(tx, &[(id, entry)])?;
    Ok(id)
}

/// Adds entries of one member, in their order.
///
/// # Errors
/// [`StoreError`].
pub fn insert_entries(tx: &mut Tx, entries: &[NewLedgerEntry]) -> Result<(), StoreError> {
    let entries: Vec<_> = entries
        .iter()
        .map(|entry| (EntryId::new(), entry))
        .collect();
    insert_entry_rows(tx, &entries)
}

fn insert_entry_rows(
    tx: &mut Tx,
    entries: &[(EntryId, &NewLedgerEntry)],
) -> Result<(), StoreError> {
    let Some((_, first)) = entries.first() else {
        return Ok(());
    };
    let mut rows = insert_statement(
        "INSERT INTO entries (id, member_id, kind, points, lot_id, receipt_id, programme_version, reason, \
         author, corrects, at) VALUES ",
        11,
        entries.len(),
    );
    for (id, entry) in entries {
        let reason = json::to_column(&entry.reason)?;
        let author = entry.author.map(|staff| staff.to_string());
        rows = rows
            .bind(*id)
            .bind(entry.member)
            .bind(entry.kind)
            .bind(entry.points)
            .bind(entry.lot)
            .bind(entry.receipt)
            .bind(entry.version)
            .bind(reason)
            .bind(author.unwrap_or_default())
            .bind(entry.corrects)
            .bind(entry.at);
    }
    rows.defer(tx, WriteEffect::Adds("entries"));
    let points: Points = entries.iter().map(|(_, entry)| entry.points).sum();
    if !points.is_zero() {
        sql("UPDATE accounts SET balance = balance + $2 WHERE member_id = $1")
            .bind(first.member)
            .bind(points)
            .defer(tx, WriteEffect::Changes("accounts"));
    }
    Ok(())
}

#[derive(StoredRow)]
struct PointsLotRow {
    id: LotId,
    earned: Points,
    remaining: Points,
    created_at: Instant,
    activates: Instant,
    expires: Option<Instant>,
    state: LotState,
}

/// Statement that reads lots as [`PointsLotRow`], with the given conditions and order.
macro_rules! select_lots {
    ($rest:literal) => {
        concat!(
            "SELECT id, earned, remaining, created_at, activates, expires, state FROM lots ",
            $rest
        )
    };
}

impl From<PointsLotRow> for Lot {
    fn from(row: PointsLotRow) -> Self {
        Self {
            id: row.id.0,
            earned: row.earned,
            remaining: row.remaining,
            created: row.created_at,
            activates: row.activates,
            expires: row.expires,
            state: row.state,
        }
    }
}

/// The member's lots that still hold points.
///
/// # Errors
/// [`StoreError`].
pub async fn list_open_lots(tx: &mut Tx, member: MemberId) -> Result<Vec<Lot>, StoreError> {
    let rows: Vec<PointsLotRow> = sql(select_lots!(
        "WHERE member_id = $1 AND state <> 'closed' ORDER BY expires NULLS LAST, created_at, id"
    ))
    .bind(member)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(Lot::from).collect())
}

/// Stores a new lot.
pub fn insert_lot(tx: &mut Tx, member: MemberId, receipt: Option<ReceiptId>, lot: &Lot) {
    sql("INSERT INTO lots (id, member_id, receipt_id, earned, remaining, created_at, activates, expires, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(lot.id)
    .bind(member)
    .bind(receipt)
    .bind(lot.earned)
    .bind(lot.remaining)
    .bind(lot.created)
    .bind(lot.activates)
    .bind(lot.expires)
    .bind(lot.state)
    .defer(tx, WriteEffect::Adds("lots"));
}

/// Moves a lot to another state.
pub fn set_lot_state(tx: &mut Tx, lot: LotId, state: LotState) {
    sql("UPDATE lots SET state = $2 WHERE id = $1")
        .bind(lot)
        .bind(state)
        .defer(tx, WriteEffect::Changes("lots"));
}

/// Takes points out of a lot and remembers which entry took them; an empty lot is closed.
pub fn take_points(tx: &mut Tx, member: MemberId, entry: EntryId, lot: LotId, points: Points) {
    sql("UPDATE lots SET remaining = remaining - $2, \
         state = CASE WHEN remaining = $2 THEN 'closed' ELSE state END WHERE id = $1")
    .bind(lot)
    .bind(points)
    .defer(tx, WriteEffect::Changes("lots"));
    sql("INSERT INTO allocations (entry_id, lot_id, member_id, points) VALUES ($1, $2, $3, $4)")
        .bind(entry)
        .bind(lot)
        .bind(member)
        .bind(points)
        .defer(tx, WriteEffect::Adds("allocations"));
}

/// Puts points back into a lot and remembers which entry did, as points of the allocation below 0.
pub fn give_back(tx: &mut Tx, member: MemberId, entry: EntryId, back: &RestoredLot, now: Instant) {
    sql(
        "UPDATE lots SET remaining = remaining + $2, expires = COALESCE($3, expires), \
         state = CASE WHEN activates <= $4 THEN 'active' ELSE 'pending' END WHERE id = $1",
    )
    .bind(LotId(back.lot))
    .bind(back.points)
    .bind(back.expires)
    .bind(now)
    .defer(tx, WriteEffect::Changes("lots"));
    sql("INSERT INTO allocations (entry_id, lot_id, member_id, points) VALUES ($1, $2, $3, $4)")
        .bind(entry)
        .bind(LotId(back.lot))
        .bind(member)
        .bind(-back.points)
        .defer(tx, WriteEffect::Adds("allocations"));
}

/// All lots that a sale made, empty ones too.
///
/// # Errors
/// [`StoreError`].
pub async fn lots_of_sale(tx: &mut Tx, sale: ReceiptId) -> Result<Vec<Lot>, StoreError> {
    let rows: Vec<PointsLotRow> = sql(select_lots!("WHERE receipt_id = $1 ORDER BY id"))
        .bind(sale)
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(Lot::from).collect())
}

/// The sale that a lot belongs to, where it belongs to one.
///
/// # Errors
/// [`StoreError`].
pub async fn find_sale_of_lot(tx: &mut Tx, lot: LotId) -> Result<Option<ReceiptId>, StoreError> {
    sql("SELECT receipt_id FROM lots WHERE id = $1")
        .bind(lot)
        .fetch_value(tx)
        .await
}

/// Returns how many points of a sale's lots have expired.
///
/// # Errors
/// [`StoreError`].
pub async fn expired_of_sale(tx: &mut Tx, sale: ReceiptId) -> Result<Points, StoreError> {
    sql(
        "SELECT CAST(COALESCE(SUM(a.points), 0) AS BIGINT) FROM lots l \
         JOIN allocations a ON a.lot_id = l.id JOIN entries e ON e.id = a.entry_id \
         WHERE l.receipt_id = $1 AND e.kind = 'expire'",
    )
    .bind(sale)
    .fetch_value(tx)
    .await
}

#[derive(StoredRow)]
struct LotPaymentRow {
    lot_id: LotId,
    points: Points,
}

/// The lots that paid for a sale, with what each still has in it after what was given back.
///
/// # Errors
/// [`StoreError`].
pub async fn paid_for_sale(tx: &mut Tx, sale: ReceiptId) -> Result<Vec<(Lot, Points)>, StoreError> {
    let paid: Vec<LotPaymentRow> = sql("SELECT a.lot_id, CAST(SUM(a.points) AS BIGINT) AS points \
         FROM receipts r JOIN entries e ON e.receipt_id = r.id \
         JOIN allocations a ON a.entry_id = e.id \
         WHERE (r.id = $1 OR r.sale_id = $1) AND e.kind IN ('spend', 'restore') \
         GROUP BY a.lot_id HAVING SUM(a.points) > 0")
    .bind(sale)
    .fetch_all(tx)
    .await?;
    let mut lots = Vec::new();
    for LotPaymentRow { lot_id, points } in paid {
        let row: PointsLotRow = sql(select_lots!("WHERE id = $1"))
            .bind(lot_id)
            .fetch_one(tx)
            .await?;
        lots.push((row.into(), points));
    }
    Ok(lots)
}

/// Changes the debt by so many points: + is owed more, − is owed less.
pub fn add_debt(tx: &mut Tx, member: MemberId, points: Points) {
    sql("UPDATE accounts SET debt = debt + $2 WHERE member_id = $1")
        .bind(member)
        .bind(points)
        .defer(tx, WriteEffect::Changes("accounts"));
}
