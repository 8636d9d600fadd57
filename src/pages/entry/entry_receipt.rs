//! The receipt behind a movement: its lines, the offers that it used and those that it did not, each with the reason.
//! Offers for stores only and offers for other members are never named.

use std::collections::HashSet;
use std::sync::Arc;

use kopilka_core::domain::evaluate::{LineResult, MissedOffer, UsedOffer};
use kopilka_core::domain::offers::UnmetCondition;
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::receipt::ReceiptLine;
use leptos::prelude::*;

use crate::components::{Icon, movement, sentence};
use crate::text::{Texts, format};

/// Lines with what each cost and earned; of goods that went back, what each had cost.
#[component]
pub fn ReceiptLines(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Lines in the order of the receipt.
    lines: Vec<(ReceiptLine, LineResult)>,
    /// True: the goods went back.
    returned: bool,
) -> impl IntoView {
    let columns = [
        ("line-name", false),
        ("line-quantity", false),
        ("line-amount", true),
        ("nav-points", true),
    ]
    .into_iter()
    .filter(|(key, _)| !returned || *key != "nav-points")
    .map(|(key, number)| {
        view! {
            <th class=number.then_some("num") scope="col" role="columnheader">
                {texts.get(key)}
            </th>
        }
    });
    let title = if returned {
        "lines-returned"
    } else {
        "sum-receipt"
    };
    view! {
        <section class="panel" aria-labelledby="lines">
            <header>
                <h2 id="lines">{texts.get(title)}</h2>
            </header>
            <table class="fold" role="table">
                <caption class="vh">{texts.get("lines-caption")}</caption>
                <thead role="rowgroup">
                    <tr role="row">{columns.collect_view()}</tr>
                </thead>
                <tbody role="rowgroup">
                    {lines
                        .into_iter()
                        .map(|(line, result)| line_row(texts, &programme, line, result, returned))
                        .collect_view()}
                </tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line_row(
    texts: Texts,
    programme: &Programme,
    line: ReceiptLine,
    result: LineResult,
    returned: bool,
) -> impl IntoView + use<> {
    let language = texts.language();
    let name = [line.name, line.sku]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| texts.get("line-unnamed"));
    let discount = result.discount.is_positive().then(|| {
        let shown = texts.money_text(result.discount, programme);
        texts.with_values("line-discount", &[("money", shown.into())])
    });
    let points = if result.earned.is_positive() {
        format!("+{}", texts.points_text(result.earned))
    } else {
        texts.get("line-no-points")
    };
    view! {
        <tr role="row">
            <th class="what" scope="row" role="rowheader">
                {name}
                {discount.map(|words| view! { <small>{words}</small> })}
            </th>
            <td class="meta" role="cell">
                {line
                    .quantity
                    .is_positive()
                    .then(|| format!("× {}", format::format_quantity(line.quantity, language)))}
            </td>
            <td class="num" role="cell">
                {texts.money_text(line.amount - result.discount, programme)}
            </td>
            {(!returned)
                .then(|| {
                    view! {
                        <td class="meta num" role="cell">
                            {points}
                        </td>
                    }
                })}
        </tr>
    }
}

/// Offers that the receipt used and what each gave.
#[component]
pub fn OffersUsed(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Offers in the order of the receipt.
    used: Vec<UsedOffer>,
    /// Those that are not named.
    unnamed: HashSet<String>,
) -> impl IntoView {
    let items: Vec<AnyView> = used
        .into_iter()
        .filter(|used| !unnamed.contains(&used.offer))
        .map(|used| {
            let gift = used.gift.as_deref().map(|id| match programme.gift(id) {
                Some(gift) => texts.pick_language(&gift.name),
                None => texts.get("benefit-gift"),
            });
            let gave: Vec<String> = [
                used.points
                    .is_positive()
                    .then(|| format!("+{}", texts.points_text(used.points))),
                used.discount
                    .is_positive()
                    .then(|| format!("−{}", texts.money_text(used.discount, &programme))),
                gift,
            ]
            .into_iter()
            .flatten()
            .collect();
            offer_item(
                sentence(&texts.pick_language(&used.title)),
                gave.join(" · "),
            )
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="panel" aria-labelledby="used">
            <header>
                <h2 id="used">{texts.get("offers-used")}</h2>
            </header>
            <ul class="list">{items}</ul>
        </section>
    }
    .into_any()
}

/// Offers that the receipt did not use and why, folded away.
#[component]
pub fn OffersMissed(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// Offers in the order of the receipt.
    missed: Vec<MissedOffer>,
    /// Those that are not named.
    unnamed: HashSet<String>,
) -> impl IntoView {
    let items: Vec<AnyView> = missed
        .into_iter()
        .filter(|missed| !unnamed.contains(&missed.offer))
        .filter(|missed| !missed.misses.iter().any(UnmetCondition::is_for_others))
        .map(|missed| {
            let why: Vec<String> = missed
                .misses
                .iter()
                .map(|miss| movement::unmet_reason(texts, miss, &programme, &unnamed))
                .collect();
            offer_item(
                sentence(&texts.pick_language(&missed.title)),
                why.join(" · "),
            )
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    let heading = format!("{} · {}", texts.get("offers-missed"), items.len());
    view! {
        <details class="panel">
            <summary>{heading}</summary>
            <ul class="list">{items}</ul>
        </details>
    }
    .into_any()
}

fn offer_item(title: String, words: String) -> AnyView {
    view! {
        <li>
            <Icon name="tag" />
            <p>{title} <span class="meta">{words}</span></p>
        </li>
    }
    .into_any()
}
