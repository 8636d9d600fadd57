//! Use cases: acts of one person. A use case owns its transaction, checks who asks, and answers in the contract's words.

pub mod access;
pub mod accounts;
pub mod checkout;
pub mod demo;
pub mod jobs;
pub mod loyalty;
pub mod messages;
pub mod operation;
#[cfg(test)]
mod past_json_tests;
pub mod profiles;
pub mod programme;
pub mod refusal;
pub mod sign_up;
mod transact;
pub mod wallet;

pub use refusal::Refusal;
pub use transact::BUSY_SECONDS;
pub(crate) use transact::{attempt, retrying, transact};

use crate::domain::actor::Actor;
use crate::domain::roles::Permission;
use crate::entropy::EntropyUnavailable;
use crate::store::StoreError;

/// Problem with one field of a form or body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name in the form or body.
    pub field: &'static str,
    /// Stable name of the problem; the words for it are found by `problem-<key>`.
    pub key: &'static str,
    /// Values that the words mention.
    pub args: Vec<(&'static str, String)>,
}

impl FieldProblem {
    /// A problem whose words need no values.
    pub fn new(field: &'static str, key: &'static str) -> Self {
        Self {
            field,
            key,
            args: Vec::new(),
        }
    }

    /// Adds a value that the words mention.
    pub fn with_arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Reason for which a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields are wrong: show each problem beside its field and let it be corrected.
    #[error("{} field(s) need correcting", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// A rule says no: say which.
    #[error("refused: {}", .0.key())]
    Refused(Refusal),
    /// Others were in the way, several times over; nothing is stored: ask for it again after [`BUSY_SECONDS`].
    #[error("the database is busy")]
    Busy,
    /// Our own fault: log it, apologise, nothing is stored.
    #[error("{0}")]
    Fault(String),
}

impl Error {
    /// One wrong field.
    pub fn invalid_field(field: &'static str, key: &'static str) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, key)])
    }

    /// Returns the name of the reason, as lines of the audit log have it: of the refusal, or of the first problem.
    /// `None` = a fault.
    pub(crate) fn outcome_key(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.key()),
            Self::Invalid(problems) => {
                Some(problems.first().map_or("invalid", |problem| problem.key))
            }
            Self::Busy | Self::Fault(_) => None,
        }
    }
}

/// Checks that the actor may do this.
///
/// # Errors
/// [`Refusal::NotAllowed`].
pub(crate) fn require(actor: &Actor, permission: Permission) -> Result<(), Refusal> {
    if actor.may(permission) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed)
    }
}

impl From<FieldProblem> for Error {
    fn from(problem: FieldProblem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            // Where a use case has no word for it, somebody stored the same thing at the same time.
            StoreError::Busy | StoreError::Duplicate => Self::Busy,
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<EntropyUnavailable> for Error {
    fn from(error: EntropyUnavailable) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.to_string())
    }
}
