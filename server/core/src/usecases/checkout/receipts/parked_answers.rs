//! Answers about receipts that wait: what a parked receipt waits for, and that a held one waits for somebody to look at it.

use super::idempotency::{CommitAnswer, CommitOutcome};
use crate::domain::receipt::ReceiptKind;
use crate::store::parked_receipts::ParkedReceiptRow;
use crate::usecases::checkout::pos_v1::{ApiHeld, ApiParked, ApiParkedFor};
use crate::usecases::{Error, Refusal};

impl ParkedReceiptRow {
    /// Returns whether it is a sale that is held: a parked sale waits for its time, and a held one has none.
    pub(super) fn is_held(&self) -> bool {
        self.kind == ReceiptKind::Sale && self.due_at.is_none() && self.refused.is_empty()
    }

    /// Returns the answer to its sender.
    ///
    /// # Errors
    /// [`Refusal::ParkedRefused`] where it turned out wrong when its turn came.
    pub(super) fn to_commit_answer(&self) -> Result<CommitAnswer, Error> {
        if !self.refused.is_empty() {
            return Err(Refusal::ParkedRefused {
                why: self.refused.clone(),
            }
            .into());
        }
        if self.is_held() {
            let answer = serde_json::to_string(&ApiHeld {
                held: self.id.into(),
                waits_for: ApiParkedFor::Review,
                due_at: None,
                series: self.series.clone(),
                shift: self.shift.clone(),
                number: self.number.clone(),
            })?;
            let outcome = CommitOutcome::Held;
            return Ok(CommitAnswer { answer, outcome });
        }
        let waits_for = if self.due_at.is_some() {
            ApiParkedFor::Time
        } else {
            ApiParkedFor::Sale
        };
        let answer = serde_json::to_string(&ApiParked {
            parked: self.id.into(),
            waits_for,
            due_at: self.due_at,
            series: self.series.clone(),
            shift: self.shift.clone(),
            number: self.number.clone(),
        })?;
        Ok(CommitAnswer {
            answer,
            outcome: CommitOutcome::Parked,
        })
    }
}
