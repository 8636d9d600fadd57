//! The till at which something is done.

use crate::domain::actor::Actor;
use crate::domain::chain::StoreStatus;
use crate::ids::StaffId;
use crate::store::audit::{Action, AuditLine};
use crate::store::tills::TillRow;
use crate::usecases::Refusal;

/// Till that asks, and the person at it where one is signed in.
#[derive(Debug, Clone)]
pub struct TillContext {
    /// The till with its store.
    pub till: TillRow,
    /// The person.
    pub staff: Option<StaffId>,
}

impl TillContext {
    /// Returns who acts here: the person, or the till by its key.
    pub const fn actor(&self) -> Actor {
        Actor::Till {
            till: self.till.id,
            staff: self.staff,
        }
    }

    /// Refuses a till of a store that waits for the programme.
    ///
    /// # Errors
    /// [`Refusal::StoreWaiting`].
    pub(crate) fn require_open_store(&self) -> Result<(), Refusal> {
        if self.till.store_status == StoreStatus::Waiting {
            return Err(Refusal::StoreWaiting);
        }
        Ok(())
    }

    /// Makes a line of the audit log about what was done here.
    pub(crate) fn audit_line(&self, action: Action) -> AuditLine {
        AuditLine::new(action, &self.actor())
    }
}
