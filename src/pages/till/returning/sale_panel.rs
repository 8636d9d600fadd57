//! The sale that comes back: its lines with what is left of each, the choice of what comes back, what would change, and
//! the posting, which can be pressed only where that was seen.

use std::sync::Arc;

use chrono_tz::Tz;
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::receipts::{ReturnableLine, ReturnableSale};
use leptos::prelude::*;

use super::effect::Effect;
use super::return_state::ChosenSale;
use crate::components::{Icon, Key};
use crate::pages::till::fields::{FieldError, ReceiptFieldErrors};
use crate::text::Texts;
use crate::text::format;

/// The sale and its return.
#[component]
pub fn SalePanel(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Time zone of the till.
    zone: Tz,
    /// The sale with what was chosen.
    chosen: ChosenSale,
) -> impl IntoView {
    let ChosenSale {
        sale,
        form,
        effect,
        problems,
    } = chosen;
    let wrong = ReceiptFieldErrors::new(problems, texts);
    let gone = !sale.lines.iter().any(|line| line.left.is_left());
    let title = texts.with_values("till-return-of", &[("number", sale.number.clone().into())]);
    let when = format::format_moment(sale.at, zone, texts.language());
    let fact = |key: &str, value: String| {
        view! {
            <div>
                <dt>{texts.get(key)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let seen = effect.is_some();
    let (quantity, amount) = (form.quantity, form.amount);
    let lines = view! {
        <ReturnLines
            texts
            programme=Arc::clone(&programme)
            sale=sale.clone()
            quantity
            amount
            wrong
            autofocus=!seen
        />
    };
    view! {
        <form
            class="panel"
            id="returning"
            method="post"
            action="/api/till/return-quote"
            aria-labelledby="sale-h"
            novalidate
        >
            <input type="hidden" name="key" value=form.key />
            <input type="hidden" name="sale" value=form.sale />
            <input type="hidden" name="quoted" value=form.quoted />
            <header>
                <h2 id="sale-h">{title}</h2>
                <p>{format!("{when}, {}", sale.till)}</p>
            </header>
            <dl class="facts">
                {fact("till-return-paid", texts.money_text(sale.paid, &programme))}
                {sale
                    .refunded
                    .is_positive()
                    .then(|| fact("till-return-refunded", texts.money_text(sale.refunded, &programme)))}
            </dl>
            {if gone {
                view! { <p aria-live="polite">{texts.get("till-return-all-gone")}</p> }.into_any()
            } else {
                view! {
                    {lines}
                    {effect.map(|effect| view! { <Effect texts programme effect /> })}
                    <div class="actions">
                        <button class="btn quiet">
                            {texts.get("till-return-quote")}
                            <Key name="F8" />
                        </button>
                        <button class="btn quiet" name="all" value="yes" autofocus=!seen>
                            {texts.get("till-return-all")}
                            <Key name="F7" />
                        </button>
                        {seen
                            .then(|| {
                                view! {
                                    <button
                                        class="btn post"
                                        formaction="/api/till/return-post"
                                        autofocus=true
                                    >
                                        {texts.get("till-return-post")}
                                        <Key name="F9" />
                                    </button>
                                }
                            })}
                    </div>
                }
                    .into_any()
            }}
        </form>
    }
    .into_any()
}

/// Returns what can come back, line by line. Of a purchase that was typed as one amount, a part of that amount.
#[component]
fn ReturnLines(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    sale: ReturnableSale,
    quantity: Vec<String>,
    amount: String,
    wrong: ReceiptFieldErrors,
    autofocus: bool,
) -> impl IntoView {
    let none = wrong.error_of("lines");
    let mut typed = quantity.into_iter();
    let rows: Vec<AnyView> = sale
        .lines
        .into_iter()
        .map(|line| {
            let quantity = typed.next().unwrap_or_default();
            let by_amount = line.goes_by_amount();
            let (typed, field) = if by_amount {
                (amount.clone(), "amount")
            } else {
                (quantity, "quantity")
            };
            let wrong = wrong
                .error_in_row(line.position, field)
                .or(wrong.error_in_row(line.position, "position"));
            let programme = Arc::clone(&programme);
            view! { <ReturnRow texts programme line typed by_amount wrong autofocus /> }.into_any()
        })
        .collect();
    view! {
        <h3>{texts.get("till-return-lines")}</h3>
        <ul class="list returning">{rows}</ul>
        <FieldError id="lines".to_owned() words=none />
    }
    .into_any()
}

#[component]
fn ReturnRow(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    line: ReturnableLine,
    typed: String,
    by_amount: bool,
    wrong: Option<String>,
    autofocus: bool,
) -> impl IntoView {
    let number = line.position + 1;
    let id = format!("return-{number}");
    let name = match (line.line.name.as_str(), line.line.sku.as_str()) {
        ("", "") => texts.get("till-return-amount"),
        ("", sku) => sku.to_owned(),
        (name, _) => name.to_owned(),
    };
    let bought = format::format_quantity(line.line.quantity, texts.language());
    let amount = texts.money_text(line.line.amount, &programme);
    let left = if by_amount {
        texts.money_text(line.left.amount(), &programme)
    } else {
        format::format_quantity(line.left.quantity(), texts.language())
    };
    let about = texts.with_values(
        if by_amount {
            "till-return-sum"
        } else {
            "till-return-line"
        },
        &[
            ("quantity", bought.into()),
            ("amount", amount.into()),
            ("left", left.into()),
        ],
    );
    let (field, label) = if by_amount {
        ("amount", texts.get("till-return-for-amount"))
    } else {
        ("quantity[]", texts.get("till-return-quantity"))
    };
    let open = line.left.is_left();
    let error = wrong.is_some();
    let described = error.then(|| format!("{id}-error"));
    view! {
        <li>
            <Icon name="tag" />
            <span>
                {name.clone()}
                <span class="meta">{about}</span>
                {(by_amount && open)
                    .then(|| view! { <span class="meta">{texts.get("till-return-amount-hint")}</span> })}
                <FieldError id=id.clone() words=wrong />
            </span>
            // Quantities are told apart by their order: each line has one.
            {by_amount.then(|| view! { <input type="hidden" name="quantity[]" value="" /> })}
            {if open {
                view! {
                    <input
                        class="short"
                        id=id.clone()
                        name=field
                        value=typed
                        placeholder="0"
                        inputmode="decimal"
                        autocomplete="off"
                        autofocus=autofocus && error
                        aria-label=format!("{label}: {name}")
                        aria-invalid=error.then_some("true")
                        aria-describedby=described
                    />
                }
                    .into_any()
            } else {
                view! { <input type="hidden" name=field value=typed /> }.into_any()
            }}
        </li>
    }
    .into_any()
}
