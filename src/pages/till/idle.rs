//! The till between customers: the next scan on the left; on the right the sale that has just been done, or how to begin.

use std::sync::Arc;

use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::till::CompletedSale;
use leptos::prelude::*;

use super::camera_panel::Camera;
use super::claim_slip::ClaimSlip;
use super::fields::CodeField;
use super::gift_list::GiftList;
use super::side_panel::WithoutTheCard;
use super::sum_panel::Sum;
use crate::api::visitor::AssetPaths;
use crate::components::{Icon, Key};
use crate::text::Texts;

/// The till between customers.
#[component]
pub fn Idle(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Paths of the camera's decoder, among others.
    assets: Arc<AssetPaths>,
    /// The sale that has just been done.
    sold: Option<CompletedSale>,
) -> impl IntoView {
    view! {
        <section class="panel scan" aria-labelledby="scan-h">
            <Icon name="scan-line" />
            <h1 id="scan-h">{texts.get("till-scan")}</h1>
            <p class="meta script">{texts.get("till-scan-hint")}</p>
            <form class="field" method="post" action="/api/till/scan" novalidate>
                <CodeField texts label=texts.get("till-code") form=None autofocus=true />
            </form>
            <Camera texts assets />
            <div class="actions">
                <WithoutCard texts />
                <a class="btn quiet" href="/till/return">
                    {texts.get("till-return")}
                    <Key name="F1" />
                </a>
            </div>
            <WithoutTheCard texts form=None />
        </section>
        {match sold {
            Some(sold) => view! { <CompletedSalePanel texts programme sold /> }.into_any(),
            None => view! { <HowTo texts /> }.into_any(),
        }}
    }
    .into_any()
}

/// The way to sell to somebody who has no card.
#[component]
fn WithoutCard(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    let words = texts.get("till-without-card");
    view! {
        <a class="btn quiet" href="/till?without-card">
            {words}
            <Key name="F4" />
        </a>
    }
}

/// The sale that has just been done.
#[component]
fn CompletedSalePanel(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    sold: CompletedSale,
) -> impl IntoView {
    let receipt = sold.receipt;
    let number = receipt.number.clone();
    let title = texts.with_values("till-receipt-number", &[("number", receipt.number.into())]);
    let customer = sold.customer.unwrap_or_else(|| texts.get("till-no-card"));
    view! {
        <section class="panel" aria-labelledby="done-h">
            <header>
                <h2 id="done-h">{title}</h2>
                <p>{customer}</p>
            </header>
            <Sum
                texts
                programme=Arc::clone(&programme)
                evaluation=receipt.quote.evaluation
                posted=true
            />
            {sold.claim.map(|claim| view! { <ClaimSlip texts programme claim number /> })}
            {(!sold.gifts.is_empty())
                .then(|| {
                    view! {
                        <form method="post" action="/api/till/gift">
                            <input type="hidden" name="done" value=receipt.id.to_string() />
                            <GiftList texts gifts=sold.gifts form=None />
                        </form>
                    }
                })}
        </section>
    }
    .into_any()
}

/// Steps of a sale, for a first day at the till.
#[component]
fn HowTo(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    let steps = [
        ("scan-line", "till-step-scan", "till-step-scan-more"),
        ("receipt-text", "till-step-sum", "till-step-sum-more"),
        ("check", "till-step-post", "till-step-post-more"),
    ];
    view! {
        <section class="panel" aria-labelledby="how-h">
            <header>
                <h2 id="how-h">{texts.get("till-how")}</h2>
            </header>
            <ol class="list">
                {steps
                    .into_iter()
                    .map(|(icon, title, more)| {
                        view! {
                            <li>
                                <Icon name=icon />
                                <span>
                                    {texts.get(title)}
                                    <span class="meta">{texts.get(more)}</span>
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

/// The place of the customer while there is none: a card may still be scanned, and the receipt waits.
#[component]
pub fn ScanPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Paths of the camera's decoder, among others.
    assets: Arc<AssetPaths>,
    /// The customer's visit has ended.
    over: bool,
) -> impl IntoView {
    let (title, hint) = if over {
        ("till-scan-again", "till-scan-again-hint")
    } else {
        ("till-no-card", "till-no-card-hint")
    };
    view! {
        <section class="panel scan" aria-labelledby="scan-h">
            <Icon name="scan-line" />
            <h1 id="scan-h">{texts.get(title)}</h1>
            <p class="meta">{texts.get(hint)}</p>
            <div class="field">
                <CodeField texts
                    label=texts.get("till-card-code")
                    form=Some("receipt")
                    autofocus=over
                />
            </div>
            <Camera texts assets />
            {(!over).then(|| view! { <WithoutTheCard texts form=Some("receipt") /> })}
            <div class="actions">
                {over
                    .then(|| {
                        view! {
                            <button
                                class="btn quiet"
                                form="receipt"
                                formaction="/api/till/edit"
                                name="to"
                                value="without-card"
                            >
                                {texts.get("till-without-card")}
                                <Key name="F4" />
                            </button>
                        }
                    })}
                <button
                    class="btn quiet"
                    form="receipt"
                    formaction="/api/till/leave"
                >
                    {texts.get("till-cancel")}
                    <Key name="Escape" />
                </button>
            </div>
        </section>
    }
    .into_any()
}
