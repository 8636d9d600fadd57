//! The owner's word for spending, as the till sees it: a question to ask, the wait for the answer, what was answered.

use kopilka_core::usecases::checkout::spend_confirmation::SpendQuestionState;
use leptos::prelude::*;

use super::fields::FieldError;
use crate::components::{Icon, Key};
use crate::text::Texts;

/// Asking whether points may pay, where the card was shown in a form that may not spend.
#[component]
pub fn AskOwner(
    /// Words in the language of the page.
    texts: Texts,
    /// State of the last question.
    asked: Option<SpendQuestionState>,
    /// Number of points to ask for, as typed.
    ask: String,
    /// Words for what is wrong with that number.
    wrong: Option<String>,
) -> impl IntoView {
    if let Some(SpendQuestionState::Waiting { points, seconds }) = asked {
        return view! {
            <section class="asking" id="asking" data-waits=seconds.to_string()>
                <Icon name="smartphone" />
                <p aria-live="polite">
                    {texts.with_count("till-asked", points.0)}
                    <small class="meta">
                        {texts.get("till-asked-left")} " " <span data-left="">{seconds}</span>
                        {" "} {texts.get("till-asked-seconds")}
                    </small>
                </p>
                <button class="btn quiet" formaction="/api/till/ask-state" id="ask-state">
                    {texts.get("till-ask-check")}
                    <Key name="F7" />
                </button>
            </section>
        }
        .into_any();
    }
    let told = match asked {
        Some(SpendQuestionState::Declined) => Some(texts.get("till-ask-declined")),
        Some(SpendQuestionState::Expired) => Some(texts.get("till-ask-expired")),
        _ => None,
    };
    let error = wrong.is_some();
    view! {
        <section class="asking" id="asking">
            <div class="field">
                <label for="ask">{texts.get("till-ask-points")}</label>
                <div class="inline">
                    <input
                        id="ask"
                        name="ask"
                        value=ask
                        placeholder=texts.get("till-ask-all")
                        inputmode="numeric"
                        autocomplete="off"
                        aria-invalid=error.then_some("true")
                        aria-describedby=error.then_some("ask-error")
                    />
                    <button class="btn quiet" formaction="/api/till/ask-spend">
                        {texts.get("till-ask")}
                        <Key name="F7" />
                    </button>
                </div>
                <FieldError id="ask".to_owned() words=wrong />
            </div>
            {told.map(|told| view! { <p class="meta">{told}</p> })}
        </section>
    }
    .into_any()
}
