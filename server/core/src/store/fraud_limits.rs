//! What the fraud limits count, and whose visits a senior has let pass. Look-ups that were refused are not counted: a block
//! ends when its time is over.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, StaffId, TillId};

/// Counts of a cashier's recent acts.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct CashierFraudCounts {
    /// Look-ups of the member.
    pub scans: i64,
    /// Cards found.
    pub found: i64,
    /// Sales to cards.
    pub sold: i64,
    /// Look-ups for returns that no return to the same member answers.
    pub searched: i64,
}

/// Counts of a member's sales at a till on a day, with the last change of the phone.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct MemberFraudCounts {
    /// Sales of the day.
    pub made: i64,
    /// Late sales for another day that came on this one.
    pub came: i64,
    /// Late sales on the day or for it that the sender has sent, from any till.
    pub sent: i64,
    /// Sales of the sender that wait for their time and came on the day.
    pub waiting: i64,
    /// Time of the last change of the phone; `None` = never.
    pub phone_changed_at: Option<Instant>,
}

impl MemberFraudCounts {
    /// Returns the number of sales that the limit of a card counts: those at the till or those of the sender, whichever are
    /// more.
    pub fn counted_sales(&self) -> i64 {
        let here = self.made.saturating_add(self.came);
        here.max(self.sent.saturating_add(self.waiting))
    }
}

/// Counts the acts of a cashier: look-ups of one member from `scans_since` on (`most` at most); cards found, sales to cards
/// and unanswered look-ups for returns from `sales_since` on.
///
/// # Errors
/// [`StoreError`].
pub async fn count_acts_of_cashier(
    tx: &mut Tx,
    staff: StaffId,
    member: MemberId,
    scans_since: Instant,
    most: i64,
    sales_since: Instant,
) -> Result<CashierFraudCounts, StoreError> {
    sql(
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE member_id = $2 AND at >= $3 \
         AND staff_id = $1 AND action = 'look-up' AND outcome IN ('found', 'receipts') LIMIT $4) AS some_of_them) AS scans, \
         CAST(COALESCE(SUM(CASE WHEN action = 'look-up' AND outcome = 'found' THEN 1 ELSE 0 END), 0) AS BIGINT) \
         AS found, CAST(COALESCE(SUM(CASE WHEN action = 'sale' AND member_id IS NOT NULL THEN 1 ELSE 0 END), 0) \
         AS BIGINT) AS sold, (SELECT CAST(COALESCE(SUM(CASE WHEN looked_up > returned \
         THEN looked_up - returned ELSE 0 END), 0) AS BIGINT) FROM (SELECT \
         SUM(CASE WHEN action = 'look-up' THEN 1 ELSE 0 END) AS looked_up, \
         SUM(CASE WHEN action = 'return' THEN 1 ELSE 0 END) AS returned FROM audit \
         WHERE staff_id = $1 AND at >= $5 AND member_id IS NOT NULL \
         AND (action = 'return' OR (action = 'look-up' AND outcome = 'receipts')) \
         GROUP BY member_id) AS by_member) AS searched FROM audit WHERE staff_id = $1 AND at >= $5",
    )
    .bind(staff)
    .bind(member)
    .bind(scans_since)
    .bind(most)
    .bind(sales_since)
    .fetch_one(tx)
    .await
}

/// Returns how many sales a member has at a till on a day (`most` at most), how many late sales of theirs this person has sent
/// on that day or for it from any till, and when their phone was changed last. A late sale counts on the day on which it came,
/// too; one that waits for its time counts for its sender on the day on which it came.
///
/// # Errors
/// [`StoreError`].
pub async fn count_sales_of_member(
    tx: &mut Tx,
    member: MemberId,
    till: TillId,
    from: Instant,
    to: Instant,
    most: i64,
    sender: Option<StaffId>,
) -> Result<MemberFraudCounts, StoreError> {
    // SQLite would look through all receipts of the till on that day for those of the member; `COALESCE` keeps it from that index.
    // `sent_late_at > 0` is true of each late receipt and leads to the index of these alone.
    sql(
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM receipts WHERE member_id = $1 AND at >= $3 AND at < $4 \
         AND COALESCE(till_id, till_id) = $2 AND kind = 'sale' LIMIT $5) AS some_of_them) AS made, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM receipts WHERE member_id = $1 AND sent_late_at >= $3 \
         AND sent_late_at < $4 AND (at < $3 OR at >= $4) AND till_id = $2 LIMIT $5) AS late_ones) AS came, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM receipts WHERE member_id = $1 AND sent_late_at > 0 \
         AND ((sent_late_at >= $3 AND sent_late_at < $4) OR (at >= $3 AND at < $4)) \
         AND sender_staff_id = $6 LIMIT $5) AS sent_ones) AS sent, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM parked WHERE member_id = $1 AND sender_staff_id = $6 \
         AND due_at IS NOT NULL AND created_at >= $3 AND created_at < $4 LIMIT $5) AS waiting_ones) AS waiting, \
         phone_changed_at FROM members WHERE id = $1",
    )
    .bind(member)
    .bind(till)
    .bind(from)
    .bind(to)
    .bind(most)
    .bind(sender)
    .fetch_one(tx)
    .await
}

/// Remembers that somebody has lifted the block of the fraud limits for a running visit; false when there is no such visit
/// here.
///
/// # Errors
/// [`StoreError`].
pub async fn override_visit(
    tx: &mut Tx,
    till: TillId,
    token_hash: Vec<u8>,
    by: StaffId,
    now: Instant,
) -> Result<bool, StoreError> {
    let overridden = sql("UPDATE visits SET lifted_by = $3 WHERE token_hash = $1 AND till_id = $2 AND expires_at > $4")
        .bind(token_hash)
        .bind(till)
        .bind(by)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(overridden == 1)
}

/// Remembers that somebody lets the member's next visit at a till pass the fraud limits.
///
/// # Errors
/// [`StoreError`].
pub async fn override_next_visit(
    tx: &mut Tx,
    till: TillId,
    member: MemberId,
    by: StaffId,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO radar_lifts (till_id, member_id, staff_id, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (till_id, member_id) DO UPDATE SET staff_id = excluded.staff_id, at = excluded.at",
    )
    .bind(till)
    .bind(member)
    .bind(by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Uses up what [`override_next_visit`] has remembered since `since`: who lets the visit pass.
///
/// # Errors
/// [`StoreError`].
pub async fn take_override(
    tx: &mut Tx,
    till: TillId,
    member: MemberId,
    since: Instant,
) -> Result<Option<StaffId>, StoreError> {
    let lift: Option<StaffId> =
        sql("SELECT staff_id FROM radar_lifts WHERE till_id = $1 AND member_id = $2 AND at > $3")
            .bind(till)
            .bind(member)
            .bind(since)
            .fetch_optional_value(tx)
            .await?;
    if lift.is_some() {
        sql("DELETE FROM radar_lifts WHERE till_id = $1 AND member_id = $2")
            .bind(till)
            .bind(member)
            .execute(tx)
            .await?;
    }
    Ok(lift)
}
