//! Offers of the customer at the till: those that count, with a judged receipt whether they did and why not, and those
//! one tap away. Titles only: conditions would tell of birthdays and children.

use kopilka_core::domain::evaluate::Evaluation;
use kopilka_core::domain::offers::Benefit;
use kopilka_core::usecases::offers::OfferView;
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::{Icon, sentence};

/// Offers shown at once; the rest folds away, so that the receipt stays near on a narrow screen.
const SHOWN_OFFERS: usize = 6;

/// Offers of the customer.
#[component]
pub fn Offers(
    /// Those that count without another tap.
    offers: Vec<OfferView>,
    /// Those that the customer has only to switch on.
    waiting: Vec<OfferView>,
    /// What the receipt comes to, where it was judged.
    evaluation: Option<Evaluation>,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let mut rows: Vec<AnyView> = offers
        .into_iter()
        .map(|view| view! { <OpenOffer view evaluation=evaluation.clone() /> }.into_any())
        .collect();
    let folded = rows.split_off(rows.len().min(SHOWN_OFFERS));
    let more = i64::try_from(folded.len()).unwrap_or(i64::MAX);
    let has_rows = !rows.is_empty();
    view! {
        {has_rows
            .then(|| {
                view! {
                    <h2>{texts.get("till-offers")}</h2>
                    <ul class="list till-offers">{rows}</ul>
                }
            })}
        {(more > 0)
            .then(|| {
                view! {
                    <details>
                        <summary>{texts.count("till-more-offers", more)}</summary>
                        <ul class="list till-offers">{folded}</ul>
                    </details>
                }
            })}
        {(!waiting.is_empty())
            .then(|| {
                view! {
                    <div>
                        <h2>{texts.get("till-one-step")}</h2>
                        <p class="meta">{texts.get("till-ask-to-switch-on")}</p>
                    </div>
                    <ul class="list till-offers">
                        {waiting
                            .into_iter()
                            .map(|view| view! { <WaitingOffer view /> })
                            .collect_view()}
                    </ul>
                }
            })}
    }
    .into_any()
}

/// What an offer gives, in a few signs: «скидка −15 %».
fn gives(visitor: &Visitor, benefit: &Benefit) -> String {
    let texts = visitor.texts();
    let signs = texts.benefit(benefit, &visitor.rules.programme);
    match benefit {
        Benefit::Gift { .. } => signs,
        _ => format!("{} {signs}", texts.benefit_kind(benefit)),
    }
}

/// An offer that counts without another tap: with a receipt judged, whether it did and why not.
#[component]
fn OpenOffer(view: OfferView, evaluation: Option<Evaluation>) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let (texts, programme) = (visitor.texts(), &visitor.rules.programme);
    let offer = &view.offer;
    let used = evaluation
        .as_ref()
        .map(|judged| judged.offers_used.iter().any(|used| used.offer == offer.id));
    let missed = evaluation.as_ref().and_then(|judged| {
        let missed = judged
            .offers_missed
            .iter()
            .find(|missed| missed.offer == offer.id)?;
        Some(texts.miss(missed.misses.first()?, programme))
    });
    let meta = missed.unwrap_or_else(|| gives(&visitor, &offer.benefit));
    let tag = used.map(|used| {
        let (tone, icon, key) = if used {
            ("good", "check", "till-counts")
        } else {
            ("", "x", "till-counts-not")
        };
        view! {
            <span class="tag" data-tone=tone>
                <Icon name=icon />
                {texts.get(key)}
            </span>
        }
    });
    view! {
        <li>
            <Icon name=if used == Some(true) { "check" } else { "tag" } />
            <span>
                {sentence(&texts.pick(&offer.title))}
                <span class="meta">{meta}</span>
            </span>
            {tag}
        </li>
    }
    .into_any()
}

/// An offer that the customer has only to switch on.
#[component]
fn WaitingOffer(view: OfferView) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    view! {
        <li>
            <Icon name="smartphone" />
            <span>
                {sentence(&texts.pick(&view.offer.title))}
                <span class="meta">{gives(&visitor, &view.offer.benefit)}</span>
            </span>
        </li>
    }
    .into_any()
}
