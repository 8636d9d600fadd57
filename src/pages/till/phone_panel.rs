//! A forgotten card: the shopper says a phone, gets a code by message and says that too. Whether the phone has a card shows
//! only after a right code; the phone itself is never shown again.

use leptos::prelude::*;

use super::fields::ReceiptFieldErrors;
use super::side_panel::{PanelEnd, TypedField};
use crate::api::forms::sale_form::SaleForm;
use crate::components::{Icon, Key};
use crate::text::Texts;

/// The panel that asks for a phone.
#[component]
pub fn PhonePanel(
    /// Words in the language of the page.
    texts: Texts,
    /// The receipt as typed.
    sale: SaleForm,
    /// Wrong fields.
    wrong: ReceiptFieldErrors,
) -> impl IntoView {
    view! {
        <section class="panel till-beside" aria-labelledby="phone-h">
            <h1 id="phone-h">{texts.get("till-forgot-card")}</h1>
            <p>{texts.get("till-phone-hint")}</p>
            <TypedField
                label=texts.get("till-phone")
                typed=sale.typed.clone()
                error=wrong.error_of("phone")
                inputmode="tel"
                button=texts.get("till-phone-send")
                action="/api/till/phone"
                autofocus=true
            />
            <PanelEnd texts />
        </section>
    }
    .into_any()
}

/// The panel that asks for the code.
#[component]
pub fn PhoneCodePanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Seconds until another code may be sent.
    resend_in: i64,
    /// Wrong fields.
    wrong: ReceiptFieldErrors,
) -> impl IntoView {
    let left = format!("{}:{:02}", resend_in / 60, resend_in % 60);
    view! {
        <section class="panel till-beside" aria-labelledby="phone-h">
            <h1 id="phone-h">{texts.get("till-forgot-card")}</h1>
            <p>{texts.get("till-phone-code-hint")}</p>
            // A code is never shown again, right or wrong.
            <TypedField
                label=texts.get("till-phone-code")
                typed=String::new()
                error=wrong.error_of("code")
                inputmode="numeric"
                button=texts.get("till-find")
                action="/api/till/phone-code"
                autofocus=true
            />
            <p class="meta" id="resend">
                {if resend_in > 0 {
                    texts.with_values("code-resend-in", &[("left", left.into())])
                } else {
                    texts.get("code-resend-now")
                }}
            </p>
            <div class="actions">
                <button
                    class="btn quiet"
                    form="receipt"
                    formaction="/api/till/phone-resend"
                    aria-describedby="resend"
                >
                    {texts.get("code-resend")}
                </button>
                <AnotherPhone texts />
            </div>
            <PanelEnd texts />
        </section>
    }
    .into_any()
}

/// The panel when the code that was sent is dead.
#[component]
pub fn PhoneOver(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    view! {
        <section class="panel till-beside" aria-labelledby="phone-h">
            <Icon name="clock" />
            <h1 id="phone-h">{texts.get("code-over")}</h1>
            <p>{texts.get("till-phone-over-hint")}</p>
            <div class="actions">
                <AnotherPhone texts />
            </div>
            <PanelEnd texts />
        </section>
    }
    .into_any()
}

/// The way back to the phone.
#[component]
fn AnotherPhone(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    let words = texts.get("code-other-phone");
    view! {
        <button
            class="btn quiet"
            form="receipt"
            formaction="/api/till/edit"
            name="to"
            value="phone"
        >
            {words}
            <Key name="F7" />
        </button>
    }
}
