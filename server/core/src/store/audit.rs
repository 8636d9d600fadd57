//! The log of who did what: a line is added in the transaction of the act and never changed. Of members it holds ids
//! alone, of people who work for the chain ids and logins.

mod action;

pub use action::Action;

use super::engine::{StoredRow, WriteEffect, sql};
use super::{StoreError, Tx};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId, TillId};

/// A line of the log, to be filled in with what is known.
#[derive(Debug, Clone)]
pub struct AuditLine {
    action: Action,
    actor: ActorKind,
    till: Option<TillId>,
    staff: Option<StaffId>,
    named: Option<StaffId>,
    device: Option<RowId>,
    member: Option<MemberId>,
    subject: String,
    outcome: &'static str,
}

impl AuditLine {
    /// Makes a line about an act that the actor has `done`.
    pub fn new(action: Action, actor: &Actor) -> Self {
        let line = Self {
            action,
            actor: actor.kind(),
            till: None,
            staff: None,
            named: None,
            device: None,
            member: None,
            subject: String::new(),
            outcome: "done",
        };
        match actor {
            Actor::Visitor | Actor::Job => line,
            Actor::Member(member) => line.member(*member),
            Actor::Staff(actor) => line.staff(actor.id).till(actor.till).device(actor.device),
            Actor::Till { till, staff } => line.till(*till).staff(*staff),
            Actor::Operator { staff } => line.staff(*staff),
        }
    }

    /// Sets the till at which it was done, or which was changed.
    #[must_use]
    pub fn till(mut self, till: impl Into<Option<TillId>>) -> Self {
        self.till = till.into();
        self
    }

    /// Sets the person who did it.
    #[must_use]
    pub fn staff(mut self, staff: impl Into<Option<StaffId>>) -> Self {
        self.staff = staff.into();
        self
    }

    /// Cashier whom a late sale names, beside the person who sent it.
    #[must_use]
    pub fn named_cashier(mut self, named: impl Into<Option<StaffId>>) -> Self {
        self.named = named.into();
        self
    }

    /// Sets the paired browser in which it was done.
    #[must_use]
    pub fn device(mut self, device: impl Into<Option<RowId>>) -> Self {
        self.device = device.into();
        self
    }

    /// Sets the member to whom it was done.
    #[must_use]
    pub fn member(mut self, member: impl Into<Option<MemberId>>) -> Self {
        self.member = member.into();
        self
    }

    /// Sets the subject: an id, a word of ours, a number, or the login of somebody who works for the chain. Never data of members.
    #[must_use]
    pub fn subject(mut self, subject: impl ToString) -> Self {
        self.subject = subject.to_string();
        self
    }

    /// Sets the outcome, where it was not simply `done`.
    #[must_use]
    pub const fn outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = outcome;
        self
    }
}

/// Adds a line.
///
/// # Errors
/// [`StoreError`].
pub async fn log(tx: &mut Tx, line: AuditLine, now: Instant) -> Result<(), StoreError> {
    sql(
        "INSERT INTO audit (id, at, till_id, staff_id, device_id, member_id, action, subject, outcome, \
         named_staff_id, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(RowId::new())
    .bind(now)
    .bind(line.till)
    .bind(line.staff)
    .bind(line.device)
    .bind(line.member)
    .bind(line.action.as_str())
    .bind(line.subject)
    .bind(line.outcome)
    .bind(line.named)
    .bind(line.actor.as_str())
    .defer(tx, WriteEffect::Adds("audit"));
    tx.mark_logged();
    Ok(())
}

/// Counts of lines about an act with one outcome.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct AuditOutcomeCounts {
    /// Lines with the subject at hand.
    pub of_subject: i64,
    /// Lines with any subject.
    pub all: i64,
}

/// Returns how often an act had this outcome from `since` on.
///
/// # Errors
/// [`StoreError`].
pub async fn count_outcomes(
    tx: &mut Tx,
    action: Action,
    subject: &str,
    outcome: &str,
    since: Instant,
) -> Result<AuditOutcomeCounts, StoreError> {
    sql(
        "SELECT CAST(COALESCE(SUM(CASE WHEN subject = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS of_subject, \
         COUNT(*) AS \"all\" \
         FROM audit WHERE action = $1 AND outcome = $3 AND at >= $4",
    )
    .bind(action.as_str())
    .bind(subject)
    .bind(outcome)
    .bind(since)
    .fetch_one(tx)
    .await
}

/// Subjects of what was done at a till in this way from `since` on, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn subjects_at_till(
    tx: &mut Tx,
    till: TillId,
    action: Action,
    since: Instant,
) -> Result<Vec<String>, StoreError> {
    sql(
        "SELECT subject FROM audit WHERE till_id = $1 AND at >= $3 AND action = $2 \
         ORDER BY at DESC, id DESC",
    )
    .bind(till)
    .bind(action.as_str())
    .bind(since)
    .fetch_values(tx)
    .await
}

/// A line as it is read again.
#[derive(Debug, Clone, StoredRow)]
pub struct AuditLogRow {
    /// Its id.
    pub id: RowId,
    /// Time of the act.
    pub at: Instant,
    /// Name of the till, or nothing.
    pub till: String,
    /// Login of the person, or nothing.
    pub login: String,
    /// The paired browser, or nothing.
    pub device: String,
    /// The member.
    pub member_id: Option<MemberId>,
    /// The member's card in force with the highest number; none once the account is closed.
    pub card: Option<String>,
    /// Name of the act.
    pub action: String,
    /// Subject of the act.
    pub subject: String,
    /// Outcome of the act.
    pub outcome: String,
    /// Login of the cashier whom a late sale names, or nothing.
    pub named: String,
    /// Kind of whoever did it; nothing in lines of before this was stored.
    pub actor: String,
}

/// Filter of the lines that are listed.
#[derive(Debug, Clone, Default)]
pub struct AuditLogFilter {
    /// Time from which lines are listed.
    pub since: Instant,
    /// Till of the lines; `None` = any.
    pub till: Option<TillId>,
    /// Person who acted; `None` = anybody.
    pub staff: Option<StaffId>,
    /// Member whom the lines are about; `None` = anybody or nobody.
    pub member: Option<MemberId>,
}

/// Lines from `filter.since` on, oldest first, `limit` at most, after the line `(at, id)` that was told last.
///
/// # Errors
/// [`StoreError`].
pub async fn list_entries(
    tx: &mut Tx,
    filter: &AuditLogFilter,
    after: Option<(Instant, RowId)>,
    limit: i64,
) -> Result<Vec<AuditLogRow>, StoreError> {
    let (at, id) = after.unzip();
    sql(
        "SELECT a.id, a.at, COALESCE(t.name, '') AS till, COALESCE(s.login, '') AS login, \
         COALESCE(d.label, '') AS device, a.member_id, (SELECT MAX(c.number) FROM cards c \
         WHERE c.member_id = a.member_id AND c.blocked_at IS NULL) AS card, a.action, a.subject, a.outcome, \
         COALESCE(n.login, '') AS named, a.actor FROM audit a LEFT JOIN tills t ON t.id = a.till_id LEFT JOIN staff s ON s.id = a.staff_id \
         LEFT JOIN till_devices d ON d.id = a.device_id LEFT JOIN staff n ON n.id = a.named_staff_id \
         WHERE a.at >= $1 AND ($2 IS NULL OR a.till_id = $2) AND ($3 IS NULL OR a.staff_id = $3 OR a.named_staff_id = $3) \
         AND ($4 IS NULL OR a.member_id = $4) AND ($5 IS NULL OR a.at > $5 OR (a.at = $5 AND a.id > $6)) \
         ORDER BY a.at, a.id LIMIT $7",
    )
    .bind(filter.since)
    .bind(filter.till)
    .bind(filter.staff)
    .bind(filter.member)
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(tx)
    .await
}
