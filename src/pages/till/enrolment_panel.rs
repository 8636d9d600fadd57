//! A new card at the till: a code on the screen that the shopper's phone reads, or a link by message. The rest happens on that
//! phone, and the sale in progress is theirs when they are done. What was sent where is not shown again.

use leptos::prelude::*;

use super::fields::ReceiptFieldErrors;
use super::side_panel::{PanelEnd, TypedField};
use crate::api::forms::sale_form::SaleForm;
use crate::components::{Key, LinkCode};
use crate::text::Texts;

/// The panel while a shopper joins.
#[component]
pub fn EnrolPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Link that the QR code holds.
    link: String,
    /// The receipt as typed.
    sale: SaleForm,
    /// Wrong fields.
    wrong: ReceiptFieldErrors,
) -> impl IntoView {
    let error = wrong.error_of("phone");
    // The till's script asks here whether the shopper is done, and then presses the button.
    let ask = format!("/till/joined?token={}&sale={}", sale.token, sale.key);
    view! {
        <section class="panel till-beside" aria-labelledby="enrol-h">
            <h1 id="enrol-h">{texts.get("till-new-card")}</h1>
            <p>{texts.get("till-enrol-hint")}</p>
            <LinkCode link label=texts.get("till-enrol-code") />
            <div class="actions">
                <button
                    class="btn"
                    form="receipt"
                    formaction="/api/till/enrol-check"
                    data-joining=ask
                >
                    {texts.get("till-enrol-check")}
                    <Key name="Insert" />
                </button>
            </div>
            <TypedField
                label=texts.get("till-enrol-phone")
                typed=sale.typed.clone()
                error
                inputmode="tel"
                button=texts.get("till-enrol-send")
                action="/api/till/enrol"
                autofocus=false
            />
            <PanelEnd texts />
        </section>
    }
    .into_any()
}
