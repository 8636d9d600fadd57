//! Looking for a product: a field for its name, code or barcode, and what was found, each with a button that adds one.

use std::sync::Arc;

use kopilka_core::domain::programme::Programme;
use kopilka_core::store::products::ProductRow;
use leptos::prelude::*;

use crate::components::{Icon, Key};
use crate::text::Texts;

/// The search of goods.
#[component]
pub fn Goods(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Text that was typed.
    find: String,
    /// Products that were found; none: nothing was looked for.
    found: Option<Vec<ProductRow>>,
    /// True if the page opens with the cursor here.
    autofocus: bool,
) -> impl IntoView {
    let programme = &programme;
    let answered = found.as_ref().map(|_| find.clone()).unwrap_or_default();
    let results = found.map(|found| {
        if found.is_empty() {
            return view! { <p class="meta">{texts.get("till-goods-none")}</p> }.into_any();
        }
        let row = |product: ProductRow| {
            let price = product
                .price
                .map(|price| texts.money_text(price, programme));
            let meta = [price, Some(product.sku.clone())];
            let meta: Vec<String> = meta.into_iter().flatten().collect();
            let add = format!("{}: {}", texts.get("till-goods-add"), product.name);
            view! {
                <li>
                    <Icon name="tag" />
                    <span>
                        {product.name} <span class="meta">{meta.join(", ")}</span>
                    </span>
                    <button
                        class="btn small"
                        formaction="/api/till/add"
                        name="sku"
                        value=product.sku
                        aria-label=add
                    >
                        <Icon name="plus" />
                        {texts.get("till-goods-add")}
                    </button>
                </li>
            }
        };
        view! { <ul class="list goods">{found.into_iter().map(row).collect_view()}</ul> }.into_any()
    });
    view! {
        <div class="field">
            // Its key moves the cursor into the field.
            <label for="find-goods">
                {texts.get("till-goods")}
                <Key name="F3" />
            </label>
            <div class="inline">
                <input
                    id="find-goods"
                    name="find"
                    value=find
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=autofocus
                />
                <button class="btn quiet" formaction="/api/till/goods">
                    {texts.get("till-find")}
                </button>
            </div>
        </div>
        <div id="goods" aria-live="polite">
            <input type="hidden" name="found" value=answered />
            {results}
        </div>
    }
    .into_any()
}
