//! The last step: a name, the two agreements, and messages only where asked for. Nothing is ticked beforehand.

use kopilka_core::usecases::sign_up::enrolment;
use leptos::prelude::*;

use super::{Step, StepOverPanel};
use crate::api::forms::RenderedForm;
use crate::api::visitor::cookie;
use crate::components::message_grid::FIELD;
use crate::components::{FormErrors, Head, Icon, MessageGrid, Solo, TextField, page_loading};
use crate::text::Texts;

/// `/join/consents`.
#[component]
pub fn JoinConsents() -> impl IntoView {
    let Some(visitor) = page_loading::require_guest() else {
        return ().into_any();
    };
    page_loading::load_page(async move {
        let token = visitor.cookie(cookie::ENROLMENT);
        Ok(
            match enrolment::find_enrolment(&visitor.kopilka, token).await? {
                Some(_) => consents_form(visitor.texts()),
                None => sign_up_over(visitor.texts()),
            },
        )
    })
}

fn sign_up_over(texts: Texts) -> AnyView {
    view! {
        <Solo title=texts.get("finish-title")>
            <StepOverPanel texts key="finish-over" again="/join" />
        </Solo>
    }
    .into_any()
}

fn consents_form(texts: Texts) -> AnyView {
    let form = RenderedForm::for_endpoint("join/finish");
    view! {
        <Solo title=texts.get("finish-title")>
            <Step texts number=3 />
            <Head title=texts.get("finish-title") lead=texts.get("finish-lead") />
            <FormErrors form=form.clone() />
            <form class="form" method="post" action="/api/join/finish" novalidate>
                <TextField
                    texts
                    form=form.clone()
                    name="first_name"
                    label=texts.get("first-name-label")
                    hint=texts.get("first-name-hint")
                    autocomplete="given-name"
                    required=true
                />
                <TextField
                    texts
                    form=form.clone()
                    name="last_name"
                    label=texts.get("last-name-label")
                    hint=texts.get("last-name-hint")
                    autocomplete="family-name"
                />
                <fieldset class="panel">
                    <legend class="vh">{texts.get("agreements")}</legend>
                    <div>
                        <Agreement texts
                            form=form.clone()
                            name="personal_data"
                            words=("agree-data", "agree-data-link")
                            href="/privacy#personal-data"
                        />
                        <Agreement texts
                            form=form.clone()
                            name="rules"
                            words=("agree-rules", "agree-rules-link")
                            href="/rules"
                        />
                    </div>
                </fieldset>
                <Messages texts form />
                <button class="btn">{texts.get("finish-button")}</button>
            </form>
        </Solo>
    }
    .into_any()
}

/// A box for one document, with the way to its text.
#[component]
fn Agreement(
    /// Words in the language of the page.
    texts: Texts,
    form: RenderedForm,
    /// Name and id.
    name: &'static str,
    /// Keys of the words before the link and of the link.
    words: (&'static str, &'static str),
    /// Address at which the document is read.
    href: &'static str,
) -> impl IntoView {
    let error = form.problem(name, texts);
    let wrong = error.is_some();
    let checked = form.ticked(name, "yes", false);
    let (before, link) = words;
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=name
                name=name
                value="yes"
                checked=checked
                required
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| format!("{name}-error"))
            />
            <span>{texts.get(before)} " " <a href=href>{texts.get(link)}</a></span>
        </label>
        {error
            .map(|error| {
                view! {
                    <p class="error" id=format!("{name}-error") role="alert">
                        <Icon name="circle-alert" />
                        <span>{error}</span>
                    </p>
                }
            })}
    }
    .into_any()
}

/// The grid of messages, folded until somebody wants it.
#[component]
fn Messages(
    /// Words in the language of the page.
    texts: Texts,
    form: RenderedForm,
) -> impl IntoView {
    let touched = form.typed_value(FIELD).is_some();
    let summary = if touched {
        "finish-messages"
    } else {
        "finish-messages-off"
    };
    view! {
        <details class="panel" open=touched>
            <summary>{texts.get(summary)}</summary>
            <div class="form">
                <div class="note" data-tone="brand">
                    <Icon name="info" />
                    <div>
                        <h2>{texts.get("finish-optional")}</h2>
                        <p>{texts.get("finish-optional-text")}</p>
                    </div>
                </div>
                <MessageGrid texts form />
            </div>
        </details>
    }
    .into_any()
}
