//! Offers of the customer at the till: before a sum those that are open; after it those that count, those that lack one
//! step and which, and folded away those that don't count and why. Titles only: conditions would tell of birthdays and
//! children.

use std::sync::Arc;

use kopilka_core::domain::evaluate::Evaluation;
use kopilka_core::domain::offers::{OfferBenefit, UnmetCondition};
use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::till::{JudgedOffer, JudgedOffers, OfferOutcome};
use kopilka_core::usecases::loyalty::offers::MemberOfferView;
use leptos::prelude::*;

use crate::components::{Icon, sentence};
use crate::text::Texts;

/// Offers shown at once; the rest folds away, so that the receipt stays near on a narrow screen.
const SHOWN_OFFERS: usize = 6;

/// Offers of the customer.
#[component]
pub fn OffersPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Those that count without another tap.
    offers: Vec<MemberOfferView>,
    /// Those that lack one step of the member's: a tap, one more purchase.
    waiting: Vec<MemberOfferView>,
    /// Evaluation of the receipt, where it was judged.
    evaluation: Option<Evaluation>,
) -> impl IntoView {
    let judged = JudgedOffers::sort_by_outcome(offers, waiting, evaluation.as_ref());
    let rows = |group: Vec<JudgedOffer>| -> Vec<CustomerOfferRow> {
        let group = group.iter();
        group
            .map(|judged| CustomerOfferRow::from_views(texts, &programme, judged))
            .collect()
    };
    let heading = match evaluation {
        Some(_) => "till-will-count",
        None => "till-offers",
    };
    let (open, near, not) = (rows(judged.open), rows(judged.near), rows(judged.missed));
    let more = i64::try_from(not.len()).unwrap_or(i64::MAX);
    view! {
        <Group texts title=texts.get(heading) rows=open />
        <Group texts title=texts.get("till-step-away") rows=near />
        {(more > 0)
            .then(|| {
                view! {
                    <details>
                        <summary>{texts.with_count("till-will-not", more)}</summary>
                        <ul class="list till-offers">
                            {not.into_iter().map(CustomerOfferRow::into_item).collect_view()}
                        </ul>
                    </details>
                }
            })}
    }
    .into_any()
}

/// Offers under a heading: the first ones at once, the rest folded.
#[component]
fn Group(
    /// Words in the language of the page.
    texts: Texts,
    title: String,
    rows: Vec<CustomerOfferRow>,
) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let mut rows = rows;
    let folded = rows.split_off(rows.len().min(SHOWN_OFFERS));
    let more = i64::try_from(folded.len()).unwrap_or(i64::MAX);
    view! {
        <h2>{title}</h2>
        <ul class="list till-offers">{rows.into_iter().map(CustomerOfferRow::into_item).collect_view()}</ul>
        {(more > 0)
            .then(|| {
                view! {
                    <details>
                        <summary>{texts.with_count("till-more-offers", more)}</summary>
                        <ul class="list till-offers">
                            {folded.into_iter().map(CustomerOfferRow::into_item).collect_view()}
                        </ul>
                    </details>
                }
            })}
    }
    .into_any()
}

/// An offer in a list.
struct CustomerOfferRow {
    icon: &'static str,
    title: String,
    meta: String,
    /// That it counts, or what keeps it from counting.
    tag: Option<String>,
}

impl CustomerOfferRow {
    fn from_views(texts: Texts, programme: &Programme, judged: &JudgedOffer) -> Self {
        let in_words = |miss: &UnmetCondition| texts.unmet_condition(miss, programme);
        let (icon, tag) = match &judged.outcome {
            OfferOutcome::MayCount => ("tag", None),
            OfferOutcome::Counts => ("check", Some(texts.get("till-counts"))),
            OfferOutcome::Missed(why) => ("tag", why.as_ref().map(in_words)),
            OfferOutcome::Waits(Some(miss)) => ("smartphone", Some(in_words(miss))),
            OfferOutcome::Waits(None) => ("smartphone", Some(texts.get("till-ask-to-switch-on"))),
        };
        let offer = &judged.view.offer;
        Self {
            icon,
            title: sentence(&texts.pick_language(&offer.title)),
            meta: benefit_label(texts, programme, &offer.benefit),
            tag,
        }
    }

    fn into_item(self) -> impl IntoView {
        let (tag, why) = match self.icon {
            "check" => (self.tag, None),
            _ => (None, self.tag),
        };
        view! {
            <li>
                <Icon name=self.icon />
                <span>
                    {self.title} <span class="meta">{self.meta}</span>
                    {why.map(|why| view! { <span class="meta">{why}</span> })}
                </span>
                {tag
                    .map(|tag| {
                        view! {
                            <span class="tag" data-tone="good">
                                <Icon name="check" />
                                {tag}
                            </span>
                        }
                    })}
            </li>
        }
    }
}

/// Returns what an offer gives, in a few signs: «скидка −15 %».
fn benefit_label(texts: Texts, programme: &Programme, benefit: &OfferBenefit) -> String {
    let signs = texts.benefit_label(benefit, programme);
    match benefit {
        OfferBenefit::Gift { .. } => signs,
        _ => format!("{} {signs}", texts.benefit_kind(benefit)),
    }
}
