//! Lines of the receipt being typed: a row each, with what is wrong beneath its field; a product's row knows its price.
//! Buttons change a quantity or take the row away, and the cursor stays at the one that was pressed.

use std::sync::Arc;

use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::decimal::format_money;
use kopilka_core::domain::programme::Programme;
use leptos::prelude::*;

use super::fields::{FieldError, ReceiptFieldErrors};
use crate::api::forms::sale_form::ReceiptRow;
use crate::components::Icon;
use crate::text::Texts;

/// The lines, empty ones too.
#[component]
pub fn TypedLines(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Rows as typed.
    rows: Vec<ReceiptRow>,
    /// Wrong fields of the rows.
    wrong: ReceiptFieldErrors,
    /// True if the page opens with the cursor here.
    autofocus: bool,
    /// The row's button that was pressed.
    pressed: String,
) -> impl IntoView {
    let categories = categories_of_rules(&programme, texts);
    let none = wrong.error_in_row(0, "lines");
    let first_wrong = wrong.first_in_rows().filter(|(_, field)| *field != "lines");
    let (focus_row, focus_field) = first_wrong.map_or_else(
        || (0, "name".to_owned()),
        |(row, field)| (row, field.to_owned()),
    );
    view! {
        <ul class="lines" id="lines" aria-label=texts.get("till-lines")>
            {rows
                .into_iter()
                .enumerate()
                .map(|(place, row)| {
                    let (wrong, categories) = (wrong.clone(), categories.clone());
                    let focus = (autofocus && place == focus_row).then(|| focus_field.clone());
                    let pressed = pressed.clone();
                    let programme = Arc::clone(&programme);
                    view! { <LineRow texts programme place row wrong categories focus pressed /> }
                })
                .collect_view()}
        </ul>
        <FieldError id="lines".to_owned() words=none />
        <button
            class="btn quiet small"
            formaction="/api/till/edit"
            name="to"
            value="row"
        >
            <Icon name="plus" />
            {texts.get("till-line-more")}
        </button>
    }
    .into_any()
}

#[component]
fn LineRow(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    place: usize,
    row: ReceiptRow,
    wrong: ReceiptFieldErrors,
    categories: Vec<(String, String)>,
    focus: Option<String>,
    pressed: String,
) -> impl IntoView {
    let number = place + 1;
    let label = |key: &str| {
        let row = i64::try_from(number).unwrap_or(i64::MAX);
        format!(
            "{}, {}",
            texts.get(key),
            texts.with_count("till-line-row", row)
        )
    };
    let by_price = row.by_price().map(format_money);
    let field = |field: &'static str, key: &str, value: String, hint: Option<String>| {
        let id = format!("line-{field}-{number}");
        let error = wrong.error_in_row(place, field);
        let described = error.is_some().then(|| format!("{id}-error"));
        view! {
            <span class=format!("line-{field}")>
                <input
                    id=id.clone()
                    name=format!("line_{field}[]")
                    value=value
                    aria-label=label(key)
                    placeholder=hint
                    inputmode=(field != "name").then_some("decimal")
                    autocomplete="off"
                    autofocus=focus.as_deref() == Some(field)
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=described
                />
                <FieldError id words=error />
            </span>
        }
    };
    let button = |what: &str, icon: &'static str, key: &str| {
        let to = format!("{what}-{place}");
        view! {
            <button
                class="btn quiet square"
                formaction="/api/till/edit"
                name="to"
                value=to.clone()
                autofocus=to == pressed
                aria-label=label(key)
            >
                <Icon name=icon />
            </button>
        }
    };
    let amount_hint = by_price.or_else(|| Some(texts.get("till-line-amount")));
    let quantity = field("quantity", "till-line-quantity", row.quantity.clone(), None);
    let amount = field(
        "amount",
        "till-line-amount",
        row.amount.clone(),
        amount_hint,
    );
    let what = if row.sku.is_empty() {
        let hint = Some(texts.get("till-line-name"));
        view! {
            {field("name", "till-line-name", row.name.clone(), hint)}
            <Category texts label=label("till-line-category") number chosen=row.category.clone() categories />
        }
        .into_any()
    } else {
        known_product(texts, &programme, &row)
    };
    view! {
        <li>
            {what}
            <input type="hidden" name="line_sku[]" value=row.sku.clone() />
            <input type="hidden" name="line_price[]" value=row.price.clone() />
            <span class="stepper">
                {button("minus", "minus", "till-line-less")} {quantity}
                {button("plus", "plus", "till-line-add")}
            </span>
            {amount}
            {button("drop", "x", "till-line-drop")}
        </li>
    }
    .into_any()
}

/// A product's name and price, which are not typed.
fn known_product(texts: Texts, programme: &Programme, row: &ReceiptRow) -> AnyView {
    let price = row.price.parse().ok().map(Money);
    let price = price.map(|price| {
        let price = texts.money_text(price, programme);
        texts.with_values("till-line-each", &[("price", price.into())])
    });
    view! {
        <span class="line-product">
            {row.name.clone()} {price.map(|price| view! { <small class="meta">{price}</small> })}
        </span>
        <input type="hidden" name="line_name[]" value=row.name.clone() />
        <input type="hidden" name="line_category[]" value=row.category.clone() />
    }
    .into_any()
}

#[component]
fn Category(
    /// Words in the language of the page.
    texts: Texts,
    label: String,
    number: usize,
    chosen: String,
    categories: Vec<(String, String)>,
) -> impl IntoView {
    view! {
        <span class="line-category">
            <select id=format!("line-category-{number}") name="line_category[]" aria-label=label>
                <option value="">{texts.get("till-category-none")}</option>
                {categories
                    .into_iter()
                    .map(|(id, name)| {
                        let selected = id == chosen;
                        view! {
                            <option value=id selected=selected>
                                {name}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </span>
    }
    .into_any()
}

/// Categories that the programme's rules speak of, with their names.
fn categories_of_rules(programme: &Programme, texts: Texts) -> Vec<(String, String)> {
    programme
        .categories()
        .into_iter()
        .map(|id| (id.to_owned(), category_name(id, texts)))
        .collect()
}

/// A category in words, where it is one of the usual ones; its id otherwise.
fn category_name(id: &str, texts: Texts) -> String {
    if kopilka_core::usecases::programme::products::USUAL_CATEGORIES.contains(&id) {
        texts.get(&format!("till-category-{}", id.replace('_', "-")))
    } else {
        id.to_owned()
    }
}
