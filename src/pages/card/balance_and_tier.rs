//! The numbers beside the code, each explained: what can be spent, what waits, what expires, what is owed, and the way
//! to the next tier.

use std::sync::Arc;

use chrono_tz::Tz;
use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::programme::{Programme, TierMeasure};
use kopilka_core::usecases::loyalty::tiers::MemberTierView;
use kopilka_core::usecases::wallet::card::WalletCardView;
use leptos::prelude::*;

use crate::components::Holding;
use crate::text::{Texts, format};

/// The balance and its parts.
#[component]
pub fn Balance(
    /// Words in the language of the page.
    texts: Texts,
    /// Time zone of the programme.
    zone: Tz,
    /// The card.
    card: WalletCardView,
) -> impl IntoView {
    let language = texts.language();
    let balance = card.balance;
    let number = |points: Points| format::format_number(points.0, language);
    let fresh = balance.active.0 == 0
        && balance.pending.0 == 0
        && balance.debt.0 == 0
        && card.tier.measured == 0;
    let (expiring, when) = match balance.next_expiry {
        // The last day on which they pay; the instant itself is the start of the day after.
        Some((points, at)) => (
            number(points),
            texts.near_date(at.plus_secs(-1), card.at, zone),
        ),
        None => (number(Points(0)), texts.get("card-nothing-expires")),
    };
    Some(view! {
        <section class="panel" aria-labelledby="balance">
            <header>
                <h2 id="balance">{texts.get("card-points")}</h2>
                <a href="/points">{texts.get("card-history")}</a>
            </header>
            <dl class="facts">
                <div>
                    <dt>{texts.get("card-active")}</dt>
                    <dd>
                        <span data-live="active">{number(balance.active)}</span>
                        <small data-live="noun">{texts.with_count("points-noun", balance.active.0)}</small>
                    </dd>
                </div>
                <div>
                    <dt>{texts.get("card-pending")}</dt>
                    <dd>
                        <span data-live="pending">{number(balance.pending)}</span>
                        <small>{texts.with_count("points-noun", balance.pending.0)}</small>
                    </dd>
                </div>
                <div>
                    <dt>{texts.get("card-expiring")}</dt>
                    <dd>{expiring} <small>{when}</small></dd>
                </div>
                {(balance.debt.0 > 0)
                    .then(|| {
                        view! {
                            <div>
                                <dt>{texts.get("card-owed")}</dt>
                                <dd class="debt">
                                    {number(balance.debt)} <small>{texts.get("card-owed-hint")}</small>
                                </dd>
                            </div>
                        }
                    })}
            </dl>
            {fresh.then(|| view! { <p class="meta">{texts.get("card-first-visit")}</p> })}
        </section>
    })
}

/// The tier and the way to the next.
#[component]
pub fn Tier(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The tier.
    tier: MemberTierView,
) -> impl IntoView {
    let rate = format::format_percent(tier.rate, texts.language());
    let window = texts.with_count("card-tier-window", i64::from(tier.window_days));
    Some(view! {
        <section class="panel" aria-labelledby="tier">
            <header>
                <h2 id="tier">{texts.pick_language(&tier.name)}</h2>
                <span class="tag" data-tone="brand">
                    {texts.with_values("card-rate", &[("rate", rate.into())])}
                </span>
            </header>
            {next_tier_note(texts, &programme, &tier)}
            <p class="meta">{window}</p>
            <Holding texts programme tier />
        </section>
    })
}

fn next_tier_note(texts: Texts, programme: &Programme, tier: &MemberTierView) -> AnyView {
    let Some(next) = &tier.next else {
        return view! { <p>{texts.get("card-tier-top")}</p> }.into_any();
    };
    let amount = |value| match tier.measure {
        TierMeasure::Spent => texts.money_text(Money(value), programme),
        TierMeasure::Earned => texts.points_text(Points(value)),
    };
    let name = texts.pick_language(&next.name);
    let label = texts.with_values("card-tier-way", &[("tier", name.clone().into())]);
    let said = texts.with_values(
        "card-tier-gone",
        &[
            ("gone", amount(tier.measured).into()),
            ("whole", amount(next.threshold).into()),
        ],
    );
    let missing = texts.with_values(
        "card-tier-missing",
        &[
            ("tier", name.into()),
            ("missing", amount(next.missing).into()),
        ],
    );
    view! {
        <progress
            max=next.threshold.to_string()
            value=tier.measured.clamp(0, next.threshold).to_string()
            aria-label=label
            aria-valuetext=said
        ></progress>
        <p>{missing}</p>
    }
    .into_any()
}
