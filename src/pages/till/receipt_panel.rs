//! The receipt being typed: the amount alone or lines, how many points pay, what it comes to, and the posting. The form
//! carries the key under which it is stored, so that it is stored once.

use std::sync::Arc;

use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::spend_confirmation::SpendQuestionState;
use leptos::prelude::*;

use super::ask_owner::AskOwner;
use super::fields::{FieldError, ReceiptFieldErrors};
use super::goods_search::Goods;
use super::lines::TypedLines;
use super::sum_panel::Sum;
use super::till_state::OpenSale;
use crate::api::forms::sale_form::SaleForm;
use crate::components::{Icon, Key};
use crate::text::{Texts, format};

/// What the form carries unseen, its title, and the choice between the amount alone and lines.
#[component]
fn ReceiptHead(
    /// Words in the language of the page.
    texts: Texts,
    /// The receipt as typed.
    sale: SaleForm,
) -> impl IntoView {
    let by_lines = sale.by_lines();
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
        <input type="hidden" name="key" value=sale.key />
        <input type="hidden" name="visit" value=sale.visit />
        <input type="hidden" name="answered" value=sale.answered />
        <input type="hidden" name="mode" value=sale.mode />
        <input type="hidden" name="desk" value=sale.side_panel />
        <input type="hidden" name="token" value=sale.token />
        <div class="till-who">
            <h2 id="receipt-h">{texts.get("till-receipt")}</h2>
            <div class="seg" role="group" aria-label=texts.get("till-mode")>
                {mode("amount", "till-mode-amount", !by_lines)}
                {mode("lines", "till-mode-lines", by_lines)}
            </div>
        </div>
    }
}

/// Buttons that say what the receipt comes to, and that post it.
#[component]
fn ReceiptButtons(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    view! {
        <div class="actions">
            <button class="btn quiet" formaction="/api/till/quote">
                {texts.get("till-quote")}
                <Key name="F8" />
            </button>
            <button class="btn post">
                {texts.get("till-post")}
                <Key name="F9" />
            </button>
        </div>
    }
}

/// The receipt being typed.
#[component]
pub fn ReceiptPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The sale in progress.
    open_sale: OpenSale,
) -> impl IntoView {
    let wrong = ReceiptFieldErrors::new(open_sale.problems, texts);
    let sale = open_sale.sale;
    let by_lines = sale.by_lines();
    let evaluation = open_sale.quote.map(|quote| quote.evaluation);
    let confirmed = match open_sale.asked {
        Some(SpendQuestionState::Confirmed { points }) => Some(points),
        _ => None,
    };
    let customer = open_sale
        .customer
        .filter(|customer| customer.points > Points(0));
    let may_spend = customer.as_ref().is_some_and(|customer| {
        // While spending is stopped, asking for points is how a senior is called.
        customer.may_spend || customer.spending_stopped || confirmed.is_some()
    });
    let may_ask = customer
        .as_ref()
        .is_some_and(|customer| !customer.needs_new_code && !may_spend);
    let age = programme.minimum_age;
    let pressed = open_sale.pressed;
    let spendable = match (&open_sale.refused, &evaluation) {
        (Some(Refusal::TooManyPoints { spendable }), _) => Some(*spendable),
        (_, Some(evaluation)) => Some(evaluation.spendable),
        _ => None,
    };
    let too_many = open_sale
        .refused
        .as_ref()
        .filter(|refusal| matches!(refusal, Refusal::TooManyPoints { .. }))
        .map(|refusal| texts.refusal(refusal));
    let points_wrong = wrong.error_of("points").or(too_many);
    // The cursor waits where something is to be put right, unless the card has to be scanned again first.
    let focus_on_points = points_wrong.is_some() && wrong.error_of("amount").is_none();
    let focus = !open_sale.over && !focus_on_points;
    // After a search or a button of a row the cursor goes on where it was.
    let focus_on_goods = focus && by_lines && pressed.is_empty() && wrong.first_in_rows().is_none();
    let focus_on_rows = focus && pressed.is_empty() && !focus_on_goods;
    view! {
        <form
            class="panel"
            id="receipt"
            method="post"
            action="/api/till/post"
            aria-labelledby="receipt-h"
            novalidate
        >
            <ReceiptHead texts sale=sale.clone() />
            <AmountField texts sale=sale.clone() wrong=wrong.clone() autofocus=focus && !by_lines />
            {by_lines
                .then(|| {
                    let (rows, find) = (sale.rows(), sale.find.clone());
                    view! {
                        <Goods
                            texts
                            programme=Arc::clone(&programme)
                            find
                            found=open_sale.found
                            autofocus=focus_on_goods
                        />
                        <TypedLines
                            texts
                            programme=Arc::clone(&programme)
                            rows
                            wrong=wrong.clone()
                            autofocus=focus_on_rows
                            pressed
                        />
                    }
                })}
            {may_ask
                .then(|| {
                    let (asked, ask) = (open_sale.asked, sale.ask.clone());
                    view! { <AskOwner texts asked ask wrong=wrong.error_of("ask") /> }
                })}
            {confirmed
                .map(|points| {
                    view! {
                        <p class="asking" id="asking" aria-live="polite">
                            <Icon name="check" />
                            {texts.with_count("till-ask-confirmed", points.0)}
                        </p>
                    }
                })}
            {may_spend
                .then(|| {
                    view! {
                        <SpendFields
                            texts
                            sale=sale.clone()
                            spendable
                            wrong=points_wrong
                            autofocus=focus_on_points
                        />
                    }
                })}
            <div id="sum">
                <input type="hidden" name="shown" value=sale.shown.clone() />
                {evaluation.map(|evaluation| view! { <Sum texts programme evaluation /> })}
            </div>
            {age
                .map(|age| {
                    view! {
                        <p class="age">
                            <Icon name="shield-check" />
                            {texts.with_count("till-age", i64::from(age))}
                        </p>
                    }
                })}
            <ReceiptButtons texts />
        </form>
    }
    .into_any()
}

/// Field for the amount of the receipt; carried along unseen while lines are typed instead.
#[component]
fn AmountField(
    /// Words in the language of the page.
    texts: Texts,
    sale: SaleForm,
    wrong: ReceiptFieldErrors,
    autofocus: bool,
) -> impl IntoView {
    if sale.by_lines() {
        return view! { <input type="hidden" name="amount" value=sale.amount /> }.into_any();
    }
    let error = wrong.error_of("amount");
    let columns = sale.columns();
    view! {
        <div class="field">
            <label for="amount">
                {texts.get("till-amount")}
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
        {columns
            .into_iter()
            .flat_map(|(name, values)| values.into_iter().map(move |value| (name, value)))
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view()}
    }
    .into_any()
}

/// Fields for how many points pay. The number can be typed only where a number was chosen, so that it is never overlooked.
#[component]
fn SpendFields(
    /// Words in the language of the page.
    texts: Texts,
    sale: SaleForm,
    spendable: Option<Points>,
    wrong: Option<String>,
    autofocus: bool,
) -> impl IntoView {
    let chosen = match sale.spend.as_str() {
        "all" => "all",
        "exact" => "exact",
        _ => "none",
    };
    let most = spendable.map(|spendable| format::format_number(spendable.0, texts.language()));
    let choice = |value: &'static str, key: &str, more: Option<String>| {
        view! {
            <label>
                <input type="radio" name="spend" value=value checked=value == chosen />
                <span>
                    {texts.get(key)}
                    <small class="meta" id=format!("most-{value}")>
                        {more}
                    </small>
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
