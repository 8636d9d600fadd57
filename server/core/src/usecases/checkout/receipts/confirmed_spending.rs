//! The owner's yes by which a receipt may spend points; the question is in [`crate::usecases::checkout::spend_confirmation`].

use crate::domain::amounts::Points;
use crate::domain::spend_answer::SpendAnswer;
use crate::entropy;
use crate::ids::RowId;
use crate::store::{Tx, confirmations};
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;

/// An owner's yes that no receipt has used yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpendConfirmation {
    /// Id of the question.
    pub id: RowId,
    /// Most points that may be spent.
    pub points: Points,
}

/// The yes of a visit, unless a receipt has used it.
pub(super) async fn find_unused_confirmation(
    tx: &mut Tx,
    at_till: &TillContext,
    token: &str,
) -> Result<Option<SpendConfirmation>, Error> {
    let last = confirmations::find_of_visit(tx, entropy::hash_token(token)).await?;
    Ok(last
        .filter(|row| {
            row.answer == Some(SpendAnswer::Yes)
                && row.receipt_id.is_none()
                && row.till_id == at_till.till.id
        })
        .map(|row| SpendConfirmation {
            id: row.id,
            points: row.points,
        }))
}
