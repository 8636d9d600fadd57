//! Checks of a receipt's lines and time before it is judged.

use super::SaleDraft;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::receipt::check_lines;
use crate::domain::time::Instant;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, FieldProblem, Refusal};

/// A receipt may come from a clock this far ahead, in seconds (product rule: 5 minutes).
pub(super) const AHEAD_SECONDS: i64 = 300;

/// A receipt may be this old, in days (product rule: 400).
pub(crate) const OLDEST_DAYS: i64 = 400;

/// Checks that a sale can be judged at all, whoever buys.
pub(super) fn check_draft(
    at_till: &TillContext,
    draft: &SaleDraft,
    now: Instant,
) -> Result<(), Error> {
    let at = draft.at.unwrap_or(now);
    check_age(at, now)?;
    // What is parked is stored later, and then it would be too late to say that there are not enough points.
    if draft.spend != PointsToSpend::None && is_ahead(at, now) {
        return Err(Error::invalid_field("at", "spending-ahead"));
    }
    at_till.require_open_store()?;
    check_lines(&draft.lines).map_err(|faults| {
        Error::Invalid(
            faults
                .into_iter()
                .map(|fault| {
                    FieldProblem::new(fault.field, fault.key()).with_arg("line", fault.line)
                })
                .collect(),
        )
    })
}

/// A receipt that is older than 400 days is no receipt any more, and one that would wait as long has a wrong time.
pub(super) fn check_age(at: Instant, now: Instant) -> Result<(), Error> {
    if at < now.plus_days(-OLDEST_DAYS) {
        return Err(Refusal::ReceiptTooOld.into());
    }
    if at > now.plus_days(OLDEST_DAYS) {
        return Err(Error::invalid_field("at", "receipt-too-far-ahead"));
    }
    Ok(())
}

/// Returns whether a receipt of this time comes so early that it must wait for its time.
pub(super) fn is_ahead(at: Instant, now: Instant) -> bool {
    at > now.plus_secs(AHEAD_SECONDS)
}
