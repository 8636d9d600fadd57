//! The first receipt of a rotating code or of a visit, which ends both for spending, also while it waits or is held.

use crate::domain::amounts::Points;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::TillId;
use crate::store::{Tx, code_uses};
use crate::usecases::Error;
use crate::usecases::checkout::scanned_cards::{CodeUsageState, PresentedCard};

/// Marks the code and the visit of a receipt as used, where it is their first receipt.
///
/// # Errors
/// [`Error::Busy`] where another receipt was first, at once or with the next read or the commit: the next try reads that.
pub(super) async fn mark_code_used(
    tx: &mut Tx,
    visit: Option<&str>,
    card: &PresentedCard,
    spent: Points,
    till: TillId,
    now: Instant,
) -> Result<(), Error> {
    if card.usage != CodeUsageState::Unused {
        return Ok(());
    }
    if let Some((device, step)) = card.code {
        code_uses::mark_code(tx, device, step, card.member, till, now);
    }
    let Some(token) = visit.map(entropy::hash_token) else {
        return Ok(());
    };
    // The row of the code already keeps a second receipt from spending.
    if card.code.is_some() || !spent.is_positive() {
        code_uses::mark_visit(tx, token, now);
    } else if !code_uses::use_up_visit(tx, token, now).await? {
        return Err(Error::Busy);
    }
    Ok(())
}
