//! Posted forms. A server function leaves a [`FormOutcome`]; a form that was refused or is not finished leaves its [`FormState`],
//! which the server keeps, and the browser is sent to the page that shows it.

mod outcome;
pub mod return_form;
pub mod sale_form;
pub mod secrets;
mod state;

use kopilka_core::usecases::Refusal;

pub use outcome::{FormOutcome, PostedForm};
pub use state::{FormProblem, FormState, PageStep, SaleAct, SaleStep};

use crate::text::Texts;

/// A form as a page shows it: as posted, or fresh.
#[derive(Debug, Clone, Default)]
pub struct RenderedForm {
    posted: Option<FormState>,
}

impl RenderedForm {
    /// The form of this endpoint (`join/phone`) on the page being rendered.
    pub fn for_endpoint(endpoint: &str) -> Self {
        Self {
            posted: FormState::current().filter(|posted| posted.endpoint == endpoint),
        }
    }

    /// Returns whether the page shows a refused post of this form.
    pub fn is_refused(&self) -> bool {
        self.posted.as_ref().is_some_and(FormState::is_refused)
    }

    /// Returns whether the form was not stored because others were in the way; its page says so above it.
    pub fn was_busy(&self) -> bool {
        let posted = self.posted.as_ref();
        posted.is_some_and(|posted| posted.busy.is_some())
    }

    /// Returns what was typed into a field.
    pub fn typed_value(&self, field: &str) -> Option<String> {
        let posted = self.posted.as_ref()?;
        posted.typed(field).map(str::to_owned)
    }

    /// Returns what was typed into a field, or what is stored when nothing was posted.
    pub fn value_or_stored(&self, field: &str, stored: &str) -> String {
        match &self.posted {
            Some(_) => self.typed_value(field).unwrap_or_default(),
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
        let mut problems = self.posted.as_ref()?.problems.iter();
        let problem = problems.find(|problem| problem.field == field)?;
        Some(texts.form_problem(problem))
    }

    /// Fields in order with the words for what is wrong with each, for the summary above the form.
    pub fn problems(&self, texts: Texts) -> Vec<(String, String)> {
        self.posted
            .iter()
            .flat_map(|posted| &posted.problems)
            .map(|problem| (problem.field.clone(), texts.problem_in_summary(problem)))
            .collect()
    }

    /// The words for a rule's no.
    pub fn refusal(&self, texts: Texts) -> Option<String> {
        let refusal = self.posted.as_ref()?.refusal.as_ref()?;
        Some(texts.refusal(refusal))
    }

    /// The rule's no itself.
    pub fn refused_by(&self) -> Option<Refusal> {
        self.posted.as_ref()?.refusal.clone()
    }
}
