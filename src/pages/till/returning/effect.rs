//! Effect of a return, told before it is posted: money, points, offers, gifts.

use std::sync::Arc;

use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::receipts::ReturnEffect;
use leptos::prelude::*;

use crate::components::sentence;
use crate::text::{Texts, format};

/// Changes that the return would make.
#[component]
pub fn Effect(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The engine's answer.
    effect: ReturnEffect,
) -> impl IntoView {
    let programme = &programme;
    let row = |name: String, value: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let moved: Vec<(&str, Points)> = [
        ("till-return-restored", effect.restored),
        ("till-return-taken", -effect.taken_back),
        ("till-return-earned", effect.earned),
        ("till-return-spent", -effect.spent),
        ("till-return-debt", effect.debt),
        ("till-return-expired", effect.expired),
    ]
    .into_iter()
    .filter(|(_, points)| !points.is_zero())
    .collect();
    let offers: Vec<String> = effect
        .offers_lost
        .iter()
        .map(|id| match programme.offer(id) {
            Some(offer) => sentence(&texts.pick_language(&offer.title)),
            None => id.clone(),
        })
        .collect();
    let gifts = |ids: &[String]| -> Vec<String> {
        ids.iter()
            .map(|id| sentence(&texts.gift_name(programme, id)))
            .collect()
    };
    let (back, gone) = (
        gifts(&effect.gifts_to_collect),
        gifts(&effect.gifts_withdrawn),
    );
    let each = move |key: &'static str, values: Vec<String>| {
        values
            .into_iter()
            .map(move |value| row(texts.get(key), value))
            .collect_view()
    };
    view! {
        <section aria-labelledby="effect-h">
            <h3 id="effect-h">{texts.get("till-return-effect")}</h3>
            <dl class="sum" aria-live="polite">
                {moved
                    .into_iter()
                    .map(|(key, points)| {
                        row(texts.get(key), format::format_signed(points.0, texts.language()))
                    })
                    .collect_view()}
                {each("till-return-offer", offers)}
                {each("till-return-gift-gone", gone)}
                {each("till-return-gift-back", back)}
                <div class="total">
                    <dt>{texts.get("till-return-refund")}</dt>
                    <dd class="pay">{texts.money_text(effect.refund, programme)}</dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}
