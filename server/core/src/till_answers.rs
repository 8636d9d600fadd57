//! Counts of answers to tills since the process began, for monitoring. Nothing depends on them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

/// Request of a till that is counted; its name is that of the metric's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum TillRequest {
    /// A sale.
    Sale,
    /// A return.
    Return,
}

/// Answer to a till; its name is that of the metric's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum TillAnswer {
    /// Stored now.
    Stored,
    /// Stored before, under the same key.
    Repeated,
    /// Stored until its time comes.
    Parked,
    /// Held until somebody has looked at it.
    Held,
    /// Refused by a rule or for wrong fields.
    Refused,
    /// Not stored: others were in the way.
    Busy,
    /// Not stored: a fault of ours.
    Failed,
}

/// Number of times that each request got each answer.
pub type TillAnswerCounts = BTreeMap<(TillRequest, TillAnswer), u64>;

/// Counter of answers.
#[derive(Debug)]
pub struct TillAnswerCounter(Mutex<TillAnswerCounts>);

impl Default for TillAnswerCounter {
    /// Every answer is there from the beginning, so that one that was never given counts as 0.
    fn default() -> Self {
        let none = TillRequest::iter()
            .flat_map(|request| TillAnswer::iter().map(move |answer| ((request, answer), 0)));
        Self(Mutex::new(none.collect()))
    }
}

impl TillAnswerCounter {
    /// Counts the answer to a request.
    pub(crate) fn count_answer(&self, request: TillRequest, answer: TillAnswer) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((request, answer)).or_default() += 1;
    }

    /// Returns all counts at this moment.
    pub fn counts(&self) -> TillAnswerCounts {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
