//! The sale that comes back: its lines with what is left of each, the choice of what comes back, what would change, and
//! the posting, which can be pressed only where that was seen.

use kopilka_core::usecases::receipts::{LeftLine, Returnable};
use leptos::prelude::*;

use super::effect::Effect;
use super::scene::Chosen;
use crate::api::Visitor;
use crate::components::{Icon, Key};
use crate::pages::till::fields::{FieldError, Wrong};
use crate::text::format;

/// The sale and its return.
#[component]
pub fn SalePanel(
    /// The sale with what was chosen.
    chosen: Chosen,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let programme = &visitor.rules.programme;
    let Chosen {
        sale,
        form,
        effect,
        problems,
    } = chosen;
    let wrong = Wrong::new(problems, texts);
    let gone = sale.lines.iter().all(|line| !line.left.is_positive());
    let title = texts.with("till-return-of", &[("number", sale.number.clone().into())]);
    let when = format::moment(sale.at, visitor.zone_here(), visitor.language);
    let fact = |key: &str, value: String| {
        view! {
            <div>
                <dt>{texts.get(key)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let seen = effect.is_some();
    let lines =
        view! { <ReturnLines sale=sale.clone() quantity=form.quantity wrong autofocus=!seen /> };
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
                {fact("till-return-paid", texts.money(sale.paid, programme))}
                {sale
                    .refunded
                    .is_positive()
                    .then(|| fact("till-return-refunded", texts.money(sale.refunded, programme)))}
            </dl>
            {if gone {
                view! { <p aria-live="polite">{texts.get("till-return-all-gone")}</p> }.into_any()
            } else {
                view! {
                    {lines}
                    {effect.map(|effect| view! { <Effect effect /> })}
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

/// What can come back, line by line. A purchase that was typed as one amount has no parts.
#[component]
fn ReturnLines(
    sale: Returnable,
    quantity: Vec<String>,
    wrong: Wrong,
    autofocus: bool,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let whole = matches!(
        sale.lines.as_slice(),
        [LeftLine { line, .. }] if line.name.is_empty() && line.sku.is_empty()
    );
    let none = wrong.field("lines");
    let mut typed = quantity.into_iter();
    let rows: Vec<AnyView> = sale
        .lines
        .into_iter()
        .map(|line| {
            let typed = typed.next().unwrap_or_default();
            let wrong = wrong
                .row(line.position, "quantity")
                .or(wrong.row(line.position, "position"));
            view! { <ReturnRow line typed whole wrong autofocus /> }.into_any()
        })
        .collect();
    view! {
        <h3>{texts.get("till-return-lines")}</h3>
        <ul class="list returning">{rows}</ul>
        {whole.then(|| view! { <p class="meta">{texts.get("till-return-whole")}</p> })}
        <FieldError id="lines".to_owned() words=none />
    }
    .into_any()
}

#[component]
fn ReturnRow(
    line: LeftLine,
    typed: String,
    whole: bool,
    wrong: Option<String>,
    autofocus: bool,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let number = line.position + 1;
    let id = format!("return-{number}");
    let name = match (line.line.name.as_str(), line.line.sku.as_str()) {
        ("", "") => texts.get("till-return-amount"),
        ("", sku) => sku.to_owned(),
        (name, _) => name.to_owned(),
    };
    let bought = format::quantity(line.line.quantity, visitor.language);
    let amount = texts.money(line.line.amount, &visitor.rules.programme);
    let left = format::quantity(line.left, visitor.language);
    let about = texts.with(
        "till-return-line",
        &[
            ("quantity", bought.into()),
            ("amount", amount.into()),
            ("left", left.into()),
        ],
    );
    let open = line.left.is_positive();
    let error = wrong.is_some();
    let described = error.then(|| format!("{id}-error"));
    view! {
        <li>
            <Icon name="tag" />
            <span>
                {name.clone()}
                <span class="meta">{about}</span>
                <FieldError id=id.clone() words=wrong />
            </span>
            {if open && !whole {
                view! {
                    <input
                        class="short"
                        id=id.clone()
                        name="quantity[]"
                        value=typed
                        placeholder="0"
                        inputmode="decimal"
                        autocomplete="off"
                        autofocus=autofocus && error
                        aria-label=format!("{}: {name}", texts.get("till-return-quantity"))
                        aria-invalid=error.then_some("true")
                        aria-describedby=described
                    />
                }
                    .into_any()
            } else {
                view! { <input type="hidden" name="quantity[]" value=typed /> }.into_any()
            }}
        </li>
    }
    .into_any()
}
