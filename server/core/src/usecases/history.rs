//! The ledger as its owner reads it: each movement with its reason, and when points will expire.

use super::facts::balance_of;
use super::receipts::kept;
use super::session::Shopper;
use super::{Error, Refusal};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{Evaluation, LineResult};
use crate::domain::ledger::{Balance, EntryKind, expiries};
use crate::domain::reason::Reason;
use crate::domain::receipt::Line;
use crate::domain::time::Instant;
use crate::ids::EntryId;
use crate::service::Kopilka;
use crate::store::ledger::EntryRow;
use crate::store::{StoreError, ledger, receipts};

/// Entries on one page.
const PAGE: i64 = 50;

/// One movement of points.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// Its id.
    pub id: EntryId,
    /// Kind.
    pub kind: EntryKind,
    /// Signed points.
    pub points: Points,
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: Instant,
    /// Where, for receipts.
    pub store: Option<String>,
}

/// The history page.
#[derive(Debug, Clone)]
pub struct History {
    /// Points now.
    pub balance: Balance,
    /// Movements, newest first.
    pub entries: Vec<EntryView>,
    /// When and how many points will expire, soonest first.
    pub expiries: Vec<(Instant, Points)>,
    /// Where the next page begins, where there is one.
    pub older: Option<EntryId>,
}

fn read(row: EntryRow) -> Result<EntryView, Error> {
    Ok(EntryView {
        id: row.id,
        kind: EntryKind::parse(&row.kind)
            .ok_or_else(|| StoreError::Unreadable(format!("entry kind {}", row.kind)))?,
        points: Points(row.points),
        reason: serde_json::from_str(&row.reason)
            .map_err(|error| StoreError::Unreadable(error.to_string()))?,
        at: Instant(row.at),
        store: row.store,
    })
}

/// The shopper's history before `before`, newest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn history(
    k: &Kopilka,
    shopper: &Shopper,
    before: Option<EntryId>,
) -> Result<History, Error> {
    let now = k.now();
    let mut tx = k.db.read().await?;
    let mut rows = ledger::history(&mut tx, shopper.member, before, PAGE + 1).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > PAGE);
    if more {
        rows.pop();
    }
    let entries: Vec<EntryView> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    let lots = ledger::lots(&mut tx, shopper.member).await?;
    Ok(History {
        balance: balance_of(&mut tx, shopper.member, now).await?,
        older: entries.last().map(|entry| entry.id).filter(|_| more),
        entries,
        expiries: expiries(&lots, now),
    })
}

/// A receipt behind an entry.
#[derive(Debug, Clone)]
pub struct ReceiptView {
    /// The till's number.
    pub number: String,
    /// When.
    pub at: Instant,
    /// Lines with what each got and gave.
    pub lines: Vec<(Line, LineResult)>,
    /// Before discounts.
    pub total: Money,
    /// Discounts.
    pub discount: Money,
    /// Paid by points.
    pub paid_by_points: Money,
    /// True: the goods went back.
    pub returned: bool,
    /// How the rules judged it, offers used and missed included; nothing for a return.
    pub evaluation: Evaluation,
}

/// One movement in full.
#[derive(Debug, Clone)]
pub struct EntryDetail {
    /// The movement.
    pub entry: EntryView,
    /// Version of the rules that decided.
    pub version: i64,
    /// Its receipt.
    pub receipt: Option<ReceiptView>,
    /// Other movements of the same receipt.
    pub siblings: Vec<EntryView>,
    /// The movement that it corrects, where one was named.
    pub corrects: Option<EntryView>,
}

/// One of the shopper's movements.
///
/// # Errors
/// [`Refusal::NotFound`] also for another member's.
pub async fn entry(k: &Kopilka, shopper: &Shopper, id: EntryId) -> Result<EntryDetail, Error> {
    let mut tx = k.db.read().await?;
    let row = ledger::entry(&mut tx, shopper.member, id)
        .await?
        .ok_or(Refusal::NotFound)?;
    let version = row.programme_version;
    let mut receipt = None;
    let mut siblings = Vec::new();
    if let Some(id) = row.receipt_id
        && let Some(stored) = receipts::by_id(&mut tx, id).await?
    {
        siblings = ledger::of_receipt(&mut tx, id)
            .await?
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()?;
        let lines = receipts::lines(&mut tx, id).await?;
        let evaluation = match stored.sale_id {
            Some(_) => Evaluation::default(),
            None => {
                let rules = k.rules_of(&mut tx, stored.programme_version).await?;
                let (programme, tier) = (&rules.programme, &stored.tier);
                kept::read(&stored.evaluation, programme, tier, &lines)?
            }
        };
        receipt = Some(ReceiptView {
            number: stored.number,
            at: Instant(stored.at),
            lines: lines
                .into_iter()
                .map(|row| (row.line, row.result))
                .collect(),
            returned: stored.sale_id.is_some(),
            total: Money(stored.total),
            discount: Money(stored.discount),
            paid_by_points: Money(stored.paid_by_points),
            evaluation,
        });
    }
    let corrects = match row.corrects {
        Some(id) => ledger::entry(&mut tx, shopper.member, id).await?,
        None => None,
    };
    Ok(EntryDetail {
        corrects: corrects.map(read).transpose()?,
        entry: read(row)?,
        version,
        receipt,
        siblings,
    })
}
