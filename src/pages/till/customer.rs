//! The customer as a cashier may see them: first name and initial, tier, points, gifts, what to say, offers. Nothing else
//! of the person gets this far.

use std::sync::Arc;

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::evaluate::Evaluation;
use kopilka_core::domain::programme::{Programme, TierMeasure};
use kopilka_core::usecases::checkout::receipts::SaleQuote;
use kopilka_core::usecases::checkout::till::TillCustomer;
use leptos::prelude::*;

use super::attach::{AttachButton, AttachField};
use super::block_override::Notices;
use super::customer_offers::OffersPanel;
use super::fields::CodeField;
use super::gift_list::GiftList;
use crate::api::forms::sale_form::SaleForm;
use crate::components::{Icon, Key};
use crate::text::{Texts, format};

/// Customer who is being served.
#[component]
pub fn CustomerPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The customer.
    customer: TillCustomer,
    /// Quote of the receipt.
    quote: Option<SaleQuote>,
    /// The receipt as typed.
    sale: SaleForm,
    /// A printed card is about to be attached to the customer.
    attaching: bool,
) -> impl IntoView {
    let evaluation = quote.map(|quote| quote.evaluation);
    let say = spending_advice(texts, &programme, &customer, evaluation.as_ref());
    let spendable = evaluation.as_ref().map(|evaluation| evaluation.spendable);
    let points = |points: Points| format::format_number(points.0, texts.language());
    view! {
        <section class="panel" aria-labelledby="who">
            <div class="till-who">
                <h1 class="till-name" id="who">
                    {known_name(&customer.name, texts)}
                </h1>
                <button
                    class="btn quiet small"
                    form="receipt"
                    formaction="/api/till/leave"
                >
                    {texts.get("till-next")}
                    <Key name="Escape" />
                </button>
            </div>
            <div class="till-tags">
                <span class="tag" data-tone="brand">
                    <Icon name="star" />
                    {texts.pick_language(&customer.tier.name)}
                </span>
                {customer
                    .birthday_near
                    .then(|| {
                        view! {
                            <span class="tag" data-tone="good">
                                <Icon name="cake" />
                                {texts.get("till-birthday")}
                            </span>
                        }
                    })}
            </div>
            <Notices texts noticed=customer.suspicions.clone() />
            {wants_new_code(&customer)
                .then(|| {
                    view! {
                        <div class="note" data-tone="warn" role="note" id="new-code">
                            <Icon name="triangle-alert" />
                            <p>{texts.get("till-new-code")}</p>
                        </div>
                    }
                })}
            <dl class="facts" id="customer-points">
                <div>
                    <dt>{texts.get("till-points")}</dt>
                    <dd class="pay">{points(customer.points)}</dd>
                </div>
                {spendable
                    .filter(|spendable| customer.may_spend || *spendable > Points(0))
                    .map(|spendable| {
                        view! {
                            <div>
                                <dt>{texts.get("till-spendable")}</dt>
                                <dd class="pay">{points(spendable)}</dd>
                            </div>
                        }
                    })}
            </dl>
            <div id="say" aria-live="polite">
                {say
                    .map(|say| {
                        view! {
                            <p class="say">
                                <span class="vh">{texts.get("till-say")} " "</span>
                                {say}
                            </p>
                        }
                    })}
            </div>
            {(!customer.gifts.is_empty())
                .then(|| {
                    view! { <GiftList texts gifts=customer.gifts.clone() form=Some("receipt") /> }
                })}
            <div class="page" id="offers">
                <OffersPanel
                    texts
                    programme
                    offers=customer.offers
                    waiting=customer.one_step_away
                    evaluation
                />
            </div>
            {if attaching {
                view! { <AttachField texts sale /> }.into_any()
            } else {
                view! {
                    <div class="field">
                        <CodeField texts
                            label=texts.get("till-other-card")
                            form=Some("receipt")
                            autofocus=false
                        />
                    </div>
                    <AttachButton texts />
                }
                    .into_any()
            }}
        </section>
    }
    .into_any()
}

/// Returns what stands for a name of which nothing can be seen.
fn known_name(name: &str, texts: Texts) -> String {
    if name.is_empty() {
        texts.get("till-no-name")
    } else {
        name.to_owned()
    }
}

/// Returns whether points could be spent if the shopper showed a new code.
fn wants_new_code(customer: &TillCustomer) -> bool {
    customer.needs_new_code && customer.points > Points(0)
}

/// Returns what the cashier may say: the points that can pay, how to be able to, or the way to the next tier.
fn spending_advice(
    texts: Texts,
    programme: &Programme,
    customer: &TillCustomer,
    judged: Option<&Evaluation>,
) -> Option<String> {
    let agreed = judged.is_some_and(|judged| judged.spendable > Points(0));
    let may_ask = !customer.may_spend && !customer.needs_new_code && !customer.spending_stopped;
    if customer.points > Points(0) && may_ask && !agreed {
        return Some(texts.get("till-say-ask"));
    }
    match judged {
        None if customer.points > Points(0)
            && !customer.needs_new_code
            && !customer.spending_stopped =>
        {
            return Some(texts.with_count("till-say-points", customer.points.0));
        }
        Some(judged) if judged.spendable > Points(0) && judged.spent.is_zero() => {
            return Some(texts.with_count("till-say-spend", judged.spendable.0));
        }
        _ => {}
    }
    let next = customer.tier.next.as_ref()?;
    let missing = match customer.tier.measure {
        TierMeasure::Spent => texts.money_text(Money(next.missing), programme),
        TierMeasure::Earned => texts.points_text(Points(next.missing)),
    };
    let tier = texts.pick_language(&next.name);
    Some(texts.with_values(
        "till-say-tier",
        &[("tier", tier.into()), ("missing", missing.into())],
    ))
}
