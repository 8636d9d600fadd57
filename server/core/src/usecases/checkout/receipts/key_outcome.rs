//! Outcome of a receipt whose answer never reached its till: found by the key under which it was sent.

use crate::domain::receipt::ReceiptKind;
use crate::ids::ReceiptId;
use crate::service::Kopilka;
use crate::store::{answers, parked_receipts, receipts};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, transact};

/// Outcome of a receipt that was sent under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdempotencyKeyOutcome {
    /// Nothing is stored under the key.
    Unknown,
    /// It waits: for its time, for its sale, or for somebody to look at it.
    Waiting,
    /// It is a stored sale.
    Sale(ReceiptId),
    /// It is a stored return.
    Return(ReceiptId),
}

/// Returns what became of the receipt that this till has sent under this key. A receipt that is being stored at this moment
/// is waited for.
///
/// # Errors
/// [`Error::Fault`].
pub async fn outcome_of_key(
    service: &Kopilka,
    at_till: &TillContext,
    key: &str,
) -> Result<IdempotencyKeyOutcome, Error> {
    let till = at_till.till.id;
    // As a commit takes it, so that both wait for each other; nothing is written.
    transact!(service.db, |tx| {
        tx.advisory_lock(&format!("key {till} {key}")).await?;
        if let Some(answer) = answers::find_by_key(tx, till, key).await? {
            let receipt = receipts::find_by_id(tx, answer.receipt_id).await?;
            let is_return = receipt.is_some_and(|receipt| receipt.kind == ReceiptKind::Return);
            return Ok(if is_return {
                IdempotencyKeyOutcome::Return(answer.receipt_id)
            } else {
                IdempotencyKeyOutcome::Sale(answer.receipt_id)
            });
        }
        let waiting = parked_receipts::find_by_key(tx, till, key).await?;
        let waits = waiting.is_some_and(|row| row.refused.is_empty());
        Ok(if waits {
            IdempotencyKeyOutcome::Waiting
        } else {
            IdempotencyKeyOutcome::Unknown
        })
    })
}
