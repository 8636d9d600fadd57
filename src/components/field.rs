//! Form fields: label, hint, input, and what was wrong beneath. What was typed is never lost, secrets apart.

use leptos::prelude::*;

use super::Icon;
use crate::api::Visitor;
use crate::api::forms::secrets::is_secret;
use crate::api::forms::{FormState, RenderedForm};
use crate::text::Texts;

/// A text field of a form.
#[component]
pub fn TextField(
    /// Words in the language of the page.
    texts: Texts,
    /// The form that it belongs to.
    form: RenderedForm,
    /// Name and id.
    name: &'static str,
    /// Its label, in words.
    #[prop(into)]
    label: String,
    /// A hint under the label.
    #[prop(optional, into)]
    hint: String,
    /// Stored value, shown until something is typed.
    #[prop(optional, into)]
    stored: String,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// `autocomplete` of the input.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// `inputmode` of the input.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Class of the input.
    #[prop(default = "")]
    class: &'static str,
    /// Example inside the empty input.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Longest text that the browser lets in.
    #[prop(default = 120)]
    maxlength: u32,
    /// True if an empty field is refused.
    #[prop(default = false)]
    required: bool,
    /// True if the page opens with the cursor here.
    #[prop(default = false)]
    autofocus: bool,
) -> impl IntoView {
    let error = form.problem(name, texts);
    let value = form.value_or_stored(name, &stored);
    let has_hint = !hint.is_empty();
    let described = match (has_hint, error.is_some()) {
        (true, true) => Some(format!("{name}-hint {name}-error")),
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (false, false) => None,
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {has_hint.then(|| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            <input
                id=name
                name=name
                type=kind
                class=(!class.is_empty()).then_some(class)
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                placeholder=placeholder
                maxlength=maxlength.to_string()
                required=required
                autofocus=autofocus
                aria-describedby=described
                aria-invalid=error.is_some().then_some("true")
            />
            {error
                .map(|error| {
                    view! {
                        <p class="error" id=format!("{name}-error") role="alert">
                            <Icon name="circle-alert" />
                            <span>{error}</span>
                        </p>
                    }
                })}
        </div>
    }
}

/// Errors of a refused form, above it: a rule's no, and links to the wrong fields.
#[component]
pub fn FormErrors(
    /// The form.
    form: RenderedForm,
) -> impl IntoView {
    let visitor = Visitor::current();
    let texts = visitor.texts();
    if !form.is_refused() || form.was_busy() {
        return ().into_any();
    }
    let problems = form.problems(texts);
    let refusal = form.refusal(texts);
    let check = if problems.iter().any(|(field, _)| !is_secret(field)) {
        "form-check"
    } else {
        "form-check-secret"
    };
    view! {
        <div class="errors" role="alert" tabindex="-1" id="errors">
            <Icon name="circle-alert" />
            <div>
                <h2>{refusal.unwrap_or_else(|| texts.get(check))}</h2>
                {(!problems.is_empty())
                    .then(|| {
                        view! {
                            <ul>
                                {problems
                                    .into_iter()
                                    .map(|(field, words)| {
                                        view! {
                                            <li>
                                                <a href=format!("#{field}")>{words}</a>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        }
                    })}
            </div>
        </div>
    }
    .into_any()
}

/// The words above a page whose form was not stored, because others were in the way.
#[component]
pub fn BusyNote() -> impl IntoView {
    let busy = FormState::current().is_some_and(|posted| posted.busy.is_some());
    if !busy {
        return ().into_any();
    }
    let visitor = Visitor::current();
    view! {
        <div class="errors" role="alert" tabindex="-1" id="errors">
            <Icon name="circle-alert" />
            <h2>{visitor.texts().get("busy-form")}</h2>
        </div>
    }
    .into_any()
}
