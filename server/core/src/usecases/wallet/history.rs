//! The ledger as its owner reads it: each movement with its reason, and when points will expire.

use std::collections::HashSet;

use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{Evaluation, LineResult};
use crate::domain::ledger::{EntryKind, PointsBalance, expiries};
use crate::domain::offers::UnmetCondition;
use crate::domain::programme::Programme;
use crate::domain::reason::EntryReason;
use crate::domain::receipt::ReceiptLine;
use crate::domain::time::Instant;
use crate::ids::EntryId;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::json;
use crate::store::ledger::LedgerEntryRow;
use crate::store::{Tx, ledger, receipts};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_shopper};
use crate::usecases::access::session::Shopper;
use crate::usecases::loyalty::evaluation_encoding;
use crate::usecases::loyalty::member_snapshot::balance_of;
use crate::usecases::{Error, Refusal};

/// Entries on one page.
const PAGE: i64 = 50;

/// One movement of points.
#[derive(Debug, Clone)]
pub struct LedgerEntryView {
    /// Its id.
    pub id: EntryId,
    /// Kind.
    pub kind: EntryKind,
    /// Signed points.
    pub points: Points,
    /// Reason of the movement.
    pub reason: EntryReason,
    /// Time of the movement.
    pub at: Instant,
    /// Name of the store; `None` = the movement has no receipt.
    pub store: Option<String>,
    /// The reason is an offer that pages must not name.
    pub unnamed: bool,
}

/// The history page.
#[derive(Debug, Clone)]
pub struct PointsHistory {
    /// Points now.
    pub balance: PointsBalance,
    /// Movements, newest first.
    pub entries: Vec<LedgerEntryView>,
    /// Times and numbers of points that will expire, soonest first.
    pub expiries: Vec<(Instant, Points)>,
    /// Entry after which the next page begins; `None` = this is the last page.
    pub older: Option<EntryId>,
}

async fn read_entries(
    service: &Kopilka,
    tx: &mut Tx,
    rows: Vec<LedgerEntryRow>,
) -> Result<Vec<LedgerEntryView>, Error> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(read_entry(service, tx, row).await?);
    }
    Ok(all)
}

async fn read_entry(
    service: &Kopilka,
    tx: &mut Tx,
    row: LedgerEntryRow,
) -> Result<LedgerEntryView, Error> {
    let reason = json::from_column(&row.reason)?;
    let unnamed = match &reason {
        EntryReason::Offer { offer, .. } => {
            let then = service.rules_of_version(tx, row.programme_version).await?;
            then.programme
                .leaves_unnamed(offer, &service.current_rules(tx).await?.programme)
        }
        _ => false,
    };
    Ok(LedgerEntryView {
        id: row.id,
        kind: row.kind,
        points: row.points,
        reason,
        at: row.at,
        store: row.store,
        unnamed,
    })
}

/// The shopper's history before `before`, newest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_history(
    service: &Kopilka,
    shopper: &Shopper,
    before: Option<EntryId>,
) -> Result<PointsHistory, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let mut rows = ledger::list_entries(&mut tx, shopper.member, before, PAGE + 1).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > PAGE);
    if more {
        rows.pop();
    }
    let entries = read_entries(service, &mut tx, rows).await?;
    let lots = ledger::list_open_lots(&mut tx, shopper.member).await?;
    Ok(PointsHistory {
        balance: balance_of(&mut tx, shopper.member, now).await?,
        older: entries.last().map(|entry| entry.id).filter(|_| more),
        entries,
        expiries: expiries(&lots, now),
    })
}

/// A receipt behind an entry.
#[derive(Debug, Clone)]
pub struct HistoryReceiptView {
    /// The till's number.
    pub number: String,
    /// Time of the receipt.
    pub at: Instant,
    /// Lines with what each got and gave.
    pub lines: Vec<(ReceiptLine, LineResult)>,
    /// Sum before discounts.
    pub total: Money,
    /// Discounts.
    pub discount: Money,
    /// Paid by points.
    pub paid_by_points: Money,
    /// True: the goods went back.
    pub returned: bool,
    /// Judgement of the rules, offers used and missed included; empty for a return.
    pub evaluation: Evaluation,
    /// Ids of offers in it that pages must not name.
    pub unnamed: HashSet<String>,
}

/// Ids of offers in a judgement by `then` that pages must not name.
fn unnamed_in(evaluation: &Evaluation, then: &Programme, now: &Programme) -> HashSet<String> {
    let used = evaluation.offers_used.iter().map(|used| &used.offer);
    let missed = evaluation.offers_missed.iter().map(|missed| &missed.offer);
    let misses = evaluation
        .offers_missed
        .iter()
        .flat_map(|missed| &missed.misses);
    let better = misses.filter_map(UnmetCondition::named_offer);
    used.chain(missed)
        .map(String::as_str)
        .chain(better)
        .filter(|offer| then.leaves_unnamed(offer, now))
        .map(str::to_owned)
        .collect()
}

/// One movement in full.
#[derive(Debug, Clone)]
pub struct LedgerEntryDetail {
    /// The movement.
    pub entry: LedgerEntryView,
    /// The rules that decided.
    pub rules: ProgrammeRules,
    /// Its receipt.
    pub receipt: Option<HistoryReceiptView>,
    /// Other movements of the same receipt.
    pub siblings: Vec<LedgerEntryView>,
    /// The movement that it corrects, where one was named.
    pub corrects: Option<LedgerEntryView>,
}

/// One of the shopper's movements.
///
/// # Errors
/// [`Refusal::NotFound`] also for another member's.
pub async fn load_entry(
    service: &Kopilka,
    shopper: &Shopper,
    id: EntryId,
) -> Result<LedgerEntryDetail, Error> {
    let mut tx = service.db.read().await?;
    let Some(row) = ledger::find_entry(&mut tx, shopper.member, id).await? else {
        drop(tx);
        let refused = Err(Refusal::NotFound.into());
        return log_foreign_id_of_shopper(service, refused, shopper, OwnedId::Entry(id)).await;
    };
    let rules = service
        .rules_of_version(&mut tx, row.programme_version)
        .await?;
    let mut receipt = None;
    let mut siblings = Vec::new();
    if let Some(id) = row.receipt_id
        && let Some(stored) = receipts::find_by_id(&mut tx, id).await?
    {
        let rows = ledger::list_of_receipt(&mut tx, id).await?;
        siblings = read_entries(service, &mut tx, rows).await?;
        let lines = receipts::list_lines(&mut tx, id).await?;
        let then = service
            .rules_of_version(&mut tx, stored.programme_version)
            .await?
            .programme;
        let evaluation = match stored.sale_id {
            Some(_) => Evaluation::default(),
            None => evaluation_encoding::decode_evaluation(
                &stored.evaluation,
                &then,
                &stored.tier,
                &lines,
            )?,
        };
        let unnamed = unnamed_in(
            &evaluation,
            &then,
            &service.current_rules(&mut tx).await?.programme,
        );
        receipt = Some(HistoryReceiptView {
            number: stored.number,
            at: stored.at,
            lines: lines
                .into_iter()
                .map(|row| (row.line, row.result))
                .collect(),
            returned: stored.sale_id.is_some(),
            total: stored.total,
            discount: stored.discount,
            paid_by_points: stored.paid_by_points,
            evaluation,
            unnamed,
        });
    }
    let corrects = match row.corrects {
        Some(id) => ledger::find_entry(&mut tx, shopper.member, id).await?,
        None => None,
    };
    let corrects = match corrects {
        Some(corrected) => Some(read_entry(service, &mut tx, corrected).await?),
        None => None,
    };
    Ok(LedgerEntryDetail {
        corrects,
        entry: read_entry(service, &mut tx, row).await?,
        rules,
        receipt,
        siblings,
    })
}
