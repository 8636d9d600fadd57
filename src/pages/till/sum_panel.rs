//! Sum of a receipt, line by line: discounts, points that pay, points to earn and why, what is left to pay.

use std::sync::Arc;

use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::evaluate::Evaluation;
use kopilka_core::domain::programme::Programme;
use leptos::prelude::*;

use crate::components::sentence;
use crate::text::{Texts, format};

/// Reasons of points that are told; of more the customer's own pages tell.
const SHOWN_REASONS: usize = 5;

/// The sum of a receipt.
#[component]
pub fn Sum(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The judgement.
    evaluation: Evaluation,
    /// True if the receipt is posted: then its points are earned, not promised.
    #[prop(default = false)]
    posted: bool,
) -> impl IntoView {
    let programme = &programme;
    let money = |amount: Money| texts.money_text(amount, programme);
    let by_offers = evaluation
        .offers_used
        .iter()
        .filter(|used| used.discount.is_positive());
    let mut discounts: Vec<(String, Money)> = by_offers
        .map(|used| (sentence(&texts.pick_language(&used.title)), used.discount))
        .collect();
    // What no offer took off is the tier's own discount.
    let offered: Money = discounts.iter().map(|(_, discount)| *discount).sum();
    let own = evaluation.discount - offered;
    if own.is_positive() {
        discounts.insert(0, (texts.get("till-tier-discount"), own));
    }
    let mut reasons: Vec<String> = evaluation
        .reasons
        .iter()
        .filter(|part| part.points.is_positive())
        .map(|part| sentence(&texts.entry_reason(&part.reason, programme)))
        .collect();
    let folded = reasons.split_off(reasons.len().min(SHOWN_REASONS));
    if let Ok(more @ 1..) = i64::try_from(folded.len()) {
        reasons.push(texts.with_count("till-more-offers", more));
    }
    let gifts: Vec<String> = evaluation
        .gifts
        .iter()
        .map(|id| sentence(&texts.gift_name(programme, id)))
        .collect();
    let row = |name: String, value: String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="sum" aria-live="polite">
            {row(texts.get("till-total"), money(evaluation.total))}
            {discounts
                .into_iter()
                .map(|(name, discount)| row(name, money(-discount)))
                .collect_view()}
            {evaluation
                .spent
                .is_positive()
                .then(|| {
                    let name = texts.with_count("till-paid-by-points", evaluation.spent.0);
                    row(name, money(-evaluation.paid_by_points))
                })}
            <div>
                <dt>
                    {texts.get(if posted { "till-earned" } else { "till-to-earn" })}
                    {reasons
                        .into_iter()
                        .map(|reason| view! { <small class="meta">{reason}</small> })
                        .collect_view()}
                </dt>
                <dd class="plus">{format::format_signed(evaluation.earned.0, texts.language())}</dd>
            </div>
            {gifts
                .into_iter()
                .map(|gift| row(texts.get("till-gift-promised"), gift))
                .collect_view()}
            <div class="total">
                <dt>{texts.get("till-to-pay")}</dt>
                <dd class="pay">{money(evaluation.to_pay)}</dd>
            </div>
        </dl>
    }
    .into_any()
}
