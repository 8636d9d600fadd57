//! Errors of a posted form, so that its page can be shown again with everything that was typed.

use std::sync::{Arc, Mutex};

use kopilka_core::usecases::{Problem, Refusal};
use leptos::prelude::use_context;

use crate::text::Texts;

/// Why a form was not accepted.
#[derive(Debug, Clone)]
pub struct FormFailure {
    /// Path of the page to show again.
    pub page: String,
    /// HTTP status: 4xx, 503 where others were in the way, 200 where nothing was refused.
    pub status: u16,
    /// Wrong fields.
    pub problems: Vec<Problem>,
    /// A rule's no.
    pub refusal: Option<Refusal>,
    /// Seconds after which to send the form again, where others were in the way; `None` = they were not.
    pub busy: Option<i64>,
}

impl FormFailure {
    /// A page that is shown with everything that was posted to it: nothing was refused.
    pub const fn shown(page: String) -> Self {
        Self {
            page,
            status: 200,
            problems: Vec::new(),
            refusal: None,
            busy: None,
        }
    }

    /// Returns the seconds after which the form may be sent again; `None` = whenever somebody likes.
    pub fn retry_after(&self) -> Option<i64> {
        self.busy
            .or_else(|| self.refusal.as_ref().and_then(Refusal::retry_after))
    }
}

/// Place in which a server function leaves its failure for the server to answer with.
#[derive(Debug, Clone, Default)]
pub struct FormOutcome(Arc<Mutex<Option<FormFailure>>>);

impl FormOutcome {
    /// Leaves a failure.
    pub fn fail(&self, failure: FormFailure) {
        if let Ok(mut place) = self.0.lock() {
            *place = Some(failure);
        }
    }

    /// Takes the failure, where there is one.
    pub fn take(&self) -> Option<FormFailure> {
        self.0.lock().ok().and_then(|mut place| place.take())
    }
}

/// A form that was posted and refused.
#[derive(Debug, Clone)]
pub struct PostedForm {
    /// Endpoint without `/api/`, `join/phone`.
    pub endpoint: String,
    /// Fields as they were typed, in order.
    pub values: Vec<(String, String)>,
    /// Why it was refused.
    pub failure: FormFailure,
}

/// A form as a page shows it: as posted and refused, or fresh.
#[derive(Debug, Clone, Default)]
pub struct Form {
    posted: Option<PostedForm>,
}

impl Form {
    /// The form of this endpoint (`join/phone`) on the page being rendered.
    pub fn of(endpoint: &str) -> Self {
        Self {
            posted: use_context::<PostedForm>().filter(|posted| posted.endpoint == endpoint),
        }
    }

    /// Returns whether the page answers a refused post of this form.
    pub const fn refused(&self) -> bool {
        self.posted.is_some()
    }

    /// Returns whether the form was not stored because others were in the way; its page says so above it.
    pub fn was_busy(&self) -> bool {
        let posted = self.posted.as_ref();
        posted.is_some_and(|posted| posted.failure.busy.is_some())
    }

    /// Returns what was typed into a field.
    pub fn typed(&self, field: &str) -> Option<String> {
        self.posted.as_ref().and_then(|posted| {
            posted
                .values
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, value)| value.clone())
        })
    }

    /// Returns what was typed into a field, or what is stored when nothing was posted.
    pub fn value(&self, field: &str, stored: &str) -> String {
        match &self.posted {
            Some(_) => self.typed(field).unwrap_or_default(),
            None => stored.to_owned(),
        }
    }

    /// Returns whether a box with this value was ticked, or is ticked in store when nothing was posted.
    pub fn ticked(&self, field: &str, value: &str, stored: bool) -> bool {
        match &self.posted {
            Some(posted) => posted
                .values
                .iter()
                .any(|(name, typed)| name == field && typed == value),
            None => stored,
        }
    }

    /// The words for what is wrong with a field.
    pub fn problem(&self, field: &str, texts: Texts) -> Option<String> {
        let posted = self.posted.as_ref()?;
        let problem = posted
            .failure
            .problems
            .iter()
            .find(|problem| problem.field == field)?;
        Some(texts.problem(problem))
    }

    /// Fields in order with the words for what is wrong with each, for the summary above the form.
    pub fn problems(&self, texts: Texts) -> Vec<(&'static str, String)> {
        self.posted
            .iter()
            .flat_map(|posted| &posted.failure.problems)
            .map(|problem| (problem.field, texts.problem_in_summary(problem)))
            .collect()
    }

    /// The words for a rule's no.
    pub fn refusal(&self, texts: Texts) -> Option<String> {
        let refusal = self.posted.as_ref()?.failure.refusal.as_ref()?;
        Some(texts.refusal(refusal))
    }

    /// The rule's no itself.
    pub fn refused_by(&self) -> Option<Refusal> {
        self.posted.as_ref()?.failure.refusal.clone()
    }
}
