//! The receipt being typed: the amount alone or lines, how many points pay, what it comes to, and the posting. The form
//! carries the key under which it is stored, so that it is stored once.

use std::collections::BTreeSet;

use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::Refusal;
use leptos::prelude::*;

use super::draft::{Row, SaleForm};
use super::fields::{FieldError, Wrong};
use super::quote::Sum;
use super::scene::Serving;
use crate::api::Visitor;
use crate::components::Icon;
use crate::text::{Texts, format};

/// The receipt being typed.
#[component]
pub fn ReceiptPanel(
    /// The sale in progress.
    serving: Serving,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let wrong = Wrong::new(serving.problems, texts);
    let sale = serving.sale;
    let by_lines = sale.by_lines();
    let evaluation = serving.quote.map(|quote| quote.evaluation);
    let may_spend = serving
        .customer
        .is_some_and(|customer| customer.may_spend && customer.points > Points(0));
    let spendable = match (&serving.refused, &evaluation) {
        (Some(Refusal::TooManyPoints { spendable }), _) => Some(*spendable),
        (_, Some(evaluation)) => Some(evaluation.spendable),
        _ => None,
    };
    let too_many = serving
        .refused
        .as_ref()
        .filter(|refusal| matches!(refusal, Refusal::TooManyPoints { .. }))
        .map(|refusal| texts.refusal(refusal));
    let points_wrong = wrong.field("points").or(too_many);
    // The cursor waits where something is to be put right, unless the card has to be scanned again first.
    let focus_on_points = points_wrong.is_some() && wrong.field("amount").is_none();
    let focus = !serving.over && !focus_on_points;
    let mode = |to: &'static str, key: &str, pressed: bool| {
        view! {
            <button
                formaction="/api/till/edit"
                name="to"
                value=to
                aria-pressed=if pressed { "true" } else { "false" }
            >
                {texts.get(key)}
            </button>
        }
    };
    view! {
        <form
            class="panel"
            id="receipt"
            method="post"
            action="/api/till/post"
            aria-labelledby="receipt-h"
            novalidate
        >
            <input type="hidden" name="key" value=sale.key.clone() />
            <input type="hidden" name="visit" value=sale.visit.clone() />
            <input type="hidden" name="answered" value=sale.answered.clone() />
            <input type="hidden" name="mode" value=sale.mode.clone() />
            <div class="till-who">
                <h2 id="receipt-h">{texts.get("till-receipt")}</h2>
                <div class="seg" role="group" aria-label=texts.get("till-mode")>
                    {mode("amount", "till-mode-amount", !by_lines)}
                    {mode("lines", "till-mode-lines", by_lines)}
                </div>
            </div>
            <AmountField sale=sale.clone() wrong=wrong.clone() autofocus=focus && !by_lines />
            {by_lines
                .then(|| {
                    let rows = sale.rows();
                    view! { <Lines rows wrong=wrong.clone() autofocus=focus /> }
                })}
            {may_spend
                .then(|| {
                    view! {
                        <SpendFields
                            sale=sale.clone()
                            spendable
                            wrong=points_wrong
                            autofocus=focus_on_points
                        />
                    }
                })}
            {evaluation.map(|evaluation| view! { <Sum evaluation /> })}
            <div class="actions">
                <button class="btn quiet" formaction="/api/till/quote" data-key="F8">
                    {texts.get("till-quote")}
                    " "
                    <kbd>"F8"</kbd>
                </button>
                <button class="btn post" data-key="F9">
                    {texts.get("till-post")}
                    " "
                    <kbd>"F9"</kbd>
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// What the receipt costs; carried along unseen while lines are typed instead.
#[component]
fn AmountField(sale: SaleForm, wrong: Wrong, autofocus: bool) -> impl IntoView {
    let texts = Visitor::current().map(|visitor| visitor.texts());
    if sale.by_lines() {
        return view! { <input type="hidden" name="amount" value=sale.amount /> }.into_any();
    }
    let error = wrong.field("amount");
    view! {
        <div class="field">
            <label for="amount">
                {texts.map(|texts| texts.get("till-amount")).unwrap_or_default()}
            </label>
            <input
                class="big"
                id="amount"
                name="amount"
                value=sale.amount
                inputmode="decimal"
                autocomplete="off"
                autofocus=autofocus
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=error.is_some().then_some("amount-error")
            />
            <FieldError id="amount".to_owned() words=error />
        </div>
        // Lines that were typed before are not lost by a look at the other way.
        {sale
            .line_name
            .into_iter()
            .map(|value| view! { <input type="hidden" name="line_name[]" value=value /> })
            .collect_view()}
        {sale
            .line_category
            .into_iter()
            .map(|value| view! { <input type="hidden" name="line_category[]" value=value /> })
            .collect_view()}
        {sale
            .line_quantity
            .into_iter()
            .map(|value| view! { <input type="hidden" name="line_quantity[]" value=value /> })
            .collect_view()}
        {sale
            .line_amount
            .into_iter()
            .map(|value| view! { <input type="hidden" name="line_amount[]" value=value /> })
            .collect_view()}
    }
    .into_any()
}

#[component]
fn Lines(rows: Vec<Row>, wrong: Wrong, autofocus: bool) -> impl IntoView {
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

/// How many points pay. The number can be typed only where a number was chosen, so that it is never overlooked.
#[component]
fn SpendFields(
    sale: SaleForm,
    spendable: Option<Points>,
    wrong: Option<String>,
    autofocus: bool,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let chosen = match sale.spend.as_str() {
        "all" => "all",
        "exact" => "exact",
        _ => "none",
    };
    let most = spendable.map(|spendable| format::number(spendable.0, visitor.language));
    let choice = |value: &'static str, key: &str, more: Option<String>| {
        view! {
            <label>
                <input type="radio" name="spend" value=value checked=value == chosen />
                <span>
                    {texts.get(key)} {more.map(|more| view! { <small class="meta">{more}</small> })}
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="field spend">
            <legend>{texts.get("till-spend")}</legend>
            <div class="choice">
                {choice("none", "till-spend-none", None)}
                {choice("all", "till-spend-all", most)}
                {choice("exact", "till-spend-exact", None)}
            </div>
            <div class="field exact">
                <label for="points">{texts.get("till-spend-points")}</label>
                <input
                    id="points"
                    name="points"
                    value=sale.points
                    inputmode="numeric"
                    autocomplete="off"
                    autofocus=autofocus
                    aria-invalid=wrong.is_some().then_some("true")
                    aria-describedby=wrong.is_some().then_some("points-error")
                />
                <FieldError id="points".to_owned() words=wrong />
            </div>
        </fieldset>
    }
    .into_any()
}
