//! Fields of the till's forms: the input, and beneath it what is wrong with it.

use leptos::prelude::*;

use crate::api::forms::{FormProblem, FormState};
use crate::components::Icon;
use crate::text::Texts;

/// Wrong fields of the receipt, looked up by name and row.
#[derive(Clone)]
pub struct ReceiptFieldErrors {
    problems: Vec<FormProblem>,
    texts: Texts,
}

impl ReceiptFieldErrors {
    /// These problems, to be told in these words.
    pub const fn new(problems: Vec<FormProblem>, texts: Texts) -> Self {
        Self { problems, texts }
    }

    /// Returns the words for what is wrong with a field that stands once.
    pub fn error_of(&self, field: &str) -> Option<String> {
        let mut problems = self.problems.iter();
        problems
            .find(|problem| problem.field == field)
            .map(|problem| self.texts.form_problem(problem))
    }

    /// The first wrong field of a row.
    pub fn first_in_rows(&self) -> Option<(usize, &str)> {
        let problem = self.problems.first()?;
        let (_, row) = problem.args.iter().find(|(name, _)| name == "line")?;
        Some((row.parse().ok()?, &problem.field))
    }

    /// Returns the words for what is wrong with a field of a row.
    pub fn error_in_row(&self, row: usize, field: &str) -> Option<String> {
        let row = row.to_string();
        let of_row = |problem: &&FormProblem| {
            problem.field == field
                && problem
                    .args
                    .iter()
                    .any(|(name, line)| name == "line" && *line == row)
        };
        let problem = self.problems.iter().find(of_row)?;
        Some(self.texts.form_problem(problem))
    }
}

/// Error of the input with this id, beneath it.
#[component]
pub fn FieldError(
    /// Id of the input.
    id: String,
    /// The words; none: nothing is wrong.
    words: Option<String>,
) -> impl IntoView {
    words.map(|words| {
        view! {
            <p class="error" id=format!("{id}-error")>
                <Icon name="circle-alert" />
                <span>{words}</span>
            </p>
        }
    })
}

/// The field of a card's code with its button. The scanner's island finds both by their ids.
#[component]
pub fn CodeField(
    /// Words in the language of the page.
    texts: Texts,
    /// Its label.
    label: String,
    /// Id of the form that it belongs to, where it stands outside.
    form: Option<&'static str>,
    /// True if the page opens with the cursor here.
    autofocus: bool,
) -> impl IntoView {
    let find = texts.get("till-find");
    // A code is never shown again; where one was answered with a no, the bar tells why.
    let wrong = FormState::current()
        .is_some_and(|posted| posted.endpoint == "till/scan" && posted.is_refused());
    view! {
        <label for="code">{label}</label>
        <div class="inline">
            <input
                id="code"
                name="code"
                form=form
                inputmode="numeric"
                autocomplete="off"
                spellcheck="false"
                autofocus=autofocus
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then_some("told")
            />
            <button class="btn" id="find" form=form formaction="/api/till/scan">
                {find}
                " "
                <kbd>"Enter"</kbd>
            </button>
        </div>
    }
}
