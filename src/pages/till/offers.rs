//! Offers of the customer at the till: before a sum those that are open; after it those that count, those that lack one
//! step and which, and folded away those that don't count and why. Titles only: conditions would tell of birthdays and
//! children.

use kopilka_core::domain::evaluate::Evaluation;
use kopilka_core::domain::offers::{Benefit, UnmetCondition};
use kopilka_core::usecases::offers::OfferView;
use kopilka_core::usecases::till::{JudgedOffer, JudgedOffers, OfferOutcome};
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
    /// Those that lack one step of the member's: a tap, one more purchase.
    waiting: Vec<OfferView>,
    /// Evaluation of the receipt, where it was judged.
    evaluation: Option<Evaluation>,
) -> impl IntoView {
    let visitor = Visitor::current();
    let texts = visitor.texts();
    let judged = JudgedOffers::of(offers, waiting, evaluation.as_ref());
    let rows = |group: Vec<JudgedOffer>| -> Vec<OfferRow> {
        let group = group.iter();
        group.map(|judged| OfferRow::of(&visitor, judged)).collect()
    };
    let heading = match evaluation {
        Some(_) => "till-will-count",
        None => "till-offers",
    };
    let (open, near, not) = (rows(judged.open), rows(judged.near), rows(judged.not));
    let more = i64::try_from(not.len()).unwrap_or(i64::MAX);
    view! {
        <Group title=texts.get(heading) rows=open />
        <Group title=texts.get("till-step-away") rows=near />
        {(more > 0)
            .then(|| {
                view! {
                    <details>
                        <summary>{texts.count("till-will-not", more)}</summary>
                        <ul class="list till-offers">
                            {not.into_iter().map(OfferRow::show).collect_view()}
                        </ul>
                    </details>
                }
            })}
    }
    .into_any()
}

/// Offers under a heading: the first ones at once, the rest folded.
#[component]
fn Group(title: String, rows: Vec<OfferRow>) -> impl IntoView {
    let visitor = Visitor::current();
    if rows.is_empty() {
        return ().into_any();
    }
    let mut rows = rows;
    let folded = rows.split_off(rows.len().min(SHOWN_OFFERS));
    let more = i64::try_from(folded.len()).unwrap_or(i64::MAX);
    view! {
        <h2>{title}</h2>
        <ul class="list till-offers">{rows.into_iter().map(OfferRow::show).collect_view()}</ul>
        {(more > 0)
            .then(|| {
                view! {
                    <details>
                        <summary>{visitor.texts().count("till-more-offers", more)}</summary>
                        <ul class="list till-offers">
                            {folded.into_iter().map(OfferRow::show).collect_view()}
                        </ul>
                    </details>
                }
            })}
    }
    .into_any()
}

/// An offer in a list.
struct OfferRow {
    icon: &'static str,
    title: String,
    meta: String,
    /// That it counts, or what keeps it from counting.
    tag: Option<String>,
}

impl OfferRow {
    fn of(visitor: &Visitor, judged: &JudgedOffer) -> Self {
        let (texts, programme) = (visitor.texts(), &visitor.rules.programme);
        let in_words = |miss: &UnmetCondition| texts.miss(miss, programme);
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
            title: sentence(&texts.pick(&offer.title)),
            meta: gives(visitor, &offer.benefit),
            tag,
        }
    }

    fn show(self) -> impl IntoView {
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
fn gives(visitor: &Visitor, benefit: &Benefit) -> String {
    let texts = visitor.texts();
    let signs = texts.benefit(benefit, &visitor.rules.programme);
    match benefit {
        Benefit::Gift { .. } => signs,
        _ => format!("{} {signs}", texts.benefit_kind(benefit)),
    }
}
