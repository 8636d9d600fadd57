//! Printed cards: the number on one makes it the shopper's.

use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::components::TextField;
use crate::text::Texts;

/// The panel for adding a printed card.
pub fn printed_card_panel(texts: Texts, form: RenderedForm) -> impl IntoView {
    view! {
        <section class="panel" id="plastic" aria-labelledby="plastic-title">
            <header>
                <h2 id="plastic-title">{texts.get("settings-plastic")}</h2>
                <p>{texts.get("settings-plastic-text")}</p>
            </header>
            <form class="form" method="post" action="/api/settings/card-attach" novalidate>
                <TextField
                    texts
                    form
                    name="number"
                    label=texts.get("settings-plastic-number")
                    inputmode="numeric"
                    maxlength=30
                    required=true
                />
                <button class="btn quiet">{texts.get("settings-plastic-add")}</button>
            </form>
        </section>
    }
}
