//! Counts of answers to tills since the process began, for monitoring. Nothing depends on it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::usecases::Error;
use crate::usecases::receipts::{Committed, Outcome};

/// Number of times that each answer was given, by the request (`sale` or `return`) and by the answer.
#[derive(Debug)]
pub struct Tally(Mutex<BTreeMap<Answered, u64>>);

/// Request and answer, as stable names.
pub type Answered = (&'static str, &'static str);

const ANSWERS: [&str; 7] = [
    "stored", "repeated", "parked", "held", "refused", "busy", "failed",
];

impl Default for Tally {
    /// Every answer is there from the beginning: of one that was never given, none is known to be missing.
    fn default() -> Self {
        let none = ["sale", "return"]
            .into_iter()
            .flat_map(|kind| ANSWERS.map(|answer| ((kind, answer), 0)));
        Self(Mutex::new(none.collect()))
    }
}

impl Tally {
    /// Counts the answer to a sale or a return.
    pub(crate) fn count(&self, kind: &'static str, answer: &Result<Committed, Error>) {
        let answer = match answer {
            Ok(committed) => match committed.outcome {
                Outcome::Stored => "stored",
                Outcome::Repeated => "repeated",
                Outcome::Parked => "parked",
                Outcome::Held => "held",
            },
            Err(Error::Refused(_) | Error::Invalid(_)) => "refused",
            Err(Error::Busy) => "busy",
            Err(Error::Fault(_)) => "failed",
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((kind, answer)).or_default() += 1;
    }

    /// All counts at this moment.
    pub fn now(&self) -> BTreeMap<Answered, u64> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
