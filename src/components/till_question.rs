//! Question that a till asks the owner of the card right now: whether points may pay. A plain form, seen at once on an open
//! card and on any next page of the wallet; its place is always in the page, so that the open card can put a question into
//! it.

use kopilka_core::usecases::checkout::spend_confirmation::SpendQuestion;
use leptos::prelude::*;

use super::Icon;
use crate::api::forms::RenderedForm;
use crate::text::Texts;

/// The place of a till's question.
#[component]
pub fn TillQuestion(
    /// Words in the language of the page.
    texts: Texts,
    /// The question, where there is one.
    question: Option<SpendQuestion>,
) -> impl IntoView {
    let refused = RenderedForm::for_endpoint("card/answer").refusal(texts);
    let id = question.as_ref().map(|question| question.id.to_string());
    let asked = question.map(|question| {
        let points = texts.with_count("question-spend", question.points.0);
        let place = texts.with_values(
            "question-place",
            &[
                ("store", question.store.into()),
                ("till", question.till.into()),
            ],
        );
        view! {
            <form
                class="question"
                method="post"
                action="/api/card/answer"
                aria-labelledby="question-h"
            >
                <input type="hidden" name="question" value=question.id.to_string() />
                <Icon name="coins" />
                <div>
                    // Said when it is put into an open page; the seconds are not said one by one.
                    <div role="alert">
                        <h2 id="question-h">{points}</h2>
                        <p>{place}</p>
                    </div>
                    <p class="meta">
                        {texts.get("question-left")} " " <span data-left="">{question.seconds}</span>
                        " " {texts.get("question-seconds")}
                    </p>
                </div>
                <div class="actions">
                    <button class="btn quiet" name="answer" value="no">
                        {texts.get("question-no")}
                    </button>
                    <button class="btn" name="answer" value="yes">
                        {texts.get("question-yes")}
                    </button>
                </div>
            </form>
        }
    });
    Some(view! {
        <div id="question" data-question=id.unwrap_or_default()>
            {asked}
            {refused
                .map(|refused| {
                    view! {
                        <div class="question" role="alert">
                            <Icon name="triangle-alert" />
                            <p>{refused}</p>
                            <div class="actions">
                                <a class="btn quiet" href="/card">
                                    {texts.get("question-seen")}
                                </a>
                            </div>
                        </div>
                    }
                })}
        </div>
    })
}
