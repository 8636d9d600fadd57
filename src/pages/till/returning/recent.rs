//! The last sales of this till: a sale without a card is found here without typing anything.

use std::sync::Arc;

use chrono_tz::Tz;
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::receipts::SaleListItem;
use leptos::prelude::*;

use crate::components::Icon;
use crate::text::{Texts, format};

/// The list, newest first; nothing where there are none.
#[component]
pub fn Recent(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Time zone of the till.
    zone: Tz,
    /// The till's last sales.
    sales: Vec<SaleListItem>,
) -> impl IntoView {
    if sales.is_empty() {
        return ().into_any();
    }
    let row = |sale: SaleListItem| {
        let when = format::format_moment(sale.at, zone, texts.language());
        let number = texts.with_values("till-return-of", &[("number", sale.number.into())]);
        view! {
            <li>
                <Icon name="receipt-text" />
                <span>
                    <a href=format!("/till/return?sale={}", sale.id)>{number}</a>
                    <span class="meta">{when}</span>
                </span>
                <span class="price">{texts.money_text(sale.paid, &programme)}</span>
            </li>
        }
    };
    view! {
        <h2 id="recent-h">{texts.get("till-return-recent")}</h2>
        <ul class="list" aria-labelledby="recent-h">
            {sales.into_iter().map(row).collect_view()}
        </ul>
    }
    .into_any()
}
