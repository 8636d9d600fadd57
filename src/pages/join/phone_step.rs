//! The first step: a phone number. What led here is carried along unseen.

use kopilka_core::usecases::Refusal;
use leptos::prelude::*;

use super::Step;
use super::invitation::{InvitationOver, JoinInvitation};
use crate::api::Visitor;
use crate::api::forms::RenderedForm;
use crate::api::visitor::cookie;
use crate::components::{FormErrors, Head, Solo, TextField, page_loading};
use crate::text::Texts;

/// `/join`.
#[component]
pub fn JoinPhone() -> impl IntoView {
    let Some(visitor) = page_loading::require_guest() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let form = RenderedForm::for_endpoint("join/phone");
    if let Some(token) = visitor.query_value("invitation") {
        return view! { <JoinInvitation visitor token /> }.into_any();
    }
    // The link's token is a secret: a refused form leads here without it.
    let invitation = RenderedForm::for_endpoint("join/invitation");
    if invitation.refused_by().is_some() {
        return view! { <InvitationOver texts /> }.into_any();
    }
    let carried = ["from", "store", "visit"].map(|name| {
        let stored = visitor.query_value(name).unwrap_or_default();
        let value = form.value_or_stored(name, &stored);
        (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value /> })
    });
    view! {
        <Solo title=texts.get("join-title")>
            <Step texts number=1 />
            <Head title=texts.get("join-phone-title") lead=texts.get("join-phone-lead") />
            <FormErrors form=form.clone() />
            <FormErrors form=invitation />
            <form class="form" method="post" action="/api/join/phone" novalidate>
                {carried.collect_view()}
                <PhoneField texts form=form.clone() />
                <button class="btn">{texts.get("code-ask")}</button>
            </form>
            {sent_already(&visitor, &form)}
            <p class="meta">
                {texts.get("join-have-card")} " " <a href="/sign-in">{texts.get("sign-in")}</a>
            </p>
        </Solo>
    }
    .into_any()
}

/// The field for a phone, on the two pages that ask for one.
#[component]
pub fn PhoneField(
    /// Words in the language of the page.
    texts: Texts,
    /// The form that it belongs to.
    form: RenderedForm,
) -> impl IntoView {
    view! {
        <TextField
            texts
            form
            name="phone"
            label=texts.get("phone-label")
            hint=texts.get("phone-hint")
            kind="tel"
            inputmode="tel"
            autocomplete="tel"
            class="big"
            placeholder="+7 912 345-67-89"
            maxlength=40
            required=true
        />
    }
    .into_any()
}

/// The way to the code that was sent a moment ago, for those who came back and asked again too soon by this form.
pub fn sent_already(visitor: &Visitor, form: &RenderedForm) -> AnyView {
    let too_soon = matches!(
        form.refused_by(),
        Some(Refusal::TooSoon { .. } | Refusal::TooManyCodes { .. } | Refusal::NoCodesToday { .. })
    );
    (too_soon && !visitor.cookie(cookie::CHALLENGE).is_empty())
        .then(|| {
            view! {
                <p>
                    <a href="/join/code">{visitor.texts().get("code-have")}</a>
                </p>
            }
        })
        .into_any()
}
