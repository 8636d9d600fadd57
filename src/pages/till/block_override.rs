//! Fraud limits at the till: a sentence about the customer who is being served, and the place where a senior lets a stopped
//! visit pass by their own PIN.

use kopilka_core::domain::fraud_limits::{FraudPattern, SuspicionLevel};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::staff::{self, PinSignInChoice};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::fraud_limits::Suspicion;
use leptos::prelude::*;

use super::till_sign_in::People;
use crate::api::Visitor;
use crate::api::forms::sale_form::SaleForm;
use crate::api::forms::{FormState, PageStep, RenderedForm, SaleAct};
use crate::components::{Icon, TextField};
use crate::text::Texts;

/// Warnings for the cashier, a sentence each.
#[component]
pub fn Notices(
    /// Words in the language of the page.
    texts: Texts,
    /// Fraud patterns that were noticed.
    noticed: Vec<Suspicion>,
) -> impl IntoView {
    let sentence = |each: Suspicion| {
        let key = match (each.pattern, each.level) {
            (FraudPattern::PhoneChange, SuspicionLevel::Hard) => {
                "refusal-phone-just-changed".to_owned()
            }
            (pattern, _) => format!("radar-{}", pattern.as_str()),
        };
        view! {
            <div class="note" data-tone="warn" role="note">
                <Icon name="triangle-alert" />
                <p>{texts.get(&key)}</p>
            </div>
        }
    };
    noticed.into_iter().map(sentence).collect_view().into_any()
}

/// A visit that the fraud limits have stopped.
#[derive(Clone)]
pub struct BlockOverride {
    /// The receipt as typed, to go on with.
    sale: SaleForm,
    /// Token of the card in the browser's cookie, where a scan was stopped before there was a visit; `None` = the visit was.
    by_card: Option<String>,
    /// Id of the senior who was chosen; empty: nobody yet.
    chosen: String,
    /// Seniors who may let it pass.
    seniors: Vec<PinSignInChoice>,
}

impl BlockOverride {
    /// Returns what the posted form was stopped by, where a senior may let it pass.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn from_posted(
        visitor: &Visitor,
        at_till: &TillContext,
        posted: Option<&FormState>,
    ) -> Result<Option<Self>, Error> {
        let Some(PageStep::Sale(step)) = posted.map(|posted| &posted.step) else {
            return Ok(None);
        };
        let SaleAct::Stopped { by_card, senior } = &step.act else {
            return Ok(None);
        };
        Ok(Some(Self {
            sale: step.sale.clone(),
            by_card: by_card.clone(),
            chosen: senior.clone(),
            seniors: staff::list_seniors(&visitor.kopilka, at_till.till.store_id).await?,
        }))
    }

    /// Returns the id of the senior who was chosen, or who is the only one; empty: nobody yet.
    fn chosen_senior(&self) -> String {
        match self.seniors.as_slice() {
            [only] if self.chosen.is_empty() => only.id.to_string(),
            _ => self.chosen.clone(),
        }
    }
}

/// Form with which a senior lets the visit pass.
#[component]
pub fn BlockOverrideForm(
    /// Words in the language of the page.
    texts: Texts,
    /// The visit that was stopped.
    block_override: BlockOverride,
) -> impl IntoView {
    let form = RenderedForm::for_endpoint("till/lift");
    if block_override.seniors.is_empty() {
        return ().into_any();
    }
    let chosen = block_override.chosen_senior();
    let known = !chosen.is_empty();
    let by_card = block_override.by_card.map(|token| ("by_card", token));
    let kept = block_override
        .sale
        .fields()
        .into_iter()
        .chain(by_card)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <section class="panel lift" aria-labelledby="lift-h">
            <header>
                <h2 id="lift-h">{texts.get("radar-lift")}</h2>
                <p>{texts.get("radar-lift-lead")}</p>
            </header>
            <form class="form" method="post" action="/api/till/lift" novalidate>
                {kept}
                <People
                    people=block_override.seniors
                    name="who"
                    label=texts.get("radar-senior")
                    chosen
                    autofocus=false
                />
                <TextField
                    texts
                    form
                    name="pin"
                    label=texts.get("radar-senior-pin")
                    kind="password"
                    inputmode="numeric"
                    class="pin"
                    maxlength=8
                    required=true
                    autofocus=known
                />
                <button class="btn">{texts.get("radar-lift-now")}</button>
            </form>
        </section>
    }
    .into_any()
}
