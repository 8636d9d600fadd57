//! Receipts and returns that a till kept while it had no link: each is committed by itself, in the order of the queue,
//! with the key that it would have had, and gets its own answer.

use super::super::till::AtTill;
use super::super::{Error, Refusal};
use super::returning::commit_return;
use super::selling::commit_late;
use super::{Committed, Draft, ReturnDraft, Sent};
use crate::domain::evaluate::Spend;
use crate::service::Kopilka;

/// Items that one batch may have (product rule).
pub const MOST_ITEMS: usize = 1_000;

/// One item of a batch.
#[derive(Debug, Clone)]
pub enum BatchItem {
    /// A sale.
    Sale(Draft, Sent),
    /// A return.
    Return(ReturnDraft, Sent),
}

/// What became of one item.
pub type BatchResult = Result<Committed, Error>;

/// Commits one item of a batch. Points are not spent here: whether there are enough was not known when the receipt was made.
///
/// # Errors
/// As the commit of a sale or return; [`Refusal::SpendingNeedsLink`].
pub async fn batch(k: &Kopilka, at_till: &AtTill, item: &BatchItem) -> BatchResult {
    match item {
        BatchItem::Sale(draft, _) if draft.spend != Spend::None => {
            Err(Refusal::SpendingNeedsLink.into())
        }
        BatchItem::Sale(draft, sent) => commit_late(k, at_till, draft, sent).await,
        BatchItem::Return(draft, sent) => commit_return(k, at_till, draft, sent).await,
    }
}
