//! Lines of the receipt being typed: a row each, with what is wrong beneath its field, and a button for one more.

use std::collections::BTreeSet;

use kopilka_core::domain::programme::Programme;
use leptos::prelude::*;

use super::draft::Row;
use super::fields::{FieldError, Wrong};
use crate::api::Visitor;
use crate::components::Icon;
use crate::text::Texts;

/// The lines, empty ones too.
#[component]
pub fn Lines(
    /// As typed.
    rows: Vec<Row>,
    /// What is wrong with them.
    wrong: Wrong,
    /// Whether the page opens with the cursor here.
    autofocus: bool,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let categories = categories(&visitor.rules.programme, texts);
    let none = wrong.row(0, "lines");
    let first_wrong = wrong.first_in_rows().filter(|(_, field)| *field != "lines");
    let (focus_row, focus_field) = first_wrong.unwrap_or((0, "name"));
    view! {
        <table class="lines">
            <caption class="vh">{texts.get("till-lines")}</caption>
            <thead>
                <tr>
                    <th scope="col">{texts.get("till-line-name")}</th>
                    <th scope="col">{texts.get("till-line-category")}</th>
                    <th scope="col">{texts.get("till-line-quantity")}</th>
                    <th scope="col">{texts.get("till-line-amount")}</th>
                </tr>
            </thead>
            <tbody>
                {rows
                    .into_iter()
                    .enumerate()
                    .map(|(place, row)| {
                        let (wrong, categories) = (wrong.clone(), categories.clone());
                        let focus = (autofocus && place == focus_row).then_some(focus_field);
                        view! { <LineRow place row wrong categories focus /> }
                    })
                    .collect_view()}
            </tbody>
        </table>
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
    place: usize,
    row: Row,
    wrong: Wrong,
    categories: Vec<(String, String)>,
    focus: Option<&'static str>,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let number = place + 1;
    let label = |key: &str| {
        let row = i64::try_from(number).unwrap_or(i64::MAX);
        format!("{}, {}", texts.get(key), texts.count("till-line-row", row))
    };
    let cell = |field: &'static str, key: &str, value: String, decimal: bool| {
        let id = format!("line-{field}-{number}");
        let error = wrong.row(place, field);
        let described = error.is_some().then(|| format!("{id}-error"));
        view! {
            <td>
                <input
                    id=id.clone()
                    name=format!("line_{field}[]")
                    value=value
                    aria-label=label(key)
                    inputmode=decimal.then_some("decimal")
                    autocomplete="off"
                    autofocus=focus == Some(field)
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=described
                />
                <FieldError id words=error />
            </td>
        }
    };
    let chosen = row.category;
    view! {
        <tr>
            {cell("name", "till-line-name", row.name, false)}
            <td>
                <select
                    id=format!("line-category-{number}")
                    name="line_category[]"
                    aria-label=label("till-line-category")
                >
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
            </td>
            {cell("quantity", "till-line-quantity", row.quantity, true)}
            {cell("amount", "till-line-amount", row.amount, true)}
        </tr>
    }
    .into_any()
}

/// Categories that the programme's rules speak of, with their names.
fn categories(programme: &Programme, texts: Texts) -> Vec<(String, String)> {
    let in_offers = programme
        .offers
        .iter()
        .flat_map(|offer| &offer.conditions.items)
        .flat_map(|item| &item.categories);
    let ids: BTreeSet<&String> = in_offers
        .chain(&programme.earn.excluded_categories)
        .chain(&programme.spend.excluded_categories)
        .collect();
    ids.into_iter()
        .map(|id| (id.clone(), category(id, texts)))
        .collect()
}

/// A category in words, where it is one of the usual ones; its id otherwise.
fn category(id: &str, texts: Texts) -> String {
    const USUAL: [&str; 10] = [
        "bakery",
        "coffee",
        "dairy",
        "fruit",
        "gift_cards",
        "grocery",
        "household",
        "kids",
        "pets",
        "tobacco",
    ];
    if USUAL.contains(&id) {
        texts.get(&format!("till-category-{}", id.replace('_', "-")))
    } else {
        id.to_owned()
    }
}
