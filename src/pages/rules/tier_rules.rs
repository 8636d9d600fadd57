//! Levels: where each begins, what it gives, and how it is lost.

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::programme::{Programme, Tier, TierDowngrade, TierMeasure};
use leptos::prelude::*;

use crate::text::{Texts, format};

/// The table of levels; the reader's own is marked.
pub fn tiers_panel(
    texts: Texts,
    programme: &Programme,
    own: Option<&str>,
) -> impl IntoView + use<> {
    let rules = &programme.tier_rules;
    let counted = match rules.measure {
        TierMeasure::Spent => "rules-tiers-spent",
        TierMeasure::Earned => "rules-tiers-earned",
    };
    let down = match rules.downgrade {
        TierDowngrade::None => texts.get("rules-tiers-kept"),
        TierDowngrade::OneStep => {
            texts.with_count("rules-tiers-down-one", i64::from(rules.grace_days))
        }
        TierDowngrade::Full => {
            texts.with_count("rules-tiers-down-full", i64::from(rules.grace_days))
        }
    };
    let days = i64::from(rules.window_days);
    let holds = (rules.downgrade != TierDowngrade::None)
        .then(|| format!("{} ", texts.with_count("rules-tiers-holds", days)));
    let rows = programme
        .tiers
        .iter()
        .map(|tier| tier_row(texts, programme, tier, own == Some(tier.id.as_str())).into_any())
        .collect::<Vec<_>>();
    view! {
        <section class="panel" id="tiers" aria-labelledby="tiers-title">
            <header>
                <h2 id="tiers-title">{texts.get("rules-tiers")}</h2>
                <p>{texts.with_count(counted, i64::from(rules.window_days))}</p>
            </header>
            <table class="fold" role="table">
                <caption class="vh">{texts.get("rules-tiers-caption")}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">{texts.get("rules-tier")}</th>
                        <th scope="col" role="columnheader">{texts.get("rules-tier-from")}</th>
                        <th scope="col" role="columnheader">{texts.get("rules-tier-perks")}</th>
                        <th class="num" scope="col" role="columnheader">
                            {texts.get("rules-tier-rate")}
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
            <p class="hint">{texts.get("rules-tiers-up")} " " {holds} {down}</p>
        </section>
    }
}

fn tier_row(texts: Texts, programme: &Programme, tier: &Tier, own: bool) -> impl IntoView + use<> {
    let language = texts.language();
    let from = if tier.threshold == 0 {
        texts.get("rules-tier-first")
    } else {
        let threshold = match programme.tier_rules.measure {
            TierMeasure::Spent => texts.money_text(Money(tier.threshold), programme),
            TierMeasure::Earned => texts.points_text(Points(tier.threshold)),
        };
        texts.with_values("rules-tier-from-money", &[("money", threshold.into())])
    };
    let discount = tier.discount.map(|rate| {
        texts.with_values(
            "rules-tier-discount",
            &[("rate", format::format_percent(rate, language).into())],
        )
    });
    let perks: Vec<String> = discount
        .into_iter()
        .chain(tier.perks.iter().map(|perk| texts.pick_language(perk)))
        .collect();
    view! {
        <tr role="row">
            <th class="what" scope="row" role="rowheader">
                {texts.pick_language(&tier.name)}
                {own.then(|| {
                    view! {
                        " "
                        <span class="tag" data-tone="brand">
                            {texts.get("rules-tier-yours")}
                        </span>
                    }
                })}
            </th>
            <td class="meta" role="cell">
                {from}
            </td>
            <td class="meta" role="cell">
                {perks.join(" · ")}
            </td>
            <td class="num" role="cell">
                {format::format_percent(tier.rate, language)}
            </td>
        </tr>
    }
}
