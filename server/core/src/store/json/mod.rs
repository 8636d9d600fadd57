//! JSON in columns: a type for each, which holds what a domain type holds, under the names that are stored. Rows of earlier
//! versions are read by the same types: a field that came later has a default, and no name ever changes.
//!
//! The document of a programme is a format of its own, which [`super::programmes`] stores as the programme reads it. The
//! answer to a till is stored as the POS API wrote it.
//!
//! Four types of use cases are stored as they are, so their fields keep their names: `AccountMergeTransfer`
//! (`account_merges.moved`), `MessageContent` (`outbox.message`), `NightlyReport` (`job_progress.report`) and `SignUpOrigin`
//! (`challenges.origin`, `invitations.origin`). `usecases/past_json_tests.rs` reads rows of them from a past backup.

mod draft;
mod evaluation;
mod judgement;
mod line;
mod reason;
mod returns;
mod short_evaluation;
mod shown;
#[cfg(test)]
mod tests;
mod unmet;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use draft::{StoredReturnDraft, StoredSaleDraft, StoredSaleName, StoredSpend};
pub use evaluation::StoredEvaluation;
pub use judgement::StoredJudgement;
pub use line::{StoredLine, StoredLines, StoredReturnLine};
pub use reason::StoredReason;
pub use returns::{StoredReturnEffect, StoredReturnedLine};
pub use shown::{StoredScheme, StoredShownCard};

use super::StoreError;

/// A value that is stored as JSON, in a form of its own.
pub trait StoredAsJson: Clone + Into<Self::Form> {
    /// Type that is written and read.
    type Form: Serialize + DeserializeOwned + Into<Self>;
}

/// Returns the text of a value for its column.
///
/// # Errors
/// Never in practice.
pub fn to_column<T: StoredAsJson>(value: &T) -> Result<String, StoreError> {
    let form: T::Form = value.clone().into();
    serde_json::to_string(&form).map_err(unreadable)
}

/// Reads a value from the text of its column.
///
/// # Errors
/// [`StoreError::Unreadable`].
pub fn from_column<T: StoredAsJson>(text: &str) -> Result<T, StoreError> {
    let form: T::Form = serde_json::from_str(text).map_err(unreadable)?;
    Ok(form.into())
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Unreadable(error.to_string())
}
