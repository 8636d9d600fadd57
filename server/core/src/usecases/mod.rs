//! Use cases: acts of one person. A use case owns its transaction, checks who asks, and answers in the contract's words.

pub mod backups;
pub mod card;
pub mod claim_codes;
pub mod code_limits;
pub mod consents;
pub mod corrections;
pub mod demo;
pub mod enrolment;
pub mod export;
mod foreign_ids;
pub mod form_states;
pub mod fraud_limits;
pub mod gifts;
pub mod history;
pub mod invitations;
pub mod member_snapshot;
mod merged_accounts;
pub mod nightly;
pub mod offer_members;
pub mod offers;
pub mod once_only;
pub mod one_time_passwords;
pub mod outbox;
pub mod pairing;
#[cfg(test)]
mod past_json_tests;
pub mod phone_verification;
pub mod phones;
pub mod points_forwarding;
pub mod posting;
pub mod printed_cards;
pub mod products;
pub mod profile;
pub mod programmes;
pub mod pruning;
pub mod receipts;
pub mod refusal;
pub mod refused_forms;
pub mod rules;
pub mod sealing;
pub mod secret_key;
pub mod session;
pub mod settings;
pub mod shifts;
pub mod sign_in_phones;
pub mod spend_confirmation;
pub mod staff;
pub mod stores;
pub mod tiers;
pub mod till;
pub mod till_context;
pub mod tills;
mod transact;

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
