//! The way back to a card: the phone that it was made with. Whether the phone is known shows only after the code.

use leptos::prelude::*;

use super::join::{PhoneField, sent_already};
use crate::api::forms::RenderedForm;
use crate::components::{FormErrors, Head, Solo, page_loading};

/// `/sign-in`.
#[component]
pub fn SignIn() -> impl IntoView {
    let Some(visitor) = page_loading::require_guest() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let form = RenderedForm::for_endpoint("sign-in/phone");
    view! {
        <Solo title=texts.get("sign-in")>
            <Head title=texts.get("sign-in") lead=texts.get("sign-in-lead") />
            <FormErrors form=form.clone() />
            <form class="form" method="post" action="/api/sign-in/phone" novalidate>
                <PhoneField texts form=form.clone() />
                <button class="btn">{texts.get("code-ask")}</button>
            </form>
            {sent_already(&visitor, &form)}
            <p class="meta">
                {texts.get("sign-in-no-card")} " " <a href="/join">{texts.get("join-title")}</a>
            </p>
        </Solo>
    }
    .into_any()
}
