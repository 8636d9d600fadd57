//! A PIN of one's own: whoever is signed in sets it, once their password proves that it is they.

use leptos::prelude::*;

use super::till_frame::Sheet;
use super::till_sign_in::TillSignIn;
use crate::api::Visitor;
use crate::api::forms::RenderedForm;
use crate::components::{FormErrors, Head, Icon, TextField};

/// The page.
#[component]
pub fn TillPin() -> impl IntoView {
    let visitor = Visitor::current();
    if visitor.cashier.is_none() {
        return view! { <TillSignIn visitor /> }.into_any();
    }
    let texts = visitor.texts();
    let form = RenderedForm::for_endpoint("till/pin");
    let set = visitor.path.ends_with("?set") && !form.is_refused();
    let title = texts.get("till-own-pin");
    view! {
        <Sheet visitor title=title.clone()>
            <Head title lead=texts.get("till-own-pin-lead") back=("/till", texts.get("till-back")) />
            {set
                .then(|| {
                    view! {
                        <div class="note" data-tone="good" role="status">
                            <Icon name="check" />
                            <p>{texts.get("till-pin-set")}</p>
                        </div>
                    }
                })}
            <FormErrors form=form.clone() />
            <form class="form panel" method="post" action="/api/till/pin" novalidate>
                <TextField
                    texts
                    form=form.clone()
                    name="password"
                    label=texts.get("till-password")
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    autofocus=!set
                />
                <TextField
                    texts
                    form=form.clone()
                    name="pin"
                    label=texts.get("till-new-pin")
                    hint=texts.get("till-new-pin-hint")
                    kind="password"
                    inputmode="numeric"
                    class="pin"
                    maxlength=8
                    required=true
                />
                <TextField
                    texts
                    form
                    name="again"
                    label=texts.get("till-pin-again")
                    kind="password"
                    inputmode="numeric"
                    class="pin"
                    maxlength=8
                    required=true
                />
                <button class="btn">{texts.get("till-pin-save")}</button>
            </form>
        </Sheet>
    }
    .into_any()
}
