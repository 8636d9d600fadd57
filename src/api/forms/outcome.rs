//! A posted form while it is answered: the server function leaves its outcome, and the server answers with it.

use std::sync::{Arc, Mutex};

use super::FormState;

/// Outcome of a posted form.
#[derive(Debug, Clone)]
pub enum FormOutcome {
    /// It was accepted: this page of ours comes next.
    Go(String),
    /// Nothing was refused and nothing is finished: its page shows it as it is now.
    Stay(FormState),
    /// It was refused: its page shows it with what is wrong.
    Refused(FormState),
}

/// Form that is being answered.
#[derive(Debug, Clone)]
pub struct PostedForm {
    /// Endpoint without `/api/`, `join/phone`.
    pub endpoint: Arc<str>,
    outcome: Arc<Mutex<Option<FormOutcome>>>,
}

impl PostedForm {
    /// A form without an outcome yet.
    pub fn new(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.into(),
            outcome: Arc::default(),
        }
    }

    /// Leaves the outcome, in place of an earlier one.
    pub fn leave(&self, outcome: FormOutcome) {
        if let Ok(mut place) = self.outcome.lock() {
            *place = Some(outcome);
        }
    }

    /// Takes the outcome, where there is one.
    pub fn take(&self) -> Option<FormOutcome> {
        self.outcome.lock().ok().and_then(|mut place| place.take())
    }
}
