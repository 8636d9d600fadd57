//! Sales that wait on the till's device: the bar that says how many, and the page that lists them. Both are filled in on the
//! device, where the sales are; the words come from here.

use std::sync::Arc;

use chrono_tz::Tz;
use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::receipts::{self, HeldSaleView, RefusedHeldSale};
use kopilka_core::usecases::checkout::till::{self, PutAsideSale};
use leptos::prelude::*;

use super::till_frame::Frame;
use super::till_sign_in::TillSignIn;
use crate::api::Visitor;
use crate::api::forms::FormState;
use crate::components::{Icon, Key, page_loading};
use crate::text::{Texts, format};

/// A sum with a mark in place of its figure.
fn money_pattern(visitor: &Visitor) -> String {
    let nothing = visitor
        .texts()
        .money_text(Money::ZERO, &visitor.rules.programme);
    nothing.replace('0', "#")
}

/// The bar on every page of the till; not seen while nothing waits. It tells the module where and when it is, too.
pub fn queue_bar(visitor: &Visitor) -> AnyView {
    let texts = visitor.texts();
    let words = |key: &str| texts.get(&format!("till-link-{key}"));
    // The plural forms of one sentence.
    let forms = |key: &str| {
        let each = ["one", "few", "many"].map(|form| words(&format!("{key}-{form}")));
        each.join("|")
    };
    let cashier = visitor.cashier.as_ref();
    view! {
        <aside
            class="till-queue"
            id="queue"
            hidden=""
            data-now=(visitor.kopilka.now().0 / 1_000).to_string()
            data-till=cashier.map(|cashier| cashier.till.id.to_string())
            data-staff=cashier.map(|cashier| cashier.staff.to_string())
            data-paired=cashier.map(|cashier| if cashier.device.is_some() { "yes" } else { "no" })
            data-money=money_pattern(visitor)
            data-waiting=forms("waiting")
            data-sending=forms("sending")
            data-signed-out=forms("signed-out")
            data-refused=forms("refused")
            data-parked=forms("parked")
            data-held=words("held")
            data-held-count=forms("held")
            data-held-more=words("held-more")
            data-next=words("next")
            data-kept=words("kept")
            data-kept-more=words("kept-more")
            data-not-kept=words("not-kept")
            data-not-kept-more=words("not-kept-more")
            data-spend-waits=words("spend-waits")
            data-spend-waits-more=words("spend-waits-more")
            data-without-spending=words("without-spending")
            data-quote-waits=words("quote-waits")
            data-quote-waits-more=words("quote-waits-more")
        >
            <Icon name="clock" />
            // Words about receipts whose answer is missing; an element takes 26 attributes at most.
            <span
                hidden=""
                data-sent-sale=words("sent-sale")
                data-sent-sale-more=words("sent-sale-more")
                data-sent-return=words("sent-return")
                data-sent-return-more=words("sent-return-more")
                data-sent-gift=words("sent-gift")
                data-sent-gift-more=words("sent-gift-more")
                data-put-away=words("put-away")
                data-not-posted=words("not-posted")
                data-not-posted-more=words("not-posted-more")
                data-not-returned=words("not-returned")
                data-not-returned-more=words("not-returned-more")
                data-to-return=words("to-return")
                data-was-posted=words("was-posted")
                data-was-posted-more=words("was-posted-more")
                data-was-returned=words("was-returned")
                data-was-returned-more=words("was-returned-more")
                data-was-kept=words("was-kept")
                data-was-kept-more=words("was-kept-more")
                data-to-result=words("to-result")
                data-to-receipt=words("to-receipt")
                data-show=words("show")
                // The form that the page answers.
                data-answers=FormState::current().map(|posted| posted.endpoint)
            ></span>
            <p role="status"></p>
            <a class="btn quiet small" href="/till/queue">
                {words("show")}
            </a>
        </aside>
        // Heading of a page that takes the place of another without a load, for screen readers.
        <p class="vh" id="said" role="status"></p>
    }
    .into_any()
}

/// `/till/queue`: what waits on this device, what was refused, and what was put aside.
#[component]
pub fn TillQueue() -> impl IntoView {
    let visitor = Visitor::current();
    let Ok(at_till) = visitor.at_till() else {
        return view! { <TillSignIn visitor /> }.into_any();
    };
    page_loading::load_page(async move {
        let aside = till::list_put_aside(&visitor.kopilka, &at_till).await?;
        let held = receipts::held_at_till(&visitor.kopilka, &at_till).await?;
        let refused = receipts::refused_at_till(&visitor.kopilka, &at_till).await?;
        Ok(queue_page(visitor, aside, held, refused))
    })
}

fn queue_page(
    visitor: Arc<Visitor>,
    aside: Vec<PutAsideSale>,
    held: Vec<HeldSaleView>,
    refused: Vec<RefusedHeldSale>,
) -> AnyView {
    let texts = visitor.texts();
    let zone = visitor.zone_here();
    let programme = Arc::clone(&visitor.rules.programme);
    view! {
        <Frame visitor banner=None>
            <section class="panel" aria-labelledby="queue-h">
                <header>
                    <h1 id="queue-h">{texts.get("till-queue-title")}</h1>
                    <p>{texts.get("till-queue-lead")}</p>
                </header>
                <QueueList texts />
                <p>
                    <a class="btn" href="/till">
                        {texts.get("till-queue-back")}
                        <Key name="Escape" />
                    </a>
                </p>
            </section>
            <OnReview texts programme=Arc::clone(&programme) zone held />
            <RefusedOnReview texts programme=Arc::clone(&programme) zone refused />
            <SalesPutAside texts programme zone aside />
        </Frame>
    }
    .into_any()
}

/// The list, to be filled in on the device: the row is there once, unseen, as the pattern for all.
#[component]
pub fn QueueList(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    let words = |key: &str| texts.get(key);
    view! {
        <p class="meta script" id="queue-none">
            {words("till-queue-none")}
        </p>
        <p class="meta no-script">{words("till-queue-no-script")}</p>
        <p class="error" id="queue-fault" role="alert" hidden="">
            {words("till-queue-aside-failed")}
        </p>
        <ul
            class="till-waiting"
            id="queue-list"
            data-row=words("till-queue-row")
            data-waits=words("till-queue-waits")
            data-parked=words("till-queue-parked")
        >
            <li hidden="">
                <div>
                    <strong></strong>
                    <p class="meta"></p>
                </div>
                <div class="actions">
                    <button class="btn quiet small" type="button" data-act="again">
                        {words("till-queue-again")}
                    </button>
                    <button class="btn quiet small" type="button" data-act="no-card">
                        {words("till-queue-no-card")}
                    </button>
                    <button class="btn quiet small" type="button" data-act="aside">
                        {words("till-queue-aside")}
                    </button>
                </div>
            </li>
        </ul>
    }
}

/// Sales of this till that the server holds until somebody has looked at them; nothing where there are none.
#[component]
fn OnReview(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    zone: Tz,
    held: Vec<HeldSaleView>,
) -> impl IntoView {
    if held.is_empty() {
        return ().into_any();
    }
    let row = |sale: HeldSaleView| {
        let money = texts.money_text(sale.total, &programme);
        let time = format::format_moment(sale.at, zone, texts.language());
        let title = texts.with_values(
            "till-held-row",
            &[("money", money.into()), ("time", time.into())],
        );
        view! {
            <li>
                <strong>{title}</strong>
            </li>
        }
    };
    view! {
        <section class="panel" aria-labelledby="held-h">
            <header>
                <h2 id="held-h">{texts.get("till-held-title")}</h2>
                <p>{texts.get("till-held-lead")}</p>
            </header>
            <ul class="till-waiting">{held.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Held sales of this till that somebody has looked at and refused; nothing where there are none.
#[component]
fn RefusedOnReview(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    zone: Tz,
    refused: Vec<RefusedHeldSale>,
) -> impl IntoView {
    if refused.is_empty() {
        return ().into_any();
    }
    let row = |sale: RefusedHeldSale| {
        let money = texts.money_text(sale.total, &programme);
        let time = format::format_moment(sale.at, zone, texts.language());
        let title = texts.with_values(
            "till-held-row",
            &[("money", money.into()), ("time", time.into())],
        );
        let why = texts.with_values("till-aside-why", &[("why", sale.reason.into())]);
        view! {
            <li>
                <div>
                    <strong>{title}</strong>
                    <p class="meta">{why}</p>
                </div>
            </li>
        }
    };
    view! {
        <section class="panel" aria-labelledby="refused-h">
            <header>
                <h2 id="refused-h">{texts.get("till-held-refused-title")}</h2>
                <p>{texts.get("till-held-refused-lead")}</p>
            </header>
            <ul class="till-waiting">{refused.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Sales that were put aside at this till.
#[component]
fn SalesPutAside(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    zone: Tz,
    aside: Vec<PutAsideSale>,
) -> impl IntoView {
    let none = aside.is_empty();
    let row = |sale: PutAsideSale| {
        let money = texts.money_text(sale.total, &programme);
        let time = format::format_moment(sale.at, zone, texts.language());
        let title = texts.with_values(
            "till-aside-row",
            &[("money", money.into()), ("time", time.into())],
        );
        view! {
            <li>
                <div>
                    <strong>{title}</strong>
                    <p class="meta">{refusal_reason(texts, &sale.why)}</p>
                </div>
            </li>
        }
    };
    view! {
        <section class="panel" aria-labelledby="aside-h">
            <header>
                <h2 id="aside-h">{texts.get("till-aside-title")}</h2>
                <p>{texts.get("till-aside-lead")}</p>
            </header>
            {none.then(|| view! { <p class="meta">{texts.get("till-aside-none")}</p> })}
            <ul class="till-waiting">{aside.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Why it was refused, where the name that the device told is one of ours.
fn refusal_reason(texts: Texts, why: &str) -> String {
    let words = texts.get_if_known(&format!("refusal-{why}"));
    let words = words.or_else(|| texts.get_if_known(&format!("problem-{why}")));
    words.map_or_else(String::new, |why| {
        texts.with_values("till-aside-why", &[("why", why.into())])
    })
}
