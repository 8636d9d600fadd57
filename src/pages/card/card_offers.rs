//! The offers that will count at the till today without another tap: a few of them, the rest on their own page.

use std::sync::Arc;

use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::time::Instant;
use kopilka_core::usecases::loyalty::offers::MemberOfferView;
use leptos::prelude::*;

use crate::components::{Icon, OfferItem};
use crate::text::Texts;

/// Number of offers shown here.
const SHOWN: usize = 4;

/// Offers that will count.
#[component]
pub fn CardOffers(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The time at which the page is rendered.
    now: Instant,
    /// All of them.
    offers: Vec<MemberOfferView>,
) -> impl IntoView {
    let count = i64::try_from(offers.len()).unwrap_or(i64::MAX);
    let heading = match count {
        0 => texts.get("card-offers-none"),
        count => texts.with_count("card-offers", count),
    };
    let list = if offers.is_empty() {
        view! {
            <div class="panel">
                <div class="empty">
                    <Icon name="tag" />
                    <p>{texts.get("card-offers-empty")}</p>
                    <a class="btn quiet" href="/offers">
                        {texts.get("card-offers-look")}
                    </a>
                </div>
            </div>
        }
        .into_any()
    } else {
        view! {
            <ul class="offers">
                {offers
                    .into_iter()
                    .take(SHOWN)
                    .map(|view| {
                        let programme = Arc::clone(&programme);
                        view! { <OfferItem texts programme now next="/card" view /> }
                    })
                    .collect_view()}
            </ul>
        }
        .into_any()
    };
    Some(view! {
        <section class="page" aria-labelledby="offers">
            <header class="group">
                <h2 id="offers">{heading}</h2>
                <a href="/offers">{texts.get("card-offers-all")}</a>
            </header>
            {list}
        </section>
    })
}
