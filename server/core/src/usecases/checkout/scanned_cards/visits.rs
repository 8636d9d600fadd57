//! Visits: whom a token names at a till.

use super::{CodeUsageState, PresentedCard};
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::MemberId;
use crate::service::Kopilka;
use crate::store::{Tx, tills};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, Refusal};

/// Returns the member whose visit a token names or named: an over one too, or one of a till that this one stands in for, so
/// that a card shown again is known for the same.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_visit_member(service: &Kopilka, token: &str) -> Result<Option<MemberId>, Error> {
    let mut tx = service.db.read().await?;
    let row = tills::find_visit(&mut tx, entropy::hash_token(token)).await?;
    Ok(row.map(|row| row.visit.member_id))
}

/// The visit of a token at this till, unless it was over at `at`.
///
/// # Errors
/// [`Refusal::VisitOver`], also for a token of another till.
pub(crate) async fn find_visit(
    tx: &mut Tx,
    at_till: &TillContext,
    token: &str,
    at: Instant,
) -> Result<PresentedCard, Error> {
    let with_use = tills::find_visit(tx, entropy::hash_token(token))
        .await?
        .filter(|row| row.visit.till_id == at_till.till.id && at < row.visit.expires_at)
        .ok_or(Refusal::VisitOver)?;
    let usage = CodeUsageState::of_visit(&with_use);
    let row = with_use.visit;
    Ok(PresentedCard {
        member: row.member_id,
        scheme: row.scheme,
        code: row.device_id.zip(row.step),
        overridden_by: row.overridden_by,
        usage,
    })
}
