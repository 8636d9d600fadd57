//! Until when a tier holds; in grace, what keeps it. Nothing for a tier that nobody loses.

use std::sync::Arc;

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::programme::{Programme, TierMeasure};
use kopilka_core::usecases::loyalty::tiers::{MemberTierView, TierLossNotice};
use leptos::prelude::*;

use super::Icon;
use crate::text::{Texts, format};

/// One line about how long the tier holds.
#[component]
pub fn Holding(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The tier.
    tier: MemberTierView,
) -> impl IntoView {
    let until = tier.holds_until?;
    let programme = &programme;
    let zone = programme.time_zone;
    let name = texts.pick_language(&tier.name);
    Some(match tier.notice {
        Some(TierLossNotice { missing, until }) if missing > 0 => {
            let amount = match tier.measure {
                TierMeasure::Spent => texts.money_text(Money(missing), programme),
                TierMeasure::Earned => texts.points_text(Points(missing)),
            };
            let words = texts.keep_tier(tier.measure, &tier.name, amount, until, zone);
            view! {
                <div class="note" data-tone="warn">
                    <Icon name="triangle-alert" />
                    <p>{words}</p>
                </div>
            }
            .into_any()
        }
        Some(_) => {
            let words = texts.with_values("card-tier-enough", &[("tier", name.into())]);
            view! { <p class="meta">{words}</p> }.into_any()
        }
        None => {
            // It holds through the day before.
            let date = format::format_day(until.plus_secs(-1), zone, texts.language());
            let words = texts.with_values(
                "card-tier-until",
                &[("tier", name.into()), ("date", date.into())],
            );
            view! { <p class="meta">{words}</p> }.into_any()
        }
    })
}
