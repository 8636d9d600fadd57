//! A printed card is attached to the customer on the screen by scanning it. While that is asked for, a scan is that card's; it
//! takes the place of another customer's.

use leptos::prelude::*;

use crate::api::forms::sale_form::SaleForm;
use crate::components::Key;
use crate::text::Texts;

/// The way to attach a printed card.
#[component]
pub fn AttachButton(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    let words = texts.get("till-attach");
    view! {
        <div class="actions">
            <button
                class="btn quiet small"
                form="receipt"
                formaction="/api/till/edit"
                name="to"
                value="attach"
            >
                {words}
                <Key name="Insert" />
            </button>
        </div>
    }
}

/// The field of the card that is attached. The till's script finds it and its button by their ids.
#[component]
pub fn AttachField(
    /// Words in the language of the page.
    texts: Texts,
    /// The receipt as typed.
    sale: SaleForm,
) -> impl IntoView {
    let wrong = !sale.typed.is_empty();
    view! {
        <div class="field">
            <h2>{texts.get("till-attach")}</h2>
            <label for="code">{texts.get("till-attach-scan")}</label>
            <div class="inline">
                <input
                    id="code"
                    name="typed"
                    form="receipt"
                    value=sale.typed
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength="40"
                    autofocus=true
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=wrong.then_some("told")
                />
                <button class="btn" id="find" form="receipt" formaction="/api/till/attach">
                    {texts.get("till-attach-do")}
                    " "
                    <kbd>"Enter"</kbd>
                </button>
            </div>
            <label class="check">
                <input type="checkbox" name="lost" value="yes" form="receipt" />
                <span>{texts.get("till-attach-lost")}</span>
            </label>
        </div>
        <div class="actions">
            <button
                class="btn quiet small"
                form="receipt"
                formaction="/api/till/edit"
                name="to"
                value="receipt"
            >
                {texts.get("till-cancel")}
            </button>
        </div>
    }
    .into_any()
}
