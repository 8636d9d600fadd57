//! Sales that a till kept on its device while it had no link: each is committed once under its own key, as of its own time,
//! and one that is refused stays with the cashier, who may put it aside; then the server keeps it.

use crate::domain::amounts::Money;
use crate::domain::time::Instant;
use crate::ids::RowId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::json;
use crate::store::put_aside_sales::{self, PutAsideSaleRow};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::receipts::{IdempotentRequest, SaleDraft};
use crate::usecases::{Error, transact};

/// Days for which a till lists what was put aside.
const LISTED_DAYS: i64 = 90;
/// Longest name of a refusal that is stored.
const LONGEST_REASON: usize = 64;

/// Keeps a refused sale on the server, without whose it was; once, however often it comes. `why` names the refusal.
///
/// # Errors
/// The refusal of a malformed key; [`Error::Fault`].
pub async fn put_sale_aside(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
    sent: &IdempotentRequest,
    why: &str,
) -> Result<(), Error> {
    sent.check_key()?;
    let now = service.now();
    let total = draft
        .lines
        .iter()
        .fold(Money::ZERO, |total, line| total + line.amount);
    let row = PutAsideSaleRow {
        id: RowId::new(),
        till_id: at_till.till.id,
        staff_id: at_till.staff,
        key: sent.key.clone(),
        at: draft.at.unwrap_or(now),
        total,
        lines: json::to_column(&draft.lines)?,
        why: why.chars().take(LONGEST_REASON).collect(),
        put_at: now,
    };
    transact!(service.db, |tx| {
        if put_aside_sales::insert(tx, &row).await? {
            let done = at_till.audit_line(Action::PutAside).subject(row.id);
            audit::log(tx, done, now).await?;
        }
        Ok(())
    })
}

/// A sale that was put aside, as its till lists it.
#[derive(Debug, Clone)]
pub struct PutAsideSale {
    /// Its own time.
    pub at: Instant,
    /// Sum of its lines before discounts.
    pub total: Money,
    /// Stable name of why it was refused.
    pub why: String,
}

/// Returns the sales that were put aside at this till in the last 90 days, the last first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_put_aside(
    service: &Kopilka,
    at_till: &TillContext,
) -> Result<Vec<PutAsideSale>, Error> {
    let mut tx = service.db.read().await?;
    let since = service.now().plus_days(-LISTED_DAYS);
    let rows = put_aside_sales::list_since(&mut tx, at_till.till.id, since).await?;
    let shown = |row: PutAsideSaleRow| PutAsideSale {
        at: row.at,
        total: row.total,
        why: row.why,
    };
    Ok(rows.into_iter().map(shown).collect())
}
