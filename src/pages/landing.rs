//! First page for guests: what the programme gives, in the numbers of the rules in force, and the two ways in.

use std::sync::Arc;

use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::programme::{Programme, Tier};
use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::api::preferences;
use crate::components::{FormErrors, Icon, Solo, page_loading, sentence};
use crate::text::{Texts, format};

/// Points on the sample card of the picture.
const SAMPLE: i64 = 1_240;

/// The first page of a guest; who is signed in goes on to the card.
#[component]
pub fn Landing() -> impl IntoView {
    let Some(visitor) = page_loading::require_guest() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let programme = Arc::clone(&visitor.rules.programme);
    let refused = preferences::ENDPOINTS.map(RenderedForm::for_endpoint);
    let tagline = sentence(&texts.pick_language(&programme.tagline));
    view! {
        <Solo title=texts.get("landing-title") class="landing">
            {refused.map(|form| view! { <FormErrors form /> }).collect_view()}
            <div class="promise">
                <div class="fan" aria-hidden="true">
                    {tier_cards(texts, &programme)}
                </div>
                <h1>{tagline}</h1>
                <p>{texts.get("landing-text")}</p>
                <div class="actions">
                    <a class="btn" href="/join">
                        {texts.get("landing-join")}
                    </a>
                    <a class="btn quiet" href="/sign-in">
                        {texts.get("landing-have")}
                    </a>
                </div>
            </div>
            <ul class="gains">
                {member_benefits(texts, &programme)
                    .into_iter()
                    .map(|(icon, title, text)| {
                        view! {
                            <li class="panel">
                                <Icon name=icon />
                                <h2>{title}</h2>
                                <p>{text}</p>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </Solo>
    }
    .into_any()
}

/// Up to three cards of the programme's levels, the first level in front.
fn tier_cards(texts: Texts, programme: &Programme) -> Vec<AnyView> {
    let tiers: Vec<&Tier> = programme.tiers.iter().take(3).collect();
    let front = programme.tiers.first();
    tiers
        .into_iter()
        .rev()
        .map(|tier| {
            let chain = texts.pick_language(&programme.name);
            view! {
                <div class="card face" data-material=tier.material.clone()>
                    <span>
                        <span>{chain}</span>
                        <span>{texts.pick_language(&tier.name)}</span>
                    </span>
                    {(tier.id == front.id)
                        .then(|| {
                            view! {
                                <span class="card-balance">
                                    <data value=SAMPLE.to_string()>
                                        {format::format_number(SAMPLE, texts.language())}
                                    </data>
                                    " "
                                    {texts.with_count("points-noun", SAMPLE)}
                                </span>
                            }
                        })}
                    <span>
                        <span>{(tier.id == front.id).then(|| texts.get("landing-sample"))}</span>
                        <span>{(tier.id == front.id).then_some("··· 7897")}</span>
                    </span>
                </div>
            }
            .into_any()
        })
        .collect()
}

/// Icon, heading and sentence of what a member gains.
fn member_benefits(texts: Texts, programme: &Programme) -> [(&'static str, String, String); 3] {
    let language = texts.language();
    let best = programme.tiers.iter().map(|tier| tier.rate).max();
    let rate = format::format_percent(best.unwrap_or(programme.tiers.first().rate), language);
    let share = format::format_percent(programme.spend.max_share, language);
    let worth = texts.with_values(
        "gain-rate-text",
        &[
            ("point", texts.points_text(Points(1)).into()),
            (
                "money",
                texts.money_text(programme.points.value, programme).into(),
            ),
            ("share", share.into()),
        ],
    );
    [
        (
            "coins",
            texts.with_values("gain-rate", &[("rate", rate.into())]),
            worth,
        ),
        (
            "tag",
            texts.get("gain-offers"),
            texts.get("gain-offers-text"),
        ),
        (
            "shield-check",
            texts.get("gain-control"),
            texts.get("gain-control-text"),
        ),
    ]
}
