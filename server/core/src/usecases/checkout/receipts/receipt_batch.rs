//! Receipts and returns that a till kept while it had no link: each is committed by itself, in the order of the queue,
//! with the key that it would have had, and gets its own answer.

use super::returning::commit_return;
use super::selling::commit_late;
use super::{CommitAnswer, IdempotentRequest, LateSaleOrigin, ReturnDraft, SaleDraft};
use crate::domain::evaluate::PointsToSpend;
use crate::ids::StaffId;
use crate::service::Kopilka;
use crate::store::sessions;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, Refusal};

/// Items that one batch may have (product rule).
pub const MOST_ITEMS: usize = 1_000;

/// One item of a batch.
#[derive(Debug, Clone)]
pub enum ReceiptBatchItem {
    /// A sale.
    Sale(SaleDraft, IdempotentRequest),
    /// A return.
    Return(ReturnDraft, IdempotentRequest),
}

/// Result of one item.
pub type BatchItemResult = Result<CommitAnswer, Error>;

/// Commits one item of a batch. Points are not spent here: whether there are enough was not known when the receipt was made.
///
/// # Errors
/// As the commit of a sale or return; [`Refusal::SpendingNeedsLink`].
pub async fn commit_batch_item(
    service: &Kopilka,
    at_till: &TillContext,
    item: &ReceiptBatchItem,
) -> BatchItemResult {
    match item {
        ReceiptBatchItem::Sale(draft, _) if draft.spend != PointsToSpend::None => {
            Err(Refusal::SpendingNeedsLink.into())
        }
        ReceiptBatchItem::Sale(draft, sent) => {
            let late = LateSaleOrigin::sent_by(at_till.staff, service.now());
            commit_late(service, at_till, draft, sent, late).await
        }
        ReceiptBatchItem::Return(draft, sent) => commit_return(service, at_till, draft, sent).await,
    }
}

/// Commits a sale that a browser till kept on its device. It is made by `cashier` where that person has been signed in at
/// this till; whoever sends it is recorded beside.
///
/// # Errors
/// As [`commit_batch_item`] of a sale.
pub async fn commit_queued(
    service: &Kopilka,
    at_till: &TillContext,
    cashier: Option<StaffId>,
    draft: &SaleDraft,
    sent: &IdempotentRequest,
) -> BatchItemResult {
    if draft.spend != PointsToSpend::None {
        return Err(Refusal::SpendingNeedsLink.into());
    }
    let late = LateSaleOrigin::sent_by(at_till.staff, service.now());
    let named = match cashier {
        Some(cashier) if at_till.staff != Some(cashier) => {
            till_of_maker(service, at_till, cashier).await?
        }
        _ => at_till.clone(),
    };
    commit_late(service, &named, draft, sent, late).await
}

/// The till with the person who made the sale, where that person has been signed in at it; else with who sends it.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn till_of_maker(
    service: &Kopilka,
    at_till: &TillContext,
    staff: StaffId,
) -> Result<TillContext, Error> {
    let mut tx = service.db.read().await?;
    let known = sessions::has_worked(&mut tx, at_till.till.id, staff).await?;
    let mut at_till = at_till.clone();
    if known {
        at_till.staff = Some(staff);
    }
    Ok(at_till)
}
