//! Finding the sale that comes back: by what is printed on it, or by the shopper's card, whose sales are listed by time and
//! sum alone.

use std::sync::Arc;

use chrono_tz::Tz;
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::receipts::SaleListItem;
use leptos::prelude::*;

use super::recent::Recent;
use super::return_state::SaleSearchQuery;
use crate::components::{Icon, Key};
use crate::text::Texts;
use crate::text::format;

/// The ways to a sale.
#[component]
pub fn FindSale(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Time zone of the till.
    zone: Tz,
    /// Query that was typed before.
    asked: SaleSearchQuery,
    /// Names of the store's tills, this one first.
    tills: Vec<String>,
    /// Sales of a card, where one was scanned.
    listed: Option<Vec<SaleListItem>>,
    /// The till's last sales; empty where others are shown.
    recent: Vec<SaleListItem>,
    /// True if the page opens with the cursor here.
    autofocus: bool,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="find-h">
            <div class="till-who">
                <h1 id="find-h">{texts.get("till-return-find")}</h1>
                <a class="btn quiet small" href="/till">
                    {texts.get("till-return-back")}
                    <Key name="Escape" />
                </a>
            </div>
            <form class="form" method="post" action="/api/till/return-find" novalidate>
                <div class="field">
                    <label for="number">{texts.get("till-return-number")}</label>
                    <p class="hint">{texts.get("till-return-number-hint")}</p>
                    <input
                        class="big"
                        id="number"
                        name="number"
                        value=asked.number
                        autocomplete="off"
                        autofocus=autofocus && listed.is_none()
                    />
                </div>
                <div class="inline">
                    <div class="field">
                        <label for="shift">{texts.get("till-return-shift")}</label>
                        <input id="shift" name="shift" value=asked.shift autocomplete="off" />
                    </div>
                    <div class="field">
                        <label for="till">{texts.get("till-return-till")}</label>
                        <select id="till" name="till">
                            {tills
                                .into_iter()
                                .map(|till| {
                                    let selected = till == asked.till;
                                    view! {
                                        <option value=till.clone() selected=selected>
                                            {till.clone()}
                                        </option>
                                    }
                                })
                                .collect_view()}
                        </select>
                    </div>
                </div>
                <button class="btn">{texts.get("till-return-show")}</button>
            </form>
            <form class="field" method="post" action="/api/till/return-card" novalidate>
                <label for="code">{texts.get("till-return-by-card")}</label>
                <div class="inline">
                    <input
                        id="code"
                        name="code"
                        inputmode="numeric"
                        autocomplete="off"
                        spellcheck="false"
                    />
                    <button class="btn quiet" id="find">
                        {texts.get("till-find")}
                    </button>
                </div>
            </form>
            {listed
                .map(|listed| {
                    let programme = Arc::clone(&programme);
                    view! { <CardSaleList texts programme zone listed /> }
                })}
            <Recent texts programme zone sales=recent />
        </section>
    }
    .into_any()
}

/// Sales of a card.
#[component]
fn CardSaleList(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    zone: Tz,
    listed: Vec<SaleListItem>,
) -> impl IntoView {
    if listed.is_empty() {
        return view! { <p aria-live="polite">{texts.get("till-return-none")}</p> }.into_any();
    }
    let row = |(place, sale): (usize, SaleListItem)| {
        let when = format::format_moment(sale.at, zone, texts.language());
        let number = texts.with_values("till-return-of", &[("number", sale.number.into())]);
        view! {
            <li>
                <Icon name="receipt-text" />
                <span>
                    <a href=format!("/till/return?sale={}", sale.id) autofocus=place == 0>
                        {when}
                    </a>
                    <span class="meta">{format!("{}, {number}", sale.till)}</span>
                </span>
                <span class="price">{texts.money_text(sale.paid, &programme)}</span>
            </li>
        }
    };
    view! {
        <div aria-live="polite">
            <h2>{texts.get("till-return-list")}</h2>
        </div>
        <ul class="list">{listed.into_iter().enumerate().map(row).collect_view()}</ul>
    }
    .into_any()
}
