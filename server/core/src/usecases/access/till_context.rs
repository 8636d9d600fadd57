//! The till at which something is done.

use crate::domain::actor::Actor;
use crate::ids::StaffId;
use crate::store::audit::{Action, AuditLine};
use crate::store::tills::TillRow;

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

    /// Makes a line of the audit log about what was done here.
    pub(crate) fn audit_line(&self, action: Action) -> AuditLine {
        AuditLine::new(action, &self.actor())
    }
}
